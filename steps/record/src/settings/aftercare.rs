//! A practitioner's instructions, as typed and as meant.

use serde::Deserialize;
use stipple_model::{Aftercare, AftercareStep, UNDETERMINED, WordedAdvice, Wording};

use super::{format_is, sentence, word, wording};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word::{Life, TreatedSkin};

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
    text: TypedWords,
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
    #[serde(default)]
    skin: Vec<TreatedSkin>,
    instead_of: Option<String>,
    title: TypedWords,
    text: TypedWords,
    #[serde(default)]
    remind: bool,
    source: String,
    grade: char,
}

/// Words by language; files from before there were two have one text, which does not say its own.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a text by language (`en`, `de`)")]
enum TypedWords {
    One(String),
    ByLanguage(Wording),
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
        for (k, step) in steps.iter().enumerate() {
            let Some(other) = &step.instead_of else { continue };
            if steps.iter().all(|one| one.id != *other) {
                return Err(Error::field(format!("steps[{k}].instead_of"), other, "the id of a step"));
            }
        }
        Ok(Aftercare { warning, steps })
    }
}

impl TypedAdvice {
    fn into_meant(self) -> Result<WordedAdvice, Error> {
        Ok(WordedAdvice {
            text: self.text.into_meant("text")?,
            source: sentence("source", self.source)?,
            grade: grade_of(self.grade)?,
        })
    }
}

impl TypedWords {
    fn into_meant(self, field: &str) -> Result<Wording, Error> {
        match self {
            Self::One(text) => Ok(Wording::from([(UNDETERMINED.to_owned(), sentence(field, text)?)])),
            Self::ByLanguage(words) => wording(field, words),
        }
    }
}

impl TypedStep {
    fn into_meant(self) -> Result<AftercareStep, Error> {
        let [first, last] = self.days;
        within("days[1]", f64::from(last), f64::from(first)..=3650.0, "days, not before the first one")?;
        let Self { id, life, skin, instead_of, title, text, remind, source, grade, .. } = self;
        Ok(AftercareStep {
            id: word("id", id)?,
            days: self.days,
            life: life.into_iter().map(Into::into).collect(),
            skin: skin.into_iter().map(Into::into).collect(),
            instead_of,
            title: title.into_meant("title")?,
            advice: TypedAdvice { text, source, grade }.into_meant()?,
            remind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AFTERCARE_TOML, aftercare_from_toml, shipped_aftercare};
    use super::*;

    const PLAIN: &str = r#"
format = "stipple/aftercare/1"
version = 3
[warning]
text = "Zum Arzt bei Fieber."
source = "own"
grade = "D"
[[steps]]
id = "dry"
days = [0, 4]
title = "Trocken halten"
text = "Kein Wasser."
source = "own"
grade = "D"
"#;

    #[test]
    fn every_shipped_word_is_there_in_both_languages() {
        let shipped = shipped_aftercare();
        let of_steps = shipped.steps.iter().flat_map(|step| [&step.title, &step.advice.text]);
        for words in of_steps.chain([&shipped.warning.text]) {
            assert_eq!(words.keys().collect::<Vec<_>>(), ["de", "en"], "{words:?}");
        }
    }

    #[test]
    fn a_file_from_before_there_were_languages_opens() {
        let own = aftercare_from_toml(PLAIN).expect("it opens");
        assert_eq!(own.steps[0].title[UNDETERMINED], "Trocken halten");
        assert_eq!(own.warning.text[UNDETERMINED], "Zum Arzt bei Fieber.");
    }

    #[test]
    fn words_without_english_or_of_another_shape_are_refused() {
        let german = PLAIN.replace("title = \"Trocken halten\"", "title = { de = \"Trocken halten\" }");
        let said = aftercare_from_toml(&german).expect_err("no English").to_string();
        assert!(said.contains("steps[0].title") && said.contains("English"), "{said}");
        let number = PLAIN.replace("title = \"Trocken halten\"", "title = 3");
        let said = aftercare_from_toml(&number).expect_err("no words").to_string();
        assert!(said.contains("a text by language"), "{said}");
        assert!(aftercare_from_toml(&AFTERCARE_TOML.replacen("en = ", "de_ = ", 1)).is_err());
    }
}
