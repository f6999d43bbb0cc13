//! The project's own: integers only, so that every language computes the same.

use md5::{Digest, Md5};

use super::join;

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
    let h = md5_start([seed, ":", value]);
    (h % 100) * 1000 + (h / 100) % 1000
}

/// One block of MD5 in bytes, and the part of it that text may fill: a bit and the length follow.
const BLOCK: usize = 64;
const TEXT: usize = BLOCK - 9;

/// The first 8 hex digits of the MD5 of the parts, as a number.
fn md5_start(parts: [&str; 3]) -> u32 {
    let mut block = [0_u8; BLOCK];
    let room = block.get_mut(..TEXT).unwrap_or_default();
    match join(parts, room).map(<[u8]>::len) {
        // Most ids fit one block, for which the general way takes twice as long.
        Some(length) => {
            if let Some(end) = block.get_mut(length) {
                *end = 0x80;
            }
            let [.., low, high, _, _, _, _, _, _] = &mut block;
            [*low, *high] = u16::try_from(8 * length).unwrap_or_default().to_le_bytes();
            let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
            md5::block_api::compress(&mut state, &[block]);
            let [a, ..] = state;
            a.swap_bytes()
        }
        None => {
            let mut hasher = Md5::new();
            parts.iter().for_each(|part| hasher.update(part.as_bytes()));
            let digest: [u8; 16] = hasher.finalize().into();
            let [a, b, c, d, ..] = digest;
            u32::from_be_bytes([a, b, c, d])
        }
    }
}
