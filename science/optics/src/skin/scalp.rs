//! The skin of a scalp behind its color.

use std::sync::LazyLock;

use super::inversion::{InversionError, Observation, SkinReading, read_skin};
use super::model::{Build, SkinSolver, Spectrum};
use super::population::Population;
use crate::adding_doubling::Streams;

/// A color farther than this from the nearest skin, in standard uncertainties (root mean square), is none of skin.
const MISFIT_MAX: f64 = 3.0;

/// Light in skin as thick as a scalp's, to 1e-4.
pub static SCALP: LazyLock<SkinSolver> =
    LazyLock::new(|| SkinSolver::new(Build::SCALP, Streams::Eight).expect("the shipped index is valid"));

/// The most probable skin of a scalp for a color, given what people have.
///
/// | | meaning | unit |
/// |---|---|---|
/// | `weights` | turn a spectrum into the color's three numbers | – |
/// | `values`, `standard_uncertainties` | those numbers, and how well they are known, above 0 | as the weights |
///
/// # Errors
/// Values that are not finite, uncertainties that are not above 0, or a color beyond the model.
///
/// # Cost
/// As [`read_skin`], 10 to 40 ms.
pub fn read_scalp_color(
    weights: &[Spectrum; 3],
    values: [f64; 3],
    standard_uncertainties: [f64; 3],
) -> Result<SkinReading, InversionError> {
    let seen = Observation::of_color(weights, values, standard_uncertainties);
    read_skin(&SCALP, &seen, &Population::forearms())
}

impl SkinReading {
    /// Whether a skin with that color is known.
    pub fn is_skin(&self) -> bool {
        self.misfit < MISFIT_MAX
    }
}
