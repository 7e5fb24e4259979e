//! One block: its points move, each inside its cell, while those around the block stand.

use stipple_quantity::Stream;

use crate::gibbs::TRIES_A_ROUND;
use crate::gibbs::near::{Local, Near, Placed};
use crate::ground::Ground;
use crate::orders::SUMS;
use crate::potential::{Energy, REACH};

/// Longest step across or down, mean local spacings of the block.
const STEP: f64 = 0.3;

/// Where a block lies.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) corner: (f64, f64),
    pub(super) side: f64,
    /// Rings of cells around the block whose points count.
    pub(super) rings: usize,
}

/// Points sorted into cells, so that those near each other are found at once.
pub(super) struct Block<'a> {
    ground: &'a Ground<'a>,
    energy: &'a Energy,
    corner: (f64, f64),
    cells: Cells,
    step: f32,
    /// Cell after cell, those that move first.
    points: Vec<Placed>,
    /// Where each cell's points begin; one more entry than cells.
    first: Vec<u32>,
    /// How many points of each cell move.
    moving: Vec<u32>,
}

impl<'a> Block<'a> {
    /// `own` points with their numbers move, `still` ones do not.
    pub(super) fn new(
        frame: Frame,
        own: &[(u32, (f64, f64))],
        still: &[(f64, f64)],
        ground: &'a Ground<'a>,
        energy: &'a Energy,
    ) -> Self {
        let width = |place: (f64, f64)| ground.metric_at(place).widest();
        let widths: Vec<f64> =
            own.iter().map(|(_, place)| width(*place)).chain(still.iter().map(|p| width(*p))).collect();
        let mean = widths[..own.len()].iter().sum::<f64>() / own.len() as f64;
        let cells =
            Cells::new(frame.side, REACH * widths.iter().fold(0.0, |most, w| w.max(most)), frame.rings);
        let mut block = Self {
            ground,
            energy,
            corner: frame.corner,
            step: (STEP * mean) as f32,
            points: Vec::with_capacity(own.len() + still.len()),
            first: vec![0; cells.count() + 1],
            moving: vec![0; cells.count()],
            cells,
        };
        block.sort(own, still);
        block
    }

    fn sort(&mut self, own: &[(u32, (f64, f64))], still: &[(f64, f64)]) {
        // Because a place at the very edge may round to beyond it.
        let last = self.cells.side * 0.999_999;
        let own = own.iter().map(|(number, place)| {
            let (x, y) = self.in_block(*place);
            let at = (x.clamp(0.0, last), y.clamp(0.0, last));
            Placed { number: Some(*number), on: self.ground.cell_at(*place), at, ..self.placed(*place) }
        });
        let all: Vec<Placed> = own.chain(still.iter().map(|place| self.placed(*place))).collect();
        // In the order of their numbers, points that move come first in each cell.
        let mut order: Vec<(u32, u32)> =
            (0..all.len()).filter_map(|k| self.cells.at(all[k].at).map(|cell| (cell, k as u32))).collect();
        order.sort_unstable();
        for (cell, k) in order {
            self.first[cell as usize + 1] += 1;
            self.moving[cell as usize] += u32::from(all[k as usize].number.is_some());
            self.points.push(all[k as usize]);
        }
        (0..self.moving.len()).for_each(|cell| self.first[cell + 1] += self.first[cell]);
    }

    fn placed(&self, place: (f64, f64)) -> Placed {
        let local = Local::new(self.ground.metric_at(place));
        Placed {
            number: None,
            has_moved: false,
            at: self.in_block(place),
            on: None,
            local,
            sums: [0.0; SUMS],
        }
    }

    /// Tries moves and gives the new places of points that moved.
    pub(super) fn moved(mut self, mut chance: Stream) -> Vec<(u32, (f64, f64))> {
        pulp::Arch::new().dispatch(Moves { block: &mut self, chance: &mut chance });
        let moved = self.points.iter().filter(|point| point.has_moved);
        moved.filter_map(|point| Some((point.number?, self.on_ground(point.at)))).collect()
    }

    /// The sums of all points whose neighbors are known.
    #[inline(always)]
    fn add_up(&mut self, near: &mut Near) {
        for cell in self.cells.inner() {
            self.gather(cell, near);
            for point in self.first[cell] as usize..self.first[cell + 1] as usize {
                let Placed { at, local, .. } = self.points[point];
                // A way of no length adds to the sum of order 0 alone, and always the same.
                let mut sums = near.sums_around(at, &local);
                sums[0] -= 1.0;
                self.points[point].sums = sums;
            }
        }
    }

    /// The points of three by three cells; where those of the middle one begin.
    #[inline(always)]
    fn gather(&self, cell: usize, near: &mut Near) -> usize {
        near.clear();
        let has_orders = self.energy.orders.is_some();
        for row in self.rows_around(cell) {
            self.points[row].iter().for_each(|point| near.push(point, has_orders));
        }
        let above = self.rows_around(cell)[0].len();
        above + (self.first[cell] - self.first[cell - 1]) as usize
    }

    /// Points of the three cells above, beside and below a cell, one run each.
    fn rows_around(&self, cell: usize) -> [std::ops::Range<usize>; 3] {
        let across = self.cells.across;
        [cell - across, cell, cell + across]
            .map(|middle| self.first[middle - 1] as usize..self.first[middle + 2] as usize)
    }

    #[inline(always)]
    fn visit(&mut self, cell: usize, near: &mut Near, chance: &mut Stream) {
        let own = self.gather(cell, near);
        let first = self.first[cell] as usize;
        for k in 0..self.moving[cell] as usize {
            let mut point = self.points[first + k];
            near.lift(own + k, point.at);
            self.move_about(cell, &mut point, near, chance);
            near.set_down(own + k, &point);
            self.points[first + k] = point;
        }
        if self.energy.orders.is_some() {
            let all = self.rows_around(cell).into_iter().flatten();
            all.enumerate().for_each(|(k, point)| self.points[point].sums = near.sums(k));
        }
    }

    /// Tries moves of a point that is lifted, one after the other.
    #[inline(always)]
    fn move_about(&self, cell: usize, point: &mut Placed, near: &Near, chance: &mut Stream) {
        let (ground, spacing_min) = (self.ground, self.ground.spacing_min as f32);
        let mut felt = near.felt(point.at, &point.local, spacing_min, self.energy);
        for _ in 0..TRIES_A_ROUND {
            let mut step = || self.step * (2.0 * chance.uniform() as f32 - 1.0);
            let at = (point.at.0 + step(), point.at.1 + step());
            let least = chance.uniform();
            // Because none but the next cells feel a cell's points, they do not leave it; next round cells lie elsewhere.
            if self.cells.at(at) != Some(cell as u32) {
                continue;
            }
            let place = self.on_ground(at);
            let Some(on) = ground.cell_at(place).filter(|cell| ground.obstacles.clear(*cell, place)) else {
                continue;
            };
            let from = point.on.unwrap_or(on);
            if ground.zone[on] != ground.zone[from] {
                continue;
            }
            // Because it does not wait for the energy, this costs no time.
            let may_rise = ((ground.new_density[on] / (least * ground.new_density[from])) as f32).ln();
            let local = Local::new(ground.metric[on]);
            let there = near.felt(at, &local, spacing_min, self.energy);
            if there.energy - felt.energy < may_rise {
                (point.at, point.on, point.local, point.has_moved) = (at, Some(on), local, true);
                (point.sums, felt) = (there.sums, there);
            }
        }
    }

    fn in_block(&self, (x, y): (f64, f64)) -> (f32, f32) {
        ((x - self.corner.0) as f32, (y - self.corner.1) as f32)
    }

    fn on_ground(&self, (x, y): (f32, f32)) -> (f64, f64) {
        (self.corner.0 + f64::from(x), self.corner.1 + f64::from(y))
    }
}

/// Square cells over a block and some rings around it.
struct Cells {
    /// Side of the block.
    side: f32,
    /// One over the side of a cell: no point feels farther than to the next.
    cells_per_length: f32,
    rings: usize,
    /// Cells in a row, rings and all.
    across: usize,
}

impl Cells {
    fn new(side: f64, reach: f64, rings: usize) -> Self {
        let own = (side / reach).floor().max(1.0);
        let cells_per_length = (1.0 / (side / own).max(reach)) as f32;
        Self { side: side as f32, cells_per_length, rings, across: own as usize + 2 * rings }
    }

    fn count(&self) -> usize {
        self.across * self.across
    }

    fn at(&self, (x, y): (f32, f32)) -> Option<u32> {
        let of = |v: f32| {
            let cell = v.mul_add(self.cells_per_length, self.rings as f32);
            (cell >= 0.0 && cell < self.across as f32).then_some(cell as u32)
        };
        Some(of(y)? * self.across as u32 + of(x)?)
    }

    /// Cells that have others all around.
    fn inner(&self) -> impl Iterator<Item = usize> + use<> {
        let (last, across) = (self.across - 1, self.across);
        (1..last).flat_map(move |row| (1..last).map(move |column| row * across + column))
    }
}

/// Moves of a block, with as many lanes as the processor has; the same steps on every one.
struct Moves<'a, 'b> {
    block: &'a mut Block<'b>,
    chance: &'a mut Stream,
}

impl pulp::NullaryFnOnce for Moves<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let mut near = Near::default();
        if self.block.energy.orders.is_some() {
            self.block.add_up(&mut near);
        }
        for cell in self.block.cells.inner() {
            if self.block.moving[cell] > 0 {
                self.block.visit(cell, &mut near, self.chance);
            }
        }
    }
}
