//! A healed dot beside a hair, under the lights that people live in.

use nalgebra::{Matrix3, Vector3};
use stipple_color::spectrum::xyz_weights;
use stipple_color::{Illuminant, Lab, Xyz, ciede2000};
use stipple_optics::skin::Spectrum;

/// The lights that a match is tried under, with their words in files.
const LIGHTS: [(Illuminant, &str); 5] = [
    (Illuminant::D65, "daylight"),
    (Illuminant::A, "tungsten"),
    (Illuminant::LedB3, "led"),
    (Illuminant::FluorescentCoolWhite, "fluorescent_cool_white"),
    (Illuminant::FluorescentThreeBand, "fluorescent_three_band"),
];

/// How a dot and a hair on one skin compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// CIEDE2000 in daylight.
    pub(crate) in_daylight: f64,
    /// The largest CIEDE2000 of all lights.
    pub(crate) worst: f64,
    /// The light of that.
    pub(crate) worst_light: &'static str,
    /// L* of the dot in daylight.
    pub(crate) lightness: f64,
    /// b* of the dot minus b* of the hair, in daylight; below zero is bluer.
    pub(crate) b_shift: f64,
}

/// Compares a dot, given by its contrast at the bands of the skin's spectrum, with a hair of a known color.
///
/// The hair's spectrum is the smooth one that gives its color: the skin's, darkened by a contrast that runs
/// straight between 450, 550 and 650 nm. The eye is adapted to each light (Bradford).
pub(crate) fn compared(skin: &Spectrum, dot_contrast: &Spectrum, hair: Lab) -> Comparison {
    let dot: Spectrum = std::array::from_fn(|k| skin[k] * (1.0 - dot_contrast[k]));
    let hair = tinted(skin, hair);
    let seen = |spectrum: &Spectrum, light: Illuminant| {
        stipple_color::Spectrum { first_nm: 400.0, step_nm: 10.0, values: spectrum }.lab(light)
    };
    let off = LIGHTS.map(|(light, name)| (ciede2000(seen(&dot, light), seen(&hair, light)), name));
    let (worst, worst_light) = off.into_iter().fold(off[0], |one, two| if two.0 > one.0 { two } else { one });
    let [dot, hair] = [&dot, &hair].map(|spectrum| seen(spectrum, Illuminant::D65));
    Comparison { in_daylight: off[0].0, worst, worst_light, lightness: dot.l, b_shift: dot.b - hair.b }
}

/// The skin's spectrum under the contrast, straight between three nodes, that gives a color in daylight.
fn tinted(skin: &Spectrum, color: Lab) -> Spectrum {
    let weights = xyz_weights::<31>(Illuminant::D65, 400.0, 10.0);
    let node = |which: usize, band: usize| {
        // 450, 550 and 650 nm are the bands 5, 15 and 25.
        let place = (band as f64 - 5.0) / 10.0;
        (1.0 - (place.clamp(0.0, 2.0) - which as f64).abs()).max(0.0)
    };
    let wanted = Xyz::from(color);
    let bare = |i: usize| (0..31).map(|b| weights[i][b] * skin[b]).sum::<f64>();
    let lost = Vector3::new(bare(0) - wanted.x, bare(1) - wanted.y, bare(2) - wanted.z);
    let taken =
        Matrix3::from_fn(|i, which| (0..31).map(|b| weights[i][b] * skin[b] * node(which, b)).sum::<f64>());
    let contrasts = taken.lu().solve(&lost).unwrap_or_default();
    std::array::from_fn(|b| {
        let contrast: f64 = (0..3).map(|which| contrasts[which] * node(which, b)).sum();
        skin[b] * (1.0 - contrast.clamp(-1.0, 0.99))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skin() -> Spectrum {
        std::array::from_fn(|k| 0.2 + 0.012 * k as f64)
    }

    #[test]
    fn a_dot_with_the_hairs_own_spectrum_matches_under_every_light() {
        let hair = Lab::new(40.0, 5.0, 8.0);
        let spectrum = tinted(&skin(), hair);
        let contrast = std::array::from_fn(|k| 1.0 - spectrum[k] / skin()[k]);
        let same = compared(&skin(), &contrast, hair);
        assert!(same.worst < 1e-6 && same.b_shift.abs() < 1e-6, "{same:?}");
    }

    #[test]
    fn a_tint_has_the_color_wanted_and_red_swallowed_is_blue() {
        let wanted = Lab::new(40.0, 5.0, 8.0);
        let spectrum = tinted(&skin(), wanted);
        let values = stipple_color::Spectrum { first_nm: 400.0, step_nm: 10.0, values: &spectrum };
        assert!(ciede2000(values.lab(Illuminant::D65), wanted) < 0.05);
        let red_taken = std::array::from_fn(|k| 0.3 + 0.015 * k as f64);
        let blue = compared(&skin(), &red_taken, wanted);
        assert!(blue.b_shift < -3.0 && blue.worst >= blue.in_daylight, "{blue:?}");
    }
}
