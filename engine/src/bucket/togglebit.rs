//! The project's own: integers only, so that every language computes the same.

use md5::{Digest, Md5};

use super::md5_block;

/// With `h` the first 8 hex digits of `md5(seed + ":" + value)` as a 32-bit number:
/// `(h mod 100) * 1000 + (h div 100) mod 1000`, from 0 to 99 999.
///
/// For whole percentages this is `h mod 100 < percent`, the rule that simple scripts use, and it is a thousand times
/// finer. The remainder's bias (2³² is no multiple of 100 000) is below 0.0024 % of any bucket.
///
/// MD5 is RFC 1321; it serves here as a well-spread hash that every language has, not as a cryptographic one.
///
/// ```
/// // printf checkout-v2:user-1 | md5sum → be37ae25…, and 0xbe37ae25 = 3191320101
/// assert_eq!(engine::bucket::togglebit("checkout-v2", "user-1"), 1_201);
/// ```
pub fn togglebit(seed: &str, value: &str) -> u32 {
    let h = md5_start(seed, value);
    (h % 100) * 1000 + (h / 100) % 1000
}

/// One block of MD5 in bytes, and the part of it that text may fill: a bit and the length follow.
const BLOCK: usize = 64;
const TEXT: usize = BLOCK - 9;

/// The first 8 hex digits of the MD5 of `seed:value`, as a number.
#[inline]
fn md5_start(seed: &str, value: &str) -> u32 {
    // Most ids fit one block, for which the general way takes twice as long.
    if let Some(block) = one_block(seed, value) {
        return md5_block::first_word(&block).swap_bytes();
    }
    let mut hasher = Md5::new();
    for part in [seed, ":", value] {
        hasher.update(part.as_bytes());
    }
    let digest: [u8; 16] = hasher.finalize().into();
    let [a, b, c, d, ..] = digest;
    u32::from_be_bytes([a, b, c, d])
}

/// `seed:value` with what MD5 adds at its end, if that is one block.
#[inline]
fn one_block(seed: &str, value: &str) -> Option<[u8; BLOCK]> {
    let (colon, start, end) = (seed.len(), seed.len() + 1, seed.len() + 1 + value.len());
    if end > TEXT {
        return None;
    }
    let mut block = [0_u8; BLOCK];
    block.get_mut(..colon)?.copy_from_slice(seed.as_bytes());
    *block.get_mut(colon)? = b':';
    block.get_mut(start..end)?.copy_from_slice(value.as_bytes());
    *block.get_mut(end)? = 0x80;
    let [.., low, high, _, _, _, _, _, _] = &mut block;
    [*low, *high] = u16::try_from(8 * end).ok()?.to_le_bytes();
    Some(block)
}
