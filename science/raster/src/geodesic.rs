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
    let mut front = Front::new(mask, cost);
    for _ in 0..ROUNDS_MAX {
        let mut changed = false;
        for (down, right) in [(true, true), (true, false), (false, false), (false, true)] {
            changed |= front.sweep(down, right);
        }
        if !changed {
            break;
        }
    }
    front.distance()
}

/// A pixel that a way may lead through.
struct Free {
    /// Where it is among the distances.
    at: usize,
    /// What its width costs.
    cost: f32,
}

/// Distances with a rim of the infinitely far around them, and the pixels that are neither start nor wall.
struct Front {
    away: Vec<f32>,
    width: usize,
    height: usize,
    /// Row after row.
    free: Vec<Free>,
    /// Where each row of them ends.
    ends: Vec<usize>,
}

impl Front {
    fn new(mask: &Mask, cost: &Grid) -> Self {
        let (width, height) = (mask.width, mask.height);
        let mut away = vec![f32::INFINITY; (width + 2) * (height + 2)];
        let (mut free, mut ends) = (Vec::new(), Vec::with_capacity(height));
        for y in 0..height {
            for x in 0..width {
                let at = (y + 1) * (width + 2) + x + 1;
                let cost = cost.samples[y * width + x];
                if mask.samples[y * width + x] {
                    away[at] = 0.0;
                } else if cost < f32::INFINITY {
                    free.push(Free { at, cost });
                }
            }
            ends.push(free.len());
        }
        Self { away, width, height, free, ends }
    }

    /// One pass over all free pixels in one of four orders; whether anything changed that counts.
    fn sweep(&mut self, down: bool, right: bool) -> bool {
        let mut changed = false;
        for row in 0..self.height {
            let y = if down { row } else { self.height - 1 - row };
            let own = &self.free[y.checked_sub(1).map_or(0, |above| self.ends[above])..self.ends[y]];
            let line = self.width + 2;
            let mut visit = |pixel: &Free| changed |= settle(&mut self.away, line, pixel);
            if right { own.iter().for_each(&mut visit) } else { own.iter().rev().for_each(&mut visit) }
        }
        changed
    }

    fn distance(&self) -> Grid {
        let rows = self.away.chunks(self.width + 2).skip(1).take(self.height);
        let samples = rows.flat_map(|row| &row[1..=self.width]).copied().collect();
        Grid::from_samples(self.width, self.height, samples)
    }
}

/// Comes nearer if the neighbors let it; whether that counts.
#[inline]
fn settle(away: &mut [f32], line: usize, pixel: &Free) -> bool {
    let at = pixel.at;
    let across = away[at - 1].min(away[at + 1]);
    let along = away[at - line].min(away[at + line]);
    let (known, found) = (away[at], solved(across, along, pixel.cost));
    if found >= known {
        return false;
    }
    away[at] = found;
    known - found > SETTLED * known
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
