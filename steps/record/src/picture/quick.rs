//! JPEG pictures for screens, as fast as they are looked at: strips encoded side by side.
//!
//! A strip ends where the format lets a decoder start anew (a restart marker), so strips that were encoded apart stand
//! one after the other in one ordinary picture.

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr};
use rayon::prelude::*;
use stipple_model::{Photo, Simulation};

use super::{Pixels, mark, profile};

/// Strips of a picture: more than the cores of a desk, and few enough to lose nothing by.
const STRIPS: usize = 16;
/// Rows that are encoded together where colors have half the resolution.
const BLOCK_ROWS: usize = 16;

/// A photograph as JPEG at its own size and in its own color space, without other metadata; colors at half the resolution.
///
/// `quality` is 1 to 100.
///
/// # Panics
/// If the photograph has no pixels, or a side above 65,535.
///
/// # Determinism
/// The same bytes on any number of threads.
pub fn quick_jpeg_of_photo(photo: &Photo, quality: u8) -> Vec<u8> {
    quick_jpeg(&Pixels::from(photo), quality, None)
}

/// A simulation as JPEG at its own size and in its own color space; its metadata says that it is one.
///
/// # Panics
/// As [`quick_jpeg_of_photo`].
///
/// # Determinism
/// The same bytes on any number of threads.
pub fn quick_jpeg_of_simulation(simulation: &Simulation, quality: u8) -> Vec<u8> {
    quick_jpeg(&Pixels::from(simulation), quality, Some(&mark::xmp()))
}

fn quick_jpeg(pixels: &Pixels<'_>, quality: u8, xmp: Option<&str>) -> Vec<u8> {
    assert!(pixels.width_px > 0 && pixels.height_px > 0, "a picture has pixels");
    let strip_rows = BLOCK_ROWS * pixels.height_px.div_ceil(BLOCK_ROWS * STRIPS);
    let firsts: Vec<usize> = (0..pixels.height_px).step_by(strip_rows).collect();
    let strips: Vec<Vec<u8>> = firsts
        .par_iter()
        .map(|first| {
            let rows = strip_rows.min(pixels.height_px - first);
            let encoder = Strip { pixels, first: *first, rows };
            encoder.encoded(strip_rows, quality, xmp.filter(|_| *first == 0))
        })
        .collect();
    joined(&strips, pixels.height_px)
}

/// Some rows of a picture.
struct Strip<'a> {
    pixels: &'a Pixels<'a>,
    first: usize,
    rows: usize,
}

impl Strip<'_> {
    /// A JPEG of these rows alone, whose decoder starts anew after so many rows.
    fn encoded(self, restart_rows: usize, quality: u8, xmp: Option<&str>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.rows * self.pixels.width_px / 2);
        let mut encoder = Encoder::new(&mut bytes, quality.clamp(1, 100));
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        let blocks = self.pixels.width_px.div_ceil(BLOCK_ROWS) * (restart_rows / BLOCK_ROWS);
        encoder.set_restart_interval(u16::try_from(blocks).expect("a strip has few blocks"));
        if let Some(xmp) = xmp {
            let segment = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
            encoder.add_app_segment(1, segment).expect("the packet is short");
        }
        if let Some(icc) = profile::icc_profile(self.pixels.space).filter(|_| self.first == 0) {
            encoder.add_icc_profile(&icc).expect("the profile is short");
        }
        encoder.encode_image(self).expect("memory takes bytes and the sides fit 16 bits");
        bytes
    }
}

impl ImageBuffer for Strip<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        u16::try_from(self.pixels.width_px).expect("a side fits 16 bits")
    }

    fn height(&self) -> u16 {
        u16::try_from(self.rows).expect("a side fits 16 bits")
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let width = self.pixels.width_px;
        let row = &self.pixels.codes[3 * width * (self.first + usize::from(y))..][..3 * width];
        let [lumas, blues, reds, _] = buffers;
        for code in row.chunks_exact(3) {
            // The nearest of 8 bits; exact for codes that came from them.
            let [r, g, b] = [0, 1, 2].map(|c| ((u32::from(code[c]) * 255 + 32_895) >> 16) as u8);
            let (luma, blue, red) = rgb_to_ycbcr(r, g, b);
            lumas.push(luma);
            blues.push(blue);
            reds.push(red);
        }
    }
}

/// Strips of equal height, but for the last, as one picture of `height_px` rows.
fn joined(strips: &[Vec<u8>], height_px: usize) -> Vec<u8> {
    let mut bytes = strips[0][..scan_start(&strips[0])].to_vec();
    let height_at = segment(&bytes, FRAME) + 5;
    bytes[height_at..height_at + 2].copy_from_slice(&(height_px as u16).to_be_bytes());
    for (number, strip) in strips.iter().enumerate() {
        if number > 0 {
            bytes.extend([0xFF, RESTART + ((number - 1) % 8) as u8]);
        }
        bytes.extend(&strip[scan_start(strip)..strip.len() - 2]);
    }
    bytes.extend([0xFF, END]);
    bytes
}

/// Markers: start of a baseline frame, start of a scan, first restart, end of the picture.
const FRAME: u8 = 0xC0;
const SCAN: u8 = 0xDA;
const RESTART: u8 = 0xD0;
const END: u8 = 0xD9;

/// Where the compressed blocks begin.
fn scan_start(jpeg: &[u8]) -> usize {
    let at = segment(jpeg, SCAN);
    at + 2 + length(jpeg, at)
}

/// Where the segment of a marker begins.
fn segment(jpeg: &[u8], marker: u8) -> usize {
    let mut at = 2;
    while jpeg[at + 1] != marker {
        at += 2 + length(jpeg, at);
    }
    at
}

/// Length of the segment at a place, its marker not counted.
fn length(jpeg: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]))
}

#[cfg(test)]
mod tests {
    use stipple_color::RgbSpace;
    use stipple_model::BitDepth;

    use super::*;

    /// A slope with a little grain.
    fn photo(width: usize, height: usize, space: RgbSpace) -> Photo {
        let code = |k: usize| {
            let (x, y, c) = (k / 3 % width, k / 3 / width, k % 3);
            ((40 + 60 * c + x * 70 / width + y * 50 / height + (x * 31 + y * 17) % 5) % 256) as u16 * 257
        };
        Photo::new(width, height, space, BitDepth::Eight, (0..3 * width * height).map(code).collect())
    }

    /// The same picture from the same encoder in one piece.
    fn in_one_piece(photo: &Photo, quality: u8) -> Vec<u8> {
        let pixels = Pixels::from(photo);
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, quality);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        let strip = Strip { pixels: &pixels, first: 0, rows: pixels.height_px };
        encoder.encode_image(strip).expect("memory takes bytes");
        bytes
    }

    #[test]
    fn strips_are_one_picture_as_others_read_it() {
        for (width, height) in [(64, 48), (333, 517), (50, 16), (31, 1000), (1632, 1224)] {
            let photo = photo(width, height, RgbSpace::Srgb);
            let read = |jpeg: &[u8]| image::load_from_memory(jpeg).expect("a JPEG").to_rgb8();
            let strips = read(&quick_jpeg_of_photo(&photo, 92));
            assert_eq!((strips.width() as usize, strips.height() as usize), (width, height));
            assert!(strips == read(&in_one_piece(&photo, 92)), "{width} × {height}: the same pixels");
        }
    }

    #[test]
    fn a_simulation_says_so_and_spaces_are_named() {
        let Photo { width_px, height_px, space, bit_depth, codes } = photo(80, 64, RgbSpace::DisplayP3);
        let view = stipple_model::View::at(stipple_model::Moment::Healed);
        let jpeg =
            quick_jpeg_of_simulation(&Simulation { width_px, height_px, space, bit_depth, codes, view }, 82);
        let holds = |text: &[u8]| jpeg.windows(text.len()).any(|window| window == text);
        assert!(holds(b"DigitalSourceType") && holds(b"ICC_PROFILE"));
    }
}
