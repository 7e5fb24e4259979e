//! Aligning two pictures of one scalp by the constellation of its follicles.
//!
//! Light, skin and hair change between visits; follicles stay. Some are missed, some are new, pigment looks like
//! them: so nothing rests on one point, and nothing is believed that points kept aside do not confirm.
//!
//! 1. `seed`: a first place that agrees, by votes over all rotations and scales.
//! 2. `grow`: patches with straight maps around it, the surest first.
//! 3. `settle`: one smooth map through all partners, by weights that leave strangers out.
//! 4. `jury`: a bound on the chance that all this is an accident, from a quarter of the points that 1 to 3 did not see.
//! 5. Patches that do not hold are left out, and the map is settled once more, with the jury's points.
//!
//! All lengths are told in the points' own spacing: places may be in any unit.

mod affine;
mod band;
mod bend;
mod evidence;
mod grow;
mod jury;
mod refusal;
mod seed;
mod settle;
mod sky;

pub use refusal::Refusal;

use evidence::Patch;
use grow::Quilt;
use jury::Verdict;
use seed::Occupied;
use settle::{Settled, settled};
use sky::Sky;

use crate::index::CellIndex;

/// Fewer points than this tell nothing.
pub const POINTS_MIN: usize = 60;
/// An alignment stands when the chance of an accident is below this (decimal logarithm).
pub const LOG10_CHANCE_MAX: f64 = -5.0;
/// And when this share of the points has partners beyond chance.
const SHARE_MIN: f64 = 0.22;
/// Evidence that a first place needs: more would lose true ones, and the jury finds out false ones.
const SEED_NATS: f64 = 16.0;
/// First places that are grown before giving up.
const GROWN_MAX: usize = 8;
/// Evidence in the mirror that says so.
const MIRROR_NATS: f64 = 34.0;
/// Pairs of points tried in the mirror.
const MIRROR_TRIES: usize = 10;
/// Around a patch, so many spacings, this share of the points needs partners beyond chance.
const LOCAL: (f64, f64) = (5.0, 0.18);
/// A place is known where so many pairs are within so many spacings.
const KNOWN: (usize, f64) = (6, 4.0);

/// Points of a picture, each with how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Constellation {
    places: Vec<(f64, f64)>,
    confidence: Vec<f64>,
}

impl Constellation {
    /// From places, mm, and the probability that each is a follicle, 0 to 1.
    ///
    /// # Panics
    /// If a place is not finite, or there are not as many probabilities as places.
    pub fn in_mm(places: Vec<(f64, f64)>, confidence: Vec<f64>) -> Self {
        assert_eq!(places.len(), confidence.len(), "every point needs its confidence");
        assert!(places.iter().all(|p| p.0.is_finite() && p.1.is_finite()), "places must be finite");
        Self { places, confidence }
    }

    /// From places in pixels of a picture of known pitch.
    ///
    /// # Panics
    /// As [`Constellation::in_mm`].
    pub fn in_px(places_px: &[(f64, f64)], pixel_pitch_um: f64, confidence: Vec<f64>) -> Self {
        let mm = pixel_pitch_um / 1000.0;
        Self::in_mm(places_px.iter().map(|p| (p.0 * mm, p.1 * mm)).collect(), confidence)
    }
}

/// How places of one picture come to lie in another.
pub struct Alignment {
    settled: Settled,
    quilt: Quilt,
    verdict: Verdict,
    spacing: f64,
    pairs: Vec<Pair>,
    index: CellIndex,
    inverse_off: (f64, f64),
}

/// Two points that are the same follicle, most likely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Index among the points of the first picture.
    pub before: usize,
    /// Index among the points of the second picture.
    pub after: usize,
    /// How far apart the map leaves them, in the second picture's unit.
    pub miss: f64,
    /// What it weighed, 0 to 1: the probability that it is no accident, times how sure both points are.
    pub weight: f64,
}

/// What an alignment rests on at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Support {
    /// Pairs within four spacings.
    pub pairs: usize,
    /// Root mean square of how far apart they are left, in the second picture's unit.
    pub residual: f64,
    /// Standard uncertainty of the map along an axis, in the second picture's unit: from the pairs' own scatter;
    /// what shifts all points of a region alike does not show in it.
    pub standard_uncertainty: f64,
}

/// Finds the map from one picture's points to another's.
///
/// | | range |
/// |---|---|
/// | rotation | any |
/// | scale, next to what the points' own spacing tells | 0.79 to 1.27 |
/// | points of the one that the other has too | at least half, in a part of the picture some 15 spacings across |
/// | points added or missed | any pattern; they weigh nothing |
///
/// # Errors
/// Too few points, different scalps, a mirrored picture, or nothing that cannot be an accident: [`Refusal`].
///
/// # Determinism
/// Depends on the points and their order alone.
///
/// # Cost
/// About 0.45 s of one core for twice 4,000 points that fit, 1.2 s for those that do not.
///
/// # Source
/// Hypotheses dropped after a few questions [@Matas2005]; misses of two kinds [@Myronenko2010]; thin plates
/// [@Wahba1990]; the bound [@Bernstein1927].
pub fn align(before: &Constellation, after: &Constellation) -> Result<Alignment, Refusal> {
    let found = before.places.len().min(after.places.len());
    if found < POINTS_MIN {
        return Err(Refusal::TooFew { found, needed: POINTS_MIN });
    }
    let (before, after) = (Sky::new(before), Sky::new(after));
    let occupied = Occupied::new(&after);
    let mut most_nats = 0.0f64;
    let mut best: Option<Verdict> = None;
    let mut grown = 0;
    for seed in seed::seeds(&before, &after, &occupied, false) {
        most_nats = most_nats.max(seed.nats);
        if seed.nats < SEED_NATS || grown == GROWN_MAX {
            continue;
        }
        grown += 1;
        let Some((quilt, verdict)) = judged(&before, &after, &seed) else { continue };
        let stands = verdict.log10_chance <= LOG10_CHANCE_MAX && verdict.share >= SHARE_MIN;
        if let Some(alignment) = stands.then(|| finished(&before, &after, quilt, verdict)).flatten() {
            return Ok(alignment);
        }
        best = best.filter(|old| old.log10_chance <= verdict.log10_chance).or(Some(verdict));
    }
    Err(refusal(&before, &after, &occupied, most_nats, best))
}

/// Grows a first place and asks the jury.
fn judged(before: &Sky, after: &Sky, seed: &Patch) -> Option<(Quilt, Verdict)> {
    let quilt = Quilt::grown(before, after, seed);
    let settled = settled(before, after, &quilt, &|k| !before.is_jury(k))?;
    let jury = (0..before.places.len()).filter(|k| before.is_jury(*k));
    let asked = jury.filter_map(|k| {
        quilt.map(before.places[k])?;
        Some((k, settled.forward.map(before.places[k])))
    });
    let verdict = jury::heard(before, after, asked, settled.reach(after));
    Some((quilt, verdict))
}

/// Leaves out patches that do not hold, and settles with all points.
fn finished(before: &Sky, after: &Sky, mut quilt: Quilt, verdict: Verdict) -> Option<Alignment> {
    let rough = settled(before, after, &quilt, &|_| true)?;
    let reach = rough.reach(after);
    let holds = |place: (f64, f64)| {
        let near = before.within(place, LOCAL.0 * before.spacing);
        let asked = near.into_iter().map(|k| (k, rough.forward.map(before.places[k])));
        let verdict = jury::heard(before, after, asked, reach);
        verdict.asked >= 12 && verdict.share >= LOCAL.1
    };
    quilt.retain(|_, patch| holds(patch.map.from));
    let settled = settled(before, after, &quilt, &|_| true)?;
    let pair =
        |p: &settle::Partners| Pair { before: p.before, after: p.after, miss: p.miss, weight: p.weight };
    let pairs: Vec<Pair> = settled.partners.iter().filter(|p| p.weight > 0.05).map(pair).collect();
    let places: Vec<(f64, f64)> = pairs.iter().map(|pair| before.places[pair.before]).collect();
    let inverse_off = inverse_off(&settled, &places);
    let index = CellIndex::new(&places);
    Some(Alignment { settled, quilt, verdict, spacing: before.spacing, pairs, index, inverse_off })
}

/// Median and 95 % quantile of how far from itself a place comes back by the backward map.
fn inverse_off(settled: &Settled, places: &[(f64, f64)]) -> (f64, f64) {
    let back = |p: &(f64, f64)| {
        let back = settled.backward.map(settled.forward.map(*p));
        (back.0 - p.0).hypot(back.1 - p.1)
    };
    let mut all: Vec<f64> = places.iter().map(back).collect();
    all.sort_by(f64::total_cmp);
    let at = |share: f64| all.get((share * all.len() as f64) as usize).copied().unwrap_or(0.0);
    (at(0.5), at(0.95))
}

fn refusal(
    before: &Sky,
    after: &Sky,
    occupied: &Occupied,
    found_nats: f64,
    best: Option<Verdict>,
) -> Refusal {
    if seed::seeds(before, after, occupied, true).take(MIRROR_TRIES).any(|seed| seed.nats >= MIRROR_NATS) {
        return Refusal::Mirrored;
    }
    match best {
        Some(verdict) => Refusal::Accident {
            log10_chance: verdict.log10_chance,
            log10_allowed: LOG10_CHANCE_MAX,
            share_percent: 100.0 * verdict.share.max(0.0),
        },
        None => Refusal::Unlike { found_nats, needed_nats: SEED_NATS },
    }
}

impl Alignment {
    /// Where a place of the first picture is in the second; none where too few pairs are around to know.
    pub fn map(&self, place: (f64, f64)) -> Option<(f64, f64)> {
        self.is_known(place).then(|| self.settled.forward.map(place))
    }

    /// Where a place of the first picture most likely is in the second, with the map's standard uncertainty along an
    /// axis: also where too few pairs are around to know, as between the edges of a wide scar.
    pub fn likely(&self, place: (f64, f64)) -> ((f64, f64), f64) {
        let forward = &self.settled.forward;
        (forward.map(place), self.settled.sigma * forward.uncertainty(place))
    }

    /// Where a place of the second picture was in the first: the exact inverse of [`Alignment::map`].
    pub fn inverse(&self, place: (f64, f64)) -> Option<(f64, f64)> {
        self.likely_inverse(place).filter(|back| self.is_known(*back))
    }

    /// Where a place of the second picture most likely was in the first, the inverse of [`Alignment::likely`]; none where
    /// the map does not lead there.
    pub fn likely_inverse(&self, place: (f64, f64)) -> Option<(f64, f64)> {
        let start = self.settled.backward.map(place);
        let back = self.settled.forward.inverse(place, start);
        let off = self.settled.forward.map(back);
        let has_arrived = (off.0 - place.0).hypot(off.1 - place.1) < 1e-6 * self.spacing;
        has_arrived.then_some(back)
    }

    /// What the map rests on at a place of the first picture; none where it is not known.
    pub fn support(&self, place: (f64, f64)) -> Option<Support> {
        if !self.is_known(place) {
            return None;
        }
        let (mut pairs, mut squares, mut total) = (0, 0.0, 0.0);
        self.index.for_each_within(place, KNOWN.1 * self.spacing, |k, _| {
            let pair = &self.pairs[k];
            pairs += 1;
            squares += pair.weight * pair.miss * pair.miss;
            total += pair.weight;
        });
        let standard_uncertainty = self.settled.sigma * self.settled.forward.uncertainty(place);
        Some(Support { pairs, residual: (squares / total).sqrt(), standard_uncertainty })
    }

    fn is_known(&self, place: (f64, f64)) -> bool {
        let mut near = 0;
        self.index.for_each_within(place, KNOWN.1 * self.spacing, |_, _| near += 1);
        near >= KNOWN.0 && self.quilt.map(place).is_some()
    }

    /// The straight map around a place, xx, xy, yx, yy: how a small neighborhood is turned, scaled and sheared.
    pub fn slope(&self, place: (f64, f64)) -> Option<[f64; 4]> {
        self.is_known(place).then(|| self.settled.forward.touching(place).linear)
    }

    /// The pairs it rests on, in order of the first picture's points.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Standard deviation of a pair's miss along an axis, in the second picture's unit: what two readings of one
    /// follicle differ by.
    pub fn scatter(&self) -> f64 {
        self.settled.sigma
    }

    /// Decimal logarithm of a bound on the chance that two different scalps agree as well.
    pub fn log10_chance(&self) -> f64 {
        self.verdict.log10_chance
    }

    /// Share of the follicles kept aside that have a partner, above those that have one by accident.
    pub fn agreeing_share(&self) -> f64 {
        self.verdict.share
    }

    /// Median and 95 % quantile of the distance at which places come back when they are mapped there, and back by a
    /// map of its own, in the first picture's unit.
    pub fn inverse_error(&self) -> (f64, f64) {
        self.inverse_off
    }
}

#[cfg(test)]
mod tests;
