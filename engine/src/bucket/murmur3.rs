//! MurmurHash3 for x86 with 32 bits, by Austin Appleby (public domain, `MurmurHash3.cpp` of SMHasher).

/// The hash of `text` from a start number.
pub(super) fn hash(text: &[u8], start: u32) -> u32 {
    let (blocks, tail) = text.as_chunks::<4>();
    let mut h = blocks.iter().fold(start, |h, block| {
        (h ^ scramble(u32::from_le_bytes(*block))).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
    });
    if !tail.is_empty() {
        let word = tail.iter().rev().fold(0, |word, byte| (word << 8) | u32::from(*byte));
        h ^= scramble(word);
    }
    // The original counts in 32 bits, too.
    h ^= u32::try_from(text.len() & 0xffff_ffff).unwrap_or_default();
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

fn scramble(word: u32) -> u32 {
    word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}
