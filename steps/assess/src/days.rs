//! Months between days.

use jiff::ToSpan as _;
use stipple_model::Date;

/// A day some months later; the last day of a shorter month. `None` beyond the calendar.
pub fn add_months(day: Date, months: u32) -> Option<Date> {
    day.checked_add(i32::try_from(months).ok().filter(|months| *months < 120_000)?.months()).ok()
}

/// Months from one day to a later one, with the started month as a fraction; below zero if it is earlier.
///
/// `months_between(day, add_months(day, n))` is at least `n`: who waits until the day named has waited enough.
pub fn months_between(from: Date, to: Date) -> f64 {
    if to < from {
        return -months_between(to, from);
    }
    let years = i32::from(to.year()) - i32::from(from.year());
    let about = 12 * years + i32::from(to.month()) - i32::from(from.month());
    let after = |months: i32| u32::try_from(months).ok().and_then(|months| add_months(from, months));
    let whole = if after(about).is_some_and(|day| day <= to) { about } else { about - 1 };
    let days = |one: Date, two: Date| f64::from((two - one).get_days());
    match (after(whole), after(whole + 1)) {
        (Some(start), Some(end)) => f64::from(whole) + days(start, to) / days(start, end).max(1.0),
        _ => f64::from(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_are_counted_as_people_do() {
        assert_eq!(months_between(date(2026, 1, 15), date(2026, 7, 15)), 6.0);
        assert!(months_between(date(2026, 1, 15), date(2026, 7, 14)) < 6.0);
        assert!((months_between(date(2026, 1, 1), date(2026, 1, 16)) - 15.0 / 31.0).abs() < 1e-9);
        assert_eq!(months_between(date(2026, 7, 15), date(2026, 1, 15)), -6.0);
    }

    #[test]
    fn who_waits_until_the_day_named_has_waited_enough() {
        for day in [date(2026, 8, 31), date(2024, 2, 29), date(2025, 12, 30)] {
            for months in [1, 3, 6, 12, 18] {
                let end = add_months(day, months).expect("within the calendar");
                assert!(months_between(day, end) >= f64::from(months), "{day} {months}");
            }
        }
        assert_eq!(add_months(date(2026, 1, 1), u32::MAX), None);
        assert_eq!(add_months(date(9999, 12, 1), 2), None);
    }
}
