//! Days counted from a session as days of the calendar.

use jiff::ToSpan as _;
use stipple_model::{Aftercare, CareCalendar, CareEntry, Date, Life};

/// The steps that bear upon somebody, by their first day, then in the order of the instructions.
///
/// | | meaning |
/// |---|---|
/// | `session` | day of the session, day 0 |
/// | `lives` | what this person's days hold; steps for others are left out |
///
/// Steps beyond the calendar's end (year 9999) are left out.
pub fn calendar(aftercare: &Aftercare, session: Date, lives: &[Life]) -> CareCalendar {
    let steps = aftercare.steps.iter();
    let concerns = |life: &[Life]| life.is_empty() || life.iter().any(|one| lives.contains(one));
    let mut entries: Vec<CareEntry> = steps
        .filter(|step| concerns(&step.life))
        .filter_map(|step| {
            let [from, to] = step.days.map(|days| session.checked_add(i64::from(days).days()).ok());
            Some(CareEntry { from: from?, to: to?, step: step.clone() })
        })
        .collect();
    // The sort is stable.
    entries.sort_by_key(|entry| entry.from);
    CareCalendar { session, entries, warning: aftercare.warning.clone() }
}

#[cfg(test)]
mod tests {
    use stipple_model::{Advice, AftercareStep};

    use super::*;

    const SESSION: Date = Date::constant(2027, 2, 27);

    fn aftercare() -> Aftercare {
        let advice = |text: &str| Advice { text: text.to_owned(), source: "test".to_owned(), grade: 'D' };
        let step = |id: &str, days, life: &[Life]| AftercareStep {
            id: id.to_owned(),
            days,
            life: life.to_vec(),
            title: id.to_owned(),
            advice: advice(id),
            remind: true,
        };
        let steps = vec![
            step("later", [2, 5], &[]),
            step("sport", [0, 9], &[Life::Sport, Life::Pool]),
            step("now", [0, 1], &[]),
        ];
        Aftercare { warning: advice("see a doctor"), steps }
    }

    fn ids(calendar: &CareCalendar) -> Vec<&str> {
        calendar.entries.iter().map(|entry| entry.step.id.as_str()).collect()
    }

    #[test]
    fn days_are_the_persons_own_and_in_order() {
        let made = calendar(&aftercare(), SESSION, &[]);
        assert_eq!(ids(&made), ["now", "later"]);
        assert_eq!(
            (made.entries[1].from, made.entries[1].to),
            (Date::constant(2027, 3, 1), Date::constant(2027, 3, 4))
        );
        assert_eq!(ids(&calendar(&aftercare(), SESSION, &[Life::Pool])), ["sport", "now", "later"]);
        assert_eq!(made.warning.text, "see a doctor");
    }

    #[test]
    fn nothing_lies_beyond_the_calendar() {
        assert_eq!(ids(&calendar(&aftercare(), Date::constant(9999, 12, 31), &[])), [] as [&str; 0]);
    }
}
