//! Rules applied.

use std::collections::BTreeSet;

use stipple_model::{
    Answer, Answers, Assessment, Caveat, Code, Condition, Date, Expectation, LIFE_QUESTIONS, MEASURED_ON,
    Operator, Qualified, Reading, Reason, Rule, Verdict, Weight, answered_on, is_day_of_answers,
};

use crate::days::add_months;
use crate::facts::{Facts, facts, question_of};

/// Applies every rule.
///
/// | | meaning |
/// |---|---|
/// | `reading` | what was measured; without one, only rules on answers alone speak |
/// | `answers` | by the words of `sources/rules/answers.toml`; leave out what is not known |
/// | `today` | the day to count from |
/// | out | the strictest verdict of the rules that spoke; mild if none did |
///
/// A rule without conditions speaks when no other does. `not_before` is given only with "not yet", and only
/// where every rule that says so names a wait, and one of them ends after today.
///
/// # Determinism
/// No clock: `today` is an argument.
pub fn assess(
    reading: Option<&Reading>,
    answers: &Answers,
    rules: &[Rule],
    expectation: Expectation,
    today: Date,
) -> Qualified<Assessment> {
    let facts = facts(reading, answers, today);
    let mut spoke: Vec<&Rule> = rules.iter().filter(|rule| speaks(rule, &facts)).collect();
    let said: Vec<&String> = spoke.iter().map(|rule| &rule.id).collect();
    spoke.retain(|rule| !rule.unless.iter().any(|id| said.contains(&id)));
    if spoke.is_empty() {
        spoke = rules.iter().filter(|rule| rule.when.is_empty()).collect();
    }
    // The sort is stable: equally strict rules keep their order.
    spoke.sort_by_key(|rule| std::cmp::Reverse(rule.verdict));
    let verdict = spoke.first().map_or(Verdict::Suitable, |rule| rule.verdict);
    let waits = spoke.iter().filter(|rule| rule.verdict == Verdict::NotYet);
    // One that ends on no day keeps the day of another from being a promise.
    let ends: Option<Vec<Date>> = waits.map(|rule| wait_ends(rule, answers, &facts, today)).collect();
    let has_ended = |rule: &Rule| {
        let end = wait_ends(rule, answers, &facts, today).filter(|_| rule.verdict == Verdict::NotYet);
        end.is_some_and(|end| end <= today)
    };
    let latest = ends.and_then(|ends| ends.into_iter().max());
    let mut alternatives: Vec<String> = Vec::new();
    for alternative in spoke.iter().flat_map(|rule| &rule.alternatives) {
        if !alternatives.contains(alternative) {
            alternatives.push(alternative.clone());
        }
    }
    let mut reasons: Vec<Reason> = spoke.iter().map(|rule| reason(rule)).collect();
    // What made it speak still stands.
    if let Some(at) = spoke.iter().position(|rule| has_ended(rule)) {
        reasons.insert(at + 1, own_reason("ask_again", Verdict::NotYet, ASK_AGAIN));
    }
    let assessment = Assessment {
        verdict,
        not_before: latest.filter(|day| verdict == Verdict::NotYet && *day > today),
        reasons,
        alternatives,
        expectation,
    };
    let caveats = unanswered(rules, answers, &facts).into_iter().chain(not_understood(rules, answers));
    Qualified::new(assessment, caveats.collect())
}

/// The same assessment in the light of all caveats: at best suitable with care if one of them blocks, questions
/// were left open, or treatment would hardly change how the scar looks.
pub fn temper(mut assessment: Assessment, caveats: &[Caveat]) -> Assessment {
    let care = |rule, text| own_reason(rule, Verdict::SuitableWithCare, text);
    if assessment.verdict > Verdict::SuitableWithCare {
        return assessment;
    }
    if caveats.iter().any(|caveat| caveat.code == Code::AssessUnanswered) {
        assessment.reasons.insert(0, care("questions_open", QUESTIONS_OPEN));
        assessment.verdict = Verdict::SuitableWithCare;
    }
    let hardly = caveats.iter().filter(|caveat| caveat.code == Code::PlanHardlyShows);
    if let Some(weight) = hardly.map(|caveat| caveat.weight).max() {
        let reason = match weight {
            Weight::Note => care("little_nearer", LITTLE_NEARER),
            Weight::Doubt | Weight::Blocks => care("hardly_shows", HARDLY_SHOWS),
        };
        assessment.reasons.insert(0, reason);
        assessment.verdict = Verdict::SuitableWithCare;
    }
    if caveats.iter().any(|caveat| caveat.weight == Weight::Blocks) {
        assessment.reasons.insert(0, care("reading_in_doubt", READING_IN_DOUBT));
        assessment.verdict = Verdict::SuitableWithCare;
    }
    assessment
}

const QUESTIONS_OPEN: &str = "Questions about health and the scar were left open, so what rests on them was not \
     checked. Answer them together before deciding; an answer can change the verdict.";
const HARDLY_SHOWS: &str = "By our estimate the scar would look no better from conversation distance once treated and healed. Set a \
     few test dots first and judge them healed; perhaps it is best left as it is.";
const LITTLE_NEARER: &str = "By our estimate the tone of the scar comes little nearer to its surroundings; what dots give back is the \
     look of follicles. Judge by a few healed test dots whether that is worth it.";
const READING_IN_DOUBT: &str = "Part of the photograph could not be read well enough to rely on. The notes beside \
     the reading say what to do; best is a new photograph.";

fn speaks(rule: &Rule, facts: &Facts) -> bool {
    !rule.when.is_empty() && rule.when.iter().all(|condition| holds(condition, facts) == Some(true))
}

/// Whether a condition holds; `None` if its fact is unknown or of another kind.
fn holds(condition: &Condition, facts: &Facts) -> Option<bool> {
    let fact = facts.get(&condition.fact)?;
    let order = match (fact, &condition.value) {
        (Answer::Number(fact), Answer::Number(value)) => fact.partial_cmp(value)?,
        (Answer::Day(fact), Answer::Day(value)) => fact.cmp(value),
        (Answer::Flag(fact), Answer::Flag(value)) => fact.cmp(value),
        (Answer::Word(fact), Answer::Word(value)) => fact.cmp(value),
        _ => return None,
    };
    Some(match condition.operator {
        Operator::Is => order.is_eq(),
        Operator::Below => order.is_lt(),
        Operator::AtLeast => order.is_ge(),
    })
}

/// A reason that no rule of the clinic gives.
fn own_reason(rule: &str, verdict: Verdict, text: &str) -> Reason {
    Reason { rule: rule.into(), verdict, text: text.into(), source: "Own rule".into(), grade: 'D' }
}

fn reason(rule: &Rule) -> Reason {
    Reason {
        rule: rule.id.clone(),
        verdict: rule.verdict,
        text: rule.text.clone(),
        source: rule.source.clone(),
        grade: rule.grade,
    }
}

const ASK_AGAIN: &str =
    "The time to wait has passed: ask again and change the answer, or take a new photograph.";

/// The day on which all that a rule speaks of was told or measured; today, where that is not known.
fn told_on(rule: &Rule, answers: &Answers, today: Date) -> Date {
    let day = |condition: &Condition| match question_of(&condition.fact) {
        Some(question) => answered_on(answers, &question).or_else(|| answered_on(answers, &condition.fact)),
        None => match answers.get(MEASURED_ON) {
            Some(Answer::Day(day)) => Some(*day),
            _ => None,
        },
    };
    let days: Option<Vec<Date>> = rule.when.iter().map(day).collect();
    days.and_then(|days| days.into_iter().max()).map_or(today, |day| day.min(today))
}

/// The day a rule's wait ends: counted from the answered day, from the answered age, or from when it was told.
fn wait_ends(rule: &Rule, answers: &Answers, facts: &Facts, today: Date) -> Option<Date> {
    let wait = rule.wait.as_ref()?;
    let Some(since) = &wait.since else { return add_months(told_on(rule, answers, today), wait.months) };
    if let Some(Answer::Day(day)) = answers.get(since) {
        return add_months(*day, wait.months);
    }
    let number = |fact: &str| match facts.get(fact) {
        Some(Answer::Number(number)) => Some(*number),
        _ => None,
    };
    let age = match since.strip_suffix("_date") {
        Some("birth") => number("age_years").map(|years| 12.0 * years),
        Some(stem) => number(&format!("{stem}_age_months")),
        None => None,
    };
    let left = (f64::from(wait.months) - age.unwrap_or(0.0)).ceil().max(0.0);
    add_months(today, left as u32)
}

/// The questions that rules need and nobody answered; a rule that another answer silences needs none.
pub fn open_questions(
    reading: Option<&Reading>,
    answers: &Answers,
    rules: &[Rule],
    today: Date,
) -> BTreeSet<String> {
    questions_open(rules, answers, &facts(reading, answers, today))
}

fn questions_open(rules: &[Rule], answers: &Answers, facts: &Facts) -> BTreeSet<String> {
    let is_silenced = |rule: &&Rule| rule.when.iter().any(|condition| holds(condition, facts) == Some(false));
    let conditions = rules.iter().filter(|rule| !is_silenced(rule)).flat_map(|rule| &rule.when);
    let open = conditions.filter(|condition| holds(condition, facts).is_none());
    open.filter_map(|condition| question_of(&condition.fact))
        .filter(|question| answers.get(question) != Some(&Answer::Word("never".into())))
        .collect()
}

/// Says which questions the rules needed and did not get.
fn unanswered(rules: &[Rule], answers: &Answers, facts: &Facts) -> Option<Caveat> {
    let questions = questions_open(rules, answers, facts);
    if questions.is_empty() {
        return None;
    }
    let list = questions.iter().map(|word| word.replace('_', " ")).collect::<Vec<_>>().join(", ");
    let plural = if questions.len() == 1 { ("question", "was") } else { ("questions", "were") };
    Some(Caveat::new(
        Code::AssessUnanswered,
        Weight::Note,
        format!(
            "{} {} about health and the scar {} left open; the rules that need them were not checked.",
            questions.len(),
            plural.0,
            plural.1
        ),
        format!("Answer these before deciding: {list}."),
    ))
}

/// Says that answers carry words no rule asks for: a slip of the pen must not pass as "no". How somebody lives bears upon
/// the days of care, whatever the rules say.
fn not_understood(rules: &[Rule], answers: &Answers) -> Option<Caveat> {
    let compared = rules.iter().flat_map(|rule| &rule.when).map(|condition| &condition.fact);
    let counted_from = rules.iter().filter_map(|rule| rule.wait.as_ref()?.since.as_ref());
    let asked: BTreeSet<&str> = compared.chain(counted_from).map(String::as_str).collect();
    let is_asked = |word: &str| {
        let from_day = word.strip_suffix("_date").map(|stem| format!("{stem}_age_months"));
        asked.contains(word)
            || is_day_of_answers(word)
            || LIFE_QUESTIONS.contains(&word)
            || from_day.is_some_and(|fact| asked.contains(fact.as_str()))
    };
    let odd: Vec<&str> = answers.keys().map(String::as_str).filter(|word| !is_asked(word)).collect();
    (!odd.is_empty()).then(|| {
        Caveat::new(
            Code::AssessUnanswered,
            Weight::Doubt,
            format!("No rule asks for these answers, nothing was done with them: {}.", odd.join(", ")),
            "Compare the words in the answers with those in the list of questions.",
        )
    })
}

#[cfg(test)]
mod tests;
