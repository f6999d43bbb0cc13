//! The hash of a rollout alone: the least that deciding by it can cost.
//!
//! Each takes the text that the algorithm hashes, joined on the stack without an allocation, by the fastest public
//! function for it; what turns the hash into a bucket is left out. For MD5 and SHA-1 there is also one compression of a
//! block that was filled beforehand: what no way of calling the hash can go below.

use std::hint::black_box;

use md5::{Digest, Md5};
use sha1::Sha1;

use crate::{COMPRESSION, HASH, Row, rows::*};

/// Room for every text that is hashed here.
type Text = [u8; 64];

/// The parts joined, as the beginning of `text`.
fn join<'t>(parts: [&str; 3], text: &'t mut Text) -> &'t [u8] {
    let mut end = 0;
    for part in parts {
        text[end..end + part.len()].copy_from_slice(part.as_bytes());
        end += part.len();
    }
    &text[..end]
}

/// The block that MD5 and SHA-1 compress for a short text: it, one bit, and its length.
fn block(parts: [&str; 3], is_big_endian: bool) -> Text {
    let mut block = [0; 64];
    let length = join(parts, &mut block).len();
    block[length] = 0x80;
    let bits = 8 * length as u64;
    block[56..].copy_from_slice(&if is_big_endian { bits.to_be_bytes() } else { bits.to_le_bytes() });
    block
}

pub fn md5(parts: [&str; 3]) -> u32 {
    let digest = Md5::digest(join(parts, &mut [0; 64]));
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

pub fn md5_compression(block: &Text) -> u32 {
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    md5::block_api::compress(&mut state, &[*block]);
    state[0].swap_bytes()
}

pub fn sha1(parts: [&str; 3]) -> u32 {
    let digest = Sha1::digest(join(parts, &mut [0; 64]));
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

pub fn sha1_compression(block: &Text) -> u32 {
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    sha1::block_api::compress(&mut state, &[*block]);
    state[0]
}

/// MurmurHash3 for x86 with 32 bits, seed 0.
pub fn murmur3(parts: [&str; 3]) -> u32 {
    let mut text = [0; 64];
    let text = join(parts, &mut text);
    let scramble = |word: u32| word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let (words, tail) = text.as_chunks::<4>();
    let mut hash = words.iter().fold(0, |hash: u32, word| {
        let hash = (hash ^ scramble(u32::from_le_bytes(*word))).rotate_left(13);
        hash.wrapping_mul(5).wrapping_add(0xe654_6b64)
    });
    let rest = tail.iter().rev().fold(0, |word, byte| (word << 8) | u32::from(*byte));
    hash ^= scramble(rest) ^ text.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// FNV-1a with 32 bits over bytes, which for ASCII are the UTF-16 units that GrowthBook hashes. Nothing is joined.
pub fn fnv1a(parts: [&str; 3]) -> u32 {
    let bytes = parts.into_iter().flat_map(str::bytes);
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// FNV-1a of the decimal digits of FNV-1a.
pub fn fnv1a_twice(parts: [&str; 3]) -> u32 {
    let (mut hash, mut digits, mut start) = (fnv1a(parts), [0; 10], 10);
    loop {
        start -= 1;
        digits[start] = b'0' + (hash % 10) as u8;
        hash /= 10;
        if hash == 0 {
            break;
        }
    }
    digits[start..].iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The hash of one of [`ROLLOUTS`], and one compression of it where it has such a thing.
pub fn alone(algorithm: &str) -> Vec<Row> {
    // The comparison with a number that no hash is known to be makes each a bool, like an evaluation.
    fn hash(function: fn([&str; 3]) -> u32, parts: [&'static str; 3]) -> Row {
        (HASH, Box::new(move || function(black_box(parts)) == 0))
    }
    fn compression(function: fn(&Text) -> u32, block: Text) -> Row {
        (COMPRESSION, Box::new(move || function(black_box(&block)) == 0))
    }
    let (_, seed) = ROLLOUTS.into_iter().find(|(name, _)| *name == algorithm).expect("one of the rollouts");
    let with = |separator| [seed, separator, USER];
    match algorithm {
        "togglebit" => {
            vec![hash(md5, with(":")), compression(md5_compression, block(with(":"), false))]
        }
        "launchdarkly" => {
            vec![hash(sha1, with(".")), compression(sha1_compression, block(with("."), true))]
        }
        "flagsmith_split" => {
            vec![hash(md5, with(",")), compression(md5_compression, block(with(","), false))]
        }
        "unleash" => vec![hash(murmur3, with(":"))],
        "growthbook_v1" => vec![hash(fnv1a, [USER, "", seed])],
        "growthbook_v2" => vec![hash(fnv1a_twice, [seed, "", USER])],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By other implementations: `md5sum`, `sha1sum`, and the vectors of FNV's and Murmur's authors.
    #[test]
    fn known_answers() {
        assert_eq!(md5(["checkout-v2", ":", "user-1"]), 0xbe37_ae25);
        assert_eq!(md5_compression(&block(["checkout-v2", ":", "user-1"], false)), 0xbe37_ae25);
        assert_eq!(sha1(["a", "b", "c"]), 0xa999_3e36);
        assert_eq!(sha1_compression(&block(["a", "b", "c"], true)), 0xa999_3e36);
        assert_eq!(fnv1a(["foo", "", "bar"]), 0xbf9c_f968);
        assert_eq!(fnv1a_twice(["foo", "", "bar"]), fnv1a(["3214735720", "", ""]));
        assert_eq!(murmur3(["a", "b", "c"]), 0xb3dd_93fa);
        assert_eq!(murmur3(["", "test", ""]), 0xba6b_d213);
    }
}
