//! flagd from 0.15 on: the hash is scaled to the weights' sum. Integers.

use super::{Choice, joined, murmur3, pick};
use crate::ruleset::FULL_WEIGHT;

/// The seed is the flag's key, or whatever stands before the targeting key in `fractional`; nothing separates the two.
pub(super) fn choose(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    let hash = joined([seed, value, ""], |text| murmur3::hash(text, 0));
    // Whatever the weights add up to there: the comparison is the same at every scale.
    let scaled = (u64::from(hash) * u64::from(FULL_WEIGHT)) >> 32;
    let bucket = u32::try_from(scaled).unwrap_or_default();
    Choice { bucket, place: pick(reaches, bucket) }
}
