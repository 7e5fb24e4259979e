//! The scalp on a grid coarse enough for shapes: about five samples a millimetre.

use stipple_raster::filter::{gaussian_blur, shrink};
use stipple_raster::masked::{Inside, as_weights, block_means, blur_inside};
use stipple_raster::morphology::without;
use stipple_raster::region::Region;
use stipple_raster::{Grid, Mask};

use super::edge::Edge;
use super::judge::FEATURES;
use crate::hair::{Found, Polarity};
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;
use crate::statistics::median;

/// Samples a millimetre that shapes need.
const PX_PER_MM: f64 = 5.0;

/// Share of a block that has to be bare skin for its color to be known.
const BARE_MIN: f32 = 0.3;

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
    /// The same, bridged over hair and softened, and the skin's fine relief over that of the whole zone.
    pub(crate) features: [Grid; FEATURES],
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
        found.even_units.iter().for_each(|unit| unit_count.samples[cell(unit)] += 1.0);
        let skin = without(&scalp.zone, &found.cover);
        let (share, tone) = block_means(&skin, factor, |k| tone(scalp, shade, k));
        let bare_samples = share.samples.iter().map(|s| *s >= BARE_MIN).collect();
        let bare = Mask { width: zone.width, height: zone.height, samples: bare_samples };
        let px_per_mm = scalp.px_per_mm / factor as f64;
        let texture = texture(scalp, found, &skin, factor);
        let features = features(&tone, &texture, &bare, px_per_mm);
        Self {
            factor,
            px_per_mm,
            hair,
            unit_count,
            units: found.even_units.iter().map(|(x, y)| (x / factor as f64, y / factor as f64)).collect(),
            tone,
            features,
            relief: relief(found, factor, px_per_mm),
            bare,
            zone,
        }
    }

    /// An outline on a working picture of a given size; none if nothing is inside.
    pub(crate) fn on_working(&self, edge: &Edge, width: usize, height: usize) -> Option<Region> {
        let Part { left, top, mask } = &edge.part;
        let spread = |at: usize, size: usize, end: usize| {
            (at * self.factor).min(end)..((at + size) * self.factor).min(end)
        };
        let (rows, columns) = (spread(*top, mask.height, height), spread(*left, mask.width, width));
        let place = |at: usize, from: usize| (at as f64 + 0.5) / self.factor as f64 - from as f64;
        let in_row = |y: usize| {
            let inside = move |x: &usize| edge.level.sample(place(*x, *left), place(y, *top)) > 0.0;
            columns.clone().filter(inside).map(move |x| y * width + x)
        };
        let pixels: Vec<usize> = rows.flat_map(in_row).collect();
        (!pixels.is_empty()).then_some(Region { pixels })
    }
}

/// Width of hair that is out of focus, and of what is around it, mm.
const RELIEF_MM: [f64; 2] = [0.1, 0.35];

/// Softness of tone and of texture before they are judged, mm.
const SOFT_MM: [f64; 2] = [0.22, 0.45];

fn features(tone: &[Grid; 3], texture: &Grid, bare: &Mask, px_per_mm: f64) -> [Grid; FEATURES] {
    let [tone_px, texture_px] = SOFT_MM.map(|mm| (mm * px_per_mm) as f32);
    let bare_tone = Inside::new(bare, tone_px);
    std::array::from_fn(|c| match tone.get(c) {
        Some(tone) => bare_tone.blur(tone, 0.0),
        None => blur_inside(texture, bare, texture_px, 0.0),
    })
}

/// Widths between which the skin's own relief lies, mm.
const TEXTURE_MM: [f64; 2] = [0.1, 0.35];
/// Least relief that others are compared with, as optical density: noise of a quiet camera.
const TEXTURE_FLOOR: f32 = 2e-3;

/// How much the bare skin's fine relief stands out in each block, over the zone's typical skin.
fn texture(scalp: &Scalp, found: &Found, skin: &Mask, factor: usize) -> Grid {
    let smooth = |mm: f64| blur_inside(&found.density, skin, ((mm * scalp.px_per_mm).max(0.6)) as f32, 0.0);
    let [sharp, soft] = TEXTURE_MM.map(smooth);
    let (share, [mut mean]) = block_means(skin, factor, |k| [(sharp.samples[k] - soft.samples[k]).abs()]);
    let seen = mean.samples.iter().zip(&share.samples).filter(|(_, s)| **s >= BARE_MIN).map(|(m, _)| *m);
    let typical = median(seen).unwrap_or(0.0).max(TEXTURE_FLOOR);
    mean.samples.iter_mut().for_each(|m| *m /= typical);
    mean
}

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

/// What a pixel of skin looks like.
fn tone(scalp: &Scalp, shade: &Shade, k: usize) -> [f32; 3] {
    let [r, g, b] = scalp.working.linear(k).rgb.map(|v| v.max(1e-3).ln());
    [scalp.working.luminance(k).max(1e-3).ln() + shade.log_evening(k), r - g, b - g]
}
