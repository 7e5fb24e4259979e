//! From codes to light and back, by tables.

use stipple_color::RgbSpace;
use stipple_model::BitDepth;

use crate::soft::Lanes;

/// Tables between 16-bit codes and linear light of one space.
pub(crate) struct Codes {
    /// Linear light of every level that the bit depth has.
    linear: Vec<f32>,
    /// Bits of a code that say nothing more about its level: 8 or none.
    spare_bits: u32,
    /// Encoded value, in levels, and its slope, around the square roots of linear light `i / STEPS`.
    encoded: Box<[[f32; 2]; 2 * STEPS]>,
    /// Codes between two levels: 257 for 8 bits, 1 for 16.
    level: u32,
    /// Light kept, above which no code of the picture changes: less than half a level is lost even at white.
    unchanged_above: f32,
}

/// White of 8 bits loses half a level, 1/510, at (1 − 1/510)^2.2 or less.
const UNCHANGED_ABOVE: f32 = 0.9958;

/// Steps of the square root of linear light in the table back; straight around them.
///
/// Every space's curve is nearly straight over the square root, also near black.
const STEPS: usize = 1 << 10;

/// Added to a small number, it leaves the nearest integer in the lowest bits.
const ROUNDING: f32 = 8_388_608.0;

impl Codes {
    /// The tables of a space.
    pub(crate) fn new(space: RgbSpace, bit_depth: BitDepth) -> Self {
        let (levels, level, spare_bits, unchanged_above) = match bit_depth {
            BitDepth::Eight => (255u16, 257, 8, UNCHANGED_ABOVE),
            BitDepth::Sixteen => (65_535, 1, 0, 1.0),
        };
        let linear =
            (0..=levels).map(|i| space.linear_from_encoded(f32::from(i) / f32::from(levels))).collect();
        let at = |root: f32| {
            let root = root.clamp(0.0, 1.0);
            space.encoded_from_linear(root * root).clamp(0.0, 1.0) * f32::from(levels)
        };
        let mut encoded = Box::new([[0.0; 2]; 2 * STEPS]);
        for (i, node) in encoded.iter_mut().enumerate().take(STEPS + 1) {
            let [before, here, after] = [-0.5, 0.0, 0.5].map(|half| at((i as f32 + half) / STEPS as f32));
            // because the curve ends at white: half a step is all there is on its far side.
            let slope = if i == STEPS { 2.0 * (here - before) } else { after - before };
            *node = [here, slope];
        }
        Self { linear, spare_bits, encoded, level, unchanged_above }
    }

    /// Linear light of a code.
    #[inline]
    pub(crate) fn linear(&self, code: u16) -> f32 {
        self.linear[usize::from(code >> self.spare_bits)]
    }

    /// Takes from a pixel what it does not keep; channels that keep all but nothing stay as they are. Whether any may have
    /// changed.
    #[inline]
    pub(crate) fn darken(&self, pixel: &mut [u16], kept: &Lanes) -> bool {
        if !kept[..3].iter().any(|kept| *kept < self.unchanged_above) {
            return false;
        }
        let [r, g, b] = [0, 1, 2].map(|k| self.linear(pixel[k]));
        let darker = self.codes([r * kept[0], g * kept[1], b * kept[2]]);
        for k in 0..3 {
            pixel[k] = if kept[k] < self.unchanged_above { darker[k] } else { pixel[k] };
        }
        true
    }

    /// The nearest codes that the picture's bit depth can hold.
    #[inline]
    pub(crate) fn codes(&self, [r, g, b]: [f32; 3]) -> [u16; 3] {
        // because four numbers move at once, roots are taken of four.
        let places = [r, g, b, 0.0].map(|linear| linear.clamp(0.0, 1.0).sqrt() * STEPS as f32);
        let rounded = places.map(|place| place + ROUNDING);
        [0, 1, 2].map(|k| {
            let [value, slope] = self.encoded[rounded[k].to_bits() as usize % (2 * STEPS)];
            let encoded = value + slope * (places[k] - (rounded[k] - ROUNDING));
            ((encoded + ROUNDING).to_bits() % (1 << 16) * self.level) as u16
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_return() {
        for space in [RgbSpace::Srgb, RgbSpace::AdobeRgb] {
            let eight = Codes::new(space, BitDepth::Eight);
            for level in 0..=255u16 {
                assert_eq!(eight.codes([eight.linear(level * 257); 3]), [level * 257; 3], "{space:?}");
            }
            let sixteen = Codes::new(space, BitDepth::Sixteen);
            for code in (0..=u16::MAX).step_by(97) {
                assert!(sixteen.codes([sixteen.linear(code); 3])[0].abs_diff(code) <= 1, "{space:?} {code}");
            }
        }
    }
}
