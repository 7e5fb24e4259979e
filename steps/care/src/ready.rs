//! Whether a session may be: consent, age, what is in the bottle, and how much the skin holds already.

use jiff::ToSpan as _;
use stipple_model::Date;

/// Youngest age, years: tattooing of minors is an offence in many countries (research notes, § 2.9).
pub const ADULT_YEARS: i16 = 18;

/// What is known before a session.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The day of the session.
    pub day: Date,
    /// When the person was born, as far as it is known.
    pub born: Option<Born>,
    /// The consent to be treated.
    pub consent: Agreed,
    /// Whether the consent that data are kept was taken back.
    pub data_withdrawn: bool,
    /// What is to be done about test dots; nothing where none are wanted, or they were looked at and decided.
    pub test: Option<Test>,
    /// Days that the clinic leaves between the consent and the first session.
    pub cooling_off_days: u32,
}

/// When somebody was born.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Born {
    /// The day.
    On(Date),
    /// The year alone.
    In(i16),
}

/// What is to be done about test dots before a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The client or the protocol asks for some before the first session, and none are on record.
    Lacking,
    /// Those of a day decided that others come first.
    Again(Date),
    /// They were set on a day, and nobody wrote down what they showed.
    Open(Date),
    /// Those of a day spoke against a treatment.
    Against(Date),
    /// Those of a day, set for another scar of the same person, spoke against a treatment, and none that went well are newer.
    AgainstElsewhere(Date),
}

/// How a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// There is none.
    Never,
    /// It was taken back.
    Withdrawn,
    /// It was signed on a day and stands.
    On(Date),
}

/// Something that stands between a person and a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// No consent to be treated was signed.
    NoConsent,
    /// It was taken back.
    Withdrawn,
    /// The consent that data are kept was taken back.
    DataWithdrawn,
    /// Something is to be done about test dots.
    Test(Test),
    /// It was signed after that day.
    SignedLater {
        /// The day of the signature.
        on: Date,
    },
    /// The clinic leaves time to think.
    CoolingOff {
        /// The first day on which a session may be.
        until: Date,
    },
    /// Neither day nor year of birth is known well enough.
    AgeUnknown,
    /// Younger than 18.
    Minor,
    /// No pigment is named.
    NoPigment,
    /// A pigment is named without its lot.
    NoLot,
    /// A pigment was past its day.
    Expired {
        /// The last day on which it could be used.
        on: Date,
    },
    /// The skin would hold more dots than the protocol allows over a life.
    TooMany {
        /// Dots per cm² with this session.
        per_cm2: f64,
        /// The protocol's most.
        most: f64,
    },
}

impl Obstacle {
    /// The day that it tells of, where it tells of one.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::SignedLater { on } | Self::CoolingOff { until: on } | Self::Expired { on } => Some(*on),
            Self::Test(Test::Again(on) | Test::Open(on) | Test::Against(on) | Test::AgainstElsewhere(on)) => {
                Some(*on)
            }
            _ => None,
        }
    }
}

/// A pigment as it is used.
#[derive(Clone, Copy, Debug)]
pub struct Bottle<'a> {
    /// Its lot; without a letter or digit where none was written down.
    pub lot: &'a str,
    /// The last day on which it may be used, where it is known.
    pub expires: Option<Date>,
}

/// What stands between a person and any session, in the order in which to clear it up.
pub fn of_person(facts: &Facts) -> Vec<Obstacle> {
    let mut found = Vec::new();
    match adult(facts.born, facts.day) {
        None => found.push(Obstacle::AgeUnknown),
        Some(false) => found.push(Obstacle::Minor),
        Some(true) => {}
    }
    if facts.data_withdrawn {
        found.push(Obstacle::DataWithdrawn);
    }
    match facts.consent {
        Agreed::Never => found.push(Obstacle::NoConsent),
        Agreed::Withdrawn => found.push(Obstacle::Withdrawn),
        Agreed::On(signed) if signed > facts.day => found.push(Obstacle::SignedLater { on: signed }),
        Agreed::On(signed) => {
            let until = signed.saturating_add(i64::from(facts.cooling_off_days).days());
            if facts.day < until {
                found.push(Obstacle::CoolingOff { until });
            }
        }
    }
    found.extend(facts.test.map(Obstacle::Test));
    found
}

/// What speaks against a session with these bottles.
pub fn of_bottles(bottles: &[Bottle<'_>], day: Date) -> Vec<Obstacle> {
    if bottles.is_empty() {
        return vec![Obstacle::NoPigment];
    }
    let mut found = Vec::new();
    if bottles.iter().any(|bottle| !bottle.lot.chars().any(char::is_alphanumeric)) {
        found.push(Obstacle::NoLot);
    }
    let past = bottles.iter().filter_map(|bottle| bottle.expires).filter(|last| *last < day);
    found.extend(past.min().map(|on| Obstacle::Expired { on }));
    found
}

/// Dots per cm² that the skin holds, from the dots and the area (mm²) of every session; areas of one case lie over one
/// another, so the densities add up. Sessions without an area count nothing.
pub fn per_cm2(sessions: impl IntoIterator<Item = (u32, f64)>) -> f64 {
    let of = sessions.into_iter().filter(|(_, area_mm2)| *area_mm2 > 0.0);
    of.map(|(dots, area_mm2)| f64::from(dots) / (area_mm2 / 100.0)).sum()
}

/// Whether the skin would hold more than it may.
pub fn of_density(per_cm2: f64, most: f64) -> Option<Obstacle> {
    (per_cm2 > most).then_some(Obstacle::TooMany { per_cm2, most })
}

/// Whether somebody is an adult on a day; none where it cannot be told.
pub fn adult(born: Option<Born>, day: Date) -> Option<bool> {
    match born? {
        Born::On(birth) => Some(birth.saturating_add(i64::from(ADULT_YEARS).years()) <= day),
        Born::In(year) => match day.year() - year {
            years if years > ADULT_YEARS => Some(true),
            ADULT_YEARS => None,
            _ => Some(false),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = Date::constant(2026, 11, 29);

    fn facts(consent: Agreed) -> Facts {
        Facts {
            day: DAY,
            born: Some(Born::In(1980)),
            consent,
            data_withdrawn: false,
            test: None,
            cooling_off_days: 7,
        }
    }

    #[test]
    fn a_consent_must_stand_and_have_been_slept_over() {
        let signed = |day| of_person(&facts(Agreed::On(Date::constant(2026, 11, day))));
        assert_eq!(of_person(&facts(Agreed::Never)), [Obstacle::NoConsent]);
        let unkept = Facts { data_withdrawn: true, ..facts(Agreed::On(DAY)) };
        assert_eq!(of_person(&unkept)[0], Obstacle::DataWithdrawn);
        let untested =
            Facts { test: Some(Test::Open(DAY)), ..facts(Agreed::On(Date::constant(2026, 11, 1))) };
        assert_eq!(of_person(&untested), [Obstacle::Test(Test::Open(DAY))]);
        assert_eq!(of_person(&facts(Agreed::Withdrawn)), [Obstacle::Withdrawn]);
        assert_eq!(signed(23), [Obstacle::CoolingOff { until: Date::constant(2026, 11, 30) }]);
        assert_eq!(signed(22), []);
        assert_eq!(signed(30), [Obstacle::SignedLater { on: Date::constant(2026, 11, 30) }]);
    }

    #[test]
    fn nobody_is_treated_before_the_day_they_are_eighteen() {
        let birth = |month, day| adult(Some(Born::On(Date::constant(2008, month, day))), DAY);
        assert_eq!((birth(11, 29), birth(11, 30)), (Some(true), Some(false)));
        let year = |year| adult(Some(Born::In(year)), DAY);
        assert_eq!((year(2007), year(2008), year(2009)), (Some(true), None, Some(false)));
        assert_eq!(adult(None, DAY), None);
        let leap = Some(Born::On(Date::constant(2008, 2, 29)));
        assert_eq!(adult(leap, Date::constant(2026, 2, 27)), Some(false));
        assert_eq!(adult(leap, Date::constant(2026, 3, 1)), Some(true));
    }

    #[test]
    fn every_bottle_has_a_lot_and_is_in_date() {
        let bottle = |lot, year| Bottle { lot, expires: Some(Date::constant(year, 1, 1)) };
        assert_eq!(of_bottles(&[], DAY), [Obstacle::NoPigment]);
        assert_eq!(of_bottles(&[bottle("A1", 2027)], DAY), []);
        let past = Obstacle::Expired { on: Date::constant(2026, 1, 1) };
        assert_eq!(
            of_bottles(&[bottle("\u{200b}-", 2027), bottle("A1", 2026)], DAY),
            [Obstacle::NoLot, past]
        );
    }

    #[test]
    fn densities_of_sessions_add_up() {
        let held = per_cm2([(60, 100.0), (70, 200.0), (5, 0.0)]);
        assert!((held - 95.0).abs() < 1e-9, "{held}");
        assert!(of_density(held, 95.0).is_none() && of_density(held + 1e-6, 95.0).is_some());
    }
}
