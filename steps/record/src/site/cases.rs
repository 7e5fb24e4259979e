//! A case's page: the picture, its numbers, how it was made, how to check it.

use maud::{Markup, html};
use stipple_model::{Comparable, Portfolio, PublishedCase};

use super::shell::Page;
use super::texts::filled;
use super::words::Speaker;

pub(super) fn pages(portfolio: &Portfolio) -> impl Iterator<Item = Page<'_>> {
    portfolio.cases.iter().map(move |case| page(portfolio, case))
}

fn page<'a>(portfolio: &'a Portfolio, case: &PublishedCase) -> Page<'a> {
    let speaker = Speaker::of(portfolio);
    let words = &speaker.words.case;
    let (what, seen) = (speaker.what(case), speaker.both_seen(&case.measures));
    let days = case.days_since_last_session.to_string();
    let description = filled(
        &words.description,
        &[
            ("what", what.as_str()),
            ("healing", speaker.healing(case)),
            ("days", &days),
            ("before", &seen.before),
            ("after", &seen.after),
        ],
    );
    let body = html! {
        p.back { a href="index.html#cases" { "← " (words.back) } }
        h1 { (what) }
        (speaker.label(case))
        div.beside {
            figure.pair { a href=(case.picture_name()) { (speaker.picture(case, "eager")) } figcaption { (words.simulation) } }
            section { h2 { (words.facts) } (measured(case, &speaker)) (part(case, &speaker)) (doubts(case, &speaker)) (facts(case, &speaker)) (later(case, &speaker)) }
        }
        section { h2 { (words.likeness) } (likeness(case, &speaker)) }
        section { h2 { (words.made) } (made(case, &speaker)) }
        section { h2 { (words.check) } (check(case, &speaker)) }
        p.note { (speaker.words.index.read_you) }
    };
    Page {
        name: format!("case-{}.html", case.id),
        title: what,
        description,
        picture: Some(case.picture_name()),
        linked_data: None,
        portfolio,
        body,
    }
}

/// What was measured on both photographs.
fn measured(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let common = &speaker.words.common;
    let unknown = || common.unknown.clone();
    let hair = case.likeness.hair_length_mm.of(|mm| mm.map_or_else(unknown, |mm| speaker.rough(mm, "mm")));
    let rows = [
        (&common.visible, speaker.both_seen(&case.measures)),
        (&common.color, case.measures.color_difference.of(|e| speaker.plain(e))),
        (&speaker.words.case.hair_length, hair),
    ];
    html! {
        table.measured {
            thead { tr { td {} th scope="col" { (common.before) } th scope="col" { (common.after) } } }
            tbody {
                @for (what, pair) in rows {
                    tr { th scope="row" { (what) } td { (pair.before) } td { (pair.after) } }
                }
            }
        }
    }
}

/// That the numbers are of a part of the scar.
fn part(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let said = case
        .scar_part_percent()
        .map(|percent| filled(&speaker.words.case.scar_part, &[("percent", &format!("{percent}\u{a0}%"))]));
    html! { @if let Some(said) = said { p.care { (said) } } }
}

/// What bears upon all numbers.
fn doubts(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let words = &speaker.words.case.doubts;
    html! { @for doubt in &case.doubts { p.care { (words[doubt.name()]) } } }
}

fn facts(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let words = &speaker.words.case;
    let rows = [
        (&speaker.words.common.retained, speaker.share(case.measures.retained_fraction)),
        (&words.sessions, case.sessions.to_string()),
        (&words.since, format!("{} ({})", case.days_since_last_session, speaker.healing(case))),
        (&words.skin_hair, format!("{}, {}", speaker.skin(case.skin), speaker.hair(case.hair))),
    ];
    html! { dl.facts { @for (what, value) in rows { div { dt { (what) } dd { (value) } } } } }
}

/// That the picture does not show what was measured last, with what that was.
fn later(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let said = case.later.map(|later| {
        let (days, seen) = (later.days_since_last_session.to_string(), speaker.both_seen(&later.measures));
        let color = speaker.plain(&later.measures.color_difference.after);
        let values = [("days", days.as_str()), ("after", &seen.after), ("color", &color)];
        filled(&speaker.words.case.later, &values)
    });
    html! { @if let Some(said) = said { p.care { (said) } } }
}

fn likeness(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let words = &speaker.words.case;
    let of = &case.likeness;
    let (light, tilt) = (speaker.rough(of.light_delta_e00, ""), speaker.rough(of.tilt_deg, ""));
    let verdict = &speaker.words.common.likeness[of.verdict.name()];
    html! {
        p { (filled(&words.likeness_words, &[("verdict", verdict), ("light", &light), ("tilt", &tilt)])) }
        @if of.verdict == Comparable::WithCare { p.care { (words.care) } }
    }
}

fn made(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let words = &speaker.words.case;
    let painted = match case.picture.painted_over {
        0 => None,
        1 => Some(words.painted_one.clone()),
        count => Some(filled(&words.painted, &[("count", &count.to_string())])),
    };
    html! {
        p { (words.made_words) }
        p { (if case.picture.is_whitened { &words.whitened } else { &words.not_whitened }) }
        @if let Some(painted) = painted { p { (painted) } }
        @if case.picture.outline_drawn { p.care { (words.outline_drawn) } }
    }
}

fn check(case: &PublishedCase, speaker: &Speaker) -> Markup {
    let words = &speaker.words.case;
    html! {
        p { (words.check_words) }
        pre tabindex="0" { code { "stipple verify " (case.id) ".jpg" } }
        p { (words.hash) ":" br; code.hash { (case.picture.sha256) } }
        p { a href="verify.html" { (speaker.words.verify.title) } }
    }
}
