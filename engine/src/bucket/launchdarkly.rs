//! LaunchDarkly, as its server SDK for Go and its Rust evaluation crate have it: 32-bit floats.

use sha1::{Digest, Sha1};

use super::{Choice, weights};
use crate::ruleset::FULL_WEIGHT;

/// 2⁶⁰, which the largest number of 15 hex digits rounds to.
const SCALE: f32 = 1_152_921_504_606_846_976.0;

/// The seed is `key.salt`, or a rollout's own seed in decimal. A fraction beyond the weights' sum, which rounding can
/// bring about, belongs to the last variation.
#[expect(clippy::cast_precision_loss, reason = "as the original rounds")]
pub(super) fn choose(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    let fraction = first_15_hex_digits(seed, value) as f32 / SCALE;
    let (mut sum, mut last) = (0.0, None);
    let mut places = weights(reaches).enumerate();
    let place = places.find_map(|(place, weight)| {
        last = Some(place);
        sum += weight as f32 / FULL_WEIGHT as f32;
        (fraction < sum).then_some(place)
    });
    Choice { bucket: bucket(fraction), place: place.or(last) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1 before it is scaled"
)]
fn bucket(fraction: f32) -> u32 {
    (f64::from(fraction) * f64::from(FULL_WEIGHT)) as u32
}

fn first_15_hex_digits(seed: &str, value: &str) -> u64 {
    let mut hasher = Sha1::new();
    super::joined([seed, ".", value], |text| hasher.update(text));
    let digest: [u8; 20] = hasher.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 4
}
