//! How well hair is read, over skin × hair × resolution × difficulty: `bench_read FOLDER [scenes a cell] [first seed]`.
//!
//! Prints tables for the learned and the classical roots, and leaves every picture with its roots in the folder for
//! others to be measured on: `N.png`, `N.csv` (root x, y in px, unit) and `scenes.csv`; what came of each is in
//! `pictures.csv`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;
use stipple_model::{Reading, Unwatched};
use stipple_quantity::{Seed, Stream};
use stipple_read::{ReadOptions, RootFinder, read};
use stipple_synth::{HairColor, ScarShape, SynthOptions, Synthetic, synth};
use stipple_tests::{middles, pairs};

const ROOT_MM: f64 = 0.15;
const UNIT_MM: f64 = 0.30;
/// Hairs this near to the picture's border are not counted, mm.
const BORDER_MM: f64 = 0.5;
/// First seed: far from those of the training scenes.
const FIRST_SEED: u64 = 5_000_000;
const TONES_DEG: [f64; 6] = [62.0, 48.0, 34.0, 19.0, -10.0, -45.0];
const HAIRS: [(&str, HairColor); 5] = [
    ("black", HairColor::Black),
    ("brown", HairColor::Brown),
    ("blond", HairColor::Blond),
    ("gray", HairColor::Gray),
    ("white", HairColor::White),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ordinary,
    Hard,
    Trichoscope,
    /// A few square millimetres under a dermatoscope, brought to a phone's scale.
    Frame,
}

impl Kind {
    fn size_mm(self) -> (f64, f64) {
        match self {
            Self::Ordinary | Self::Hard => (36.0, 28.0),
            Self::Trichoscope => (10.0, 8.0),
            Self::Frame => (7.5, 5.5),
        }
    }

    /// Pictures for one of the others: small ones hold few hairs.
    fn pictures(self) -> u64 {
        if self == Self::Frame { 6 } else { 1 }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Hard => "hard",
            Self::Trichoscope => "trichoscope",
            Self::Frame => "frame",
        }
    }
}

/// What was asked for.
#[derive(Clone, Copy)]
struct Case {
    kind: Kind,
    px_per_mm: f64,
    tone_deg: f64,
    hair: usize,
    seed: u64,
}

/// How often was right what was found in one picture.
#[derive(Clone, Copy, Default)]
struct Hits {
    right: usize,
    found: usize,
    there: usize,
    squares_mm2: f64,
}

/// What came of one picture.
struct Outcome {
    case: Case,
    root: [Hits; 2],
    unit: [Hits; 2],
    chance: [Hits; 2],
    /// Relative error of the density, and in standard uncertainties, as seen in the picture's plane.
    density: Option<(f64, f64)>,
    /// Relative error of the density on the scalp, bent and turned away as it is.
    on_scalp: Option<f64>,
    /// Confidence of each detection and whether it was right.
    sure: Vec<(f64, bool)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        println!("usage: bench_read FOLDER [scenes a cell] [first seed]");
        return;
    };
    let scenes = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let first_seed = arguments.get(2).and_then(|n| n.parse().ok()).unwrap_or(FIRST_SEED);
    let cases = cases(scenes, first_seed);
    let outcomes: Vec<Outcome> = cases.par_iter().map(|case| outcome(*case, Path::new(folder))).collect();
    std::fs::write(Path::new(folder).join("scenes.csv"), list(&cases)).expect("the disk has room");
    std::fs::write(Path::new(folder).join("pictures.csv"), pictures(&outcomes)).expect("the disk has room");
    tables(&outcomes);
}

/// What came of every picture: counts away from the border, and how sure detections are.
fn pictures(all: &[Outcome]) -> String {
    let mut rows = String::from(
        "seed,kind,px_per_mm,ita_deg,hair,roots,roots_found,roots_right,units,units_found,units_right,confidence,density_off,density_off_u\n",
    );
    for o in all {
        let (kind, hair) = (o.case.kind.name(), HAIRS[o.case.hair].0);
        let (root, unit, n) = (o.root[0], o.unit[0], o.sure.len().max(1) as f64);
        let confidence = o.sure.iter().map(|s| s.0).sum::<f64>() / n;
        let (off, off_u) = o.density.unwrap_or((f64::NAN, f64::NAN));
        let _ = writeln!(
            rows,
            "{},{kind},{},{},{hair},{},{},{},{},{},{},{confidence:.4},{off:.4},{off_u:.3}",
            o.case.seed,
            o.case.px_per_mm,
            o.case.tone_deg,
            root.there,
            root.found,
            root.right,
            unit.there,
            unit.found,
            unit.right
        );
    }
    rows
}

fn cases(scenes: u64, first_seed: u64) -> Vec<Case> {
    let mut cases = Vec::new();
    let settings = [
        (Kind::Ordinary, 12.0),
        (Kind::Hard, 6.0),
        (Kind::Hard, 8.0),
        (Kind::Hard, 12.0),
        (Kind::Hard, 20.0),
        (Kind::Trichoscope, 100.0),
        (Kind::Frame, 12.0),
    ];
    for (kind, px_per_mm) in settings {
        for tone_deg in TONES_DEG {
            for hair in 0..HAIRS.len() {
                for _ in 0..scenes * kind.pictures() {
                    let seed = first_seed + cases.len() as u64;
                    cases.push(Case { kind, px_per_mm, tone_deg, hair, seed });
                }
            }
        }
    }
    cases
}

fn options(case: &Case) -> SynthOptions {
    let seed = Seed(case.seed);
    let base = match case.kind {
        Kind::Ordinary => SynthOptions::ordinary(seed),
        Kind::Hard => SynthOptions::hard(seed),
        Kind::Trichoscope | Kind::Frame => SynthOptions::trichoscope(seed),
    };
    let (width_mm, height_mm) = case.kind.size_mm();
    SynthOptions {
        width_px: (width_mm * case.px_per_mm) as usize,
        height_px: (height_mm * case.px_per_mm) as usize,
        pixel_pitch_um: 1000.0 / case.px_per_mm,
        ita_deg: case.tone_deg,
        hair: HAIRS[case.hair].1,
        scar: ScarShape::None,
        ..base
    }
}

fn outcome(case: Case, folder: &Path) -> Outcome {
    let made = synth(&options(&case), &Unwatched).expect("the options are in range");
    leave(&made, folder, case.seed);
    let learned = look(&made, RootFinder::Learned);
    let classical = look(&made, RootFinder::Classical);
    let mm = |x: f64, y: f64| (x / case.px_per_mm, y / case.px_per_mm);
    let places = |reading: &Reading| -> Vec<(f64, f64)> {
        reading.hair.detections.iter().map(|d| mm(d.at.x_px, d.at.y_px)).collect()
    };
    let there: Vec<(f64, f64)> = made.truth.hairs.iter().map(|h| mm(h.root.x_px, h.root.y_px)).collect();
    let units_there = middles(&there, &made.truth.hairs.iter().map(|h| h.unit).collect::<Vec<_>>());
    let side = mm(made.photo.width_px as f64, made.photo.height_px as f64);
    let scored = |found: &[(f64, f64)], there: &[(f64, f64)], within_mm: f64| {
        let pairs = pairs(found, there, within_mm);
        hits(found, there, &pairs, side)
    };
    let units = |reading: &Reading, places: &[(f64, f64)]| {
        middles(places, &reading.hair.detections.iter().map(|d| d.unit).collect::<Vec<_>>())
    };
    let (own, other) = (places(&learned), places(&classical));
    let mut draw = Seed(case.seed).stream("bench.chance", 0);
    let mut scatter = |n: usize| -> Vec<(f64, f64)> { (0..n).map(|_| anywhere(&mut draw, side)).collect() };
    let (random, random_units) = (scatter(own.len()), scatter(units(&learned, &own).len()));
    let right: std::collections::BTreeSet<usize> =
        pairs(&own, &there, ROOT_MM).into_iter().map(|pair| pair.0).collect();
    let sure =
        learned.hair.detections.iter().enumerate().map(|(k, d)| (d.confidence, right.contains(&k))).collect();
    let shown = |p: &&(f64, f64)| (0.0..side.0).contains(&p.0) && (0.0..side.1).contains(&p.1);
    let in_plane = units_there.iter().filter(shown).count() as f64 / (side.0 * side.1 / 100.0);
    let density = learned.hair.unit_density_per_cm2;
    Outcome {
        case,
        root: [scored(&own, &there, ROOT_MM), scored(&other, &there, ROOT_MM)],
        unit: [
            scored(&units(&learned, &own), &units_there, UNIT_MM),
            scored(&units(&classical, &other), &units_there, UNIT_MM),
        ],
        chance: [scored(&random, &there, ROOT_MM), scored(&random_units, &units_there, UNIT_MM)],
        density: density.map(|d| (d.value / in_plane - 1.0, (d.value - in_plane) / d.standard_uncertainty)),
        on_scalp: density.map(|d| d.value / made.truth.unit_density_per_cm2 - 1.0),
        sure,
    }
}

fn look(made: &Synthetic, roots: RootFinder) -> Reading {
    let options =
        ReadOptions { pixel_pitch_um: Some(made.truth.pixel_pitch_um), roots, ..ReadOptions::default() };
    read(&made.photo, &options, &Unwatched).expect("a synthetic scalp can be read").value.0
}

fn anywhere(draw: &mut Stream, side: (f64, f64)) -> (f64, f64) {
    (side.0 * draw.uniform(), side.1 * draw.uniform())
}

/// Picture and roots for others.
fn leave(made: &Synthetic, folder: &Path, seed: u64) {
    let bytes: Vec<u8> = made.photo.codes.iter().map(|code| (code / 257) as u8).collect();
    let (width, height) = (made.photo.width_px as u32, made.photo.height_px as u32);
    let picture = image::RgbImage::from_raw(width, height, bytes).expect("three bytes a pixel");
    picture.save(folder.join(format!("{seed}.png"))).expect("the disk has room");
    let mut rows = String::from("x_px,y_px,unit\n");
    for hair in &made.truth.hairs {
        let _ = writeln!(rows, "{:.2},{:.2},{}", hair.root.x_px, hair.root.y_px, hair.unit);
    }
    std::fs::write(folder.join(format!("{seed}.csv")), rows).expect("the disk has room");
}

fn list(cases: &[Case]) -> String {
    let mut rows = String::from("seed,kind,px_per_mm,ita_deg,hair\n");
    for c in cases {
        let (kind, hair) = (c.kind.name(), HAIRS[c.hair].0);
        let _ = writeln!(rows, "{},{kind},{},{},{hair}", c.seed, c.px_per_mm, c.tone_deg);
    }
    rows
}

fn hits(found: &[(f64, f64)], there: &[(f64, f64)], pairs: &[(usize, usize, f64)], side: (f64, f64)) -> Hits {
    let counts = |p: &(f64, f64)| {
        (BORDER_MM..side.0 - BORDER_MM).contains(&p.0) && (BORDER_MM..side.1 - BORDER_MM).contains(&p.1)
    };
    let paired: Vec<_> = pairs.iter().filter(|(_, t, _)| counts(&there[*t])).collect();
    // A pair over the border counts on both sides or on none.
    let used: std::collections::BTreeSet<usize> = pairs.iter().map(|pair| pair.0).collect();
    let false_ones = (0..found.len()).filter(|k| !used.contains(k) && counts(&found[*k])).count();
    Hits {
        right: paired.len(),
        found: paired.len() + false_ones,
        there: there.iter().filter(|t| counts(t)).count(),
        squares_mm2: paired.iter().map(|pair| pair.2).sum(),
    }
}

impl Hits {
    fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.there).max(1) as f64
    }
}

/// Mean of the pictures' F1.
fn mean_f1(of: &[&Outcome], pick: impl Fn(&Outcome) -> Hits) -> f64 {
    of.iter().map(|o| pick(o).f1()).sum::<f64>() / of.len().max(1) as f64
}

fn tables(all: &[Outcome]) {
    let dark = |o: &&Outcome| o.case.hair < 2;
    println!("\n## Dark hair (black, brown), six skins: mean F1 of pictures\n");
    println!(
        "| pictures | px/mm | root 0.15 mm (classical; chance) | RMS µm | unit 0.30 mm (classical; chance) | found / there | count off by, median; r | density error (on the bent scalp) | inside 95 % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (kind, px_per_mm) in settings(all) {
        let own: Vec<&Outcome> = all.iter().filter(dark).filter(|o| is(o, kind, px_per_mm)).collect();
        row(&format!("{} | {px_per_mm:.0}", kind.name()), &own);
    }
    println!("\n## By skin, dark hair, and by hair, six skins: root F1 0.15 mm / unit F1 0.30 mm\n");
    println!(
        "| pictures | px/mm | {} | {} |",
        TONES_DEG.map(|t| format!("ITA {t:.0}°")).join(" | "),
        HAIRS.map(|h| h.0).join(" | ")
    );
    println!("|---|---|{}", "---|".repeat(TONES_DEG.len() + HAIRS.len()));
    for (kind, px_per_mm) in settings(all) {
        let own: Vec<&Outcome> = all.iter().filter(|o| is(o, kind, px_per_mm)).collect();
        let pair = |of: Vec<&Outcome>| {
            format!("{:.2} / {:.2}", mean_f1(&of, |o| o.root[0]), mean_f1(&of, |o| o.unit[0]))
        };
        let skins = TONES_DEG
            .map(|t| pair(own.iter().copied().filter(dark).filter(|o| o.case.tone_deg == t).collect()));
        let hairs: Vec<String> = (0..HAIRS.len())
            .map(|h| pair(own.iter().copied().filter(|o| o.case.hair == h).collect()))
            .collect();
        println!("| {} | {px_per_mm:.0} | {} | {} |", kind.name(), skins.join(" | "), hairs.join(" | "));
    }
    println!("\n## Confidence: of those told, how many are right\n");
    println!("| told | n | right |\n|---|---|---|");
    for k in 3..10 {
        let (low, high) = (f64::from(k) / 10.0, f64::from(k + 1) / 10.0);
        let told: Vec<bool> =
            all.iter().flat_map(|o| &o.sure).filter(|s| s.0 >= low && s.0 < high).map(|s| s.1).collect();
        let right = told.iter().filter(|r| **r).count() as f64 / told.len().max(1) as f64;
        println!("| {low:.1}–{high:.1} | {} | {right:.2} |", told.len());
    }
}

fn settings(all: &[Outcome]) -> Vec<(Kind, f64)> {
    let mut settings: Vec<(Kind, f64)> = all.iter().map(|o| (o.case.kind, o.case.px_per_mm)).collect();
    settings.dedup();
    settings
}

fn is(o: &Outcome, kind: Kind, px_per_mm: f64) -> bool {
    o.case.kind == kind && o.case.px_per_mm == px_per_mm
}

fn row(name: &str, own: &[&Outcome]) {
    let f1 = |pick: &dyn Fn(&Outcome) -> Hits| mean_f1(own, pick);
    let sum = |pick: &dyn Fn(&Outcome) -> f64| own.iter().map(|o| pick(o)).sum::<f64>();
    let rms = 1000.0 * (sum(&|o| o.root[0].squares_mm2) / sum(&|o| o.root[0].right as f64).max(1.0)).sqrt();
    let counts: Vec<(f64, f64)> =
        own.iter().map(|o| (o.unit[0].found as f64, o.unit[0].there as f64)).collect();
    let off = median(counts.iter().map(|(found, there)| (found / there.max(1.0) - 1.0).abs()).collect());
    let densities: Vec<(f64, f64)> = own.iter().filter_map(|o| o.density).collect();
    let n = densities.len().max(1) as f64;
    let error = densities.iter().map(|d| d.0.abs()).sum::<f64>() / n;
    let on_scalp = own.iter().filter_map(|o| o.on_scalp).map(f64::abs).sum::<f64>() / n;
    let inside = densities.iter().filter(|d| d.1.abs() < 1.96).count() as f64 / n;
    println!(
        "| {name} | {:.3} ({:.2}; {:.2}) | {rms:.0} | {:.3} ({:.2}; {:.2}) | {:.2} | {:.1} %; {:.2} | {:.1} % ({:.1} %) | {:.0} % |",
        f1(&|o| o.root[0]),
        f1(&|o| o.root[1]),
        f1(&|o| o.chance[0]),
        f1(&|o| o.unit[0]),
        f1(&|o| o.unit[1]),
        f1(&|o| o.chance[1]),
        sum(&|o| o.unit[0].found as f64) / sum(&|o| o.unit[0].there as f64).max(1.0),
        100.0 * off,
        correlation(&counts),
        100.0 * error,
        100.0 * on_scalp,
        100.0 * inside,
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Pearson's coefficient of correlation.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(&|p| p.0), mean(&|p| p.1));
    let spread = |of: &dyn Fn(&(f64, f64)) -> f64| mean(of).sqrt();
    mean(&|p| (p.0 - mx) * (p.1 - my)) / (spread(&|p| (p.0 - mx).powi(2)) * spread(&|p| (p.1 - my).powi(2)))
}
