//! A sign-in between its two halves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Secret;

/// How long a person may take at the provider, in milliseconds.
const PATIENCE: i64 = 10 * 60 * 1000;
/// How far the clocks of two of our own processes may be apart, in milliseconds: one begins, another completes.
const SKEW: i64 = 60 * 1000;

/// A sign-in that has begun.
pub struct Begun {
    /// The provider's page, which the browser must visit next. It holds the state: redirect to it, and log it nowhere.
    pub redirect_to: String,
    /// What must be remembered until the browser returns.
    pub pending: Pending,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").field("pending", &self.pending).finish_non_exhaustive()
    }
}

/// A sign-in for which the browser has not returned yet.
///
/// It belongs into the session of the browser that began. It must be taken out of there before
/// [`complete`](crate::Provider::complete) is called, whatever comes of that: it is good for one attempt.
#[derive(Debug, Deserialize, Serialize)]
pub struct Pending {
    /// The id of the provider that the browser was sent to.
    pub(crate) provider: String,
    /// Binds the answer to this browser.
    pub(crate) state: Secret,
    /// Proves to the provider that whoever redeems the code has begun the sign-in (RFC 7636).
    pub(crate) verifier: Secret,
    /// Binds the ID token to this sign-in.
    pub(crate) nonce: Secret,
    /// When it began, in epoch milliseconds.
    pub(crate) started_at: i64,
}

impl Pending {
    /// The id of the provider that the browser was sent to.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// When it began, in epoch milliseconds.
    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// Whether this is the sign-in that a callback with this state belongs to, for sessions that keep several.
    pub fn is_for(&self, state: &str) -> bool {
        self.state.is(state)
    }

    /// Whether it is too old, or from a future that a clock which was set back has left behind.
    pub(crate) fn is_expired(&self, now: i64) -> bool {
        !(-SKEW..=PATIENCE).contains(&now.saturating_sub(self.started_at))
    }
}

/// The query that the browser brings back from the provider (RFC 6749, parts 4.1.2 and 4.1.2.1).
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Callback {
    /// The code to redeem.
    pub code: Option<String>,
    /// The state that the browser was sent away with.
    pub state: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// The same in a provider's own words, which are never shown or kept: anybody can write a query.
    pub error_description: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All of it comes from a query that anybody can write; code and state are secrets.
        f.debug_struct("Callback").finish_non_exhaustive()
    }
}
