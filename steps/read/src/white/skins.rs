//! Skins made of patches: mixtures of a checker's patches that reflect, wavelength by wavelength, almost as skin does.
//!
//! No patch is skin, and a camera that renders the patches right may still render skin wrong: two things of one color
//! under one light part under another. A mixture with the spectrum of skin parts with skin nowhere, whatever camera
//! and light; how it was photographed follows from how its patches were, and so does its true color.

use std::sync::LazyLock;

use nalgebra::DMatrix;
use stipple_optics::Streams;
use stipple_optics::skin::model::BANDS;
use stipple_optics::skin::{Build, Skin, SkinSolver, Spectrum, wavelength_nm};

use crate::checker::PATCHES;
use crate::checker::reference::reflectance;

/// What keeps mixtures from heaping patches on patches: their squares count this much of a band's squared error.
const RIDGE: f64 = 0.001;

/// Modeled skins, light to dark, pale to flushed: wide steps through what skin can hold, not an average of people.
static SKINS: LazyLock<Vec<Spectrum>> = LazyLock::new(|| {
    let solver =
        SkinSolver::new(Build::SCALP, Streams::Eight).expect("the shipped refractive index is valid");
    let mut skins = Vec::new();
    for melanosome_fraction in [0.006, 0.013, 0.028, 0.06, 0.13, 0.28] {
        for blood_fraction in [0.0015, 0.004, 0.011] {
            for (oxygen_saturation, scattering_level, pheomelanin_share) in
                [(0.3, 1.15, 0.4), (0.8, 0.85, 0.1)]
            {
                let skin = Skin {
                    melanosome_fraction,
                    pheomelanin_share,
                    blood_fraction,
                    papillary_blood_ratio: 1.0,
                    oxygen_saturation,
                    vessel_radius_mm: 0.006,
                    scattering_level,
                    scattering_exponent: 1.77,
                };
                skins.push(solver.spectrum(&skin).expect("the skin is valid"));
            }
        }
    }
    skins
});

/// How much a band matters to cameras and eyes: little at the ends of the visible.
fn importance(wavelength_nm: f64) -> f64 {
    (-((wavelength_nm - 550.0) / 110.0).powi(4)).exp()
}

/// For each of a range of skins, how much of each of some patches makes it: a row a skin, a column a patch.
pub(super) fn mixtures(patches: &[usize]) -> Option<DMatrix<f64>> {
    static PATCH_SPECTRA: LazyLock<Vec<[f64; BANDS]>> = LazyLock::new(|| {
        (0..PATCHES).map(|patch| std::array::from_fn(|b| reflectance(patch, wavelength_nm(b)))).collect()
    });
    let weight = |band: usize| importance(wavelength_nm(band));
    let of_patches =
        DMatrix::from_fn(BANDS, patches.len(), |band, k| weight(band) * PATCH_SPECTRA[patches[k]][band]);
    let of_skins = DMatrix::from_fn(BANDS, SKINS.len(), |band, k| weight(band) * SKINS[k][band]);
    let normal = of_patches.tr_mul(&of_patches) + DMatrix::identity(patches.len(), patches.len()) * RIDGE;
    Some(normal.cholesky()?.solve(&of_patches.tr_mul(&of_skins)).transpose())
}
