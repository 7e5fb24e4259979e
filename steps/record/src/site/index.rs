//! The first page: who, how many of all, how they turned out, and every case.

use maud::{Markup, html};
use serde_json::json;
use stipple_model::{Credential, Date, Measures, Portfolio, PublishedCase};
use stipple_quantity::Estimate;

use super::chart::{Scale, chart};
use super::draw::{by_lot, drawn, seed};
use super::numbered;
use super::reviews::{Rating, taken_down};
use super::shell::Page;
use super::texts::{filled, of_count};
use super::words::Speaker;

/// Cases on a page.
const CASES_ON_PAGE: usize = 48;
/// Farther than any distance that was looked from, m: what is seen from beyond counts as that.
const BEYOND_M: f64 = 1000.0;

/// The first page, and those with further cases.
pub(super) fn pages(portfolio: &Portfolio) -> Vec<Page<'_>> {
    let cases = in_order(portfolio);
    let count = cases.len().div_ceil(CASES_ON_PAGE).max(1);
    let mut parts = cases.chunks(CASES_ON_PAGE);
    let first = page(portfolio, parts.next().unwrap_or_default(), 1, count);
    let further = parts.zip(2..).map(|(part, number)| page(portfolio, part, number, count));
    [first].into_iter().chain(further).collect()
}

/// Shown cases by lot, so that nobody puts the best first.
fn in_order(portfolio: &Portfolio) -> Vec<&PublishedCase> {
    let order = by_lot(&seed(portfolio), &portfolio.consented);
    let of = |id| portfolio.cases.binary_search_by(|case: &PublishedCase| case.id.cmp(id));
    if portfolio.cases.is_sorted_by(|a, b| a.id < b.id) {
        return order.into_iter().filter_map(|id| of(id).ok()).map(|k| &portfolio.cases[k]).collect();
    }
    order.into_iter().filter_map(|id| portfolio.cases.iter().find(|case| case.id == *id)).collect()
}

fn page<'a>(portfolio: &'a Portfolio, part: &[&PublishedCase], number: usize, count: usize) -> Page<'a> {
    let speaker = Speaker::of(portfolio);
    let words = &speaker.words.index;
    let [treated, published] =
        [portfolio.denominator.treated, portfolio.denominator.published].map(|count| count.to_string());
    let body = html! {
        @if number == 1 {
            (opening(portfolio, &speaker))
            (all(portfolio, &speaker))
            (reading(&speaker))
        } @else {
            h1 { (filled(&words.title, &[("clinic", &portfolio.clinic)])) }
        }
        section {
            h2 #cases { (words.cases) }
            @if portfolio.cases.is_empty() { p { (words.no_cases) } } @else { p { (words.cases_order) } }
            ul.cards { @for case in part { (speaker.card(case)) } }
            (turning(&speaker, "index", number, count))
        }
    };
    Page {
        name: numbered("index", number),
        title: filled(&words.title, &[("clinic", &portfolio.clinic)]),
        description: filled(&words.description, &[("published", &published), ("treated", &treated)]),
        // because the first of the drawn cases is nobody's choice.
        picture: drawn(portfolio).iter().find_map(|id| shown(portfolio, id)).map(PublishedCase::picture_name),
        linked_data: (number == 1).then(|| linked_data(portfolio)),
        portfolio,
        body,
    }
}

/// The case of an id, if it is shown.
pub(super) fn shown<'a>(portfolio: &'a Portfolio, id: &stipple_model::CaseId) -> Option<&'a PublishedCase> {
    portfolio.cases.iter().find(|case| case.id == *id)
}

fn opening(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    html! {
        section.opening {
            h1 { bdi { (portfolio.clinic) } }
            p.lead { (words.lead) }
        }
        section {
            h2 { (words.credentials) }
            @if portfolio.credentials.is_empty() { p { (words.no_credentials) } } @else {
                ul.credentials {
                    @for credential in &portfolio.credentials { (a_credential(credential, portfolio.as_of, speaker)) }
                }
                p.note { (words.credentials_note) }
            }
        }
    }
}

fn a_credential(credential: &Credential, today: Date, speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    let ends = credential.until.map(|until| {
        let text = if until < today { &words.ended } else { &words.until };
        filled(text, &[("day", &speaker.words.common.day(until))])
    });
    let number = credential.number.as_ref().map(|number| filled(&words.number, &[("number", number)]));
    html! {
        li {
            b { bdi { (credential.what) } }
            " " bdi { (filled(&words.issued_by, &[("who", &credential.issued_by)])) }
            @for more in [number, ends].into_iter().flatten() { ", " bdi { (more) } }
        }
    }
}

/// The denominator, and how all of them turned out.
fn all(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    let of = portfolio.denominator;
    let counts = [
        (of.treated, &words.treated),
        (of.followed, &words.followed),
        (of.consented, &words.consented),
        (of.published, &words.published),
        (of.withdrawn, &words.taken_back),
        (of.taken_down, &words.taken_down),
    ];
    let [published, treated, lost] =
        [of.published, of.treated, of.treated - of.followed - of.uncounted].map(|count| count.to_string());
    let values = [("published", published.as_str()), ("treated", &treated), ("lost", &lost)];
    html! {
        section {
            h2 { (words.all) }
            ul.counts { @for (count, what) in counts { li { b { (count) } " " (what) } } }
            p { (filled(&words.all_words, &values)) }
            @if of.erased > 0 {
                @let erased = of_count(of.erased, &words.erased_one, &words.erased);
                p { (filled(erased, &[("erased", &of.erased.to_string())])) }
            }
            @if of.removed > 0 { p { (filled(&words.removed, &[("removed", &of.removed.to_string())])) } }
            @if of.uncounted > 0 { p { (filled(&words.uncounted, &[("uncounted", &of.uncounted.to_string())])) } }
            @if of.withdrawn > 0 { p { (words.withdrawn) } }
            @if portfolio.followed().next().is_some() { (charts(portfolio, speaker)) }
            @if portfolio.unpublished.counted() > 0 {
                @let counted = portfolio.unpublished.counted().to_string();
                p.note { (filled(&words.counted, &[("counted", &counted)])) }
            }
        }
    }
}

fn charts(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    let distance = |seen: Option<Estimate>| Some(seen.map_or(BEYOND_M, |distance| distance.value));
    let both = |m: &Measures| [m.visible_distance_m.before, m.visible_distance_m.after];
    let seen = portfolio.followed().flat_map(|(measures, _)| both(measures)).flatten();
    let seen: Vec<Estimate> = seen.collect();
    let scale = Scale::of_distances(&seen);
    html! {
        p { (words.chart_words) }
        @if let Some(sentence) = medians(portfolio, speaker) { p { (sentence) } }
        p.key { span.swatch.shown {} " " (words.shown) " " span.swatch.hidden {} " " (words.hidden) }
        div.charts {
            (chart(portfolio, &words.chart_before, &scale, |m| distance(m.visible_distance_m.before)))
            (chart(portfolio, &words.chart_after, &scale, |m| distance(m.visible_distance_m.after)))
            (chart(portfolio, &words.chart_color, &Scale::of_colors(), |m| Some(m.color_difference.after.value)))
            (chart(portfolio, &words.chart_retained, &Scale::of_shares(), |m| m.retained_fraction.map(|e| 100.0 * e.value)))
        }
    }
}

/// Medians of all that are told of and of those shown, so that a choice of the best shows in words too; nothing where none
/// but those shown are told of, or only one is.
fn medians(portfolio: &Portfolio, speaker: &Speaker) -> Option<String> {
    if portfolio.unpublished.told().is_empty() && portfolio.unpublished.counted() > 0 {
        return None;
    }
    let told = portfolio.followed().count();
    if told == 1 {
        return None;
    }
    let all = median(portfolio.followed().map(|(measures, _)| measures))?;
    let shown = median(portfolio.followed().filter(|(_, is_shown)| *is_shown).map(|(measures, _)| measures))?;
    let said = |distance_m: f64| match distance_m {
        BEYOND_M => speaker.words.common.beyond.clone(),
        distance_m => speaker.rough(distance_m, "m"),
    };
    let words = &speaker.words.index;
    let text = of_count(portfolio.cases.len(), &words.medians_one, &words.medians);
    let (told, all, shown) = (told.to_string(), said(all), said(shown));
    Some(filled(text, &[("told", &told), ("all", &all), ("shown", &shown)]))
}

/// Median distance after, m: what is seen from beyond is farther than all the rest.
fn median<'a>(all: impl Iterator<Item = &'a Measures>) -> Option<f64> {
    let mut distances: Vec<f64> =
        all.map(|measures| measures.visible_distance_m.after.map_or(BEYOND_M, |e| e.value)).collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied()
}

fn reading(speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    let sentences =
        [&words.read_visible, &words.read_color, &words.read_sure, &words.read_healed, &words.read_you];
    html! {
        section {
            h2 { (words.read) }
            ul.prose { @for sentence in sentences { li { (sentence) } } }
        }
    }
}

/// Links to the pages around this one.
pub(super) fn turning(speaker: &Speaker, stem: &str, number: usize, count: usize) -> Markup {
    let words = &speaker.words.index;
    let (at, of) = (number.to_string(), count.to_string());
    html! {
        @if count > 1 {
            nav.turning aria-label=(filled(&words.page, &[("page", &at), ("pages", &of)])) {
                @if number > 1 { a href=(numbered(stem, number - 1)) rel="prev" { (words.previous) } }
                span { (filled(&words.page, &[("page", &at), ("pages", &of)])) }
                @if number < count { a href=(numbered(stem, number + 1)) rel="next" { (words.next) } }
            }
        }
    }
}

/// Of how many reviews in the mean of so many the clinic or the writer says that something was given for it.
pub(super) fn given(portfolio: &Portfolio, count: usize) -> String {
    let in_mean = portfolio.reviews.iter().filter(|review| review.insider.is_none());
    let given = in_mean.filter(|review| review.offered.is_some() || review.incentive.is_some()).count();
    let [given, count] = [given, count].map(|number| number.to_string());
    filled(&Speaker::of(portfolio).words.reviews.given, &[("given", &given), ("count", &count)])
}

/// Who it is; a mean of stars only where there are enough.
fn linked_data(portfolio: &Portfolio) -> serde_json::Value {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "HealthAndBeautyBusiness",
        "name": portfolio.clinic,
    });
    if let Some(address) = &portfolio.address {
        data["url"] = json!(address);
    }
    if let Some(mean) = Rating::of(portfolio).and_then(|rating| rating.mean) {
        data["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "description": format!("{} {}", taken_down(portfolio), given(portfolio, mean.count)),
            "ratingValue": format!("{:.1}", mean.stars),
            "ratingCount": mean.count,
            "bestRating": 5,
            "worstRating": 1,
        });
    }
    data
}
