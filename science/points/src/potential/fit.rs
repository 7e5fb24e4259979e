//! Fitting an energy: what is seen too often costs more.
//!
//! Pairs by iterative Boltzmann inversion, bin by bin; bond orders by Newton's steps, all together.

use nalgebra::{SMatrix, SVector};
use stipple_quantity::Seed;

use super::{BIN, BINS, NONE, Potential, REACH, WALL, Wanted};
use crate::fill::Obstacles;
use crate::gibbs::{Relaxation, relax};
use crate::ground::{Ground, Metric};
use crate::orders::{BondOrders, ORDERS, of_each};
use crate::summary::Surroundings;
use crate::window::Window;

/// Largest and smallest energy where pairs are seen.
const STEEPEST: (f64, f64) = (-3.0, 8.0);
/// Below this bin the energy falls with the distance.
const STIFF: usize = 18;
/// What lies nearer to the border of a pattern is not looked at.
const BORDER: f64 = 4.0;
/// Share of a difference that is taken back at once, and in the last iterations.
const SHARES: (f64, f64) = (0.6, 0.25);
/// So many iterations are the last.
const LAST: usize = 5;
/// Side of the patches whose differences tell how far bond orders scatter, local spacings.
const PATCH: f64 = 6.5;
/// So many points' worth of belief that pairs are all that matters.
const PRIOR_POINTS: f64 = 100.0;

/// How hard is tried.
pub(super) struct Effort {
    iterations: usize,
    /// Side of the square of unit density that patterns are made in.
    side: usize,
    /// Patterns that are looked at in an iteration, and in one of the last.
    looks: (usize, usize),
}

/// For an energy of which nothing is known.
pub(super) const FROM_SCRATCH: Effort = Effort { iterations: 24, side: 110, looks: (4, 10) };
/// For one that is already much like the one wanted.
pub(super) const FROM_SIMILAR: Effort = Effort { iterations: 8, side: 60, looks: (2, 3) };

/// The potential after all iterations.
pub(super) fn improved(mut potential: Potential, wanted: &Wanted, effort: &Effort) -> Potential {
    cut(&mut potential.bins);
    let mut pattern = Pattern::new(effort.side);
    let middle = pattern.middle();
    let even = vec![Metric::even(1.0); middle.inside.len()];
    let surroundings = Surroundings::new(&middle, &even);
    for iteration in 0..effort.iterations {
        let is_last = iteration + LAST >= effort.iterations;
        let (looks, share) = if is_last { (effort.looks.1, SHARES.1) } else { (effort.looks.0, SHARES.0) };
        pattern.relax(&potential, if iteration == 0 { 20 } else { 8 });
        let (mut seen, mut scatter) = ([0.0; BINS], Scatter::default());
        for _ in 0..looks {
            pattern.relax(&potential, 3);
            let found = surroundings.pair_correlation(&pattern.points).expect("the pattern is large");
            seen.iter_mut().zip(found.g).for_each(|(sum, g)| *sum += g / looks as f64);
            if wanted.orders.is_some() {
                scatter.look_at(&pattern.points, &middle, &even);
            }
        }
        improve(&mut potential.bins, &wanted.g, &seen, share);
        if let Some(orders) = &wanted.orders {
            scatter.improve(&mut potential.orders, orders, share);
        }
    }
    potential
}

fn improve(bins: &mut [f64; BINS], wanted: &[f64; BINS], seen: &[f64; BINS], share: f64) {
    let change: [f64; BINS] = std::array::from_fn(|k| match (wanted[k] < NONE, seen[k] < NONE) {
        (true, true) => 0.0,
        (true, false) => 0.3,
        (false, _) => (share * (seen[k].max(1e-3) / wanted[k]).ln()).clamp(-0.5, 0.5),
    });
    for k in 1..BINS - 1 {
        let top = if wanted[k] < NONE { WALL } else { STEEPEST.1 };
        let smooth = 0.25 * change[k - 1] + 0.5 * change[k] + 0.25 * change[k + 1];
        bins[k] = (bins[k] + smooth).clamp(STEEPEST.0, top);
    }
    // Because no two units have been seen to prefer standing in each other.
    for k in (0..STIFF).rev() {
        bins[k] = bins[k].max(bins[k + 1]);
    }
    cut(bins);
}

/// Nothing beyond the reach.
fn cut(bins: &mut [f64; BINS]) {
    for (k, energy) in bins.iter_mut().enumerate() {
        if (k as f64 + 0.5) * BIN > REACH {
            *energy = 0.0;
        }
    }
}

type Orders = SVector<f64, ORDERS>;

/// How bond orders differ from patch to patch.
#[derive(Default)]
struct Scatter {
    points: f64,
    sum: Orders,
    /// Of each patch its points and their mean.
    patches: Vec<(f64, Orders)>,
}

impl Scatter {
    fn look_at(&mut self, points: &[(f64, f64)], window: &Window, metric: &[Metric]) {
        let across = (window.columns as f64 / PATCH) as usize + 1;
        let mut patches = vec![(0.0, Orders::zeros()); across * across];
        for ((x, y), own) in of_each(points, window, metric) {
            let patch = &mut patches[(y / PATCH) as usize * across + (x / PATCH) as usize];
            let own = Orders::from(own);
            (patch.0, patch.1) = (patch.0 + 1.0, patch.1 + own);
            (self.points, self.sum) = (self.points + 1.0, self.sum + own);
        }
        let whole = patches.into_iter().filter(|(points, _)| *points > 0.5 * PATCH * PATCH);
        self.patches.extend(whole.map(|(points, sum)| (points, sum / points)));
    }

    /// A step of Newton toward the wanted means; differences that chance explains are believed in part.
    fn improve(&self, weights: &mut [f64; ORDERS], wanted: &BondOrders, share: f64) {
        let mean = self.sum / self.points;
        let mut variance = SMatrix::<f64, ORDERS, ORDERS>::zeros();
        for (points, own) in &self.patches {
            variance += (own - mean) * (own - mean).transpose() * (*points / self.patches.len() as f64);
        }
        let n = wanted.points as f64;
        let prior = SMatrix::from_diagonal(&variance.diagonal()) * PRIOR_POINTS;
        let slope = n * (mean - Orders::from(wanted.mean)) - prior * Orders::from(*weights);
        if let Some(curved) = (variance * n + prior).cholesky() {
            let step = curved.solve(&slope) * share;
            weights.iter_mut().zip(step.iter()).for_each(|(weight, step)| *weight += step);
        }
    }
}

/// Points of unit density in a square.
struct Pattern {
    points: Vec<(f64, f64)>,
    window: Window,
    round: u64,
}

impl Pattern {
    fn new(side: usize) -> Self {
        let mut draw = Seed(1).stream("points.fit", 0);
        let corners = (0..side * side).map(|k| ((k % side) as f64, (k / side) as f64));
        let points = corners.map(|(x, y)| (x + draw.uniform(), y + draw.uniform())).collect();
        Self { points, window: Window::rectangle(side as f64, side as f64, 1.0), round: 0 }
    }

    /// The window without its border.
    fn middle(&self) -> Window {
        let far = self.window.columns as f64 - BORDER;
        let is_middle = |k: usize| {
            let (x, y) = self.window.center_of(k);
            x.min(y) > BORDER && x.max(y) < far
        };
        Window { inside: (0..self.window.inside.len()).map(is_middle).collect(), ..self.window.clone() }
    }

    fn relax(&mut self, potential: &Potential, rounds: usize) {
        let even = vec![1.0; self.window.inside.len()];
        let metric = vec![Metric::even(1.0); even.len()];
        let zone = vec![0; even.len()];
        let obstacles = Obstacles::new(&[], 0.0, &self.window);
        let ground = Ground {
            window: &self.window,
            metric: &metric,
            new_density: &even,
            zone: &zone,
            fixed: &[],
            obstacles: &obstacles,
            spacing_min: 0.0,
        };
        self.round += 1;
        let how = Relaxation { rounds, seed: Seed(self.round) };
        relax(&mut self.points, &ground, &potential.energy(), how);
    }
}
