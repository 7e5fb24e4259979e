//! How somebody lives, as they answered: sun above all.

use stipple_optics::fading::Sun;

use crate::{Answer, Answers, Life};

/// What was answered about the sun; what was not is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SunHabits {
    /// Whether they work out of doors.
    pub outdoor_work: Option<bool>,
    /// Whether they are in the sun for more than three hours on a usual summer's day.
    pub long_days: Option<bool>,
    /// Whether hat or sunscreen, either of them, is on their head most of the time in the sun.
    pub protected: Option<bool>,
}

impl SunHabits {
    /// From a client's answers.
    pub fn of(answers: &Answers) -> Self {
        let word = |question: &str| match answers.get(question) {
            Some(Answer::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        let outdoor_work = flag(answers, "outdoor_work");
        let mostly = |question: &str| word(question).map(|word| word == "mostly");
        Self {
            outdoor_work,
            long_days: word("sun_hours_a_day").map(|word| word == "over_3"),
            protected: either(mostly("sun_hat"), mostly("sunscreen")),
        }
    }

    /// Whether the sun is strong: work out of doors, or long days in it.
    pub fn is_strong(self) -> Option<bool> {
        either(self.outdoor_work, self.long_days)
    }

    /// What it means for dots.
    pub fn on_dots(self) -> Sun {
        if self.is_unprotected() == Some(true) { Sun::Unprotected } else { Sun::Usual }
    }

    /// Whether the sun is strong and neither hat nor sunscreen is there most of the time.
    pub fn is_unprotected(self) -> Option<bool> {
        // Not unprotected, if it is not strong or if there is something over it.
        either(self.is_strong().map(|is| !is), self.protected).map(|is| !is)
    }
}

/// The questions about how somebody lives that the days of care rest on, as in `sources/rules/questions.toml`.
pub const LIFE_QUESTIONS: [&str; 7] =
    ["outdoor_work", "sun_hours_a_day", "sun_hat", "sunscreen", "sport", "pool", "shaves_head"];

/// The questions about a person that are not about one scar: what is answered in one case holds in every other.
pub const PERSON_QUESTIONS: [&str; 14] = [
    "keloid_history",
    "pregnant_or_breastfeeding",
    "pigment_allergy",
    "blood_thinner",
    "diabetes",
    "immunosuppressed",
    "heart_or_epilepsy",
    "isotretinoin",
    "chemotherapy",
    "vitiligo",
    "sarcoidosis",
    "alopecia_areata",
    "fast_hair_loss",
    "sunburn",
];

/// What somebody's days hold, as they answered.
pub fn lives_of(answers: &Answers) -> Vec<Life> {
    let sun = SunHabits::of(answers);
    let holds = |life: &Life| match life {
        Life::Sport => flag(answers, "sport"),
        Life::Sun => sun.is_strong(),
        Life::OutdoorWork => sun.outdoor_work,
        Life::Pool => flag(answers, "pool"),
        Life::Shave => flag(answers, "shaves_head"),
    };
    Life::ALL.into_iter().filter(|life| holds(life) == Some(true)).collect()
}

fn flag(answers: &Answers, question: &str) -> Option<bool> {
    match answers.get(question) {
        Some(Answer::Flag(flag)) => Some(*flag),
        _ => None,
    }
}

/// Whether one of two holds, as far as both are known.
fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habits(told: &[(&str, &str)]) -> SunHabits {
        SunHabits::of(&answers(told))
    }

    fn answers(told: &[(&str, &str)]) -> Answers {
        let answer = |word: &str| match word {
            "yes" | "no" => Answer::Flag(word == "yes"),
            word => Answer::Word(word.to_owned()),
        };
        told.iter().map(|(question, word)| ((*question).to_owned(), answer(word))).collect()
    }

    #[test]
    fn what_is_not_answered_is_not_known() {
        let nothing = habits(&[]);
        assert_eq!(
            (nothing, nothing.is_strong(), nothing.is_unprotected()),
            (SunHabits::default(), None, None)
        );
        assert_eq!(habits(&[("outdoor_work", "no")]).is_strong(), None, "days off may be long");
        assert_eq!(habits(&[("outdoor_work", "yes")]).is_unprotected(), None, "a hat was not asked for");
        assert_eq!(habits(&[("outdoor_work", "yes"), ("sun_hat", "rarely")]).is_unprotected(), None);
    }

    #[test]
    fn strong_sun_is_unprotected_without_hat_and_sunscreen() {
        let bare =
            habits(&[("sun_hours_a_day", "over_3"), ("sun_hat", "sometimes"), ("sunscreen", "rarely")]);
        assert_eq!((bare.is_strong(), bare.is_unprotected()), (Some(true), Some(true)));
        let hat = habits(&[("outdoor_work", "yes"), ("sun_hat", "mostly")]);
        assert_eq!(hat.is_unprotected(), Some(false));
        let indoors = habits(&[("outdoor_work", "no"), ("sun_hours_a_day", "under_1")]);
        assert_eq!((indoors.is_strong(), indoors.is_unprotected()), (Some(false), Some(false)));
    }

    #[test]
    fn days_of_care_follow() {
        let lives = |told: &[(&str, &str)]| lives_of(&answers(told));
        assert_eq!(lives(&[("outdoor_work", "yes")]), [Life::Sun, Life::OutdoorWork]);
        assert_eq!(lives(&[("sun_hours_a_day", "over_3"), ("sport", "yes")]), [Life::Sport, Life::Sun]);
        assert_eq!(lives(&[("sun_hours_a_day", "1_to_3"), ("pool", "no")]), []);
        assert_eq!(lives(&[("pool", "yes"), ("shaves_head", "yes")]), [Life::Pool, Life::Shave]);
    }
}
