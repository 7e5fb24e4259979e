//! From the network's answer to roots.

use stipple_raster::peaks::{Peak, peaks};
use stipple_raster::{Grid, Mask};

use super::network::{Answer, answer};
use super::{Input, PX_PER_MM};
use crate::hair::Polarity;
use crate::scalp::Scalp;

/// Roots less likely than this are not told.
const CONFIDENCE_MIN: f64 = 0.35;
/// One more hair is told of a place from this probability on; as in train.py.
const SEVERAL_MIN: f64 = 0.45;
/// Hairs that come out together are no farther than this from their middle, mm.
const APART_MAX_MM: f64 = 0.09;
/// A direction shorter than this (1: sure) is none.
const DIRECTION_MIN: f32 = 0.35;

/// Where a shaft leaves the skin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Root {
    /// On the working picture.
    pub(crate) at: (f64, f64),
    /// Unit vector toward the tip; none for a dot.
    pub(crate) toward: Option<(f64, f64)>,
    /// Probability that a root is within 0.15 mm.
    pub(crate) confidence: f64,
}

/// The roots of a scalp, top to bottom.
pub(crate) fn roots(scalp: &Scalp, polarity: Polarity) -> Vec<Root> {
    let input = Input::of(scalp, polarity);
    let answer = answer(&input);
    let zone = zone_on(scalp, &answer.root, input.per_working);
    let floor = answer.calibration.logit_of(CONFIDENCE_MIN);
    let found = peaks(&answer.root, &zone, 1.0, floor as f32);
    let all = found.iter().flat_map(|peak| at_peak(&answer, peak, input.per_working));
    all.filter(|root| root.confidence >= CONFIDENCE_MIN).collect()
}

/// One root, or as many as come out together.
fn at_peak(answer: &Answer, peak: &Peak, per_working: f64) -> Vec<Root> {
    let half = (peak.at_px.0 / 2.0, peak.at_px.1 / 2.0);
    let [x, y] = [0, 1].map(|k| answer.toward[k].sample(half.0, half.1));
    let length = x.hypot(y);
    let toward = (length >= DIRECTION_MIN).then(|| (f64::from(x / length), f64::from(y / length)));
    let several = several(answer, peak);
    let (shifts, sureness): (&[f64], f64) = match several {
        [_, three] if three >= SEVERAL_MIN => (&[-1.0, 0.0, 1.0], (1.0 + several[0] + three) / 3.0),
        [two, _] if two >= SEVERAL_MIN => (&[-1.0, 1.0], (1.0 + two) / 2.0),
        _ => (&[0.0], 1.0),
    };
    let confidence = answer.calibration.confidence(f64::from(peak.value) + sureness.ln());
    let apart = apart(answer, half);
    let root = |share: &f64| {
        let place = (peak.at_px.0 + share * apart.0, peak.at_px.1 + share * apart.1);
        Root { at: (place.0 / per_working, place.1 / per_working), toward, confidence }
    };
    shifts.iter().map(root).collect()
}

/// From the middle of hairs that come out together to the outermost, samples of the input.
fn apart(answer: &Answer, half: (f64, f64)) -> (f64, f64) {
    let [c, s] = [0, 1].map(|k| f64::from(answer.axis[k].sample(half.0, half.1)));
    let (r, angle) = (c.hypot(s).min(APART_MAX_MM * PX_PER_MM), 0.5 * s.atan2(c));
    (r * angle.cos(), r * angle.sin())
}

/// How likely at least two, and at least three, hairs come out at a peak.
fn several(answer: &Answer, peak: &Peak) -> [f64; 2] {
    let odds = [0, 1, 2].map(|k| f64::from(answer.hairs[k].at(peak.x / 2, peak.y / 2)).exp());
    let all: f64 = odds.iter().sum();
    [(odds[1] + odds[2]) / all, odds[2] / all]
}

/// The zone on the grid of the input.
fn zone_on(scalp: &Scalp, grid: &Grid, per_working: f64) -> Mask {
    let place = |k: usize| (k as f64 + 0.5) / per_working;
    let samples = (0..grid.samples.len())
        .map(|k| scalp.zone.contains(place(k % grid.width), place(k / grid.width)))
        .collect();
    Mask { width: grid.width, height: grid.height, samples }
}
