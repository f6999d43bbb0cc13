//! Flagsmith, as its Python engine has it: 64-bit floats, in percent.

use md5::{Digest, Md5};

use super::{Choice, weights};

/// A multivariate feature: in the first variation whose part of a hundred begins at or before the number and ends after
/// it. The seed is the feature state's key.
pub(super) fn variant(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    choose(seed, value, reaches, |percent, sum| percent < sum)
}

/// A percentage split: in while at most the percentage. The seed is the segment's key.
pub(super) fn split(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    choose(seed, value, reaches, |percent, sum| percent <= sum)
}

fn choose(
    seed: &str,
    value: &str,
    reaches: impl IntoIterator<Item = u32>,
    is_in: impl Fn(f64, f64) -> bool,
) -> Choice {
    let bucket = bucket(seed, value);
    let percent = f64::from(bucket) / 9998.0 * 100.0;
    let mut sum = 0.0;
    let place = weights(reaches).position(|weight| {
        sum += f64::from(weight) / 1000.0;
        is_in(percent, sum)
    });
    Choice { bucket, place }
}

/// The original goes on for ever; ten in a row happen once in 10⁴⁰.
const PAIRS: usize = 10;

/// The MD5 of `seed,value` modulo 9999. The one that stands for a hundred percent is hashed again, with one pair more.
fn bucket(seed: &str, value: &str) -> u32 {
    (1..=PAIRS).map(|pairs| remainder(seed, value, pairs)).find(|bucket| *bucket != 9998).unwrap_or_default()
}

fn remainder(seed: &str, value: &str, pairs: usize) -> u32 {
    let mut hasher = Md5::new();
    for pair in 0..pairs {
        if pair > 0 {
            hasher.update(b",");
        }
        hasher.update(seed.as_bytes());
        hasher.update(b",");
        hasher.update(value.as_bytes());
    }
    let digest: [u8; 16] = hasher.finalize().into();
    u32::try_from(u128::from_be_bytes(digest) % 9999).unwrap_or_default()
}
