//! Strangers' files: every one gets exit code 3 and a message that helps, fast, in little memory,
//! and nothing half-written.

use std::path::Path;
use std::time::Duration;

use image::{ExtendedColorType, ImageEncoder as _, RgbImage};
use tempfile::TempDir;

use crate::stipple::{stipple, text};

/// Far beyond what an idle machine needs (0.2 s): only a file that is never done with fails by it.
const PATIENCE: Duration = Duration::from_secs(20);
const MEMORY_KB: u64 = 300 * 1024;

/// Runs `consult` on bytes; asserts that they are refused well, with all these words in the message.
fn refused(bytes: &[u8], name: &str, words: &[&str]) {
    let folder = TempDir::new().expect("a temporary folder");
    let photo = folder.path().join(name);
    std::fs::write(&photo, bytes).expect("written");
    let out = folder.path().join("out");
    let run = stipple(&["consult", text(&photo), "--out", text(&out)]);
    assert_eq!(run.code, 3, "{name}: {}", run.message);
    assert!(run.wall < PATIENCE, "{name} took {:?}", run.wall);
    assert!(run.peak_kb < MEMORY_KB, "{name} took {} kB", run.peak_kb);
    assert!(!out.exists(), "{name}: nothing is half-written");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("readable").collect();
    assert_eq!(left.len(), 1, "{name}: nothing but the photograph is left");
    let message = run.message.to_lowercase();
    for word in words.iter().chain(&["need"]) {
        assert!(message.contains(word), "{name}: no `{word}` in: {}", run.message);
    }
    assert!(!run.message.contains(text(folder.path())), "{name}: the message holds a path");
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, ExtendedColorType::Rgb8).expect("encodes");
    bytes
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    let (width, height) = picture.dimensions();
    encoder.encode(picture, width as u16, height as u16, jpeg_encoder::ColorType::Rgb).expect("encodes");
    bytes
}

fn flat(width: u32, height: u32, color: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, image::Rgb(color))
}

/// A PNG whose header claims a size that its body does not have.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&flat(1, 1, [0; 3]));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[test]
fn an_empty_file() {
    refused(b"", "photo.jpg", &["empty"]);
}

#[test]
fn text_under_a_picture_s_name() {
    refused(b"Dear practitioner, this is a letter.\n", "photo.jpg", &["text"]);
}

#[test]
fn a_truncated_jpeg() {
    let whole = jpeg(&flat(800, 600, [190, 140, 115]));
    refused(&whole[..whole.len() / 2], "photo.jpg", &[]);
}

#[test]
fn a_header_that_claims_2_5_gigapixels() {
    refused(&png_header(50_000, 50_000), "photo.png", &["50000", "50000"]);
}

#[test]
fn one_pixel() {
    refused(&png(&flat(1, 1, [190, 140, 115])), "photo.png", &["1 ×"]);
}

#[test]
fn all_black() {
    refused(&png(&flat(800, 600, [0; 3])), "photo.png", &["black"]);
}

#[test]
fn no_skin() {
    let meadow = RgbImage::from_fn(800, 600, |x, y| {
        let shade = ((x * 7 + y * 13) % 41) as u8;
        image::Rgb([40 + shade, 120 + shade, 30])
    });
    refused(&png(&meadow), "photo.png", &["scalp"]);
}

#[test]
fn no_such_file() {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("out");
    let run = stipple(&["consult", text(&folder.path().join("absent.jpg")), "--out", text(&out)]);
    assert_eq!(run.code, 3, "{}", run.message);
    assert!(!run.message.contains("absent.jpg") && !out.exists());
}

#[test]
fn odd_but_honest_files_are_read_or_refused_with_words() {
    // CMYK and animations may be usable: then with a caveat, else with a message.
    let folder = TempDir::new().expect("a temporary folder");
    let mut cmyk = Vec::new();
    let inks: Vec<u8> = [40, 90, 110, 10].repeat(800 * 600);
    let encoder = jpeg_encoder::Encoder::new(&mut cmyk, 90);
    encoder.encode(&inks, 800, 600, jpeg_encoder::ColorType::Cmyk).expect("encodes");
    for (name, bytes) in [("cmyk.jpg", cmyk), ("animated.webp", animated_webp())] {
        let photo = folder.path().join(name);
        std::fs::write(&photo, bytes).expect("written");
        let out = folder.path().join(format!("{name}.out"));
        let run = stipple(&["consult", text(&photo), "--out", text(&out)]);
        assert!(run.wall < 4 * PATIENCE, "{name} took {:?}", run.wall);
        assert_usable_with_caveat_or_refused(name, run.code, &out, &run.message);
    }
}

fn assert_usable_with_caveat_or_refused(name: &str, code: i32, out: &Path, message: &str) {
    match code {
        0 => assert!(
            message.contains("color.cmyk") || message.contains("photo.several_frames"),
            "{name}: {message}"
        ),
        3 => assert!(!out.exists() && message.to_lowercase().contains("need"), "{name}: {message}"),
        other => panic!("{name}: exit code {other}: {message}"),
    }
}

/// Two frames of skin color in one file.
fn animated_webp() -> Vec<u8> {
    let frame = |shade: u8| {
        let mut still = Vec::new();
        let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut still);
        let skin = flat(400, 300, [190, shade, 115]);
        encoder.write_image(&skin, 400, 300, ExtendedColorType::Rgb8).expect("encodes");
        // Past "RIFF", the size and "WEBP": the picture's own chunk.
        let picture = still[12..].to_vec();
        let mut body = vec![0; 6];
        body.extend(&399u32.to_le_bytes()[..3]);
        body.extend(&299u32.to_le_bytes()[..3]);
        body.extend(&100u32.to_le_bytes()[..3]);
        body.push(0);
        body.extend(picture);
        chunk(b"ANMF", &body)
    };
    let mut extended = vec![2, 0, 0, 0];
    extended.extend(&399u32.to_le_bytes()[..3]);
    extended.extend(&299u32.to_le_bytes()[..3]);
    let chunks = [chunk(b"VP8X", &extended), chunk(b"ANIM", &[0; 6]), frame(140), frame(150)].concat();
    let mut file = b"RIFF".to_vec();
    file.extend((chunks.len() as u32 + 4).to_le_bytes());
    file.extend(b"WEBP");
    file.extend(chunks);
    file
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = name.to_vec();
    chunk.extend((body.len() as u32).to_le_bytes());
    chunk.extend(body);
    chunk.extend(vec![0; body.len() % 2]);
    chunk
}

#[test]
fn hostile_readings_and_plans_are_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("in.json");
    let out = folder.path().join("out.json");
    let hostile = [
        "",
        "[]",
        "{\"format\":\"stipple/plan/1\"}",
        "{\"format\":\"stipple/reading/2\"}",
        "{\"format\":\"stipple/reading/1\",\"photo\":{\"width_px\":1e99}}",
    ];
    for content in hostile {
        std::fs::write(&file, content).expect("written");
        let run = stipple(&["plan", text(&file), "--out", text(&out)]);
        assert_eq!(run.code, 3, "{content}: {}", run.message);
        assert!(!out.exists() && !run.message.is_empty());
    }
    std::fs::write(&file, "[".repeat(1_000_000)).expect("written");
    assert_eq!(stipple(&["plan", text(&file), "--out", text(&out)]).code, 3);
}
