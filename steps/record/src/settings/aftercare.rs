//! A practitioner's instructions, as typed and as meant.

use serde::Deserialize;
use stipple_model::{Advice, Aftercare, AftercareStep};

use super::{format_is, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word::Life;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    #[serde(rename = "version")]
    _version: u32,
    warning: TypedAdvice,
    steps: Vec<TypedStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedAdvice {
    text: String,
    source: String,
    grade: char,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedStep {
    id: String,
    days: [u32; 2],
    #[serde(default)]
    life: Vec<Life>,
    title: String,
    text: String,
    #[serde(default)]
    remind: bool,
    source: String,
    grade: char,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Aftercare, Error> {
        format_is(&self.format, "stipple/aftercare/1")?;
        let warning = self.warning.into_meant()?;
        let steps = each("steps", at_most("steps", self.steps, 200)?, TypedStep::into_meant)?;
        for (k, step) in steps.iter().enumerate() {
            if steps[..k].iter().any(|other| other.id == step.id) {
                return Err(Error::field(format!("steps[{k}].id"), &step.id, "an id used once"));
            }
        }
        Ok(Aftercare { warning, steps })
    }
}

impl TypedAdvice {
    fn into_meant(self) -> Result<Advice, Error> {
        Ok(Advice {
            text: sentence("text", self.text)?,
            source: sentence("source", self.source)?,
            grade: grade_of(self.grade)?,
        })
    }
}

impl TypedStep {
    fn into_meant(self) -> Result<AftercareStep, Error> {
        let [first, last] = self.days;
        within("days[1]", f64::from(last), f64::from(first)..=3650.0, "days, not before the first one")?;
        let Self { id, life, title, text, remind, source, grade, .. } = self;
        Ok(AftercareStep {
            id: word("id", id)?,
            days: self.days,
            life: life.into_iter().map(Into::into).collect(),
            title: sentence("title", title)?,
            advice: TypedAdvice { text, source, grade }.into_meant()?,
            remind,
        })
    }
}
