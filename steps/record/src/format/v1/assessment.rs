//! `assessment.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_model::Qualified;

use super::head::Head;
use super::part::{Measured, maybe};
use super::word::{Verdict, Weight};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::provenance::Provenance;

/// Whether micropigmentation suits, why, and what to expect.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// The strictest verdict among the reasons.
    pub verdict: Verdict,
    /// Not before this day (ISO 8601, YYYY-MM-DD), or null.
    #[schemars(extend("format" = "date"))]
    pub not_before: Option<String>,
    /// The rules that spoke, strictest first.
    pub reasons: Vec<Reason>,
    /// What else could be done.
    pub alternatives: Vec<String>,
    /// What a treatment would measure once healed.
    pub expectation: Expectation,
}

/// A rule that spoke.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The rule's stable word.
    pub rule: String,
    /// How much it weighs: `note` speaks for going on, `doubt` asks for care, `blocks` stops.
    pub weight: Weight,
    /// The rule's verdict.
    pub verdict: Verdict,
    /// Why, in words for the client.
    pub text: String,
    /// Where the rule comes from.
    pub source: String,
    /// Grade of the evidence, A (peer-reviewed) to D (general knowledge).
    pub grade: char,
}

/// What is expected after healing.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// How far away the scar can be told from its surroundings as it is today, m; null where no photograph was at hand.
    #[serde(default)]
    pub visible_distance_today_m: Option<Measured>,
    /// The same once treated and healed; 0 is from nowhere.
    pub visible_distance_m: Option<Measured>,
    /// CIEDE2000 between scar and surroundings at conversation distance as they are today, no unit.
    #[serde(default)]
    pub color_difference_today: Option<Measured>,
    /// The same once treated and healed, no unit.
    pub color_difference: Option<Measured>,
    /// What is left then and later, without a touch-up, in order; empty where nothing is planned.
    #[serde(default)]
    pub over_time: Vec<ExpectedThen>,
}

/// What is expected some time after the last session. How much pigment is left is known of people, not of this one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExpectedThen {
    /// Days since the pigment was set: 42 (healed), 730.5.
    pub days: f64,
    /// Share of the pigment still there in scars, 0–1.
    pub pigment_left_in_scar: Measured,
    /// The same in ordinary skin.
    pub pigment_left: Measured,
    /// CIEDE2000 between scar and surroundings at conversation distance, no unit; null where colors were not measured.
    pub color_difference: Option<Measured>,
    /// How far away the scar can be told from its surroundings, m; 0 is from nowhere.
    #[serde(default)]
    pub visible_distance_m: Option<Measured>,
}

impl Body for Assessment {
    const FORMAT: &'static str = "stipple/assessment/1";
    const WHAT: &'static str = "assessment";
}

/// The text of `assessment.json`.
pub fn assessment_to_json(assessment: &Qualified<model::Assessment>, provenance: &Provenance) -> String {
    let head = Head::new(Assessment::FORMAT, &assessment.caveats, provenance);
    written(head, Assessment::from(&assessment.value))
}

/// The assessment in an `assessment.json`.
///
/// # Errors
/// If it is not one, is of another version, or a field cannot mean what it says.
pub fn assessment_from_json(text: impl AsRef<[u8]>) -> Result<Qualified<model::Assessment>, Error> {
    let (head, body) = opened::<Assessment>(text.as_ref())?;
    Ok(Qualified { value: body.into_model()?, caveats: head.into_caveats()? })
}

impl From<&model::Assessment> for Assessment {
    fn from(assessment: &model::Assessment) -> Self {
        Self {
            verdict: assessment.verdict.into(),
            not_before: assessment.not_before.map(|day| day.to_string()),
            reasons: assessment.reasons.iter().map(Reason::from).collect(),
            alternatives: assessment.alternatives.clone(),
            expectation: Expectation::from(&assessment.expectation),
        }
    }
}

impl Assessment {
    fn into_model(self) -> Result<model::Assessment, Error> {
        let reasons = at_most("reasons", self.reasons, 1000)?;
        Ok(model::Assessment {
            verdict: self.verdict.into(),
            not_before: self.not_before.map(|day| day_of("not_before", &day)).transpose()?,
            reasons: each("reasons", reasons, Reason::into_model)?,
            alternatives: at_most("alternatives", self.alternatives, 1000)?,
            expectation: self.expectation.into_model()?,
        })
    }
}

impl From<&model::Expectation> for Expectation {
    fn from(expected: &model::Expectation) -> Self {
        Self {
            visible_distance_today_m: expected.visible_distance_today_m.map(Measured::from),
            visible_distance_m: expected.visible_distance_m.map(Measured::from),
            color_difference_today: expected.color_difference_today.map(Measured::from),
            color_difference: expected.color_difference.map(Measured::from),
            over_time: expected.over_time.iter().map(ExpectedThen::from).collect(),
        }
    }
}

impl Expectation {
    fn into_model(self) -> Result<model::Expectation, Error> {
        let metres = |field: &str, of| maybe(&format!("expectation.{field}"), of, 0.0..=1000.0, "m");
        let color = |field: &str, of| maybe(&format!("expectation.{field}"), of, 0.0..=200.0, "");
        let over_time = at_most("expectation.over_time", self.over_time, 100)?;
        Ok(model::Expectation {
            visible_distance_today_m: metres("visible_distance_today_m", self.visible_distance_today_m)?,
            visible_distance_m: metres("visible_distance_m", self.visible_distance_m)?,
            color_difference_today: color("color_difference_today", self.color_difference_today)?,
            color_difference: color("color_difference", self.color_difference)?,
            over_time: each("expectation.over_time", over_time, ExpectedThen::into_model)?,
        })
    }
}

impl From<&model::ExpectedThen> for ExpectedThen {
    fn from(then: &model::ExpectedThen) -> Self {
        Self {
            days: then.days,
            pigment_left_in_scar: then.pigment_left_in_scar.into(),
            pigment_left: then.pigment_left.into(),
            color_difference: then.color_difference.map(Measured::from),
            visible_distance_m: then.visible_distance_m.map(Measured::from),
        }
    }
}

impl ExpectedThen {
    fn into_model(self) -> Result<model::ExpectedThen, Error> {
        let share = |field: &str, of: Measured| of.into_estimate(field, 0.0..=1.0, "");
        Ok(model::ExpectedThen {
            days: within("days", self.days, 0.0..=40_000.0, "days")?,
            pigment_left_in_scar: share("pigment_left_in_scar", self.pigment_left_in_scar)?,
            pigment_left: share("pigment_left", self.pigment_left)?,
            color_difference: maybe("color_difference", self.color_difference, 0.0..=200.0, "")?,
            visible_distance_m: maybe("visible_distance_m", self.visible_distance_m, 0.0..=1000.0, "m")?,
        })
    }
}

/// A day written YYYY-MM-DD.
pub(crate) fn day_of(field: &str, text: &str) -> Result<model::Date, Error> {
    text.parse().map_err(|_| Error::field(field, text, "a day as YYYY-MM-DD"))
}

/// How much a reason of a verdict weighs.
fn weight_of(verdict: model::Verdict) -> Weight {
    match verdict {
        model::Verdict::Suitable => Weight::Note,
        model::Verdict::SuitableWithCare => Weight::Doubt,
        model::Verdict::NotYet | model::Verdict::NotSmp => Weight::Blocks,
    }
}

impl From<&model::Reason> for Reason {
    fn from(reason: &model::Reason) -> Self {
        Self {
            rule: reason.rule.clone(),
            weight: weight_of(reason.verdict),
            verdict: reason.verdict.into(),
            text: reason.text.clone(),
            source: reason.source.clone(),
            grade: reason.grade,
        }
    }
}

impl Reason {
    /// The weight is not read: it follows from the verdict.
    fn into_model(self) -> Result<model::Reason, Error> {
        Ok(model::Reason {
            rule: self.rule,
            verdict: self.verdict.into(),
            text: self.text,
            source: self.source,
            grade: grade_of(self.grade)?,
        })
    }
}

/// A grade of evidence.
pub(crate) fn grade_of(grade: char) -> Result<char, Error> {
    if ('A'..='D').contains(&grade) {
        return Ok(grade);
    }
    Err(Error::field("grade", grade, "a letter from A to D"))
}
