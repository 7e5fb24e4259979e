//! What practitioners disagree about, as one versioned, cited set of settings.

mod unfit;

use std::ops::RangeInclusive;

use stipple_color::Lab;
use stipple_optics::DotInk;
use stipple_quantity::Estimate;

/// A practitioner's settings. The shipped one cites its sources; a clinic keeps its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// Name and version, stored with every plan.
    pub name: String,
    /// Version of the settings.
    pub version: u32,
    /// Dots per follicular unit that is missing, 0–1.5; 1 fills to the density around.
    pub density_share: f64,
    /// Density to aim for where no hair is left to measure, units per cm².
    pub fallback_unit_density_per_cm2: f64,
    /// Width of the soft edge around the scar, mm.
    pub feather_mm: f64,
    /// Where hair is thinning: most dots to begin with, as a share of the natural density, 0–1.
    pub thinning_density_share: f64,
    /// How a hairline begins.
    pub hairline: HairlineSetting,
    /// Distance no two dots may undercut, mm.
    pub dot_spacing_min_mm: f64,
    /// Dots per cm² that skin may hold over a life.
    pub lifetime_dots_per_cm2_max: f64,
    /// Dots per cm² that lie in the skin already, by a record; no protocol says it, a plan is told.
    pub in_skin_per_cm2: f64,
    /// Fresh dot, µm.
    pub fresh_diameter_um: Estimate,
    /// Healed dot, µm.
    pub healed_diameter_um: Estimate,
    /// Needle depth, mm from the surface: shallowest and deepest.
    pub needle_depth_mm: [f64; 2],
    /// The same in scar skin.
    pub needle_depth_in_scar_mm: [f64; 2],
    /// Test dots before the first session.
    pub test: TestSetting,
    /// Sessions in order.
    pub sessions: Vec<SessionSetting>,
    /// Dots per minute of a practiced hand.
    pub dots_per_minute: f64,
    /// Pigment used per dot, µl, loss in the cap included.
    pub pigment_ul_per_dot: f64,
    /// Pigments at hand.
    pub pigments: Vec<Pigment>,
}

impl Protocol {
    /// Dots per cm² that may still be set.
    pub fn room_per_cm2(&self) -> f64 {
        (self.lifetime_dots_per_cm2_max - self.in_skin_per_cm2).max(0.0)
    }
}

/// How a hairline begins: soft, irregular, with single hairs in front.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HairlineSetting {
    /// From the front to the full density, mm.
    pub soft_mm: f64,
    /// From the front on only dots of single hairs, mm; of at most two up to `soft_mm`.
    pub singles_mm: f64,
    /// Small waves of the front.
    pub small: Waves,
    /// Large waves of the front.
    pub large: Waves,
}

/// Waves of a front about the line that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waves {
    /// Standard deviation from the line, mm; two thirds of the front lie within it.
    pub deviation_mm: f64,
    /// Mean length of a wave, mm.
    pub length_mm: f64,
}

/// Test dots: a few of them, looked at healed, decide what is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestSetting {
    /// Whether nobody has a session without them.
    pub first: bool,
    /// Days after which they are looked at.
    pub days: u32,
}

/// One session of a protocol.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionSetting {
    /// Share of all dots that stand after this session, 0–1, rising to 1.
    pub share_after: f64,
    /// Days since the session before; 0 for the first.
    pub interval_days: u32,
}

/// A pigment as the bottle holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pigment {
    /// Stable word.
    pub id: String,
    /// Name on the bottle.
    pub name: String,
    /// What is in it, in words.
    pub recipe: String,
    /// Color of a drawdown from the bottle.
    pub lab_in_bottle: Lab,
    /// Absorption in skin at 550 nm of an undiluted deposit, 1/mm.
    pub absorption_550_per_mm: f64,
    /// Absorption falls as λ to the minus this at 550 nm.
    pub absorption_exponent: f64,
    /// How that changes with wavelength: [`DotInk::absorption_curvature`].
    pub absorption_curvature: f64,
    /// Standard uncertainty of the absorption, as a logarithm: 0.4 is times or over 1.5.
    pub absorption_uncertainty: f64,
    /// Parts of diluent to one part of pigment that may be mixed, ascending.
    pub dilutions: Vec<f64>,
    /// Where these numbers come from.
    pub source: String,
}

impl Pigment {
    /// Absorptions that can be drawn, 1/mm at 550 nm: a bottle may be blacker than anything skin takes up.
    pub const ABSORPTION_PER_MM: RangeInclusive<f64> = 0.1..=10_000.0;
    /// Exponents of an absorption over the logarithm of wavelength: far beyond pigments.
    pub const EXPONENT: RangeInclusive<f64> = -20.0..=20.0;
    /// The same of its curvature.
    pub const CURVATURE: RangeInclusive<f64> = -60.0..=60.0;

    /// What an undiluted deposit absorbs.
    pub fn ink(&self) -> DotInk {
        DotInk {
            absorption_550_per_mm: self.absorption_550_per_mm,
            absorption_exponent: self.absorption_exponent,
            absorption_curvature: self.absorption_curvature,
        }
    }
}
