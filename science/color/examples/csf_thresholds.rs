//! Contrast sensitivity against measured thresholds: `cargo run --release -p stipple-color --example csf_thresholds --
//! ../shared/data/csf`.
//!
//! In: `thresholds.csv` (one row a threshold: frequency, area, luminance, cone contrasts of ground and direction).
//! Compared is what the model is for: what stands still, at the fovea, as gratings. Told for each data set: RMS error in
//! dB, 20 · log10(predicted / measured sensitivity), as it is and with one gain a data set taken out, as the model's
//! authors report it (observers and criteria differ from one laboratory to the next). Nothing is fitted.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::collections::{BTreeMap, HashMap};

use stipple_color::{ConeOpponent, Mechanism, contrast_sensitivity};

/// Luminance from which cones alone see, cd/m².
const PHOTOPIC: f64 = 5.0;

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of thresholds.csv is needed");
    let text = std::fs::read_to_string(format!("{folder}/thresholds.csv")).expect("thresholds.csv is needed");
    let rows = thresholds(&text);
    let mut groups: BTreeMap<(Group, String), Vec<f64>> = BTreeMap::new();
    let mut left_out: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for row in &rows {
        match row.why_not() {
            Some(why) => *left_out.entry((why, row.set.clone())).or_default() += 1,
            None => groups.entry((row.group(), row.set.clone())).or_default().push(row.error_db()),
        }
    }
    print_table(&groups);
    println!("\nLeft out:");
    for ((why, set), n) in &left_out {
        println!("- {n} of {set}: {why}");
    }
}

/// What kind of threshold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    AchromaticPhotopic,
    AchromaticDim,
    ChromaticPhotopic,
    ChromaticDim,
}

impl Group {
    fn name(self) -> &'static str {
        match self {
            Self::AchromaticPhotopic => "achromatic, photopic",
            Self::AchromaticDim => "achromatic, below 5 cd/m²",
            Self::ChromaticPhotopic => "chromatic, photopic",
            Self::ChromaticDim => "chromatic, below 5 cd/m²",
        }
    }
}

/// One measured threshold.
struct Threshold {
    set: String,
    stimulus: String,
    frequency: f64,
    hertz: f64,
    eccentricity_deg: f64,
    area_deg2: f64,
    ground: [f64; 3],
    added: [f64; 3],
    sensitivity: f64,
}

fn thresholds(text: &str) -> Vec<Threshold> {
    let mut lines = text.lines();
    let names: HashMap<&str, usize> =
        lines.next().unwrap_or("").split(',').enumerate().map(|(k, n)| (n, k)).collect();
    let of = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let text = |name: &str| cells[names[name]].to_owned();
        let number = |name: &str| text(name).parse::<f64>().unwrap_or(f64::NAN);
        Threshold {
            set: text("dataset"),
            stimulus: text("stimulus"),
            frequency: number("s_frequency"),
            hertz: number("t_frequency"),
            eccentricity_deg: number("eccentricity"),
            area_deg2: number("area"),
            ground: ["L", "M", "S"].map(number),
            added: ["L_delta", "M_delta", "S_delta"].map(number),
            sensitivity: number("sensitivity"),
        }
    };
    lines.filter(|line| !line.is_empty()).map(of).collect()
}

impl Threshold {
    /// Why the model is not for it.
    fn why_not(&self) -> Option<&'static str> {
        match self {
            row if row.hertz > 0.0 => Some("flickers or moves; a scar does not"),
            row if row.eccentricity_deg > 0.0 => Some("seen from the corner of the eye"),
            row if row.stimulus == "disk" => Some("no grating: has no one frequency"),
            _ => None,
        }
    }

    /// L + M, cd/m².
    fn luminance(&self) -> f64 {
        self.ground[0] + self.ground[1]
    }

    /// Achromatic is what changes L and M alike, to 15 %.
    fn group(&self) -> Group {
        let [l, m] = [0, 1].map(|i| self.added[i] / self.ground[i]);
        let achromatic = l * m > 0.0 && l.abs().min(m.abs()) > 0.85 * l.abs().max(m.abs());
        match (achromatic, self.luminance() >= PHOTOPIC) {
            (true, true) => Group::AchromaticPhotopic,
            (true, false) => Group::AchromaticDim,
            (false, true) => Group::ChromaticPhotopic,
            (false, false) => Group::ChromaticDim,
        }
    }

    /// Predicted over measured sensitivity, dB.
    fn error_db(&self) -> f64 {
        let ground = ConeOpponent::from_cones(self.ground);
        let sum = std::array::from_fn(|i| self.ground[i] + self.added[i]);
        let contrast = ConeOpponent::from_cones(sum).contrast_to(ground);
        let seen = Mechanism::ALL.iter().zip(contrast).map(|(mechanism, contrast)| {
            contrast * contrast_sensitivity(*mechanism, self.frequency, self.area_deg2, self.luminance())
        });
        // In units of the threshold; the pattern that is at threshold has the same direction.
        let detectability = seen.map(|s| s * s).sum::<f64>().sqrt();
        let cone = (0..3).map(|i| (self.added[i] / self.ground[i]).powi(2)).sum::<f64>();
        20.0 * (detectability / (cone / 3.0).sqrt() / self.sensitivity).log10()
    }
}

fn print_table(groups: &BTreeMap<(Group, String), Vec<f64>>) {
    println!("| thresholds | data set | n | RMS error, dB | as a whole off by | RMS with that taken out |");
    println!("|---|---|---|---|---|---|");
    let mut kinds: BTreeMap<Group, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for ((group, set), errors) in groups {
        let mean = errors.iter().sum::<f64>() / errors.len() as f64;
        let rest: Vec<f64> = errors.iter().map(|e| e - mean).collect();
        print_row(group.name(), set, errors, Some(mean), &rest);
        let kind = kinds.entry(*group).or_default();
        kind.0.extend(errors);
        kind.1.extend(rest);
    }
    for (group, (errors, rest)) in &kinds {
        print_row(group.name(), "**all**", errors, None, rest);
    }
}

fn print_row(group: &str, set: &str, errors: &[f64], mean: Option<f64>, rest: &[f64]) {
    let mean = mean.map_or("–".to_owned(), |mean| format!("{mean:+.2}"));
    println!("| {group} | {set} | {} | {:.2} | {mean} | {:.2} |", errors.len(), rms(errors), rms(rest));
}

fn rms(errors: &[f64]) -> f64 {
    (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt()
}
