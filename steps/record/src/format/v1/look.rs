//! How dots look in the skin of a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_optics::SkinAround;
use stipple_optics::dot_table::SkinOptics as Band;

use super::part::Measured;
use crate::error::Error;
use crate::format::number::{at_most, each, significant, within};

/// How the skin passes light around a dot, at 650, 550 and 450 nm.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SkinOptics {
    /// Skin around the scars.
    pub around: [BandOptics; 3],
    /// Scar skin.
    pub in_scar: [BandOptics; 3],
}

/// Skin at one wavelength.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BandOptics {
    /// Reduced scattering of the dermis, 1/mm.
    pub reduced_scattering_per_mm: f64,
    /// Absorption of the epidermis, 1/mm.
    pub epidermis_absorption_per_mm: f64,
    /// Absorption of the dermis, 1/mm.
    pub dermis_absorption_per_mm: f64,
}

/// A healed dot in the scar beside a hair: the mean color over the dot's own disk.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct HealedMatch {
    /// CIEDE2000 in daylight, no unit.
    pub color_difference: Measured,
    /// CIEDE2000 in the light in which it is largest, no unit.
    pub worst_color_difference: f64,
    /// That light.
    pub worst_light: String,
    /// b* of the dot minus b* of the hair in daylight, no unit; below zero is bluer.
    pub b_shift: Measured,
    /// The same dot years later, in order.
    #[serde(default)]
    pub later: Vec<LaterMatch>,
}

/// What a dot is likely to be after some years: 10th, 50th and 90th percentile of what healing and fading leave of it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LaterMatch {
    /// Years since the pigment was set.
    pub years: f64,
    /// L*, mean over its own disk, faint, likely and strong, no unit.
    pub lightness: [f64; 3],
    /// CIEDE2000 in daylight between that mean and the hair, faint, likely and strong, no unit.
    pub color_difference: [f64; 3],
}

/// The color of scars against that of their surroundings, hair and dots included, as seen from conversation distance:
/// means over two to three spacings of follicular units.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScarTone {
    /// As it is.
    pub today: ToneDifference,
    /// Predicted, all sessions healed.
    pub healed: ToneDifference,
}

/// CIEDE2000 over all places in scars.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ToneDifference {
    /// The middle one, no unit.
    pub median: f64,
    /// 95 % of places differ less, no unit.
    pub p95: f64,
}

impl Default for SkinOptics {
    fn default() -> Self {
        (&model::SkinOptics::ORDINARY).into()
    }
}

impl From<&model::SkinOptics> for SkinOptics {
    fn from(optics: &model::SkinOptics) -> Self {
        let bands = |skin: &SkinAround| {
            skin.bands.map(|band| BandOptics {
                reduced_scattering_per_mm: significant(band.reduced_scattering_per_mm),
                epidermis_absorption_per_mm: significant(band.epidermis_absorption_per_mm),
                dermis_absorption_per_mm: significant(band.dermis_absorption_per_mm),
            })
        };
        Self { around: bands(&optics.around), in_scar: bands(&optics.in_scar) }
    }
}

impl SkinOptics {
    pub(super) fn into_model(self) -> Result<model::SkinOptics, Error> {
        let skin = |bands: [BandOptics; 3]| -> Result<SkinAround, Error> {
            let [red, green, blue] = bands.map(BandOptics::into_model);
            Ok(SkinAround { bands: [red?, green?, blue?] })
        };
        Ok(model::SkinOptics { around: skin(self.around)?, in_scar: skin(self.in_scar)? })
    }
}

impl BandOptics {
    fn into_model(self) -> Result<Band, Error> {
        let per_mm = |field, value| within(field, value, 0.0..=1000.0, "per mm");
        Ok(Band {
            reduced_scattering_per_mm: per_mm("reduced_scattering_per_mm", self.reduced_scattering_per_mm)?,
            epidermis_absorption_per_mm: per_mm(
                "epidermis_absorption_per_mm",
                self.epidermis_absorption_per_mm,
            )?,
            dermis_absorption_per_mm: per_mm("dermis_absorption_per_mm", self.dermis_absorption_per_mm)?,
        })
    }
}

impl From<&model::HealedMatch> for HealedMatch {
    fn from(healed: &model::HealedMatch) -> Self {
        Self {
            color_difference: healed.color_difference.into(),
            worst_color_difference: significant(healed.worst_color_difference),
            worst_light: healed.worst_light.clone(),
            b_shift: healed.b_shift.into(),
            later: healed.later.iter().map(LaterMatch::from).collect(),
        }
    }
}

impl HealedMatch {
    pub(super) fn into_model(self) -> Result<model::HealedMatch, Error> {
        let worst = self.worst_color_difference;
        Ok(model::HealedMatch {
            color_difference: self.color_difference.into_estimate("color_difference", 0.0..=200.0, "")?,
            worst_color_difference: within("worst_color_difference", worst, 0.0..=200.0, "")?,
            worst_light: self.worst_light,
            b_shift: self.b_shift.into_estimate("b_shift", -200.0..=200.0, "")?,
            later: each("later", at_most("later", self.later, 100)?, LaterMatch::into_model)?,
        })
    }
}

impl From<&model::LaterMatch> for LaterMatch {
    fn from(later: &model::LaterMatch) -> Self {
        Self {
            years: significant(later.years),
            lightness: later.lightness.map(significant),
            color_difference: later.color_difference.map(significant),
        }
    }
}

impl LaterMatch {
    fn into_model(self) -> Result<model::LaterMatch, Error> {
        for (field, values) in [("lightness", self.lightness), ("color_difference", self.color_difference)] {
            values.iter().try_for_each(|value| within(field, *value, 0.0..=200.0, "").map(drop))?;
        }
        Ok(model::LaterMatch {
            years: within("years", self.years, 0.0..=100.0, "years")?,
            lightness: self.lightness,
            color_difference: self.color_difference,
        })
    }
}

impl From<model::ScarTone> for ScarTone {
    fn from(tone: model::ScarTone) -> Self {
        let difference = |of: model::ToneDifference| ToneDifference {
            median: significant(of.median),
            p95: significant(of.p95),
        };
        Self { today: difference(tone.today), healed: difference(tone.healed) }
    }
}

impl ScarTone {
    pub(super) fn into_model(self) -> Result<model::ScarTone, Error> {
        let difference = |of: ToneDifference| -> Result<model::ToneDifference, Error> {
            Ok(model::ToneDifference {
                median: within("median", of.median, 0.0..=200.0, "")?,
                p95: within("p95", of.p95, 0.0..=200.0, "")?,
            })
        };
        Ok(model::ScarTone { today: difference(self.today)?, healed: difference(self.healed)? })
    }
}
