//! Length and kind of a region.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use stipple_model::ScarKind;
use stipple_raster::Mask;

/// Longer than this many widths is a line.
const LINE_ELONGATION: f64 = 3.2;
/// Smaller than this and not a line is a point, mm².
const POINT_AREA_MM2: f64 = 7.0;

/// Longest way inside a region from one of its pixels to another, in pixels: its length along its middle,
/// however it bends.
pub(crate) fn length_px(mask: &Mask) -> f64 {
    let Some(first) = mask.samples.iter().position(|inside| *inside) else { return 0.0 };
    let (one, _) = farthest(mask, first);
    let (_, steps) = farthest(mask, one);
    // From pixel center to pixel center, so half a pixel is missing at both ends.
    steps + 1.0
}

/// The pixel that is farthest away along ways inside the mask, and how far.
fn farthest(mask: &Mask, from: usize) -> (usize, f64) {
    /// Steps to neighbors, in eighths of a pixel: straight, diagonal and a knight's move.
    const STEPS: [(isize, isize, u32); 16] = [
        (1, 0, 8),
        (-1, 0, 8),
        (0, 1, 8),
        (0, -1, 8),
        (1, 1, 11),
        (1, -1, 11),
        (-1, 1, 11),
        (-1, -1, 11),
        (2, 1, 18),
        (2, -1, 18),
        (-2, 1, 18),
        (-2, -1, 18),
        (1, 2, 18),
        (1, -2, 18),
        (-1, 2, 18),
        (-1, -2, 18),
    ];
    let mut away = vec![u32::MAX; mask.samples.len()];
    let mut next = BinaryHeap::from([Reverse((0u32, from))]);
    away[from] = 0;
    let mut last = (from, 0u32);
    while let Some(Reverse((distance, k))) = next.pop() {
        if distance > away[k] {
            continue;
        }
        if distance > last.1 {
            last = (k, distance);
        }
        let (x, y) = ((k % mask.width) as isize, (k / mask.width) as isize);
        for (dx, dy, step) in STEPS {
            let (column, row) = (x + dx, y + dy);
            if column < 0 || row < 0 || column as usize >= mask.width || row as usize >= mask.height {
                continue;
            }
            let neighbor = row as usize * mask.width + column as usize;
            if mask.samples[neighbor] && distance + step < away[neighbor] {
                away[neighbor] = distance + step;
                next.push(Reverse((distance + step, neighbor)));
            }
        }
    }
    (last.0, f64::from(last.1) / 8.0)
}

/// Line, point or patch, by length, mean width and area.
pub(crate) fn kind(length_mm: f64, width_mm: f64, area_mm2: f64) -> ScarKind {
    if length_mm >= LINE_ELONGATION * width_mm && length_mm > 3.0 {
        ScarKind::Linear
    } else if area_mm2 <= POINT_AREA_MM2 {
        ScarKind::Punctate
    } else {
        ScarKind::Patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_band_is_as_long_as_its_middle() {
        let mut mask = Mask::filled(200, 120, false);
        for y in 0..120 {
            for x in 0..200 {
                let (dx, dy) = (x as f64 - 100.0, y as f64 - 10.0);
                let radius = dx.hypot(dy);
                mask.samples[y * 200 + x] = dy >= 0.0 && (75.0..85.0).contains(&radius);
            }
        }
        let half_turn = std::f64::consts::PI * 80.0;
        assert!((length_px(&mask) / half_turn - 1.0).abs() < 0.06, "{}", length_px(&mask));
        assert_eq!(kind(80.0, 3.0, 240.0), ScarKind::Linear);
        assert_eq!(kind(1.2, 0.9, 1.0), ScarKind::Punctate);
        assert_eq!(kind(30.0, 20.0, 600.0), ScarKind::Patch);
    }
}
