//! How streams end, and how many there may be.

use domain::Millis;
use domain::api_keys::{CreateApiKey, KeyKind};
use domain::environments::DeleteEnvironment;
use serde_json::json;
use service::Settings;
use service::delivery::StreamLimits;
use testkit::{START, each};

use super::{ask, follow};
use crate::client::{Client, over, send};

/// A revoked key is refused, and what follows by it ends: on this node at once, on the others at their next look.
#[tokio::test]
async fn a_revoked_key_ends_its_streams() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let other = client.kit.another_node().await;
        let kept = client.workspace.api_key("dev", KeyKind::Server).await;
        let mut here = client.follow(None).await;
        let mut there = follow(&over(&other), ask("/api/v1/stream", Some(&client.key), None)).await;
        let mut stays = follow(client.front(), ask("/api/v1/stream", Some(&kept), None)).await;
        for events in [&mut here, &mut there, &mut stays] {
            events.expect("put").await;
        }
        client.workspace.revoke_key(&client.key).await;
        assert_eq!(here.expect("end").await, json!({"reason": "revoked"}));
        assert_eq!(here.next().await, None);
        other.delivery().refresh().await.unwrap();
        assert_eq!(there.expect("end").await, json!({"reason": "revoked"}));
        client.send(ask("/api/v1/stream", Some(&client.key), None)).await.error(401, "unauthenticated");
        client.switch(false).await;
        stays.expect("patch").await;
    })
    .await;
}

/// A key that ends by the clock ends its streams, too.
#[tokio::test]
async fn a_key_that_ends_ends_its_streams() {
    each(async |kit| {
        let mut client = Client::over(kit).await;
        let expires_at = Some(Millis(START.0 + 1000));
        let command = CreateApiKey { expires_at, ..client.workspace.key("dev", KeyKind::Server) };
        client.key = client.workspace.create_key(command).await;
        let services = client.kit.services.clone();
        let mut events = client.follow(None).await;
        events.expect("put").await;
        client.kit.clock.advance(1000);
        services.delivery().refresh().await.unwrap();
        assert_eq!(events.expect("end").await, json!({"reason": "revoked"}));
    })
    .await;
}

/// An environment that is deleted ends what follows it.
#[tokio::test]
async fn a_deleted_environment_ends_its_streams() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut events = client.follow(None).await;
        events.expect("put").await;
        let (workspace, services) = (&client.workspace, &client.kit.services);
        let command = DeleteEnvironment {
            project: workspace.project.clone(),
            environment: "dev".parse().unwrap(),
            confirm: "dev".into(),
        };
        services.environments().delete(&workspace.owner, command).await.unwrap();
        let end = events.expect("end").await;
        assert!(["environment_gone", "revoked"].contains(&end["reason"].as_str().unwrap()), "{end}");
        assert_eq!(events.next().await, None);
        assert_eq!(services.delivery().streams(), 0);
    })
    .await;
}

/// A database that was restored from a backup has revisions of its own: what was told of another is not gone on with.
#[tokio::test]
async fn a_database_that_was_restored_ends_streams() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let browser = client.workspace.api_key("dev", KeyKind::Browser).await;
        let mut rules = client.follow(None).await;
        let mut values = follow(client.front(), ask("/api/v1/stream", Some(&browser), None)).await;
        rules.expect("put").await;
        values.expect("put").await;
        let services = &client.kit.services;
        services.database_was_restored().await.unwrap();
        services.delivery().refresh().await.unwrap();
        for events in [&mut rules, &mut values] {
            assert_eq!(events.expect("end").await, json!({"reason": "database_replaced"}));
            assert_eq!(events.next().await, None);
        }
        // Whoever comes back is told everything anew, although the revision is the same.
        client.follow(Some(&rules.last_id)).await.expect("put").await;
    })
    .await;
}

/// A server that stops says so, and when to come back.
#[tokio::test]
async fn a_server_that_stops_ends_all_streams() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let mut streams = Vec::new();
        for _ in 0..8 {
            let mut events = client.follow(None).await;
            events.expect("put").await;
            streams.push(events);
        }
        assert_eq!(client.kit.services.delivery().streams(), 8);
        client.kit.services.delivery().end_streams();
        let mut retries = Vec::new();
        for events in &mut streams {
            assert_eq!(events.expect("end").await, json!({"reason": "stopping"}));
            assert_eq!(events.next().await, None);
            retries.extend(events.retry);
        }
        assert!(retries.iter().all(|ms| (500..=5000).contains(ms)), "{retries:?}");
        retries.dedup();
        assert!(retries.len() > 1, "they all come back at once");
        drop(streams);
        assert_eq!(client.kit.services.delivery().streams(), 0);
    })
    .await;
}

/// So many may follow by one key, and so many in all. Whoever finds no place is told when to try again, and whoever goes
/// makes place.
#[tokio::test]
async fn there_are_so_many_places() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let streams = StreamLimits { per_key: 2, in_all: 3 };
        let other = client.workspace.api_key("dev", KeyKind::Server).await;
        let small = over(&client.kit.with_settings(Settings { streams, ..Settings::default() }).await);
        let ask = |key: &str| ask("/api/v1/stream", Some(key), None);
        let full = async |key: &str| {
            let refused = send(&small, ask(key)).await;
            refused.error(429, "too_many");
            assert_eq!(refused.headers["retry-after"], "10");
        };
        let (first, _second) =
            (follow(&small, ask(&client.key)).await, follow(&small, ask(&client.key)).await);
        full(&client.key).await;
        let third = follow(&small, ask(&other)).await;
        full(&other).await;
        drop(third);
        let _third = follow(&small, ask(&other)).await;
        drop(first);
        follow(&small, ask(&client.key)).await;
    })
    .await;
}
