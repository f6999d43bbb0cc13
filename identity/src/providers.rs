//! The configured providers, and a sign-in with one of them.

use std::fmt;
use std::sync::Arc;

use oauth2::{CsrfToken, PkceCodeChallenge, Scope};
use url::Url;

use crate::config::{ConfigError, Kind, ProviderConfig, base_url};
use crate::exchange::{self, Endpoints};
use crate::failure::{BadAnswer, ErrorCode, Failure, Outage, Refusal};
use crate::github::GitHub;
use crate::oidc::Oidc;
use crate::outbound::Outbound;
use crate::{Begun, Callback, Identity, Pending, Secret};

/// Tells the time, in epoch milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The configured providers. Cheap to clone; all clones are one, and share what they have learned of the providers.
#[derive(Clone, Debug)]
pub struct Providers(Arc<[Provider]>);

/// What a page must know of a provider to offer it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed {
    /// Names the provider in addresses.
    pub id: String,
    /// What its button says.
    pub label: String,
}

impl Providers {
    /// Checks the configuration. No provider is asked for anything yet, so that one which is down keeps nobody from starting.
    ///
    /// `public_url` is where browsers reach us; the address that must be registered with a provider is
    /// [`Provider::callback_url`].
    ///
    /// # Errors
    /// When something cannot be used as it is configured, with a sentence that says what.
    pub fn new(configs: Vec<ProviderConfig>, public_url: &str, clock: Clock) -> Result<Self, ConfigError> {
        let public = base_url("our own address", public_url)?;
        let outbound = Outbound::new().map_err(|error| ConfigError::Tls(error.to_string()))?;
        let mut providers: Vec<Provider> = Vec::with_capacity(configs.len());
        for config in configs {
            config.check(&public)?;
            if providers.iter().any(|provider| provider.config.id == config.id) {
                return Err(ConfigError::Twice(config.id));
            }
            providers.push(Provider::new(config, &public, outbound.clone(), Arc::clone(&clock))?);
        }
        Ok(Self(providers.into()))
    }

    /// The providers to offer, in the order of their configuration.
    pub fn list(&self) -> Vec<Listed> {
        let listed = |provider: &Provider| Listed {
            id: provider.config.id.clone(),
            label: provider.config.label.clone(),
        };
        self.0.iter().map(listed).collect()
    }

    /// The provider of this id.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.config.id == id)
    }
}

/// One provider.
pub struct Provider {
    config: ProviderConfig,
    callback_url: Url,
    protocol: Protocol,
    outbound: Outbound,
    clock: Clock,
}

#[expect(clippy::large_enum_variant, reason = "there is one for each provider, and it never moves")]
enum Protocol {
    Oidc(Oidc),
    GitHub(GitHub),
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Provider {
    fn new(
        config: ProviderConfig,
        public_url: &Url,
        outbound: Outbound,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        let path = format!("auth/{}/callback", config.id);
        let callback_url = under("our own address", public_url.as_str(), &path)?;
        let protocol = match &config.kind {
            Kind::Oidc { issuer } => Protocol::Oidc(Oidc::new(issuer)?),
            Kind::GitHub { web_url, api_url } => Protocol::GitHub(GitHub::new(web_url, api_url)?),
        };
        Ok(Self { config, callback_url, protocol, outbound, clock })
    }

    /// Names the provider in addresses.
    pub fn id(&self) -> &str {
        &self.config.id
    }

    /// What its button says.
    pub fn label(&self) -> &str {
        &self.config.label
    }

    /// The address that the provider sends browsers back to, which must be registered with it:
    /// `{public_url}/auth/{id}/callback`.
    pub fn callback_url(&self) -> &str {
        self.callback_url.as_str()
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// When the provider has to be asked where to send the browser, and cannot be reached or does not answer as it should.
    pub async fn begin(&self) -> Result<Begun, Failure> {
        let now = (self.clock)();
        let (endpoints, scopes): (_, &[&str]) = match &self.protocol {
            Protocol::Oidc(oidc) => {
                let metadata = oidc.metadata(&self.outbound, now).await?;
                (metadata.endpoints.clone(), &["openid", "email", "profile"])
            }
            Protocol::GitHub(github) => (github.endpoints().clone(), &["read:user", "user:email"]),
        };
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = CsrfToken::new_random();
        let client = exchange::client(&self.config, &endpoints, &self.callback_url);
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes.iter().map(|&scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        if matches!(self.protocol, Protocol::Oidc(_)) {
            request = request.add_extra_param("nonce", nonce.secret().clone());
        }
        let (url, state) = request.url();
        let pending = Pending {
            provider: self.config.id.clone(),
            state: Secret::new(state.into_secret()),
            verifier: Secret::new(verifier.into_secret()),
            nonce: Secret::new(nonce.into_secret()),
            started_at: now,
        };
        Ok(Begun { redirect_to: url.into(), pending })
    }

    /// Completes a sign-in: checks that the browser brings the answer to what it was sent away with, redeems the code, and
    /// learns who the person is.
    ///
    /// # Errors
    /// With what went wrong. Until the state is found to be right nothing of the callback is believed, an error included.
    pub async fn complete(&self, pending: Pending, callback: Callback) -> Result<Identity, Failure> {
        let now = (self.clock)();
        let Callback { code, state, error, error_description: _, iss } = callback;
        let belongs = state.is_some_and(|state| pending.is_for(&state));
        if !belongs || pending.provider != self.config.id {
            return Err(Failure::State);
        }
        if pending.is_expired(now) {
            return Err(Failure::Expired);
        }
        match &self.protocol {
            Protocol::Oidc(oidc) => {
                let metadata = oidc.metadata(&self.outbound, now).await?;
                let promised = metadata.names_itself;
                check_issuer(iss.as_deref(), promised, |iss| iss == oidc.issuer())?;
                let code = code_of(code, error)?;
                let tokens = self.redeem(&metadata.endpoints, code, pending.verifier).await?;
                // The ID token was issued meanwhile; a slow provider must not look like one whose clock is ahead.
                let now = (self.clock)();
                oidc.identify(&self.outbound, now, &metadata, &tokens, &self.config.client_id, &pending.nonce)
                    .await
            }
            Protocol::GitHub(github) => {
                check_issuer(iss.as_deref(), false, |iss| github.is_issuer(iss))?;
                let code = code_of(code, error)?;
                let tokens = self.redeem(github.endpoints(), code, pending.verifier).await?;
                github.identify(&self.outbound, &tokens).await
            }
        }
    }

    async fn redeem(
        &self,
        endpoints: &Endpoints,
        code: String,
        verifier: Secret,
    ) -> Result<exchange::Tokens, Failure> {
        let client = exchange::client(&self.config, endpoints, &self.callback_url);
        exchange::redeem(&self.outbound, &client, code, verifier).await
    }
}

/// Checks who answers, where they say so or have promised to say so (RFC 9207, part 2.4).
fn check_issuer(iss: Option<&str>, promised: bool, is: impl Fn(&str) -> bool) -> Result<(), Failure> {
    let fine = iss.map_or(!promised, is);
    if fine { Ok(()) } else { Err(BadAnswer::CallbackIssuer.into()) }
}

/// The code, or why there is none (RFC 6749, part 4.1.2.1).
fn code_of(code: Option<String>, error: Option<String>) -> Result<String, Failure> {
    if let Some(error) = error {
        let code = ErrorCode::new(&error);
        return Err(match error.as_str() {
            "access_denied" => Failure::Denied,
            "server_error" | "temporarily_unavailable" => Outage::Reported(code).into(),
            "unauthorized_client" | "redirect_uri_mismatch" | "application_suspended" => {
                Refusal::Client(code).into()
            }
            _ => Refusal::Other(code).into(),
        });
    }
    code.filter(|code| !code.is_empty()).ok_or_else(|| BadAnswer::NoCode.into())
}

/// The address with a path below it, whether or not it ends with a slash.
pub(crate) fn under(what: &str, base: &str, path: &str) -> Result<Url, ConfigError> {
    let text = format!("{}/{path}", base.trim_end_matches('/'));
    Url::parse(&text).map_err(|_| ConfigError::Url { what: what.to_owned(), url: text })
}
