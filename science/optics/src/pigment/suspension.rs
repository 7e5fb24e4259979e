//! Particles in a medium: what a volume of them absorbs and scatters.

use crate::dot::{DotInk, WAVELENGTHS_NM};
use crate::mie::sphere;
use crate::pigment::Material;

/// Particles of one material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particles {
    /// What they are made of.
    pub material: Material,
    /// Volume of the solid over the volume of everything, 0 to 0.3.
    pub volume_fraction: f64,
    /// Median diameter by volume, nm, 5 to 5000. For carbon black that of its clusters, not of the spherules.
    pub median_diameter_nm: f64,
    /// Geometric standard deviation of the diameters, 1 to 4; makers' pigments have 1.3 to 2.
    pub geometric_deviation: f64,
}

/// Particles of several materials in one medium.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspension {
    /// The particles.
    pub parts: Vec<Particles>,
    /// Refractive index of what they lie in: water 1.33, skin 1.40.
    pub medium_index: f64,
}

/// Half the width of the diameters that are summed over, in standard deviations of their logarithm, and how
/// many there are.
const REACH: f64 = 3.0;
/// See [`REACH`].
const SIZES: usize = 25;

impl Suspension {
    /// Absorption and scattering, 1/mm, and the mean cosine of the scattering angle.
    ///
    /// Each particle works alone: cross sections add. The diameters follow a lognormal distribution by volume.
    ///
    /// # Limits
    /// Above a volume fraction of about 0.05 neighbors shade one another and scattering reads too high.
    ///
    /// # Source
    /// [@BohrenHuffman1983]
    pub fn bulk(&self, wavelength_nm: f64) -> Bulk {
        let parts = self.parts.iter().map(|part| of_particles(part, self.medium_index, wavelength_nm));
        let (mut absorption, mut scattering, mut along) = (0.0, 0.0, 0.0);
        for part in parts {
            absorption += part.absorption_per_mm;
            scattering += part.scattering_per_mm;
            along += part.scattering_per_mm * part.anisotropy;
        }
        let anisotropy = if scattering > 0.0 { along / scattering } else { 0.0 };
        Bulk { absorption_per_mm: absorption, scattering_per_mm: scattering, anisotropy }
    }

    /// The same with so many parts of medium added to one part.
    pub fn diluted(&self, parts_of_medium: f64) -> Self {
        let thinner = |part: &Particles| Particles {
            volume_fraction: part.volume_fraction / (1.0 + parts_of_medium.max(0.0)),
            ..*part
        };
        Self { parts: self.parts.iter().map(thinner).collect(), ..*self }
    }
}

/// What a volume does to light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bulk {
    /// Absorption, 1/mm.
    pub absorption_per_mm: f64,
    /// Scattering, 1/mm.
    pub scattering_per_mm: f64,
    /// Mean cosine of the scattering angle.
    pub anisotropy: f64,
}

fn of_particles(part: &Particles, medium_index: f64, wavelength_nm: f64) -> Bulk {
    let spread = part.geometric_deviation.clamp(1.0, 4.0).ln();
    let index = part.material.refractive_index(wavelength_nm) / medium_index;
    let (mut weights, mut absorption, mut scattering, mut along) = (0.0, 0.0, 0.0, 0.0);
    for k in 0..SIZES {
        let z = REACH * (2.0 * k as f64 / (SIZES - 1) as f64 - 1.0);
        let weight = (-0.5 * z * z).exp();
        let diameter_nm = part.median_diameter_nm.clamp(5.0, 5000.0) * (spread * z).exp();
        let sphere = sphere(std::f64::consts::PI * diameter_nm * medium_index / wavelength_nm, index);
        // A volume V of spheres has 3 V / (2 d) of shadow; 1e6 nm are a millimetre.
        let shadow_per_mm = 1.5e6 * part.volume_fraction.max(0.0) / diameter_nm;
        weights += weight;
        absorption += weight * shadow_per_mm * sphere.absorption();
        scattering += weight * shadow_per_mm * sphere.scattering;
        along += weight * shadow_per_mm * sphere.scattering * sphere.anisotropy;
    }
    Bulk {
        absorption_per_mm: absorption / weights,
        scattering_per_mm: scattering / weights,
        anisotropy: if scattering > 0.0 { along / scattering } else { 0.0 },
    }
}

/// The ink of a deposit: what it absorbs in the three bands of a dot.
///
/// # Limits
/// Scattering of the pigment itself is left out: small for carbon, wrong for white.
pub fn ink_of(suspension: &Suspension) -> DotInk {
    DotInk::through(WAVELENGTHS_NM.map(|nm| suspension.bulk(nm).absorption_per_mm))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(material: Material, median_diameter_nm: f64) -> Suspension {
        let part =
            Particles { material, volume_fraction: 0.01, median_diameter_nm, geometric_deviation: 1.5 };
        Suspension { parts: vec![part], medium_index: 1.33 }
    }

    #[test]
    fn carbon_absorbs_as_much_by_mass_as_was_measured() {
        // 7.5 ± 1.2 m²/g at 550 nm for clusters in air, about λ⁻¹ [@BondBergstrom2006]; single spheres absorb
        // up to a third less.
        let mut carbon = of(Material::CarbonBlack, 60.0);
        carbon.medium_index = 1.0;
        let mass_g_per_mm3 = 0.01 * Material::CarbonBlack.mass_g_per_cm3() / 1000.0;
        let m2_per_g = carbon.bulk(550.0).absorption_per_mm / mass_g_per_mm3 / 1e6;
        assert!((4.5..8.0).contains(&m2_per_g), "{m2_per_g} m²/g");
        let ink = ink_of(&of(Material::CarbonBlack, 60.0));
        assert!((0.8..1.5).contains(&ink.absorption_exponent), "{ink:?}");
    }

    #[test]
    fn carbon_hardly_scatters_iron_oxide_is_red_and_titanium_dioxide_white() {
        let carbon = of(Material::CarbonBlack, 60.0).bulk(550.0);
        assert!(carbon.scattering_per_mm < 0.2 * carbon.absorption_per_mm, "{carbon:?}");
        let oxide = |nm: f64| of(Material::RedIronOxide, 200.0).bulk(nm).absorption_per_mm;
        assert!(oxide(450.0) > 4.0 * oxide(650.0));
        let white = of(Material::TitaniumDioxide, 250.0).bulk(550.0);
        assert!(white.absorption_per_mm < 1e-9 * white.scattering_per_mm, "{white:?}");
        assert!(white.scattering_per_mm * (1.0 - white.anisotropy) > 20.0, "{white:?}");
    }

    #[test]
    fn dilution_is_linear_and_parts_add() {
        let black = of(Material::CarbonBlack, 100.0);
        let thin = black.diluted(3.0).bulk(550.0).absorption_per_mm;
        assert!((4.0 * thin / black.bulk(550.0).absorption_per_mm - 1.0).abs() < 1e-12);
        let mut mixed = black.clone();
        mixed.parts.extend(of(Material::TitaniumDioxide, 250.0).parts);
        let scattering = mixed.bulk(550.0).scattering_per_mm;
        assert!(scattering > of(Material::TitaniumDioxide, 250.0).bulk(550.0).scattering_per_mm);
    }
}
