//! GitHub, which is not an OpenID Connect provider: who a person is says its API.

use oauth2::AuthType;
use serde::Deserialize;
use url::Url;

use crate::Identity;
use crate::config::ConfigError;
use crate::exchange::{Endpoints, Tokens};
use crate::failure::{Failure, Step};
use crate::outbound::Outbound;
use crate::person::filled;
use crate::providers::under;

/// GitHub's addresses.
pub(crate) struct GitHub {
    issuer: String,
    endpoints: Endpoints,
    user: Url,
    emails: Url,
}

/// `GET /user`, as far as it is read.
#[derive(Deserialize)]
struct User {
    id: u64,
    login: Option<String>,
    name: Option<String>,
}

/// One of `GET /user/emails`.
#[derive(Deserialize)]
struct Email {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHub {
    /// # Errors
    /// When an address is none.
    pub(crate) fn new(web_url: &str, api_url: &str) -> Result<Self, ConfigError> {
        let (site, api) = ("GitHub's site", "GitHub's API");
        Ok(Self {
            issuer: web_url.trim_end_matches('/').to_owned(),
            endpoints: Endpoints {
                authorization: under(site, web_url, "login/oauth/authorize")?,
                token: under(site, web_url, "login/oauth/access_token")?,
                auth_type: AuthType::BasicAuth,
            },
            user: under(api, api_url, "user")?,
            // The most of a page. Who has more addresses has the primary one among the first.
            emails: under(api, api_url, "user/emails?per_page=100")?,
        })
    }

    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Whether GitHub calls itself so in a callback. What it sends since August 2026 ends with `/login/oauth`, which its
    /// documentation does not say (<https://github.com/openiddict/openiddict-core/pull/2529>); the site's own address is
    /// nobody else's either.
    pub(crate) fn is_issuer(&self, iss: &str) -> bool {
        let rest = iss.strip_prefix(&self.issuer);
        matches!(rest, Some("" | "/login/oauth"))
    }

    /// Asks who the token's person is.
    ///
    /// # Errors
    /// When the API does not answer as it should.
    pub(crate) async fn identify(&self, outbound: &Outbound, tokens: &Tokens) -> Result<Identity, Failure> {
        let token = Some(tokens.access.expose());
        let User { id, login, name } = outbound.get(Step::User, &self.user, token).await?;
        let emails: Vec<Email> = outbound.get(Step::Emails, &self.emails, token).await?;
        // The address of the public profile is never read: it may be one that was not verified.
        let email = emails.into_iter().find(|email| email.primary && email.verified);
        let email = filled(email.map(|email| email.email));
        Ok(Identity {
            issuer: self.issuer.clone(),
            // Not the login, which can be given up and taken by somebody else.
            subject: id.to_string(),
            email_verified: email.is_some(),
            email,
            name: filled(name).or(filled(login)),
        })
    }
}
