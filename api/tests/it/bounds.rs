//! How far a key reaches: from where it may be used, how often, and when it was used last.

use std::net::SocketAddr;

use api::{Api, router};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use domain::api_keys::{ApiKeyChanges, CreateApiKey, KeyKind, NewApiKey, UpdateApiKey};
use domain::{ApiKeyId, Millis};
use testkit::{START, each};

use crate::client::{Answer, Client, PREFIXES, STEPS, send};

async fn key(client: &Client, networks: Option<&[&str]>, rate_limit: Option<u32>) -> NewApiKey {
    let command = CreateApiKey {
        project: client.workspace.project.clone(),
        environment: "dev".parse().unwrap(),
        name: "test".into(),
        kind: KeyKind::Server,
        expires_at: None,
        allowed_networks: networks.map(|all| all.iter().map(|text| text.parse().unwrap()).collect()),
        rate_limit,
    };
    client.kit.services.api_keys().create(&client.workspace.admin, command).await.unwrap()
}

async fn change(client: &Client, api_key: ApiKeyId, changes: ApiKeyChanges) {
    let command = UpdateApiKey { project: client.workspace.project.clone(), api_key, changes };
    client.kit.services.api_keys().update(&client.workspace.admin, command).await.unwrap();
}

/// A request from an address, as the proxy in front of the client's router says.
fn from(client: &Client, address: Option<&str>) -> Request<Body> {
    let mut request = client.request(Method::GET, &format!("{}/flags/menu", PREFIXES[0]), Body::empty());
    if let Some(address) = address {
        request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
    }
    request
}

async fn ask(client: &Client) -> Answer {
    client.send(from(client, None)).await
}

async fn last_used(client: &Client, id: ApiKeyId) -> Option<Millis> {
    let (actor, project) = (&client.workspace.member, &client.workspace.project);
    client.kit.services.api_keys().find(actor, project, id).await.unwrap().last_used_at
}

/// A key with networks is refused from elsewhere, on every route, and is not told from where it may be used. An address
/// that is not known is elsewhere.
#[tokio::test]
async fn a_key_is_used_from_its_networks_alone() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let made = key(&client, Some(&["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"]), None).await;
        let everywhere = std::mem::replace(&mut client.key, made.raw.unwrap());
        for inside in ["10.255.0.1", "6.6.6.6, 10.0.0.1", "2001:db8:1::1", "192.0.2.7", "::ffff:10.0.0.1"] {
            assert_eq!(client.send(from(&client, Some(inside))).await.status, 200, "{inside}");
        }
        let outside = ["11.0.0.1", "10.0.0.1, 11.0.0.1", "2001:db9::1", "192.0.2.8", "::1", "no address"];
        for outside in outside.map(Some).into_iter().chain([None]) {
            let refused = client.send(from(&client, outside)).await;
            assert!(refused.error(403, "forbidden").as_array().unwrap().is_empty(), "{outside:?}");
            let said = refused.body.to_string();
            assert!(!said.contains("10.") && !said.contains("db8") && !said.contains("192"), "{said}");
        }
        for prefix in PREFIXES {
            for path in ["/flags", "/flags/menu", "/flags/nope", "/flags?nope=1"] {
                let path = format!("{prefix}{path}");
                client.get(&path).await.error(403, "forbidden");
                client.post(&path, "no JSON").await.error(403, "forbidden");
            }
        }
        change(&client, made.key.id, ApiKeyChanges { allowed_networks: Some(None), ..Default::default() })
            .await;
        assert_eq!(ask(&client).await.status, 200);
        client.key = everywhere;
        assert_eq!(ask(&client).await.status, 200);
    })
    .await;
}

/// Without a proxy in front the connection's address counts, and nothing that the client writes.
#[tokio::test]
async fn without_a_proxy_the_connection_counts() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        client.key = key(&client, Some(&["10.0.0.0/8"]), None).await.raw.unwrap();
        let direct = router(Api {
            services: client.kit.services.clone(),
            schema_steps: STEPS,
            proxies: 0,
            shared_max_age: 0,
        });
        for (peer, claimed, status) in [
            ("10.0.0.1:1234", None, 200),
            ("10.0.0.1:1234", Some("11.0.0.1"), 200),
            ("[::ffff:10.0.0.1]:1234", None, 200),
            ("11.0.0.1:1234", Some("10.0.0.1"), 403),
        ] {
            let mut request = from(&client, claimed);
            request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(send(&direct, request).await.status, status, "{peer}, {claimed:?}");
        }
    })
    .await;
}

/// A key with a limit asks so often a second, is told what is left, and is refused beyond it until there is room. What
/// others ask does not count, and making the table of keys anew gives nothing back.
#[tokio::test]
async fn a_key_asks_as_often_as_it_may() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let made = key(&client, None, Some(2)).await;
        let unlimited = std::mem::replace(&mut client.key, made.raw.unwrap());
        let header = |answer: &Answer, name: &str| {
            answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let told = |answer: &Answer| {
            ["x-ratelimit-limit", "x-ratelimit-remaining", "retry-after"].map(|name| header(answer, name))
        };
        let left = |remaining: &str| [Some("2".to_owned()), Some(remaining.to_owned()), None];
        for remaining in ["1", "0"] {
            let answer = ask(&client).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, left(remaining)));
        }
        for _ in 0..3 {
            let refused = ask(&client).await;
            refused.error(429, "too_many");
            assert_eq!(told(&refused), [Some("2".into()), Some("0".into()), Some("1".into())]);
        }
        let another = key(&client, None, Some(2)).await.raw.unwrap();
        ask(&client).await.error(429, "too_many");
        client.kit.clock.advance(499);
        ask(&client).await.error(429, "too_many");
        client.kit.clock.advance(1);
        let path = format!("{}/flags", PREFIXES[1]);
        let answer = client.post(&path, "").await;
        assert_eq!((answer.status.as_u16(), told(&answer)), (200, left("0")));
        ask(&client).await.error(429, "too_many");

        change(&client, made.key.id, ApiKeyChanges { rate_limit: Some(Some(1000)), ..Default::default() })
            .await;
        client.kit.clock.advance(1000);
        for _ in 0..10 {
            assert_eq!(ask(&client).await.status, 200);
        }
        client.key = another;
        assert_eq!(told(&ask(&client).await), left("1"));
        client.key = unlimited;
        for _ in 0..10 {
            let answer = ask(&client).await;
            assert_eq!((answer.status.as_u16(), told(&answer)), (200, [None, None, None]));
        }
    })
    .await;
}

/// When a key was used last is written down with the counters: what was refused is no use, a new table of keys forgets
/// nothing, and nothing is written where nothing was used.
#[tokio::test]
async fn the_last_use_is_written_down() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let made = key(&client, Some(&["10.0.0.0/8"]), None).await;
        let id = made.key.id;
        client.key = made.raw.unwrap();
        let delivery = client.kit.services.delivery().clone();
        ask(&client).await.error(403, "forbidden");
        delivery.flush_usage().await.unwrap();
        assert_eq!(last_used(&client, id).await, None);

        client.kit.clock.advance(10);
        assert_eq!(client.send(from(&client, Some("10.0.0.1"))).await.status, 200);
        client.kit.clock.advance(10);
        assert_eq!(last_used(&client, id).await, None, "nothing is written by a request");
        // Another key makes the table anew.
        let unused = key(&client, None, None).await.key.id;
        delivery.flush_usage().await.unwrap();
        assert_eq!(last_used(&client, id).await, Some(START.plus(10)));
        assert_eq!(last_used(&client, unused).await, None);

        let state = client.kit.state().await;
        delivery.flush_usage().await.unwrap();
        assert_eq!(client.kit.state().await, state);

        // Another node has seen it later.
        client.kit.clock.advance(10);
        assert_eq!(client.send(from(&client, Some("10.0.0.1"))).await.status, 200);
        let later = format!("UPDATE api_key SET last_used_at = {}", START.plus(1000).0);
        client.kit.database.execute(&later).await;
        delivery.flush_usage().await.unwrap();
        assert_eq!(last_used(&client, id).await, Some(START.plus(1000)));
    })
    .await;
}

/// The last use before a key was revoked is not lost, nor is one that could not be written.
#[tokio::test]
async fn the_last_use_of_a_revoked_key_is_not_lost() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let made = key(&client, None, None).await;
        let id = made.key.id;
        client.key = made.raw.unwrap();
        client.kit.clock.advance(10);
        assert_eq!(ask(&client).await.status, 200);
        let (project, api_key) = (client.workspace.project.clone(), id);
        let command = domain::api_keys::RevokeApiKey { project, api_key };
        client.kit.services.api_keys().revoke(&client.workspace.admin, command).await.unwrap();
        let delivery = client.kit.services.delivery();
        client.kit.database.execute("ALTER TABLE usage_hour RENAME TO usage_away").await;
        assert!(delivery.flush_usage().await.is_err());
        assert_eq!(last_used(&client, id).await, None);
        client.kit.database.execute("ALTER TABLE usage_away RENAME TO usage_hour").await;
        delivery.flush_usage().await.unwrap();
        assert_eq!(last_used(&client, id).await, Some(START.plus(10)));
    })
    .await;
}
