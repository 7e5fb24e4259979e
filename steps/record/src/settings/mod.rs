//! Settings that people write: TOML as typed, checked, and turned into what it means.

mod aftercare;
mod answers;
mod check_ins;
mod consents;
mod countries;
mod letters;
mod pigment;
mod protocol;
mod retention;
mod rules;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use stipple_model::{
    AdvertisingRules, Aftercare, Answer, Answers, CheckIns, Consents, Date, Letters, Protocol, Retention,
    Rule, Wording,
};
use stipple_quantity::Estimate;

use crate::error::{Error, brief};
use crate::format::v1::assessment::day_of;

/// The shipped protocol, as a file to start from.
pub const DEFAULT_PROTOCOL_TOML: &str = include_str!("../../../../sources/protocols/default.toml");
/// The shipped rules.
pub const RULES_TOML: &str = include_str!("../../../../sources/rules/rules.toml");
/// The questions, as a file to fill in.
pub const ANSWERS_TOML: &str = include_str!("../../../../sources/rules/answers.toml");

/// The shipped aftercare.
pub const AFTERCARE_TOML: &str = include_str!("../../../../sources/care/aftercare.toml");

/// The shipped consents.
pub const CONSENTS_TOML: &str = include_str!("../../../../sources/consent/consents.toml");
/// The shipped check-ins.
pub const CHECK_INS_TOML: &str = include_str!("../../../../sources/care/check_ins.toml");
/// The shipped letters.
pub const LETTERS_TOML: &str = include_str!("../../../../sources/care/mails.toml");

/// The shipped list of how long records are kept.
pub const RETENTION_TOML: &str = include_str!("../../../../sources/care/retention.toml");

/// The shipped advertising rules by country.
pub const COUNTRIES_TOML: &str = include_str!("../../../../sources/publish/countries.toml");

/// Standard uncertainty of an absorption that nobody measured, as a logarithm: times or over 1.6 (grade D).
pub(crate) const PLANNING_UNCERTAINTY: f64 = 0.5;

/// Largest settings file, bytes.
pub const TOML_BYTES_MAX: u64 = 1024 * 1024;

/// The shipped protocol.
pub fn default_protocol() -> Protocol {
    protocol_from_toml(DEFAULT_PROTOCOL_TOML).expect("a test opens the shipped protocol")
}

/// The shipped rules.
pub fn shipped_rules() -> Vec<Rule> {
    rules_from_toml(RULES_TOML).expect("a test opens the shipped rules")
}

/// A practitioner's protocol.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range.
pub fn protocol_from_toml(text: &str) -> Result<Protocol, Error> {
    typed::<protocol::Typed>(text, "protocol")?.into_meant()
}

/// A practitioner's instructions for the days after a session.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range, or two steps share an id.
pub fn aftercare_from_toml(text: &str) -> Result<Aftercare, Error> {
    typed::<aftercare::Typed>(text, "aftercare")?.into_meant()
}

/// A clinic's texts of consent.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range, a purpose has two texts in one language, or its
/// languages ask for different things.
pub fn consents_from_toml(text: &str) -> Result<Consents, Error> {
    typed::<consents::Typed>(text, "consents")?.into_meant()
}

/// A practitioner's check-ins.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range, or a sign asks for what no question does.
pub fn check_ins_from_toml(text: &str) -> Result<CheckIns, Error> {
    typed::<check_ins::Typed>(text, "check-ins")?.into_meant()
}

/// How long records are kept, by country.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range.
pub fn retention_from_toml(text: &str) -> Result<Retention, Error> {
    typed::<retention::Typed>(text, "retention")?.into_meant()
}

/// A clinic's letters to its clients.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range, a letter is missing or has no place for what it brings.
pub fn letters_from_toml(text: &str) -> Result<Letters, Error> {
    typed::<letters::Typed>(text, "letters")?.into_meant()
}

/// The shipped letters.
pub fn shipped_letters() -> Letters {
    letters_from_toml(LETTERS_TOML).expect("a test opens the shipped letters")
}

/// Advertising rules by country.
///
/// # Errors
/// If a field is missing, unknown or of the wrong type, an id is used twice, or a rule is for a country that is not listed.
pub fn countries_from_toml(text: &str) -> Result<AdvertisingRules, Error> {
    typed::<countries::Typed>(text, "countries")?.into_meant()
}

/// The shipped advertising rules.
pub fn shipped_countries() -> AdvertisingRules {
    countries_from_toml(COUNTRIES_TOML).expect("a test opens the shipped rules")
}

/// The shipped consents.
pub fn shipped_consents() -> Consents {
    consents_from_toml(CONSENTS_TOML).expect("a test opens the shipped consents")
}

/// The shipped aftercare.
pub fn shipped_aftercare() -> Aftercare {
    aftercare_from_toml(AFTERCARE_TOML).expect("a test opens the shipped aftercare")
}

/// The shipped check-ins.
pub fn shipped_check_ins() -> CheckIns {
    check_ins_from_toml(CHECK_INS_TOML).expect("a test opens the shipped check-ins")
}

/// The rules.
///
/// # Errors
/// If a field is missing, unknown, of the wrong type or out of range, or two rules share an id.
pub fn rules_from_toml(text: &str) -> Result<Vec<Rule>, Error> {
    typed::<rules::Typed>(text, "rules")?.into_meant()
}

/// A client's answers: yes or no, numbers, words, and days as YYYY-MM-DD with or without quotes.
///
/// A question of the shipped list takes what `sources/rules/questions.toml` allows; one that only `rules` ask takes
/// what they compare it with.
///
/// # Errors
/// If it is not a flat list of such answers, an answer is not one to its question, two contradict one another, or
/// one cannot be true `today`: a day to come, an age of 400.
pub fn answers_from_toml(text: &str, rules: &[Rule], today: Date) -> Result<Answers, Error> {
    answers::understood(typed(text, "answers")?, rules, today)
}

/// The words of the shipped questions (`sources/rules/questions.toml`).
pub fn question_words() -> BTreeSet<String> {
    answers::words()
}

/// Whether a value can be an answer to a question of the shipped list; none where it is no question of it.
pub fn can_be_answered(question: &str, value: &Answer) -> Option<bool> {
    answers::can_be(question, value)
}

/// TOML as the structs name it.
fn typed<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, Error> {
    if text.len() as u64 > TOML_BYTES_MAX {
        return Err(Error::TooLarge {
            role: what,
            found_mb: text.len() as u64 / (1024 * 1024) + 1,
            allowed_mb: 1,
        });
    }
    toml::from_str(text).map_err(|trouble| {
        let until = trouble.span().map_or(0, |span| span.start).min(text.len());
        let line = 1 + text.as_bytes()[..until].iter().filter(|byte| **byte == b'\n').count();
        let reason = trouble.message().lines().next().unwrap_or("not TOML");
        Error::Syntax { what, line, reason: brief(reason) }
    })
}

/// A format's word, if it is the one needed.
fn format_is(found: &str, needed: &'static str) -> Result<(), Error> {
    if found == needed {
        return Ok(());
    }
    Err(Error::Format { found: brief(found), needed })
}

/// An answer or a value to compare with.
fn answer_of(field: &str, value: toml::Value) -> Result<Answer, Error> {
    const NEEDED: &str = "true, false, a number, a word or a day as YYYY-MM-DD";
    match value {
        toml::Value::Boolean(flag) => Ok(Answer::Flag(flag)),
        toml::Value::Integer(number) => Ok(Answer::Number(number as f64)),
        toml::Value::Float(number) if number.is_finite() => Ok(Answer::Number(number)),
        toml::Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            day_of(field, &text).map(Answer::Day)
        }
        toml::Value::String(text) => word(field, text).map(Answer::Word),
        toml::Value::Datetime(toml::value::Datetime { date: Some(date), time: None, .. }) => {
            day_of(field, &date.to_string()).map(Answer::Day)
        }
        other => Err(Error::field(field, other.type_str(), NEEDED)),
    }
}

/// A stable word.
fn word(field: &str, text: String) -> Result<String, Error> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if (1..=100).contains(&text.len()) && text.chars().all(fits) {
        return Ok(text);
    }
    Err(Error::field(field, text, "1 to 100 letters, digits and _ - . without spaces"))
}

/// Words for people.
fn sentence(field: &str, text: String) -> Result<String, Error> {
    if text.trim().is_empty() || text.len() > 2000 {
        return Err(Error::field(field, format!("{} bytes", text.len()), "1 to 2000 bytes of text"));
    }
    Ok(text)
}

/// Words by language, in English at least.
fn wording(field: &str, words: Wording) -> Result<Wording, Error> {
    if !words.contains_key("en") {
        let found = words.into_keys().collect::<Vec<_>>().join(", ");
        return Err(Error::field(field, found, "words in English (`en`) at least"));
    }
    words.into_iter().map(|(language, text)| Ok((language, sentence(field, text)?))).collect()
}

/// An estimate as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedEstimate {
    value: f64,
    standard_uncertainty: f64,
}

impl TypedEstimate {
    fn into_meant(self) -> Estimate {
        Estimate { value: self.value, standard_uncertainty: self.standard_uncertainty }
    }
}

#[cfg(test)]
mod tests;
