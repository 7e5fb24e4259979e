//! Which end of a shaft is its root.
//!
//! A hair is seen for a little way under the skin before it comes out: beyond the root the skin is a little
//! like the hair, only softer; beyond the tip it is not. One shaft shows this poorly; hairs side by side grow the same way,
//! so each is decided by its neighborhood.

use rayon::prelude::*;
use stipple_points::CellIndex;
use stipple_raster::Grid;
use stipple_raster::filter::gaussian_blur;

use super::response::Polarity;
use super::shaft::Shaft;
use crate::statistics::median;

/// Softness of the root's shadow, mm.
const SHADOW_MM: f64 = 0.10;
/// Where beyond an end the shadow is looked for, mm.
const BEYOND_MM: [f64; 2] = [0.12, 0.22];
/// Hairs within this distance vote, mm.
const NEIGHBORHOOD_MM: f64 = 5.0;
/// Shorter shafts are dots: the middle is the root.
const LENGTH_MIN_MM: f64 = 0.22;
/// The neighborhood's verdict counts from this many standard errors on.
const SURE: f64 = 2.0;

/// The root of every shaft: the end that the neighborhood's shadows point to, else the middle.
pub(crate) fn roots(shafts: &[Shaft], density: &Grid, px_per_mm: f64, polarity: Polarity) -> Vec<(f64, f64)> {
    let soft = gaussian_blur(density, (SHADOW_MM * px_per_mm) as f32);
    let sign = if polarity == Polarity::Dark { 1.0 } else { -1.0 };
    let evidence = tamed(shafts.iter().map(|shaft| sign * evidence(shaft, &soft, px_per_mm)).collect());
    let middles: Vec<(f64, f64)> = shafts.iter().map(Shaft::middle).collect();
    let index = CellIndex::new(&middles);
    let verdict = |k: usize| {
        let axis = shafts[k].axis()?;
        let neighbors = neighbors(&index, middles[k], NEIGHBORHOOD_MM * px_per_mm);
        let votes = neighbors.into_iter().filter_map(|n| {
            let other = shafts[n].axis()?;
            let along = axis.0 * other.0 + axis.1 * other.1;
            (along.abs() > 0.7 && evidence[n] != 0.0).then(|| along.signum() * evidence[n])
        });
        decide(votes)
    };
    (0..shafts.len())
        .into_par_iter()
        .map(|k| {
            let [first, last] = shafts[k].ends();
            match verdict(k) {
                _ if shafts[k].length_mm < LENGTH_MIN_MM => middles[k],
                Some(true) => last,
                Some(false) => first,
                None => middles[k],
            }
        })
        .collect()
}

/// No vote above the middle one: what is very dark beyond an end is another hair.
fn tamed(evidence: Vec<f64>) -> Vec<f64> {
    let cast = evidence.iter().filter(|e| **e != 0.0).map(|e| e.abs() as f32);
    let limit = median(cast).map_or(0.0, f64::from);
    evidence.into_iter().map(|e| e.clamp(-limit, limit)).collect()
}

/// How much darker it is beyond the last end than beyond the first, in units of optical density.
fn evidence(shaft: &Shaft, soft: &Grid, px_per_mm: f64) -> f64 {
    if shaft.length_mm < LENGTH_MIN_MM {
        return 0.0;
    }
    let path = &shaft.path;
    let near = (path.len() - 1).min((0.25 * px_per_mm).ceil() as usize);
    let beyond = |end: (f64, f64), inner: (f64, f64)| -> f64 {
        let (dx, dy) = (end.0 - inner.0, end.1 - inner.1);
        let length = dx.hypot(dy).max(1e-9);
        let at = |mm: f64| {
            let t = mm * px_per_mm / length;
            f64::from(soft.sample(end.0 + t * dx, end.1 + t * dy))
        };
        BEYOND_MM.iter().map(|mm| at(*mm)).sum::<f64>() / BEYOND_MM.len() as f64
    };
    let last = path.len() - 1;
    beyond(path[last], path[last - near]) - beyond(path[0], path[near])
}

fn neighbors(index: &CellIndex, place: (f64, f64), radius: f64) -> Vec<usize> {
    let mut found = Vec::new();
    index.for_each_within(place, radius, |k, _| found.push(k));
    found.sort_unstable();
    found
}

/// Whether the votes are for the last end (true), the first (false), or not clear.
fn decide(votes: impl Iterator<Item = f64>) -> Option<bool> {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for vote in votes {
        n += 1.0;
        sum += vote;
        squares += vote * vote;
    }
    (n >= 3.0 && sum.abs() > SURE * f64::sqrt(squares)).then_some(sum > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_majority_decides_and_a_tie_does_not() {
        assert_eq!(decide([1.0; 9].into_iter()), Some(true));
        assert_eq!(decide([-1.0; 9].into_iter()), Some(false));
        assert_eq!(decide([1.0, -1.0, 1.0, -1.0].into_iter()), None);
    }
}
