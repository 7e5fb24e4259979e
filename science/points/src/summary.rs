//! How a pattern is spread.

use crate::ground::Metric;
use crate::index::CellIndex;
use crate::orders::{BondOrders, bond_orders};
use crate::potential::{BIN, BINS};
use crate::window::Window;

/// Distances to the nearest neighbor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestNeighbor {
    /// Mean distance.
    pub mean: f64,
    /// Standard deviation over mean, without unit.
    pub coefficient_of_variation: f64,
    /// How many points it rests on.
    pub points: usize,
}

/// Nearest-neighbor distances of points that lie at least 1.5 mean spacings from the window's border.
///
/// `None` with fewer than ten such points.
///
/// # Limits
/// Leaving border points out keeps the mean free of edge bias and costs precision in narrow windows;
/// a point whose neighbor is farther than 1.5 spacings may have a nearer one outside.
///
/// # Source
/// Minus sampling [@Illian2008].
pub fn nearest_neighbor(points: &[(f64, f64)], window: &Window) -> Option<NearestNeighbor> {
    let index = CellIndex::new(points);
    let border = 1.5 * (window.area() / points.len().max(1) as f64).sqrt();
    let distances: Vec<f64> = points
        .iter()
        .enumerate()
        .filter(|(_, place)| window.contains_disk(**place, border))
        .filter_map(|(k, place)| index.nearest(*place, Some(k)))
        .map(|(_, distance)| distance)
        .collect();
    if distances.len() < 10 {
        return None;
    }
    let n = distances.len() as f64;
    let mean = distances.iter().sum::<f64>() / n;
    let variance = distances.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some(NearestNeighbor { mean, coefficient_of_variation: variance.sqrt() / mean, points: distances.len() })
}

/// How often pairs stand at a distance, against points that do not care about each other.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCorrelation {
    /// g(r) in bins of [`BIN`] local spacings.
    pub g: [f64; BINS],
    /// How many points it rests on: the standard uncertainty of a bin is about √(g / (points · π · r · BIN)).
    pub points: usize,
}

impl PairCorrelation {
    /// How far off a wanted one it is: the root of the integral of the squared difference over two local spacings.
    pub fn off(&self, wanted: &[f64; BINS]) -> f64 {
        off(&self.g, wanted)
    }
}

/// See [`PairCorrelation::off`].
pub(crate) fn off(g: &[f64; BINS], wanted: &[f64; BINS]) -> f64 {
    g.iter().zip(wanted).map(|(g, wanted)| (g - wanted).powi(2) * BIN).sum::<f64>().sqrt()
}

/// Pair correlation of the points inside a window, over distances in the local spacings that a metric gives for each cell.
///
/// The points' own density is taken to follow the metric's, but for a factor. `None` with fewer than ten points.
///
/// # Panics
/// If there is not a metric for every cell.
///
/// # Cost
/// O(points + cells), the cells up to 4,000.
///
/// # Source
/// Pairs over those expected of a Poisson process of the same density in the same window [@Baddeley2000].
pub fn pair_correlation(
    points: &[(f64, f64)],
    window: &Window,
    metric: &[Metric],
) -> Option<PairCorrelation> {
    Surroundings::new(window, metric).pair_correlation(points)
}

/// What is known of how a pattern is spread.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// How far apart.
    pub pairs: PairCorrelation,
    /// How around each other; `None` where no point has enough of the window around it.
    pub orders: Option<BondOrders>,
}

/// Describes the points inside a window; `None` with fewer than ten.
///
/// # Panics
/// If there is not a metric for every cell.
pub fn describe(points: &[(f64, f64)], window: &Window, metric: &[Metric]) -> Option<Description> {
    let pairs = pair_correlation(points, window, metric)?;
    Some(Description { pairs, orders: bond_orders(points, window, metric) })
}

/// A window seen from its own points: what of every ring around them lies in it.
pub(crate) struct Surroundings<'a> {
    window: &'a Window,
    metric: &'a [Metric],
    /// For every bin the share of what lies that far from the window's points that is in the window, by density.
    seen: [f64; BINS],
    /// Points that the metric's density means.
    total: f64,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn new(window: &'a Window, metric: &'a [Metric]) -> Self {
        /// Cells that are looked from, and directions looked into.
        const LOOKS: (usize, usize) = (4000, 12);
        assert_eq!(metric.len(), window.inside.len(), "every cell needs its metric");
        let cells: Vec<usize> = (0..window.inside.len()).filter(|k| window.inside[*k]).collect();
        let total = cells.iter().map(|k| metric[*k].density()).sum::<f64>() * window.cell * window.cell;
        let (mut seen, mut weight) = ([0.0; BINS], 0.0);
        // Steps of the golden section spread over all rows and columns alike.
        const GOLDEN: f64 = 0.618_033_988_749_895;
        let looks = cells.len().min(LOOKS.0);
        let chosen = |k: usize| match looks < cells.len() {
            true => cells[((k as f64 * GOLDEN).fract() * cells.len() as f64) as usize],
            false => cells[k],
        };
        for cell in (0..looks).map(chosen) {
            let (from, own) = (window.center_of(cell), metric[cell]);
            weight += own.density() * LOOKS.1 as f64;
            for direction in 0..LOOKS.1 {
                let (dx, dy) = own.unit_way(direction as f64 / LOOKS.1 as f64 * std::f64::consts::TAU);
                for (bin, seen) in seen.iter_mut().enumerate() {
                    let r = (bin as f64 + 0.5) * BIN;
                    let there =
                        window.cell_at((from.0 + r * dx, from.1 + r * dy)).filter(|k| window.inside[*k]);
                    *seen += there.map_or(0.0, |k| metric[k].density());
                }
            }
        }
        Self { window, metric, seen: seen.map(|sum| sum / weight.max(f64::MIN_POSITIVE)), total }
    }

    pub(crate) fn pair_correlation(&self, points: &[(f64, f64)]) -> Option<PairCorrelation> {
        let inside: Vec<(f64, f64)> =
            points.iter().copied().filter(|place| self.window.contains(*place)).collect();
        if inside.len() < 10 {
            return None;
        }
        let metric: Vec<Metric> =
            inside.iter().map(|place| self.metric[self.window.nearest_cell(*place)]).collect();
        let widest = metric.iter().map(|metric| metric.widest()).fold(0.0, f64::max);
        let index = CellIndex::new(&inside);
        let mut pairs = [0.0; BINS];
        for (k, place) in inside.iter().enumerate() {
            index.for_each_within(*place, BINS as f64 * BIN * widest, |other, _| {
                let way = (inside[other].0 - place.0, inside[other].1 - place.1);
                let squared = 0.5 * (metric[k].squared(way) + metric[other].squared(way));
                let bin = (squared.sqrt() / BIN) as usize;
                if other != k && bin < BINS {
                    pairs[bin] += 1.0;
                }
            });
        }
        let n = inside.len() as f64;
        let ring = |bin: usize| std::f64::consts::PI * BIN * BIN * (2 * bin + 1) as f64;
        let expected = |bin: usize| n * (n / self.total) * ring(bin) * self.seen[bin];
        let g = std::array::from_fn(|bin| pairs[bin] / expected(bin).max(f64::MIN_POSITIVE));
        Some(PairCorrelation { g, points: inside.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_quantity::Seed;

    #[test]
    fn chance_has_the_known_statistics() {
        let window = Window::rectangle(60.0, 60.0, 0.5);
        let mut draw = Seed(5).stream("test", 0);
        let points: Vec<_> = (0..3600).map(|_| (draw.between(0.0, 60.0), draw.between(0.0, 60.0))).collect();
        let near = nearest_neighbor(&points, &window).expect("enough points");
        // Poisson of unit density: mean 1/2, standard deviation sqrt(1/π − 1/4), so CV 0.5227.
        assert!((near.mean - 0.5).abs() < 0.02, "{near:?}");
        assert!((near.coefficient_of_variation - 0.5227).abs() < 0.03, "{near:?}");
        let even = vec![Metric::even(1.0); window.inside.len()];
        let g = pair_correlation(&points, &window, &even).expect("enough points").g;
        // Five standard errors: bins far out hold hundreds of pairs.
        let off = |bin: usize| 5.0 / (3600.0 * std::f64::consts::PI * BIN * BIN * (bin as f64 + 0.5)).sqrt();
        assert!((0..BINS).all(|bin| (g[bin] - 1.0).abs() < off(bin)), "{g:?}");
    }

    #[test]
    fn neither_edges_nor_a_slope_of_density_look_like_correlation() {
        // A ring whose density rises from 0.5 to 2 across.
        let full = Window::rectangle(40.0, 40.0, 0.5);
        let ring =
            |k: usize| (6.0..19.0).contains(&(full.center_of(k).0 - 20.0).hypot(full.center_of(k).1 - 20.0));
        let window = Window { inside: (0..full.inside.len()).map(ring).collect(), ..full.clone() };
        let density = |x: f64| 0.5 + 1.5 * x / 40.0;
        let metric: Vec<Metric> =
            (0..full.inside.len()).map(|k| Metric::even(density(full.center_of(k).0))).collect();
        let mut mean = [0.0; BINS];
        for seed in 0..40 {
            let mut draw = Seed(seed).stream("test", 0);
            let all = (0..3200).map(|_| (draw.between(0.0, 40.0), draw.between(0.0, 40.0), draw.uniform()));
            let points: Vec<_> =
                all.filter(|(x, _, chance)| 2.0 * chance < density(*x)).map(|(x, y, _)| (x, y)).collect();
            let g = pair_correlation(&points, &window, &metric).expect("enough points").g;
            mean.iter_mut().zip(g).for_each(|(sum, g)| *sum += g / 40.0);
        }
        for half in [10..25, 25..BINS] {
            let n = half.len() as f64;
            let off = half.clone().map(|bin| mean[bin] - 1.0).sum::<f64>() / n;
            assert!(off.abs() < 0.02, "{half:?}: {off}");
        }
    }

    #[test]
    fn a_lattice_has_no_spread() {
        let window = Window::rectangle(20.0, 20.0, 0.5);
        let points: Vec<_> = (0..400).map(|k| ((k % 20) as f64 + 0.5, (k / 20) as f64 + 0.5)).collect();
        let near = nearest_neighbor(&points, &window).expect("enough points");
        assert!((near.mean - 1.0).abs() < 1e-9 && near.coefficient_of_variation < 1e-9);
        assert_eq!(nearest_neighbor(&points[..5], &window), None);
    }
}
