//! How thick shafts are.
//!
//! A lens smears a shaft wider and paler, but what it darkens in all stays: the sum of the missing light
//! across a shaft is its diameter times its contrast. How dark the hair itself is cannot be seen in a shaft
//! thinner than the smear, so the thicker hairs of the picture are taken to be a tenth of a millimetre.

use rayon::prelude::*;
use stipple_raster::Grid;

use super::response::Polarity;
use super::shaft::Shaft;
use crate::statistics::quantile;

/// Reach across a shaft that is summed, mm.
const ACROSS_MM: f64 = 0.22;
/// Where the skin beside it is taken, mm.
const BESIDE_MM: [f64; 2] = [0.27, 0.33];
/// Diameter of the thicker hairs of a scalp, mm.
const THICK_MM: f64 = 0.10;
/// Part of the light a hair can take away from what is seen of the skin: gray to black.
const CONTRAST: [f64; 2] = [0.3, 0.9];
/// Diameters outside of these are not hair, µm.
const DIAMETER_UM: [f64; 2] = [30.0, 200.0];

/// How thick one shaft is.
pub(crate) struct Width {
    /// Diameter, µm.
    pub(crate) diameter_um: f64,
    /// Standard deviation of its darkness across, mm; none where it does not stand out.
    pub(crate) smear_mm: Option<f64>,
}

/// Missing light across a shaft.
struct Across {
    /// Sum, mm.
    missing_mm: f64,
    smear_mm: Option<f64>,
}

/// The width of every shaft.
pub(crate) fn widths(shafts: &[Shaft], density: &Grid, px_per_mm: f64, polarity: Polarity) -> Vec<Width> {
    let sign = if polarity == Polarity::Dark { 1.0 } else { -1.0 };
    let across: Vec<Across> =
        shafts.par_iter().map(|shaft| across(shaft, density, px_per_mm, sign)).collect();
    let thick = quantile(across.iter().map(|a| a.missing_mm as f32), 0.9).unwrap_or(0.0);
    let contrast = (f64::from(thick) / THICK_MM).clamp(CONTRAST[0], CONTRAST[1]);
    let diameter_um = |a: &Across| (1000.0 * a.missing_mm / contrast).clamp(DIAMETER_UM[0], DIAMETER_UM[1]);
    across.iter().map(|a| Width { diameter_um: diameter_um(a), smear_mm: a.smear_mm }).collect()
}

/// Median over places along the shaft's middle; a dot is crossed in several directions instead.
fn across(shaft: &Shaft, density: &Grid, px_per_mm: f64, sign: f64) -> Across {
    let profiles: Vec<Across> = match shaft.axis() {
        Some((dx, dy)) => {
            let n = shaft.path.len();
            let places = (0..5).map(|k| shaft.path[(n * (3 + k) / 10).min(n - 1)]);
            places.map(|place| profile(density, place, (-dy, dx), px_per_mm, sign)).collect()
        }
        None => [(1.0, 0.0), (0.0, 1.0), (0.707, 0.707), (0.707, -0.707)]
            .map(|direction| profile(density, shaft.peak, direction, px_per_mm, sign))
            .into(),
    };
    let middle = |values: Vec<f32>| quantile(values.into_iter(), 0.5).map(f64::from);
    Across {
        missing_mm: middle(profiles.iter().map(|p| p.missing_mm as f32).collect()).unwrap_or(0.0),
        smear_mm: middle(profiles.iter().filter_map(|p| p.smear_mm).map(|s| s as f32).collect()),
    }
}

fn profile(density: &Grid, at: (f64, f64), across: (f64, f64), px_per_mm: f64, sign: f64) -> Across {
    const STEP_MM: f64 = 0.02;
    let sample = |mm: f64| {
        let t = mm * px_per_mm;
        sign * f64::from(density.sample(at.0 + t * across.0, at.1 + t * across.1))
    };
    let beside = BESIDE_MM.iter().flat_map(|mm| [sample(*mm), sample(-mm)]).sum::<f64>() / 4.0;
    let (mut sum, mut second) = (0.0, 0.0);
    let steps = (ACROSS_MM / STEP_MM) as i32;
    for k in -steps..=steps {
        let mm = f64::from(k) * STEP_MM;
        let missing = (1.0 - (beside - sample(mm)).exp()).max(0.0);
        sum += missing;
        second += missing * mm * mm;
    }
    Across { missing_mm: sum * STEP_MM, smear_mm: (sum > 0.0).then(|| (second / sum).sqrt()) }
}
