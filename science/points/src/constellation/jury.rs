//! Whether an alignment may be an accident, judged by points that it was not made from.
//!
//! The jury's points are mapped and asked for partners; how many have one by accident is measured at places beside
//! theirs, where the crowding is the same but nothing belongs. Whoever made the map did not see the jury: under an
//! accidental map each group of it has partners by chance alone, and Bernstein's inequality bounds how likely as
//! many as were found are.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::sky::Sky;

/// Places beside a point at which accidents are counted, and how far away they are, spacings.
const BESIDE: usize = 12;
/// See [`BESIDE`].
const BESIDE_AWAY: (f64, f64) = (1.1, 2.1);
/// Because points that keep distance fit into each other's gaps, chance is taken to be this much likelier.
const CAUTION: f64 = 1.5;
/// Other points this near mean that the other picture shows the place at all, spacings.
const SHOWN: f64 = 2.2;

/// What the jury found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdict {
    /// Decimal logarithm of the bound on the chance that an accident has so many partners.
    pub(super) log10_chance: f64,
    /// Share of points with a partner of their own: above those by accident, over those that could be.
    pub(super) share: f64,
    /// Points asked.
    pub(super) asked: usize,
}

/// Asks points of the first picture, each with the place it is mapped to.
pub(super) fn heard(
    before: &Sky,
    after: &Sky,
    asked: impl Iterator<Item = (usize, (f64, f64))>,
    reach: f64,
) -> Verdict {
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (k, at) in asked {
        if after.nearest_within(at, SHOWN * after.spacing).is_none() {
            continue;
        }
        let group = groups.entry(before.kin[k]).or_default();
        let chance = by_accident(after, at, reach);
        let cautious = (CAUTION * chance + 0.01).min(0.95);
        group.size += 1.0;
        group.found += f64::from(u8::from(after.nearest_within(at, reach).is_some()));
        group.chance += chance;
        group.cautious += cautious;
        group.variance += cautious * (1.0 - cautious);
    }
    verdict(&groups)
}

#[derive(Default)]
struct Group {
    size: f64,
    found: f64,
    chance: f64,
    cautious: f64,
    variance: f64,
}

fn verdict(groups: &BTreeMap<usize, Group>) -> Verdict {
    let sum = |of: &dyn Fn(&Group) -> f64| groups.values().map(of).sum::<f64>();
    let size = sum(&|g| g.size);
    if size == 0.0 {
        return Verdict::default();
    }
    let beyond = sum(&|g| g.found - g.cautious);
    // At worst the points of a group all have partners, or none.
    let variance = sum(&|g| g.size * g.variance);
    let largest = groups.values().map(|g| g.size).fold(1.0, f64::max);
    let nats =
        if beyond > 0.0 { -beyond * beyond / (2.0 * (variance + largest * beyond / 3.0)) } else { 0.0 };
    let chance = sum(&|g| g.chance);
    let share = (sum(&|g| g.found) - chance) / (size - chance).max(1.0);
    Verdict { log10_chance: nats / std::f64::consts::LN_10, share, asked: size as usize }
}

/// Share of places beside one that have a point within reach.
fn by_accident(after: &Sky, (x, y): (f64, f64), reach: f64) -> f64 {
    let beside = |k: usize| {
        let (sin, cos) = (TAU * (k as f64 / BESIDE as f64)).sin_cos();
        let away = if k.is_multiple_of(2) { BESIDE_AWAY.0 } else { BESIDE_AWAY.1 } * after.spacing;
        (x + away * cos, y + away * sin)
    };
    let hits = (0..BESIDE).filter(|k| after.nearest_within(beside(*k), reach).is_some()).count();
    hits as f64 / BESIDE as f64
}
