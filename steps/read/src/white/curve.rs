//! How a camera bends the tones of one channel, as a row of grays shows it.

use nalgebra::{SMatrix, SVector};

/// Grays of a checker.
const GRAYS: usize = 6;
/// What grays are good to, natural logarithm of light, white to black: gloss and stray light lift the dark ones.
const SPREAD: [f64; GRAYS] = [0.03, 0.02, 0.02, 0.02, 0.03, 0.08];
/// How much the exponent of tones changes from gray to gray in cameras, standard deviation.
const BEND: f64 = 0.15;
/// Exponents beyond which the grays were not lit alike, or no camera saw them.
const EXPONENT_PLAUSIBLE: std::ops::Range<f64> = 0.3..4.0;
/// Fewest grays.
const GRAYS_MIN: usize = 4;

/// Light from the camera's value of one channel: straight between the grays in logarithms, ever rising.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    /// Logarithms of the camera's value and of light, dark to light; `used` of them.
    knots: [[f64; 2]; GRAYS],
    used: usize,
}

impl Curve {
    /// The likeliest curve through grays; `None` if there are fewer than four, or if they rise as no camera makes them.
    ///
    /// `grays` holds for each its number in the ramp (0 white to 5 black), the camera's value and its light.
    pub(super) fn through(grays: &[(usize, f64, f64)]) -> Option<Self> {
        let used = grays.len();
        let mut sorted = grays.to_vec();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
        let x: Vec<f64> = sorted.iter().map(|gray| gray.1.max(1e-5).ln()).collect();
        if used < GRAYS_MIN || x.windows(2).any(|pair| pair[1] - pair[0] < 1e-3) {
            return None;
        }
        let mut normal = SMatrix::<f64, GRAYS, GRAYS>::identity();
        let mut right = SVector::<f64, GRAYS>::zeros();
        for (k, (gray, _, light)) in sorted.iter().enumerate() {
            normal[(k, k)] = SPREAD[*gray].powi(-2);
            right[k] = light.max(1e-5).ln() * SPREAD[*gray].powi(-2);
        }
        for k in 1..used - 1 {
            // Change of slope at a knot.
            let (before, after) = (1.0 / (x[k] - x[k - 1]), 1.0 / (x[k + 1] - x[k]));
            let mut row = SVector::<f64, GRAYS>::zeros();
            (row[k - 1], row[k], row[k + 1]) = (before, -before - after, after);
            normal += row * row.transpose() / (BEND * BEND);
        }
        let light = normal.cholesky()?.solve(&right);
        let mut knots = [[0.0; 2]; GRAYS];
        (0..used).for_each(|k| knots[k] = [x[k], light[k]]);
        let curve = Self { knots, used };
        (1..used).all(|k| EXPONENT_PLAUSIBLE.contains(&curve.exponent(k))).then_some(curve)
    }

    /// Slope below a knot.
    fn exponent(&self, k: usize) -> f64 {
        let ([x0, y0], [x1, y1]) = (self.knots[k - 1], self.knots[k]);
        (y1 - y0) / (x1 - x0)
    }

    /// The knot at or above a logarithm, but never the first, and the last for all beyond.
    fn above(&self, x: f64) -> usize {
        (1..self.used - 1).find(|k| x < self.knots[*k][0]).unwrap_or(self.used - 1)
    }

    /// Factor on a value that stands for a factor on its light.
    pub(super) fn brightened(&self, value: f64, factor: f64) -> f64 {
        factor.powf(1.0 / self.exponent(self.above(value.max(1e-5).ln())))
    }

    /// Light of a value; grows with it.
    pub(super) fn at(&self, value: f64) -> f64 {
        let x = value.max(1e-5).ln();
        let above = self.above(x);
        let [from, light] = self.knots[above];
        (light + self.exponent(above) * (x - from)).exp()
    }

    /// Light over the value at the middle gray.
    pub(super) fn gain(&self) -> f64 {
        let [x, y] = self.knots[self.used / 2];
        (y - x).exp()
    }
}
