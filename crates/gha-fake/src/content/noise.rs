//! Noise that is cut from one table, so that serving it copies nothing.

use std::sync::LazyLock;

use bytes::Bytes;

/// Every block of noise is a slice of the table; which one depends on seed and block number.
const BLOCK: u64 = 128 * 1024;
const TABLE: usize = 1024 * 1024;

static NOISE: LazyLock<Bytes> = LazyLock::new(|| {
    let mut bytes = Vec::with_capacity(TABLE);
    let mut state = 0x5EED;
    while bytes.len() < TABLE {
        state = mix(state);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.into()
});

/// At most `want` bytes of the noise from `offset`.
pub(super) fn chunk(seed: u64, offset: u64, want: u64) -> Bytes {
    let (block, within) = (offset / BLOCK, offset % BLOCK);
    let slices = TABLE as u64 - BLOCK;
    let from = mix(mix(seed).wrapping_add(block)) % slices + within;
    let len = want.min(BLOCK - within);
    NOISE.slice(from as usize..(from + len) as usize)
}

/// One step of [SplitMix64](https://prng.di.unimi.it/splitmix64.c), which is in the public domain.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
