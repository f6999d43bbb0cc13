//! `/metrics`: how the node is, in Prometheus' text format (version 0.0.4). Nothing of it names a tenant.

use std::fmt::{Display, Write};

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use service::BreakerState;

use crate::Api;

/// How the node is, for Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "getMetrics", tag = "Service", security(()),
    responses(
        (status = OK, description = "Gauges and counters, one on a line.", body = String, content_type = "text/plain",
            example = "# HELP togglebit_streams Streams that are open.\n# TYPE togglebit_streams gauge\ntogglebit_streams 3\n"),
    ),
)]
pub(crate) async fn send(State(api): State<Api>) -> Response {
    let delivery = api.services.delivery();
    let freshness = delivery.freshness();
    let mut text = String::new();
    gauge(&mut text, "environments", "Environments that are served.", &[("", count(freshness.environments))]);
    let age = std::time::Duration::from_millis(u64::try_from(freshness.age_ms).unwrap_or_default());
    let help = "Seconds since the snapshots were last seen to be what the database holds.";
    gauge(&mut text, "snapshot_age_seconds", help, &[("", age.as_secs_f64())]);
    gauge(&mut text, "streams", "Streams that are open.", &[("", count(delivery.streams()))]);
    let exceeded: Vec<_> = delivery.exceeded().collect();
    let labels: Vec<_> =
        exceeded.iter().map(|(scope, _)| format!("{{scope=\"{}\"}}", scope.as_str())).collect();
    let values: Vec<_> =
        labels.iter().map(String::as_str).zip(exceeded.iter().map(|(_, count)| *count)).collect();
    let help = "Requests that were one too many, by whose limit it was.";
    counter(&mut text, "requests_limited_total", help, &values);
    if let Some(redis) = api.services.redis() {
        let state = redis.state();
        let is = |other| f64::from(u8::from(state == other));
        let states = [BreakerState::Closed, BreakerState::Open, BreakerState::HalfOpen];
        let labels = states.map(|state| format!("{{state=\"{}\"}}", state.as_str()));
        let values: Vec<_> = labels.iter().map(String::as_str).zip(states.map(is)).collect();
        gauge(&mut text, "redis_breaker", "1 for how the breaker of Redis stands.", &values);
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4"), (CACHE_CONTROL, "no-store")], text).into_response()
}

fn gauge(text: &mut String, name: &str, help: &str, values: &[(&str, f64)]) {
    metric(text, (name, "gauge"), help, values);
}

fn counter(text: &mut String, name: &str, help: &str, values: &[(&str, u64)]) {
    metric(text, (name, "counter"), help, values);
}

fn metric(text: &mut String, (name, kind): (&str, &str), help: &str, values: &[(&str, impl Display)]) {
    // Writing to a text does not fail.
    let _ = writeln!(text, "# HELP togglebit_{name} {help}\n# TYPE togglebit_{name} {kind}");
    for (labels, value) in values {
        let _ = writeln!(text, "togglebit_{name}{labels} {value}");
    }
}

/// A number of things as Prometheus has it; exact up to 4 294 967 295.
fn count(things: usize) -> f64 {
    f64::from(u32::try_from(things).unwrap_or(u32::MAX))
}
