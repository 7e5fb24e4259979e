//! Fits the energy of [`stipple_points::Potential::population`] and prints it, with the pair correlation it makes.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use stipple_points::Potential;
use stipple_points::potential::POPULATION;

fn main() {
    let start = std::time::Instant::now();
    let potential = Potential::fitted(&POPULATION);
    println!("{:.3?}", potential.bins());
    println!("{:.1} s", start.elapsed().as_secs_f64());
}
