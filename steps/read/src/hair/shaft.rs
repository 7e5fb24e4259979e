//! From peaks of the response to shafts: every hair once, however many peaks it has.

use rayon::prelude::*;
use stipple_raster::peaks::{Peak, peaks};
use stipple_raster::{Grid, Mask};

/// Peaks nearer than this are one, mm.
const PEAK_SPACING_MM: f64 = 0.24;
/// A shaft goes on while the response stays above this share of its peak.
const SHAFT_SHARE: f32 = 0.45;
/// Below that it is taken for the shaft's faint rest, and no other hair, down to this share.
const REST_SHARE: f32 = 0.25;
/// A shaft is not followed farther than this from its peak, mm.
const REACH_MM: f64 = 6.0;
/// Another peak this near to a shaft belongs to it, mm.
const SHAFT_HALF_WIDTH_MM: f64 = 0.13;

/// A hair as far as it can be followed.
#[derive(Clone, Debug)]
pub(crate) struct Shaft {
    /// Its strongest place.
    pub(crate) peak: (f64, f64),
    /// Response there, in units of noise.
    pub(crate) over_noise: f32,
    /// The way along it from end to end, through the peak, in steps of about a pixel.
    pub(crate) path: Vec<(f64, f64)>,
    /// Length, mm.
    pub(crate) length_mm: f64,
}

impl Shaft {
    /// Its two ends.
    pub(crate) fn ends(&self) -> [(f64, f64); 2] {
        [self.path[0], self.path[self.path.len() - 1]]
    }

    /// Halfway along it.
    pub(crate) fn middle(&self) -> (f64, f64) {
        self.path[self.path.len() / 2]
    }

    /// Unit vector from one of its ends to the other; none from between, or for a dot.
    pub(crate) fn away_from(&self, end: (f64, f64)) -> Option<(f64, f64)> {
        let [first, last] = self.ends();
        match self.axis()? {
            axis if end == first => Some(axis),
            axis if end == last => Some((-axis.0, -axis.1)),
            _ => None,
        }
    }

    /// Unit vector from its first end to its last; none for a dot.
    pub(crate) fn axis(&self) -> Option<(f64, f64)> {
        let [a, b] = self.ends();
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx.hypot(dy);
        (length > 0.5).then(|| (dx / length, dy / length))
    }
}

/// Peaks of a response that are at least `floor`, in units of noise.
pub(crate) fn candidates(over_noise: &Grid, zone: &Mask, px_per_mm: f64, floor: f32) -> Vec<Peak> {
    peaks(over_noise, zone, PEAK_SPACING_MM * px_per_mm, floor)
}

/// Follows every hair from its strongest peak; weaker peaks on its way are part of it. Strongest first.
pub(crate) fn shafts(over_noise: &Grid, mut found: Vec<Peak>, px_per_mm: f64) -> Vec<Shaft> {
    found.sort_by(|a, b| b.value.total_cmp(&a.value).then((a.y, a.x).cmp(&(b.y, b.x))));
    let headings: Vec<(f64, f64)> =
        found.par_iter().map(|peak| heading(over_noise, peak.at_px, px_per_mm)).collect();
    let mut taken = Mask::filled(over_noise.width, over_noise.height, false);
    let mut shafts = Vec::with_capacity(found.len());
    for (peak, along) in found.iter().zip(headings) {
        if !taken.at(peak.x, peak.y) {
            let (shaft, rest) = follow(over_noise, &taken, peak, along, px_per_mm);
            let half_width_px = (SHAFT_HALF_WIDTH_MM * px_per_mm).max(1.0);
            shaft.path.iter().for_each(|place| stamp(&mut taken, *place, half_width_px));
            rest.iter().for_each(|place| stamp(&mut taken, *place, 1.0));
            shafts.push(shaft);
        }
    }
    shafts
}

/// The shaft through a peak, and the places of its faint rest.
fn follow(
    over_noise: &Grid,
    taken: &Mask,
    peak: &Peak,
    along: (f64, f64),
    px_per_mm: f64,
) -> (Shaft, Vec<(f64, f64)>) {
    let steps = (REACH_MM * px_per_mm) as usize;
    let arm = |heading| {
        let mut way = walk(over_noise, taken, peak.at_px, heading, REST_SHARE * peak.value, steps);
        let clear = |place: &(f64, f64)| over_noise.sample(place.0, place.1) >= SHAFT_SHARE * peak.value;
        let end = way.iter().position(|place| !clear(place)).unwrap_or(way.len());
        let rest = way.split_off(end);
        (way, rest)
    };
    let (mut path, mut rest) = arm((-along.0, -along.1));
    let (ahead, more) = arm(along);
    path.reverse();
    path.push(peak.at_px);
    path.extend(ahead);
    rest.extend(more);
    let length_px: f64 = path.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum();
    let length_mm = length_px / px_per_mm;
    (Shaft { peak: peak.at_px, over_noise: peak.value, path, length_mm }, rest)
}

/// The direction in which the response stays highest.
fn heading(over_noise: &Grid, (x, y): (f64, f64), px_per_mm: f64) -> (f64, f64) {
    const DIRECTIONS: usize = 16;
    let reach = (0.2 * px_per_mm).max(1.5);
    let direction = |k: usize| {
        let angle = std::f64::consts::PI * k as f64 / DIRECTIONS as f64;
        (angle.cos(), angle.sin())
    };
    let along = |k: usize| -> f32 {
        let (dx, dy) = direction(k);
        [-1.0, -0.5, 0.5, 1.0].iter().map(|t| over_noise.sample(x + t * reach * dx, y + t * reach * dy)).sum()
    };
    let sums: [f32; DIRECTIONS] = std::array::from_fn(along);
    let best = (0..DIRECTIONS).max_by(|a, b| sums[*a].total_cmp(&sums[*b]));
    direction(best.unwrap_or(0))
}

/// Steps of one pixel along the ridge until the response falls below `stop` or another hair begins.
fn walk(
    over_noise: &Grid,
    taken: &Mask,
    start: (f64, f64),
    heading: (f64, f64),
    stop: f32,
    steps: usize,
) -> Vec<(f64, f64)> {
    const TURNS_DEG: [f64; 5] = [0.0, -15.0, 15.0, -30.0, 30.0];
    let turns = TURNS_DEG.map(|turn| turn.to_radians().sin_cos());
    let (width, height) = (over_noise.width as f64, over_noise.height as f64);
    let (mut at, mut heading) = (start, heading);
    let mut path = Vec::new();
    for _ in 0..steps {
        let next = turns.map(|(sin, cos)| {
            let turned = (cos * heading.0 - sin * heading.1, sin * heading.0 + cos * heading.1);
            let place = (at.0 + turned.0, at.1 + turned.1);
            (over_noise.sample(place.0, place.1), place, turned)
        });
        let mut best = next[0];
        next[1..].iter().for_each(|other| {
            if other.0 > best.0 {
                best = *other;
            }
        });
        let inside = (0.0..width).contains(&best.1.0) && (0.0..height).contains(&best.1.1);
        if best.0 < stop || !inside || taken.contains(best.1.0, best.1.1) {
            break;
        }
        path.push(best.1);
        // Half of each turn: a shaft bends slowly, noise does not.
        let mixed = (heading.0 + best.2.0, heading.1 + best.2.1);
        let length = mixed.0.hypot(mixed.1);
        heading = (mixed.0 / length, mixed.1 / length);
        at = best.1;
    }
    path
}

fn stamp(mask: &mut Mask, (x, y): (f64, f64), radius_px: f64) {
    let range = |center: f64, size: usize| {
        let low = (center - radius_px - 0.5).ceil().max(0.0) as usize;
        low..((center + radius_px - 0.5).floor().max(-1.0) + 1.0).min(size as f64) as usize
    };
    for row in range(y, mask.height) {
        for column in range(x, mask.width) {
            let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
            if dx * dx + dy * dy <= radius_px * radius_px {
                mask.samples[row * mask.width + column] = true;
            }
        }
    }
}
