//! What rules may ask about.

use std::collections::BTreeMap;

use stipple_model::{
    Answer, Answers, Date, Reading, Scar, ScarKind, SunHabits, answered_on, is_day_of_answers,
};
use stipple_quantity::Estimate;

use crate::days::months_between;

/// Facts by their words.
pub type Facts = BTreeMap<String, Answer>;

/// Beginnings of words that are measured or follow from several answers; all others are answered.
const DERIVED: [&str; 4] = ["scar.", "skin.", "hair.", "sun."];

/// Every fact of a reading, if there is one, and of the answers.
///
/// Measured, where they could be: `scar.count`; largest over the scars `scar.area_mm2`, `scar.length_mm`,
/// `scar.width_mm`, `scar.color_difference`, `scar.redness`, `scar.texture`, `scar.relief`,
/// `scar.hair_density_inside_per_cm2`, `scar.hair_density_around_per_cm2`, `scar.hair_share` (of the density around that stands
/// inside); each also with `_least` (smallest) and `_low` (largest of the values minus
/// two standard uncertainties); `scar.kind.linear`, `.punctate`, `.patch`; `skin.ita_deg`,
/// `skin.erythema_index`; `hair.unit_density_per_cm2`, `hair.median_diameter_um`, `hair.darker_by` (L* of the skin less L* of
/// the hair).
/// Answered: the answers' words; from a day `x_date` also `x_age_months`, and from the day of birth `age_years`.
/// From several answers: `sun.strong` (work out of doors, or more than three hours a day in the sun) and `sun.unprotected`
/// (strong, and neither hat nor sunscreen most of the time); these ask for nothing, so a rule on them leaves nothing open.
pub fn facts(reading: Option<&Reading>, answers: &Answers, today: Date) -> Facts {
    let mut facts = answered(answers, today);
    if let Some(reading) = reading {
        facts.extend(measured(reading));
    }
    let sun = SunHabits::of(answers);
    for (word, holds) in [("sun.strong", sun.is_strong()), ("sun.unprotected", sun.is_unprotected())] {
        facts.extend(holds.map(|holds| (word.to_owned(), Answer::Flag(holds))));
    }
    facts
}

fn measured(reading: &Reading) -> Facts {
    let mut facts = Facts::new();
    let mut number = |word: &str, value: f64| {
        if value.is_finite() {
            facts.insert(word.to_owned(), Answer::Number(value));
        }
    };
    number("scar.count", reading.scars.len() as f64);
    for (word, of) in SCAR_MEASURES {
        let measured: Vec<Estimate> = reading.scars.iter().filter_map(of).collect();
        let largest = measured.iter().map(|e| e.value).fold(f64::NAN, f64::max);
        let least = measured.iter().map(|e| e.value).fold(f64::NAN, f64::min);
        let low = measured.iter().map(|e| e.interval95().0).fold(f64::NAN, f64::max);
        number(&format!("scar.{word}"), largest);
        number(&format!("scar.{word}_least"), least);
        number(&format!("scar.{word}_low"), low);
    }
    if let Some(hair) = reading.hair.lab {
        number("hair.darker_by", reading.skin.lab.l - hair.l);
    }
    let whole = [
        ("skin.ita_deg", Some(reading.skin.ita_deg)),
        ("skin.erythema_index", reading.skin.erythema_index),
        ("hair.unit_density_per_cm2", reading.hair.unit_density_per_cm2),
        ("hair.median_diameter_um", reading.hair.median_diameter_um),
    ];
    for (word, measured) in whole {
        number(word, measured.map_or(f64::NAN, |e| e.value));
    }
    for kind in ScarKind::ALL {
        let any = reading.scars.iter().any(|scar| scar.kind == kind);
        facts.insert(format!("scar.kind.{}", kind.name()), Answer::Flag(any));
    }
    facts
}

/// Whether a word is a fact that is measured, or follows from several answers.
pub fn is_measured(fact: &str) -> bool {
    const WHOLE: [&str; 8] = [
        "scar.count",
        "skin.ita_deg",
        "skin.erythema_index",
        "hair.unit_density_per_cm2",
        "hair.median_diameter_um",
        "hair.darker_by",
        "sun.strong",
        "sun.unprotected",
    ];
    let of_scar = fact.strip_prefix("scar.").is_some_and(|rest| {
        let is_kind = |kind: &ScarKind| rest.strip_prefix("kind.") == Some(kind.name());
        let word = ["_least", "_low"].into_iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
        ScarKind::ALL.iter().any(is_kind) || SCAR_MEASURES.iter().any(|(measure, _)| *measure == word)
    });
    WHOLE.contains(&fact) || of_scar
}

type Measure = fn(&Scar) -> Option<Estimate>;

const SCAR_MEASURES: [(&str, Measure); 10] = [
    ("area_mm2", |scar| Some(scar.area_mm2)),
    ("length_mm", |scar| scar.length_mm),
    ("width_mm", |scar| scar.width_mm),
    ("color_difference", |scar| scar.color_difference),
    ("redness", |scar| scar.redness),
    ("texture", |scar| scar.texture),
    ("relief", |scar| scar.relief),
    ("hair_share", hair_share),
    ("hair_density_inside_per_cm2", |scar| scar.hair_density_inside_per_cm2),
    ("hair_density_around_per_cm2", |scar| scar.hair_density_around_per_cm2),
];

/// Of the density of hair around a scar, the share that stands inside.
fn hair_share(scar: &Scar) -> Option<Estimate> {
    let (inside, around) = (scar.hair_density_inside_per_cm2?, scar.hair_density_around_per_cm2?);
    let share = inside.value / around.value;
    let relative = inside.standard_uncertainty.hypot(share * around.standard_uncertainty) / around.value;
    share.is_finite().then(|| Estimate::new(share, relative))
}

/// An answer as it is today: an age has grown since it was told.
fn by_now(answers: &Answers, word: &str, answer: &Answer, today: Date) -> Answer {
    let Answer::Number(number) = answer else { return answer.clone() };
    let months = || answered_on(answers, word).map_or(0.0, |day| months_between(day, today).max(0.0));
    Answer::Number(match word {
        "age_years" => number + months() / 12.0,
        _ if word.ends_with("_age_months") => number + months(),
        _ => *number,
    })
}

/// The answers and what follows from answered days. Answers cannot take the place of measurements.
fn answered(answers: &Answers, today: Date) -> Facts {
    let own = answers.iter().filter(|(word, _)| question_of(word).is_some() && !is_day_of_answers(word));
    let mut facts: Facts =
        own.map(|(word, answer)| (word.clone(), by_now(answers, word, answer, today))).collect();
    for (word, answer) in answers {
        if let (Some(stem), Answer::Day(day)) = (word.strip_suffix("_date"), answer) {
            facts.insert(format!("{stem}_age_months"), Answer::Number(months_between(*day, today)));
        }
    }
    if let Some(Answer::Number(months)) = facts.get("birth_age_months") {
        facts.insert("age_years".to_owned(), Answer::Number(months / 12.0));
    }
    facts
}

/// The question behind a fact: the day behind an age, otherwise the fact's own word; `None` if it is measured or follows
/// from several answers.
pub fn question_of(fact: &str) -> Option<String> {
    if DERIVED.iter().any(|beginning| fact.starts_with(beginning)) {
        return None;
    }
    let from_age = fact.strip_suffix("_age_months").map(|stem| format!("{stem}_date"));
    Some(from_age.unwrap_or_else(|| fact.to_owned()))
}
