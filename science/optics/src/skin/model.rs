//! Skin as layers: from what is in it to the spectrum that comes back.

use super::absorbers::{Absorbers, packing};
use crate::adding_doubling::{StackError, StackSolver, Streams};
use crate::layers::Layer;

/// Bands of a spectrum.
pub const BANDS: usize = 31;
/// First band, nm.
pub const FIRST_NM: f64 = 400.0;
/// From band to band, nm.
pub const STEP_NM: f64 = 10.0;
/// One number for each band from 400 to 700 nm in steps of 10 nm, such as reflectance.
pub type Spectrum = [f64; BANDS];

/// Wavelength of a band, nm.
pub fn wavelength_nm(band: usize) -> f64 {
    FIRST_NM + STEP_NM * band as f64
}

/// Refractive index of all layers; measured values run from 1.38 to 1.45 [@Ding2006].
pub const REFRACTIVE_INDEX: f64 = 1.40;
/// Layers of the model, from the top: epidermis, papillary dermis, reticular dermis, fat.
pub const LAYERS: usize = 4;

/// Absorption of a melanosome at 520 nm, 1/mm: 6.6e11 λ^−3.33 per cm [@Jacques2013].
const MELANOSOME_520_PER_MM: f64 = 59.8;
/// Scattering of the epidermis over that of the dermis: 1.6 to 1.8 ex vivo [@Salomatina2006].
pub const EPIDERMIS_SCATTERING: f64 = 1.7;
/// Scattering of fat over that of the dermis.
const FAT_SCATTERING: f64 = 0.8;
/// Share of the absorption measured in bloodless skin that the living dermis has; fitted, all 100 alike.
const BLOODLESS_SHARE: f64 = 0.1;
/// Reduced scattering of living skin at 475 nm, 1/mm [@Jonasson2018].
const SCATTERING_475_PER_MM: f64 = 3.16;

/// What differs from person to person and from place to place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skin {
    /// Volume share of melanosomes in the epidermis, 0.003 to 0.4. Light fixes its product with the thickness.
    pub melanosome_fraction: f64,
    /// Share of pheomelanin in their absorption at 520 nm, 0 to 1.
    pub pheomelanin_share: f64,
    /// Volume share of blood in reticular dermis and fat, 0 to 0.1.
    pub blood_fraction: f64,
    /// Blood in the papillary dermis over that below.
    pub papillary_blood_ratio: f64,
    /// Saturation of the blood with oxygen, 0 to 1.
    pub oxygen_saturation: f64,
    /// Radius of the vessels, mm.
    pub vessel_radius_mm: f64,
    /// Scattering relative to the average of living skin; 0.23 standard deviation [@Jonasson2018].
    pub scattering_level: f64,
    /// Reduced scattering falls as wavelength to the minus this; 1.77 on average.
    pub scattering_exponent: f64,
}

/// Thickness of the layers above the fat, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Epidermis.
    pub epidermis_mm: f64,
    /// Papillary dermis.
    pub papillary_mm: f64,
    /// Reticular dermis.
    pub reticular_mm: f64,
}

impl Build {
    /// Skin of the forearm, on which the model was tried.
    pub const FOREARM: Self = Self { epidermis_mm: 0.08, papillary_mm: 0.2, reticular_mm: 1.5 };
    /// Skin of the scalp: epidermis 0.06 to 0.12, dermis 1.3 to 2.3 mm; no spectra of scalps were found.
    pub const SCALP: Self = Self { epidermis_mm: 0.08, papillary_mm: 0.2, reticular_mm: 1.6 };
}

/// What a scar changes, as factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScarChange {
    /// On melanin, 0 to 1.5.
    pub melanin: f64,
    /// On scattering, 0.5 to 0.9: scars scatter *less* than skin [@Gong2014] [@Hsu2015].
    pub scattering: f64,
    /// On blood: below 1 in a pale scar, up to 3 in a red one.
    pub blood: f64,
}

impl ScarChange {
    /// A scar of known color: it scatters less, and holds so much less melanin and blood that its color stays.
    pub const OF_KNOWN_COLOR: Self = Self { melanin: 0.65, scattering: 0.65, blood: 0.65 };
    /// A mature pale scar; the middle of wide ranges.
    pub const PALE: Self = Self { melanin: 0.35, scattering: 0.65, blood: 0.7 };
    /// A young red scar; the middle of wide ranges.
    pub const RED: Self = Self { melanin: 0.8, scattering: 0.65, blood: 2.0 };
}

impl Skin {
    /// Average light skin.
    pub const LIGHT: Self = Self {
        melanosome_fraction: 0.021,
        pheomelanin_share: 0.26,
        blood_fraction: 0.0036,
        papillary_blood_ratio: 0.64,
        oxygen_saturation: 0.5,
        vessel_radius_mm: 0.003,
        scattering_level: 1.0,
        scattering_exponent: 1.77,
    };

    /// The same skin as a scar.
    pub fn scarred(&self, change: ScarChange) -> Self {
        Self {
            melanosome_fraction: self.melanosome_fraction * change.melanin,
            blood_fraction: self.blood_fraction * change.blood,
            scattering_level: self.scattering_level * change.scattering,
            ..*self
        }
    }

    /// Reduced scattering µs′ of the dermis, 1/mm.
    pub fn reduced_scattering_per_mm(&self, wavelength_nm: f64) -> f64 {
        self.scattering_level
            * SCATTERING_475_PER_MM
            * (wavelength_nm / 475.0).powf(-self.scattering_exponent)
    }

    /// Absorption of the epidermis, 1/mm.
    pub fn epidermis_absorption_per_mm(&self, wavelength_nm: f64) -> f64 {
        let (at, green) = (Absorbers::at(wavelength_nm), Absorbers::at(520.0));
        let eumelanin = (1.0 - self.pheomelanin_share) * at.eumelanin_per_mm / green.eumelanin_per_mm;
        let pheomelanin = self.pheomelanin_share * at.pheomelanin_per_mm / green.pheomelanin_per_mm;
        self.melanosome_fraction * MELANOSOME_520_PER_MM * (eumelanin + pheomelanin)
            + bloodless_per_mm(wavelength_nm)
    }

    /// Absorption of blood in a layer that holds this share of it, 1/mm.
    pub fn blood_absorption_per_mm(&self, wavelength_nm: f64, blood_fraction: f64) -> f64 {
        let blood = Absorbers::at(wavelength_nm).blood_per_mm(self.oxygen_saturation);
        blood_fraction * blood * packing(blood, self.vessel_radius_mm)
    }

    /// The layers at a wavelength, valid 380 to 780 nm, from the top; the last is a half-space.
    pub fn layers(&self, build: Build, wavelength_nm: f64) -> [Layer; LAYERS] {
        let anisotropy = 0.62 + 0.29e-3 * wavelength_nm;
        let reduced = self.reduced_scattering_per_mm(wavelength_nm);
        let blood = self.blood_absorption_per_mm(wavelength_nm, self.blood_fraction);
        let bloodless = bloodless_per_mm(wavelength_nm);
        let fat = Absorbers::at(wavelength_nm).fat_per_mm;
        let layer = |absorption_per_mm: f64, scattering: f64, thickness_mm: f64| Layer {
            absorption_per_mm,
            scattering_per_mm: scattering * reduced / (1.0 - anisotropy),
            anisotropy,
            refractive_index: REFRACTIVE_INDEX,
            thickness_mm,
        };
        let epidermis = self.epidermis_absorption_per_mm(wavelength_nm);
        [
            layer(epidermis, EPIDERMIS_SCATTERING, build.epidermis_mm),
            layer(blood * self.papillary_blood_ratio + bloodless, 1.0, build.papillary_mm),
            layer(blood + bloodless, 1.0, build.reticular_mm),
            layer(blood + bloodless + fat, FAT_SCATTERING, f64::INFINITY),
        ]
    }
}

/// Absorption of living tissue without blood and melanin, 1/mm: a share of the curve in [@Jacques2013].
fn bloodless_per_mm(wavelength_nm: f64) -> f64 {
    BLOODLESS_SHARE * 0.1 * (0.244 + 85.3 * (-(wavelength_nm - 154.0) / 66.2).exp())
}

/// Solver for skin, kept from spectrum to spectrum.
#[derive(Clone, Debug)]
pub struct SkinSolver {
    solver: StackSolver,
    build: Build,
}

impl SkinSolver {
    /// A solver for skin of this build.
    ///
    /// # Errors
    /// Never for the shipped refractive index; the type says what else could be wrong.
    pub fn new(build: Build, streams: Streams) -> Result<Self, StackError> {
        Ok(Self { solver: StackSolver::new(&[REFRACTIVE_INDEX; LAYERS], streams)?, build })
    }

    /// Reflectance with the reflex of the surface, 8°/hemispherical as instruments with specular included read
    /// it (computed at normal incidence: the reflex at 8° is the same within 1e-5).
    ///
    /// # Errors
    /// A property of the skin that makes a layer's optics invalid.
    pub fn spectrum(&self, skin: &Skin) -> Result<Spectrum, StackError> {
        let layers: Vec<Layer> =
            (0..BANDS).flat_map(|band| skin.layers(self.build, wavelength_nm(band))).collect();
        let light = self.solver.solve(&layers)?;
        Ok(std::array::from_fn(|band| light[band].normal.total_reflectance()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(skin: &Skin) -> Spectrum {
        let solver = SkinSolver::new(Build::SCALP, Streams::Sixteen).expect("the index is valid");
        solver.spectrum(skin).expect("the skin is valid")
    }

    #[test]
    fn melanin_darkens_blue_most_and_blood_green() {
        let light = spectrum(&Skin::LIGHT);
        let tan = spectrum(&Skin { melanosome_fraction: 0.06, ..Skin::LIGHT });
        let red = spectrum(&Skin { blood_fraction: 0.01, ..Skin::LIGHT });
        assert!(light.iter().zip(&tan).all(|(l, t)| l > t));
        assert!(tan[5] / light[5] < tan[25] / light[25]);
        assert!(red[15] / light[15] < red[25] / light[25] - 0.1);
        assert!(light[30] > 0.4 && light[5] < 0.35, "{light:?}");
    }

    #[test]
    fn a_pale_scar_is_lighter_and_a_red_one_redder() {
        let (skin, pale) = (spectrum(&Skin::LIGHT), spectrum(&Skin::LIGHT.scarred(ScarChange::PALE)));
        let red = spectrum(&Skin::LIGHT.scarred(ScarChange::RED));
        assert!(pale[5] > skin[5], "less melanin: {} {}", pale[5], skin[5]);
        assert!(red[15] / red[25] < skin[15] / skin[25]);
    }

    #[test]
    fn eight_streams_are_enough_for_skin() {
        let fast = SkinSolver::new(Build::SCALP, Streams::Eight).expect("valid");
        for melanosome_fraction in [0.01, 0.05, 0.3] {
            let skin = Skin { melanosome_fraction, ..Skin::LIGHT };
            let (one, two) = (fast.spectrum(&skin).expect("valid"), spectrum(&skin));
            assert!(one.iter().zip(&two).all(|(a, b)| (a - b).abs() < 1.5e-4));
        }
    }
}
