//! What a client is written on a day: one letter at most, and the calendar of a session.

use stipple_model::{CheckIns, Letter};

/// How many days late a letter may still go out: the studio may have been closed over a weekend.
const LATE_DAYS: u32 = 2;
/// The same of a touch-up, to which nothing is in a hurry: the day may be reckoned only after it has passed.
const LATE_TOUCH_UP_DAYS: u32 = 90;

/// Whether the calendar of the days after a session is still of use: the session may be written down a day or two later.
pub fn is_calendar_due(day: u32) -> bool {
    day <= LATE_DAYS
}

/// What a client is written beside the calendar, and for which day after the session.
///
/// | | meaning |
/// |---|---|
/// | `day` | days since the session, which is day 0 |
/// | `told` | days on which the client told how the skin heals, since that session |
/// | `touch_up` | day from which somebody is asked to come and look again, where one is foreseen |
///
/// A check-in that was told already, or that the next one has overtaken, is not asked for.
pub fn due(check_ins: &CheckIns, day: u32, told: &[u32], touch_up: Option<u32>) -> Option<(Letter, u32)> {
    let is_within = |on: u32, late: u32| (on..=on.saturating_add(late)).contains(&day);
    let asked = check_ins.days.iter().copied().filter(|asked| *asked <= day).max();
    let asked = asked.filter(|on| is_within(*on, LATE_DAYS));
    match asked.filter(|asked| told.iter().all(|told| told < asked)) {
        Some(asked) => Some((Letter::CheckIn, asked)),
        None => {
            let seen = touch_up.filter(|on| is_within(*on, LATE_TOUCH_UP_DAYS))?;
            Some((Letter::TouchUp, seen))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due_on(day: u32, told: &[u32]) -> Option<(Letter, u32)> {
        let check_ins = CheckIns {
            days: vec![1, 3, 28],
            touch_up_day: 730,
            questions: Vec::new(),
            signs: Vec::new(),
            usual: Vec::new(),
            redness: None,
        };
        due(&check_ins, day, told, Some(400))
    }

    #[test]
    fn a_course_of_letters() {
        let course: Vec<(u32, u32)> =
            (0..500).filter_map(|day| due_on(day, &[]).map(|(_, on)| (day, on))).collect();
        let asked = [(1, 1), (2, 1), (3, 3), (4, 3), (5, 3), (28, 28), (29, 28), (30, 28)];
        let seen: Vec<(u32, u32)> = (400..=490).map(|day| (day, 400)).collect();
        assert_eq!(course, [&asked[..], &seen].concat());
        assert_eq!([0, 2, 3].map(is_calendar_due), [true, true, false]);
        assert_eq!(due_on(401, &[]), Some((Letter::TouchUp, 400)));
    }

    #[test]
    fn who_has_told_is_not_asked() {
        assert_eq!(due_on(3, &[1]), Some((Letter::CheckIn, 3)));
        assert_eq!(due_on(4, &[1, 3]), None);
        assert_eq!(due_on(30, &[29]), None, "told late, but told");
    }
}
