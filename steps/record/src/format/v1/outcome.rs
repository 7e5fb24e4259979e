//! `outcome.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_model::Qualified;
use stipple_quantity::Estimate;

use super::head::Head;
use super::part::{Lab, Measured, maybe, place};
use super::word::{Comparable, Healing};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{DEG, PROBABILITY, PX, at_most, each, optional, rounded, significant, within};
use crate::provenance::Provenance;

/// Most steps of a curve or a profile.
const STEPS_MAX: usize = 10_000;
/// Most sessions.
const SESSIONS_MAX: usize = 100;
/// Most dots.
const DOTS_MAX: usize = 1_000_000;

/// Two photographs of one scar, before and after, held against each other.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Whether the two photographs may be compared.
    pub comparability: Comparability,
    /// How far away the scar can still be told from its surroundings, m; null where that is farther than was
    /// looked from.
    pub visible_distance_m: Pair<Option<Measured>>,
    /// CIEDE2000 between the scar's mean color and that of the ring of 10 mm around it, hair and dots included.
    pub color_difference: Pair<Measured>,
    /// Blood's share of the erythema index, scar minus ring; above zero is redder.
    pub redness: Pair<Measured>,
    /// Mean colors, hair and dots included.
    pub colors: Pair<Colors>,
    /// Hairs and dots per cm², those of one unit counted once.
    pub units_per_cm2: Pair<Units>,
    /// b* of what is new in the scar minus b* of the hair beside it, after; below zero is bluer; null where fewer
    /// than five new marks have hair beside them.
    pub blue_shift: Option<Measured>,
    /// What became of the planned dots; null without a plan, or where it cannot be told.
    pub deposits: Option<Deposits>,
    /// Area of the scar that both photographs show, mm².
    pub scar_area_mm2: f64,
    /// Relative standard uncertainty of a pixel's size: distances before and after are off by it alike, densities by twice as
    /// much, so that it does not hide a change. It is in their uncertainties; outcomes of before do not tell it.
    #[serde(default)]
    pub scale_unsure: f64,
    /// How the photographs were aligned.
    pub alignment: Alignment,
    /// What is seen of the scar from each distance, near to far.
    pub visibility: Vec<SeenFrom>,
    /// Lightness by distance from the scar's edge, inside to outside.
    pub edge_profile: Vec<AcrossEdge>,
}

/// The same before and after.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Pair<T> {
    /// Of the photograph before.
    pub before: T,
    /// Of the photograph after.
    pub after: T,
}

/// Whether what differs may be put down to the treatment.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Comparability {
    /// CIEDE2000 between the bare skin around the scar, before and after.
    pub light_delta_e00: f64,
    /// Width of the sharpest edges before over that after: above 1 is sharper after; null where there are none.
    pub sharpness_ratio: Option<f64>,
    /// How far apart two readings of one follicle are left along an axis, pixels of the photograph after (standard
    /// deviation).
    pub residual_px: f64,
    /// Days from the last session to the photograph after, as a person said, or null.
    pub days_since_last_session: Option<u32>,
    /// How healed it is by those days: fresh below 28, healed below 90, settled below 365, long; or null.
    pub healing: Option<Healing>,
    /// How steeply tones run over the card's grays, after over before; below 1 the picture after is flatter. Null without the
    /// card in both; outcomes of before do not tell it.
    #[serde(default)]
    pub tone_ratio: Option<Measured>,
    /// Whether what differs may be put down to the treatment.
    pub verdict: Comparable,
    /// Pixels a millimetre after over those before; above 1 is nearer.
    pub scale_ratio: f64,
    /// How far the head is turned in the picture, degrees, clockwise as seen.
    pub rotation_deg: f64,
    /// How far the camera was aslant as against before, degrees.
    pub tilt_deg: f64,
    /// Median length of the hairs that were followed, mm, or null.
    pub hair_length_mm: Pair<Option<f64>>,
}

/// Mean colors.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Colors {
    /// Of the scar.
    pub scar_lab: Lab,
    /// Of the ring around it.
    pub around_lab: Lab,
}

/// Hairs and dots per cm².
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Units {
    /// In the scar.
    pub inside: Measured,
    /// In the ring of 10 mm around it.
    pub around: Measured,
}

/// What became of the planned dots.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Deposits {
    /// Of the planned dots, how many are more probably there than not.
    pub found: usize,
    /// Dots of the sessions that are done and that both photographs show.
    pub planned: usize,
    /// Dots of these sessions that they do not show, of which nothing is known: where they were planned, [x, y] in
    /// pixels of the photograph before.
    pub unseen_px: Vec<[f64; 2]>,
    /// Share of the dots that are there, by the probability of each.
    pub retained_fraction: Measured,
    /// Limits that hold the true share in 95 of 100 cases.
    pub retained_interval: [f64; 2],
    /// The share in the scar; null where there are too few dots to tell it apart. Outcomes of before do not tell it.
    #[serde(default)]
    pub retained_in_scar: Option<Measured>,
    /// The same in the skin around the scar.
    #[serde(default)]
    pub retained_around: Option<Measured>,
    /// The share by session; empty where one alone is done. Outcomes of before do not tell it.
    #[serde(default)]
    pub retained_by_session: Vec<SessionKept>,
    /// What a dot that is there looks like on average; null where hardly any is.
    pub look: Option<DotLook>,
    /// Every planned dot that both photographs show.
    pub dots: Vec<DotToday>,
}

/// What became of one session's dots.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SessionKept {
    /// Number of the session in the plan.
    pub number: u32,
    /// Its dots that both photographs show.
    pub planned: usize,
    /// Share of them that are there; null of fewer than twenty.
    pub retained_fraction: Option<Measured>,
}

/// A planned dot, today.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DotToday {
    /// Where it was planned, pixels from the left of the photograph before.
    pub x_px: f64,
    /// The same from its top.
    pub y_px: f64,
    /// Probability that it is there, 0–1.
    pub probability: f64,
    /// Contrast to the skin in green light, over all of a dot's area, mm²; null where hardly any dot is there to tell what a mark
    /// is worth.
    pub contrast_mm2: Option<f64>,
}

/// What a dot looks like on average.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DotLook {
    /// Contrast to the skin over all of its area in red, green and blue light, mm²; a picture's blur does not change it.
    pub contrast_mm2: [Measured; 3],
    /// Radius that holds half of it in green light, µm; the picture's blur is in it.
    pub half_radius_um: Measured,
    /// The same as the plan's optics expect it on this day; null where the days since the last session are not known.
    pub expected: Option<ExpectedLook>,
    /// The one over the other.
    pub of_expected: Option<Drift>,
}

/// How dots differ from what was expected, as factors; what was expected is unsure too.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// Green light that a dot takes away.
    pub contrast: Measured,
    /// Its width.
    pub width: Measured,
    /// Red over blue light that it takes away; above 1 is bluer.
    pub bluer: Measured,
}

/// What a dot is expected to look like.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedLook {
    /// Contrast to the skin over all of its area in red, green and blue light, mm².
    pub contrast_mm2: [Measured; 3],
    /// Radius that holds half of it in green light, photographed as sharply, µm.
    pub half_radius_um: Measured,
}

/// How the photographs were aligned.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Alignment {
    /// Follicles that are in both.
    pub pairs: usize,
    /// How far apart two readings of one are left along an axis, µm (standard deviation).
    pub scatter_um: f64,
    /// Decimal logarithm of a bound on the chance that two other heads would agree as well.
    pub log10_chance: f64,
}

/// What is seen of the scar from one distance.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SeenFrom {
    /// Distance from eye to scalp, m.
    pub distance_m: f64,
    /// Detectability d′ before; 1 is the threshold.
    pub before: f64,
    /// The same after.
    pub after: f64,
    /// Standard uncertainty of d′ before; outcomes of before do not tell it.
    #[serde(default)]
    pub before_unsure: f64,
    /// The same after.
    #[serde(default)]
    pub after_unsure: f64,
}

/// One step of the way across the scar's edge.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AcrossEdge {
    /// Middle of the step, mm from the edge; below zero is inside the scar.
    pub from_edge_mm: f64,
    /// L* of the mean light there, before.
    pub before: Measured,
    /// The same after.
    pub after: Measured,
}

impl Body for Outcome {
    const FORMAT: &'static str = "stipple/outcome/1";
    const WHAT: &'static str = "outcome";
}

/// The text of `outcome.json`.
pub fn outcome_to_json(outcome: &Qualified<model::Outcome>, provenance: &Provenance) -> String {
    let head = Head::new(Outcome::FORMAT, &outcome.caveats, provenance);
    written(head, Outcome::from(&outcome.value))
}

/// The outcome in an `outcome.json`.
///
/// # Errors
/// If it is not one, is of another version, or a field cannot mean what it says.
pub fn outcome_from_json(text: impl AsRef<[u8]>) -> Result<Qualified<model::Outcome>, Error> {
    let (head, body) = opened::<Outcome>(text.as_ref())?;
    Ok(Qualified { value: body.into_model()?, caveats: head.into_caveats()? })
}

impl<T> Pair<T> {
    fn of<U>(of: &model::BeforeAfter<U>, each: impl Fn(&U) -> T) -> Self {
        Self { before: each(&of.before), after: each(&of.after) }
    }

    fn into_model<U>(self, each: impl Fn(T) -> Result<U, Error>) -> Result<model::BeforeAfter<U>, Error> {
        Ok(model::BeforeAfter { before: each(self.before)?, after: each(self.after)? })
    }
}

impl From<&model::Outcome> for Outcome {
    fn from(outcome: &model::Outcome) -> Self {
        let measured = |estimate: &Estimate| Measured::from(*estimate);
        Self {
            comparability: (&outcome.comparability).into(),
            visible_distance_m: Pair::of(&outcome.visible_distance_m, |distance| {
                distance.map(Measured::from)
            }),
            color_difference: Pair::of(&outcome.color_difference, measured),
            redness: Pair::of(&outcome.redness, measured),
            colors: Pair::of(&outcome.colors, |colors| Colors {
                scar_lab: colors.scar.into(),
                around_lab: colors.around.into(),
            }),
            units_per_cm2: Pair::of(&outcome.units, |units| Units {
                inside: units.inside_per_cm2.into(),
                around: units.around_per_cm2.into(),
            }),
            blue_shift: outcome.blue_shift.map(Measured::from),
            deposits: outcome.deposits.as_ref().map(Deposits::from),
            scar_area_mm2: significant(outcome.scar_area_mm2),
            scale_unsure: significant(outcome.scale_unsure),
            alignment: Alignment {
                pairs: outcome.alignment.pairs,
                scatter_um: significant(outcome.alignment.scatter_um),
                log10_chance: significant(outcome.alignment.log10_chance),
            },
            visibility: outcome.visibility.iter().map(SeenFrom::from).collect(),
            edge_profile: outcome.edge_profile.iter().map(AcrossEdge::from).collect(),
        }
    }
}

impl Outcome {
    fn into_model(self) -> Result<model::Outcome, Error> {
        let difference = |measured: Measured| measured.into_estimate("color_difference", 0.0..=200.0, "");
        Ok(model::Outcome {
            comparability: self.comparability.into_model()?,
            visible_distance_m: self
                .visible_distance_m
                .into_model(|distance| maybe("visible_distance_m", distance, 0.0..=1000.0, "m"))?,
            color_difference: self.color_difference.into_model(difference)?,
            redness: self.redness.into_model(|measured| measured.into_estimate("redness", -1e3..=1e3, ""))?,
            colors: self.colors.into_model(Colors::into_model)?,
            units: self.units_per_cm2.into_model(Units::into_model)?,
            blue_shift: maybe("blue_shift", self.blue_shift, -300.0..=300.0, "b*")?,
            deposits: self.deposits.map(Deposits::into_model).transpose()?,
            scar_area_mm2: within("scar_area_mm2", self.scar_area_mm2, 0.0..=1e8, "mm²")?,
            scale_unsure: within("scale_unsure", self.scale_unsure, 0.0..=1e3, "")?,
            alignment: self.alignment.into_model()?,
            visibility: each(
                "visibility",
                at_most("visibility", self.visibility, STEPS_MAX)?,
                SeenFrom::into_model,
            )?,
            edge_profile: each(
                "edge_profile",
                at_most("edge_profile", self.edge_profile, STEPS_MAX)?,
                AcrossEdge::into_model,
            )?,
        })
    }
}

impl From<&model::Comparability> for Comparability {
    fn from(facts: &model::Comparability) -> Self {
        Self {
            light_delta_e00: significant(facts.light_delta_e00),
            sharpness_ratio: facts.sharpness_ratio.map(significant),
            residual_px: significant(facts.residual_px),
            days_since_last_session: facts.days_since_last_session,
            healing: facts.days_since_last_session.map(|days| model::Healing::after_days(days).into()),
            tone_ratio: facts.tone_ratio.map(Measured::from),
            verdict: facts.verdict.into(),
            scale_ratio: significant(facts.scale_ratio),
            rotation_deg: rounded(facts.rotation_deg, DEG),
            tilt_deg: rounded(facts.tilt_deg, DEG),
            hair_length_mm: Pair::of(&facts.hair_length_mm, |length| length.map(significant)),
        }
    }
}

impl Comparability {
    /// How healed it is follows from the days.
    fn into_model(self) -> Result<model::Comparability, Error> {
        let length = |mm| optional("comparability.hair_length_mm", mm, 0.0..=1000.0, "mm");
        Ok(model::Comparability {
            light_delta_e00: within("comparability.light_delta_e00", self.light_delta_e00, 0.0..=200.0, "")?,
            sharpness_ratio: optional("comparability.sharpness_ratio", self.sharpness_ratio, 0.0..=1e3, "")?,
            residual_px: within("comparability.residual_px", self.residual_px, 0.0..=1e4, "px")?,
            days_since_last_session: self.days_since_last_session,
            tone_ratio: maybe("comparability.tone_ratio", self.tone_ratio, 0.0..=1e3, "")?,
            verdict: self.verdict.into(),
            scale_ratio: within("comparability.scale_ratio", self.scale_ratio, 0.0..=1e3, "")?,
            rotation_deg: within("comparability.rotation_deg", self.rotation_deg, -180.0..=180.0, "°")?,
            tilt_deg: within("comparability.tilt_deg", self.tilt_deg, 0.0..=90.0, "°")?,
            hair_length_mm: self.hair_length_mm.into_model(length)?,
        })
    }
}

impl Colors {
    fn into_model(self) -> Result<model::ScarColors, Error> {
        Ok(model::ScarColors {
            scar: self.scar_lab.into_model("colors.scar_lab")?,
            around: self.around_lab.into_model("colors.around_lab")?,
        })
    }
}

impl Units {
    fn into_model(self) -> Result<model::UnitsAround, Error> {
        let density = |measured: Measured| measured.into_estimate("units_per_cm2", 0.0..=1e5, "per cm²");
        Ok(model::UnitsAround {
            inside_per_cm2: density(self.inside)?,
            around_per_cm2: density(self.around)?,
        })
    }
}

impl From<&model::Deposits> for Deposits {
    fn from(deposits: &model::Deposits) -> Self {
        Self {
            found: deposits.found,
            planned: deposits.planned,
            unseen_px: deposits.unseen.iter().map(|p| [rounded(p.x_px, PX), rounded(p.y_px, PX)]).collect(),
            retained_fraction: deposits.retained_fraction.into(),
            retained_interval: [significant(deposits.interval.0), significant(deposits.interval.1)],
            retained_in_scar: deposits.in_scar.map(Measured::from),
            retained_around: deposits.around.map(Measured::from),
            retained_by_session: deposits.by_session.iter().map(SessionKept::from).collect(),
            look: deposits.look.as_ref().map(DotLook::from),
            dots: deposits.dots.iter().map(DotToday::from).collect(),
        }
    }
}

impl Deposits {
    fn into_model(self) -> Result<model::Deposits, Error> {
        let share = |field: &str, share: f64| within(field, share, 0.0..=1.0, "");
        let [low, high] = self.retained_interval;
        Ok(model::Deposits {
            planned: self.planned,
            unseen: each(
                "deposits.unseen_px",
                at_most("deposits.unseen_px", self.unseen_px, DOTS_MAX)?,
                |[x, y]| place("at", x, y),
            )?,
            found: self.found,
            retained_fraction: self.retained_fraction.into_estimate(
                "deposits.retained_fraction",
                0.0..=1.0,
                "",
            )?,
            interval: (share("deposits.retained_interval", low)?, share("deposits.retained_interval", high)?),
            in_scar: maybe("deposits.retained_in_scar", self.retained_in_scar, 0.0..=1.0, "")?,
            around: maybe("deposits.retained_around", self.retained_around, 0.0..=1.0, "")?,
            by_session: each(
                "deposits.retained_by_session",
                at_most("deposits.retained_by_session", self.retained_by_session, SESSIONS_MAX)?,
                SessionKept::into_model,
            )?,
            look: self.look.map(DotLook::into_model).transpose()?,
            dots: each(
                "deposits.dots",
                at_most("deposits.dots", self.dots, DOTS_MAX)?,
                DotToday::into_model,
            )?,
        })
    }
}

impl From<&model::SessionKept> for SessionKept {
    fn from(kept: &model::SessionKept) -> Self {
        let retained_fraction = kept.retained_fraction.map(Measured::from);
        Self { number: kept.number, planned: kept.planned, retained_fraction }
    }
}

impl SessionKept {
    fn into_model(self) -> Result<model::SessionKept, Error> {
        let retained_fraction = maybe("retained_fraction", self.retained_fraction, 0.0..=1.0, "")?;
        Ok(model::SessionKept { number: self.number, planned: self.planned, retained_fraction })
    }
}

impl From<&model::DotLook> for DotLook {
    fn from(look: &model::DotLook) -> Self {
        Self {
            contrast_mm2: look.contrast_mm2.map(Measured::from),
            half_radius_um: look.half_radius_um.into(),
            expected: look.expected.map(|expected| ExpectedLook {
                contrast_mm2: expected.contrast_mm2.map(Measured::from),
                half_radius_um: expected.half_radius_um.into(),
            }),
            of_expected: look.drift().map(|drift| Drift {
                contrast: drift.contrast.into(),
                width: drift.width.into(),
                bluer: drift.bluer.into(),
            }),
        }
    }
}

impl DotLook {
    fn into_model(self) -> Result<model::DotLook, Error> {
        let expected = |expected: ExpectedLook| {
            let contrast_mm2 = contrasts("deposits.look.expected.contrast_mm2", expected.contrast_mm2)?;
            let half_radius_um = radius("deposits.look.expected.half_radius_um", expected.half_radius_um)?;
            Ok::<_, Error>(model::ExpectedLook { contrast_mm2, half_radius_um })
        };
        Ok(model::DotLook {
            contrast_mm2: contrasts("deposits.look.contrast_mm2", self.contrast_mm2)?,
            half_radius_um: radius("deposits.look.half_radius_um", self.half_radius_um)?,
            expected: self.expected.map(expected).transpose()?,
        })
    }
}

fn contrasts(field: &str, [red, green, blue]: [Measured; 3]) -> Result<[Estimate; 3], Error> {
    let one = |measured: Measured| measured.into_estimate(field, -10.0..=10.0, "mm²");
    Ok([one(red)?, one(green)?, one(blue)?])
}

fn radius(field: &str, measured: Measured) -> Result<Estimate, Error> {
    measured.into_estimate(field, 0.0..=1000.0, "µm")
}

impl From<&model::DotToday> for DotToday {
    fn from(dot: &model::DotToday) -> Self {
        Self {
            x_px: rounded(dot.at.x_px, PX),
            y_px: rounded(dot.at.y_px, PX),
            probability: rounded(dot.probability, PROBABILITY),
            contrast_mm2: dot.contrast_mm2.map(significant),
        }
    }
}

impl DotToday {
    fn into_model(self) -> Result<model::DotToday, Error> {
        Ok(model::DotToday {
            at: place("at", self.x_px, self.y_px)?,
            probability: within("probability", self.probability, 0.0..=1.0, "")?,
            contrast_mm2: self
                .contrast_mm2
                .map(|mm2| within("contrast_mm2", mm2, -100.0..=100.0, "mm²"))
                .transpose()?,
        })
    }
}

impl Alignment {
    fn into_model(self) -> Result<model::AlignmentFacts, Error> {
        Ok(model::AlignmentFacts {
            pairs: self.pairs,
            scatter_um: within("alignment.scatter_um", self.scatter_um, 0.0..=1e5, "µm")?,
            log10_chance: within("alignment.log10_chance", self.log10_chance, -1e6..=0.0, "")?,
        })
    }
}

impl From<&model::SeenFrom> for SeenFrom {
    fn from(seen: &model::SeenFrom) -> Self {
        let model::BeforeAfter { before, after } = seen.detectability;
        Self {
            distance_m: significant(seen.distance_m),
            before: significant(before.value),
            after: significant(after.value),
            before_unsure: significant(before.standard_uncertainty),
            after_unsure: significant(after.standard_uncertainty),
        }
    }
}

impl SeenFrom {
    fn into_model(self) -> Result<model::SeenFrom, Error> {
        let d_prime = |d_prime: f64, unsure: f64| -> Result<Estimate, Error> {
            Ok(Estimate::new(within("d′", d_prime, 0.0..=1e9, "")?, within("d′", unsure, 0.0..=1e9, "")?))
        };
        Ok(model::SeenFrom {
            distance_m: within("distance_m", self.distance_m, 0.0..=1000.0, "m")?,
            detectability: model::BeforeAfter {
                before: d_prime(self.before, self.before_unsure)?,
                after: d_prime(self.after, self.after_unsure)?,
            },
        })
    }
}

impl From<&model::AcrossEdge> for AcrossEdge {
    fn from(step: &model::AcrossEdge) -> Self {
        let model::BeforeAfter { before, after } = step.lightness.of(|lightness| Measured::from(*lightness));
        Self { from_edge_mm: significant(step.from_edge_mm), before, after }
    }
}

impl AcrossEdge {
    fn into_model(self) -> Result<model::AcrossEdge, Error> {
        let lightness = |measured: Measured| measured.into_estimate("lightness", -20.0..=200.0, "L*");
        Ok(model::AcrossEdge {
            from_edge_mm: within("from_edge_mm", self.from_edge_mm, -1e4..=1e4, "mm")?,
            lightness: model::BeforeAfter { before: lightness(self.before)?, after: lightness(self.after)? },
        })
    }
}
