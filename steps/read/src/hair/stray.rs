//! Shafts that the root head passed over although they lie as the hair around does.
//!
//! Cut hair lies any way; hair that grows lies with its neighbors. Where the root head knows the hair, nearly every
//! shaft has a root, and one without is litter. Where it leaves many without one, it does not know this hair, and those
//! that lie with the others are taken in with their roots at the end that the neighborhood's shadows point to.

use stipple_points::CellIndex;

use super::shaft::Shaft;
use super::{FOLLOWED_MM, HAIRS_MIN, Rooted, SHAFT_REACH_MM};
use crate::root_head::Root;

/// Share of shafts without a root from which those that lie with the others are taken in.
const TAKEN_FROM: f64 = 0.15;
/// Shafts within this distance tell how hair lies, mm; that many are needed.
const NEIGHBORHOOD_MM: f64 = 5.0;
/// See [`NEIGHBORHOOD_MM`].
const NEIGHBORS_MIN: usize = 4;
/// How much the neighbors agree: 1 is all parallel, 0 any way.
const AGREEMENT_MIN: f64 = 0.5;
/// Cosine of twice the angle to them, at least: within 30°.
const PARALLEL_MIN: f64 = 0.5;
/// Taken for how often such an end is a root within 0.15 mm: of classical ends F1 is 0.36 to 0.64 by kind of picture
/// (docs/accuracy.md); of strays by themselves it has not been measured.
const CONFIDENCE: f64 = 0.4;

/// Which of the shafts long enough to be followed have a root near: none for shorter ones.
pub(super) struct Followed {
    has_root: Vec<Option<bool>>,
}

impl Followed {
    pub(super) fn of(shafts: &[Shaft], rooted: &[Rooted], px_per_mm: f64) -> Self {
        let index = CellIndex::new(&rooted.iter().map(|hair| hair.root.at).collect::<Vec<_>>());
        let near = |place: &(f64, f64)| {
            let mut found = false;
            index.for_each_within(*place, SHAFT_REACH_MM * px_per_mm, |_, _| found = true);
            found
        };
        let has_root = |shaft: &Shaft| (shaft.length_mm >= FOLLOWED_MM).then(|| shaft.path.iter().any(near));
        Self { has_root: shafts.iter().map(has_root).collect() }
    }

    /// Share of them that no root belongs to; none where there are too few to tell.
    pub(super) fn rootless_share(&self) -> Option<f64> {
        let n = self.has_root.iter().flatten().count();
        let without = self.has_root.iter().flatten().filter(|has| !**has).count();
        (n >= HAIRS_MIN).then(|| without as f64 / n as f64)
    }

    /// Those without a root that lie with the hair around, rooted at their ends; none where roots are known.
    pub(super) fn strays(&self, shafts: &[Shaft], ends: &[(f64, f64)], px_per_mm: f64) -> Vec<Rooted> {
        if self.rootless_share().is_none_or(|share| share < TAKEN_FROM) {
            return Vec::new();
        }
        let followed: Vec<usize> = (0..shafts.len()).filter(|k| self.has_root[*k].is_some()).collect();
        let index = CellIndex::new(&followed.iter().map(|k| shafts[*k].middle()).collect::<Vec<_>>());
        let lies_with_others = |k: usize| {
            let Some(own) = doubled(&shafts[k]) else { return false };
            let (mut sum, mut n) = ((0.0, 0.0), 0);
            index.for_each_within(shafts[k].middle(), NEIGHBORHOOD_MM * px_per_mm, |other, _| {
                if let Some(way) = doubled(&shafts[followed[other]]).filter(|_| followed[other] != k) {
                    (sum, n) = ((sum.0 + way.0, sum.1 + way.1), n + 1);
                }
            });
            let length = f64::hypot(sum.0, sum.1);
            let parallel = (own.0 * sum.0 + own.1 * sum.1) / length.max(1e-9);
            n >= NEIGHBORS_MIN && length >= AGREEMENT_MIN * n as f64 && parallel >= PARALLEL_MIN
        };
        let rootless = followed.iter().copied().filter(|k| self.has_root[*k] == Some(false));
        let stray = |k: usize| {
            let (at, toward) = (ends[k], shafts[k].away_from(ends[k]));
            Rooted { root: Root { at, toward, confidence: CONFIDENCE }, shaft: Some(k) }
        };
        rootless.filter(|k| lies_with_others(*k)).map(stray).collect()
    }
}

/// Direction of a shaft with twice its angle, so that both ways along it are one; none for a dot.
fn doubled(shaft: &Shaft) -> Option<(f64, f64)> {
    let (x, y) = shaft.axis()?;
    Some((x * x - y * y, 2.0 * x * y))
}
