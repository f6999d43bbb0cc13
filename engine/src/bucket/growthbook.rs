//! GrowthBook: 64-bit floats, and texts as UTF-16.

use super::{Choice, fractions};

/// Version 1: `fnv1a(value + seed)`, a thousand buckets.
pub(super) fn version_1(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    choose(fnv1a(value.encode_utf16().chain(seed.encode_utf16())), 1000, reaches)
}

/// Version 2: `fnv1a` of the decimal digits of `fnv1a(seed + value)`, ten thousand buckets.
pub(super) fn version_2(seed: &str, value: &str, reaches: impl IntoIterator<Item = u32>) -> Choice {
    let first = fnv1a(seed.encode_utf16().chain(value.encode_utf16()));
    choose(fnv1a(itoa::Buffer::new().format(first).encode_utf16()), 10_000, reaches)
}

fn choose(hash: u32, buckets: u32, reaches: impl IntoIterator<Item = u32>) -> Choice {
    let bucket = hash % buckets;
    let fraction = f64::from(bucket) / f64::from(buckets);
    let mut sum = 0.0;
    let place = fractions(reaches).position(|weight| {
        sum += weight;
        fraction < sum
    });
    Choice { bucket, place }
}

/// FNV-1a with 32 bits (Fowler, Noll, Vo), over UTF-16 units as the original's language has them.
fn fnv1a(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0x811c_9dc5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}
