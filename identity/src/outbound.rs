//! Requests to providers.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue, USER_AGENT};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use url::Url;

use crate::failure::{BadAnswer, Failure, Outage, Step};

/// How long it may take until there is a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a request may take, from the first byte sent to the last received. A person waits for it.
const WHOLE: Duration = Duration::from_secs(10);
/// The most bytes of a body. Documents, keys and tokens have a few thousand.
const BODY: usize = 1024 * 1024;

/// Sends requests to providers, and trusts no answer to be short, soon or where it should be. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outbound(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Outbound {
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new() -> Result<Self, rustls::Error> {
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(CONNECT));
        http.enforce_http(false);
        // The provider of cryptography is named: what rustls would choose depends on the whole program's dependencies.
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(Arc::new(rustls::crypto::ring::default_provider()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        // People sign in too rarely for connections to be kept, and one that the provider has closed meanwhile would fail.
        Ok(Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https)))
    }

    /// Gets a JSON document, with a token where there is one.
    ///
    /// # Errors
    /// When there is no answer, or one that is not such a document.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        step: Step,
        url: &Url,
        token: Option<&str>,
    ) -> Result<T, Failure> {
        let unreadable = BadAnswer::Unreadable(step);
        let mut request = Request::get(url.as_str()).header(ACCEPT, "application/json");
        if let Some(token) = token {
            let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| unreadable)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let request = request.body(Vec::new()).map_err(|_| unreadable)?;
        let response = self.send(step, request).await?;
        if response.status() != StatusCode::OK {
            return Err(BadAnswer::Status { step, status: response.status().as_u16() }.into());
        }
        // serde_json's error would quote what was sent.
        serde_json::from_slice(response.body()).map_err(|_| unreadable.into())
    }

    /// Sends a request. Statuses that no step has a use for are failures: redirects, and those of a provider in trouble.
    async fn send(&self, step: Step, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let exchange = self.exchange(step, request);
        let response = tokio::time::timeout(WHOLE, exchange).await.map_err(|_| Outage::TooSlow(step))??;
        let status = response.status();
        if status.is_redirection() {
            return Err(BadAnswer::Redirect(step).into());
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Outage::Status { step, status: status.as_u16() }.into());
        }
        Ok(response)
    }

    async fn exchange(&self, step: Step, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut request = request.map(|body| Full::new(Bytes::from(body)));
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static("togglebit"));
        let broken = |error: &(dyn Error + 'static)| Outage::Connection { step, causes: causes(error) };
        let response = self.0.request(request).await.map_err(|error| broken(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, BODY).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Failure::from(BadAnswer::TooLarge(step))
            } else {
                broken(error.as_ref()).into()
            }
        })?;
        Ok(HttpResponse::from_parts(head, body.to_bytes().into()))
    }
}

/// How the `oauth2` crate sends its requests, all of which are for tokens.
impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(Step::Token, request))
    }
}

/// An error of a connection and its sources. They name neither addresses nor bodies.
fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
