//! How light the skin is by distance from the scar's edge.

use std::collections::BTreeMap;

use stipple_color::{Lab, Xyz};
use stipple_quantity::Estimate;
use stipple_raster::Mask;
use stipple_raster::distance::distance_to;

use super::{RING_MM, both, jackknife};
use crate::error::Error;
use crate::scene::Scene;

/// Width of a step of the profile, mm.
const STEP_MM: f64 = 0.5;
/// Least skin of a step, mm².
const STEP_MM2_MIN: f64 = 1.0;
/// Side of the tiles that are taken as independent, mm.
const TILE_MM: f64 = 4.0;

/// One step of the way across the scar's edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeStep {
    /// Middle of the step, mm from the edge; below zero is inside the scar.
    pub from_edge_mm: f64,
    /// L* of the mean light there.
    pub lightness: Estimate,
}

/// The mean lightness from the scar's middle to [`RING_MM`] outside, in steps of 0.5 mm.
///
/// Steps of less than 1 mm² of skin are left out: a hair more or less makes their light.
///
/// # Limits
/// Steps that less than two tiles (4 mm) of skin lie in carry no uncertainty of their own (0).
///
/// # Errors
/// If sizes, pitch, scar or surroundings cannot be used.
///
/// # Cost
/// Two distance transforms.
pub fn edge_profile(scene: &Scene) -> Result<Vec<EdgeStep>, Error> {
    scene.check()?;
    let mut steps: BTreeMap<i32, BTreeMap<usize, Tile>> = BTreeMap::new();
    let weights = scene.space.luminance_weights();
    let tile_px = (TILE_MM / scene.mm_per_px).ceil().max(1.0) as usize;
    let width = scene.zone.width;
    for (k, from_edge_mm) in signed_mm(scene) {
        let light: f32 = scene.rgb(k).iter().zip(weights).map(|(light, weight)| light * weight).sum();
        let step = (from_edge_mm / STEP_MM).floor() as i32;
        let tile = (k / width / tile_px) * width + k % width / tile_px;
        let tile = steps.entry(step).or_default().entry(tile).or_default();
        tile.pixels += 1.0;
        tile.light += f64::from(light);
    }
    let pixels_min = STEP_MM2_MIN / scene.mm_per_px.powi(2);
    let large = steps
        .into_iter()
        .filter(|(_, tiles)| tiles.values().map(|tile| tile.pixels).sum::<f64>() >= pixels_min);
    let told = large.map(|(step, tiles)| EdgeStep {
        from_edge_mm: (f64::from(step) + 0.5) * STEP_MM,
        lightness: lightness(&tiles.into_values().collect::<Vec<_>>()),
    });
    Ok(told.collect())
}

/// Light of one tile in one step.
#[derive(Clone, Copy, Default)]
struct Tile {
    pixels: f64,
    light: f64,
}

/// Pixels of the scalp with their distance from the scar's edge, mm.
fn signed_mm(scene: &Scene) -> Vec<(usize, f64)> {
    let scar = both(scene.scar, scene.zone);
    let off = Mask { samples: scene.scar.samples.iter().map(|inside| !inside).collect(), ..*scene.scar };
    let (outside, inside) = (distance_to(scene.scar), distance_to(&off));
    let scalp = (0..scar.samples.len()).filter(|k| scene.zone.samples[*k]);
    let signed = scalp.map(|k| {
        // Distances are between centers of pixels; the edge runs half a pixel before the first.
        let px = if scar.samples[k] { 0.5 - inside.samples[k] } else { outside.samples[k] - 0.5 };
        (k, f64::from(px) * scene.mm_per_px)
    });
    signed.filter(|(_, mm)| *mm <= RING_MM).collect()
}

/// L* of all tiles' light, with the uncertainty of leaving out one tile after the other.
fn lightness(tiles: &[Tile]) -> Estimate {
    let (pixels, light) = tiles.iter().fold((0.0, 0.0), |(p, l), tile| (p + tile.pixels, l + tile.light));
    let of = |light: f64| Lab::from(Xyz { x: 0.0, y: light, z: 0.0 }).l;
    // A lone tile leaves nothing without it.
    let without = |tile: &Tile| of((light - tile.light) / (pixels - tile.pixels).max(1e-12));
    let values: Vec<f64> = tiles.iter().map(without).collect();
    Estimate::new(of(light / pixels), jackknife(&values).sqrt())
}
