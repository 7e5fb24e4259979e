//! Lens and sensor.

use rayon::prelude::*;

use stipple_color::RgbSpace;
use stipple_quantity::Stream;
use stipple_raster::{Grid, filter};

use crate::nuisance::Nuisance;
use crate::options::SynthOptions;
use crate::paint::Picture;

/// Blur by the lens and by movement, one color a site, noise, and full color again.
pub(super) fn expose(scene: Picture, options: &SynthOptions) -> Picture {
    let lens = Lens::drawn(options);
    let planes = [0, 1, 2].map(|c| lens.seen(&scene, c));
    drop(scene);
    if !options.nuisances.has(Nuisance::Mosaic) {
        return three_colors(planes, options);
    }
    let (width, height) = (options.width_px, options.height_px);
    let mut mosaic = Grid::filled(width, height, 0.0);
    mosaic.samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, value) in row.iter_mut().enumerate() {
            *value = planes[site(x, y)].at(x, y);
        }
    });
    drop(planes);
    add_noise(&mut mosaic, options, "synth.noise");
    demosaic(&mosaic)
}

/// A sensor that sees every color everywhere, as after shrinking a larger picture.
fn three_colors(mut planes: [Grid; 3], options: &SynthOptions) -> Picture {
    for (plane, name) in planes.iter_mut().zip(["synth.noise-red", "synth.noise-green", "synth.noise-blue"]) {
        add_noise(plane, options, name);
    }
    let pixels = (0..planes[0].samples.len()).map(|k| [0, 1, 2].map(|c| planes[c].samples[k])).collect();
    Picture { width: options.width_px, pixels }
}

/// How sharp the picture is.
struct Lens {
    /// In focus, px.
    sharp_px: f32,
    /// Out of focus, px; and how far out each place is: a slope across, one down, a share in the middle.
    soft: Option<(f32, [f32; 3])>,
    /// Way of the picture over the sensor, px.
    motion: Option<(f32, f32)>,
}

impl Lens {
    fn drawn(options: &SynthOptions) -> Self {
        let mut draw = options.seed.stream("synth.lens", 0);
        let px_per_mm = options.zone().px_per_mm;
        let sharp_px = draw.between(0.55, 0.80) as f32;
        let soft_mm = 0.10 * draw.uniform();
        let field = [draw.between(-0.7, 0.7), draw.between(-0.7, 0.7), draw.between(-0.2, 0.6)];
        let soft = options.nuisances.has(Nuisance::Defocus).then(|| {
            let soft_px = (f64::from(sharp_px)).hypot(soft_mm * px_per_mm);
            (soft_px as f32, field.map(|v| v as f32))
        });
        let (moved, angle) = (draw.uniform(), std::f64::consts::TAU * draw.uniform());
        let length_px = 0.14 * draw.uniform() * px_per_mm;
        let moving = options.nuisances.has(Nuisance::Motion) && moved < 0.35;
        let motion = moving.then(|| ((length_px * angle.cos()) as f32, (length_px * angle.sin()) as f32));
        Self { sharp_px, soft, motion }
    }

    /// One color of the scene as it falls on the sensor.
    fn seen(&self, scene: &Picture, channel: usize) -> Grid {
        let (width, height) = (scene.width, scene.pixels.len() / scene.width);
        let samples = scene.pixels.par_iter().map(|p| p[channel]).collect();
        let plane = self.smeared(Grid::from_samples(width, height, samples));
        let mut seen = filter::gaussian_blur(&plane, self.sharp_px);
        if let Some((soft_px, field)) = &self.soft {
            let soft = filter::gaussian_blur(&plane, *soft_px);
            seen.samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
                let down = 2.0 * y as f32 / height as f32 - 1.0;
                for (x, value) in row.iter_mut().enumerate() {
                    let across = 2.0 * x as f32 / width as f32 - 1.0;
                    let share = (field[0] * across + field[1] * down + field[2]).clamp(0.0, 1.0);
                    *value += share * (soft.at(x, y) - *value);
                }
            });
        }
        seen
    }

    /// The mean over the way the picture moved.
    fn smeared(&self, plane: Grid) -> Grid {
        const PLACES: usize = 5;
        let Some((dx, dy)) = self.motion else { return plane };
        let mut smeared = Grid::filled(plane.width, plane.height, 0.0);
        smeared.samples.par_chunks_mut(plane.width).enumerate().for_each(|(y, row)| {
            for (x, value) in row.iter_mut().enumerate() {
                let at = |k: usize| {
                    let t = k as f64 / (PLACES - 1) as f64 - 0.5;
                    plane.sample(x as f64 + 0.5 + t * f64::from(dx), y as f64 + 0.5 + t * f64::from(dy))
                };
                *value = (0..PLACES).map(at).sum::<f32>() / PLACES as f32;
            }
        });
        smeared
    }
}

/// The color a sensor site sees: rows of R G R G…, then G B G B….
#[inline]
fn site(x: usize, y: usize) -> usize {
    (x & 1) + (y & 1)
}

/// Shot noise grows with the root of the light, read noise is the same everywhere.
fn add_noise(plane: &mut Grid, options: &SynthOptions, name: &str) {
    const MIDDLE: f32 = 0.2;
    let space = RgbSpace::Srgb;
    let slope =
        (space.encoded_from_linear(MIDDLE + 0.005) - space.encoded_from_linear(MIDDLE - 0.005)) / 0.01;
    let sd = options.noise_codes as f32 / 255.0 / slope;
    let (shot, read) = (0.92 * sd * sd / MIDDLE, 0.08 * sd * sd);
    plane.samples.par_chunks_mut(plane.width).enumerate().for_each(|(y, row)| {
        let mut draw = options.seed.stream(name, y as u64);
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
