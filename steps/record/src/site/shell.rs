//! What every page has: head, menu, foot.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stipple_model::{Language, Portfolio};

use super::texts::{Texts, filled, texts};
use crate::provenance::SOFTWARE;

/// Nothing is loaded from elsewhere, nothing is sent, no page is framed by another.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'";

/// A page, save its shell.
pub(super) struct Page<'a> {
    /// Name of its file.
    pub name: String,
    /// Its title.
    pub title: String,
    /// For link previews and search engines.
    pub description: String,
    /// For link previews: a picture of the bundle.
    pub picture: Option<String>,
    /// For search engines: schema.org as JSON.
    pub linked_data: Option<serde_json::Value>,
    /// Whose it is.
    pub portfolio: &'a Portfolio,
    /// What stands on it.
    pub body: Markup,
}

impl Page<'_> {
    /// The page's HTML.
    pub(super) fn html(&self) -> String {
        let portfolio = self.portfolio;
        let words = texts(portfolio.language);
        let head = html! {
            title { (self.title) " · " (portfolio.clinic) }
            meta name="description" content=(self.description);
            meta name="robots" content=(if portfolio.is_listed { "index, follow" } else { "noindex, nofollow" });
            (self.preview())
            @if let Some(data) = &self.linked_data {
                script type="application/ld+json" { (inside_script(data)) }
            }
        };
        let top = html! {
            a.clinic href="index.html" { bdi { (portfolio.clinic) } }
            (menu(words, &self.name))
        };
        let day = words.common.day(portfolio.as_of);
        let as_of = filled(&words.common.as_of, &[("day", &day)]);
        let foot = html! { p { bdi { (portfolio.clinic) } " · " (as_of) } };
        shell(portfolio.language, head, top, self.body.clone(), foot)
    }

    /// Open Graph: its addresses have to be whole, so it needs to know where the pages will stand.
    fn preview(&self) -> Markup {
        let address = self.portfolio.address.as_deref();
        html! {
            meta property="og:type" content="website";
            meta property="og:title" content=(self.title);
            meta property="og:site_name" content=(self.portfolio.clinic);
            meta property="og:description" content=(self.description);
            @if let Some(address) = address {
                link rel="canonical" href=(format!("{address}{}", self.name));
                meta property="og:url" content=(format!("{address}{}", self.name));
                @if let Some(picture) = &self.picture {
                    meta property="og:image" content=(format!("{address}{picture}"));
                    meta name="twitter:card" content="summary_large_image";
                }
            }
        }
    }
}

/// A whole page.
fn shell(language: Language, head: Markup, top: Markup, body: Markup, foot: Markup) -> String {
    let words = texts(language);
    let page = html! {
        (DOCTYPE)
        html lang=(language.name()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                (head)
                link rel="stylesheet" href="style.css";
            }
            body {
                a.skip href="#content" { (words.common.skip) }
                header { div.wide { (top) } }
                main #content { (body) }
                footer { div.wide { (foot) p { (filled(&words.common.footer, &[("software", SOFTWARE)])) } } }
            }
        }
    };
    page.into_string()
}

fn menu(words: &Texts, name: &str) -> Markup {
    let common = &words.common;
    let entries = [
        ("index.html", &common.results),
        ("sample.html", &common.sample),
        ("reviews.html", &common.reviews),
        ("verify.html", &common.verify),
        ("compare.html", &common.compare),
    ];
    html! {
        nav aria-label=(common.menu) {
            ul {
                @for (file, entry) in entries {
                    li { a href=(file) aria-current=[(file == name).then_some("page")] { (entry) } }
                }
            }
        }
    }
}

/// JSON inside of a script element, which nothing in it can end.
fn inside_script(data: &serde_json::Value) -> PreEscaped<String> {
    PreEscaped(data.to_string().replace('<', "\\u003c"))
}
