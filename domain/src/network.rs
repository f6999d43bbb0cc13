//! Networks that requests come from.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// A network, such as `10.0.0.0/8` or `2001:db8::/32`, or one address. What is behind the prefix does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, examples("10.0.0.0/8")))]
#[serde(try_from = "String", into = "String")]
pub struct Network(Range);

/// The first address, and how many of its bits all addresses have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Range {
    first: IpAddr,
    prefix: u8,
}

/// Why a text is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no network: expected an address, or one with the length of a prefix, as in 10.0.0.0/8 or 2001:db8::/32"
)]
pub struct InvalidNetwork(String);

impl Network {
    /// Whether an address is in it. `::ffff:10.0.0.1` is 10.0.0.1.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let Range { first, prefix } = self.0;
        address.is_ipv4() == first.is_ipv4() && masked(address, prefix) == first
    }
}

impl std::str::FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.chars().take(60).collect());
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let written: IpAddr = address.parse().map_err(|_| invalid())?;
        let prefix = match prefix {
            None => bits(written),
            Some("0") => 0,
            Some(digits) if !digits.starts_with(['0', '+']) => digits.parse().map_err(|_| invalid())?,
            Some(_) => return Err(invalid()),
        };
        let address = written.to_canonical();
        // A prefix of a version 4 address that is written as version 6 counts the 96 bits before it.
        let before = bits(written) - bits(address);
        match prefix.checked_sub(before) {
            Some(prefix) if prefix <= bits(address) => {
                Ok(Self(Range { first: masked(address, prefix), prefix }))
            }
            _ => Err(invalid()),
        }
    }
}

/// How many bits an address has.
fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An address with nothing behind the prefix.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = u32::from(prefix);
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).into()
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { first, prefix } = self.0;
        match prefix == bits(first) {
            true => write!(f, "{first}"),
            false => write!(f, "{first}/{prefix}"),
        }
    }
}

impl TryFrom<String> for Network {
    type Error = InvalidNetwork;

    fn try_from(text: String) -> Result<Self, InvalidNetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_is_written_in_one_way() {
        for (text, written) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3/32", "10.1.2.3"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
            ("2001:DB8::1/32", "2001:db8::/32"),
            ("2001:db8::1", "2001:db8::1"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(network(text).to_string(), written, "{text}");
            assert_eq!(network(written), network(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "/",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/-1",
            "10.0.0/8",
            "10.0.0.0/8/8",
            "2001:db8::/129",
            "::ffff:10.0.0.0/95",
            "example.com",
            " 10.0.0.1",
            "10.0.0.1:80",
            "fe80::1%eth0",
            "10.0.0.0/256",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn addresses_are_inside_or_not() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
            ("10.1.2.3", "10.1.2.3", "10.1.2.2"),
            ("10.1.2.0/31", "10.1.2.1", "10.1.2.2"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("::/0", "2001:db8::1", "10.0.0.1"),
        ] {
            assert!(network(text).contains(inside.parse().unwrap()), "{inside} in {text}");
            assert!(!network(text).contains(outside.parse().unwrap()), "{outside} in {text}");
        }
    }
}
