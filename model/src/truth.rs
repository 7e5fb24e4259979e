//! What is really there in a synthetic photograph.

use stipple_color::Lab;
use stipple_quantity::PointInPhoto;

use crate::reading::ScarKind;

/// The truth behind a synthetic photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Seed it was made from.
    pub seed: u64,
    /// Columns.
    pub width_px: usize,
    /// Rows.
    pub height_px: usize,
    /// Size of a pixel on the scalp, µm.
    pub pixel_pitch_um: f64,
    /// Skin color under even light.
    pub skin_lab: Lab,
    /// Individual typology angle, degrees.
    pub ita_deg: f64,
    /// Hair color.
    pub hair_lab: Lab,
    /// Follicular units per cm² outside scars.
    pub unit_density_per_cm2: f64,
    /// Every hair.
    pub hairs: Vec<TruthHair>,
    /// Every scar.
    pub scars: Vec<TruthScar>,
}

/// One hair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruthHair {
    /// Where the shaft leaves the skin.
    pub root: PointInPhoto,
    /// Where the shaft ends.
    pub tip: PointInPhoto,
    /// Shaft diameter, µm.
    pub diameter_um: f64,
    /// Which follicular unit it belongs to.
    pub unit: usize,
}

/// One scar.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthScar {
    /// Its shape.
    pub kind: ScarKind,
    /// Its outline.
    pub outline: Vec<PointInPhoto>,
    /// Area, mm².
    pub area_mm2: f64,
    /// Length, mm.
    pub length_mm: f64,
    /// Mean width, mm.
    pub width_mm: f64,
    /// Its skin color under even light.
    pub lab: Lab,
}
