//! The plan.

use stipple_color::Lab;
use stipple_model::{
    Caveat, Code, Dot, Drawn, Hair, Plan, Protocol, Qualified, Reading, Root, Session, SkinOptics, Totals,
    Watch, Weight,
};
use stipple_points::marks::HAIRS_MEAN;
use stipple_points::{Fill, fill};
use stipple_quantity::{PointInScalp, Seed};

use crate::areas::Areas;
use crate::check;
use crate::density::Density;
use crate::doubts;
use crate::ground::Ground;
use crate::pigment::{self, Choice};
use crate::sessions;
use crate::skins::Skins;
use crate::standing::units;
use crate::tone::{self, Field, Tone, Toned};

/// Scars redder than this get a warning, erythema index inside minus around; about 3 in a* on light skin.
const RED: f64 = 5.0;
/// Variation of a dot's diameter by the hand, share to either side.
const HAND_VARIATION: f64 = 0.06;
/// A dot's area follows the hairs of its unit to this power: in full, the largest would be five times the smallest, which
/// no needle makes; so dots of single hairs are 0.85 of the mean diameter and those of four 1.2.
const AREA_BY_HAIRS: f64 = 0.5;
/// More dots than this are not a plan: a full head takes 40,000.
const DOTS_MAX: usize = 200_000;

/// How to plan, apart from the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOptions {
    /// The same seed gives the same dots.
    pub seed: Seed,
    /// What to treat besides the scars.
    pub drawn: Drawn,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The photograph cannot be mapped to millimetres.
    #[error(
        "the reading's map from the photograph to the scalp cannot be used: its numbers are not finite or \
         it cannot be inverted; read the photograph again"
    )]
    Map,
    /// An outline or the hair lies at no finite place.
    #[error("{what} of the reading lies at a place that is not a number; read the photograph again")]
    Place {
        /// What lies there.
        what: &'static str,
    },
    /// Larger than a head.
    #[error(
        "what is to be treated spans {width_mm:.0} × {height_mm:.0} mm with its soft edge, more than a head; at most \
         {most_mm2:.0} mm² can be planned: check the pixel pitch and read the photograph again"
    )]
    TooLarge {
        /// Width, mm.
        width_mm: f64,
        /// Height, mm.
        height_mm: f64,
        /// Largest area, mm².
        most_mm2: f64,
    },
    /// More dots than can be made.
    #[error(
        "the plan would need {dots:.0} dots, at most {most} can be planned; lower the protocol's density"
    )]
    TooMany {
        /// Dots needed.
        dots: f64,
        /// Dots possible.
        most: usize,
    },
    /// A setting that cannot be followed.
    #[error("the protocol's `{setting}` cannot be followed: it needs {needed}")]
    Protocol {
        /// The setting's word.
        setting: &'static str,
        /// What it needs to be.
        needed: &'static str,
    },
    /// A drawing that cannot be followed.
    #[error("{what} {found}; needed: {needed}; draw it anew")]
    Drawn {
        /// What was drawn.
        what: &'static str,
        /// What is wrong with it.
        found: String,
        /// What it needs.
        needed: &'static str,
    },
    /// Somebody stopped it.
    #[error("planning was stopped")]
    Stopped,
}

/// Plans every dot over every scar of a reading, and in what was drawn.
///
/// | | meaning |
/// |---|---|
/// | in | reading in photograph pixels with its map to millimetres, protocol, drawn areas, seed |
/// | out | dots in working order, session by session, with the caveats of planning (not the reading's) |
///
/// Without a scar and a drawing the plan is empty and says so in a caveat that blocks.
///
/// # Errors
/// If places are not finite, larger than a head, a drawing cannot be followed, or a setting of the protocol makes no
/// sense.
///
/// # Determinism
/// Reading, protocol, drawing and seed decide everything.
///
/// # Cost
/// About 0.1 s for a strip scar with 1,000 dots.
pub fn plan(
    reading: &Reading,
    protocol: &Protocol,
    options: &PlanOptions,
    watch: &dyn Watch,
) -> Result<Qualified<Plan>, Error> {
    check::protocol(protocol)?;
    check::reading(reading)?;
    if reading.scars.is_empty() && options.drawn.is_empty() {
        return Ok(nothing(reading, protocol));
    }
    watch.progress("plan", 0.0);
    let units = units(reading);
    let areas = Areas::new(reading, &options.drawn, &units, protocol, options.seed)?;
    let ground = Ground::new(reading, &areas, protocol.feather_mm)?;
    let density = Density::new(reading, units, protocol, &ground);
    let mut caveats = doubts::all(&density, &ground, protocol);
    pause(watch, 0.3)?;

    let (dots, unplaced) = place_dots(protocol, &ground, &density, options.seed)?;
    pause(watch, 0.7)?;
    if unplaced > 0 {
        caveats.push(unplaced_caveat(unplaced, dots.len(), protocol));
    }
    let skins = Skins::of(reading);
    caveats.extend(skins.caveat());
    let tone = Tone::of(reading, &skins, protocol);
    let choice = pigment::choose(reading, &skins, protocol, &tone);
    caveats.extend(choice.caveats.iter().cloned());
    caveats.extend(redness_caveat(reading));
    let spacing: Vec<f64> = dots.iter().map(|p| density.new_spacing_mm(&ground, *p)).collect();
    let order = stipple_points::rank(&dots, &spacing, &density.units);
    let around = (&choice.dot_around, &skins.around.around);
    let field = Field::new(reading, protocol, &ground, &density, &tone, around);
    let toned = field.toned(&dots, &marks(&dots, protocol, &ground, &density, options.seed));
    caveats.extend(toned.scars.and_then(|scars| tone::caveat(&tone, &scars)));
    let drawn = &options.drawn;
    let finish =
        Finisher { reading, protocol, drawn, ground: &ground, skins: &skins, choice: &choice, toned: &toned };
    let sessions = sessions::split(&finish.dots(&dots), &order, &protocol.sessions);
    pause(watch, 1.0)?;
    let plan = finish.plan(sessions, ground.treated_area_mm2());
    Ok(Qualified::new(plan, caveats))
}

fn pause(watch: &dyn Watch, share: f64) -> Result<(), Error> {
    watch.progress("plan", share);
    if watch.stopped() { Err(Error::Stopped) } else { Ok(()) }
}

/// The new dots, mm, and how many found no place.
fn place_dots(
    protocol: &Protocol,
    ground: &Ground,
    density: &Density,
    seed: Seed,
) -> Result<(Vec<(f64, f64)>, usize), Error> {
    let expected = density.expected_dots(ground);
    if expected > DOTS_MAX as f64 {
        return Err(Error::TooMany { dots: expected, most: DOTS_MAX });
    }
    let filled = fill(
        &Fill {
            window: &ground.window,
            fixed: &density.units,
            metric: &density.metric(),
            new_density: &density.new_per_mm2,
            zone: &ground.area_of.number,
            count: expected.round() as usize,
            spacing_min: protocol.dot_spacing_min_mm,
            potential: &density.potential(ground),
        },
        seed,
    );
    Ok((filled.points, filled.unplaced))
}

/// Diameters over the protocol's, by the hairs that each dot stands for and by the hand.
fn marks(
    places: &[(f64, f64)],
    protocol: &Protocol,
    ground: &Ground,
    density: &Density,
    seed: Seed,
) -> Vec<f64> {
    let spacing: Vec<f64> = places.iter().map(|p| density.whole_spacing_mm(ground, *p)).collect();
    let hairs = stipple_points::hairs(places, &spacing, &density.units, seed);
    let mut draw = seed.stream("plan.diameter", 0);
    let mut mark = |(place, hairs): (&(f64, f64), u8)| {
        let hairs = hairs.min(ground.hairs_most(*place, &protocol.hairline));
        let by_hairs = (f64::from(hairs) / HAIRS_MEAN).powf(AREA_BY_HAIRS / 2.0);
        by_hairs * draw.between(1.0 - HAND_VARIATION, 1.0 + HAND_VARIATION)
    };
    places.iter().zip(hairs).map(&mut mark).collect()
}

/// What turns places into dots and dots into a plan.
struct Finisher<'a> {
    reading: &'a Reading,
    protocol: &'a Protocol,
    drawn: &'a Drawn,
    ground: &'a Ground,
    skins: &'a Skins,
    choice: &'a Choice,
    toned: &'a Toned,
}

impl Finisher<'_> {
    /// Every dot but for its zone, which `sessions` decides.
    fn dots(&self, places: &[(f64, f64)]) -> Vec<Dot> {
        let dot = |(&(x_mm, y_mm), size): (&(f64, f64), &f64)| {
            let at_scalp = PointInScalp::new(x_mm, y_mm);
            let in_scar = self.ground.is_scar(at_scalp);
            Dot {
                at_scalp,
                at_photo: self.reading.photo.scalp_from_photo.photo_from_scalp(at_scalp),
                diameter_um: self.protocol.fresh_diameter_um.value * size,
                needle_depth_mm: pigment::depth_mm(self.protocol, in_scar),
                pigment: if in_scar { self.choice.in_scar } else { self.choice.around },
                in_scar,
                zone: 0,
            }
        };
        places.iter().zip(&self.toned.sizes).map(dot).collect()
    }

    /// Mean diameter over the protocol's.
    fn mean_size(&self) -> f64 {
        let sizes = &self.toned.sizes;
        if sizes.is_empty() { 1.0 } else { sizes.iter().sum::<f64>() / sizes.len() as f64 }
    }

    fn plan(&self, sessions: Vec<Session>, area_mm2: f64) -> Plan {
        let dots = sessions.iter().map(|s| s.dots.len()).sum::<usize>();
        let Reading { photo, skin, hair, scars, .. } = self.reading;
        Plan {
            photo_width_px: photo.width_px,
            photo_height_px: photo.height_px,
            pixel_pitch_um: photo.pixel_pitch_um,
            scalp_from_photo: photo.scalp_from_photo,
            photo_white_gain: self.reading.white_gain,
            hairs: roots(hair),
            protocol: format!("{} {}", self.protocol.name, self.protocol.version),
            pigments: self.choice.pigments.clone(),
            sessions,
            scar_outlines: scars.iter().map(|scar| scar.outline.clone()).collect(),
            drawn_lines: self.drawn.lines(),
            healed_diameter_um: self.protocol.healed_diameter_um.times(self.mean_size()),
            skin_lab: skin.lab,
            hair_lab: hair.lab,
            skin_optics: SkinOptics { around: self.skins.around.around, in_scar: self.skins.in_scar.around },
            healed_match: self.choice.healed_match.clone(),
            scar_tone: self.toned.scars,
            totals: totals(dots, area_mm2, self.protocol),
        }
    }
}

fn totals(dots: usize, area_mm2: f64, protocol: &Protocol) -> Totals {
    let per_mm2 = if area_mm2 > 0.0 { dots as f64 / area_mm2 } else { 0.0 };
    Totals {
        dots,
        area_mm2,
        dot_density_per_cm2: 100.0 * per_mm2,
        pigment_ul: dots as f64 * protocol.pigment_ul_per_dot,
        chair_minutes: dots as f64 / protocol.dots_per_minute,
    }
}

/// The hairs that are likely enough there to keep dots off them; none where hair could not be told from skin.
fn roots(hair: &Hair) -> Vec<Root> {
    if hair.unit_density_per_cm2.is_none() {
        return Vec::new();
    }
    let sure =
        hair.detections.iter().filter(|found| found.confidence >= 0.4 && found.diameter_um.is_finite());
    sure.map(|found| Root { at_photo: found.at, diameter_um: found.diameter_um.clamp(20.0, 300.0) }).collect()
}

fn nothing(reading: &Reading, protocol: &Protocol) -> Qualified<Plan> {
    let Reading { photo, skin, hair, .. } = reading;
    let plan = Plan {
        photo_width_px: photo.width_px,
        photo_height_px: photo.height_px,
        pixel_pitch_um: photo.pixel_pitch_um,
        scalp_from_photo: photo.scalp_from_photo,
        photo_white_gain: reading.white_gain,
        hairs: roots(hair),
        protocol: format!("{} {}", protocol.name, protocol.version),
        pigments: Vec::new(),
        sessions: Vec::new(),
        scar_outlines: Vec::new(),
        drawn_lines: Vec::new(),
        healed_diameter_um: protocol.healed_diameter_um,
        skin_lab: skin.lab,
        hair_lab: hair.lab,
        skin_optics: SkinOptics::ORDINARY,
        healed_match: None,
        scar_tone: None,
        totals: totals(0, 0.0, protocol),
    };
    let caveat = Caveat::new(
        Code::PlanNothing,
        Weight::Blocks,
        "No scar was found in the photograph, so no dot was planned.",
        "Mark the scar by hand, or take a sharper photograph from nearer with the card beside the scar.",
    );
    Qualified::new(plan, vec![caveat])
}

fn unplaced_caveat(unplaced: usize, placed: usize, protocol: &Protocol) -> Caveat {
    Caveat::new(
        Code::PlanDensityCapped,
        Weight::Note,
        format!(
            "{unplaced} of {} dots found no place at least {:.2} mm from hairs and other dots; they were left out.",
            placed + unplaced,
            protocol.dot_spacing_min_mm
        ),
        "The result will be a little lighter than its surroundings. Do not squeeze dots in: they would merge.",
    )
}

fn redness_caveat(reading: &Reading) -> Option<Caveat> {
    let sure = |r: &&stipple_quantity::Estimate| r.value > RED && r.value > 2.0 * r.standard_uncertainty;
    let red = reading.scars.iter().filter_map(|scar| scar.redness.as_ref()).filter(sure);
    let worst = red.max_by(|one, two| one.value.total_cmp(&two.value))?;
    Some(Caveat::new(
        Code::ScarRed,
        Weight::Doubt,
        format!(
            "A scar is redder than the skin around it (erythema index {:+.0} ± {:.0}; from {RED:+.0} on this is said). Dots \
             of pigment do not hide redness: in simulations red scars showed more under pigment in 3 of 3 cases, \
             pale ones less in 6 of 6.",
            worst.value, worst.standard_uncertainty
        ),
        "Wait until the redness has faded, or set a few test dots and judge them after four weeks.",
    ))
}

/// Whether a color's numbers are all finite.
pub(crate) fn is_finite(lab: Lab) -> bool {
    lab.l.is_finite() && lab.a.is_finite() && lab.b.is_finite()
}

#[cfg(test)]
pub(crate) mod tests;
