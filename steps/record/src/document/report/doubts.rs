//! What is uncertain, where the rules come from, how the report was made.

use stipple_model::{Caveat, Code, Weight};

use super::super::flow::{Block, COLUMN, Flow};
use super::super::number::day;
use super::super::typeface::{Ink, Style};
use super::{ReportInput, SECTION_MM, heading, item, paragraph};

/// Room for the label at the left of a doubt, mm.
const LABEL_MM: f64 = 32.0;

/// What to do about open questions.
const QUESTIONS_REMEDY: &str = "Answer them together before deciding.";

/// Caveats by weight, sources, provenance.
pub(super) fn write(flow: &mut Flow, input: &ReportInput<'_>) {
    caveats(flow, input.caveats);
    flow.space(SECTION_MM - 2.0);
    sources(flow, input);
    flow.space(SECTION_MM - 2.0);
    provenance(flow, input);
}

fn caveats(flow: &mut Flow, caveats: &[Caveat]) {
    let title = heading("What is uncertain, and what to do about it");
    if caveats.is_empty() {
        let text = "Nothing beyond the uncertainties that stand beside the numbers.";
        return flow.place(Block::stack([title, paragraph(text)]));
    }
    let mut sorted: Vec<&Caveat> = caveats.iter().collect();
    sorted.sort_by_key(|caveat| std::cmp::Reverse(caveat.weight));
    flow.place_after(title, sorted.into_iter().map(doubt).collect());
}

/// A doubt with how much it weighs at its left.
pub(in super::super) fn doubt(caveat: &Caveat) -> Block {
    let (label, ink) = match caveat.weight {
        Weight::Blocks => ("Do not rely on it", Ink::ACCENT),
        Weight::Doubt => ("Take with care", Ink::TEXT),
        Weight::Note => ("Good to know", Ink::QUIET),
    };
    let width = COLUMN.width_mm - LABEL_MM;
    let mut text = vec![Block::text(&caveat.message, Style::BODY, width)];
    // The words of the questions are for files; a person gets the number and the place.
    let is_list = caveat.code == Code::AssessUnanswered && caveat.weight == Weight::Note;
    let remedy = if is_list { QUESTIONS_REMEDY } else { &caveat.remedy };
    if !remedy.is_empty() {
        text.push(Block::text(remedy, Style::BODY.in_ink(Ink::QUIET), width));
    }
    item(Block::text(label, Style::STRONG.in_ink(ink), LABEL_MM - 3.0), LABEL_MM, text)
}

/// What few read and somebody may need.
const SMALL_PRINT: Style = Style { size_pt: 8.5, ..Style::SMALL.in_ink(Ink::TEXT) };

fn sources(flow: &mut Flow, input: &ReportInput<'_>) {
    let reasons = &input.assessment.reasons;
    if reasons.is_empty() {
        return;
    }
    let mut items: Vec<Block> = Vec::new();
    for (reason, number) in reasons.iter().zip(1..) {
        let label = Block::text(&number.to_string(), Style::STRONG.sized(8.5).in_ink(Ink::ACCENT), 6.0);
        let text = format!("{} (evidence {}).", reason.source.trim_end_matches('.'), reason.grade);
        items.push(item(label, 6.0, vec![Block::text(&text, SMALL_PRINT, COLUMN.width_mm - 6.0)]));
    }
    let grades = "Evidence runs from A, peer-reviewed studies, to D, general knowledge of the trade. The \
                  numbers are those of the reasons on the first page.";
    items.push(Block::text(grades, Style::SMALL, COLUMN.width_mm));
    flow.place_after(heading("Where the reasons come from"), items);
}

fn provenance(flow: &mut Flow, input: &ReportInput<'_>) {
    let made = input.made_on.map_or(String::new(), |date| format!(" on {}", day(date)));
    let text = format!(
        "Made{made} with {}, protocol “{}”, seed {}, from the photograph whose SHA-256 begins with {}. The \
         same photograph, settings and seed give the same plan. This file holds no name, and the \
         photograph at a reduced size only.",
        input.software, input.plan.protocol, input.seed, input.photo_sha256_short,
    );
    let warning = "This is cosmetic planning and not a diagnosis; a simulation is not a promise. Anything \
                   on the skin that grows, bleeds, hurts or changes color should be shown to a doctor \
                   before any needle.";
    let text = Block::text(&text, SMALL_PRINT, COLUMN.width_mm);
    flow.place(Block::stack([heading("How this was made"), paragraph(warning), text]));
}
