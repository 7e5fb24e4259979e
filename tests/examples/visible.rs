//! How visible distance repeats, and what it costs: `cargo run -p stipple-tests --example visible [-- SEED]`.
//!
//! One synthetic scalp with a scar is photographed ten times: other fall of light, noise, JPEG, sharpness, in every other
//! picture light with a color that nobody corrects. By tint of the scar × skin tone: distance, coefficient of variation,
//! what the uncertainty told. Then the time of one measurement of 2000 × 2000 pixels.

#![allow(clippy::print_stdout, reason = "a measurement prints")]

use std::time::Instant;

use stipple_model::{Photo, Unwatched};
use stipple_outcome::change::color_change;
use stipple_outcome::{Reach, Scene, Viewing, visible_distance};
use stipple_quantity::Seed;
use stipple_raster::{Grid, Mask};
use stipple_synth::{HairColor, Nuisance, Nuisances, ScarShape, ScarTint, SynthOptions, synth};

const PICTURES: u32 = 10;
const TINTS: [ScarTint; 4] = [ScarTint::Paler, ScarTint::Redder, ScarTint::Darker, ScarTint::Same];
const TONES_DEG: [f64; 4] = [62.0, 34.0, 0.0, -40.0];

fn main() {
    let seed = std::env::args().nth(1).map_or(1, |text| text.parse().expect("the seed is a whole number"));
    println!("| scar | ITA | ΔE00 | distance, m | coefficient of variation | told | nowhere or beyond |");
    println!("|---|---|---|---|---|---|---|");
    for tint in TINTS {
        for tone_deg in TONES_DEG {
            repeat(tint, tone_deg, seed);
        }
    }
    speed(seed);
}

/// Ten photographs of one scalp.
fn repeat(tint: ScarTint, tone_deg: f64, seed: u64) {
    let (mut reaches, mut told, mut differences, mut other) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for k in 0..PICTURES {
        let (planes, scar) = picture(&options(tint, tone_deg, seed, k));
        let zone = Mask::filled(scar.width, scar.height, true);
        let scene = scene(&planes, &scar, &zone, 0.1);
        differences.push(color_change(&scene).expect("it can be measured").difference.value);
        match visible_distance(&scene, &Viewing::WELL_LIT).expect("it can be measured").reach {
            Reach::To(distance) => {
                reaches.push(distance.value);
                told.push(distance.standard_uncertainty);
            }
            _ => other += 1,
        }
    }
    let ((mean, sd), (told, _), (difference, _)) = (spread(&reaches), spread(&told), spread(&differences));
    println!(
        "| {tint:?} | {tone_deg:.0}° | {difference:.1} | {mean:.2} | {:.1} % | {:.1} % | {other} |",
        100.0 * sd / mean,
        100.0 * told / mean
    );
}

fn options(tint: ScarTint, tone_deg: f64, seed: u64, k: u32) -> SynthOptions {
    let share = f64::from(k) / f64::from(PICTURES - 1);
    let mut nuisances = Nuisances::ORDINARY;
    if k % 2 == 1 {
        nuisances = nuisances.with(Nuisance::ColoredLight);
    }
    if k % 3 == 2 {
        nuisances = nuisances.with(Nuisance::Defocus);
    }
    SynthOptions {
        width_px: 1000,
        height_px: 800,
        pixel_pitch_um: 100.0,
        ita_deg: tone_deg,
        hair: HairColor::Black,
        scar: ScarShape::Strip { width_mm: 3.0 },
        scar_tint: tint,
        light_unevenness: 0.4 * share,
        noise_codes: 0.5 + 3.0 * share,
        jpeg_quality: Some(95 - 2 * k as u8),
        nuisances,
        ..SynthOptions::ordinary(Seed(seed))
    }
}

fn picture(options: &SynthOptions) -> ([Grid; 3], Mask) {
    let made = synth(options, &Unwatched).expect("the options are in range");
    (linear(&made.photo), made.scar_mask)
}

fn linear(photo: &Photo) -> [Grid; 3] {
    let full = f32::from(u16::MAX);
    [0, 1, 2].map(|c: usize| {
        Grid::computed(photo.width_px, photo.height_px, |k| {
            photo.space.linear_from_encoded(f32::from(photo.codes[3 * k + c]) / full)
        })
    })
}

fn scene<'a>(planes: &'a [Grid; 3], scar: &'a Mask, zone: &'a Mask, mm_per_px: f64) -> Scene<'a> {
    let linear = [&planes[0], &planes[1], &planes[2]];
    Scene { linear, space: stipple_color::RgbSpace::Srgb, mm_per_px, scar, zone }
}

/// Mean and standard deviation.
fn spread(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

fn speed(seed: u64) {
    const RUNS: u32 = 5;
    let size = SynthOptions {
        width_px: 2000,
        height_px: 2000,
        pixel_pitch_um: 83.0,
        ..options(ScarTint::Paler, 34.0, seed, 0)
    };
    let (planes, scar) = picture(&size);
    let zone = Mask::filled(scar.width, scar.height, true);
    let start = Instant::now();
    for _ in 0..RUNS {
        visible_distance(&scene(&planes, &scar, &zone, 0.083), &Viewing::WELL_LIT)
            .expect("it can be measured");
    }
    println!("\n2000 × 2000 pixels: {:.2} s a measurement", start.elapsed().as_secs_f64() / f64::from(RUNS));
}
