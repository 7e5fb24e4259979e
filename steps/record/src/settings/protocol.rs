//! The protocol's fields, as typed and as meant.

use serde::Deserialize;
use stipple_model::{HairlineSetting, Protocol, SessionSetting, TestSetting, Waves};

use super::pigment::{TypedPigment, pigments};
use super::{TypedEstimate, format_is, word};
use crate::error::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    name: String,
    version: u32,
    density_share: f64,
    fallback_unit_density_per_cm2: f64,
    feather_mm: f64,
    #[serde(default = "shipped_thinning")]
    thinning: TypedThinning,
    #[serde(default = "shipped_hairline")]
    hairline: TypedHairline,
    #[serde(default = "shipped_test")]
    test: TypedTest,
    dot_spacing_min_mm: f64,
    lifetime_dots_per_cm2_max: f64,
    fresh_diameter_um: TypedEstimate,
    healed_diameter_um: TypedEstimate,
    needle_depth_mm: [f64; 2],
    needle_depth_in_scar_mm: [f64; 2],
    dots_per_minute: f64,
    pigment_ul_per_dot: f64,
    sessions: Vec<TypedSession>,
    pigments: Vec<TypedPigment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedThinning {
    density_share: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedHairline {
    soft_mm: f64,
    singles_mm: f64,
    micro_deviation_mm: f64,
    micro_length_mm: f64,
    macro_deviation_mm: f64,
    macro_length_mm: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedTest {
    first: bool,
    days: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedSession {
    share_after: f64,
    interval_days: u32,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Protocol, Error> {
        format_is(&self.format, "stipple/protocol/1")?;
        let protocol = Protocol {
            name: word("name", self.name)?,
            version: self.version,
            density_share: self.density_share,
            fallback_unit_density_per_cm2: self.fallback_unit_density_per_cm2,
            feather_mm: self.feather_mm,
            thinning_density_share: self.thinning.density_share,
            hairline: self.hairline.into_meant(),
            dot_spacing_min_mm: self.dot_spacing_min_mm,
            lifetime_dots_per_cm2_max: self.lifetime_dots_per_cm2_max,
            in_skin_per_cm2: 0.0,
            fresh_diameter_um: self.fresh_diameter_um.into_meant(),
            healed_diameter_um: self.healed_diameter_um.into_meant(),
            needle_depth_mm: self.needle_depth_mm,
            needle_depth_in_scar_mm: self.needle_depth_in_scar_mm,
            test: TestSetting { first: self.test.first, days: self.test.days },
            sessions: self.sessions.into_iter().map(TypedSession::into_meant).collect(),
            dots_per_minute: self.dots_per_minute,
            pigment_ul_per_dot: self.pigment_ul_per_dot,
            pigments: pigments(self.pigments)?,
        };
        match protocol.unfit() {
            None => Ok(protocol),
            Some(unfit) => Err(unfit.into()),
        }
    }
}

/// What the shipped protocol says, for protocols that were written before thinning could be planned.
fn shipped_thinning() -> TypedThinning {
    shipped().thinning
}

/// The same for hairlines.
fn shipped_hairline() -> TypedHairline {
    shipped().hairline
}

/// The same for test dots.
fn shipped_test() -> TypedTest {
    shipped().test
}

fn shipped() -> Typed {
    super::typed(super::DEFAULT_PROTOCOL_TOML, "protocol").expect("a test opens the shipped protocol")
}

impl TypedHairline {
    fn into_meant(self) -> HairlineSetting {
        HairlineSetting {
            soft_mm: self.soft_mm,
            singles_mm: self.singles_mm,
            small: Waves { deviation_mm: self.micro_deviation_mm, length_mm: self.micro_length_mm },
            large: Waves { deviation_mm: self.macro_deviation_mm, length_mm: self.macro_length_mm },
        }
    }
}

impl TypedSession {
    fn into_meant(self) -> SessionSetting {
        SessionSetting { share_after: self.share_after, interval_days: self.interval_days }
    }
}
