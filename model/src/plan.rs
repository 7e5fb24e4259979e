//! Every dot, before it is made.

use std::collections::BTreeMap;

use stipple_color::Lab;
use stipple_optics::{DotInk, SkinAround};
use stipple_quantity::{Estimate, PointInPhoto, PointInScalp, ScalpFromPhoto};

use crate::protocol::Pigment;

/// A plan: pigments, sessions and dots, with all that a preview needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Columns of the photograph it was made on.
    pub photo_width_px: usize,
    /// Rows of the photograph it was made on.
    pub photo_height_px: usize,
    /// Size of a pixel on the scalp, µm.
    pub pixel_pitch_um: Estimate,
    /// The map from the photograph to the flattened scalp.
    pub scalp_from_photo: ScalpFromPhoto,
    /// Factors on linear R, G, B of the photograph's own space that make its colors those that were read: neutrals neutral, and
    /// as light as they are where the card showed it.
    pub photo_white_gain: [f64; 3],
    /// The protocol it follows: name and version.
    pub protocol: String,
    /// Pigments used; dots point into this list.
    pub pigments: Vec<PlannedPigment>,
    /// Sessions in order; of those that are done, the dots that healed, where they were seen.
    pub sessions: Vec<Session>,
    /// Dots that were made in sessions that are done and did not last, in the photograph.
    pub lost: Vec<PointInPhoto>,
    /// How many of the sessions, from the first, are done: theirs are the dots that healed.
    pub sessions_done: usize,
    /// Outlines of the scars treated, in the photograph.
    pub scar_outlines: Vec<Vec<PointInPhoto>>,
    /// Lines that a person drew to be treated, in the photograph; an outline comes back to where it begins.
    pub drawn_lines: Vec<Vec<PointInPhoto>>,
    /// Healed dot, µm.
    pub healed_diameter_um: Estimate,
    /// Hairs that the photograph shows, at their roots.
    pub hairs: Vec<Root>,
    /// Skin the plan was matched to.
    pub skin_lab: Lab,
    /// Hair the plan was matched to, if it could be measured.
    pub hair_lab: Option<Lab>,
    /// How the skin passes light around a dot.
    pub skin_optics: SkinOptics,
    /// How a healed dot in the scar compares with the hair, where that could be measured.
    pub healed_match: Option<HealedMatch>,
    /// How far the scars' tone is from that of their surroundings, where that is known.
    pub scar_tone: Option<ScarTone>,
    /// Sums.
    pub totals: Totals,
}

/// How the skins of a plan pass light around a dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkinOptics {
    /// Skin around the scars.
    pub around: SkinAround,
    /// Scar skin.
    pub in_scar: SkinAround,
}

impl SkinOptics {
    /// Average light skin everywhere: what a plan without optics of its own is shown with.
    pub const ORDINARY: Self = Self { around: SkinAround::ORDINARY, in_scar: SkinAround::ORDINARY };

    /// Of a dot, by where it lies.
    pub fn of_dot(&self, in_scar: bool) -> &SkinAround {
        if in_scar { &self.in_scar } else { &self.around }
    }
}

/// A healed dot in the scar beside a hair: the mean color over the dot's own disk.
#[derive(Clone, Debug, PartialEq)]
pub struct HealedMatch {
    /// CIEDE2000 in daylight.
    pub color_difference: Estimate,
    /// CIEDE2000 in the light in which it is largest.
    pub worst_color_difference: f64,
    /// That light's word.
    pub worst_light: String,
    /// b* of the dot minus b* of the hair in daylight; below zero is bluer.
    pub b_shift: Estimate,
    /// The same dot years later, in order.
    pub later: Vec<LaterMatch>,
}

/// What a dot is likely to be after some years: faint, likely and strong, the 10th, 50th and 90th percentile of what
/// healing and fading leave of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaterMatch {
    /// Years since the pigment was set.
    pub years: f64,
    /// L*, mean over its own disk.
    pub lightness: [f64; 3],
    /// CIEDE2000 in daylight between that mean and the hair.
    pub color_difference: [f64; 3],
}

/// The color of scars against that of their surroundings, hair and dots included, as seen from conversation distance:
/// means over two to three spacings of units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScarTone {
    /// As it is.
    pub today: ToneDifference,
    /// Predicted, all sessions healed.
    pub healed: ToneDifference,
}

/// CIEDE2000 over all places in scars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToneDifference {
    /// The middle one.
    pub median: f64,
    /// 95 % of places differ less.
    pub p95: f64,
}

impl Plan {
    /// All dots, session by session.
    pub fn dots(&self) -> impl Iterator<Item = &Dot> {
        self.sessions.iter().flat_map(|session| &session.dots)
    }

    /// The dots of the sessions to come.
    pub fn dots_to_come(&self) -> impl Iterator<Item = &Dot> {
        self.sessions.iter().skip(self.sessions_done).flat_map(|session| &session.dots)
    }

    /// Healed over fresh diameter, 0.2–1: [`Plan::healed_diameter_um`] is that of the mean dot, and every dot heals in proportion.
    pub fn shrinkage(&self) -> f64 {
        let is_size = |diameter_um: &f64| diameter_um.is_finite() && *diameter_um > 0.0;
        let fresh: Vec<f64> = self.dots().map(|dot| dot.diameter_um).filter(is_size).collect();
        let mean_um = fresh.iter().sum::<f64>() / fresh.len() as f64;
        let ratio = self.healed_diameter_um.value / mean_um;
        if ratio.is_finite() { ratio.clamp(0.2, 1.0) } else { 0.6 }
    }

    /// Time under the needle that so many of the dots to come take, minutes; 0 where none is to come.
    pub fn minutes(&self, dots: usize) -> f64 {
        self.totals.chair_minutes * dots as f64 / self.dots_to_come().count().max(1) as f64
    }
}

/// The color of each session's dots wherever a plan is drawn, R, G, B in sRGB: near black, blue, orange, and gray for the
/// fourth and all later ones. They differ in lightness too.
pub const SESSION_COLORS: [[u8; 3]; 4] = [[26, 26, 26], [0, 95, 165], [190, 70, 0], [110, 110, 110]];

/// The color of lines that a person drew, R, G, B in sRGB: violet.
pub const DRAWN_COLOR: [u8; 3] = [140, 50, 140];

impl Session {
    /// How many of its dots lie in each zone: the zone's number and the count, by number.
    pub fn dots_by_zone(&self) -> Vec<(u32, usize)> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        self.dots.iter().for_each(|dot| *counts.entry(dot.zone).or_default() += 1);
        counts.into_iter().collect()
    }
}

/// A pigment with the dilution chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedPigment {
    /// The pigment.
    pub pigment: Pigment,
    /// Parts of diluent to one part of pigment.
    pub dilution: f64,
}

impl PlannedPigment {
    /// What the diluted deposit absorbs.
    pub fn ink(&self) -> DotInk {
        self.pigment.ink().times(1.0 / (1.0 + self.dilution))
    }
}

/// One session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// 1, 2, 3 …
    pub number: u32,
    /// Days since the session before.
    pub interval_days: u32,
    /// The dots added in it, in working order.
    pub dots: Vec<Dot>,
}

/// A planned dot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Where, on the scalp.
    pub at_scalp: PointInScalp,
    /// Where, in the photograph.
    pub at_photo: PointInPhoto,
    /// Diameter when fresh, µm.
    pub diameter_um: f64,
    /// Needle depth, mm: shallowest and deepest.
    pub needle_depth_mm: [f64; 2],
    /// Which of the plan's pigments.
    pub pigment: usize,
    /// Whether it lies in scar skin.
    pub in_scar: bool,
    /// The patch of scalp, within a hand's reach, that it is made with: 1, 2, 3 … in working order, the same in every
    /// session.
    pub zone: u32,
}

/// Where a hair leaves the skin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// Where, in the photograph.
    pub at_photo: PointInPhoto,
    /// Diameter of the shaft, µm.
    pub diameter_um: f64,
}

/// Sums over a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    /// Dots of all sessions.
    pub dots: usize,
    /// Area treated, feather included, mm².
    pub area_mm2: f64,
    /// Dots per cm² of that area.
    pub dot_density_per_cm2: f64,
    /// Pigment, µl.
    pub pigment_ul: f64,
    /// Time under the needle, minutes.
    pub chair_minutes: f64,
}
