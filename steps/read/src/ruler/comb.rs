//! Strokes that stand as a ruler's ticks do.

use nalgebra::{Matrix3, Vector3};
use rayon::prelude::*;
use stipple_points::CellIndex;

use super::tick::{Point, Tick};

/// Ticks that a ruler needs, and the largest share of hidden ones.
const TICKS_MIN: usize = 9;
const HIDDEN_SHARE: f64 = 0.17;
/// Steps between ticks, pixels.
const STEP_PX: std::ops::Range<f64> = 3.4..200.0;
/// Length of a tick over the step.
const LENGTH_STEPS: std::ops::Range<f64> = 0.6..9.0;
/// Cosine of the largest angle between ticks (8°), and of the least between tick and ruler (60°).
const PARALLEL_COS: f64 = 0.99;
const ACROSS_COS: f64 = 0.5;
/// Neighbors from which a first step is taken.
const NEIGHBORS: usize = 8;
/// How far a tick may stand from where it is expected: share of the step, and pixels.
const STRAY: (f64, f64) = (0.15, 0.8);
/// Largest standard deviation of ticks along the ruler and of their ends across it: share of the step, and pixels.
const OFF_ALONG: (f64, f64) = (0.03, 0.25);
const OFF_ACROSS: (f64, f64) = (0.12, 0.8);
/// Least ratio of long to short ticks, and largest spread (standard deviation over mean) within each kind.
const LONG_RATIO: f64 = 1.25;
const LENGTH_SPREAD: f64 = 0.15;
/// Share of ticks whose length must be as the order asks.
const ORDERLY: f64 = 0.92;
/// Every second long tick longer than the others by this is an inch ruler's.
const INCH_RATIO: f64 = 1.15;

/// Ticks of a millimetre ruler.
#[derive(Clone, Debug)]
pub(super) struct Comb {
    pub(super) ticks: usize,
    pub(super) step_mm: f64,
    /// Step at the middle, pixels.
    pub(super) step_px: f64,
    /// Standard uncertainty of the step over the step.
    pub(super) step_relative: f64,
    /// Change of the step over the step, per pixel along the ruler.
    pub(super) slope_per_px: f64,
    /// Where every tick stands, hidden ones too, half of the shortest tick away from the common ends.
    pub(super) places: Vec<Point>,
    /// From there to the common ends, pixels, and how much farther the longest tick reaches the other way.
    pub(super) to_base: Point,
    pub(super) longest_px: f64,
}

/// A tick's number in a chain, and which it is.
type Chain = Vec<(i64, usize)>;

/// The ruler with the most ticks among strokes.
pub(super) fn longest(ticks: &[Tick]) -> Option<Comb> {
    if ticks.len() < TICKS_MIN {
        return None;
    }
    let middles: Vec<(f64, f64)> = ticks.iter().map(|t| (t.middle[0], t.middle[1])).collect();
    let index = CellIndex::new(&middles);
    let mut chains: Vec<Chain> =
        (0..ticks.len()).into_par_iter().flat_map_iter(|k| from(k, ticks, &index)).collect();
    chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
    // Part of a longer chain may look orderly where the whole is not.
    let enough = chains.first()?.len() * 4 / 5;
    chains.iter().take_while(|chain| chain.len() >= enough).find_map(|chain| ruler(chain, ticks))
}

fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

/// Chains that begin at a tick with a step to one of its neighbors, by either end.
fn from(k: usize, ticks: &[Tick], index: &CellIndex) -> Vec<Chain> {
    let first = ticks[k];
    let mut near: Vec<(f64, usize)> = Vec::new();
    index.for_each_within((first.middle[0], first.middle[1]), 3.0 * first.length_px, |j, squared| {
        if j != k && dot(ticks[j].along, first.along).abs() > PARALLEL_COS {
            near.push((squared, j));
        }
    });
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let sides = [first.along, first.along.map(|v| -v)];
    let seeds = near.iter().take(NEIGHBORS).flat_map(|(_, j)| sides.map(|side| (*j, side)));
    let chains = seeds.filter_map(|(j, side)| {
        let step = minus(ticks[j].end(side), first.end(side));
        let step_px = dot(step, step).sqrt();
        let across = dot(step, first.along).abs() < ACROSS_COS * step_px;
        let ahead = step[0] > 0.0 || (step[0] == 0.0 && step[1] > 0.0);
        let fits = STEP_PX.contains(&step_px) && LENGTH_STEPS.contains(&(first.length_px / step_px));
        (across && ahead && fits).then(|| walked(k, j, side, ticks, index))
    });
    chains.filter(|chain| chain.len() >= TICKS_MIN).collect()
}

/// The chain that goes on from two ticks in both directions.
fn walked(first: usize, second: usize, side: Point, ticks: &[Tick], index: &CellIndex) -> Chain {
    let mut chain: Chain = vec![(0, first), (1, second)];
    for forward in [true, false] {
        let mut hidden = 0;
        let mut number = if forward { 2 } else { -1 };
        while hidden < 2 {
            match next(&chain, number, side, ticks, index) {
                Some(tick) => {
                    if forward {
                        chain.push((number, tick))
                    } else {
                        chain.insert(0, (number, tick))
                    }
                    hidden = 0;
                }
                None => hidden += 1,
            }
            number += if forward { 1 } else { -1 };
        }
    }
    chain
}

/// The tick where the chain's next is expected.
fn next(chain: &Chain, number: i64, side: Point, ticks: &[Tick], index: &CellIndex) -> Option<usize> {
    let near = if number > chain[0].0 {
        &chain[chain.len().saturating_sub(4)..]
    } else {
        &chain[..chain.len().min(4)]
    };
    let (low, high) = (near[0], near[near.len() - 1]);
    let (a, b) = (ticks[low.1].end(side), ticks[high.1].end(side));
    let per = 1.0 / (high.0 - low.0) as f64;
    let step = minus(b, a).map(|v| v * per);
    let from = if number > high.0 { (b, number - high.0) } else { (a, number - low.0) };
    let expected = [from.0[0] + from.1 as f64 * step[0], from.0[1] + from.1 as f64 * step[1]];
    let step_px = dot(step, step).sqrt();
    let model = ticks[chain[0].1];
    let longest = chain.iter().map(|(_, t)| ticks[*t].length_px).fold(0.0, f64::max);
    let reach = STRAY.0 * step_px + STRAY.1;
    let mut best: Option<(f64, usize)> = None;
    // Its middle is at most half of a long tick away from its end.
    index.for_each_within((expected[0], expected[1]), longest + reach, |k, _| {
        let tick = &ticks[k];
        let off = minus(tick.end(side), expected);
        let away = dot(off, off).sqrt();
        let nearer = best.is_none_or(|(d, j)| away < d || (away == d && k < j));
        let alike = dot(tick.along, model.along).abs() > PARALLEL_COS;
        if alike && away < reach && nearer && tick.length_px < 9.0 * step_px {
            best = Some((away, k));
        }
    });
    best.map(|(_, k)| k).filter(|k| chain.iter().all(|(_, t)| t != k))
}

/// A chain as a ruler, if it is even, straight and its longer ticks are in a millimetre ruler's order.
fn ruler(chain: &Chain, ticks: &[Tick]) -> Option<Comb> {
    let span = (chain[chain.len() - 1].0 - chain[0].0) as f64 + 1.0;
    if (span - chain.len() as f64) / span > HIDDEN_SHARE {
        return None;
    }
    let model = ticks[chain[0].1].along;
    [model, model.map(|v| -v)].into_iter().find_map(|side| {
        let ends: Vec<Point> = chain.iter().map(|(_, t)| ticks[*t].end(side)).collect();
        let line = Line::through(&ends);
        let step_px = line.length(&ends) / (span - 1.0);
        (line.spread(&ends) < (OFF_ACROSS.0 * step_px).max(OFF_ACROSS.1)).then_some(())?;
        let step_mm = order(chain, ticks)?;
        let shortest = chain.iter().map(|(_, t)| ticks[*t].length_px).fold(f64::INFINITY, f64::min);
        let inward = [-side[0] * shortest / 2.0, -side[1] * shortest / 2.0];
        let crossed = Line { middle: [line.middle[0] + inward[0], line.middle[1] + inward[1]], ..line };
        let places: Vec<(f64, f64)> =
            chain.iter().map(|(n, t)| (*n as f64, crossed.crossing(&ticks[*t]))).collect();
        let longest_px = chain.iter().map(|(_, t)| ticks[*t].length_px).fold(0.0, f64::max);
        let comb = even(&places, &crossed)?;
        Some(Comb { step_mm, to_base: inward.map(|v| -v), longest_px, ..comb })
    })
}

/// Fits evenly spaced places, their step changing slowly.
fn even(places: &[(f64, f64)], line: &Line) -> Option<Comb> {
    let n = places.len() as f64;
    let middle = places.iter().map(|p| p.0).sum::<f64>() / n;
    let (mut normal, mut right) = (Matrix3::<f64>::zeros(), Vector3::zeros());
    for (number, t) in places {
        let k = number - middle;
        let row = Vector3::new(1.0, k, k * k);
        normal += row * row.transpose();
        right += row * *t;
    }
    let inverse = normal.try_inverse()?;
    let fit = inverse * right;
    let off = |(number, t): &(f64, f64)| {
        let k = number - middle;
        t - fit[0] - fit[1] * k - fit[2] * k * k
    };
    let variance = places.iter().map(|p| off(p).powi(2)).sum::<f64>() / (n - 3.0);
    let step_px = fit[1].abs();
    if variance.sqrt() > (OFF_ALONG.0 * step_px).max(OFF_ALONG.1) {
        return None;
    }
    let at = |number: i64| {
        let k = number as f64 - middle;
        let t = fit[0] + fit[1] * k + fit[2] * k * k;
        [line.middle[0] + t * line.along[0], line.middle[1] + t * line.along[1]]
    };
    let uncertain = |k: usize| (variance * inverse[(k, k)]).sqrt();
    Some(Comb {
        ticks: places.len(),
        step_mm: f64::NAN,
        step_px,
        step_relative: uncertain(1) / step_px,
        slope_per_px: (2.0 * fit[2].abs()).hypot(2.0 * uncertain(2)) / (step_px * step_px),
        places: (places[0].0 as i64..=places[places.len() - 1].0 as i64).map(at).collect(),
        to_base: [0.0; 2],
        longest_px: 0.0,
    })
}

/// Millimetres between ticks by the order of long and short ones.
fn order(chain: &Chain, ticks: &[Tick]) -> Option<f64> {
    let lengths: Vec<(i64, f64)> = chain.iter().map(|(n, t)| (*n, ticks[*t].length_px)).collect();
    let (short, long) = two_kinds(&lengths)?;
    let limit = (short * long).sqrt();
    // Phase and share of ticks that are long where, and only where, the order asks.
    let best = |period: i64| {
        let agree = |phase: i64| {
            let fit = |(n, length): &&(i64, f64)| ((n - phase).rem_euclid(period) == 0) == (*length > limit);
            lengths.iter().filter(fit).count() as f64 / lengths.len() as f64
        };
        (0..period).map(|phase| (phase, agree(phase))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0))
    };
    let longs = |period: i64, phase: i64| -> Vec<(i64, f64)> {
        let on = lengths.iter().filter(|(n, _)| (n - phase).rem_euclid(period) == 0);
        on.map(|(n, length)| ((n - phase).div_euclid(period), *length)).collect()
    };
    let (phase, share) = best(2);
    if share > ORDERLY {
        return (!alternates(&longs(2, phase))).then_some(0.5);
    }
    let orderly = |period: i64| {
        let (phase, share) = best(period);
        share > ORDERLY && longs(period, phase).iter().filter(|(_, l)| *l > limit).count() >= 2
    };
    (orderly(5) || orderly(10)).then_some(1.0)
}

/// Mean lengths of short and long ticks, if there are two kinds.
fn two_kinds(lengths: &[(i64, f64)]) -> Option<(f64, f64)> {
    let low = lengths.iter().map(|l| l.1).fold(f64::INFINITY, f64::min);
    let high = lengths.iter().map(|l| l.1).fold(0.0, f64::max);
    let limit = (low * high).sqrt();
    let of =
        |long: bool| -> Vec<f64> { lengths.iter().map(|l| l.1).filter(|l| (*l > limit) == long).collect() };
    let (short, long) = (of(false), of(true));
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let spread =
        |v: &[f64]| (v.iter().map(|l| (l - mean(v)).powi(2)).sum::<f64>() / v.len() as f64).sqrt() / mean(v);
    let distinct = !long.is_empty() && mean(&long) > LONG_RATIO * mean(&short);
    (distinct && spread(&short) < LENGTH_SPREAD && spread(&long) < LENGTH_SPREAD + 0.1)
        .then(|| (mean(&short), mean(&long)))
}

/// Whether every second one is longer than those between, as on inch rulers.
fn alternates(lengths: &[(i64, f64)]) -> bool {
    let mean = |odd: i64| {
        let of: Vec<f64> = lengths.iter().filter(|(n, _)| n.rem_euclid(2) == odd).map(|(_, l)| *l).collect();
        of.iter().sum::<f64>() / of.len().max(1) as f64
    };
    let (even, odd) = (mean(0), mean(1));
    even.max(odd) > INCH_RATIO * even.min(odd)
}

/// The line along a ruler.
#[derive(Clone, Copy)]
struct Line {
    middle: Point,
    along: Point,
}

impl Line {
    fn through(points: &[Point]) -> Self {
        let n = points.len() as f64;
        let middle = points.iter().fold([0.0; 2], |m, p| [m[0] + p[0] / n, m[1] + p[1] / n]);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for p in points {
            let [dx, dy] = minus(*p, middle);
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        Self { middle, along: [angle.cos(), angle.sin()] }
    }

    /// Distance between the outermost of points along it.
    fn length(&self, points: &[Point]) -> f64 {
        let t = |p: &Point| dot(minus(*p, self.middle), self.along);
        (t(&points[points.len() - 1]) - t(&points[0])).abs()
    }

    /// Root mean square distance of points from it.
    fn spread(&self, points: &[Point]) -> f64 {
        let off = |p: &Point| {
            let [dx, dy] = minus(*p, self.middle);
            (dy * self.along[0] - dx * self.along[1]).powi(2)
        };
        (points.iter().map(off).sum::<f64>() / points.len() as f64).sqrt()
    }

    /// Where a tick's own line crosses, pixels along from the middle.
    fn crossing(&self, tick: &Tick) -> f64 {
        let [dx, dy] = minus(tick.middle, self.middle);
        let turned = tick.along[0] * self.along[1] - tick.along[1] * self.along[0];
        (tick.along[0] * dy - tick.along[1] * dx) / turned
    }
}
