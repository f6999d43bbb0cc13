//! Bucketing against numbers that another implementation of MD5 computed.

use engine::bucket::{choose, togglebit};
use engine::ruleset::{Algorithm, FULL_WEIGHT};

/// Seed, value, the hash's first 32 bits, bucket. Computed with Python's `hashlib`; the same table is in
/// `spec/README.md`.
const KNOWN: [(&str, &str, u32, u32); 16] = [
    ("checkout-v2", "user-1", 3_191_320_101, 1_201),
    ("checkout-v2", "user-2", 3_419_795_292, 92_952),
    ("checkout-v2", "1", 2_084_352_061, 61_520),
    ("checkout-v2", "42", 1_560_012_202, 2_122),
    ("checkout-v2", "00042", 1_753_137_521, 21_375),
    ("checkout-v2", "-7", 2_723_625_738, 38_257),
    ("checkout-v2", "12345678901234567", 2_634_476_000, 760),
    ("checkout-v2", "alice@example.com", 3_635_632_513, 13_325),
    ("checkout-v2", "é", 633_201_261, 61_012),
    ("checkout-v2", "日本", 1_751_492_286, 86_922),
    ("checkout-v2", "😀", 514_297_943, 43_979),
    ("größe", "é", 2_523_547_130, 30_471),
    ("größe", "user-1", 257_296_591, 91_965),
    ("edge", "user-124094", 233_000_000, 0),
    ("edge", "user-232389", 405_599_999, 99_999),
    ("a:b", "c", 46_960_392, 92_603),
];

/// The place of the weight whose part of the buckets holds `bucket`.
fn pick<const N: usize>(weights: [u32; N], bucket: u32) -> Option<usize> {
    let mut reach = 0;
    engine::bucket::pick(weights.map(|weight| (reach, reach += weight).0 + weight), bucket)
}

#[test]
fn known_answers() {
    for (seed, value, _, expected) in KNOWN {
        assert_eq!(togglebit(seed, value), expected, "{seed:?} {value:?}");
        assert_eq!(
            choose(Algorithm::Togglebit, seed, value, [FULL_WEIGHT]).bucket,
            expected,
            "{seed:?} {value:?}"
        );
    }
}

#[test]
fn the_table_is_the_readme_s() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    for (seed, value, hash, bucket) in KNOWN {
        let row = format!("| `{seed}` | `{value}` | {hash} | {bucket} |");
        assert!(readme.contains(&row), "spec/README.md lacks {row}");
    }
    let rows = readme.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 5);
    assert_eq!(rows.count(), KNOWN.len());
}

#[test]
fn whole_percentages_are_the_hash_modulo_a_hundred() {
    for (seed, value, hash, _) in KNOWN {
        for percent in 0..=100 {
            let served =
                pick([percent * 1000, FULL_WEIGHT - percent * 1000], togglebit(seed, value)) == Some(0);
            assert_eq!(served, hash % 100 < percent, "{seed:?} {value:?} {percent} %");
        }
    }
}

#[test]
fn weights_take_their_part_in_order() {
    assert_eq!(pick([0, 100_000], 0), Some(1));
    assert_eq!(pick([1, 99_999], 0), Some(0));
    assert_eq!(pick([1, 99_999], 1), Some(1));
    assert_eq!(pick([33_333, 33_333, 33_334], 33_332), Some(0));
    assert_eq!(pick([33_333, 33_333, 33_334], 33_333), Some(1));
    assert_eq!(pick([33_333, 33_333, 33_334], 66_665), Some(1));
    assert_eq!(pick([33_333, 33_333, 33_334], 66_666), Some(2));
    assert_eq!(pick([33_333, 33_333, 33_334], 99_999), Some(2));
    assert_eq!(pick([50_000], 50_000), None);
    assert_eq!(pick([], 0), None);
}
