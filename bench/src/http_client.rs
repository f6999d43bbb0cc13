//! Requests that prepare what is measured, or check it.

use std::io::{Error, Result};

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A field of a request: its name and its value.
pub(crate) type Field = (&'static str, String);

/// An answer with a status of 2xx.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(Error::other)
    }
}

/// A client that keeps connections open.
#[derive(Clone)]
pub(crate) struct Client(hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>);

impl Client {
    pub(crate) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self(hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector))
    }

    pub(crate) async fn get(&self, url: &str, fields: &[Field]) -> Result<Answer> {
        self.send(Method::GET, url, fields, Bytes::new()).await
    }

    /// Sends a request. An answer other than 2xx is an error.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        fields: &[Field],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body.into())).map_err(Error::other)?;
        let (head, body) = self.0.request(request).await.map_err(Error::other)?.into_parts();
        let body = body.collect().await.map_err(Error::other)?.to_bytes();
        if head.status.is_success() {
            return Ok(Answer { headers: head.headers, body });
        }
        Err(Error::other(format!("{url}: {}: {}", head.status, String::from_utf8_lossy(&body))))
    }
}
