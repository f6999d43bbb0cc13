//! OpenID Connect: what is known of a provider, and who an ID token is about.

mod claims;
mod discovery;
mod jws;
mod keys;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use url::Url;

use crate::config::ConfigError;
use crate::exchange::Tokens;
use crate::failure::{BadAnswer, Failure, Step};
use crate::outbound::Outbound;
use crate::person::filled;
use crate::providers::under;
use crate::{Identity, Secret};
use claims::{Claims, Expected, Profile};
use discovery::Metadata;
use jws::Jws;
use keys::Keys;

/// How long what a provider says of itself is believed, in milliseconds.
const FRESH: i64 = 60 * 60 * 1000;
/// How long after looking for an unknown key the provider is not asked again, in milliseconds: otherwise whoever can make
/// up a key's name could make us send requests.
const PAUSE: i64 = 60 * 1000;

/// An OpenID Connect provider.
pub(crate) struct Oidc {
    issuer: String,
    discovery: Url,
    /// Never held while a provider is asked: one that hangs must hold up nobody who can do without it.
    known: Mutex<Known>,
}

/// What was learned of a provider, and when, in epoch milliseconds.
#[derive(Default)]
struct Known {
    metadata: Option<(i64, Arc<Metadata>)>,
    keys: Option<(i64, Arc<Keys>)>,
    looked_for_key: Option<i64>,
}

/// The provider's answer about a person, beside the ID token.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

impl Oidc {
    /// # Errors
    /// When the issuer is no address.
    pub(crate) fn new(issuer: &str) -> Result<Self, ConfigError> {
        // OpenID Connect Discovery 1.0, part 4.1: a slash at the end goes before the path is added.
        let discovery = under("the issuer", issuer, ".well-known/openid-configuration")?;
        Ok(Self { issuer: issuer.to_owned(), discovery, known: Mutex::default() })
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the provider can do, and where.
    ///
    /// # Errors
    /// When it was not asked within the last hour and does not answer as it should.
    pub(crate) async fn metadata(&self, outbound: &Outbound, now: i64) -> Result<Arc<Metadata>, Failure> {
        if let Some((_, metadata)) =
            self.known().metadata.as_ref().filter(|(at, _)| is_within(FRESH, *at, now))
        {
            return Ok(Arc::clone(metadata));
        }
        let document = outbound.get(Step::Discovery, &self.discovery, None).await?;
        let metadata = Arc::new(Metadata::check(document, &self.issuer)?);
        self.known().metadata = Some((now, Arc::clone(&metadata)));
        Ok(metadata)
    }

    /// Validates the ID token and says who it is about. Where it has no e-mail address the provider is asked for one: in the
    /// code flow that is where OpenID Connect Core 1.0, part 5.4, has the address, and only some add it to the ID token.
    ///
    /// # Errors
    /// When the ID token is not valid for this sign-in, or the provider does not answer as it should.
    pub(crate) async fn identify(
        &self,
        outbound: &Outbound,
        now: i64,
        metadata: &Metadata,
        tokens: &Tokens,
        client_id: &str,
        nonce: &Secret,
    ) -> Result<Identity, Failure> {
        let token = tokens.id.as_ref().ok_or(BadAnswer::NoIdToken)?;
        let jws = Jws::parse(token.expose())?;
        self.verify(outbound, now, metadata, &jws).await?;
        let claims: Claims = jws.payload()?;
        claims.check(&Expected { issuer: &self.issuer, client_id, nonce, now })?;
        let Claims { sub: subject, mut profile, .. } = claims;
        if filled(profile.email.clone()).is_none()
            && let Some(url) = &metadata.user_info
        {
            let token = Some(tokens.access.expose());
            let found: UserInfo = outbound.get(Step::User, url, token).await?;
            // OpenID Connect Core 1.0, part 5.3.2: without this an access token of somebody else would lend its address.
            if found.sub != subject {
                return Err(BadAnswer::Subject.into());
            }
            profile = Profile { name: profile.name.or(found.profile.name), ..found.profile };
        }
        let email = filled(profile.email);
        let email_verified = email.is_some() && profile.email_verified;
        Ok(Identity {
            issuer: self.issuer.clone(),
            subject,
            email,
            email_verified,
            name: filled(profile.name),
        })
    }

    /// Checks the signature, with newer keys where it is by none of those that are known.
    async fn verify(
        &self,
        outbound: &Outbound,
        now: i64,
        metadata: &Metadata,
        jws: &Jws<'_>,
    ) -> Result<(), Failure> {
        let known = self.known().keys.as_ref().filter(|(at, _)| is_within(FRESH, *at, now)).cloned();
        if let Some((_, keys)) = known {
            match jws.verify(&keys) {
                // Without a name nobody can tell a wrong signature from one by a new key.
                Err(BadAnswer::UnknownKey) => {}
                Err(BadAnswer::Signature) if !jws.names_key() => {}
                checked => return checked.map_err(Failure::from),
            }
            if !self.may_look_for_key(now) {
                return jws.verify(&keys).map_err(Failure::from);
            }
        }
        let document = outbound.get(Step::Keys, &metadata.keys, None).await?;
        let keys = Arc::new(Keys::read(document));
        self.known().keys = Some((now, Arc::clone(&keys)));
        jws.verify(&keys).map_err(Failure::from)
    }

    /// Whether the provider may be asked for an unknown key. To ask is to look: the next one has to wait.
    fn may_look_for_key(&self, now: i64) -> bool {
        let mut known = self.known();
        let too_soon = known.looked_for_key.is_some_and(|at| is_within(PAUSE, at, now));
        if !too_soon {
            known.looked_for_key = Some(now);
        }
        !too_soon
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing that holds it can leave it half done.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether less than this has passed. A time to come is one that a clock which was set back has left behind.
fn is_within(span: i64, at: i64, now: i64) -> bool {
    (0..span).contains(&now.saturating_sub(at))
}
