//! What a phone makes of what its sensor saw: smoothing, sharpening, contrast, eight bits.

use rayon::prelude::*;

use stipple_color::RgbSpace;
use stipple_raster::{Grid, filter};

use crate::nuisance::Nuisance;
use crate::options::SynthOptions;
use crate::paint::Picture;

/// Share of red and blue in lightness; the rest is green.
const RED: f32 = 0.25;
/// See [`RED`].
const BLUE: f32 = 0.10;

/// The phone's taste.
struct Processing {
    /// Smoothing of color, px.
    color_px: f32,
    /// Differences of lightness that count as noise, 8-bit codes; none where it is not smoothed.
    noise_codes: Option<f32>,
    /// Fine detail added on top, as a share of it, and what counts as fine, px.
    sharpening: (f32, f32),
    /// Share of an S-shaped curve.
    contrast: f32,
}

impl Processing {
    fn drawn(options: &SynthOptions) -> Self {
        if !options.nuisances.has(Nuisance::Phone) {
            return Self { color_px: 0.0, noise_codes: None, sharpening: (0.0, 1.0), contrast: 0.0 };
        }
        let mut draw = options.seed.stream("synth.phone", 0);
        let heavy = options.harsh;
        let smoothed = draw.uniform() < 0.6;
        let threshold = draw.between(1.0, 3.0) * options.noise_codes;
        let color_px = draw.between(0.6, 2.0);
        let sharpening = draw.between(0.2, if heavy { 1.5 } else { 0.9 });
        let fine_px = draw.between(0.7, 1.4);
        let contrast = draw.between(-0.1, 0.35);
        Self {
            color_px: if heavy { color_px as f32 } else { 0.0 },
            noise_codes: (heavy && smoothed).then_some(threshold as f32),
            sharpening: (sharpening as f32, fine_px as f32),
            contrast: if heavy { contrast as f32 } else { 0.0 },
        }
    }
}

/// Eight-bit sRGB, three bytes a pixel.
pub(super) fn develop(seen: Picture, options: &SynthOptions) -> Vec<u8> {
    let processing = Processing::drawn(options);
    let (width, height) = (options.width_px, options.height_px);
    let code_of = code_table();
    let code = |v: f32| code_of[(v.clamp(0.0, 1.0) * 65_535.0 + 0.5) as usize];
    let coded: Vec<[f32; 3]> = seen.pixels.par_iter().map(|p| p.map(code)).collect();
    drop(seen);
    let lightness = |p: &[f32; 3]| RED * p[0] + (1.0 - RED - BLUE) * p[1] + BLUE * p[2];
    let grid = |of: &(dyn Fn(&[f32; 3]) -> f32 + Sync)| {
        Grid::from_samples(width, height, coded.par_iter().map(of).collect())
    };
    let light = grid(&lightness);
    let red = filter::gaussian_blur(&grid(&|p| p[0] - lightness(p)), processing.color_px);
    let blue = filter::gaussian_blur(&grid(&|p| p[2] - lightness(p)), processing.color_px);
    drop(coded);
    let light = processing.lightness(light);
    let mut bytes = vec![0u8; 3 * width * height];
    bytes.par_chunks_mut(3 * width).enumerate().for_each(|(y, out)| {
        for (x, triple) in out.chunks_exact_mut(3).enumerate() {
            let (l, r, b) = (light.at(x, y), red.at(x, y), blue.at(x, y));
            let g = -(RED * r + BLUE * b) / (1.0 - RED - BLUE);
            for (byte, value) in triple.iter_mut().zip([l + r, l + g, l + b]) {
                *byte = value.round().clamp(0.0, 255.0) as u8;
            }
        }
    });
    bytes
}

impl Processing {
    /// Lightness smoothed, sharpened and put on the curve; 8-bit codes.
    fn lightness(&self, mut light: Grid) -> Grid {
        if let Some(noise_codes) = self.noise_codes {
            light = smoothed(&light, noise_codes.max(0.3));
        }
        let (amount, fine_px) = self.sharpening;
        if amount > 0.0 {
            let coarse = filter::gaussian_blur(&light, fine_px);
            light.samples.par_iter_mut().zip(&coarse.samples).for_each(|(l, c)| *l += amount * (*l - c));
        }
        if self.contrast != 0.0 {
            light.samples.par_iter_mut().for_each(|l| {
                let t = (*l / 255.0).clamp(0.0, 1.0);
                *l += self.contrast * 255.0 * (t * t * (3.0 - 2.0 * t) - t);
            });
        }
        light
    }
}

/// The mean of each pixel and those of its eight neighbors that differ by little.
fn smoothed(light: &Grid, noise_codes: f32) -> Grid {
    let (width, height) = (light.width, light.height);
    let mut samples = vec![0.0f32; width * height];
    samples.par_chunks_mut(width).enumerate().for_each(|(y, out)| {
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|row| light.row(row));
        for (x, value) in out.iter_mut().enumerate() {
            let here = rows[1][x];
            let (mut sum, mut weights) = (0.0, 0.0);
            for row in rows {
                for column in [x.saturating_sub(1), x, (x + 1).min(width - 1)] {
                    let off = (row[column] - here) / noise_codes;
                    let weight = 1.0 / (1.0 + off * off).powi(2);
                    sum += weight * row[column];
                    weights += weight;
                }
            }
            *value = sum / weights;
        }
    });
    Grid::from_samples(width, height, samples)
}

/// The 8-bit code, not yet rounded, of every linear value in steps of 1/65,535.
fn code_table() -> Vec<f32> {
    (0..=u16::MAX).map(|v| 255.0 * RgbSpace::Srgb.encoded_from_linear(f32::from(v) / 65_535.0)).collect()
}
