//! What became of each session's dots.

use std::collections::BTreeMap;

use stipple_model::SessionKept;

use super::mixture::Told;
use super::{DOTS_MIN, Done, Measured, NONE_LOOKS_LIKE, estimate};

/// Rounds of expectation and maximization.
const ROUNDS: usize = 100;

/// The share of each session, when several are done and dots are there: how much likelier each dot is there than gone stays as it was told, but
/// every session has a share of its own. What is unsure of all dots is unsure of each session's.
pub(super) fn by_session(shown: &[Done<'_>], dots: &[Measured], told: &Told) -> Vec<SessionKept> {
    let mut odds: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for ((done, dot), probability) in shown.iter().zip(dots).zip(&told.probability) {
        let prior = told.parts[usize::from(!dot.in_scar)].map_or(told.share, |(share, _)| share);
        odds.entry(done.session).or_default().push(over_chance(*probability, prior));
    }
    // Where hardly any dot is there, none is told from a hair, in no session.
    if odds.len() < 2 || told.share < NONE_LOOKS_LIKE {
        return Vec::new();
    }
    let kept = |(number, odds): (u32, Vec<f64>)| {
        let (share, chance) = share(&odds);
        let retained_fraction =
            (odds.len() >= DOTS_MIN).then(|| estimate((share, chance.hypot(told.uncertainty))));
        SessionKept { number, planned: odds.len(), retained_fraction }
    };
    odds.into_iter().map(kept).collect()
}

/// How much likelier a dot looks as it does if it is there than if it is gone.
fn over_chance(probability: f64, prior: f64) -> f64 {
    const SURE: f64 = 1e-9;
    let odds = |p: f64| p.clamp(SURE, 1.0 - SURE) / (1.0 - p.clamp(SURE, 1.0 - SURE));
    odds(probability) / odds(prior)
}

/// The likeliest share, and by how much chance moves it.
fn share(odds: &[f64]) -> (f64, f64) {
    let n = odds.len() as f64;
    let mut share = 0.5;
    for _ in 0..ROUNDS {
        share = odds.iter().map(|odds| share * odds / (share * odds + 1.0 - share)).sum::<f64>() / n;
    }
    let bent = |odds: &f64| ((odds - 1.0) / (share * odds + 1.0 - share)).powi(2);
    let information: f64 = odds.iter().map(bent).sum();
    // Because a share of dots is never known better, nor worse, than by counting half of them.
    (share, (1.0 / information.max(1.0)).sqrt().min(0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_its_own_share() {
        // Of 200 dots of which each is told well, 180 are there, though half was expected.
        let odds: Vec<f64> = (0..200).map(|k| if k < 180 { 50.0 } else { 0.02 }).collect();
        let (share, chance) = share(&odds);
        assert!((share - 0.9).abs() < 0.02, "{share}");
        assert!((chance - 0.022).abs() < 0.01, "{chance}");
        assert!((over_chance(0.5, 0.5) - 1.0).abs() < 1e-9);
    }
}
