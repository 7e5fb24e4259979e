//! Where scalp is seen.

use rayon::prelude::*;
use stipple_model::Photo;
use stipple_quantity::PointInPhoto;
use stipple_raster::Mask;
use stipple_raster::morphology::{close, dilate, erode, open, without};
use stipple_raster::region::{outline, regions};
use stipple_raster::simplify::simplify_outline;
use stipple_raster::statistics::quantile;

use crate::error::Error;
use crate::scalp::{Window, Working};
use crate::statistics::median;
use crate::white::White;

/// Pixels of the long side of the picture that the zone is looked for in.
const LONG_SIDE_PX: f64 = 700.0;
/// Share of the picture that has to look like scalp.
const SKIN_SHARE_MIN: f64 = 0.12;
/// Share of the picture that has to be neither black nor blown out.
const LIT_SHARE_MIN: f64 = 0.10;

/// Light that only a twentieth of a picture exceeds: below a fiftieth of full light it is dark, whatever it shows.
const BRIGHT: f64 = 0.95;
/// See [`BRIGHT`].
const BRIGHT_MIN: f64 = 0.02;

/// Where scalp is seen, on a coarse picture of the whole photograph.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    /// Where, on the coarse picture.
    mask: Mask,
    /// Photograph pixels per sample of it.
    step_px: f64,
    /// Outlines of its regions in the photograph, largest first, then of holes; inside by the even–odd rule.
    pub(crate) outlines: Vec<Vec<PointInPhoto>>,
    /// Share of the picture.
    pub(crate) share: f64,
}

/// Finds the scalp by its color, closed over hair and shine, other colors left out.
///
/// `laid` are the outlines of cards and rulers that lie on it.
///
/// # Errors
/// [`Error::Unlit`], [`Error::Dark`] and [`Error::NoSkin`], with what was found.
pub(crate) fn find(photo: &Photo, white: &White, laid: &[[PointInPhoto; 4]]) -> Result<Zone, Error> {
    let long_side = photo.width_px.max(photo.height_px) as f64;
    let coarse = Working::of(photo, white, Window::whole(photo), long_side / LONG_SIDE_PX);
    require_light(&coarse)?;
    let tones: Vec<Option<Tone>> = (0..coarse.clipped.samples.len()).map(|k| Tone::of(&coarse, k)).collect();
    let laid: Vec<Mask> = laid.iter().map(|outline| dilate(&coarse.filled(outline), 4.0)).collect();
    let free = |k: usize| laid.iter().all(|mask| !mask.samples[k]);
    let plausible = |k: usize| tones[k].filter(|tone| tone.may_be_skin() && free(k));
    let seen = (0..tones.len()).filter(|k| plausible(*k).is_some()).count();
    let share = |n: usize| n as f64 / tones.len() as f64;
    require_skin(&coarse, share(seen))?;
    let typical = typical_tone(&coarse, plausible);
    let skin = masked(&coarse, |k| plausible(k).is_some_and(|tone| tone.is_like(&typical)));
    let foreign = masked(&coarse, |k| {
        !free(k) || tones[k].is_some_and(|tone| !skin.samples[k] && tone.is_foreign_to(&typical))
    });
    let mask = scalp_of(&skin, &foreign);
    require_skin(&coarse, share(mask.count()))?;
    let outlines = outlines_of(&mask, &coarse);
    Ok(Zone { share: share(mask.count()), step_px: coarse.step_px, outlines, mask })
}

impl Zone {
    /// The smallest window of the photograph that holds the zone.
    pub(crate) fn window(&self, photo: &Photo) -> Window {
        let inside = || (0..self.mask.samples.len()).filter(|k| self.mask.samples[*k]);
        let columns = || inside().map(|k| k % self.mask.width);
        let (left, right) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0) + 1);
        let top = inside().next().unwrap_or(0) / self.mask.width;
        let bottom = inside().next_back().unwrap_or(0) / self.mask.width + 1;
        let pixels = |samples: usize| (samples as f64 * self.step_px) as usize;
        let (left_px, top_px) = (pixels(left), pixels(top));
        Window {
            left_px,
            top_px,
            width_px: pixels(right).min(photo.width_px).max(left_px + 1) - left_px,
            height_px: pixels(bottom).min(photo.height_px).max(top_px + 1) - top_px,
        }
    }

    /// The zone on a working picture.
    pub(crate) fn on(&self, working: &Working) -> Mask {
        let mut mask = Mask::filled(working.width(), working.height(), false);
        mask.samples.par_chunks_mut(mask.width).enumerate().for_each(|(y, row)| {
            for (x, inside) in row.iter_mut().enumerate() {
                let p = working.in_photo((x as f64 + 0.5, y as f64 + 0.5));
                *inside = self.mask.contains(p.x_px / self.step_px, p.y_px / self.step_px);
            }
        });
        mask
    }

    /// The middle of the zone in the photograph: its center of mass.
    pub(crate) fn middle(&self) -> PointInPhoto {
        let (mut x, mut y, mut n) = (0.0, 0.0, 0.0);
        for k in (0..self.mask.samples.len()).filter(|k| self.mask.samples[*k]) {
            x += (k % self.mask.width) as f64 + 0.5;
            y += (k / self.mask.width) as f64 + 0.5;
            n += 1.0;
        }
        PointInPhoto::new(x / n * self.step_px, y / n * self.step_px)
    }
}

/// Color without brightness, and brightness.
#[derive(Clone, Copy, Debug)]
struct Tone {
    /// ln(red / green).
    red: f32,
    /// ln(blue / green).
    blue: f32,
    luminance: f32,
}

impl Tone {
    /// Nothing where there is too little light to tell a color.
    fn of(picture: &Working, k: usize) -> Option<Self> {
        const NOISE: f32 = 5e-4;
        let luminance = picture.luminance(k);
        let [r, g, b] = picture.linear(k).rgb.map(|v| v + NOISE);
        (luminance > 0.003).then(|| Self { red: (r / g).ln(), blue: (b / g).ln(), luminance })
    }

    /// Within the broad place of skin from ITA 75° to −75° under light from window to bulb: redder than
    /// gray and less blue than gray, never green, never purple.
    fn may_be_skin(&self) -> bool {
        (0.06..1.7).contains(&self.red) && (-2.2..0.12).contains(&self.blue) && self.luminance > 0.004
    }

    /// Near the picture's own skin: redness may rise further than it may fall, as scars and sores are red.
    fn is_like(&self, typical: &Self) -> bool {
        let red = self.red - typical.red;
        let red = if red > 0.0 { red / 0.8 } else { red / 0.45 };
        let blue = (self.blue - typical.blue) / 0.6;
        red * red + blue * blue < 1.0
    }

    /// A color of its own rather than a shadow, a hair or shine on the skin.
    fn is_foreign_to(&self, typical: &Self) -> bool {
        let gray = self.red.abs() < 0.15 && self.blue.abs() < 0.15;
        let lit = self.luminance > 0.4 * typical.luminance;
        (lit && !gray) || self.red < -0.25 || self.blue > 0.35
    }
}

fn require_light(picture: &Working) -> Result<(), Error> {
    let n = picture.clipped.samples.len();
    let percent = |count: usize| 100.0 * count as f64 / n as f64;
    let blown = (0..n).filter(|k| picture.clipped.samples[*k] > 0.9 && picture.luminance(*k) > 0.9).count();
    let black = (0..n).filter(|k| picture.luminance(*k) < 0.002).count();
    if (blown + black) as f64 > (1.0 - LIT_SHARE_MIN) * n as f64 {
        return Err(Error::Unlit {
            black_percent: percent(black),
            blown_percent: percent(blown),
            needed_percent: 100.0 * LIT_SHARE_MIN,
        });
    }
    Ok(())
}

fn require_skin(picture: &Working, share: f64) -> Result<(), Error> {
    if share < SKIN_SHARE_MIN {
        let lights = (0..picture.clipped.samples.len()).map(|k| picture.luminance(k));
        let bright = quantile(lights, BRIGHT).map_or(0.0, f64::from);
        if bright < BRIGHT_MIN {
            return Err(Error::Dark { bright_percent: 100.0 * bright, needed_percent: 100.0 * BRIGHT_MIN });
        }
        return Err(Error::NoSkin { found_percent: 100.0 * share, needed_percent: 100.0 * SKIN_SHARE_MIN });
    }
    Ok(())
}

/// The most frequent skin-like tone; the middle of the picture counts more than its rim.
fn typical_tone(picture: &Working, plausible: impl Fn(usize) -> Option<Tone>) -> Tone {
    const BIN: f32 = 0.06;
    const BINS: usize = 40;
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let bin = |tone: &Tone| {
        let (red, blue) = ((tone.red / BIN) as usize, ((tone.blue + 2.2) / BIN) as usize);
        blue.min(BINS - 1) * BINS + red.min(BINS - 1)
    };
    let mut votes = stipple_raster::Grid::filled(BINS, BINS, 0.0);
    let mut tones: Vec<(usize, Tone)> = Vec::new();
    for k in 0..picture.clipped.samples.len() {
        if let Some(tone) = plausible(k) {
            let x = ((k % picture.width()) as f64 + 0.5) / width - 0.5;
            let y = ((k / picture.width()) as f64 + 0.5) / height - 0.5;
            votes.samples[bin(&tone)] += (-(x * x + y * y) / 0.18).exp() as f32;
            tones.push((bin(&tone), tone));
        }
    }
    let smooth = stipple_raster::filter::gaussian_blur(&votes, 1.2);
    let top = (0..BINS * BINS).max_by(|a, b| smooth.samples[*a].total_cmp(&smooth.samples[*b])).unwrap_or(0);
    let near = |k: usize| (k / BINS).abs_diff(top / BINS) <= 2 && (k % BINS).abs_diff(top % BINS) <= 2;
    let chosen: Vec<Tone> = tones.iter().filter(|(k, _)| near(*k)).map(|(_, tone)| *tone).collect();
    let middle = |of: fn(&Tone) -> f32| median(chosen.iter().map(of)).unwrap_or(0.0);
    Tone { red: middle(|t| t.red), blue: middle(|t| t.blue), luminance: middle(|t| t.luminance) }
}

/// Skin closed over hair and shine but not over other colors, without slivers; the main regions.
fn scalp_of(skin: &Mask, foreign: &Mask) -> Mask {
    let long_side = skin.width.max(skin.height) as f64;
    let bridge = 0.016 * long_side;
    // Letters on a label belong to the label; single odd pixels do not make one.
    let labels = dilate(&close(&open(foreign, 1.0), 0.008 * long_side), 2.0);
    let closed = without(&close(skin, bridge), &labels);
    let solid = erode(&open(&closed, 0.006 * long_side), 1.0);
    let mut found = regions(&solid);
    found.sort_by_key(|region| std::cmp::Reverse(region.pixels.len()));
    let largest = found.first().map_or(0, |region| region.pixels.len());
    let mut mask = Mask::filled(skin.width, skin.height, false);
    for region in found.iter().filter(|region| 5 * region.pixels.len() >= largest) {
        region.pixels.iter().for_each(|k| mask.samples[*k] = true);
    }
    mask
}

/// Smallest hole that gets an outline, samples of the coarse picture.
const HOLE_MIN: usize = 30;

/// Outlines of the regions, largest first, then of the holes in them.
fn outlines_of(mask: &Mask, coarse: &Working) -> Vec<Vec<PointInPhoto>> {
    let mut found = regions(mask);
    found.sort_by_key(|region| std::cmp::Reverse(region.pixels.len()));
    let rest = masked(coarse, |k| !mask.samples[k]);
    let at_edge = |k: &usize| {
        let (x, y) = (k % mask.width, k / mask.width);
        x == 0 || y == 0 || x + 1 == mask.width || y + 1 == mask.height
    };
    let holes = regions(&rest).into_iter().filter(|hole| !hole.pixels.iter().any(at_edge));
    found.extend(holes.filter(|hole| hole.pixels.len() >= HOLE_MIN));
    found
        .iter()
        .map(|region| simplify_outline(&outline(region, mask.width, mask.height), 1.0))
        .map(|corners| corners.into_iter().map(|corner| coarse.in_photo(corner)).collect())
        .collect()
}

fn masked(picture: &Working, inside: impl Fn(usize) -> bool) -> Mask {
    let samples = (0..picture.clipped.samples.len()).map(inside).collect();
    Mask { width: picture.width(), height: picture.height(), samples }
}
