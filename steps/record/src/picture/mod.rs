//! Pictures as bytes: PNG for people's eyes and other programs, JPEG for the report.
//!
//! They carry pixels, what the pixels' numbers mean, and for a simulation or a drawing that it is one; nothing else.

mod density;
mod jpeg;
mod mark;
mod profile;
mod quick;

pub use density::png_of_density;
pub use jpeg::{jpeg_of_overlay, jpeg_of_photo, jpeg_of_simulation, jpeg_size};
pub(crate) use jpeg::{jpeg_of_rgb, rgb_of_photo};
pub use quick::{quick_jpeg_of_photo, quick_jpeg_of_simulation};

use std::borrow::Cow;

use png::{BitDepth as Bits, ColorType, DeflateCompression, Encoder, Filter, Info, SrgbRenderingIntent};
use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Overlay, Photo, Simulation};
use stipple_raster::Mask;

/// A photograph as PNG: 8-bit pixels keep their bytes, all others are written with 16 bits.
///
/// # Panics
/// If the photograph has no pixels.
pub fn png_of_photo(photo: &Photo) -> Vec<u8> {
    png_of_pixels(&Pixels::from(photo), &[], None)
}

/// A simulation as PNG, which says in its metadata too that it is one.
///
/// # Panics
/// If the simulation has no pixels.
pub fn png_of_simulation(simulation: &Simulation) -> Vec<u8> {
    png_of_pixels(&Pixels::from(simulation), &mark::words(simulation), Some(&mark::xmp()))
}

/// A drawing over a photograph as PNG, which says in its metadata too that it is one.
///
/// # Panics
/// If the drawing has no pixels.
pub fn png_of_overlay(overlay: &Overlay) -> Vec<u8> {
    png_of_pixels(&Pixels::from(overlay), &mark::words_of_drawing(), Some(&mark::xmp()))
}

/// A mask as 8-bit gray PNG: white is inside.
///
/// # Panics
/// If the mask has no pixels.
pub fn png_of_mask(mask: &Mask) -> Vec<u8> {
    let samples: Vec<u8> = mask.samples.iter().map(|inside| if *inside { 255 } else { 0 }).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(mask.width), side(mask.height));
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(Bits::Eight);
    finish(encoder, &samples);
    bytes
}

/// A drawing of 8-bit sRGB pixels as PNG.
///
/// # Panics
/// If there are not width times height pixels of three bytes.
pub(crate) fn png_of_rgb(samples: &[u8], width_px: usize, height_px: usize) -> Vec<u8> {
    assert_eq!(samples.len(), 3 * width_px * height_px, "three bytes a pixel");
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side(width_px), side(height_px));
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(Bits::Eight);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    finish(encoder, samples);
    bytes
}

/// The pixels of a photograph, a simulation or a drawing.
struct Pixels<'a> {
    width_px: usize,
    height_px: usize,
    space: RgbSpace,
    bit_depth: BitDepth,
    codes: &'a [u16],
}

impl<'a> From<&'a Photo> for Pixels<'a> {
    fn from(photo: &'a Photo) -> Self {
        Self {
            width_px: photo.width_px,
            height_px: photo.height_px,
            space: photo.space,
            bit_depth: photo.bit_depth,
            codes: &photo.codes,
        }
    }
}

impl<'a> From<&'a Simulation> for Pixels<'a> {
    fn from(simulation: &'a Simulation) -> Self {
        Self {
            width_px: simulation.width_px,
            height_px: simulation.height_px,
            space: simulation.space,
            bit_depth: simulation.bit_depth,
            codes: &simulation.codes,
        }
    }
}

impl<'a> From<&'a Overlay> for Pixels<'a> {
    fn from(overlay: &'a Overlay) -> Self {
        Self {
            width_px: overlay.width_px,
            height_px: overlay.height_px,
            space: RgbSpace::Srgb,
            bit_depth: BitDepth::Eight,
            codes: &overlay.codes,
        }
    }
}

/// Color pixels as PNG, with words (keyword and text) and an XMP packet.
fn png_of_pixels(pixels: &Pixels<'_>, words: &[(&str, String)], xmp: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut info = Info::with_size(side(pixels.width_px), side(pixels.height_px));
    info.color_type = ColorType::Rgb;
    info.icc_profile = profile::icc_profile(pixels.space).map(Cow::Owned);
    let mut encoder = Encoder::with_info(&mut bytes, info).expect("a still picture has no frames to miss");
    if pixels.space == RgbSpace::Srgb {
        encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    }
    for (keyword, text) in words {
        encoder.add_text_chunk((*keyword).into(), text.clone()).expect("our keywords are short and plain");
    }
    if let Some(xmp) = xmp {
        encoder
            .add_itxt_chunk("XML:com.adobe.xmp".into(), xmp.into())
            .expect("the keyword is short and plain");
    }
    match pixels.bit_depth {
        BitDepth::Eight => {
            encoder.set_depth(Bits::Eight);
            finish(encoder, &eight_bits(pixels.codes));
        }
        BitDepth::Sixteen => {
            encoder.set_depth(Bits::Sixteen);
            let samples: Vec<u8> = pixels.codes.iter().flat_map(|code| code.to_be_bytes()).collect();
            finish(encoder, &samples);
        }
    }
    bytes
}

/// The nearest 8-bit code of each 16-bit code; exact for codes that came from 8 bits.
fn eight_bits(codes: &[u16]) -> Vec<u8> {
    codes.iter().map(|code| ((u32::from(*code) + 128) / 257) as u8).collect()
}

/// A side as PNG counts it.
fn side(side_px: usize) -> u32 {
    u32::try_from(side_px).expect("a picture's side fits 32 bits")
}

/// Writes all samples, quickly enough for a person to wait for it, and ends the file.
fn finish(mut encoder: Encoder<'_, &mut Vec<u8>>, samples: &[u8]) {
    encoder.set_deflate_compression(DeflateCompression::FdeflateUltraFast);
    encoder.set_filter(Filter::Paeth);
    let mut writer = encoder.write_header().expect("a picture has pixels and memory takes bytes");
    writer.write_image_data(samples).expect("as many samples as the header says");
    writer.finish().expect("memory takes bytes");
}

#[cfg(test)]
mod tests;
