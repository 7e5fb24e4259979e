//! How follicular units keep apart: an energy between pairs.

mod fit;

use nalgebra::{SMatrix, SVector};

use crate::orders::{BondOrders, ORDERS};
use crate::summary::{Description, PairCorrelation};

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
/// Where it counts as no higher than this.
const WALL_SEEN: f64 = 10.0;
/// Below this a pair correlation is none.
const NONE: f64 = 0.004;
/// So many units tell as much of a person's pair correlation as knowing the population does.
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

/// Energy of points by their distances in local spacings, and by how neighbors stand around each.
#[derive(Clone, Debug, PartialEq)]
pub struct Potential {
    /// Of a pair, in bins of [`BIN`].
    bins: [f64; BINS],
    /// Of a point's squared sums, by order.
    orders: [f64; ORDERS],
}

impl Potential {
    /// Of the mean of the population, fitted once by [`Potential::fitted`] to [`POPULATION`]; pairs alone matter.
    pub fn population() -> Self {
        Self { bins: ENERGY, orders: [0.0; ORDERS] }
    }

    /// Fits an energy to a pair correlation: with it, [`crate::fill()`] makes patterns of that pair correlation.
    ///
    /// # Determinism
    /// Depends on the arguments alone.
    ///
    /// # Cost
    /// About twenty seconds of one core.
    ///
    /// # Source
    /// Iterative Boltzmann inversion [@Reith2003].
    pub fn fitted(wanted: &[f64; BINS]) -> Self {
        let first = |g: &f64| if *g < NONE { WALL } else { (-g.ln()).clamp(-1.5, 7.0) };
        let start = Self { bins: wanted.map(|g| first(&g)), orders: [0.0; ORDERS] };
        fit::improved(start, &Wanted { g: *wanted, orders: None }, &fit::FROM_SCRATCH)
    }

    /// Fits to how a pattern is: its pair correlation, drawn toward the population's where the difference may be
    /// chance, and its bond orders.
    ///
    /// `misread` is how far g is off because places were read wrongly, as the root of the integral of its square over two
    /// local spacings; 0 where places are true.
    ///
    /// # Cost
    /// About half a second of one core.
    ///
    /// # Source
    /// Empirical Bayes [@Efron1973] for pairs; most entropy for given means [@Jaynes1957] for orders.
    pub fn of_pattern(own: &Description, misread: f64) -> Self {
        let g = blended(&own.pairs, misread);
        let start = Self { bins: ENERGY, orders: [0.0; ORDERS] };
        fit::improved(start, &Wanted { g, orders: own.orders.clone() }, &fit::FROM_SIMILAR)
    }

    /// In bins of [`BIN`].
    pub fn bins(&self) -> &[f64; BINS] {
        &self.bins
    }

    /// As it is summed up while points move.
    pub(crate) fn energy(&self) -> Energy {
        let has_orders = self.orders.iter().any(|weight| *weight != 0.0);
        Energy {
            pair: self.pair_energy(),
            orders: has_orders.then_some(self.orders.map(|weight| weight as f32)),
        }
    }

    /// The polynomial that is nearest to the bins, where pairs are.
    fn pair_energy(&self) -> PairEnergy {
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
        PairEnergy(std::array::from_fn(|n| terms[n] as f32))
    }
}

/// The pair correlation that a pattern is taken to have, from what was seen of it.
///
/// People differ from the mean as much as [`PRIOR_POINTS`] units can tell; whoever is seen to differ more, and more than
/// misreading explains, is believed.
fn blended(own: &PairCorrelation, misread: f64) -> [f64; BINS] {
    let by_chance: f64 = (0..BINS)
        .map(|k| POPULATION[k] / (own.points as f64 * std::f64::consts::PI * (k as f64 + 0.5) * BIN))
        .sum();
    let seen = own.off(&POPULATION).powi(2);
    let among_people = by_chance * own.points as f64 / PRIOR_POINTS;
    let wrong = by_chance + misread * misread;
    let true_difference = (seen - wrong).max(among_people);
    let weight = true_difference / (true_difference + wrong);
    std::array::from_fn(|k| weight * own.g[k] + (1.0 - weight) * POPULATION[k])
}

/// What a fitted potential shall make.
pub(crate) struct Wanted {
    pub(crate) g: [f64; BINS],
    pub(crate) orders: Option<BondOrders>,
}

/// What points feel while they move.
pub(crate) struct Energy {
    pub(crate) pair: PairEnergy,
    /// By order; `None` where only pairs matter.
    pub(crate) orders: Option<[f32; ORDERS]>,
}

/// An energy as (1 − s²) (q₀ + q₁ t + q₂ t² + …) with s the distance over the reach and t = 2 s − 1.
pub(crate) struct PairEnergy([f32; TERMS]);

impl PairEnergy {
    /// q₀ + q₁ t + q₂ t² + …, in pairs, so that few steps wait for one another.
    #[inline(always)]
    pub(crate) fn rest(&self, t: f32) -> f32 {
        let [q0, q1, q2, q3, q4, q5, q6, q7, q8] = self.0;
        let t2 = t * t;
        let t4 = t2 * t2;
        let low = q3.mul_add(t, q2).mul_add(t2, q1.mul_add(t, q0));
        let high = q7.mul_add(t, q6).mul_add(t2, q5.mul_add(t, q4));
        q8.mul_add(t4, high).mul_add(t4, low)
    }
}

/// [`Potential::fitted`] of [`POPULATION`], as `cargo run --package stipple-points --example population_energy` prints it.
const ENERGY: [f64; BINS] = [
    30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 30.000, 7.688, 4.415, 4.415, 4.415, 4.415, 4.415,
    4.415, 4.415, 3.867, 3.347, 2.701, 1.796, 0.858, 0.415, 0.478, 0.397, 0.180, 0.017, -0.152, -0.181,
    -0.196, -0.371, -0.681, -0.826, -0.659, -0.335, -0.178, -0.264, -0.342, -0.441, -0.530, -0.282, -0.071,
    -0.208, -0.327, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000,
];

#[cfg(test)]
mod tests;
