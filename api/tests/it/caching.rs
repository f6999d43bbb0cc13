//! What caches may keep of evaluations: by browser keys, in browsers and in front.

use api::Front;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode};
use domain::Millis;
use domain::api_keys::{CreateApiKey, KeyKind};
use serde_json::{Value, json};
use testkit::{START, each};

use crate::client::{Answer, Client, STEPS, send, with};

/// Caches in front may keep answers so long.
const SHARED_S: u32 = 30;

fn cached(client: &Client) -> Front {
    let services = client.kit.services.clone();
    with(api::Api { services, schema_steps: STEPS, proxies: 1, shared_max_age: SHARED_S })
}

/// A flag for browsers, and a key that sees it.
async fn browser(client: &mut Client) {
    let mut command = client.workspace.boolean_flag("banner");
    command.client_side = true;
    client.kit.services.flags().create(&client.workspace.developer, command).await.unwrap();
    client.key = client.workspace.api_key("dev", KeyKind::Browser).await;
}

/// The addresses of all that may be kept, without a key.
const PATHS: [&str; 4] = [
    "/api/v1/eval/flags?userId=u",
    "/api/v1/eval/flags/banner?userId=u",
    "/api/eval/flags?userId=u",
    "/api/v1/environments/dev/flags?userId=u",
];

fn get(path: &str, headers: &[(HeaderName, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.body(Body::empty()).unwrap()
}

fn ttl(headers: &HeaderMap) -> Option<u32> {
    let text = headers[CACHE_CONTROL].to_str().unwrap();
    text.strip_prefix("public, max-age=0, s-maxage=")?.parse().ok()
}

/// By a key in the address: in front for a while, in browsers with its tag. Nothing in the answer is only of its moment.
#[tokio::test]
async fn what_a_browser_key_in_an_address_is_answered_may_be_kept() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let router = cached(&client);
        let (mut tags, mut enabled) = (Vec::new(), false);
        for path in PATHS {
            let path = format!("{path}&key={}", client.key);
            let first = send(&router, get(&path, &[])).await;
            assert_eq!(first.status, StatusCode::OK, "{path}");
            assert_eq!(ttl(&first.headers), Some(SHARED_S), "{path}: {:?}", first.headers);
            let status = first.headers["cache-status"].to_str().unwrap();
            assert!(status.starts_with("Togglebit; hit; detail=\"revision "), "{status}");
            assert!(status.ends_with(&format!("\"; ttl={SHARED_S}")), "{status}");
            assert_eq!(first.headers["surrogate-key"], first.headers["cache-tag"]);
            assert_eq!(first.headers["access-control-allow-origin"], "*");
            assert!(!first.headers.contains_key("x-ratelimit-limit"));
            assert!(!first.body.to_string().contains("latency"), "{}", first.body);
            tags.push(first.headers["surrogate-key"].clone());

            client.kit.clock.advance(1000);
            let tag = first.headers[ETAG].to_str().unwrap();
            let again = send(&router, get(&path, &[(IF_NONE_MATCH, tag)])).await;
            assert_eq!((again.status, &again.body), (StatusCode::NOT_MODIFIED, &Value::Null), "{path}");
            assert_eq!(ttl(&again.headers), Some(SHARED_S));
            enabled = !enabled;
            let switch = client.workspace.switch("banner", "dev", enabled);
            client.kit.services.flags().switch(&client.workspace.developer, switch).await.unwrap();
            let now = send(&router, get(&path, &[(IF_NONE_MATCH, tag)])).await;
            assert_eq!(now.status, StatusCode::OK, "{path}");
            assert_ne!(now.headers[ETAG], first.headers[ETAG]);
        }
        tags.dedup();
        assert_eq!(tags.len(), 1, "one tag names all of an environment: {tags:?}");
    })
    .await;
}

/// By a key in a header: in browsers with its tag, and nowhere else. So it is where caches in front are not to keep anything.
#[tokio::test]
async fn what_a_header_asks_for_is_kept_by_browsers_alone() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let in_header = format!("Bearer {}", client.key);
        for path in PATHS {
            let in_address = format!("{path}&key={}", client.key);
            for (router, request) in [
                (&cached(&client), get(path, &[(AUTHORIZATION, &in_header)])),
                (client.front(), get(&in_address, &[])),
            ] {
                let answer = send(router, request).await;
                assert_eq!(answer.status, StatusCode::OK);
                assert_eq!(answer.headers[CACHE_CONTROL], "private, no-cache");
                assert_eq!(answer.headers[VARY], "authorization");
                assert!(answer.headers.contains_key(ETAG));
                for name in ["surrogate-key", "cache-tag"] {
                    assert!(!answer.headers.contains_key(name), "{name}");
                }
            }
        }
    })
    .await;
}

/// What a server key is answered is for it alone, and a body is not part of what caches tell answers apart by.
#[tokio::test]
async fn nothing_else_may_be_kept() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let server = client.key.clone();
        browser(&mut client).await;
        let router = cached(&client);
        let unkept = |answer: &Answer| {
            assert_eq!(answer.headers[CACHE_CONTROL], "no-store", "{}", answer.body);
            assert!(!answer.headers.contains_key(ETAG));
        };
        for path in PATHS {
            let answer = send(&router, get(path, &[(AUTHORIZATION, &format!("Bearer {server}"))])).await;
            assert_eq!(answer.status, StatusCode::OK);
            unkept(&answer);
            // A server key is a secret, and addresses are none.
            let answer = send(&router, get(&format!("{path}&key={server}"), &[])).await;
            answer.error(403, "forbidden");
            unkept(&answer);
            for field in ["key=tbc_dev_nobody", "%6Bey=tbc_dev_nobody", "key=", "key"] {
                let answer = send(&router, get(&format!("{path}&{field}"), &[])).await;
                answer.error(401, "unauthenticated");
                unkept(&answer);
            }
            let written_otherwise = format!("{path}&k%65y={}", client.key);
            assert_eq!(send(&router, get(&written_otherwise, &[])).await.status, StatusCode::OK);
            let (path, _) = path.split_once('?').unwrap();
            let request = Request::post(path).header(AUTHORIZATION, format!("Bearer {}", client.key));
            unkept(&send(&router, request.body(Body::empty()).unwrap()).await);
        }
    })
    .await;
}

/// An answer is kept no longer than it is known to be true: until time changes it, or the key ends; and not at all where it
/// depends on the address that asks.
#[tokio::test]
async fn nothing_is_kept_for_longer_than_it_is_true() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        browser(&mut client).await;
        let router = cached(&client);
        let kept = async |key: &str| {
            let answer = send(&router, get(&format!("/api/v1/eval/flags?key={key}"), &[])).await;
            assert_eq!(answer.status, StatusCode::OK);
            ttl(&answer.headers)
        };
        let workspace = &client.workspace;
        let key = || workspace.key("dev", KeyKind::Browser);
        let expires_at = Some(Millis(START.0 + 10_500));
        let short = workspace.create_key(CreateApiKey { expires_at, ..key() }).await;
        assert_eq!(kept(&short).await, Some(10));
        client.kit.clock.advance(10_000);
        assert_eq!(kept(&short).await, None);
        let allowed_networks = Some(vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()]);
        let bound = workspace.create_key(CreateApiKey { allowed_networks, ..key() }).await;
        let from = [(HeaderName::from_static("x-forwarded-for"), "198.51.100.7")];
        let answer = send(&router, get(&format!("/api/v1/eval/flags?key={bound}"), &from)).await;
        assert_eq!((answer.status, ttl(&answer.headers)), (StatusCode::OK, None));

        assert_eq!(kept(&client.key).await, Some(SHARED_S));
        // On from a time: until then, and from then on as long as may be.
        let configuration = serde_json::from_value(json!({
            "enabled": true, "off_variation": "off", "fallthrough": {"variation": "on"},
            "window": {"from": START.0 + 15_000}
        }));
        let command = client.workspace.configure("banner", "dev", 1, configuration.unwrap());
        client.kit.services.flags().configure(&client.workspace.developer, command).await.unwrap();
        assert_eq!(kept(&client.key).await, Some(5));
        client.kit.clock.advance(5_000);
        // Until it is known what comes after.
        assert_eq!(kept(&client.key).await, None);
        client.kit.services.delivery().refresh().await.unwrap();
        assert_eq!(kept(&client.key).await, Some(SHARED_S));
    })
    .await;
}
