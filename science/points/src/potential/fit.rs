//! Iterative Boltzmann inversion: where pairs are seen too often, their energy is raised.

use stipple_quantity::Seed;

use super::{BIN, BINS, NONE, Potential, REACH, WALL};
use crate::gibbs::{Relaxation, relax};
use crate::ground::{Ground, Metric};
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
const LAST: usize = 6;

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
pub(super) const FROM_SIMILAR: Effort = Effort { iterations: 5, side: 60, looks: (3, 3) };

/// The energy after all iterations, in bins.
pub(super) fn improved(mut bins: [f64; BINS], wanted: &[f64; BINS], effort: &Effort) -> [f64; BINS] {
    cut(&mut bins);
    let mut pattern = Pattern::new(effort.side);
    let middle = pattern.middle();
    let even = vec![Metric::even(1.0); middle.inside.len()];
    let surroundings = Surroundings::new(&middle, &even);
    for iteration in 0..effort.iterations {
        let is_last = iteration + LAST >= effort.iterations;
        let looks = if is_last { effort.looks.1 } else { effort.looks.0 };
        pattern.relax(&bins, if iteration == 0 { 20 } else { 8 });
        let mut seen = [0.0; BINS];
        for _ in 0..looks {
            pattern.relax(&bins, 3);
            let found = surroundings.pair_correlation(&pattern.points).expect("the pattern is large");
            seen.iter_mut().zip(found.g).for_each(|(sum, g)| *sum += g / looks as f64);
        }
        improve(&mut bins, wanted, &seen, if is_last { SHARES.1 } else { SHARES.0 });
    }
    bins
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

    fn relax(&mut self, bins: &[f64; BINS], rounds: usize) {
        let even = vec![1.0; self.window.inside.len()];
        let metric = vec![Metric::even(1.0); even.len()];
        let zone = vec![0; even.len()];
        let ground = Ground {
            window: &self.window,
            metric: &metric,
            new_density: &even,
            zone: &zone,
            fixed: &[],
            spacing_min: 0.0,
        };
        self.round += 1;
        let how = Relaxation { rounds, seed: Seed(self.round) };
        relax(&mut self.points, &ground, &Potential { bins: *bins }.polynomial(), how);
    }
}
