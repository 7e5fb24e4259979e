//! How many dots are missing where.

use std::collections::BTreeMap;

use stipple_model::{Caveat, Code, Protocol, Reading, Scar, Weight};
use stipple_points::{Metric, Potential, Window, pair_correlation};
use stipple_quantity::Estimate;
use stipple_raster::Grid;
use stipple_raster::filter::gaussian_blur;

use crate::ground::{Ground, is_hair_read};

/// From so many units around scars on it matters how they stand; fewer would change less than a fifth of the prior.
const UNITS_TELLING: usize = 300;
/// Units per cm² below which surroundings say nothing about what stood there.
const SPARSEST_PER_CM2: f64 = 5.0;
/// No scalp has more units per cm².
const DENSEST_PER_CM2: f64 = 300.0;
/// Standard deviation of the kernel that measures hair density, in spacings.
const KERNEL_SPACINGS: f64 = 1.25;
/// Dots at the scar's very edge beyond those missing, share of the density to reach: it softens the tone.
const SOFT_SHARE: f64 = 0.15;
/// How far these reach into the scar, mm.
const SOFT_INWARD_MM: f64 = 2.0;
/// Share of what is missing that is left out at a scar's very edge where the hair around could not be read.
const UNREAD_THINNING: f64 = 0.5;
/// A soft edge that loses more than this share of its area is said.
const CUT_WORTH_SAYING: f64 = 0.10;

/// Densities for every cell of the ground.
pub(crate) struct Density {
    /// Dots to add, per mm².
    pub(crate) new_per_mm2: Vec<f64>,
    /// Hair and dots together, per mm².
    whole_per_mm2: Vec<f64>,
    /// Follicular units that stand, mm.
    pub(crate) units: Vec<(f64, f64)>,
    /// Density to reach, per mm².
    goal_per_mm2: Vec<f64>,
    /// Whether a density had to be assumed, and which.
    assumed_per_cm2: Option<f64>,
    /// Whether the hair around every scar could be read.
    is_hair_read: bool,
    /// The density wanted before the cap, where a cap was needed, per cm².
    capped_from_per_cm2: Option<f64>,
}

impl Density {
    pub(crate) fn new(reading: &Reading, protocol: &Protocol, ground: &Ground) -> Self {
        let goals: Vec<Goal> = reading.scars.iter().map(|scar| goal(scar, reading, protocol)).collect();
        let units = units(reading);
        let goal_per_mm2 = goal_map(&goals, ground);
        let is_measured = goals.iter().any(|goal| goal.measured);
        let standing = standing_per_mm2(&units, &goal_per_mm2, is_measured, ground);
        let is_hair_read = is_hair_read(reading);
        let wanted = missing_per_mm2(&goal_per_mm2, &standing, is_hair_read, protocol, ground);
        let cap = protocol.lifetime_dots_per_cm2_max / 100.0;
        let most = wanted.iter().copied().fold(0.0, f64::max);
        let mut new_per_mm2: Vec<f64> = wanted.iter().map(|d| d.min(cap)).collect();
        // After the cap, because one dot alone merges with nothing.
        one_dot_at_least(reading.scars.len(), &standing, &mut new_per_mm2, ground);
        let whole_per_mm2 = new_per_mm2.iter().zip(&standing.samples).map(|(new, old)| new + f64::from(*old));
        Self {
            whole_per_mm2: whole_per_mm2.collect(),
            new_per_mm2,
            units,
            goal_per_mm2,
            is_hair_read,
            assumed_per_cm2: goals.iter().find(|goal| !goal.measured).map(|goal| goal.per_mm2 * 100.0),
            capped_from_per_cm2: (most > cap).then_some(most * 100.0),
        }
    }

    /// How units keep apart on this head, as the hair around the scars shows; where that is little, as on other heads.
    pub(crate) fn potential(&self, ground: &Ground) -> Potential {
        let is_around = |k: usize| ground.zone.samples[k] && ground.scar_of[k] == 0;
        let inside = (0..self.goal_per_mm2.len()).map(is_around).collect();
        let around = Window { inside, ..ground.window.clone() };
        let metric: Vec<Metric> = self.goal_per_mm2.iter().map(|per_mm2| Metric::even(*per_mm2)).collect();
        let own = pair_correlation(&self.units, &around, &metric).filter(|own| own.points >= UNITS_TELLING);
        own.map_or_else(Potential::population, |own| Potential::of_pattern(&own))
    }

    /// Hair and dots together, as a metric.
    pub(crate) fn metric(&self) -> Vec<Metric> {
        self.whole_per_mm2.iter().map(|per_mm2| Metric::even(*per_mm2)).collect()
    }

    /// How many dots that makes.
    pub(crate) fn expected_dots(&self, ground: &Ground) -> f64 {
        self.new_per_mm2.iter().sum::<f64>() * ground.cell_area_mm2()
    }

    /// Spacing of hair and dots together around a place, mm.
    pub(crate) fn whole_spacing_mm(&self, ground: &Ground, place: (f64, f64)) -> f64 {
        1.0 / self.whole_per_mm2[ground.window.nearest_cell(place)].max(1e-4).sqrt()
    }

    /// Spacing of the new dots around a place, mm.
    pub(crate) fn new_spacing_mm(&self, ground: &Ground, place: (f64, f64)) -> f64 {
        let per_mm2 = ground.window.cell_at(place).map_or(0.0, |k| self.new_per_mm2[k]);
        // Because one dot in 20 mm is as good as none, neighborhoods end there.
        (1.0 / per_mm2.sqrt()).min(20.0)
    }

    pub(crate) fn caveats(&self, ground: &Ground, protocol: &Protocol) -> Vec<Caveat> {
        let mut caveats = Vec::new();
        caveats.extend(self.assumed_per_cm2.map(|per_cm2| assumed(per_cm2, self.is_hair_read)));
        if let Some(per_cm2) = self.capped_from_per_cm2 {
            caveats.push(Caveat::new(
                Code::PlanDensityCapped,
                Weight::Note,
                format!(
                    "Up to {per_cm2:.0} dots per cm² were wanted in places; the protocol allows {:.0} over a life.",
                    protocol.lifetime_dots_per_cm2_max
                ),
                "Expect a lighter result there. Too many dots merge into a gray sheet.",
            ));
        }
        if ground.scar_cut > 0.0 {
            caveats.push(Caveat::new(
                Code::PlanFeatherCut,
                Weight::Doubt,
                format!(
                    "{:.0} % of the scars' area lies outside the skin that was read and got no dots.",
                    (100.0 * ground.scar_cut).max(1.0)
                ),
                "Take a photograph that shows every scar whole, with skin all around it.",
            ));
        }
        if ground.feather_cut > CUT_WORTH_SAYING {
            caveats.push(Caveat::new(
                Code::PlanFeatherCut,
                Weight::Note,
                format!(
                    "The soft edge of {:.0} mm around the scars was cut short: {:.0} % of it lies outside the \
                     skin that was read.",
                    protocol.feather_mm,
                    100.0 * ground.feather_cut
                ),
                "Take a photograph with more skin around the scar, or continue the soft edge by eye.",
            ));
        }
        caveats
    }
}

/// Says that the density was assumed, and where hair could not be read that the skin around gets no dots.
fn assumed(per_cm2: f64, is_hair_read: bool) -> Caveat {
    let (message, remedy) = if is_hair_read {
        (
            format!(
                "Too little hair could be counted around a scar; {per_cm2:.0} dots per cm² were assumed, an \
                 average of other scalps."
            ),
            "Compare with the hair beside the scar and set the density by hand if it differs.",
        )
    } else {
        (
            format!(
                "The hair around a scar could not be read, so no dots are planned in the skin around: they \
                 might fall on hair that stands there. Inside the scar {per_cm2:.0} dots per cm² were assumed, \
                 an average of other scalps, thinning out toward its edge."
            ),
            "Count the hair beside the scar by eye, set the density by hand, and blend the edge by eye.",
        )
    };
    Caveat::new(Code::PlanDensityAssumed, Weight::Doubt, message, remedy)
}

/// Density to reach in and around one scar.
struct Goal {
    per_mm2: f64,
    /// Whether it was measured on this head.
    measured: bool,
}

fn goal(scar: &Scar, reading: &Reading, protocol: &Protocol) -> Goal {
    let usable = |e: &Estimate| e.value.is_finite() && e.value >= SPARSEST_PER_CM2;
    let measured = [scar.hair_density_around_per_cm2, reading.hair.unit_density_per_cm2];
    let measured = measured.into_iter().flatten().find(usable);
    let per_cm2 = measured.map_or(protocol.fallback_unit_density_per_cm2, |e| e.value);
    Goal { per_mm2: per_cm2.min(DENSEST_PER_CM2) / 100.0, measured: measured.is_some() }
}

/// Follicular units in millimetres: the middle of each one's hairs.
fn units(reading: &Reading) -> Vec<(f64, f64)> {
    let mut sums: BTreeMap<usize, ((f64, f64), f64)> = BTreeMap::new();
    for detection in &reading.hair.detections {
        let at = reading.photo.scalp_from_photo.apply(detection.at);
        let (sum, n) = sums.entry(detection.unit).or_default();
        (*sum, *n) = ((sum.0 + at.x_mm, sum.1 + at.y_mm), *n + 1.0);
    }
    sums.into_values().map(|(sum, n)| (sum.0 / n, sum.1 / n)).collect()
}

/// Density to reach for every cell: each scar's own, blended between scars.
fn goal_map(goals: &[Goal], ground: &Ground) -> Vec<f64> {
    let mean = goals.iter().map(|goal| goal.per_mm2).sum::<f64>() / goals.len() as f64;
    let of = |k: usize| ground.scar_of[k].checked_sub(1).map(|scar| goals[scar as usize].per_mm2);
    let sigma_px = (5.0 / ground.window.cell) as f32;
    let sum = gaussian_blur(&ground.grid(|k| of(k).unwrap_or(0.0) as f32), sigma_px);
    let weight = gaussian_blur(&ground.grid(|k| f32::from(u8::from(of(k).is_some()))), sigma_px);
    (0..sum.samples.len())
        .map(|k| {
            let blended = f64::from(sum.samples[k]) / f64::from(weight.samples[k]).max(1e-12);
            of(k).unwrap_or(if weight.samples[k] > 1e-6 { blended } else { mean })
        })
        .collect()
}

/// Units that stand, per mm², measured apart inside and outside scars so that no edge is smeared.
///
/// The machine misses some hair: where a density was measured, what it found around the scars is raised to it.
fn standing_per_mm2(units: &[(f64, f64)], goal_per_mm2: &[f64], is_measured: bool, ground: &Ground) -> Grid {
    let mut counted = ground.grid(|_| 0.0);
    let per_unit = (1.0 / ground.cell_area_mm2()) as f32;
    for unit in units {
        if let Some(k) = ground.window.cell_at(*unit).filter(|k| ground.zone.samples[*k]) {
            counted.samples[k] += per_unit;
        }
    }
    let goal = goal_per_mm2.iter().sum::<f64>() / goal_per_mm2.len() as f64;
    let sigma_px = (KERNEL_SPACINGS / goal.sqrt() / ground.window.cell) as f32;
    let is_scar = |k: usize| ground.scar_of[k] > 0;
    let inside = smooth_within(&counted, |k| ground.zone.samples[k] && is_scar(k), sigma_px, ground);
    let outside = smooth_within(&counted, |k| ground.zone.samples[k] && !is_scar(k), sigma_px, ground);
    let edge = (0..goal_per_mm2.len()).filter(|k| ground.window.inside[*k] && !is_scar(*k));
    let (found, wanted) = edge.fold((0.0, 0.0), |(found, wanted), k| {
        (found + f64::from(outside.samples[k]), wanted + goal_per_mm2[k])
    });
    let share = if wanted > 0.0 { found / wanted } else { 1.0 };
    let raise = if is_measured && share > 0.2 { (1.0 / share).max(1.0) as f32 } else { 1.0 };
    let blind = is_measured && share <= 0.2;
    ground.grid(|k| match (is_scar(k), blind) {
        (true, _) => inside.samples[k] * raise,
        (false, true) => goal_per_mm2[k] as f32,
        (false, false) => outside.samples[k] * raise,
    })
}

/// Gaussian mean over the cells of one part only.
fn smooth_within(counted: &Grid, part: impl Fn(usize) -> bool, sigma_px: f32, ground: &Ground) -> Grid {
    let sum = gaussian_blur(&ground.grid(|k| if part(k) { counted.samples[k] } else { 0.0 }), sigma_px);
    let weight = gaussian_blur(&ground.grid(|k| f32::from(u8::from(part(k)))), sigma_px);
    ground.grid(|k| if part(k) { sum.samples[k] / weight.samples[k].max(1e-6) } else { 0.0 })
}

/// What is missing, fading out over the soft edge; inside the scar where the hair around could not be read.
fn missing_per_mm2(
    goal: &[f64],
    standing: &Grid,
    is_hair_read: bool,
    protocol: &Protocol,
    ground: &Ground,
) -> Vec<f64> {
    let soft = SOFT_SHARE * protocol.density_share.min(1.0);
    (0..goal.len())
        .map(|k| {
            if !ground.window.inside[k] {
                return 0.0;
            }
            let missing = (protocol.density_share * goal[k] - f64::from(standing.samples[k])).max(0.0);
            if !is_hair_read {
                return missing * (1.0 - UNREAD_THINNING * fade(ground.inside_mm.samples[k], SOFT_INWARD_MM));
            }
            if ground.scar_of[k] > 0 {
                return missing + soft * goal[k] * fade(ground.inside_mm.samples[k], SOFT_INWARD_MM);
            }
            let edge = fade(ground.outside_mm.samples[k], protocol.feather_mm);
            missing * edge + soft * goal[k] * edge * edge
        })
        .collect()
}

/// 1 at the scar's edge, 0 at `reach_mm` and beyond, smooth between.
fn fade(distance_mm: f32, reach_mm: f64) -> f64 {
    let t = (f64::from(distance_mm) / reach_mm.max(1e-9)).min(1.0);
    1.0 - t * t * (3.0 - 2.0 * t)
}

/// Raises the density in scars so small that less than one dot would fall to them and no hair is left.
fn one_dot_at_least(scars: usize, standing: &Grid, wanted: &mut [f64], ground: &Ground) {
    let mut sums = vec![(0.0, 0.0, 0usize); scars];
    for (k, scar) in
        ground.scar_of.iter().enumerate().filter(|(k, scar)| **scar > 0 && ground.window.inside[*k])
    {
        let (dots, hairs, cells) = &mut sums[*scar as usize - 1];
        *dots += wanted[k] * ground.cell_area_mm2();
        *hairs += f64::from(standing.samples[k]) * ground.cell_area_mm2();
        *cells += 1;
    }
    for (k, scar) in
        ground.scar_of.iter().enumerate().filter(|(k, scar)| **scar > 0 && ground.window.inside[*k])
    {
        let (dots, hairs, cells) = sums[*scar as usize - 1];
        if dots + hairs < 1.0 {
            wanted[k] = (1.0 - hairs) / (cells as f64 * ground.cell_area_mm2());
        }
    }
}
