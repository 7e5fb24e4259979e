//! Check-ins, as typed and as meant.

use std::collections::BTreeMap;

use serde::Deserialize;
use stipple_model::{
    AnswerKind, CheckInQuestion, CheckIns, RednessCourse, RednessOn, UsualThen, WarningSign, Wording,
};

use super::{answer_of, format_is, sentence, shipped_check_ins, word, wording};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word::{TreatedSkin, Urgency};

/// Most entries of a list.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    #[serde(rename = "version")]
    _version: u32,
    days: Vec<TypedDay>,
    touch_up: Option<TypedDay>,
    questions: Vec<TypedQuestion>,
    signs: Vec<TypedSign>,
    words: Vec<TypedWords>,
    redness: Option<TypedRedness>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRedness {
    peak_days: [u32; 2],
    settles_days: [u32; 2],
    source: String,
    grade: char,
    text: Wording,
    #[serde(default)]
    on: Vec<TypedRednessOn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRednessOn {
    skin: Vec<TreatedSkin>,
    settles_days: Option<[u32; 2]>,
    source: String,
    grade: char,
    text: Wording,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedDay {
    day: u32,
    source: String,
    grade: char,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedQuestion {
    id: String,
    kind: TypedKind,
    #[serde(default)]
    choices: Vec<String>,
    text: Wording,
    #[serde(default)]
    choice_text: BTreeMap<String, Wording>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TypedKind {
    Scale,
    YesNo,
    Choice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedSign {
    id: String,
    question: String,
    is: Option<toml::Value>,
    at_least: Option<f64>,
    #[serde(default)]
    rises: bool,
    from_day: u32,
    urgency: Urgency,
    source: String,
    grade: char,
    text: Wording,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedWords {
    id: String,
    days: [u32; 2],
    source: String,
    grade: char,
    text: Wording,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<CheckIns, Error> {
        format_is(&self.format, "stipple/check-ins/1")?;
        let questions =
            each("questions", at_most("questions", self.questions, MOST)?, TypedQuestion::into_meant)?;
        let signs = each("signs", at_most("signs", self.signs, MOST)?, TypedSign::into_meant)?;
        for (k, sign) in signs.iter().enumerate() {
            if questions.iter().all(|question| question.id != sign.question) {
                return Err(Error::field(
                    format!("signs[{k}].question"),
                    &sign.question,
                    "the id of a question",
                ));
            }
        }
        Ok(CheckIns {
            days: each("days", at_most("days", self.days, MOST)?, TypedDay::into_meant)?,
            // A clinic's own check-ins may be older than this one.
            touch_up_day: match self.touch_up {
                Some(day) => day.into_meant()?,
                None => shipped_check_ins().touch_up_day,
            },
            questions,
            signs,
            usual: each("words", at_most("words", self.words, MOST)?, TypedWords::into_meant)?,
            redness: self.redness.map(TypedRedness::into_meant).transpose()?,
        })
    }
}

impl TypedDay {
    fn into_meant(self) -> Result<u32, Error> {
        sentence("source", self.source)?;
        grade_of(self.grade)?;
        not_before("day", self.day, 0)?;
        Ok(self.day)
    }
}

impl TypedQuestion {
    fn into_meant(self) -> Result<CheckInQuestion, Error> {
        let kind = match self.kind {
            TypedKind::Scale => AnswerKind::Scale,
            TypedKind::YesNo => AnswerKind::YesNo,
            TypedKind::Choice => {
                let worded = |choice: &String| {
                    let of = self.choice_text.iter();
                    of.filter_map(|(language, words)| Some((language.clone(), words.get(choice)?.clone())))
                        .collect()
                };
                let choices = at_most("choices", self.choices.clone(), MOST)?;
                let choices = each("choices", choices, |choice| {
                    let words: Wording = worded(&choice);
                    Ok((word("", choice)?, wording("choice_text", words)?))
                });
                AnswerKind::Choice(choices?)
            }
        };
        Ok(CheckInQuestion { id: word("id", self.id)?, kind, text: wording("text", self.text)? })
    }
}

impl TypedSign {
    fn into_meant(self) -> Result<WarningSign, Error> {
        sentence("source", self.source)?;
        grade_of(self.grade)?;
        Ok(WarningSign {
            id: word("id", self.id)?,
            question: self.question,
            is: self.is.map(|value| answer_of("is", value)).transpose()?,
            at_least: self.at_least,
            rises: self.rises,
            from_day: self.from_day,
            urgency: self.urgency.into(),
            text: wording("text", self.text)?,
        })
    }
}

impl TypedWords {
    fn into_meant(self) -> Result<UsualThen, Error> {
        sentence("source", self.source)?;
        grade_of(self.grade)?;
        let [first, last] = self.days;
        not_before("days[1]", last, first)?;
        Ok(UsualThen { id: word("id", self.id)?, days: self.days, text: wording("text", self.text)? })
    }
}

impl TypedRedness {
    fn into_meant(self) -> Result<RednessCourse, Error> {
        sentence("redness.source", self.source)?;
        grade_of(self.grade)?;
        let ([from, to], [soonest, latest]) = (self.peak_days, self.settles_days);
        not_before("redness.peak_days[1]", to, from)?;
        not_before("redness.settles_days[0]", soonest, from)?;
        not_before("redness.settles_days[1]", latest, soonest)?;
        let text = wording("redness.text", self.text)?;
        let on = each("redness.on", at_most("redness.on", self.on, MOST)?, TypedRednessOn::into_meant)?;
        Ok(RednessCourse { peak_days: self.peak_days, settles_days: self.settles_days, text, on })
    }
}

impl TypedRednessOn {
    fn into_meant(self) -> Result<RednessOn, Error> {
        sentence("source", self.source)?;
        grade_of(self.grade)?;
        if let Some([soonest, latest]) = self.settles_days {
            not_before("settles_days[1]", latest, soonest)?;
        }
        Ok(RednessOn {
            skin: self.skin.into_iter().map(Into::into).collect(),
            settles_days: self.settles_days,
            text: wording("text", self.text)?,
        })
    }
}

/// Refuses a day before another one, or after ten years.
fn not_before(field: &str, day: u32, other: u32) -> Result<(), Error> {
    within(field, f64::from(day), f64::from(other)..=3650.0, "days").map(drop)
}

#[cfg(test)]
mod tests {
    use stipple_model::TreatedSkin;

    use super::super::{CHECK_INS_TOML, check_ins_from_toml};

    #[test]
    fn the_shipped_check_ins_speak_both_languages() {
        let shipped = check_ins_from_toml(CHECK_INS_TOML).expect("opens");
        assert_eq!(shipped.questions.len(), 4);
        let texts = shipped.questions.iter().map(|question| &question.text);
        let texts = texts.chain(shipped.signs.iter().map(|sign| &sign.text));
        let mut texts = texts.chain(shipped.usual.iter().map(|usual| &usual.text));
        assert!(texts.all(|text| text.contains_key("de")));
    }

    #[test]
    fn redness_goes_otherwise_on_some_skin() {
        let course = check_ins_from_toml(CHECK_INS_TOML).expect("opens").redness.expect("is told");
        let (usual, words) = course.on(&[]);
        assert_eq!((usual, words.len()), (course.settles_days, 1));
        let (longer, words) = course.on(&[TreatedSkin::Large, TreatedSkin::Dark]);
        assert!(
            longer[1] > usual[1] && words.len() == 2 && words.iter().all(|words| words.contains_key("de"))
        );
    }

    #[test]
    fn a_sign_of_no_question_is_refused() {
        let other = CHECK_INS_TOML.replacen("question = \"hives\"", "question = \"rash\"", 1);
        let said = check_ins_from_toml(&other).expect_err("no such question").to_string();
        assert!(said.contains("the id of a question"), "{said}");
    }
}
