//! Alive and ready.

use api::{Api, router};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use testkit::each;

use crate::client::{Answer, Client, STEPS, send};

async fn ready(client: &Client, schema_steps: u64) -> Answer {
    let router =
        router(Api { services: client.kit.services.clone(), schema_steps, proxies: 0, shared_max_age: 0 });
    send(&router, Request::get("/ready").body(Body::empty()).unwrap()).await
}

/// A node with a database of its own schema is alive and ready, and says how current its snapshots are.
#[tokio::test]
async fn a_node_is_alive_and_ready() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let alive = client.send(Request::get("/health").body(Body::empty()).unwrap()).await;
        assert_eq!((alive.status.as_u16(), alive.body), (200, json!({"status": "alive"})));
        client.kit.clock.advance(1500);
        let answer = ready(&client, STEPS).await;
        let snapshots = json!({"environments": 6, "age_ms": 1500});
        let body = json!({
            "status": "ready", "database": "ok", "migrations": "ok", "redis": "unused", "revocation": "prompt",
            "snapshots": snapshots
        });
        assert_eq!((answer.status.as_u16(), answer.body), (200, body));
    })
    .await;
}

/// A node whose database is gone stays in service: it answers from memory, and says that it is degraded.
#[tokio::test]
async fn without_its_database_a_node_is_degraded() {
    each(async |kit| {
        let client = Client::over(kit).await;
        client.kit.database.database.clone().close().await.unwrap();
        let answer = ready(&client, STEPS).await;
        let snapshots = json!({"environments": 6, "age_ms": 0});
        let body = json!({
            "status": "degraded", "database": "unreachable", "migrations": "unknown", "redis": "unused",
            "revocation": "late", "snapshots": snapshots
        });
        assert_eq!((answer.status.as_u16(), answer.body), (200, body));
        let alive = client.send(Request::get("/health").body(Body::empty()).unwrap()).await;
        assert_eq!(alive.status, 200);
    })
    .await;
}

/// A node that needs more steps than the schema has is not ready; one that needs fewer is, so that an upgrade can roll.
#[tokio::test]
async fn a_schema_that_is_behind_is_not_ready() {
    each(async |kit| {
        let client = Client::over(kit).await;
        let answer = ready(&client, STEPS + 1).await;
        assert_eq!((answer.status.as_u16(), &answer.body["status"]), (503, &json!("unready")));
        assert_eq!((&answer.body["database"], &answer.body["migrations"]), (&json!("ok"), &json!("behind")));
        assert_eq!(ready(&client, STEPS - 1).await.status, 200);
    })
    .await;
}
