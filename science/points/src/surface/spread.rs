//! How a pattern is spread in space, whatever chart it was made on.

use nalgebra::Vector3;

use crate::index::CellIndex;
use crate::potential::{BIN, BINS};
use crate::summary;
use crate::surface::mesh::Place;

/// Neighbors are on the same side: the cosine of the angle between their normals is above this.
const SAME_SIDE: f64 = 0.5;

/// Straight distances between points in space, in local spacings.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Pair correlation in bins of [`BIN`].
    pub g: [f64; BINS],
    /// Distance of every counted point to its nearest neighbor, ascending.
    pub nearest: Vec<f64>,
}

impl Spread {
    /// Of points on a surface that are meant to have a density, points per mm²; `None` with fewer than ten that count.
    ///
    /// `counts` says which points neighbors are looked for of: those at least two spacings from the border, so that none
    /// of their neighbors is missing. Points whose normals differ by more than 60° are not neighbors: a fold is between.
    ///
    /// # Panics
    /// If there is not a word for every point, or the density is not above zero.
    ///
    /// # Limits
    /// A straight way is shorter than along the surface: by 4e-5 over two spacings on a head.
    ///
    /// # Source
    /// Minus sampling [@Illian2008].
    pub fn of(points: &[Place], counts: &[bool], density_per_mm2: f64) -> Option<Self> {
        assert_eq!(points.len(), counts.len(), "every point counts or does not");
        assert!(density_per_mm2 > 0.0, "a density is above zero");
        let seen: Vec<(f64, f64)> = points.iter().map(|p| (p.place_mm[0], p.place_mm[2])).collect();
        let index = CellIndex::new(&seen);
        let reach_mm = BINS as f64 * BIN / density_per_mm2.sqrt();
        let (mut pairs, mut nearest) = ([0.0; BINS], Vec::new());
        for k in (0..points.len()).filter(|k| counts[*k]) {
            let mut closest = BINS as f64 * BIN;
            // Seen from a side, no way is longer than in space.
            index.for_each_within(seen[k], reach_mm, |other, _| {
                let r = apart_mm(&points[k], &points[other]) * density_per_mm2.sqrt();
                if other != k && r < BINS as f64 * BIN {
                    pairs[(r / BIN) as usize] += 1.0;
                    closest = closest.min(r);
                }
            });
            nearest.push(closest);
        }
        nearest.sort_by(f64::total_cmp);
        let ring = |bin: usize| std::f64::consts::PI * BIN * BIN * (2 * bin + 1) as f64;
        let g = std::array::from_fn(|bin| pairs[bin] / (nearest.len() as f64 * ring(bin)));
        (nearest.len() >= 10).then_some(Self { g, nearest })
    }

    /// Distance of the pair correlation from another: the root of the integral of the squared difference over two
    /// spacings.
    pub fn off(&self, wanted: &[f64; BINS]) -> f64 {
        summary::off(&self.g, wanted)
    }

    /// Mean and coefficient of variation of the nearest neighbors' distances.
    pub fn nearest_mean_and_cv(&self) -> (f64, f64) {
        let n = self.nearest.len() as f64;
        let mean = self.nearest.iter().sum::<f64>() / n;
        let variance = self.nearest.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance.sqrt() / mean)
    }
}

/// Straight distance of two points on one side, mm; infinite across a fold.
pub(crate) fn apart_mm(one: &Place, other: &Place) -> f64 {
    let same_side = Vector3::from(one.normal).dot(&Vector3::from(other.normal)) > SAME_SIDE;
    if same_side {
        (Vector3::from(one.place_mm) - Vector3::from(other.place_mm)).norm()
    } else {
        f64::INFINITY
    }
}

/// The largest difference between the distributions of two ascending samples: the statistic of Kolmogorov and Smirnov.
///
/// # Panics
/// If one of them is empty.
pub fn largest_gap(one: &[f64], other: &[f64]) -> f64 {
    assert!(!one.is_empty() && !other.is_empty(), "samples have members");
    let share = |of: &[f64], x: f64| of.partition_point(|v| *v <= x) as f64 / of.len() as f64;
    one.iter().chain(other).map(|x| (share(one, *x) - share(other, *x)).abs()).fold(0.0, f64::max)
}
