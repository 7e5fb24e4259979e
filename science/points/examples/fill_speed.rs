//! How long it takes to fill a square, with and without standing points: `fill_speed [POINTS...]`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::time::Instant;

use stipple_points::potential::POPULATION;
use stipple_points::{
    Fill, Metric, Potential, Standing, Window, fill, nearest_neighbor, pair_correlation, rank,
};
use stipple_quantity::Seed;

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|n| n.parse().ok()).collect();
    let potential = Potential::population();
    println!(
        "| points | fill, s | rank, s | L2 of g | nearest neighbors of the first 30 %, 70 %: CV |\n|---|---|---|---|---|"
    );
    for count in if asked.is_empty() { vec![10_000, 100_000, 1_000_000] } else { asked } {
        let side = (count as f64).sqrt();
        let window = Window::rectangle(side, side, 1.0);
        let density = vec![1.0; window.inside.len()];
        let metric = vec![Metric::even(1.0); density.len()];
        let request = Fill {
            window: &window,
            fixed: &[],
            obstacles: &[],
            metric: &metric,
            new_density: &density,
            zone: &vec![0; density.len()],
            count,
            spacing_min: 0.0,
            potential: &potential,
        };
        let start = Instant::now();
        let points = fill(&request, Seed(1)).points;
        let filled = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let order = rank(&points, &vec![Metric::even(1.0); points.len()], Standing::default());
        let ranked = start.elapsed().as_secs_f64();
        assert_eq!(order.len(), count);
        let off = pair_correlation(&points, &window, &metric).map(|found| found.off(&POPULATION));
        let spread = [0.3, 0.7].map(|share| {
            let first: Vec<_> = order[..(share * count as f64) as usize].iter().map(|k| points[*k]).collect();
            nearest_neighbor(&first, &window).map_or(f64::NAN, |near| near.coefficient_of_variation)
        });
        println!(
            "| {count} | {filled:.3} | {ranked:.3} | {:.3} | {:.3}, {:.3} |",
            off.unwrap_or(f64::NAN),
            spread[0],
            spread[1]
        );
    }
}
