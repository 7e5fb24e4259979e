//! Cases that nobody chose.

use maud::{Markup, html};
use stipple_model::{CaseId, Portfolio};

use super::draw::{DRAWN, drawn, seed};
use super::index::shown;
use super::shell::Page;
use super::texts::filled;
use super::words::Speaker;

/// Draws again from `portfolio.json`.
const AGAIN: &str = r#"jq -r '.as_of[0:7] as $seed | .consented[] | "\($seed):\(.)"' portfolio.json |
while read -r line; do printf '%s' "$line" | sha256sum | sed "s/-/${line#*:}/"; done |
sort | head -n "#;

pub(super) fn page(portfolio: &Portfolio) -> Page<'_> {
    let speaker = Speaker::of(portfolio);
    let words = &speaker.words.sample;
    let consented = portfolio.consented.len().to_string();
    let drawn = drawn(portfolio);
    let body = html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        section {
            h2 { (words.drawn) }
            @if drawn.is_empty() { p { (words.none) } }
            ul.cards { @for id in &drawn { (entry(portfolio, id, &speaker)) } }
        }
        (rule(portfolio, &speaker))
    };
    Page {
        name: "sample.html".to_owned(),
        title: words.title.clone(),
        description: filled(&words.description, &[("clinic", &portfolio.clinic), ("consented", &consented)]),
        picture: drawn.iter().find_map(|id| shown(portfolio, id)).map(|case| case.picture_name()),
        linked_data: None,
        portfolio,
        body,
    }
}

fn entry(portfolio: &Portfolio, id: &CaseId, speaker: &Speaker) -> Markup {
    match shown(portfolio, id) {
        Some(case) => speaker.card(case),
        None => html! {
            li.card.missing { p { (filled(&speaker.words.sample.not_shown, &[("id", &id.to_string())])) } }
        },
    }
}

fn rule(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.sample;
    let consented = portfolio.consented.len().to_string();
    html! {
        section {
            h2 { (words.rule) }
            p { (filled(&words.rule_words, &[("consented", &consented)])) }
            p { (words.seed) ":" br; code.hash { (seed(portfolio)) } }
            h3 { (words.again) }
            p { (words.again_words) }
            pre tabindex="0" { code { (AGAIN) (DRAWN) } }
            p.note { (words.limit) }
        }
    }
}
