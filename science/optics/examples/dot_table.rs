//! Makes sources/optics/dot_table.bin: `cargo xtask tables`.
//!
//! `cargo run --release -p stipple-optics --example dot_table OUT [PHOTONS_PER_POSITION]`
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::fmt::Write as _;

use stipple_optics::dot_table::grid;
use stipple_optics::transport::tabulate;
use stipple_quantity::Seed;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().unwrap_or_else(|| "sources/optics/dot_table.bin".to_owned());
    let photons: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(800_000);
    let mut numbers = Vec::with_capacity(2 * grid::VALUES);
    let mut noise = Noise::default();
    for (i, scattering) in grid::SCATTERINGS_PER_MM.iter().enumerate() {
        let slab = tabulate(i, photons, Seed(2026));
        noise.note(&slab.contrasts, &slab.errors);
        numbers.extend(slab.contrasts.iter().flat_map(|c| grid::encode(*c).to_le_bytes()));
        println!("reduced scattering {scattering} per mm done");
    }
    let mut file = header(photons, &noise).into_bytes();
    file.extend(numbers);
    std::fs::write(&out, &file)?;
    println!("{out}: {} bytes\n{}", file.len(), noise.lines());
    Ok(())
}

/// Standard errors over the peak, by the height of the peak.
#[derive(Default)]
struct Noise {
    /// For peaks above 0.2, 0.05, 0.01 and below: sum of squares and how many.
    classes: [(f64, f64); 4],
}

impl Noise {
    fn note(&mut self, contrasts: &[f64], errors: &[f64]) {
        for (contrasts, errors) in contrasts.chunks(grid::POSITIONS).zip(errors.chunks(grid::POSITIONS)) {
            let peak = contrasts[0].max(1e-9);
            let class = [0.2, 0.05, 0.01].iter().position(|limit| peak > *limit).unwrap_or(3);
            let square: f64 = errors.iter().map(|e| (e / peak).powi(2)).sum();
            self.classes[class].0 += square;
            self.classes[class].1 += grid::POSITIONS as f64;
        }
    }

    fn lines(&self) -> String {
        let names = ["above 0.2", "0.05 to 0.2", "0.01 to 0.05", "below 0.01"];
        let mut text = String::new();
        for (name, (squares, count)) in names.iter().zip(self.classes) {
            let percent = 100.0 * (squares / count.max(1.0)).sqrt();
            let _ = writeln!(text, "# standard error, peak {name}: {percent:.2} % of the peak in the mean");
        }
        text
    }
}

fn header(photons: u64, noise: &Noise) -> String {
    format!(
        "# Contrast 1 - R/R0 of an upright cylinder of pigment in skin, seen straight from above in even light\n\
         # unit: axes in mm and 1/mm, see science/optics/src/dot_table/grid.rs; 16-bit numbers, low byte first\n\
         # value: ln(-ln(1 - contrast)) = -13 + number * 15.5 / 65535\n\
         # order: scattering, epidermis, dermis, height, top, radius, ink, position (fastest)\n\
         # source: StippleDotTable (adjoint Monte Carlo, stipple-optics transport)\n\
         # license: facts\n\
         # read: full text\n\
         # made: cargo xtask tables; {photons} photons for each of {} scatterings and {} positions\n\
         # skin: 80 um epidermis over dermis, refractive index 1.4, g 0.78 (Henyey-Greenstein)\n{}\n",
        grid::SCATTERINGS_PER_MM.len(),
        grid::POSITIONS,
        noise.lines(),
    )
}
