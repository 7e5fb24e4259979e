//! How far people agree who rated the same pictures.
//!
//! # Symbols
//! | symbol | name |
//! |---|---|
//! | n, k | pictures, raters |
//! | R, C, E | mean squares between pictures, between raters, and what is left |
//!
//! # Sources
//! [@McGrawWong1996] [@BlandAltman1999]

use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{ContinuousCDF as _, FisherSnedecor, Normal, StudentsT};
use stipple_model::agreement::{Agreement, Interval, Pair, Score, Together};
use stipple_model::{Caveat, Code, Qualified, Weight};

use crate::error::Error;

/// Both ends of a range that holds 95 of 100.
const UPPER: f64 = 0.975;
/// Differences of a normal distribution that hold 95 of 100, standard deviations.
const LIMIT: f64 = 1.96;
/// Fewer pictures say little: with 30 and two raters an ICC of 0.7 is known to about ± 0.15.
const PICTURES_TELLING: usize = 30;
const NOTHING_SHARED: &str = "No two raters, and no rater twice, share three pictures; needed: the same three pictures or more \
     rated by two raters, or by one on two occasions.";
/// With fewer raters who rate at different levels the range of a correlation is too narrow: with three and 100 pictures it holds
/// the truth in 82 to 90 of 100 studies.
const RATERS_TELLING: usize = 5;
/// Fewer give no range.
const PICTURES_MIN: usize = 3;

/// What scores say of agreement; where a rater scored a picture several times, first against second.
///
/// | | meaning |
/// |---|---|
/// | in | scores on one scale, a picture and a rater each; at most one a picture, rater and occasion |
/// | out | intraclass correlations of all raters, Bland–Altman of every two and of every rater's repeats |
///
/// # Errors
/// [`Error::Nothing`] where no two raters, and no rater twice, share three pictures.
///
/// # Cost
/// O(pictures × raters²).
pub fn agreement(scores: &[Score]) -> Result<Qualified<Agreement>, Error> {
    let raters = in_order(scores.iter().map(|score| &score.rater));
    let first = by_rater(scores, 1);
    let second = by_rater(scores, 2);
    let by = |all: &BTreeMap<String, Rated>| -> Vec<Rated> {
        raters.iter().map(|rater| all.get(rater).cloned().unwrap_or_default()).collect()
    };
    let (columns, again) = (by(&first), by(&second));
    let mut pairs = Vec::new();
    for (j, other) in raters.iter().enumerate() {
        for (i, one) in raters.iter().enumerate().take(j) {
            pairs.extend(pair([one, other], &columns[i], &columns[j]));
        }
    }
    let repeated = raters.iter().zip(columns.iter().zip(&again));
    let repeats: Vec<Pair> =
        repeated.filter_map(|(rater, (one, other))| pair([rater, rater], one, other)).collect();
    if pairs.is_empty() && repeats.is_empty() {
        return Err(Error::Nothing(NOTHING_SHARED));
    }
    let pictures: BTreeSet<&String> = scores.iter().map(|score| &score.picture).collect();
    let made = Agreement { pictures: pictures.len(), together: together(&columns), raters, pairs, repeats };
    let mut caveats = caveats(&made);
    caveats.extend(later(scores));
    Ok(Qualified::new(made, caveats))
}

/// A rater's scores by picture.
type Rated = BTreeMap<String, f64>;

fn by_rater(scores: &[Score], occasion: u32) -> BTreeMap<String, Rated> {
    let mut all: BTreeMap<String, Rated> = BTreeMap::new();
    for score in scores.iter().filter(|score| score.occasion == occasion) {
        all.entry(score.rater.clone()).or_default().insert(score.picture.clone(), score.score);
    }
    all
}

fn in_order<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(*name)).cloned().collect()
}

/// Intraclass correlations of the pictures that all raters rated.
fn together(columns: &[Rated]) -> Option<Together> {
    let (one, others) = columns.split_first()?;
    let shared = one.keys().filter(|picture| others.iter().all(|other| other.contains_key(*picture)));
    let rows: Vec<Vec<f64>> =
        shared.map(|picture| columns.iter().map(|column| column[picture]).collect()).collect();
    let squares = Squares::of(&rows)?;
    let single = squares.absolute();
    // Because scores that say less than nothing of a picture say nothing of it in the mean.
    let mean = |r: f64| squares.k * r.max(0.0) / (1.0 + (squares.k - 1.0) * r.max(0.0));
    let by_raters = ((squares.c - squares.e) / squares.n).max(0.0);
    let standard_error = (by_raters + squares.e).sqrt();
    Some(Together {
        pictures: rows.len(),
        single,
        mean: Interval { value: mean(single.value), low: mean(single.low), high: mean(single.high) },
        consistency: squares.consistency(),
        standard_error,
        smallest_detectable: LIMIT * std::f64::consts::SQRT_2 * standard_error,
    })
}

/// Mean squares of a two-way table.
struct Squares {
    n: f64,
    k: f64,
    r: f64,
    c: f64,
    e: f64,
}

impl Squares {
    /// None with too few pictures or raters, or where nothing differs.
    fn of(rows: &[Vec<f64>]) -> Option<Self> {
        let (count, raters) = (rows.len(), rows.first()?.len());
        if count < PICTURES_MIN || raters < 2 {
            return None;
        }
        let (n, k) = (count as f64, raters as f64);
        let grand = rows.iter().flatten().sum::<f64>() / (n * k);
        let of_row: Vec<f64> = rows.iter().map(|row| row.iter().sum::<f64>() / k).collect();
        let of_column: Vec<f64> =
            (0..raters).map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / n).collect();
        let left = |i: usize, j: usize| (rows[i][j] - of_row[i] - of_column[j] + grand).powi(2);
        let left: f64 =
            (0..count).flat_map(|i| (0..raters).map(move |j| (i, j))).map(|(i, j)| left(i, j)).sum();
        let off = |means: &[f64]| means.iter().map(|mean| (mean - grand).powi(2)).sum::<f64>();
        let squares = Self {
            n,
            k,
            r: k * off(&of_row) / (n - 1.0),
            c: n * off(&of_column) / (k - 1.0),
            e: left / ((n - 1.0) * (k - 1.0)),
        };
        // Pictures that do not differ but by rounding leave nothing to agree on.
        (squares.r + squares.e > rounding(rows.iter().flatten())).then_some(squares)
    }

    /// ICC(A,1) with its range, [@McGrawWong1996] table 7.
    fn absolute(&self) -> Interval {
        let Self { n, k, r, c, e } = *self;
        // Raters cannot contradict one another more than that.
        let icc = |value: f64| value.clamp(-1.0 / (k - 1.0), 1.0);
        let value = icc((r - e) / (r + (k - 1.0) * e + k / n * (c - e)));
        let share = value.clamp(0.0, 1.0 - 1e-9);
        let a = k * share / (n * (1.0 - share));
        let b = 1.0 + k * share * (n - 1.0) / (n * (1.0 - share));
        let within = (a * c).powi(2) / (k - 1.0) + (b * e).powi(2) / ((n - 1.0) * (k - 1.0));
        if within <= 0.0 {
            return Interval { value, low: value, high: value };
        }
        let free = (a * c + b * e).powi(2) / within;
        let [low, high] = [quantile_f(n - 1.0, free), quantile_f(free, n - 1.0)];
        let rest = k * c + (k * n - k - n) * e;
        Interval {
            value,
            low: icc(n * (r - low * e) / (low * rest + n * r)),
            high: icc(n * (high * r - e) / (rest + n * high * r)),
        }
    }

    /// ICC(C,1) with its range.
    fn consistency(&self) -> Interval {
        let Self { n, k, r, e, .. } = *self;
        // An infinite ratio: no error at all.
        let of = |ratio: f64| if ratio.is_finite() { (ratio - 1.0) / (ratio + k - 1.0) } else { 1.0 };
        let (ratio, left) = (r / e, (n - 1.0) * (k - 1.0));
        Interval {
            value: of(ratio),
            low: of(ratio / quantile_f(n - 1.0, left)),
            high: of(ratio * quantile_f(left, n - 1.0)),
        }
    }
}

/// A square of differences between scores that rounding alone makes.
fn rounding<'a>(scores: impl Iterator<Item = &'a f64>) -> f64 {
    (1e-9 * scores.fold(0.0f64, |most, score| most.max(score.abs()))).powi(2)
}

/// Bland and Altman of two raters, or of one rater's two scores; none with fewer than three pictures.
fn pair(raters: [&String; 2], one: &Rated, other: &Rated) -> Option<Pair> {
    let rows: Vec<Vec<f64>> =
        one.iter().filter_map(|(picture, score)| Some(vec![*score, *other.get(picture)?])).collect();
    if rows.len() < PICTURES_MIN {
        return None;
    }
    let places: Vec<[f64; 2]> = rows.iter().map(|row| [0.5 * (row[0] + row[1]), row[0] - row[1]]).collect();
    let n = places.len() as f64;
    let bias = places.iter().map(|place| place[1]).sum::<f64>() / n;
    let spread = (places.iter().map(|place| (place[1] - bias).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let t = quantile_t(n - 1.0);
    let around = |value: f64, half: f64| Interval { value, low: value - half, high: value + half };
    let of_limit = t * spread * (1.0 / n + LIMIT.powi(2) / (2.0 * (n - 1.0))).sqrt();
    Some(Pair {
        raters: raters.map(String::clone),
        bias: around(bias, t * spread / n.sqrt()),
        spread,
        limits: [-LIMIT, LIMIT].map(|times| around(bias + times * spread, of_limit)),
        slope: slope(&places),
        single: Squares::of(&rows).map(|squares| squares.absolute()),
        places,
    })
}

/// How the difference goes with the mean, by least squares.
fn slope(places: &[[f64; 2]]) -> Option<Interval> {
    let n = places.len() as f64;
    let mean = |of: usize| places.iter().map(|place| place[of]).sum::<f64>() / n;
    let (x, y) = (mean(0), mean(1));
    let across: f64 = places.iter().map(|place| (place[0] - x).powi(2)).sum();
    if across <= rounding(places.iter().map(|place| &place[0])) {
        return None;
    }
    let value = places.iter().map(|place| (place[0] - x) * (place[1] - y)).sum::<f64>() / across;
    let left: f64 = places.iter().map(|place| (place[1] - y - value * (place[0] - x)).powi(2)).sum();
    let half = quantile_t(n - 2.0) * (left / (n - 2.0) / across).sqrt();
    Some(Interval { value, low: value - half, high: value + half })
}

fn quantile_f(one: f64, other: f64) -> f64 {
    FisherSnedecor::new(one, other).expect("degrees of freedom above zero").inverse_cdf(UPPER)
}

fn quantile_normal(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

fn quantile_t(free: f64) -> f64 {
    StudentsT::new(0.0, 1.0, free).expect("degrees of freedom above zero").inverse_cdf(UPPER)
}

fn caveats(made: &Agreement) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    let shared = made.together.map_or(0, |together| together.pictures);
    if made.together.is_some() && shared < made.pictures {
        caveats.push(Caveat::new(
            Code::RatingsLeftOut,
            Weight::Doubt,
            format!(
                "Of {} pictures, {shared} were rated by every rater; the correlation of all raters rests on those.",
                made.pictures
            ),
            "Let every rater rate every picture; what is left out may be what is hard to rate.",
        ));
    }
    if shared.max(most_shared(made)) < PICTURES_TELLING {
        caveats.push(Caveat::new(
            Code::RatingsFew,
            Weight::Doubt,
            format!("Fewer than {PICTURES_TELLING} pictures are shared: ranges are wide."),
            "Have more pictures rated before concluding that people agree, or that they do not.",
        ));
    }
    if made.together.is_some() && made.raters.len() < RATERS_TELLING {
        caveats.push(Caveat::new(
            Code::RatingsFew,
            Weight::Note,
            format!(
                "With {} raters the range of the correlation is too narrow if some rate higher than others on the whole.",
                made.raters.len()
            ),
            "Have more people rate, rather than more pictures.",
        ));
    }
    // Because of many pairs some would slope by chance.
    let times = quantile_normal(1.0 - 0.025 / made.pairs.len().max(1) as f64) / LIMIT;
    let slopes = |slope: &Interval| slope.value.abs() > times * 0.5 * (slope.high - slope.low);
    if made.pairs.iter().filter_map(|pair| pair.slope).any(|slope| slopes(&slope)) {
        caveats.push(Caveat::new(
            Code::RatingsSlope,
            Weight::Note,
            "Some raters differ more, or the other way round, the higher they rate: one bias does not tell it.".to_owned(),
            "Look at the slope of each pair.",
        ));
    }
    caveats
}

/// Scores of later occasions say nothing that the first two did not, and are not looked at.
fn later(scores: &[Score]) -> Option<Caveat> {
    let count = scores.iter().filter(|score| score.occasion > 2).count();
    (count > 0).then(|| {
        Caveat::new(
            Code::RatingsLeftOut,
            Weight::Note,
            format!(
                "{count} scores of a third occasion and later were left out: first and second are compared."
            ),
            "Give two occasions at a time.",
        )
    })
}

fn most_shared(made: &Agreement) -> usize {
    made.pairs.iter().chain(&made.repeats).map(|pair| pair.places.len()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
