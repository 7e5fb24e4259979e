//! What a client is written by e-mail, and in which words.

use crate::Wording;

/// A letter to a client.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Letter {
    /// On the day of a session: a calendar of the days after it.
    Calendar,
    /// To tell how the skin heals.
    CheckIn,
    /// When the scar may be seen again.
    TouchUp,
}

/// The words of every letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Letters {
    /// Above every one.
    pub greeting: Wording,
    /// Below every one: who wrote, and how to stop; with `{clinic}` and `{stop}`.
    pub end: Wording,
    /// [`Letter::Calendar`].
    pub calendar: LetterText,
    /// [`Letter::CheckIn`].
    pub check_in: LetterText,
    /// [`Letter::TouchUp`].
    pub touch_up: LetterText,
    /// In the client's own calendar.
    pub feed: FeedWords,
    /// What a clinic gets when a client tells of a warning sign; with `{link}`.
    pub alarm: LetterText,
    /// What the owner of a studio sends to see that letters arrive.
    pub test: LetterText,
}

/// The words of one letter. `{clinic}`, `{link}` and `{until}` stand for the clinic's name, the address to open, and the
/// last day on which that works.
#[derive(Clone, Debug, PartialEq)]
pub struct LetterText {
    /// One line; it tells nobody what the letter is about.
    pub subject: Wording,
    /// Paragraphs.
    pub body: Wording,
}

/// Words in a client's own calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedWords {
    /// Title of a day on which the client is asked.
    pub asked: Wording,
    /// What that day holds.
    pub asked_words: Wording,
}

impl Letter {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Calendar, Self::CheckIn, Self::TouchUp];

    /// Stable word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::CheckIn => "check_in",
            Self::TouchUp => "touch_up",
        }
    }
}

impl Letters {
    /// The words of one.
    pub fn of(&self, letter: Letter) -> &LetterText {
        match letter {
            Letter::Calendar => &self.calendar,
            Letter::CheckIn => &self.check_in,
            Letter::TouchUp => &self.touch_up,
        }
    }
}
