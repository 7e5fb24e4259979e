//! `plan.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_model::Qualified;
use stipple_quantity::PointInScalp;

use super::head::Head;
use super::look::{HealedMatch, ScarTone, SkinOptics};
use super::part::{
    Homography, Lab, Measured, OUTLINES_MAX, OutlinePx, no_gain, photo_side, pixel_pitch, place, white_gain,
};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{MM, PX, UM, at_most, each, rounded, significant, within};
use crate::provenance::Provenance;

/// Most hairs of a plan.
const HAIRS_MAX: usize = 1_000_000;
/// Most dots of a plan.
const DOTS_MAX: usize = 1_000_000;
/// Farthest place on the scalp, mm.
const FARTHEST_MM: f64 = 10_000.0;

/// Every dot of every session, before it is made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The photograph that the plan was made on.
    pub photo: PhotoSize,
    /// Factors on linear R, G, B of the photograph's own space that make its colors those that were read: neutrals neutral, and
    /// as light as they are where the card showed it (0.02–50).
    #[serde(default = "no_gain")]
    pub photo_white_gain: [f64; 3],
    /// Size of a pixel on the scalp, µm (1–5000).
    pub pixel_pitch_um: f64,
    /// Standard uncertainty of the pixel pitch, µm.
    pub pixel_pitch_standard_uncertainty_um: f64,
    /// Map from photograph pixels to millimetres on the flattened scalp.
    pub scalp_from_photo: Homography,
    /// Name and version of the protocol that it follows.
    pub protocol: String,
    /// Skin that the plan was matched to.
    pub skin_lab: Lab,
    /// Hair that the plan was matched to, or null if it could not be measured.
    pub hair_lab: Option<Lab>,
    /// How the skin passes light around a dot; without it, average light skin.
    #[serde(default)]
    pub skin_optics: SkinOptics,
    /// How a healed dot in the scar compares with the hair, or null if that could not be measured.
    #[serde(default)]
    pub healed_match: Option<HealedMatch>,
    /// How far the scars' tone is from that of their surroundings, or null if that is not known.
    #[serde(default)]
    pub scar_tone: Option<ScarTone>,
    /// Diameter of a healed dot, µm.
    pub healed_diameter_um: Measured,
    /// Hairs that the photograph shows, at their roots: x px, y px, diameter µm.
    #[serde(default)]
    pub hairs: Vec<[f64; 3]>,
    /// Outlines of the scars treated, px.
    pub scar_outlines_px: Vec<OutlinePx>,
    /// Lines that a person drew to be treated, px; an outline comes back to where it begins.
    #[serde(default)]
    pub drawn_lines_px: Vec<OutlinePx>,
    /// Pigments used.
    pub pigments: Vec<Pigment>,
    /// Sums over all sessions.
    pub totals: Totals,
    /// Sessions in order; of those that are done, the dots that healed, where they were seen.
    pub sessions: Vec<Session>,
    /// Dots that were made in sessions that are done and did not last: x px, y px.
    #[serde(default)]
    pub lost_dots_px: Vec<[f64; 2]>,
    /// How many of the sessions, from the first, are done; pigment and time of the totals are those of the others.
    #[serde(default)]
    pub sessions_done: usize,
}

/// Size of the photograph that the plan was made on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PhotoSize {
    /// Columns of the upright photograph, px.
    pub width_px: usize,
    /// Rows of the upright photograph, px.
    pub height_px: usize,
}

/// A pigment with the dilution chosen.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Pigment {
    /// Stable word; dots name it.
    pub id: String,
    /// Name on the bottle.
    pub name: String,
    /// What is in it, in words.
    pub recipe: String,
    /// Color of a drawdown from the bottle.
    pub lab_in_bottle: Lab,
    /// Parts of diluent to one part of pigment.
    pub dilution: f64,
    /// Absorption in skin at 550 nm of an undiluted deposit, 1/mm.
    pub absorption_550_per_mm: f64,
    /// Absorption falls as wavelength to the minus this at 550 nm.
    pub absorption_exponent: f64,
    /// How that changes with wavelength: at x = ln(wavelength / 550 nm) the exponent is smaller by twice this times x,
    /// from 450 to 650 nm.
    #[serde(default)]
    pub absorption_curvature: f64,
    /// Standard uncertainty of the absorption, as a logarithm.
    #[serde(default = "unmeasured")]
    pub absorption_uncertainty: f64,
    /// Dilutions that may be mixed: parts of diluent to one part of pigment, ascending.
    pub dilutions: Vec<f64>,
    /// Where these numbers come from.
    pub source: String,
}

/// One session.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// 1, 2, 3 …
    pub number: u32,
    /// Days since the session before; 0 for the first.
    pub interval_days: u32,
    /// The dots added in it, in working order.
    pub dots: Vec<Dot>,
}

/// A planned dot.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Dot {
    /// Millimetres to the right on the flattened scalp, mm.
    pub x_mm: f64,
    /// Millimetres down on the flattened scalp, mm.
    pub y_mm: f64,
    /// Pixels from the left edge of the photograph, px.
    pub x_px: f64,
    /// Pixels from the top edge of the photograph, px.
    pub y_px: f64,
    /// Diameter when fresh, µm.
    pub diameter_um: f64,
    /// Needle depth from the surface, mm: shallowest and deepest.
    pub needle_depth_mm: [f64; 2],
    /// The pigment's id.
    pub pigment: String,
    /// Whether it lies in scar skin.
    pub in_scar: bool,
    /// The patch of scalp, within a hand's reach, that it is made with: 1, 2, 3 … in working order, the same in every
    /// session; without it, 1.
    #[serde(default = "first_zone")]
    pub zone: u32,
}

/// The zone of dots of plans from before there were zones.
fn first_zone() -> u32 {
    1
}

/// Sums over all sessions.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Dots.
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

impl Body for Plan {
    const FORMAT: &'static str = "stipple/plan/1";
    const WHAT: &'static str = "plan";
}

/// The text of `plan.json`.
///
/// # Panics
/// If two pigments share an id or a dot points to none: that is our own bug.
pub fn plan_to_json(plan: &Qualified<model::Plan>, provenance: &Provenance) -> String {
    let head = Head::new(Plan::FORMAT, &plan.caveats, provenance);
    written(head, Plan::from(&plan.value))
}

/// The plan in a `plan.json`.
///
/// # Errors
/// If it is not one, is of another version, or a field cannot mean what it says.
pub fn plan_from_json(text: impl AsRef<[u8]>) -> Result<Qualified<model::Plan>, Error> {
    let (head, body) = opened::<Plan>(text.as_ref())?;
    Ok(Qualified { value: body.into_model()?, caveats: head.into_caveats()? })
}

impl From<&model::Plan> for Plan {
    fn from(plan: &model::Plan) -> Self {
        let pigments: Vec<Pigment> = plan.pigments.iter().map(Pigment::from).collect();
        let ids: Vec<&str> = pigments.iter().map(|pigment| pigment.id.as_str()).collect();
        assert!(ids.iter().all(|id| ids.iter().filter(|i| i == &id).count() == 1), "pigment ids are unique");
        let sessions = plan.sessions.iter().map(|session| Session::from_model(session, &ids)).collect();
        Self {
            photo: PhotoSize { width_px: plan.photo_width_px, height_px: plan.photo_height_px },
            pixel_pitch_um: significant(plan.pixel_pitch_um.value),
            pixel_pitch_standard_uncertainty_um: significant(plan.pixel_pitch_um.standard_uncertainty),
            scalp_from_photo: plan.scalp_from_photo.into(),
            photo_white_gain: plan.photo_white_gain.map(significant),
            hairs: plan.hairs.iter().map(root_from_model).collect(),
            protocol: plan.protocol.clone(),
            skin_lab: plan.skin_lab.into(),
            hair_lab: plan.hair_lab.map(Lab::from),
            skin_optics: (&plan.skin_optics).into(),
            healed_match: plan.healed_match.as_ref().map(HealedMatch::from),
            scar_tone: plan.scar_tone.map(ScarTone::from),
            healed_diameter_um: plan.healed_diameter_um.into(),
            scar_outlines_px: plan.scar_outlines.iter().map(|o| o.as_slice().into()).collect(),
            drawn_lines_px: plan.drawn_lines.iter().map(|line| line.as_slice().into()).collect(),
            sessions,
            sessions_done: plan.sessions_done,
            lost_dots_px: plan.lost.iter().map(|at| [rounded(at.x_px, PX), rounded(at.y_px, PX)]).collect(),
            pigments,
            totals: plan.totals.into(),
        }
    }
}

impl Plan {
    fn into_model(self) -> Result<model::Plan, Error> {
        let width_px = photo_side("photo.width_px", self.photo.width_px)?;
        let height_px = photo_side("photo.height_px", self.photo.height_px)?;
        let pitch = Measured {
            value: self.pixel_pitch_um,
            standard_uncertainty: self.pixel_pitch_standard_uncertainty_um,
        };
        let outlines = at_most("scar_outlines_px", self.scar_outlines_px, OUTLINES_MAX)?;
        let lines = at_most("drawn_lines_px", self.drawn_lines_px, OUTLINES_MAX)?;
        let pigments = each("pigments", at_most("pigments", self.pigments, 1000)?, Pigment::into_model)?;
        let indices = indices_of(&pigments)?;
        let sessions = at_most("sessions", self.sessions, 1000)?;
        let sessions = each("sessions", sessions, |session| session.into_model(&indices))?;
        let dots = sessions.iter().map(|session| session.dots.len()).sum();
        let lost = at_most("lost_dots_px", self.lost_dots_px, DOTS_MAX)?;
        Ok(model::Plan {
            photo_width_px: width_px,
            photo_height_px: height_px,
            pixel_pitch_um: pixel_pitch("pixel_pitch_um", pitch)?,
            scalp_from_photo: self.scalp_from_photo.into_model("scalp_from_photo", width_px, height_px)?,
            photo_white_gain: white_gain("photo_white_gain", self.photo_white_gain)?,
            hairs: each("hairs", at_most("hairs", self.hairs, HAIRS_MAX)?, root_into_model)?,
            protocol: self.protocol,
            scar_outlines: each("scar_outlines_px", outlines, |o| o.into_model("outline"))?,
            drawn_lines: each("drawn_lines_px", lines, |line| line.into_line("line"))?,
            healed_diameter_um: self.healed_diameter_um.into_estimate(
                "healed_diameter_um",
                1.0..=5000.0,
                "µm",
            )?,
            skin_lab: self.skin_lab.into_model("skin_lab")?,
            hair_lab: self.hair_lab.map(|lab| lab.into_model("hair_lab")).transpose()?,
            skin_optics: self.skin_optics.into_model().map_err(|trouble| trouble.inside("skin_optics"))?,
            healed_match: self
                .healed_match
                .map(HealedMatch::into_model)
                .transpose()
                .map_err(|trouble| trouble.inside("healed_match"))?,
            scar_tone: self
                .scar_tone
                .map(ScarTone::into_model)
                .transpose()
                .map_err(|trouble| trouble.inside("scar_tone"))?,
            totals: self.totals.into_model(dots).map_err(|trouble| trouble.inside("totals"))?,
            sessions_done: self.sessions_done,
            lost: each("lost_dots_px", lost, |[x_px, y_px]| place("place", x_px, y_px))?,
            pigments,
            sessions,
        })
    }
}

fn root_from_model(root: &model::Root) -> [f64; 3] {
    [rounded(root.at_photo.x_px, PX), rounded(root.at_photo.y_px, PX), rounded(root.diameter_um, UM)]
}

fn root_into_model([x_px, y_px, diameter_um]: [f64; 3]) -> Result<model::Root, Error> {
    let at_photo = place("place", x_px, y_px)?;
    Ok(model::Root { at_photo, diameter_um: within("diameter_um", diameter_um, 1.0..=300.0, "µm")? })
}

/// Where each pigment stands, by its id.
fn indices_of(pigments: &[model::PlannedPigment]) -> Result<BTreeMap<String, usize>, Error> {
    let mut indices = BTreeMap::new();
    for (k, planned) in pigments.iter().enumerate() {
        if indices.insert(planned.pigment.id.clone(), k).is_some() {
            return Err(Error::field(format!("pigments[{k}].id"), &planned.pigment.id, "an id used once"));
        }
    }
    Ok(indices)
}

impl From<&model::PlannedPigment> for Pigment {
    fn from(planned: &model::PlannedPigment) -> Self {
        let pigment = &planned.pigment;
        Self {
            id: pigment.id.clone(),
            name: pigment.name.clone(),
            recipe: pigment.recipe.clone(),
            lab_in_bottle: pigment.lab_in_bottle.into(),
            dilution: significant(planned.dilution),
            absorption_550_per_mm: significant(pigment.absorption_550_per_mm),
            absorption_exponent: significant(pigment.absorption_exponent),
            absorption_curvature: significant(pigment.absorption_curvature),
            absorption_uncertainty: significant(pigment.absorption_uncertainty),
            dilutions: pigment.dilutions.iter().copied().map(significant).collect(),
            source: pigment.source.clone(),
        }
    }
}

impl Pigment {
    fn into_model(self) -> Result<model::PlannedPigment, Error> {
        let parts = |field, value| within(field, value, 0.0..=1000.0, "parts of diluent");
        self.dilutions.iter().try_for_each(|value| parts("dilutions", *value).map(drop))?;
        let dilution = parts("dilution", self.dilution)?;
        let pigment = model::Pigment {
            id: self.id,
            name: self.name,
            recipe: self.recipe,
            lab_in_bottle: self.lab_in_bottle.into_model("lab_in_bottle")?,
            absorption_550_per_mm: within(
                "absorption_550_per_mm",
                self.absorption_550_per_mm,
                0.0..=1e5,
                "per mm",
            )?,
            absorption_exponent: within("absorption_exponent", self.absorption_exponent, -20.0..=20.0, "")?,
            absorption_curvature: within(
                "absorption_curvature",
                self.absorption_curvature,
                -60.0..=60.0,
                "",
            )?,
            absorption_uncertainty: within(
                "absorption_uncertainty",
                self.absorption_uncertainty,
                0.0..=2.0,
                "",
            )?,
            dilutions: at_most("dilutions", self.dilutions, 1000)?,
            source: self.source,
        };
        Ok(model::PlannedPigment { pigment, dilution })
    }
}

/// Uncertainty of an absorption that nobody measured: planning values of plans from before it was stated.
fn unmeasured() -> f64 {
    crate::settings::PLANNING_UNCERTAINTY
}

impl Session {
    fn from_model(session: &model::Session, pigment_ids: &[&str]) -> Self {
        Self {
            number: session.number,
            interval_days: session.interval_days,
            dots: session.dots.iter().map(|dot| Dot::from_model(dot, pigment_ids[dot.pigment])).collect(),
        }
    }

    fn into_model(self, pigments: &BTreeMap<String, usize>) -> Result<model::Session, Error> {
        let dots = at_most("dots", self.dots, DOTS_MAX)?;
        within("number", f64::from(self.number), 1.0..=1000.0, "")?;
        within("interval_days", f64::from(self.interval_days), 0.0..=36_525.0, "days")?;
        Ok(model::Session {
            number: self.number,
            interval_days: self.interval_days,
            dots: each("dots", dots, |dot| dot.into_model(pigments))?,
        })
    }
}

impl Dot {
    fn from_model(dot: &model::Dot, pigment_id: &str) -> Self {
        Self {
            x_mm: rounded(dot.at_scalp.x_mm, MM),
            y_mm: rounded(dot.at_scalp.y_mm, MM),
            x_px: rounded(dot.at_photo.x_px, PX),
            y_px: rounded(dot.at_photo.y_px, PX),
            diameter_um: rounded(dot.diameter_um, UM),
            needle_depth_mm: dot.needle_depth_mm.map(|depth| rounded(depth, MM)),
            pigment: pigment_id.into(),
            in_scar: dot.in_scar,
            zone: dot.zone,
        }
    }

    fn into_model(self, pigments: &BTreeMap<String, usize>) -> Result<model::Dot, Error> {
        let on_scalp = |field, value| within(field, value, -FARTHEST_MM..=FARTHEST_MM, "mm");
        let [shallowest, deepest] = self.needle_depth_mm;
        within("needle_depth_mm", shallowest, 0.0..=deepest, "mm")?;
        within("needle_depth_mm", deepest, 0.0..=10.0, "mm")?;
        within("zone", f64::from(self.zone), 1.0..=1e6, "")?;
        let pigment = pigments.get(&self.pigment).copied();
        Ok(model::Dot {
            at_scalp: PointInScalp::new(on_scalp("x_mm", self.x_mm)?, on_scalp("y_mm", self.y_mm)?),
            at_photo: place("x_px, y_px", self.x_px, self.y_px)?,
            diameter_um: within("diameter_um", self.diameter_um, 1.0..=5000.0, "µm")?,
            needle_depth_mm: self.needle_depth_mm,
            pigment: pigment
                .ok_or_else(|| Error::field("pigment", &self.pigment, "the id of one of the pigments"))?,
            in_scar: self.in_scar,
            zone: self.zone,
        })
    }
}

impl From<model::Totals> for Totals {
    fn from(totals: model::Totals) -> Self {
        Self {
            dots: totals.dots,
            area_mm2: significant(totals.area_mm2),
            dot_density_per_cm2: significant(totals.dot_density_per_cm2),
            pigment_ul: significant(totals.pigment_ul),
            chair_minutes: significant(totals.chair_minutes),
        }
    }
}

impl Totals {
    fn into_model(self, dots: usize) -> Result<model::Totals, Error> {
        if self.dots != dots {
            return Err(Error::field("dots", self.dots, format!("the {dots} that the sessions hold")));
        }
        Ok(model::Totals {
            dots,
            area_mm2: within("area_mm2", self.area_mm2, 0.0..=1e6, "mm²")?,
            dot_density_per_cm2: within(
                "dot_density_per_cm2",
                self.dot_density_per_cm2,
                0.0..=1e5,
                "per cm²",
            )?,
            pigment_ul: within("pigment_ul", self.pigment_ul, 0.0..=1e9, "µl")?,
            chair_minutes: within("chair_minutes", self.chair_minutes, 0.0..=1e6, "minutes")?,
        })
    }
}
