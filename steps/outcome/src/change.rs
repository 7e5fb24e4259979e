//! What of a scar differs from its surroundings, one measure at a time.
//!
//! Means are of light, hair and dots included: that is what runs together in the eye. They are taken in the scar and in the
//! ring of skin around it. Uncertainties come from leaving out one block of skin after the other (jackknife), so that
//! they hold for skin and hair that are patchy over millimetres.

use stipple_color::redness::Chromophores;
use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_quantity::Estimate;
use stipple_raster::Mask;
use stipple_raster::distance::distance_to;
use stipple_raster::masked::block_means;

use crate::error::Error;
use crate::scene::{EDGE_MM, Scene};

pub mod blue;
pub mod edge;
pub mod units;

pub use blue::{Spot, blue_shift};
pub use edge::{EdgeStep, edge_profile};
pub use units::{UnitDensity, unit_density};

/// Width of the ring around the scar, mm.
pub const RING_MM: f64 = 10.0;
/// Side of the blocks of skin that are taken as independent, mm: two spacings of hair and more.
const BLOCK_MM: f64 = 2.4;

/// The scar's mean color against that of the ring around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColorChange {
    /// Mean color inside; light 1 is white.
    pub lab: Lab,
    /// Mean color of the ring.
    pub lab_around: Lab,
    /// CIEDE2000 between the two, at least 0.
    pub difference: Estimate,
    /// Blood's share of the erythema index, inside minus around; above zero is redder.
    pub redness: Estimate,
}

/// Measures the scar's mean color against that of the ring around it.
///
/// # Limits
/// Near zero the color difference is larger than the truth by up to its uncertainty, because it has no sign. That of
/// the picture's calibration is not in it.
///
/// # Errors
/// If sizes, pitch, scar or surroundings cannot be used.
///
/// # Source
/// [@Sharma2005]; redness as in [`stipple_color::redness`].
pub fn color_change(scene: &Scene) -> Result<ColorChange, Error> {
    scene.check()?;
    let seen = both(scene.scar, scene.zone);
    let (inside, around) = (Blocks::of(scene, &seen), Blocks::of(scene, &ring(scene)));
    let lab = |light: [f64; 3]| Lab::from_linear(scene.space, rgb(light));
    let of_both = |of: &dyn Fn([f64; 3], [f64; 3]) -> f64| jackknifed(&inside, &around, of);
    let blood = |light: [f64; 3]| Chromophores::of(srgb(scene.space, light));
    let redness = of_both(&|own, ring| blood(own).redness - blood(ring).redness);
    let (own, outer) = (inside.mean(), around.mean());
    Ok(ColorChange {
        lab: lab(own),
        lab_around: lab(outer),
        difference: of_both(&|own, ring| ciede2000(lab(own), lab(ring))),
        redness: redness.widened_by(blood(own).model_uncertainty(blood(outer))),
    })
}

/// Scalp within [`RING_MM`] of the scar, the soft edge left out.
pub(crate) fn ring(scene: &Scene) -> Mask {
    let away = distance_to(scene.scar);
    let (from, to) = (EDGE_MM / scene.mm_per_px, (EDGE_MM + RING_MM) / scene.mm_per_px);
    let near = away.samples.iter().zip(&scene.zone.samples).map(|(away, zone)| {
        let away = f64::from(*away);
        *zone && away > from && away <= to
    });
    Mask { samples: near.collect(), ..*scene.zone }
}

pub(crate) fn both(one: &Mask, two: &Mask) -> Mask {
    let samples = one.samples.iter().zip(&two.samples).map(|(a, b)| *a && *b).collect();
    Mask { samples, ..*one }
}

fn rgb(light: [f64; 3]) -> LinearRgb {
    LinearRgb { rgb: light.map(|v| v as f32) }
}

fn srgb(space: RgbSpace, light: [f64; 3]) -> LinearRgb {
    RgbSpace::Srgb.linear_from_xyz(space.xyz_from_linear(rgb(light)))
}

/// Light summed over blocks of skin.
struct Blocks {
    /// Pixels and light of each block.
    blocks: Vec<(f64, [f64; 3])>,
    pixels: f64,
    light: [f64; 3],
}

impl Blocks {
    fn of(scene: &Scene, mask: &Mask) -> Self {
        let factor = (BLOCK_MM / scene.mm_per_px).round().max(1.0) as usize;
        let (share, means) = block_means(mask, factor, |k| scene.rgb(k));
        // Ragged blocks at the far edges have fewer pixels; that their share is of fewer hardly matters.
        let block = |k: usize| {
            let pixels = f64::from(share.samples[k]);
            (pixels, [0, 1, 2].map(|c: usize| pixels * f64::from(means[c].samples[k])))
        };
        let blocks: Vec<_> =
            (0..share.samples.len()).map(block).filter(|(pixels, _)| *pixels > 0.0).collect();
        let pixels = blocks.iter().map(|(pixels, _)| pixels).sum();
        let light = std::array::from_fn(|c| blocks.iter().map(|(_, light)| light[c]).sum());
        Self { blocks, pixels, light }
    }

    fn mean(&self) -> [f64; 3] {
        self.light.map(|light| light / self.pixels.max(1e-12))
    }

    /// The mean without one of the blocks.
    fn without(&self, k: usize) -> [f64; 3] {
        let (pixels, light) = self.blocks[k];
        std::array::from_fn(|c| (self.light[c] - light[c]) / (self.pixels - pixels).max(1e-12))
    }

    /// Variance of what is made of the mean, by leaving out one block after the other.
    fn variance(&self, of: impl Fn([f64; 3]) -> f64) -> f64 {
        let values: Vec<f64> = (0..self.blocks.len()).map(|k| of(self.without(k))).collect();
        jackknife(&values)
    }
}

/// Variance of a measure, from its values with one part of the sample left out after the other; of one part nothing is
/// known and nothing told.
fn jackknife(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() * (n - 1.0) / n
}

fn jackknifed(inside: &Blocks, around: &Blocks, of: &dyn Fn([f64; 3], [f64; 3]) -> f64) -> Estimate {
    let (own, outer) = (inside.mean(), around.mean());
    let variance = inside.variance(|own| of(own, outer)) + around.variance(|outer| of(own, outer));
    Estimate::new(of(own, outer), variance.sqrt())
}

#[cfg(test)]
mod tests;
