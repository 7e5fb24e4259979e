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

/// A move that was tried.
pub(super) struct Tried {
    /// By how much the energy would rise.
    pub(super) rise: f32,
    at: (f32, f32),
    local: Local,
    sums: [f32; SUMS],
}

/// The points of a neighborhood.
#[derive(Default)]
pub(super) struct Near {
    lanes: Vec<Lanes>,
    /// Sums of each point, before and after the move that was tried last; empty where only pairs matter.
    sums: Vec<[Lane; SUMS]>,
    tried: Vec<[Lane; SUMS]>,
    len: usize,
}

impl Near {
    pub(super) fn clear(&mut self) {
        self.lanes.clear();
        self.sums.clear();
        self.len = 0;
    }

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

    /// Where a point is by now.
    pub(super) fn at(&self, point: usize) -> (f32, f32) {
        let (chunk, lane) = (point / LANES, point % LANES);
        (self.lanes[chunk].x[lane], self.lanes[chunk].y[lane])
    }

    pub(super) fn local(&self, point: usize) -> Local {
        let (lanes, lane) = (&self.lanes[point / LANES], point % LANES);
        Local { half: lanes.half.map(|part| part[lane]), root: lanes.root.map(|part| part[lane]) }
    }

    pub(super) fn sums(&self, point: usize) -> [f32; SUMS] {
        self.sums[point / LANES].map(|part| part[point % LANES])
    }

    /// How the others stand around a point.
    #[inline(always)]
    pub(super) fn sums_around(&mut self, point: usize) -> [f32; SUMS] {
        let (at, local) = (self.at(point), self.local(point));
        self.move_away(point);
        let mut own = [[0.0; LANES]; SUMS];
        for lanes in &self.lanes {
            lanes.add_seen_from(at, &local, &mut own);
        }
        self.put_back(point, at);
        own.map(|lanes| lanes.iter().sum())
    }

    /// Weighs a move of a point to a place with a metric.
    #[inline(always)]
    pub(super) fn tried(
        &mut self,
        point: usize,
        to: (f32, f32),
        metric: Metric,
        spacing_min: f32,
        energy: &Energy,
    ) -> Tried {
        let (old, old_local, local) = (self.at(point), self.local(point), Local::new(metric));
        let nearest = spacing_min * spacing_min;
        self.move_away(point);
        let mut rise = [0.0; LANES];
        for lanes in &self.lanes {
            let after = lanes.pair_energy(to, &local, nearest, &energy.pair);
            let before = lanes.pair_energy(old, &old_local, nearest, &energy.pair);
            for lane in 0..LANES {
                rise[lane] += after[lane] - before[lane];
            }
        }
        let mut tried = Tried { rise: rise.iter().sum(), at: to, local, sums: [0.0; SUMS] };
        if let Some(weights) = &energy.orders {
            self.add_order(&mut tried, point, old, weights);
        }
        self.put_back(point, old);
        tried
    }

    /// What a move does to how points stand around each other.
    #[inline(always)]
    fn add_order(&mut self, tried: &mut Tried, point: usize, old: (f32, f32), weights: &[f32; ORDERS]) {
        let (mut rise, mut own) = ([0.0; LANES], [[0.0; LANES]; SUMS]);
        self.tried.clear();
        for (lanes, sums) in self.lanes.iter().zip(&self.sums) {
            let (after, before) = (lanes.added_by(tried.at), lanes.added_by(old));
            let mut changed = *sums;
            for part in 0..SUMS {
                for lane in 0..LANES {
                    changed[part][lane] += after[part][lane] - before[part][lane];
                }
            }
            let (after, before) = (order_energy(&changed, weights), order_energy(sums, weights));
            for lane in 0..LANES {
                rise[lane] += after[lane] - before[lane];
            }
            lanes.add_seen_from(tried.at, &tried.local, &mut own);
            self.tried.push(changed);
        }
        tried.sums = own.map(|lanes| lanes.iter().sum());
        let [after] = order_energy(&tried.sums.map(|part| [part]), weights);
        let [before] = order_energy(&self.sums(point).map(|part| [part]), weights);
        tried.rise += rise.iter().sum::<f32>() + after - before;
    }

    /// Takes a move; it must be the last that was tried.
    pub(super) fn take(&mut self, point: usize, tried: &Tried) {
        self.lanes[point / LANES].set(point % LANES, tried.at, &tried.local);
        if !self.sums.is_empty() {
            std::mem::swap(&mut self.sums, &mut self.tried);
            (0..SUMS).for_each(|k| self.sums[point / LANES][k][point % LANES] = tried.sums[k]);
        }
    }

    /// Because no point feels itself.
    fn move_away(&mut self, point: usize) {
        self.lanes[point / LANES].x[point % LANES] = FAR;
    }

    fn put_back(&mut self, point: usize, at: (f32, f32)) {
        self.lanes[point / LANES].x[point % LANES] = at.0;
    }
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
            let t = x.sqrt().mul_add(2.0, -1.0);
            let rest = energy.0.iter().rev().fold(0.0f32, |rest, term| rest.mul_add(t, *term));
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
