//! How what was found is held against what is there: the same for tests and for the programs that measure.

use std::collections::BTreeMap;

use stipple_points::CellIndex;
use stipple_raster::Mask;

/// F1 of a one-to-one pairing within a distance, nearest pairs first; lengths in mm.
pub fn f1(there: &[(f64, f64)], found: &[(f64, f64)], within_mm: f64) -> f64 {
    let paired = pairs(found, there, within_mm).len();
    2.0 * paired as f64 / (there.len() + found.len()).max(1) as f64
}

/// Twice what two masks share over what they have.
pub fn dice(one: &Mask, two: &Mask) -> f64 {
    let both = one.samples.iter().zip(&two.samples).filter(|(a, b)| **a && **b).count();
    2.0 * both as f64 / (one.count() + two.count()).max(1) as f64
}

/// The middle of the places of each unit.
pub fn middles(places: &[(f64, f64)], units: &[usize]) -> Vec<(f64, f64)> {
    let mut sums = BTreeMap::<usize, (f64, f64, f64)>::new();
    for (place, unit) in places.iter().zip(units) {
        let sum = sums.entry(*unit).or_default();
        *sum = (sum.0 + place.0, sum.1 + place.1, sum.2 + 1.0);
    }
    sums.into_values().map(|(x, y, n)| (x / n, y / n)).collect()
}

/// Places nearer than a distance become one, by single linkage.
pub fn merged(places: &[(f64, f64)], within_mm: f64) -> Vec<(f64, f64)> {
    let index = CellIndex::new(places);
    let mut unit = vec![usize::MAX; places.len()];
    for first in 0..places.len() {
        let mut stack = vec![first];
        while let Some(k) = stack.pop() {
            if unit[k] == usize::MAX {
                unit[k] = first;
                index.for_each_within(places[k], within_mm, |other, _| stack.push(other));
            }
        }
    }
    middles(places, &unit)
}

/// One-to-one pairs within a distance, nearest first: found, there, distance².
pub fn pairs(found: &[(f64, f64)], there: &[(f64, f64)], within_mm: f64) -> Vec<(usize, usize, f64)> {
    let index = CellIndex::new(there);
    let mut near = Vec::new();
    for (k, place) in found.iter().enumerate() {
        index.for_each_within(*place, within_mm, |t, squared| near.push((k, t, squared)));
    }
    near.sort_by(|a, b| a.2.total_cmp(&b.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let (mut used_found, mut used_there) = (vec![false; found.len()], vec![false; there.len()]);
    near.retain(|(k, t, _)| {
        let free = !used_found[*k] && !used_there[*t];
        used_found[*k] |= free;
        used_there[*t] |= free;
        free
    });
    near
}
