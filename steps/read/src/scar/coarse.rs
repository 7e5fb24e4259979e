//! The scalp on a grid coarse enough for shapes: about five samples a millimetre.

use stipple_raster::filter::{gaussian_blur, shrink};
use stipple_raster::masked::as_weights;
use stipple_raster::morphology::without;
use stipple_raster::region::{Region, regions};
use stipple_raster::{Grid, Mask};

use crate::hair::{Found, Polarity};
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;

/// Samples a millimetre that shapes need.
const PX_PER_MM: f64 = 5.0;

/// The scalp for shapes.
pub(crate) struct Coarse {
    /// Working samples per sample here.
    pub(crate) factor: usize,
    /// Samples here per millimetre.
    pub(crate) px_per_mm: f64,
    /// Where scalp is seen.
    pub(crate) zone: Mask,
    /// Places of single hairs.
    pub(crate) hair: Mask,
    /// Middles of units.
    pub(crate) units: Vec<(f64, f64)>,
    /// How many of them every sample holds.
    pub(crate) unit_count: Grid,
    /// What bare skin looks like here: evened log luminance, ln(red / green), ln(blue / green).
    pub(crate) tone: [Grid; 3],
    /// Where enough bare skin is seen for that.
    pub(crate) bare: Mask,
    /// How much things of hair's size stand out, sharp or not, found or not (optical density).
    pub(crate) relief: Grid,
}

impl Coarse {
    /// Shrinks the zone and the skin between the hairs.
    pub(crate) fn of(scalp: &Scalp, found: &Found, shade: &Shade) -> Self {
        let factor = (scalp.px_per_mm / PX_PER_MM).round().max(1.0) as usize;
        let zone = shrunk(&scalp.zone, factor);
        let cell = |(x, y): &(f64, f64)| {
            let (column, row) = ((x / factor as f64) as usize, (y / factor as f64) as usize);
            row.min(zone.height - 1) * zone.width + column.min(zone.width - 1)
        };
        let mut hair = Mask::filled(zone.width, zone.height, false);
        found.roots.iter().for_each(|root| hair.samples[cell(root)] = true);
        let mut unit_count = Grid::filled(zone.width, zone.height, 0.0);
        found.units.iter().for_each(|unit| unit_count.samples[cell(unit)] += 1.0);
        let skin = as_weights(&without(&scalp.zone, &found.cover));
        let share = shrink(&skin, factor);
        let bare_samples = share.samples.iter().map(|s| *s >= 0.3).collect();
        let tone = std::array::from_fn(|c| tone(scalp, shade, &skin, &share, factor, c));
        Self {
            factor,
            px_per_mm: scalp.px_per_mm / factor as f64,
            hair,
            unit_count,
            units: found.units.iter().map(|(x, y)| (x / factor as f64, y / factor as f64)).collect(),
            tone,
            relief: relief(found, factor, scalp.px_per_mm / factor as f64),
            bare: Mask { width: zone.width, height: zone.height, samples: bare_samples },
            zone,
        }
    }

    /// The largest region of a part of this grid, on a working picture of a given size.
    pub(crate) fn on_working(&self, part: &Part, width: usize, height: usize) -> Option<Region> {
        let main = regions(&part.mask).into_iter().max_by_key(|region| region.pixels.len())?;
        let spread = |at: usize, end: usize| at * self.factor..((at + 1) * self.factor).min(end);
        let mut pixels: Vec<usize> = Vec::with_capacity(main.pixels.len() * self.factor * self.factor);
        for k in main.pixels {
            for y in spread(part.top + k / part.mask.width, height) {
                pixels.extend(spread(part.left + k % part.mask.width, width).map(|x| y * width + x));
            }
        }
        pixels.sort_unstable();
        Some(Region { pixels })
    }
}

/// Width of hair that is out of focus, and of what is around it, mm.
const RELIEF_MM: [f64; 2] = [0.1, 0.35];

fn relief(found: &Found, factor: usize, px_per_mm: f64) -> Grid {
    let sign = if found.polarity == Polarity::Dark { 1.0 } else { -1.0 };
    let small = shrink(&found.density, factor);
    let [narrow, wide] = RELIEF_MM.map(|mm| gaussian_blur(&small, (mm * px_per_mm) as f32));
    let samples = narrow.samples.iter().zip(&wide.samples).map(|(n, w)| sign * (n - w)).collect();
    Grid::from_samples(small.width, small.height, samples)
}

/// A mask on a grid `factor` times coarser: inside where half of it is.
pub(crate) fn shrunk(mask: &Mask, factor: usize) -> Mask {
    let share = shrink(&as_weights(mask), factor);
    let samples = share.samples.iter().map(|s| *s >= 0.5).collect();
    Mask { width: share.width, height: share.height, samples }
}

/// Mean of one feature over the bare skin in each block.
fn tone(scalp: &Scalp, shade: &Shade, skin: &Grid, share: &Grid, factor: usize, feature: usize) -> Grid {
    let value = |k: usize| {
        let [r, g, b] = scalp.working.linear(k).rgb.map(|v| v.max(1e-3));
        match feature {
            0 => (scalp.working.luminance(k).max(1e-3) * shade.evening(k)).ln(),
            1 => (r / g).ln(),
            _ => (b / g).ln(),
        }
    };
    let weighted = |k: usize| if skin.samples[k] > 0.0 { value(k) } else { 0.0 };
    let mut mean = shrink(&Grid::computed(skin.width, skin.height, weighted), factor);
    mean.samples.iter_mut().zip(&share.samples).for_each(|(m, s)| *m /= s.max(1e-3));
    mean
}
