//! From one place that agrees to all that do: patches on a lattice, the surest first.

use super::affine::Affine;
use super::evidence::{Patch, fitted};
use super::sky::Sky;

/// Distance of the lattice's nodes, spacings.
pub(super) const STEP: f64 = 3.0;
/// Rounds of fitting: radius and reach, spacings.
const ROUNDS: [(f64, f64); 3] = [(6.0, 0.36), (6.0, 0.28), (6.0, 0.24)];
/// Evidence that a patch needs, in all and a point.
const NATS_MIN: f64 = 9.0;
/// See [`NATS_MIN`].
const NATS_A_POINT_MIN: f64 = 0.07;
/// Points that a patch needs to be told from accident.
const LOOKED_MIN: usize = 16;

/// Patches that hang together, by the nodes of a lattice over the first picture.
pub(super) struct Quilt {
    origin: (f64, f64),
    step: f64,
    columns: usize,
    rows: usize,
    pub(super) patches: Vec<Option<Patch>>,
}

impl Quilt {
    /// Grows from a patch until no neighbor fits.
    pub(super) fn grown(before: &Sky, after: &Sky, seed: &Patch) -> Self {
        let (low, high) = before.extent();
        let step = STEP * before.spacing;
        let nodes = |low: f64, high: f64| ((high - low) / step).ceil() as usize + 1;
        let (columns, rows) = (nodes(low.0, high.0), nodes(low.1, high.1));
        let mut own = Self { origin: low, step, columns, rows, patches: vec![None; columns * rows] };
        let first = own.nearest_node(seed.map.from);
        own.patches[first] = own.fit(before, after, first, &seed.map);
        let mut is_spread = vec![false; columns * rows];
        while let Some(k) = own.surest(&is_spread) {
            is_spread[k] = true;
            let Some(patch) = own.patches[k] else { continue };
            for next in own.neighbors(k) {
                let better = own.fit(before, after, next, &patch.map);
                let old = own.patches[next].map_or(0.0, |old| old.nats);
                // Because a node that has spread already is only fitted anew where it was plainly wrong.
                let needed = if is_spread[next] { 1.5 * old + 5.0 } else { old };
                if better.is_some_and(|new| new.nats > needed) {
                    own.patches[next] = better;
                }
            }
        }
        own
    }

    fn fit(&self, before: &Sky, after: &Sky, node: usize, start: &Affine) -> Option<Patch> {
        let start = start.around(self.place(node));
        let patch = fitted(before, after, start, &ROUNDS, &|k| !before.is_jury(k))?;
        let is_sure = patch.looked >= LOOKED_MIN
            && patch.nats >= NATS_MIN
            && patch.nats >= NATS_A_POINT_MIN * patch.looked as f64;
        // A fit that walked off caught other points than it was sent to.
        let (a, b) = (start.to, patch.map.to);
        let has_stayed = (a.0 - b.0).hypot(a.1 - b.1) < 0.6 * after.spacing;
        (is_sure && has_stayed).then_some(patch)
    }

    fn surest(&self, is_spread: &[bool]) -> Option<usize> {
        let open = (0..self.patches.len()).filter(|k| !is_spread[*k] && self.patches[*k].is_some());
        let nats = |k: usize| self.patches[k].map_or(0.0, |patch| patch.nats);
        open.reduce(|best, k| if nats(k) > nats(best) { k } else { best })
    }

    pub(super) fn place(&self, node: usize) -> (f64, f64) {
        let (column, row) = (node % self.columns, node / self.columns);
        (self.origin.0 + column as f64 * self.step, self.origin.1 + row as f64 * self.step)
    }

    pub(super) fn nearest_node(&self, (x, y): (f64, f64)) -> usize {
        let at = |v: f64, n: usize| ((v / self.step).round().max(0.0) as usize).min(n - 1);
        at(y - self.origin.1, self.rows) * self.columns + at(x - self.origin.0, self.columns)
    }

    fn neighbors(&self, node: usize) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns as isize, self.rows as isize);
        let (column, row) = (node as isize % columns, node as isize / columns);
        let around = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)];
        around.into_iter().filter_map(move |(dx, dy)| {
            let (column, row) = (column + dx, row + dy);
            let is_there = (0..columns).contains(&column) && (0..rows).contains(&row);
            is_there.then_some((row * columns + column) as usize)
        })
    }

    /// Where a place goes by the patches around it, the near ones counting most; none far from all.
    pub(super) fn map(&self, place: (f64, f64)) -> Option<(f64, f64)> {
        let node = self.nearest_node(place);
        let all = self.neighbors(node).chain([node]).filter_map(|k| self.patches[k]);
        let (mut sum, mut total) = ((0.0, 0.0), 0.0);
        for patch in all {
            let away = (place.0 - patch.map.from.0).hypot(place.1 - patch.map.from.1) / self.step;
            let weight = (1.0 - away / 1.6).max(0.0).powi(2) * patch.nats;
            let at = patch.map.map(place);
            sum = (sum.0 + weight * at.0, sum.1 + weight * at.1);
            total += weight;
        }
        (total > 0.0).then(|| (sum.0 / total, sum.1 / total))
    }

    /// Forgets patches that `stays` does not keep.
    pub(super) fn retain(&mut self, stays: impl Fn(usize, &Patch) -> bool) {
        for k in 0..self.patches.len() {
            self.patches[k] = self.patches[k].filter(|patch| stays(k, patch));
        }
    }
}
