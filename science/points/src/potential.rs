//! How follicular units keep apart: an energy between pairs.

use nalgebra::{SMatrix, SVector};
use stipple_quantity::Seed;

use crate::gibbs::{Relaxation, relax};
use crate::ground::{Ground, Metric};
use crate::summary::{PairCorrelation, Surroundings};
use crate::window::Window;

/// Beyond this distance points do not care about each other, local spacings.
pub const REACH: f64 = 1.7;
/// Width of a bin of a pair correlation, local spacings.
pub const BIN: f64 = 0.04;
/// Bins of a pair correlation, to two local spacings.
pub const BINS: usize = 50;
/// Terms of the polynomial that stands for an energy while points move.
pub(crate) const TERMS: usize = 9;
/// Energy of two points where none are ever seen.
const WALL: f64 = 30.0;
/// Largest and smallest energy elsewhere.
const STEEPEST: (f64, f64) = (-3.0, 8.0);
/// Where it counts as no higher than this.
const WALL_SEEN: f64 = 10.0;
/// Below this bin the energy falls with the distance.
const STIFF: usize = 18;
/// Below this a pair correlation is none.
const NONE: f64 = 0.004;
/// Points that the whole population's pair correlation counts as, when it is blended with a pattern's own.
const PRIOR_POINTS: f64 = 1500.0;

/// Pair correlation of follicular units, mean of 395 people, in bins of [`BIN`] local spacings; ± 0.03 to 0.05 a bin.
///
/// # Source
/// [@Bsrl]
pub const POPULATION: [f64; BINS] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.019, 0.057, 0.125, 0.194, 0.249, 0.276, 0.308, 0.375, 0.466,
    0.546, 0.643, 0.761, 0.904, 1.013, 1.053, 1.138, 1.220, 1.258, 1.312, 1.298, 1.276, 1.247, 1.235, 1.191,
    1.117, 1.032, 0.976, 0.957, 0.940, 0.934, 0.959, 0.928, 0.913, 0.927, 0.922, 0.929, 0.940, 0.957, 0.926,
    0.955, 0.974, 0.936,
];

/// Energy of a pair of points over their distance in local spacings.
#[derive(Clone, Debug, PartialEq)]
pub struct Potential {
    /// In bins of [`BIN`].
    bins: [f64; BINS],
}

impl Potential {
    /// Of the mean of the population, fitted once by [`Potential::fitted`] to [`POPULATION`].
    pub fn population() -> Self {
        Self { bins: ENERGY }
    }

    /// Fits an energy to a pair correlation: with it, [`crate::fill()`] makes patterns of that pair correlation.
    ///
    /// # Determinism
    /// Depends on the arguments alone.
    ///
    /// # Cost
    /// About 0.2 s an iteration; 24 from scratch, 5 from a similar potential.
    ///
    /// # Source
    /// Iterative Boltzmann inversion [@Reith2003].
    pub fn fitted(wanted: &[f64; BINS], start: Option<&Self>, iterations: usize) -> Self {
        let mut fit = Fit::new(wanted, start);
        (0..iterations).for_each(|k| fit.improve(wanted, k, iterations));
        Self { bins: fit.bins }
    }

    /// Fits to a pattern's own pair correlation, drawn toward the population's where it rests on few points.
    pub fn of_pattern(own: &PairCorrelation) -> Self {
        let weight = own.points as f64 / (own.points as f64 + PRIOR_POINTS);
        let wanted = std::array::from_fn(|k| weight * own.g[k] + (1.0 - weight) * POPULATION[k]);
        Self::fitted(&wanted, Some(&Self::population()), 5)
    }

    /// In bins of [`BIN`].
    pub fn bins(&self) -> &[f64; BINS] {
        &self.bins
    }

    /// The polynomial that is nearest to it, where pairs are.
    pub(crate) fn polynomial(&self) -> Polynomial {
        let (mut square, mut right) = (SMatrix::<f64, TERMS, TERMS>::zeros(), SVector::<f64, TERMS>::zeros());
        for (k, energy) in self.bins.iter().enumerate() {
            let r = (k as f64 + 0.5) * BIN;
            let x = (r / REACH).powi(2);
            let fade = 1.0 - x;
            let terms = SVector::<f64, TERMS>::from_fn(|n, _| fade * (2.0 * x.sqrt() - 1.0).powi(n as i32));
            // Because few pairs are where the energy is high, it only has to be high there.
            let weight = if x < 1.0 { r * (-energy.min(3.0)).exp() + 0.02 } else { 0.0 };
            square += weight * terms * terms.transpose();
            right += weight * energy.min(WALL_SEEN) * terms;
        }
        let least = SMatrix::identity() * (1e-12 * square.trace());
        let terms = (square + least).cholesky().expect("bins tell the terms apart").solve(&right);
        Polynomial(std::array::from_fn(|n| terms[n] as f32))
    }
}

/// An energy as (1 − s²) (q₀ + q₁ t + q₂ t² + …) with s the distance over the reach and t = 2 s − 1.
pub(crate) struct Polynomial(pub(crate) [f32; TERMS]);

/// A pattern that is compared with what is wanted, and the energy that made it.
struct Fit {
    bins: [f64; BINS],
    points: Vec<(f64, f64)>,
    window: Window,
    /// Where patterns are looked at, away from the border.
    middle: Window,
    round: u64,
}

/// Side of the square of unit density that patterns are made in while fitting.
const SIDE: f64 = 80.0;
/// What lies nearer to its border is not looked at.
const BORDER: f64 = 4.0;
/// Patterns that are looked at in an iteration, and in the last six.
const LOOKS: (usize, usize) = (3, 10);

impl Fit {
    fn new(wanted: &[f64; BINS], start: Option<&Potential>) -> Self {
        let first = |g: &f64| if *g < NONE { WALL } else { (-g.ln()).clamp(-1.5, 7.0) };
        let mut bins = start.map_or_else(|| std::array::from_fn(|k| first(&wanted[k])), |p| p.bins);
        cut(&mut bins);
        let mut draw = Seed(1).stream("points.fit", 0);
        let points = (0..(SIDE * SIDE) as usize)
            .map(|k| {
                let (x, y) = (k % SIDE as usize, k / SIDE as usize);
                (x as f64 + draw.uniform(), y as f64 + draw.uniform())
            })
            .collect();
        let window = Window::rectangle(SIDE, SIDE, 1.0);
        let mut middle = window.clone();
        for (k, inside) in middle.inside.iter_mut().enumerate() {
            let (x, y) = window.center_of(k);
            *inside = x.min(y) > BORDER && x.max(y) < SIDE - BORDER;
        }
        Self { bins, points, window, middle, round: 0 }
    }

    fn improve(&mut self, wanted: &[f64; BINS], iteration: usize, iterations: usize) {
        let is_last = iteration + 6 >= iterations;
        self.relax(if iteration == 0 { 20 } else { 8 });
        // A fit that starts from a similar one needs no more.
        let looks = if is_last && iterations > 6 { LOOKS.1 } else { LOOKS.0 };
        let even = vec![Metric::even(1.0); self.middle.inside.len()];
        let middle = self.middle.clone();
        let surroundings = Surroundings::new(&middle, &even);
        let mut seen = [0.0; BINS];
        for _ in 0..looks {
            self.relax(3);
            let found = surroundings.pair_correlation(&self.points).expect("the pattern is large");
            seen.iter_mut().zip(found.g).for_each(|(sum, g)| *sum += g / looks as f64);
        }
        let share = if is_last { 0.25 } else { 0.6 };
        let change: [f64; BINS] = std::array::from_fn(|k| match (wanted[k] < NONE, seen[k] < NONE) {
            (true, seen_none) => {
                if seen_none {
                    0.0
                } else {
                    0.3
                }
            }
            (false, _) => (share * (seen[k].max(1e-3) / wanted[k]).ln()).clamp(-0.5, 0.5),
        });
        for k in 1..BINS - 1 {
            self.bins[k] += 0.25 * change[k - 1] + 0.5 * change[k] + 0.25 * change[k + 1];
            let top = if wanted[k] < NONE { WALL } else { STEEPEST.1 };
            self.bins[k] = self.bins[k].clamp(STEEPEST.0, top);
        }
        // Because no two units have been seen to prefer standing in each other.
        for k in (0..STIFF).rev() {
            self.bins[k] = self.bins[k].max(self.bins[k + 1]);
        }
        cut(&mut self.bins);
    }

    fn relax(&mut self, rounds: usize) {
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
        relax(&mut self.points, &ground, &Potential { bins: self.bins }.polynomial(), how);
    }
}

/// Nothing beyond the reach.
fn cut(bins: &mut [f64; BINS]) {
    for (k, energy) in bins.iter_mut().enumerate() {
        if (k as f64 + 0.5) * BIN > REACH {
            *energy = 0.0;
        }
    }
}

/// [`Potential::fitted`] of [`POPULATION`] from scratch, 24 iterations.
const ENERGY: [f64; BINS] = [
    30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 7.342, 4.376, 4.376, 4.376, 4.376, 4.376,
    4.376, 4.376, 3.803, 3.265, 2.643, 1.722, 0.764, 0.358, 0.450, 0.359, 0.146, -0.029, -0.232, -0.272,
    -0.272, -0.411, -0.705, -0.862, -0.696, -0.382, -0.232, -0.279, -0.342, -0.466, -0.557, -0.306, -0.084,
    -0.224, -0.419, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000,
];
