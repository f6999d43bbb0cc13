//! How people spread over buckets: the shares that weights ask for, evenly, and independently for each flag.
//!
//! The inputs are fixed, so that these tests always answer the same. The bounds are those that a fair draw would cross
//! less than once in a million; each test of a set of `n` figures allows one of them an n-th of that.

use std::sync::LazyLock;

use engine::bucket::togglebit;
use engine::ruleset::FULL_WEIGHT;

const USERS: usize = 1_000_000;

/// How often a fair draw may fail a test.
const FALSE_ALARM: f64 = 1e-6;

/// The users' ids: a third each are sequential, like UUIDs, and e-mail addresses.
fn id(number: usize) -> String {
    match number % 3 {
        0 => format!("user-{}", number / 3),
        // Multiplied by an odd number, so that no two are equal and all digits change.
        1 => {
            let bits = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
            let digits = format!("{bits:032x}");
            let (a, b, c, d, e) =
                (&digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..]);
            format!("{a}-{b}-4{c}-8{d}-{e}")
        }
        _ => format!(
            "{}.{}@example.{}",
            NAMES[number % 7],
            number / 3,
            ["com", "org", "co.uk"][number % 11 % 3]
        ),
    }
}

const NAMES: [&str; 7] = ["alice", "bob", "chloé", "dmitri", "eve", "françois", "grete"];

/// The buckets of all users for one flag.
static BUCKETS: LazyLock<Vec<u32>> =
    LazyLock::new(|| (0..USERS).map(|number| togglebit("checkout-v2", &id(number))).collect());

/// The buckets of some kind of ids: every third one, or all.
fn buckets(kind: Option<usize>) -> Vec<u32> {
    let of_kind = |place: &usize| kind.is_none_or(|kind| place % 3 == kind);
    (0..USERS).filter(of_kind).map(|place| BUCKETS[place]).collect()
}

/// The natural logarithm of a bound on how rarely a fair draw is this far off: Chernoff's, which holds exactly for every
/// binomial distribution, also for shares so small that a normal distribution would be no likeness of it.
fn rarity(inside: usize, of: usize, share: f64) -> f64 {
    let found = inside as f64 / of as f64;
    let term = |found: f64, share: f64| if found == 0.0 { 0.0 } else { found * (found / share).ln() };
    2.0_f64.ln() - of as f64 * (term(found, share) + term(1.0 - found, 1.0 - share))
}

/// The bounds of chi-squared, of which each is crossed with this probability at most (Laurent and Massart, 2000).
fn chi_bounds(freedom: usize, probability: f64) -> (f64, f64) {
    let (freedom, rare) = (freedom as f64, -probability.ln());
    let spread = 2.0 * (freedom * rare).sqrt();
    (freedom - spread, freedom + spread + 2.0 * rare)
}

/// Pearson's statistic of counts that should be equal.
fn chi_squared(counts: &[u32]) -> f64 {
    let mean = counts.iter().map(|count| f64::from(*count)).sum::<f64>() / counts.len() as f64;
    counts.iter().map(|count| (f64::from(*count) - mean).powi(2) / mean).sum()
}

#[test]
fn every_weight_gets_its_share() {
    const WEIGHTS: [u32; 14] =
        [1, 10, 100, 1_000, 5_000, 10_000, 25_000, 33_333, 50_000, 75_000, 90_000, 99_000, 99_900, 99_999];
    let kinds = [None, Some(0), Some(1), Some(2)];
    let rarest = (FALSE_ALARM / (WEIGHTS.len() * kinds.len()) as f64).ln();
    for kind in kinds {
        let buckets = buckets(kind);
        assert!(buckets.iter().all(|bucket| *bucket < FULL_WEIGHT));
        for weight in WEIGHTS {
            let inside = buckets.iter().filter(|bucket| **bucket < weight).count();
            let rarity = rarity(inside, buckets.len(), f64::from(weight) / f64::from(FULL_WEIGHT));
            assert!(rarity > rarest, "ids {kind:?}, weight {weight}: {inside} of {}", buckets.len());
        }
    }
}

/// The group that a bucket is in.
type Group = fn(u32) -> u32;

#[test]
fn buckets_are_even() {
    let kinds = [None, Some(0), Some(1), Some(2)];
    // By hundredths, by thousandths, and by the place below a whole percent, which other bits of the hash decide.
    let groups: [(usize, Group); 3] =
        [(100, |bucket| bucket / 1_000), (1_000, |bucket| bucket / 100), (1_000, |bucket| bucket % 1_000)];
    for kind in kinds {
        let buckets = buckets(kind);
        for (place, (count, group)) in groups.into_iter().enumerate() {
            let mut counts = vec![0; count];
            buckets.iter().for_each(|bucket| counts[group(*bucket) as usize] += 1);
            let (chi, checks) = (chi_squared(&counts), 2 * kinds.len() * groups.len());
            let (least, most) = chi_bounds(count - 1, FALSE_ALARM / checks as f64);
            assert!((least..=most).contains(&chi), "ids {kind:?}, groups {place}: {chi} of {least}..={most}");
        }
    }
}

#[test]
fn flags_are_independent_of_each_other() {
    const SIDE: usize = 20;
    const PAIRS: usize = USERS / 4;
    let side = |bucket: u32| bucket as usize / (FULL_WEIGHT as usize / SIDE);
    let mut counts = vec![0; SIDE * SIDE];
    for (number, one) in BUCKETS.iter().enumerate().take(PAIRS) {
        let other = togglebit("new-menu", &id(number));
        counts[side(*one) * SIDE + side(other)] += 1;
    }
    // Against equal cells, which asks for both: even buckets, and no relation between the two flags'.
    let chi = chi_squared(&counts);
    let (least, most) = chi_bounds(counts.len() - 1, FALSE_ALARM / 2.0);
    assert!((least..=most).contains(&chi), "{chi} of {least}..={most}: {counts:?}");
}

#[test]
fn the_bounds_see_a_small_bias() {
    // One percent of the people too many in one bucket of a hundred, and a share of 10 % that is 10.2 %.
    let mut counts = vec![10_000; 100];
    counts[7] += 1_500;
    assert!(chi_squared(&counts) > chi_bounds(99, FALSE_ALARM).1);
    assert!(rarity(102_000, USERS, 0.1) < FALSE_ALARM.ln());
    assert!(rarity(100_900, USERS, 0.1) > FALSE_ALARM.ln());
    // Ten people of a million at 0.001 % may be none, or thirty, but not forty.
    assert!(rarity(0, USERS, 0.000_01) > FALSE_ALARM.ln());
    assert!(rarity(28, USERS, 0.000_01) > FALSE_ALARM.ln());
    assert!(rarity(40, USERS, 0.000_01) < FALSE_ALARM.ln());
}
