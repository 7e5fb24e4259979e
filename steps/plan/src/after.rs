//! What stands of an earlier plan, and what is still to come.

use stipple_model::{After, Caveat, Dot, PlannedPigment, Protocol, SessionSetting};
use stipple_quantity::PointInPhoto;

use crate::density::Density;
use crate::error::Error;
use crate::ground::Ground;
use crate::site::Site;
use crate::standing::dots_per_mm2;

pub(crate) mod check;
mod said;
mod seen;

use seen::Seen;

/// Dots that are fixed, and those that are missing; nothing is fixed where nothing was done.
pub(crate) struct Earlier {
    /// Dots that healed, where they were seen; their pigments are those of [`Self::pigments`].
    pub(crate) healed: Vec<Dot>,
    /// The session that each of them was made in, from 0.
    pub(crate) session_of: Vec<usize>,
    /// Every session, done or to come: the share is that of the dots to come, and 0 for one that is done.
    pub(crate) sessions: Vec<SessionSetting>,
    /// Pigments of the earlier plan.
    pub(crate) pigments: Vec<PlannedPigment>,
    /// Dots that were made and did not last.
    pub(crate) lost: Vec<PointInPhoto>,
    /// Dots to come, per mm².
    pub(crate) missing_per_mm2: Vec<f64>,
    /// How many sessions are done.
    pub(crate) sessions_done: usize,
    /// What is to be said of it.
    pub(crate) caveats: Vec<Caveat>,
}

impl Earlier {
    /// Nothing was done yet.
    pub(crate) fn nothing(density: &Density, protocol: &Protocol) -> Self {
        Self {
            healed: Vec::new(),
            session_of: Vec::new(),
            sessions: protocol.sessions.clone(),
            pigments: Vec::new(),
            lost: Vec::new(),
            missing_per_mm2: density.new_per_mm2.clone(),
            sessions_done: 0,
            caveats: Vec::new(),
        }
    }

    /// Some sessions of a plan on this ground were done.
    ///
    /// Every area gets as many dots as the plan gives it, less those that healed there; fewer only where all that was
    /// made over the years, lost dots too, would be denser than the protocol allows.
    ///
    /// # Errors
    /// If what is said does not fit the plan, or the plan does not fit the reading.
    pub(crate) fn of(after: &After, site: &Site) -> Result<Self, Error> {
        let Site { reading, protocol, drawn, ground, density, .. } = site;
        check::all(after, reading, drawn, density.expected_dots(ground))?;
        let seen = Seen::of(after, protocol, ground)?;
        let to_come = ToCome { after, seen: &seen, ground, density };
        let (missing_per_mm2, capped) = to_come.per_mm2(protocol);
        Ok(Self {
            caveats: said::all(after, &seen, capped, protocol),
            sessions: sessions(after),
            pigments: after.plan.pigments.clone(),
            lost: after.plan.lost.iter().copied().chain(seen.lost.iter().map(|dot| dot.at_photo)).collect(),
            healed: seen.healed,
            session_of: seen.session_of,
            missing_per_mm2,
            sessions_done: after.sessions_done as usize,
        })
    }

    /// Where the healed dots stand, mm.
    pub(crate) fn places(&self) -> Vec<(f64, f64)> {
        self.healed.iter().map(place).collect()
    }
}

fn place(dot: &Dot) -> (f64, f64) {
    (dot.at_scalp.x_mm, dot.at_scalp.y_mm)
}

/// The plan's sessions with the shares of what is to come; one more to make lost dots again where all are done.
fn sessions(after: &After) -> Vec<SessionSetting> {
    let (done, to_come) = after.plan.sessions.split_at(after.sessions_done as usize);
    let all: usize = to_come.iter().map(|session| session.dots.len()).sum();
    let mut sum = 0;
    let mut setting = |(k, session): (usize, &stipple_model::Session)| {
        sum += session.dots.len();
        let even = (k + 1) as f64 / to_come.len() as f64;
        let share_after = if all > 0 { sum as f64 / all as f64 } else { even };
        SessionSetting { share_after, interval_days: session.interval_days }
    };
    let to_come: Vec<_> = to_come.iter().enumerate().map(&mut setting).collect();
    let over =
        done.iter().map(|session| SessionSetting { share_after: 0.0, interval_days: session.interval_days });
    let again = SessionSetting {
        share_after: 1.0,
        interval_days: after.plan.sessions.iter().map(|session| session.interval_days).max().unwrap_or(0),
    };
    over.chain(to_come.is_empty().then_some(again)).chain(to_come).collect()
}

/// What an earlier plan still lacks.
struct ToCome<'a> {
    after: &'a After,
    seen: &'a Seen,
    ground: &'a Ground,
    density: &'a Density,
}

impl ToCome<'_> {
    /// Dots to come for every cell, per mm², and how many the protocol's most over a life leaves out.
    fn per_mm2(&self, protocol: &Protocol) -> (Vec<f64>, f64) {
        let Self { seen, ground, density, .. } = self;
        let smooth = |places: &[(f64, f64)]| dots_per_mm2(places, density.spacing_mm, ground);
        let healed: Vec<_> = seen.healed.iter().map(place).collect();
        let lost = seen.lost.iter().map(place).chain(seen.lost_before.iter().copied());
        let standing = smooth(&healed);
        let gone = smooth(&lost.collect::<Vec<_>>());
        let missing = |k: usize| (density.new_per_mm2[k] - f64::from(standing.samples[k])).max(0.0);
        let mut missing: Vec<f64> = (0..density.new_per_mm2.len()).map(missing).collect();
        self.to_counts(&mut missing);
        let most = protocol.lifetime_dots_per_cm2_max / 100.0;
        let mut capped = 0.0;
        for (k, missing) in missing.iter_mut().enumerate() {
            let made = f64::from(standing.samples[k] + gone.samples[k]);
            let room = (most - made).max(0.0);
            capped += (*missing - room).max(0.0) * ground.cell_area_mm2();
            *missing = missing.min(room);
        }
        (missing, capped)
    }

    /// Scales densities so that every area has its count.
    fn to_counts(&self, per_mm2: &mut [f64]) {
        let area_of = &self.ground.area_of.number;
        let window = &self.ground.window;
        let mut wanted = vec![0.0; self.ground.area_of.kinds.len() + 1];
        let mut mass = wanted.clone();
        let mut count = |place: (f64, f64), times: f64| {
            if let Some(k) = window.cell_at(place).filter(|k| window.inside[*k]) {
                wanted[area_of[k] as usize] += times;
            }
        };
        self.after.plan.dots().for_each(|dot| count(place(dot), 1.0));
        self.seen.healed.iter().for_each(|dot| count(place(dot), -1.0));
        per_mm2
            .iter()
            .zip(area_of)
            .for_each(|(d, area)| mass[*area as usize] += d * self.ground.cell_area_mm2());
        for (density, area) in per_mm2.iter_mut().zip(area_of) {
            let (wanted, mass) = (wanted[*area as usize], mass[*area as usize]);
            *density *= if mass > 0.0 { wanted.max(0.0) / mass } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests;
