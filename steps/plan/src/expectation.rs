//! What the scar measures against its surroundings, today and treated and healed.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Caveat, Code, Expectation, Protocol, Qualified, Reading, Scar, Weight};
use stipple_optics::dot::{Deposit, contrast_uncertainty, profile_in};
use stipple_quantity::Estimate;

use crate::check;
use crate::pigment;
use crate::skins::Skins;

/// Hairs in a follicular unit: 143.33 hairs over 74.36 units per cm² [@Guo2017].
const HAIRS_PER_UNIT: f64 = 1.93;
/// Length of a shaved hair that shows, stub and shadow under the skin, mm; between 0.2 and 0.8.
const STUB_MM: f64 = 0.4;
/// Shaft diameter where none was measured, µm.
const DIAMETER_UM: f64 = 75.0;
/// Factor by which the darkening by shaved hair may be off, from [`STUB_MM`].
const HAIR_FACTOR: f64 = 2.0;
/// Standard uncertainty of a difference of even areas, whatever else is known, CIEDE2000.
const LEAST_UNCERTAINTY: f64 = 1.0;
/// Part of today's difference that has to go for the change to be worth the needle.
const WORTH_SHARE: f64 = 0.2;

/// The color difference between scar and surroundings with their hair, today and once treated and healed.
///
/// Both are taken as even areas, as the eye sees them from conversation distance: each skin's own color,
/// darkened by shaved hair and by dots; over several scars the mean by area.
///
/// # Limits
/// A first model, not measured outcomes: its uncertainty is wide. The distance at which the scar can still be
/// seen needs texture as well as tone and is not predicted.
///
/// Nothing is expected without a scar whose color was measured, without hair color, or with a protocol or
/// reading that cannot be planned with; a caveat says what is missing, another where little would change.
pub fn expectation(reading: &Reading, protocol: &Protocol) -> Qualified<Expectation> {
    let usable = check::protocol(protocol).is_ok() && check::reading(reading).is_ok();
    let tones = if usable { Tones::of(reading, protocol) } else { None };
    let expected = Expectation {
        visible_distance_m: None,
        color_difference_today: tones.as_ref().and_then(|tones| tones.difference(false)),
        color_difference: tones.as_ref().and_then(|tones| tones.difference(true)),
    };
    let caveats = [missing(&expected), little(&expected)].into_iter().flatten().collect();
    Qualified::new(expected, caveats)
}

/// What darkens scar and surroundings.
struct Tones {
    scars: Vec<Tone>,
    /// Factor by which the dots' darkening may be off, by the skin's scattering and the pigment's absorption.
    dot_factor: f64,
}

/// One scar beside its surroundings.
struct Tone {
    area_mm2: f64,
    /// Skin of the scar and skin around.
    skin: [Lab; 2],
    /// Optical density of the hair in the scar and around; R, G, B.
    hair: [[f64; 3]; 2],
    /// Optical density of the healed dots; R, G, B.
    dots: [f64; 3],
    /// Standard uncertainty of the difference of the skins, CIEDE2000.
    own_uncertainty: f64,
}

impl Tones {
    fn of(reading: &Reading, protocol: &Protocol) -> Option<Self> {
        let hair = reading.hair.lab?;
        let skins = Skins::of(reading);
        let chosen = pigment::best(reading, &skins, protocol, &protocol.pigments, true);
        let deposit = chosen.deposit;
        let seen_mm2 = |deposit: &Deposit| profile_in(deposit, &skins.in_scar.around).integral_mm2();
        let dot_mm2 = seen_mm2(&deposit);
        let tone = |scar: &Scar| Tone::of(scar, reading, protocol, hair, dot_mm2);
        let scars: Vec<Tone> = reading.scars.iter().filter_map(tone).collect();
        let by_skin = contrast_uncertainty(&deposit, &skins.in_scar.around)[1];
        let absorption = chosen.planned.pigment.absorption_uncertainty.exp();
        let inked =
            |factor: f64| seen_mm2(&Deposit { ink: deposit.ink.times(factor), ..deposit })[1].max(1e-12);
        let by_pigment = (inked(absorption) / inked(1.0 / absorption)).sqrt();
        let dot_factor = by_skin.ln().hypot(by_pigment.ln()).exp();
        (!scars.is_empty()).then_some(Self { scars, dot_factor })
    }

    /// The difference, its uncertainty from the skins, the hair and the dots.
    fn difference(&self, treated: bool) -> Option<Estimate> {
        let dots = f64::from(u8::from(treated));
        let value = self.mean(|tone| tone.difference(1.0, dots));
        let half = |high: f64, low: f64| (high - low).abs() / 2.0;
        let by_hair = half(
            self.mean(|tone| tone.difference(HAIR_FACTOR, dots)),
            self.mean(|tone| tone.difference(1.0 / HAIR_FACTOR, dots)),
        );
        let by_dots = half(
            self.mean(|tone| tone.difference(1.0, dots * self.dot_factor)),
            self.mean(|tone| tone.difference(1.0, dots / self.dot_factor)),
        );
        let own = self.mean(|tone| tone.own_uncertainty);
        let uncertainty = own.hypot(by_hair).hypot(by_dots).hypot(LEAST_UNCERTAINTY);
        (value.is_finite() && uncertainty.is_finite()).then(|| Estimate::new(value, uncertainty))
    }

    /// Mean by area.
    fn mean(&self, of: impl Fn(&Tone) -> f64) -> f64 {
        let area: f64 = self.scars.iter().map(|tone| tone.area_mm2).sum();
        self.scars.iter().map(|tone| tone.area_mm2 * of(tone)).sum::<f64>() / area
    }
}

impl Tone {
    fn of(scar: &Scar, reading: &Reading, protocol: &Protocol, hair: Lab, dot_mm2: [f64; 3]) -> Option<Self> {
        let skin = [scar.lab?, scar.lab_around?];
        let own = scar.color_difference?;
        let counted = |e: Option<Estimate>| e.map(|e| e.value).filter(|v| (0.0..=300.0).contains(v));
        let around = counted(scar.hair_density_around_per_cm2)
            .or(counted(reading.hair.unit_density_per_cm2))
            .unwrap_or(protocol.fallback_unit_density_per_cm2);
        let inside = counted(scar.hair_density_inside_per_cm2).unwrap_or(0.0).min(around);
        let wanted = (protocol.density_share * around).min(protocol.lifetime_dots_per_cm2_max);
        let dots_per_mm2 = (wanted - inside).max(0.0) / 100.0;
        let tone = |skin, per_cm2: f64| hair_tone(reading, skin, hair, per_cm2 / 100.0);
        (scar.area_mm2.value > 0.0).then(|| Self {
            area_mm2: scar.area_mm2.value,
            skin,
            hair: [tone(skin[0], inside), tone(skin[1], around)],
            dots: dot_mm2.map(|mm2| dots_per_mm2 * mm2),
            own_uncertainty: own.standard_uncertainty,
        })
    }

    /// CIEDE2000, with hair and dots as much darker as the factors say.
    fn difference(&self, hair: f64, dots: f64) -> f64 {
        let scar = std::array::from_fn(|k| hair * self.hair[0][k] + dots * self.dots[k]);
        let around = self.hair[1].map(|density| hair * density);
        ciede2000(darkened(self.skin[0], scar), darkened(self.skin[1], around))
    }
}

/// Optical density of shaved hair, mean over the skin; R, G, B.
fn hair_tone(reading: &Reading, skin: Lab, hair: Lab, units_per_mm2: f64) -> [f64; 3] {
    let measured = reading.hair.median_diameter_um.map(|e| e.value);
    let diameter_um = measured.filter(|d| (10.0..=200.0).contains(d)).unwrap_or(DIAMETER_UM);
    let covered = units_per_mm2 * HAIRS_PER_UNIT * diameter_um / 1000.0 * STUB_MM;
    let (hair, skin) = (hair.to_linear(RgbSpace::Srgb).rgb, skin.to_linear(RgbSpace::Srgb).rgb);
    std::array::from_fn(|k| covered * (1.0 - f64::from(hair[k]) / f64::from(skin[k].max(1e-3))))
}

/// A color under an optical density in R, G, B.
fn darkened(skin: Lab, density: [f64; 3]) -> Lab {
    let bare = skin.to_linear(RgbSpace::Srgb).rgb;
    let rgb = std::array::from_fn(|k| bare[k] * (-density[k]).exp() as f32);
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}

/// Says which part of the expectation is missing.
fn missing(expected: &Expectation) -> Option<Caveat> {
    let missing = [
        expected.visible_distance_m.is_none().then_some("the distance from which the scar can be seen"),
        expected.color_difference.is_none().then_some("the color difference"),
    ];
    let missing: Vec<&str> = missing.into_iter().flatten().collect();
    let message = format!("Not predicted for the healed result: {}.", missing.join(" and "));
    let remedy = "Judge by healed test dots on this skin.";
    (!missing.is_empty()).then(|| Caveat::new(Code::AssessExpectation, Weight::Note, message, remedy))
}

/// Says where the tone of the scar would hardly change, or would move away from its surroundings.
fn little(expected: &Expectation) -> Option<Caveat> {
    let (today, healed) = (expected.color_difference_today?.value, expected.color_difference?.value);
    if healed <= (1.0 - WORTH_SHARE) * today {
        return None;
    }
    let (weight, course) = if healed > today {
        (Weight::Doubt, "would move away from")
    } else {
        (Weight::Note, "would hardly come nearer to")
    };
    Some(Caveat::new(
        Code::PlanHardlyShows,
        weight,
        format!(
            "Seen from conversation distance, the tone of the scar {course} its surroundings: CIEDE2000 \
             {today:.1} today, {healed:.1} treated and healed."
        ),
        "Dots would bring back the look of follicles, not an even tone. Set a few test dots and judge them \
         healed, before anything else.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{default_like_protocol, strip_reading};

    /// A strip whose skin differs from the skin around by some L*.
    fn strip_of(lightness: f64) -> Reading {
        let mut reading = strip_reading();
        let skin = reading.skin.lab;
        let scar = &mut reading.scars[0];
        scar.lab_around = Some(skin);
        scar.lab = Some(Lab::new(skin.l + lightness, skin.a, skin.b));
        reading
    }

    #[test]
    fn a_pale_scar_comes_nearer_and_a_dark_one_does_not() {
        let protocol = default_like_protocol();
        let expect = |lightness: f64| expectation(&strip_of(lightness), &protocol);
        let values = |lightness: f64| {
            let expected = expect(lightness).value;
            let value = |e: Option<Estimate>| e.expect("all was measured").value;
            (value(expected.color_difference_today), value(expected.color_difference))
        };
        let (today, healed) = values(4.0);
        assert!(healed < 0.8 * today, "{healed} of {today}");
        let (today, healed) = values(-12.0);
        assert!(healed > today, "{healed} of {today}");
        let codes: Vec<Code> = expect(-12.0).caveats.iter().map(|caveat| caveat.code).collect();
        assert!(codes.contains(&Code::PlanHardlyShows));
        assert!(expect(4.0).caveats.iter().all(|caveat| caveat.code != Code::PlanHardlyShows));
    }

    #[test]
    fn is_honest_about_doubt() {
        let expected = expectation(&strip_of(4.0), &default_like_protocol()).value;
        assert!(expected.color_difference.expect("measured").standard_uncertainty >= LEAST_UNCERTAINTY);
        assert_eq!(expected.visible_distance_m, None);
    }

    #[test]
    fn nothing_measured_nothing_expected() {
        let protocol = default_like_protocol();
        let mut reading = strip_of(4.0);
        reading.hair.lab = None;
        let expected = expectation(&reading, &protocol);
        assert_eq!(expected.value.color_difference, None);
        assert_eq!(expected.caveats[0].code, Code::AssessExpectation);
        let mut reading = strip_of(4.0);
        reading.scars.clear();
        assert_eq!(expectation(&reading, &protocol).value.color_difference, None);
    }
}
