//! From an attribute's value to a bucket: integers only, so that every language computes the same.

use md5::{Digest, Md5};

use crate::ruleset::Algorithm;

/// The bucket of `value` under `seed`, from 0 to 99 999.
pub fn bucket(algorithm: Algorithm, seed: &str, value: &str) -> u32 {
    match algorithm {
        Algorithm::Togglebit => togglebit(seed, value),
    }
}

/// With `h` the first 8 hex digits of `md5(seed + ":" + value)` as a 32-bit number:
/// `(h mod 100) * 1000 + (h div 100) mod 1000`.
///
/// For whole percentages this is `h mod 100 < percent`, the rule that simple scripts use, and it is a thousand times
/// finer. The remainder's bias (2³² is no multiple of 100 000) is below 0.0024 % of any bucket.
///
/// MD5 is RFC 1321; it serves here as a well-spread hash that every language has, not as a cryptographic one.
///
/// ```
/// // printf checkout-v2:user-1 | md5sum → be37ae25…, and 0xbe37ae25 = 3191320101
/// assert_eq!(engine::bucket::togglebit("checkout-v2", "user-1"), 1_201);
/// ```
pub fn togglebit(seed: &str, value: &str) -> u32 {
    let mut hasher = Md5::new();
    hasher.update(seed.as_bytes());
    hasher.update(b":");
    hasher.update(value.as_bytes());
    let digest: [u8; 16] = hasher.finalize().into();
    let [a, b, c, d, ..] = digest;
    let h = u32::from_be_bytes([a, b, c, d]);
    (h % 100) * 1000 + (h / 100) % 1000
}

/// The place of the first reach beyond `bucket`, or none where the reaches end before it.
pub fn pick(reaches: impl IntoIterator<Item = u32>, bucket: u32) -> Option<usize> {
    reaches.into_iter().position(|reach| bucket < reach)
}
