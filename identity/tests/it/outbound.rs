//! Providers that are slow, gone or too talkative.

use std::time::Duration;

use identity::{BadAnswer, Failure, Outage, Step};
use serde_json::json;
use tokio::net::TcpListener;

use crate::kit::Kit;
use crate::mock::{CLIENT_ID, CLIENT_SECRET, Instead, Mock};

const PATH: &str = "/.well-known/openid-configuration";

/// What a request for the discovery document fails with.
async fn failure(kit: &Kit) -> Failure {
    kit.provider().begin().await.unwrap_err()
}

fn padded(length: usize) -> Instead {
    let body = " ".repeat(length - 2) + "{}";
    Instead::Answer { status: 200, headers: Vec::new(), body }
}

/// Lets time pass, and everything happen that was waiting for it.
async fn pass(time: Duration) {
    tokio::time::advance(time).await;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_body_may_have_a_mebibyte() {
    let kit = Kit::oidc().await;
    kit.mock.world().instead.insert(PATH, padded(1024 * 1024));
    assert_eq!(failure(&kit).await, Failure::BadAnswer(BadAnswer::Unreadable(Step::Discovery)));
    kit.mock.world().instead.insert(PATH, padded(1024 * 1024 + 1));
    assert_eq!(failure(&kit).await, Failure::BadAnswer(BadAnswer::TooLarge(Step::Discovery)));
}

#[tokio::test]
async fn a_token_too_has_its_limit() {
    let kit = Kit::oidc().await;
    kit.mock.world().instead.insert("/token", padded(1024 * 1024 + 1));
    assert_eq!(kit.sign_in().await, Err(Failure::BadAnswer(BadAnswer::TooLarge(Step::Token))));
}

#[tokio::test]
async fn a_provider_has_ten_seconds() {
    let kit = Kit::oidc().await;
    kit.mock.world().instead.insert(PATH, Instead::Hang);
    let providers = kit.providers.clone();
    let asking = tokio::spawn(async move { providers.get("sso").unwrap().begin().await.map(|_| ()) });
    kit.mock.hanging.notified().await;
    tokio::time::pause();
    pass(Duration::from_millis(9_900)).await;
    assert!(!asking.is_finished());
    pass(Duration::from_millis(200)).await;
    // Waiting for it would let more time pass.
    assert!(asking.is_finished());
    assert_eq!(asking.await.unwrap(), Err(Failure::Unreachable(Outage::TooSlow(Step::Discovery))));
}

#[tokio::test]
async fn nobody_listens() {
    let kit = Kit::oidc().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/token", listener.local_addr().unwrap());
    drop(listener);
    kit.mock.world().discovery = json!({ "token_endpoint": gone });
    let failure = kit.sign_in().await.unwrap_err();
    let Failure::Unreachable(Outage::Connection { step: Step::Token, causes }) = failure else {
        panic!("{failure:?}")
    };
    assert!(causes.contains("Connection refused"), "{causes}");
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer() {
    let kit = Kit::oidc().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    kit.mock.world().discovery = json!({ "token_endpoint": broken });
    let failure = kit.sign_in().await.unwrap_err();
    assert!(
        matches!(failure, Failure::Unreachable(Outage::Connection { step: Step::Token, .. })),
        "{failure:?}"
    );
}

#[tokio::test]
async fn tls_is_spoken_where_the_address_says_so() {
    let mock = Mock::start().await;
    let issuer = mock.url.replace("http:", "https:");
    let kit =
        Kit::new(mock, identity::ProviderConfig::oidc("sso", "Example", issuer, CLIENT_ID, CLIENT_SECRET));
    let failure = failure(&kit).await;
    let Failure::Unreachable(Outage::Connection { step: Step::Discovery, .. }) = failure else {
        panic!("{failure:?}")
    };
    assert_eq!(kit.mock.count(PATH), 0, "nothing went over the wire as it is");
}

#[tokio::test]
async fn redirects_are_followed_nowhere() {
    let kit = Kit::oidc().await;
    for (path, step) in [(PATH, Step::Discovery), ("/keys", Step::Keys), ("/userinfo", Step::User)] {
        let kit = if step == Step::Discovery { &kit } else { &Kit::oidc().await };
        kit.mock.world().claims = json!({ "sub": "ada-1" });
        kit.mock.world().instead.insert(path, Instead::redirect(302, "/elsewhere"));
        let expected = Failure::BadAnswer(BadAnswer::Redirect(step));
        let found = match kit.provider().begin().await {
            Err(failure) => failure,
            Ok(_) => kit.sign_in().await.unwrap_err(),
        };
        assert_eq!(found, expected);
        assert_eq!(kit.mock.count("/elsewhere"), 0);
    }
}

#[tokio::test]
async fn requests_say_who_asks() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    let world = kit.mock.world();
    assert_eq!(world.seen.len(), 3);
    for seen in &world.seen {
        assert_eq!(seen.headers["user-agent"], "togglebit", "{}", seen.path);
        assert_eq!(seen.headers["accept"], "application/json", "{}", seen.path);
    }
}
