//! Texts of consent, as typed and as meant.

use serde::Deserialize;
use stipple_model::{Advice, Clause, ConsentForm, Consents};

use super::{format_is, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word::Purpose;

/// Most texts, and most clauses of one.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    version: u32,
    cooling_off_days: u32,
    consents: Vec<TypedForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedForm {
    purpose: Purpose,
    language: String,
    title: String,
    intro: String,
    clauses: Vec<TypedClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedClause {
    id: String,
    text: String,
    must: bool,
    source: String,
    grade: char,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Consents, Error> {
        format_is(&self.format, "stipple/consents/1")?;
        within("cooling_off_days", f64::from(self.cooling_off_days), 0.0..=365.0, "days")?;
        let forms = each("consents", at_most("consents", self.consents, MOST)?, TypedForm::into_meant)?;
        for (k, form) in forms.iter().enumerate() {
            let others = forms[..k].iter().filter(|other| other.purpose == form.purpose);
            for other in others {
                if other.language == form.language {
                    let field = format!("consents[{k}].language");
                    return Err(Error::field(
                        field,
                        &form.language,
                        "one text for each purpose and language",
                    ));
                }
                if asked(other) != asked(form) {
                    let field = format!("consents[{k}].clauses");
                    return Err(Error::field(
                        field,
                        &form.language,
                        "the same clauses in every language of a purpose",
                    ));
                }
            }
        }
        Ok(Consents { version: self.version, cooling_off_days: self.cooling_off_days, forms })
    }
}

/// What a form asks for, whatever its language.
fn asked(form: &ConsentForm) -> Vec<(&str, bool)> {
    form.clauses.iter().map(|clause| (clause.id.as_str(), clause.must)).collect()
}

impl TypedForm {
    fn into_meant(self) -> Result<ConsentForm, Error> {
        let clauses = each("clauses", at_most("clauses", self.clauses, MOST)?, TypedClause::into_meant)?;
        for (k, clause) in clauses.iter().enumerate() {
            if clauses[..k].iter().any(|other| other.id == clause.id) {
                return Err(Error::field(format!("clauses[{k}].id"), &clause.id, "an id used once"));
            }
        }
        Ok(ConsentForm {
            purpose: self.purpose.into(),
            language: word("language", self.language)?,
            title: sentence("title", self.title)?,
            intro: sentence("intro", self.intro)?,
            clauses,
        })
    }
}

impl TypedClause {
    fn into_meant(self) -> Result<Clause, Error> {
        let advice = Advice {
            text: sentence("text", self.text)?,
            source: sentence("source", self.source)?,
            grade: grade_of(self.grade)?,
        };
        Ok(Clause { id: word("id", self.id)?, must: self.must, advice })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CONSENTS_TOML, consents_from_toml};
    use stipple_model::Purpose;

    #[test]
    fn the_shipped_texts_ask_for_each_purpose_in_both_languages() {
        let shipped = consents_from_toml(CONSENTS_TOML).expect("opens");
        for purpose in Purpose::ALL {
            for language in ["en", "de"] {
                let of =
                    |form: &&stipple_model::ConsentForm| form.purpose == purpose && form.language == language;
                assert_eq!(shipped.forms.iter().filter(of).count(), 1, "{purpose:?} {language}");
            }
        }
    }

    #[test]
    fn languages_that_ask_for_different_things_are_refused() {
        let other = CONSENTS_TOML.replacen("\nmust = false", "\nmust = true", 1);
        let said = consents_from_toml(&other).expect_err("differs").to_string();
        assert!(said.contains("the same clauses in every language"), "{said}");
    }
}
