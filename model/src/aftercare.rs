//! What to do after a session, day by day.

use crate::{Answer, Answers, Date, Reading, Wording};

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
    /// Whom it is for, by what their days hold; everybody if nothing is named.
    pub life: Vec<Life>,
    /// Whom it is for, by the skin that was treated; everybody if nothing is named.
    pub skin: Vec<TreatedSkin>,
    /// The step that it takes the place of, where it is for somebody.
    pub instead_of: Option<String>,
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

/// What skin was treated, as far as it bears upon healing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TreatedSkin {
    /// Brown or dark, or not known not to be: an individual typology angle that may lie below 10°.
    Dark,
    /// The scar of a burn.
    Burn,
    /// A raised scar, or somebody who had keloids.
    Raised,
    /// Much of it: 1,500 dots or more in one session.
    Large,
}

impl TreatedSkin {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Burn, Self::Raised, Self::Large];
    /// Individual typology angle below which skin is brown or dark, degrees (Del Bino's classes).
    const DARK_BELOW_DEG: f64 = 10.0;
    /// Dots from which it is much, some 50 minutes of needling: our choice.
    const LARGE_DOTS: u32 = 1500;

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Burn => "burn",
            Self::Raised => "raised",
            Self::Large => "large",
        }
    }

    /// As far as a reading, answers and the dots of a session tell; without a reading skin counts as dark, because what is told
    /// then says for which skin it is.
    pub fn of(reading: Option<&Reading>, answers: &Answers, dots: u32) -> Vec<Self> {
        let is = |question: &str, answer: Answer| answers.get(question) == Some(&answer);
        let may_be_dark = |read: &Reading| {
            read.skin.ita_deg.value - read.skin.ita_deg.standard_uncertainty < Self::DARK_BELOW_DEG
        };
        let holds = |skin: &Self| match skin {
            Self::Dark => reading.is_none_or(may_be_dark),
            Self::Burn => is("scar_cause", Answer::Word("burn".to_owned())),
            Self::Raised => ["scar_raised", "keloid_history", "keloid_in_area"]
                .into_iter()
                .any(|question| is(question, Answer::Flag(true))),
            Self::Large => dots >= Self::LARGE_DOTS,
        };
        Self::ALL.into_iter().filter(holds).collect()
    }
}

/// Somebody who was treated, as far as it bears upon healing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Treated {
    /// What their days hold.
    pub lives: Vec<Life>,
    /// What skin was treated.
    pub skin: Vec<TreatedSkin>,
}

impl Treated {
    /// Whether something is for them.
    pub fn is_meant(&self, lives: &[Life], skin: &[TreatedSkin]) -> bool {
        let by_life = lives.is_empty() || lives.iter().any(|one| self.lives.contains(one));
        by_life && (skin.is_empty() || skin.iter().any(|one| self.skin.contains(one)))
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
