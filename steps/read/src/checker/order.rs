//! Which patch is which: colors decide, as only a checker has them in this order.

use super::lattice::{Cell, PATCHES_MIN};
use super::{COLUMNS, PATCHES, ROWS};

/// Least correlation of redness and blueness with the reference, of 8 patches and of 20.
const ALIKE: (f64, f64) = (0.92, 0.82);
/// How much less the lightness of many patches may go with the reference: a shadow across a checker changes it, but no color.
const IN_SHADE: f64 = 0.15;
/// Share of the patches of a lattice that have to belong to the checker.
const SHARE_MIN: f64 = 0.7;
/// Least standard deviation of redness and blueness, natural logarithm: grays are no checker.
const COLORED: f64 = 0.15;
/// Light below which color is noise, as a share of the brightest patch.
const DARK_SHARE: f64 = 0.01;

/// Where on a lattice the patches lie: turned, and perhaps mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    origin: Cell,
    along: Cell,
    across: Cell,
}

impl Placement {
    /// The cell of a patch, 0 to 23, row by row.
    pub(super) fn cell(&self, patch: usize) -> Cell {
        let (column, row) = ((patch % COLUMNS) as i32, (patch / COLUMNS) as i32);
        [0, 1].map(|k| self.origin[k] + column * self.along[k] + row * self.across[k])
    }

    /// The place on the lattice of a place on the checker, in steps from the middle of its first patch.
    pub(super) fn place(&self, column: f64, row: f64) -> [f64; 2] {
        [0, 1].map(|k| {
            f64::from(self.origin[k]) + column * f64::from(self.along[k]) + row * f64::from(self.across[k])
        })
    }

    /// Whether the picture shows the checker as in a mirror.
    pub(super) fn is_mirrored(&self) -> bool {
        self.along[0] * self.across[1] - self.along[1] * self.across[0] < 0
    }
}

/// The placement under which seen colors go with those of the reference, if one does.
///
/// `seen` gives linear RGB of the cells where a patch was seen; `reference` that of the 24 patches.
pub(super) fn placement(
    cells: &[Cell],
    seen: impl Fn(Cell) -> Option<[f32; 3]>,
    reference: &[[f64; 3]; PATCHES],
) -> Option<Placement> {
    let colored: Vec<(Cell, [f32; 3])> =
        cells.iter().filter_map(|cell| Some((*cell, seen(*cell)?))).collect();
    let agreement = |placement: &Placement| {
        let of = |patch: usize| colored.iter().find(|(cell, _)| *cell == placement.cell(patch));
        let pairs: Vec<Pair> =
            (0..PATCHES).filter_map(|patch| Some((of(patch)?.1.map(f64::from), reference[patch]))).collect();
        let enough = pairs.len() >= PATCHES_MIN && pairs.len() as f64 >= SHARE_MIN * colored.len() as f64;
        let needed = ALIKE.0 + many(pairs.len()) * (ALIKE.1 - ALIKE.0);
        let found = if enough { alike(&without_foreign(&pairs))? } else { return None };
        (found > needed).then_some(found)
    };
    let scored = placements(&colored).into_iter().filter_map(|p| Some((agreement(&p)?, p)));
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, placement)| placement)
}

/// 0 for 8 patches, 1 for 20.
fn many(patches: usize) -> f64 {
    ((patches as f64 - 8.0) / 12.0).clamp(0.0, 1.0)
}

/// Every way in which a checker can lie over the cells that were seen.
fn placements(seen: &[(Cell, [f32; 3])]) -> Vec<Placement> {
    let range = |axis: usize| {
        let of = || seen.iter().map(|(cell, _)| cell[axis]);
        (of().min().unwrap_or(0), of().max().unwrap_or(0))
    };
    let mut all = Vec::new();
    for (along, across) in [([1, 0], [0, 1]), ([0, 1], [-1, 0]), ([-1, 0], [0, -1]), ([0, -1], [1, 0])] {
        for across in [across, across.map(|k: i32| -k)] {
            let reach = [0, 1].map(|k| along[k] * (COLUMNS as i32 - 1) + across[k] * (ROWS as i32 - 1));
            let origins = |axis: usize| {
                let (first, last) = range(axis);
                // The box of the checker goes from its origin by `reach`, either way.
                let (low, high) = (first, last - reach[axis].abs());
                let shift = reach[axis].min(0);
                low.min(high) - shift..=low.max(high) - shift
            };
            for x in origins(0) {
                all.extend(origins(1).map(|y| Placement { origin: [x, y], along, across }));
            }
        }
    }
    all
}

/// Lightness, redness and blueness of a patch as seen and in the reference.
type Pair = ([f64; 3], [f64; 3]);

/// Pairs without those that something else covers: at most a fifth, the worst first, and never below eight.
fn without_foreign(colors: &[Pair]) -> Vec<Pair> {
    let mut pairs = featured(colors);
    let spare = (pairs.len() / 5).min(pairs.len().saturating_sub(PATCHES_MIN));
    for _ in 0..spare {
        let lines = [0, 1, 2].map(|k| Line::through(&pairs, k));
        let off = |pair: &Pair| (0..3).map(|k| lines[k].off(pair).powi(2)).sum::<f64>();
        let worst = (0..pairs.len()).max_by(|a, b| off(&pairs[*a]).total_cmp(&off(&pairs[*b]))).unwrap_or(0);
        pairs.remove(worst);
    }
    pairs
}

/// The least of three correlations over patches: of lightness, redness and blueness; none if there is no color.
///
/// They do not change with exposure, white balance, a power of tones or saturation.
fn alike(pairs: &[Pair]) -> Option<f64> {
    let lines = [0, 1, 2].map(|k| Line::through(pairs, k));
    let is_colored = lines.iter().all(|line| line.spread > COLORED);
    let [light, red, blue] = lines.map(|line| line.correlation);
    let spared = IN_SHADE * many(pairs.len());
    is_colored.then(|| red.min(blue).min(light + spared))
}

/// Logarithms of green, red over green and blue over green.
fn featured(colors: &[Pair]) -> Vec<Pair> {
    let dark =
        |of: fn(&Pair) -> [f64; 3]| DARK_SHARE * colors.iter().map(|pair| of(pair)[1]).fold(0.0, f64::max);
    let features = |color: [f64; 3], dark: f64| {
        let [r, g, b] = color.map(|v| (v.max(0.0) + dark).ln());
        [g, r - g, b - g]
    };
    let (seen, reference) = (dark(|pair| pair.0), dark(|pair| pair.1));
    colors.iter().map(|pair| (features(pair.0, seen), features(pair.1, reference))).collect()
}

/// The straight line on which a feature goes with the reference.
struct Line {
    k: usize,
    middle: [f64; 2],
    slope: f64,
    /// Standard deviation of the feature as seen.
    spread: f64,
    correlation: f64,
}

impl Line {
    fn through(pairs: &[Pair], k: usize) -> Self {
        let n = pairs.len() as f64;
        let mean = |of: fn(&Pair) -> [f64; 3]| pairs.iter().map(|pair| of(pair)[k]).sum::<f64>() / n;
        let middle = [mean(|pair| pair.0), mean(|pair| pair.1)];
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (seen, reference) in pairs {
            let (dx, dy) = (seen[k] - middle[0], reference[k] - middle[1]);
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
        }
        let correlation = xy / (xx * yy).sqrt().max(1e-12);
        Self { k, middle, slope: xy / yy.max(1e-12), spread: (xx / n).sqrt(), correlation }
    }

    /// How far a pair is off it, as seen.
    fn off(&self, (seen, reference): &Pair) -> f64 {
        seen[self.k] - self.middle[0] - self.slope * (reference[self.k] - self.middle[1])
    }
}
