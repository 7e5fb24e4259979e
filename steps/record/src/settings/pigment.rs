//! The pigments of a protocol: by a planning value, by their particles or by a measured swatch.

use serde::Deserialize;
use stipple_color::{Lab, RgbSpace};
use stipple_model::Pigment;
use stipple_optics::DotInk;
use stipple_optics::pigment::{
    Drawdown, MATERIALS, Material, Particles, Suspension, absorption_of_drawdown, ink_of,
};

use super::{PLANNING_UNCERTAINTY, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};

/// Refractive index of skin, which particles come to lie in.
const SKIN_INDEX: f64 = 1.40;
/// Standard uncertainty of an absorption computed from particles of a known share, as a logarithm
/// (docs/science/pigment.md).
const PARTICLES_UNCERTAINTY: f64 = 0.4;
/// Standard uncertainty of the share of pigment that a deposit in skin has, as a logarithm: nobody has measured it
/// (grade D).
const SHARE_UNCERTAINTY: f64 = 0.5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypedPigment {
    id: String,
    name: String,
    recipe: String,
    lab_in_bottle: [f64; 3],
    absorption_550_per_mm: Option<f64>,
    absorption_exponent: Option<f64>,
    absorption_uncertainty: Option<f64>,
    particles: Option<Vec<TypedParticles>>,
    swatch: Option<TypedSwatch>,
    dilutions: Vec<f64>,
    source: String,
}

/// Particles of one material.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedParticles {
    material: String,
    volume_fraction: Option<f64>,
    mass_fraction: Option<f64>,
    median_diameter_nm: f64,
    geometric_deviation: f64,
}

/// A film of diluted pigment on white paper, photographed with the card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedSwatch {
    lab: [f64; 3],
    lab_paper: [f64; 3],
    lab_uncertainty: f64,
    wet_film_um: f64,
    wet_film_uncertainty: f64,
    dilution: f64,
    share_in_skin: f64,
    share_in_skin_uncertainty: Option<f64>,
}

/// The pigments, each with an id of its own.
pub(super) fn pigments(typed: Vec<TypedPigment>) -> Result<Vec<Pigment>, Error> {
    if typed.is_empty() {
        return Err(Error::field("pigments", "empty", "at least one pigment"));
    }
    let pigments = each("pigments", at_most("pigments", typed, 200)?, TypedPigment::into_meant)?;
    for (k, pigment) in pigments.iter().enumerate() {
        if pigments[..k].iter().any(|other| other.id == pigment.id) {
            return Err(Error::field(format!("pigments[{k}].id"), &pigment.id, "an id used once"));
        }
    }
    Ok(pigments)
}

impl TypedPigment {
    fn into_meant(self) -> Result<Pigment, Error> {
        let (ink, absorption_uncertainty) = self.ink()?;
        Ok(Pigment {
            id: word("id", self.id)?,
            name: sentence("name", self.name)?,
            recipe: sentence("recipe", self.recipe)?,
            lab_in_bottle: color("lab_in_bottle", self.lab_in_bottle)?,
            absorption_550_per_mm: ink.absorption_550_per_mm,
            absorption_exponent: ink.absorption_exponent,
            absorption_curvature: ink.absorption_curvature,
            absorption_uncertainty,
            dilutions: self.dilutions,
            source: sentence("source", self.source)?,
        })
    }

    /// What an undiluted deposit absorbs, and its uncertainty as a logarithm.
    fn ink(&self) -> Result<(DotInk, f64), Error> {
        let (ink, uncertainty) = match (self.absorption_550_per_mm, &self.particles, &self.swatch) {
            (Some(absorption), None, None) => {
                (self.planned(absorption)?, PLANNING_UNCERTAINTY.hypot(SHARE_UNCERTAINTY))
            }
            (None, Some(particles), None) => {
                let ink = drawn(of_particles(particles.clone())?, "particles", MORE_OR_LESS)?;
                (ink, PARTICLES_UNCERTAINTY.hypot(SHARE_UNCERTAINTY))
            }
            (None, None, Some(swatch)) => swatch.ink().map_err(|trouble| trouble.inside("swatch"))?,
            (absorption, particles, swatch) => {
                return Err(not_one_kind(absorption.is_some(), particles.is_some(), swatch.is_some()));
            }
        };
        if self.absorption_550_per_mm.is_none() && self.absorption_exponent.is_some() {
            return Err(Error::field(
                "absorption_exponent",
                "given beside particles or a swatch",
                "none, because they decide it",
            ));
        }
        let stated = self.absorption_uncertainty.unwrap_or(uncertainty);
        Ok((ink, within("absorption_uncertainty", stated, 0.0..=2.0, "")?))
    }

    /// A planning value.
    fn planned(&self, absorption: f64) -> Result<DotInk, Error> {
        let exponent = self.absorption_exponent.ok_or_else(|| {
            Error::field(
                "absorption_exponent",
                "missing",
                "the exponent beside absorption_550_per_mm; 1 for carbon",
            )
        })?;
        Ok(DotInk {
            absorption_550_per_mm: within(
                "absorption_550_per_mm",
                absorption,
                Pigment::ABSORPTION_PER_MM,
                "per mm",
            )?,
            absorption_exponent: within("absorption_exponent", exponent, -5.0..=15.0, "")?,
            absorption_curvature: 0.0,
        })
    }
}

fn not_one_kind(planned: bool, particles: bool, swatch: bool) -> Error {
    let words = [(planned, "absorption_550_per_mm"), (particles, "particles"), (swatch, "swatch")];
    let found: Vec<&str> = words.into_iter().filter(|(given, _)| *given).map(|(_, word)| word).collect();
    let found = if found.is_empty() { "not given".to_owned() } else { found.join(" and ") };
    Error::field(
        "absorption",
        found,
        "one of: absorption_550_per_mm with absorption_exponent, particles = [{ … }], swatch = { … }",
    )
}

/// What to do about particles that absorb too little or too much.
const MORE_OR_LESS: &str = "take more or less of them, or add a material that absorbs";

/// An ink computed from what was typed in a field, if a dot of it can be drawn.
fn drawn(ink: DotInk, field: &str, remedy: &str) -> Result<DotInk, Error> {
    let (absorption, range) = (ink.absorption_550_per_mm, Pigment::ABSORPTION_PER_MM);
    if !range.contains(&absorption) {
        return Err(Error::field(
            field,
            format!("what absorbs {absorption:.2e} per mm at 550 nm in skin"),
            format!("{} to {} per mm; {remedy}", range.start(), range.end()),
        ));
    }
    if !Pigment::EXPONENT.contains(&ink.absorption_exponent)
        || !Pigment::CURVATURE.contains(&ink.absorption_curvature)
    {
        let between = |nm: f64| ink.absorption_per_mm(nm) / absorption;
        return Err(Error::field(
            field,
            format!(
                "so strongly colored that red light is absorbed {:.2} and blue light {:.2} times as much as green",
                between(650.0),
                between(450.0)
            ),
            format!(
                "an exponent up to {} and a curvature up to {} (found {:.0} and {:.0}); brown and \
                 black pigments stay far below: check the colors that were typed, or {remedy}",
                Pigment::EXPONENT.end(),
                Pigment::CURVATURE.end(),
                ink.absorption_exponent,
                ink.absorption_curvature
            ),
        ));
    }
    Ok(ink)
}

/// What particles absorb in skin.
fn of_particles(typed: Vec<TypedParticles>) -> Result<DotInk, Error> {
    if typed.is_empty() {
        return Err(Error::field("particles", "empty", "particles of at least one material"));
    }
    let read = each("particles", at_most("particles", typed, 8)?, TypedParticles::into_meant)?;
    let (solid, water): (f64, f64) = read.iter().fold((0.0, 1.0), |(solid, water), (part, mass)| {
        mass.map_or((solid, water), |mass| (solid + mass / part.material.mass_g_per_cm3(), water - mass))
    });
    if water <= 0.0 {
        return Err(Error::field(
            "particles.mass_fraction",
            format!("{:.2} in all", 1.0 - water),
            "less than 1 in all",
        ));
    }
    let parts: Vec<Particles> = read
        .into_iter()
        .map(|(part, mass)| Particles {
            volume_fraction: mass
                .map_or(part.volume_fraction, |mass| mass / part.material.mass_g_per_cm3() / (solid + water)),
            ..part
        })
        .collect();
    let whole: f64 = parts.iter().map(|part| part.volume_fraction).sum();
    within("particles.volume_fraction", whole, 1e-6..=0.3, "of the volume in all")?;
    Ok(ink_of(&Suspension { parts, medium_index: SKIN_INDEX }))
}

impl TypedParticles {
    /// The particles, and their share by mass where that was given.
    fn into_meant(self) -> Result<(Particles, Option<f64>), Error> {
        let words = MATERIALS.map(Material::name).join(", ");
        let material = Material::from_name(&self.material)
            .ok_or_else(|| Error::field("material", &self.material, format!("one of {words}")))?;
        if self.volume_fraction.is_some() == self.mass_fraction.is_some() {
            let found = if self.volume_fraction.is_some() { "both" } else { "none" };
            return Err(Error::field("volume_fraction or mass_fraction", found, "one of the two"));
        }
        let share = |field, value: f64| within(field, value, 1e-6..=0.9, "of the whole");
        let mass = self.mass_fraction.map(|mass| share("mass_fraction", mass)).transpose()?;
        let volume = self.volume_fraction.map(|volume| share("volume_fraction", volume)).transpose()?;
        let part = Particles {
            material,
            volume_fraction: volume.unwrap_or(0.0),
            median_diameter_nm: within("median_diameter_nm", self.median_diameter_nm, 5.0..=5000.0, "nm")?,
            geometric_deviation: within("geometric_deviation", self.geometric_deviation, 1.0..=4.0, "")?,
        };
        Ok((part, mass))
    }
}

impl TypedSwatch {
    /// What an undiluted deposit absorbs, and its uncertainty as a logarithm.
    fn ink(&self) -> Result<(DotInk, f64), Error> {
        let (film, paper) = (color("lab", self.lab)?, color("lab_paper", self.lab_paper)?);
        let uncertainty = within("lab_uncertainty", self.lab_uncertainty, 0.1..=20.0, "L*")?;
        let dilution = within("dilution", self.dilution, 0.0..=1000.0, "parts of diluent")?;
        let share = within("share_in_skin", self.share_in_skin, 0.001..=1.0, "of the bottle's")?;
        let share_uncertainty = within(
            "share_in_skin_uncertainty",
            self.share_in_skin_uncertainty.unwrap_or(SHARE_UNCERTAINTY),
            0.0..=2.0,
            "",
        )?;
        let light = |lab: Lab| lab.to_linear(RgbSpace::Srgb).rgb.map(f64::from);
        // Y of a color and its slope over L*: what one unit of L* is in light.
        let luminance = |l: f64| ((l + 16.0) / 116.0).powi(3);
        let slope = |l: f64| 3.0 * luminance(l) / (l + 16.0);
        let drawdown = Drawdown {
            paper: light(paper),
            film: light(film),
            wet_film_um: within("wet_film_um", self.wet_film_um, 2.0..=500.0, "µm")?,
            wet_film_uncertainty: within("wet_film_uncertainty", self.wet_film_uncertainty, 0.01..=1.0, "")?,
            light_uncertainty: uncertainty * slope(film.l) / luminance(paper.l),
        };
        if paper.l < 70.0 {
            return Err(Error::field(
                "lab_paper",
                format!("L* {:.0}", paper.l),
                "white paper, L* 70 or more",
            ));
        }
        let found = absorption_of_drawdown(&drawdown);
        let [Some(red), Some(green), Some(blue)] = found else {
            let left: Vec<String> =
                (0..3).map(|k| format!("{:.0}", 100.0 * drawdown.film[k] / drawdown.paper[k])).collect();
            return Err(Error::field(
                "lab",
                format!("a film that leaves {} % of the paper's red, green and blue", left.join(", ")),
                "one that leaves 6 to 95 % of each; dilute it more, or less, and spread it again",
            ));
        };
        let bottle = share * (1.0 + dilution);
        let relative =
            [red, green, blue].map(|band| band.relative_uncertainty()).into_iter().fold(0.0, f64::max);
        let ink = DotInk::through([red, green, blue].map(|band| bottle * band.value));
        let ink = drawn(ink, "lab", "check dilution, wet_film_um and share_in_skin")?;
        Ok((ink, relative.hypot(share_uncertainty).min(2.0)))
    }
}

fn color(field: &str, [l, a, b]: [f64; 3]) -> Result<Lab, Error> {
    within(field, l, 0.0..=100.0, "L*")?;
    within(field, a, -128.0..=128.0, "a*")?;
    within(field, b, -128.0..=128.0, "b*")?;
    Ok(Lab::new(l, a, b))
}
