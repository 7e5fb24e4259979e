//! Dots on surfaces in space, from the command line: as well spread in space as on paper.

use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::path::Path;

use stipple_points::potential::POPULATION;
use stipple_points::surface::{Place, Spread, largest_gap};
use stipple_points::{Fill, Metric, Potential, Window, fill};
use stipple_quantity::Seed;
use tempfile::TempDir;

use crate::stipple::{shared_data, stipple, succeed, text};

/// Radius of the test surface, mm.
const HEAD_MM: f64 = 75.0;
/// What the shipped protocol has, per mm² and mm.
const DENSITY: f64 = 0.74;
const SPACING_MIN_MM: f64 = 0.5;

/// A spherical cap of 110 mm as OBJ: rings round its top, in millimetres.
fn cap() -> String {
    let mut obj = String::from("o cap\nv 0 75 0\n");
    let (rings, around) = (36, 72);
    for ring in 1..=rings {
        let polar = f64::from(ring) / f64::from(rings) * 110.0 / HEAD_MM;
        for k in 0..around {
            let (sin, cos) = (TAU * f64::from(k) / f64::from(around)).sin_cos();
            let (x, y, z) = (HEAD_MM * polar.sin() * sin, HEAD_MM * polar.cos(), HEAD_MM * polar.sin() * cos);
            let _ = writeln!(obj, "v {x} {y} {z}");
        }
    }
    let number =
        |ring: i32, k: i32| if ring == 0 { 1 } else { 2 + (ring - 1) * around + k.rem_euclid(around) };
    for (ring, k) in (0..rings).flat_map(|ring| (0..around).map(move |k| (ring, k))) {
        let [a, b, c, d] =
            [(ring, k), (ring + 1, k), (ring + 1, k + 1), (ring, k + 1)].map(|(r, k)| number(r, k));
        let _ = if ring == 0 { writeln!(obj, "f {a} {b} {c}") } else { writeln!(obj, "f {a} {b} {c} {d}") };
    }
    obj
}

/// The dots of a table.
fn dots(csv: &Path) -> Vec<(Place, u8)> {
    let table = std::fs::read_to_string(csv).expect("written");
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("x_mm,y_mm,z_mm,nx,ny,nz,hairs,session"));
    let dot = |line: &str| {
        let numbers: Vec<f64> = line.split(',').map(|n| n.parse().expect("a number")).collect();
        let place = Place {
            place_mm: [numbers[0], numbers[1], numbers[2]],
            normal: [numbers[3], numbers[4], numbers[5]],
        };
        (place, numbers[6] as u8)
    };
    lines.map(dot).collect()
}

/// How dots are spread of which those count that lie within a straight distance of the first's neighborhood's middle.
fn spread(places: &[Place], middle: [f64; 3], within_mm: f64) -> Spread {
    let away = |p: &Place| (0..3).map(|k| (p.place_mm[k] - middle[k]).powi(2)).sum::<f64>().sqrt();
    let counts: Vec<bool> = places.iter().map(|p| away(p) < within_mm).collect();
    Spread::of(places, &counts, DENSITY).expect("enough dots")
}

/// A pattern on paper with as many dots.
fn on_paper(count: usize) -> Spread {
    let side = (count as f64 / DENSITY).sqrt();
    let window = Window::rectangle(side, side, 0.4);
    let cells = window.inside.len();
    let request = Fill {
        window: &window,
        fixed: &[],
        obstacles: &[],
        metric: &vec![Metric::even(DENSITY); cells],
        new_density: &vec![DENSITY; cells],
        zone: &vec![0; cells],
        count,
        spacing_min: SPACING_MIN_MM,
        potential: &Potential::population(),
    };
    let points = fill(&request, Seed(21)).points;
    let places: Vec<Place> =
        points.iter().map(|p| Place { place_mm: [p.0, 0.0, p.1], normal: [0.0, 1.0, 0.0] }).collect();
    spread(&places, [side / 2.0, 0.0, side / 2.0], side / 2.0 - 3.0)
}

fn assert_as_on_paper(name: &str, places: &[Place], middle: [f64; 3], within_mm: f64) {
    let (found, paper) = (spread(places, middle, within_mm), on_paper(places.len()));
    let (off, gap) = (found.off(&POPULATION), largest_gap(&found.nearest, &paper.nearest));
    let ((mean, cv), closest) = (found.nearest_mean_and_cv(), found.nearest[0] / DENSITY.sqrt());
    println!(
        "{name}: {} dots, {} counted; L2 of g {off:.3} (paper {:.3}); nearest {mean:.3}, CV {cv:.3} (paper {:.3?}); \
         KS {gap:.3}; closest {closest:.2} mm",
        places.len(),
        found.nearest.len(),
        paper.off(&POPULATION),
        paper.nearest_mean_and_cv()
    );
    assert!(gap <= 0.05, "{name}: KS {gap}");
    assert!(off < 0.09, "{name}: L2 of g {off}");
    // Places are written to 0.0001 mm.
    assert!(closest >= SPACING_MIN_MM - 0.001, "{name}: {closest} mm");
}

#[test]
fn a_curved_surface_is_filled_from_the_command_line() {
    let folder = TempDir::new().expect("a temporary folder");
    let [mesh, csv, ply, png] =
        ["cap.obj", "dots.csv", "dots.ply", "dots.png"].map(|name| folder.path().join(name));
    std::fs::write(&mesh, cap()).expect("written");
    let run = |more: &[&str]| {
        let outs = ["--out", text(&csv), "--ply-out", text(&ply)];
        let what = ["head", text(&mesh), "--radius-mm", "60", "--seed", "3"];
        succeed(&[what.as_slice(), &outs, more].concat());
        [&csv, &ply].map(|file| std::fs::read(file).expect("written"))
    };
    let made = run(&["--threads", "1", "--picture-out", text(&png)]);
    assert_eq!(made, run(&["--threads", "3"]), "the same bytes on any number of threads");
    assert_eq!(image::open(&png).expect("a picture").to_rgb8().dimensions(), (3600, 1200));
    let (places, hairs): (Vec<Place>, Vec<u8>) = dots(&csv).into_iter().unzip();
    let area_mm2 = TAU * HEAD_MM * HEAD_MM * (1.0 - (60.0 / HEAD_MM).cos());
    assert!((places.len() as f64 / (DENSITY * area_mm2) - 1.0).abs() < 0.01, "{} dots", places.len());
    let mean = hairs.iter().map(|n| f64::from(*n)).sum::<f64>() / hairs.len() as f64;
    assert!((mean - 1.942).abs() < 0.01, "{mean} hairs a dot");
    assert_as_on_paper("cap", &places, [0.0, HEAD_MM, 0.0], 53.0);
}

#[test]
fn a_head_is_filled_from_the_command_line() {
    let Some(heads) = shared_data("heads") else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let csv = folder.path().join("dots.csv");
    let mesh = heads.join("mpfb-base.obj");
    let run = succeed(&["head", text(&mesh), "--unit", "dm", "--radius-mm", "90", "--out", text(&csv)]);
    assert!(run.message.contains(" dots on "), "{}", run.message);
    let places: Vec<Place> = dots(&csv).into_iter().map(|(place, _)| place).collect();
    let top = places.iter().map(|p| p.place_mm).max_by(|a, b| a[1].total_cmp(&b[1])).expect("dots");
    assert_as_on_paper("head", &places, top, 60.0);
}

#[test]
fn what_is_no_head_is_refused_with_a_reason() {
    let folder = TempDir::new().expect("a temporary folder");
    let [mesh, csv] = ["scan.obj", "dots.csv"].map(|name| folder.path().join(name));
    let said = |bytes: &[u8], more: &[&str]| {
        std::fs::write(&mesh, bytes).expect("written");
        let what = ["head", text(&mesh), "--radius-mm", "60", "--out", text(&csv), "--quiet"];
        let run = stipple(&[what.as_slice(), more].concat());
        assert!(!csv.exists() && !run.message.contains("scan.obj"), "{}", run.message);
        (run.code, run.message)
    };
    let refused = |bytes: &[u8], more: &[&str], word: &str| {
        let (code, message) = said(bytes, more);
        assert!(code == 3 && message.contains(word), "{code}: {message}");
    };
    refused(b"no mesh", &[], "OBJ, PLY or GLB");
    refused(b"glTF\x02\0\0\0\xff\xff\xff\x7f", &[], "GLB");
    refused(cap().as_bytes(), &["--unit", "m"], "state the unit");
    assert_eq!(said(cap().as_bytes(), &["--radius-mm", "9999"]).0, 2);
    assert_eq!(said(cap().as_bytes(), &["--center", "1,2"]).0, 2);
}
