//! How pigment may leave a person, as far as is known before anybody looked; what is seen of what is left.

use super::{DAYS_PER_YEAR, Prior, Sun};
use crate::dot::{Deposit, SkinAround, integrated_contrast};

/// One way that pigment may leave: quick while the skin heals, slow later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PigmentLoss {
    /// Share that leaves while the skin heals, 0–1.
    pub healing_share: f64,
    /// Time constant of healing, days.
    pub healing_days: f64,
    /// Time constant of slow fading, years.
    pub fading_years: f64,
}

/// Places on each side of a quantity's median, and how far they reach, standard deviations.
const SIDE: [i32; 3] = [6, 3, 24];
const REACH: f64 = 3.0;

impl PigmentLoss {
    /// Ways that pigment may leave people, with the weight of each; weights sum to 1. It is the prior of
    /// [`pigment_share_left`](super::pigment_share_left) on a grid of 3 standard deviations to either side, under the sun that
    /// a head gets.
    pub fn usual(in_scar: bool, sun: Sun) -> Vec<(Self, f64)> {
        let prior = Prior::of(in_scar).in_sun(sun);
        let places = |k: usize| {
            let side = SIDE[k];
            (-side..=side).map(move |i| {
                let z = REACH * f64::from(i) / f64::from(side);
                (z, (-z * z / 2.0).exp())
            })
        };
        let mut ways = Vec::new();
        for (share, share_weight) in places(0) {
            for (days, days_weight) in places(1) {
                for (years, years_weight) in places(2) {
                    let way = Self::of(&prior, [share, days, years]);
                    ways.push((way, share_weight * days_weight * years_weight));
                }
            }
        }
        let sum: f64 = ways.iter().map(|(_, weight)| weight).sum();
        ways.iter_mut().for_each(|(_, weight)| *weight /= sum);
        ways
    }

    /// The one so many standard deviations from the medians of share, days and years.
    pub(super) fn of(prior: &Prior, [share, days, years]: [f64; 3]) -> Self {
        let lognormal = |(median, deviation): (f64, f64), z: f64| median * (deviation * z).exp();
        Self {
            healing_share: normal(prior.healing_share, share).min(1.0),
            healing_days: lognormal(prior.healing_days, days),
            fading_years: lognormal(prior.fading_years, years),
        }
    }

    /// Share of the pigment still there after so many days, 0–1; negative days count as none.
    pub fn share_left(&self, days: f64) -> f64 {
        let days = days.max(0.0);
        let quick = (-days / self.healing_days).exp();
        let slow = (-days / (self.fading_years * DAYS_PER_YEAR)).exp();
        self.healing_share * quick + (1.0 - self.healing_share) * slow
    }
}

/// A normal quantity that is not below zero, so many standard deviations from its median.
pub(super) fn normal((median, deviation): (f64, f64), z: f64) -> f64 {
    (median + deviation * z).max(0.0)
}

/// How much less a dot is seen when pigment leaves it: contrast integrated over the skin (550 nm, ordinary light skin), over that
/// with all of its pigment, by the natural logarithm of the share left.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenByShare(Vec<f64>);

/// Steps of the logarithm, and its least value: a share of about 1/1100.
const STEPS: usize = 70;
const LEAST_LN: f64 = -7.0;

impl SeenByShare {
    /// Of a deposit, at its size and depth.
    ///
    /// # Cost
    /// Seventy-one integrals over the skin.
    pub fn of(deposit: &Deposit) -> Self {
        let green = &SkinAround::ORDINARY.bands[1];
        let seen =
            |share: f64| integrated_contrast(&Deposit { ink: deposit.ink.times(share), ..*deposit }, green);
        let all = seen(1.0).max(1e-12);
        Self((0..=STEPS).map(|k| seen((LEAST_LN * k as f64 / STEPS as f64).exp()) / all).collect())
    }

    /// For a share of pigment left, 0–1; both from 0 to 1.
    pub fn at(&self, share: f64) -> f64 {
        let place = (share.max(1e-12).ln() / LEAST_LN).clamp(0.0, 1.0) * STEPS as f64;
        let before = (place as usize).min(STEPS - 1);
        let beyond = place - before as f64;
        let seen = self.0[before] + beyond * (self.0[before + 1] - self.0[before]);
        // Below the table what is seen falls as pigment does.
        if share < LEAST_LN.exp() { seen * (share / LEAST_LN.exp()).max(0.0) } else { seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dot::DotInk;
    use crate::fading::pigment_share_left;

    #[test]
    fn the_grid_is_the_prior() {
        for in_scar in [false, true] {
            let ways = PigmentLoss::usual(in_scar, Sun::Usual);
            for days in [42.0, 365.0, 1826.0] {
                let told = pigment_share_left(days, in_scar);
                let mean: f64 = ways.iter().map(|(way, weight)| weight * way.share_left(days)).sum();
                let spread: f64 =
                    ways.iter().map(|(way, weight)| weight * (way.share_left(days) - mean).powi(2)).sum();
                assert!((mean - told.value).abs() < 0.03, "{days} days: {mean} {told:?}");
                assert!(
                    (spread.sqrt() / told.standard_uncertainty - 1.0).abs() < 0.25,
                    "{days}: {spread} {told:?}"
                );
            }
        }
    }

    #[test]
    fn strong_sun_takes_more_and_is_less_sure() {
        for in_scar in [false, true] {
            let [usual, sunny] = [Sun::Usual, Sun::Unprotected].map(|sun| {
                let ways = PigmentLoss::usual(in_scar, sun);
                let mean: f64 = ways.iter().map(|(way, weight)| weight * way.share_left(1100.0)).sum();
                let spread: f64 =
                    ways.iter().map(|(way, weight)| weight * (way.share_left(1100.0) - mean).powi(2)).sum();
                (mean, spread.sqrt())
            });
            assert!(sunny.0 < usual.0 && sunny.0 > usual.0 - 0.15, "{usual:?} {sunny:?}");
            assert!(sunny.1 / sunny.0 > usual.1 / usual.0);
        }
    }

    #[test]
    fn less_pigment_is_seen_less_but_not_in_proportion() {
        let ink = DotInk::through([20.0; 3]);
        let seen = SeenByShare::of(&Deposit { diameter_um: 120.0, top_mm: 0.2, bottom_mm: 0.5, ink });
        assert!((seen.at(1.0) - 1.0).abs() < 1e-9);
        assert!(seen.at(0.5) > 0.55 && seen.at(0.5) < 0.99, "{}", seen.at(0.5));
        let shares = [1.0, 0.7, 0.4, 0.1, 0.01, 1e-4, 1e-6, 0.0];
        assert!(shares.windows(2).all(|pair| seen.at(pair[0]) > seen.at(pair[1])));
        assert_eq!(seen.at(0.0), 0.0);
    }
}
