//! Days of care as a page to hang up.

use stipple_model::{CareCalendar, CareEntry, Date, Language};

use super::flow::{Block, COLUMN, Flow};
use super::number::day_in;
use super::page::{for_whom_in, pdf_in};
use super::typeface::{Ink, Style};

/// Room for the days, mm.
const DAYS_MM: f64 = 44.0;
/// Room of the line for whom it is, mm.
const FOR_MM: f64 = 60.0;

/// What the page itself says, in its language; words in braces are filled in.
struct Words {
    title: &'static str,
    foot: &'static str,
    /// Before the line for a name.
    whom: &'static str,
    /// Between a page's number and how many there are.
    of: &'static str,
    session: &'static str,
    /// Days counted from the session.
    days: &'static str,
    span: &'static str,
    sources: &'static str,
    evidence: &'static str,
    elsewhere: &'static str,
}

const ENGLISH: Words = Words {
    title: "After the session",
    foot: "Aftercare, not a diagnosis. When in doubt, ask your practitioner.",
    whom: "for",
    of: "of",
    session: "Session on {day}, which is day 0.",
    days: "day {first} to {last}",
    span: "{first} to {last}",
    sources: "Where this comes from",
    evidence: "evidence",
    elsewhere: "Some of this is there in another language only.",
};

const GERMAN: Words = Words {
    title: "Nach der Sitzung",
    foot: "Pflege nach der Sitzung, keine Diagnose. Im Zweifel fragen Sie, wer Sie behandelt hat.",
    whom: "für",
    of: "von",
    session: "Sitzung am {day}. Das ist Tag 0.",
    days: "Tag {first} bis {last}",
    span: "{first} bis {last}",
    sources: "Woher das kommt (die Quellen sind meist auf Englisch)",
    evidence: "Beleg",
    elsewhere: "Einiges hiervon gibt es nur in einer anderen Sprache.",
};

/// What to do when, in order, with the warning signs in a box and every source at the end, PDF. What the page itself says is
/// in English or German, whichever is nearer; words that are there in another language only are said to be.
///
/// # Determinism
/// The same calendar gives the same bytes.
pub fn aftercare_pdf(calendar: &CareCalendar) -> Vec<u8> {
    let language = Language::nearest(&calendar.language);
    let words = match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
    };
    let mut flow = Flow::new();
    let text = |text: &str, style| Block::text(text, style, COLUMN.width_mm);
    let mut title = text(words.title, Style::TITLE);
    title.canvas.put([COLUMN.width_mm - FOR_MM, title.height_mm - 1.0], for_whom_in(words.whom, FOR_MM));
    flow.place(title);
    flow.place(text(&words.session.replace("{day}", &day_in(language, calendar.session)), Style::BODY));
    if calendar.elsewhere > 0 {
        flow.place(text(words.elsewhere, Style::SMALL));
    }
    flow.space(4.0);
    let inside = super::flow::inside_box_mm(COLUMN.width_mm);
    let warning = Block::text(&calendar.warning.text, Style::STRONG, inside).boxed(COLUMN.width_mm);
    flow.place(warning);
    flow.space(6.0);
    for entry in &calendar.entries {
        flow.place(what_to_do(entry, language, &words));
    }
    flow.space(4.0);
    let source = |entry: &CareEntry| {
        let advice = &entry.advice;
        format!("{}: {} ({} {}).", entry.title, advice.source, words.evidence, advice.grade)
    };
    let sources = calendar.entries.iter().map(|entry| text(&source(entry), Style::SMALL)).collect();
    flow.place_after(text(words.sources, Style::HEADING), sources);
    let sheets = flow.finish_in(words.of, words.title, words.foot);
    pdf_in(language, words.title, Some(calendar.session), &sheets)
}

/// Days at the left, words at the right.
fn what_to_do(entry: &CareEntry, language: Language, words: &Words) -> Block {
    let width_mm = COLUMN.width_mm - DAYS_MM;
    let [first, last] = entry.days.map(|day| day.to_string());
    let days = Block::stack([
        Block::text(&span(entry.from, entry.to, language, words), Style::STRONG, DAYS_MM - 3.0),
        Block::text(&filled(words.days, &first, &last), Style::SMALL, DAYS_MM - 3.0),
    ]);
    let said = Block::stack([
        Block::text(&entry.title, Style::STRONG.in_ink(Ink::ACCENT), width_mm),
        Block::text(&entry.advice.text, Style::BODY, width_mm),
    ]);
    Block::stack([Block::beside([(0.0, days), (DAYS_MM, said)]), Block::space(3.5)])
}

fn span(from: Date, to: Date, language: Language, words: &Words) -> String {
    if from == to {
        return day_in(language, from);
    }
    let whole = day_in(language, from);
    let without_year = whole.rsplit_once('\u{a0}').map_or(whole.as_str(), |(day, _)| day);
    filled(words.span, without_year, &day_in(language, to))
}

fn filled(words: &str, first: &str, last: &str) -> String {
    words.replace("{first}", first).replace("{last}", last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_people_of_the_language_do() {
        let (from, to) = (Date::constant(2026, 11, 30), Date::constant(2026, 12, 4));
        let said = |language, words| span(from, to, language, words).replace('\u{a0}', " ");
        assert_eq!(said(Language::English, &ENGLISH), "30 November to 4 December 2026");
        assert_eq!(said(Language::German, &GERMAN), "30. November bis 4. Dezember 2026");
    }
}
