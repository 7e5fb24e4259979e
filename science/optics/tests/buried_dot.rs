//! Buried dots against an earlier, scalar simulation.
#![allow(clippy::print_stdout, reason = "measured accuracy is printed for docs/science")]

use stipple_optics::Layer;
use stipple_optics::transport::{Body, DotStudy, Form, Stack};
use stipple_quantity::Seed;

const RADII_MM: [f64; 14] = [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0];
const INKS_PER_MM: [f64; 5] = [2.0, 5.0, 10.0, 50.0, 200.0];

/// Skin of the earlier simulation: 80 µm of epidermis over dermis without end.
fn skin(reduced_scattering: f64, g: f64, epidermis: f64, dermis: f64) -> Stack {
    let layer = |absorption_per_mm, thickness_mm| Layer {
        absorption_per_mm,
        scattering_per_mm: reduced_scattering / (1.0 - g),
        anisotropy: g,
        refractive_index: 1.4,
        thickness_mm,
    };
    Stack::in_air(&[layer(epidermis, 0.08), layer(dermis, f64::INFINITY)])
}

/// Contrasts of sources/optics/dot_contrast.csv for a wavelength and depth: distance, then by ink.
fn earlier(wavelength_nm: f64, top_mm: f64) -> Vec<(f64, [f64; 5])> {
    let file = include_str!("../../../sources/optics/dot_contrast.csv");
    let rows = file.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let cells = rows.map(|line| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().expect("numbers")).collect();
        cells
    });
    let here = cells.filter(|c| c[0] == wavelength_nm && (c[1] - top_mm).abs() < 1e-9);
    here.map(|c| (c[3], [c[4], c[5], c[6], c[7], c[8]])).collect()
}

#[test]
fn an_earlier_simulation_is_reproduced() {
    // Wavelength, µs′, absorption of epidermis and dermis.
    let skins = [(450.0, 3.48, 1.023, 0.151), (550.0, 2.44, 0.469, 0.099), (650.0, 1.81, 0.250, 0.010)];
    let tops = [0.2, 0.4, 0.7, 1.1];
    let (mut squares, mut count, mut worst) = (0.0, 0.0, 0.0f64);
    for (wavelength, scattering, epidermis, dermis) in skins {
        let g = 0.62 + 0.000_29 * wavelength;
        let stack = skin(scattering, if wavelength == 550.0 { 0.78 } else { g }, epidermis, dermis);
        for (step, r) in RADII_MM.into_iter().enumerate() {
            // Exactly at the edge the straight beam grazes the dot; there the table counts it as outside.
            let r = r + 1e-5;
            let study = DotStudy {
                stack: &stack,
                diffuse_view: false,
                figures: vec![vec![Body { x_mm: r, y_mm: 0.0, radius_mm: 0.2, form: Form::Cylinder }]],
                bands_mm: tops.map(|top| [top, top + 0.3]).to_vec(),
                absorptions_per_mm: vec![vec![epidermis, dermis]],
                photons: 60_000,
                seed: Seed(20 + step as u64),
            };
            let seen = study.look();
            for (band, top) in tops.into_iter().enumerate() {
                let table = earlier(wavelength, top);
                let peak = table[0].1;
                for (i, ink) in INKS_PER_MM.into_iter().enumerate() {
                    let got = seen.contrast(0, 0, band, ink);
                    let expected = table[step].1[i];
                    // The table sent 25,000 photons a row: its own error is what scatters ours, scaled.
                    let doubt = got.error.hypot(got.error * (60_000.0f64 / 25_000.0).sqrt()).max(2e-4);
                    let off = (got.value - expected) / doubt;
                    (squares, count) = (squares + off * off, count + 1.0);
                    if expected > 0.02 {
                        worst = worst.max((got.value - expected).abs() / peak[i]);
                    }
                    assert!(
                        off.abs() < 5.0,
                        "{wavelength} nm, top {top}, r {r}, ink {ink}: {got:?}, table {expected}"
                    );
                }
            }
        }
    }
    let rms = f64::sqrt(squares / count);
    println!("{count} contrasts: {rms:.2} standard errors off in the mean, {worst:.3} of the peak at worst");
    assert!(rms < 1.35, "{rms} standard errors");
}
