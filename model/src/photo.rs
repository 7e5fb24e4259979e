//! A photograph, upright and decoded.

use stipple_color::RgbSpace;
use stipple_quantity::PointInPhoto;

/// How many bits a sample had in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitDepth {
    /// 8 bits; codes are stored times 257, so that writing them back gives the same bytes.
    Eight,
    /// 16 bits (also anything between).
    Sixteen,
}

/// An upright photograph (orientation applied), display-referred, in a stated RGB space.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// Columns.
    pub width_px: usize,
    /// Rows.
    pub height_px: usize,
    /// The space of the pixels.
    pub space: RgbSpace,
    /// Bits in the file.
    pub bit_depth: BitDepth,
    /// Encoded R, G, B, row by row, as 16-bit codes; `3 * width_px * height_px` of them.
    pub codes: Vec<u16>,
}

impl Photo {
    /// A photograph from its codes.
    ///
    /// # Panics
    /// If the number of codes is not `3 * width_px * height_px`.
    pub fn new(
        width_px: usize,
        height_px: usize,
        space: RgbSpace,
        bit_depth: BitDepth,
        codes: Vec<u16>,
    ) -> Self {
        assert_eq!(codes.len(), 3 * width_px * height_px, "a photograph needs three codes a pixel");
        Self { width_px, height_px, space, bit_depth, codes }
    }

    /// The three codes of a pixel.
    #[inline]
    pub fn pixel(&self, x: usize, y: usize) -> [u16; 3] {
        let k = 3 * (y * self.width_px + x);
        [self.codes[k], self.codes[k + 1], self.codes[k + 2]]
    }

    /// The middle of the picture.
    pub fn center(&self) -> PointInPhoto {
        PointInPhoto::new(self.width_px as f64 / 2.0, self.height_px as f64 / 2.0)
    }
}
