//! What an orchestrator asks: alive, and ready to answer.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::Api;

/// How long the database may take to answer. Well below the second that orchestrators wait by default: a probe that times
/// out would take the node out of service, which is what `degraded` is there to avoid.
const PATIENCE: Duration = Duration::from_millis(500);

/// The process runs.
pub(crate) async fn alive() -> Response {
    axum::Json(json!({"status": "alive"})).into_response()
}

/// `ready`: all is well. `degraded`, still with 200: the database does not answer, and evaluations are answered from
/// memory, as they should be; taking the node out would turn the database's outage into everybody's. 503 only where
/// the schema is another one than this binary was made for.
pub(crate) async fn ready(State(api): State<Api>) -> Response {
    let freshness = api.services.delivery().freshness();
    let snapshots = json!({"environments": freshness.environments, "age_ms": freshness.age_ms});
    let database = match tokio::time::timeout(PATIENCE, api.services.schema_steps()).await {
        Ok(Ok(steps)) => Some(steps),
        Ok(Err(_)) | Err(_) => None,
    };
    let (code, status, database, migrations) = match database {
        None => (StatusCode::OK, "degraded", "unreachable", "unknown"),
        Some(steps) if steps < api.schema_steps => {
            (StatusCode::SERVICE_UNAVAILABLE, "unready", "ok", "behind")
        }
        Some(_) => (StatusCode::OK, "ready", "ok", "ok"),
    };
    let body =
        json!({"status": status, "database": database, "migrations": migrations, "snapshots": snapshots});
    (code, axum::Json(body)).into_response()
}
