//! First files for fuzzing, by encoders of our own choice, from synthetic scalps and drawn surfaces: `fuzz_seeds FOLDER`.
//!
//! What was found from them stands in `tests/corpus`; they are made anew only where a corpus is begun anew.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};
use stipple_model::Unwatched;
use stipple_quantity::Seed;
use stipple_synth::{HairColor, Nuisances, ScarShape, SynthOptions, synth};

#[path = "../src/dng.rs"]
mod dng;
#[path = "../src/meshes.rs"]
mod meshes;

use meshes::Surface;

fn main() {
    let folder = std::env::args().nth(1).expect("usage: fuzz_seeds FOLDER");
    let write = |name: String, bytes: Vec<u8>| {
        let path = Path::new(&folder).join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(path, bytes).expect("the disk has room");
    };
    for (name, bytes) in every_format(&scalp(64, 48, 120.0, false, 1)) {
        write(format!("decode/{name}"), bytes);
    }
    for (k, bytes) in scenes().into_iter().enumerate() {
        write(format!("read/{k}"), bytes);
    }
    for (name, surface) in surfaces() {
        write(format!("mesh/{name}.obj"), surface.obj().into_bytes());
        write(format!("mesh/{name}-text.ply"), surface.ply_text().into_bytes());
        write(format!("mesh/{name}.ply"), surface.ply_binary(false));
        write(format!("mesh/{name}-big.ply"), surface.ply_binary(true));
        let nodes = r#"{"mesh":0,"scale":[10,10,10]}"#;
        write(format!("mesh/{name}.glb"), surface.glb(nodes, surface.places.len()));
    }
}

/// A cap of a sphere, a saddle, a fold over itself, a tunnel, and two pieces.
fn surfaces() -> Vec<(&'static str, Surface)> {
    let steps = 9;
    let sheet = |at: &dyn Fn(f32, f32) -> [f32; 3]| {
        let places = (0..steps * steps).map(|k| {
            let [u, v] = [k % steps, k / steps].map(|i| i as f32 / (steps - 1) as f32 * 2.0 - 1.0);
            at(u, v)
        });
        let corners = (0..(steps - 1) * (steps - 1)).flat_map(|k| {
            let first = (k / (steps - 1) * steps + k % (steps - 1)) as u32;
            let across = steps as u32;
            [[first, first + 1, first + across], [first + 1, first + across + 1, first + across]]
        });
        Surface { places: places.collect(), corners: corners.collect() }
    };
    let cap = sheet(&|u, v| [60.0 * u, 80.0 - 20.0 * (u * u + v * v), 60.0 * v]);
    let mut pieces = sheet(&|u, v| [60.0 * u, 10.0 * u * v, 60.0 * v]);
    let besides = pieces.corners.len() / 2;
    pieces.corners.remove(besides);
    pieces.corners.drain(besides..besides + 8);
    vec![
        ("saddle", sheet(&|u, v| [60.0 * u, 30.0 * (u * u - v * v), 60.0 * v])),
        ("fold", sheet(&|u, v| [40.0 * (3.0 * u).sin(), 40.0 * (3.0 * u).cos(), 60.0 * v])),
        (
            "tunnel",
            sheet(&|u, v| {
                [
                    (30.0 + 9.0 * (3.2 * v).cos()) * (3.2 * u).cos(),
                    9.0 * (3.2 * v).sin(),
                    (30.0 + 9.0 * (3.2 * v).cos()) * (3.2 * u).sin(),
                ]
            }),
        ),
        ("pieces", pieces),
        ("cap", cap),
    ]
}

/// A synthetic scalp, cut to a size.
fn scalp(width: usize, height: usize, pitch_um: f64, card: bool, seed: u64) -> DynamicImage {
    let hair = [HairColor::Black, HairColor::Brown, HairColor::Blond, HairColor::Gray][seed as usize % 4];
    let options = SynthOptions {
        width_px: width.max(300),
        height_px: height.max(300),
        pixel_pitch_um: pitch_um,
        ita_deg: 55.0 - 20.0 * (seed % 6) as f64,
        hair,
        scar: if seed.is_multiple_of(2) { ScarShape::Patch { diameter_mm: 6.0 } } else { ScarShape::None },
        card,
        jpeg_quality: None,
        nuisances: Nuisances::ORDINARY,
        ..SynthOptions::ordinary(Seed(seed))
    };
    let photo = synth(&options, &Unwatched).expect("the options are in range").photo;
    let bytes = photo.codes.iter().map(|code| (code / 257) as u8).collect();
    let picture = RgbImage::from_raw(photo.width_px as u32, photo.height_px as u32, bytes).expect("its size");
    DynamicImage::from(picture).crop_imm(0, 0, width as u32, height as u32)
}

fn every_format(picture: &DynamicImage) -> Vec<(&'static str, Vec<u8>)> {
    let wide = DynamicImage::from(picture.to_rgb16());
    let encoded = |picture: &DynamicImage, format: ImageFormat| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("encodes");
        bytes.into_inner()
    };
    let rgb = picture.to_rgb8();
    let options = heifer::EncodeOptions { quality: 40, max_threads: 1 };
    let heic = heifer::encode_rgb8(rgb.width(), rgb.height(), rgb.as_raw(), &options).expect("encodes");
    vec![
        ("scalp.png", encoded(picture, ImageFormat::Png)),
        ("scalp-16.png", encoded(&wide, ImageFormat::Png)),
        ("scalp.tif", encoded(picture, ImageFormat::Tiff)),
        ("scalp-16.tif", encoded(&wide, ImageFormat::Tiff)),
        ("scalp.webp", encoded(picture, ImageFormat::WebP)),
        ("scalp.jpg", jpeg(picture, 60)),
        ("scalp.heic", heic),
        ("scalp.dng", dng::dng(picture)),
    ]
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).expect("encodes");
    bytes
}

/// Scenes as `tests/src/fuzzed/scene.rs` draws them.
fn scenes() -> Vec<Vec<u8>> {
    let mut scenes = Vec::new();
    for seed in 0..12u64 {
        let (side, pitch_um) =
            ([110, 160, 220][seed as usize % 3], [80.0, 110.0, 60.0, 160.0][seed as usize % 4]);
        let mut scene = head(side, side, seed as u8, if seed % 3 == 0 { 0 } else { 3 }, pitch_um);
        scene.extend([0, 0]);
        scene.extend(jpeg(&scalp(side, side, pitch_um, false, seed), 40));
        scenes.push(scene);
    }
    // With the card, and with a drawn ruler and a drawn color checker.
    let mut scene = head(400, 400, 0, 0, 0.0);
    scene.extend([0, 0]);
    scene.extend(jpeg(&scalp(400, 400, 240.0, true, 3), 40));
    scenes.push(scene);
    for (kind, half, turn, color) in [(6, [180, 40], 3, [20, 20, 20]), (12, [130, 90], 5, [30, 30, 30])] {
        for mask in [2, 7] {
            let mut scene = head(380, 380, mask, 0, 0.0);
            let ground = [0, 128, 128, 190, 40, 0, 235, 235, 230, 0];
            scene.push(if kind == 6 { 2 } else { 1 });
            scene.extend(&ground[..if kind == 6 { 10 } else { 0 }]);
            scene.extend([kind, 128, 128]);
            scene.extend(half);
            scene.push(turn);
            scene.extend(color);
            scene.extend([26, 1, 1, 60, 60, 190, 190, 2, 2, 20, 100, 100, 120, 120, 3, 9, 30, 30]);
            scenes.push(scene);
        }
    }
    scenes
}

/// The first bytes of a scene: size, what a person says, skin and hair.
fn head(width: usize, height: usize, mask: u8, pitch: u8, pitch_um: f64) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend((width as u16 - 48).to_le_bytes());
    bytes.extend((height as u16 - 48).to_le_bytes());
    bytes.extend([0, 1, 23, pitch, mask, mask, 0]);
    bytes.extend([198, 155, 130, 60, 45, 40]);
    bytes.extend((pitch_um as u16).saturating_sub(20).to_le_bytes());
    bytes
}
