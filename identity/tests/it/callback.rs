//! What the browser brings back.

use identity::{BadAnswer, Callback, Failure, Outage, Refusal};
use serde_json::json;

use crate::kit::{Kit, MINUTE, copy, with};

fn error(callback: Callback, error: &str) -> Callback {
    Callback {
        code: None,
        error: Some(error.to_owned()),
        error_description: Some("why".to_owned()),
        ..callback
    }
}

#[tokio::test]
async fn consent_that_is_denied() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let result = kit.provider().complete(pending, error(callback, "access_denied")).await;
    assert_eq!(result, Err(Failure::Denied));
    assert_eq!(kit.mock.count("/token"), 0);
}

#[tokio::test]
async fn a_state_that_is_wrong_or_missing() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let right = callback.state.clone().unwrap();
    let wrong =
        [None, Some(String::new()), Some("x".to_owned()), Some(right[1..].to_owned()), Some(right + "x")];
    for state in wrong {
        let callback = Callback { code: callback.code.clone(), state, ..Callback::default() };
        assert_eq!(kit.provider().complete(copy(&pending), callback).await, Err(Failure::State));
    }
    assert_eq!(kit.mock.count("/token"), 0, "the code was not redeemed");
}

#[tokio::test]
async fn the_state_of_another_browser() {
    let kit = Kit::oidc().await;
    let (mine, _) = kit.consent().await;
    let (_, theirs) = kit.consent().await;
    assert_eq!(kit.provider().complete(mine, theirs).await, Err(Failure::State));
    assert_eq!(kit.mock.count("/token"), 0);
}

#[tokio::test]
async fn an_error_is_not_believed_before_the_state() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let forged = Callback { state: Some("forged".to_owned()), ..error(callback, "access_denied") };
    assert_eq!(kit.provider().complete(pending, forged).await, Err(Failure::State));
}

#[tokio::test]
async fn a_sign_in_that_was_begun_with_another_provider() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    let pending = with(&pending, "provider", "google");
    assert_eq!(kit.provider().complete(pending, callback).await, Err(Failure::State));
    assert_eq!(kit.mock.count("/token"), 0);
}

#[tokio::test]
async fn ten_minutes_are_enough_and_no_more() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    kit.pass(10 * MINUTE);
    assert!(kit.provider().complete(pending, callback).await.is_ok());
    let (pending, callback) = kit.consent().await;
    kit.pass(10 * MINUTE + 1);
    assert_eq!(kit.provider().complete(pending, callback).await, Err(Failure::Expired));
    assert_eq!(kit.mock.count("/token"), 1);
}

#[tokio::test]
async fn a_sign_in_from_the_future() {
    let kit = Kit::oidc().await;
    let (pending, callback) = kit.consent().await;
    kit.pass(-MINUTE);
    assert!(
        kit.provider().complete(pending, callback).await.is_ok(),
        "another process may be a little behind"
    );
    let (pending, callback) = kit.consent().await;
    kit.pass(-MINUTE - 1);
    assert_eq!(kit.provider().complete(pending, callback).await, Err(Failure::Expired));
}

#[tokio::test]
async fn errors_of_the_provider() {
    let kit = Kit::oidc().await;
    let expected = |name: &str, failure: &Failure| match (name, failure) {
        ("server_error" | "temporarily_unavailable", Failure::Unreachable(Outage::Reported(code)))
        | ("unauthorized_client", Failure::Refused(Refusal::Client(code)))
        | ("invalid_scope" | "login_required", Failure::Refused(Refusal::Other(code))) => {
            code.as_str() == name
        }
        _ => false,
    };
    let names =
        ["server_error", "temporarily_unavailable", "unauthorized_client", "invalid_scope", "login_required"];
    for name in names {
        let (pending, callback) = kit.consent().await;
        let failure = kit.provider().complete(pending, error(callback, name)).await.unwrap_err();
        assert!(expected(name, &failure), "{name}: {failure:?}");
    }
}

#[tokio::test]
async fn an_error_that_is_no_error_code_is_not_repeated() {
    let kit = Kit::oidc().await;
    for text in ["<script>", "Denied", "", &"x".repeat(41), "a\nb"] {
        let (pending, callback) = kit.consent().await;
        let failure = kit.provider().complete(pending, error(callback, text)).await.unwrap_err();
        let Failure::Refused(Refusal::Other(code)) = failure else { panic!("{failure:?}") };
        assert_eq!(code.as_str(), "unreadable error code");
    }
}

#[tokio::test]
async fn neither_a_code_nor_an_error() {
    let kit = Kit::oidc().await;
    for code in [None, Some(String::new())] {
        let (pending, callback) = kit.consent().await;
        let result = kit.provider().complete(pending, Callback { code, ..callback }).await;
        assert_eq!(result, Err(Failure::BadAnswer(BadAnswer::NoCode)));
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer() {
    let kit = Kit::oidc().await;
    let url = kit.mock.url.clone();
    for iss in ["https://evil.example.com", "", &format!("{url}/")] {
        let (pending, callback) = kit.consent().await;
        let callback = Callback { iss: Some(iss.to_owned()), ..callback };
        let result = kit.provider().complete(pending, callback).await;
        assert_eq!(result, Err(Failure::BadAnswer(BadAnswer::CallbackIssuer)), "{iss}");
    }
    // Errors too are only believed when they come from the right one.
    let (pending, callback) = kit.consent().await;
    let mixed_up =
        Callback { iss: Some("https://evil.example.com".to_owned()), ..error(callback, "access_denied") };
    let result = kit.provider().complete(pending, mixed_up).await;
    assert_eq!(result, Err(Failure::BadAnswer(BadAnswer::CallbackIssuer)));
    assert_eq!(kit.mock.count("/token"), 0);
}

#[tokio::test]
async fn an_issuer_that_promised_to_say_who_it_is() {
    let kit = Kit::oidc().await;
    kit.mock.world().discovery = json!({ "authorization_response_iss_parameter_supported": true });
    let (pending, callback) = kit.consent().await;
    let named = Callback { iss: Some(kit.mock.url.clone()), ..callback };
    assert!(kit.provider().complete(pending, named).await.is_ok());
    let result = kit.sign_in().await;
    assert_eq!(result, Err(Failure::BadAnswer(BadAnswer::CallbackIssuer)));
}
