//! A photograph as the frame sees it: as light, and where it shows scalp.

use stipple_model::{Photo, Reading};
use stipple_quantity::PointInPhoto;
use stipple_raster::Mask;
use stipple_raster::region::fill_polygon;

use crate::Visit;

/// Pixels a side of the squares in which the zone of a photograph is looked up.
const ZONE_STEP: usize = 4;

/// A photograph as light, with the colors that were read.
pub(super) struct Light<'a> {
    photo: &'a Photo,
    tables: [Vec<f32>; 3],
}

impl<'a> Light<'a> {
    pub(super) fn of(visit: Visit<'a>) -> Self {
        let linear = visit.photo.space.linear_table();
        let gains = visit.reading.white_gain;
        let tables = gains.map(|gain| linear.iter().map(|light| light * gain as f32).collect());
        Self { photo: visit.photo, tables }
    }

    /// Linear red, green, blue between the four nearest pixels; none off the photograph.
    pub(super) fn at(&self, place: PointInPhoto) -> Option<[f32; 3]> {
        let (width, height) = (self.photo.width_px, self.photo.height_px);
        let inside =
            (0.0..=width as f64).contains(&place.x_px) && (0.0..=height as f64).contains(&place.y_px);
        if !inside {
            return None;
        }
        // Half a pixel along the rim is the rim's own.
        let x = (place.x_px - 0.5).clamp(0.0, (width - 1) as f64);
        let y = (place.y_px - 0.5).clamp(0.0, (height - 1) as f64);
        let (column, row) =
            ((x as usize).min(width.saturating_sub(2)), (y as usize).min(height.saturating_sub(2)));
        let (fx, fy) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let light = |dx: usize, dy: usize, c: usize| {
            let k = ((row + dy).min(height - 1) * width + (column + dx).min(width - 1)) * 3 + c;
            self.tables[c][usize::from(self.photo.codes[k])]
        };
        Some([0, 1, 2].map(|c: usize| {
            let upper = (1.0 - fx) * light(0, 0, c) + fx * light(1, 0, c);
            let lower = (1.0 - fx) * light(0, 1, c) + fx * light(1, 1, c);
            (1.0 - fy) * upper + fy * lower
        }))
    }
}

/// Where a photograph shows scalp.
pub(super) struct ZoneOfPhoto {
    zone: Mask,
}

impl ZoneOfPhoto {
    pub(super) fn of(reading: &Reading) -> Self {
        let small = |px: usize| px.div_ceil(ZONE_STEP);
        let (width, height) = (small(reading.photo.width_px), small(reading.photo.height_px));
        let mut zone = Mask::filled(width, height, false);
        for outline in &reading.zone_outlines {
            let corner = |p: &PointInPhoto| (p.x_px / ZONE_STEP as f64, p.y_px / ZONE_STEP as f64);
            let corners: Vec<(f64, f64)> = outline.iter().map(corner).collect();
            let inside = fill_polygon(&corners, width, height);
            // Because holes are outlines of their own, what is inside twice is outside.
            zone.samples.iter_mut().zip(&inside.samples).for_each(|(zone, inside)| *zone ^= inside);
        }
        Self { zone }
    }

    pub(super) fn holds(&self, place: PointInPhoto) -> bool {
        self.zone.contains(place.x_px / ZONE_STEP as f64, place.y_px / ZONE_STEP as f64)
    }
}
