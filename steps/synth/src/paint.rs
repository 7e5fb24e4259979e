//! Putting strokes and soft shades on a picture in linear light.

use rayon::prelude::*;

use crate::options::Zone;

/// A picture in linear light, interleaved R, G, B of sRGB primaries, row by row; 1 is paper white.
pub(crate) struct Picture {
    /// Columns.
    pub(crate) width: usize,
    /// One triple a pixel.
    pub(crate) pixels: Vec<[f32; 3]>,
}

/// Something with sharp edges on the skin: a hair, a flake. Lengths in mm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    /// One end.
    pub(crate) from: (f64, f64),
    /// The other end.
    pub(crate) to: (f64, f64),
    /// Its thickness.
    pub(crate) thickness_mm: f64,
    /// Its color, linear.
    pub(crate) color: [f32; 3],
    /// Share of the skin's light it takes away where it covers, 0–1.
    pub(crate) opacity: f32,
}

/// A soft darkening along a line, which fades on its way: by equal shares on equal distances. Lengths in mm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shade {
    /// One end.
    pub(crate) from: (f64, f64),
    /// The other end.
    pub(crate) to: (f64, f64),
    /// Standard deviation across it, at both ends.
    pub(crate) sigma_mm: [f64; 2],
    /// How much its start darkens R, G, B (natural logarithm); below zero it lightens.
    pub(crate) darkening: [f32; 3],
    /// Share of that which is left at its end, above 0.
    pub(crate) left: f32,
}

/// Rows painted together.
const BAND: usize = 64;

/// Shades first, then strokes, each in the order given.
///
/// # Determinism
/// Bands of rows are painted at once, but every pixel sees its strokes in the order given.
pub(crate) fn paint(picture: &mut Picture, zone: Zone, shades: &[Shade], strokes: &[Stroke]) {
    let shades: Vec<SoftLine> = shades.iter().map(|shade| SoftLine::new(shade, zone.px_per_mm)).collect();
    let strokes: Vec<Ribbon> = strokes.iter().map(|stroke| Ribbon::new(stroke, zone.px_per_mm)).collect();
    let bands = zone.height_px.div_ceil(BAND);
    let shades_of = by_band(shades.iter().map(|shade| &shade.frame), bands);
    let strokes_of = by_band(strokes.iter().map(|stroke| &stroke.frame), bands);
    let width = picture.width;
    picture.pixels.par_chunks_mut(width * BAND).enumerate().for_each(|(band, pixels)| {
        let top = band * BAND;
        let mut density = vec![[0.0f32; 3]; pixels.len()];
        for k in &shades_of[band] {
            let shade = &shades[*k];
            shade.frame.visit(&mut density, width, top, |x, y, density| shade.darken(x, y, density));
        }
        for (pixel, density) in pixels.iter_mut().zip(&density).filter(|(_, density)| **density != [0.0; 3]) {
            pixel.iter_mut().zip(density).for_each(|(value, density)| *value *= (-density).exp());
        }
        for k in &strokes_of[band] {
            let stroke = &strokes[*k];
            stroke.frame.visit(pixels, width, top, |x, y, pixel| stroke.cover(x, y, pixel));
        }
    });
}

/// Which frames touch each band.
fn by_band<'a>(frames: impl Iterator<Item = &'a Frame>, bands: usize) -> Vec<Vec<usize>> {
    let mut lists = vec![Vec::new(); bands];
    for (k, frame) in frames.enumerate() {
        let (first, last) = ((frame.top / BAND as f64).floor(), (frame.bottom / BAND as f64).floor());
        if last < 0.0 {
            continue;
        }
        for list in lists.iter_mut().take(last as usize + 1).skip(first.max(0.0) as usize) {
            list.push(k);
        }
    }
    lists
}

/// The pixels something may touch.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn around(a: (f64, f64), b: (f64, f64), reach: f64) -> Self {
        Self {
            left: a.0.min(b.0) - reach,
            right: a.0.max(b.0) + reach,
            top: a.1.min(b.1) - reach,
            bottom: a.1.max(b.1) + reach,
        }
    }

    /// Calls `touch` with the center of every pixel of the band inside the frame.
    fn visit(
        &self,
        band: &mut [[f32; 3]],
        width: usize,
        band_top: usize,
        mut touch: impl FnMut(f32, f32, &mut [f32; 3]),
    ) {
        let rows = band.len() / width;
        let clip = |v: f64, n: usize| v.clamp(0.0, n as f64) as usize;
        let (left, right) = (clip(self.left.floor(), width), clip(self.right.ceil(), width));
        let (top, bottom) = (
            clip(self.top.floor() - band_top as f64, rows),
            clip(self.bottom.ceil() - band_top as f64, rows),
        );
        for row in top..bottom {
            let y = (band_top + row) as f32 + 0.5;
            for (k, pixel) in band[row * width..][left..right].iter_mut().enumerate() {
                touch((left + k) as f32 + 0.5, y, pixel);
            }
        }
    }
}

/// A straight line in pixels: its start, its direction and its length.
#[derive(Clone, Copy)]
struct Line {
    x: f32,
    y: f32,
    along: (f32, f32),
    length: f32,
}

impl Line {
    fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let along = if length > 1e-9 { ((dx / length) as f32, (dy / length) as f32) } else { (1.0, 0.0) };
        Self { x: from.0 as f32, y: from.1 as f32, along, length: length as f32 }
    }

    /// How far along the line and how far to its left a place is.
    #[inline]
    fn of(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.x, y - self.y);
        (dx * self.along.0 + dy * self.along.1, dx * self.along.1 - dy * self.along.0)
    }
}

/// A [`Shade`] in pixels.
struct SoftLine {
    frame: Frame,
    line: Line,
    sigma: [f32; 2],
    darkening: [f32; 3],
    /// Natural logarithm of what is left at the end.
    fall: f32,
}

impl SoftLine {
    fn new(shade: &Shade, px_per_mm: f64) -> Self {
        let (from, to) = (in_px(shade.from, px_per_mm), in_px(shade.to, px_per_mm));
        // Below a third of a pixel a Gaussian would fall between pixel centers.
        let sigma = shade.sigma_mm.map(|s| (s * px_per_mm).max(0.35));
        let reach = 2.6 * sigma[0].max(sigma[1]) + 1.0;
        Self {
            frame: Frame::around(from, to, reach),
            line: Line::new(from, to),
            sigma: sigma.map(|s| s as f32),
            darkening: shade.darkening,
            fall: shade.left.ln(),
        }
    }

    /// Adds its optical density (natural logarithm).
    #[inline]
    fn darken(&self, x: f32, y: f32, density: &mut [f32; 3]) {
        let (u, v) = self.line.of(x, y);
        let on_line = u.clamp(0.0, self.line.length);
        let share = if self.line.length > 0.0 { on_line / self.line.length } else { 0.0 };
        let sigma = self.sigma[0] + share * (self.sigma[1] - self.sigma[0]);
        let squared = (v * v + (u - on_line).powi(2)) / (2.0 * sigma * sigma);
        if squared > 3.4 {
            return;
        }
        // Shifted down so that it ends at nothing where it is cut off.
        let fallen = if self.fall == 0.0 { 1.0 } else { (self.fall * share).exp() };
        let strength = ((-squared).exp() - 0.0334) * 1.0345 * fallen;
        for (value, darkening) in density.iter_mut().zip(self.darkening) {
            *value += darkening * strength;
        }
    }
}

/// A [`Stroke`] in pixels.
struct Ribbon {
    frame: Frame,
    line: Line,
    half: f32,
    color: [f32; 3],
    opacity: f32,
}

impl Ribbon {
    fn new(stroke: &Stroke, px_per_mm: f64) -> Self {
        let (from, to) = (in_px(stroke.from, px_per_mm), in_px(stroke.to, px_per_mm));
        let half = stroke.thickness_mm * px_per_mm / 2.0;
        Self {
            frame: Frame::around(from, to, half + 1.5),
            line: Line::new(from, to),
            half: half as f32,
            color: stroke.color,
            opacity: stroke.opacity,
        }
    }

    /// Blends by the share of the pixel that the stroke covers: overlap of a pixel-wide window with it,
    /// across times along.
    #[inline]
    fn cover(&self, x: f32, y: f32, pixel: &mut [f32; 3]) {
        let (u, v) = self.line.of(x, y);
        let along = overlap(u - self.line.length / 2.0, self.line.length / 2.0);
        if along <= 0.0 {
            return;
        }
        let share = along * overlap(v, self.half) * self.opacity;
        for (value, color) in pixel.iter_mut().zip(self.color) {
            *value += share * (color - *value);
        }
    }
}

/// Length of the part of [offset − ½, offset + ½] inside [−half, half].
#[inline]
fn overlap(offset: f32, half: f32) -> f32 {
    ((offset + 0.5).min(half) - (offset - 0.5).max(-half)).max(0.0)
}

fn in_px((x_mm, y_mm): (f64, f64), px_per_mm: f64) -> (f64, f64) {
    (x_mm * px_per_mm, y_mm * px_per_mm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_covers_its_own_area() {
        let zone = Zone { width_px: 100, height_px: 80, px_per_mm: 10.0 };
        for angle in [0.0f64, 0.4, 1.1] {
            let mut picture = Picture { width: 100, pixels: vec![[0.0; 3]; 8000] };
            let to = (5.0 + 2.0 * angle.cos(), 4.0 + 2.0 * angle.sin());
            let stroke = Stroke { from: (5.0, 4.0), to, thickness_mm: 0.07, color: [1.0; 3], opacity: 1.0 };
            paint(&mut picture, zone, &[], &[stroke]);
            let area: f32 = picture.pixels.iter().map(|p| p[0]).sum();
            assert!((area / 14.0 - 1.0).abs() < 0.06, "covered {area} of 14 pixels at {angle}");
        }
    }
}
