//! What an orchestrator asks: alive, and ready to answer.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use service::BreakerState;
use utoipa::ToSchema;

use crate::Api;

/// How long the database may take to answer. Well below the second that orchestrators wait by default: a probe that times
/// out would take the node out of service, which is what `degraded` is there to avoid.
const PATIENCE: Duration = Duration::from_millis(500);

/// A process that runs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Alive {
    /// Always `alive`.
    #[schema(examples("alive"))]
    status: &'static str,
}

/// How a node is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Whether the database answers: `ok` or `unreachable`.
    #[schema(examples("ok"))]
    database: &'static str,
    /// Whether the schema is new enough: `ok`, `behind`, or `unknown` where the database does not answer.
    #[schema(examples("ok"))]
    migrations: &'static str,
    /// What evaluations are answered from.
    snapshots: Snapshots,
    /// Redis, where it is used: `closed` where it answers, `open` where it failed too often and is left alone for a while,
    /// `half_open` where it is being tried again; `unused` without it.
    #[schema(examples("closed"))]
    redis: &'static str,
    /// How soon a key that is revoked on another node is refused by this one: `prompt` for within two seconds, `late` where
    /// neither the database nor Redis answers and so nothing can be heard of it.
    #[schema(examples("prompt"))]
    revocation: &'static str,
    /// The verdict: `ready`, `degraded` or `unready`.
    #[schema(examples("ready"))]
    status: &'static str,
}

/// The environments in memory.
#[derive(Serialize, ToSchema)]
struct Snapshots {
    /// Milliseconds since they were last seen to be what the database holds.
    #[schema(examples(580))]
    age_ms: i64,
    /// How many are served.
    #[schema(examples(3))]
    environments: usize,
}

/// Whether the process runs.
#[utoipa::path(
    get, path = "/health", operation_id = "getHealth", tag = "Service", security(()),
    responses((status = OK, description = "It does.", body = Alive)),
)]
pub(crate) async fn alive() -> Response {
    axum::Json(Alive { status: "alive" }).into_response()
}

/// Whether the node answers as it should.
///
/// `ready`: all is well. `degraded`, still with 200: the database does not answer, and evaluations are answered from
/// memory, as they should be; taking the node out would turn the database's outage into everybody's. 503 only where
/// the schema is another one than this binary was made for.
#[utoipa::path(
    get, path = "/ready", operation_id = "getReadiness", tag = "Service", security(()),
    responses(
        (status = OK, description = "It does, be it from memory.", body = Readiness),
        (status = SERVICE_UNAVAILABLE, description = "The schema is older than the program needs.", body = Readiness,
            example = json!({
                "database": "ok", "migrations": "behind", "snapshots": {"age_ms": 580, "environments": 3},
                "redis": "unused", "revocation": "prompt", "status": "unready"
            })),
    ),
)]
pub(crate) async fn ready(State(api): State<Api>) -> Response {
    let freshness = api.services.delivery().freshness();
    let snapshots = Snapshots { environments: freshness.environments, age_ms: freshness.age_ms };
    let steps = match tokio::time::timeout(PATIENCE, api.services.schema_steps()).await {
        Ok(Ok(steps)) => Some(steps),
        Ok(Err(_)) | Err(_) => None,
    };
    let (code, status, database, migrations) = match steps {
        None => (StatusCode::OK, "degraded", "unreachable", "unknown"),
        Some(steps) if steps < api.schema_steps => {
            (StatusCode::SERVICE_UNAVAILABLE, "unready", "ok", "behind")
        }
        Some(_) => (StatusCode::OK, "ready", "ok", "ok"),
    };
    let breaker = api.services.redis().map(service::Redis::state);
    let redis = breaker.map_or("unused", BreakerState::as_str);
    let hears = steps.is_some() || breaker == Some(BreakerState::Closed);
    let revocation = if hears { "prompt" } else { "late" };
    (code, axum::Json(Readiness { database, migrations, snapshots, redis, revocation, status }))
        .into_response()
}
