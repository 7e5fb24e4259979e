//! How the dots of one person fade, and when they want a touch-up.

use jiff::Span;
use stipple_quantity::Estimate;

use crate::{BeforeAfter, Date};

/// What several visits say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fading {
    /// The visits that count, in order.
    pub visits: Vec<PigmentSeen>,
    /// Time constant of slow fading, years: as people usually have it, and as this one's visits make probable.
    pub fading_years: UsualAndOwn,
    /// What is seen of a dot, over what is seen of it once healed.
    pub curve: Vec<FadingStep>,
    /// When the scar will be seen again from [`TALK_M`].
    pub touch_up: TouchUp,
}

/// Distance of people who talk, m.
pub const TALK_M: f64 = 1.0;

/// How much pigment a visit showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PigmentSeen {
    /// Days since the last session.
    pub days: u32,
    /// Optical density of a planned dot, over all of its area, mm²: that of those that are there times the share that is.
    pub per_dot_mm2: Estimate,
    /// What is seen of a dot, over what is seen of it once healed: that amount over the one that the person's own course
    /// makes most probable for a healed dot.
    pub seen: Estimate,
    /// Detectability of the scar from [`TALK_M`], untreated and now; 1 is the threshold.
    pub detectability: BeforeAfter<f64>,
}

/// A value with the range that holds it in eight of ten cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// As often below as above.
    pub likely: f64,
    /// In one of ten cases it is lower.
    pub low: f64,
    /// In one of ten cases it is higher.
    pub high: f64,
}

/// What is usual, and what this person's visits make of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualAndOwn {
    /// Before anybody looked.
    pub usual: Range,
    /// After all visits.
    pub own: Range,
}

impl Fading {
    /// Time in which dots that have healed lose half of their pigment, years.
    pub fn half_life_years(&self) -> UsualAndOwn {
        let half = |of: Range| {
            let [likely, low, high] =
                [of.likely, of.low, of.high].map(|years| years * std::f64::consts::LN_2);
            Range { likely, low, high }
        };
        UsualAndOwn { usual: half(self.fading_years.usual), own: half(self.fading_years.own) }
    }
}

/// A step of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FadingStep {
    /// Days since the last session.
    pub days: f64,
    /// What is seen of a dot, over what is seen of it once healed.
    pub seen: UsualAndOwn,
}

/// When the scar will be seen again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TouchUp {
    /// It was not seen from there without dots either.
    NotSeenWithout,
    /// Dots do not bring the scar below what is seen, as far as they go when healed.
    SeenWithDots,
    /// It is seen from there today.
    Today,
    /// Days since the last session; those beyond [`TOUCH_UP_DAYS_MAX`] are not told apart.
    After(Range),
}

/// So far is looked ahead: 15 years.
pub const TOUCH_UP_DAYS_MAX: f64 = 5479.0;

/// The day of the calendar so many days after another; none where the calendar ends.
pub fn day_after(from: Date, days: f64) -> Option<Date> {
    from.checked_add(Span::new().days(days.clamp(0.0, TOUCH_UP_DAYS_MAX).round() as i64)).ok()
}
