//! The middle of an elongated region, and how wide it is along it.

use crate::distance::distance_to;
use crate::geodesic::geodesic_distance;
use crate::grid::{Grid, Mask};
use crate::morphology::not;

/// What a step off the mask costs: more than any way inside.
const OUTSIDE: f32 = 1e4;
/// The line is smoothed over this many of its widths.
const SMOOTH_WIDTHS: f64 = 0.7;
/// Steps in which the edge is looked for, pixels.
const STEP_PX: f64 = 0.25;

/// The line along the middle of a region's largest piece, from one far end to the other, in pixels of the grid
/// (centers at +0.5), in steps of about a pixel. Empty if the mask is; a dot has a line of one place.
///
/// # Cost
/// Linear in the grid's pixels.
pub fn middle_line(mask: &Mask) -> Vec<(f64, f64)> {
    let Some(first) = mask.samples.iter().position(|inside| *inside) else { return Vec::new() };
    let even = Grid::computed(mask.width, mask.height, |k| if mask.samples[k] { 1.0 } else { OUTSIDE });
    let one = farthest(mask, &even, first);
    let other = farthest(mask, &even, one);
    // Ways far from the edge are cheap, so the cheapest way runs in the middle.
    let depth = distance_to(&not(mask));
    let cost = Grid::computed(mask.width, mask.height, |k| {
        let d = depth.samples[k];
        if !mask.samples[k] {
            OUTSIDE
        } else if d.is_finite() {
            1.0 / (d * d)
        } else {
            1.0
        }
    });
    let way = downhill(&geodesic_distance(&only(mask, one), &cost), other);
    let places: Vec<(f64, f64)> =
        way.iter().map(|k| ((k % mask.width) as f64 + 0.5, (k / mask.width) as f64 + 0.5)).collect();
    let mean_depth = way.iter().map(|k| f64::from(depth.samples[*k])).sum::<f64>() / way.len() as f64;
    let reach = if mean_depth.is_finite() { (SMOOTH_WIDTHS * mean_depth).ceil() as usize } else { 0 };
    smoothed(&places, reach)
}

/// Length of a line, in its own unit.
pub fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
}

/// How wide a region is across a line at one of its places, pixels; `reach` is how far the edge is looked for.
///
/// `share` is one inside and zero outside; the edge is where it passes one half between samples.
pub fn width_across(share: &Grid, line: &[(f64, f64)], k: usize, reach: f64) -> f64 {
    let span = 3.min(line.len() - 1);
    let (a, b) = (line[k.saturating_sub(span)], line[(k + span).min(line.len() - 1)]);
    let length = (b.0 - a.0).hypot(b.1 - a.1);
    if length <= 0.0 {
        return 0.0;
    }
    let (x, y) = (-(b.1 - a.1) / length, (b.0 - a.0) / length);
    let to_edge = |sign: f64| {
        let steps = (reach / STEP_PX) as usize;
        let outside = |step: &usize| {
            let away = sign * STEP_PX * *step as f64;
            let (column, row) = (line[k].0 + away * x, line[k].1 + away * y);
            let is_off =
                column < 0.0 || row < 0.0 || column > share.width as f64 || row > share.height as f64;
            is_off || share.sample(column, row) < 0.5
        };
        let last = (0..steps).find(outside).unwrap_or(steps);
        (last as f64 - 0.5).max(0.0) * STEP_PX
    };
    to_edge(1.0) + to_edge(-1.0)
}

fn only(mask: &Mask, k: usize) -> Mask {
    let mut one = Mask::filled(mask.width, mask.height, false);
    one.samples[k] = true;
    one
}

fn farthest(mask: &Mask, cost: &Grid, from: usize) -> usize {
    let away = geodesic_distance(&only(mask, from), cost);
    let near = |k: &usize| mask.samples[*k] && away.samples[*k] < OUTSIDE;
    (0..mask.samples.len())
        .filter(near)
        .max_by(|a, b| away.samples[*a].total_cmp(&away.samples[*b]))
        .unwrap_or(from)
}

/// The way from a pixel down to the zero of a distance.
fn downhill(away: &Grid, from: usize) -> Vec<usize> {
    let mut way = vec![from];
    let mut at = from;
    loop {
        let (x, y) = (at % away.width, at / away.width);
        let columns = x.saturating_sub(1)..(x + 2).min(away.width);
        let around = (y.saturating_sub(1)..(y + 2).min(away.height))
            .flat_map(|row| columns.clone().map(move |column| row * away.width + column));
        let lowest = around.min_by(|a, b| away.samples[*a].total_cmp(&away.samples[*b])).unwrap_or(at);
        if away.samples[lowest] >= away.samples[at] {
            return way;
        }
        way.push(lowest);
        at = lowest;
    }
}

/// Mean over as many places on both sides as there are, at most `reach`: the ends stay.
fn smoothed(places: &[(f64, f64)], reach: usize) -> Vec<(f64, f64)> {
    let mean = |k: usize| {
        let own = reach.min(k).min(places.len() - 1 - k);
        let near = &places[k - own..=k + own];
        let sum = near.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        (sum.0 / near.len() as f64, sum.1 / near.len() as f64)
    };
    (0..places.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masked::as_weights;

    fn drawn(width: usize, height: usize, inside: impl Fn(f64, f64) -> bool) -> Mask {
        let samples =
            (0..width * height).map(|k| inside((k % width) as f64 + 0.5, (k / width) as f64 + 0.5)).collect();
        Mask { width, height, samples }
    }

    #[test]
    fn a_bent_band_is_as_long_as_its_middle_and_as_wide_as_drawn() {
        let band = drawn(200, 120, |x, y| y >= 10.0 && (75.0..85.0).contains(&(x - 100.0).hypot(y - 10.0)));
        let line = middle_line(&band);
        let half_turn = std::f64::consts::PI * 80.0;
        assert!((length(&line) / half_turn - 1.0).abs() < 0.04, "{}", length(&line));
        for k in (20..line.len() - 20).step_by(10) {
            let width = width_across(&as_weights(&band), &line, k, 30.0);
            assert!((width - 10.0).abs() < 1.0, "{width} at {k}");
        }
    }

    #[test]
    fn a_wedge_widens() {
        let wedge = drawn(200, 60, |x, y| (y - 30.0).abs() < 2.0 + x / 12.0);
        let line = middle_line(&wedge);
        let mut widths =
            [line.len() / 5, 4 * line.len() / 5].map(|k| width_across(&as_weights(&wedge), &line, k, 60.0));
        widths.sort_by(f64::total_cmp);
        assert!((widths[0] - 10.7).abs() < 2.5 && (widths[1] - 30.7).abs() < 2.5, "{widths:?}");
    }

    #[test]
    fn dots_and_nothing() {
        assert!(middle_line(&Mask::filled(5, 5, false)).is_empty());
        let mut dot = Mask::filled(5, 5, false);
        dot.samples[12] = true;
        let line = middle_line(&dot);
        assert_eq!(line, [(2.5, 2.5)]);
        assert_eq!(width_across(&as_weights(&dot), &line, 0, 4.0), 0.0);
    }
}
