//! Keyed hashes of what must not be readable in the database.

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::{Digest, Sha256};

/// The fewest characters that an instance's secret may have.
pub const MIN_SECRET_LENGTH: usize = 32;

/// The instance's secret, ready for use. Never shown, never logged.
#[derive(Clone)]
pub struct Secrets {
    /// Names the secret in rows, so that it can rotate.
    key_id: String,
    api_keys: Hmac<Sha256>,
    tokens: Hmac<Sha256>,
    demo: Hmac<Sha256>,
    passes: Hmac<Sha256>,
}

impl Secrets {
    /// Derives the keys from the instance's secret; none where it is too short to be one.
    pub fn new(secret: &str) -> Option<Self> {
        if secret.len() < MIN_SECRET_LENGTH {
            return None;
        }
        let derive = |purpose: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
            mac.update(purpose.as_bytes());
            Hmac::new_from_slice(&mac.finalize().into_bytes()).ok()
        };
        let key_id = hex(&Sha256::digest(format!("key id:{secret}")).as_slice()[..8]);
        Some(Self {
            key_id,
            api_keys: derive("api keys")?,
            tokens: derive("tokens")?,
            demo: derive("demo")?,
            passes: derive("passes")?,
        })
    }

    /// The name of the secret that hashes are made with.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What is stored and looked up of a raw API key.
    pub(crate) fn api_key_hash(&self, raw: &str) -> [u8; 32] {
        let mut mac = self.api_keys.clone();
        mac.update(raw.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// What is stored and looked up of a token or a link, and of whoever tries to sign in. What one kind is worth,
    /// another is not.
    pub(crate) fn token_hash(&self, kind: &str, raw: &str) -> String {
        let mut mac = self.tokens.clone();
        mac.update(kind.as_bytes());
        mac.update(b":");
        mac.update(raw.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// What shows that a pass is one of ours.
    pub(crate) fn pass_signature(&self, content: &[u8]) -> [u8; 32] {
        let mut mac = self.passes.clone();
        mac.update(content);
        mac.finalize().into_bytes().into()
    }

    /// The random part of the demo's key: the same at every start, so that it can be printed again without being kept.
    pub(crate) fn demo_token(&self, environment: &str) -> String {
        let mut mac = self.demo.clone();
        mac.update(environment.as_bytes());
        hex(&mac.finalize().into_bytes())[..TOKEN_LENGTH].to_owned()
    }
}

/// The characters of a token: 40 of 62, which is 238 bits.
const TOKEN_LENGTH: usize = 40;

/// A random token of letters and digits.
pub fn random_token() -> String {
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(TOKEN_LENGTH).map(char::from).collect()
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes that hex digits stand for; none for anything else.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}
