//! A smooth surface through a part of a grid.

use nalgebra::{SMatrix, SVector};
use stipple_raster::Grid;

/// Least squares of a grid by 1, x, y, x², xy, y² over places with a weight: a head is round and light falls off.
pub(crate) struct Plane {
    terms: SVector<f64, 6>,
}

/// Every so many pixels are enough for six numbers.
const FITTED_MOST: usize = 40_000;

impl Plane {
    /// `weight` is 0 to 1; what has half or less does not count.
    pub(crate) fn through(grid: &Grid, weight: &Grid) -> Self {
        let step = (grid.samples.len() / FITTED_MOST).max(1);
        // Because a step that divides the width would take single columns.
        let step = if grid.width.is_multiple_of(step) { step + 1 } else { step };
        let (mut normal, mut right) = (SMatrix::<f64, 6, 6>::zeros(), SVector::<f64, 6>::zeros());
        for k in (0..grid.samples.len()).step_by(step.max(1)) {
            let weight = f64::from(weight.samples[k]);
            if weight > 0.5 {
                let basis = basis(k, grid.width, grid.height);
                normal += basis * basis.transpose() * weight;
                right += basis * (weight * f64::from(grid.samples[k]));
            }
        }
        // A little stiffness, for surroundings that lie on a line.
        let stiff = SMatrix::<f64, 6, 6>::identity() * (1e-9 * normal.trace().max(1e-12));
        let terms = (normal + stiff).cholesky().map_or(SVector::zeros(), |solved| solved.solve(&right));
        Self { terms }
    }

    /// At a sample of a grid of the same size.
    pub(crate) fn at(&self, k: usize, width: usize, height: usize) -> f64 {
        self.terms.dot(&basis(k, width, height))
    }
}

fn basis(k: usize, width: usize, height: usize) -> SVector<f64, 6> {
    let half = width.max(height) as f64 / 2.0;
    let x = ((k % width) as f64 - width as f64 / 2.0) / half;
    let y = ((k / width) as f64 - height as f64 / 2.0) / half;
    SVector::from([1.0, x, y, x * x, x * y, y * y])
}
