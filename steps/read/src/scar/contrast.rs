//! Scars proposed from color and texture, where hair is seen too badly to be missed, or is missed a little.
//!
//! Skin that differs from all other skin in view is no scar by itself: a birthmark bears hair, shine and shadow
//! have soft edges. So what differs must have an edge, and hair must be missing there as far as hair is seen.

use nalgebra::{SMatrix, SVector};
use rayon::prelude::*;
use stipple_raster::Mask;
use stipple_raster::masked::blur_inside;
use stipple_raster::morphology::{and, close, erode, open};
use stipple_raster::region::{Region, regions};

use super::SPACING_MM;
use super::coarse::Coarse;
use super::edge::{self, Edge, signed_distance};
use super::pattern::improbability;
use super::propose::{self, Proposal, Ring};
use crate::statistics::median;

/// Softness of features before they are judged, mm.
const SOFT_MM: f64 = 0.5;
/// Distance from the typical skin of the zone over its spread from which skin differs.
const DIFFERS: f64 = 2.3;
/// Half the width of the narrowest such place, and of the gaps that are bridged, mm.
const NARROWEST_MM: f64 = 0.6;
/// See [`NARROWEST_MM`].
const GAP_MM: f64 = 1.0;
/// Area of the smallest such place, mm², and share of the zone of the largest.
const AREA_MIN_MM2: f64 = 15.0;
/// See [`AREA_MIN_MM2`].
const SHARE_MAX: f64 = 0.4;
/// Separation of the skins on both sides of the edge, and share of the whole difference that the half millimetres
/// on both sides of it have to show, from which skin tells a scar by itself.
const SKIN_ALONE: [f64; 2] = [4.0, 0.75];
/// The same where hair is clearly missing as well.
const SKIN_WITH_HAIR: [f64; 2] = [3.0, 0.65];
/// Units inside over those expected, at most, and natural logarithm of how improbable that has to be: where skin
/// tells by itself hair only must not contradict, else it has to agree.
const HAIR_NOT_AGAINST: (f64, f64) = (0.65, 1.5);
/// See [`HAIR_NOT_AGAINST`].
const HAIR_MISSING: (f64, f64) = (0.35, 5.0);
/// Units on a place over those expected from which it is no scar, wherever its edge may settle.
const HAIRY: f64 = 0.9;
/// Features that depend neither on how much light falls where nor on hair: both ratios of color.
const USED: [usize; 2] = [1, 2];

type Vector = SVector<f64, 2>;
type Matrix = SMatrix<f64, 2, 2>;

/// Places whose skin differs, with their edges; `hair_seen` tells whether hair can be told from skin.
pub(crate) fn propose(coarse: &Coarse, hair_seen: bool) -> Vec<Edge> {
    let Some(differs) = differing(coarse) else { return Vec::new() };
    let per_mm2 = coarse.px_per_mm * coarse.px_per_mm;
    let largest = SHARE_MAX * coarse.zone.count() as f64;
    let sized = |region: &Region| {
        let area_px = region.pixels.len() as f64;
        area_px >= AREA_MIN_MM2 * per_mm2 && area_px <= largest
    };
    let outlined = |region: Region| {
        if hair_seen && bears_hair(coarse, &region) {
            return None;
        }
        let proposal = Proposal { region, spacing_mm: SPACING_MM, inset_spacings: 0.0 };
        let edge = edge::of_proposal(coarse, &proposal);
        believable(coarse, &edge, hair_seen).then_some(edge)
    };
    let places: Vec<Region> = regions(&differs).into_iter().filter(sized).collect();
    places.into_par_iter().filter_map(outlined).collect()
}

/// Whether about as much hair stands on a place as around it: a birthmark, a shadow.
fn bears_hair(coarse: &Coarse, region: &Region) -> bool {
    let ring = Ring::around(coarse, region, SPACING_MM * coarse.px_per_mm);
    propose::units_in(coarse, &region.pixels) > HAIRY * region.pixels.len() as f64 * ring.units_per_px
}

/// Where skin lies far from the typical skin of the zone.
fn differing(coarse: &Coarse) -> Option<Mask> {
    let known = and(&coarse.zone, &coarse.bare);
    let sigma = (SOFT_MM * coarse.px_per_mm) as f32;
    let soft = USED.map(|c| blur_inside(&coarse.features[c], &known, sigma, 0.0));
    let at = |k: usize| Vector::from_fn(|c, _| f64::from(soft[c].samples[k]));
    let pixels: Vec<usize> = (0..known.samples.len()).filter(|k| known.samples[*k]).collect();
    let (middle, inverse) = typical(&pixels, at)?;
    let away = |k: usize| {
        let apart = at(k) - middle;
        apart.dot(&(inverse * apart)).sqrt()
    };
    let samples = (0..known.samples.len()).map(|k| coarse.zone.samples[k] && away(k) > DIFFERS).collect();
    let mask = Mask { width: known.width, height: known.height, samples };
    let px = |mm: f64| mm * coarse.px_per_mm;
    Some(and(&close(&open(&mask, px(NARROWEST_MM)), px(GAP_MM)), &coarse.zone))
}

/// Middle and inverse spread of the more ordinary part of the skin.
fn typical(pixels: &[usize], at: impl Fn(usize) -> Vector) -> Option<(Vector, Matrix)> {
    /// Samples that tell enough.
    const SAMPLES: usize = 20_000;
    /// Share taken for ordinary, and what its spread has to be multiplied with for that of the whole: a normal
    /// distribution of two dimensions cut at its own quantile.
    const ORDINARY: f64 = 0.7;
    const WIDENED: f64 = 2.06;
    if pixels.len() < 400 {
        return None;
    }
    let mut kept: Vec<Vector> = pixels.iter().step_by(pixels.len() / SAMPLES + 1).map(|k| at(*k)).collect();
    let count = (ORDINARY * kept.len() as f64) as usize;
    let mut middle = Vector::from_fn(|c, _| median(kept.iter().map(|v| v[c] as f32)).map_or(0.0, f64::from));
    let spread = |of: &[Vector], middle: Vector| {
        of.iter().map(|v| (v - middle) * (v - middle).transpose()).sum::<Matrix>() / of.len() as f64
    };
    let mut covariance = spread(&kept, middle);
    for _ in 0..4 {
        let inverse = (covariance + Matrix::identity() * 1e-6).try_inverse()?;
        let away = |v: &Vector| (v - middle).dot(&(inverse * (v - middle)));
        kept.sort_by(|a, b| away(a).total_cmp(&away(b)));
        let ordinary = &kept[..count];
        let next = ordinary.iter().sum::<Vector>() / count as f64;
        covariance = spread(ordinary, next) * WIDENED;
        middle = next;
    }
    Some((middle, (covariance + Matrix::identity() * 1e-6).try_inverse()?))
}

/// Whether a place has an edge and lacks hair as far as hair is seen.
fn believable(coarse: &Coarse, edge: &Edge, hair_seen: bool) -> bool {
    let region = Region { pixels: edge.part.pixels(coarse.zone.width).collect() };
    let spacing = SPACING_MM * coarse.px_per_mm;
    let ring = Ring::around(coarse, &region, spacing);
    let seen = !region.pixels.is_empty()
        && propose::enclosed(coarse, &region, &ring, spacing)
        && propose::is_skin(coarse, &region, &ring).unwrap_or(false);
    let sharp = sharpness(coarse, edge);
    let clear = |[separation, sharpness]: [f64; 2]| edge.separation >= separation && sharp >= sharpness;
    let lacks = |limits| lacks_hair(coarse, edge, &ring, limits);
    let alone = clear(SKIN_ALONE) && (!hair_seen || lacks(HAIR_NOT_AGAINST));
    seen && (alone || clear(SKIN_WITH_HAIR) && lacks(HAIR_MISSING))
}

/// Whether there are at most a share of the units expected inside, and that improbably few.
fn lacks_hair(coarse: &Coarse, edge: &Edge, ring: &Ring, (share, improbable): (f64, f64)) -> bool {
    let inner = edge.part.with(erode(&edge.part.mask, 0.3 * coarse.px_per_mm));
    let pixels: Vec<usize> = inner.pixels(coarse.zone.width).collect();
    let (expected, found) = (pixels.len() as f64 * ring.units_per_px, propose::units_in(coarse, &pixels));
    found <= share * expected && improbability(expected, found, ring.units) >= improbable
}

/// Difference between the half millimetres on both sides of the edge, as a share of the whole difference.
fn sharpness(coarse: &Coarse, edge: &Edge) -> f64 {
    let signed = signed_distance(&edge.part.mask);
    let mean = |from_mm: f64, to_mm: f64| {
        let range = from_mm * coarse.px_per_mm..to_mm * coarse.px_per_mm;
        let (mut sum, mut n) = (0.0, 0.0);
        for (away, evidence) in signed.samples.iter().zip(&edge.evidence.samples) {
            if range.contains(&f64::from(*away)) {
                (sum, n) = (sum + f64::from(*evidence), n + 1.0);
            }
        }
        sum / f64::max(n, 1.0)
    };
    let whole = mean(-9.0, -0.3) - mean(0.3, 2.5);
    (mean(-0.8, -0.2) - mean(0.2, 0.8)) / whole.max(1e-9)
}
