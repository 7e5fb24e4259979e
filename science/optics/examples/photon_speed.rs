//! Photons per CPU second, one thread: `cargo run --release -p stipple-optics --example photon_speed [N]`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use stipple_optics::Layer;
use stipple_optics::transport::{Experiment, Instructions, Launch, ROULETTE_OF_MCML, Stack};
use stipple_quantity::Seed;

fn layer(n: f64, absorption: f64, scattering: f64, g: f64, thickness_mm: f64) -> Layer {
    Layer {
        absorption_per_mm: absorption,
        scattering_per_mm: scattering,
        anisotropy: g,
        refractive_index: n,
        thickness_mm,
    }
}

/// Name, layers, published reflectance and transmittance, photons for one measurement.
fn problems() -> [(&'static str, Vec<Layer>, [f64; 2], u64); 3] {
    [
        ("slab", vec![layer(1.0, 1.0, 9.0, 0.75, 0.2)], [0.097_394_6, 0.660_957_7], 40_000_000),
        (
            "three layers",
            vec![
                layer(1.37, 0.1, 10.0, 0.9, 1.0),
                layer(1.37, 0.1, 1.0, 0.0, 1.0),
                layer(1.37, 0.2, 1.0, 0.7, 2.0),
            ],
            [0.237_859, 0.096_048],
            4_000_000,
        ),
        (
            "skin 550",
            vec![
                layer(1.4, 1.5, 20.0, 0.78, 0.1),
                layer(1.4, 0.19, 14.0, 0.78, 1.8),
                layer(1.4, 0.1, 9.0, 0.78, 3.0),
            ],
            [0.199_129, 0.003_995],
            2_000_000,
        ),
    ]
}

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
        for (name, layers, [r, t], photons) in problems() {
            let stack = Stack::in_air(&layers);
            let photons = (photons as f64 * scale) as u64;
            let (stack, launch, seed) = (&stack, Launch::Beam, Seed(1));
            let experiment = Experiment { stack, launch, photons, roulette_below, seed, instructions };
            for what in ["totals", "radial"] {
                let before = cpu_s();
                let got = pool.install(|| match what {
                    "totals" => experiment.totals(),
                    _ => experiment.radial(0.05, 100).0,
                });
                let spent = cpu_s() - before;
                let rate = photons as f64 / spent;
                println!(
                    "{instructions:?} {roulette_below} {name} {what}: {:.3} M/s, {:.1} events/photon, {:.0} Mevents/s; \
                     Rd {:.6} ({:+.1} sigma) T {:.6} ({:+.1} sigma) balance {:.1e}; cost {:.2e}",
                    rate / 1e6,
                    got.events_per_photon,
                    rate * got.events_per_photon / 1e6,
                    got.reflected,
                    (got.reflected - r) / got.reflected_error,
                    got.transmitted,
                    (got.transmitted - t) / got.transmitted_error,
                    got.specular + got.reflected + got.transmitted + got.absorbed - got.roulette - 1.0,
                    got.reflected_error * got.reflected_error * spent,
                );
            }
        }
    }
}
