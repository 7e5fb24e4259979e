//! How much stands at a point: hairs of a follicular unit.

use stipple_quantity::Seed;

use crate::index::CellIndex;

/// Share of follicular units with at most 1, 2, 3 and 4 hairs; the rest has 5.
///
/// # Source
/// [@Bsrl]
pub const HAIRS_AT_MOST: [f64; 4] = [0.345, 0.776, 0.950, 0.987];
/// Mean number of hairs of a unit by these shares.
pub const HAIRS_MEAN: f64 = 1.942;
/// Rank correlation between the hairs of a unit and its room.
const WITH_ROOM: f64 = 0.5;
/// Room is the mean distance to so many neighbors.
const NEIGHBORS: usize = 4;

/// Hairs of each unit: shares as in the population, more where a unit has more room.
///
/// | | meaning | unit |
/// |---|---|---|
/// | `points` | the units | as `fixed` |
/// | `spacing` | local spacing at each of them | as the places |
/// | `fixed` | units that stand already: they take room | as the places |
///
/// # Panics
/// If there are not as many spacings as points.
///
/// # Source
/// [@Bsrl]: large units keep more room; a rank correlation of 0.5 gives the measured one.
pub fn hairs(points: &[(f64, f64)], spacing: &[f64], fixed: &[(f64, f64)], seed: Seed) -> Vec<u8> {
    assert_eq!(points.len(), spacing.len(), "every point needs its spacing");
    let all: Vec<(f64, f64)> = points.iter().chain(fixed).copied().collect();
    let index = CellIndex::new(&all);
    let mut draw = seed.stream("points.hairs", 0);
    let rooms: Vec<f64> = (0..points.len()).map(|k| room(&index, points[k], spacing[k])).collect();
    let noise = (1.0 / (WITH_ROOM * WITH_ROOM) - 1.0).sqrt() * deviation(&rooms);
    let ranked: Vec<f64> = rooms.iter().map(|room| room + noise * draw.normal()).collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|one, two| ranked[*one].total_cmp(&ranked[*two]).then(one.cmp(two)));
    let mut hairs = vec![1; points.len()];
    for (place, point) in order.into_iter().enumerate() {
        let share = (place as f64 + 0.5) / points.len() as f64;
        hairs[point] = 1 + HAIRS_AT_MOST.iter().filter(|most| share > **most).count() as u8;
    }
    hairs
}

/// Mean distance to the nearest neighbors, in local spacings.
fn room(index: &CellIndex, place: (f64, f64), spacing: f64) -> f64 {
    // Most points have their neighbors within two spacings; farther ones count as that far.
    let farthest = 2.0 * spacing;
    let mut near = [farthest; NEIGHBORS + 1];
    index.for_each_within(place, farthest, |_, squared| {
        let distance = squared.sqrt();
        let rank = near.partition_point(|other| *other <= distance);
        if rank <= NEIGHBORS {
            near[rank..].rotate_right(1);
            near[rank] = distance;
        }
    });
    // Because the first is the point itself.
    near[1..].iter().sum::<f64>() / (NEIGHBORS as f64 * spacing)
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_met_and_large_units_have_room() {
        let mut draw = Seed(1).stream("test", 0);
        let points: Vec<_> = (0..4000).map(|_| (draw.between(0.0, 63.2), draw.between(0.0, 63.2))).collect();
        let hairs = hairs(&points, &vec![1.0; 4000], &[], Seed(2));
        let mean = hairs.iter().map(|n| f64::from(*n)).sum::<f64>() / 4000.0;
        assert!((mean - HAIRS_MEAN).abs() < 0.002, "{mean}");
        let index = CellIndex::new(&points);
        let rooms = |wanted: &dyn Fn(u8) -> bool| {
            let chosen: Vec<f64> =
                (0..4000).filter(|k| wanted(hairs[*k])).map(|k| room(&index, points[k], 1.0)).collect();
            chosen.iter().sum::<f64>() / chosen.len() as f64
        };
        assert!(rooms(&|n| n >= 3) > 1.08 * rooms(&|n| n == 1));
        assert!(super::hairs(&[], &[], &[], Seed(1)).is_empty());
    }
}
