//! Hair read in real photographs against roots marked by hand: `hand_marks [PHOTOS]`.
//!
//! PHOTOS is the folder with `stubble-ruler` and `clipped-scalp` (`../shared/data/photos` unless told); the marks are
//! in `sources/bench/hand_marks.csv`. Marks that the person was not sure of count neither for nor against.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::path::Path;

use stipple_model::{Reading, Unwatched};
use stipple_quantity::{Seed, Stream};
use stipple_read::photo::{DecodeLimits, decode};
use stipple_read::{ReadOptions, RootFinder, read};
use stipple_tests::{merged, middles, pairs};

const MARKS: &str = include_str!("../../sources/bench/hand_marks.csv");
const TOLERANCES_MM: [f64; 2] = [0.15, 0.30];
/// Marks nearer than this to one another are one unit, as in the reader.
const MERGE_MM: f64 = 0.41;

/// A photograph of which parts were marked.
struct Photograph {
    file: &'static str,
    /// Size of a pixel on the skin, µm: by the ruler's ticks, or guessed where there is none.
    pitch_um: f64,
    /// Left, top, width and height of the parts, px.
    cuts: &'static [[f64; 4]],
}

const PHOTOGRAPHS: [Photograph; 4] = [
    Photograph {
        file: "clipped-scalp/follicle-labeller-screenshot-1.png",
        pitch_um: 35.0,
        cuts: &[[404.0, 845.0, 160.0, 130.0], [1052.0, 513.0, 160.0, 130.0], [1090.0, 357.0, 160.0, 130.0]],
    },
    Photograph {
        file: "stubble-ruler/hair1.JPG",
        pitch_um: 17.3,
        cuts: &[[585.0, 70.0, 330.0, 260.0], [30.0, 70.0, 330.0, 260.0]],
    },
    Photograph {
        file: "stubble-ruler/hair2.JPG",
        pitch_um: 17.3,
        cuts: &[[340.0, 250.0, 330.0, 260.0], [678.0, 372.0, 330.0, 260.0]],
    },
    Photograph {
        file: "stubble-ruler/hair3.JPG",
        pitch_um: 17.3,
        cuts: &[[285.0, 380.0, 330.0, 260.0], [620.0, 335.0, 330.0, 260.0]],
    },
];

/// One root marked by hand, mm.
struct Mark {
    root: (f64, f64),
    sure: bool,
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "../shared/data/photos".to_owned());
    println!(
        "| photograph, part | root finder | sure / doubtful | found | root F1 0.15 mm (chance) | root F1 0.30 mm | unit F1 0.30 mm (chance) | units found / marked |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for photograph in &PHOTOGRAPHS {
        let Ok(bytes) = std::fs::read(Path::new(&folder).join(photograph.file)) else {
            println!("| {} is not at hand: skipped | | | | | | | |", photograph.file);
            continue;
        };
        let photo = decode(&bytes, &DecodeLimits::ordinary()).expect("the photograph can be decoded").value;
        for roots in [RootFinder::Learned, RootFinder::Classical] {
            let options =
                ReadOptions { pixel_pitch_um: Some(photograph.pitch_um), roots, ..ReadOptions::default() };
            let reading = read(&photo, &options, &Unwatched).expect("the photograph can be read").value.0;
            for (k, cut) in photograph.cuts.iter().enumerate() {
                row(photograph, k + 1, *cut, roots, &reading);
            }
        }
    }
}

fn row(photograph: &Photograph, number: usize, cut: [f64; 4], roots: RootFinder, reading: &Reading) {
    let mm = photograph.pitch_um / 1000.0;
    let inside =
        |x: f64, y: f64| (cut[0]..cut[0] + cut[2]).contains(&x) && (cut[1]..cut[1] + cut[3]).contains(&y);
    let own = || reading.hair.detections.iter().filter(|d| inside(d.at.x_px, d.at.y_px));
    let found: Vec<(f64, f64)> = own().map(|d| (d.at.x_px * mm, d.at.y_px * mm)).collect();
    let units = middles(&found, &own().map(|d| d.unit).collect::<Vec<_>>());
    let marks = marks(photograph.file, number, mm);
    let mut draw = Seed(number as u64).stream("hand_marks.chance", 0);
    let random: Vec<(f64, f64)> = found.iter().map(|_| anywhere(&mut draw, cut, mm)).collect();
    let random_units = &random[..units.len()];
    let sure: Vec<(f64, f64)> = marks.iter().filter(|m| m.sure).map(|m| m.root).collect();
    let doubtful: Vec<(f64, f64)> = marks.iter().filter(|m| !m.sure).map(|m| m.root).collect();
    let sure_units = merged(&sure, MERGE_MM);
    let [strict, loose] = TOLERANCES_MM;
    println!(
        "| {}, {number} | {} | {} / {} | {} | {:.2} ({:.2}) | {:.2} | {:.2} ({:.2}) | {} / {} |",
        photograph.file,
        if roots == RootFinder::Learned { "learned" } else { "classical" },
        sure.len(),
        doubtful.len(),
        found.len(),
        f1(&found, &sure, &doubtful, strict),
        f1(&random, &sure, &doubtful, strict),
        f1(&found, &sure, &doubtful, loose),
        f1(&units, &sure_units, &doubtful, loose),
        f1(random_units, &sure_units, &doubtful, loose),
        units.len(),
        sure_units.len(),
    );
}

/// F1 against the sure marks; what is left and lies at a doubtful mark counts neither way.
fn f1(found: &[(f64, f64)], sure: &[(f64, f64)], doubtful: &[(f64, f64)], within_mm: f64) -> f64 {
    let right = pairs(found, sure, within_mm);
    let used: Vec<usize> = right.iter().map(|pair| pair.0).collect();
    let left: Vec<(f64, f64)> = (0..found.len()).filter(|k| !used.contains(k)).map(|k| found[k]).collect();
    let excused = pairs(&left, doubtful, within_mm.max(TOLERANCES_MM[1])).len();
    2.0 * right.len() as f64 / (found.len() - excused + sure.len()).max(1) as f64
}

fn anywhere(draw: &mut Stream, cut: [f64; 4], mm: f64) -> (f64, f64) {
    (mm * draw.between(cut[0], cut[0] + cut[2]), mm * draw.between(cut[1], cut[1] + cut[3]))
}

fn marks(file: &str, cut: usize, mm: f64) -> Vec<Mark> {
    let lines = MARKS.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| file.ends_with(cells[0]) && cells[1] == cut.to_string())
        .map(|cells| {
            let number = |k: usize| cells[k].parse::<f64>().expect("the marks are numbers");
            Mark { root: (number(2) * mm, number(3) * mm), sure: cells[6] == "1" }
        })
        .collect()
}
