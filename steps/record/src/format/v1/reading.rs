//! `reading.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_color as color;
use stipple_model as model;
use stipple_model::Qualified;

use super::head::Head;
use super::part::{
    Homography, Lab, Measured, OUTLINES_MAX, OutlinePx, maybe, no_gain, photo_side, pixel_pitch, place,
    white_gain,
};
use super::word::{ItaClass, PitchSource, ScarKind, WhiteSource};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{
    DEG, MM, PROBABILITY, PX, UM, at_most, each, optional, rounded, significant, within,
};
use crate::provenance::Provenance;

/// Most follicles of a file.
const DETECTIONS_MAX: usize = 1_000_000;
/// Largest area, mm².
const AREA_MAX_MM2: f64 = 1e6;
/// Most follicular units per cm².
const HAIR_MAX_PER_CM2: f64 = 2000.0;

/// What was read from one photograph: skin, hair and scars.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// Size and scale of the photograph.
    pub photo: Photo,
    /// What white balance rests on.
    pub white: WhiteSource,
    /// Factors on linear R, G, B of the photograph's own space that make its colors those that were read: neutrals neutral, and
    /// as light as they are where the card showed it (0.02–50).
    #[serde(default = "no_gain")]
    pub white_gain: [f64; 3],
    /// The skin that was read; measures are taken inside only.
    pub zone: Zone,
    /// The skin around the scars, hair left out.
    pub skin: Skin,
    /// The hair around the scars.
    pub hair: Hair,
    /// The scars, largest first.
    pub scars: Vec<Scar>,
}

/// Size and scale of the photograph.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    /// Columns of the upright photograph (EXIF orientation applied), px.
    pub width_px: usize,
    /// Rows of the upright photograph, px.
    pub height_px: usize,
    /// Size of a pixel on the scalp at the middle of the zone, µm (1–5000).
    pub pixel_pitch_um: Measured,
    /// Where the pixel pitch comes from.
    pub pixel_pitch_source: PitchSource,
    /// Map from photograph pixels to millimetres on the flattened scalp.
    pub scalp_from_photo: Homography,
    /// How steeply the camera's tones run over the card's grays, logarithm over logarithm of luminance: 1 is as printed, below
    /// it flatter; null without the card. Readings of before do not tell it.
    #[serde(default)]
    pub tone_slope: Option<Measured>,
}

/// The skin that was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Zone {
    /// Its outlines, px.
    pub outlines_px: Vec<OutlinePx>,
    /// Its area, mm².
    pub area_mm2: Measured,
}

/// The skin around the scars, hair left out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Skin {
    /// Median color.
    pub lab: Lab,
    /// Standard uncertainty of L*, a*, b*.
    pub lab_uncertainty: Lab,
    /// Individual typology angle, degrees: arctan((L* − 50) / b*).
    pub ita_deg: Measured,
    /// Class of that angle.
    pub ita_class: ItaClass,
    /// Volume fraction of melanosomes in the epidermis, 0–1.
    pub melanin_volume_fraction: Option<Measured>,
    /// Volume fraction of blood in the dermis, 0–1.
    pub blood_volume_fraction: Option<Measured>,
    /// Erythema index, no unit: 100 · log10(linear red / linear green).
    pub erythema_index: Option<Measured>,
}

/// The hair around the scars.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Hair {
    /// Follicular units per cm².
    pub unit_density_per_cm2: Option<Measured>,
    /// Median shaft diameter, µm.
    pub median_diameter_um: Option<Measured>,
    /// Median color of what shows of the hair.
    pub lab: Option<Lab>,
    /// Follicles found by the machine, top to bottom, left to right.
    pub detections: Vec<Detection>,
}

/// A follicle found by the machine.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Detection {
    /// Pixels from the left edge of the photograph, px.
    pub x_px: f64,
    /// Pixels from the top edge of the photograph, px.
    pub y_px: f64,
    /// Diameter of the shaft, µm.
    pub diameter_um: f64,
    /// Color of its darkest (or, for light hair, lightest) part.
    pub lab: Lab,
    /// Probability that a shaft leaves the skin within 0.15 mm of it, 0–1.
    pub confidence: f64,
    /// Way from root to tip on the photograph, degrees from right toward down; absent for a dot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction_deg: Option<f64>,
    /// Length of the shaft as far as it is seen, along the skin, mm; absent where no shaft was followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<f64>,
    /// Its follicular unit, counted from 0; hairs of one unit share it.
    #[serde(default)]
    pub unit: usize,
}

/// One scar.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Scar {
    /// Its shape.
    pub kind: ScarKind,
    /// Its outline, px.
    pub outline_px: OutlinePx,
    /// Area, mm².
    pub area_mm2: Measured,
    /// Length along its middle, mm.
    pub length_mm: Option<Measured>,
    /// Mean width across its middle, mm.
    pub width_mm: Option<Measured>,
    /// Width that a tenth of its length is narrower than, mm.
    #[serde(default)]
    pub width_p10_mm: Option<Measured>,
    /// Width that a tenth of its length is wider than, mm.
    #[serde(default)]
    pub width_p90_mm: Option<Measured>,
    /// Width of its widest place, mm.
    #[serde(default)]
    pub width_max_mm: Option<Measured>,
    /// Widths along its middle, from one end to the other.
    #[serde(default)]
    pub width_profile: Vec<WidthAt>,
    /// Standard uncertainty of where its edge runs, mm.
    #[serde(default)]
    pub edge_uncertainty_mm: Option<f64>,
    /// Median color of its skin, hair left out; null where too little of it shows.
    #[serde(default)]
    pub lab: Option<Lab>,
    /// Median color of the skin in the ring around, hair left out.
    #[serde(default)]
    pub lab_around: Option<Lab>,
    /// CIEDE2000 to the skin around, no unit.
    pub color_difference: Option<Measured>,
    /// Erythema index inside minus around, no unit; above zero is redder.
    pub redness: Option<Measured>,
    /// Fine texture inside over around, no unit; 1 is the same.
    pub texture: Option<Measured>,
    /// Hint of relief: how much the brightness of the rim swings around the scar, natural logarithm, no unit; 0 is
    /// flat or lit from straight above.
    #[serde(default)]
    pub relief: Option<Measured>,
    /// Follicular units per cm² inside.
    pub hair_density_inside_per_cm2: Option<Measured>,
    /// Follicular units per cm² in the ring around.
    pub hair_density_around_per_cm2: Option<Measured>,
}

/// How wide a scar is at one place of its middle.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WidthAt {
    /// Column in the upright photograph, px.
    pub x_px: f64,
    /// Row in the upright photograph, px.
    pub y_px: f64,
    /// How far along the middle from its end, mm.
    pub along_mm: f64,
    /// Width across the middle there, mm.
    pub width_mm: f64,
}

impl Body for Reading {
    const FORMAT: &'static str = "stipple/reading/1";
    const WHAT: &'static str = "reading";
}

/// The text of `reading.json`.
pub fn reading_to_json(reading: &Qualified<model::Reading>, provenance: &Provenance) -> String {
    let head = Head::new(Reading::FORMAT, &reading.caveats, provenance);
    written(head, Reading::from(&reading.value))
}

/// The reading in a `reading.json`.
///
/// # Errors
/// If it is not one, is of another version, or a number cannot mean what its field says.
pub fn reading_from_json(text: impl AsRef<[u8]>) -> Result<Qualified<model::Reading>, Error> {
    let (head, body) = opened::<Reading>(text.as_ref())?;
    Ok(Qualified { value: body.into_model()?, caveats: head.into_caveats()? })
}

impl From<&model::Reading> for Reading {
    fn from(reading: &model::Reading) -> Self {
        Self {
            photo: (&reading.photo).into(),
            white: reading.white.into(),
            white_gain: reading.white_gain.map(significant),
            zone: Zone {
                outlines_px: reading.zone_outlines.iter().map(|o| o.as_slice().into()).collect(),
                area_mm2: reading.zone_area_mm2.into(),
            },
            skin: (&reading.skin).into(),
            hair: (&reading.hair).into(),
            scars: reading.scars.iter().map(Scar::from).collect(),
        }
    }
}

impl Reading {
    fn into_model(self) -> Result<model::Reading, Error> {
        let outlines = at_most("zone.outlines_px", self.zone.outlines_px, OUTLINES_MAX)?;
        let scars = at_most("scars", self.scars, OUTLINES_MAX)?;
        Ok(model::Reading {
            photo: self.photo.into_model().map_err(|trouble| trouble.inside("photo"))?,
            white: self.white.into(),
            white_gain: white_gain("white_gain", self.white_gain)?,
            zone_outlines: each("zone.outlines_px", outlines, |o| o.into_model("outline"))?,
            zone_area_mm2: self.zone.area_mm2.into_estimate("zone.area_mm2", 0.0..=AREA_MAX_MM2, "mm²")?,
            skin: self.skin.into_model().map_err(|trouble| trouble.inside("skin"))?,
            hair: self.hair.into_model().map_err(|trouble| trouble.inside("hair"))?,
            scars: each("scars", scars, Scar::into_model)?,
        })
    }
}

impl From<&model::PhotoFacts> for Photo {
    fn from(photo: &model::PhotoFacts) -> Self {
        Self {
            width_px: photo.width_px,
            height_px: photo.height_px,
            pixel_pitch_um: photo.pixel_pitch_um.into(),
            pixel_pitch_source: photo.pixel_pitch_source.into(),
            scalp_from_photo: photo.scalp_from_photo.into(),
            tone_slope: photo.tone_slope.map(Measured::from),
        }
    }
}

impl Photo {
    fn into_model(self) -> Result<model::PhotoFacts, Error> {
        let width_px = photo_side("width_px", self.width_px)?;
        let height_px = photo_side("height_px", self.height_px)?;
        Ok(model::PhotoFacts {
            width_px,
            height_px,
            pixel_pitch_um: pixel_pitch("pixel_pitch_um", self.pixel_pitch_um)?,
            pixel_pitch_source: self.pixel_pitch_source.into(),
            scalp_from_photo: self.scalp_from_photo.into_model("scalp_from_photo", width_px, height_px)?,
            tone_slope: maybe("tone_slope", self.tone_slope, -100.0..=100.0, "")?,
        })
    }
}

impl From<&model::Skin> for Skin {
    fn from(skin: &model::Skin) -> Self {
        Self {
            lab: skin.lab.into(),
            lab_uncertainty: skin.lab_uncertainty.into(),
            ita_deg: skin.ita_deg.into(),
            ita_class: skin.ita_class.into(),
            melanin_volume_fraction: skin.melanin_volume_fraction.map(Measured::from),
            blood_volume_fraction: skin.blood_volume_fraction.map(Measured::from),
            erythema_index: skin.erythema_index.map(Measured::from),
        }
    }
}

impl Skin {
    fn into_model(self) -> Result<model::Skin, Error> {
        let ita_deg = self.ita_deg.into_estimate("ita_deg", -90.0..=90.0, "degrees")?;
        Ok(model::Skin {
            lab: self.lab.into_model("lab")?,
            lab_uncertainty: uncertainty_of_lab(self.lab_uncertainty)?,
            ita_deg,
            ita_class: self.ita_class.into(),
            melanin_volume_fraction: maybe(
                "melanin_volume_fraction",
                self.melanin_volume_fraction,
                0.0..=1.0,
                "",
            )?,
            blood_volume_fraction: maybe("blood_volume_fraction", self.blood_volume_fraction, 0.0..=1.0, "")?,
            erythema_index: maybe("erythema_index", self.erythema_index, -1000.0..=1000.0, "")?,
        })
    }
}

fn uncertainty_of_lab(lab: Lab) -> Result<color::Lab, Error> {
    lab.0.iter().try_for_each(|u| within("lab_uncertainty", *u, 0.0..=200.0, "").map(drop))?;
    lab.into_model("lab_uncertainty")
}

impl From<&model::Hair> for Hair {
    fn from(hair: &model::Hair) -> Self {
        Self {
            unit_density_per_cm2: hair.unit_density_per_cm2.map(Measured::from),
            median_diameter_um: hair.median_diameter_um.map(Measured::from),
            lab: hair.lab.map(Lab::from),
            detections: hair.detections.iter().map(Detection::from).collect(),
        }
    }
}

impl Hair {
    fn into_model(self) -> Result<model::Hair, Error> {
        let detections = at_most("detections", self.detections, DETECTIONS_MAX)?;
        Ok(model::Hair {
            unit_density_per_cm2: maybe(
                "unit_density_per_cm2",
                self.unit_density_per_cm2,
                0.0..=HAIR_MAX_PER_CM2,
                "per cm²",
            )?,
            median_diameter_um: maybe("median_diameter_um", self.median_diameter_um, 0.0..=2000.0, "µm")?,
            lab: self.lab.map(|lab| lab.into_model("lab")).transpose()?,
            detections: each("detections", detections, Detection::into_model)?,
        })
    }
}

impl From<&model::Detection> for Detection {
    fn from(detection: &model::Detection) -> Self {
        Self {
            x_px: rounded(detection.at.x_px, PX),
            y_px: rounded(detection.at.y_px, PX),
            diameter_um: rounded(detection.diameter_um, UM),
            lab: detection.lab.into(),
            confidence: rounded(detection.confidence, PROBABILITY),
            direction_deg: detection.direction_deg.map(|deg| rounded(deg, DEG)),
            length_mm: detection.length_mm.map(|mm| rounded(mm, MM)),
            unit: detection.unit,
        }
    }
}

impl Detection {
    fn into_model(self) -> Result<model::Detection, Error> {
        Ok(model::Detection {
            at: place("x_px, y_px", self.x_px, self.y_px)?,
            diameter_um: within("diameter_um", self.diameter_um, 0.0..=2000.0, "µm")?,
            lab: self.lab.into_model("lab")?,
            confidence: within("confidence", self.confidence, 0.0..=1.0, "")?,
            direction_deg: optional("direction_deg", self.direction_deg, -180.0..=180.0, "degrees")?,
            length_mm: optional("length_mm", self.length_mm, 0.0..=1000.0, "mm")?,
            unit: self.unit,
        })
    }
}

impl From<&model::Scar> for Scar {
    fn from(scar: &model::Scar) -> Self {
        Self {
            kind: scar.kind.into(),
            outline_px: scar.outline.as_slice().into(),
            area_mm2: scar.area_mm2.into(),
            length_mm: scar.length_mm.map(Measured::from),
            width_mm: scar.width_mm.map(Measured::from),
            width_p10_mm: scar.width_range.map(|range| range.p10_mm.into()),
            width_p90_mm: scar.width_range.map(|range| range.p90_mm.into()),
            width_max_mm: scar.width_range.map(|range| range.max_mm.into()),
            width_profile: scar.widths.iter().map(WidthAt::from).collect(),
            edge_uncertainty_mm: scar.edge_uncertainty_mm.map(significant),
            lab: scar.lab.map(Lab::from),
            lab_around: scar.lab_around.map(Lab::from),
            color_difference: scar.color_difference.map(Measured::from),
            redness: scar.redness.map(Measured::from),
            texture: scar.texture.map(Measured::from),
            relief: scar.relief.map(Measured::from),
            hair_density_inside_per_cm2: scar.hair_density_inside_per_cm2.map(Measured::from),
            hair_density_around_per_cm2: scar.hair_density_around_per_cm2.map(Measured::from),
        }
    }
}

impl Scar {
    fn into_model(self) -> Result<model::Scar, Error> {
        let density = |field, measured| maybe(field, measured, 0.0..=HAIR_MAX_PER_CM2, "per cm²");
        Ok(model::Scar {
            kind: self.kind.into(),
            outline: self.outline_px.into_model("outline_px")?,
            area_mm2: self.area_mm2.into_estimate("area_mm2", 0.0..=AREA_MAX_MM2, "mm²")?,
            length_mm: maybe("length_mm", self.length_mm, 0.0..=10_000.0, "mm")?,
            width_mm: maybe("width_mm", self.width_mm, 0.0..=10_000.0, "mm")?,
            width_range: width_range(self.width_p10_mm, self.width_p90_mm, self.width_max_mm)?,
            widths: each(
                "width_profile",
                at_most("width_profile", self.width_profile, OUTLINES_MAX)?,
                WidthAt::into_model,
            )?,
            edge_uncertainty_mm: self
                .edge_uncertainty_mm
                .map(|mm| within("edge_uncertainty_mm", mm, 0.0..=100.0, "mm"))
                .transpose()?,
            lab: self.lab.map(|lab| lab.into_model("lab")).transpose()?,
            lab_around: self.lab_around.map(|lab| lab.into_model("lab_around")).transpose()?,
            color_difference: maybe("color_difference", self.color_difference, 0.0..=200.0, "")?,
            redness: maybe("redness", self.redness, -1000.0..=1000.0, "")?,
            texture: maybe("texture", self.texture, 0.0..=1e6, "")?,
            relief: maybe("relief", self.relief, 0.0..=100.0, "")?,
            hair_density_inside_per_cm2: density(
                "hair_density_inside_per_cm2",
                self.hair_density_inside_per_cm2,
            )?,
            hair_density_around_per_cm2: density(
                "hair_density_around_per_cm2",
                self.hair_density_around_per_cm2,
            )?,
        })
    }
}

/// All three widths or none.
fn width_range(
    p10_mm: Option<Measured>,
    p90_mm: Option<Measured>,
    max_mm: Option<Measured>,
) -> Result<Option<model::WidthRange>, Error> {
    let width = |field, measured| maybe(field, measured, 0.0..=10_000.0, "mm");
    let all =
        (width("width_p10_mm", p10_mm)?, width("width_p90_mm", p90_mm)?, width("width_max_mm", max_mm)?);
    let (Some(p10_mm), Some(p90_mm), Some(max_mm)) = all else { return Ok(None) };
    Ok(Some(model::WidthRange { p10_mm, p90_mm, max_mm }))
}

impl From<&model::WidthAt> for WidthAt {
    fn from(width: &model::WidthAt) -> Self {
        Self {
            x_px: significant(width.at.x_px),
            y_px: significant(width.at.y_px),
            along_mm: significant(width.along_mm),
            width_mm: significant(width.width_mm),
        }
    }
}

impl WidthAt {
    fn into_model(self) -> Result<model::WidthAt, Error> {
        let mm = |field, value| within(field, value, 0.0..=10_000.0, "mm");
        Ok(model::WidthAt {
            at: place("x_px, y_px", self.x_px, self.y_px)?,
            along_mm: mm("along_mm", self.along_mm)?,
            width_mm: mm("width_mm", self.width_mm)?,
        })
    }
}
