//! Redeeming the code.

use identity::{BadAnswer, Callback, Failure, Outage, ProviderConfig, Refusal, Step};
use serde_json::{Value, json};

use crate::kit::{Kit, copy, with};
use crate::mock::{CLIENT_ID, Instead, Mock};

const SHORT_OF_A_TOKEN: Failure = Failure::BadAnswer(BadAnswer::Unreadable(Step::Token));

fn code_refused(result: &Result<identity::Identity, Failure>) -> bool {
    matches!(result, Err(Failure::Refused(Refusal::Code(code))) if code.as_str() == "invalid_grant")
}

#[tokio::test]
async fn a_code_that_is_replayed() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let again =
        Callback { code: callback.code.clone(), state: callback.state.clone(), ..Callback::default() };
    assert!(kit.provider().complete(copy(&pending), callback).await.is_ok());
    let result = kit.provider().complete(pending, again).await;
    assert!(code_refused(&result), "{result:?}");
}

#[tokio::test]
async fn a_code_that_was_given_to_another_browser() {
    let kit = Kit::oidc().await;
    let (mine, callback) = kit.consent().await;
    let (_, theirs) = kit.consent().await;
    let injected = Callback { code: theirs.code, ..callback };
    let result = kit.provider().complete(mine, injected).await;
    assert!(code_refused(&result), "the provider compares the proof keys: {result:?}");
}

#[tokio::test]
async fn a_proof_key_that_is_wrong() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let result = kit.provider().complete(with(&pending, "verifier", "x".repeat(43)), callback).await;
    assert!(code_refused(&result), "{result:?}");
}

#[tokio::test]
async fn a_client_that_the_provider_does_not_know() {
    let mock = Mock::start().await;
    let config = ProviderConfig::oidc("sso", "Example", &mock.url, CLIENT_ID, "another secret");
    let kit = Kit::new(mock, config);
    let failure = kit.sign_in().await.unwrap_err();
    let Failure::Refused(Refusal::Client(code)) = failure else { panic!("{failure:?}") };
    assert_eq!(code.as_str(), "invalid_client");
}

#[tokio::test]
async fn other_refusals() {
    let kit = Kit::oidc().await;
    for (status, error) in [(400, "unsupported_grant_type"), (403, "slow_down"), (200, "invalid_scope")] {
        kit.mock.world().instead.insert("/token", Instead::json(status, &json!({ "error": error })));
        let failure = kit.sign_in().await.unwrap_err();
        let Failure::Refused(Refusal::Other(code)) = failure else { panic!("{failure:?}") };
        assert_eq!(code.as_str(), error);
    }
}

#[tokio::test]
async fn an_answer_without_an_id_token() {
    let kit = Kit::oidc().await;
    let answer = json!({ "access_token": "access-token-1", "token_type": "Bearer" });
    kit.mock.world().instead.insert("/token", Instead::json(200, &answer));
    assert_eq!(kit.sign_in().await, Err(Failure::BadAnswer(BadAnswer::NoIdToken)));
}

#[tokio::test]
async fn answers_that_are_none() {
    let kit = Kit::oidc().await;
    let html = vec![("content-type", "text/html".to_owned())];
    let answers = [
        Instead::Answer { status: 200, headers: html.clone(), body: "<h1>Welcome</h1>".to_owned() },
        Instead::Answer { status: 400, headers: html, body: "<h1>Bad request</h1>".to_owned() },
        Instead::status(401),
        Instead::status(200),
        Instead::json(200, &json!({ "access_token": 7 })),
        Instead::json(200, &Value::Null),
    ];
    for answer in answers {
        kit.mock.world().instead.insert("/token", answer);
        assert_eq!(kit.sign_in().await, Err(SHORT_OF_A_TOKEN));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let kit = Kit::oidc().await;
    for status in [301, 302, 303, 307, 308] {
        kit.mock.world().instead.insert("/token", Instead::redirect(status, "/elsewhere"));
        assert_eq!(
            kit.sign_in().await,
            Err(Failure::BadAnswer(BadAnswer::Redirect(Step::Token))),
            "{status}"
        );
    }
    assert_eq!(kit.mock.count("/elsewhere"), 0);
}

#[tokio::test]
async fn a_provider_in_trouble() {
    let kit = Kit::oidc().await;
    for status in [429, 500, 502, 503] {
        // A provider that is in trouble has not judged the code, whatever it says.
        kit.mock
            .world()
            .instead
            .insert("/token", Instead::json(status, &json!({ "error": "invalid_grant" })));
        let expected = Failure::Unreachable(Outage::Status { step: Step::Token, status });
        assert_eq!(kit.sign_in().await, Err(expected));
    }
}
