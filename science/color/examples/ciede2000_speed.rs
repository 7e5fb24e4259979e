//! CIEDE2000 of whole pictures, head to head: `cargo xtask bench color`, or without scikit-image `cargo run
//! --release -p stipple-color --example ciede2000_speed`.
//!
//! With the path of a Python that has scikit-image and of a folder for files, that one takes part too.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::path::Path;
use std::process::Command;

use palette::color_difference::Ciede2000;
use palette::white_point::D65;
use stipple_color::{Lab, LabPlanes, ciede2000, ciede2000_map};

fn main() {
    let scikit = std::env::args().nth(1).zip(std::env::args().nth(2));
    println!(
        "| pair | program | megapixels per CPU second | of ours | worst off the exact form | worst off ours |"
    );
    println!("|---|---|---|---|---|---|");
    for (name, pixels, pair) in [
        ("skin, 9 MP", 9_000_000, skin as fn(usize) -> Pair),
        ("skin, 12 MP", 12_000_000, skin),
        ("any colors, 9 MP", 9_000_000, any),
        ("any colors, 12 MP", 12_000_000, any),
    ] {
        let pair = pair(pixels);
        let mut results = vec![ours(&pair), palettes(&pair)];
        if let Some((python, folder)) = &scikit {
            results.push(scikits(&pair, python, Path::new(folder)));
        }
        print(name, &pair, &results);
    }
}

/// What one program took and found.
struct Found {
    program: &'static str,
    cpu_s: f64,
    differences: Vec<f32>,
}

/// Ours: the mean of several runs; what it writes to was written to before.
fn ours(pair: &Pair) -> Found {
    const RUNS: u32 = 10;
    let mut differences = vec![0.0; pair[0][0].len()];
    let [one, two] = [0, 1].map(|k: usize| LabPlanes { l: &pair[k][0], a: &pair[k][1], b: &pair[k][2] });
    let mut run = || ciede2000_map(one, two, &mut differences).expect("the planes are equally long");
    run();
    let start = cpu_s();
    (0..RUNS).for_each(|_| run());
    Found { program: "ciede2000_map", cpu_s: (cpu_s() - start) / f64::from(RUNS), differences }
}

fn palettes(pair: &Pair) -> Found {
    let mut differences = vec![0.0; pair[0][0].len()];
    let lab = |k: usize, i: usize| palette::Lab::<D65, f32>::new(pair[k][0][i], pair[k][1][i], pair[k][2][i]);
    let start = cpu_s();
    for (i, place) in differences.iter_mut().enumerate() {
        *place = lab(0, i).difference(lab(1, i));
    }
    Found { program: "palette", cpu_s: cpu_s() - start, differences }
}

/// scikit-image reads the pair from files; reading is not counted.
fn scikits(pair: &Pair, python: &str, folder: &Path) -> Found {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    for (name, picture) in ["one.f32", "two.f32"].iter().zip(pair) {
        let pixels = (0..picture[0].len()).flat_map(|i| [0, 1, 2].map(|k: usize| picture[k][i]));
        let bytes: Vec<u8> = pixels.flat_map(f32::to_le_bytes).collect();
        std::fs::write(folder.join(name), bytes).expect("the folder can be written to");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ciede2000_scikit.py");
    let output = Command::new(python).arg(script).arg(folder).output().expect("Python starts");
    let cpu_s = String::from_utf8_lossy(&output.stdout).trim().parse().expect("scikit-image ran");
    let bytes = std::fs::read(folder.join("scikit.f32")).expect("scikit-image wrote its result");
    let differences = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    Found { program: "scikit-image", cpu_s, differences }
}

/// One line a program; the exact form is reckoned in double precision.
fn print(name: &str, pair: &Pair, results: &[Found]) {
    let exact = (0..pair[0][0].len()).map(|i| {
        let [one, two] = [0, 1].map(|k: usize| [0, 1, 2].map(|c: usize| f64::from(pair[k][c][i])));
        ciede2000(Lab::new(one[0], one[1], one[2]), Lab::new(two[0], two[1], two[2])) as f32
    });
    let exact: Vec<f32> = exact.collect();
    let first = &results[0];
    for found in results {
        let worst = |other: &[f32]| {
            found.differences.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        println!(
            "| {name} | {} | {:.1} | 1/{:.1} | {:.1e} | {:.1e} |",
            found.program,
            exact.len() as f64 / found.cpu_s / 1e6,
            found.cpu_s / first.cpu_s,
            worst(&exact),
            worst(&first.differences),
        );
    }
}

/// Two pictures in CIELAB, plane by plane.
type Pair = [[Vec<f32>; 3]; 2];

/// Numbers from a range.
fn numbers(seed: u32, pixels: usize, low: f32, high: f32) -> Vec<f32> {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        low + (high - low) * (state >> 8) as f32 / 16_777_216.0
    };
    (0..pixels).map(|_| draw()).collect()
}

/// Colors of skin, and the same with noise.
fn skin(pixels: usize) -> Pair {
    let one = [(1, 35.0, 75.0), (2, 5.0, 18.0), (3, 8.0, 26.0)]
        .map(|(seed, low, high)| numbers(seed, pixels, low, high));
    let mut two = one.clone();
    for (plane, seed) in two.iter_mut().zip(4..) {
        let noise = numbers(seed, pixels, -4.0, 4.0);
        plane.iter_mut().zip(noise).for_each(|(v, more)| *v += more);
    }
    [one, two]
}

/// Any two colors: every hue, also opposite ones.
fn any(pixels: usize) -> Pair {
    [10, 20].map(|seed| {
        [(0, 20.0, 80.0), (1, -10.0, 30.0), (2, -10.0, 40.0)]
            .map(|(plane, low, high)| numbers(seed + plane, pixels, low, high))
    })
}

/// CPU seconds of this thread so far.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}
