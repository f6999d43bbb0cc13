//! Passes: what stands in an address in the place of a key, for clients that can send nothing but an address.
//!
//! A pass names an environment's key, ends by itself, and opens nothing but the environment's stream of hints: no value and
//! no rule. It is signed with the instance's secret, so that no node has to remember it.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::{ApiKeyId, Millis};
use uuid::Uuid;

use super::Delivery;
use super::keys::Caller;

/// A pass is the same all day long, so that who follows by it need not change the address, and ends between one and two
/// days later.
const DAY_MS: i64 = 86_400_000;

/// The bytes of an id, of a time, and of the signature: half of HMAC-SHA256 (RFC 2104, 5).
const ID: usize = 16;
const TIME: usize = 8;
const SIGNATURE: usize = 16;

impl Delivery {
    /// A pass for the environment of a key.
    pub fn pass(&self, caller: &Caller) -> String {
        let day = self.now().0.div_euclid(DAY_MS);
        let until = day.saturating_add(2).saturating_mul(DAY_MS);
        let mut bytes = caller.id.0.as_bytes().to_vec();
        bytes.extend(until.to_be_bytes());
        bytes.extend(&self.0.secrets.pass_signature(&bytes)[..SIGNATURE]);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whose pass it is, and until when it is good; none where it is none, has ended, or its key works no more.
    pub fn redeem(&self, pass: &str) -> Option<(Arc<Caller>, Millis)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(pass).ok()?;
        let (content, signature) = bytes.split_at_checked(ID + TIME)?;
        let expected = self.0.secrets.pass_signature(content);
        let is_ours = subtle::ConstantTimeEq::ct_eq(signature, &expected[..SIGNATURE]);
        let (id, until) = content.split_at_checked(ID)?;
        let until = Millis(i64::from_be_bytes(until.try_into().ok()?));
        let now = self.now();
        if !bool::from(is_ours) || until <= now {
            return None;
        }
        let id = ApiKeyId::from(Uuid::from_bytes(id.try_into().ok()?));
        self.0.keys.load().by_id(id, now).map(|caller| (caller, until))
    }
}
