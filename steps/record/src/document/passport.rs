//! What a client takes along: what is in the skin, for whoever works on it next.

use stipple_model::Date;

use super::flow::{Block, COLUMN, Column, Flow, Table, inside_box_mm};
use super::number::day;
use super::page::{Align, pdf};
use super::typeface::Style;

const TITLE: &str = "What is in the skin";
const FOOT: &str = "Written from the clinic's record of sessions. Not a diagnosis.";

/// All that stands on the page.
#[derive(Clone, Copy, Debug)]
pub struct PassportInput<'a> {
    /// Whose it is.
    pub name: &'a str,
    /// Who wrote it.
    pub clinic: &'a str,
    /// The day it was written.
    pub made_on: Date,
    /// Sessions, oldest first.
    pub sessions: &'a [PassportSession<'a>],
    /// Dots of all sessions.
    pub dots: u32,
    /// Dots per cm² where they are densest.
    pub per_cm2: f64,
}

/// A session as a later practitioner, surgeon or laser operator needs it.
#[derive(Clone, Debug)]
pub struct PassportSession<'a> {
    /// YYYY-MM-DD.
    pub day: &'a str,
    /// Who did it.
    pub practitioner: &'a str,
    /// Whether it was a few test dots alone.
    pub is_test: bool,
    /// What was used.
    pub pigments: Vec<PassportPigment>,
    /// With what; may be empty.
    pub needle: &'a str,
    /// Shallowest and deepest, mm.
    pub depth_mm: [f64; 2],
    /// Name, dots and area (mm²) of every zone.
    pub zones: Vec<(String, u32, f64)>,
    /// What went wrong; may be empty.
    pub adverse: &'a str,
}

/// A pigment of a session.
#[derive(Clone, Debug)]
pub struct PassportPigment {
    /// Its name.
    pub product: String,
    /// Its lot.
    pub lot: String,
    /// Parts of water to one of pigment, where they are known.
    pub water_parts: Option<f64>,
}

/// The sessions as tables, with what a laser operator has to know, PDF.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn passport_pdf(input: &PassportInput<'_>) -> Vec<u8> {
    let mut flow = Flow::new();
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    flow.place(text(TITLE, Style::TITLE));
    flow.place(text(
        &format!("{} · written by {} on {}", input.name, input.clinic, day(input.made_on)),
        Style::BODY,
    ));
    flow.space(4.0);
    let sum = format!(
        "{} dots of pigment in {} sessions, at most {:.0} per cm² where they are densest.",
        input.dots,
        input.sessions.len(),
        input.per_cm2
    );
    let inside = inside_box_mm(COLUMN.width_mm);
    flow.place(Block::text(&sum, Style::STRONG, inside).boxed(COLUMN.width_mm));
    flow.space(4.0);
    for session in input.sessions {
        flow.place_after(text(&heading(session), Style::HEADING), body(session));
        flow.space(3.0);
    }
    let laser = "For a laser operator: iron oxides and white pigment can turn darker under a pulse; try one dot first. For a \
                 surgeon: pigment stays in the skin around grafts. For an MRI: tell that there is pigment; a tingle is possible.";
    flow.place(text(laser, Style::SMALL));
    pdf(TITLE, Some(input.made_on), &flow.finish(TITLE, FOOT))
}

fn heading(session: &PassportSession<'_>) -> String {
    let day = session.day.parse::<Date>().map_or_else(|_| session.day.to_owned(), day);
    if session.is_test { format!("{day}: test dots") } else { day }
}

fn body(session: &PassportSession<'_>) -> Vec<Block> {
    let text = |text: &str| Block::text(text, Style::BODY, COLUMN.width_mm);
    let [shallow, deep] = session.depth_mm;
    let mut how = format!("By {}; needle {shallow:.2} to {deep:.2} mm deep", session.practitioner);
    if !session.needle.is_empty() {
        how = format!("{how}, {}", session.needle);
    }
    let mut blocks = vec![
        text(&format!("{how}.")),
        Block::space(1.0),
        pigments(session),
        Block::space(2.0),
        zones(session),
    ];
    if !session.adverse.trim().is_empty() {
        blocks.push(text(&format!("Adverse event: {}", session.adverse)));
    }
    blocks
}

fn pigments(session: &PassportSession<'_>) -> Block {
    let columns = vec![
        Column { title: "Pigment", width_mm: COLUMN.width_mm * 0.45, align: Align::Left },
        Column { title: "Lot", width_mm: COLUMN.width_mm * 0.3, align: Align::Left },
        Column { title: "Water to one part", width_mm: COLUMN.width_mm * 0.25, align: Align::Right },
    ];
    let water = |parts: Option<f64>| {
        parts.map_or_else(|| "not written down".to_owned(), |parts| format!("{parts:.1}"))
    };
    let row = |pigment: &PassportPigment| {
        vec![pigment.product.clone(), pigment.lot.clone(), water(pigment.water_parts)]
    };
    Table { columns, style: Style::BODY, rows: session.pigments.iter().map(row).collect() }.block()
}

fn zones(session: &PassportSession<'_>) -> Block {
    let columns = vec![
        Column { title: "Zone", width_mm: COLUMN.width_mm * 0.4, align: Align::Left },
        Column { title: "Dots", width_mm: COLUMN.width_mm * 0.2, align: Align::Right },
        Column { title: "Area, cm²", width_mm: COLUMN.width_mm * 0.2, align: Align::Right },
        Column { title: "Dots per cm²", width_mm: COLUMN.width_mm * 0.2, align: Align::Right },
    ];
    let row = |(name, dots, area_mm2): &(String, u32, f64)| {
        let area_cm2 = area_mm2 / 100.0;
        vec![
            name.clone(),
            dots.to_string(),
            format!("{area_cm2:.1}"),
            format!("{:.0}", f64::from(*dots) / area_cm2),
        ]
    };
    Table { columns, style: Style::BODY, rows: session.zones.iter().map(row).collect() }.block()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sessions_are_the_same_page() {
        let session = |is_test| PassportSession {
            day: "2026-11-29",
            practitioner: "B. Practitioner",
            is_test,
            pigments: vec![PassportPigment {
                product: "Carbon".into(),
                lot: "L7".into(),
                water_parts: Some(4.0),
            }],
            needle: "0.25 mm",
            depth_mm: [0.3, 0.6],
            zones: vec![("strip".into(), 120, 240.0)],
            adverse: "",
        };
        let sessions = [session(true), session(false)];
        let input = PassportInput {
            name: "A. Client",
            clinic: "Clinic",
            made_on: Date::constant(2026, 11, 29),
            sessions: &sessions,
            dots: 240,
            per_cm2: 100.0,
        };
        let once = passport_pdf(&input);
        assert!(once.starts_with(b"%PDF") && once == passport_pdf(&input));
    }
}
