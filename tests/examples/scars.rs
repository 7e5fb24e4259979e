//! How well scars are outlined, by shape × tint over skins, hairs and pixels a millimetre.
//!
//! `cargo run -p stipple-tests --example scars -- WHAT SEED [EVERY]`: pictures of synthetic scalps, of which every
//! EVERY-th is made. Tuned with seeds 1000 to 1999; docs/accuracy.md quotes 5000. WHAT is one of
//! - `auto`: the automatic proposal; `none`: the same where there is no scar;
//! - `strokes`: a person corrects the proposal in three rounds; `strokes-alone`: without one;
//! - `speed`: time of refining at 12 megapixels.

#![allow(clippy::print_stdout, reason = "a measurement prints")]

#[path = "scars/person.rs"]
mod person;

use rayon::prelude::*;
use stipple_model::{Reading, Unwatched};
use stipple_quantity::Seed;
use stipple_raster::Mask;
use stipple_read::{ReadOptions, read};
use stipple_synth::{HairColor, ScarShape, ScarTint, SynthOptions, Synthetic, synth};
use stipple_tests::dice;

const SHAPES: [ScarShape; 3] = [
    ScarShape::Strip { width_mm: 3.0 },
    ScarShape::Strip { width_mm: 6.0 },
    ScarShape::Patch { diameter_mm: 14.0 },
];
const TINTS: [ScarTint; 4] = [ScarTint::Paler, ScarTint::Redder, ScarTint::Darker, ScarTint::Same];
const TONES_DEG: [f64; 5] = [62.0, 46.0, 34.0, 0.0, -40.0];
const HAIRS: [HairColor; 4] = [HairColor::Black, HairColor::Brown, HairColor::Blond, HairColor::Gray];
const PX_PER_MM: [f64; 2] = [8.0, 12.0];
/// What every picture shows, mm.
const FIELD_MM: [f64; 2] = [60.0, 50.0];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize, otherwise: u64| {
        arguments.get(k).map_or(otherwise, |text| text.parse().expect("seed and step are whole numbers"))
    };
    let (seed, every) = (number(1, 1000), number(2, 1) as usize);
    match arguments.first().map(String::as_str) {
        Some("auto") => automatic(seed, every),
        Some("none") => without(seed, every),
        Some("strokes") => person::rounds(seed, every, true),
        Some("strokes-alone") => person::rounds(seed, every, false),
        Some("speed") => person::speed(seed),
        _ => println!("needed: auto, none, strokes, strokes-alone or speed, then a seed"),
    }
}

/// One picture.
#[derive(Clone, Copy)]
struct Case {
    shape: ScarShape,
    tint: ScarTint,
    tone_deg: f64,
    hair: HairColor,
    px_per_mm: f64,
    density_per_cm2: f64,
    seed: u64,
}

impl Case {
    fn name(&self) -> String {
        format!(
            "{} {:?} {:.0}° {:?} {} px/mm seed {}",
            shape_name(self.shape),
            self.tint,
            self.tone_deg,
            self.hair,
            self.px_per_mm,
            self.seed
        )
    }

    fn made(&self) -> Synthetic {
        let [width_px, height_px] = FIELD_MM.map(|mm| (mm * self.px_per_mm) as usize);
        let options = SynthOptions {
            width_px,
            height_px,
            pixel_pitch_um: 1000.0 / self.px_per_mm,
            ita_deg: self.tone_deg,
            hair: self.hair,
            scar: self.shape,
            scar_tint: self.tint,
            unit_density_per_cm2: self.density_per_cm2,
            ..SynthOptions::ordinary(Seed(self.seed))
        };
        synth(&options, &Unwatched).expect("the options are in range")
    }

    fn read(&self, made: &Synthetic) -> (Reading, Mask) {
        let options = ReadOptions { pixel_pitch_um: Some(1000.0 / self.px_per_mm), ..ReadOptions::default() };
        let (reading, maps) =
            read(&made.photo, &options, &Unwatched).expect("a synthetic scalp is read").value;
        (reading, maps.scar_mask)
    }
}

fn shape_name(shape: ScarShape) -> String {
    match shape {
        ScarShape::None => "none".to_owned(),
        ScarShape::Strip { width_mm } => format!("strip {width_mm} mm"),
        ScarShape::Punches { count } => format!("{count} punches"),
        ScarShape::Patch { diameter_mm } => format!("patch {diameter_mm} mm"),
        ScarShape::Burn { diameter_mm } => format!("burn {diameter_mm} mm"),
    }
}

/// Every skin × hair × pixels a millimetre, for every shape and tint.
fn cases(seed: u64, every: usize) -> Vec<Case> {
    let mut all = Vec::new();
    for shape in SHAPES {
        for tint in TINTS {
            for tone_deg in TONES_DEG {
                for hair in HAIRS {
                    for px_per_mm in PX_PER_MM {
                        let seed = seed + all.len() as u64;
                        all.push(Case {
                            shape,
                            tint,
                            tone_deg,
                            hair,
                            px_per_mm,
                            density_per_cm2: 75.0,
                            seed,
                        });
                    }
                }
            }
        }
    }
    all.into_iter().step_by(every).collect()
}

/// What one picture gave.
struct Outcome {
    case: Case,
    scars: usize,
    dice: f64,
    /// Mean distance between the outlines, mm.
    edge_mm: f64,
    /// Area read over true, minus one.
    area: f64,
    /// Width read minus true, mm.
    width_mm: f64,
}

fn automatic(seed: u64, every: usize) {
    let outcomes: Vec<Outcome> = cases(seed, every)
        .into_par_iter()
        .map(|case| {
            let made = case.made();
            let (reading, mask) = case.read(&made);
            outcome(case, &made, &reading, &mask)
        })
        .collect();
    table(&outcomes);
}

fn outcome(case: Case, made: &Synthetic, reading: &Reading, mask: &Mask) -> Outcome {
    let truth = &made.truth.scars[0];
    let area_mm2: f64 = reading.scars.iter().map(|scar| scar.area_mm2.value).sum();
    let width_mm = reading.scars.first().and_then(|scar| scar.width_mm).map_or(0.0, |width| width.value);
    Outcome {
        case,
        scars: reading.scars.len(),
        dice: dice(&made.scar_mask, mask),
        edge_mm: edge_px(&made.scar_mask, mask) / case.px_per_mm,
        area: area_mm2 / truth.area_mm2 - 1.0,
        width_mm: width_mm - truth.width_mm,
    }
}

fn table(outcomes: &[Outcome]) {
    println!(
        "| pictures | n | Dice median | worst decile | worst | edge mm | area | area p90 | width mm | none | pieces |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for shape in SHAPES {
        for tint in TINTS {
            let own = |o: &&Outcome| o.case.shape == shape && o.case.tint == tint;
            row(&format!("{} {tint:?}", shape_name(shape)), outcomes.iter().filter(own));
        }
    }
    for tone_deg in TONES_DEG {
        for hair in HAIRS {
            let own = |o: &&Outcome| o.case.tone_deg == tone_deg && o.case.hair == hair;
            row(&format!("{tone_deg:.0}° {hair:?}"), outcomes.iter().filter(own));
        }
    }
    for px_per_mm in PX_PER_MM {
        row(&format!("{px_per_mm} px/mm"), outcomes.iter().filter(|o| o.case.px_per_mm == px_per_mm));
    }
    row("dark hair", outcomes.iter().filter(|o| matches!(o.case.hair, HairColor::Black | HairColor::Brown)));
    row("all", outcomes.iter());
    let mut worst: Vec<&Outcome> = outcomes.iter().collect();
    worst.sort_by(|a, b| a.dice.total_cmp(&b.dice));
    for o in worst.iter().take(24) {
        println!("worst: {} Dice {:.2}, {} scars, area {:+.2}", o.case.name(), o.dice, o.scars, o.area);
    }
}

fn row<'a>(name: &str, outcomes: impl Iterator<Item = &'a Outcome>) {
    let all: Vec<&Outcome> = outcomes.collect();
    if all.is_empty() {
        return;
    }
    let of = |f: fn(&Outcome) -> f64| all.iter().map(|o| f(o)).collect::<Vec<_>>();
    let found = |f: fn(&Outcome) -> f64| all.iter().filter(|o| o.scars > 0).map(|o| f(o)).collect::<Vec<_>>();
    println!(
        "| {name} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:+.0} % | {:.0} % | {:+.2} ± {:.2} | {} | {} |",
        all.len(),
        quantile(of(|o| o.dice), 0.5),
        quantile(of(|o| o.dice), 0.1),
        quantile(of(|o| o.dice), 0.0),
        quantile(found(|o| o.edge_mm), 0.5),
        100.0 * quantile(found(|o| o.area), 0.5),
        100.0 * quantile(found(|o| o.area.abs()), 0.9),
        quantile(found(|o| o.width_mm), 0.5),
        quantile(found(|o| o.width_mm.abs()), 0.5),
        all.iter().filter(|o| o.scars == 0).count(),
        all.iter().filter(|o| o.scars > 1).count(),
    );
}

fn without(seed: u64, every: usize) {
    const DENSITIES_PER_CM2: [f64; 4] = [25.0, 45.0, 75.0, 110.0];
    let proposed: Vec<(Case, usize)> = cases(seed, every)
        .into_par_iter()
        .map(|case| {
            let density_per_cm2 = DENSITIES_PER_CM2[case.seed as usize / 8 % 4];
            let case = Case { shape: ScarShape::None, density_per_cm2, ..case };
            (case, case.read(&case.made()).0.scars.len())
        })
        .collect();
    let wrong: Vec<_> = proposed.iter().filter(|(_, scars)| *scars > 0).collect();
    println!("without a scar: one was proposed in {} of {} pictures", wrong.len(), proposed.len());
    for (case, scars) in wrong {
        println!("{} at {} per cm²: {scars}", case.name(), case.density_per_cm2);
    }
}

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let k = ((values.len() as f64 * share) as usize).min(values.len().max(1) - 1);
    values.get(k).copied().unwrap_or(f64::NAN)
}

/// Mean distance from the edge of each mask to the edge of the other.
fn edge_px(one: &Mask, two: &Mask) -> f64 {
    let (a, b) = (edge(one), edge(two));
    if a.count() == 0 || b.count() == 0 {
        return f64::NAN;
    }
    let mean = |from: &Mask, to: &Mask| {
        let away = stipple_raster::distance::distance_to(to);
        let inside = from.samples.iter().zip(&away.samples).filter(|(edge, _)| **edge);
        inside.map(|(_, d)| f64::from(*d)).sum::<f64>() / from.count() as f64
    };
    (mean(&a, &b) + mean(&b, &a)) / 2.0
}

fn edge(mask: &Mask) -> Mask {
    let (width, height) = (mask.width, mask.height);
    let at = |k: usize| {
        let (x, y) = (k % width, k / width);
        mask.samples[k]
            && ((x > 0 && !mask.samples[k - 1])
                || (x + 1 < width && !mask.samples[k + 1])
                || (y > 0 && !mask.samples[k - width])
                || (y + 1 < height && !mask.samples[k + width]))
    };
    Mask { width, height, samples: (0..mask.samples.len()).map(at).collect() }
}
