//! An order in which every beginning of a set is well spread.

use crate::curve::hilbert;
use crate::eliminate::{Crowd, REACH, closeness};
use crate::ground::Metric;
use crate::index::CellIndex;

/// Share of the points that a round of thinning keeps: four rounds halve them.
const KEPT: f64 = 0.84;
/// Points of a tile; each tile keeps its share in every round, so no part of the pattern is left behind.
const POINTS_PER_TILE: usize = 32;
/// Tiles that are thinned together: few enough for the processor's nearest memory.
const TILES_PER_RUN: usize = 64;

/// What stands before the first point of an order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// Points of the same set: every beginning is well spread together with them.
    pub first: &'a [(f64, f64)],
    /// Other points that the set completes to one pattern: beginnings are thinned together with them, so that where the set
    /// ends beside them it comes no sooner and no later than elsewhere.
    pub others: &'a [(f64, f64)],
    /// Local spacing of the whole pattern at each of these.
    pub others_metric: &'a [Metric],
}

/// Indices of `points` in such an order that any beginning of it covers what the whole set covers,
/// with the same relative density and well spread.
///
/// | | meaning | unit |
/// |---|---|---|
/// | `metric` | local spacing of the whole pattern, with what stands, at each point | as the places |
/// | `standing` | what stands already | as the places |
///
/// # Panics
/// If there are not as many metrics as points.
///
/// # Cost
/// O(points · log points), about 5 µs a point; others count as points.
///
/// # Source
/// Progressive sample elimination [@Yuksel2015]: the points are thinned again and again, with disks that
/// grow as points leave; the last to stay comes first.
pub fn rank(points: &[(f64, f64)], metric: &[Metric], standing: Standing) -> Vec<usize> {
    assert_eq!(points.len(), metric.len(), "every point needs its metric");
    let Standing { first, others, others_metric } = standing;
    assert_eq!(others.len(), others_metric.len(), "every other point needs its metric");
    let (own, dots_share) = (points.len(), points.len() as f64 / (points.len() + others.len()).max(1) as f64);
    let points = [points, others].concat();
    let metric = [metric, others_metric].concat();
    let near = CellIndex::new(first);
    let all = |n: usize| first.len() as f64 + dots_share * n as f64;
    let mut standing = along_curve(&points);
    let mut last_first = Vec::with_capacity(points.len());
    while standing.len() > 1 {
        let target = ((standing.len() as f64 * KEPT) as usize).min(standing.len() - 1);
        let thinner = all(target) / all(points.len());
        let places: Vec<_> = standing.iter().map(|k| points[*k]).collect();
        let wanted: Vec<_> = standing.iter().map(|k| metric[*k].times(thinner)).collect();
        let weighs = standing.iter().zip(&wanted);
        let weighs = weighs.map(|(k, wanted)| crowded_by(first, &near, points[*k], *wanted));
        let weighs = weighs.collect();
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
    last_first.retain(|k| *k < own);
    last_first
}

/// What weighs on a place of points that never leave.
fn crowded_by(first: &[(f64, f64)], near: &CellIndex, place: (f64, f64), wanted: Metric) -> f64 {
    let mut sum = 0.0;
    near.for_each_within(place, REACH * wanted.widest(), |other, _| {
        let way = (first[other].0 - place.0, first[other].1 - place.1);
        sum += closeness(wanted.squared(way).sqrt());
    });
    sum
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
        let order = rank(&points, &vec![Metric::even(1.0); points.len()], Standing::default());
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
        let dense = (0..900).map(|_| (10.0, Metric::even(9.0)));
        let sparse = (0..100).map(|_| (0.0, Metric::even(1.0)));
        let (points, metric): (Vec<_>, Vec<_>) = dense
            .chain(sparse)
            .map(|(left, metric)| ((draw.between(10.0 - left, 20.0 - left), draw.between(0.0, 10.0)), metric))
            .unzip();
        let order = rank(&points, &metric, Standing::default());
        for n in [100, 300, 700] {
            let sparse = order[..n].iter().filter(|k| **k >= 900).count() as f64;
            assert!((sparse / n as f64 - 0.1).abs() < 0.03, "{sparse} of {n}");
        }
    }

    #[test]
    fn few_points() {
        assert!(rank(&[], &[], Standing::default()).is_empty());
        assert_eq!(rank(&[(1.0, 1.0)], &[Metric::even(1.0)], Standing::default()), [0]);
    }

    /// A gap of 10 by 40 in a pattern: of its first 30 %, as many lie at its edges as the edges hold.
    #[test]
    fn edges_of_a_gap_come_like_its_middle() {
        let mut draw = Seed(8).stream("test", 0);
        let all: Vec<(f64, f64)> =
            (0..1600).map(|k| ((k % 40) as f64 + draw.uniform(), (k / 40) as f64 + draw.uniform())).collect();
        let (gap, around): (Vec<_>, Vec<_>) = all.into_iter().partition(|p| (15.0..25.0).contains(&p.0));
        let (metric, others_metric) =
            (vec![Metric::even(1.0); gap.len()], vec![Metric::even(1.0); around.len()]);
        let is_edge = |p: &(f64, f64)| p.0 < 16.0 || p.0 > 24.0;
        let share_at_edges = |standing: Standing| {
            let order = rank(&gap, &metric, standing);
            let begun = &order[..(0.3 * gap.len() as f64) as usize];
            begun.iter().filter(|k| is_edge(&gap[**k])).count() as f64 / begun.len() as f64
        };
        let among = share_at_edges(Standing { first: &[], others: &around, others_metric: &others_metric });
        let alone = share_at_edges(Standing::default());
        // The edges hold a fifth.
        assert!((among - 0.2).abs() < 0.04 && alone > 0.25, "{among} among others, {alone} alone");
    }

    #[test]
    fn beginnings_are_well_spread_together_with_what_came_before() {
        let window = Window::rectangle(40.0, 40.0, 0.5);
        let mut draw = Seed(6).stream("test", 0);
        let all: Vec<_> =
            (0..1600).map(|k| ((k % 40) as f64 + draw.uniform(), (k / 40) as f64 + draw.uniform())).collect();
        let metric = vec![Metric::even(1.0); all.len()];
        let order = rank(&all, &metric, Standing::default());
        let (first, rest): (Vec<_>, Vec<_>) =
            (order[..480].iter().map(|k| all[*k]).collect(), order[480..].iter().map(|k| all[*k]).collect());
        let again = rank(&rest, &metric[480..], Standing { first: &first, ..Standing::default() });
        let next = again[..320].iter().map(|k| rest[*k]);
        let beginning: Vec<_> = first.iter().copied().chain(next).collect();
        let near = nearest_neighbor(&beginning, &window).expect("enough points");
        // As ranked in one go: 0.15.
        assert!(near.coefficient_of_variation < 0.2, "{near:?}");
    }

    #[test]
    fn a_stretched_set_begins_as_an_even_one_that_is_stretched() {
        let mut draw = Seed(7).stream("test", 0);
        let even: Vec<_> =
            (0..900).map(|k| ((k % 30) as f64 + draw.uniform(), (k / 30) as f64 + draw.uniform())).collect();
        let long: Vec<_> = even.iter().map(|(x, y)| (4.0 * x, *y)).collect();
        let stretched = Metric { xx: 1.0 / 16.0, xy: 0.0, yy: 1.0 };
        let beginning = |points: &[(f64, f64)], metric: Metric| {
            let order = rank(points, &vec![metric; points.len()], Standing::default());
            order[..270].iter().map(|k| even[*k]).collect::<Vec<_>>()
        };
        let window = Window::rectangle(30.0, 30.0, 0.5);
        let cv = |points: &[(f64, f64)]| {
            nearest_neighbor(points, &window).expect("enough points").coefficient_of_variation
        };
        let [flat, bent] = [beginning(&even, Metric::even(1.0)), beginning(&long, stretched)].map(|b| cv(&b));
        assert!((flat - bent).abs() < 0.03, "{flat} {bent}");
    }
}
