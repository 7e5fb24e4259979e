//! A client's answers, held against the list of questions: a slip of the pen must not pass as "no".

use std::collections::{BTreeMap, BTreeSet};

use stipple_model::{Answer, Answers, Date, Rule, is_day_of_answers};

use super::{answer_of, word};
use crate::error::{Error, brief};
use crate::format::number::within;
use crate::format::v1::assessment::day_of;

/// What may be answered to each question, as data.
const QUESTIONS_TOML: &str = include_str!("../../../../sources/rules/questions.toml");
/// Most answers.
const ANSWERS_MAX: usize = 500;
/// Longest answer in the client's own words, characters.
const TEXT_CHARACTERS_MAX: usize = 2000;
/// Longest life, years.
const YEARS_MAX: i16 = 120;
/// A day and an age that differ by more than this contradict one another, months.
const CONTRADICTION_MONTHS: f64 = 2.0;
/// Days of a month in the mean.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// What may be answered to a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// A day.
    Day,
    /// A day, or "never".
    DayOrNever,
    /// One of some words.
    OneOf(Vec<String>),
    /// The client's own words, for people alone.
    Text,
}

/// The answers in a table, each of the kind that its question or the rules ask for, and possible today. What is told in
/// the client's own words is left out: no rule reads it.
pub(super) fn understood(table: toml::Table, rules: &[Rule], today: Date) -> Result<Answers, Error> {
    if table.len() > ANSWERS_MAX {
        return Err(Error::field("answers", table.len(), format!("at most {ANSWERS_MAX} answers")));
    }
    let questions = questions();
    let answers: Answers = table
        .into_iter()
        .map(|(question, value)| {
            let question = word("a question", question)?;
            let kind = questions.get(&question).cloned().or_else(|| kind_in_rules(&question, rules));
            let kind = if is_day_of_answers(&question) { Some(Kind::Day) } else { kind };
            let answer = match kind {
                Some(Kind::Text) => return require_text(&question, &value).map(|()| None),
                Some(kind) => kind.answer(&question, value)?,
                None => answer_of(&question, value)?,
            };
            let answer = possible(&question, answer, today)?;
            Ok(Some((question, answer)))
        })
        .filter_map(Result::transpose)
        .collect::<Result<_, Error>>()?;
    require_agreement(&answers, today)?;
    Ok(answers)
}

impl Kind {
    /// The answer that a value is, if it is one to a question of this kind.
    fn answer(&self, question: &str, value: toml::Value) -> Result<Answer, Error> {
        let typed = value.as_str().map(str::to_lowercase);
        match (self, typed.as_deref(), &value) {
            (Self::Flag, _, toml::Value::Boolean(flag)) => Ok(Answer::Flag(*flag)),
            (Self::Flag, Some("yes" | "true"), _) => Ok(Answer::Flag(true)),
            (Self::Flag, Some("no" | "false"), _) => Ok(Answer::Flag(false)),
            (Self::Number, _, toml::Value::Integer(_) | toml::Value::Float(_)) => answer_of(question, value),
            (Self::DayOrNever, Some("never"), _) => Ok(Answer::Word("never".into())),
            (Self::Day | Self::DayOrNever, Some(day), _) => {
                day_of(question, day).map(Answer::Day).map_err(|_| self.refusal(question, &value))
            }
            (Self::Day | Self::DayOrNever, _, toml::Value::Datetime(_)) => answer_of(question, value),
            (Self::OneOf(words), Some(typed), _) if words.iter().any(|word| word == typed) => {
                Ok(Answer::Word(typed.into()))
            }
            _ => Err(self.refusal(question, &value)),
        }
    }

    fn refusal(&self, question: &str, found: &toml::Value) -> Error {
        let needed = match self {
            Self::Flag => "true, false, \"yes\" or \"no\" (leave it out if you do not know)".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Day => "a day as YYYY-MM-DD".to_owned(),
            Self::DayOrNever => "a day as YYYY-MM-DD, or \"never\"".to_owned(),
            Self::OneOf(words) => format!("one of \"{}\"", words.join("\", \"")),
            Self::Text => format!("up to {TEXT_CHARACTERS_MAX} characters of text"),
        };
        Error::field(question, brief(&found.to_string()), needed)
    }
}

/// The questions of the shipped list and their kinds.
pub(super) fn questions() -> BTreeMap<String, Kind> {
    let table: toml::Table = toml::from_str(QUESTIONS_TOML).expect("a test opens the questions");
    table.into_iter().map(|(question, kind)| (question, kind_of(&kind))).collect()
}

fn kind_of(written: &toml::Value) -> Kind {
    match written {
        toml::Value::Array(words) => {
            Kind::OneOf(words.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
        }
        other => match other.as_str() {
            Some("flag") => Kind::Flag,
            Some("number") => Kind::Number,
            Some("day") => Kind::Day,
            Some("day or never") => Kind::DayOrNever,
            Some("text") => Kind::Text,
            _ => panic!("a question has a kind that is none"),
        },
    }
}

/// Refuses what is no text, or too long a one.
fn require_text(question: &str, value: &toml::Value) -> Result<(), Error> {
    match value.as_str().map(|text| text.chars().count()) {
        Some(0..=TEXT_CHARACTERS_MAX) => Ok(()),
        Some(characters) => {
            let needed = format!("at most {TEXT_CHARACTERS_MAX} characters");
            Err(Error::field(question, format!("{characters} characters"), needed))
        }
        None => Err(Kind::Text.refusal(question, value)),
    }
}

/// The words of the shipped questions.
pub(super) fn words() -> BTreeSet<String> {
    questions().into_keys().collect()
}

/// Whether a value can be an answer to a question of the shipped list; none where it is no question of it.
pub(super) fn can_be(question: &str, value: &Answer) -> Option<bool> {
    Some(match (questions().get(question)?, value) {
        (Kind::Flag, Answer::Flag(_)) | (Kind::Number, Answer::Number(_)) => true,
        (Kind::Day | Kind::DayOrNever, Answer::Day(_)) => true,
        (Kind::DayOrNever, Answer::Word(word)) => word == "never",
        (Kind::OneOf(words), Answer::Word(word)) => words.contains(word),
        _ => false,
    })
}

/// Whether a question is answered in the client's own words.
pub(super) fn is_text(question: &str) -> bool {
    questions().get(question) == Some(&Kind::Text)
}

/// The kind that rules compare a question of their own with; words are open, since the rules name only some.
fn kind_in_rules(question: &str, rules: &[Rule]) -> Option<Kind> {
    let age = question.strip_suffix("_date").map(|stem| format!("{stem}_age_months"));
    rules.iter().flat_map(|rule| &rule.when).find_map(|condition| match &condition.value {
        _ if age.as_ref() == Some(&condition.fact) => Some(Kind::DayOrNever),
        _ if condition.fact != question => None,
        Answer::Flag(_) => Some(Kind::Flag),
        Answer::Number(_) => Some(Kind::Number),
        Answer::Day(_) => Some(Kind::DayOrNever),
        Answer::Word(_) => None,
    })
}

/// An answer that can be true: days lie in a life so far, months and years fit into one.
fn possible(question: &str, answer: Answer, today: Date) -> Result<Answer, Error> {
    match answer {
        Answer::Day(day) if day > today => {
            Err(Error::field(question, day, format!("a day not after {today}, the day to reckon from")))
        }
        Answer::Day(day) if day.year() < today.year() - YEARS_MAX => {
            Err(Error::field(question, day, format!("a day of the last {YEARS_MAX} years")))
        }
        Answer::Number(n) if question.ends_with("_years") => {
            within(question, n, 0.0..=f64::from(YEARS_MAX), "years").map(Answer::Number)
        }
        Answer::Number(n) if question.ends_with("_months") => {
            within(question, n, 0.0..=f64::from(12 * YEARS_MAX), "months").map(Answer::Number)
        }
        Answer::Number(n) if question.ends_with("_length_worn_mm") => {
            within(question, n, 0.0..=2000.0, "mm").map(Answer::Number)
        }
        answer => Ok(answer),
    }
}

/// Refuses a day and an age that cannot both be true of the same thing.
fn require_agreement(answers: &Answers, today: Date) -> Result<(), Error> {
    for (question, answer) in answers {
        let Some(stem) = question.strip_suffix("_date") else { continue };
        let age = format!("{stem}_age_months");
        let Some(Answer::Number(months)) = answers.get(&age) else { continue };
        let (agrees, found) = match answer {
            Answer::Day(day) => {
                let since = f64::from((today - *day).get_days()) / DAYS_PER_MONTH;
                let agrees = (since - months).abs() <= CONTRADICTION_MONTHS;
                (agrees, format!("{day}, {since:.0} months ago, and {months:.0} months"))
            }
            _ => (false, format!("\"never\" and {months:.0} months")),
        };
        if !agrees {
            let needed =
                format!("answers within {CONTRADICTION_MONTHS:.0} months of one another, or one of them");
            return Err(Error::field(format!("{question} with {age}"), found, needed));
        }
    }
    Ok(())
}
