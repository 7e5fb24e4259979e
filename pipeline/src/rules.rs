//! What a clinic's own rules leave out: a slip of the pen must not silence a rule.

use std::collections::BTreeSet;

use stipple_assess::{is_measured, question_of};
use stipple_model::{Answer, Condition, Operator, Rule, Verdict};
use stipple_record::settings;

use crate::error::Error;

/// What is doubtful of a file of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleDoubts {
    /// Facts that its rules read and that are neither measured nor asked: such a rule never speaks.
    pub unknown: BTreeSet<String>,
    /// Rules that hold a fact against something that it can never be, such as yes or no against a number: such a rule never speaks.
    pub mistyped: BTreeSet<String>,
    /// Questions for which a shipped rule speaks against a treatment, and that no rule reads any more.
    pub unread: BTreeSet<String>,
}

/// What is doubtful of rules.
///
/// # Errors
/// If they are none.
pub fn doubts_of_rules(toml: &str) -> Result<RuleDoubts, Error> {
    let (rules, shipped) =
        (settings::rules_from_toml(toml)?, settings::rules_from_toml(settings::RULES_TOML)?);
    let asked = settings::question_words();
    let is_known = |fact: &str| match question_of(fact) {
        // An age is known from a day, or told as one.
        Some(question) => asked.contains(&question) || asked.contains(fact) || fact == "age_years",
        None => is_measured(fact),
    };
    let read = |rules: &[Rule]| -> BTreeSet<String> {
        rules
            .iter()
            .flat_map(|rule| &rule.when)
            .filter_map(|condition| question_of(&condition.fact))
            .collect()
    };
    let facts = rules.iter().flat_map(|rule| &rule.when).map(|condition| &condition.fact);
    let unknown = facts.filter(|fact| !is_known(fact)).cloned().collect();
    let strict: Vec<Rule> =
        shipped.into_iter().filter(|rule| rule.verdict > Verdict::SuitableWithCare).collect();
    let unread = read(&strict).difference(&read(&rules)).cloned().collect();
    let mistyped = rules.iter().filter(|rule| !rule.when.iter().all(can_hold)).map(|rule| rule.id.clone());
    Ok(RuleDoubts { unknown, mistyped: mistyped.collect(), unread })
}

/// Whether a condition can ever hold, as far as is known what its fact is.
fn can_hold(condition: &Condition) -> bool {
    let (fact, value) = (condition.fact.as_str(), &condition.value);
    let is_of_kind = match question_of(fact) {
        None if fact.starts_with("sun.") || fact.starts_with("scar.kind.") => {
            matches!(value, Answer::Flag(_))
        }
        None => matches!(value, Answer::Number(_)),
        Some(_) if fact.ends_with("_age_months") || fact == "age_years" => matches!(value, Answer::Number(_)),
        Some(question) => settings::can_be_answered(&question, value).unwrap_or(true),
    };
    let is_ordered = matches!(value, Answer::Number(_) | Answer::Day(_));
    is_of_kind && (is_ordered || condition.operator == Operator::Is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubts(toml: &str) -> RuleDoubts {
        doubts_of_rules(toml).expect("rules")
    }

    #[test]
    fn the_shipped_rules_are_in_no_doubt() {
        assert_eq!(doubts(settings::RULES_TOML), RuleDoubts::default());
    }

    #[test]
    fn a_misspelt_fact_is_told_and_a_question_that_nothing_reads() {
        let slip = settings::RULES_TOML.replace("\"pregnant_or_breastfeeding\"", "\"pregnent\"");
        let found = doubts(&slip.replace("scar.redness_low", "scar.rednes_low"));
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(found.unknown, words(&["pregnent", "scar.rednes_low"]));
        assert_eq!(found.unread, words(&["pregnant_or_breastfeeding"]));
    }

    #[test]
    fn a_rule_that_can_never_hold_is_told() {
        let flag = "{ fact = \"pregnant_or_breastfeeding\", operator = \"is\", value = true }";
        assert!(settings::RULES_TOML.contains(flag));
        for slip in
            ["\"is\", value = \"true\" }", "\"at_least\", value = 3 }", "\"at_least\", value = true }"]
        {
            let slip = format!("{{ fact = \"pregnant_or_breastfeeding\", operator = {slip}");
            let found = doubts(&settings::RULES_TOML.replace(flag, &slip));
            assert_eq!((found.mistyped.len(), found.unknown.len()), (1, 0), "{slip}: {found:?}");
        }
    }
}
