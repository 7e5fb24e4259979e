//! Dots on skin: how much light each pixel keeps.

use rayon::prelude::*;
use stipple_model::{Moment, Photo, Watch};
use stipple_optics::dot::{FIRST_HALO_SPREAD, SPREADS_MM};
use stipple_optics::{Profile, redness_left};

use crate::codes::Codes;
use crate::error::Error;
use crate::light::Relight;
use crate::looks::{Looks, PaintedDot, median_pitch_mm};
use crate::soft::{Extent, GAUSSIAN_END, Lanes, SoftField};

/// Rows painted at a time.
const STRIP_ROWS: usize = 32;
/// Distance over which needling reddens the skin around a dot, mm (one standard deviation).
const REDNESS_SPREAD_MM: f64 = 0.8;
/// Dots per mm² at which the skin is about two thirds as red as it gets.
const REDNESS_HALF_PER_MM2: f32 = 0.6;
/// Optical density of the reddest skin in R, G, B: blood absorbs green and blue.
const REDNESS_DENSITY: Lanes = [0.01, 0.15, 0.11, 0.0];

/// Everything a strip of the picture needs to be painted.
pub(crate) struct Scene<'a> {
    photo: &'a Photo,
    looks: &'a Looks,
    /// Pixels that any dot reaches.
    extent: Option<Extent>,
    /// Wide parts of the dots, and redness, as optical densities: fields of rising width.
    halos: Vec<SoftField>,
    redness: Option<(SoftField, f32)>,
    /// Indices of the dots that touch each strip.
    strips: Vec<Vec<u32>>,
}

impl<'a> Scene<'a> {
    /// The dots of a moment on a photograph.
    pub(crate) fn new(photo: &'a Photo, looks: &'a Looks, moment: Moment) -> Self {
        let pitch_mm = median_pitch_mm(&looks.dots);
        let extent = extent(photo, looks, pitch_mm);
        let mut scene = Self {
            photo,
            looks,
            extent,
            halos: Vec::new(),
            redness: None,
            strips: vec![Vec::new(); photo.height_px.div_ceil(STRIP_ROWS)],
        };
        if let Some(extent) = extent {
            scene.halos = halos(looks, extent, pitch_mm);
            let red = redness_left(moment.days()) as f32;
            if red > 0.01 {
                scene.redness = Some((redness(looks, extent, pitch_mm), red));
            }
            scene.sort_into_strips();
        }
        scene
    }

    /// Pixels that any dot reaches, if there is a dot.
    pub(crate) fn extent(&self) -> Option<Extent> {
        self.extent
    }

    /// The photograph with its dots under a light; where nothing changes, the codes stay as they are.
    ///
    /// # Errors
    /// If the watcher stops the work.
    pub(crate) fn paint(&self, relight: Option<Relight>, watch: &dyn Watch) -> Result<Vec<u16>, Error> {
        let codes = Codes::new(self.photo.space, self.photo.bit_depth);
        let mut picture = self.photo.codes.clone();
        let row = 3 * self.photo.width_px;
        picture.par_chunks_mut(row * STRIP_ROWS).enumerate().try_for_each(|(strip, pixels)| {
            if watch.stopped() {
                return Err(Error::Stopped);
            }
            let kept = self.kept_light(strip, pixels.len() / row);
            for (i, line) in pixels.chunks_exact_mut(row).enumerate() {
                self.paint_row(line, i, &kept, &codes, relight);
            }
            Ok(())
        })?;
        Ok(picture)
    }

    fn paint_row(
        &self,
        line: &mut [u16],
        row_in_strip: usize,
        kept: &[Lanes],
        codes: &Codes,
        relight: Option<Relight>,
    ) {
        let width = self.extent.map_or(0, |e| e.right - e.left);
        let kept = kept.get(row_in_strip * width..(row_in_strip + 1) * width).unwrap_or(&[]);
        let left = self.extent.map_or(0, |e| e.left);
        if let Some(relight) = relight {
            for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
                let kept = x.checked_sub(left).and_then(|i| kept.get(i)).copied().unwrap_or([1.0; 4]);
                let light = relight.apply(std::array::from_fn(|k| codes.linear(pixel[k]) * kept[k]));
                (0..3).for_each(|k| pixel[k] = codes.code(light[k]));
            }
            return;
        }
        for (pixel, kept) in line[3 * left..].chunks_exact_mut(3).zip(kept) {
            for k in 0..3 {
                if kept[k] < codes.unchanged_above() {
                    pixel[k] = codes.code(codes.linear(pixel[k]) * kept[k]);
                }
            }
        }
    }

    /// Share of light that the pixels of a strip keep, over the columns of the extent; empty if all.
    fn kept_light(&self, strip: usize, rows: usize) -> Vec<Lanes> {
        let first = strip * STRIP_ROWS;
        let Some(extent) = self.extent.filter(|e| first < e.bottom && first + rows > e.top) else {
            return Vec::new();
        };
        let width = extent.right - extent.left;
        let mut kept = vec![[1.0; 4]; width * rows];
        let mut density = vec![[0.0; 4]; width];
        for (i, line) in kept.chunks_exact_mut(width).enumerate() {
            if (extent.top..extent.bottom).contains(&(first + i)) {
                self.soft_density(first + i, &mut density);
                for (kept, density) in line.iter_mut().zip(&density) {
                    *kept = density.map(transmittance);
                }
            }
        }
        for &index in &self.strips[strip] {
            let dot = &self.looks.dots[index as usize];
            stamp(dot, &self.looks.profiles[dot.look], first, extent, &mut kept);
            if let Some(stain) = self.looks.stains.get(dot.look) {
                stamp(dot, stain, first, extent, &mut kept);
            }
        }
        kept
    }

    /// What every pixel of the extent keeps, strip after strip.
    #[cfg(test)]
    pub(crate) fn kept_light_everywhere(&self) -> Vec<Lanes> {
        let rows = |strip: usize| STRIP_ROWS.min(self.photo.height_px - strip * STRIP_ROWS);
        (0..self.strips.len()).flat_map(|strip| self.kept_light(strip, rows(strip))).collect()
    }

    /// Optical density of halos and redness along a row of the extent.
    fn soft_density(&self, row: usize, density: &mut [Lanes]) {
        density.fill([0.0; 4]);
        if let Some((field, red)) = &self.redness {
            field.add_row_to(row, density);
            for d in density.iter_mut() {
                let share = 1.0 - (-d[0] / REDNESS_HALF_PER_MM2).exp();
                *d = REDNESS_DENSITY.map(|full| full * share * red);
            }
        }
        self.halos.iter().for_each(|field| field.add_row_to(row, density));
    }

    /// Notes for each strip which dots touch it.
    fn sort_into_strips(&mut self) {
        for (index, dot) in self.looks.in_rows() {
            let stain_mm = self.looks.stains.get(dot.look).map_or(0.0, |stain| stain.core_reach_mm);
            let reach_mm = self.looks.profiles[dot.look].core_reach_mm.max(stain_mm);
            let [_, half_height] = footprint(dot, reach_mm);
            let last = self.photo.height_px as f64;
            let (top, bottom) = (dot.y_px - half_height, dot.y_px + half_height);
            if bottom <= 0.0 || top >= last {
                continue;
            }
            let strip = |y: f64| (y.clamp(0.0, last - 1.0) as usize) / STRIP_ROWS;
            (strip(top)..=strip(bottom)).for_each(|s| self.strips[s].push(index));
        }
    }
}

/// Multiplies what is kept by what one dot lets through: its look holds the blur of camera and pixel already.
fn stamp(dot: &PaintedDot, profile: &Profile, first_row: usize, extent: Extent, kept: &mut [Lanes]) {
    let width = extent.right - extent.left;
    let (pitch_mm, [half_width, half_height]) = (dot.pitch_mm(), footprint(dot, profile.core_reach_mm));
    let columns = pixels(dot.x_px - extent.left as f64, half_width, width);
    let m = dot.mm_per_px.map(|row| row.map(|v| v as f32));
    let distance = |dx: f32, dy: f32| {
        let (x, y) = (m[0][0] * dx + m[0][1] * dy, m[1][0] * dx + m[1][1] * dy);
        (x * x + y * y).sqrt()
    };
    let end_mm = (profile.core_reach_mm + pitch_mm) as f32;
    for row in pixels(dot.y_px - first_row as f64, half_height, kept.len() / width) {
        let dy = ((row + first_row) as f64 + 0.5 - dot.y_px) as f32;
        let line = &mut kept[row * width..][columns.clone()];
        let first_dx = ((columns.start + extent.left) as f64 + 0.5 - dot.x_px) as f32;
        for (i, pixel) in line.iter_mut().enumerate() {
            let dx = first_dx + i as f32;
            let middle = distance(dx, dy);
            if middle > end_mm {
                continue;
            }
            let contrast = profile.core_contrast_at(middle);
            (0..4).for_each(|k| pixel[k] *= 1.0 - (dot.strength * contrast[k]).min(0.98));
        }
    }
}

/// exp(−d) for densities of soft contributions, 0 to 1: off by less than d⁵/120.
#[inline]
fn transmittance(d: f32) -> f32 {
    1.0 / (1.0 + d * (1.0 + d * (1.0 / 2.0 + d * (1.0 / 6.0 + d / 24.0))))
}

/// Pixels whose middle may lie within `half` of a place on an axis, among `count`.
fn pixels(place: f64, half: f64, count: usize) -> std::ops::Range<usize> {
    let first = (place - half - 1.0).floor().clamp(0.0, count as f64) as usize;
    let end = (place + half + 1.0).ceil().clamp(0.0, count as f64) as usize;
    first..end
}

/// Half the width and height in pixels of a circle of `reach_mm` around a dot.
fn footprint(dot: &PaintedDot, reach_mm: f64) -> [f64; 2] {
    let m = dot.mm_per_px;
    let area_mm2 = dot.pitch_mm().powi(2);
    [m[0][1].hypot(m[1][1]), m[0][0].hypot(m[1][0])].map(|side| reach_mm * side / area_mm2)
}

/// The pixels that the dots and their halos reach.
fn extent(photo: &Photo, looks: &Looks, pitch_mm: f64) -> Option<Extent> {
    let widest = SPREADS_MM[SPREADS_MM.len() - 1];
    let reach = GAUSSIAN_END * widest / pitch_mm;
    let (width, height) = (photo.width_px as f64, photo.height_px as f64);
    let mut whole: Option<[f64; 4]> = None;
    for dot in &looks.dots {
        let (left, right) = ((dot.x_px - reach).max(0.0), (dot.x_px + reach).min(width));
        let (top, bottom) = ((dot.y_px - reach).max(0.0), (dot.y_px + reach).min(height));
        if left < right && top < bottom {
            let [l, t, r, b] = whole.unwrap_or([left, top, right, bottom]);
            whole = Some([l.min(left), t.min(top), r.max(right), b.max(bottom)]);
        }
    }
    whole.map(|[l, t, r, b]| Extent {
        left: l.floor() as usize,
        top: t.floor() as usize,
        right: r.ceil() as usize,
        bottom: b.ceil() as usize,
    })
}

/// The wide parts of all dots.
fn halos(looks: &Looks, extent: Extent, pitch_mm: f64) -> Vec<SoftField> {
    let spreads = &SPREADS_MM[FIRST_HALO_SPREAD..];
    let amounts: Vec<_> = looks.profiles.iter().map(Profile::halo_mm2).collect();
    spreads
        .par_iter()
        .enumerate()
        .map(|(number, spread_mm)| {
            let mut field = SoftField::new(extent, spread_mm / pitch_mm);
            for (_, dot) in looks.in_rows() {
                let pitch = dot.pitch_mm().clamp(pitch_mm / 3.0, pitch_mm * 3.0);
                let amount = amounts[dot.look][number].map(|a| a * f64::from(dot.strength) / (pitch * pitch));
                field.add(dot.x_px, dot.y_px, (spread_mm / pitch).min(3.0 * spread_mm / pitch_mm), amount);
            }
            field
        })
        .collect()
}

/// Dots per mm², blurred by how far needling reddens the skin.
fn redness(looks: &Looks, extent: Extent, pitch_mm: f64) -> SoftField {
    let mut field = SoftField::new(extent, REDNESS_SPREAD_MM / pitch_mm);
    for (_, dot) in looks.in_rows() {
        field.add(dot.x_px, dot.y_px, REDNESS_SPREAD_MM / pitch_mm, [1.0 / (pitch_mm * pitch_mm), 0.0, 0.0]);
    }
    field
}
