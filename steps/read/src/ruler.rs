//! A ruler in the picture: the scale from its millimetre ticks.
//!
//! Short straight strokes are chained into combs: parallel, one end on a line, evenly spaced. A comb is a ruler only
//! if its longer strokes come as those of millimetre rulers do: every other one (half millimetres) or every fifth or
//! tenth (millimetres). Inch rulers, hair combs, checkers and print have no such order and are left alone.

mod comb;
#[cfg(test)]
mod tests;
mod tick;

use stipple_model::Photo;
use stipple_quantity::{Estimate, PointInPhoto};

use crate::card::picture::Picture;
use crate::statistics::median;
use comb::Comb;

/// Longest sides of the pictures that are searched, pixels; the next only if the one before shows nothing.
const SEARCHED_PX: [usize; 2] = [1600, 800];
/// Standard uncertainty of a ruler's own length.
const PRINTED_RELATIVE: f64 = 0.003;
/// What an unseen tilt of up to 15° adds: it shortens the ruler by up to 3 %, the pixel's side by half of that.
const TILT_RELATIVE: f64 = 0.01;

/// Places looked at from a tick to the next.
const PHASES: usize = 40;
/// How far blur carries a tick, pixels.
const BLUR_PX: f64 = 2.0;
/// Largest unevenness between ticks over their contrast.
const UNEVEN: f32 = 0.3;

/// A ruler as it was found in a photograph.
#[derive(Clone, Debug)]
pub struct Ruler {
    /// Ticks that were used.
    pub ticks: usize,
    /// Distance of neighboring ticks, mm: 0.5 or 1.
    pub step_mm: f64,
    /// First and last tick in the photograph.
    pub ends: [PointInPhoto; 2],
    /// Corners around its ticks in the photograph: what lies there is no hair.
    pub outline: [PointInPhoto; 4],
    /// Pixel pitch at the ruler's middle, µm, with what a tilt that one ruler cannot show may add.
    pub pixel_pitch_um: Estimate,
    /// How much the pitch grows along the ruler, per pixel, over the pitch.
    pub slope_per_px: f64,
}

impl Ruler {
    /// Pixel pitch at a place in the photograph, µm; it gets less certain away from the ruler.
    pub fn pixel_pitch_um_at(&self, place: PointInPhoto) -> Estimate {
        let [from, to] = self.ends;
        let (x_px, y_px) = ((from.x_px + to.x_px) / 2.0, (from.y_px + to.y_px) / 2.0);
        let away_px = (place.x_px - x_px).hypot(place.y_px - y_px);
        let pitch = self.pixel_pitch_um;
        Estimate::new(
            pitch.value,
            pitch.standard_uncertainty.hypot(pitch.value * self.slope_per_px * away_px),
        )
    }
}

/// The ruler with millimetre ticks in a photograph, if one is there.
///
/// # Limits
/// Nine ticks in a row at least 5 pixels apart; one in six may be hidden. Ticks are dark on light or light on dark.
///
/// # Cost
/// 12 megapixels: about 0.3 s.
pub fn find(photo: &Photo) -> Option<Ruler> {
    let picture = Picture::of(photo);
    let longest = photo.width_px.max(photo.height_px);
    let mut factors = SEARCHED_PX.map(|px| longest.div_ceil(px).max(1)).to_vec();
    factors.dedup();
    if factors.len() == 1 && longest > SEARCHED_PX[1] / 2 {
        factors.push(2);
    }
    factors.into_iter().find_map(|factor| {
        let shrunk = picture.shrunk(factor);
        [true, false]
            .into_iter()
            .filter_map(|dark| comb::longest(&tick::find(&shrunk, dark)))
            .filter(|comb| has_no_finer_ticks(&picture, comb, factor as f64))
            .max_by_key(|comb| comb.ticks)
            .map(|comb| ruler(&comb, factor as f64))
    })
}

/// Whether the ground between ticks is even: finer ticks, too fine to be chained, would make it uneven near the ticks'
/// common ends, or darker there than near their tips.
fn has_no_finer_ticks(picture: &Picture, comb: &Comb, factor: f64) -> bool {
    let half_px = comb.to_base[0].hypot(comb.to_base[1]).max(1e-6);
    let base = folded(picture, comb, factor, 0.6);
    let tips = folded(picture, comb, factor, 1.0 - 1.7 * comb.longest_px / (2.0 * half_px));
    // Blur keeps what lies within two pixels of a tick from being ground.
    let margin = (BLUR_PX / (comb.step_px * factor)).clamp(0.2, 0.36);
    let between = (margin * PHASES as f64) as usize..PHASES - (margin * PHASES as f64) as usize;
    let ground = |levels: &[f32]| median(levels[between.clone()].iter().copied()).unwrap_or(0.0);
    let contrast = (ground(&base) - (base[0] + base[1] + base[PHASES - 1]) / 3.0).abs();
    let uneven = base[between.clone()].iter().fold(0f32, |most, v| most.max((v - ground(&base)).abs()));
    uneven < UNEVEN * contrast && (ground(&base) - ground(&tips)).abs() < UNEVEN * contrast
}

/// Light between a tick and the next, median over all; 1 is at the ticks' common ends, 0 half a short tick inward.
fn folded(picture: &Picture, comb: &Comb, factor: f64, toward_base: f64) -> Vec<f32> {
    let light = |phase: usize| {
        let share = phase as f64 / PHASES as f64;
        let levels = comb.places.windows(2).map(|pair| {
            let at = |axis: usize| {
                let between = pair[0][axis] + share * (pair[1][axis] - pair[0][axis]);
                factor * (between + toward_base * comb.to_base[axis])
            };
            picture.luminance([at(0), at(1)])
        });
        median(levels).unwrap_or(0.0)
    };
    (0..PHASES).map(light).collect()
}

fn ruler(comb: &Comb, factor: f64) -> Ruler {
    let pitch_um = 1000.0 * comb.step_mm / (comb.step_px * factor);
    let relative = comb.step_relative.hypot(PRINTED_RELATIVE).hypot(TILT_RELATIVE);
    let in_photo = |[x, y]: [f64; 2]| PointInPhoto::new(x * factor, y * factor);
    Ruler {
        ticks: comb.ticks,
        step_mm: comb.step_mm,
        ends: [comb.places[0], comb.places[comb.places.len() - 1]].map(in_photo),
        outline: around(comb).map(in_photo),
        pixel_pitch_um: Estimate::new(pitch_um, pitch_um * relative),
        slope_per_px: comb.slope_per_px / factor,
    }
}

/// Corners around the ticks, and half as far again beyond both ends: a ruler is longer than the ticks that were used.
fn around(comb: &Comb) -> [[f64; 2]; 4] {
    const BEYOND_TICKS_STEPS: f64 = 0.5;
    let [first, last] = [comb.places[0], comb.places[comb.places.len() - 1]];
    let steps = (comb.places.len() - 1) as f64;
    let step = [0, 1].map(|axis| (last[axis] - first[axis]) / steps);
    let beyond_ends = steps / 2.0;
    let half_px = comb.to_base[0].hypot(comb.to_base[1]).max(1e-6);
    let to_base = comb.to_base.map(|v| v / half_px);
    let margin_px = BEYOND_TICKS_STEPS * comb.step_px;
    let corner = |end: [f64; 2], steps: f64, toward_base_px: f64| {
        [0, 1].map(|axis| end[axis] + steps * step[axis] + toward_base_px * to_base[axis])
    };
    let (base_px, tip_px) = (half_px + margin_px, half_px - comb.longest_px - margin_px);
    [
        corner(first, -beyond_ends, base_px),
        corner(last, beyond_ends, base_px),
        corner(last, beyond_ends, tip_px),
        corner(first, -beyond_ends, tip_px),
    ]
}
