//! What must not be seen is not seen.

use std::error::Error;

use identity::{Callback, Failure};
use serde_json::json;

use crate::kit::Kit;
use crate::mock::{CLIENT_SECRET, Instead};

/// Everything that a log could get of a failure.
fn everything(failure: &Failure) -> String {
    let chain = std::iter::successors(Some(failure as &dyn Error), |&error| error.source());
    chain.map(|error| format!("{error} {error:?} ")).collect()
}

#[tokio::test]
async fn debugging_shows_no_secret() {
    let kit = Kit::oidc().await;
    let begun = kit.provider().begin().await.unwrap();
    let kept = serde_json::to_value(&begun.pending).unwrap();
    let callback = kit.mock.consent(&begun.redirect_to);
    let code = callback.code.clone().unwrap();
    let shown = format!("{:?} {begun:?} {callback:?}", kit.providers);
    for secret in [CLIENT_SECRET, &code] {
        assert!(!shown.contains(secret), "{shown}");
    }
    for field in ["state", "verifier", "nonce"] {
        assert!(!shown.contains(kept[field].as_str().unwrap()), "{field} in {shown}");
    }
}

#[tokio::test]
async fn failures_repeat_nothing_that_a_provider_sent() {
    const LEAK: &str = "leak-4711";
    let kit = Kit::oidc().await;
    let answers = [
        Instead::json(200, &json!({ "access_token": { "x": LEAK } })),
        Instead::json(200, &json!({ "access_token": LEAK, "token_type": 5 })),
        Instead::json(
            400,
            &json!({ "error": "invalid_grant", "error_description": LEAK, "error_uri": LEAK }),
        ),
        Instead::json(400, &json!({ "error": LEAK })),
        Instead::Answer { status: 400, headers: Vec::new(), body: LEAK.to_owned() },
        Instead::Answer {
            status: 200,
            headers: vec![("content-type", LEAK.to_owned())],
            body: LEAK.to_owned(),
        },
        Instead::redirect(302, LEAK),
        Instead::json(200, &json!({ "access_token": LEAK, "token_type": "bearer", "id_token": LEAK })),
        Instead::json(
            200,
            &json!({ "access_token": format!("{LEAK}\n"), "token_type": "bearer", "id_token": "a.b.c" }),
        ),
    ];
    for (place, answer) in answers.into_iter().enumerate() {
        kit.mock.world().instead.insert("/token", answer);
        let (pending, callback) = kit.consent().await;
        let code = callback.code.clone().unwrap();
        let failure = kit.provider().complete(pending, callback).await.unwrap_err();
        let shown = everything(&failure);
        for secret in [LEAK, &code, CLIENT_SECRET] {
            assert!(!shown.contains(secret), "{place}: {shown}");
        }
    }
}

#[tokio::test]
async fn failures_repeat_nothing_of_a_callback() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let described = Callback {
        error: Some("invalid_scope".to_owned()),
        error_description: Some("leak-4711".to_owned()),
        iss: Some(kit.mock.url.clone()),
        ..callback
    };
    let failure = kit.provider().complete(pending, described).await.unwrap_err();
    assert!(everything(&failure).contains("invalid_scope"));
    assert!(!everything(&failure).contains("leak-4711"));
}
