//! The skin model against 100 measured skins (not in the repository; skipped where they are absent).
#![allow(clippy::print_stdout, reason = "`--nocapture` shows what was measured")]

use stipple_color::{Illuminant, ItaClass, Lab, ciede2000, ita_deg, xyz_weights};
use stipple_optics::adding_doubling::Streams;
use stipple_optics::skin::inversion::Coordinates;
use stipple_optics::skin::model::{BANDS, FIRST_NM, STEP_NM, wavelength_nm};
use stipple_optics::skin::{Build, Observation, Population, SkinReading, SkinSolver, Spectrum, read_skin};

/// Reflectance 400 to 700 nm of 100 forearms, specular included [@NistSkin]; between its rows, 3 nm apart, linear.
fn measured() -> Option<Vec<Spectrum>> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/spectra/nist_skin_m38597_mean100.csv");
    let text = std::fs::read_to_string(path).ok()?;
    let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect()).collect();
    let at = |person: usize, nm: f64| {
        let above = rows.iter().position(|row| row[0] > nm).expect("the data reach farther");
        let (one, two) = (&rows[above - 1], &rows[above]);
        let t = (nm - one[0]) / (two[0] - one[0]);
        one[person] * (1.0 - t) + two[person] * t
    };
    Some((1..rows[0].len()).map(|p| std::array::from_fn(|band| at(p, wavelength_nm(band)))).collect())
}

fn lab(spectrum: &Spectrum) -> Lab {
    stipple_color::Spectrum { first_nm: FIRST_NM, step_nm: STEP_NM, values: spectrum }.lab(Illuminant::D65)
}

fn rms(one: &Spectrum, two: &Spectrum) -> f64 {
    (one.iter().zip(two).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / BANDS as f64).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// A value that `share` of the values lie below.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

fn solver() -> SkinSolver {
    SkinSolver::new(Build::FOREARM, Streams::Eight).expect("the index is valid")
}

fn fit(solver: &SkinSolver, spectrum: &Spectrum) -> SkinReading {
    read_skin(solver, &Observation::of_spectrum(spectrum, 0.003), &Population::wide())
        .expect("it is a spectrum")
}

/// Coordinates and what the model missed, for people whose spectra are known.
fn known(solver: &SkinSolver, people: &[Spectrum]) -> Vec<(Coordinates, Spectrum)> {
    let of = |spectrum: &Spectrum| {
        let found = fit(solver, spectrum);
        (found.skin.coordinates(), std::array::from_fn(|b| spectrum[b] - found.spectrum[b]))
    };
    people.iter().map(of).collect()
}

#[test]
fn spectra_are_fitted() {
    let Some(people) = measured() else { return println!("skipped: no measured spectra beside the project") };
    let solver = solver();
    let found: Vec<SkinReading> = people.iter().map(|p| fit(&solver, p)).collect();
    let errors: Vec<f64> = found.iter().zip(&people).map(|(f, p)| rms(&f.spectrum, p)).collect();
    let differences: Vec<f64> =
        found.iter().zip(&people).map(|(f, p)| ciede2000(lab(&f.spectrum), lab(p))).collect();
    println!(
        "RMS mean {:.5} p95 {:.5} max {:.5}",
        mean(&errors),
        quantile(&errors, 0.95),
        quantile(&errors, 1.0)
    );
    println!(
        "dE00 mean {:.3} median {:.3} p95 {:.3} max {:.3}",
        mean(&differences),
        quantile(&differences, 0.5),
        quantile(&differences, 0.95),
        quantile(&differences, 1.0)
    );
    let mut worst_class: f64 = 0.0;
    for class in ItaClass::ALL {
        let members = people.iter().zip(errors.iter().zip(&differences));
        let members = members.filter(|(p, _)| ItaClass::of(ita_deg(lab(p))) == class).map(|(_, e)| e);
        let (rms, difference): (Vec<f64>, Vec<f64>) = members.unzip();
        if !rms.is_empty() {
            println!("{}: n {} RMS {:.5} dE00 {:.3}", class.name(), rms.len(), mean(&rms), mean(&difference));
            worst_class = worst_class.max(mean(&rms) / mean(&errors));
        }
    }
    println!("worst class {worst_class:.2} x mean");
    for band in 0..BANDS {
        let off: Vec<f64> = found.iter().zip(&people).map(|(f, p)| f.spectrum[band] - p[band]).collect();
        print!("{:.0}:{:+.4} ", wavelength_nm(band), mean(&off));
    }
    println!();
    plausible(&found);
    assert!(mean(&errors) <= 0.0035);
    assert!(mean(&differences) <= 0.35 && quantile(&differences, 0.95) <= 0.8);
    assert!(worst_class <= 1.3);
}

/// Parameters lie where physiology puts them.
fn plausible(found: &[SkinReading]) {
    type Of = fn(&SkinReading) -> f64;
    let checks: [(&str, Of, f64, f64); 8] = [
        ("melanosome fraction", |f| f.skin.melanosome_fraction, 0.003, 0.3),
        ("pheomelanin share", |f| f.skin.pheomelanin_share, 0.0, 0.8),
        ("blood fraction", |f| f.skin.blood_fraction, 0.0003, 0.1),
        ("papillary blood ratio", |f| f.skin.papillary_blood_ratio, 0.05, 10.0),
        ("oxygen saturation", |f| f.skin.oxygen_saturation, 0.1, 0.99),
        ("vessel radius, mm", |f| f.skin.vessel_radius_mm, 0.0, 0.05),
        ("scattering level", |f| f.skin.scattering_level, 0.4, 2.5),
        ("scattering exponent", |f| f.skin.scattering_exponent, 0.0, 4.0),
    ];
    for (name, of, low, high) in checks {
        let values: Vec<f64> = found.iter().map(of).collect();
        let [p5, p50, p95] = [0.05, 0.5, 0.95].map(|share| quantile(&values, share));
        println!("{name}: {p5:.4} {p50:.4} {p95:.4}");
        assert!(p5 >= low && p95 <= high, "{name} from {p5} to {p95}");
    }
}

/// Every third band is hidden from the fit and predicted; which ones, goes round from person to person.
#[test]
fn hidden_bands_are_predicted() {
    let Some(people) = measured() else { return println!("skipped: no measured spectra beside the project") };
    let solver = solver();
    let (mut hidden, mut seen) = (Vec::new(), Vec::new());
    for phase in 0..3 {
        for person in &people {
            let mut observation = Observation::of_spectrum(person, 0.003);
            for band in (phase..BANDS).step_by(3) {
                observation.standard_uncertainties[band] = 1e6;
            }
            let found =
                read_skin(&solver, &observation, &Population::wide()).expect("it is a spectrum").spectrum;
            for band in 0..BANDS {
                let squared = (found[band] - person[band]).powi(2);
                if band % 3 == phase { hidden.push(squared) } else { seen.push(squared) }
            }
        }
    }
    let (hidden, seen) = (mean(&hidden).sqrt(), mean(&seen).sqrt());
    println!("hidden bands {hidden:.5}, seen bands {seen:.5}");
    assert!(hidden < 1.4 * seen, "eight numbers do not overfit: {hidden} against {seen}");
}

/// Five folds: what people have is learned from four fifths, and colors of the others become spectra.
#[test]
fn colors_become_spectra() {
    let Some(people) = measured() else { return println!("skipped: no measured spectra beside the project") };
    let solver = solver();
    let weights = xyz_weights::<BANDS>(Illuminant::D65, FIRST_NM, STEP_NM).to_vec();
    let all = known(&solver, &people);
    let (mut errors, mut inside, mut melanin, mut blood) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut decided = [0.0; 8];
    for fold in 0..5 {
        let others: Vec<_> = all.iter().enumerate().filter(|(i, _)| i % 5 != fold).map(|(_, k)| *k).collect();
        let population = Population::of_people(&others);
        for (i, person) in people.iter().enumerate().filter(|(i, _)| i % 5 == fold) {
            let seen = |w: &Spectrum| w.iter().zip(person).map(|(w, r)| w * r).sum();
            let observation = Observation {
                values: weights.iter().map(seen).collect(),
                standard_uncertainties: vec![0.0005; 3],
                weights: weights.clone(),
            };
            let found = read_skin(&solver, &observation, &population).expect("it is a color");
            errors.push(rms(&found.spectrum, person));
            let bands = person.iter().zip(found.spectrum.iter().zip(found.spectrum_standard_uncertainty));
            inside.extend(bands.map(|(p, (f, u))| if (p - f).abs() < 2.0 * u { 1.0 } else { 0.0 }));
            let off = |x: usize, value: f64, u: f64| (value.ln() - all[i].0[x]) / (u / value);
            melanin.push(off(
                0,
                found.melanosome_fraction.value,
                found.melanosome_fraction.standard_uncertainty,
            ));
            blood.push(off(2, found.blood_fraction.value, found.blood_fraction.standard_uncertainty));
            (0..8).for_each(|k| decided[k] += found.decided[k] / people.len() as f64);
        }
    }
    println!("held-out RMS mean {:.5} p95 {:.5}", mean(&errors), quantile(&errors, 0.95));
    println!("bands within two standard uncertainties: {:.3}", mean(&inside));
    let spread = |z: &[f64]| mean(&z.iter().map(|z| z * z).collect::<Vec<_>>()).sqrt();
    println!("off in standard uncertainties: melanin {:.2}, blood {:.2}", spread(&melanin), spread(&blood));
    println!("decided by color: {decided:.2?}");
    assert!(mean(&errors) <= 0.0055);
    assert!(mean(&inside) > 0.9);
    assert!(spread(&melanin) < 1.6 && spread(&blood) < 1.6);
}
