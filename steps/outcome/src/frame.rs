//! Both photographs on one flat piece of scalp: the scar and what is around it, as the photograph before has it.

mod nodes;
mod photo;

use rayon::prelude::*;
use stipple_color::RgbSpace;
use stipple_model::{BeforeAfter, Reading};
use stipple_quantity::{PointInPhoto, PointInScalp, ScalpFromPhoto};
use stipple_raster::{Grid, Mask};

use crate::Visit;
use crate::aligned::Aligned;
use crate::error::Error;
use crate::scene::Scene;
use nodes::Nodes;
pub(crate) use photo::Pixels;
use photo::{Light, ZoneOfPhoto};

/// Scalp around the scar that is laid flat with it, mm: the ring that is measured, and room for clutter to fade.
const AROUND_MM: f64 = 16.0;
/// Longer side at most, pixels.
const SIDE_PX: f64 = 1600.0;
/// How much coarser the first look is.
const COARSER: f64 = 6.0;

/// The piece of scalp.
pub(crate) struct Frame {
    /// Columns.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// Size of a pixel, mm.
    pub(crate) mm_per_px: f64,
    left_mm: f64,
    top_mm: f64,
    scalp_from_photo: ScalpFromPhoto,
    nodes: Nodes,
    /// Area of the whole scar of the photograph before, mm².
    whole_scar_mm2: f64,
    /// Where the scar is, and where both photographs show scalp.
    pub(crate) scar: Mask,
    /// See `scar`.
    pub(crate) zone: Mask,
}

impl Frame {
    /// As much around the scar as both photographs show.
    ///
    /// # Errors
    /// [`Error::NoScar`] if the mask is empty.
    pub(crate) fn of(visits: BeforeAfter<Visit<'_>>, aligned: &Aligned, scar: &Mask) -> Result<Self, Error> {
        let scalp_from_photo = &visits.before.reading.photo.scalp_from_photo;
        let wanted = extent_mm(scar, scalp_from_photo).ok_or(Error::NoScar)?;
        let pitches = aligned.mm_per_px();
        let mm_per_px = pitches.before.max(pitches.after).max(longest_mm(wanted) / SIDE_PX);
        // A coarse look tells how much of it both show.
        let coarse = Self::over(wanted, COARSER * mm_per_px, visits, aligned, scar);
        let shown = coarse.shown_mm().unwrap_or(wanted);
        let whole_scar_mm2 = coarse.scar.count() as f64 * coarse.mm_per_px * coarse.mm_per_px;
        Ok(Self { whole_scar_mm2, ..Self::over(shown, mm_per_px, visits, aligned, scar) })
    }

    /// As much around the scar as one photograph shows; there is none after it.
    ///
    /// # Errors
    /// [`Error::NoScar`] if the mask is empty.
    pub(crate) fn of_one(reading: &Reading, scar: &Mask) -> Result<Self, Error> {
        let scalp_from_photo = &reading.photo.scalp_from_photo;
        let extent = extent_mm(scar, scalp_from_photo).ok_or(Error::NoScar)?;
        let mm_per_px = (reading.photo.pixel_pitch_um.value / 1000.0).max(longest_mm(extent) / SIDE_PX);
        let mut frame = Self::around(extent, mm_per_px, *scalp_from_photo, scar);
        let zone = ZoneOfPhoto::of(reading);
        frame.zone = frame.mask(|frame, x, y| zone.holds(frame.in_before(x, y)));
        Ok(frame)
    }

    /// With the scar, and nothing known of the zone yet.
    fn around((low, high): Extent, mm_per_px: f64, scalp_from_photo: ScalpFromPhoto, scar: &Mask) -> Self {
        let side = |mm: f64| (mm / mm_per_px).ceil().max(1.0) as usize;
        let (width, height) = (side(high.0 - low.0), side(high.1 - low.1));
        let mut frame = Self {
            width,
            height,
            mm_per_px,
            left_mm: low.0,
            top_mm: low.1,
            scalp_from_photo,
            nodes: Nodes::default(),
            whole_scar_mm2: 0.0,
            scar: Mask::filled(width, height, false),
            zone: Mask::filled(width, height, false),
        };
        frame.scar = frame.mask(|frame, x, y| {
            let place = frame.in_before(x, y);
            scar.contains(place.x_px, place.y_px)
        });
        frame
    }

    fn over(
        extent: Extent,
        mm_per_px: f64,
        visits: BeforeAfter<Visit<'_>>,
        aligned: &Aligned,
        scar: &Mask,
    ) -> Self {
        let scalp_from_photo = visits.before.reading.photo.scalp_from_photo;
        let mut frame = Self::around(extent, mm_per_px, scalp_from_photo, scar);
        frame.nodes = Nodes::of(&frame, aligned);
        let zones = visits.of(|visit| ZoneOfPhoto::of(visit.reading));
        frame.zone = frame.mask(|frame, x, y| {
            zones.before.holds(frame.in_before(x, y))
                && frame.in_after(x, y).is_some_and(|after| zones.after.holds(after))
        });
        frame
    }

    /// The box of what both photographs show; none if that is nothing.
    fn shown_mm(&self) -> Option<Extent> {
        let row = |y: &usize| self.zone.samples[y * self.width..(y + 1) * self.width].contains(&true);
        let column = |x: &usize| (0..self.height).any(|y| self.zone.at(*x, y));
        let (top, bottom) = ((0..self.height).find(row)?, (0..self.height).rfind(row)?);
        let (left, right) = ((0..self.width).find(column)?, (0..self.width).rfind(column)?);
        let mm = |x: usize, y: usize| {
            (self.left_mm + x as f64 * self.mm_per_px, self.top_mm + y as f64 * self.mm_per_px)
        };
        Some((mm(left, top), mm(right + 1, bottom + 1)))
    }

    /// Where a place of this frame, in its pixels, is in the photograph before.
    pub(crate) fn in_before(&self, x: f64, y: f64) -> PointInPhoto {
        let (x_mm, y_mm) = (self.left_mm + x * self.mm_per_px, self.top_mm + y * self.mm_per_px);
        self.scalp_from_photo.photo_from_scalp(PointInScalp::new(x_mm, y_mm))
    }

    /// Where it is in the photograph after, as far as that is known.
    pub(crate) fn in_after(&self, x: f64, y: f64) -> Option<PointInPhoto> {
        self.nodes.after(x * self.mm_per_px, y * self.mm_per_px)
    }

    /// Share of the scar that both photographs show.
    pub(crate) fn shown_share(&self) -> f64 {
        let shown = self.scar.samples.iter().zip(&self.zone.samples).filter(|(scar, zone)| **scar && **zone);
        shown.count() as f64 * self.mm_per_px * self.mm_per_px / self.whole_scar_mm2.max(1e-9)
    }

    /// Where a place of the photograph before is in this frame, mm from its upper left corner.
    pub(crate) fn mm_of(&self, before: PointInPhoto) -> (f64, f64) {
        let place = self.scalp_from_photo.apply(before);
        (place.x_mm - self.left_mm, place.y_mm - self.top_mm)
    }

    /// Whether both photographs show scalp at a place, mm from the upper left corner.
    pub(crate) fn shows(&self, (x_mm, y_mm): (f64, f64)) -> bool {
        self.zone.contains(x_mm / self.mm_per_px, y_mm / self.mm_per_px)
    }

    /// Whether they show scalp all around it, so far off, mm.
    pub(crate) fn shows_around(&self, (x_mm, y_mm): (f64, f64), far_mm: f64) -> bool {
        let around = [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
        around.iter().all(|(dx, dy)| self.shows((x_mm + dx * far_mm, y_mm + dy * far_mm)))
    }

    /// Visits every pixel whose middle is so near a place, with how far it is, mm.
    pub(crate) fn each_within(
        &self,
        (x_mm, y_mm): (f64, f64),
        far_mm: f64,
        mut visit: impl FnMut(usize, f64),
    ) {
        let [x, y, far] = [x_mm, y_mm, far_mm].map(|mm| mm / self.mm_per_px);
        let rows = (y - far).max(0.0) as usize..((y + far).max(0.0).ceil() as usize).min(self.height);
        for row in rows {
            let columns = (x - far).max(0.0) as usize..((x + far).max(0.0).ceil() as usize).min(self.width);
            for column in columns {
                let away = (column as f64 + 0.5 - x).hypot(row as f64 + 0.5 - y);
                if away <= far {
                    visit(row * self.width + column, away * self.mm_per_px);
                }
            }
        }
    }

    /// Where a mark of the photograph after is, mm, if both photographs show scalp there.
    pub(crate) fn mm_of_mark(&self, after: PointInPhoto, aligned: &Aligned) -> Option<(f64, f64)> {
        aligned.likely_inverse(after).map(|before| self.mm_of(before)).filter(|mm| self.shows(*mm))
    }

    /// Whether that is in the scar.
    pub(crate) fn is_treated(&self, (x_mm, y_mm): (f64, f64)) -> bool {
        self.scar.contains(x_mm / self.mm_per_px, y_mm / self.mm_per_px)
    }

    /// Both photographs in linear light on this frame.
    pub(crate) fn planes(&self, visits: BeforeAfter<Visit<'_>>) -> BeforeAfter<Planes> {
        BeforeAfter {
            before: self.planes_before(visits.before.photo.into(), visits.before.reading),
            after: self.sampled(visits.after.photo.into(), visits.after.reading, |x, y| self.in_after(x, y)),
        }
    }

    /// The photograph before, or a simulation of it, in linear light on this frame.
    pub(crate) fn planes_before(&self, pixels: Pixels<'_>, reading: &Reading) -> Planes {
        self.sampled(pixels, reading, |x, y| Some(self.in_before(x, y)))
    }

    /// Where something holds at the middle of a pixel.
    pub(crate) fn mask(&self, holds: impl Fn(&Self, f64, f64) -> bool + Sync) -> Mask {
        let (width, height) = (self.width, self.height);
        let pixels = (0..height).into_par_iter().flat_map_iter(|y| (0..width).map(move |x| (x, y)));
        let samples = pixels.map(|(x, y)| holds(self, x as f64 + 0.5, y as f64 + 0.5));
        Mask { width, height, samples: samples.collect() }
    }

    /// A photograph on this frame; each pixel is the mean of as many places as the photograph has in it.
    fn sampled(
        &self,
        pixels: Pixels<'_>,
        reading: &Reading,
        place: impl Fn(f64, f64) -> Option<PointInPhoto> + Sync,
    ) -> Planes {
        let light = Light::of(pixels, reading);
        let pitch_mm = reading.photo.pixel_pitch_um.value / 1000.0;
        let across = (self.mm_per_px / pitch_mm).round().clamp(1.0, 8.0) as usize;
        let step = 1.0 / across as f64;
        let mut all = vec![[0.0f32; 3]; self.width * self.height];
        all.par_chunks_mut(self.width).enumerate().for_each(|(y, row)| {
            for (x, out) in row.iter_mut().enumerate() {
                let taps = (0..across * across).filter_map(|k| {
                    let (dx, dy) = ((k % across) as f64 + 0.5, (k / across) as f64 + 0.5);
                    light.at(place(x as f64 + dx * step, y as f64 + dy * step)?)
                });
                let (sum, count) = taps.fold(([0.0f32; 3], 0.0f32), |(sum, count), light| {
                    ([sum[0] + light[0], sum[1] + light[1], sum[2] + light[2]], count + 1.0)
                });
                *out = sum.map(|sum| sum / count.max(1.0));
            }
        });
        let grids = [0, 1, 2].map(|c: usize| Grid::computed(self.width, self.height, |k| all[k][c]));
        Planes { grids, space: pixels.space }
    }
}

/// A photograph on the frame.
pub(crate) struct Planes {
    grids: [Grid; 3],
    /// The space the light is in.
    pub(crate) space: RgbSpace,
}

impl Planes {
    /// Linear red, green, blue of a pixel.
    pub(crate) fn rgb(&self, k: usize) -> [f32; 3] {
        [0, 1, 2].map(|c: usize| self.grids[c].samples[k])
    }

    /// What is measured.
    pub(crate) fn scene<'a>(&'a self, frame: &'a Frame) -> Scene<'a> {
        let [red, green, blue] = &self.grids;
        Scene {
            linear: [red, green, blue],
            space: self.space,
            mm_per_px: frame.mm_per_px,
            scar: &frame.scar,
            zone: &frame.zone,
        }
    }
}

/// Upper left and lower right corner of a box on the scalp, mm.
type Extent = ((f64, f64), (f64, f64));

fn longest_mm((low, high): Extent) -> f64 {
    (high.0 - low.0).max(high.1 - low.1)
}

/// Corners of the scar's box, grown by [`AROUND_MM`].
fn extent_mm(scar: &Mask, scalp_from_photo: &ScalpFromPhoto) -> Option<Extent> {
    let rows: Vec<usize> = (0..scar.height)
        .filter(|y| scar.samples[y * scar.width..(y + 1) * scar.width].contains(&true))
        .collect();
    let (first, last) = (*rows.first()?, *rows.last()?);
    let in_scar = |x: &usize| rows.iter().any(|y| scar.at(*x, *y));
    let (left, right) = ((0..scar.width).find(in_scar)?, (0..scar.width).rfind(in_scar)?);
    let corner = |x: usize, y: usize| scalp_from_photo.apply(PointInPhoto::new(x as f64, y as f64));
    let corners =
        [corner(left, first), corner(right + 1, first), corner(left, last + 1), corner(right + 1, last + 1)];
    let least =
        |of: fn(&PointInScalp) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min) - AROUND_MM;
    let most =
        |of: fn(&PointInScalp) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max) + AROUND_MM;
    Some(((least(|p| p.x_mm), least(|p| p.y_mm)), (most(|p| p.x_mm), most(|p| p.y_mm))))
}
