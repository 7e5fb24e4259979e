//! Days of care as a page to hang up.

use stipple_model::{CareCalendar, CareEntry, Date};

use super::flow::{Block, COLUMN, Flow};
use super::number::day;
use super::page::{for_whom, pdf};
use super::typeface::{Ink, Style};

const TITLE: &str = "After the session";
const FOOT: &str = "Aftercare, not a diagnosis. When in doubt, ask your practitioner.";
/// Room for the days, mm.
const DAYS_MM: f64 = 44.0;
/// Room of the line for whom it is, mm.
const FOR_MM: f64 = 60.0;

/// What to do when, in order, with the warning signs in a box and every source at the end, PDF.
///
/// # Determinism
/// The same calendar gives the same bytes.
pub fn aftercare_pdf(calendar: &CareCalendar) -> Vec<u8> {
    let mut flow = Flow::new();
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    let mut title = text(TITLE, Style::TITLE);
    title.canvas.put([COLUMN.width_mm - FOR_MM, title.height_mm - 1.0], for_whom(FOR_MM));
    flow.place(title);
    let session = format!("Session on {}, which is day 0.", day(calendar.session));
    flow.place(text(&session, Style::BODY));
    flow.space(4.0);
    let inside = super::flow::inside_box_mm(COLUMN.width_mm);
    let warning = Block::text(&calendar.warning.text, Style::STRONG, inside).boxed(COLUMN.width_mm);
    flow.place(warning);
    flow.space(6.0);
    for entry in &calendar.entries {
        flow.place(what_to_do(entry));
    }
    flow.space(4.0);
    let sources = calendar.entries.iter().map(|entry| text(&source(entry), Style::SMALL)).collect();
    flow.place_after(text("Where this comes from", Style::HEADING), sources);
    pdf(TITLE, Some(calendar.session), &flow.finish(TITLE, FOOT))
}

/// Days at the left, words at the right.
fn what_to_do(entry: &CareEntry) -> Block {
    let width_mm = COLUMN.width_mm - DAYS_MM;
    let [first, last] = entry.step.days;
    let days = Block::stack([
        Block::text(&span(entry.from, entry.to), Style::STRONG, DAYS_MM - 3.0),
        Block::text(&format!("day {first} to {last}"), Style::SMALL, DAYS_MM - 3.0),
    ]);
    let words = Block::stack([
        Block::text(&entry.step.title, Style::STRONG.in_ink(Ink::ACCENT), width_mm),
        Block::text(&entry.step.advice.text, Style::BODY, width_mm),
    ]);
    Block::stack([Block::beside([(0.0, days), (DAYS_MM, words)]), Block::space(3.5)])
}

fn source(entry: &CareEntry) -> String {
    let advice = &entry.step.advice;
    format!("{}: {} (evidence {}).", entry.step.title, advice.source, advice.grade)
}

fn span(from: Date, to: Date) -> String {
    if from == to {
        return day(from);
    }
    format!("{} to {}", from.strftime("%-d %B"), day(to))
}
