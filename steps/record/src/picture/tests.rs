use std::io::Cursor;

use stipple_model::{Light, Moment, View};
use stipple_raster::Grid;

use super::*;

fn photo(space: RgbSpace, bit_depth: BitDepth) -> Photo {
    let factor = if bit_depth == BitDepth::Eight { 257 } else { 211 };
    let codes = (0..3 * 40 * 30).map(|k| (k % 256) as u16 * factor).collect();
    Photo::new(40, 30, space, bit_depth, codes)
}

fn simulation() -> Simulation {
    let Photo { width_px, height_px, space, bit_depth, codes } = photo(RgbSpace::DisplayP3, BitDepth::Eight);
    let view = View { light: Some(Light::Led), distance_m: Some(2.0), ..View::at(Moment::Year1) };
    Simulation { width_px, height_px, space, bit_depth, codes, view }
}

fn opened(bytes: &[u8]) -> (png::Reader<Cursor<&[u8]>>, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().expect("a PNG");
    let mut samples = vec![0; reader.output_buffer_size().expect("small")];
    reader.next_frame(&mut samples).expect("whole");
    reader.finish().expect("ends");
    (reader, samples)
}

/// Kinds of the chunks of a PNG, in order, repeats left out.
fn chunks(bytes: &[u8]) -> Vec<String> {
    let (mut at, mut kinds) = (8, Vec::new());
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        kinds.push(String::from_utf8_lossy(&bytes[at + 4..at + 8]).into_owned());
        at += length + 12;
    }
    kinds.dedup();
    kinds
}

#[test]
fn pixels_come_back_as_they_were() {
    for space in [RgbSpace::Srgb, RgbSpace::DisplayP3, RgbSpace::AdobeRgb, RgbSpace::Rec2020] {
        let eight = photo(space, BitDepth::Eight);
        let samples = opened(&png_of_photo(&eight)).1;
        assert!(samples.iter().zip(&eight.codes).all(|(byte, code)| u16::from(*byte) * 257 == *code));
        let sixteen = photo(space, BitDepth::Sixteen);
        let samples = opened(&png_of_photo(&sixteen)).1;
        let codes = samples.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        assert!(codes.eq(sixteen.codes.iter().copied()));
    }
}

#[test]
fn a_photograph_carries_its_color_space_and_nothing_else() {
    let plain = png_of_photo(&photo(RgbSpace::Srgb, BitDepth::Eight));
    assert_eq!(chunks(&plain), ["IHDR", "sRGB", "IDAT", "IEND"]);
    let wide = png_of_photo(&photo(RgbSpace::DisplayP3, BitDepth::Sixteen));
    assert_eq!(chunks(&wide), ["IHDR", "iCCP", "IDAT", "IEND"]);
    assert_eq!(
        opened(&wide).0.info().icc_profile.as_deref(),
        profile::icc_profile(RgbSpace::DisplayP3).as_deref()
    );
}

#[test]
fn a_simulation_says_that_it_is_one() {
    let bytes = png_of_simulation(&simulation());
    let (reader, _) = opened(&bytes);
    let said = |word: &str| {
        let texts = &reader.info().uncompressed_latin1_text;
        texts.iter().find(|text| text.keyword == word).map(|text| text.text.clone())
    };
    assert_eq!(said("Simulation").as_deref(), Some("true"));
    assert_eq!(said("Moment").as_deref(), Some("1y"));
    assert!(said("Software").is_some_and(|text| text.starts_with("stipple ")));
    let xmp = reader.info().utf8_text[0].get_text().expect("plain text");
    assert!(xmp.contains(
        "Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/composite\""
    ));
    let jpeg = jpeg_of_simulation(&simulation(), 20, 80);
    assert!(jpeg.windows(17).any(|bytes| bytes == b"DigitalSourceType"));
}

#[test]
fn a_mask_is_black_and_white() {
    let mask = Mask { width: 3, height: 1, samples: vec![true, false, true] };
    let bytes = png_of_mask(&mask);
    let (reader, samples) = opened(&bytes);
    assert_eq!((samples, reader.info().color_type), (vec![255, 0, 255], ColorType::Grayscale));
}

#[test]
fn a_density_map_has_the_photographs_size_and_a_legend() {
    let density = Grid::from_samples(20, 10, (0..200).map(|k| k as f32 * 0.6).collect());
    let bytes = png_of_density(&density, 16.0, 320, 160);
    let (reader, samples) = opened(&bytes);
    assert_eq!((reader.info().width, reader.info().height), (320, 171));
    assert_eq!(samples[..3], [68, 1, 84]);
    assert!(samples[3 * 320 * 160..].chunks(3).filter(|pixel| pixel == &[0, 0, 0]).count() > 20);
    let odd = Grid::from_samples(1, 1, vec![f32::NAN]);
    assert!(!png_of_density(&odd, 1.0, 1, 1).is_empty());
}

#[test]
fn a_jpeg_is_shrunk_in_linear_light_and_is_srgb() {
    // Because black and white average to half the light, not to half the code: 188, not 128.
    let codes = (0..64 * 48).flat_map(|k| [(k % 2) as u16 * 65_535; 3]).collect();
    let stripes = Photo::new(64, 48, RgbSpace::AdobeRgb, BitDepth::Sixteen, codes);
    let bytes = jpeg_of_photo(&stripes, 16, 90);
    let picture = image::load_from_memory(&bytes).expect("a JPEG").to_rgb8();
    assert_eq!(picture.dimensions(), (16, 12));
    let codes: Vec<u8> = picture.pixels().flat_map(|pixel| pixel.0).collect();
    assert!(codes.iter().all(|code| code.abs_diff(188) <= 1), "{codes:?}");
    let odd = jpeg_of_photo(&photo(RgbSpace::Srgb, BitDepth::Eight), 7, 200);
    assert_eq!(image::load_from_memory(&odd).expect("a JPEG").to_rgb8().dimensions(), (7, 5));
}
