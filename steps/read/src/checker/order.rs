//! Which patch is which: colors decide, as only a checker has them in this order.

use super::lattice::{Cell, PATCHES_MIN};
use super::{COLUMNS, PATCHES, ROWS};

/// Least correlation of lightness, redness and blueness with the reference, of 8 patches and of 20.
const ALIKE: (f64, f64) = (0.90, 0.78);
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
        let pairs: Vec<([f64; 3], [f64; 3])> =
            (0..PATCHES).filter_map(|patch| Some((of(patch)?.1.map(f64::from), reference[patch]))).collect();
        let enough = pairs.len() >= PATCHES_MIN && pairs.len() as f64 >= SHARE_MIN * colored.len() as f64;
        let t = ((pairs.len() as f64 - 8.0) / 12.0).clamp(0.0, 1.0);
        let needed = ALIKE.0 + t * (ALIKE.1 - ALIKE.0);
        let found = if enough { alike(&pairs)? } else { return None };
        if std::env::var("DBG").is_ok() && found > 0.4 { println!("DBG order {found:.2} needed {needed:.2} of {}", pairs.len()); }
        (found > needed).then_some(found)
    };
    let scored = placements(&colored).into_iter().filter_map(|p| Some((agreement(&p)?, p)));
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, placement)| placement)
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

/// The least of three correlations over patches: of lightness, redness and blueness; none if there is no color.
///
/// They do not change with exposure, white balance, a power of tones or saturation.
fn alike(pairs: &[([f64; 3], [f64; 3])]) -> Option<f64> {
    let brightest = |of: fn(&([f64; 3], [f64; 3])) -> [f64; 3]| {
        pairs.iter().map(|pair| of(pair)[1]).fold(0.0, f64::max) * DARK_SHARE
    };
    let features = |color: [f64; 3], dark: f64| {
        let [r, g, b] = color.map(|v| (v.max(0.0) + dark).ln());
        [g, r - g, b - g]
    };
    let (dark_seen, dark_reference) = (brightest(|pair| pair.0), brightest(|pair| pair.1));
    let both: Vec<([f64; 3], [f64; 3])> = pairs
        .iter()
        .map(|(seen, reference)| (features(*seen, dark_seen), features(*reference, dark_reference)))
        .collect();
    let n = both.len() as f64;
    let correlation = |k: usize| {
        let mean = |of: fn(&([f64; 3], [f64; 3])) -> [f64; 3]| both.iter().map(|p| of(p)[k]).sum::<f64>() / n;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (seen, reference) in &both {
            let (dx, dy) = (seen[k] - x, reference[k] - y);
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
        }
        let is_colored = (xx / n).sqrt() > COLORED;
        is_colored.then(|| xy / (xx * yy).sqrt().max(1e-12))
    };
    Some(correlation(0)?.min(correlation(1)?).min(correlation(2)?))
}
