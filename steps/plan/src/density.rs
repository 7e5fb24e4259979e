//! How many dots are missing where.

use stipple_model::{Protocol, Reading};
use stipple_points::{Metric, Potential};
use stipple_raster::masked::Inside;
use stipple_raster::{Grid, Mask};

use crate::areas::Kind;
use crate::goals::{Goal, goal_map, goals};
use crate::ground::{Ground, is_hair_read};
use crate::hair_stream::HairStream;
use crate::memory::Memory;
use crate::standing::{bare_edge_mm, from_bare_mm, mean_spacing_mm, measured_over_found, standing_per_mm2};
use crate::surroundings::Surroundings;

/// Dots at the scar's very edge beyond those missing, share of the density to reach: it softens the tone. No more, because
/// size and darkness carry tone.
const SOFT_SHARE: f64 = 0.10;
/// How far these reach into the scar, mm.
const SOFT_INWARD_MM: f64 = 2.0;
/// Share of what is missing that is left out at a scar's very edge where the hair around could not be read.
const UNREAD_THINNING: f64 = 0.5;
/// Standard deviation of the mean over which hair that stands by chance denser in one place than in the next evens out, in
/// spacings.
const EVENING_SPACINGS: f64 = 4.0;
/// What was drawn fades out toward bare skin over the protocol's soft edge, at most this share of its depth.
const FADE_SHARE: f64 = 0.5;

/// Densities for every cell of the ground.
pub(crate) struct Density {
    /// Dots to add, per mm².
    pub(crate) new_per_mm2: Vec<f64>,
    /// Hair and dots together, per mm².
    whole_per_mm2: Vec<f64>,
    /// How hair lies.
    hair_stream: HairStream,
    /// How units keep apart on this head, as the hair around the scars shows; where that is little or may be thinning, as
    /// on other heads.
    pub(crate) potential: Potential,
    /// Follicular units that stand, mm.
    pub(crate) units: Vec<(f64, f64)>,
    /// Density to reach, per mm².
    pub(crate) goal_per_mm2: Vec<f64>,
    /// Spacing of units at the mean density to reach, not counting that a hairline begins softly, mm.
    pub(crate) spacing_mm: f64,
    /// Whether a density had to be assumed for a scar, and which.
    pub(crate) assumed_per_cm2: Option<f64>,
    /// Density to reach in what was drawn.
    pub(crate) natural: Option<Goal>,
    /// Whether the hair around every scar could be read.
    pub(crate) is_hair_read: bool,
    /// Whether most of the hair was found one by one.
    pub(crate) is_hair_seen: bool,
    /// How much of the edge of what was drawn has skin beside it on which hair is missing too, mm.
    pub(crate) bare_edge_mm: f64,
    /// The density wanted before the cap, where a cap was needed, per cm².
    pub(crate) capped_from_per_cm2: Option<f64>,
}

impl Density {
    /// `units` are those that stand, mm.
    pub(crate) fn new(
        reading: &Reading,
        units: Vec<(f64, f64)>,
        protocol: &Protocol,
        ground: &Ground,
        memory: &mut Memory,
    ) -> Self {
        let found = measured_over_found(reading, units.len());
        let goals = goals(reading, protocol, ground, found);
        let (of_scars, of_drawn) = goals.split_at(reading.scars.len());
        let natural_per_mm2 = goal_map(&goals, ground);
        let is_measured = goals.iter().any(|goal| goal.is_measured);
        let times = found.filter(|_| !of_drawn.is_empty());
        let standing = standing_per_mm2(&units, &natural_per_mm2, is_measured, times, ground);
        let is_hair_read = is_hair_read(reading);
        let goal_per_mm2 = behind_front(&natural_per_mm2, protocol, ground);
        let demand = Demand {
            goal: &goal_per_mm2,
            standing: &standing,
            from_bare_mm: from_bare_mm(&natural_per_mm2, &standing, ground),
            lasting: lasting(&natural_per_mm2, &standing, ground),
            is_hair_read,
            is_hair_seen: found.is_some(),
        };
        let wanted = demand.missing_per_mm2(protocol, ground);
        let cap = protocol.room_per_cm2() / 100.0;
        let most = wanted.iter().copied().fold(0.0, f64::max);
        let mut new_per_mm2: Vec<f64> = wanted.iter().map(|d| d.min(cap)).collect();
        if protocol.density_share > 0.0 && cap > 0.0 {
            // After the cap, because one dot alone merges with nothing.
            one_dot_at_least(reading.scars.len(), &standing, &mut new_per_mm2, ground);
        }
        // Because hair that may be thinning, or was not seen, does not tell how units stand.
        let is_telling = of_drawn.is_empty() && found.is_some();
        let around = is_telling.then(|| ground.around()).flatten();
        let surroundings = around.map_or_else(Surroundings::unknown, |around| {
            memory.surroundings(reading, &units, &around.window, &around.of(&goal_per_mm2, 0.0))
        });
        let whole_per_mm2 = new_per_mm2.iter().zip(&standing.samples).map(|(new, old)| new + f64::from(*old));
        Self {
            whole_per_mm2: whole_per_mm2.collect(),
            new_per_mm2,
            hair_stream: memory.hair_stream(reading, &surroundings.hair_stream, &ground.window),
            potential: surroundings.potential,
            units,
            goal_per_mm2,
            spacing_mm: mean_spacing_mm(&natural_per_mm2),
            is_hair_read,
            is_hair_seen: found.is_some(),
            assumed_per_cm2: of_scars.iter().find(|goal| !goal.is_measured).map(|goal| goal.per_mm2 * 100.0),
            natural: of_drawn.first().copied(),
            bare_edge_mm: bare_edge_mm(&natural_per_mm2, &standing, ground),
            capped_from_per_cm2: (most > cap).then_some(most * 100.0),
        }
    }

    /// Hair and dots together, as a metric.
    pub(crate) fn metric(&self) -> Vec<Metric> {
        self.hair_stream.metric(&self.whole_per_mm2)
    }

    /// Spacing of hair and dots together around a place, as an even metric.
    pub(crate) fn whole_metric(&self, ground: &Ground, place: (f64, f64)) -> Metric {
        ground.metric(&self.whole_per_mm2, place)
    }

    /// How many dots that makes.
    pub(crate) fn expected_dots(&self, ground: &Ground) -> f64 {
        self.new_per_mm2.iter().sum::<f64>() * ground.cell_area_mm2()
    }

    /// How many of them in what was drawn.
    pub(crate) fn drawn_dots(&self, ground: &Ground) -> f64 {
        let drawn = (0..self.new_per_mm2.len()).filter(|k| ground.area_of.is_drawn(*k));
        drawn.map(|k| self.new_per_mm2[k]).sum::<f64>() * ground.cell_area_mm2()
    }

    /// Units of hair that stand in a cell, per mm².
    pub(crate) fn standing_per_mm2(&self, cell: usize) -> f64 {
        self.whole_per_mm2[cell] - self.new_per_mm2[cell]
    }

    /// Spacing of hair and dots together around a place, mm.
    pub(crate) fn whole_spacing_mm(&self, ground: &Ground, place: (f64, f64)) -> f64 {
        1.0 / self.whole_per_mm2[ground.window.nearest_cell(place)].max(1e-4).sqrt()
    }
}

/// Densities with the soft beginning of a hairline: nothing in front of it, rising smoothly behind.
fn behind_front(natural_per_mm2: &[f64], protocol: &Protocol, ground: &Ground) -> Vec<f64> {
    let rise = |k: usize| match ground.area_of.scar(k) {
        Some(_) => 1.0,
        None => 1.0 - fade(ground.behind_mm.samples[k].max(0.0), protocol.hairline.soft_mm),
    };
    natural_per_mm2.iter().enumerate().map(|(k, natural)| natural * rise(k)).collect()
}

/// Share of what is missing in each cell outside scars that is not made up by more hair nearby, 0–1; 1 in scars.
///
/// Hair stands denser here and sparser there by chance. Counting only where it is sparser would add dots to hair that is
/// complete: 6 % of its density around a scar. Hair in front of a hairline, or denser than its soft rise asks for, makes up
/// for nothing.
fn lasting(natural: &[f64], standing: &Grid, ground: &Ground) -> Grid {
    let is_outside = |k: usize| {
        ground.zone.samples[k] && ground.area_of.scar(k).is_none() && ground.behind_mm.samples[k] > 0.0
    };
    let outside = Mask { samples: (0..natural.len()).map(is_outside).collect(), ..ground.zone.clone() };
    let sigma_px = EVENING_SPACINGS * mean_spacing_mm(natural) / ground.window.cell;
    let mean = Inside::new(&outside, sigma_px as f32);
    let short = ground.grid(|k| natural[k] as f32 - standing.samples[k]);
    let (on_the_whole, in_places) = (mean.blur(&short, 0.0), ground.grid(|k| short.samples[k].max(0.0)));
    let in_places = mean.blur(&in_places, 0.0);
    ground.grid(|k| match outside.samples[k] {
        true => (on_the_whole.samples[k] / in_places.samples[k].max(1e-9)).clamp(0.0, 1.0),
        false => 1.0,
    })
}

/// What is wanted, and what is there.
struct Demand<'a> {
    /// Density to reach, per mm².
    goal: &'a [f64],
    /// Units that stand, per mm².
    standing: &'a Grid,
    /// Distance to bare skin, mm.
    from_bare_mm: Grid,
    /// Share of what is missing outside scars that is not chance, 0–1.
    lasting: Grid,
    is_hair_read: bool,
    is_hair_seen: bool,
}

impl Demand<'_> {
    /// What is missing in the areas and in the scars' soft edge.
    fn missing_per_mm2(&self, protocol: &Protocol, ground: &Ground) -> Vec<f64> {
        let drawn = (0..self.goal.len()).filter(|k| ground.area_of.is_drawn(*k));
        let deepest = drawn.map(|k| self.from_bare_mm.samples[k]).fold(0.0, f32::max);
        let reach_mm = protocol.feather_mm.min(FADE_SHARE * f64::from(deepest));
        let missing = |k: usize| {
            let inward = 1.0 - fade(self.from_bare_mm.samples[k], reach_mm);
            match ground.area_of.kind(k) {
                Some(Kind::Hairline) => {
                    let drawn = inward * self.missing(k, protocol.density_share);
                    drawn.max(self.missing_by_scar(k, protocol, ground))
                }
                Some(Kind::Thinning) => inward * self.missing_between(k, protocol),
                Some(Kind::Scar) | None => self.missing_by_scar(k, protocol, ground),
            }
        };
        (0..self.goal.len()).map(|k| if ground.window.inside[k] { missing(k) } else { 0.0 }).collect()
    }

    /// So many dots for every unit that is missing in a cell, per mm².
    ///
    /// Of what is missing, not of the density to reach: where hair is complete no share of it asks for dots.
    fn missing(&self, k: usize, share: f64) -> f64 {
        let missing = (self.goal[k] - f64::from(self.standing.samples[k])).max(0.0);
        share * missing * f64::from(self.lasting.samples[k])
    }

    /// In a scar, or in its soft edge, fading out; inside the scar where the hair around could not be read.
    fn missing_by_scar(&self, k: usize, protocol: &Protocol, ground: &Ground) -> f64 {
        let soft = SOFT_SHARE * protocol.density_share.min(1.0);
        let missing = self.missing(k, protocol.density_share);
        let inward = fade(ground.inside_mm.samples[k], SOFT_INWARD_MM);
        let edge = fade(ground.outside_mm.samples[k], protocol.feather_mm);
        match (ground.area_of.scar(k), self.is_hair_read) {
            (Some(_), true) => missing + soft * self.goal[k] * inward,
            (Some(_), false) => missing * (1.0 - UNREAD_THINNING * inward),
            (None, true) => missing * edge + soft * self.goal[k] * edge * edge,
            (None, false) => 0.0,
        }
    }

    /// Between thinning hair: short of the whole to begin with, and nothing where hair was not seen.
    fn missing_between(&self, k: usize, protocol: &Protocol) -> f64 {
        let most = if self.is_hair_seen { protocol.thinning_density_share * self.goal[k] } else { 0.0 };
        self.missing(k, protocol.density_share).min(most)
    }
}

/// 1 at the scar's edge, 0 at `reach_mm` and beyond, smooth between.
pub(crate) fn fade(distance_mm: f32, reach_mm: f64) -> f64 {
    let t = (f64::from(distance_mm) / reach_mm.max(1e-9)).min(1.0);
    1.0 - t * t * (3.0 - 2.0 * t)
}

/// Raises the density in scars so small that less than one dot would fall to them and no hair is left.
fn one_dot_at_least(scars: usize, standing: &Grid, wanted: &mut [f64], ground: &Ground) {
    let mut sums = vec![(0.0, 0.0, 0usize); scars];
    let in_scars = (0..wanted.len()).filter(|k| ground.window.inside[*k]);
    let in_scars: Vec<_> = in_scars.filter_map(|k| Some((k, ground.area_of.scar(k)?))).collect();
    for &(k, scar) in &in_scars {
        let (dots, hairs, cells) = &mut sums[scar];
        *dots += wanted[k] * ground.cell_area_mm2();
        *hairs += f64::from(standing.samples[k]) * ground.cell_area_mm2();
        *cells += 1;
    }
    for (k, scar) in in_scars {
        let (dots, hairs, cells) = sums[scar];
        if dots + hairs < 1.0 {
            wanted[k] = (1.0 - hairs) / (cells as f64 * ground.cell_area_mm2());
        }
    }
}
