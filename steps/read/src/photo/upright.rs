//! From stored samples to upright 16-bit RGB codes, in one pass.

use image::metadata::Orientation;
use rayon::prelude::*;

use super::{Behind, Decoded, Samples};

/// Rows that are written together, so that turned pictures are read in runs.
const BAND_ROWS: usize = 16;

/// Columns, rows and codes of the upright picture: oriented, widened to 16 bits, nothing transparent.
pub(super) fn codes(decoded: &Decoded) -> (usize, usize, Vec<u16>) {
    match &decoded.samples {
        Samples::Eight(samples) => turned(decoded, samples, |v| u16::from(v) * 257),
        Samples::Wide { codes, full: u16::MAX } => turned(decoded, codes, |v| v),
        Samples::Wide { codes, full } => {
            let full = u32::from(*full);
            turned(decoded, codes, |v| ((u32::from(v).min(full) * 65_535 + full / 2) / full) as u16)
        }
    }
}

fn turned<S: Copy + Sync>(
    decoded: &Decoded,
    samples: &[S],
    code: impl Fn(S) -> u16 + Sync,
) -> (usize, usize, Vec<u16>) {
    let walk = Walk::of(decoded);
    let white = decoded.behind == Behind::White;
    let behind = if white { u32::from(u16::MAX) } else { 0 };
    let codes = match decoded.channels {
        1 => walk.written(samples, |&[v]: &[S; 1]| [code(v); 3]),
        2 => walk.written(samples, |&[v, a]: &[S; 2]| [over(code(v), code(a), behind); 3]),
        3 => walk.written(samples, |pixel: &[S; 3]| pixel.map(&code)),
        4 => {
            walk.written(samples, |&[r, g, b, a]: &[S; 4]| [r, g, b].map(|v| over(code(v), code(a), behind)))
        }
        other => unreachable!("a decoded pixel has one to four samples, not {other}"),
    };
    (walk.width, walk.height, codes)
}

/// A color over what lies behind it.
fn over(color: u16, alpha: u16, behind: u32) -> u16 {
    let full = u32::from(u16::MAX);
    let alpha = u32::from(alpha);
    ((u32::from(color) * alpha + behind * (full - alpha) + full / 2) / full) as u16
}

/// How the stored pixels are visited to write an upright picture.
struct Walk {
    width: usize,
    height: usize,
    /// Stored index of the upright picture's first pixel.
    first: isize,
    /// Steps in the stored picture for one column and one row of the upright one.
    per_column: isize,
    per_row: isize,
}

impl Walk {
    fn of(decoded: &Decoded) -> Self {
        let (width, height) = (decoded.width, decoded.height);
        let (w, last) = (width as isize, (width * height) as isize - 1);
        let bottom_left = last + 1 - w;
        let straight = |first, per_column, per_row| Self { width, height, first, per_column, per_row };
        let turned =
            |first, per_column, per_row| Self { width: height, height: width, first, per_column, per_row };
        match decoded.orientation {
            Orientation::NoTransforms => straight(0, 1, w),
            Orientation::FlipHorizontal => straight(w - 1, -1, w),
            Orientation::Rotate180 => straight(last, -1, -w),
            Orientation::FlipVertical => straight(bottom_left, 1, -w),
            Orientation::Rotate90FlipH => turned(0, w, 1),
            Orientation::Rotate90 => turned(bottom_left, -w, 1),
            Orientation::Rotate270FlipH => turned(last, -w, -1),
            Orientation::Rotate270 => turned(w - 1, w, -1),
        }
    }

    /// The upright codes, `N` stored samples making one pixel.
    fn written<S: Copy + Sync, const N: usize>(
        &self,
        samples: &[S],
        pixel: impl Fn(&[S; N]) -> [u16; 3] + Sync,
    ) -> Vec<u16> {
        let (stored, _) = samples.as_chunks::<N>();
        let row_codes = 3 * self.width;
        let mut codes = vec![0u16; row_codes * self.height];
        codes.par_chunks_mut(BAND_ROWS * row_codes).enumerate().for_each(|(band, out)| {
            let start = self.first + (band * BAND_ROWS) as isize * self.per_row;
            let rows = out.len() / row_codes;
            let mut write = |x: usize, y: usize| {
                let from = start + x as isize * self.per_column + y as isize * self.per_row;
                let to = y * row_codes + 3 * x;
                out[to..to + 3].copy_from_slice(&pixel(&stored[from as usize]));
            };
            if self.per_column.abs() == 1 {
                (0..rows).for_each(|y| (0..self.width).for_each(|x| write(x, y)));
            } else {
                (0..self.width).for_each(|x| (0..rows).for_each(|y| write(x, y)));
            }
        });
        codes
    }
}
