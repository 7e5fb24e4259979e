//! Length, width along it, and kind of a region.

use stipple_model::{ScarKind, WidthAt, WidthRange};
use stipple_quantity::Estimate;
use stipple_raster::Mask;
use stipple_raster::distance::distance_to;
use stipple_raster::filter::shrink;
use stipple_raster::masked::as_weights;
use stipple_raster::medial::{length, middle_line, width_across};
use stipple_raster::morphology::not;

use crate::statistics::quantile;

/// Longer than this many widths is a line.
const LINE_ELONGATION: f64 = 3.2;
/// Smaller than this and not a line is a point, mm².
const POINT_AREA_MM2: f64 = 7.0;
/// Samples a millimetre that the middle is looked for in.
const MIDDLE_PX_PER_MM: f64 = 6.0;
/// Distance of the stations that widths are told at, mm.
const STATION_MM: f64 = 1.0;
/// Most stations of a scar.
const STATIONS_MAX: usize = 500;
/// Farthest that an edge is looked for across the line, in deepest places.
const REACH_DEPTHS: f64 = 3.0;

/// The line along the middle of a region.
pub(crate) struct Middle {
    /// In pixels of the region's mask.
    line: Vec<(f64, f64)>,
    /// Its length with the half pixels at both ends, pixels.
    pub(crate) length_px: f64,
    /// How far an edge is looked for, pixels.
    reach_px: f64,
}

impl Middle {
    /// Finds it; none if the region is empty.
    pub(crate) fn of(mask: &Mask, px_per_mm: f64) -> Option<Self> {
        let factor = (px_per_mm / MIDDLE_PX_PER_MM).round().max(1.0) as usize;
        let share = shrink(&as_weights(mask), factor);
        let samples = share.samples.iter().map(|s| *s >= 0.5).collect();
        let small = Mask { width: share.width, height: share.height, samples };
        let (small, factor) = if small.count() > 0 { (small, factor) } else { (mask.clone(), 1) };
        let scale = factor as f64;
        let line: Vec<(f64, f64)> =
            middle_line(&small).into_iter().map(|(x, y)| (x * scale, y * scale)).collect();
        let depth = distance_to(&not(mask));
        let inside = depth.samples.iter().zip(&mask.samples).filter(|(d, inside)| **inside && d.is_finite());
        let deepest = inside.map(|(d, _)| f64::from(*d)).fold(0.0, f64::max);
        let length_px = length(&line) + scale;
        (!line.is_empty()).then_some(Self { line, length_px, reach_px: REACH_DEPTHS * deepest + 1.0 })
    }

    /// Widths at stations along the line; places are told by `in_photo`.
    pub(crate) fn widths(
        &self,
        mask: &Mask,
        mm_per_px: f64,
        in_photo: impl Fn((f64, f64)) -> stipple_quantity::PointInPhoto,
    ) -> Vec<WidthAt> {
        let step_mm = STATION_MM.max(self.length_px * mm_per_px / STATIONS_MAX as f64);
        let share = as_weights(mask);
        let (mut along_mm, mut next_mm) = (0.0, 0.5 * step_mm);
        let mut widths = Vec::new();
        for k in 1..self.line.len() {
            let (a, b) = (self.line[k - 1], self.line[k]);
            along_mm += (b.0 - a.0).hypot(b.1 - a.1) * mm_per_px;
            if along_mm >= next_mm {
                let width_mm = width_across(&share, &self.line, k, self.reach_px) * mm_per_px;
                widths.push(WidthAt { at: in_photo(b), along_mm, width_mm });
                next_mm += step_mm;
            }
        }
        widths
    }
}

/// Spread of the widths along a scar, each with the uncertainty of a width.
pub(crate) fn width_range(widths: &[WidthAt], uncertainty_mm: f64) -> Option<WidthRange> {
    let at = |share: f64| {
        let value = quantile(widths.iter().map(|at| at.width_mm as f32), share)?;
        Some(Estimate::new(f64::from(value), uncertainty_mm))
    };
    Some(WidthRange { p10_mm: at(0.1)?, p90_mm: at(0.9)?, max_mm: at(1.0)? })
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
    use stipple_quantity::PointInPhoto;

    #[test]
    fn a_wedge_is_told_with_its_widths() {
        // 40 mm long at 10 px/mm, 2 mm wide at one end and 6 mm at the other.
        let inside = |k: usize| {
            let (x, y) = ((k % 420) as f64, (k / 420) as f64);
            (10.0..410.0).contains(&x) && (y - 40.0).abs() < 10.0 + (x - 10.0) / 20.0
        };
        let mask = Mask { width: 420, height: 80, samples: (0..420 * 80).map(inside).collect() };
        let middle = Middle::of(&mask, 10.0).expect("it is not empty");
        assert!((middle.length_px / 400.0 - 1.0).abs() < 0.08, "{}", middle.length_px);
        let widths = middle.widths(&mask, 0.1, |(x, y)| PointInPhoto::new(x, y));
        assert!((36..=44).contains(&widths.len()));
        let range = width_range(&widths, 0.2).expect("there are widths");
        assert!(
            (range.p10_mm.value - 2.4).abs() < 0.7 && (range.p90_mm.value - 5.6).abs() < 0.5,
            "{range:?}"
        );
    }

    #[test]
    fn kinds() {
        assert_eq!(kind(80.0, 3.0, 240.0), ScarKind::Linear);
        assert_eq!(kind(1.2, 0.9, 1.0), ScarKind::Punctate);
        assert_eq!(kind(30.0, 20.0, 600.0), ScarKind::Patch);
        assert!(Middle::of(&Mask::filled(4, 4, false), 5.0).is_none());
    }
}
