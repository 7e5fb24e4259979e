//! From light to a file: lens, sensor, sharpening, encoding.

use rayon::prelude::*;

use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Photo, Watch};
use stipple_quantity::Stream;
use stipple_raster::{Grid, filter};

use crate::options::{Error, SynthOptions};
use crate::paint::Picture;

/// Light on the scene: uneven, a little colored, darker in the picture's corners.
struct Illumination {
    pull: (f32, f32),
    vignetting: f32,
    /// Gain of R, G, B in the middle.
    gain: [f32; 3],
    /// Relative change of R and B from one side to the other.
    drift: f32,
}

impl Illumination {
    fn drawn(options: &SynthOptions, light_from: (f64, f64)) -> Self {
        let mut draw = options.seed.stream("synth.illumination", 0);
        let missing = options.light_unevenness as f32;
        let share = draw.between(0.45, 0.75) as f32;
        let (x, y) = (light_from.0 as f32, light_from.1 as f32);
        // In the corner away from the light both parts add up to what is missing.
        let reach = x.abs() + y.abs();
        let pull = missing * share / (1.0 + reach * 0.5);
        let tint = 0.012 * draw.normal().clamp(-2.0, 2.0) as f32;
        // Paper must not be blown out: who shoots a white card exposes for it.
        let exposure = if options.card { 0.80 } else { 1.02 + 0.4 * missing };
        Self {
            pull: (x * pull, y * pull),
            vignetting: missing * (1.0 - share) / 2.0,
            gain: [exposure * (1.0 + tint), exposure, exposure * (1.0 - tint)],
            drift: 0.02 * missing,
        }
    }

    /// Gain at a place; coordinates from −1 to 1 across the picture.
    #[inline]
    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let light = 1.0 + self.pull.0 * x + self.pull.1 * y - self.vignetting * (x * x + y * y);
        let drift = self.drift * x;
        [light * self.gain[0] * (1.0 + drift), light * self.gain[1], light * self.gain[2] * (1.0 - drift)]
    }
}

/// Takes the photograph.
///
/// # Errors
/// [`Error::Stopped`].
pub(crate) fn shoot(
    mut scene: Picture,
    options: &SynthOptions,
    light_from: (f64, f64),
    watch: &dyn Watch,
) -> Result<Photo, Error> {
    light_up(&mut scene, options, light_from);
    let mosaic = expose(scene, options);
    pause(watch, "camera", 0.4)?;
    let developed = demosaic(&mosaic);
    drop(mosaic);
    pause(watch, "camera", 0.7)?;
    let bytes = encode(&developed);
    let (width, height) = (options.width_px, options.height_px);
    drop(developed);
    let bytes = match options.jpeg_quality {
        Some(quality) => through_jpeg(&bytes, width, height, quality),
        None => bytes,
    };
    let codes = bytes.iter().map(|byte| u16::from(*byte) * 257).collect();
    Ok(Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes))
}

/// Reports, and stops where that was asked for.
pub(crate) fn pause(watch: &dyn Watch, phase: &'static str, share: f64) -> Result<(), Error> {
    watch.progress(phase, share);
    if watch.stopped() { Err(Error::Stopped) } else { Ok(()) }
}

fn light_up(scene: &mut Picture, options: &SynthOptions, light_from: (f64, f64)) {
    let light = Illumination::drawn(options, light_from);
    let (width, height) = (scene.width as f32, options.height_px as f32);
    scene.pixels.par_chunks_mut(scene.width).enumerate().for_each(|(y, row)| {
        let y = 2.0 * (y as f32 + 0.5) / height - 1.0;
        for (x, pixel) in row.iter_mut().enumerate() {
            let gain = light.at(2.0 * (x as f32 + 0.5) / width - 1.0, y);
            pixel.iter_mut().zip(gain).for_each(|(value, gain)| *value *= gain);
        }
    });
}

/// The color a sensor site sees: rows of R G R G…, then G B G B….
#[inline]
fn site(x: usize, y: usize) -> usize {
    (x & 1) + (y & 1)
}

/// Lens and sensor: blur, one color a site, noise.
fn expose(scene: Picture, options: &SynthOptions) -> Grid {
    let (width, height) = (options.width_px, options.height_px);
    let sigma_px = options.seed.stream("synth.lens", 0).between(0.55, 0.80) as f32;
    let mut mosaic = Grid::filled(width, height, 0.0);
    for c in 0..3 {
        let plane = Grid::from_samples(width, height, scene.pixels.par_iter().map(|p| p[c]).collect());
        let sharp = filter::gaussian_blur(&plane, sigma_px);
        mosaic.samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            for (x, value) in row.iter_mut().enumerate().filter(|(x, _)| site(*x, y) == c) {
                *value = sharp.at(x, y);
            }
        });
    }
    add_noise(&mut mosaic, options);
    mosaic
}

/// Shot noise grows with the root of the light, read noise is the same everywhere.
fn add_noise(mosaic: &mut Grid, options: &SynthOptions) {
    const MIDDLE: f32 = 0.2;
    let space = RgbSpace::Srgb;
    let slope =
        (space.encoded_from_linear(MIDDLE + 0.005) - space.encoded_from_linear(MIDDLE - 0.005)) / 0.01;
    let sd = options.noise_codes as f32 / 255.0 / slope;
    let (shot, read) = (0.92 * sd * sd / MIDDLE, 0.08 * sd * sd);
    mosaic.samples.par_chunks_mut(mosaic.width).enumerate().for_each(|(y, row)| {
        let mut draw = options.seed.stream("synth.noise", y as u64);
        for value in row {
            let sd = (shot * value.max(0.0) + read).sqrt();
            *value = (*value + sd * bell(&mut draw)).clamp(0.0, 1.0);
        }
    });
}

/// Nearly normal, mean 0, standard deviation 1: three dice from one draw, summed.
#[inline]
fn bell(draw: &mut Stream) -> f32 {
    const SIDES: u64 = 1 << 17;
    let bits = (draw.uniform() * (1u64 << 51) as f64) as u64;
    let sum = bits % SIDES + (bits >> 17) % SIDES + (bits >> 34) % SIDES;
    (sum as f32 / SIDES as f32 - 1.5) * 2.0
}

/// Full color at every site: green along the edge that runs through it, red and blue by their difference
/// to green.
fn demosaic(mosaic: &Grid) -> Picture {
    let (width, height) = (mosaic.width, mosaic.height);
    let mut green = Grid::filled(width, height, 0.0);
    green.samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, value) in row.iter_mut().enumerate() {
            *value = if site(x, y) == 1 { mosaic.at(x, y) } else { green_between(mosaic, x, y) };
        }
    });
    let mut pixels = vec![[0.0f32; 3]; width * height];
    pixels.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let (red, blue) = over_green(mosaic, &green, x, y);
            let g = green.at(x, y);
            *pixel = [g + red, g, g + blue];
        }
    });
    Picture { width, pixels }
}

/// Green at a red or blue site: the mean of the two neighbors along the smoother direction, corrected by
/// the site's own color.
#[inline]
fn green_between(mosaic: &Grid, x: usize, y: usize) -> f32 {
    let here = mosaic.at(x, y);
    let guess = |near: [usize; 2], far: [usize; 2]| {
        let [a, b] = near.map(|k| mosaic.samples[k]);
        let bend = 2.0 * here - mosaic.samples[far[0]] - mosaic.samples[far[1]];
        ((a + b) / 2.0 + bend / 4.0, (a - b).abs() + bend.abs() + 1e-4)
    };
    let (column, row) = (|k: usize| y * mosaic.width + k, |k: usize| k * mosaic.width + x);
    let [x1, x2] = [1, 2].map(|step| mirrored(x, step, mosaic.width).map(column));
    let [y1, y2] = [1, 2].map(|step| mirrored(y, step, mosaic.height).map(row));
    let ((across, rough_across), (down, rough_down)) = (guess(x1, x2), guess(y1, y2));
    // Mixed rather than chosen: a hair's breadth of noise must not flip the direction.
    let (a, d) = (rough_down * rough_down, rough_across * rough_across);
    (across * a + down * d) / (a + d)
}

/// Red and blue minus green at a site.
#[inline]
fn over_green(mosaic: &Grid, green: &Grid, x: usize, y: usize) -> (f32, f32) {
    let over = |x: usize, y: usize| mosaic.at(x, y) - green.at(x, y);
    let ([left, right], [above, below]) = (mirrored(x, 1, mosaic.width), mirrored(y, 1, mosaic.height));
    let sideways = || (over(left, y) + over(right, y)) / 2.0;
    let upright = || (over(x, above) + over(x, below)) / 2.0;
    let crosswise =
        || (over(left, above) + over(right, above) + over(left, below) + over(right, below)) / 4.0;
    match (x & 1, y & 1) {
        (0, 0) => (over(x, y), crosswise()),
        (1, 1) => (crosswise(), over(x, y)),
        (1, 0) => (sideways(), upright()),
        _ => (upright(), sideways()),
    }
}

/// The places `step` before and after, mirrored at the ends so that they keep their color.
#[inline]
fn mirrored(k: usize, step: usize, n: usize) -> [usize; 2] {
    let after = k + step;
    [k.abs_diff(step), if after < n { after } else { 2 * (n - 1) - after }]
}

/// Share of the fine detail that a phone adds on top.
const SHARPENING: f32 = 0.55;

/// Encodes to 8-bit sRGB with a mild unsharp mask on lightness.
fn encode(developed: &Picture) -> Vec<u8> {
    let width = developed.width;
    let height = developed.pixels.len() / width;
    let code_of = code_table();
    let code = |v: f32| code_of[(v.clamp(0.0, 1.0) * 65_535.0 + 0.5) as usize];
    let light = |p: &[f32; 3]| code(0.25 * p[0] + 0.65 * p[1] + 0.10 * p[2]);
    let mut bytes = vec![0u8; 3 * width * height];
    bytes.par_chunks_mut(3 * width).enumerate().for_each_init(
        || vec![0.0f32; width],
        |columns, (y, out)| {
            let row = |y: usize| &developed.pixels[y * width..(y + 1) * width];
            let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
            for (x, sum) in columns.iter_mut().enumerate() {
                *sum = light(&above[x]) + 2.0 * light(&here[x]) + light(&below[x]);
            }
            for (x, triple) in out.chunks_exact_mut(3).enumerate() {
                let (left, right) = (columns[x.saturating_sub(1)], columns[(x + 1).min(width - 1)]);
                let smooth = (left + 2.0 * columns[x] + right) / 16.0;
                let detail = SHARPENING * (light(&here[x]) - smooth);
                for (byte, value) in triple.iter_mut().zip(here[x]) {
                    *byte = (code(value) + detail).round().clamp(0.0, 255.0) as u8;
                }
            }
        },
    );
    bytes
}

/// The 8-bit code, not yet rounded, of every linear value in steps of 1/65,535.
fn code_table() -> Vec<f32> {
    (0..=u16::MAX).map(|v| 255.0 * RgbSpace::Srgb.encoded_from_linear(f32::from(v) / 65_535.0)).collect()
}

/// Writes a JPEG in memory and reads it back.
///
/// # Panics
/// Never for a picture of ours: its sides fit a JPEG and what was written can be read.
fn through_jpeg(bytes: &[u8], width: usize, height: usize, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, quality)
        .encode(bytes, width as u16, height as u16, jpeg_encoder::ColorType::Rgb)
        .expect("a picture of at most 12,000 pixels a side fits a JPEG");
    let image = image::load_from_memory_with_format(&file, image::ImageFormat::Jpeg)
        .expect("the JPEG was written a moment ago");
    image.into_rgb8().into_raw()
}
