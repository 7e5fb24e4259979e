//! The report that a practitioner hands over.

mod doubts;
mod measures;
mod opening;
mod outlook;
mod work;

use stipple_model::{Assessment, Caveat, Date, Plan, Reading, Verdict};

use super::flow::{Block, COLUMN, Flow};
use super::number::day;
use super::page::{Picture, pdf};
use super::typeface::Style;

pub(super) use doubts::doubt;

/// All that a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The whole upright photograph, shrunk to what paper can show (1600 px wide is plenty).
    pub photo: &'a Picture,
    /// The surroundings of the scar, before and simulated; none leaves the pair out.
    pub crops: Option<Crops<'a>>,
    /// What was read; its outlines are drawn over the photograph.
    pub reading: &'a Reading,
    /// The verdict.
    pub assessment: &'a Assessment,
    /// The dots.
    pub plan: &'a Plan,
    /// The doubts of all steps.
    pub caveats: &'a [Caveat],
    /// The day to print on it; none prints no day.
    pub made_on: Option<Date>,
    /// Name and version of the program.
    pub software: &'a str,
    /// The seed of the plan.
    pub seed: u64,
    /// The first characters of the photograph's SHA-256.
    pub photo_sha256_short: &'a str,
}

/// The same part of the photograph twice, both the same size.
#[derive(Clone, Copy, Debug)]
pub struct Crops<'a> {
    /// As photographed.
    pub before: &'a Picture,
    /// Simulated, healed; its mark burned in.
    pub healed: &'a Picture,
    /// Simulated after three years: on a faint, the likely and a strong course; their marks burned in.
    pub later: [&'a Picture; 3],
}

/// The title in the file's metadata.
const TITLE: &str = "Scalp micropigmentation over a scar: consultation report";
/// What every page says at its foot.
const FOOT: &str = "Cosmetic planning, not a diagnosis. A simulation is not a promise.";
/// Room between sections, mm.
const SECTION_MM: f64 = 7.0;

/// The consultation report: what was seen, the verdict, what to expect, the plan, what is uncertain.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn report_pdf(input: &ReportInput<'_>) -> Vec<u8> {
    let mut flow = Flow::new();
    opening::write(&mut flow, input);
    measures::write(&mut flow, input.reading);
    flow.space(SECTION_MM);
    outlook::write(&mut flow, input);
    work::write(&mut flow, input);
    flow.space(SECTION_MM);
    doubts::write(&mut flow, input);
    let head = match input.made_on {
        Some(date) => format!("Stipple · consultation report · {}", day(date)),
        None => "Stipple · consultation report".to_owned(),
    };
    pdf(TITLE, input.made_on, &flow.finish(&head, FOOT))
}

/// Whether the plan may be carried out; if not, it is shown for information only.
fn may_be_done(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Suitable | Verdict::SuitableWithCare)
}

/// The title of a section, with a little room below.
fn heading(text: &str) -> Block {
    Block::stack([Block::text(text, Style::HEADING, COLUMN.width_mm), Block::space(1.2)])
}

/// A paragraph over the whole column, with a little room below.
fn paragraph(text: &str) -> Block {
    Block::stack([Block::text(text, Style::BODY, COLUMN.width_mm), Block::space(1.6)])
}

/// A paragraph with something in the margin to its left: a number, a label.
fn item(label: Block, label_mm: f64, text: Vec<Block>) -> Block {
    let row = Block::beside([(0.0, label), (label_mm, Block::stack(text))]);
    Block::stack([row, Block::space(1.6)])
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    fn report(scars: usize, verdict: Verdict, caveats: &[Caveat]) -> Vec<u8> {
        let (photo, crop) = (example::picture([0, 0, 80, 60], false), example::picture([0, 0, 40, 30], true));
        report_pdf(&ReportInput {
            photo: &photo,
            crops: Some(Crops { before: &crop, healed: &crop, later: [&crop; 3] }),
            reading: &example::reading(scars),
            assessment: &example::assessment(verdict),
            plan: &example::plan(),
            caveats,
            made_on: Some(Date::constant(2026, 11, 22)),
            software: "stipple 0.1.0",
            seed: 1,
            photo_sha256_short: "0123456789ab",
        })
    }

    #[test]
    fn any_number_of_scars_makes_a_report_twice_the_same() {
        for scars in [0, 1, 12] {
            let once = report(scars, Verdict::Suitable, &example::caveats());
            assert_eq!(once, report(scars, Verdict::Suitable, &example::caveats()));
        }
    }

    #[test]
    fn long_strange_and_missing_words_make_a_report() {
        let mut caveats = example::caveats();
        caveats[0].message = format!("{} 墨 \u{202e}\u{0} {}", "word ".repeat(3000), "x".repeat(3000));
        caveats[1].remedy.clear();
        assert!(report(1, Verdict::NotSmp, &caveats).starts_with(b"%PDF"));
        assert!(report(1, Verdict::NotYet, &[]).starts_with(b"%PDF"));
    }
}
