//! The protocol's fields, as typed and as meant.

use serde::Deserialize;
use stipple_model::{HairlineSetting, Protocol, SessionSetting, Waves};

use super::pigment::{TypedPigment, pigments};
use super::{TypedEstimate, format_is, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};

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
struct TypedSession {
    share_after: f64,
    interval_days: u32,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Protocol, Error> {
        format_is(&self.format, "stipple/protocol/1")?;
        let per_cm2 = "per cm²";
        Ok(Protocol {
            name: word("name", self.name)?,
            version: self.version,
            density_share: within("density_share", self.density_share, 0.0..=1.5, "")?,
            fallback_unit_density_per_cm2: within(
                "fallback_unit_density_per_cm2",
                self.fallback_unit_density_per_cm2,
                1.0..=400.0,
                per_cm2,
            )?,
            feather_mm: within("feather_mm", self.feather_mm, 0.0..=100.0, "mm")?,
            thinning_density_share: within(
                "thinning.density_share",
                self.thinning.density_share,
                0.0..=1.0,
                "",
            )?,
            hairline: self.hairline.into_meant().map_err(|trouble| trouble.inside("hairline"))?,
            dot_spacing_min_mm: within("dot_spacing_min_mm", self.dot_spacing_min_mm, 0.1..=10.0, "mm")?,
            lifetime_dots_per_cm2_max: within(
                "lifetime_dots_per_cm2_max",
                self.lifetime_dots_per_cm2_max,
                1.0..=2000.0,
                per_cm2,
            )?,
            fresh_diameter_um: self.fresh_diameter_um.into_meant("fresh_diameter_um", 20.0..=1000.0, "µm")?,
            healed_diameter_um: self.healed_diameter_um.into_meant(
                "healed_diameter_um",
                20.0..=1000.0,
                "µm",
            )?,
            needle_depth_mm: depths("needle_depth_mm", self.needle_depth_mm)?,
            needle_depth_in_scar_mm: depths("needle_depth_in_scar_mm", self.needle_depth_in_scar_mm)?,
            sessions: sessions(self.sessions)?,
            dots_per_minute: within("dots_per_minute", self.dots_per_minute, 0.1..=1000.0, "per minute")?,
            pigment_ul_per_dot: within("pigment_ul_per_dot", self.pigment_ul_per_dot, 0.0..=100.0, "µl")?,
            pigments: pigments(self.pigments)?,
        })
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

fn shipped() -> Typed {
    super::typed(super::DEFAULT_PROTOCOL_TOML, "protocol").expect("a test opens the shipped protocol")
}

impl TypedHairline {
    fn into_meant(self) -> Result<HairlineSetting, Error> {
        let waves = |[deviation, length]: [&str; 2], deviation_mm, length_mm| {
            Ok::<_, Error>(Waves {
                deviation_mm: within(deviation, deviation_mm, 0.0..=5.0, "mm")?,
                length_mm: within(length, length_mm, 1.0..=200.0, "mm")?,
            })
        };
        let micro = ["micro_deviation_mm", "micro_length_mm"];
        let large = ["macro_deviation_mm", "macro_length_mm"];
        Ok(HairlineSetting {
            soft_mm: within("soft_mm", self.soft_mm, 0.0..=50.0, "mm")?,
            singles_mm: within("singles_mm", self.singles_mm, 0.0..=50.0, "mm")?,
            small: waves(micro, self.micro_deviation_mm, self.micro_length_mm)?,
            large: waves(large, self.macro_deviation_mm, self.macro_length_mm)?,
        })
    }
}

/// A band of needle depths: shallowest and deepest.
fn depths(field: &str, [shallowest, deepest]: [f64; 2]) -> Result<[f64; 2], Error> {
    let deepest = within(field, deepest, 0.05..=3.0, "mm")?;
    Ok([within(field, shallowest, 0.05..=deepest, "mm")?, deepest])
}

/// Sessions whose shares rise to 1.
fn sessions(typed: Vec<TypedSession>) -> Result<Vec<SessionSetting>, Error> {
    let typed = at_most("sessions", typed, 20)?;
    let mut shares = typed.iter().map(|session| session.share_after);
    let rising = typed.windows(2).all(|pair| pair[0].share_after < pair[1].share_after);
    if !rising || shares.next_back() != Some(1.0) || typed[0].share_after <= 0.0 {
        let found: Vec<String> = typed.iter().map(|session| session.share_after.to_string()).collect();
        return Err(Error::field(
            "sessions.share_after",
            found.join(", "),
            "shares that rise from above 0 to 1",
        ));
    }
    each("sessions", typed, |session| {
        within("interval_days", f64::from(session.interval_days), 0.0..=3650.0, "days")?;
        Ok(SessionSetting { share_after: session.share_after, interval_days: session.interval_days })
    })
}
