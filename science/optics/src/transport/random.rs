//! Chance by counting: the n-th number of a photon depends on seed, photon and n alone.

use super::lanes::{F, Lanes, U, WIDTH};

/// What the counter of a photon grows by with each number: the golden ratio, odd.
const GOLDEN: u32 = 0x9E37_79B9;

/// What makes the photons of one block differ from those of all others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockKey([u32; 2]);

impl BlockKey {
    /// The key of a block: SplitMix64 of seed and block.
    pub(crate) fn new(seed: u64, block: u64) -> Self {
        let mixed = split_mix(split_mix(seed).wrapping_add(block.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        Self([(mixed >> 32) as u32, mixed as u32])
    }
}

/// The finalizer of SplitMix64 after one step of its counter.
pub(crate) fn split_mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Where a photon is in its own sequence: a counter that starts anywhere, and a key that is its own.
#[derive(Clone, Copy)]
pub(crate) struct Chance<L: Lanes> {
    pub(crate) counter: U<L>,
    pub(crate) key: U<L>,
}

impl<L: Lanes> Chance<L> {
    /// Start of the sequence of each photon, from its number within the block.
    #[inline(always)]
    pub(crate) fn of_photons(block: BlockKey, photon: U<L>) -> Self {
        let l = photon.0;
        let (a, b) = (U::of(l, block.0[0]), U::of(l, block.0[1]));
        let counter = mix(photon + a, b);
        Self { counter, key: mix(counter ^ b, photon + a) }
    }

    /// The next 32 random bits.
    #[inline(always)]
    pub(crate) fn bits(&mut self) -> U<L> {
        self.counter = self.counter + U::of(self.counter.0, GOLDEN);
        mix(self.counter, self.key)
    }

    /// The next number, uniform between 0 and 1 without both ends, 24 bits.
    #[inline(always)]
    pub(crate) fn uniform(&mut self) -> F<L> {
        odd_24(self.bits()).scale(1.0 / 16_777_216.0)
    }
}

/// An odd number below 2²⁴ from the upper bits.
#[inline(always)]
pub(crate) fn odd_24<L: Lanes>(bits: U<L>) -> F<L> {
    (bits.shift_right::<8>() | U::of(bits.0, 1)).float()
}

/// Two multiplications and three shifts that mix every bit of `x` into every other, with a key in between:
/// the multipliers with the least bias that a search found [@Wellons2018].
#[inline(always)]
fn mix<L: Lanes>(x: U<L>, key: U<L>) -> U<L> {
    let l = x.0;
    let x = (x ^ x.shift_right::<16>()) * U::of(l, 0x21F0_AAAD);
    let x = x ^ key;
    let x = (x ^ x.shift_right::<15>()) * U::of(l, 0xD35A_2D97);
    x ^ x.shift_right::<15>()
}

/// Numbers of the lanes: 0 to 15.
pub(crate) const LANE_NUMBERS: [u32; WIDTH] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

#[cfg(test)]
mod tests {
    use super::super::lanes::Portable;
    use super::*;

    fn photon(seed: u64, block: u64, first: u32) -> Chance<Portable> {
        let numbers = LANE_NUMBERS.map(|lane| first + lane);
        Chance::of_photons(BlockKey::new(seed, block), U(Portable, numbers))
    }

    /// (observed − expected)² / expected, summed, as standard deviations from its mean.
    fn chi_square_sigmas(counts: &[u32]) -> f64 {
        let expected = counts.iter().map(|c| f64::from(*c)).sum::<f64>() / counts.len() as f64;
        let chi: f64 = counts.iter().map(|c| (f64::from(*c) - expected).powi(2) / expected).sum();
        let freedom = counts.len() as f64 - 1.0;
        (chi - freedom) / (2.0 * freedom).sqrt()
    }

    #[test]
    fn pairs_within_and_across_photons_are_even() {
        // Upper six bits of two numbers, over 2 million pairs of each kind.
        let mut counts = vec![vec![0u32; 4096]; 6];
        for block in 0..8 {
            for first in (0..16_384).step_by(16) {
                let mut chance = photon(1, block, first);
                let draws: Vec<[u32; 16]> = (0..12).map(|_| chance.bits().1).collect();
                for pair in draws.windows(2) {
                    for lane in 0..15 {
                        let [a, b, next] = [pair[0][lane], pair[1][lane], pair[0][lane + 1]];
                        let cell = |a: u32, b: u32| ((a >> 26) << 6 | (b >> 26)) as usize;
                        counts[0][cell(a, b)] += 1;
                        counts[1][cell(a, next)] += 1;
                        counts[2][cell(a << 16, b << 16)] += 1;
                        counts[3][cell(a << 16, next << 16)] += 1;
                        counts[4][cell(a, a << 16)] += 1;
                        counts[5][cell(a << 26, b << 26)] += 1;
                    }
                }
            }
        }
        let sigmas: Vec<f64> = counts.iter().map(|c| chi_square_sigmas(c)).collect();
        assert!(sigmas.iter().all(|s| s.abs() < 4.0), "{sigmas:?}");
    }

    #[test]
    fn neighbors_in_seed_block_and_photon_share_nothing() {
        let base = photon(5, 9, 64).bits().1;
        for mut other in [photon(6, 9, 64), photon(5, 10, 64), photon(5, 9, 80)] {
            let bits = other.bits().1;
            let differing: u32 = base.iter().zip(bits).map(|(a, b)| (a ^ b).count_ones()).sum();
            assert!((200..=312).contains(&differing), "{differing} of 512 bits differ");
        }
    }

    #[test]
    fn uniform_numbers_stay_between_the_ends() {
        assert_eq!(odd_24(U::of(Portable, 0)).1[0], 1.0);
        assert_eq!(odd_24(U::of(Portable, u32::MAX)).1[0], 16_777_215.0);
    }
}
