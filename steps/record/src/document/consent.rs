//! A signed consent as a page for both sides.

use stipple_model::Date;

use super::flow::{Block, COLUMN, Flow, inside_box_mm};
use super::number::day;
use super::page::{Pen, pdf};
use super::typeface::{Ink, Style};

/// Room of the mark before a clause, mm.
const MARK_MM: f64 = 7.0;
/// Width and height of the signature, mm: the pad is four times as wide as high.
const SIGNATURE_MM: [f64; 2] = [100.0, 25.0];

/// All that stands on the page.
#[derive(Clone, Copy, Debug)]
pub struct ConsentInput<'a> {
    /// Language of the text: the page's own words follow it, where they are known (`de`), or are English.
    pub language: &'a str,
    /// What is agreed to, in a few words.
    pub title: &'a str,
    /// What it is about.
    pub intro: &'a str,
    /// What was read, one by one.
    pub clauses: &'a [ClauseLine<'a>],
    /// What was asked and answered; may be empty.
    pub questions: &'a str,
    /// Who signed.
    pub signer: &'a str,
    /// Who was there.
    pub witness: &'a str,
    /// The clinic.
    pub clinic: &'a str,
    /// Day of the signature.
    pub day: Date,
    /// Its moment, RFC 3339, UTC.
    pub signed_at: &'a str,
    /// Version of the text.
    pub version: u32,
    /// The signature's lines: x and y as shares of the pad's width and height, 0 to 1, and the time, s.
    pub strokes: &'a [Vec<[f64; 3]>],
    /// What was shown, with its SHA-256.
    pub shown: &'a [String],
    /// SHA-256 by which it is bound to the clinic's audit, hexadecimal.
    pub digest: &'a str,
    /// When it was taken back, RFC 3339, UTC.
    pub withdrawn_at: Option<&'a str>,
}

/// A clause as it was read.
#[derive(Clone, Copy, Debug)]
pub struct ClauseLine<'a> {
    /// What was read.
    pub text: &'a str,
    /// Whether it was ticked.
    pub agreed: bool,
}

/// What the page says itself.
struct Words {
    /// Between a page's number and how many there are.
    of: &'static str,
    foot: &'static str,
    asked: &'static str,
    not_agreed: &'static str,
    taken_back: fn(&str) -> String,
    signed: fn(&ConsentInput<'_>) -> String,
    bound: fn(&str) -> String,
    shown: fn(&str) -> String,
    day: fn(Date) -> String,
}

const ENGLISH: Words = Words {
    of: "of",
    foot: "Sealed when it was signed. It can be taken back at any time.",
    asked: "Asked and answered",
    not_agreed: "not agreed to",
    taken_back: |at| format!("Taken back: {at}. From then on nothing may rest on it."),
    signed: |input| {
        let ConsentInput { signed_at, signer, witness, version, .. } = input;
        format!("Signed {signed_at} by {signer}; {witness} was there. Text version {version}.")
    },
    bound: |digest| format!("Bound to the clinic's audit by SHA-256 {digest}."),
    shown: |shown| format!("Shown before: {shown}."),
    day,
};

const GERMAN: Words = Words {
    of: "von",
    foot: "Versiegelt, als unterschrieben wurde. Sie können die Einwilligung jederzeit zurücknehmen.",
    asked: "Gefragt und beantwortet",
    not_agreed: "nicht zugestimmt",
    taken_back: |at| format!("Zurückgenommen: {at}. Von da an darf nichts mehr darauf beruhen."),
    signed: |input| {
        let ConsentInput { signed_at, signer, witness, version, .. } = input;
        format!("Unterschrieben {signed_at} von {signer}; dabei war {witness}. Fassung {version} des Textes.")
    },
    bound: |digest| format!("An die Aufzeichnungen der Praxis gebunden durch SHA-256 {digest}."),
    shown: |shown| format!("Vorher gezeigt: {shown}."),
    day: |day| day.strftime("%-d.%-m.%Y").to_string(),
};

/// The text as it was read, what was ticked, the signature, and the hashes, PDF.
///
/// # Determinism
/// The same input gives the same bytes.
pub fn consent_pdf(input: &ConsentInput<'_>) -> Vec<u8> {
    let words = if input.language == "de" { GERMAN } else { ENGLISH };
    let mut flow = Flow::new();
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    flow.place(text(input.title, Style::TITLE));
    flow.place(text(&format!("{} · {}", input.clinic, (words.day)(input.day)), Style::BODY));
    flow.space(4.0);
    if let Some(at) = input.withdrawn_at {
        let inside = Block::text(&(words.taken_back)(at), Style::STRONG, inside_box_mm(COLUMN.width_mm));
        flow.place(inside.boxed(COLUMN.width_mm));
        flow.space(4.0);
    }
    flow.place(text(input.intro, Style::BODY));
    flow.space(3.0);
    input.clauses.iter().for_each(|line| flow.place(clause(line, words.not_agreed)));
    if !input.questions.trim().is_empty() {
        flow.space(2.0);
        flow.place_after(text(words.asked, Style::HEADING), vec![text(input.questions, Style::BODY)]);
    }
    flow.space(5.0);
    flow.place(signature(input, &(words.day)(input.day)));
    flow.space(4.0);
    let small = |words: String| text(&words, Style::SMALL);
    let mut facts = vec![small((words.signed)(input)), small((words.bound)(input.digest))];
    facts.extend(input.shown.iter().map(|shown| small((words.shown)(shown))));
    flow.place(Block::stack(facts));
    pdf(input.title, Some(input.day), &flow.finish_in(words.of, input.title, words.foot))
}

/// A box with or without a tick, and the words.
fn clause(line: &ClauseLine<'_>, not_agreed: &str) -> Block {
    let mut mark = Block::space(4.5);
    let pen = Pen::new(0.25, Ink::QUIET);
    let corners = [[0.3, 0.9], [3.5, 0.9], [3.5, 4.1], [0.3, 4.1]];
    mark.canvas.segments((0..4).map(|k| [corners[k], corners[(k + 1) % 4]]).collect(), pen);
    if line.agreed {
        let tick = vec![[[0.9, 2.5], [1.7, 3.4]], [[1.7, 3.4], [3.1, 1.4]]];
        mark.canvas.segments(tick, Pen::new(0.5, Ink::ACCENT));
    }
    let width_mm = COLUMN.width_mm - MARK_MM;
    let style = if line.agreed { Style::BODY } else { Style::BODY.in_ink(Ink::QUIET) };
    let words = if line.agreed { line.text.to_owned() } else { format!("{} ({not_agreed})", line.text) };
    let row = Block::beside([(0.0, mark), (MARK_MM, Block::text(&words, style, width_mm))]);
    Block::stack([row, Block::space(1.4)])
}

/// The signature over its line, with the name below.
fn signature(input: &ConsentInput<'_>, day: &str) -> Block {
    let [width_mm, height_mm] = SIGNATURE_MM;
    let mut pad = Block::space(height_mm);
    let at = |[x, y, _]: [f64; 3]| [x * width_mm, y * height_mm];
    let lines = input.strokes.iter().flat_map(|stroke| stroke.windows(2));
    let lines = lines.map(|pair| [at(pair[0]), at(pair[1])]).collect();
    pad.canvas.segments(lines, Pen::new(0.45, Ink::TEXT));
    let base = vec![[[0.0, height_mm], [width_mm, height_mm]]];
    pad.canvas.segments(base, Pen::new(0.2, Ink::QUIET));
    let name = format!("{}, {day}", input.signer);
    Block::stack([pad, Block::space(0.8), Block::text(&name, Style::BODY, width_mm)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_consent_is_the_same_page() {
        let clauses = [
            ClauseLine { text: "Dots fade.", agreed: true },
            ClauseLine { text: "Pictures.", agreed: false },
        ];
        let strokes = [vec![[0.1, 0.5, 0.0], [0.6, 0.4, 0.4], [0.8, 0.7, 0.6]]];
        let input = ConsentInput {
            language: "de",
            title: "Consent",
            intro: "Read this.",
            clauses: &clauses,
            questions: "How long? Years.",
            signer: "A. Client",
            witness: "B. Practitioner",
            clinic: "Clinic",
            day: Date::constant(2026, 11, 29),
            signed_at: "2026-11-29T01:00:00Z",
            version: 1,
            strokes: &strokes,
            shown: &["Plan 0123".to_owned()],
            digest: "abcd",
            withdrawn_at: None,
        };
        let once = consent_pdf(&input);
        assert!(once.starts_with(b"%PDF") && once == consent_pdf(&input));
        assert_ne!(once, consent_pdf(&ConsentInput { withdrawn_at: Some("2026-11-30T01:00:00Z"), ..input }));
    }
}
