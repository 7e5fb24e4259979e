//! Fits the measured spectra and prints `sources/optics/skin_population.csv`: `cargo run --release
//! -p stipple-optics --example skin_population -- SPECTRA.csv`.

#![allow(clippy::print_stdout, reason = "a table is printed")]

use stipple_optics::adding_doubling::Streams;
use stipple_optics::skin::model::{BANDS, wavelength_nm};
use stipple_optics::skin::{Build, Observation, Population, SkinSolver, Spectrum, read_skin};

fn main() {
    let path = std::env::args().nth(1).expect("the file with the spectra is given");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect()).collect();
    let at = |person: usize, nm: f64| {
        let above = rows.iter().position(|row| row[0] > nm).expect("the data reach farther");
        let t = (nm - rows[above - 1][0]) / (rows[above][0] - rows[above - 1][0]);
        rows[above - 1][person] * (1.0 - t) + rows[above][person] * t
    };
    let solver = SkinSolver::new(Build::FOREARM, Streams::Eight).expect("the index is valid");
    let known = (1..rows[0].len()).map(|person| {
        let measured: Spectrum = std::array::from_fn(|band| at(person, wavelength_nm(band)));
        let observation = Observation::of_spectrum(&measured, 0.003);
        let found = read_skin(&solver, &observation, &Population::wide()).expect("it is a spectrum");
        (found.skin.coordinates(), std::array::from_fn(|b| measured[b] - found.spectrum[b]))
    });
    let people = Population::of_people(&known.collect::<Vec<_>>());
    let line = |name: &str, values: &[f64]| {
        let cells: Vec<String> = values.iter().map(|v| format!("{v:.5}")).collect();
        println!("{name},{}", cells.join(","));
    };
    println!(
        "# unit: coordinates of skin::inversion (logarithms and logits, no unit); reflectance (no unit)"
    );
    println!("# source: StippleSkinPopulation (own fits to 100 forearms, spectra NistSkin)");
    println!("# license: facts");
    println!("# read: own computation: cargo run --release -p stipple-optics --example skin_population");
    line("mean", &people.mean);
    people.covariance.iter().for_each(|row| line("covariance", row));
    line("correction", &people.correction);
    line("correction_standard_deviation", &people.correction_standard_deviation);
    assert_eq!(people.correction.len(), BANDS);
}
