//! Photons per CPU second, one thread: `cargo run --release -p stipple-optics --example photon_speed [N]`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use stipple_optics::transport::{Experiment, Instructions, Launch, ROULETTE_OF_MCML, Stack, problems};
use stipple_quantity::Seed;

/// Photons for one measurement of the slab, the three layers and skin.
const PHOTONS: [f64; 3] = [4e7, 4e6, 2e6];

/// CPU seconds of this process so far, as the kernel counts them (1/100 s).
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    fields.get(11).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(f64::NAN) / 100.0
}

fn main() {
    let scale: f64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1.0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    println!(
        "instructions, roulette below, problem, tallies: rate; accuracy in standard errors; variance x CPU time"
    );
    let cases = [
        (Instructions::Best, ROULETTE_OF_MCML),
        (Instructions::Best, 0.05),
        (Instructions::Portable, ROULETTE_OF_MCML),
    ];
    for (instructions, roulette_below) in cases {
        for (problem, photons) in problems().into_iter().zip(PHOTONS) {
            let stack = Stack::in_air(&problem.layers);
            let photons = (photons * scale) as u64;
            let (stack, launch, seed) = (&stack, Launch::Beam, Seed(1));
            let experiment = Experiment { stack, launch, photons, roulette_below, seed, instructions };
            for what in ["totals", "radial", "radial and ways"] {
                let before = cpu_s();
                let got = pool.install(|| match what {
                    "totals" => experiment.totals(),
                    "radial" => experiment.radial(0.05, 100).0,
                    _ => experiment.radial_and_ways_mm(0.05, 100).0,
                });
                let spent = cpu_s() - before;
                let rate = photons as f64 / spent;
                println!(
                    "{instructions:?} {roulette_below} {} {what}: {:.3} M/s, {:.1} events/photon, {:.0} Mevents/s; \
                     Rd {:.6} ({:+.1} sigma) T {:.6} ({:+.1} sigma) balance {:.1e}; cost {:.2e}",
                    problem.name,
                    rate / 1e6,
                    got.events_per_photon,
                    rate * got.events_per_photon / 1e6,
                    got.reflected,
                    (got.reflected - problem.reflected) / got.reflected_error,
                    got.transmitted,
                    (got.transmitted - problem.transmitted) / got.transmitted_error,
                    got.specular + got.reflected + got.transmitted + got.absorbed - got.roulette - 1.0,
                    got.reflected_error * got.reflected_error * spent,
                );
            }
        }
    }
}
