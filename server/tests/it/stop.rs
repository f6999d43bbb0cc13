//! The program is told to stop: what it counted is written down.

use std::process::Command;

use axum::http::header;
use domain::api_keys::KeyKind;
use testkit::each;

use crate::client::Sent;
use crate::dashboard::launch;
use crate::letterbox::Letterbox;

#[tokio::test]
async fn what_was_counted_outlives_sigterm() {
    each(async |mut kit| {
        let workspace = kit.workspace().await;
        workspace.flag("menu").await;
        let key = workspace.api_key("dev", KeyKind::Server).await;
        kit.database.database.clone().close().await.unwrap();
        let (folder, letterbox) = (tempfile::tempdir().unwrap(), Letterbox::open());
        let (mut program, client) = launch(&kit.database.url, folder.path(), &letterbox, "warn");
        let authorization = [(header::AUTHORIZATION, format!("Bearer {key}"))];
        let ask = Sent { method: "GET", path: "/api/v1/eval/flags/menu?userId=u".into(), ..Sent::default() };
        for _ in 0..100 {
            assert_eq!(client.send(&ask, None, &authorization).await.status, 200);
        }
        let body = r#"{"evaluations":[{"flag":"menu","variation":"on","count":1000}],"attributes":["plan"]}"#;
        let report =
            Sent { method: "POST", path: "/api/v1/events".into(), body: body.into(), ..Sent::default() };
        assert_eq!(client.send(&report, None, &authorization).await.status, 202);
        // A connection that is kept open would be waited for.
        drop(client);

        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", program.id())]).status().unwrap();
        assert!(told.success());
        assert!(program.wait().unwrap().success(), "it did not end well");
        kit.database.database = kit.database.connect_again().await;
        for (what, count) in [
            ("SUM(count) AS BIGINT) FROM usage_hour", 1100),
            ("SUM(served) AS BIGINT) FROM usage_month", 100),
            ("SUM(reported) AS BIGINT) FROM usage_month", 1000),
            ("COUNT(evaluated_at) AS BIGINT) FROM flag_use WHERE flag = 'menu'", 2),
            ("COUNT(*) AS BIGINT) FROM context_attribute WHERE name IN ('plan', 'userId')", 2),
        ] {
            assert_eq!(kit.database.number(&format!("SELECT CAST({what}")).await, count, "{what}");
        }
    })
    .await;
}
