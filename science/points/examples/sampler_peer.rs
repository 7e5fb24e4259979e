//! What sources/bench/sampler.R needs to sample the same patterns with spatstat: `sampler_peer FOLDER [POINTS]`.
//!
//! Writes FOLDER/energy.csv (the population's energy of a pair by bins), ours.csv (points of ours) and ours_seconds.csv.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::fmt::Write as _;

use stipple_points::potential::BIN;
use stipple_points::{Fill, Metric, Potential, Window, fill};
use stipple_quantity::Seed;

/// Moves that `fill` tries for a point.
const MOVES: usize = 30;
/// Patterns over which the time is taken.
const RUNS: u64 = 20;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: sampler_peer FOLDER [POINTS]");
        return;
    };
    let count: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1_024);
    let side = (count as f64).sqrt();
    let window = Window::rectangle(side, side, 1.0);
    let inside = window.inside.len();
    let potential = Potential::population();
    let request = Fill {
        window: &window,
        fixed: &[],
        obstacles: &[],
        metric: &vec![Metric::even(1.0); inside],
        new_density: &vec![1.0; inside],
        zone: &vec![0; inside],
        count,
        spacing_min: 0.0,
        potential: &potential,
    };
    let before = cpu_seconds();
    let patterns: Vec<_> = (0..RUNS).map(|seed| fill(&request, Seed(seed)).points).collect();
    let seconds = (cpu_seconds() - before) / RUNS as f64;

    let mut energy = "edge,energy\n".to_owned();
    for (k, bin) in potential.bins().iter().enumerate() {
        let _ = writeln!(energy, "{:.2},{bin:.3}", (k + 1) as f64 * BIN);
    }
    let mut ours = "x,y\n".to_owned();
    let on_square = patterns[0].iter().map(|(x, y)| (x.min(side), y.min(side)));
    for (x, y) in on_square {
        let _ = writeln!(ours, "{x:.5},{y:.5}");
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let took = format!("moves,seconds\n{MOVES},{seconds:.5}\n");
    for (name, text) in [("energy", energy), ("ours", ours), ("ours_seconds", took)] {
        std::fs::write(format!("{folder}/{name}.csv"), text).expect("the disk has room");
    }
}

/// Seconds of CPU that this process has used, of all threads; Linux counts them in hundredths.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}
