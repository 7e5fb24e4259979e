//! What a person agrees to before needles touch them.

use crate::Advice;

/// A clinic's texts, and how long it leaves people to think.
#[derive(Clone, Debug, PartialEq)]
pub struct Consents {
    /// Version of the texts.
    pub version: u32,
    /// Days between a signature and the first session; at most 365.
    pub cooling_off_days: u32,
    /// One for each purpose and language.
    pub forms: Vec<ConsentForm>,
}

/// A text to read and to sign.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsentForm {
    /// What for.
    pub purpose: Purpose,
    /// Its language, as in BCP 47: `en`.
    pub language: String,
    /// In a few words.
    pub title: String,
    /// What it is about.
    pub intro: String,
    /// What is agreed to, one by one.
    pub clauses: Vec<Clause>,
}

/// Something to agree to.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Stable word, the same in every language.
    pub id: String,
    /// Whether nothing is agreed without it; a choice of its own otherwise.
    pub must: bool,
    /// What is read, and where it comes from.
    pub advice: Advice,
}

/// What somebody agrees to; one is never a condition of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// To be treated.
    Treatment,
    /// To be photographed, for the record.
    Photographs,
    /// That photographs are shown to others.
    Publication,
    /// That what is known of them is kept.
    Data,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Treatment, Self::Photographs, Self::Publication, Self::Data];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Photographs => "photographs",
            Self::Publication => "publication",
            Self::Data => "data",
        }
    }
}
