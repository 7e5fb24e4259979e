//! Ten filled scars among ten natural patches, at true size: `placement_look FOLDER > docs/science/placement-look.svg`.
//!
//! FOLDER/dots.csv comes from `bench_points`. Every panel is the same part of another scalp, 40 by 22 mm at 74 units per cm², across
//! the curved scar that was filled in every second of them. Which is which stands in a key at the bottom alone.
#![allow(clippy::print_stdout, reason = "the drawing goes to standard output")]

use std::collections::BTreeMap;

use stipple_quantity::Seed;

/// Millimetres of a mean spacing: 74 units per cm².
const SPACING_MM: f64 = 1.1625;
/// Middle of the scar, in spacings.
const MIDDLE: [f64; 2] = [31.0, 37.0];
/// A panel, mm.
const PANEL_MM: [f64; 2] = [40.0, 22.0];
/// From one panel to the next, mm.
const STEP_MM: [f64; 2] = [44.0, 28.0];
const COLUMNS: usize = 4;
/// Panels of each kind.
const EACH: usize = 10;
/// What the CSV calls our own way of filling.
const OURS: &str = "stipple";
/// Diameter of a drawn unit, mm: stubble of one to four hairs.
const DOT_MM: f64 = 0.22;

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        println!("usage: placement_look FOLDER (with the dots.csv of bench_points)");
        return;
    };
    let text = std::fs::read_to_string(format!("{folder}/dots.csv")).expect("bench_points wrote dots.csv");
    let panels = shuffled(panels(&text));
    let rows = panels.len().div_ceil(COLUMNS) as f64;
    let (width, height) = (COLUMNS as f64 * STEP_MM[0], rows * STEP_MM[1] + 12.0);
    println!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"2.6\" fill=\"#444\">\n\
         <title>Ten filled scars among ten natural patches, at true size</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
    );
    panels.iter().enumerate().for_each(|(k, panel)| println!("{}", drawn(k, panel)));
    println!("{}</svg>", key(&panels, rows * STEP_MM[1]));
}

/// A part of a scalp.
struct Panel {
    nature: String,
    is_filled: bool,
    /// Units in it, mm from its top left.
    units: Vec<[f64; 2]>,
}

/// The first heads of each kind.
fn panels(csv: &str) -> Vec<Panel> {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let column = |name: &str| names.iter().position(|n| *n == name).expect("a column of bench_points");
    let [head, nature, filler, x, y] = ["head", "nature", "filler", "x", "y"].map(column);
    let mut found: BTreeMap<(bool, usize), Panel> = BTreeMap::new();
    for row in lines.map(|line| line.split(',').collect::<Vec<_>>()) {
        let is_filled = row[filler] == OURS;
        if !is_filled && row[filler] != "nature" {
            continue;
        }
        let number = |column: usize| row[column].parse::<f64>().expect("a number");
        let nature = row[nature].to_owned();
        let panel = found.entry((is_filled, number(head) as usize)).or_insert_with(|| Panel {
            nature,
            is_filled,
            units: Vec::new(),
        });
        let at = [0, 1].map(|axis| (number([x, y][axis]) - MIDDLE[axis]) * SPACING_MM + 0.5 * PANEL_MM[axis]);
        if (0..2).all(|axis| (0.0..PANEL_MM[axis]).contains(&at[axis])) {
            panel.units.push(at);
        }
    }
    let (filled, natural): (Vec<Panel>, Vec<Panel>) = found.into_values().partition(|panel| panel.is_filled);
    filled.into_iter().take(EACH).chain(natural.into_iter().take(EACH)).collect()
}

/// In an order that tells nothing.
fn shuffled(mut panels: Vec<Panel>) -> Vec<Panel> {
    let mut chance = Seed(20).stream("look", 0);
    for k in (1..panels.len()).rev() {
        panels.swap(k, chance.below(k + 1));
    }
    panels
}

/// Letter, frame and units; these sorted, so that their order in the file tells nothing either.
fn drawn(k: usize, panel: &Panel) -> String {
    let [left, top] = [(k % COLUMNS) as f64 * STEP_MM[0] + 2.0, (k / COLUMNS) as f64 * STEP_MM[1] + 4.0];
    let mut units = panel.units.clone();
    units.sort_by(|one, two| one[1].total_cmp(&two[1]));
    let path: String = units.iter().map(|[x, y]| format!("M{x:.2} {y:.2}h0")).collect();
    format!(
        "<g transform=\"translate({left} {top})\"><text y=\"-0.9\">{}</text><rect width=\"{}\" height=\"{}\" fill=\"none\" \
         stroke=\"#ccc\" stroke-width=\"0.1\"/><path d=\"{path}\" stroke=\"#1a1a1a\" stroke-width=\"{DOT_MM}\" \
         stroke-linecap=\"round\"/></g>",
        letter(k),
        PANEL_MM[0],
        PANEL_MM[1]
    )
}

fn letter(k: usize) -> char {
    char::from(b'A' + k as u8)
}

/// Which is which, upside down.
fn key(panels: &[Panel], top_mm: f64) -> String {
    let list = |is_filled: bool| -> String {
        let of = panels.iter().enumerate().filter(|(_, panel)| panel.is_filled == is_filled);
        of.map(|(k, panel)| format!("{} {}", letter(k), panel.nature)).collect::<Vec<_>>().join(", ")
    };
    let lines = [format!("filled: {}", list(true)), format!("as grown: {}", list(false))];
    let text = |(line, text): (usize, &String)| {
        let y = top_mm + 5.0 + 4.0 * line as f64;
        let middle = COLUMNS as f64 * STEP_MM[0] / 2.0;
        format!(
            "<text x=\"{middle}\" y=\"{y}\" font-size=\"2\" fill=\"#999\" text-anchor=\"middle\" \
             transform=\"rotate(180 {middle} {y})\">{text}</text>\n"
        )
    };
    lines.iter().enumerate().map(text).collect()
}
