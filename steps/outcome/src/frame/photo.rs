//! A photograph as the frame sees it: as light, and where it shows scalp.

use stipple_color::RgbSpace;
use stipple_model::{Photo, Reading, Simulation};
use stipple_quantity::PointInPhoto;
use stipple_raster::Mask;
use stipple_raster::region::fill_polygon;

/// Pixels a side of the squares in which the zone of a photograph is looked up.
const ZONE_STEP: usize = 4;

/// What is looked at: a photograph, or a simulation of how it may look.
#[derive(Clone, Copy)]
pub(crate) struct Pixels<'a> {
    width_px: usize,
    height_px: usize,
    pub(super) space: RgbSpace,
    codes: &'a [u16],
}

impl<'a> From<&'a Photo> for Pixels<'a> {
    fn from(photo: &'a Photo) -> Self {
        let Photo { width_px, height_px, space, ref codes, .. } = *photo;
        Self { width_px, height_px, space, codes }
    }
}

impl<'a> From<&'a Simulation> for Pixels<'a> {
    fn from(simulation: &'a Simulation) -> Self {
        let Simulation { width_px, height_px, space, ref codes, .. } = *simulation;
        Self { width_px, height_px, space, codes }
    }
}

/// A photograph as light, with the colors that were read.
pub(super) struct Light<'a> {
    pixels: Pixels<'a>,
    tables: [Vec<f32>; 3],
}

impl<'a> Light<'a> {
    pub(super) fn of(pixels: Pixels<'a>, reading: &Reading) -> Self {
        let linear = pixels.space.linear_table();
        let gains = reading.white_gain;
        let tables = gains.map(|gain| linear.iter().map(|light| light * gain as f32).collect());
        Self { pixels, tables }
    }

    /// Linear red, green, blue between the four nearest pixels; none off the photograph.
    pub(super) fn at(&self, place: PointInPhoto) -> Option<[f32; 3]> {
        let (width, height) = (self.pixels.width_px, self.pixels.height_px);
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
            self.tables[c][usize::from(self.pixels.codes[k])]
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
