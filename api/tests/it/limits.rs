//! How often may be asked: with an organization's keys, and without a key that works.

use std::net::SocketAddr;

use api::Front;
use api::{Api, router};
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{Method, Request};
use service::Settings;
use service::delivery::{Limit, RateLimits};
use testkit::{Kit, each};
use tower::ServiceExt;

use crate::client::{Answer, Client, STEPS, over, send};

const MENU: &str = "/api/v1/eval/flags/menu";

/// Every route that takes a key, and the method that it is asked by.
const ROUTES: [(Method, &str); 10] = [
    (Method::GET, MENU),
    (Method::POST, MENU),
    (Method::GET, "/api/eval/flags"),
    (Method::GET, "/api/v1/environments/dev/flags"),
    (Method::GET, "/api/v1/ruleset"),
    (Method::GET, "/api/v1/stream"),
    (Method::GET, "/api/v1/stream?key=tbc_dev_nope"),
    (Method::GET, "/ofrep/v1/stream?token=nope"),
    (Method::POST, "/ofrep/v1/evaluate/flags"),
    (Method::POST, "/api/v1/events"),
];

fn limit(rate: u32, burst: u32) -> Option<Limit> {
    Some(Limit::new(rate, burst).unwrap())
}

async fn node(kit: &Kit, rates: RateLimits) -> Front {
    over(&kit.with_settings(Settings { rates, ..Settings::default() }).await)
}

/// A node on which an address may come three times without a key that works, and then once a second.
async fn strict(kit: &Kit) -> Front {
    node(kit, RateLimits { per_address: limit(1, 3), ..RateLimits::default() }).await
}

fn request(method: &Method, path: &str, key: Option<&str>, from: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(key) = key {
        request = request.header(AUTHORIZATION, format!("Bearer {key}"));
    }
    if let Some(from) = from {
        request = request.header("x-forwarded-for", from);
    }
    request.body(Body::empty()).unwrap()
}

async fn ask(node: &Front, key: Option<&str>, from: Option<&str>) -> Answer {
    send(node, request(&Method::GET, MENU, key, from)).await
}

/// What an answer says of limits.
fn told(answer: &Answer) -> [Option<&str>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "retry-after"]
        .map(|name| answer.headers.get(name).map(|value| value.to_str().unwrap()))
}

/// The statuses of so many requests with what is no key.
async fn strangers(node: &Front, from: Option<&str>, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 0..times {
        let key = format!("tb_dev_{number}");
        statuses.push(ask(node, Some(&key), from).await.status.as_u16());
    }
    statuses
}

/// All keys of an organization share what it may, and are told of whichever limit is the tighter one.
#[tokio::test]
async fn keys_of_an_organization_share() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let other = client.workspace.api_key("staging", domain::api_keys::KeyKind::Server).await;
        let rates =
            RateLimits { per_key: limit(10, 5), per_organization: limit(2, 7), ..RateLimits::default() };
        let node = node(&client.kit, rates).await;
        for remaining in ["4", "3", "2"] {
            let answer = ask(&node, Some(&client.key), None).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, [Some("5"), Some(remaining), None]));
        }
        for remaining in ["3", "2", "1", "0"] {
            let answer = ask(&node, Some(&other), None).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, [Some("7"), Some(remaining), None]));
        }
        for key in [&client.key, &other] {
            let refused = ask(&node, Some(key), None).await;
            refused.error(429, "too_many");
            assert_eq!(told(&refused), [Some("7"), Some("0"), Some("1")]);
        }
        client.kit.clock.advance(500);
        assert_eq!(ask(&node, Some(&client.key), None).await.status, 200);
        ask(&node, Some(&client.key), None).await.error(429, "too_many");
    })
    .await;
}

/// Whoever comes without a key that works may do so for a while from one address, on all routes together, and then hears when
/// to come again. Whether there is a key makes no difference, nor whether it is the same.
#[tokio::test]
async fn an_address_may_guess_so_often() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let node = strict(&client.kit).await;
        for (number, (method, path)) in ROUTES.iter().enumerate() {
            let from = format!("192.0.2.{number}");
            for key in [None, Some("tb_dev_nope"), Some("tb_dev_nope")] {
                let refused = send(&node, request(method, path, key, Some(&from))).await;
                assert_eq!(refused.status, 401, "{path}");
                assert_eq!(refused.headers[WWW_AUTHENTICATE], "Bearer");
                assert_eq!(told(&refused), [None; 3]);
            }
            for key in [None, Some("tb_dev_nope"), Some("tb_dev_another")] {
                let refused = send(&node, request(method, path, key, Some(&from))).await;
                assert_eq!(told(&refused), [Some("3"), Some("0"), Some("1")], "{path}");
                match path.starts_with("/ofrep/v1/evaluate") {
                    true => assert_eq!(
                        (refused.status.as_u16(), &refused.body["errorCode"]),
                        (429, &"GENERAL".into())
                    ),
                    false => drop(refused.error(429, "too_many").clone()),
                }
            }
            // What one route has used up is used up on all.
            assert_eq!(strangers(&node, Some(&from), 2).await, [429, 429]);
        }
        client.kit.clock.advance(999);
        assert_eq!(strangers(&node, Some("192.0.2.0"), 1).await, [429]);
        client.kit.clock.advance(1);
        assert_eq!(strangers(&node, Some("192.0.2.0"), 2).await, [401, 429]);
    })
    .await;
}

/// A key that works is not hindered by what else comes from its address, also where it was never seen before.
#[tokio::test]
async fn a_key_that_works_is_not_hindered() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let node = strict(&client.kit).await;
        let from = Some("192.0.2.7");
        assert_eq!(strangers(&node, from, 4).await, [401, 401, 401, 429]);
        for _ in 0..10 {
            let answer = ask(&node, Some(&client.key), from).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, [None; 3]));
            assert_eq!(ask(&node, None, from).await.status, 429);
        }
        // Nor do its own requests use up what the address may.
        for _ in 0..10 {
            assert_eq!(ask(&node, Some(&client.key), Some("192.0.2.8")).await.status, 200);
        }
        assert_eq!(strangers(&node, Some("192.0.2.8"), 4).await, [401, 401, 401, 429]);
    })
    .await;
}

/// An address is what the proxies that are trusted say; of IPv6 it is what one subscriber holds. All requests of which it is
/// not known are one.
#[tokio::test]
async fn addresses_are_those_of_clients() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let node = strict(&client.kit).await;
        let all = |statuses: Vec<u16>, status: u16| assert_eq!(statuses, vec![status; statuses.len()]);
        for (from, same, other) in [
            (Some("192.0.2.1"), Some("6.6.6.6, 192.0.2.1"), Some("192.0.2.1, 192.0.2.2")),
            (Some("192.0.2.3"), Some("::ffff:192.0.2.3"), Some("192.0.2.4:41000")),
            (Some("2001:db8::1"), Some("2001:db8::ffff:1:1:1"), Some("2001:db8:0:1::1")),
            (None, Some("no address"), Some("192.0.2.5")),
        ] {
            all(strangers(&node, from, 3).await, 401);
            all(strangers(&node, same, 2).await, 429);
            all(strangers(&node, other, 3).await, 401);
            all(strangers(&node, other, 2).await, 429);
        }

        // Without a proxy the connection counts, whatever the client writes.
        let settings = Settings {
            rates: RateLimits { per_address: limit(1, 3), ..RateLimits::default() },
            ..Settings::default()
        };
        let services = client.kit.with_settings(settings).await;
        let direct = router(Api { services, schema_steps: STEPS, proxies: 0, shared_max_age: 0 });
        for (peer, claimed, status) in [
            ("192.0.2.1:1", "192.0.2.10", 401),
            ("192.0.2.1:2", "192.0.2.11", 401),
            ("[::ffff:192.0.2.1]:3", "192.0.2.12", 401),
            ("192.0.2.1:4", "192.0.2.13", 429),
            ("192.0.2.2:4", "192.0.2.1", 401),
        ] {
            let mut request = request(&Method::GET, MENU, None, Some(claimed));
            request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(send(&direct, request).await.status, status, "{peer}");
        }
    })
    .await;
}

/// Unless the operator says otherwise an address may guess a hundred times, and twenty times a second; and without a limit as
/// often as it likes. None of it asks the database.
#[tokio::test]
async fn the_usual_limit_of_an_address() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let usual = node(&client.kit, RateLimits::default()).await;
        let none = node(&client.kit, RateLimits { per_address: None, ..RateLimits::default() }).await;
        client.kit.database.database.clone().close().await.unwrap();
        let count = |statuses: Vec<u16>, status| statuses.iter().filter(|other| **other == status).count();
        let statuses = strangers(&usual, None, 110).await;
        assert_eq!((count(statuses.clone(), 401), count(statuses, 429)), (100, 10));
        client.kit.clock.advance(1000);
        assert_eq!(count(strangers(&usual, None, 30).await, 401), 20);
        assert_eq!(count(strangers(&none, None, 200).await, 401), 200);
    })
    .await;
}

/// `/metrics` counts what was too much, by whose limit it was.
#[tokio::test]
async fn what_was_too_much_is_counted() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let other = client.workspace.api_key("staging", domain::api_keys::KeyKind::Server).await;
        let rates =
            RateLimits { per_key: limit(1, 2), per_organization: limit(1, 3), per_address: limit(1, 1) };
        let node = node(&client.kit, rates).await;
        for key in [Some(&client.key), Some(&other), None] {
            for _ in 0..5 {
                ask(&node, key.map(String::as_str), None).await;
            }
        }
        let metrics =
            node.clone().oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
        let text = to_bytes(metrics.into_body(), 1_000_000).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        let name = "togglebit_requests_limited_total";
        for line in [
            format!("# TYPE {name} counter"),
            format!("{name}{{scope=\"key\"}} 3"),
            format!("{name}{{scope=\"organization\"}} 4"),
            format!("{name}{{scope=\"address\"}} 4"),
        ] {
            assert!(text.lines().any(|other| other == line), "{line}: {text}");
        }
    })
    .await;
}
