//! What clients say, how it got here, and what was taken down.

use maud::{Markup, html};
use stipple_model::{Month, Portfolio, Review};

use super::index::{given, turning};
use super::numbered;
use super::shell::Page;
use super::texts::filled;
use super::words::Speaker;

/// Reviews on a page.
const REVIEWS_ON_PAGE: usize = 25;
/// Fewer reviews make no mean.
const LEAST: usize = 5;

/// How many stars, of how many reviews, from when to when: never one without the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rating {
    /// Reviews that are shown.
    pub count: usize,
    /// Month of the first of them.
    pub from: Month,
    /// Month of the last.
    pub to: Month,
    /// The mean; none where there are too few.
    pub mean: Option<Mean>,
}

/// A mean of stars, insiders left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mean {
    /// One to five.
    pub stars: f64,
    /// Reviews it is of.
    pub count: usize,
}

impl Rating {
    /// Of the reviews that are shown; none where there are none.
    pub(super) fn of(portfolio: &Portfolio) -> Option<Self> {
        let months = portfolio.reviews.iter().map(|review| review.written);
        let (from, to) = (months.clone().min()?, months.max()?);
        let outside: Vec<&Review> =
            portfolio.reviews.iter().filter(|review| review.insider.is_none()).collect();
        let count = outside.len();
        let sum: u32 = outside.iter().map(|review| u32::from(review.stars)).sum();
        let mean = (count >= LEAST).then(|| Mean { stars: f64::from(sum) / count as f64, count });
        Some(Self { count: portfolio.reviews.len(), from, to, mean })
    }
}

pub(super) fn pages(portfolio: &Portfolio) -> Vec<Page<'_>> {
    // because the newest are read first; which stand beside one another nobody chose.
    let mut reviews: Vec<&Review> = portfolio.reviews.iter().collect();
    reviews.sort_by_key(|review| std::cmp::Reverse(review.written));
    let count = reviews.len().div_ceil(REVIEWS_ON_PAGE).max(1);
    let part = |number: usize| reviews.chunks(REVIEWS_ON_PAGE).nth(number - 1).unwrap_or_default();
    (1..=count).map(|number| page(portfolio, part(number), number, count)).collect()
}

fn page<'a>(portfolio: &'a Portfolio, part: &[&Review], number: usize, count: usize) -> Page<'a> {
    let speaker = Speaker::of(portfolio);
    let words = &speaker.words.reviews;
    let rating = Rating::of(portfolio);
    let body = html! {
        h1 { (words.title) }
        p.lead { (words.lead) }
        @match rating { Some(rating) => (summary(portfolio, rating, &speaker)), None => p { (words.none) } }
        @if number == 1 { (policy(portfolio, &speaker)) }
        ul.reviews { @for review in part { (entry(review, &speaker)) } }
        (turning(&speaker, "reviews", number, count))
        @if number == count { (removed(portfolio, &speaker)) }
    };
    Page {
        name: numbered("reviews", number),
        title: words.title.clone(),
        description: rating
            .map_or_else(|| words.none.clone(), |rating| described(portfolio, rating, &speaker)),
        picture: None,
        linked_data: None,
        portfolio,
        body,
    }
}

fn described(portfolio: &Portfolio, rating: Rating, speaker: &Speaker) -> String {
    let [from, to] = [rating.from, rating.to].map(|month| speaker.words.common.month(month));
    let count = rating.count.to_string();
    let values = [("count", count.as_str()), ("clinic", &portfolio.clinic), ("from", &from), ("to", &to)];
    filled(&speaker.words.reviews.description, &values)
}

/// Mean, count and time, in one breath.
fn summary(portfolio: &Portfolio, rating: Rating, speaker: &Speaker) -> Markup {
    let words = &speaker.words.reviews;
    let [from, to] = [rating.from, rating.to].map(|month| speaker.words.common.month(month));
    let span = if rating.count == 1 { &words.span_one } else { &words.span };
    let mut values = vec![("from", from.as_str())];
    let count = rating.count.to_string();
    values.extend([("count", count.as_str()), ("to", &to)]);
    let span = filled(span, &values);
    let taken_down = taken_down(portfolio);
    let insiders = portfolio.reviews.iter().filter(|review| review.insider.is_some()).count();
    html! {
        p.rating {
            @if let Some(mean) = rating.mean {
                @let stars = speaker.number(format!("{:.1}", mean.stars));
                b { (filled(&words.mean, &[("mean", &stars)])) } " · " (span) ". "
            } @else {
                (span) ". " (filled(&words.span_few, &[("least", &LEAST.to_string())])) " "
            }
            (taken_down)
        }
        @if let Some(mean) = rating.mean { p.note { (given(portfolio, mean.count)) } }
        @if insiders > 0 { p.note { (filled(&words.insiders_left_out, &[("count", &insiders.to_string())])) } }
    }
}

/// How many are gone that may have had other stars, whatever the clinic says why: beside every mean, also where there were none.
pub(super) fn taken_down(portfolio: &Portfolio) -> String {
    let count: usize = portfolio.removed_reviews.iter().map(|removed| removed.count).sum();
    filled(&Speaker::of(portfolio).words.reviews.taken_down, &[("count", &count.to_string())])
}

fn policy(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.reviews;
    html! {
        section {
            h2 { (words.policy) }
            p { (words.policy_words) }
            @match &portfolio.reviews_policy {
                Some(policy) => { p { (words.policy_own) } blockquote { bdi { (policy) } } }
                None => p { (words.policy_none) }
            }
        }
    }
}

fn entry(review: &Review, speaker: &Speaker) -> Markup {
    let words = &speaker.words.reviews;
    let [session, written] = [review.session, review.written].map(|month| speaker.words.common.month(month));
    let stars = filled(&words.stars, &[("stars", &review.stars.to_string())]);
    let when = filled(&words.session, &[("session", &session), ("written", &written)]);
    html! {
        li.review {
            p.stars { span aria-hidden="true" { (drawn_stars(review.stars)) } " " (stars) }
            blockquote { p dir="auto" { (review.text) } }
            p.note { (when) }
            @for (said, what) in [(&words.offered, &review.offered), (&words.incentive, &review.incentive)] {
                @if let Some(what) = what { p.flag { bdi { (filled(said, &[("what", what)])) } } }
            }
            @if let Some(insider) = review.insider { p.flag { (words.insider[insider.name()]) } }
            @if let Some(answer) = &review.answer {
                div.answer { p { b { (words.answer) } } p dir="auto" { (answer) } }
            }
        }
    }
}

fn drawn_stars(stars: u8) -> String {
    let stars = usize::from(stars.min(5));
    "★".repeat(stars) + &"☆".repeat(5 - stars)
}

fn removed(portfolio: &Portfolio, speaker: &Speaker) -> Markup {
    let words = &speaker.words.reviews;
    html! {
        section {
            h2 { (words.removed) }
            @if portfolio.removed_reviews.is_empty() { p { (words.removed_none) } } @else {
                ul { @for removed in &portfolio.removed_reviews { li { (removed.count) ": " (words.reasons[removed.reason.name()]) } } }
            }
        }
    }
}
