//! What a provider says of itself.

use identity::{BadAnswer, Failure, Outage, ProviderConfig, Step};
use serde_json::json;

use crate::kit::{HOUR, Kit};
use crate::mock::{CLIENT_ID, CLIENT_SECRET, Instead, Mock};

const PATH: &str = "/.well-known/openid-configuration";

async fn failure(kit: &Kit) -> Failure {
    kit.provider().begin().await.unwrap_err()
}

#[tokio::test]
async fn a_document_of_another_issuer() {
    let kit = Kit::oidc().await;
    let url = kit.mock.url.clone();
    for issuer in
        ["https://evil.example.com".to_owned(), format!("{url}/"), url.replace("127.0.0.1", "localhost")]
    {
        kit.mock.world().discovery = json!({ "issuer": issuer });
        assert_eq!(failure(&kit).await, Failure::BadAnswer(BadAnswer::DiscoveredIssuer), "{issuer}");
    }
}

#[tokio::test]
async fn an_issuer_with_a_slash_at_the_end() {
    let mock = Mock::start().await;
    let issuer = format!("{}/", mock.url);
    mock.world().discovery = json!({ "issuer": issuer });
    mock.world().claims["iss"] = json!(issuer);
    let config = ProviderConfig::oidc("sso", "Example", &issuer, CLIENT_ID, CLIENT_SECRET);
    let kit = Kit::new(mock, config);
    assert_eq!(kit.sign_in().await.unwrap().issuer, issuer);
    assert_eq!(kit.mock.count(PATH), 1);
}

#[tokio::test]
async fn addresses_that_are_none() {
    let fields = [
        ("authorization_endpoint", Step::Authorization),
        ("token_endpoint", Step::Token),
        ("jwks_uri", Step::Keys),
        ("userinfo_endpoint", Step::User),
    ];
    let kit = Kit::oidc().await;
    for (field, step) in fields {
        for address in ["/relative", "ftp://example.com/", "javascript:alert(1)", "file:///etc/passwd", ""] {
            kit.mock.world().discovery = json!({ field: address });
            assert_eq!(
                failure(&kit).await,
                Failure::BadAnswer(BadAnswer::Endpoint(step)),
                "{field}: {address}"
            );
        }
    }
}

#[tokio::test]
async fn documents_that_are_none() {
    let kit = Kit::oidc().await;
    for field in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
        kit.mock.world().discovery = json!({ field: null });
        assert_eq!(
            failure(&kit).await,
            Failure::BadAnswer(BadAnswer::Unreadable(Step::Discovery)),
            "{field}"
        );
    }
    let html = Instead::Answer { status: 200, headers: Vec::new(), body: "<h1>Welcome</h1>".to_owned() };
    kit.mock.world().instead.insert(PATH, html);
    assert_eq!(failure(&kit).await, Failure::BadAnswer(BadAnswer::Unreadable(Step::Discovery)));
    kit.mock.world().instead.insert(PATH, Instead::status(404));
    let expected = BadAnswer::Status { step: Step::Discovery, status: 404 };
    assert_eq!(failure(&kit).await, Failure::BadAnswer(expected));
}

#[tokio::test]
async fn a_provider_that_comes_back_is_used_again() {
    let kit = Kit::oidc().await;
    kit.mock.world().instead.insert(PATH, Instead::status(503));
    let expected = Outage::Status { step: Step::Discovery, status: 503 };
    assert_eq!(failure(&kit).await, Failure::Unreachable(expected));
    kit.mock.world().instead.clear();
    assert!(kit.sign_in().await.is_ok());
}

#[tokio::test]
async fn an_outage_within_the_hour_is_not_noticed_when_a_sign_in_begins() {
    let kit = Kit::oidc().await;
    kit.sign_in().await.unwrap();
    kit.mock.world().instead.insert(PATH, Instead::status(503));
    assert!(kit.sign_in().await.is_ok());
    kit.pass(HOUR);
    let expected = Outage::Status { step: Step::Discovery, status: 503 };
    assert_eq!(failure(&kit).await, Failure::Unreachable(expected));
}
