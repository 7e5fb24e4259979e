//! JPEG, PNG, WebP and TIFF.

use std::io::Cursor;

use image::codecs::{png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageError, Limits};
use stipple_color::RgbSpace;
use stipple_model::{Caveat, Code, Weight};
use zune_jpeg::zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::container::{JpegOutline, TiffDirectory, jpeg_frames, png_has_chunk, webp_claims};
use super::kind::Kind;
use super::{Behind, DecodeLimits, Decoded, Samples, Tagged, several_frames};
use crate::error::Error;

/// Bytes a pixel of the finished photograph.
const FINISHED_BYTES: u64 = 6;
/// Most memory for what stands beside the pixels of a PNG file, bytes: bounds compressed profiles and texts.
const ASIDE_BYTES_MAX: u64 = 128 << 20;

/// Chunks may claim this much beyond the file's end: writers err too, and nothing breaks, bytes.
const HARMLESS_BYTES: u64 = 16 << 20;
/// JPEG data of so few pixels in a TIFF file may be a preview, and is soon decoded.
const HARMLESS_PX: u64 = 512 * 512;

/// Pixels where JPEG data is missing: middle gray, or nothing (Y = Cb = Cr = 0).
const MISSING: [[u8; 3]; 2] = [[128, 128, 128], [0, 135, 0]];
/// Pixels along the largest block of a JPEG picture.
const BLOCK_PX: usize = 16;

/// A JPEG picture.
pub(super) fn jpeg(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    let outline = JpegOutline::of(bytes);
    let mut header = jpeg_decoder(bytes, false, ColorSpace::RGB);
    header.decode_headers().map_err(jpeg_error)?;
    let damaged = Error::Damaged { found: Kind::Jpeg.damaged() };
    let Some((width, height)) = header.dimensions() else { return Err(damaged) };
    limits.admit(width as u64, height as u64, FINISHED_BYTES + 9)?;
    if !outline.complete {
        return Err(damaged);
    }
    if outline.components == 4 && !outline.adobe {
        return Err(Error::NotAPhotograph { found: "a JPEG made for print whose inks are not explained" });
    }
    let (channels, space) = match outline.components {
        1 => (1, ColorSpace::Luma),
        3 | 4 => (3, ColorSpace::RGB),
        _ => return Err(Error::NotAPhotograph { found: Kind::Jpeg.unusual() }),
    };
    let mut caveats = Vec::new();
    let (samples, faulty) = match jpeg_decoder(bytes, true, space).decode() {
        Ok(samples) => (samples, false),
        // because files with small irregularities show well enough in every other program
        Err(_) => (jpeg_decoder(bytes, false, space).decode().map_err(jpeg_error)?, true),
    };
    if faulty || ends_early(&samples, width * channels) {
        caveats.push(Caveat::new(
            Code::PhotoDamaged,
            Weight::Doubt,
            "the JPEG data has faults inside; parts of the picture may be gray or garbled",
            "look at the picture; if a part is wrong, copy the file from the camera or phone once more",
        ));
    }
    let exif = header.exif().map(Vec::as_slice);
    let color = if outline.components == 4 {
        caveats.push(print_colors());
        Tagged::Space(RgbSpace::Srgb)
    } else {
        tagged(header.icc_profile(), exif, false)
    };
    let orientation = exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms);
    let samples = Samples::Eight(samples);
    Ok(Decoded { width, height, channels, samples, orientation, behind: Behind::White, color, caveats })
}

/// Whether the last row looks like none of it was in the data: where data is missing, decoders repeat a block.
fn ends_early(samples: &[u8], row: usize) -> bool {
    let (last, _) = samples[samples.len().saturating_sub(row)..].as_chunks::<3>();
    let repeats = |period: usize| last.iter().zip(&last[period.min(last.len())..]).all(|(a, b)| a == b);
    if repeats(1) { last.first().is_some_and(|pixel| MISSING.contains(pixel)) } else { repeats(BLOCK_PX) }
}

fn jpeg_decoder(bytes: &[u8], strict: bool, space: ColorSpace) -> JpegDecoder<ZCursor<&[u8]>> {
    let options = DecoderOptions::default()
        .set_strict_mode(strict)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(space);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options)
}

fn jpeg_error(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::Unsupported(_) => Error::NotAPhotograph { found: Kind::Jpeg.unusual() },
        _ => Error::Damaged { found: Kind::Jpeg.damaged() },
    }
}

/// A PNG picture.
pub(super) fn png(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    let mut aside = Limits::no_limits();
    aside.max_alloc = Some(ASIDE_BYTES_MAX.min(limits.memory_bytes_max));
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), aside).map_err(|e| failed(Kind::Png, &e))?;
    let mut caveats = Vec::new();
    if png_has_chunk(bytes, b"acTL") {
        caveats.push(several_frames("an animation"));
    }
    through_image(decoder, Kind::Png, limits, png_has_chunk(bytes, b"sRGB"), caveats)
}

/// A WebP picture.
pub(super) fn webp(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    // because the decoder allocates what a chunk claims before it looks for it
    if webp_claims(bytes).any(|claimed| claimed > HARMLESS_BYTES.max(bytes.len() as u64)) {
        return Err(Error::Damaged { found: Kind::WebP.damaged() });
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| failed(Kind::WebP, &e))?;
    let mut caveats = Vec::new();
    if decoder.has_animation() {
        caveats.push(several_frames("an animation"));
    }
    through_image(decoder, Kind::WebP, limits, false, caveats)
}

/// A TIFF picture.
pub(super) fn tiff(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    let mut decoder = TiffDecoder::new(Cursor::new(bytes)).map_err(|e| failed(Kind::Tiff, &e))?;
    admit(&decoder, limits)?;
    require_own_size(bytes)?;
    let mut aside = Limits::no_limits();
    aside.max_alloc = Some(limits.memory_bytes_max);
    decoder.set_limits(aside).map_err(|e| failed(Kind::Tiff, &e))?;
    let mut caveats = Vec::new();
    if TiffDirectory::first(bytes).is_some_and(|directory| directory.next().is_some()) {
        caveats.push(several_frames("several pages"));
    }
    through_image(decoder, Kind::Tiff, limits, false, caveats)
}

/// Refuses JPEG data in strips or tiles of a TIFF picture that says it is larger than they are: the decoder would
/// decode all of it, as often as there are strips.
fn require_own_size(bytes: &[u8]) -> Result<(), Error> {
    const COMPRESSION: u16 = 259;
    const JPEG: u32 = 7;
    const WIDTH: u16 = 256;
    const HEIGHT: u16 = 257;
    const STRIP_ROWS: u16 = 278;
    const TILE: [u16; 2] = [322, 323];
    let directory = TiffDirectory::first(bytes);
    let value = |tag: u16| directory.as_ref().and_then(|directory| directory.value(tag));
    if directory.is_some() && value(COMPRESSION) != Some(JPEG) {
        return Ok(());
    }
    let rows = value(STRIP_ROWS).unwrap_or(u32::MAX).min(value(HEIGHT).unwrap_or(0));
    let [width, height] = match TILE.map(value) {
        [Some(width), Some(height)] => [width, height],
        _ => [value(WIDTH).unwrap_or(0), rows],
    };
    let filled = |side: u32| u64::from(side).next_multiple_of(BLOCK_PX as u64);
    let most = filled(width).saturating_mul(filled(height)).max(HARMLESS_PX);
    if jpeg_frames(bytes).any(|pixels| pixels > most) {
        return Err(Error::Damaged { found: Kind::Tiff.damaged() });
    }
    Ok(())
}

fn admit(decoder: &impl ImageDecoder, limits: &DecodeLimits) -> Result<(), Error> {
    let (width, height) = decoder.dimensions();
    let stored = u64::from(decoder.color_type().bytes_per_pixel());
    // because decoders hold a copy of their own while they write
    limits.admit(u64::from(width), u64::from(height), 2 * stored + FINISHED_BYTES)
}

/// Pixels and what surrounds them, from any decoder of the `image` crate.
fn through_image(
    mut decoder: impl ImageDecoder,
    kind: Kind,
    limits: &DecodeLimits,
    says_srgb: bool,
    mut caveats: Vec<Caveat>,
) -> Result<Decoded, Error> {
    admit(&decoder, limits)?;
    let icc = decoder.icc_profile().ok().flatten();
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let print = matches!(decoder.original_color_type(), ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16);
    let color = if print {
        caveats.push(print_colors());
        Tagged::Space(RgbSpace::Srgb)
    } else {
        tagged(icc, exif.as_deref(), says_srgb)
    };
    let picture = DynamicImage::from_decoder(decoder).map_err(|e| failed(kind, &e))?;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let wide = |codes| Samples::Wide { codes, full: u16::MAX };
    let (channels, samples) = match picture {
        DynamicImage::ImageLuma8(p) => (1, Samples::Eight(p.into_raw())),
        DynamicImage::ImageLumaA8(p) => (2, Samples::Eight(p.into_raw())),
        DynamicImage::ImageRgb8(p) => (3, Samples::Eight(p.into_raw())),
        DynamicImage::ImageRgba8(p) => (4, Samples::Eight(p.into_raw())),
        DynamicImage::ImageLuma16(p) => (1, wide(p.into_raw())),
        DynamicImage::ImageLumaA16(p) => (2, wide(p.into_raw())),
        DynamicImage::ImageRgb16(p) => (3, wide(p.into_raw())),
        DynamicImage::ImageRgba16(p) => (4, wide(p.into_raw())),
        _ => return Err(Error::NotAPhotograph { found: kind.unusual() }),
    };
    Ok(Decoded { width, height, channels, samples, orientation, behind: Behind::White, color, caveats })
}

fn failed(kind: Kind, error: &ImageError) -> Error {
    match error {
        ImageError::Unsupported(_) => Error::NotAPhotograph { found: kind.unusual() },
        _ => Error::Damaged { found: kind.damaged() },
    }
}

/// What a file says about its colors: the profile first, then the camera's own notes.
fn tagged(icc: Option<Vec<u8>>, exif: Option<&[u8]>, says_srgb: bool) -> Tagged {
    match icc {
        Some(icc) if !icc.is_empty() => Tagged::Icc(icc),
        _ if says_srgb => Tagged::Space(RgbSpace::Srgb),
        _ => exif.and_then(space_of_exif).map_or(Tagged::Unstated, Tagged::Space),
    }
}

/// Cameras without a profile write the color space into EXIF; Adobe RGB only as interoperability index R03.
fn space_of_exif(exif: &[u8]) -> Option<RgbSpace> {
    use exif::{In, Reader, Tag, Value};
    const SRGB: u32 = 1;
    let fields = Reader::new().read_raw(exif.to_vec()).ok()?;
    let field = |tag| fields.get_field(tag, In::PRIMARY);
    if field(Tag::ColorSpace).and_then(|f| f.value.get_uint(0)) == Some(SRGB) {
        return Some(RgbSpace::Srgb);
    }
    match &field(Tag::InteroperabilityIndex)?.value {
        Value::Ascii(words) if words.first().is_some_and(|w| w.starts_with(b"R03")) => {
            Some(RgbSpace::AdobeRgb)
        }
        _ => None,
    }
}

fn print_colors() -> Caveat {
    Caveat::new(
        Code::ColorCmyk,
        Weight::Doubt,
        "the file was made for print (CMYK); its inks were turned into RGB by a rule of thumb",
        "send the picture as the camera or phone wrote it",
    )
}
