//! Slow differences of light over the zone: what falls off toward the rim or into a hollow.

use stipple_model::{Caveat, Code, Weight};
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

/// Slow light, as the natural logarithm of how much brighter a place is lit than the middle of the zone.
pub(crate) struct Shade {
    log: Grid,
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
    Shade { range, log: enlarge(&slow, factor, working.width(), working.height()) }
}

impl Shade {
    /// Factor that takes a sample to the light of the middle of the zone.
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
