//! Hair that stands: where, and how dense.

use std::collections::BTreeMap;

use stipple_model::{Detection, Reading};
use stipple_points::{CellIndex, Window};
use stipple_raster::distance::distance_to;
use stipple_raster::filter::gaussian_blur;
use stipple_raster::{Grid, Mask};

use crate::areas::Kind;
use crate::ground::Ground;

/// Standard deviation of the kernel that measures hair density, in spacings.
const KERNEL_SPACINGS: f64 = 1.25;
/// If less than this share of the hair that was measured was found one by one, where it stands is not known.
const FOUND_LEAST: f64 = 0.2;
/// Disks in which the natural density is counted, mm; 37 units at 74 per cm².
const DISK_MM: f64 = 4.0;
/// Skin with less than this share of the natural density is bare, or thin, as dots see it.
const BARE_SHARE: f64 = 0.7;
/// With less than this share hair is missing, whatever chance does: halfway down a clear edge of hair.
const SPARSE_SHARE: f64 = 0.5;
/// Standard deviation of the kernel that tells it, mm.
const BARE_SIGMA_MM: f64 = 3.0;
/// The rim of skin around scars in which hair may be thinner than beyond, in steps, mm.
const RIM_STEP_MM: f32 = 0.5;
const RIM_STEPS: usize = 4;
/// So many units are taken to be there as expected: fewer than that along an edge say little.
const UNITS_OF_CHANCE: f64 = 5.0;
/// Units with such a disk that tell the natural density, at least.
const UNITS_TELLING: usize = 60;

/// Follicular units in millimetres: the middle of each one's hairs.
pub(crate) fn units(reading: &Reading) -> Vec<(f64, f64)> {
    let mut sums: BTreeMap<usize, ((f64, f64), f64)> = BTreeMap::new();
    for detection in &reading.hair.detections {
        let at = reading.photo.scalp_from_photo.apply(detection.at);
        let (sum, n) = sums.entry(detection.unit).or_default();
        (*sum, *n) = ((sum.0 + at.x_mm, sum.1 + at.y_mm), *n + 1.0);
    }
    sums.into_values().map(|(sum, n)| (sum.0 / n, sum.1 / n)).collect()
}

/// Every hair in millimetres.
pub(crate) fn hairs(reading: &Reading) -> Vec<(f64, f64)> {
    let at = |hair: &Detection| reading.photo.scalp_from_photo.apply(hair.at);
    reading.hair.detections.iter().map(at).map(|p| (p.x_mm, p.y_mm)).collect()
}

/// Units that were measured over those that were found one by one: above 1 where some were missed, below it where some
/// are none; nothing where no density was measured or too few were found to say where hair stands.
pub(crate) fn measured_over_found(reading: &Reading, found: usize) -> Option<f64> {
    let measured = reading.hair.unit_density_per_cm2?.value * reading.zone_area_mm2.value / 100.0;
    let times = measured / found as f64;
    (times > 0.0 && times <= 1.0 / FOUND_LEAST).then_some(times)
}

/// Units per mm² where hair grows on this head: the median over units of those in a disk around, which has to lie on skin
/// that tells it.
///
/// The unit itself counts: units keep others from about as much room as one has. Bald skin beside the hair has little say,
/// because nothing is counted there.
pub(crate) fn natural_per_mm2(units: &[(f64, f64)], skin: &Window) -> Option<f64> {
    let index = CellIndex::new(units);
    let near = |unit: &(f64, f64)| {
        let mut near = 0;
        index.for_each_within(*unit, DISK_MM, |_, squared| near += usize::from(squared < DISK_MM * DISK_MM));
        near
    };
    let telling = units.iter().filter(|unit| skin.contains_disk(**unit, DISK_MM));
    let mut counts: Vec<usize> = telling.map(near).collect();
    counts.sort_unstable();
    let median = *counts.get(counts.len() / 2).filter(|_| counts.len() >= UNITS_TELLING)?;
    Some(median as f64 / (std::f64::consts::PI * DISK_MM * DISK_MM))
}

/// Units that stand, per mm², measured apart inside and outside scars, and where something was drawn apart on sparse skin and
/// where hair grows, so that no edge is smeared: dots would go between hairs that are complete, and lack beside them.
///
/// The machine misses some hair and makes some up. Around scars, what it found is scaled to the density that was measured
/// there, so that both mean the same hair; where something was drawn hair may be thinning, so it counts `times` as much, as
/// over the whole photograph.
pub(crate) fn standing_per_mm2(
    units: &[(f64, f64)],
    goal_per_mm2: &[f64],
    is_measured: bool,
    times: Option<f64>,
    ground: &Ground,
) -> Grid {
    let mut counted = ground.grid(|_| 0.0);
    let per_unit = (1.0 / ground.cell_area_mm2()) as f32;
    for unit in units {
        if let Some(k) = ground.window.cell_at(*unit).filter(|k| ground.zone.samples[*k]) {
            counted.samples[k] += per_unit;
        }
    }
    let sigma_px = (KERNEL_SPACINGS * mean_spacing_mm(goal_per_mm2) / ground.window.cell) as f32;
    let is_scar = |k: usize| ground.area_of.scar(k).is_some();
    let inside = smooth_within(&counted, |k| ground.zone.samples[k] && is_scar(k), sigma_px, ground);
    let is_outside = |k: usize| ground.zone.samples[k] && !is_scar(k);
    let outside = smooth_within(&counted, is_outside, sigma_px, ground);
    let outside = match times {
        Some(times) => {
            let is_sparse = |k: usize| {
                // Between thinning hair the two would be chance.
                let is_thinning = ground.area_of.kind(k) == Some(Kind::Thinning);
                !is_thinning && times * f64::from(outside.samples[k]) < SPARSE_SHARE * goal_per_mm2[k]
            };
            let sparse = smooth_within(&counted, |k| is_outside(k) && is_sparse(k), sigma_px, ground);
            let dense = smooth_within(&counted, |k| is_outside(k) && !is_sparse(k), sigma_px, ground);
            ground.grid(|k| sparse.samples[k] + dense.samples[k])
        }
        None => outside,
    };
    let outside = thinner_at_edges(&counted, &outside, is_outside, ground);
    let edge = (0..goal_per_mm2.len()).filter(|k| ground.window.inside[*k] && !is_scar(*k));
    let (found, wanted) = edge.fold((0.0, 0.0), |(found, wanted), k| {
        (found + f64::from(outside.samples[k]), wanted + goal_per_mm2[k])
    });
    let share = if wanted > 0.0 { found / wanted } else { 1.0 };
    let is_told = is_measured && share > FOUND_LEAST;
    let raise = times.unwrap_or(if is_told { 1.0 / share } else { 1.0 }) as f32;
    let blind = times.is_none() && is_measured && !is_told;
    ground.grid(|k| match (is_scar(k), blind) {
        (true, _) => inside.samples[k] * raise,
        (false, true) => goal_per_mm2[k] as f32,
        (false, false) => outside.samples[k] * raise,
    })
}

/// A smooth density outside scars, with the rim thinner or denser as hair is there along all of the edges: a rim narrower than
/// the kernel drowns in the mean of a place, but not in that of a whole edge.
fn thinner_at_edges(
    counted: &Grid,
    smooth: &Grid,
    is_outside: impl Fn(usize) -> bool,
    ground: &Ground,
) -> Grid {
    let step = |k: usize| {
        let step = (ground.outside_mm.samples[k] / RIM_STEP_MM) as usize;
        (is_outside(k) && step < RIM_STEPS).then_some(step)
    };
    let mut units = [[UNITS_OF_CHANCE; 2]; RIM_STEPS];
    for (k, step) in (0..counted.samples.len()).filter_map(|k| Some((k, step(k)?))) {
        units[step][0] += f64::from(counted.samples[k]) * ground.cell_area_mm2();
        units[step][1] += f64::from(smooth.samples[k]) * ground.cell_area_mm2();
    }
    let times = units.map(|[found, expected]| (found / expected) as f32);
    ground.grid(|k| smooth.samples[k] * step(k).map_or(1.0, |step| times[step]))
}

/// Dots per mm² in and around scars, each apart so that no edge is smeared.
pub(crate) fn dots_per_mm2(places: &[(f64, f64)], spacing_mm: f64, ground: &Ground) -> Grid {
    if places.is_empty() {
        return ground.grid(|_| 0.0);
    }
    let mut counted = ground.grid(|_| 0.0);
    for cell in places.iter().filter_map(|place| ground.window.cell_at(*place)) {
        counted.samples[cell] += (1.0 / ground.cell_area_mm2()) as f32;
    }
    let sigma_px = (KERNEL_SPACINGS * spacing_mm / ground.window.cell) as f32;
    let is_scar = |k: usize| ground.area_of.scar(k).is_some();
    let inside = smooth_within(&counted, |k| ground.window.inside[k] && is_scar(k), sigma_px, ground);
    let outside = smooth_within(&counted, |k| ground.window.inside[k] && !is_scar(k), sigma_px, ground);
    ground.grid(|k| inside.samples[k] + outside.samples[k])
}

/// Spacing of units at the mean of some densities, mm.
pub(crate) fn mean_spacing_mm(per_mm2: &[f64]) -> f64 {
    (per_mm2.len() as f64 / per_mm2.iter().sum::<f64>()).sqrt()
}

/// Distance of every cell to where dots have to fade out, mm: skin outside the areas on which little hair stands, not
/// counting what lies in front of a hairline. Where hair stands beside an area, dots go up to it. Infinite where nothing was
/// drawn: scars have a soft edge of their own.
pub(crate) fn from_bare_mm(natural_per_mm2: &[f64], standing: &Grid, ground: &Ground) -> Grid {
    if !ground.area_of.has_drawn() {
        return ground.grid(|_| f32::INFINITY);
    }
    from_sparse_mm(BARE_SHARE, natural_per_mm2, standing, ground)
}

/// How much of the edge of what was drawn has skin beside it on which hair is missing too, mm: less than half as dense as
/// it grows on this head, because beside a clear edge of hair the mean over [`BARE_SIGMA_MM`] falls nearly as low.
pub(crate) fn bare_edge_mm(natural_per_mm2: &[f64], standing: &Grid, ground: &Ground) -> f64 {
    if !ground.area_of.has_drawn() {
        return 0.0;
    }
    let (away_mm, cell_mm) =
        (from_sparse_mm(SPARSE_SHARE, natural_per_mm2, standing, ground), ground.window.cell);
    let at_edge = |k: &usize| ground.area_of.is_drawn(*k) && f64::from(away_mm.samples[*k]) < 1.01 * cell_mm;
    (0..natural_per_mm2.len()).filter(at_edge).count() as f64 * cell_mm
}

/// The same of skin with less than a share of the natural density.
fn from_sparse_mm(share: f64, natural_per_mm2: &[f64], standing: &Grid, ground: &Ground) -> Grid {
    let is_outside = |k: usize| {
        ground.zone.samples[k] && ground.area_of.kind(k).is_none() && ground.behind_mm.samples[k] > 0.0
    };
    let sigma_px = (BARE_SIGMA_MM / ground.window.cell) as f32;
    let around = smooth_within(standing, is_outside, sigma_px, ground);
    let is_bare = |k: usize| is_outside(k) && f64::from(around.samples[k]) < share * natural_per_mm2[k];
    let (width, height) = (ground.window.columns, ground.window.rows);
    let bare = Mask { width, height, samples: (0..width * height).map(is_bare).collect() };
    let mut distance_mm = distance_to(&bare);
    distance_mm.samples.iter_mut().for_each(|d| *d *= ground.window.cell as f32);
    distance_mm
}

/// Gaussian mean over the cells of one part only.
fn smooth_within(counted: &Grid, part: impl Fn(usize) -> bool, sigma_px: f32, ground: &Ground) -> Grid {
    let sum = gaussian_blur(&ground.grid(|k| if part(k) { counted.samples[k] } else { 0.0 }), sigma_px);
    let weight = gaussian_blur(&ground.grid(|k| f32::from(u8::from(part(k)))), sigma_px);
    ground.grid(|k| if part(k) { sum.samples[k] / weight.samples[k].max(1e-6) } else { 0.0 })
}
