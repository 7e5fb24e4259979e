//! From light to a file: lens, sensor, the phone's own processing, JPEG.

mod develop;
mod sensor;

use rayon::prelude::*;

use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Photo, Watch};

use crate::nuisance::Nuisance;
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
        let colored = options.nuisances.has(Nuisance::ColoredLight);
        let tint = if colored { 0.06 } else { 0.012 } * draw.normal().clamp(-2.0, 2.0) as f32;
        // Paper must not be blown out: who shoots a white card exposes for it.
        let exposure = if options.card { 0.80 } else { 1.02 + 0.4 * missing };
        Self {
            pull: (x * pull, y * pull),
            vignetting: missing * (1.0 - share) / 2.0,
            gain: [exposure * (1.0 + tint), exposure, exposure * (1.0 - tint)],
            drift: if colored { 0.2 } else { 0.02 } * missing,
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
    let developed = sensor::expose(scene, options);
    pause(watch, "camera", 0.6)?;
    let bytes = develop::develop(developed, options);
    let (width, height) = (options.width_px, options.height_px);
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
