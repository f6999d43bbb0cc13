//! What an ID token says, and whether it says it to us about this sign-in.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::Secret;
use crate::config::GOOGLE_ISSUER;
use crate::failure::BadAnswer;

/// How far the provider's clock and ours may be apart, in seconds.
const SKEW: f64 = 60.0;

/// The claims, as far as they are read.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    #[serde(default)]
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    // In seconds since 1970. RFC 7519, part 2, allows fractions.
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    #[serde(flatten)]
    pub(super) profile: Profile,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Who the person is, which every provider may leave out.
#[derive(Deserialize)]
pub(super) struct Profile {
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "truth")]
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
}

/// What the claims must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a Secret,
    /// By our own clock, in epoch milliseconds.
    pub(super) now: i64,
}

impl Claims {
    /// OpenID Connect Core 1.0, part 3.1.3.7, from its second step to its eleventh.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub(super) fn check(&self, expected: &Expected<'_>) -> Result<(), BadAnswer> {
        if !is_issuer(expected.issuer, &self.iss) {
            return Err(BadAnswer::Issuer);
        }
        let audience = match &self.aud {
            Audience::One(one) => std::slice::from_ref(one),
            Audience::Many(many) => many,
        };
        if !audience.iter().any(|one| one == expected.client_id) {
            return Err(BadAnswer::Audience);
        }
        match &self.azp {
            Some(party) if party != expected.client_id => return Err(BadAnswer::AuthorizedParty),
            None if audience.len() > 1 => return Err(BadAnswer::AuthorizedParty),
            _ => {}
        }
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact for 285 000 years")]
        let now = expected.now as f64 / 1000.0;
        // Written so that a number which is none fails.
        let is_valid_still = self.exp + SKEW > now;
        if !is_valid_still {
            return Err(BadAnswer::Expired);
        }
        let is_valid_already = self.iat - SKEW <= now && self.nbf.is_none_or(|nbf| nbf - SKEW <= now);
        if !is_valid_already {
            return Err(BadAnswer::Future);
        }
        if !self.nonce.as_deref().is_some_and(|nonce| expected.nonce.is(nonce)) {
            return Err(BadAnswer::Nonce);
        }
        if self.sub.is_empty() {
            return Err(BadAnswer::Subject);
        }
        Ok(())
    }
}

/// Google may leave its scheme out: <https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken>.
fn is_issuer(expected: &str, found: &str) -> bool {
    found == expected || (expected == GOOGLE_ISSUER && found == "accounts.google.com")
}

/// Some providers, such as Amazon Cognito, write `"true"`. Everything else that is not true is false.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(value) => value,
        Value::String(text) => text == "true",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_google_may_leave_its_scheme_out() {
        assert!(is_issuer("https://accounts.google.com", "https://accounts.google.com"));
        assert!(is_issuer("https://accounts.google.com", "accounts.google.com"));
        assert!(!is_issuer("https://login.example.com", "login.example.com"));
        assert!(!is_issuer("https://login.example.com", "accounts.google.com"));
        assert!(!is_issuer("https://accounts.google.com", "https://accounts.google.com/"));
    }
}
