//! How many of all followed cases measured what: a histogram in which the shown ones are marked.

use maud::{Markup, html};
use stipple_model::{Measures, Portfolio};
use stipple_quantity::Estimate;

use super::words::Speaker;

/// Where a chart's ranges end; the last has no end.
pub(super) struct Scale {
    edges: Vec<f64>,
    /// Decimals of the edges.
    decimals: usize,
}

/// Ranges of a chart at most.
const RANGES: usize = 6;

impl Scale {
    /// Distances from which a scar is seen, m: even steps over all that there are, before and after alike.
    ///
    /// No step is below twice the median uncertainty, so that a difference within it is no jump over several bars. Where
    /// few ranges are used they stand in the middle.
    pub(super) fn of_distances(all: &[Estimate]) -> Self {
        let least = 2.0 * median_uncertainty(all);
        let (low, high) = all
            .iter()
            .fold((f64::INFINITY, 0.0_f64), |(low, high), one| (low.min(one.value), high.max(one.value)));
        let ends = |step: f64| [low.min(high), high].map(|end| (end / step).floor());
        let used = |step: f64| ends(step)[1] - ends(step)[0] + 1.0;
        let fits = |step: &f64| *step >= least && (used(*step) <= RANGES as f64 || *step >= 20.0);
        let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0].into_iter().find(fits).unwrap_or(50.0);
        let unused = (RANGES as f64 - used(step)).max(0.0);
        let first = (ends(step)[0] - (unused / 2.0).floor()).max(0.0);
        let edges = (1..RANGES).map(|k| step * (first + k as f64)).collect();
        Self { edges, decimals: 1 }
    }

    /// Color differences, CIEDE2000.
    pub(super) fn of_colors() -> Self {
        Self { edges: vec![1.0, 2.0, 3.0, 5.0, 8.0], decimals: 0 }
    }

    /// Dots that are still there, percent.
    pub(super) fn of_shares() -> Self {
        Self { edges: vec![50.0, 60.0, 70.0, 80.0, 90.0], decimals: 0 }
    }
}

/// The upper median; 0 where nothing was measured.
fn median_uncertainty(all: &[Estimate]) -> f64 {
    let mut sorted: Vec<f64> = all.iter().map(|one| one.standard_uncertainty).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
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

/// Without the unit, which stands in the title: so they stand apart on a phone too.
fn labels(scale: &Scale, speaker: &Speaker) -> Vec<String> {
    let edge = |value: f64| {
        let decimals = if value.fract() == 0.0 { 0 } else { scale.decimals };
        speaker.number(format!("{value:.decimals$}"))
    };
    let (first, last) = (scale.edges[0], scale.edges[scale.edges.len() - 1]);
    let between = scale.edges.windows(2).map(|pair| format!("{}–{}", edge(pair[0]), edge(pair[1])));
    [format!("< {}", edge(first))].into_iter().chain(between).chain([format!("≥ {}", edge(last))]).collect()
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
    use std::collections::BTreeSet;

    use super::*;

    fn within(all: &[f64], uncertainty: f64) -> Vec<Estimate> {
        all.iter().map(|value| Estimate::new(*value, uncertainty)).collect()
    }

    fn range(scale: &Scale, value: f64) -> usize {
        scale.edges.partition_point(|edge| *edge <= value)
    }

    #[test]
    fn a_difference_within_its_uncertainty_is_no_jump() {
        let all = [33.8, 31.5];
        let scale = Scale::of_distances(&within(&all, 2.2));
        assert_eq!(scale.edges, [25.0, 30.0, 35.0, 40.0, 45.0]);
        assert_eq!(all.map(|value| range(&scale, value)), [2, 2]);
        for (uncertainty, least) in [(0.0, 0.5), (0.3, 1.0), (4.0, 10.0), (9.0, 20.0), (30.0, 50.0)] {
            let scale = Scale::of_distances(&within(&all, uncertainty));
            assert_eq!(scale.edges[1] - scale.edges[0], least, "± {uncertainty} m");
        }
        assert_eq!(Scale::of_distances(&[]).edges[0], 0.5, "nothing was measured");
    }

    #[test]
    fn distances_lie_in_several_ranges_wherever_they_are() {
        for all in [vec![28.1, 29.0, 31.4, 34.9], vec![0.0, 0.4, 1.2, 3.0], vec![2.0, 30.0, 80.0], vec![5.0]]
        {
            let scale = Scale::of_distances(&within(&all, 0.0));
            let used: BTreeSet<usize> = all.iter().map(|value| range(&scale, *value)).collect();
            assert!(used.len() >= all.len().min(3), "{all:?} in {:?}", scale.edges);
            assert!(scale.edges.is_sorted());
        }
    }
}
