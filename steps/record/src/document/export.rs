//! Everything about a client as a page to read: what a browser shows of a ZIP, without scripts.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stipple_model::{Date, Language};

use super::number::day_in;

/// All that the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct ExportInput<'a> {
    /// Language of the page; what people typed stays as it is.
    pub language: Language,
    /// Of the client.
    pub name: &'a str,
    /// Year of birth.
    pub born_in: Option<i64>,
    /// How the client is reached.
    pub contact: &'a str,
    /// Where letters go.
    pub email: &'a str,
    /// Whether the client said yes to letters by e-mail.
    pub letters: bool,
    /// What else is remembered.
    pub note: &'a str,
    /// The day it was made.
    pub made_on: Date,
    /// Names of the files in the ZIP that programs read.
    pub for_programs: &'a [&'a str],
    /// What was answered, told and done, by heading.
    pub sections: &'a [ExportSection],
    /// Every visit of every case, oldest first.
    pub visits: &'a [ExportVisit],
    /// Names of consents and passports in the ZIP.
    pub papers: &'a [String],
    /// What was done with the record: when, by whom, what; the last first.
    pub trail: &'a [[String; 3]],
}

/// Tables of one kind.
#[derive(Clone, Debug)]
pub struct ExportSection {
    /// Above them.
    pub heading: String,
    /// Each with its own title.
    pub tables: Vec<ExportTable>,
}

/// Lines of one thing: what it is, and how.
#[derive(Clone, Debug)]
pub struct ExportTable {
    /// Above it.
    pub title: String,
    /// What, and how.
    pub rows: Vec<[String; 2]>,
}

/// A day on which the client was there.
#[derive(Clone, Debug)]
pub struct ExportVisit {
    /// The case's title.
    pub case: String,
    /// What for, in the language of the page.
    pub kind: String,
    /// When, as the page writes days.
    pub day: String,
    /// What was written down.
    pub note: String,
    /// Names in the ZIP of photographs and of what was made of them.
    pub files: Vec<String>,
}

/// Words of the page.
struct Words {
    title: &'static str,
    all: [&'static str; 2],
    name: &'static str,
    born_in: &'static str,
    contact: &'static str,
    email: &'static str,
    letters: &'static str,
    /// That they were not agreed to, and that they were.
    agreed: [&'static str; 2],
    note: &'static str,
    papers: &'static str,
    visits: &'static str,
    none: &'static str,
    no_files: &'static str,
    trail: &'static str,
    trail_columns: [&'static str; 3],
}

const ENGLISH: Words = Words {
    title: "Record of",
    all: [
        "Everything that the clinic keeps of you, as of",
        "The files ending in .json hold the same for programs:",
    ],
    name: "Name",
    born_in: "Born in",
    contact: "Contact",
    email: "E-mail",
    letters: "Letters by e-mail",
    agreed: ["not agreed to", "agreed to"],
    note: "Note",
    papers: "Consents and passport",
    visits: "Visits",
    none: "None.",
    no_files: "No files.",
    trail: "What was done with this record",
    trail_columns: ["When", "By", "What"],
};

const GERMAN: Words = Words {
    title: "Akte von",
    all: [
        "Alles, was die Praxis über Sie aufbewahrt. Stand:",
        "In den Dateien, die auf .json enden, steht dasselbe für Programme:",
    ],
    name: "Name",
    born_in: "Geboren",
    contact: "Erreichbar",
    email: "E-Mail",
    letters: "Briefe per E-Mail",
    agreed: ["nicht zugestimmt", "zugestimmt"],
    note: "Notiz",
    papers: "Einwilligungen und Pass",
    visits: "Besuche",
    none: "Keine.",
    no_files: "Keine Dateien.",
    trail: "Was mit dieser Akte geschah",
    trail_columns: ["Wann", "Wer", "Was"],
};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1d2125}\
    h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem 0;\
    border-bottom:1px solid #ddd;vertical-align:top}li{overflow-wrap:anywhere}\
    .typed{white-space:pre-line;overflow-wrap:anywhere}";

/// The page, HTML.
pub fn export_html(input: &ExportInput<'_>) -> String {
    let words = match input.language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    };
    let title = format!("{} {}", words.title, input.name);
    let [all, programs] = words.all;
    let page = html! {
        (DOCTYPE)
        html lang=(input.language.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p { (all) " " (day_in(input.language, input.made_on)) ". " (programs) " "
                    @for (k, name) in input.for_programs.iter().enumerate() { @if k > 0 { ", " } (link(name)) } "." }
                (person(input, words))
                @for section in input.sections { (tables(section)) }
                h2 { (words.papers) }
                (files(input.papers, words))
                h2 { (words.visits) }
                @for visit in input.visits { (shown(visit, words)) }
                @if input.visits.is_empty() { p { (words.none) } }
                (trail(input.trail, words))
            }
        }
    };
    page.into_string()
}

fn person(input: &ExportInput<'_>, words: &Words) -> Markup {
    html! {
        table {
            tr { th scope="row" { (words.name) } td { (input.name) } }
            @if let Some(year) = input.born_in { tr { th scope="row" { (words.born_in) } td { (year) } } }
            @if !input.contact.is_empty() { tr { th scope="row" { (words.contact) } td { (input.contact) } } }
            @if !input.email.is_empty() { tr { th scope="row" { (words.email) } td { (input.email) } } }
            tr { th scope="row" { (words.letters) } td { (words.agreed[usize::from(input.letters)]) } }
            @if !input.note.is_empty() { tr { th scope="row" { (words.note) } td { (input.note) } } }
        }
    }
}

fn tables(section: &ExportSection) -> Markup {
    html! {
        h2 { (section.heading) }
        @for table in &section.tables {
            h3 { (table.title) }
            table { @for [what, how] in &table.rows { tr { th scope="row" { (what) } td.typed { (how) } } } }
        }
    }
}

fn shown(visit: &ExportVisit, words: &Words) -> Markup {
    html! {
        h3 { (visit.day) ": " (visit.kind) " (" (visit.case) ")" }
        @if !visit.note.is_empty() { p.typed { (visit.note) } }
        (files(&visit.files, words))
    }
}

fn files(names: &[String], words: &Words) -> Markup {
    html! {
        @if names.is_empty() { p { (words.no_files) } } @else { ul { @for name in names { li { (link(name)) } } } }
    }
}

fn link(name: &str) -> Markup {
    html! { a href=(name) { (name) } }
}

fn trail(lines: &[[String; 3]], words: &Words) -> Markup {
    html! {
        h2 { (words.trail) }
        table {
            tr { @for column in words.trail_columns { th scope="col" { (column) } } }
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
            language: Language::English,
            name: "<script>alert(1)</script>",
            born_in: Some(1980),
            contact: "\"quoted\" & more",
            email: "a&b@example.org",
            letters: true,
            note: "",
            made_on: "2026-11-29".parse().expect("a day"),
            for_programs: &["client.json", "reviews.json"],
            sections: &[ExportSection {
                heading: "Answers".to_owned(),
                tables: vec![ExportTable {
                    title: "Strip".to_owned(),
                    rows: vec![["hopes".to_owned(), "<b>short\nhair</b>".to_owned()]],
                }],
            }],
            visits: &[],
            papers: &["papers/consent-x.pdf".to_owned()],
            trail: &[],
        });
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
        assert!(page.contains("&lt;b&gt;short\nhair&lt;/b&gt;"), "{page}");
        assert!(page.contains("href=\"papers/consent-x.pdf\""), "{page}");
        assert!(page.contains("a&amp;b@example.org") && page.contains("<td>agreed to</td>"), "{page}");
        assert!(page.contains("client.json</a>, <a href=\"reviews.json\""), "{page}");
    }
}
