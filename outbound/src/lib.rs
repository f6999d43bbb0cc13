//! Requests to other servers: providers of identity, and caches in front.
//!
//! No answer is trusted to be short or soon, and no redirect is followed: it would carry secrets to where nobody has agreed
//! to.
#![deny(missing_docs)]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How long it may take until there is a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a request may take, from the first byte sent to the last received.
const WHOLE: Duration = Duration::from_secs(10);
/// The most bytes of a body. Documents, keys and tokens have a few thousand.
const BODY: usize = 1024 * 1024;

/// Sends requests. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// It took longer than ten seconds.
    #[error("no answer in time")]
    TooSlow,
    /// The answer's body has more than 1 MiB.
    #[error("too large a body")]
    TooLarge,
    /// There is no connection, or it broke: the errors, the outermost first. They name neither addresses nor bodies.
    #[error("no connection: {0}")]
    Connection(String),
}

impl Outbound {
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, rustls::Error> {
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(CONNECT));
        http.enforce_http(false);
        // The provider of cryptography is named: what rustls would choose depends on the whole program's dependencies.
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(Arc::new(rustls::crypto::ring::default_provider()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        // Requests are too rare for connections to be kept, and one that the other side has closed meanwhile would fail.
        Ok(Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https)))
    }

    /// Sends a request, and waits for the whole answer.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        tokio::time::timeout(WHOLE, self.exchange(request)).await.map_err(|_| Failure::TooSlow)?
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        let mut request = request.map(|body| Full::new(Bytes::from(body)));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("togglebit"));
        let response = self.0.request(request).await.map_err(|error| Failure::Connection(causes(&error)))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, BODY).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Failure::TooLarge
            } else {
                Failure::Connection(causes(error.as_ref()))
            }
        })?;
        Ok(Response::from_parts(head, body.to_bytes().into()))
    }
}

/// An error of a connection and its sources.
fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
