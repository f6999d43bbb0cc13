//! Requests to providers.

use std::future::Future;
use std::pin::Pin;

use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use http::{Request, StatusCode};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use url::Url;

use crate::failure::{BadAnswer, Failure, Outage, Step};

/// Sends requests to providers, and trusts no answer to be short, soon or where it should be. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outbound(outbound::Outbound);

impl Outbound {
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn new() -> Result<Self, rustls::Error> {
        outbound::Outbound::new().map(Self)
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
        let response = self.0.send(request).await.map_err(|failure| match failure {
            outbound::Failure::TooSlow => Failure::from(Outage::TooSlow(step)),
            outbound::Failure::TooLarge => BadAnswer::TooLarge(step).into(),
            outbound::Failure::Connection(causes) => Outage::Connection { step, causes }.into(),
        })?;
        let status = response.status();
        if status.is_redirection() {
            return Err(BadAnswer::Redirect(step).into());
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Outage::Status { step, status: status.as_u16() }.into());
        }
        Ok(response)
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
