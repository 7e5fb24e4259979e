//! How many of all followed cases measured what: a histogram in which the shown ones are marked.

use maud::{Markup, html};
use stipple_model::{Measures, Portfolio};

use super::words::Speaker;

/// Where a chart's ranges end; the last has no end.
pub(super) struct Scale {
    edges: Vec<f64>,
    /// Decimals of the edges.
    decimals: usize,
    unit: &'static str,
}

/// Ranges of a chart at most.
const RANGES: usize = 6;

impl Scale {
    /// Distances from which a scar is seen, m: even steps over all that there are, before and after alike.
    pub(super) fn of_distances(all: &[f64]) -> Self {
        let (low, high) =
            all.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
        let step = [0.5, 1.0, 2.0, 5.0, 10.0].into_iter();
        let ends = |step: f64| ((low / step).floor(), (high / step).floor());
        let mut step = step.filter(|step| ends(*step).1 - ends(*step).0 < RANGES as f64);
        let step = step.next().unwrap_or(20.0);
        let first = if low.is_finite() { ends(step).0 } else { 0.0 };
        let edges = (1..RANGES).map(|k| step * (first + k as f64)).collect();
        Self { edges, decimals: 1, unit: "m" }
    }

    /// Color differences, CIEDE2000.
    pub(super) fn of_colors() -> Self {
        Self { edges: vec![1.0, 2.0, 3.0, 5.0, 8.0], decimals: 0, unit: "" }
    }

    /// Dots that are still there, percent.
    pub(super) fn of_shares() -> Self {
        Self { edges: vec![50.0, 60.0, 70.0, 80.0, 90.0], decimals: 0, unit: "%" }
    }
}

/// Sizes of the drawing, in its own units.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 190.0;
const TOP: f64 = 18.0;
const FLOOR: f64 = 158.0;
const GAP: f64 = 8.0;

/// A range and how many cases lie in it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Bin {
    label: String,
    shown: usize,
    hidden: usize,
}

/// A chart of one number over all followed cases that may be told of; nothing where none was measured.
pub(super) fn chart(
    portfolio: &Portfolio,
    title: &str,
    scale: &Scale,
    of: impl Fn(&Measures) -> Option<f64>,
) -> Markup {
    let speaker = Speaker::of(portfolio);
    let bins = bins(portfolio, &speaker, scale, of);
    if bins.iter().all(|bin| bin.shown + bin.hidden == 0) {
        return html! {};
    }
    html! {
        figure.chart {
            figcaption { (title) }
            (drawing(&bins, title))
            (table(&bins, &speaker))
        }
    }
}

fn bins(
    portfolio: &Portfolio,
    speaker: &Speaker,
    scale: &Scale,
    of: impl Fn(&Measures) -> Option<f64>,
) -> Vec<Bin> {
    let mut bins: Vec<Bin> =
        labels(scale, speaker).into_iter().map(|label| Bin { label, ..Bin::default() }).collect();
    for (measures, is_shown) in portfolio.followed() {
        let Some(value) = of(measures) else { continue };
        let bin = &mut bins[scale.edges.partition_point(|edge| *edge <= value)];
        if is_shown { bin.shown += 1 } else { bin.hidden += 1 }
    }
    bins
}

fn labels(scale: &Scale, speaker: &Speaker) -> Vec<String> {
    let edge = |value: f64| {
        let decimals = if value.fract() == 0.0 { 0 } else { scale.decimals };
        speaker.number(format!("{value:.decimals$}"))
    };
    let (first, last) = (scale.edges[0], scale.edges[scale.edges.len() - 1]);
    let between = scale.edges.windows(2).map(|pair| format!("{}–{}", edge(pair[0]), edge(pair[1])));
    let all = [format!("< {}", edge(first))].into_iter().chain(between).chain([format!("≥ {}", edge(last))]);
    let unit = if scale.unit.is_empty() { String::new() } else { format!("\u{202f}{}", scale.unit) };
    all.map(|label| label + &unit).collect()
}

fn drawing(bins: &[Bin], title: &str) -> Markup {
    let most = bins.iter().map(|bin| bin.shown + bin.hidden).max().unwrap_or(0).max(1);
    let step = WIDTH / bins.len() as f64;
    let height = |count: usize| (FLOOR - TOP) * count as f64 / most as f64;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(title) {
            @for (k, bin) in bins.iter().enumerate() {
                @let (left, shown, hidden) = (step * k as f64 + GAP / 2.0, height(bin.shown), height(bin.hidden));
                @let (middle, top) = (step * (k as f64 + 0.5), FLOOR - shown - hidden);
                (bar("hidden", left, top, step - GAP, hidden))
                (bar("shown", left, FLOOR - shown, step - GAP, shown))
                @if bin.shown + bin.hidden > 0 {
                    text.count x=(px(middle)) y=(px(top - 5.0)) { (bin.shown + bin.hidden) }
                }
                text x=(px(middle)) y=(px(FLOOR + 18.0)) { (bin.label) }
            }
            line x1="0" x2=(px(WIDTH)) y1=(px(FLOOR)) y2=(px(FLOOR)) {}
        }
    }
}

fn bar(class: &str, left: f64, top: f64, width: f64, height: f64) -> Markup {
    html! {
        @if height > 0.0 {
            rect class=(class) x=(px(left)) y=(px(top)) width=(px(width)) height=(px(height)) {}
        }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn table(bins: &[Bin], speaker: &Speaker) -> Markup {
    let words = &speaker.words.index;
    html! {
        details {
            summary { (words.numbers) }
            table {
                thead { tr { th scope="col" { (words.range) } th scope="col" { (words.shown) } th scope="col" { (words.hidden) } } }
                tbody {
                    @for bin in bins {
                        tr { th scope="row" { (bin.label) } td { (bin.shown) } td { (bin.hidden) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_lie_in_several_ranges_wherever_they_are() {
        for all in [vec![28.1, 29.0, 31.4, 34.9], vec![0.0, 0.4, 1.2, 3.0], vec![2.0, 30.0, 80.0], vec![5.0]]
        {
            let scale = Scale::of_distances(&all);
            let range = |value: f64| scale.edges.partition_point(|edge| *edge <= value);
            let used: std::collections::BTreeSet<usize> = all.iter().map(|value| range(*value)).collect();
            assert!(used.len() >= all.len().min(3), "{all:?} in {:?}", scale.edges);
            assert!(scale.edges.is_sorted());
        }
    }
}
