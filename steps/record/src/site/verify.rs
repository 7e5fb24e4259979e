//! What a signature proves, what it does not, and how to check it.

use maud::{Markup, PreEscaped, html};
use stipple_model::Portfolio;

use super::shell::Page;
use super::texts::filled;
use super::words::Speaker;

pub(super) fn page<'a>(portfolio: &'a Portfolio, fingerprint: &str, voucher: Option<&str>) -> Page<'a> {
    let speaker = Speaker::of(portfolio);
    let words = &speaker.words.verify;
    let body = html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        div.two {
            section { h2 { (words.proves) } ul.prose { @for line in &words.proves_list { li { (line) } } } }
            section { h2 { (words.not) } ul.prose { @for line in &words.not_list { li { (line) } } } }
        }
        (key(&speaker, fingerprint, voucher))
        (how(&speaker))
        (chain(portfolio, &speaker))
    };
    Page {
        name: "verify.html".to_owned(),
        title: words.title.clone(),
        description: filled(&words.description, &[("clinic", &portfolio.clinic)]),
        picture: None,
        linked_data: None,
        portfolio,
        body,
    }
}

/// What a stranger compares with what the clinic tells.
fn key(speaker: &Speaker, fingerprint: &str, voucher: Option<&str>) -> Markup {
    let words = &speaker.words.verify;
    html! {
        section {
            h2 { (words.key) }
            p { code.hash { (fingerprint) } }
            p { (words.key_words) }
            @if let Some(who) = voucher { p { bdi { (filled(&words.vouched, &[("who", who)])) } } }
        }
    }
}

/// Files that programs read, for whoever wants to save them.
const FILES: [&str; 4] = ["portfolio.json", "files.json", "signature.json", "authority.pem"];

fn how(speaker: &Speaker) -> Markup {
    let words = &speaker.words.verify;
    let link = html! { a href="compare.html" { (speaker.words.common.compare) } }.into_string();
    html! {
        section {
            h2 { (words.how) }
            p { (words.how_one) }
            pre tabindex="0" { code { "stipple verify picture.jpg" } }
            p { (words.how_all) }
            pre tabindex="0" { code { "stipple verify FOLDER" } }
            p { (words.how_again) }
            pre tabindex="0" { code { "stipple verify picture.jpg --originals FOLDER" } }
            p { (words.files) }
            ul { @for file in FILES { li { a href=(file) { (file) } } } }
            // Only our own words and our own link.
            p { (PreEscaped(filled(&words.how_compare, &[("compare", &link)]))) }
            p { (words.how_other) }
            p { (words.lost) }
        }
    }
}

fn chain(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.verify;
    let (day, place) = (speaker.words.common.day(portfolio.as_of), portfolio.ledger.place.to_string());
    html! {
        section {
            h2 { (words.chain) }
            p { (filled(&words.chain_words, &[("day", &day), ("place", &place)])) }
            code.hash { (portfolio.ledger.hash) }
        }
    }
}
