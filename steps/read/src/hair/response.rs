//! How much each place looks like hair: a difference of Gaussians at shaft widths over the noise around.

use stipple_raster::filter::gaussian_blur;
use stipple_raster::masked::{blur_inside, spread_in_tiles};
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
    let working = &scalp.working;
    let (width, height) = (working.width(), working.height());
    let [red, green, _] = &working.rgb;
    let density = Grid::computed(width, height, |k| {
        let light = 0.5 * (red.samples[k] + green.samples[k]);
        -light.max(0.001).ln()
    });
    let sigma_px = (BACKGROUND_MM * scalp.px_per_mm) as f32;
    let background = blur_inside(&density, &scalp.zone, sigma_px, 0.0);
    Grid::computed(width, height, |k| {
        if scalp.zone.samples[k] { density.samples[k] - background.samples[k] } else { 0.0 }
    })
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
            let response = at_width(density, &scalp.zone, sigma_px, scalp.px_per_mm);
            raise(&mut best.dark, &response, 1.0);
            raise(&mut best.light, &response, -1.0);
        }
    }
    best
}

/// Signed response of one width over the noise around.
fn at_width(density: &Grid, zone: &Mask, sigma_px: f64, px_per_mm: f64) -> Grid {
    let narrow = gaussian_blur(density, sigma_px as f32);
    let wide = gaussian_blur(density, (SURROUND * sigma_px) as f32);
    let (width, height) = (density.width, density.height);
    let difference = Grid::computed(width, height, |k| narrow.samples[k] - wide.samples[k]);
    let tile_px = (TILE_MM * px_per_mm).round().max(8.0) as usize;
    let noise = spread_in_tiles(&difference, zone, tile_px);
    let in_tiles = |at: usize| (at as f64 + 0.5) / tile_px as f64;
    Grid::computed(width, height, |k| {
        let around = noise.sample(in_tiles(k % width), in_tiles(k / width));
        difference.samples[k] / around.max(NOISE_FLOOR)
    })
}

fn raise(best: &mut Grid, other: &Grid, sign: f32) {
    best.samples.iter_mut().zip(&other.samples).for_each(|(b, o)| *b = b.max(sign * o));
}
