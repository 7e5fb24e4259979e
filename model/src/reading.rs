//! What was read from a photograph.

use std::ops::RangeInclusive;

use stipple_color::{ItaClass, Lab};
use stipple_quantity::{Estimate, PointInPhoto, ScalpFromPhoto};
use stipple_raster::{Grid, Mask};

/// Sizes of a pixel on the scalp that can be worked with, µm: from a microscope's view to a whole head from afar.
pub const PIXEL_PITCH_UM: RangeInclusive<f64> = 5.0..=1000.0;

/// Everything measured in one photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Size and scale of the picture.
    pub photo: PhotoFacts,
    /// Where colors are measured from.
    pub white: WhiteSource,
    /// Factors on linear R, G, B of the photograph's own space that make its colors those that were read: neutrals neutral, and
    /// as light as they are where the card showed it.
    pub white_gain: [f64; 3],
    /// Outlines of the skin that was read, in the photograph, holes (a card) as outlines of their own: a place is
    /// inside by the even–odd rule. Measures are taken inside only.
    pub zone_outlines: Vec<Vec<PointInPhoto>>,
    /// Area of that skin, mm².
    pub zone_area_mm2: Estimate,
    /// The skin.
    pub skin: Skin,
    /// The hair.
    pub hair: Hair,
    /// The scars, largest first.
    pub scars: Vec<Scar>,
}

/// Size and scale of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PhotoFacts {
    /// Columns of the upright photograph.
    pub width_px: usize,
    /// Rows of the upright photograph.
    pub height_px: usize,
    /// Size of a pixel on the scalp at the middle of the zone, µm.
    pub pixel_pitch_um: Estimate,
    /// Where the pitch comes from.
    pub pixel_pitch_source: PitchSource,
    /// The map from the photograph to the flattened scalp.
    pub scalp_from_photo: ScalpFromPhoto,
    /// How steeply the camera's tones run over the card's grays, logarithm over logarithm of luminance: 1 is as printed, below
    /// it flatter; none without the card.
    pub tone_slope: Option<Estimate>,
}

/// Where the pixel pitch comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PitchSource {
    /// The reference card.
    Card,
    /// A ruler in the picture.
    Ruler,
    /// Entered by a person.
    Entered,
    /// Estimated from hair spacing.
    Estimated,
}

impl PitchSource {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::Card, Self::Ruler, Self::Entered, Self::Estimated];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Ruler => "ruler",
            Self::Entered => "entered",
            Self::Estimated => "estimated",
        }
    }
}

/// What white balance, or all colors, rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhiteSource {
    /// A color checker of 24 patches: not white alone, every color was set by it.
    Checker,
    /// The card's grays.
    Card,
    /// A place that a person declared neutral.
    Declared,
    /// Nothing: the camera's own balance was believed.
    Camera,
}

impl WhiteSource {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::Checker, Self::Card, Self::Declared, Self::Camera];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Checker => "checker",
            Self::Card => "card",
            Self::Declared => "declared",
            Self::Camera => "camera",
        }
    }
}

/// The skin around the scar, hair left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Skin {
    /// Median color.
    pub lab: Lab,
    /// Standard uncertainty of L*, a*, b*.
    pub lab_uncertainty: Lab,
    /// Individual typology angle, degrees.
    pub ita_deg: Estimate,
    /// Its class.
    pub ita_class: ItaClass,
    /// Volume fraction of melanosomes in the epidermis, 0–1.
    pub melanin_volume_fraction: Option<Estimate>,
    /// Volume fraction of blood in the dermis, 0–1.
    pub blood_volume_fraction: Option<Estimate>,
    /// Erythema index: 100 · log10(linear red / linear green).
    pub erythema_index: Option<Estimate>,
}

/// The hair around the scar.
#[derive(Clone, Debug, PartialEq)]
pub struct Hair {
    /// Follicular units per cm².
    pub unit_density_per_cm2: Option<Estimate>,
    /// Median shaft diameter, µm.
    pub median_diameter_um: Option<Estimate>,
    /// Median color of what shows of the hair.
    pub lab: Option<Lab>,
    /// What the machine found, in reading order (top to bottom, left to right).
    pub detections: Vec<Detection>,
}

/// A follicle found by the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Where.
    pub at: PointInPhoto,
    /// Diameter of the shaft, µm.
    pub diameter_um: f64,
    /// Color of its darkest (or, for light hair, lightest) part.
    pub lab: Lab,
    /// Probability that a shaft leaves the skin within 0.15 mm of it, 0–1.
    pub confidence: f64,
    /// Way from root to tip on the photograph, degrees from right toward down, −180 to 180; none for a dot.
    pub direction_deg: Option<f64>,
    /// Length of the shaft as far as it is seen, along the skin, mm; none where no shaft was followed.
    pub length_mm: Option<f64>,
    /// Its follicular unit, counted from 0; hairs of one unit share it.
    pub unit: usize,
}

/// The shape of a scar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScarKind {
    /// A line: strip surgery, a cut.
    Linear,
    /// A point: punch surgery.
    Punctate,
    /// A patch: burn, disease, accident.
    Patch,
}

impl ScarKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Linear, Self::Punctate, Self::Patch];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Punctate => "punctate",
            Self::Patch => "patch",
        }
    }
}

/// One scar.
#[derive(Clone, Debug, PartialEq)]
pub struct Scar {
    /// Its shape.
    pub kind: ScarKind,
    /// Its outline in the photograph.
    pub outline: Vec<PointInPhoto>,
    /// Area, mm².
    pub area_mm2: Estimate,
    /// Length along its middle, mm.
    pub length_mm: Option<Estimate>,
    /// Mean width across its middle, mm.
    pub width_mm: Option<Estimate>,
    /// How the width spreads along the scar; none where there is no line to follow.
    pub width_range: Option<WidthRange>,
    /// Widths along the middle, from one end to the other.
    pub widths: Vec<WidthAt>,
    /// Standard uncertainty of where the edge runs, mm.
    pub edge_uncertainty_mm: Option<f64>,
    /// Median color of its skin, hair left out.
    pub lab: Option<Lab>,
    /// Median color of the skin in the ring around, hair left out.
    pub lab_around: Option<Lab>,
    /// CIEDE2000 between the two.
    pub color_difference: Option<Estimate>,
    /// Erythema index inside minus around; above zero is redder.
    pub redness: Option<Estimate>,
    /// Fine texture inside over around, 1 is the same.
    pub texture: Option<Estimate>,
    /// Hint of relief: how much the brightness of the rim swings around the scar, natural logarithm; 0 is flat or
    /// lit from straight above.
    pub relief: Option<Estimate>,
    /// Follicular units per cm² inside.
    pub hair_density_inside_per_cm2: Option<Estimate>,
    /// Follicular units per cm² in the ring around.
    pub hair_density_around_per_cm2: Option<Estimate>,
}

/// How wide a scar is at one place of its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WidthAt {
    /// Where.
    pub at: PointInPhoto,
    /// How far along the middle from its end, mm.
    pub along_mm: f64,
    /// Width across the middle there, mm.
    pub width_mm: f64,
}

/// How the width of a scar spreads along it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WidthRange {
    /// A tenth of its length is narrower, mm.
    pub p10_mm: Estimate,
    /// A tenth of its length is wider, mm.
    pub p90_mm: Estimate,
    /// The widest place, mm.
    pub max_mm: Estimate,
}

/// Pictures that go with a reading, at the size of the photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingMaps {
    /// Where scars are.
    pub scar_mask: Mask,
    /// Follicular units per cm², on a grid `hair_density_step_px` times coarser than the photograph; not a number where
    /// no scalp was read.
    pub hair_density_per_cm2: Grid,
    /// Photograph pixels per sample of the density map.
    pub hair_density_step_px: f64,
}
