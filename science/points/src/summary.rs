//! How a pattern is spread.

use crate::index::CellIndex;
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

/// Pair correlation g(r) in `bins` rings up to `reach`: 1 where points do not care about each other.
///
/// Only points at least `reach` from the window's border are asked, so no ring is cut.
/// `None` if there are fewer than ten such points.
///
/// # Source
/// Minus sampling [@Illian2008].
pub fn pair_correlation(points: &[(f64, f64)], window: &Window, reach: f64, bins: usize) -> Option<Vec<f64>> {
    let index = CellIndex::new(points);
    let mut pairs = vec![0u64; bins];
    let mut asked = 0usize;
    for (k, place) in points.iter().enumerate().filter(|(_, p)| window.contains_disk(**p, reach)) {
        asked += 1;
        index.for_each_within(*place, reach, |other, squared| {
            let bin = (squared.sqrt() / reach * bins as f64) as usize;
            if other != k && bin < bins {
                pairs[bin] += 1;
            }
        });
    }
    if asked < 10 {
        return None;
    }
    let density = points.len() as f64 / window.area();
    let ring = |bin: usize| {
        let (from, to) = (bin as f64 / bins as f64 * reach, (bin + 1) as f64 / bins as f64 * reach);
        std::f64::consts::PI * (to * to - from * from)
    };
    let expected = |bin: usize| asked as f64 * density * ring(bin);
    Some(pairs.iter().enumerate().map(|(bin, n)| *n as f64 / expected(bin)).collect())
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
        let g = pair_correlation(&points, &window, 3.0, 10).expect("enough points");
        assert!(g.iter().skip(1).all(|g| (g - 1.0).abs() < 0.1), "{g:?}");
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
