//! The nodes of the dot table, simulated.

use stipple_quantity::Seed;

use super::dots::{Body, DotStudy, DotsSeen, Form};
use super::medium::Stack;
use crate::dot_table::SkinOptics;
use crate::dot_table::grid::{
    ANISOTROPY, DERMIS_PER_MM, EPIDERMIS_MM, EPIDERMIS_PER_MM, HEIGHTS_MM, INKS_PER_MM, Indices, POSITIONS,
    RADII_MM, REFRACTIVE_INDEX, SCATTERINGS_PER_MM, TOPS_MM, VALUES_PER_SCATTERING, distance_mm, place,
};
use crate::layers::Layer;
use crate::skin::model::EPIDERMIS_SCATTERING;

/// The skin of the table: 80 µm of epidermis, which scatters [`EPIDERMIS_SCATTERING`] times as much, over dermis
/// without end.
pub fn skin_stack(skin: &SkinOptics, anisotropy: f64) -> Stack {
    let layer = |absorption_per_mm, scattering: f64, thickness_mm| Layer {
        absorption_per_mm,
        scattering_per_mm: scattering * skin.reduced_scattering_per_mm / (1.0 - anisotropy),
        anisotropy,
        refractive_index: REFRACTIVE_INDEX,
        thickness_mm,
    };
    Stack::in_air(&[
        layer(skin.epidermis_absorption_per_mm, EPIDERMIS_SCATTERING, EPIDERMIS_MM),
        layer(skin.dermis_absorption_per_mm, 1.0, f64::INFINITY),
    ])
}

/// Contrasts of one reduced scattering and their standard errors, in the order of the table.
#[derive(Clone, Debug)]
pub struct Slab {
    /// Contrast 1 − R/R0.
    pub contrasts: Vec<f64>,
    /// Standard errors.
    pub errors: Vec<f64>,
}

/// Simulates all nodes of one reduced scattering.
///
/// # Panics
/// If there is no such scattering.
pub fn tabulate(scattering: usize, photons_per_position: u64, seed: Seed) -> Slab {
    let optics = SkinOptics {
        reduced_scattering_per_mm: SCATTERINGS_PER_MM[scattering],
        epidermis_absorption_per_mm: EPIDERMIS_PER_MM[0],
        dermis_absorption_per_mm: DERMIS_PER_MM[0],
    };
    let stack = skin_stack(&optics, ANISOTROPY);
    let bands = HEIGHTS_MM.iter().flat_map(|height| TOPS_MM.map(|top| [top, top + height]));
    let bands_mm: Vec<[f64; 2]> = bands.collect();
    let absorptions = EPIDERMIS_PER_MM.iter().flat_map(|e| DERMIS_PER_MM.map(|d| vec![*e, d]));
    let absorptions_per_mm: Vec<Vec<f64>> = absorptions.collect();
    let one = |position: usize| {
        let cylinder = |radius_mm: f64| {
            vec![Body { x_mm: distance_mm(position, radius_mm), y_mm: 0.0, radius_mm, form: Form::Cylinder }]
        };
        DotStudy {
            stack: &stack,
            diffuse_view: false,
            figures: RADII_MM.map(cylinder).to_vec(),
            bands_mm: bands_mm.clone(),
            absorptions_per_mm: absorptions_per_mm.clone(),
            photons: photons_per_position,
            seed: Seed(seed.0 ^ (position as u64) << 8 ^ (scattering as u64) << 16),
        }
        .look()
    };
    let mut slab =
        Slab { contrasts: vec![0.0; VALUES_PER_SCATTERING], errors: vec![0.0; VALUES_PER_SCATTERING] };
    for position in 0..POSITIONS {
        fill(&mut slab, position, &one(position));
    }
    slab
}

/// Enters what was seen from one position.
fn fill(slab: &mut Slab, position: usize, seen: &DotsSeen) {
    for epidermis in 0..EPIDERMIS_PER_MM.len() {
        for dermis in 0..DERMIS_PER_MM.len() {
            for band in 0..HEIGHTS_MM.len() * TOPS_MM.len() {
                let (height, top) = (band / TOPS_MM.len(), band % TOPS_MM.len());
                for radius in 0..RADII_MM.len() {
                    for (ink, ink_per_mm) in INKS_PER_MM.into_iter().enumerate() {
                        let absorption = epidermis * DERMIS_PER_MM.len() + dermis;
                        let got = seen.contrast(absorption, radius, band, ink_per_mm);
                        let at = place(Indices { epidermis, dermis, height, top, radius, ink, position });
                        (slab.contrasts[at], slab.errors[at]) = (got.value, got.error);
                    }
                }
            }
        }
    }
}
