//! Local maxima.

use rayon::prelude::*;

use crate::grid::{Grid, Mask};

/// A local maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Column of its pixel.
    pub x: usize,
    /// Row of its pixel.
    pub y: usize,
    /// Where it is to a fraction of a pixel, centers at +0.5.
    pub at_px: (f64, f64),
    /// Value at its pixel.
    pub value: f32,
}

/// Pixels inside the mask that no pixel within a radius exceeds, and that are at least `floor`; row by row.
///
/// Of equal neighbors the one that comes first is taken.
///
/// # Panics
/// If the sizes differ.
pub fn peaks(grid: &Grid, mask: &Mask, radius_px: f64, floor: f32) -> Vec<Peak> {
    assert!(grid.width == mask.width && grid.height == mask.height, "grid and mask of one size are needed");
    let disk = disk(radius_px);
    (0..grid.height)
        .into_par_iter()
        .flat_map_iter(|y| {
            let disk = &disk;
            (0..grid.width)
                .filter(move |x| mask.at(*x, y) && grid.at(*x, y) >= floor && is_highest(grid, *x, y, disk))
                .map(move |x| Peak { x, y, at_px: refined(grid, x, y), value: grid.at(x, y) })
        })
        .collect()
}

/// Offsets of a disk without its center, nearest first, so that most pixels are refused early.
fn disk(radius_px: f64) -> Vec<(isize, isize)> {
    let reach = radius_px.max(1.0).floor() as isize;
    let mut offsets: Vec<(isize, isize)> = (-reach..=reach)
        .flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)))
        .filter(|&(dx, dy)| {
            (dx, dy) != (0, 0)
                && ((dx * dx + dy * dy) as f64 <= radius_px * radius_px || dx.abs().max(dy.abs()) == 1)
        })
        .collect();
    offsets.sort_by_key(|&(dx, dy)| (dx * dx + dy * dy, dy, dx));
    offsets
}

fn is_highest(grid: &Grid, x: usize, y: usize, disk: &[(isize, isize)]) -> bool {
    let value = grid.at(x, y);
    disk.iter().all(|&(dx, dy)| {
        let (column, row) = (x as isize + dx, y as isize + dy);
        if column < 0 || row < 0 || column as usize >= grid.width || row as usize >= grid.height {
            return true;
        }
        let other = grid.at(column as usize, row as usize);
        other < value || (other == value && (dy, dx) > (0, 0))
    })
}

/// Top of the parabola through the neighbors, each axis by itself.
fn refined(grid: &Grid, x: usize, y: usize) -> (f64, f64) {
    let shift = |before: f32, middle: f32, after: f32| {
        let bend = f64::from(2.0 * middle - before - after);
        if bend > 0.0 { (f64::from(after - before) / (2.0 * bend)).clamp(-0.5, 0.5) } else { 0.0 }
    };
    let (left, right) = (x.saturating_sub(1), (x + 1).min(grid.width - 1));
    let (up, down) = (y.saturating_sub(1), (y + 1).min(grid.height - 1));
    let middle = grid.at(x, y);
    (
        x as f64 + 0.5 + shift(grid.at(left, y), middle, grid.at(right, y)),
        y as f64 + 0.5 + shift(grid.at(x, up), middle, grid.at(x, down)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_bump_between_pixels() {
        let (cx, cy) = (20.3, 11.8);
        let samples = (0..40 * 30)
            .map(|k| {
                let (x, y) = ((k % 40) as f64 + 0.5, (k / 40) as f64 + 0.5);
                (-0.5 * ((x - cx).powi(2) + (y - cy).powi(2)) / 4.0).exp() as f32
            })
            .collect();
        let found = peaks(&Grid::from_samples(40, 30, samples), &Mask::filled(40, 30, true), 5.0, 0.1);
        assert_eq!(found.len(), 1);
        assert!((found[0].at_px.0 - cx).abs() < 0.05 && (found[0].at_px.1 - cy).abs() < 0.05);
    }

    #[test]
    fn a_plateau_is_one_peak() {
        assert_eq!(peaks(&Grid::filled(9, 9, 1.0), &Mask::filled(9, 9, true), 20.0, 0.5).len(), 1);
    }
}
