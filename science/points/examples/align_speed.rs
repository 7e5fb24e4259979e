//! How well and how fast two visits as points are aligned: `align_speed [pairs]`.
//!
//! Prints error, time of one core and what came of different heads and of mirror images.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

#[path = "../src/constellation/tests/visits.rs"]
mod visits;

use stipple_points::constellation::{Alignment, Constellation, Refusal, align};
use visits::{Change, EASY, HARSH, Place, Visits, ZONE, visits};

fn main() {
    let pairs = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(20);
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("threads start");
    for (name, change) in [("easy", EASY), ("harsh", HARSH)] {
        let all: Vec<Row> = (0..pairs).map(|seed| row(seed, change)).collect();
        let of = |pick: &dyn Fn(&Row) -> f64| {
            let mut values: Vec<f64> = all.iter().map(pick).collect();
            values.sort_by(f64::total_cmp);
            (values[values.len() / 2], values[values.len() - 1])
        };
        println!("{name}, {pairs} pairs: middle and worst");
        println!("  median error, mm     {:.3?}", of(&|row| row.median));
        println!("  p95 of error, mm     {:.3?}", of(&|row| row.p95));
        println!("  largest error, mm    {:.3?}", of(&|row| row.most));
        println!("  log10 chance         {:.1?}", of(&|row| row.log10_chance));
        println!("  share agreeing       {:.2?}", of(&|row| row.share));
        println!("  s, same head         {:.2?}", of(&|row| row.seconds[0]));
        println!("  s, another head      {:.2?}", of(&|row| row.seconds[1]));
        println!("  s, mirror image      {:.2?}", of(&|row| row.seconds[2]));
        println!("  not refused          {}", all.iter().map(|row| row.accepted).sum::<usize>());
    }
}

struct Row {
    median: f64,
    p95: f64,
    most: f64,
    log10_chance: f64,
    share: f64,
    seconds: [f64; 3],
    /// Other heads and mirror images that were taken for the same.
    accepted: usize,
}

fn row(seed: u64, change: Change) -> Row {
    let Visits { before, after, warp } = visits(seed, change);
    let other = visits(seed + 1000, change).after;
    let mirrored = (after.0.iter().map(|p| (ZONE.0 - p.0, p.1)).collect(), after.1.clone());
    let (same, same_s) = timed(&before, &after);
    let (other, other_s) = timed(&before, &other);
    let (mirrored, mirrored_s) = timed(&before, &mirrored);
    let accepted = usize::from(other.is_ok()) + usize::from(mirrored.is_ok());
    let seconds = [same_s, other_s, mirrored_s];
    let Ok(alignment) = same else {
        println!("  {seed}: {}", same.err().expect("refused"));
        let none = f64::INFINITY;
        return Row { median: none, p95: none, most: none, log10_chance: 0.0, share: 0.0, seconds, accepted };
    };
    let inside = |p: Place| (0.5..ZONE.0 - 0.5).contains(&p.0) && (0.5..ZONE.1 - 0.5).contains(&p.1);
    let places = (1..60).flat_map(|x| (1..45).map(move |y| (f64::from(x), f64::from(y))));
    let off = |p: Place| {
        let (at, there) = (alignment.map(p)?, warp.map(p));
        inside(there).then_some((at.0 - there.0).hypot(at.1 - there.1))
    };
    let mut errors: Vec<f64> = places.filter_map(off).collect();
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| errors[(share * (errors.len() - 1) as f64) as usize];
    Row {
        median: at(0.5),
        p95: at(0.95),
        most: at(1.0),
        log10_chance: alignment.log10_chance(),
        share: alignment.agreeing_share(),
        seconds,
        accepted,
    }
}

fn timed(a: &(Vec<Place>, Vec<f64>), b: &(Vec<Place>, Vec<f64>)) -> (Result<Alignment, Refusal>, f64) {
    let stars = |of: &(Vec<Place>, Vec<f64>)| Constellation::in_mm(of.0.clone(), of.1.clone());
    let (a, b) = (stars(a), stars(b));
    let start = spent_s();
    let alignment = align(&a, &b);
    (alignment, spent_s() - start)
}

/// Processor time of this program, from what Linux counts in hundredths of a second; zero elsewhere.
fn spent_s() -> f64 {
    let counts = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = counts.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().nth(11).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}
