//! Dots on skin: how much light each pixel keeps.

use rayon::prelude::*;
use stipple_model::{Moment, Photo, Watch};
use stipple_optics::dot::{FIRST_HALO_SPREAD, SPREADS_MM};
use stipple_optics::{Profile, redness_left};

use crate::codes::Codes;
use crate::error::Error;
use crate::looks::{Looks, PaintedDot, median_pitch_mm};
use crate::soft::{Extent, GAUSSIAN_END, Lanes, SoftField, Spot, WIDEST};
use crate::stamp::Stamp;

/// Rows and columns painted at a time: what they keep stays in a core's cache.
const STRIP_ROWS: usize = 32;
const TILE_COLUMNS: usize = 128;
/// Distance over which needling reddens the skin around a dot, mm (one standard deviation).
const REDNESS_SPREAD_MM: f64 = 0.8;
/// Dots per mm² at which the skin is about two thirds as red as it gets.
const REDNESS_HALF_PER_MM2: f32 = 0.6;
/// Optical density of the reddest skin in R, G, B: blood absorbs green and blue.
const REDNESS_DENSITY: Lanes = [0.01, 0.15, 0.11, 0.0];

/// Everything a tile of the picture needs to be painted.
pub(crate) struct Scene<'a> {
    photo: &'a Photo,
    looks: &'a Looks,
    /// The looks' own dark, and the stains' above it.
    stamps: Vec<Stamp>,
    stains: Vec<Option<Stamp>>,
    /// Pixels that any dot reaches.
    extent: Option<Extent>,
    /// Wide parts of the dots, and redness, as optical densities.
    halo: Option<SoftField>,
    redness: Option<(SoftField, f32)>,
    /// Indices of the dots that touch each tile, strip after strip.
    tiles: Vec<Vec<u32>>,
}

impl<'a> Scene<'a> {
    /// The dots of a moment on a photograph.
    pub(crate) fn new(photo: &'a Photo, looks: &'a Looks, moment: Moment) -> Self {
        let pitch_mm = median_pitch_mm(&looks.dots);
        let extent = extent(photo, looks, pitch_mm);
        let mut scene = Self {
            photo,
            looks,
            stamps: looks.profiles.iter().map(Stamp::of).collect(),
            stains: looks.stains.iter().map(|stain| stain.as_ref().map(Stamp::of)).collect(),
            extent,
            halo: extent.and_then(|extent| halo(looks, extent, pitch_mm)),
            redness: None,
            tiles: Vec::new(),
        };
        let red = redness_left(moment.days()) as f32;
        scene.redness = extent.filter(|_| red > 0.01).map(|extent| (redness(looks, extent, pitch_mm), red));
        scene.sort_into_tiles();
        scene
    }

    /// Pixels that any dot reaches, if there is a dot.
    pub(crate) fn extent(&self) -> Option<Extent> {
        self.extent
    }

    /// The photograph with its dots, and the part that holds all pixels that changed; elsewhere the codes stay as they are.
    ///
    /// # Errors
    /// If the watcher stops the work.
    pub(crate) fn paint(&self, watch: &dyn Watch) -> Result<(Vec<u16>, Option<Extent>), Error> {
        let codes = Codes::new(self.photo.space, self.photo.bit_depth);
        let mut picture = self.photo.codes.clone();
        let row = 3 * self.photo.width_px;
        let strips = picture.par_chunks_mut(row * STRIP_ROWS).enumerate();
        let changed = strips.map_init(Vec::new, |kept, (strip, pixels)| {
            if watch.stopped() {
                return Err(Error::Stopped);
            }
            let mut changed = None;
            for tile in 0..self.tiles_across() {
                if let Some(area) = self.kept_light(strip, tile, kept)
                    && darken(pixels, row, strip * STRIP_ROWS, area, kept, &codes)
                {
                    changed = Extent::around_both(changed, Some(area));
                }
            }
            Ok(changed)
        });
        let changed = changed.try_reduce(|| None, |one, two| Ok(Extent::around_both(one, two)))?;
        Ok((picture, changed))
    }

    fn tiles_across(&self) -> usize {
        self.photo.width_px.div_ceil(TILE_COLUMNS)
    }

    /// The pixels of a tile that dots reach, if any, and the share of light that each of them keeps.
    fn kept_light(&self, strip: usize, tile: usize, kept: &mut Vec<Lanes>) -> Option<Extent> {
        let whole = Extent {
            left: tile * TILE_COLUMNS,
            top: strip * STRIP_ROWS,
            right: (tile + 1) * TILE_COLUMNS,
            bottom: (strip + 1) * STRIP_ROWS,
        };
        let area = whole.shared_with(self.extent?)?;
        let width = area.right - area.left;
        kept.clear();
        kept.resize(width * (area.bottom - area.top), [0.0; 4]);
        for (row, line) in (area.top..area.bottom).zip(kept.chunks_exact_mut(width)) {
            self.soft_density(row, area.left, line);
            line.iter_mut().for_each(|density| *density = density.map(transmittance));
        }
        for &index in &self.tiles[strip * self.tiles_across() + tile] {
            let dot = &self.looks.dots[index as usize];
            self.stamps[dot.look].press(dot, area, kept);
            if let Some(stain) = &self.stains[dot.look] {
                stain.press(dot, area, kept);
            }
        }
        Some(area)
    }

    /// What every pixel that dots reach keeps.
    #[cfg(test)]
    pub(crate) fn kept_light_everywhere(&self) -> Vec<Lanes> {
        let tiles = (0..self.tiles.len()).map(|i| (i / self.tiles_across(), i % self.tiles_across()));
        let kept = |(strip, tile)| {
            let mut kept = Vec::new();
            self.kept_light(strip, tile, &mut kept);
            kept
        };
        tiles.flat_map(kept).collect()
    }

    /// Optical density of halos and redness along a part of a row.
    fn soft_density(&self, row: usize, left: usize, density: &mut [Lanes]) {
        if let Some((field, red)) = &self.redness {
            field.add_row_to(row, left, density);
            for d in density.iter_mut() {
                let share = 1.0 - (-d[0] / REDNESS_HALF_PER_MM2).exp();
                *d = REDNESS_DENSITY.map(|full| full * share * red);
            }
        }
        if let Some(halo) = &self.halo {
            halo.add_row_to(row, left, density);
        }
    }

    /// Notes for each tile which dots touch it.
    fn sort_into_tiles(&mut self) {
        let strips = self.photo.height_px.div_ceil(STRIP_ROWS);
        let across = self.tiles_across();
        self.tiles = vec![Vec::new(); strips * across];
        for (index, dot) in (0..).zip(&self.looks.dots) {
            let [mut half_width, mut half_height] = self.stamps[dot.look].half_size_px(dot);
            if let Some(stain) = &self.stains[dot.look] {
                let [width, height] = stain.half_size_px(dot);
                (half_width, half_height) = (half_width.max(width), half_height.max(height));
            }
            for strip in cells(dot.y_px, half_height, STRIP_ROWS, strips) {
                for tile in cells(dot.x_px, half_width, TILE_COLUMNS, across) {
                    self.tiles[strip * across + tile].push(index);
                }
            }
        }
    }
}

/// Takes from the pixels of an area what its dots do not leave them, and tells whether any changed; `pixels` start at
/// `first_row`.
fn darken(
    pixels: &mut [u16],
    row: usize,
    first_row: usize,
    area: Extent,
    kept: &[Lanes],
    codes: &Codes,
) -> bool {
    let width = area.right - area.left;
    let mut changed = false;
    for (y, kept) in (area.top..area.bottom).zip(kept.chunks_exact(width)) {
        let line = &mut pixels[(y - first_row) * row + 3 * area.left..][..3 * width];
        line.chunks_exact_mut(3).zip(kept).for_each(|(pixel, kept)| changed |= codes.darken(pixel, kept));
    }
    changed
}

/// Cells of `size` pixels, among `count`, that `half` around a place touches.
fn cells(place: f64, half: f64, size: usize, count: usize) -> std::ops::Range<usize> {
    let cell = |px: f64| (px / size as f64).floor().clamp(0.0, count as f64);
    if place + half < 0.0 {
        return 0..0;
    }
    cell(place - half) as usize..((cell(place + half) + 1.0) as usize).min(count)
}

/// exp(−d) for densities of soft contributions to 1e-4: the eighth power of a series for an eighth of it.
#[inline]
fn transmittance(d: f32) -> f32 {
    let dense = if d < DENSEST { d } else { DENSEST };
    let h = dense / 8.0;
    let root = 1.0 - h * (1.0 - h * (1.0 / 2.0 - h * (1.0 / 6.0 - h * (1.0 / 24.0 - h / 120.0))));
    let square = root * root;
    square * square * (square * square)
}

/// Denser than this is black.
const DENSEST: f32 = 8.0;

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

/// The wide parts of all dots, as optical density.
fn halo(looks: &Looks, extent: Extent, pitch_mm: f64) -> Option<SoftField> {
    let amounts: Vec<_> = looks.profiles.iter().map(Profile::halo_mm2).collect();
    let fields = SPREADS_MM[FIRST_HALO_SPREAD..].iter().enumerate().map(|(number, spread_mm)| {
        let spot = |dot: &PaintedDot| {
            let pitch = dot.pitch_mm.clamp(pitch_mm / WIDEST, pitch_mm * WIDEST);
            let amount = amounts[dot.look][number].map(|a| a * f64::from(dot.strength) / (pitch * pitch));
            Spot { x_px: dot.x_px, y_px: dot.y_px, spread_px: spread_mm / pitch, amount }
        };
        let mut field = SoftField::new(extent, spread_mm / pitch_mm);
        field.add_all(&looks.dots.iter().map(spot).collect::<Vec<_>>());
        field
    });
    // because the narrowest field has the most nodes: the others are smooth between them.
    fields.reduce(|mut finest, wider| {
        finest.add_field(&wider);
        finest
    })
}

/// New dots per mm², blurred by how far needling reddens the skin.
fn redness(looks: &Looks, extent: Extent, pitch_mm: f64) -> SoftField {
    let spread_px = REDNESS_SPREAD_MM / pitch_mm;
    let amount = [1.0 / (pitch_mm * pitch_mm), 0.0, 0.0];
    let spot = |dot: &PaintedDot| Spot { x_px: dot.x_px, y_px: dot.y_px, spread_px, amount };
    let mut field = SoftField::new(extent, spread_px);
    let new = looks.dots.iter().filter(|dot| looks.stains[dot.look].is_some());
    field.add_all(&new.map(spot).collect::<Vec<_>>());
    field
}
