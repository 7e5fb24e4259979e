//! What to do after a session, day by day.

use crate::Date;

/// A practitioner's own instructions.
#[derive(Clone, Debug, PartialEq)]
pub struct Aftercare {
    /// Signs that want a doctor, whatever the day.
    pub warning: Advice,
    /// What to do when.
    pub steps: Vec<AftercareStep>,
}

/// Words for the client, and where they come from.
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
    /// In a few words.
    pub title: String,
    /// What to do and why.
    pub advice: Advice,
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

/// Somebody's own days after one session.
#[derive(Clone, Debug, PartialEq)]
pub struct CareCalendar {
    /// Day of the session.
    pub session: Date,
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
    /// The step.
    pub step: AftercareStep,
}
