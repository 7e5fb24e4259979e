//! How much a place's having a partner, or none, speaks for an alignment.

use super::affine::{Affine, Tie};
use super::sky::Sky;

/// Chance that a point which is really there, and found, has its partner in the other picture: hair falls out
/// and is missed. Evidence depends on it little.
const KEPT: f64 = 0.7;
/// How near partners come to lie under a map that is still straight, spacings.
pub(super) const NEAR: f64 = 0.28;
/// Other points this near mean that the other picture shows the place at all, spacings.
const SHOWN: f64 = 2.2;

/// What a partner adds to the logarithm of the odds, and what none takes from it.
#[derive(Clone, Copy)]
pub(super) struct Odds {
    pub(super) partner: f64,
    pub(super) none: f64,
}

impl Odds {
    /// For a point of a confidence where `chance` is the probability of a partner by accident.
    pub(super) fn new(confidence: f64, chance: f64) -> Self {
        let kept = KEPT * confidence.clamp(0.05, 1.0);
        Self { partner: (kept / chance.clamp(0.02, 0.9) + 1.0 - kept).ln(), none: (1.0 - kept).ln() }
    }
}

/// A straight map of a neighborhood with what speaks for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patch {
    pub(super) map: Affine,
    /// Logarithm of the odds against accident.
    pub(super) nats: f64,
    /// Points looked at.
    pub(super) looked: usize,
    /// Those with a partner.
    pub(super) partners: usize,
}

/// Fits a straight map around its `from`, in rounds of (radius, reach of partners), both in spacings.
///
/// `is_used` says which points of the first picture take part.
pub(super) fn fitted(
    before: &Sky,
    after: &Sky,
    start: Affine,
    rounds: &[(f64, f64)],
    is_used: &dyn Fn(usize) -> bool,
) -> Option<Patch> {
    // Because far ties turn a map for the sake of what bends, the start keeps a say.
    const PRIOR: f64 = 4.0;
    let mut map = start;
    for (radius, reach) in rounds {
        let ties = ties(before, after, &map, radius * before.spacing, reach * after.spacing, is_used);
        if ties.len() < 6 {
            return None;
        }
        map = map.refitted(&ties, before.spacing, PRIOR)?;
        if !map.is_plausible() || map.determinant() * start.determinant() < 0.0 {
            return None;
        }
    }
    let (radius, _) = rounds[rounds.len() - 1];
    Some(weighed(before, after, map, radius * before.spacing, is_used))
}

fn ties(
    before: &Sky,
    after: &Sky,
    map: &Affine,
    radius: f64,
    reach: f64,
    is_used: &dyn Fn(usize) -> bool,
) -> Vec<Tie> {
    let near = before.within(map.from, radius);
    let used = near.into_iter().filter(|k| is_used(*k));
    used.filter_map(|k| {
        let place = before.places[k];
        let (other, off) = after.nearest_within(map.map(place), reach)?;
        let away = ((place.0 - map.from.0).powi(2) + (place.1 - map.from.1).powi(2)) / (radius * radius);
        let weight = before.confidence[k] * after.confidence[other];
        // A partner at the end of the reach is most likely an accident.
        Some((place, after.places[other], weight * (1.0 - 0.7 * away) * (1.0 - 0.9 * (off / reach).powi(2))))
    })
    .collect()
}

/// What speaks for a map around its `from`.
fn weighed(before: &Sky, after: &Sky, map: Affine, radius: f64, is_used: &dyn Fn(usize) -> bool) -> Patch {
    let reach = NEAR * after.spacing;
    let wide = radius.min(4.0 * after.spacing);
    let crowd = after.count_within(map.to, wide) as f64 / (wide / reach).powi(2);
    let chance = 1.0 - (-crowd).exp();
    let mut patch = Patch { map, nats: 0.0, looked: 0, partners: 0 };
    for k in before.within(map.from, radius).into_iter().filter(|k| is_used(*k)) {
        let at = map.map(before.places[k]);
        let Some((_, off)) = after.nearest_within(at, SHOWN * after.spacing) else { continue };
        let odds = Odds::new(before.confidence[k], chance);
        patch.looked += 1;
        patch.partners += usize::from(off <= reach);
        patch.nats += if off <= reach { odds.partner } else { odds.none };
    }
    patch
}
