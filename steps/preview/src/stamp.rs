//! A dot's own dark, pressed onto pixels.

use stipple_optics::Profile;

use crate::looks::PaintedDot;
use crate::soft::{Extent, Lanes};

/// What a look takes from the light, without its halo, by the square of the distance from the middle.
pub(crate) struct Stamp {
    /// Contrast in R, G, B at evenly spaced squares of distance; the last two are zero.
    contrasts: Box<[Lanes; STEPS + 1]>,
    steps_per_mm2: f32,
    reach_mm: f64,
}

/// Steps of the square of distance; straight in between, as soft dots are at their middle.
const STEPS: usize = 256;
/// Light that is left under the strongest dot.
const LEAST: f32 = 0.02;
/// Added to a small number, it leaves the nearest integer in the lowest bits.
const ROUNDING: f32 = 8_388_608.0;

impl Stamp {
    /// The stamp of a look.
    pub(crate) fn of(profile: &Profile) -> Self {
        let reach_mm = profile.core_reach_mm.max(1e-3);
        let steps_per_mm2 = (STEPS - 1) as f64 / (reach_mm * reach_mm);
        let mut contrasts = Box::new([[0.0; 4]; STEPS + 1]);
        for (i, contrast) in contrasts.iter_mut().enumerate().take(STEPS - 1) {
            *contrast = profile.core_contrast_at((i as f64 / steps_per_mm2).sqrt() as f32);
        }
        Self { contrasts, steps_per_mm2: steps_per_mm2 as f32, reach_mm }
    }

    /// Half the width and height, in pixels, of what it covers around a dot.
    pub(crate) fn half_size_px(&self, dot: &PaintedDot) -> [f64; 2] {
        let m = dot.mm_per_px;
        let area_mm2 = dot.pitch_mm * dot.pitch_mm;
        [m[0][1].hypot(m[1][1]), m[0][0].hypot(m[1][0])].map(|side| self.reach_mm * side / area_mm2)
    }

    /// Multiplies what the pixels of an area keep by what the dot lets through.
    ///
    /// The look holds the blur of camera and pixel already.
    pub(crate) fn press(&self, dot: &PaintedDot, area: Extent, kept: &mut [Lanes]) {
        let width = area.right - area.left;
        let m = dot.mm_per_px;
        let (xx, yy) = (m[0][0] * m[0][0] + m[1][0] * m[1][0], m[0][1] * m[0][1] + m[1][1] * m[1][1]);
        let xy = m[0][0] * m[0][1] + m[1][0] * m[1][1];
        let [_, half_height] = self.half_size_px(dot);
        for row in middles_within(dot.y_px - area.top as f64, half_height, area.bottom - area.top) {
            // The square of the distance along a row: xx · dx² + 2 xy · dx · dy + yy · dy².
            let dy = (row + area.top) as f64 + 0.5 - dot.y_px;
            let closest = -xy * dy / xx;
            let left_over = self.reach_mm * self.reach_mm - (yy - xy * xy / xx) * dy * dy;
            if left_over <= 0.0 {
                continue;
            }
            let columns =
                middles_within(dot.x_px + closest - area.left as f64, (left_over / xx).sqrt(), width);
            let first = (columns.start + area.left) as f64 + 0.5 - dot.x_px - closest;
            let (base, xx) = (((yy - xy * xy / xx) * dy * dy) as f32, xx as f32);
            let line = &mut kept[row * width..][columns];
            for (i, pixel) in line.iter_mut().enumerate() {
                let dx = first as f32 + i as f32;
                let contrast = self.contrast(base + xx * dx * dx);
                for k in 0..4 {
                    let left = 1.0 - dot.strength * contrast[k];
                    pixel[k] *= if left > LEAST { left } else { LEAST };
                }
            }
        }
    }

    #[inline]
    fn contrast(&self, distance_mm2: f32) -> Lanes {
        let place = (distance_mm2 * self.steps_per_mm2).clamp(0.0, STEPS as f32 - 1.01);
        let middle = if place > 0.5 { place - 0.5 } else { 0.0 };
        let before = middle + ROUNDING;
        let i = before.to_bits() as usize % STEPS;
        let t = place - (before - ROUNDING);
        let (before, after) = (self.contrasts[i], self.contrasts[i + 1]);
        std::array::from_fn(|k| before[k] + t * (after[k] - before[k]))
    }
}

/// Pixels, among `count`, whose middle lies within `half` of a place on an axis.
fn middles_within(place: f64, half: f64, count: usize) -> std::ops::Range<usize> {
    let first = (place - half - 0.5).ceil().clamp(0.0, count as f64) as usize;
    let end = ((place + half - 0.5).floor() + 1.0).clamp(first as f64, count as f64) as usize;
    first..end
}

#[cfg(test)]
mod tests {
    use stipple_optics::{Deposit, DotInk, SkinAround, shape_in};

    use super::*;

    #[test]
    fn a_stamp_is_its_profile() {
        let ink = DotInk::through([8.46, 10.0, 12.22]);
        for (diameter_um, blur_mm) in [(120.0, 0.03), (120.0, 0.06), (60.0, 0.02), (300.0, 0.02)] {
            let deposit = Deposit { diameter_um, top_mm: 0.1, bottom_mm: 0.4, ink };
            let profile = shape_in(&deposit, &SkinAround::ORDINARY).profile(blur_mm);
            let stamp = Stamp::of(&profile);
            let off = (0..400).map(|i| i as f32 * 0.001).map(|r| {
                let (got, expected) = (stamp.contrast(r * r), profile.core_contrast_at(r));
                (0..3).map(|k| (got[k] - expected[k]).abs()).fold(0.0, f32::max)
            });
            let worst = off.fold(0.0, f32::max);
            assert!(worst < 0.008, "{diameter_um} µm, blur {blur_mm} mm: {worst}");
        }
    }

    #[test]
    fn only_middles_count() {
        assert_eq!(middles_within(3.5, 1.0, 10), 2..5);
        assert_eq!(middles_within(3.5, 0.99, 10), 3..4);
        assert_eq!(middles_within(-5.0, 1.0, 10), 0..0);
        assert_eq!(middles_within(15.0, 1.0, 10), 10..10);
        assert_eq!(middles_within(9.9, 3.0, 10), 7..10);
    }
}
