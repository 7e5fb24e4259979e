//! What a client is asked while the skin heals, and which answers want a doctor.

use std::collections::BTreeMap;

use crate::{Answer, TreatedSkin};

/// Words by language, as in BCP 47: `en`.
pub type Wording = BTreeMap<String, String>;

/// A practitioner's check-ins.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckIns {
    /// Days after a session on which the client is asked; the session is day 0.
    pub days: Vec<u32>,
    /// Days after the last session from which the client is asked to come and look again, where nothing was measured since.
    pub touch_up_day: u32,
    /// What is asked, the same every time.
    pub questions: Vec<CheckInQuestion>,
    /// Answers that want somebody to look.
    pub signs: Vec<WarningSign>,
    /// What is usual then.
    pub usual: Vec<UsualThen>,
    /// How redness goes as a rule; none where the clinic says nothing of it.
    pub redness: Option<RednessCourse>,
}

/// How the redness of treated skin goes as a rule. Nobody has measured it by skin or by extent: there are days, and no amounts.
#[derive(Clone, Debug, PartialEq)]
pub struct RednessCourse {
    /// First and last day on which it is strongest; the session is day 0.
    pub peak_days: [u32; 2],
    /// First and last day by which it is gone as a rule.
    pub settles_days: [u32; 2],
    /// What to expect.
    pub text: Wording,
    /// What is otherwise on some skin.
    pub on: Vec<RednessOn>,
}

/// How redness goes otherwise on some skin.
#[derive(Clone, Debug, PartialEq)]
pub struct RednessOn {
    /// Which; one of them is enough.
    pub skin: Vec<TreatedSkin>,
    /// First and last day by which it is gone as a rule, where that differs.
    pub settles_days: Option<[u32; 2]>,
    /// What to expect besides.
    pub text: Wording,
}

impl RednessCourse {
    /// First and last day by which it is gone as a rule on some skin, the longest that bears upon it, and what to expect:
    /// where other days are told, what is usual is not.
    pub fn on(&self, skin: &[TreatedSkin]) -> ([u32; 2], Vec<&Wording>) {
        let meant: Vec<_> =
            self.on.iter().filter(|one| one.skin.iter().any(|of| skin.contains(of))).collect();
        let days = meant.iter().filter_map(|one| one.settles_days).chain([self.settles_days]);
        let longest = days.max_by_key(|[_, last]| *last).unwrap_or(self.settles_days);
        let is_usual = meant.iter().all(|one| one.settles_days.is_none());
        let usual = is_usual.then_some(&self.text).into_iter();
        (longest, usual.chain(meant.into_iter().map(|one| &one.text)).collect())
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckInQuestion {
    /// Stable word.
    pub id: String,
    /// What its answers are.
    pub kind: AnswerKind,
    /// What is asked.
    pub text: Wording,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerKind {
    /// A whole number, 0 to 10.
    Scale,
    /// Yes or no.
    YesNo,
    /// One of some words, each with its wording.
    Choice(Vec<(String, Wording)>),
}

/// An answer that wants somebody to look.
#[derive(Clone, Debug, PartialEq)]
pub struct WarningSign {
    /// Stable word.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer that it is; any if none is named.
    pub is: Option<Answer>,
    /// The least number that it is.
    pub at_least: Option<f64>,
    /// Whether it must be more than at the check-in before.
    pub rises: bool,
    /// The first day on which it speaks.
    pub from_day: u32,
    /// How soon.
    pub urgency: Urgency,
    /// What to do.
    pub text: Wording,
}

/// How soon somebody has to look, soonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Call for help now.
    Emergency,
    /// See a doctor.
    Doctor,
    /// Tell the practitioner.
    Practitioner,
}

impl Urgency {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Emergency, Self::Doctor, Self::Practitioner];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Doctor => "doctor",
            Self::Practitioner => "practitioner",
        }
    }
}

/// What is usual on some days.
#[derive(Clone, Debug, PartialEq)]
pub struct UsualThen {
    /// Stable word.
    pub id: String,
    /// First and last day.
    pub days: [u32; 2],
    /// What to expect.
    pub text: Wording,
}
