//! What a client takes along: what is in the skin, for whoever works on it next.

use serde::Serialize;
use stipple_model::{Date, Language};

use super::flow::{Block, COLUMN, Column, Flow, Table, inside_box_mm};
use super::number::{day_in, in_language};
use super::page::{Align, Canvas, Frame, Picture, pdf};
use super::typeface::Style;

/// The word and version of the file for programs.
const FORMAT: &str = "stipple/passport/1";

/// All that stands on the page, and in the file.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PassportInput<'a> {
    /// Language of the page.
    #[serde(skip)]
    pub language: Language,
    /// Whose it is.
    pub name: &'a str,
    /// Who wrote it.
    pub clinic: &'a str,
    /// The day it was written.
    #[serde(skip)]
    pub made_on: Date,
    /// Sessions of every case, oldest first.
    pub sessions: &'a [PassportSession],
    /// Dots that somebody else set, as far as they are known.
    pub others: &'a [PassportOthers],
    /// Dots of all sessions.
    pub dots: u32,
    /// Dots per cm² where they are densest.
    pub per_cm2: f64,
    /// What the client wants to show, on the page alone.
    #[serde(skip)]
    pub photographs: &'a [PassportPhotograph],
}

/// A photograph of the skin.
#[derive(Clone, Debug)]
pub struct PassportPhotograph {
    /// What the case is called: where on the head.
    pub place: String,
    /// The day it was taken.
    pub day: Date,
    /// The picture.
    pub picture: Picture,
}

/// A session as a later practitioner, surgeon or laser operator needs it. Texts may be empty where nobody wrote them down.
#[derive(Clone, Debug, Serialize)]
pub struct PassportSession {
    /// What the case is called: where on the head.
    pub place: String,
    /// YYYY-MM-DD.
    pub day: String,
    /// Who did it.
    pub practitioner: String,
    /// Their qualification.
    pub qualification: String,
    /// Whether it was a few test dots alone.
    pub is_test: bool,
    /// What was used.
    pub pigments: Vec<PassportPigment>,
    /// With what.
    pub machine: String,
    /// Needle, with its lot.
    pub needle: String,
    /// Shallowest and deepest, mm.
    pub depth_mm: [f64; 2],
    /// Where, and how much.
    pub zones: Vec<PassportZone>,
    /// What went wrong.
    pub adverse: String,
}

/// A pigment of a session.
#[derive(Clone, Debug, Serialize)]
pub struct PassportPigment {
    /// Its name.
    pub product: String,
    /// Its lot.
    pub lot: String,
    /// Last day on which it could be used, YYYY-MM-DD, where it is known.
    pub expires: Option<String>,
    /// Parts of water to one of pigment, where they are known.
    pub water_parts: Option<f64>,
}

/// A zone of a session.
#[derive(Clone, Debug, Serialize)]
pub struct PassportZone {
    /// Its name.
    pub name: String,
    /// Dots.
    pub dots: u32,
    /// mm²
    pub area_mm2: f64,
    /// How often the needle went over it.
    pub passes: u32,
}

/// Dots that somebody else set in a zone.
#[derive(Clone, Debug, Serialize)]
pub struct PassportOthers {
    /// Its name.
    pub zone: String,
    /// Dots per cm², as far as they are known.
    pub per_cm2: f64,
    /// How that is known.
    pub known_from: String,
    /// Who set them, when and with what; may be empty.
    pub set_by: String,
}

/// The same for programs: `stipple/passport/1`.
pub fn passport_json(input: &PassportInput<'_>) -> String {
    #[derive(Serialize)]
    struct Written<'a> {
        format: &'static str,
        made_on: String,
        #[serde(flatten)]
        body: &'a PassportInput<'a>,
    }
    let written = Written { format: FORMAT, made_on: input.made_on.to_string(), body: input };
    serde_json::to_string_pretty(&written).expect("plain data becomes JSON")
}

/// The sessions as tables, with what a laser operator has to know, PDF.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn passport_pdf(input: &PassportInput<'_>) -> Vec<u8> {
    let words = words(input.language);
    let mut flow = Flow::new();
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    flow.place(text(words.title, Style::TITLE));
    let day = day_in(input.language, input.made_on);
    flow.place(text(&format!("{} · {} {}, {day}", input.name, words.by_clinic, input.clinic), Style::BODY));
    flow.space(4.0);
    let [dots, sessions] = [input.dots.to_string(), input.sessions.len().to_string()];
    let sum = format!(
        "{}: {dots}. {}: {sessions}. {}: {:.0}.",
        words.dots, words.sessions, words.densest, input.per_cm2
    );
    let inside = inside_box_mm(COLUMN.width_mm);
    flow.place(Block::text(&sum, Style::STRONG, inside).boxed(COLUMN.width_mm));
    flow.space(4.0);
    for session in input.sessions {
        let page = Page { words, language: input.language, session };
        flow.place_after(text(&page.heading(), Style::HEADING), page.body());
        flow.space(3.0);
    }
    if !input.others.is_empty() {
        flow.place_after(text(words.others, Style::HEADING), vec![of_others(input.others, words)]);
        flow.space(3.0);
    }
    flow.place(text(words.laser, Style::SMALL));
    for photograph in input.photographs {
        flow.space(4.0);
        let day = day_in(input.language, photograph.day);
        let heading = format!("{} · {day}", photograph.place);
        flow.place_after(text(&heading, Style::HEADING), vec![shown(&photograph.picture)]);
    }
    pdf(words.title, Some(input.made_on), &flow.finish_in(words.of, words.title, words.foot))
}

/// A session on the page.
struct Page<'a> {
    words: &'static Words,
    language: Language,
    session: &'a PassportSession,
}

impl Page<'_> {
    fn day(&self, day: &str) -> String {
        day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| day_in(self.language, day))
    }

    fn number(&self, value: f64, decimals: usize) -> String {
        in_language(self.language, format!("{value:.decimals$}"))
    }

    fn heading(&self) -> String {
        let heading = format!("{} · {}", self.day(&self.session.day), self.session.place);
        if self.session.is_test { format!("{heading} · {}", self.words.test) } else { heading }
    }

    fn body(&self) -> Vec<Block> {
        let (words, session) = (self.words, self.session);
        let text = |text: &str| Block::text(text, Style::BODY, COLUMN.width_mm);
        let [shallow, deep] = session.depth_mm.map(|mm| self.number(mm, 2));
        let told =
            |said: &str, text: &str| (!text.trim().is_empty()).then(|| format!("{said}: {}", text.trim()));
        let practitioner = match session.qualification.trim() {
            "" => session.practitioner.clone(),
            qualification => format!("{} ({qualification})", session.practitioner),
        };
        let how = [
            told(words.by, &practitioner),
            Some(format!("{}: {shallow}–{deep} mm", words.depth)),
            told(words.machine, &session.machine),
            told(words.needle, &session.needle),
        ];
        let how: Vec<String> = how.into_iter().flatten().collect();
        let mut blocks = vec![
            text(&format!("{}.", how.join("; "))),
            Block::space(1.0),
            self.pigments(),
            Block::space(2.0),
            self.zones(),
        ];
        blocks.extend(told(words.adverse, &session.adverse).map(|adverse| text(&adverse)));
        blocks
    }

    fn pigments(&self) -> Block {
        let [pigment, lot, until, water] = self.words.pigments;
        let columns = vec![
            column(pigment, 0.38, Align::Left),
            column(lot, 0.24, Align::Left),
            column(until, 0.2, Align::Left),
            column(water, 0.18, Align::Right),
        ];
        let unknown = || self.words.unknown.to_owned();
        let row = |one: &PassportPigment| {
            let until = one.expires.as_ref().map_or_else(unknown, |day| self.day(day));
            let water = one.water_parts.map_or_else(unknown, |parts| self.number(parts, 1));
            vec![one.product.clone(), one.lot.clone(), until, water]
        };
        Table { columns, style: Style::BODY, rows: self.session.pigments.iter().map(row).collect() }.block()
    }

    fn zones(&self) -> Block {
        let [zone, dots, area, passes, density] = self.words.zones;
        let columns = vec![
            column(zone, 0.36, Align::Left),
            column(dots, 0.14, Align::Right),
            column(area, 0.16, Align::Right),
            column(passes, 0.16, Align::Right),
            column(density, 0.18, Align::Right),
        ];
        let row = |one: &PassportZone| {
            let area_cm2 = one.area_mm2 / 100.0;
            vec![
                one.name.clone(),
                one.dots.to_string(),
                self.number(area_cm2, 1),
                one.passes.to_string(),
                self.number(f64::from(one.dots) / area_cm2, 0),
            ]
        };
        Table { columns, style: Style::BODY, rows: self.session.zones.iter().map(row).collect() }.block()
    }
}

/// What is known of dots that somebody else set.
fn of_others(others: &[PassportOthers], words: &'static Words) -> Block {
    let [zone, density, known, set_by] = words.of_others;
    let columns = vec![
        column(zone, 0.22, Align::Left),
        column(density, 0.16, Align::Right),
        column(known, 0.31, Align::Left),
        column(set_by, 0.31, Align::Left),
    ];
    let row = |one: &PassportOthers| {
        let set_by = if one.set_by.trim().is_empty() { words.unknown } else { one.set_by.trim() };
        vec![one.zone.clone(), format!("{:.0}", one.per_cm2), one.known_from.clone(), set_by.to_owned()]
    };
    Table { columns, style: Style::BODY, rows: others.iter().map(row).collect() }.block()
}

/// A picture as wide as the page, or as high as a third of it.
fn shown(picture: &Picture) -> Block {
    const HEIGHT_MAX_MM: f64 = 90.0;
    let ratio = f64::from(picture.height_px) / f64::from(picture.width_px);
    let height_mm = (COLUMN.width_mm * ratio).min(HEIGHT_MAX_MM);
    let mut canvas = Canvas::new();
    canvas.picture(Frame::new(0.0, 0.0, height_mm / ratio, height_mm), picture);
    Block { height_mm, canvas }
}

/// A column that takes a share of the page's width.
fn column(title: &'static str, share: f64, align: Align) -> Column {
    Column { title, width_mm: COLUMN.width_mm * share, align }
}

struct Words {
    /// Between a page's number and how many there are.
    of: &'static str,
    title: &'static str,
    foot: &'static str,
    by_clinic: &'static str,
    dots: &'static str,
    sessions: &'static str,
    densest: &'static str,
    test: &'static str,
    by: &'static str,
    depth: &'static str,
    machine: &'static str,
    needle: &'static str,
    adverse: &'static str,
    unknown: &'static str,
    pigments: [&'static str; 4],
    zones: [&'static str; 5],
    others: &'static str,
    of_others: [&'static str; 4],
    laser: &'static str,
}

fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

const ENGLISH: Words = Words {
    of: "of",
    title: "What is in the skin",
    foot: "Written from the clinic's record of sessions. Not a diagnosis.",
    by_clinic: "written by",
    dots: "Dots set in this clinic",
    sessions: "Sessions",
    densest: "At most per cm² where they are densest",
    test: "test dots",
    by: "By",
    depth: "depth",
    machine: "machine",
    needle: "with",
    adverse: "What went wrong",
    unknown: "not written down",
    pigments: ["Pigment", "Lot", "Until", "Parts of water"],
    zones: ["Zone", "Dots", "Area, cm²", "Passes", "Dots per cm²"],
    others: "Dots that somebody else set",
    of_others: ["Zone", "Dots per cm²", "Known from", "Set by"],
    laser: "For a laser operator: iron oxides and white pigment can turn darker under a pulse; try one dot first. For a surgeon: \
            pigment stays in the skin around grafts. For an MRI: tell that there is pigment; a tingle is possible.",
};

const GERMAN: Words = Words {
    of: "von",
    title: "Was in der Haut ist",
    foot: "Aus den Aufzeichnungen der Praxis über die Sitzungen. Keine Diagnose.",
    by_clinic: "geschrieben von",
    dots: "In dieser Praxis gesetzte Punkte",
    sessions: "Sitzungen",
    densest: "Höchstens je cm², wo sie am dichtesten liegen",
    test: "Probepunkte",
    by: "Von",
    depth: "Tiefe",
    machine: "Gerät",
    needle: "mit",
    adverse: "Was schiefging",
    unknown: "nicht notiert",
    pigments: ["Pigment", "Charge", "Haltbar bis", "Teile Wasser"],
    zones: ["Bereich", "Punkte", "Fläche, cm²", "Durchgänge", "Punkte je cm²"],
    others: "Punkte, die jemand anders gesetzt hat",
    of_others: ["Bereich", "Punkte je cm²", "Bekannt durch", "Gesetzt von"],
    laser: "Für Laser: Eisenoxide und weißes Pigment können unter dem Puls dunkler werden; erst einen Punkt versuchen. Für \
            Operationen: Pigment bleibt in der Haut um die Grafts. Für ein MRT: sagen Sie, dass Pigment da ist; ein Kribbeln ist \
            möglich.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sessions_are_the_same_page_in_both_languages_and_a_file() {
        let session = |is_test| PassportSession {
            place: "Strip scar, back of the head".into(),
            day: "2026-11-29".into(),
            practitioner: "B. Practitioner".into(),
            qualification: "course of 2024".into(),
            is_test,
            pigments: vec![PassportPigment {
                product: "Carbon".into(),
                lot: "L7".into(),
                expires: None,
                water_parts: Some(4.0),
            }],
            machine: String::new(),
            needle: "0.25 mm".into(),
            depth_mm: [0.3, 0.6],
            zones: vec![PassportZone { name: "strip".into(), dots: 120, area_mm2: 240.0, passes: 1 }],
            adverse: String::new(),
        };
        let sessions = [session(true), session(false)];
        for language in Language::ALL {
            let input = PassportInput {
                language,
                name: "A. Client",
                clinic: "Clinic",
                made_on: Date::constant(2026, 11, 29),
                sessions: &sessions,
                others: &[PassportOthers {
                    zone: "crown".into(),
                    per_cm2: 60.0,
                    known_from: "counted in a photograph".into(),
                    set_by: String::new(),
                }],
                dots: 240,
                per_cm2: 100.0,
                photographs: &[],
            };
            let once = passport_pdf(&input);
            assert!(once.starts_with(b"%PDF") && once == passport_pdf(&input));
            let file: serde_json::Value = serde_json::from_str(&passport_json(&input)).expect("JSON");
            assert_eq!(
                (&file["format"], &file["sessions"][1]["pigments"][0]["lot"]),
                (&FORMAT.into(), &"L7".into())
            );
            assert_eq!(file["others"][0]["per_cm2"], 60.0);
        }
    }
}
