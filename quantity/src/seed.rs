//! Chance as a value.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// The seed of a piece of work; the same seed gives the same result on any number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream of random numbers of one item of one step.
    ///
    /// # Determinism
    /// Depends on seed, step and item alone: give every row, cell or dot an item of its own and
    /// the order of the work no longer matters.
    pub fn stream(self, step: &str, item: u64) -> Stream {
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&self.0.to_le_bytes());
        // FNV-1a of the step's name keeps steps apart.
        let name = step.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        key[8..16].copy_from_slice(&name.to_le_bytes());
        let mut source = ChaCha8Rng::from_seed(key);
        source.set_stream(item);
        Stream { source }
    }
}

/// A stream of random numbers (ChaCha, 8 rounds; portable).
pub struct Stream {
    source: ChaCha8Rng,
}

impl Stream {
    /// Uniform in [0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.source.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Whole number in [0, n).
    ///
    /// # Panics
    /// If `n` is zero.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "a draw needs something to draw from");
        ((self.uniform() * n as f64) as usize).min(n - 1)
    }

    /// Normal with mean 0 and standard deviation 1 (Box–Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, step, item| Seed(seed).stream(step, item).uniform();
        assert_eq!(draw(1, "plan", 7), draw(1, "plan", 7));
        assert_ne!(draw(1, "plan", 7), draw(1, "plan", 8));
        assert_ne!(draw(1, "plan", 7), draw(1, "read", 7));
        assert_ne!(draw(1, "plan", 7), draw(2, "plan", 7));
    }

    #[test]
    fn normal_has_the_moments_of_a_normal() {
        let mut stream = Seed(3).stream("test", 0);
        let draws: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        // Five standard errors: 1/sqrt(n) for the mean, sqrt(2/n) for the variance.
        assert!(mean.abs() < 5.0 / (20_000f64).sqrt());
        assert!((variance - 1.0).abs() < 5.0 * (2.0f64 / 20_000.0).sqrt());
    }
}
