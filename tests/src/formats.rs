//! The same scalp in every format that people have: read alike, whatever the file.

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat};
use serde_json::Value;
use tempfile::TempDir;

use crate::dng::dng;
use crate::stipple::{succeed, text};

/// A scalp with a card; the picture's pixels.
fn scalp(folder: &Path) -> DynamicImage {
    let out = folder.join("scalp");
    let size = ["--width", "1120", "--height", "900", "--px-per-mm", "10", "--card", "--seed", "5"];
    succeed(&[&["synth", "--out", text(&out), "--quiet"], &size[..]].concat());
    image::open(out.join("photo.png")).expect("a picture").to_rgb8().into()
}

fn reading_of(folder: &Path, bytes: &[u8]) -> Value {
    // Because the content decides, every file has the same name.
    let (photo, out) = (folder.join("photo.bin"), folder.join("reading.json"));
    std::fs::write(&photo, bytes).expect("written");
    succeed(&["read", text(&photo), "--out", text(&out), "--quiet"]);
    serde_json::from_slice(&std::fs::read(out).expect("written")).expect("JSON")
}

fn number(reading: &Value, pointer: &str) -> f64 {
    reading.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {pointer}"))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn heic(picture: &DynamicImage) -> Vec<u8> {
    let rgb = picture.to_rgb8();
    let options = heifer::EncodeOptions { quality: 92, max_threads: 1 };
    heifer::encode_rgb8(rgb.width(), rgb.height(), rgb.as_raw(), &options).expect("encodes")
}

#[test]
fn every_format_reads_alike() {
    let folder = TempDir::new().expect("a temporary folder");
    let picture = scalp(folder.path());
    let wide = DynamicImage::from(picture.to_rgb16());
    let files = [
        ("PNG", encoded(&picture, ImageFormat::Png)),
        ("16-bit PNG", encoded(&wide, ImageFormat::Png)),
        ("TIFF", encoded(&picture, ImageFormat::Tiff)),
        ("16-bit TIFF", encoded(&wide, ImageFormat::Tiff)),
        ("WebP", encoded(&picture, ImageFormat::WebP)),
        ("JPEG", encoded(&picture, ImageFormat::Jpeg)),
        ("HEIC", heic(&picture)),
        ("DNG", dng(&picture)),
    ];
    let readings = files.map(|(name, bytes)| (name, reading_of(folder.path(), &bytes)));
    let (_, first) = &readings[0];
    for (name, reading) in &readings {
        assert_eq!(reading["photo"]["pixel_pitch_source"], "card", "{name}");
        let differs = |pointer: &str| (number(reading, pointer) - number(first, pointer)).abs();
        assert!(differs("/photo/pixel_pitch_um/value") < 0.5, "{name}: pitch");
        assert!(differs("/skin/ita_deg/value") < 4.0, "{name}: ITA");
        assert!(differs("/hair/unit_density_per_cm2/value") < 8.0, "{name}: hair");
        // Because one hair more or less may cut a proposal in two, all of them are compared together.
        let area = |reading: &Value| -> f64 {
            let scars = reading["scars"].as_array().expect("scars");
            scars.iter().map(|scar| number(scar, "/area_mm2/value")).sum()
        };
        assert!((area(reading) / area(first) - 1.0).abs() < 0.2, "{name}: {} mm² of scar", area(reading));
    }
}
