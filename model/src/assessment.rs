//! Whether to treat: rules as data, and what they said.

use std::collections::BTreeMap;

use stipple_quantity::Estimate;

use crate::Date;

/// The answer to "is this suitable?", mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing speaks against it.
    Suitable,
    /// Possible, with the care the reasons name.
    SuitableWithCare,
    /// Not yet; a date may be known.
    NotYet,
    /// Not a case for micropigmentation.
    NotSmp,
}

impl Verdict {
    /// All verdicts, mildest first.
    pub const ALL: [Self; 4] = [Self::Suitable, Self::SuitableWithCare, Self::NotYet, Self::NotSmp];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suitable => "suitable",
            Self::SuitableWithCare => "suitable_with_care",
            Self::NotYet => "not_yet",
            Self::NotSmp => "not_smp",
        }
    }
}

/// What a client answered, by the question's word.
pub type Answers = BTreeMap<String, Answer>;

/// What [`Answers`] call the day on which they were given; with a dot and a question after it, the day of that answer alone.
pub const ANSWERED_ON: &str = "answered_on";
/// What [`Answers`] call the day of the photograph that was read.
pub const MEASURED_ON: &str = "measured_on";

/// The day on which a question was answered, where it is known.
pub fn answered_on(answers: &Answers, question: &str) -> Option<Date> {
    let day = |word: &str| match answers.get(word) {
        Some(Answer::Day(day)) => Some(*day),
        _ => None,
    };
    day(&word_of_day(question)).or_else(|| day(ANSWERED_ON))
}

/// What [`Answers`] call the day on which a question was answered.
pub fn word_of_day(question: &str) -> String {
    format!("{ANSWERED_ON}.{question}")
}

/// Whether a word of [`Answers`] tells when they were given, and answers no question.
pub fn is_day_of_answers(word: &str) -> bool {
    let of_answers =
        word.strip_prefix(ANSWERED_ON).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    of_answers || word == MEASURED_ON
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Yes or no.
    Flag(bool),
    /// A number in the unit that the question names.
    Number(f64),
    /// One of the words that the question offers.
    Word(String),
    /// A day.
    Day(Date),
}

/// A rule: when all its conditions hold, its verdict is at least this.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Stable word.
    pub id: String,
    /// All must hold. A condition on a fact that is not known does not hold.
    pub when: Vec<Condition>,
    /// Rules beside which it is silent, because they say the same more strictly or more exactly.
    pub unless: Vec<String>,
    /// What it leads to.
    pub verdict: Verdict,
    /// Why, in words for the client.
    pub text: String,
    /// What to do instead or meanwhile.
    pub alternatives: Vec<String>,
    /// Until when to wait, if waiting helps.
    pub wait: Option<Wait>,
    /// Where the rule comes from.
    pub source: String,
    /// Grade of the evidence, A (peer-reviewed) to D (general knowledge).
    pub grade: char,
}

/// A comparison of one fact, measured or answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The fact's word, such as `scar.redness` or `keloid_history`.
    pub fact: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Answer,
}

/// How a fact is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Is,
    /// Less than.
    Below,
    /// At least.
    AtLeast,
}

/// Waiting some months from an answered day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Months to wait.
    pub months: u32,
    /// The answer that holds the day it starts; without it, from today.
    pub since: Option<String>,
}

/// The outcome of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The strictest verdict among the reasons.
    pub verdict: Verdict,
    /// Not before this day, where that is known.
    pub not_before: Option<Date>,
    /// The rules that spoke, strictest first.
    pub reasons: Vec<Reason>,
    /// What else could be done, without repeats.
    pub alternatives: Vec<String>,
    /// What a treatment would measure once healed.
    pub expectation: Expectation,
}

/// A rule that spoke.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The rule's word.
    pub rule: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why.
    pub text: String,
    /// Where from.
    pub source: String,
    /// Grade of the evidence.
    pub grade: char,
}

/// Nearest that the computed observer looks from, m: a near look; our choice.
pub const NEAREST_LOOK_M: f64 = 0.25;

/// What is expected after healing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// How far away the scar can be told from its surroundings as it is today, m.
    pub visible_distance_today_m: Option<Estimate>,
    /// The same once treated and healed; 0 is from nowhere.
    pub visible_distance_m: Option<Estimate>,
    /// CIEDE2000 between scar and surroundings at conversation distance as they are today.
    pub color_difference_today: Option<Estimate>,
    /// The same once treated and healed.
    pub color_difference: Option<Estimate>,
    /// What is left then and later, in order; none where nothing is planned.
    pub over_time: Vec<ExpectedThen>,
}

/// What is expected some time after the last session, without a touch-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedThen {
    /// Days since the pigment was set.
    pub days: f64,
    /// Share of the pigment still there in scars, 0–1.
    pub pigment_left_in_scar: Estimate,
    /// The same in ordinary skin.
    pub pigment_left: Estimate,
    /// CIEDE2000 between scar and surroundings at conversation distance.
    pub color_difference: Option<Estimate>,
    /// How far away the scar can be told from its surroundings, m; 0 is from nowhere.
    pub visible_distance_m: Option<Estimate>,
}
