//! A browser without pages: it sends what browsers send, and reads the answer whole.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Connections;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where applications ask.
const FOR_APPLICATIONS: [&str; 8] = [
    "/api/v1/eval/",
    "/api/eval/",
    "/api/v1/environments/",
    "/api/v1/events",
    "/api/v1/ruleset",
    "/api/v1/stream",
    "/ofrep/",
    "//ofrep/",
];

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Client {
    host: String,
    connections: Connections<HttpConnector, Full<Bytes>>,
}

/// What is sent, apart from who sends it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: String,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Client {
    /// A client of the server at an address.
    pub(crate) fn of(host: &str) -> Self {
        let connections = Connections::builder(TokioExecutor::new()).build_http();
        Self { host: host.to_owned(), connections }
    }

    /// Where the server is: its address and its port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The whole address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// What a browser says of a request that a page of the server itself made.
    pub(crate) fn own(&self) -> Vec<(HeaderName, String)> {
        let fetch = HeaderName::from_static("sec-fetch-site");
        vec![(fetch, "same-origin".to_owned()), (ORIGIN, self.url(""))]
    }

    /// Sends a request with a cookie, or without one, from where the other headers say.
    pub(crate) async fn send(
        &self,
        sent: &Sent,
        cookie: Option<&str>,
        from: &[(HeaderName, String)],
    ) -> Answer {
        self.try_send(sent, cookie, from).await.unwrap()
    }

    /// The same to a server that may end before it answers.
    pub(crate) async fn try_send(
        &self,
        sent: &Sent,
        cookie: Option<&str>,
        from: &[(HeaderName, String)],
    ) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let mut request =
            Request::builder().method(sent.method).uri(self.url(&sent.path)).header(HOST, &self.host);
        for (name, value) in sent.headers.iter().chain(from) {
            request = request.header(name, value);
        }
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        let request = request.body(Full::from(sent.body.clone())).unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.connections.request(request)).await.unwrap();
        let (head, body) = answer?.into_parts();
        let body = body.collect().await?.to_bytes();
        // Pages of other origins read nothing that is for people.
        let is_open = head.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(is_open, FOR_APPLICATIONS.iter().any(|base| sent.path.starts_with(base)), "{}", sent.path);
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    /// The value of a cookie that it sets.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.headers.get_all(SET_COOKIE).iter().find_map(|cookie| {
            let (found, rest) = cookie.to_str().ok()?.split_once('=')?;
            let value = rest.split(';').next()?;
            (found == name && !value.is_empty()).then_some(value)
        })
    }

    /// Whether it sets any cookie, or takes one away.
    pub(crate) fn touches_cookies(&self) -> bool {
        self.headers.contains_key(SET_COOKIE)
    }
}
