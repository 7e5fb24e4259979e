//! What the treated scar should measure once healed.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Expectation, Protocol, Reading};
use stipple_optics::dot::profile;
use stipple_quantity::Estimate;

use crate::check;
use crate::pigment;

/// Hairs in a follicular unit: 143.33 hairs over 74.36 units per cm² [@Guo2017].
const HAIRS_PER_UNIT: f64 = 1.93;
/// Length of a shaved hair that shows, stub and shadow under the skin, mm; between 0.2 and 0.8.
const STUB_MM: f64 = 0.4;
/// Shaft diameter where none was measured, µm.
const DIAMETER_UM: f64 = 75.0;
/// Standard uncertainty of the difference in tone, as a share of it, and what is added to all, CIEDE2000.
const TONE_UNCERTAINTY: f64 = 0.6;
const LEAST_UNCERTAINTY: f64 = 1.5;

/// The color difference expected after healing between the treated scar and its surroundings with their hair.
///
/// Both are taken as even areas, as the eye sees them from conversation distance: skin darkened by dots, and
/// skin darkened by shaved hair. What the scar's own skin differs by stays, in quadrature.
///
/// # Limits
/// A first model, not measured outcomes: its uncertainty is wide. The distance at which the scar can still be
/// seen needs texture as well as tone and is not predicted.
///
/// `None` without a scar whose color was measured, without hair color, or with a protocol or reading that
/// cannot be planned with.
pub fn expectation(reading: &Reading, protocol: &Protocol) -> Expectation {
    let usable = check::protocol(protocol).is_ok() && check::reading(reading).is_ok();
    let color_difference = if usable { color_difference(reading, protocol) } else { None };
    Expectation { visible_distance_m: None, color_difference }
}

fn color_difference(reading: &Reading, protocol: &Protocol) -> Option<Estimate> {
    let own = own_difference(reading)?;
    let hair = reading.hair.lab?;
    let scar = reading.scars.first()?;
    let measured = [scar.hair_density_around_per_cm2, reading.hair.unit_density_per_cm2];
    let units_per_cm2 = measured
        .into_iter()
        .flatten()
        .map(|e| e.value)
        .find(|value| (0.0..=300.0).contains(value))
        .unwrap_or(protocol.fallback_unit_density_per_cm2);
    let dots_per_mm2 =
        (protocol.density_share * units_per_cm2).min(protocol.lifetime_dots_per_cm2_max) / 100.0;
    let dot = profile(&pigment::best(reading, protocol, &protocol.pigments, true).deposit).integral_mm2();
    let treated = darkened(reading.skin.lab, dot.map(|mm2| dots_per_mm2 * mm2));
    let around = darkened(reading.skin.lab, hair_tone(reading, hair, units_per_cm2 / 100.0));
    let tone = ciede2000(treated, around);
    let value = tone.hypot(own.value);
    let uncertainty = (TONE_UNCERTAINTY * tone).hypot(own.standard_uncertainty).hypot(LEAST_UNCERTAINTY);
    (value.is_finite() && uncertainty.is_finite()).then(|| Estimate::new(value, uncertainty))
}

/// Color difference of the scars' own skin, mean by area.
fn own_difference(reading: &Reading) -> Option<Estimate> {
    let measured = reading.scars.iter().filter_map(|scar| {
        let difference = scar.color_difference?;
        (difference.value.is_finite() && scar.area_mm2.value > 0.0)
            .then_some((scar.area_mm2.value, difference))
    });
    let (area, value, uncertainty) =
        measured.fold((0.0, 0.0, 0.0), |(area, value, uncertainty), (mm2, d)| {
            (area + mm2, value + mm2 * d.value, uncertainty + mm2 * d.standard_uncertainty)
        });
    let (value, uncertainty) = (value / area, uncertainty / area);
    (value.is_finite() && uncertainty.is_finite())
        .then(|| Estimate::new(value.max(0.0), uncertainty.max(0.0)))
}

/// Optical density of shaved hair, mean over the skin; R, G, B.
fn hair_tone(reading: &Reading, hair: Lab, units_per_mm2: f64) -> [f64; 3] {
    let measured = reading.hair.median_diameter_um.map(|e| e.value);
    let diameter_um = measured.filter(|d| (10.0..=200.0).contains(d)).unwrap_or(DIAMETER_UM);
    let covered = units_per_mm2 * HAIRS_PER_UNIT * diameter_um / 1000.0 * STUB_MM;
    let (hair, skin) = (hair.to_linear(RgbSpace::Srgb).rgb, reading.skin.lab.to_linear(RgbSpace::Srgb).rgb);
    std::array::from_fn(|k| covered * (1.0 - f64::from(hair[k]) / f64::from(skin[k].max(1e-3))))
}

/// A color under an optical density in R, G, B.
fn darkened(skin: Lab, density: [f64; 3]) -> Lab {
    let bare = skin.to_linear(RgbSpace::Srgb).rgb;
    let rgb = std::array::from_fn(|k| bare[k] * (-density[k]).exp() as f32);
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{default_like_protocol, strip_reading};

    #[test]
    fn is_smaller_than_an_untreated_scar_and_honest_about_doubt() {
        let reading = strip_reading();
        let expected = expectation(&reading, &default_like_protocol());
        let difference = expected.color_difference.expect("all was measured");
        assert!((0.0..30.0).contains(&difference.value), "{difference:?}");
        assert!(difference.standard_uncertainty >= LEAST_UNCERTAINTY);
        assert_eq!(expected.visible_distance_m, None);
    }

    #[test]
    fn nothing_measured_nothing_expected() {
        let mut reading = strip_reading();
        reading.hair.lab = None;
        assert_eq!(expectation(&reading, &default_like_protocol()).color_difference, None);
        let mut reading = strip_reading();
        reading.scars.clear();
        assert_eq!(expectation(&reading, &default_like_protocol()).color_difference, None);
    }
}
