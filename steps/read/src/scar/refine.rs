//! The edge of a proposal, drawn along the change of color where there is one.
//!
//! Missing hair tells the edge to half a spacing only; where scar skin differs from the skin around, its
//! color tells it better.

use stipple_raster::distance::distance_to;
use stipple_raster::masked::blur_inside;
use stipple_raster::morphology::{close, not, open};
use stipple_raster::region::{mask_of, regions};
use stipple_raster::{Grid, Mask};

use super::coarse::Coarse;
use super::propose::Proposal;
use crate::scalp::Part;

/// Difference of means over spread from which color may move the edge.
const SEPARATION_MIN: f64 = 1.4;
/// Color may move the edge this far, in spacings.
const BAND_SPACINGS: f64 = 0.75;
/// Softness of color before it is judged, mm.
const SOFT_MM: f64 = 0.25;

/// How far around a proposal color is looked at, in spacings.
const REACH_SPACINGS: f64 = 3.0;

/// The proposal with its edge on the change of color; unchanged where color does not change enough.
///
/// `soft` is the coarse grid's tone after [`softened_tone`].
pub(crate) fn refine(coarse: &Coarse, soft: &[Grid], proposal: &Proposal) -> Part {
    let spacing = proposal.spacing_mm * coarse.px_per_mm;
    let size = (coarse.zone.width, coarse.zone.height);
    let part = Part::of(&proposal.region, size, REACH_SPACINGS * spacing);
    let (zone, bare) = (part.cut(&coarse.zone), part.cut(&coarse.bare));
    let soft: Vec<Grid> = soft.iter().map(|tone| part.cut_grid(tone)).collect();
    let signed = signed_distance(&part.mask);
    let usable = |k: &usize| zone.samples[*k] && bare.samples[*k];
    let pick = |from: f64, to: f64| -> Vec<usize> {
        let within = |k: &usize| (from..to).contains(&f64::from(signed.samples[*k]));
        (0..signed.samples.len()).filter(usable).filter(within).collect()
    };
    let inner = pick(f64::NEG_INFINITY, -0.25 * spacing);
    let outer = pick(0.9 * spacing, REACH_SPACINGS * spacing);
    let Some(judge) = Judge::learn(&soft, &inner, &outer) else { return part };
    let inside = |k: usize| {
        let away = f64::from(signed.samples[k]);
        if away.abs() > BAND_SPACINGS * spacing || !usable(&k) {
            return away <= 0.0;
        }
        judge.evidence(&soft, k) > 1.5 * away / spacing
    };
    let samples = (0..signed.samples.len()).map(|k| zone.samples[k] && inside(k)).collect();
    let drawn = Mask { width: signed.width, height: signed.height, samples };
    let smooth = close(&open(&drawn, 0.3 * coarse.px_per_mm), 0.3 * coarse.px_per_mm);
    part.with(main_region(&smooth, &part.mask))
}

/// A linear rule between two clouds of color that share one spread.
struct Judge {
    weights: [f64; 3],
    middle: f64,
}

impl Judge {
    fn learn(tone: &[Grid], inner: &[usize], outer: &[usize]) -> Option<Self> {
        if inner.len() < 30 || outer.len() < 60 {
            return None;
        }
        let moments = |of: &[usize], c: usize| {
            let values = || of.iter().map(|k| f64::from(tone[c].samples[*k]));
            let mean = values().sum::<f64>() / of.len() as f64;
            (mean, values().map(|v| (v - mean).powi(2)).sum::<f64>() / of.len() as f64)
        };
        let mut weights = [0.0; 3];
        let (mut separation, mut middle) = (0.0, 0.0);
        for (c, weight) in weights.iter_mut().enumerate() {
            let ((mean_in, var_in), (mean_out, var_out)) = (moments(inner, c), moments(outer, c));
            let variance = (0.5 * (var_in + var_out)).max(1e-5);
            *weight = (mean_in - mean_out) / variance;
            separation += (mean_in - mean_out).powi(2) / variance;
            middle += *weight * (mean_in + mean_out) / 2.0;
        }
        (separation.sqrt() >= SEPARATION_MIN).then_some(Self { weights, middle })
    }

    /// Above zero: more like inside.
    fn evidence(&self, tone: &[Grid], k: usize) -> f64 {
        let score: f64 = (0..3).map(|c| self.weights[c] * f64::from(tone[c].samples[k])).sum();
        (score - self.middle).clamp(-4.0, 4.0)
    }
}

/// Distance to the edge, below zero inside.
fn signed_distance(mask: &Mask) -> Grid {
    let (out, into) = (distance_to(mask), distance_to(&not(mask)));
    let samples = out.samples.iter().zip(&into.samples).map(|(o, i)| o - i).collect();
    Grid::from_samples(mask.width, mask.height, samples)
}

/// Tone of the bare skin, soft enough to be judged pixel by pixel.
pub(crate) fn softened_tone(coarse: &Coarse) -> Vec<Grid> {
    let sigma = (SOFT_MM * coarse.px_per_mm) as f32;
    coarse.tone.iter().map(|tone| blur_inside(tone, &coarse.bare, sigma, 0.0)).collect()
}

/// The region that shares most with the proposal, its holes filled.
fn main_region(mask: &Mask, proposal: &Mask) -> Mask {
    let shared = |pixels: &[usize]| pixels.iter().filter(|k| proposal.samples[**k]).count();
    let Some(main) = regions(mask).into_iter().max_by_key(|region| shared(&region.pixels)) else {
        return proposal.clone();
    };
    let own = mask_of(&main, mask.width, mask.height);
    let (width, height) = (mask.width, mask.height);
    let at_border = |k: &usize| {
        let (x, y) = (k % width, k / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    };
    let outside = regions(&not(&own));
    let mut filled = own;
    for hole in outside.iter().filter(|region| !region.pixels.iter().any(at_border)) {
        hole.pixels.iter().for_each(|k| filled.samples[*k] = true);
    }
    filled
}
