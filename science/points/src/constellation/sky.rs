//! A set of points made ready for aligning: looked up fast, crowding known everywhere, a jury kept aside.

use super::Constellation;
use crate::index::CellIndex;

/// Of how many groups of points one is kept aside.
const JURY_OF: usize = 4;
/// Points this near to one another stand or fall together, spacings.
const KIN: f64 = 0.5;
/// Neighbors whose distance tells the spacing.
const NEIGHBORS: usize = 12;

/// Points made ready.
pub(super) struct Sky<'a> {
    pub(super) places: &'a [(f64, f64)],
    pub(super) confidence: &'a [f64],
    pub(super) index: CellIndex,
    /// Mean distance that points keep, 1/√density, at the middle point: all lengths are told in it.
    pub(super) spacing: f64,
    /// Which group each point belongs to: hairs of one unit, told by distance alone.
    pub(super) kin: Vec<usize>,
}

impl<'a> Sky<'a> {
    pub(super) fn new(stars: &'a Constellation) -> Self {
        let index = CellIndex::new(&stars.places);
        let spacing = spacing(&stars.places, &index);
        let kin = kin(&stars.places, &index, KIN * spacing);
        Self { places: &stars.places, confidence: &stars.confidence, index, spacing, kin }
    }

    /// Whether a point is kept aside to judge what was found without it.
    pub(super) fn is_jury(&self, k: usize) -> bool {
        // Because neighbors have neighboring numbers, the number is stirred first.
        (self.kin[k] as u32).wrapping_mul(2_654_435_769) >> 16 & (JURY_OF as u32 - 1) == 0
    }

    /// The nearest point within a radius; of equals the first.
    #[inline]
    pub(super) fn nearest_within(&self, place: (f64, f64), radius: f64) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        self.index.for_each_within(place, radius, |k, squared| {
            if best.is_none_or(|(other, d)| (squared, k) < (d, other)) {
                best = Some((k, squared));
            }
        });
        best.map(|(k, squared)| (k, squared.sqrt()))
    }

    /// How many points lie within a radius.
    pub(super) fn count_within(&self, place: (f64, f64), radius: f64) -> usize {
        let mut count = 0;
        self.index.for_each_within(place, radius, |_, _| count += 1);
        count
    }

    /// Indices of the points within a radius, in order.
    pub(super) fn within(&self, place: (f64, f64), radius: f64) -> Vec<usize> {
        let mut all = Vec::new();
        self.index.for_each_within(place, radius, |k, _| all.push(k));
        all.sort_unstable();
        all
    }

    /// Corners of a box around all points.
    pub(super) fn extent(&self) -> ((f64, f64), (f64, f64)) {
        let first = (self.places[0], self.places[0]);
        self.places.iter().fold(first, |(low, high), p| {
            ((low.0.min(p.0), low.1.min(p.1)), (high.0.max(p.0), high.1.max(p.1)))
        })
    }
}

/// Median over points of the spacing that the distance of the twelfth neighbor tells.
fn spacing(places: &[(f64, f64)], index: &CellIndex) -> f64 {
    let step = places.len().div_ceil(400).max(1);
    let mut all: Vec<f64> = (0..places.len()).step_by(step).map(|k| spacing_at(places[k], index)).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn spacing_at(place: (f64, f64), index: &CellIndex) -> f64 {
    let (_, nearest) = index.nearest(place, None).unwrap_or((0, 0.0));
    let mut radius = nearest.max(1e-6);
    loop {
        let mut near: Vec<f64> = Vec::new();
        index.for_each_within(place, radius, |_, squared| near.push(squared));
        if near.len() > NEIGHBORS || near.len() == index.len() {
            near.sort_by(f64::total_cmp);
            let rank = NEIGHBORS.min(near.len() - 1);
            return (near[rank] * std::f64::consts::PI / rank.max(1) as f64).sqrt().max(1e-9);
        }
        radius *= 1.5;
    }
}

/// The smallest index of each point's group.
fn kin(places: &[(f64, f64)], index: &CellIndex, radius: f64) -> Vec<usize> {
    let mut leader: Vec<usize> = (0..places.len()).collect();
    fn lead(leader: &mut [usize], mut k: usize) -> usize {
        while leader[k] != k {
            leader[k] = leader[leader[k]];
            k = leader[k];
        }
        k
    }
    for (k, place) in places.iter().enumerate() {
        index.for_each_within(*place, radius, |other, _| {
            let (a, b) = (lead(&mut leader, k), lead(&mut leader, other));
            leader[a.max(b)] = a.min(b);
        });
    }
    (0..places.len()).map(|k| lead(&mut leader, k)).collect()
}
