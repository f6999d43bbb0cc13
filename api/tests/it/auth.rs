//! Who may ask.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{Method, Request};
use domain::Millis;
use domain::api_keys::{CreateApiKey, KeyKind};
use serde_json::json;
use testkit::{START, each};

use crate::client::{Answer, Client, PREFIXES};

async fn ask(client: &Client, method: Method, path: &str, authorization: Option<&[u8]>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(value) = authorization {
        request = request.header(AUTHORIZATION, value);
    }
    client.send(request.body(Body::empty()).unwrap()).await
}

/// Whatever is wrong with a key, the answer is the same to the last byte: it says neither what nor whether the flag
/// exists.
#[tokio::test]
async fn every_cause_has_one_answer() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let expires_at = Some(Millis(START.0 + 1000));
        let until = CreateApiKey { expires_at, ..client.workspace.key("dev", KeyKind::Server) };
        let expired = client.workspace.create_key(until).await;
        let path = format!("{}/flags/menu", PREFIXES[0]);
        let valid = format!("Bearer {expired}");
        assert_eq!(ask(&client, Method::GET, &path, Some(valid.as_bytes())).await.status, 200);
        client.kit.clock.advance(1000);

        let good = client.key.clone();
        let causes = [
            None,
            Some(String::new()),
            Some(" ".into()),
            Some("Bearer".into()),
            Some("Bearer ".into()),
            Some("Bearer  ".into()),
            Some(good.clone()),
            Some(format!("Basic {good}")),
            Some(format!("Token {good}")),
            Some(format!("Bearer{good}")),
            Some(format!("Bearer,{good}")),
            Some(format!("Bearer {good}x")),
            Some(format!("Bearer {}", &good[1..])),
            Some(format!("Bearer {good} {good}")),
            Some(format!("Bearer \"{good}\"")),
            Some("Bearer tb_dev_0000000000000000000000000000000000000000".into()),
            Some(format!("Bearer {}", "x".repeat(60_000))),
            Some(format!("Bearer {expired}")),
        ];
        let mut first = None;
        let mut assert_same = |answer: Answer, cause: &str| {
            answer.error(401, "unauthenticated");
            assert_eq!(answer.headers[WWW_AUTHENTICATE], "Bearer");
            assert_eq!(&answer, first.get_or_insert_with(|| Answer { ..clone(&answer) }), "{cause}");
        };
        for cause in &causes {
            let value = cause.as_ref().map(String::as_bytes);
            for prefix in PREFIXES {
                // So many at once would be too many from one address.
                client.kit.clock.advance(1000);
                for path in ["/flags/menu", "/flags/nope", "/flags", "/flags/%FF", "/flags?nope=1"] {
                    let path = format!("{prefix}{path}");
                    assert_same(ask(&client, Method::GET, &path, value).await, &format!("{cause:?} {path}"));
                    assert_same(ask(&client, Method::POST, &path, value).await, &format!("{cause:?} {path}"));
                }
            }
        }
        assert_same(ask(&client, Method::GET, &path, Some(b"Bearer \xFF\xFE")).await, "not UTF-8");
        let body = first.unwrap().body;
        let message = "a valid key or token is needed, as in `Authorization: Bearer KEY`";
        assert_eq!(body, json!({"error": {"code": "unauthenticated", "message": message, "details": []}}));
    })
    .await;
}

fn clone(answer: &Answer) -> Answer {
    Answer { status: answer.status, headers: answer.headers.clone(), body: answer.body.clone() }
}

/// The scheme's case does not matter, nor do spaces around the key.
#[tokio::test]
async fn the_schemes_case_does_not_matter() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let path = format!("{}/flags/menu", PREFIXES[0]);
        for authorization in ["Bearer !", "bearer !", "BEARER !", "bEaReR   !", "Bearer ! "] {
            let value = authorization.replace('!', &client.key);
            let answer = ask(&client, Method::GET, &path, Some(value.as_bytes())).await;
            assert_eq!(answer.status, 200, "{authorization}: {answer:?}");
        }
    })
    .await;
}
