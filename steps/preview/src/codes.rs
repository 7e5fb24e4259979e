//! From codes to light and back, by tables.

use stipple_color::RgbSpace;
use stipple_model::BitDepth;

/// Tables between 16-bit codes and linear light of one space.
pub(crate) struct Codes {
    linear: Vec<f32>,
    /// Encoded value, in levels, where the square root of linear light is `i / STEPS`.
    encoded: Vec<f32>,
    /// Codes between two levels: 257 for 8 bits, 1 for 16.
    level: f32,
    unchanged_above: f32,
}

/// White of 8 bits loses half a level, 1/510, at (1 − 1/510)^2.2 or less.
const UNCHANGED_ABOVE: f32 = 0.9958;

/// Steps of the square root of linear light in the table back; straight between them.
///
/// Every space's curve is nearly straight over the square root, also near black.
const STEPS: usize = 1 << 14;

impl Codes {
    /// The tables of a space.
    pub(crate) fn new(space: RgbSpace, bit_depth: BitDepth) -> Self {
        let (levels, level, unchanged_above) = match bit_depth {
            BitDepth::Eight => (255.0, 257.0, UNCHANGED_ABOVE),
            BitDepth::Sixteen => (65_535.0, 1.0, 1.0),
        };
        let encoded = (0..=STEPS + 1)
            .map(|i| {
                let root = i as f32 / STEPS as f32;
                space.encoded_from_linear(root * root).clamp(0.0, 1.0) * levels
            })
            .collect();
        Self { linear: space.linear_table(), encoded, level, unchanged_above }
    }

    /// Light kept, above which no code of the picture changes: less than half a level is lost even at white.
    #[inline]
    pub(crate) fn unchanged_above(&self) -> f32 {
        self.unchanged_above
    }

    /// Linear light of a code.
    #[inline]
    pub(crate) fn linear(&self, code: u16) -> f32 {
        self.linear[usize::from(code)]
    }

    /// The nearest code that the picture's bit depth can hold.
    #[inline]
    pub(crate) fn code(&self, linear: f32) -> u16 {
        let place = linear.clamp(0.0, 1.0).sqrt() * STEPS as f32;
        let i = place as usize;
        let value = self.encoded[i] + (place - i as f32) * (self.encoded[i + 1] - self.encoded[i]);
        ((value + 0.5) as u32 as f32 * self.level) as u16
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
                assert_eq!(eight.code(eight.linear(level * 257)), level * 257, "{space:?}");
            }
            let sixteen = Codes::new(space, BitDepth::Sixteen);
            for code in (0..=u16::MAX).step_by(97) {
                assert!(sixteen.code(sixteen.linear(code)).abs_diff(code) <= 1, "{space:?} {code}");
            }
        }
    }
}
