//! Who comes without a key that works: a bucket for each address.

use std::hash::Hasher;
use std::net::IpAddr;

use domain::Millis;
use siphasher::sip128::{Hasher128, SipHasher24};

use super::bucket::{Exceeded, Scope};
use super::limit::{Limit, Spent};

/// How many buckets each of two rows has: 512 KiB in all, however many addresses there are.
const BUCKETS: usize = 1 << 15;

/// Buckets that addresses share: each has one in either row, by a hash under a secret of this process, and is refused where both
/// are empty. So no address has to be remembered, nor forgotten to make room for another. Two that share both (one pair in a
/// thousand million) would be refused together, and none that has a key that works.
pub(super) struct Addresses {
    limit: Option<Limit>,
    secret: [u8; 16],
    rows: [Box<[Spent]>; 2],
}

impl Addresses {
    pub(super) fn new(limit: Option<Limit>) -> Self {
        let buckets = if limit.is_some() { BUCKETS } else { 0 };
        let row = || (0..buckets).map(|_| Spent::default()).collect();
        Self { limit, secret: rand::random(), rows: [row(), row()] }
    }

    /// Counts a request without a key that works from an address. All whose address is not known are one.
    pub(super) fn admit(&self, address: Option<IpAddr>, now: Millis) -> Result<(), Exceeded> {
        let Some(limit) = self.limit else { return Ok(()) };
        // From each row, also where the one before had room: both are to be empty at the same time.
        let [first, second] =
            self.hashes(address).map(|hash| usize::try_from(hash).unwrap_or_default() % BUCKETS);
        let [first, second] = [(&self.rows[0], first), (&self.rows[1], second)]
            .map(|(row, place)| row.get(place).map_or(Ok(()), |spent| limit.take(spent, now, 0).map(drop)));
        first.or(second).map_err(|quota| Exceeded { scope: Scope::Address, quota })
    }

    fn hashes(&self, address: Option<IpAddr>) -> [u64; 2] {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        match address.map(|address| address.to_canonical()) {
            None => hasher.write(b"unknown"),
            Some(IpAddr::V4(address)) => hasher.write(&address.octets()),
            // What one subscriber holds.
            Some(IpAddr::V6(address)) => hasher.write(&address.octets()[..8]),
        }
        let hash = hasher.finish128();
        [hash.h1, hash.h2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::new(Limit::new(1, 3))
    }

    fn admitted(addresses: &Addresses, address: &str) -> usize {
        let address = address.parse().ok();
        (0..10).filter(|_| addresses.admit(address, Millis(1_767_225_600_000)).is_ok()).count()
    }

    #[test]
    fn each_address_has_its_own() {
        let addresses = addresses();
        for address in ["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8:0:1::1", "unknown"] {
            assert_eq!(admitted(&addresses, address), 3, "{address}");
            assert_eq!(admitted(&addresses, address), 0, "{address}");
        }
        for same in ["::ffff:10.0.0.1", "2001:db8::ffff:2", "2001:db8:0:1:2:3:4:5", "unknown, too"] {
            assert_eq!(admitted(&addresses, same), 0, "{same}");
        }
    }

    #[test]
    fn without_a_limit_all_may() {
        assert_eq!(admitted(&Addresses::new(None), "10.0.0.1"), 10);
    }

    /// Addresses beyond number neither grow it nor open it.
    #[test]
    fn a_flood_is_let_in_no_more_than_there_is_room() {
        let addresses = addresses();
        let flood = (0..1_000_000u32).map(|number| Some(IpAddr::from(number.to_be_bytes())));
        let admitted =
            flood.filter(|address| addresses.admit(*address, Millis(1_767_225_600_000)).is_ok()).count();
        assert!(admitted <= 2 * 3 * BUCKETS, "{admitted}");
        assert_eq!(addresses.rows.iter().map(|row| row.len()).sum::<usize>(), 2 * BUCKETS);
    }
}
