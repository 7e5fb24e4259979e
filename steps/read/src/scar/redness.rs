//! How much redder a scar is than the skin around it: blood alone, melanin and shade taken out.

use crate::skin::SkinSamples;
use crate::statistics::{median, spread};
use stipple_color::redness::Chromophores;
use stipple_quantity::Estimate;

/// Blood's share of the erythema index, 100 · log10(red / green), inside minus around.
pub(crate) fn redness(inside: &SkinSamples, around: &SkinSamples) -> Option<Estimate> {
    let (own, ring) = (Middle::of(inside)?, Middle::of(around)?);
    let model = own.chromophores.model_uncertainty(ring.chromophores);
    let value = own.chromophores.redness - ring.chromophores.redness;
    Some(Estimate::new(value, model.hypot(own.error).hypot(ring.error)))
}

/// The middle of a sample of skin.
struct Middle {
    chromophores: Chromophores,
    /// Standard uncertainty of the redness from patchy skin.
    error: f64,
}

impl Middle {
    fn of(samples: &SkinSamples) -> Option<Self> {
        let all: Vec<Chromophores> = samples.linear.iter().map(|color| Chromophores::of(*color)).collect();
        let values: Vec<f32> = all.iter().map(|c| c.redness as f32).collect();
        // A scar's color is patchy: about one in forty pixels is worth an independent look.
        let error = f64::from(spread(&values)) / (values.len() as f64 / 40.0).max(1.0).sqrt();
        let melanin = f64::from(median(all.iter().map(|c| c.melanin as f32))?);
        let redness = f64::from(median(values.into_iter())?);
        Some(Self { chromophores: Chromophores { redness, melanin }, error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_color::LinearRgb;

    #[test]
    fn more_blood_is_redder_and_shade_is_not() {
        let skin = |density: [f64; 3]| {
            let rgb = density.map(|d| 10f64.powf(-d) as f32);
            SkinSamples { linear: vec![LinearRgb { rgb }; 400], shine: 0.0 }
        };
        let change = |more: [f64; 3]| {
            let inside = std::array::from_fn(|c| [0.3, 0.5, 0.7][c] + more[c]);
            redness(&skin(inside), &skin([0.3, 0.5, 0.7])).expect("there are samples").value
        };
        assert!((change([0.018, 0.12, 0.096]) - 10.2).abs() < 0.01);
        assert!(change([0.1; 3]).abs() < 0.01);
    }
}
