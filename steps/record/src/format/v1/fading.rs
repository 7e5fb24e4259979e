//! `fading.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_model::fading::day_after;
use stipple_model::{Date, Qualified};

use super::head::Head;
use super::outcome::Pair;
use super::part::Measured;
use super::{Body, written};
use crate::format::number::significant;
use crate::provenance::Provenance;

/// How the dots of one person fade, from outcomes at several visits.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fading {
    /// When the scar will be seen again from 1 m, where people talk.
    pub touch_up: TouchUp,
    /// Time constant of slow fading, years.
    pub fading_years: UsualAndOwn,
    /// Time in which dots that have healed lose half of their pigment, years: the same times ln 2.
    pub half_life_years: UsualAndOwn,
    /// The visits that count, in order.
    pub visits: Vec<Visit>,
    /// What is seen of a dot, over what is seen of it once healed (42 days), by days since the last session.
    pub curve: Vec<Step>,
}

/// When the scar will be seen again.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TouchUp {
    /// From 1 m the scar is seen: `later` again, `today` (at the last visit that counts) again, `with_dots` too as far as those
    /// go when healed, or `not_without_dots` either.
    pub seen: SeenAgain,
    /// Days since the last session; null unless `later`. 5479 (15 years) stands for that and more.
    pub days: Option<Range>,
    /// The same as days of the calendar, earliest, likely, latest; null where nobody said when the last session was.
    pub on: Option<[String; 3]>,
}

/// Whether the scar is seen from 1 m.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeenAgain {
    /// It will be.
    Later,
    /// It is.
    Today,
    /// It is with healed dots, too.
    WithDots,
    /// It was not without dots either.
    NotWithoutDots,
}

/// A value with the range that holds it in eight of ten cases.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// As often below as above.
    pub likely: f64,
    /// In one of ten cases it is lower.
    pub low: f64,
    /// In one of ten cases it is higher.
    pub high: f64,
}

/// What is usual, and what this person's visits make of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UsualAndOwn {
    /// Before anybody looked.
    pub usual: Range,
    /// After all visits.
    pub own: Range,
}

/// A visit that counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// Days since the last session.
    pub days: u32,
    /// Optical density (natural logarithm) of a planned dot over all of its area, mm²: that of those that are there times the
    /// share that is.
    pub per_dot_mm2: Measured,
    /// What is seen of a dot, over what is seen of it once healed.
    pub seen: Measured,
    /// Detectability d′ of the scar from 1 m, untreated and at this visit; 1 is the threshold.
    pub detectability: Pair<f64>,
}

/// A step of the curve.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Days since the last session.
    pub days: f64,
    /// What is seen of a dot, over what is seen of it once healed.
    pub seen: UsualAndOwn,
}

impl Body for Fading {
    const FORMAT: &'static str = "stipple/fading/1";
    const WHAT: &'static str = "fading";
}

/// The text of `fading.json`; with the day of the last session, days of the calendar are told.
pub fn fading_to_json(
    fading: &Qualified<model::Fading>,
    last_session: Option<Date>,
    provenance: &Provenance,
) -> String {
    let head = Head::new(Fading::FORMAT, &fading.caveats, provenance);
    let fading = &fading.value;
    let body = Fading {
        touch_up: TouchUp::of(fading.touch_up, last_session),
        fading_years: fading.fading_years.into(),
        half_life_years: fading.half_life_years().into(),
        visits: fading.visits.iter().map(Visit::from).collect(),
        curve: fading
            .curve
            .iter()
            .map(|step| Step { days: significant(step.days), seen: step.seen.into() })
            .collect(),
    };
    written(head, body)
}

impl TouchUp {
    fn of(touch_up: model::fading::TouchUp, last_session: Option<Date>) -> Self {
        let (seen, days) = match touch_up {
            model::fading::TouchUp::NotSeenWithout => (SeenAgain::NotWithoutDots, None),
            model::fading::TouchUp::SeenWithDots => (SeenAgain::WithDots, None),
            model::fading::TouchUp::Today => (SeenAgain::Today, None),
            model::fading::TouchUp::After(days) => (SeenAgain::Later, Some(days)),
        };
        let on = days.zip(last_session).and_then(|(days, from)| {
            let day = |days: f64| Some(day_after(from, days)?.to_string());
            Some([day(days.low)?, day(days.likely)?, day(days.high)?])
        });
        Self { seen, days: days.map(Range::from), on }
    }
}

impl From<model::fading::Range> for Range {
    fn from(range: model::fading::Range) -> Self {
        Self { likely: significant(range.likely), low: significant(range.low), high: significant(range.high) }
    }
}

impl From<model::fading::UsualAndOwn> for UsualAndOwn {
    fn from(both: model::fading::UsualAndOwn) -> Self {
        Self { usual: both.usual.into(), own: both.own.into() }
    }
}

impl From<&model::fading::PigmentSeen> for Visit {
    fn from(visit: &model::fading::PigmentSeen) -> Self {
        Self {
            days: visit.days,
            per_dot_mm2: visit.per_dot_mm2.into(),
            seen: visit.seen.into(),
            detectability: Pair {
                before: significant(visit.detectability.before),
                after: significant(visit.detectability.after),
            },
        }
    }
}
