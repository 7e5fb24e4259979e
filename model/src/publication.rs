//! What leaves the house to be looked at by strangers, and what proves it.

use crate::outcome::BeforeAfter;
use crate::{Caveat, Code, Date, Outcome};

/// How a published pair is made from its two originals: enough to make it again, pixel by pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// SHA-256 of the originals' bytes, 64 lower-case hexadecimal digits.
    pub originals: BeforeAfter<String>,
    /// What is kept of both pictures, in pixels of [`crate::Laid`].
    pub crop: Area,
    /// What is painted over in both, in the same pixels.
    pub hidden: Vec<Area>,
    /// Language of the words in the picture.
    pub language: Language,
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// First column.
    pub left_px: usize,
    /// First row.
    pub top_px: usize,
    /// Columns.
    pub width_px: usize,
    /// Rows.
    pub height_px: usize,
}

/// A language that strangers are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The word used in files, as in BCP 47.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The one of ours that is nearest to a language as in BCP 47: German for `de` and `de-AT`, English for all others.
    pub fn nearest(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(primary)).unwrap_or(Self::English)
    }
}

/// What a published picture says of how it was made.
#[derive(Clone, Copy, Debug)]
pub struct Derivation<'a> {
    /// How it was made.
    pub recipe: &'a Recipe,
    /// What was measured.
    pub outcome: &'a Outcome,
    /// Whether a person drew the outline of the scar.
    pub outline_drawn: bool,
    /// Share of the scar that is surely found in both photographs, 0 to 1: the numbers are of that part.
    pub scar_shown: f64,
    /// What bears upon all numbers.
    pub doubts: &'a [Doubt],
    /// By what the light of each photograph was multiplied, R, G, B, so that its gray became gray.
    pub white_gain: BeforeAfter<[f64; 3]>,
    /// The day it was made.
    pub made_on: Date,
}

/// What strangers are told beside the numbers of a pair, because all of them rest on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// No card in both photographs tells whether one of them was made flatter or harder.
    ToneUnknown,
    /// The card in both tells that one of them was made flatter or harder.
    ToneDiffers,
    /// A person typed how large a pixel is on the scalp.
    ScaleTyped,
    /// How large a pixel is was guessed from the hair.
    ScaleGuessed,
    /// The sizes of the two photographs do not fit one another.
    ScaleDiffers,
    /// The day of a session was changed, or a session struck out, after it had been written down.
    SessionsChanged,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ToneUnknown,
        Self::ToneDiffers,
        Self::ScaleTyped,
        Self::ScaleGuessed,
        Self::ScaleDiffers,
        Self::SessionsChanged,
    ];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToneUnknown => "tone_unknown",
            Self::ToneDiffers => "tone_differs",
            Self::ScaleTyped => "scale_typed",
            Self::ScaleGuessed => "scale_guessed",
            Self::ScaleDiffers => "scale_differs",
            Self::SessionsChanged => "sessions_changed",
        }
    }

    /// What is to be told of a pair with these caveats.
    pub fn of(caveats: &[Caveat]) -> Vec<Self> {
        let told = |doubt: &Self| {
            let code = match doubt {
                Self::ToneUnknown => Code::OutcomeToneUnknown,
                Self::ToneDiffers => Code::OutcomeTone,
                Self::ScaleTyped => Code::ScaleEntered,
                Self::ScaleGuessed => Code::ScaleEstimated,
                Self::ScaleDiffers => Code::OutcomeScale,
                Self::SessionsChanged => return false,
            };
            caveats.iter().any(|caveat| caveat.code == code)
        };
        Self::ALL.into_iter().filter(told).collect()
    }
}

/// Share of a scar in both photographs from which strangers are not told that some of it is missing.
const SCAR_WHOLE: f64 = 0.98;

impl Derivation<'_> {
    /// Whole percent of the scar that the numbers are of, where strangers are told: not where it is all but a little of it.
    pub fn scar_part_percent(scar_shown: f64) -> Option<u32> {
        (scar_shown < SCAR_WHOLE).then(|| (100.0 * scar_shown).floor().max(0.0) as u32)
    }
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name in the bundle, with forward slashes.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Where a chain of entries stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerHead {
    /// Number of the last row.
    pub place: u64,
    /// Hash of that row, 64 lower-case hexadecimal digits.
    pub hash: String,
}

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The day it was made.
    pub made_on: Date,
    /// Where the clinic's chain stood; none for a bundle without one.
    pub ledger: Option<LedgerHead>,
    /// Every file, in the order of their names, but for the list itself and its signature.
    pub files: Vec<Listed>,
}

/// Most certificates of a chain.
pub const CHAIN_MAX: usize = 8;

/// A signature over bytes (Ed25519), with who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key.
    pub public_key: [u8; 32],
    /// Certificates (DER): of that key, then of who signed it, each by the next; 2 to [`CHAIN_MAX`].
    pub chain: Vec<Vec<u8>>,
    /// The signature.
    pub signature: [u8; 64],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Weight;

    #[test]
    fn a_tone_that_is_known_to_differ_is_told_like_one_that_nobody_knows() {
        let of = |code| Doubt::of(&[Caveat::new(code, Weight::Doubt, "found", "to do")]);
        assert_eq!(of(Code::OutcomeTone), [Doubt::ToneDiffers]);
        assert_eq!(of(Code::OutcomeToneUnknown), [Doubt::ToneUnknown]);
        assert_eq!(of(Code::ScarProposed), []);
    }
}
