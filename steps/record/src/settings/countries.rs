//! Advertising rules by country, as typed and as meant.

use std::collections::BTreeSet;

use serde::Deserialize;
use stipple_model::{AdvertisingRule, AdvertisingRules, Advice, Country};

use super::{format_is, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each};
use crate::format::v1::assessment::{day_of, grade_of};
use crate::format::v1::word::{Check, HowRead};

/// Most countries, and most rules.
const MOST: usize = 300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    #[serde(rename = "version")]
    _version: u32,
    read_on: String,
    countries: Vec<TypedCountry>,
    rules: Vec<TypedRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCountry {
    id: String,
    english: String,
    german: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRule {
    id: String,
    countries: Vec<String>,
    needs: Vec<Check>,
    english: String,
    german: String,
    quote: String,
    source: String,
    read: HowRead,
    grade: char,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<AdvertisingRules, Error> {
        format_is(&self.format, "stipple/countries/1")?;
        let countries = at_most("countries", self.countries, MOST)?;
        let rules = at_most("rules", self.rules, MOST)?;
        let countries = each("countries", countries, TypedCountry::into_meant)?;
        let known: BTreeSet<&str> = countries.iter().map(|country| country.id.as_str()).collect();
        let rules = each("rules", rules, |rule| rule.into_meant(&known))?;
        for country in &countries {
            if !rules.iter().any(|rule| rule.countries.contains(&country.id)) {
                return Err(Error::field("countries", &country.id, "at least one rule for every country"));
            }
        }
        require_once("countries", countries.iter().map(|country| country.id.as_str()))?;
        require_once("rules", rules.iter().map(|rule| rule.id.as_str()))?;
        Ok(AdvertisingRules { read_on: day_of("read_on", &self.read_on)?, countries, rules })
    }
}

impl TypedCountry {
    fn into_meant(self) -> Result<Country, Error> {
        if self.id.len() != 2 || !self.id.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::field("id", &self.id, "two capital letters, such as GB"));
        }
        let (english, german) = (sentence("english", self.english)?, sentence("german", self.german)?);
        Ok(Country { id: self.id, english, german })
    }
}

impl TypedRule {
    fn into_meant(self, known: &BTreeSet<&str>) -> Result<AdvertisingRule, Error> {
        if let Some(other) = self.countries.iter().find(|id| !known.contains(id.as_str())) {
            return Err(Error::field("countries", other, "countries of the list above"));
        }
        if self.countries.is_empty() || self.needs.is_empty() {
            return Err(Error::field("needs", "nothing", "at least one country and one check"));
        }
        Ok(AdvertisingRule {
            id: word("id", self.id)?,
            countries: self.countries,
            needs: self.needs.into_iter().map(Into::into).collect(),
            english: Advice {
                text: sentence("english", self.english)?,
                source: sentence("source", self.source)?,
                grade: grade_of(self.grade)?,
            },
            german: sentence("german", self.german)?,
            quote: sentence("quote", self.quote)?,
            read: self.read.into(),
        })
    }
}

fn require_once<'a>(field: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(Error::field(field, id, "every id once"));
        }
    }
    Ok(())
}
