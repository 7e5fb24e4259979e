//! How much each place looks like hair: a difference of Gaussians at shaft widths over the noise around.

use rayon::prelude::*;
use stipple_raster::filter::{Enlarged, gaussian_blur};
use stipple_raster::masked::{Inside, spread_in_tiles};
use stipple_raster::{Grid, Mask};

use crate::scalp::Scalp;

/// Half widths of hair as photographs show it, mm: shafts of 0.05 to 0.25 mm seen through a lens.
const HALF_WIDTHS_MM: [f64; 3] = [0.06, 0.09, 0.135];
/// No filter narrower than this sees anything but the pixels.
const HALF_WIDTH_MIN_PX: f64 = 0.75;
/// Wide over narrow Gaussian.
const SURROUND: f64 = 1.7;
/// Reach of the background that is taken off, mm.
const BACKGROUND_MM: f64 = 0.7;
/// Side of the squares noise is measured in, mm.
const TILE_MM: f64 = 5.0;
/// Optical density (natural logarithm) that is never told from noise: an eight-bit step on dark skin.
const NOISE_FLOOR: f32 = 0.006;

/// Whether hair is darker or lighter than the skin it grows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Polarity {
    Dark,
    Light,
}

/// Optical density of the zone above its local background; zero outside.
///
/// Red and green are taken alike: the mean is steadier than either, blood shows less in red, blue is noise.
pub(crate) fn density_above_background(scalp: &Scalp) -> Grid {
    let [red, green, _] = &scalp.working.rgb;
    let light = Grid::computed(red.width, red.height, |k| 0.5 * (red.samples[k] + green.samples[k]));
    Background::of(scalp).below(&light)
}

/// The slow part of optical density, to be taken off.
pub(crate) struct Background<'a> {
    zone: &'a Mask,
    around: Inside,
}

impl<'a> Background<'a> {
    pub(crate) fn of(scalp: &'a Scalp) -> Self {
        let sigma_px = (BACKGROUND_MM * scalp.px_per_mm) as f32;
        Self { zone: &scalp.zone, around: Inside::new(&scalp.zone, sigma_px) }
    }

    /// Optical density of light above its local background; zero outside the zone.
    pub(crate) fn below(&self, light: &Grid) -> Grid {
        let mut density = Grid::computed(light.width, light.height, |k| -light.samples[k].max(0.001).ln());
        let background = self.around.blur(&density, 0.0);
        let pairs = density.samples.par_iter_mut().with_min_len(4096).zip(&background.samples);
        pairs.zip(&self.zone.samples).for_each(|((own, around), inside)| {
            *own = if *inside { *own - around } else { 0.0 };
        });
        density
    }
}

/// Responses in units of the noise around, the best of all widths; above zero is hair-like.
pub(crate) struct OverNoise {
    /// To hair darker than skin.
    pub(crate) dark: Grid,
    /// To hair lighter than skin.
    pub(crate) light: Grid,
}

/// Filters the zone at all widths.
pub(crate) fn over_noise(scalp: &Scalp, density: &Grid) -> OverNoise {
    let nothing = Grid::filled(density.width, density.height, 0.0);
    let mut best = OverNoise { dark: nothing.clone(), light: nothing };
    let mut seen = 0.0;
    for half_width_mm in HALF_WIDTHS_MM {
        let sigma_px = (half_width_mm * scalp.px_per_mm).max(HALF_WIDTH_MIN_PX);
        if sigma_px > seen {
            seen = sigma_px;
            best.raise(density, &scalp.zone, sigma_px, scalp.px_per_mm);
        }
    }
    best
}

impl OverNoise {
    /// Takes in the response of one width over the noise around where it is the higher one.
    fn raise(&mut self, density: &Grid, zone: &Mask, sigma_px: f64, px_per_mm: f64) {
        let mut difference = gaussian_blur(density, sigma_px as f32);
        let wide = gaussian_blur(density, (SURROUND * sigma_px) as f32);
        difference.samples.par_iter_mut().with_min_len(4096).zip(&wide.samples).for_each(|(n, w)| *n -= w);
        let tile_px = (TILE_MM * px_per_mm).round().max(8.0) as usize;
        let noise = spread_in_tiles(&difference, zone, tile_px);
        let width = density.width;
        let noise = Enlarged::new(&noise, tile_px, width);
        let rows = self.dark.samples.par_chunks_mut(width).zip(self.light.samples.par_chunks_mut(width));
        rows.enumerate().for_each_init(
            || (Vec::new(), vec![0.0; width]),
            |(between, around), (y, (dark, light))| {
                noise.row(y, between, around);
                for (x, difference) in difference.row(y).iter().enumerate() {
                    let response = difference / around[x].max(NOISE_FLOOR);
                    dark[x] = dark[x].max(response);
                    light[x] = light[x].max(-response);
                }
            },
        );
    }
}
