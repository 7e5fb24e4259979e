//! Small JPEG pictures for documents: shrunk in linear light, sRGB.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use stipple_color::{LinearRgb, RgbSpace};
use stipple_model::{Overlay, Photo, Simulation};

use super::{Pixels, mark};

/// A photograph as sRGB JPEG, its longer side at most `side_max_px`, without metadata.
///
/// `quality` is 1 to 100. Colors outside sRGB are clipped.
///
/// # Panics
/// If the photograph has no pixels.
pub fn jpeg_of_photo(photo: &Photo, side_max_px: u16, quality: u8) -> Vec<u8> {
    jpeg_of_pixels(&Pixels::from(photo), side_max_px, quality, None)
}

/// A simulation as sRGB JPEG, its longer side at most `side_max_px`; its metadata says that it is one.
///
/// `quality` is 1 to 100. Colors outside sRGB are clipped.
///
/// # Panics
/// If the simulation has no pixels.
pub fn jpeg_of_simulation(simulation: &Simulation, side_max_px: u16, quality: u8) -> Vec<u8> {
    jpeg_of_pixels(&Pixels::from(simulation), side_max_px, quality, Some(&mark::xmp()))
}

/// A drawing as sRGB JPEG, its longer side at most `side_max_px`; its metadata says that it is one.
///
/// # Panics
/// If the drawing has no pixels.
pub fn jpeg_of_overlay(overlay: &Overlay, side_max_px: u16, quality: u8) -> Vec<u8> {
    jpeg_of_pixels(&Pixels::from(overlay), side_max_px, quality, Some(&mark::xmp()))
}

/// Columns and rows of a JPEG; none of what is none.
pub fn jpeg_size(bytes: &[u8]) -> Option<[u32; 2]> {
    let mut decoder = zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(bytes));
    decoder.decode_headers().ok()?;
    let (width_px, height_px) = decoder.dimensions()?;
    Some([u32::try_from(width_px).ok()?, u32::try_from(height_px).ok()?])
}

fn jpeg_of_pixels(pixels: &Pixels<'_>, side_max_px: u16, quality: u8, xmp: Option<&str>) -> Vec<u8> {
    assert!(pixels.width_px > 0 && pixels.height_px > 0, "a picture has pixels");
    let side_max_px = usize::from(side_max_px.max(1));
    let factor = (pixels.width_px.max(pixels.height_px) as f64 / side_max_px as f64).max(1.0);
    let (rgb, width_px, height_px) = shrunk(pixels, factor);
    jpeg_of_rgb(&rgb, width_px, height_px, quality, xmp)
}

/// 8-bit sRGB as JPEG, with an XMP packet or without metadata.
///
/// # Panics
/// If a side is longer than 65 535 pixels.
pub(crate) fn jpeg_of_rgb(
    rgb: &[u8],
    width_px: usize,
    height_px: usize,
    quality: u8,
    xmp: Option<&str>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality.clamp(1, 100));
    encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    if let Some(xmp) = xmp {
        let segment = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
        encoder.add_app_segment(1, segment).expect("the packet is short");
    }
    let [width, height] = [width_px, height_px].map(|px| u16::try_from(px).expect("a JPEG's side"));
    encoder.encode(rgb, width, height, ColorType::Rgb).expect("memory takes bytes");
    bytes
}

/// A photograph as 8-bit sRGB, at most so wide, with columns and rows.
///
/// # Panics
/// If the photograph has no pixels.
pub(crate) fn rgb_of_photo(photo: &Photo, width_max_px: usize) -> (Vec<u8>, usize, usize) {
    assert!(photo.width_px > 0 && photo.height_px > 0, "a picture has pixels");
    shrunk(&Pixels::from(photo), (photo.width_px as f64 / width_max_px.max(1) as f64).max(1.0))
}

/// 8-bit sRGB so many times smaller, with columns and rows.
fn shrunk(pixels: &Pixels<'_>, factor: f64) -> (Vec<u8>, usize, usize) {
    let side = |side_px: usize| ((side_px as f64 / factor).round() as usize).max(1);
    let (width_px, height_px) = (side(pixels.width_px), side(pixels.height_px));
    (srgb_bytes(pixels.space, &shrunk_linear(pixels, width_px, height_px)), width_px, height_px)
}

/// Linear R, G, B of the picture at a smaller size: each new pixel is the mean of the area it covers.
fn shrunk_linear(pixels: &Pixels<'_>, width_px: usize, height_px: usize) -> Vec<f32> {
    let table = pixels.space.linear_table();
    let columns = shares(pixels.width_px, width_px);
    let rows = shares(pixels.height_px, height_px);
    let mut out = vec![0.0; 3 * width_px * height_px];
    for (codes, row) in pixels.codes.chunks_exact(3 * pixels.width_px).zip(&rows) {
        let mut line = vec![0.0; 3 * width_px];
        for (code, column) in codes.chunks_exact(3).zip(&columns) {
            let color = [0, 1, 2].map(|c| table[usize::from(code[c])]);
            add(&mut line[3 * column.to..], &color, column.first);
            add(&mut line[3 * column.to..][3..], &color, column.second);
        }
        add(&mut out[3 * width_px * row.to..], &line, row.first);
        add(&mut out[3 * width_px * row.to..][line.len()..], &line, row.second);
    }
    out
}

/// Adds a share of some values, as far as there is room for them.
fn add(sums: &mut [f32], values: &[f32], share: f32) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += share * value);
}

/// How one sample of a line is spread when the line gets shorter: over one new sample or two.
struct Spread {
    to: usize,
    first: f32,
    second: f32,
}

/// The spread of each of `from` samples over `to` of them, `to` not more than `from`.
fn shares(from: usize, to: usize) -> Vec<Spread> {
    let ratio = to as f64 / from as f64;
    let spread = |k: usize| {
        let (start, end) = (k as f64 * ratio, (k + 1) as f64 * ratio);
        let sample = (start as usize).min(to - 1);
        let second = if sample + 1 < to { (end - (sample + 1) as f64).max(0.0) } else { 0.0 };
        Spread { to: sample, first: (ratio - second) as f32, second: second as f32 }
    };
    (0..from).map(spread).collect()
}

/// 8-bit sRGB of linear R, G, B in another space.
fn srgb_bytes(space: RgbSpace, linear: &[f32]) -> Vec<u8> {
    let axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let columns =
        axes.map(|rgb| RgbSpace::Srgb.linear_from_xyz(space.xyz_from_linear(LinearRgb { rgb })).rgb);
    let encoded =
        |value: f32| (RgbSpace::Srgb.encoded_from_linear(value.clamp(0.0, 1.0)) * 255.0).round() as u8;
    linear
        .chunks_exact(3)
        .flat_map(|rgb| [0, 1, 2].map(|i| encoded((0..3).map(|k| columns[k][i] * rgb[k]).sum())))
        .collect()
}
