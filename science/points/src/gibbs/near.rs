//! The points that one cell's points feel, side by side in memory, and what a move among them costs.

use crate::ground::Metric;
use crate::orders::{ORDERS, SUMS, added, order_energy};
use crate::potential::{Energy, PairEnergy, REACH};

/// Points that are looked at together.
const LANES: usize = 8;
type Lane = [f32; LANES];
/// Where an empty lane's point lies: so far off that it has no energy.
const FAR: f32 = 1e15;
/// Energy of a pair nearer than the least distance.
const TOO_NEAR: f32 = 40.0;

/// A point in a block.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// Its number among all points that move; `None` where it stands.
    pub(super) number: Option<u32>,
    pub(super) has_moved: bool,
    /// From the block's corner.
    pub(super) at: (f32, f32),
    /// Cell of the ground that it stands on, if new points may stand there.
    pub(super) on: Option<usize>,
    pub(super) local: Local,
    /// How its neighbors stand around it; zero where only pairs matter.
    pub(super) sums: [f32; SUMS],
}

/// The metric at a point over the squared reach: half of it, for the mean of two, and its root, for ways seen from there.
#[derive(Clone, Copy)]
pub(super) struct Local {
    half: [f32; 3],
    root: [f32; 3],
}

impl Local {
    pub(super) fn new(metric: Metric) -> Self {
        let half = 0.5 / (REACH * REACH);
        Self {
            half: [metric.xx * half, 2.0 * metric.xy * half, metric.yy * half].map(|v| v as f32),
            root: metric.frame().map(|v| (v / REACH) as f32),
        }
    }
}

/// What a point feels at a place.
#[derive(Clone, Copy)]
pub(super) struct Felt {
    /// Of all that stands around it; places are compared by it, it has no zero of its own.
    pub(super) energy: f32,
    /// How its neighbors stand around it there.
    pub(super) sums: [f32; SUMS],
}

/// The points of a neighborhood.
#[derive(Default)]
pub(super) struct Near {
    lanes: Vec<Lanes>,
    /// Sums of each point; empty where only pairs matter.
    sums: Vec<[Lane; SUMS]>,
    len: usize,
}

impl Near {
    pub(super) fn clear(&mut self) {
        self.lanes.clear();
        self.sums.clear();
        self.len = 0;
    }

    #[inline(always)]
    pub(super) fn push(&mut self, point: &Placed, with_sums: bool) {
        let (chunk, lane) = (self.len / LANES, self.len % LANES);
        if lane == 0 {
            self.lanes.push(Lanes::EMPTY);
            if with_sums {
                self.sums.push([[0.0; LANES]; SUMS]);
            }
        }
        self.lanes[chunk].set(lane, point.at, &point.local);
        if with_sums {
            (0..SUMS).for_each(|k| self.sums[chunk][k][lane] = point.sums[k]);
        }
        self.len += 1;
    }

    pub(super) fn sums(&self, point: usize) -> [f32; SUMS] {
        self.sums[point / LANES].map(|part| part[point % LANES])
    }

    /// Takes a point out, so that the others are as they would be without it.
    #[inline(always)]
    pub(super) fn lift(&mut self, point: usize, at: (f32, f32)) {
        self.lanes[point / LANES].x[point % LANES] = FAR;
        self.add_to_sums(at, -1.0);
    }

    /// Puts a point that was lifted down at a place, with its sums there.
    #[inline(always)]
    pub(super) fn set_down(&mut self, point: usize, placed: &Placed) {
        self.add_to_sums(placed.at, 1.0);
        self.lanes[point / LANES].set(point % LANES, placed.at, &placed.local);
        if let Some(sums) = self.sums.get_mut(point / LANES) {
            (0..SUMS).for_each(|k| sums[k][point % LANES] = placed.sums[k]);
        }
    }

    /// What a point that was lifted feels at a place.
    #[inline(always)]
    pub(super) fn felt(&self, at: (f32, f32), local: &Local, spacing_min: f32, energy: &Energy) -> Felt {
        let nearest = spacing_min * spacing_min;
        let mut each = [0.0; LANES];
        for lanes in &self.lanes {
            let pairs = lanes.pair_energy(at, local, nearest, &energy.pair);
            for lane in 0..LANES {
                each[lane] += pairs[lane];
            }
        }
        let mut felt = Felt { energy: 0.0, sums: [0.0; SUMS] };
        if let Some(weights) = &energy.orders {
            felt.sums = self.add_orders(at, local, weights, &mut each);
            let [own] = order_energy(&felt.sums.map(|part| [part]), weights);
            felt.energy = own;
        }
        felt.energy += total(each);
        felt
    }

    /// Adds how the others would stand around each other; gives how they would stand around a point at the place.
    #[inline(always)]
    fn add_orders(
        &self,
        at: (f32, f32),
        local: &Local,
        weights: &[f32; ORDERS],
        each: &mut Lane,
    ) -> [f32; SUMS] {
        let mut own = [[0.0; LANES]; SUMS];
        for (lanes, sums) in self.lanes.iter().zip(&self.sums) {
            let mut with_it = lanes.added_by(at);
            for part in 0..SUMS {
                for lane in 0..LANES {
                    with_it[part][lane] += sums[part][lane];
                }
            }
            let energies = order_energy(&with_it, weights);
            for lane in 0..LANES {
                each[lane] += energies[lane];
            }
            lanes.add_seen_from(at, local, &mut own);
        }
        own.map(total)
    }

    /// How those who are not lifted stand around a place.
    #[inline(always)]
    pub(super) fn sums_around(&self, at: (f32, f32), local: &Local) -> [f32; SUMS] {
        let mut own = [[0.0; LANES]; SUMS];
        for lanes in &self.lanes {
            lanes.add_seen_from(at, local, &mut own);
        }
        own.map(total)
    }

    /// Adds what a point at a place means to the others, so many times.
    #[inline(always)]
    fn add_to_sums(&mut self, at: (f32, f32), times: f32) {
        for (lanes, sums) in self.lanes.iter().zip(&mut self.sums) {
            let added = lanes.added_by(at);
            for part in 0..SUMS {
                for lane in 0..LANES {
                    sums[part][lane] = added[part][lane].mul_add(times, sums[part][lane]);
                }
            }
        }
    }
}

/// The sum over lanes, in pairs, so that few steps wait for one another.
#[inline(always)]
fn total(lanes: Lane) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Some points of a neighborhood.
struct Lanes {
    x: Lane,
    y: Lane,
    half: [Lane; 3],
    root: [Lane; 3],
}

impl Lanes {
    const EMPTY: Self =
        Self { x: [FAR; LANES], y: [FAR; LANES], half: [[1.0; LANES]; 3], root: [[1.0; LANES]; 3] };

    fn set(&mut self, lane: usize, (x, y): (f32, f32), local: &Local) {
        (self.x[lane], self.y[lane]) = (x, y);
        (0..3).for_each(|k| self.half[k][lane] = local.half[k]);
        (0..3).for_each(|k| self.root[k][lane] = local.root[k]);
    }

    /// Energy between a point and each of these.
    #[inline(always)]
    fn pair_energy(&self, at: (f32, f32), local: &Local, nearest_squared: f32, energy: &PairEnergy) -> Lane {
        let [xx, xy, yy] = local.half;
        let mut energies = [0.0; LANES];
        for (lane, own) in energies.iter_mut().enumerate() {
            let (dx, dy) = (at.0 - self.x[lane], at.1 - self.y[lane]);
            let [a, b, c] = [self.half[0][lane], self.half[1][lane], self.half[2][lane]];
            let x = ((a + xx) * dx).mul_add(dx, (b + xy).mul_add(dx, (c + yy) * dy) * dy).min(1.0);
            let rest = energy.rest(x.sqrt().mul_add(2.0, -1.0));
            let wall = if dx * dx + dy * dy < nearest_squared { TOO_NEAR } else { 0.0 };
            *own = (1.0 - x).mul_add(rest, wall);
        }
        energies
    }

    /// What a point adds to the sums of each of these.
    #[inline(always)]
    fn added_by(&self, at: (f32, f32)) -> [Lane; SUMS] {
        let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let (dx, dy) = (at.0 - self.x[lane], at.1 - self.y[lane]);
            x[lane] = self.root[0][lane].mul_add(dx, self.root[1][lane] * dy);
            y[lane] = self.root[2][lane] * dy;
        }
        added(x, y)
    }

    /// Adds these to the sums of a point.
    #[inline(always)]
    fn add_seen_from(&self, at: (f32, f32), local: &Local, sums: &mut [Lane; SUMS]) {
        let [a, b, c] = local.root;
        let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let (dx, dy) = (self.x[lane] - at.0, self.y[lane] - at.1);
            x[lane] = a.mul_add(dx, b * dy);
            y[lane] = c * dy;
        }
        let added = added(x, y);
        for part in 0..SUMS {
            for lane in 0..LANES {
                sums[part][lane] += added[part][lane];
            }
        }
    }
}
