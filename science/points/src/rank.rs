//! An order in which every beginning of a set is well spread.

use crate::curve::hilbert;
use crate::eliminate::{Crowd, closeness};
use crate::index::CellIndex;

/// Share of the points that a round of thinning keeps: four rounds halve them.
const KEPT: f64 = 0.84;
/// Points of a tile; each tile keeps its share in every round, so no part of the pattern is left behind.
const POINTS_PER_TILE: usize = 32;
/// Tiles that are thinned together: few enough for the processor's nearest memory.
const TILES_PER_RUN: usize = 64;

/// Indices of `points` in such an order that any beginning of it covers what the whole set covers,
/// with the same relative density and well spread.
///
/// | | meaning | unit |
/// |---|---|---|
/// | `spacing` | local spacing of the whole set at each point | as the places |
/// | `fixed` | points that stand already; of neighbors, those nearest to them come later | as the places |
///
/// # Panics
/// If there are not as many spacings as points.
///
/// # Cost
/// O(points · log points), about 5 µs a point.
///
/// # Source
/// Progressive sample elimination [@Yuksel2015]: the points are thinned again and again, with disks that
/// grow as points leave; the last to stay comes first.
pub fn rank(points: &[(f64, f64)], spacing: &[f64], fixed: &[(f64, f64)]) -> Vec<usize> {
    assert_eq!(points.len(), spacing.len(), "every point needs its spacing");
    let fixed = CellIndex::new(fixed);
    // Because a sparse part among many fixed points must not come last, these count at close range only.
    // Units stand half a spacing apart where they stand closest.
    let close = 0.5 * spacing.iter().copied().fold(f64::MAX, f64::min);
    let burden =
        |k: usize| fixed.nearest(points[k], None).map_or(0.0, |(_, distance)| closeness(distance, close));
    let burdens: Vec<f64> = (0..points.len()).map(burden).collect();
    let mut standing = along_curve(points);
    let mut last_first = Vec::with_capacity(points.len());
    while standing.len() > 1 {
        let target = ((standing.len() as f64 * KEPT) as usize).min(standing.len() - 1);
        let wider = (points.len() as f64 / target as f64).sqrt();
        let places: Vec<_> = standing.iter().map(|k| points[*k]).collect();
        let wanted: Vec<_> = standing.iter().map(|k| spacing[*k] * wider).collect();
        let weighs = standing.iter().map(|k| burdens[*k]).collect();
        let mut leave = leaving_by_tile(standing.len(), target);
        let mut stays = vec![true; standing.len()];
        let run = POINTS_PER_TILE * TILES_PER_RUN;
        let mut gone: Vec<Vec<usize>> = vec![Vec::new(); standing.len().div_ceil(run)];
        Crowd::new(&places, &wanted, weighs).eliminate(run, |k| {
            let goes = leave[k / POINTS_PER_TILE] > 0;
            if goes {
                leave[k / POINTS_PER_TILE] -= 1;
                stays[k] = false;
                gone[k / run].push(standing[k]);
            }
            goes
        });
        take_turns(&gone, &mut last_first);
        standing = standing.iter().zip(stays).filter(|(_, stays)| *stays).map(|(k, _)| *k).collect();
    }
    last_first.extend(standing);
    last_first.reverse();
    last_first
}

/// The first of every list, then the second of every list, and so on: no part of the pattern is thinned before another.
fn take_turns(lists: &[Vec<usize>], all: &mut Vec<usize>) {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    all.extend((0..longest).flat_map(|turn| lists.iter().filter_map(move |list| list.get(turn))));
}

/// How many points of each tile leave, so that `target` of `n` stay.
fn leaving_by_tile(n: usize, target: usize) -> Vec<usize> {
    let left_before = |k: usize| k * (n - target) / n;
    let ends = (0..n.div_ceil(POINTS_PER_TILE))
        .map(|tile| (tile * POINTS_PER_TILE, n.min((tile + 1) * POINTS_PER_TILE)));
    ends.map(|(from, to)| left_before(to) - left_before(from)).collect()
}

/// Indices of points along a curve that keeps neighbors together.
fn along_curve(points: &[(f64, f64)]) -> Vec<usize> {
    const SIDE: usize = 1 << 16;
    let low = points.iter().fold((f64::MAX, f64::MAX), |low, p| (low.0.min(p.0), low.1.min(p.1)));
    let high = points.iter().fold((f64::MIN, f64::MIN), |high, p| (high.0.max(p.0), high.1.max(p.1)));
    let step = ((high.0 - low.0).max(high.1 - low.1) / (SIDE - 1) as f64).max(f64::MIN_POSITIVE);
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_cached_key(|k| {
        let (x, y) = ((points[*k].0 - low.0) / step, (points[*k].1 - low.1) / step);
        hilbert(SIDE, x as usize, y as usize)
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::nearest_neighbor;
    use crate::window::Window;
    use stipple_quantity::Seed;

    #[test]
    fn every_beginning_is_well_spread() {
        let window = Window::rectangle(40.0, 40.0, 0.5);
        let mut draw = Seed(2).stream("test", 0);
        let points: Vec<_> =
            (0..1600).map(|k| ((k % 40) as f64 + draw.uniform(), (k / 40) as f64 + draw.uniform())).collect();
        let order = rank(&points, &vec![1.0; points.len()], &[]);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(k, v)| k == *v), "every point once");
        for share in [0.3, 0.5] {
            let n = (share * points.len() as f64) as usize;
            let beginning: Vec<_> = order[..n].iter().map(|k| points[*k]).collect();
            let near = nearest_neighbor(&beginning, &window).expect("enough points");
            // By chance it would be 0.52.
            assert!(near.coefficient_of_variation < 0.2, "{share}: {near:?}");
        }
    }

    #[test]
    fn dense_and_sparse_parts_come_alike() {
        // Nine points a square to the left, one to the right.
        let mut draw = Seed(4).stream("test", 0);
        let dense = (0..900).map(|_| (10.0, 3f64.recip()));
        let sparse = (0..100).map(|_| (0.0, 1.0));
        let (points, spacing): (Vec<_>, Vec<_>) = dense
            .chain(sparse)
            .map(|(left, spacing)| {
                ((draw.between(10.0 - left, 20.0 - left), draw.between(0.0, 10.0)), spacing)
            })
            .unzip();
        let order = rank(&points, &spacing, &[]);
        for n in [100, 300, 700] {
            let sparse = order[..n].iter().filter(|k| **k >= 900).count() as f64;
            assert!((sparse / n as f64 - 0.1).abs() < 0.03, "{sparse} of {n}");
        }
    }

    #[test]
    fn few_points() {
        assert!(rank(&[], &[], &[]).is_empty());
        assert_eq!(rank(&[(1.0, 1.0)], &[1.0], &[]), [0]);
    }

    #[test]
    fn a_place_beside_a_fixed_point_comes_last() {
        let points = [(0.0, 0.0), (5.0, 0.0), (10.0, 0.0)];
        assert_eq!(rank(&points, &[2.0; 3], &[(5.2, 0.0)])[2], 1);
    }
}
