//! One block: its points move, those around it stand.

use stipple_quantity::Stream;

use crate::gibbs::SWEEPS_A_ROUND;
use crate::ground::Ground;
use crate::potential::{Polynomial, REACH};

/// Longest step across or down, mean local spacings of the block.
const STEP: f64 = 0.3;
/// Slots that are looked at together.
const LANES: usize = 8;
/// Empty slots that every cell has at first, at least.
const SPARE: usize = 4;
/// Where an empty slot's point lies: so far off that it has no energy.
const FAR: f32 = 1e15;
/// Energy of a pair nearer than the least distance.
const TOO_NEAR: f32 = 40.0;

/// A point in a block.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// Its number among all points that move; of those that stand nobody asks.
    number: u32,
    /// From the block's corner.
    x: f32,
    y: f32,
    /// Half the metric there over the squared reach; the mixed part twice.
    metric: [f32; 3],
    weight: f32,
    zone: u32,
    widest: f32,
}

impl Placed {
    pub(super) fn new(number: u32, place: (f64, f64), corner: (f64, f64), ground: &Ground) -> Self {
        let metric = ground.metric_at(place);
        let (weight, zone) = ground.weight_at(place);
        let half = 0.5 / (REACH * REACH);
        Self {
            number,
            x: (place.0 - corner.0) as f32,
            y: (place.1 - corner.1) as f32,
            metric: [metric.xx * half, 2.0 * metric.xy * half, metric.yy * half].map(|v| v as f32),
            weight: weight as f32,
            zone,
            widest: metric.widest() as f32,
        }
    }
}

/// Points in cells, so that those near each other are found at once.
pub(super) struct Block {
    corner: (f64, f64),
    side: f32,
    /// Side of a cell: no point feels farther than to the next.
    cell: f32,
    /// Cells across, with one ring around the block.
    across: usize,
    /// Slots of a cell, whole lanes.
    capacity: usize,
    step: f32,
    /// Points in each cell: those that stand, then those that move.
    count: Vec<usize>,
    /// By slot.
    x: Vec<f32>,
    y: Vec<f32>,
    metric: [Vec<f32>; 3],
    /// Which of `own` is in a slot.
    owner: Vec<u32>,
    /// Points that move, and where they are.
    own: Vec<Placed>,
    slot: Vec<usize>,
    has_moved: Vec<bool>,
}

impl Block {
    pub(super) fn new(corner: (f64, f64), side: f64, mut own: Vec<Placed>, still: Vec<Placed>) -> Self {
        let side = side as f32;
        // Because a place at the very edge may round to beyond it.
        let inside = |v: f32| v.clamp(0.0, side.next_down());
        own.iter_mut().for_each(|p| (p.x, p.y) = (inside(p.x), inside(p.y)));
        let step = (STEP / own.len() as f64) as f32 * own.iter().map(|p| p.widest).sum::<f32>();
        let widest = own.iter().chain(&still).map(|p| p.widest).fold(0.0, f32::max);
        let cell = REACH as f32 * widest + step;
        let feels = |p: &&Placed| p.x.min(p.y) >= -cell && p.x.max(p.y) < side + cell;
        let still: Vec<Placed> = still.iter().filter(feels).copied().collect();
        let across = (side / cell).ceil() as usize + 2;
        let mut block = Self {
            corner,
            side,
            cell,
            across,
            capacity: 0,
            step,
            count: vec![0; across * across],
            x: Vec::new(),
            y: Vec::new(),
            metric: [const { Vec::new() }; 3],
            owner: Vec::new(),
            slot: vec![0; own.len()],
            has_moved: vec![false; own.len()],
            own,
        };
        for point in still.iter().chain(&block.own) {
            block.count[cell_of(point.x, point.y, cell, across)] += 1;
        }
        block.capacity = (block.count.iter().max().map_or(0, |most| *most) + SPARE).next_multiple_of(LANES);
        let slots = block.capacity * block.count.len();
        (block.x, block.y) = (vec![FAR; slots], vec![FAR; slots]);
        block.metric = std::array::from_fn(|_| vec![1.0; slots]);
        block.owner = vec![u32::MAX; slots];
        block.count.fill(0);
        still.iter().for_each(|point| _ = block.put(*point));
        for k in 0..block.own.len() {
            block.slot[k] = block.put(block.own[k]);
            block.owner[block.slot[k]] = k as u32;
        }
        block
    }

    /// Tries moves and gives the new places of points that moved.
    pub(super) fn moved(
        mut self,
        ground: &Ground,
        energy: &Polynomial,
        mut chance: Stream,
    ) -> Vec<(u32, (f64, f64))> {
        pulp::Arch::new().dispatch(Sweeps { block: &mut self, ground, energy, chance: &mut chance });
        let moved = self.own.iter().zip(&self.has_moved).filter(|(_, has_moved)| **has_moved);
        moved.map(|(point, _)| (point.number, self.on_ground(point.x, point.y))).collect()
    }

    #[inline(always)]
    fn try_move(&mut self, k: usize, ground: &Ground, energy: &Polynomial, chance: &mut Stream) {
        let old = self.own[k];
        let mut step = || self.step * (2.0 * chance.uniform() as f32 - 1.0);
        let (x, y) = (old.x + step(), old.y + step());
        let least = chance.uniform() as f32;
        if x.min(y) < 0.0 || x.max(y) >= self.side {
            return;
        }
        let new = Placed::new(old.number, self.on_ground(x, y), self.corner, ground);
        let to = cell_of(new.x, new.y, self.cell, self.across);
        let from = self.slot[k] / self.capacity;
        if new.weight <= 0.0 || new.zone != old.zone || (to != from && self.count[to] == self.capacity) {
            return;
        }
        // Because a point does not feel itself.
        self.x[self.slot[k]] = FAR;
        let [before, after] = self.energies(from, &old, &new, ground.spacing_min as f32, energy);
        self.x[self.slot[k]] = old.x;
        if least * old.weight < new.weight * (before - after).exp() {
            self.own[k] = new;
            self.has_moved[k] = true;
            self.take(self.slot[k]);
            self.slot[k] = self.put(new);
            self.owner[self.slot[k]] = k as u32;
        }
    }

    /// Energy of a point in the middle cell of three by three, here and there.
    #[inline(always)]
    fn energies(
        &self,
        cell: usize,
        old: &Placed,
        new: &Placed,
        spacing_min: f32,
        energy: &Polynomial,
    ) -> [f32; 2] {
        let mut sums = [[0.0f32; LANES]; 2];
        for row in 0..3 {
            for near in cell + row * self.across - self.across - 1..cell + row * self.across - self.across + 2
            {
                let first = near * self.capacity / LANES;
                for chunk in first..first + self.count[near].div_ceil(LANES) {
                    let lanes = Lanes::of(self, chunk);
                    for (sum, point) in sums.iter_mut().zip([old, new]) {
                        lanes.add_energy(sum, point, spacing_min * spacing_min, energy);
                    }
                }
            }
        }
        sums.map(|lanes| lanes.iter().sum())
    }

    /// Puts a point behind those of its cell; gives its slot.
    fn put(&mut self, point: Placed) -> usize {
        let cell = cell_of(point.x, point.y, self.cell, self.across);
        let slot = cell * self.capacity + self.count[cell];
        self.count[cell] += 1;
        (self.x[slot], self.y[slot]) = (point.x, point.y);
        for (k, part) in point.metric.into_iter().enumerate() {
            self.metric[k][slot] = part;
        }
        slot
    }

    /// Empties a slot; the last point of its cell moves into it.
    fn take(&mut self, slot: usize) {
        let cell = slot / self.capacity;
        self.count[cell] -= 1;
        let last = cell * self.capacity + self.count[cell];
        (self.x[slot], self.y[slot]) = (self.x[last], self.y[last]);
        self.metric.iter_mut().for_each(|part| part[slot] = part[last]);
        self.owner[slot] = self.owner[last];
        self.slot[self.owner[last] as usize] = slot;
        (self.x[last], self.y[last]) = (FAR, FAR);
    }

    fn on_ground(&self, x: f32, y: f32) -> (f64, f64) {
        (self.corner.0 + f64::from(x), self.corner.1 + f64::from(y))
    }
}

fn cell_of(x: f32, y: f32, cell: f32, across: usize) -> usize {
    let of = |v: f32| ((v / cell + 1.0) as usize).min(across - 1);
    of(y) * across + of(x)
}

/// Moves of a block, with as many lanes as the processor has; the same steps on every one.
struct Sweeps<'a, 'b> {
    block: &'a mut Block,
    ground: &'a Ground<'b>,
    energy: &'a Polynomial,
    chance: &'a mut Stream,
}

impl pulp::NullaryFnOnce for Sweeps<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for _ in 0..SWEEPS_A_ROUND {
            for k in 0..self.block.own.len() {
                self.block.try_move(k, self.ground, self.energy, self.chance);
            }
        }
    }
}

/// Some slots of a cell.
struct Lanes<'a> {
    x: &'a [f32; LANES],
    y: &'a [f32; LANES],
    metric: [&'a [f32; LANES]; 3],
}

impl<'a> Lanes<'a> {
    #[inline(always)]
    fn of(block: &'a Block, chunk: usize) -> Self {
        let of = |values: &'a Vec<f32>| &values.as_chunks().0[chunk];
        let [xx, xy, yy] = &block.metric;
        Self { x: of(&block.x), y: of(&block.y), metric: [of(xx), of(xy), of(yy)] }
    }

    /// Adds the energy between a point and those in the slots.
    #[inline(always)]
    fn add_energy(&self, sum: &mut [f32; LANES], point: &Placed, nearest_squared: f32, energy: &Polynomial) {
        let [xx, xy, yy] = point.metric;
        for lane in 0..LANES {
            let (dx, dy) = (point.x - self.x[lane], point.y - self.y[lane]);
            let [a, b, c] = self.metric.map(|part| part[lane]);
            let x = ((a + xx) * dx).mul_add(dx, (b + xy).mul_add(dx, (c + yy) * dy) * dy).min(1.0);
            let t = x.sqrt().mul_add(2.0, -1.0);
            let rest = energy.0.iter().rev().fold(0.0f32, |rest, term| rest.mul_add(t, *term));
            let wall = if dx * dx + dy * dy < nearest_squared { TOO_NEAR } else { 0.0 };
            sum[lane] += (1.0 - x).mul_add(rest, wall);
        }
    }
}
