//! Slow differences of light over the zone: what falls off toward the rim or into a hollow.

use stipple_model::{Caveat, Code, Weight};
use stipple_quantity::PointInPhoto;
use stipple_raster::filter::enlarge;
use stipple_raster::masked::{Inside, block_means};
use stipple_raster::morphology::without;
use stipple_raster::{Grid, Mask};

use crate::scalp::Scalp;
use crate::statistics::{median, quantile};

/// Samples a millimetre that slow light needs.
const PX_PER_MM: f64 = 2.0;
/// What is slower than this is light, what is quicker is skin, mm.
const REACH_MM: f64 = 7.0;
/// No more than this (natural logarithm) is taken for light.
const LOG_MAX: f32 = 1.2;
/// Brightest over darkest twentieth of the zone from which a person is told.
const UNEVEN: f64 = 2.2;

/// Places this far outside of a thing's edges tell how it is lit, mm.
const AROUND_MM: [f64; 3] = [2.0, 5.0, 8.0];
/// Fewer of them tell nothing.
const AROUND_MIN: usize = 30;

/// Slow light, as the natural logarithm of how much brighter a place is lit than a reference: the middle of the zone, or
/// the skin beside the card.
pub(crate) struct Shade {
    log: Grid,
    /// Logarithm of the luminance of skin in the middle of the zone.
    middle: f32,
    /// Light of the brightest over the darkest twentieth of the zone.
    range: f64,
}

/// Estimates the light from skin alone: hair and scars are left out and bridged by the skin around.
///
/// Only brightness is taken: the color of light does not change over a scalp, the color of skin does.
pub(crate) fn estimate(scalp: &Scalp, left_out: &Mask) -> Shade {
    let working = &scalp.working;
    let factor = (scalp.px_per_mm / PX_PER_MM).round().max(1.0) as usize;
    let skin = without(&scalp.zone, left_out);
    let (share, [log]) = block_means(&skin, factor, |k| [working.luminance(k).max(0.001).ln()]);
    let inside = || (0..share.samples.len()).filter(|k| share.samples[*k] > 0.0);
    let middle = median(inside().map(|k| log.samples[k])).unwrap_or(0.0);
    let sigma_px = (REACH_MM * scalp.px_per_mm) as f32 / factor as f32;
    let mut slow = Inside::weighted(share.clone(), sigma_px).blur(&log, middle);
    slow.samples.iter_mut().for_each(|v| *v = (*v - middle).clamp(-LOG_MAX, LOG_MAX));
    let at = |share| quantile(inside().map(|k| slow.samples[k]), share).map_or(0.0, f64::from);
    let range = (at(0.95) - at(0.05)).exp();
    Shade { range, middle, log: enlarge(&slow, factor, working.width(), working.height()) }
}

impl Shade {
    /// Takes as reference, instead of the middle of the zone, the skin around a thing of known lightness.
    pub(crate) fn beside(mut self, scalp: &Scalp, left_out: &Mask, outline: &[PointInPhoto; 4]) -> Self {
        let corners = outline.map(|p| scalp.working.at_photo(p));
        let on_skin = around(&corners, scalp.px_per_mm).filter(|place| scalp.shows(*place));
        let samples = on_skin.map(|(x, y)| y as usize * left_out.width + x as usize);
        let bare: Vec<usize> = samples.filter(|k| !left_out.samples[*k]).collect();
        let log = bare.iter().map(|k| scalp.working.luminance(*k).max(0.001).ln());
        if let Some(log) = median(log).filter(|_| bare.len() >= AROUND_MIN) {
            let reference = log - self.middle;
            self.log.samples.iter_mut().for_each(|v| *v -= reference);
        }
        self
    }

    /// Factor that takes a sample to the light of the reference.
    pub(crate) fn evening(&self, k: usize) -> f32 {
        self.log_evening(k).exp()
    }

    /// Its natural logarithm.
    pub(crate) fn log_evening(&self, k: usize) -> f32 {
        -self.log.samples[k]
    }

    /// Says so if the light is very uneven.
    pub(crate) fn caveat(&self) -> Option<Caveat> {
        (self.range > UNEVEN).then(|| {
            Caveat::new(
                Code::LightUneven,
                Weight::Doubt,
                format!("the brightest part of the scalp gets {:.1} times the light of the darkest", self.range),
                "photograph in even, soft light, square on; colors are compared with the skin nearby meanwhile",
            )
        })
    }
}

/// Places around a four-sided thing; everything in samples.
fn around(corners: &[(f64, f64); 4], px_per_mm: f64) -> impl Iterator<Item = (f64, f64)> {
    const STEPS: usize = 24;
    let middle = corners.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / 4.0, sum.1 + p.1 / 4.0));
    let edges: [_; 4] = std::array::from_fn(|k| (corners[k], corners[(k + 1) % 4]));
    edges.into_iter().flat_map(move |(from, to)| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-9);
        let outward = if (from.0 - middle.0) * dy - (from.1 - middle.1) * dx > 0.0 { 1.0 } else { -1.0 };
        let normal = (outward * dy / length, -outward * dx / length);
        (0..=STEPS).flat_map(move |k| {
            let t = k as f64 / STEPS as f64;
            AROUND_MM.map(|mm| {
                let out = mm * px_per_mm;
                (from.0 + t * dx + out * normal.0, from.1 + t * dy + out * normal.1)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_around_a_thing_lie_outside_whichever_way_it_is_turned() {
        let square = [(10.0, 10.0), (30.0, 10.0), (30.0, 20.0), (10.0, 20.0)];
        let mirrored = [square[3], square[2], square[1], square[0]];
        for corners in [square, mirrored] {
            let places: Vec<(f64, f64)> = around(&corners, 2.0).collect();
            assert!(places.len() >= 4 * AROUND_MIN);
            let away = |(x, y): &(f64, f64)| (10.0 - x).max(x - 30.0).max(10.0 - y).max(y - 20.0);
            assert!(places.iter().all(|place| (3.99..16.01).contains(&away(place))));
        }
    }
}
