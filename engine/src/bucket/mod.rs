//! From a value to a variation: the project's own hash, and those of other systems, whose flags keep theirs when they
//! are imported.

mod flagd;
mod flagsmith;
mod growthbook;
mod launchdarkly;
mod md5_block;
mod murmur3;
mod togglebit;
mod unleash;

use crate::ruleset::Algorithm;

pub use togglebit::togglebit;

/// What a rollout decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The bucket, in the algorithm's own numbers.
    pub bucket: u32,
    /// The place of the variation among the weights; none where the weights end before the bucket.
    pub place: Option<usize>,
}

/// Chooses among weights. `reaches` are their running sums in thousandths of a percent, `seed` and `value` what is
/// hashed.
///
/// | algorithm | hashed | bucket |
/// |---|---|---|
/// | `togglebit` | MD5 of `seed:value` | 0 to 99 999 |
/// | `launchdarkly` | SHA-1 of `seed.value` | the hash as a fraction, in 100 000ths |
/// | `unleash` | murmur3 of `seed:value` | 1 to 100 |
/// | `unleash_variant` | the same with a number of its own | 1 to 1000 |
/// | `growthbook_v1` | FNV-1a of value and seed | 0 to 999 |
/// | `growthbook_v2` | FNV-1a of FNV-1a of seed and value | 0 to 9999 |
/// | `flagd` | murmur3 of seed and value | 0 to 99 999 |
/// | `flagsmith`, `flagsmith_split` | MD5 of `seed,value` | 0 to 9998 |
pub fn choose(
    algorithm: Algorithm,
    seed: &str,
    value: &str,
    reaches: impl IntoIterator<Item = u32>,
) -> Choice {
    match algorithm {
        Algorithm::Togglebit => {
            let bucket = togglebit(seed, value);
            Choice { bucket, place: pick(reaches, bucket) }
        }
        Algorithm::Launchdarkly => launchdarkly::choose(seed, value, reaches),
        Algorithm::Unleash => unleash::rollout(seed, value, reaches),
        Algorithm::UnleashVariant => unleash::variant(seed, value, reaches),
        Algorithm::GrowthbookV1 => growthbook::version_1(seed, value, reaches),
        Algorithm::GrowthbookV2 => growthbook::version_2(seed, value, reaches),
        Algorithm::Flagd => flagd::choose(seed, value, reaches),
        Algorithm::Flagsmith => flagsmith::variant(seed, value, reaches),
        Algorithm::FlagsmithSplit => flagsmith::split(seed, value, reaches),
    }
}

/// The place of the first reach beyond `bucket`, or none where the reaches end before it.
pub fn pick(reaches: impl IntoIterator<Item = u32>, bucket: u32) -> Option<usize> {
    reaches.into_iter().position(|reach| bucket < reach)
}

/// The longest text that is joined on the stack.
const ON_STACK: usize = 128;

/// Calls `f` with the parts joined. Not inlined, so that its buffer costs those nothing who do not use it.
#[inline(never)]
fn joined<R>(parts: [&str; 3], f: impl FnOnce(&[u8]) -> R) -> R {
    let mut buffer = [0_u8; ON_STACK];
    match join(parts, &mut buffer) {
        Some(text) => f(text),
        None => f(parts.concat().as_bytes()),
    }
}

/// The parts joined at the start of a buffer, if they fit.
fn join<'b>(parts: [&str; 3], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let mut end = 0;
    for part in parts {
        let start = end;
        end += part.len();
        buffer.get_mut(start..end)?.copy_from_slice(part.as_bytes());
    }
    buffer.get(..end)
}

/// The weight of each reach's variation as a fraction, as systems that count in floats have it.
fn fractions(reaches: impl IntoIterator<Item = u32>) -> impl Iterator<Item = f64> {
    weights(reaches).map(|weight| f64::from(weight) / f64::from(crate::ruleset::FULL_WEIGHT))
}

/// The weight of each reach's variation in thousandths of a percent.
fn weights(reaches: impl IntoIterator<Item = u32>) -> impl Iterator<Item = u32> {
    let mut last = 0;
    reaches.into_iter().map(move |reach| {
        let weight = reach.saturating_sub(last);
        last = reach;
        weight
    })
}
