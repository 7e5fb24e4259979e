//! The table of dots between its nodes against direct simulation there.
#![allow(clippy::print_stdout, reason = "measured accuracy is printed for docs/science")]

use stipple_optics::dot_table::{DotOptics, SkinOptics, contrast_by_distance, grid};
use stipple_optics::transport::{Body, Contrast, DotStudy, Form, skin_stack};
use stipple_quantity::Seed;

/// Contrasts of a dot at the table's distances, simulated with the table's skin.
fn simulated(dot: &DotOptics, skin: &SkinOptics, photons: u64) -> [Contrast; 6] {
    let stack = skin_stack(skin, grid::ANISOTROPY);
    let study = |r: f64, seed: u64| DotStudy {
        stack: &stack,
        diffuse_view: false,
        figures: vec![vec![Body { x_mm: r, y_mm: 0.0, radius_mm: dot.radius_mm, form: Form::Cylinder }]],
        bands_mm: vec![[dot.top_mm, dot.top_mm + dot.height_mm]],
        absorptions_per_mm: vec![vec![skin.epidermis_absorption_per_mm, skin.dermis_absorption_per_mm]],
        photons,
        seed: Seed(seed),
    };
    let mut seed = 900;
    distances(dot).map(|r| {
        seed += 1;
        study(r, seed).look().contrast(0, 0, 0, dot.ink_per_mm)
    })
}

/// Distances that are no nodes.
fn distances(dot: &DotOptics) -> [f64; 6] {
    let a = dot.radius_mm;
    [0.0, 0.45 * a, 0.8 * a, 1.12 * a, 1.2 * a + 0.12, 1.2 * a + 0.7]
}

/// Points between the nodes of every axis.
fn points() -> Vec<(DotOptics, SkinOptics)> {
    let point = |radius_mm, top_mm, height_mm, ink_per_mm, scattering, epidermis, dermis| {
        let dot = DotOptics { radius_mm, top_mm, height_mm, ink_per_mm };
        let skin = SkinOptics {
            reduced_scattering_per_mm: scattering,
            epidermis_absorption_per_mm: epidermis,
            dermis_absorption_per_mm: dermis,
        };
        (dot, skin)
    };
    vec![
        point(0.13, 0.22, 0.3, 12.0, 2.2, 0.6, 0.07),
        point(0.07, 0.14, 0.2, 35.0, 3.3, 1.1, 0.22),
        point(0.24, 0.34, 0.3, 5.0, 1.5, 0.4, 0.02),
        point(0.13, 0.47, 0.2, 100.0, 1.0, 0.6, 0.07),
        point(0.075, 0.22, 0.3, 12.0, 5.0, 7.0, 0.8),
        point(0.24, 0.65, 0.3, 40.0, 1.5, 0.4, 0.02),
        point(0.14, 0.23, 0.15, 2.0, 2.2, 0.6, 0.07),
        point(0.06, 0.34, 0.3, 300.0, 2.2, 6.0, 0.07),
    ]
}

#[test]
fn the_table_holds_between_its_nodes() {
    let slow = std::env::var_os("SLOW").is_some();
    let photons = if slow { 600_000 } else { 40_000 };
    let mut failures = 0;
    let (mut squares, mut count, mut largest) = (0.0, 0.0, 0.0f64);
    for (i, (dot, skin)) in points().into_iter().enumerate() {
        let table = contrast_by_distance(&dot, &skin);
        let direct = simulated(&dot, &skin, photons);
        let peak = direct[0].value;
        let mut line = String::new();
        let mut breaches = Vec::new();
        for (r, direct) in distances(&dot).into_iter().zip(direct) {
            let off = (table.at(r) - direct.value) / peak;
            let noise = direct.error / peak;
            line += &format!(" {:+.2}±{:.2}", 100.0 * off, 100.0 * noise);
            (squares, count) = (squares + off * off, count + 1.0);
            largest = largest.max(off.abs());
            // The goal is 0.01; docs/science/dot.md says where and why it is missed.
            let allowed = 0.02 + 3.5 * noise;
            if off.abs() > allowed {
                breaches.push(format!("at {r} mm off by {off} ± {noise} of the peak {peak}"));
            }
        }
        println!("point {i}, peak {peak:.4}: % of the peak off:{line} {breaches:?}");
        failures += breaches.len();
    }
    println!("off {:.4} of the peak in the mean, {largest:.4} at most", f64::sqrt(squares / count));
    assert_eq!(failures, 0, "the table is off between its nodes");
}
