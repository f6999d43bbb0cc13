//! What the operator says, through the program itself.

use std::process::Command;
use std::time::Instant;

use axum::http::header;
use domain::api_keys::KeyKind;
use testkit::each;

use crate::client::Sent;
use crate::dashboard::{Program, launch_with};
use crate::letterbox::Letterbox;

/// What cannot be a limit keeps the program from starting, in one sentence that names the variable, before anything is
/// written.
#[test]
fn what_is_no_limit_is_refused() {
    let rate = |per: &str| format!("TOGGLEBIT_RATE_PER_{per}");
    let burst = |per: &str| format!("TOGGLEBIT_BURST_PER_{per}");
    for per in ["KEY", "ORGANIZATION", "ADDRESS"] {
        for (name, values) in [
            (rate(per), ["abc", "-1", "1.5", "", "1000000001", "99999999999999999999"]),
            (burst(per), ["abc", "-1", "1.5", "", "1000000001", "0"]),
        ] {
            for value in values {
                refused(&name, &[(&rate(per), "10"), (&name, value)]);
            }
        }
        refused(&burst(per), &[(&rate(per), "0"), (&burst(per), "10")]);
    }
}

/// Starts the program with variables of which one cannot be used.
pub(crate) fn refused(name: &str, variables: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_togglebit"))
        .env_clear()
        // Any free port: it is not reached, unless the program starts after all.
        .env("TOGGLEBIT_ADDR", "127.0.0.1:0")
        .env("TOGGLEBIT_DATA_DIR", folder.path().join("data"))
        .env("LEPTOS_SITE_ROOT", folder.path().join("site"))
        .env("LEPTOS_OUTPUT_NAME", "togglebit")
        .envs(variables.iter().copied())
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{variables:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{variables:?}: {said}");
    assert!(said.starts_with("togglebit: ") && said.contains(name), "{variables:?}: {said}");
    assert!(!said.contains("secret"), "{said}");
    assert!(!folder.path().join("data").exists(), "{variables:?}");
}

/// The keys of an organization ask together as often as the operator says.
#[tokio::test]
async fn the_limit_of_organizations_takes_effect() {
    each(async |kit| {
        let workspace = kit.workspace().await;
        let keys = [
            workspace.api_key("dev", KeyKind::Server).await,
            workspace.api_key("prod", KeyKind::Server).await,
        ];
        kit.database.database.clone().close().await.unwrap();
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let variables = [("TOGGLEBIT_RATE_PER_ORGANIZATION", "1"), ("TOGGLEBIT_BURST_PER_ORGANIZATION", "5")];
        let (program, client) = launch_with(&kit.database.url, folder.path(), &letterbox, "warn", &variables);
        let _program = Program(program);
        let ask = Sent { method: "GET", path: "/api/v1/eval/flags".into(), ..Sent::default() };
        let (start, mut admitted, mut refused) = (Instant::now(), 0, 0);
        for key in keys.iter().cycle().take(20) {
            let authorization = [(header::AUTHORIZATION, format!("Bearer {key}"))];
            let answer = client.send(&ask, None, &authorization).await;
            assert_eq!(answer.headers["x-ratelimit-limit"], "5");
            match answer.status.as_u16() {
                200 => admitted += 1,
                status => {
                    assert_eq!(status, 429, "{answer:?}");
                    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
                    refused += 1;
                }
            }
        }
        let most = 5 + 1 + start.elapsed().as_secs();
        assert!((5..=most).contains(&admitted) && admitted + refused == 20, "{admitted} and {refused}");
    })
    .await;
}
