//! What reading makes of the stretch of follicular units along hair: `hair_stretch [FIRST_SEED]`.
//!
//! Synthetic heads grow without any stretch, so whatever is read is an error. A head is 50 by 40 mm, on an ordinary
//! photograph without a scar; four of each kind.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use rayon::prelude::*;
use stipple_model::{Reading, Unwatched};
use stipple_plan::{HairStretch, hair_stretch};
use stipple_points::Window;
use stipple_quantity::Seed;
use stipple_read::{ReadOptions, read};
use stipple_synth::{HairColor, ScarShape, SynthOptions, synth};

const LENGTHS_MM: [f64; 4] = [0.4, 0.8, 1.0, 1.3];
/// Skin, hair and resolution: name, ITA in degrees, color, pixels per mm.
const KINDS: [(&str, f64, HairColor, f64); 4] = [
    ("light, black", 45.0, HairColor::Black, 12.0),
    ("dark, black", -35.0, HairColor::Black, 12.0),
    ("light, brown", 45.0, HairColor::Brown, 12.0),
    ("light, black", 45.0, HairColor::Black, 20.0),
];
const HEADS: u64 = 4;
const SIDE_MM: (f64, f64) = (50.0, 40.0);
/// Hair at the picture's border is not read.
const BORDER_MM: f64 = 3.0;

fn main() {
    let first = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(11u64);
    println!("| skin, hair | px/mm | hair, mm | seen, mm | ln stretch as read | corrected | it says ± |");
    println!("|---|---|---|---|---|---|---|");
    for kind in KINDS {
        for length_mm in LENGTHS_MM {
            let heads: Vec<_> = (first..first + HEADS)
                .into_par_iter()
                .filter_map(|seed| found(kind, length_mm, seed))
                .collect();
            row(kind, length_mm, &heads);
        }
    }
}

fn found(
    (_, ita_deg, hair, px_per_mm): (&str, f64, HairColor, f64),
    length_mm: f64,
    seed: u64,
) -> Option<(f64, HairStretch)> {
    let options = SynthOptions {
        width_px: (SIDE_MM.0 * px_per_mm) as usize,
        height_px: (SIDE_MM.1 * px_per_mm) as usize,
        pixel_pitch_um: 1000.0 / px_per_mm,
        ita_deg,
        hair,
        hair_length_mm: length_mm,
        scar: ScarShape::None,
        ..SynthOptions::ordinary(Seed(seed))
    };
    let made = synth(&options, &Unwatched).expect("the options are in range");
    let reading = ReadOptions { pixel_pitch_um: Some(made.truth.pixel_pitch_um), ..ReadOptions::default() };
    let reading: Reading = read(&made.photo, &reading, &Unwatched).ok()?.value.0;
    let (width, height) = (SIDE_MM.0 - 2.0 * BORDER_MM, SIDE_MM.1 - 2.0 * BORDER_MM);
    let mut window = Window::rectangle(width, height, 0.5);
    window.origin = (BORDER_MM, BORDER_MM);
    let per_mm2 = reading.hair.unit_density_per_cm2?.value / 100.0;
    let found = hair_stretch(&reading, &window, &vec![per_mm2; window.inside.len()])?;
    let mut seen: Vec<f64> = reading.hair.detections.iter().filter_map(|hair| hair.length_mm).collect();
    seen.sort_by(f64::total_cmp);
    Some((seen.get(seen.len() / 2).copied().unwrap_or(0.0), found))
}

fn row((name, _, _, px_per_mm): (&str, f64, HairColor, f64), length_mm: f64, heads: &[(f64, HairStretch)]) {
    if heads.is_empty() {
        println!("| {name} | {px_per_mm} | {length_mm} | – | not read | | |");
        return;
    }
    let n = heads.len() as f64;
    let mean_and_spread = |of: &dyn Fn(&HairStretch) -> f64| {
        let mean = heads.iter().map(|(_, head)| of(head)).sum::<f64>() / n;
        let squares = heads.iter().map(|(_, head)| (of(head) - mean).powi(2)).sum::<f64>();
        (mean, (squares / (n - 1.0).max(1.0)).sqrt())
    };
    let seen = heads.iter().map(|(seen, _)| seen).sum::<f64>() / n;
    let (as_read, spread) = mean_and_spread(&|head| head.as_read.ln);
    let (corrected, left) = mean_and_spread(&|head| head.corrected.ln);
    let (says, _) = mean_and_spread(&|head| head.corrected.uncertainty);
    println!(
        "| {name} | {px_per_mm} | {length_mm} | {seen:.2} | {as_read:+.3} ± {spread:.3} | {corrected:+.3} ± {left:.3} | {says:.3} |"
    );
}
