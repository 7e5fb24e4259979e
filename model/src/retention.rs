//! For how long records must be kept.

use crate::check_in::Wording;

/// What the rules of some countries ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// Version of the list.
    pub version: u32,
    /// One for each country and kind of record.
    pub rules: Vec<KeepRule>,
}

/// A rule of a country.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepRule {
    /// As in ISO 3166: `DE`; a state as `US-OR`.
    pub country: String,
    /// What is kept.
    pub keeps: Keeps,
    /// Years from the last session or visit, at least.
    pub years: u32,
    /// What it says, for the client.
    pub text: Wording,
    /// Where it was read.
    pub source: String,
    /// Grade of the evidence, A to D.
    pub grade: char,
}

/// Whose records a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Consents and sessions of whoever tattoos.
    Treatment,
    /// The file of a doctor who treats.
    Medical,
}

impl Keeps {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Treatment, Self::Medical];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Medical => "medical",
        }
    }
}
