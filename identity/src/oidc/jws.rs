//! A signed token in its compact form (RFC 7515, part 7.1).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::keys::{Algorithm, Keys};
use crate::failure::{BadAnswer, Step};

const UNREADABLE: BadAnswer = BadAnswer::Unreadable(Step::IdToken);

/// A token whose signature was not checked yet, or was.
pub(super) struct Jws<'a> {
    algorithm: Algorithm,
    key: Option<String>,
    /// Header and payload as they were signed.
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    /// # Errors
    /// When it is no token, or one that is signed in a way that is not accepted.
    pub(super) fn parse(token: &'a str) -> Result<Self, BadAnswer> {
        let (signed, signature) = token.rsplit_once('.').ok_or(UNREADABLE)?;
        let (header, payload) = signed.split_once('.').ok_or(UNREADABLE)?;
        if payload.contains('.') {
            return Err(UNREADABLE);
        }
        let Header { alg, kid, crit } = read(header)?;
        let algorithm = Algorithm::named(&alg).ok_or(BadAnswer::Algorithm)?;
        // RFC 7515, part 4.1.11: what is not understood must not be passed over, and no extension is.
        if crit.is_some() {
            return Err(BadAnswer::Critical);
        }
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| UNREADABLE)?;
        Ok(Self { algorithm, key: kid, signed, payload, signature })
    }

    /// Whether the token says which key it is signed with.
    pub(super) fn names_key(&self) -> bool {
        self.key.is_some()
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// When none of the keys is the named one, or none has signed it.
    pub(super) fn verify(&self, keys: &Keys) -> Result<(), BadAnswer> {
        let mut found = false;
        for key in keys.find(self.algorithm, self.key.as_deref()) {
            if key.has_signed(self.signed.as_bytes(), &self.signature) {
                return Ok(());
            }
            found = true;
        }
        Err(if found { BadAnswer::Signature } else { BadAnswer::UnknownKey })
    }

    /// What the token says.
    ///
    /// # Errors
    /// When that cannot be read.
    pub(super) fn payload<T: DeserializeOwned>(&self) -> Result<T, BadAnswer> {
        read(self.payload)
    }
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, BadAnswer> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| UNREADABLE)?;
    serde_json::from_slice(&bytes).map_err(|_| UNREADABLE)
}
