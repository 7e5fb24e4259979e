//! What the root head sees: optical density above the local background, in three channels, at twelve samples
//! a millimetre, in units of how dark hair is in this picture.

use rayon::prelude::*;
use stipple_model::Photo;
use stipple_quantity::ScalpFromPhoto;
use stipple_raster::{Grid, Mask};

use crate::hair::{Background, Polarity};
use crate::scalp::{Scalp, Window, Working};
use crate::white::White;

/// Samples a millimetre that the root head was trained at.
pub const PX_PER_MM: f64 = 12.0;
/// Scales nearer than this to the trained one are taken as they are.
const SCALE_RELATIVE: f64 = 0.03;
/// How dark hair is: the largest of the densities (natural logarithm) that these shares of the zone stay below, each
/// times its factor. The later ones tell it where hair is sparse.
const HAIR_SHARES: [(f64, f32); 3] = [(0.97, 1.0), (0.995, 0.7), (0.999, 0.45)];
/// The same is never taken below this: on skin without hair noise must not look like it.
const HAIR_DENSITY_MIN: f32 = 0.04;
/// Densities are cut off at this many times hair's.
const DENSITY_MAX: f32 = 4.0;

/// Three channels at [`PX_PER_MM`]: density of red and green; red's above green's; blue's above green's. Hair is
/// above zero in the first, be it darker or lighter than the skin.
#[derive(Clone, Debug)]
pub struct Input {
    /// The channels, all of one size.
    pub channels: [Grid; 3],
    /// Input samples per sample of the working picture.
    pub per_working: f64,
}

impl Input {
    /// From a scalp at working size.
    pub(crate) fn of(scalp: &Scalp, polarity: Polarity) -> Self {
        let background = Background::of(scalp);
        let [red, green, blue] = [0, 1, 2].map(|c| background.below(&scalp.working.rgb[c]));
        let sign = if polarity == Polarity::Dark { 1.0 } else { -1.0 };
        let gray = |k: usize| sign * 0.5 * (red.samples[k] + green.samples[k]);
        let hair = hair_density((0..red.samples.len()).filter(|k| scalp.zone.samples[*k]).map(gray));
        let scaled = |v: f32| (v / hair).clamp(-DENSITY_MAX, DENSITY_MAX);
        let (width, height) = (red.width, red.height);
        let channel = |of: &(dyn Fn(usize) -> f32 + Sync)| Grid::computed(width, height, |k| scaled(of(k)));
        let channels = [
            channel(&gray),
            channel(&|k| sign * (red.samples[k] - green.samples[k])),
            channel(&|k| sign * (blue.samples[k] - green.samples[k])),
        ];
        let scale = PX_PER_MM / scalp.px_per_mm;
        if (scale - 1.0).abs() < SCALE_RELATIVE {
            return Self { channels, per_working: 1.0 };
        }
        Self { channels: channels.map(|grid| resampled(&grid, scale)), per_working: scale }
    }

    /// From a photograph that shows nothing but scalp, for training.
    ///
    /// `pixel_pitch_um`: size of a pixel on the scalp. `light_hair`: whether hair is lighter than skin.
    pub fn for_training(photo: &Photo, pixel_pitch_um: f64, light_hair: bool) -> Self {
        let px_per_mm = 1000.0 / pixel_pitch_um;
        let step_px = (px_per_mm / PX_PER_MM).max(1.0);
        let working = Working::of(photo, &White::camera(), Window::whole(photo), step_px);
        let scalp = Scalp {
            zone: Mask::filled(working.width(), working.height(), true),
            px_per_mm: px_per_mm / working.step_px,
            scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(pixel_pitch_um),
            working,
        };
        Self::of(&scalp, if light_hair { Polarity::Light } else { Polarity::Dark })
    }
}

/// How dark hair is.
fn hair_density(inside: impl Iterator<Item = f32>) -> f32 {
    let mut sorted: Vec<f32> = inside.step_by(7).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let at = |share: f64| sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or(0.0);
    HAIR_SHARES.iter().map(|(share, factor)| factor * at(*share)).fold(HAIR_DENSITY_MIN, f32::max)
}

/// The grid with `scale` times as many samples each way, bilinear.
fn resampled(grid: &Grid, scale: f64) -> Grid {
    let side = |n: usize| ((n as f64 * scale).round() as usize).max(1);
    let (width, height) = (side(grid.width), side(grid.height));
    let mut samples = vec![0.0; width * height];
    samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, value) in row.iter_mut().enumerate() {
            *value = grid.sample((x as f64 + 0.5) / scale, (y as f64 + 0.5) / scale);
        }
    });
    Grid::from_samples(width, height, samples)
}
