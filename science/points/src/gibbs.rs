//! Points that move by chance until they stand as their energy wants, their number unchanged.
//!
//! The plane is cut into blocks, at another place every round; the points of a block move inside it while all others
//! stand. Blocks of one color do not reach each other, so they move at the same time.

mod block;
mod near;

use rayon::prelude::*;
use stipple_quantity::Seed;

use crate::gibbs::block::{Block, Frame};
use crate::ground::Ground;
use crate::potential::{Energy, REACH};

/// Side of a block, mean local spacings.
const BLOCK: f64 = 14.0;
/// Moves that every point tries in a round.
const TRIES_A_ROUND: usize = 3;

/// How long points move.
#[derive(Clone, Copy)]
pub(crate) struct Relaxation {
    /// Every point tries `TRIES_A_ROUND` moves in each.
    pub(crate) rounds: usize,
    pub(crate) seed: Seed,
}

/// Moves points over the ground, all of which must stand where new points may.
///
/// # Determinism
/// The same on any number of threads.
///
/// # Source
/// Metropolis moves with the number of points kept [@Illian2008].
pub(crate) fn relax(points: &mut [(f64, f64)], ground: &Ground, energy: &Energy, how: Relaxation) {
    // Neighbors of neighbors feel each other where it matters how neighbors stand.
    let rings = if energy.orders.is_some() { 2 } else { 1 };
    let Some(grain) = Grain::of(points, ground, rings) else { return };
    for round in 0..how.rounds {
        let shift = how.seed.stream("points.blocks", round as u64).uniform();
        let blocks = Blocks::new(points, ground, grain, shift);
        for color in 0..4 {
            let of_color: Vec<usize> = blocks.of_color(color).collect();
            let chance =
                |block: usize| how.seed.stream("points.gibbs", ((round as u64) << 32) | block as u64);
            let moved: Vec<_> = of_color
                .par_iter()
                .map(|block| blocks.gathered(*block, points, ground, energy).moved(chance(*block)))
                .collect();
            for (k, place) in moved.into_iter().flatten() {
                points[k as usize] = place;
            }
        }
    }
}

/// How finely the plane is cut.
#[derive(Clone, Copy)]
struct Grain {
    /// Side of blocks, wide enough that those with one between them do not reach each other.
    side: f64,
    /// No point of a block feels farther beyond its border, as widths are when points begin to move.
    halo: f64,
    rings: usize,
}

impl Grain {
    /// `None` without points.
    fn of(points: &[(f64, f64)], ground: &Ground, rings: usize) -> Option<Self> {
        let widths = points.iter().map(|place| ground.metric_at(*place).widest());
        let (sum, widest) = widths.fold((0.0, 0.0f64), |(sum, most), width| (sum + width, most.max(width)));
        let standing =
            ground.fixed.iter().map(|place| ground.metric_at(*place).widest()).fold(widest, f64::max);
        let halo = rings as f64 * REACH * standing;
        let side = (BLOCK * sum / points.len() as f64).max(halo);
        (!points.is_empty()).then_some(Self { side, halo, rings })
    }
}

/// Points sorted into square blocks.
struct Blocks {
    origin: (f64, f64),
    grain: Grain,
    columns: usize,
    rows: usize,
    movable: Sorted,
    fixed: Sorted,
}

impl Blocks {
    fn new(points: &[(f64, f64)], ground: &Ground, grain: Grain, shift: f64) -> Self {
        let side = grain.side;
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for (x, y) in points {
            low = (low.0.min(*x), low.1.min(*y));
            high = (high.0.max(*x), high.1.max(*y));
        }
        // One empty ring of blocks for what stands around.
        let origin = (low.0 - (1.0 + shift) * side, low.1 - (1.0 + shift) * side);
        let number = |from: f64, to: f64| ((to - from) / side) as usize + 2;
        let (columns, rows) = (number(origin.0, high.0), number(origin.1, high.1));
        let block_of = |(x, y): (f64, f64)| {
            let (column, row) = ((x - origin.0) / side, (y - origin.1) / side);
            let on_grid = column >= 0.0 && row >= 0.0 && column < columns as f64 && row < rows as f64;
            on_grid.then(|| row as usize * columns + column as usize)
        };
        let sorted = |places: &[(f64, f64)]| Sorted::new(places.iter().map(|p| block_of(*p)), columns * rows);
        Self { origin, grain, columns, rows, movable: sorted(points), fixed: sorted(ground.fixed) }
    }

    /// Blocks with points to move of one of four colors.
    fn of_color(&self, color: usize) -> impl Iterator<Item = usize> {
        let (column, row) = (color % 2, color / 2);
        let all = (row..self.rows)
            .step_by(2)
            .flat_map(move |y| (column..self.columns).step_by(2).map(move |x| (x, y)));
        all.map(|(x, y)| y * self.columns + x).filter(|block| !self.movable.of(*block).is_empty())
    }

    /// A block's points, and those around that they feel.
    fn gathered<'g>(
        &self,
        block: usize,
        points: &[(f64, f64)],
        ground: &'g Ground<'g>,
        energy: &'g Energy,
    ) -> Block<'g> {
        let (column, row) = (block % self.columns, block / self.columns);
        let Grain { side, halo, rings } = self.grain;
        let corner = (self.origin.0 + column as f64 * side, self.origin.1 + row as f64 * side);
        let own: Vec<_> = self.movable.of(block).iter().map(|k| (*k, points[*k as usize])).collect();
        let near = |(x, y): &(f64, f64)| {
            let (x, y) = (x - corner.0, y - corner.1);
            x.min(y) > -halo && x.max(y) < side + halo
        };
        let mut still = Vec::new();
        for y in row.saturating_sub(1)..(row + 2).min(self.rows) {
            for x in column.saturating_sub(1)..(column + 2).min(self.columns) {
                let beside = y * self.columns + x;
                let mut take = |of: &Sorted, places: &[(f64, f64)]| {
                    still.extend(of.of(beside).iter().map(|k| places[*k as usize]).filter(near));
                };
                if beside != block {
                    take(&self.movable, points);
                }
                take(&self.fixed, ground.fixed);
            }
        }
        Block::new(Frame { corner, side, rings }, &own, &still, ground, energy)
    }
}

/// Numbers of things, block after block.
struct Sorted {
    first: Vec<u32>,
    order: Vec<u32>,
}

impl Sorted {
    /// Things without a block are left out.
    fn new(block_of: impl Iterator<Item = Option<usize>>, blocks: usize) -> Self {
        let block_of: Vec<Option<usize>> = block_of.collect();
        let mut first = vec![0u32; blocks + 1];
        block_of.iter().flatten().for_each(|block| first[block + 1] += 1);
        (0..blocks).for_each(|block| first[block + 1] += first[block]);
        let mut next = first.clone();
        let mut order = vec![0; first[blocks] as usize];
        for (k, block) in block_of.iter().enumerate().filter_map(|(k, block)| block.map(|block| (k, block))) {
            order[next[block] as usize] = k as u32;
            next[block] += 1;
        }
        Self { first, order }
    }

    fn of(&self, block: usize) -> &[u32] {
        &self.order[self.first[block] as usize..self.first[block + 1] as usize]
    }
}
