//! `in_cidr`: addresses in networks.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::{Match, values};
use crate::ruleset::Test;
use crate::value::Value;

/// Networks as ranges of addresses, sorted and without overlaps, so that a long list costs a binary search.
#[derive(Debug)]
pub(crate) struct Networks {
    v4: Box<[Range]>,
    v6: Box<[Range]>,
}

/// The first and the last address, as numbers.
type Range = (u128, u128);

impl Networks {
    pub(super) fn compile(test: &Test) -> Result<Self, String> {
        let networks = values(test, |value| match value {
            Json::String(text) => network(text),
            _ => None,
        })?;
        let (v4, v6): (Vec<_>, Vec<_>) = networks.into_iter().partition(|(is_v4, _)| *is_v4);
        Ok(Self { v4: merge(v4), v6: merge(v6) })
    }

    pub(super) fn compare(&self, value: &Value<'_>) -> Match {
        let Value::Text(text) = value else { return Match::NotComparable };
        let Ok(address) = text.parse::<IpAddr>() else { return Match::NotComparable };
        let (is_v4, address) = number(address);
        let ranges = if is_v4 { &self.v4 } else { &self.v6 };
        let after = ranges.partition_point(|(first, _)| *first <= address);
        let nearest = after.checked_sub(1).and_then(|place| ranges.get(place));
        Match::from(nearest.is_some_and(|(_, last)| address <= *last))
    }
}

/// Whether an address is of version 4, and its number. `::ffff:10.0.0.1` is 10.0.0.1.
fn number(address: IpAddr) -> (bool, u128) {
    match address.to_canonical() {
        IpAddr::V4(address) => (true, u32::from(address).into()),
        IpAddr::V6(address) => (false, address.into()),
    }
}

/// Reads `10.0.0.0/8`, `2001:db8::/32` or one address. What is behind the prefix does not count.
fn network(text: &str) -> Option<(bool, Range)> {
    let (address, prefix) =
        text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let address: IpAddr = address.parse().ok()?;
    let written_bits: u32 = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix {
        None => written_bits,
        Some("0") => 0,
        Some(digits) if !digits.starts_with(['0', '+']) => {
            digits.parse().ok().filter(|prefix| *prefix <= written_bits)?
        }
        Some(_) => return None,
    };
    let (is_v4, address) = number(address);
    let bits: u32 = if is_v4 { 32 } else { 128 };
    // A prefix of a version 4 address that is written as version 6 counts the 96 bits before it.
    let free = bits - prefix.checked_sub(written_bits - bits)?;
    let host = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    Some((is_v4, (address & !host, address | host)))
}

fn merge(networks: Vec<(bool, Range)>) -> Box<[Range]> {
    let mut ranges: Vec<_> = networks.into_iter().map(|(_, range)| range).collect();
    ranges.sort_unstable();
    ranges.dedup_by(|next, range| {
        let overlaps = next.0 <= range.1;
        if overlaps {
            range.1 = range.1.max(next.1);
        }
        overlaps
    });
    ranges.into()
}
