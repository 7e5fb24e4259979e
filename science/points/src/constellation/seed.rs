//! A first place where two constellations agree, at any rotation.
//!
//! Two points of the one picture are laid on every two points of the other that are about as far apart; each lay
//! is a vote on rotation, scale and shift. Points around are asked in turn whether they have a partner, until too
//! few have: wrong lays are done with after one or two questions. What is left is fitted and weighed.

use rayon::prelude::*;

use super::affine::Affine;
use super::evidence::{NEAR, Odds, Patch, fitted};
use super::sky::Sky;

/// Distance of the two points, spacings.
const APART: (f64, f64) = (3.0, 4.6);
/// How far scales may differ.
const SCALE: (f64, f64) = (0.79, 1.27);
/// Points within this distance are asked, spacings; at most so many.
const AROUND: f64 = 4.2;
/// See [`AROUND`].
const ASKED_MAX: usize = 60;
/// A lay is dropped at this evidence, and looked at further from that.
const DROPPED_NATS: f64 = -3.0;
/// See [`DROPPED_NATS`].
const LIKELY_NATS: f64 = 4.0;
/// Lays of two points that are fitted.
const FITTED_MAX: usize = 64;
/// Rounds of fitting: radius and reach, spacings.
const ROUNDS: [(f64, f64); 5] = [(3.6, 0.36), (4.2, 0.32), (5.0, 0.32), (6.0, 0.28), (7.0, 0.28)];
/// Two points tried before giving up.
pub(super) const TRIES: usize = 28;

/// Where the points of a picture are, widened by the reach of partners: one look tells whether there is one.
pub(super) struct Occupied {
    origin: (f64, f64),
    per_length: f64,
    columns: usize,
    rows: usize,
    bits: Vec<u64>,
    /// Share of the cells near points that are taken.
    chance: f64,
}

impl Occupied {
    pub(super) fn new(sky: &Sky) -> Self {
        let reach = NEAR * 1.1 * sky.spacing;
        let (low, high) = sky.extent();
        let origin = (low.0 - 2.0 * reach, low.1 - 2.0 * reach);
        let area = (high.0 - low.0 + 4.0 * reach) * (high.1 - low.1 + 4.0 * reach);
        let cell = (0.06 * sky.spacing).max((area / 6e6).sqrt());
        let cells = |from: f64, to: f64| ((to + 2.0 * reach - from) / cell) as usize + 1;
        let (columns, rows) = (cells(origin.0, high.0), cells(origin.1, high.1));
        let mut own = Self {
            origin,
            per_length: 1.0 / cell,
            columns,
            rows,
            bits: vec![0; (columns * rows).div_ceil(64)],
            chance: 0.0,
        };
        sky.places.iter().for_each(|place| own.take(*place, reach));
        // Because much of the box may show nothing, the chance is that of an even crowd at this spacing.
        let taken: u32 = own.bits.iter().map(|word| word.count_ones()).sum();
        let each = f64::from(taken) * cell * cell / sky.places.len() as f64;
        own.chance = (each / (sky.spacing * sky.spacing)).clamp(0.03, 0.6);
        own
    }

    fn take(&mut self, (x, y): (f64, f64), reach: f64) {
        let span = (reach * self.per_length) as isize + 1;
        let (column, row) = (
            ((x - self.origin.0) * self.per_length) as isize,
            ((y - self.origin.1) * self.per_length) as isize,
        );
        for (dx, dy) in (-span..=span).flat_map(|dy| (-span..=span).map(move |dx| (dx, dy))) {
            if ((dx * dx + dy * dy) as f64) <= (reach * self.per_length).powi(2) {
                let (column, row) = ((column + dx) as usize, (row + dy) as usize);
                if column < self.columns && row < self.rows {
                    let k = row * self.columns + column;
                    self.bits[k / 64] |= 1 << (k % 64);
                }
            }
        }
    }

    #[inline]
    fn has(&self, (x, y): (f64, f64)) -> bool {
        let (x, y) = ((x - self.origin.0) * self.per_length, (y - self.origin.1) * self.per_length);
        if x < 0.0 || y < 0.0 || x >= self.columns as f64 || y >= self.rows as f64 {
            return false;
        }
        let k = y as usize * self.columns + x as usize;
        self.bits[k / 64] >> (k % 64) & 1 == 1
    }
}

/// Two points of the first picture and who stands around them, told in their frame: the first is 0, the second 1.
struct Pair {
    from: (f64, f64),
    to: (f64, f64),
    asked: Vec<((f64, f64), Odds)>,
}

/// A lay of the pair on two points of the other picture.
#[derive(Clone, Copy)]
struct Lay {
    nats: f64,
    onto: (usize, usize),
}

/// The best patch that each pair of points finds, one after the other, until `is_enough`.
///
/// With `mirrored`, the first picture is looked at in a mirror.
pub(super) fn seeds<'a>(
    before: &'a Sky,
    after: &'a Sky,
    occupied: &'a Occupied,
    mirrored: bool,
) -> impl Iterator<Item = Patch> + 'a {
    pairs(before)
        .into_iter()
        .filter_map(move |(a, b)| best_of(before, after, occupied, &told(before, occupied, a, b), mirrored))
}

/// Pairs to try: spread over the picture, both ends believed, many around to ask.
fn pairs(sky: &Sky) -> Vec<(usize, usize)> {
    let (low, high) = sky.extent();
    // Places of a sequence that covers any box evenly [@Roberts2018].
    let place = |k: usize| {
        let at = |step: f64, low: f64, high: f64| {
            low + (high - low) * (0.12 + 0.76 * (0.5 + step * k as f64).fract())
        };
        (at(0.754_877_666, low.0, high.0), at(0.569_840_291, low.1, high.1))
    };
    let usable = |k: &usize| !sky.is_jury(*k);
    let believed = |a: &usize, b: &usize| sky.confidence[*b].total_cmp(&sky.confidence[*a]).then(a.cmp(b));
    let pair = |k: usize| {
        let near = sky.within(place(k), 2.2 * sky.spacing);
        let first = near.into_iter().filter(usable).min_by(believed)?;
        let from = sky.places[first];
        let apart = |other: &usize| {
            let to = sky.places[*other];
            (to.0 - from.0).hypot(to.1 - from.1) > APART.0 * sky.spacing
        };
        let second = sky
            .within(from, APART.1 * sky.spacing)
            .into_iter()
            .filter(usable)
            .filter(apart)
            .min_by(believed)?;
        Some((first, second))
    };
    let mut all: Vec<(usize, usize)> = Vec::new();
    for pair in (0..3 * TRIES).filter_map(pair) {
        if all.len() < TRIES && !all.contains(&pair) {
            all.push(pair);
        }
    }
    all
}

fn told(sky: &Sky, occupied: &Occupied, a: usize, b: usize) -> Pair {
    let (from, to) = (sky.places[a], sky.places[b]);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let squared = dx * dx + dy * dy;
    let middle = (from.0 + dx / 2.0, from.1 + dy / 2.0);
    let away = |k: &usize| {
        let p = sky.places[*k];
        (p.0 - middle.0).powi(2) + (p.1 - middle.1).powi(2)
    };
    let mut near = sky.within(middle, AROUND * sky.spacing);
    near.retain(|k| *k != a && *k != b && !sky.is_jury(*k));
    near.sort_by(|a, b| away(a).total_cmp(&away(b)).then(a.cmp(b)));
    near.truncate(ASKED_MAX);
    let asked = near.into_iter().map(|k| {
        let (x, y) = (sky.places[k].0 - from.0, sky.places[k].1 - from.1);
        let told = ((x * dx + y * dy) / squared, (y * dx - x * dy) / squared);
        (told, Odds::new(sky.confidence[k], occupied.chance))
    });
    Pair { from, to, asked: asked.collect() }
}

fn best_of(before: &Sky, after: &Sky, occupied: &Occupied, pair: &Pair, mirrored: bool) -> Option<Patch> {
    let lays = lays(before, after, occupied, pair, mirrored);
    let patches: Vec<Patch> =
        lays.par_iter().filter_map(|lay| refined(before, after, pair, *lay, mirrored)).collect();
    patches.into_iter().reduce(|best, other| if other.nats > best.nats { other } else { best })
}

/// The likeliest lays, best first.
fn lays(before: &Sky, after: &Sky, occupied: &Occupied, pair: &Pair, mirrored: bool) -> Vec<Lay> {
    let length = (pair.to.0 - pair.from.0).hypot(pair.to.1 - pair.from.1) / before.spacing;
    let (least, most) = (SCALE.0 * length * after.spacing, SCALE.1 * length * after.spacing);
    let hand = if mirrored { -1.0 } else { 1.0 };
    let of_first = |k: usize| {
        let from = after.places[k];
        let mut found = Vec::new();
        after.index.for_each_within(from, most, |other, squared| {
            if squared >= least * least {
                let to = after.places[other];
                let nats = asked(occupied, pair, from, (to.0 - from.0, to.1 - from.1), hand);
                if nats >= LIKELY_NATS {
                    found.push(Lay { nats, onto: (k, other) });
                }
            }
        });
        found
    };
    let mut all: Vec<Lay> =
        (0..after.places.len()).into_par_iter().with_min_len(64).flat_map_iter(of_first).collect();
    all.sort_by(|a, b| b.nats.total_cmp(&a.nats).then(a.onto.cmp(&b.onto)));
    all.truncate(FITTED_MAX);
    all
}

/// Evidence for a lay; stops asking where it is hopeless.
#[inline]
fn asked(occupied: &Occupied, pair: &Pair, from: (f64, f64), (dx, dy): (f64, f64), hand: f64) -> f64 {
    let mut nats = 0.0;
    for ((x, y), odds) in &pair.asked {
        let y = hand * y;
        let at = (from.0 + x * dx - y * dy, from.1 + x * dy + y * dx);
        nats += if occupied.has(at) { odds.partner } else { odds.none };
        if nats < DROPPED_NATS {
            break;
        }
    }
    nats
}

fn refined(before: &Sky, after: &Sky, pair: &Pair, lay: Lay, mirrored: bool) -> Option<Patch> {
    let (from, to) = (after.places[lay.onto.0], after.places[lay.onto.1]);
    let (p, q) = ((pair.to.0 - pair.from.0, pair.to.1 - pair.from.1), (to.0 - from.0, to.1 - from.1));
    let squared = p.0 * p.0 + p.1 * p.1;
    let hand = if mirrored { -1.0 } else { 1.0 };
    // q = z p, or z times p seen in a mirror.
    let p = (p.0, hand * p.1);
    let (real, imaginary) = ((q.0 * p.0 + q.1 * p.1) / squared, (q.1 * p.0 - q.0 * p.1) / squared);
    let linear = [real, -hand * imaginary, imaginary, hand * real];
    let start = Affine { from: pair.from, to: from, linear };
    let middle = ((pair.from.0 + pair.to.0) / 2.0, (pair.from.1 + pair.to.1) / 2.0);
    fitted(before, after, start.around(middle), &ROUNDS, &|k| !before.is_jury(k))
}
