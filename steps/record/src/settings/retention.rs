//! For how long records must be kept, as typed and as meant.

use serde::Deserialize;
use stipple_model::{KeepRule, Retention, Wording};

use super::{format_is, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word::Keeps;

/// Most rules.
const MOST: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    version: u32,
    countries: Vec<TypedRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRule {
    country: String,
    keeps: Keeps,
    years: u32,
    source: String,
    grade: char,
    text: Wording,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Retention, Error> {
        format_is(&self.format, "stipple/retention/1")?;
        let rules = each("countries", at_most("countries", self.countries, MOST)?, TypedRule::into_meant)?;
        Ok(Retention { version: self.version, rules })
    }
}

impl TypedRule {
    fn into_meant(self) -> Result<KeepRule, Error> {
        within("years", f64::from(self.years), 0.0..=100.0, "years")?;
        for text in self.text.values() {
            sentence("text", text.clone())?;
        }
        Ok(KeepRule {
            country: word("country", self.country)?,
            keeps: self.keeps.into(),
            years: self.years,
            text: self.text,
            source: sentence("source", self.source)?,
            grade: grade_of(self.grade)?,
        })
    }
}
