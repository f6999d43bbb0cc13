//! Unleash, as Yggdrasil and the SDKs for Go and Python have it: integers.

use super::{Choice, joined, murmur3};

/// The start number of the variants' hash, so that it does not go along with the rollout's.
const VARIANTS: u32 = 86_028_157;

/// A gradual rollout: 1 to 100, in while at most the percentage. The seed is the group id.
pub(super) fn rollout(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    choose(seed, value, reaches, 0, 100)
}

/// Variants, whose weights add up to 1000: 1 to 1000, in the first one that reaches it.
pub(super) fn variant(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    choose(seed, value, reaches, VARIANTS, 1000)
}

fn choose(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>, start: u32, total: u32) -> Choice {
    let bucket = joined([seed, ":", value], |text| murmur3::hash(text, start)) % total + 1;
    let needed = bucket * (crate::ruleset::FULL_WEIGHT / total);
    Choice { bucket, place: reaches.into_iter().position(|reach| needed <= reach) }
}
