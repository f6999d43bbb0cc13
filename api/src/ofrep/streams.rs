//! Where a provider is told that it should ask again.

use serde::Serialize;
use service::delivery::Caller;
use utoipa::ToSchema;

use crate::Api;

/// After how many seconds in a hidden tab a provider ends its connection.
const INACTIVITY: u32 = 120;

/// A connection on which events come.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepEventStream)]
pub(super) struct EventStream {
    /// What kind of connection: always `sse`.
    #[serde(rename = "type")]
    #[schema(examples("sse"))]
    kind: &'static str,
    endpoint: Endpoint,
    /// After how many seconds in a hidden tab it need not be kept.
    #[serde(rename = "inactivityDelaySec")]
    #[schema(examples(120))]
    inactivity: u32,
}

/// Where a connection is made.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepEndpoint)]
struct Endpoint {
    /// A path and a query, at the origin that was asked. It holds a credential.
    #[serde(rename = "requestUri")]
    #[schema(examples("/ofrep/v1/stream?token=AZn7LnxBfTqaVT8MK54dhA"))]
    request_uri: String,
}

/// The event streams that a provider is told of: the one of hints. Its address stays the same all day long, since it is part of
/// what is tagged, and a provider connects anew where it is another.
pub(super) fn event_streams(api: &Api, caller: &Caller) -> Vec<EventStream> {
    let request_uri = format!("/ofrep/v1/stream?token={}", api.services.delivery().pass(caller));
    vec![EventStream { kind: "sse", endpoint: Endpoint { request_uri }, inactivity: INACTIVITY }]
}
