//! Skin of a scar against skin around it: color and texture, told apart by a linear rule.

use nalgebra::{SMatrix, SVector};
use stipple_raster::Grid;

/// Features that tell skin from skin: three of tone, one of texture.
pub(crate) const FEATURES: usize = 4;
/// Which of them is texture.
const TEXTURE: usize = 3;
/// Fewer samples than this on either side say nothing.
const SAMPLES_MIN: usize = 30;
/// More samples than this say nothing more.
const SAMPLES_MAX: usize = 4000;
/// Least standard deviation of every feature: what noise and rounding leave.
const SPREAD_MIN: f64 = 0.008;
/// Differences of neighboring skin over spread that mean nothing: skin is mottled.
const SEPARATION_OF_NOTHING: f64 = 0.9;
/// Evidence of one sample goes no further than this, natural logarithm of odds.
const EVIDENCE_MAX: f64 = 4.0;

type Vector = SVector<f64, FEATURES>;
type Matrix = SMatrix<f64, FEATURES, FEATURES>;

/// A linear rule between two clouds of skin that share one spread (Fisher's discriminant).
pub(crate) struct Judge {
    weights: Vector,
    middle: f64,
    /// Distance of the clouds' middles over their spread.
    pub(crate) separation: f64,
}

impl Judge {
    /// Learns from samples of both sides, with texture or from tone alone; none if there are too few.
    pub(crate) fn learn(
        features: &[Grid; FEATURES],
        inside: &[usize],
        outside: &[usize],
        with_texture: bool,
    ) -> Option<Self> {
        if inside.len() < SAMPLES_MIN || outside.len() < SAMPLES_MIN {
            return None;
        }
        let (own, own_spread) = moments(features, inside);
        let (other, other_spread) = moments(features, outside);
        let floor = Matrix::identity() * SPREAD_MIN.powi(2);
        let mut spread = (own_spread + other_spread) / 2.0 + floor;
        let mut apart = own - other;
        if !with_texture {
            spread.fill_row(TEXTURE, 0.0);
            spread.fill_column(TEXTURE, 0.0);
            (spread[(TEXTURE, TEXTURE)], apart[TEXTURE]) = (1.0, 0.0);
        }
        let weights = spread.cholesky()?.solve(&apart);
        let squared = weights.dot(&apart);
        // What mottled skin shows against itself is taken off.
        let sure = (1.0 - SEPARATION_OF_NOTHING.powi(2) / squared.max(1e-9)).max(0.0);
        let weights = weights * sure;
        Some(Self { weights, middle: weights.dot(&(own + other)) / 2.0, separation: squared.sqrt() })
    }

    /// Evidence that a sample is inside: natural logarithm of odds.
    pub(crate) fn evidence(&self, features: &[Grid; FEATURES], k: usize) -> f64 {
        (self.weights.dot(&at(features, k)) - self.middle).clamp(-EVIDENCE_MAX, EVIDENCE_MAX)
    }
}

fn at(features: &[Grid; FEATURES], k: usize) -> Vector {
    Vector::from_fn(|c, _| f64::from(features[c].samples[k]))
}

fn moments(features: &[Grid; FEATURES], of: &[usize]) -> (Vector, Matrix) {
    let stride = of.len() / SAMPLES_MAX + 1;
    let values = || of.iter().step_by(stride).map(|k| at(features, *k));
    let n = values().count() as f64;
    let mean = values().sum::<Vector>() / n;
    let spread = values().map(|v| (v - mean) * (v - mean).transpose()).sum::<Matrix>() / n;
    (mean, spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(difference: f32) -> ([Grid; FEATURES], Vec<usize>, Vec<usize>) {
        let value = |c: usize, k: usize| {
            let noise = 0.05 * ((k * (37 + 11 * c)) % 101) as f32 / 101.0;
            if k % 20 < 10 && c == 1 { noise + difference } else { noise }
        };
        let grid = |c: usize| Grid::from_samples(20, 20, (0..400).map(|k| value(c, k)).collect());
        let (inside, outside) = (0..400).partition(|k| k % 20 < 10);
        (std::array::from_fn(grid), inside, outside)
    }

    #[test]
    fn a_difference_is_told_and_none_is_not() {
        let (features, inside, outside) = halves(0.1);
        let judge = Judge::learn(&features, &inside, &outside, true).expect("there are samples");
        assert!(judge.separation > 4.0 && judge.evidence(&features, 5) > 2.0);
        assert!(judge.evidence(&features, 15) < -2.0);
        let (features, inside, outside) = halves(0.0);
        let judge = Judge::learn(&features, &inside, &outside, true).expect("there are samples");
        assert!((0..400).all(|k| judge.evidence(&features, k).abs() < 1e-9));
        assert!(Judge::learn(&features, &inside[..5], &outside, true).is_none());
    }
}
