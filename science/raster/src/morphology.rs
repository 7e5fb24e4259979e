//! Growing and shrinking of masks with a disk, exact for any radius.

use rayon::prelude::*;

use crate::distance::distance_to;
use crate::grid::Mask;

/// Up to this radius a disk is laid down row by row, which is quicker than distances.
const SMALL_RADIUS_PX: f64 = 6.0;

/// Everything within a radius of the mask, the mask included.
///
/// # Cost
/// One distance transform, whatever the radius; less for a small one.
pub fn dilate(mask: &Mask, radius_px: f64) -> Mask {
    if (0.0..=SMALL_RADIUS_PX).contains(&radius_px) {
        return dilate_by_rows(mask, radius_px);
    }
    let distance = distance_to(mask);
    Mask {
        width: mask.width,
        height: mask.height,
        samples: distance.samples.iter().map(|d| f64::from(*d) <= radius_px).collect(),
    }
}

fn dilate_by_rows(mask: &Mask, radius_px: f64) -> Mask {
    let (width, height, reach) = (mask.width, mask.height, radius_px as usize);
    let half = |dy: usize| (radius_px * radius_px - (dy * dy) as f64).sqrt() as usize;
    let halves: Vec<usize> = (0..=reach).map(half).collect();
    let mut samples = vec![false; width * height];
    samples.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, out)| {
        for row in y.saturating_sub(reach)..(y + reach + 1).min(height) {
            grow_row(&mask.samples[row * width..(row + 1) * width], halves[row.abs_diff(y)], out);
        }
    });
    Mask { width, height, samples }
}

/// Adds every run of a row, longer by `half` at both ends.
fn grow_row(row: &[bool], half: usize, out: &mut [bool]) {
    let mut at = 0;
    while let Some(start) = row[at..].iter().position(|inside| *inside).map(|k| at + k) {
        let end = row[start..].iter().position(|inside| !inside).map_or(row.len(), |k| start + k);
        out[start.saturating_sub(half)..(end + half).min(row.len())].fill(true);
        at = end;
    }
}

/// What is farther than a radius from everything outside the mask; the grid's own border does not erode.
pub fn erode(mask: &Mask, radius_px: f64) -> Mask {
    not(&dilate(&not(mask), radius_px))
}

/// The mask without what a disk of the radius does not fit into.
pub fn open(mask: &Mask, radius_px: f64) -> Mask {
    dilate(&erode(mask, radius_px), radius_px)
}

/// The mask with the gaps filled that a disk of the radius does not fit into.
pub fn close(mask: &Mask, radius_px: f64) -> Mask {
    erode(&dilate(mask, radius_px), radius_px)
}

/// The complement.
pub fn not(mask: &Mask) -> Mask {
    Mask { width: mask.width, height: mask.height, samples: mask.samples.iter().map(|s| !s).collect() }
}

/// Where both are.
///
/// # Panics
/// If the sizes differ.
pub fn and(one: &Mask, two: &Mask) -> Mask {
    combine(one, two, |a, b| a && b)
}

/// Where one of them is, or both.
///
/// # Panics
/// If the sizes differ.
pub fn or(one: &Mask, two: &Mask) -> Mask {
    combine(one, two, |a, b| a || b)
}

/// Where the first is and the second is not.
///
/// # Panics
/// If the sizes differ.
pub fn without(one: &Mask, two: &Mask) -> Mask {
    combine(one, two, |a, b| a && !b)
}

fn combine(one: &Mask, two: &Mask, rule: impl Fn(bool, bool) -> bool) -> Mask {
    assert!(one.width == two.width && one.height == two.height, "masks of one size are needed");
    Mask {
        width: one.width,
        height: one.height,
        samples: one.samples.iter().zip(&two.samples).map(|(a, b)| rule(*a, *b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(n: usize, from: usize, to: usize) -> Mask {
        let mut mask = Mask::filled(n, n, false);
        for y in from..to {
            mask.samples[y * n + from..y * n + to].fill(true);
        }
        mask
    }

    #[test]
    fn growing_by_a_disk_and_shrinking_back() {
        let mask = square(40, 12, 28);
        let grown = dilate(&mask, 5.0);
        assert!(grown.at(7, 20) && !grown.at(6, 20) && !grown.at(7, 7));
        assert_eq!(erode(&grown, 5.0), mask);
    }

    #[test]
    fn small_disks_grow_as_distances_say() {
        let mut mask = Mask::filled(31, 23, false);
        for k in [0, 17, 30, 200, 333, 334, 700, 712] {
            mask.samples[k] = true;
        }
        for radius in [0.0, 1.0, 1.5, 2.8, 4.0, 5.0, 6.0] {
            let near = distance_to(&mask).samples.iter().map(|d| f64::from(*d) <= radius).collect::<Vec<_>>();
            assert_eq!(dilate(&mask, radius).samples, near, "radius {radius}");
        }
    }

    #[test]
    fn opening_drops_specks_and_closing_fills_holes() {
        let mut mask = square(40, 12, 28);
        mask.samples[3 * 40 + 3] = true;
        assert!(!open(&mask, 2.0).at(3, 3));
        mask.samples[20 * 40 + 20] = false;
        assert!(close(&mask, 2.0).at(20, 20));
    }
}
