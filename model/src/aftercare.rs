//! What to do after a session, day by day.

use crate::{Date, Wording};

/// The language of words that do not say theirs, as in BCP 47.
pub const UNDETERMINED: &str = "und";

/// A practitioner's own instructions.
#[derive(Clone, Debug, PartialEq)]
pub struct Aftercare {
    /// Signs that want a doctor, whatever the day.
    pub warning: WordedAdvice,
    /// What to do when.
    pub steps: Vec<AftercareStep>,
}

/// Words for the client in every language that there is, and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct WordedAdvice {
    /// For the client, by language; of [`UNDETERMINED`] alone where a file has one text.
    pub text: Wording,
    /// Where it comes from.
    pub source: String,
    /// Grade of the evidence, A (peer-reviewed) to D (general knowledge).
    pub grade: char,
}

/// Words for the client in one language, and where they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// For the client.
    pub text: String,
    /// Where it comes from.
    pub source: String,
    /// Grade of the evidence, A (peer-reviewed) to D (general knowledge).
    pub grade: char,
}

/// Something to do, or to leave, for some days.
#[derive(Clone, Debug, PartialEq)]
pub struct AftercareStep {
    /// Stable word.
    pub id: String,
    /// First and last day, counted from the session (day 0); at most 3650.
    pub days: [u32; 2],
    /// Whom it is for; everybody if none is named.
    pub life: Vec<Life>,
    /// In a few words, by language as the advice.
    pub title: Wording,
    /// What to do and why.
    pub advice: WordedAdvice,
    /// Whether a calendar speaks up on the first day.
    pub remind: bool,
}

/// What somebody's days hold that bears upon healing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Life {
    /// Sport that makes one sweat.
    Sport,
    /// Much sun.
    Sun,
    /// Work out of doors.
    OutdoorWork,
    /// Pool, sauna or sunbed.
    Pool,
    /// Shaves the head.
    Shave,
}

impl Life {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Sport, Self::Sun, Self::OutdoorWork, Self::Pool, Self::Shave];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sport => "sport",
            Self::Sun => "sun",
            Self::OutdoorWork => "outdoor_work",
            Self::Pool => "pool",
            Self::Shave => "shave",
        }
    }
}

/// Somebody's own days after one session, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct CareCalendar {
    /// Day of the session.
    pub session: Date,
    /// The language that was asked for, as in BCP 47.
    pub language: String,
    /// How many of the entries, and of the warning, are there in another language only, and are told in that.
    pub elsewhere: usize,
    /// What to do, by its first day.
    pub entries: Vec<CareEntry>,
    /// Signs that want a doctor, whatever the day.
    pub warning: Advice,
}

/// A step on days of the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CareEntry {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The step's word.
    pub id: String,
    /// First and last day, counted from the session.
    pub days: [u32; 2],
    /// In a few words.
    pub title: String,
    /// What to do and why.
    pub advice: Advice,
    /// Whether a calendar speaks up on the first day.
    pub remind: bool,
}
