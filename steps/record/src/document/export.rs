//! Everything about a client as a page to read: what a browser shows of a ZIP, without scripts.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stipple_model::Date;

use super::number::day;

/// All that the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct ExportInput<'a> {
    /// Of the client.
    pub name: &'a str,
    /// Year of birth.
    pub born_in: Option<i64>,
    /// How the client is reached.
    pub contact: &'a str,
    /// What else is remembered.
    pub note: &'a str,
    /// The day it was made.
    pub made_on: Date,
    /// What the client answered, case by case: question and answer.
    pub answers: &'a [(String, Vec<[String; 2]>)],
    /// Every visit of every case, oldest first.
    pub visits: &'a [ExportVisit],
    /// Names of consents and passports in the ZIP.
    pub papers: &'a [String],
    /// What was done with the record: when, by whom, what; the last first.
    pub trail: &'a [[String; 3]],
}

/// A day on which the client was there.
#[derive(Clone, Debug)]
pub struct ExportVisit {
    /// The case's title.
    pub case: String,
    /// `consultation`, `session` or `follow_up`.
    pub kind: String,
    /// YYYY-MM-DD.
    pub day: String,
    /// What was written down.
    pub note: String,
    /// Names in the ZIP of photographs and of what was made of them.
    pub files: Vec<String>,
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1d2125}\
    h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem 0;\
    border-bottom:1px solid #ddd;vertical-align:top}li{overflow-wrap:anywhere}\
    .typed{white-space:pre-line;overflow-wrap:anywhere}";

/// The page, HTML.
pub fn export_html(input: &ExportInput<'_>) -> String {
    let title = format!("Record of {}", input.name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p { "Everything that the clinic keeps of you, as of " (day(input.made_on)) ". \
                    The files ending in .json hold the same for programs: " (link("client.json")) ", "
                    (link("books.json")) ", " (link("trail.json")) "." }
                (person(input))
                (answers(input.answers))
                h2 { "Consents and passport" }
                (files(input.papers))
                h2 { "Visits" }
                @for visit in input.visits { (shown(visit)) }
                @if input.visits.is_empty() { p { "None." } }
                (trail(input.trail))
            }
        }
    };
    page.into_string()
}

fn person(input: &ExportInput<'_>) -> Markup {
    html! {
        table {
            tr { th scope="row" { "Name" } td { (input.name) } }
            @if let Some(year) = input.born_in { tr { th scope="row" { "Born in" } td { (year) } } }
            @if !input.contact.is_empty() { tr { th scope="row" { "Contact" } td { (input.contact) } } }
            @if !input.note.is_empty() { tr { th scope="row" { "Note" } td { (input.note) } } }
        }
    }
}

fn answers(cases: &[(String, Vec<[String; 2]>)]) -> Markup {
    html! {
        h2 { "What you answered" }
        @if cases.is_empty() { p { "Nothing." } }
        @for (case, told) in cases {
            h3 { (case) }
            table { @for [question, answer] in told { tr { th scope="row" { (question) } td.typed { (answer) } } } }
        }
    }
}

fn shown(visit: &ExportVisit) -> Markup {
    html! {
        h3 { (visit.day) ": " (visit.kind.replace('_', " ")) " (" (visit.case) ")" }
        @if !visit.note.is_empty() { p { (visit.note) } }
        (files(&visit.files))
    }
}

fn files(names: &[String]) -> Markup {
    html! {
        @if names.is_empty() { p { "None." } } @else { ul { @for name in names { li { (link(name)) } } } }
    }
}

fn link(name: &str) -> Markup {
    html! { a href=(name) { (name) } }
}

fn trail(lines: &[[String; 3]]) -> Markup {
    html! {
        h2 { "What was done with this record" }
        table {
            tr { th scope="col" { "When" } th scope="col" { "By" } th scope="col" { "What" } }
            @for [at, by, what] in lines { tr { td { (at) } td { (by) } td { (what) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text() {
        let page = export_html(&ExportInput {
            name: "<script>alert(1)</script>",
            born_in: Some(1980),
            contact: "\"quoted\" & more",
            note: "",
            made_on: "2026-11-29".parse().expect("a day"),
            answers: &[("Strip".to_owned(), vec![["hopes".to_owned(), "<b>short\nhair</b>".to_owned()]])],
            visits: &[],
            papers: &["papers/consent-x.pdf".to_owned()],
            trail: &[],
        });
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
        assert!(page.contains("&lt;b&gt;short\nhair&lt;/b&gt;"), "{page}");
        assert!(page.contains("href=\"papers/consent-x.pdf\""), "{page}");
    }
}
