//! Spectra of square grids whose side is a power of two.

use rayon::prelude::*;
use rustfft::FftPlannerScalar;
use rustfft::num_complex::Complex32;

use crate::grid::Grid;

/// The discrete Fourier transform of a square grid: Σ g(x, y) · exp(−2πi (u x + v y) / side).
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Samples in a row and rows; a power of two.
    pub side: usize,
    /// Row by row; frequency 0 first, negative ones in the second half.
    pub values: Vec<Complex32>,
}

/// The spectra of two real grids at the cost of one.
///
/// # Panics
/// If the grids are not squares of one size whose side is a power of two.
///
/// # Cost
/// O(pixels · log(pixels)).
pub fn spectra_of_two(one: &Grid, two: &Grid) -> [Spectrum; 2] {
    let side = one.width;
    let fits = |grid: &Grid| grid.width == side && grid.height == side;
    assert!(side.is_power_of_two() && fits(one) && fits(two), "two squares with a power of two are needed");
    let values = one.samples.iter().zip(&two.samples).map(|(re, im)| Complex32::new(*re, *im)).collect();
    apart(&transform(Spectrum { side, values }))
}

impl Spectrum {
    /// Frequency of an index of a row or column, cycles a sample, −0.5 to 0.5.
    pub fn frequency(&self, index: usize) -> f64 {
        let signed = if index <= self.side / 2 { index as f64 } else { index as f64 - self.side as f64 };
        signed / self.side as f64
    }

    /// Magnitude squared at an index.
    #[inline]
    pub fn power(&self, k: usize) -> f64 {
        self.real_cross(self, k)
    }

    /// Real part of this times the conjugate of another at an index.
    #[inline]
    pub fn real_cross(&self, other: &Self, k: usize) -> f64 {
        let (own, other) = (self.values[k], other.values[k]);
        f64::from(own.re) * f64::from(other.re) + f64::from(own.im) * f64::from(other.im)
    }
}

/// Rows, then columns as the rows of the turned square, then turned back.
fn transform(mut z: Spectrum) -> Spectrum {
    // Because the faster planner's answers differ in their last digits from machine to machine.
    let plan = FftPlannerScalar::new().plan_fft_forward(z.side);
    let mut turned = vec![Complex32::default(); z.values.len()];
    for _ in 0..2 {
        z.values.par_chunks_mut(z.side).for_each(|row| plan.process(row));
        transpose::transpose(&z.values, &mut turned, z.side, z.side);
        std::mem::swap(&mut z.values, &mut turned);
    }
    z
}

/// Tells the spectra of the real and of the imaginary part by their symmetry.
fn apart(both: &Spectrum) -> [Spectrum; 2] {
    let side = both.side;
    let mirrored = |k: usize| both.values[(side - k / side) % side * side + (side - k % side) % side].conj();
    let part = |of: &(dyn Fn(Complex32, Complex32) -> Complex32 + Sync)| -> Spectrum {
        let all = (0..side * side).into_par_iter().with_min_len(4096);
        Spectrum { side, values: all.map(|k| of(both.values[k], mirrored(k)) / 2.0).collect() }
    };
    // The second part is what is left over i.
    [part(&|own, mirror| own + mirror), part(&|own, mirror| (own - mirror) * -Complex32::I)]
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn pattern(side: usize, seed: f32) -> Grid {
        Grid::computed(side, side, |k| ((k as f32 * 0.37 + seed).sin() * 43.7).fract())
    }

    #[test]
    fn agrees_with_the_sum_itself() {
        let side = 32;
        let grids = [pattern(side, 0.3), pattern(side, 1.9)];
        let spectra = spectra_of_two(&grids[0], &grids[1]);
        for (grid, spectrum) in grids.iter().zip(&spectra) {
            for (u, v) in [(0, 0), (1, 0), (0, 31), (5, 9), (16, 16), (30, 2)] {
                let (mut re, mut im) = (0.0f64, 0.0f64);
                for (k, value) in grid.samples.iter().enumerate() {
                    let angle = -TAU * ((u * (k % side) + v * (k / side)) as f64) / side as f64;
                    re += f64::from(*value) * angle.cos();
                    im += f64::from(*value) * angle.sin();
                }
                let k = v * side + u;
                let off =
                    (re - f64::from(spectrum.values[k].re)).hypot(im - f64::from(spectrum.values[k].im));
                assert!(off < 1e-3, "({u}, {v}) is off by {off}");
            }
        }
    }

    #[test]
    fn energy_is_kept() {
        let grid = pattern(256, 0.7);
        let [spectrum, nothing] = spectra_of_two(&grid, &Grid::filled(256, 256, 0.0));
        let energy: f64 = grid.samples.iter().map(|v| f64::from(*v).powi(2)).sum();
        let total: f64 = (0..256 * 256).map(|k| spectrum.power(k)).sum::<f64>() / (256.0 * 256.0);
        assert!((total / energy - 1.0).abs() < 1e-5);
        assert!((0..256 * 256).all(|k| nothing.power(k) < 1e-5));
    }

    #[test]
    fn frequencies_are_signed() {
        let [spectrum, _] = spectra_of_two(&pattern(8, 0.0), &pattern(8, 1.0));
        assert_eq!([0, 1, 4, 5, 7].map(|k| spectrum.frequency(k)), [0.0, 0.125, 0.5, -0.375, -0.125]);
    }
}
