//! Blood and melanin of skin from three channels of linear light.
//!
//! An optical density over that of other skin, d = −log10(linear / linear), is taken as m · melanin + b · blood + a
//! gray share that is alike in red, green and blue. Differences of neighboring channels cancel the gray; two of them
//! make two equations for m and b, solved exactly.

use crate::rgb::LinearRgb;

/// Density of melanin in red, green, blue, per unit in green.
///
/// λ^−3.33 at effective camera wavelengths of 610, 545 and 465 nm gives 0.69 and 1.70; mean skins of ITA 46° and
/// 20° [@Issa] differ by 0.68 and 1.41, as strongly absorbed light adds less. Blue is taken in between.
const MELANIN: [f64; 3] = [0.68, 1.0, 1.50];
/// Density of blood in red, green, blue, per unit in green: its bands of 540 to 580 nm; little in red.
const BLOOD: [f64; 3] = [0.15, 1.0, 0.80];
/// What the two ratios of melanin above may leave of it in redness, per unit of its density in green.
const MELANIN_LEFT: f64 = 6.0;
/// Relative standard uncertainty that the coefficients of blood bring.
const BLOOD_RELATIVE: f64 = 0.10;
/// Standard uncertainty of redness from light alone.
const LIGHT: f64 = 0.5;

/// Blood and melanin behind a color, both up to a constant of the light: only differences mean something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chromophores {
    /// Blood's share of the erythema index, 100 · log10(red / green).
    pub redness: f64,
    /// Melanin as optical density (base 10) in green.
    pub melanin: f64,
}

impl Chromophores {
    /// From linear light in sRGB.
    pub fn of(color: LinearRgb) -> Self {
        let [red, green, blue] = color.rgb.map(|v| -f64::from(v.max(1e-4)).log10());
        let (x, y) = (green - red, blue - green);
        let steps = |c: [f64; 3]| (c[1] - c[0], c[2] - c[1]);
        let ((melanin_x, melanin_y), (blood_x, blood_y)) = (steps(MELANIN), steps(BLOOD));
        let determinant = blood_x * melanin_y - melanin_x * blood_y;
        let blood = (x * melanin_y - y * melanin_x) / determinant;
        let melanin = (y * blood_x - x * blood_y) / determinant;
        Self { redness: 100.0 * blood * blood_x, melanin }
    }

    /// Standard uncertainty that the model brings into the redness of a skin less that of another.
    pub fn model_uncertainty(self, other: Self) -> f64 {
        let (redness, melanin) = (self.redness - other.redness, self.melanin - other.melanin);
        LIGHT.hypot((MELANIN_LEFT * melanin).hypot(BLOOD_RELATIVE * redness))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skin(density: [f64; 3]) -> Chromophores {
        Chromophores::of(LinearRgb { rgb: density.map(|d| 10f64.powf(-d) as f32) })
    }

    /// Redness and its uncertainty after a change of melanin, blood and shade.
    fn changed(melanin: f64, blood: f64, gray: f64) -> (f64, f64) {
        let around = [0.3, 0.5, 0.7];
        let inside = std::array::from_fn(|c| around[c] + melanin * MELANIN[c] + blood * BLOOD[c] + gray);
        let (inside, around) = (skin(inside), skin(around));
        (inside.redness - around.redness, inside.model_uncertainty(around))
    }

    #[test]
    fn blood_is_red_and_melanin_and_shade_are_not() {
        let index = |blood: f64| 100.0 * blood * (BLOOD[1] - BLOOD[0]);
        assert!((changed(0.0, 0.12, 0.0).0 - index(0.12)).abs() < 0.01);
        assert!((changed(0.2, 0.12, -0.1).0 - index(0.12)).abs() < 0.01);
        assert!(changed(0.2, 0.0, 0.1).0.abs() < 0.01);
        assert!(changed(0.2, 0.0, 0.0).1 > 1.0, "melanin's color is not known exactly");
    }

    #[test]
    fn melanin_between_law_and_spectra_stays_within_twice_the_uncertainty() {
        for melanin in [[0.69, 1.0, 1.70], [0.68, 1.0, 1.41], [0.75, 1.0, 1.50]] {
            let inside = skin(std::array::from_fn(|c| 0.3 + 0.17 * melanin[c]));
            let around = skin([0.3; 3]);
            let found = inside.redness - around.redness;
            assert!(found.abs() < 2.0 * inside.model_uncertainty(around), "{melanin:?}: {found}");
        }
    }
}
