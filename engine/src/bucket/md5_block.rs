//! One block of MD5 (RFC 1321), for texts that fit one.
//!
//! Where a rollout decides, most of an evaluation is this hash, and most of the hash is waiting for the step before it.
//! So the functions are written with the part that does not wait set apart. The tests compare with the crate that hashes
//! longer texts.

/// The first word of the hash of a block that ends as RFC 1321 pads it.
pub(super) fn first_word(block: &[u8; 64]) -> u32 {
    let mut words = [0_u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let [start, ..] = START;
    let state = round::<0>(START, &words);
    let state = round::<1>(state, &words);
    let state = round::<2>(state, &words);
    let [a, ..] = round::<3>(state, &words);
    a.wrapping_add(start)
}

const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// How far each step of a round rotates; the four repeat.
const ROTATE: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

#[inline(always)]
fn round<const ROUND: usize>([mut a, mut b, mut c, mut d]: [u32; 4], words: &[u32; 16]) -> [u32; 4] {
    for step in 0..16 {
        let word = match ROUND {
            0 => step,
            1 => (5 * step + 1) % 16,
            2 => (3 * step + 5) % 16,
            _ => (7 * step) % 16,
        };
        // Nothing here waits for `b`, which the step before has just made.
        let ready = a.wrapping_add(words[word]).wrapping_add(SINES[16 * ROUND + step]);
        let mixed = match ROUND {
            0 => ready.wrapping_add(d ^ (b & (c ^ d))),
            1 => ready.wrapping_add(!d & c).wrapping_add(d & b),
            2 => ready.wrapping_add(b ^ (c ^ d)),
            _ => ready.wrapping_add(c ^ (b | !d)),
        };
        let next = b.wrapping_add(mixed.rotate_left(ROTATE[ROUND][step % 4]));
        (a, b, c, d) = (d, next, b, c);
    }
    [a, b, c, d]
}

/// `floor(2^32 * abs(sin(n)))` for n from 1 to 64.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
