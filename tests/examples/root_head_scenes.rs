//! Scenes for training the root head: `root_head_scenes FOLDER FIRST COUNT [without NAME...]`.
//!
//! Each scene becomes one file `N.bin`, little-endian: width, height, number of hairs (u32 each); three channels
//! of f16-like i16 in thousandths; then per hair x, y of its root and of its tip in input samples, and the number
//! of its unit (f32 each).
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use rayon::prelude::*;
use std::io::Write;
use stipple_model::{Photo, Truth, Unwatched};
use stipple_quantity::{Seed, Stream};
use stipple_read::root_head::{Input, PX_PER_MM};
use stipple_synth::{HairColor, Nuisance, Nuisances, ScarShape, ScarTint, SynthOptions, synth};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize| arguments.get(k).and_then(|a| a.parse::<u64>().ok());
    let (Some(folder), Some(first), Some(count)) = (arguments.first(), number(1), number(2)) else {
        println!("usage: root_head_scenes FOLDER FIRST COUNT [without NAME...]");
        return;
    };
    let left_out = |name: &str| arguments.iter().skip(4).any(|a| a == name);
    let without: Vec<Nuisance> =
        Nuisance::NAMED.iter().filter(|(name, _)| left_out(name)).map(|(_, nuisance)| *nuisance).collect();
    std::fs::create_dir_all(folder).expect("the folder can be made");
    (first..first + count).into_par_iter().for_each(|seed| {
        let mut options = scene(Seed(seed));
        options.nuisances = without.iter().fold(options.nuisances, |all, nuisance| all.without(*nuisance));
        let made = synth(&options, &Unwatched).expect("the options are in range");
        let bytes = scene_bytes(&made.photo, &made.truth);
        let mut file = std::fs::File::create(format!("{folder}/{seed}.bin")).expect("the file can be made");
        file.write_all(&bytes).expect("the disk has room");
    });
}

/// A scene of any skin, hair, resolution and difficulty.
fn scene(seed: Seed) -> SynthOptions {
    let mut draw = seed.stream("training.scene", 0);
    let kind = draw.uniform();
    let mut options = if kind < 0.35 { SynthOptions::trichoscope(seed) } else { SynthOptions::hard(seed) };
    let (px_per_mm, mm) = match kind {
        // Shrunk by the reader: only the detail at twelve a millimetre counts.
        _ if kind < 0.15 => (draw.between(24.0, 60.0), (20.0, 16.0)),
        // A dermatoscope's picture brought to a phone's scale.
        _ if kind < 0.35 => (draw.between(8.0, 22.0), (30.0, 22.0)),
        _ => ((6.0f64.ln() + draw.uniform() * (24.0f64 / 6.0).ln()).exp(), (40.0, 30.0)),
    };
    options.pixel_pitch_um = 1000.0 / px_per_mm;
    (options.width_px, options.height_px) = ((mm.0 * px_per_mm) as usize, (mm.1 * px_per_mm) as usize);
    if kind >= 0.35 {
        (options.scar, options.scar_tint) = scar(&mut draw);
    }
    if (0.35..0.45).contains(&kind) {
        (options.nuisances, options.harsh) = (Nuisances::ORDINARY, false);
    }
    options.ita_deg = draw.between(-60.0, 72.0);
    options.hair = hair(&mut draw);
    options.unit_density_per_cm2 = match draw.uniform() {
        u if u < 0.05 => draw.between(5.0, 10.0),
        u if u < 0.17 => draw.between(10.0, 40.0),
        _ => draw.between(40.0, 120.0),
    };
    options
}

fn scar(draw: &mut Stream) -> (ScarShape, ScarTint) {
    let tints = [ScarTint::Paler, ScarTint::Redder, ScarTint::Darker, ScarTint::Same];
    let shape = match draw.below(4) {
        0 => ScarShape::Strip { width_mm: draw.between(1.5, 6.0) },
        1 => ScarShape::Patch { diameter_mm: draw.between(5.0, 15.0) },
        _ => ScarShape::None,
    };
    (shape, tints[draw.below(4)])
}

fn hair(draw: &mut Stream) -> HairColor {
    match draw.uniform() {
        u if u < 0.40 => HairColor::Black,
        u if u < 0.62 => HairColor::DarkBrown,
        u if u < 0.78 => HairColor::Brown,
        u if u < 0.84 => HairColor::Blond,
        u if u < 0.88 => HairColor::Red,
        u if u < 0.96 => HairColor::Gray,
        _ => HairColor::White,
    }
}

fn scene_bytes(photo: &Photo, truth: &Truth) -> Vec<u8> {
    let light_hair = truth.hair_lab.l > truth.skin_lab.l + 4.0;
    let input = Input::for_training(photo, truth.pixel_pitch_um, light_hair);
    let [gray, red, blue] = &input.channels;
    let px_per_mm = 1000.0 / truth.pixel_pitch_um;
    let scale = input.per_working / (px_per_mm / PX_PER_MM).max(1.0);
    let mut bytes = Vec::new();
    for n in [gray.width, gray.height, truth.hairs.len()] {
        bytes.extend((n as u32).to_le_bytes());
    }
    for value in [gray, red, blue].into_iter().flat_map(|grid| &grid.samples) {
        bytes.extend(((value * 1000.0).round() as i16).to_le_bytes());
    }
    for hair in &truth.hairs {
        let places =
            [hair.root.x_px, hair.root.y_px, hair.tip.x_px, hair.tip.y_px].map(|v| (v * scale) as f32);
        for value in places.into_iter().chain([hair.unit as f32]) {
            bytes.extend(value.to_le_bytes());
        }
    }
    bytes
}
