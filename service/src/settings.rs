//! What an instance's operator decides.

use crate::delivery::{RateLimits, StreamLimits};

/// What an instance's operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether people may have passwords here.
    pub local_accounts: bool,
    /// Who may sign up.
    pub sign_up: SignUpPolicy,
    /// Where people reach the instance, without a slash at the end: what links begin with.
    pub public_url: String,
    /// How many applications may follow environments on one node.
    pub streams: StreamLimits,
    /// How often applications may ask.
    pub rates: RateLimits,
}

impl Default for Settings {
    fn default() -> Self {
        let public_url = "http://127.0.0.1:3000".to_owned();
        Self {
            local_accounts: true,
            sign_up: SignUpPolicy::Open,
            public_url,
            streams: StreamLimits::default(),
            rates: RateLimits::default(),
        }
    }
}

/// Who may sign up. Whoever has an invitation always may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUpPolicy {
    /// Everybody.
    Open,
    /// Nobody without an invitation.
    Invited,
    /// Whoever has an address at one of these domains.
    Domains(Vec<String>),
}

impl SignUpPolicy {
    /// Whether somebody with this address may sign up without an invitation.
    pub(crate) fn admits(&self, email: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Invited => false,
            Self::Domains(domains) => email.rsplit_once('@').is_some_and(|(_, domain)| {
                domains.iter().any(|admitted| admitted.eq_ignore_ascii_case(domain))
            }),
        }
    }
}
