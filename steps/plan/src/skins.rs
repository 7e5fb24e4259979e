//! What is in the skin of a reading, and the light that comes back from it.

use stipple_color::spectrum::{lab_weights, xyz_weights};
use stipple_color::{Illuminant, Lab};
use stipple_model::{Caveat, Code, Reading, Weight};
use stipple_optics::SkinAround;
use stipple_optics::skin::{SCALP, ScarChange, Skin, Spectrum, read_scalp_color};

/// Standard uncertainty of a color where a reading states less, L*, a*, b*: what two photographs of one place
/// differ by.
const LEAST_UNCERTAINTY: f64 = 0.5;

/// One skin that dots lie in.
#[derive(Clone, Debug)]
pub(crate) struct LitSkin {
    /// Its color.
    pub(crate) lab: Lab,
    /// What is in it.
    pub(crate) skin: Skin,
    /// Its reflectance.
    pub(crate) spectrum: Spectrum,
    /// How it passes light around a dot.
    pub(crate) around: SkinAround,
    /// Whether a skin of this color is known.
    is_skin: bool,
}

/// The skins of a reading.
#[derive(Clone, Debug)]
pub(crate) struct Skins {
    /// Around the scars.
    pub(crate) around: LitSkin,
    /// In the largest scar whose color was measured; else as around, but scattering like a scar.
    pub(crate) in_scar: LitSkin,
}

impl Skins {
    pub(crate) fn of(reading: &Reading) -> Self {
        let u = reading.skin.lab_uncertainty;
        let around = LitSkin::of(reading.skin.lab, u, |skin| skin);
        let measured = reading.scars.iter().find_map(|scar| scar.lab.filter(is_finite));
        let in_scar = LitSkin::of(measured.unwrap_or(reading.skin.lab), u, |skin| {
            skin.scarred(ScarChange::OF_KNOWN_COLOR)
        });
        Self { around, in_scar }
    }

    /// Says where no skin has a color that was read.
    pub(crate) fn caveat(&self) -> Option<Caveat> {
        (!self.around.is_skin || !self.in_scar.is_skin).then(|| {
            Caveat::new(
                Code::PlanPigmentPoor,
                Weight::Doubt,
                "the color that was read is unlike any skin known here; how dots look in it is a guess",
                "photograph with the reference card in daylight, and set a few test dots before anything else",
            )
        })
    }

    pub(crate) fn of_dot(&self, in_scar: bool) -> &LitSkin {
        if in_scar { &self.in_scar } else { &self.around }
    }
}

impl LitSkin {
    /// The most probable skin of a color, changed as a scar is; average light skin where no skin has it.
    fn of(lab: Lab, u: Lab, change: impl Fn(Skin) -> Skin) -> Self {
        let (weights, values) = lab_weights(lab, &xyz_weights(Illuminant::D65, 400.0, 10.0));
        let doubts = [u.l, u.a, u.b].map(|u| if u.is_finite() { u.max(LEAST_UNCERTAINTY) } else { 5.0 });
        let (skin, spectrum, is_skin) = match read_scalp_color(&weights, values, doubts) {
            Ok(found) => (found.skin, found.spectrum, found.is_skin()),
            Err(_) => (Skin::LIGHT, SCALP.spectrum(&Skin::LIGHT).expect("average skin is valid"), false),
        };
        let skin = change(skin);
        Self { lab, skin, spectrum, around: SkinAround::of(&skin), is_skin }
    }
}

fn is_finite(lab: &Lab) -> bool {
    crate::plan::is_finite(*lab)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::strip_reading;

    #[test]
    fn darker_skin_has_more_melanin_and_keeps_its_color() {
        let mut reading = strip_reading();
        let light = Skins::of(&reading);
        reading.skin.lab = Lab::new(42.0, 12.0, 17.0);
        let dark = Skins::of(&reading);
        assert!(dark.around.skin.melanosome_fraction > 2.0 * light.around.skin.melanosome_fraction);
        let spectrum =
            stipple_color::Spectrum { first_nm: 400.0, step_nm: 10.0, values: &dark.around.spectrum };
        let seen = spectrum.lab(Illuminant::D65);
        assert!(stipple_color::ciede2000(seen, reading.skin.lab) < 1.5, "{seen:?}");
    }

    #[test]
    fn a_scar_scatters_less_and_impossible_skin_is_survived() {
        let mut reading = strip_reading();
        let skins = Skins::of(&reading);
        let green = |lit: &LitSkin| lit.around.bands[1].reduced_scattering_per_mm;
        assert!(green(&skins.in_scar) < 0.8 * green(&skins.around));
        assert_eq!(skins.caveat(), None);
        for lab in [Lab::new(60.0, -40.0, 20.0), Lab::new(100.0, -100.0, 100.0)] {
            reading.skin.lab = lab;
            let skins = Skins::of(&reading);
            assert!(skins.caveat().is_some(), "{lab:?}");
            let bands = skins.around.around.bands;
            assert!(bands.iter().all(|b| b.reduced_scattering_per_mm.is_finite()));
        }
    }
}
