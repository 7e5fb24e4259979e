//! What a clinic's own rules leave out: a slip of the pen must not silence a rule.

use std::collections::BTreeSet;

use stipple_assess::{is_measured, question_of};
use stipple_model::{Rule, Verdict};
use stipple_record::settings;

use crate::error::Error;

/// What is doubtful of a file of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleDoubts {
    /// Facts that its rules read and that are neither measured nor asked: such a rule never speaks.
    pub unknown: BTreeSet<String>,
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
    Ok(RuleDoubts { unknown, unread })
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
}
