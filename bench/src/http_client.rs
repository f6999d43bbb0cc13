//! Requests that prepare what is measured, or check it.

use std::io::{Error, Result};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A field of a request: its name and its value.
pub(crate) type Field = (&'static str, String);

/// An answer with a status of 2xx, or one that leads elsewhere where that is what was expected.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// When an answer came, from when it was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// The whole head was there, which comes in one piece.
    pub(crate) head: Duration,
    /// The last byte was.
    pub(crate) end: Duration,
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

    /// The same, with the times.
    pub(crate) async fn timed(&self, url: &str, fields: &[Field]) -> Result<(Answer, Times)> {
        let (status, answer, times) = self.exchange(Method::GET, url, fields, Bytes::new()).await?;
        Ok((expected(status.is_success(), url, status, answer)?, times))
    }

    /// Sends a request. An answer other than 2xx is an error.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &str,
        fields: &[Field],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        let (status, answer, _) = self.exchange(method, url, fields, body.into()).await?;
        expected(status.is_success(), url, status, answer)
    }

    /// Sends a form, whose answer leads elsewhere. Any other is an error.
    pub(crate) async fn form(&self, url: &str, body: &'static str) -> Result<Answer> {
        let fields = [("Content-Type", "application/x-www-form-urlencoded".to_owned())];
        let (status, answer, _) =
            self.exchange(Method::POST, url, &fields, Bytes::from_static(body.as_bytes())).await?;
        expected(status == StatusCode::SEE_OTHER, url, status, answer)
    }

    async fn exchange(
        &self,
        method: Method,
        url: &str,
        fields: &[Field],
        body: Bytes,
    ) -> Result<(StatusCode, Answer, Times)> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in fields {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body)).map_err(Error::other)?;
        let began = Instant::now();
        let (parts, body) = self.0.request(request).await.map_err(Error::other)?.into_parts();
        let head = began.elapsed();
        let body = body.collect().await.map_err(Error::other)?.to_bytes();
        let times = Times { head, end: began.elapsed() };
        Ok((parts.status, Answer { headers: parts.headers, body }, times))
    }
}

fn expected(is_expected: bool, url: &str, status: StatusCode, answer: Answer) -> Result<Answer> {
    match is_expected {
        true => Ok(answer),
        false => Err(Error::other(format!("{url}: {status}: {}", String::from_utf8_lossy(&answer.body)))),
    }
}
