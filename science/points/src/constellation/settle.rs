//! From patches to one smooth map: partners by turns paired and weighed, the map fitted to them anew.
//!
//! A pair's weight is the probability that it is no accident: its miss is either that of two readings of one
//! follicle (normal), or that of a stranger (even, at the crowding there is). Added dots are strangers.

use super::affine::Tie;
use super::bend::{Bend, Lattice, Tied};
use super::grow::Quilt;
use super::sky::Sky;

/// Distance of the lattice's nodes, spacings.
const LATTICE: f64 = 2.6;
/// How far apart partners may lie at first, spacings, and least at the end.
const REACH: (f64, f64) = (0.32, 0.10);
/// Times that partners are paired anew.
const ROUNDS: usize = 5;
/// Lengths over which the map may bend, spacings; the one that foretells pairs kept aside best is taken.
const LENGTHS: [f64; 6] = [1.6, 2.6, 4.2, 6.8, 11.0, 18.0];
/// See [`LENGTHS`]; taken before any were tried.
const LENGTH_FIRST: f64 = 5.0;
/// Parts the pairs are kept aside in.
const FOLDS: usize = 3;

/// A point of each picture that are the same follicle, most likely.
#[derive(Clone, Copy, Debug)]
pub(super) struct Partners {
    pub(super) before: usize,
    pub(super) after: usize,
    /// Probability that it is no accident, times how sure both points are.
    pub(super) weight: f64,
    /// Distance under the map, after the last fit.
    pub(super) miss: f64,
}

/// A smooth map with those it rests on.
pub(super) struct Settled {
    pub(super) forward: Bend,
    pub(super) backward: Bend,
    pub(super) partners: Vec<Partners>,
    /// Standard deviation of a pair's miss along an axis.
    pub(super) sigma: f64,
}

impl Settled {
    /// How near a partner has to be to be believed.
    pub(super) fn reach(&self, after: &Sky) -> f64 {
        (3.0 * self.sigma).clamp(REACH.1 * after.spacing, 0.8 * REACH.0 * after.spacing)
    }
}

/// Settles a map where the quilt reaches; `is_used` says which points of the first picture take part.
///
/// `None` with fewer than a dozen pairs.
pub(super) fn settled(
    before: &Sky,
    after: &Sky,
    quilt: &Quilt,
    is_used: &dyn Fn(usize) -> bool,
) -> Option<Settled> {
    let lattice = Lattice::new(before.extent(), LATTICE * before.spacing);
    let plate = lattice.plate();
    let rough: Vec<Option<(f64, f64)>> = before.places.iter().map(|p| quilt.map(*p)).collect();
    let start = quilt.patches.iter().flatten().max_by(|a, b| a.nats.total_cmp(&b.nats))?.map;
    let (mut reach, mut length) = (REACH.0 * after.spacing, LENGTH_FIRST);
    let (mut sigma, mut kept) = (reach / 2.5, 0.6);
    let mut forward: Option<Bend> = None;
    let mut partners = Vec::new();
    for round in 0..ROUNDS {
        let at = |k: usize| {
            let rough = rough[k].filter(|_| is_used(k))?;
            Some(forward.as_ref().map_or(rough, |bend| bend.map(before.places[k])))
        };
        partners = paired(before, after, &at, reach);
        weigh(before, after, &mut partners, sigma, kept);
        let ties = ties(before, after, &partners);
        if ties.len() < 12 {
            return None;
        }
        let straight = start.refitted(&ties, before.spacing, 1e-3)?;
        if round == ROUNDS / 2 {
            length = best_length(before, &lattice, &partners, &ties, (straight, sigma));
        }
        let tied = Tied::new(&lattice, straight, &ties);
        let bend = tied.fitted(&plate, stiffness(before, &ties, length));
        miss(before, after, &mut partners, &bend);
        (sigma, kept) = spread(&partners, at_all(&at, before.places.len()));
        reach = (3.5 * sigma).clamp(REACH.1 * after.spacing, REACH.0 * after.spacing);
        forward = Some(bend);
    }
    let backward = backward(before, after, &partners, length)?;
    Some(Settled { forward: forward?, backward, partners, sigma })
}

fn at_all(at: &dyn Fn(usize) -> Option<(f64, f64)>, n: usize) -> usize {
    (0..n).filter(|k| at(*k).is_some()).count()
}

/// The map from the second picture to the first, fitted to the same pairs by itself.
fn backward(before: &Sky, after: &Sky, partners: &[Partners], length: f64) -> Option<Bend> {
    let ties: Vec<Tie> =
        ties(before, after, partners).iter().map(|(p, q, weight)| (*q, *p, *weight)).collect();
    let lattice = Lattice::new(after.extent(), LATTICE * after.spacing);
    let first = ties.first()?;
    let start = super::affine::Affine { from: first.0, to: first.1, linear: [1.0, 0.0, 0.0, 1.0] };
    let straight = start.refitted(&ties, after.spacing, 1e-3)?;
    Some(Tied::new(&lattice, straight, &ties).fitted(&lattice.plate(), stiffness(after, &ties, length)))
}

/// Each point's nearest partner, each partner for the nearest only.
pub(super) fn paired(
    before: &Sky,
    after: &Sky,
    at: &dyn Fn(usize) -> Option<(f64, f64)>,
    reach: f64,
) -> Vec<Partners> {
    let mut taken: Vec<Option<(f64, usize)>> = vec![None; after.places.len()];
    for k in 0..before.places.len() {
        let Some((other, miss)) = at(k).and_then(|place| after.nearest_within(place, reach)) else {
            continue;
        };
        if taken[other].is_none_or(|(d, _)| miss < d) {
            taken[other] = Some((miss, k));
        }
    }
    let mut all: Vec<Partners> = taken
        .iter()
        .enumerate()
        .filter_map(|(after, pair)| pair.map(|(miss, before)| Partners { before, after, weight: 1.0, miss }))
        .collect();
    all.sort_by_key(|pair| pair.before);
    all
}

fn weigh(before: &Sky, after: &Sky, partners: &mut [Partners], sigma: f64, kept: f64) {
    let wide = 2.5 * after.spacing;
    for pair in partners {
        let crowd = after.count_within(after.places[pair.after], wide) as f64;
        let stranger = (1.0 - kept) * crowd / (std::f64::consts::PI * wide * wide);
        let same =
            kept * (-0.5 * (pair.miss / sigma).powi(2)).exp() / (std::f64::consts::TAU * sigma * sigma);
        let believed = (before.confidence[pair.before] * after.confidence[pair.after]).max(1e-3);
        pair.weight = believed * same / (same + stranger).max(f64::MIN_POSITIVE);
    }
}

fn ties(before: &Sky, after: &Sky, partners: &[Partners]) -> Vec<Tie> {
    let told = partners.iter().filter(|pair| pair.weight > 1e-3);
    told.map(|pair| (before.places[pair.before], after.places[pair.after], pair.weight)).collect()
}

fn miss(before: &Sky, after: &Sky, partners: &mut [Partners], bend: &Bend) {
    for pair in partners {
        let (at, there) = (bend.map(before.places[pair.before]), after.places[pair.after]);
        pair.miss = (at.0 - there.0).hypot(at.1 - there.1);
    }
}

/// Deviation of a miss along an axis, and share of the `looked` points that have their own partner.
fn spread(partners: &[Partners], looked: usize) -> (f64, f64) {
    let total: f64 = partners.iter().map(|pair| pair.weight).sum();
    let squares: f64 = partners.iter().map(|pair| pair.weight * pair.miss * pair.miss).sum();
    let kept = partners.iter().filter(|pair| pair.weight > 0.1).count() as f64 / looked.max(1) as f64;
    ((squares / (2.0 * total.max(1e-9))).sqrt().max(1e-9), kept.clamp(0.1, 0.95))
}

/// What bending costs, so that the map follows what is longer than `length` spacings.
fn stiffness(sky: &Sky, ties: &[Tie], length: f64) -> f64 {
    let weight = ties.iter().map(|tie| tie.2).sum::<f64>() / ties.len() as f64;
    weight * length.powi(4) * sky.spacing * sky.spacing
}

/// The length of bending under which two parts of the pairs foretell the third best.
fn best_length(
    before: &Sky,
    lattice: &Lattice,
    partners: &[Partners],
    ties: &[Tie],
    (straight, sigma): (super::affine::Affine, f64),
) -> f64 {
    let plate = lattice.plate();
    let told = partners.iter().filter(|pair| pair.weight > 1e-3);
    let fold: Vec<usize> =
        told.map(|pair| (before.kin[pair.before] as u32).wrapping_mul(2_246_822_519) as usize >> 7).collect();
    let parts: Vec<(Tied, f64, Vec<Tie>)> = (0..FOLDS)
        .map(|k| {
            let part = |kept: bool| -> Vec<Tie> {
                let own = ties.iter().zip(&fold).filter(|(_, fold)| (**fold % FOLDS == k) == kept);
                own.map(|(tie, _)| *tie).collect()
            };
            let (shown, hidden) = (part(false), part(true));
            let unit = if shown.is_empty() { 1.0 } else { stiffness(before, &shown, 1.0) };
            (Tied::new(lattice, straight, &shown), unit, hidden)
        })
        .collect();
    let loss = |length: f64| -> f64 {
        let of_part = |(tied, unit, hidden): &(Tied, f64, Vec<Tie>)| -> f64 {
            let bend = tied.fitted(&plate, unit * length.powi(4));
            let cost = |(p, q, weight): &Tie| {
                let at = bend.map(*p);
                let squared = (at.0 - q.0).powi(2) + (at.1 - q.1).powi(2);
                weight * squared.min(9.0 * sigma * sigma)
            };
            hidden.iter().map(cost).sum()
        };
        parts.iter().map(of_part).sum()
    };
    let losses = LENGTHS.map(loss);
    let best = (0..LENGTHS.len()).reduce(|best, k| if losses[k] < losses[best] { k } else { best });
    LENGTHS[best.unwrap_or(0)]
}
