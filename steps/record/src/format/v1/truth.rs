//! `truth.json`: what is really there in a synthetic photograph, in the shape of a reading.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_quantity::PointInPhoto;

use super::head::Head;
use super::part::{Lab, OUTLINES_MAX, OutlinePx, photo_side, place};
use super::word::ScarKind;
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{PX, UM, at_most, each, rounded, significant, within};
use crate::provenance::Provenance;

/// Most hairs of a file.
const HAIRS_MAX: usize = 1_000_000;

/// What is really there in a synthetic photograph; `seed` in the head is the one it was made from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Truth {
    /// Size and scale of the photograph.
    pub photo: Photo,
    /// The skin.
    pub skin: Skin,
    /// The hair.
    pub hair: Hair,
    /// The scars.
    pub scars: Vec<Scar>,
}

/// Size and scale of the photograph.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Photo {
    /// Columns, px.
    pub width_px: usize,
    /// Rows, px.
    pub height_px: usize,
    /// Size of a pixel on the scalp, µm.
    pub pixel_pitch_um: f64,
}

/// The skin.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Skin {
    /// Color under even light.
    pub lab: Lab,
    /// Individual typology angle, degrees.
    pub ita_deg: f64,
}

/// The hair.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Hair {
    /// Follicular units per cm² outside scars.
    pub unit_density_per_cm2: f64,
    /// Color of the hair.
    pub lab: Lab,
    /// Every hair.
    pub hairs: Vec<OneHair>,
}

/// One hair.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OneHair {
    /// Where the shaft leaves the skin: [x, y], px.
    pub root_px: [f64; 2],
    /// Where the shaft ends: [x, y], px.
    pub tip_px: [f64; 2],
    /// Shaft diameter, µm.
    pub diameter_um: f64,
    /// Number of the follicular unit that it belongs to.
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
    pub area_mm2: f64,
    /// Length, mm.
    pub length_mm: f64,
    /// Mean width, mm.
    pub width_mm: f64,
    /// Its skin color under even light.
    pub lab: Lab,
}

impl Body for Truth {
    const FORMAT: &'static str = "stipple/truth/1";
    const WHAT: &'static str = "truth";
}

/// The text of `truth.json`; the truth's own seed goes into the head.
pub fn truth_to_json(truth: &model::Truth, provenance: &Provenance) -> String {
    let provenance = provenance.clone().with_seed(truth.seed);
    written(Head::new(Truth::FORMAT, &[], &provenance), Truth::from(truth))
}

/// The truth in a `truth.json`.
///
/// # Errors
/// If it is not one, is of another version, or a field cannot mean what it says.
pub fn truth_from_json(text: impl AsRef<[u8]>) -> Result<model::Truth, Error> {
    let (head, body) = opened::<Truth>(text.as_ref())?;
    let seed = head.seed.ok_or_else(|| Error::field("seed", "missing", "the seed it was made from"))?;
    body.into_model(seed)
}

impl From<&model::Truth> for Truth {
    fn from(truth: &model::Truth) -> Self {
        Self {
            photo: Photo {
                width_px: truth.width_px,
                height_px: truth.height_px,
                pixel_pitch_um: significant(truth.pixel_pitch_um),
            },
            skin: Skin { lab: truth.skin_lab.into(), ita_deg: significant(truth.ita_deg) },
            hair: Hair {
                unit_density_per_cm2: significant(truth.unit_density_per_cm2),
                lab: truth.hair_lab.into(),
                hairs: truth.hairs.iter().map(OneHair::from).collect(),
            },
            scars: truth.scars.iter().map(Scar::from).collect(),
        }
    }
}

impl Truth {
    fn into_model(self, seed: u64) -> Result<model::Truth, Error> {
        let Hair { unit_density_per_cm2, lab, hairs } = self.hair;
        let hairs = at_most("hair.hairs", hairs, HAIRS_MAX)?;
        let scars = at_most("scars", self.scars, OUTLINES_MAX)?;
        Ok(model::Truth {
            seed,
            width_px: photo_side("photo.width_px", self.photo.width_px)?,
            height_px: photo_side("photo.height_px", self.photo.height_px)?,
            pixel_pitch_um: within("photo.pixel_pitch_um", self.photo.pixel_pitch_um, 1.0..=5000.0, "µm")?,
            skin_lab: self.skin.lab.into_model("skin.lab")?,
            ita_deg: within("skin.ita_deg", self.skin.ita_deg, -90.0..=90.0, "degrees")?,
            hair_lab: lab.into_model("hair.lab")?,
            unit_density_per_cm2: within(
                "hair.unit_density_per_cm2",
                unit_density_per_cm2,
                0.0..=2000.0,
                "per cm²",
            )?,
            hairs: each("hair.hairs", hairs, OneHair::into_model)?,
            scars: each("scars", scars, Scar::into_model)?,
        })
    }
}

impl From<&model::TruthHair> for OneHair {
    fn from(hair: &model::TruthHair) -> Self {
        let written = |p: PointInPhoto| [rounded(p.x_px, PX), rounded(p.y_px, PX)];
        Self {
            root_px: written(hair.root),
            tip_px: written(hair.tip),
            diameter_um: rounded(hair.diameter_um, UM),
            unit: hair.unit,
        }
    }
}

impl OneHair {
    fn into_model(self) -> Result<model::TruthHair, Error> {
        let [root_x, root_y] = self.root_px;
        let [tip_x, tip_y] = self.tip_px;
        Ok(model::TruthHair {
            root: place("root_px", root_x, root_y)?,
            tip: place("tip_px", tip_x, tip_y)?,
            diameter_um: within("diameter_um", self.diameter_um, 0.0..=2000.0, "µm")?,
            unit: self.unit,
        })
    }
}

impl From<&model::TruthScar> for Scar {
    fn from(scar: &model::TruthScar) -> Self {
        Self {
            kind: scar.kind.into(),
            outline_px: scar.outline.as_slice().into(),
            area_mm2: significant(scar.area_mm2),
            length_mm: significant(scar.length_mm),
            width_mm: significant(scar.width_mm),
            lab: scar.lab.into(),
        }
    }
}

impl Scar {
    fn into_model(self) -> Result<model::TruthScar, Error> {
        Ok(model::TruthScar {
            kind: self.kind.into(),
            outline: self.outline_px.into_model("outline_px")?,
            area_mm2: within("area_mm2", self.area_mm2, 0.0..=1e6, "mm²")?,
            length_mm: within("length_mm", self.length_mm, 0.0..=10_000.0, "mm")?,
            width_mm: within("width_mm", self.width_mm, 0.0..=10_000.0, "mm")?,
            lab: self.lab.into_model("lab")?,
        })
    }
}
