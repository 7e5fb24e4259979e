//! How much redder a scar is than the skin around it: blood alone, melanin and shade taken out.
//!
//! A scar's optical density over its surroundings, d = −log10(linear inside / linear around), is taken as
//! m · melanin + b · blood + a gray share that is alike in red, green and blue. Differences of neighboring
//! channels cancel the gray; two of them make two equations for m and b, solved exactly.

use crate::skin::SkinSamples;
use crate::statistics::{median, spread};
use stipple_color::LinearRgb;
use stipple_quantity::Estimate;

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

/// Blood's share of the erythema index, 100 · log10(red / green), inside minus around.
pub(crate) fn redness(inside: &SkinSamples, around: &SkinSamples) -> Option<Estimate> {
    let (own, ring) = (Middle::of(inside)?, Middle::of(around)?);
    let value = own.redness - ring.redness;
    let melanin = own.melanin - ring.melanin;
    let model = (MELANIN_LEFT * melanin).hypot(BLOOD_RELATIVE * value);
    Some(Estimate::new(value, LIGHT.hypot(model).hypot(own.error).hypot(ring.error)))
}

/// The middle of a sample of skin.
struct Middle {
    redness: f64,
    melanin: f64,
    /// Standard uncertainty of the redness from patchy skin.
    error: f64,
}

impl Middle {
    fn of(samples: &SkinSamples) -> Option<Self> {
        let values: Vec<f32> = samples.linear.iter().map(|c| chromophores(c).0 as f32).collect();
        // A scar's color is patchy: about one in forty pixels is worth an independent look.
        let error = f64::from(spread(&values)) / (values.len() as f64 / 40.0).max(1.0).sqrt();
        let melanin = median(samples.linear.iter().map(|c| chromophores(c).1 as f32))?;
        Some(Self { redness: f64::from(median(values.into_iter())?), melanin: f64::from(melanin), error })
    }
}

/// Blood as erythema index and melanin as density in green, both up to a constant of the light.
fn chromophores(color: &LinearRgb) -> (f64, f64) {
    let [red, green, blue] = color.rgb.map(|v| -f64::from(v.max(1e-4)).log10());
    let (x, y) = (green - red, blue - green);
    let steps = |c: [f64; 3]| (c[1] - c[0], c[2] - c[1]);
    let ((melanin_x, melanin_y), (blood_x, blood_y)) = (steps(MELANIN), steps(BLOOD));
    let determinant = blood_x * melanin_y - melanin_x * blood_y;
    let blood = (x * melanin_y - y * melanin_x) / determinant;
    let melanin = (y * blood_x - x * blood_y) / determinant;
    (100.0 * blood * blood_x, melanin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skin(density: [f64; 3]) -> SkinSamples {
        let rgb = density.map(|d| 10f64.powf(-d) as f32);
        SkinSamples { linear: vec![LinearRgb { rgb }; 400], shine: 0.0 }
    }

    fn changed(melanin: f64, blood: f64, gray: f64) -> Estimate {
        let around = [0.3, 0.5, 0.7];
        let inside = std::array::from_fn(|c| around[c] + melanin * MELANIN[c] + blood * BLOOD[c] + gray);
        redness(&skin(inside), &skin(around)).expect("there are samples")
    }

    #[test]
    fn blood_is_red_and_melanin_and_shade_are_not() {
        let index = |blood: f64| 100.0 * blood * (BLOOD[1] - BLOOD[0]);
        assert!((changed(0.0, 0.12, 0.0).value - index(0.12)).abs() < 0.01);
        assert!((changed(0.2, 0.12, -0.1).value - index(0.12)).abs() < 0.01);
        assert!(changed(0.2, 0.0, 0.1).value.abs() < 0.01);
        assert!(changed(0.2, 0.0, 0.0).standard_uncertainty > 1.0, "melanin's color is not known exactly");
    }

    #[test]
    fn melanin_between_law_and_spectra_stays_within_twice_the_uncertainty() {
        for melanin in [[0.69, 1.0, 1.70], [0.68, 1.0, 1.41], [0.75, 1.0, 1.50]] {
            let inside = std::array::from_fn(|c| 0.3 + 0.17 * melanin[c]);
            let found = redness(&skin(inside), &skin([0.3; 3])).expect("there are samples");
            assert!(found.value.abs() < 2.0 * found.standard_uncertainty, "{melanin:?}: {found:?}");
        }
    }
}
