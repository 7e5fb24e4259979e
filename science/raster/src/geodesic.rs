//! Distance along ways that cost more in some places than in others.

use crate::grid::{Grid, Mask};

/// Rounds of four sweeps at most; ways that turn more often than this are taken as longer than they are.
const ROUNDS_MAX: usize = 6;
/// Distances that change by less than this share are settled.
const SETTLED: f32 = 1e-3;

/// Least cost of a way from the mask to every pixel: `cost` is what a pixel's width costs there.
///
/// Infinite where no way leads. Costs have to be above zero; an infinite cost is a wall.
///
/// # Panics
/// If the sizes differ.
///
/// # Cost
/// O(pixels), at most 24 passes.
///
/// # Source
/// The eikonal equation by fast sweeping [@Zhao2005]: isotropic, unlike steps from neighbor to neighbor.
pub fn geodesic_distance(mask: &Mask, cost: &Grid) -> Grid {
    assert!(mask.width == cost.width && mask.height == cost.height, "mask and cost of one size are needed");
    let start = mask.samples.iter().map(|inside| if *inside { 0.0 } else { f32::INFINITY }).collect();
    let mut distance = Grid::from_samples(mask.width, mask.height, start);
    if mask.width == 0 || mask.height == 0 {
        return distance;
    }
    for _ in 0..ROUNDS_MAX {
        let mut changed = false;
        for (down, right) in [(true, true), (true, false), (false, false), (false, true)] {
            changed |= sweep(&mut distance, cost, down, right);
        }
        if !changed {
            break;
        }
    }
    distance
}

/// One pass over all pixels in one of four orders; whether anything changed that counts.
fn sweep(distance: &mut Grid, cost: &Grid, down: bool, right: bool) -> bool {
    let (width, height) = (distance.width, distance.height);
    let mut changed = false;
    for row in 0..height {
        let y = if down { row } else { height - 1 - row };
        for column in 0..width {
            let x = if right { column } else { width - 1 - column };
            let k = y * width + x;
            let (known, own) = (distance.samples[k], cost.samples[k]);
            if known == 0.0 || own == f32::INFINITY {
                continue;
            }
            let across = neighbor(distance, k, (x > 0).then_some(1), (x + 1 < width).then_some(1));
            let along = neighbor(distance, k, (y > 0).then_some(width), (y + 1 < height).then_some(width));
            let found = solved(across, along, own);
            if found < known {
                changed |= known - found > SETTLED * known;
                distance.samples[k] = found;
            }
        }
    }
    changed
}

/// The lesser of the two neighbors on one axis.
#[inline]
fn neighbor(distance: &Grid, k: usize, before: Option<usize>, after: Option<usize>) -> f32 {
    let one = before.map_or(f32::INFINITY, |step| distance.samples[k - step]);
    let two = after.map_or(f32::INFINITY, |step| distance.samples[k + step]);
    one.min(two)
}

/// The distance whose slope is the cost, from the nearest known values on both axes.
#[inline]
fn solved(a: f32, b: f32, cost: f32) -> f32 {
    let (near, far) = if a < b { (a, b) } else { (b, a) };
    if far - near >= cost || !far.is_finite() {
        return near + cost;
    }
    let apart = far - near;
    (near + far + (2.0 * cost * cost - apart * apart).sqrt()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_middle(cost: impl Fn(usize, usize) -> f32) -> Grid {
        let mut mask = Mask::filled(81, 81, false);
        mask.samples[40 * 81 + 40] = true;
        let samples = (0..81 * 81).map(|k| cost(k % 81, k / 81)).collect();
        geodesic_distance(&mask, &Grid::from_samples(81, 81, samples))
    }

    #[test]
    fn even_cost_is_nearly_round() {
        let away = from_middle(|_, _| 1.0);
        assert!((away.at(80, 40) - 40.0).abs() < 1e-3);
        let diagonal = away.at(70, 70) / (30.0 * 2f32.sqrt());
        assert!((1.0..1.06).contains(&diagonal), "{diagonal}");
    }

    #[test]
    fn a_wall_is_walked_around() {
        let away = from_middle(|x, y| if x == 50 && y != 75 { 1000.0 } else { 1.0 });
        let around = 2.0 * 10f32.hypot(35.0);
        assert!((away.at(60, 40) / around - 1.0).abs() < 0.06, "{}", away.at(60, 40));
    }

    #[test]
    fn walls_are_not_passed() {
        let away = from_middle(|x, _| if x == 50 { f32::INFINITY } else { 1.0 });
        assert!(
            away.at(49, 10).is_finite() && away.at(50, 40).is_infinite() && away.at(60, 40).is_infinite()
        );
    }

    #[test]
    fn nothing_is_infinitely_far() {
        let empty = geodesic_distance(&Mask::filled(4, 3, false), &Grid::filled(4, 3, 1.0));
        assert!(empty.samples.iter().all(|d| d.is_infinite()));
    }
}
