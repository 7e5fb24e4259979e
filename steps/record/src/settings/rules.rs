//! The rules' fields, as typed and as meant.

use serde::Deserialize;
use stipple_model::{Condition, Operator, Rule, Verdict, Wait};

use super::{answer_of, answers, format_is, sentence, word};
use crate::error::Error;
use crate::format::number::{at_most, each, within};
use crate::format::v1::assessment::grade_of;
use crate::format::v1::word as written;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    #[serde(rename = "version")]
    _version: u32,
    rules: Vec<TypedRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRule {
    id: String,
    when: Vec<TypedCondition>,
    #[serde(default)]
    unless: Vec<String>,
    verdict: written::Verdict,
    text: String,
    #[serde(default)]
    alternatives: Vec<String>,
    wait: Option<TypedWait>,
    source: String,
    grade: char,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCondition {
    fact: String,
    operator: TypedOperator,
    value: toml::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TypedOperator {
    Is,
    Below,
    AtLeast,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedWait {
    months: u32,
    since: Option<String>,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Vec<Rule>, Error> {
        format_is(&self.format, "stipple/rules/1")?;
        let rules = each("rules", at_most("rules", self.rules, 1000)?, TypedRule::into_meant)?;
        for (k, rule) in rules.iter().enumerate() {
            if rules[..k].iter().any(|other| other.id == rule.id) {
                return Err(Error::field(format!("rules[{k}].id"), &rule.id, "an id used once"));
            }
            let is_rule = |id: &String| rules.iter().any(|other| other.id == *id && other.unless.is_empty());
            if let Some(id) = rule.unless.iter().find(|id| !is_rule(id)) {
                let needed = "the id of another rule, which has no `unless` of its own";
                return Err(Error::field(format!("rules[{k}].unless"), id, needed));
            }
        }
        Ok(rules)
    }
}

impl TypedRule {
    fn into_meant(self) -> Result<Rule, Error> {
        let when = each("when", at_most("when", self.when, 20)?, TypedCondition::into_meant)?;
        Ok(Rule {
            id: word("id", self.id)?,
            when,
            unless: each("unless", at_most("unless", self.unless, 20)?, |id| word("unless", id))?,
            verdict: Verdict::from(self.verdict),
            text: sentence("text", self.text)?,
            alternatives: each("alternatives", self.alternatives, |text| sentence("text", text))?,
            wait: self.wait.map(TypedWait::into_meant).transpose()?,
            source: sentence("source", self.source)?,
            grade: grade_of(self.grade)?,
        })
    }
}

impl TypedCondition {
    fn into_meant(self) -> Result<Condition, Error> {
        let operator = match self.operator {
            TypedOperator::Is => Operator::Is,
            TypedOperator::Below => Operator::Below,
            TypedOperator::AtLeast => Operator::AtLeast,
        };
        let fact = word("fact", self.fact)?;
        if answers::is_text(&fact) {
            return Err(Error::field(
                "fact",
                fact,
                "a fact that is no free text: people read that, not rules",
            ));
        }
        Ok(Condition { fact, operator, value: answer_of("value", self.value)? })
    }
}

impl TypedWait {
    fn into_meant(self) -> Result<Wait, Error> {
        within("wait.months", f64::from(self.months), 1.0..=240.0, "months")?;
        Ok(Wait {
            months: self.months,
            since: self.since.map(|since| word("wait.since", since)).transpose()?,
        })
    }
}
