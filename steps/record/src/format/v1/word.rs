//! Closed lists of words, each kept equal to the model's list by the compiler.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;

macro_rules! words {
    ($($(#[$doc:meta])+ $name:ident = $model:path { $($variant:ident),+ $(,)? })+) => { $(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the words are documented where the model lists them")]
        pub enum $name { $($variant),+ }

        impl From<$model> for $name {
            fn from(word: $model) -> Self {
                match word { $(<$model>::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $model {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    )+ };
}

words! {
    /// How much a caveat weighs: good to know, a number may be wrong by more than its uncertainty,
    /// or what it touches must not be relied on.
    Weight = model::Weight { Note, Doubt, Blocks }

    /// Where the pixel pitch comes from.
    PitchSource = model::PitchSource { Card, Ruler, Entered, Estimated }

    /// What colors rest on: a color checker, the card's grays, a place declared neutral, or the camera alone.
    WhiteSource = model::WhiteSource { Checker, Card, Declared, Camera }

    /// The shape of a scar.
    ScarKind = model::ScarKind { Linear, Punctate, Patch }

    /// What a stroke marks: the scar or the skin around.
    Side = model::Side { Inside, Outside }

    /// The answer to "is this suitable?", mildest first.
    Verdict = model::Verdict { Suitable, SuitableWithCare, NotYet, NotSmp }

    /// What somebody's days hold that bears upon healing.
    Life = model::Life { Sport, Sun, OutdoorWork, Pool, Shave }

    /// Skin that was treated.
    TreatedSkin = model::TreatedSkin { Dark, Burn, Raised, Large }

    /// What somebody agrees to.
    Purpose = model::Purpose { Treatment, Photographs, Publication, Data }

    /// Whose records a rule is about.
    Keeps = model::Keeps { Treatment, Medical }

    /// A language that strangers are spoken to in.
    Language = model::Language { English, German }

    /// What bears upon all numbers of a pair.
    Doubt = model::Doubt { ToneUnknown, ToneDiffers, ScaleTyped, ScaleGuessed, ScaleDiffers, SessionsChanged }

    /// Color of hair, as a person says it; `not_told` where nobody did.
    HairClass = model::HairClass { Black, Brown, Blond, Red, Gray, White, NotTold }

    /// How a writer belongs to the clinic.
    Insider = model::Insider { Staff, Relative }

    /// Why a review was taken down.
    Removal = model::Removal { ByWriter, Ordered, PersonalData, Unlawful, Erased }

    /// Something that has to be so before a page may go public.
    Check = model::Check {
        ConsentPublication, Adult, HealedLabel, Comparable, Denominator, IncentiveDeclared, InsiderDeclared, ReviewsPolicy,
        SimulationLabel, EvidenceKept, LegalSignoff, NotTargetingMinors,
    }

    /// How a source was read.
    HowRead = model::HowRead { Text, Excerpt, Secondary }

    /// How soon somebody has to look, soonest first.
    Urgency = model::Urgency { Emergency, Doctor, Practitioner }

    /// How long after the last session: fresh below 28 days, healed, settled from 90, long from 365.
    Healing = model::Healing { Fresh, Healed, Settled, Long }

    /// Class of skin tone by individual typology angle, light to dark.
    ItaClass = stipple_color::ItaClass { VeryLight, Light, Intermediate, Tan, Brown, Dark }
}

/// Whether what differs between two photographs may be put down to the treatment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the words are documented where the model lists them")]
pub enum Comparable {
    #[serde(rename = "comparable")]
    Yes,
    #[serde(rename = "comparable_with_care")]
    WithCare,
    #[serde(rename = "not_comparable")]
    No,
}

impl From<model::Comparable> for Comparable {
    fn from(word: model::Comparable) -> Self {
        match word {
            model::Comparable::Yes => Self::Yes,
            model::Comparable::WithCare => Self::WithCare,
            model::Comparable::No => Self::No,
        }
    }
}

impl From<Comparable> for model::Comparable {
    fn from(word: Comparable) -> Self {
        match word {
            Comparable::Yes => Self::Yes,
            Comparable::WithCare => Self::WithCare,
            Comparable::No => Self::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(word: impl Serialize) -> String {
        serde_json::to_string(&word).expect("a word serializes").trim_matches('"').into()
    }

    #[test]
    fn words_are_the_models() {
        model::Weight::ALL.iter().for_each(|word| assert_eq!(written(Weight::from(*word)), word.name()));
        model::PitchSource::ALL
            .iter()
            .for_each(|word| assert_eq!(written(PitchSource::from(*word)), word.name()));
        model::WhiteSource::ALL
            .iter()
            .for_each(|word| assert_eq!(written(WhiteSource::from(*word)), word.name()));
        model::ScarKind::ALL.iter().for_each(|word| assert_eq!(written(ScarKind::from(*word)), word.name()));
        model::Comparable::ALL
            .iter()
            .for_each(|word| assert_eq!(written(Comparable::from(*word)), word.name()));
        model::Life::ALL.iter().for_each(|word| assert_eq!(written(Life::from(*word)), word.name()));
        model::Purpose::ALL.iter().for_each(|word| assert_eq!(written(Purpose::from(*word)), word.name()));
        model::Urgency::ALL.iter().for_each(|word| assert_eq!(written(Urgency::from(*word)), word.name()));
        model::HairClass::ALL
            .iter()
            .for_each(|word| assert_eq!(written(HairClass::from(*word)), word.name()));
        model::Insider::ALL.iter().for_each(|word| assert_eq!(written(Insider::from(*word)), word.name()));
        model::Removal::ALL.iter().for_each(|word| assert_eq!(written(Removal::from(*word)), word.name()));
        model::Check::ALL.iter().for_each(|word| assert_eq!(written(Check::from(*word)), word.name()));
        model::Verdict::ALL.iter().for_each(|word| assert_eq!(written(Verdict::from(*word)), word.name()));
        stipple_color::ItaClass::ALL
            .iter()
            .for_each(|word| assert_eq!(written(ItaClass::from(*word)), word.name()));
    }
}
