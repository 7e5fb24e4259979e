//! What clients say of a clinic, and what was taken down.

use crate::portfolio::Month;

/// A client's words, as they wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// One to five.
    pub stars: u8,
    /// The words.
    pub text: String,
    /// Month of the session that the client was invited after.
    pub session: Month,
    /// Month in which it was written.
    pub written: Month,
    /// What the clinic says it gave for writing, in words; none for nothing.
    pub offered: Option<String>,
    /// What the writer says they got for it, in words; none for nothing.
    pub incentive: Option<String>,
    /// How the writer belongs to the clinic; none for other clients.
    pub insider: Option<Insider>,
    /// What the clinic says to it.
    pub answer: Option<String>,
}

/// How a writer belongs to the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insider {
    /// Works there.
    Staff,
    /// A relative or partner of somebody who does.
    Relative,
}

impl Insider {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Staff, Self::Relative];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Relative => "relative",
        }
    }
}

/// Why a review was taken down, as the clinic says it: nothing else is a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Removal {
    /// Who wrote it wanted it so.
    ByWriter,
    /// A court or an authority ordered it.
    Ordered,
    /// It names somebody or tells what is private of another.
    PersonalData,
    /// It threatens or insults as the law forbids.
    Unlawful,
    /// Everything about its writer was erased.
    Erased,
}

impl Removal {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::ByWriter, Self::Ordered, Self::PersonalData, Self::Unlawful, Self::Erased];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ByWriter => "by_writer",
            Self::Ordered => "ordered",
            Self::PersonalData => "personal_data",
            Self::Unlawful => "unlawful",
            Self::Erased => "erased",
        }
    }
}

/// Reviews that were taken down for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The reason.
    pub reason: Removal,
    /// How many.
    pub count: usize,
}
