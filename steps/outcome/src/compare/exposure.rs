//! What only one exposure can have: the grain of its pixels.

use rayon::prelude::*;
use stipple_model::{BeforeAfter, Photo};
use stipple_quantity::PointInPhoto;
use stipple_raster::morphology::{dilate, erode};
use stipple_raster::statistics::median;

use crate::Visit;
use crate::frame::Frame;

/// Pixels of the frame from one place to the next that is looked at.
const STEP: usize = 2;
/// Fewest places that tell.
const PLACES_MIN: usize = 500;
/// Grain below this is what storing leaves, codes of 8 bits.
const GRAIN_MIN: f32 = 0.25;
/// What is farther out than this is an edge of hair, medians.
const PLAIN: f32 = 2.0;
/// Skin so near to the scar's edge is neither, mm.
const EDGE_MM: f64 = 1.0;

/// How much each pixel differs from its neighbors, at the same places of both photographs.
pub(crate) struct Residuals {
    inside: Vec<BeforeAfter<f32>>,
    around: Vec<BeforeAfter<f32>>,
}

impl Residuals {
    pub(crate) fn of(visits: BeforeAfter<Visit<'_>>, frame: &Frame) -> Self {
        let edge_px = EDGE_MM / frame.mm_per_px;
        let (inner, outer) = (erode(&frame.scar, edge_px), dilate(&frame.scar, edge_px));
        let at = |k: usize| {
            let (x, y) = ((k % frame.width) as f64 + 0.5, (k / frame.width) as f64 + 0.5);
            Some(BeforeAfter {
                before: residual(visits.before.photo, frame.in_before(x, y))?,
                after: residual(visits.after.photo, frame.in_after(x, y)?)?,
            })
        };
        let places = |holds: &(dyn Fn(usize) -> bool + Sync)| -> Vec<BeforeAfter<f32>> {
            let rows = (0..frame.height).into_par_iter().step_by(STEP);
            let all =
                rows.flat_map_iter(|y| (0..frame.width).step_by(STEP).map(move |x| y * frame.width + x));
            all.filter(|k| frame.zone.samples[*k] && holds(*k)).filter_map(at).collect()
        };
        Self { inside: places(&|k| inner.samples[k]), around: places(&|k| !outer.samples[k]) }
    }

    /// Correlation of the two photographs' grain on plain skin around the scar; none where there is none, or too little
    /// skin. Hair and pores are alike whenever they are photographed: places with edges do not count.
    pub(crate) fn agreement(&self) -> Option<f64> {
        let typical = grain(&self.around)?;
        let is_plain = |r: &&BeforeAfter<f32>| {
            r.before.abs() < PLAIN * typical.before && r.after.abs() < PLAIN * typical.after
        };
        let (mut cross, mut own, mut other) = (0.0, 0.0, 0.0);
        for r in self.around.iter().filter(is_plain) {
            let (before, after) = (f64::from(r.before), f64::from(r.after));
            cross += before * after;
            own += before * before;
            other += after * after;
        }
        Some(cross / (own * other).sqrt().max(1e-12))
    }

    /// Grain in the scar over that around it, after by before.
    pub(crate) fn smoothed_after(&self) -> Option<f64> {
        let typical = grain(&self.around)?;
        if self.inside.len() < PLACES_MIN {
            return None;
        }
        let mean = |residuals: &[BeforeAfter<f32>], pick: fn(&BeforeAfter<f32>) -> f32| {
            let most = PLAIN * pick(&typical);
            residuals.iter().map(|r| f64::from(pick(r).abs().min(most))).sum::<f64>() / residuals.len() as f64
        };
        let share = |pick| mean(&self.inside, pick) / mean(&self.around, pick).max(1e-6);
        Some(share(|r| r.after) / share(|r| r.before).max(1e-6))
    }
}

/// Median size of the residuals; none of few, or where storing left none.
fn grain(residuals: &[BeforeAfter<f32>]) -> Option<BeforeAfter<f32>> {
    if residuals.len() < PLACES_MIN {
        return None;
    }
    let of = |pick: fn(&BeforeAfter<f32>) -> f32| median(residuals.iter().map(|r| pick(r).abs()));
    let grain = BeforeAfter { before: of(|r| r.before)?, after: of(|r| r.after)? };
    (grain.before >= GRAIN_MIN && grain.after >= GRAIN_MIN).then_some(grain)
}

/// Green of the nearest pixel less the mean of its four neighbors, codes of 8 bits; none at the rim.
fn residual(photo: &Photo, place: PointInPhoto) -> Option<f32> {
    let (x, y) = (place.x_px.floor(), place.y_px.floor());
    if x < 1.0 || y < 1.0 || x + 2.0 > photo.width_px as f64 || y + 2.0 > photo.height_px as f64 {
        return None;
    }
    let green = |dx: isize, dy: isize| {
        let (x, y) = (x as usize, y as usize);
        let k = y.wrapping_add_signed(dy) * photo.width_px + x.wrapping_add_signed(dx);
        f32::from(photo.codes[3 * k + 1]) / 257.0
    };
    Some(green(0, 0) - (green(-1, 0) + green(1, 0) + green(0, -1) + green(0, 1)) / 4.0)
}
