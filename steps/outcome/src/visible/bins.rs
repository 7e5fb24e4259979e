//! Sums over rings of spatial frequency.

use stipple_raster::Grid;
use stipple_raster::fourier::Spectrum;

/// Rings in a factor of two of frequency.
const RINGS_AN_OCTAVE: f64 = 8.0;

/// Ring of a frequency, cycles/mm, counted from 2⁻¹⁶.
pub(crate) fn ring(cycles_per_mm: f64) -> usize {
    ((cycles_per_mm.log2() + 16.0) * RINGS_AN_OCTAVE).max(0.0) as usize
}

/// Rings up to 32 cycles/mm.
pub(crate) const RINGS: usize = 21 * RINGS_AN_OCTAVE as usize;

/// One ring: the mean frequency of what fell into it, and sums.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring<const N: usize> {
    count: f64,
    frequency: f64,
    /// Sums over the ring.
    pub(crate) sums: [f64; N],
}

impl<const N: usize> Ring<N> {
    /// All of them, empty.
    pub(crate) fn all() -> Vec<Self> {
        vec![Self { count: 0.0, frequency: 0.0, sums: [0.0; N] }; RINGS]
    }

    /// Mean frequency, cycles/mm; none for a ring into which nothing fell.
    pub(crate) fn cycles_per_mm(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.frequency / self.count)
    }
}

/// Sums `values` over the samples of a spectrum whose frequency lies in a range, cycles/mm.
pub(crate) fn sum_rings<const N: usize>(
    rings: &mut [Ring<N>],
    spectrum: &Spectrum,
    mm_per_px: f64,
    range: std::ops::Range<f64>,
    values: impl Fn(usize) -> [f64; N],
) {
    let side = spectrum.side;
    for k in 0..side * side {
        let (u, v) = (spectrum.frequency(k % side), spectrum.frequency(k / side));
        let frequency = u.hypot(v) / mm_per_px;
        if !range.contains(&frequency) {
            continue;
        }
        let ring = &mut rings[ring(frequency).min(RINGS - 1)];
        ring.count += 1.0;
        ring.frequency += frequency;
        ring.sums.iter_mut().zip(values(k)).for_each(|(sum, value)| *sum += value);
    }
}

/// A grid in the middle of a square of zeros.
pub(crate) fn padded(grid: &Grid, side: usize) -> Grid {
    let (left, top) = ((side - grid.width) / 2, (side - grid.height) / 2);
    let mut out = Grid::filled(side, side, 0.0);
    for y in 0..grid.height {
        let start = (y + top) * side + left;
        out.samples[start..start + grid.width].copy_from_slice(grid.row(y));
    }
    out
}
