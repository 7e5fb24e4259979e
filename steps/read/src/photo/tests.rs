mod bombs;

use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, tiff::TiffEncoder, webp::WebPEncoder};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use moxcms::ColorProfile;
use stipple_quantity::Seed;

use super::*;

const WIDTH: u32 = 248;
const HEIGHT: u32 = 208;

/// A smooth picture that looks different from every side.
fn picture() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        Rgb([(40 + x * 180 / WIDTH) as u8, (50 + y * 150 / HEIGHT) as u8, 90])
    })
}

fn limits() -> DecodeLimits {
    DecodeLimits { threads: 1, ..DecodeLimits::ordinary() }
}

fn read(bytes: &[u8]) -> Qualified<Photo> {
    decode(bytes, &limits()).expect("a good file decodes")
}

fn codes_of(caveats: &[Caveat]) -> Vec<Code> {
    caveats.iter().map(|caveat| caveat.code).collect()
}

/// 8-bit pixels of a photograph.
fn bytes_of(photo: &Photo) -> Vec<u8> {
    photo.codes.iter().map(|code| (code / 257) as u8).collect()
}

/// EXIF with an orientation and, if asked for, a color space.
fn exif(orientation: u8, color_space: Option<u16>) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    bytes.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    bytes.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    bytes.extend([0, 1, 0xa0, 0x01, 0, 3, 0, 0, 0, 1]);
    bytes.extend(color_space.unwrap_or(0xffff).to_be_bytes());
    bytes.extend([0; 6]);
    bytes
}

/// Encodes with any encoder of the `image` crate, with a profile and EXIF where it takes them.
fn encoded(mut encoder: impl ImageEncoder, icc: Option<&ColorProfile>, exif: Option<Vec<u8>>) -> Option<()> {
    if let Some(profile) = icc {
        encoder.set_icc_profile(profile.encode().expect("a profile of our own")).expect("takes a profile");
    }
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).expect("takes EXIF");
    }
    encoder.write_image(&picture(), WIDTH, HEIGHT, ExtendedColorType::Rgb8).ok()
}

fn jpeg_with(icc: Option<&ColorProfile>, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoded(JpegEncoder::new_with_quality(&mut bytes, 95), icc, exif).expect("encodes");
    bytes
}

fn png_with(icc: Option<&ColorProfile>, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoded(PngEncoder::new(&mut bytes), icc, exif).expect("encodes");
    bytes
}

fn webp_with(exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoded(WebPEncoder::new_lossless(&mut bytes), None, exif).expect("encodes");
    bytes
}

fn tiff_of(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(TiffEncoder::new(&mut bytes)).expect("encodes");
    bytes.into_inner()
}

fn heic_of(width: u32, height: u32, bit_depth: u8, icc: Option<&ColorProfile>) -> Vec<u8> {
    let full = (1u32 << bit_depth) - 1;
    let mut picture = heifer::Image::filled(width, height, bit_depth, [0; 4]);
    for (k, pixel) in picture.data.chunks_exact_mut(4).enumerate() {
        let (x, y) = (k as u32 % width, k as u32 / width);
        let at = |share: u32, of: u32| (full / 5 + share * (full / 2) / of) as u16;
        pixel.copy_from_slice(&[at(x, width), at(y, height), (full / 3) as u16, full as u16]);
    }
    let metadata = heifer::Metadata {
        exif: Some(exif(6, None)),
        icc_profile: icc.map(|profile| profile.encode().expect("a profile of our own")),
        ..Default::default()
    };
    let options = heifer::EncodeOptions { quality: 90, max_threads: 1 };
    heifer::encode_with_metadata(&picture, &metadata, &options).expect("encodes")
}

#[test]
fn png_webp_and_tiff_keep_every_pixel() {
    let tiff = tiff_of(&DynamicImage::ImageRgb8(picture()));
    for bytes in [png_with(None, None), webp_with(None), tiff] {
        let photo = read(&bytes);
        assert!(bytes_of(&photo.value) == picture().into_raw());
        assert_eq!(photo.value.bit_depth, BitDepth::Eight);
        assert_eq!(photo.value.space, RgbSpace::Srgb);
        assert_eq!(codes_of(&photo.caveats), [Code::ColorProfileAssumed]);
    }
}

#[test]
fn sixteen_bits_are_kept_exactly() {
    let mut stream = Seed(5).stream("sixteen", 0);
    let samples: Vec<u16> = (0..3 * WIDTH * HEIGHT).map(|_| stream.below(65_536) as u16).collect();
    let wide = image::ImageBuffer::from_raw(WIDTH, HEIGHT, samples.clone()).expect("the right length");
    let wide = DynamicImage::ImageRgb16(wide);
    let mut png = Cursor::new(Vec::new());
    wide.write_with_encoder(PngEncoder::new(&mut png)).expect("encodes");
    for bytes in [png.into_inner(), tiff_of(&wide)] {
        let photo = read(&bytes).value;
        assert!(photo.codes == samples && photo.bit_depth == BitDepth::Sixteen);
    }
}

#[test]
fn every_orientation_is_turned_upright() {
    let upright = RgbImage::from_raw(WIDTH, HEIGHT, bytes_of(&read(&jpeg_with(None, None)).value));
    for orientation in 1..=8 {
        let mut expected = DynamicImage::ImageRgb8(upright.clone().expect("three bytes a pixel"));
        expected.apply_orientation(Orientation::from_exif(orientation).expect("one to eight"));
        let photo = read(&jpeg_with(None, Some(exif(orientation, None)))).value;
        assert_eq!(
            (photo.width_px, photo.height_px),
            (expected.width() as usize, expected.height() as usize)
        );
        assert!(bytes_of(&photo) == expected.into_bytes(), "orientation {orientation}");
    }
    for bytes in [png_with(None, Some(exif(6, None))), webp_with(Some(exif(6, None)))] {
        let photo = read(&bytes).value;
        assert_eq!((photo.width_px, photo.height_px), (HEIGHT as usize, WIDTH as usize));
        assert!(bytes_of(&photo) == image::imageops::rotate90(&picture()).into_raw());
    }
}

#[test]
fn known_profiles_keep_the_codes() {
    let profiles = [
        (ColorProfile::new_srgb(), RgbSpace::Srgb),
        (ColorProfile::new_display_p3(), RgbSpace::DisplayP3),
        (ColorProfile::new_adobe_rgb(), RgbSpace::AdobeRgb),
    ];
    for (profile, space) in profiles {
        let photo = read(&png_with(Some(&profile), None));
        assert_eq!((photo.value.space, photo.caveats.len()), (space, 0));
        assert!(bytes_of(&photo.value) == picture().into_raw());
        assert_eq!(read(&jpeg_with(Some(&profile), None)).value.space, space);
    }
}

#[test]
fn an_uncommon_profile_is_converted() {
    let photo = read(&png_with(Some(&ColorProfile::new_pro_photo_rgb()), None));
    assert_eq!(photo.value.space, RgbSpace::Rec2020);
    assert_eq!(photo.caveats[0].code, Code::ColorProfileConverted);
    // A gray stays gray, and its luminance is that of ProPhoto's 1.8 power.
    let gray = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([128; 3]));
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder
        .set_icc_profile(ColorProfile::new_pro_photo_rgb().encode().expect("a profile of our own"))
        .expect("takes a profile");
    encoder.write_image(&gray, WIDTH, HEIGHT, ExtendedColorType::Rgb8).expect("encodes");
    let linear = read(&bytes)
        .value
        .pixel(3, 3)
        .map(|code| RgbSpace::Rec2020.linear_from_encoded(f32::from(code) / 65_535.0));
    let expected = (128.0f32 / 255.0).powf(1.8);
    assert!(linear.iter().all(|v| (v - expected).abs() < 0.004), "{linear:?} {expected}");
}

#[test]
fn a_damaged_profile_counts_as_none() {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(vec![7; 300]).expect("takes a profile");
    encoder.write_image(&picture(), WIDTH, HEIGHT, ExtendedColorType::Rgb8).expect("encodes");
    let photo = read(&bytes);
    assert_eq!(
        (photo.value.space, codes_of(&photo.caveats)),
        (RgbSpace::Srgb, vec![Code::ColorProfileAssumed])
    );
}

#[test]
fn a_camera_that_states_srgb_is_believed() {
    assert!(read(&jpeg_with(None, Some(exif(1, Some(1))))).caveats.is_empty());
}

#[test]
fn print_colors_are_usable_with_doubt() {
    let inks: Vec<u8> = (0..WIDTH * HEIGHT).flat_map(|_| [20, 90, 110, 30]).collect();
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.encode(&inks, WIDTH as u16, HEIGHT as u16, jpeg_encoder::ColorType::CmykAsYcck).expect("encodes");
    let photo = read(&bytes);
    assert_eq!((photo.caveats[0].code, photo.caveats[0].weight), (Code::ColorCmyk, Weight::Doubt));
    let expected = [20u32, 90, 110].map(|ink| (255 - ink) * (255 - 30) / 255);
    let found = photo.value.pixel(100, 100).map(|code| u32::from(code) / 257);
    assert!(found.iter().zip(expected).all(|(f, e)| f.abs_diff(e) <= 4), "{found:?} {expected:?}");
}

#[test]
fn gray_and_transparent_pictures_become_rgb() {
    let gray = DynamicImage::ImageRgb8(picture()).to_luma8();
    let mut bytes = Vec::new();
    gray.write_with_encoder(JpegEncoder::new(&mut bytes)).expect("encodes");
    let [r, g, b] = read(&bytes).value.pixel(120, 80);
    assert!(r == g && g == b);
    let mut clear = DynamicImage::ImageRgb8(picture()).to_rgba8();
    clear.get_pixel_mut(1, 1).0[3] = 0;
    let mut png = Vec::new();
    clear.write_with_encoder(PngEncoder::new(&mut png)).expect("encodes");
    let photo = read(&png).value;
    assert_eq!(photo.pixel(1, 1), [65_535; 3]);
    assert_eq!(photo.pixel(2, 1).map(|c| (c / 257) as u8), picture().get_pixel(2, 1).0);
}

#[test]
fn of_several_frames_the_first_is_read() {
    let mut animation = Vec::new();
    let mut encoder = png::Encoder::new(&mut animation, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_animated(2, 0).expect("two frames");
    let mut writer = encoder.write_header().expect("writes");
    let white = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([255; 3]));
    writer.write_image_data(&picture()).expect("writes");
    writer.write_image_data(&white).expect("writes");
    writer.finish().expect("writes");
    for bytes in [animation, animated_webp()] {
        let photo = read(&bytes);
        assert!(codes_of(&photo.caveats).contains(&Code::PhotoSeveralFrames));
        // The animation's canvas may cost one code.
        let found = bytes_of(&photo.value);
        assert!(found.iter().zip(picture().into_raw()).all(|(a, b)| a.abs_diff(b) <= 1));
    }
}

/// Two frames, put together chunk by chunk.
fn animated_webp() -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        [name.as_slice(), &(content.len() as u32).to_le_bytes(), content, &[0][..content.len() % 2]].concat()
    };
    let three = |v: u32| v.to_le_bytes()[..3].to_vec();
    let size = [three(WIDTH - 1), three(HEIGHT - 1)].concat();
    let still = webp_with(None);
    let frame = [vec![0; 6], size.clone(), three(100), vec![0], still[12..].to_vec()].concat();
    let body = [
        b"WEBP".to_vec(),
        chunk(b"VP8X", &[vec![2, 0, 0, 0], size].concat()),
        chunk(b"ANIM", &[255, 255, 255, 255, 0, 0]),
        chunk(b"ANMF", &frame),
        chunk(b"ANMF", &frame),
    ]
    .concat();
    chunk(b"RIFF", &body)
}

#[test]
fn heic_keeps_its_space_and_is_not_turned_twice() {
    let photo = read(&heic_of(600, 240, 8, Some(&ColorProfile::new_display_p3())));
    assert_eq!((photo.value.width_px, photo.value.height_px), (600, 240));
    assert_eq!((photo.value.space, photo.value.bit_depth), (RgbSpace::DisplayP3, BitDepth::Eight));
    assert!(photo.caveats.is_empty());
    let [r, ..] = photo.value.pixel(450, 100).map(|code| i32::from(code / 257));
    assert!((r - (51 + 450 * 127 / 600)).abs() < 6, "{r}");

    let wide = read(&heic_of(256, 208, 10, None));
    assert_eq!((wide.value.space, wide.value.bit_depth), (RgbSpace::Srgb, BitDepth::Sixteen));
    let [r, ..] = wide.value.pixel(128, 100).map(f64::from);
    assert!((r / 65_535.0 - (0.2 + 0.25)).abs() < 0.02, "{r}");
}

#[test]
fn what_is_no_photograph_is_refused_by_its_name() {
    let found = |bytes: &[u8]| match decode(bytes, &limits()) {
        Err(Error::NotAPhotograph { found }) => found,
        other => panic!("expected a refusal, got {other:?}"),
    };
    assert_eq!(found(b""), "empty");
    assert_eq!(found("Sehr geehrte Damen und Herren".as_bytes()), "text, not a picture");
    assert_eq!(found(b"GIF89a.."), "a GIF drawing");
    assert_eq!(found(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), "a video");
    assert_eq!(found(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1"), "an AVIF picture");
    assert_eq!(found(&[0, 1, 2, 3, 0xfe]), "of an unknown kind");
}

#[test]
fn too_small_and_too_large_are_refused_with_their_size() {
    let tiny = DynamicImage::new_rgb8(1, 1);
    assert!(matches!(decode(&tiff_of(&tiny), &limits()), Err(Error::TooSmall { width_px: 1, .. })));
    let few = DecodeLimits { pixels_max: 1000, ..limits() };
    for bytes in [jpeg_with(None, None), png_with(None, None), webp_with(None), heic_of(256, 208, 8, None)] {
        assert!(matches!(decode(&bytes, &few), Err(Error::TooLarge { pixels_max: 1000, .. })));
    }
}

#[test]
fn a_huge_header_costs_nothing() {
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 50_000, 50_000);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    drop(encoder.write_header().expect("writes"));
    // Signature and header stay, then pixels seem to begin.
    bomb.truncate(33);
    bomb.extend([0, 0, 0, 0, b'I', b'D', b'A', b'T', 0x35, 0xaf, 0x06, 0x1e]);
    let start = std::time::Instant::now();
    assert!(matches!(decode(&bomb, &limits()), Err(Error::TooLarge { width_px: 50_000, .. })));
    assert!(start.elapsed().as_secs_f64() < 1.0);
}

#[test]
fn truncated_files_are_damaged() {
    let heic = heic_of(256, 208, 8, None);
    for whole in [jpeg_with(None, None), png_with(None, None), webp_with(None), heic] {
        for share in [0.3, 0.6, 0.9, 0.98] {
            let part = &whole[..(whole.len() as f64 * share) as usize];
            assert!(matches!(decode(part, &limits()), Err(Error::Damaged { .. })), "{share}");
        }
    }
}

#[test]
fn a_jpeg_whose_lower_part_is_missing_is_doubted() {
    let mut stream = Seed(2).stream("grain", 0);
    let grain: Vec<u8> = (0..3 * 640 * 480).map(|_| stream.below(256) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_2_0);
    encoder.encode(&grain, 640, 480, jpeg_encoder::ColorType::Rgb).expect("encodes");
    let middle = bytes.len() / 2;
    // An end before all is there.
    bytes[middle..middle + 2].copy_from_slice(&[0xff, 0xd9]);
    assert!(codes_of(&read(&bytes).caveats).contains(&Code::PhotoDamaged));
}

#[test]
fn hostile_bytes_never_escape() {
    let small = DynamicImage::ImageRgb8(picture());
    let tiff = tiff_of(&small);
    let heic = heic_of(200, 200, 8, Some(&ColorProfile::new_display_p3()));
    let p3 = ColorProfile::new_display_p3();
    let files = [jpeg_with(Some(&p3), None), png_with(Some(&p3), None), animated_webp(), tiff, heic];
    for (k, file) in files.iter().enumerate() {
        let mut stream = Seed(11).stream("hostile", k as u64);
        for _ in 0..60 {
            let mut bytes = file.clone();
            for _ in 0..1 + stream.below(8) {
                // Half of the hits go to the beginning, where sizes and offsets stand.
                let reach = if stream.uniform() < 0.5 { bytes.len().min(700) } else { bytes.len() };
                let at = stream.below(reach);
                bytes[at] = stream.below(256) as u8;
            }
            if stream.uniform() < 0.3 {
                bytes.truncate(stream.below(file.len()));
            }
            let _ = decode(&bytes, &limits());
        }
    }
}

#[test]
fn a_mask_must_have_the_size_of_the_photograph() {
    let mut mask = DynamicImage::new_luma8(5, 4).to_luma8();
    mask.get_pixel_mut(2, 1).0 = [200];
    mask.get_pixel_mut(3, 1).0 = [100];
    let mut bytes = Vec::new();
    mask.write_with_encoder(PngEncoder::new(&mut bytes)).expect("encodes");
    let read = decode_mask(&bytes, 5, 4).expect("the right size");
    assert!(read.at(2, 1) && read.count() == 1);
    let error = decode_mask(&bytes, 50, 40).expect_err("another size");
    assert!(error.to_string().contains("5 × 4") && error.to_string().contains("50 × 40"));
}
