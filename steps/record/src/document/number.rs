//! Numbers in words that a person reads: digits by uncertainty, thin spaces, units.

use stipple_model::{Date, Language};
use stipple_quantity::Estimate;

/// A space that is thin and never breaks a line.
const THIN: char = '\u{202f}';

/// A measured value with its standard uncertainty: `12.4 ± 0.8 mm`; a value without unit has an empty one.
///
/// The uncertainty keeps one digit, or two if it begins with 1 or 2; the value ends where it ends.
pub(crate) fn measured(estimate: &Estimate, unit: &str) -> String {
    let (value, u) = (estimate.value, estimate.standard_uncertainty);
    if u <= 0.0 {
        return with_unit(significant(value, 3), unit);
    }
    let place = last_place(u);
    let text = format!("{}{THIN}±{THIN}{}", rounded(value, place), rounded(u, place));
    with_unit(text, unit)
}

/// A measured value, or that there is none.
pub(crate) fn measured_or_not(estimate: Option<&Estimate>, unit: &str) -> String {
    estimate.map_or_else(|| "not measured".to_owned(), |estimate| measured(estimate, unit))
}

/// The interval that holds the truth with about 95 % probability, cut at zero: `0.4 to 1.6 m`.
pub(crate) fn likely_range(estimate: &Estimate, unit: &str) -> String {
    let (low, high) = estimate.interval95();
    let place = estimate.standard_uncertainty.max(high.abs() / 100.0).max(1e-9).log10().floor() as i32;
    with_unit(format!("{} to {}", rounded(low.max(0.0), place), rounded(high.max(0.0), place)), unit)
}

/// The same interval of a share, cut at 0 and 1: `30 to 77 %`.
pub(crate) fn likely_percent(share: &Estimate) -> String {
    let (low, high) = share.interval95();
    let percent = |share: f64| (100.0 * share.clamp(0.0, 1.0)).round();
    format!("{} to {}{THIN}%", percent(low), percent(high))
}

/// A value with so many significant digits, whole digits never cut off.
pub(crate) fn significant(value: f64, digits: i32) -> String {
    let place = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 - digits + 1 };
    rounded(value, place.min(0))
}

/// A whole number with its thousands set apart.
pub(crate) fn whole(value: usize) -> String {
    grouped(&value.to_string())
}

/// A number with its unit.
pub(crate) fn with_unit(number: String, unit: &str) -> String {
    match unit {
        "" => number,
        "°" => number + unit,
        _ => format!("{number}{THIN}{unit}"),
    }
}

/// A number as a language writes it.
pub(crate) fn in_language(language: Language, number: String) -> String {
    match language {
        Language::English => number,
        Language::German => number.replace('.', ","),
    }
}

/// Minutes as a person says them: `45 min`, `2 h 10 min`.
pub(crate) fn duration(minutes: f64) -> String {
    let minutes = if minutes.is_finite() { minutes.max(0.0).round() } else { 0.0 };
    let (hours, rest) = ((minutes / 60.0).floor(), minutes % 60.0);
    match (hours > 0.0, rest > 0.0) {
        (false, _) => format!("{rest:.0}{THIN}min"),
        (true, false) => format!("{hours:.0}{THIN}h"),
        (true, true) => format!("{hours:.0}{THIN}h {rest:.0}{THIN}min"),
    }
}

/// A count of dots.
pub(crate) fn dots_in_words(dots: usize) -> String {
    if dots == 1 { "1 dot".to_owned() } else { format!("{} dots", whole(dots)) }
}

/// Minutes of which even a few tell: `under 1 min`, `2 h 10 min`.
pub(crate) fn brief(minutes: f64) -> String {
    // Because what is divided and multiplied again misses a whole minute by rounding.
    if minutes < 1.0 - 1e-6 { "under 1 min".to_owned() } else { duration(minutes) }
}

/// A day: `22 November 2026`.
pub(crate) fn day(date: Date) -> String {
    day_in(Language::English, date)
}

/// A day as a language writes it: `22. November 2026`.
pub fn day_in(language: Language, date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const GERMAN_MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    let (months, dot) = match language {
        Language::English => (MONTHS, ""),
        Language::German => (GERMAN_MONTHS, "."),
    };
    let month = months[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1];
    format!("{}{dot}\u{a0}{month}\u{a0}{}", date.day(), date.year())
}

/// The decimal place where an uncertainty ends: 0 for ones, −1 for tenths, 2 for hundreds.
fn last_place(u: f64) -> i32 {
    let first = u.log10().floor() as i32;
    let leading = u / 10f64.powi(first);
    // because 2.95 shows as 3: what rounds up to 3 needs no second digit.
    if leading < 2.95 { first - 1 } else { first }
}

/// A value rounded at a decimal place.
fn rounded(value: f64, place: i32) -> String {
    let decimals = usize::try_from(-place).unwrap_or(0).min(9);
    let step = 10f64.powi(place.max(0));
    let text = format!("{:.decimals$}", (value / step).round_ties_even() * step);
    let text = if place < 0 { format!("{value:.decimals$}") } else { text };
    let zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    match text.strip_prefix('-') {
        Some(digits) if !zero => format!("−{}", grouped(digits)),
        Some(digits) => grouped(digits),
        None => grouped(&text),
    }
}

/// Thousands set apart by thin spaces, from five digits on.
fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if whole.len() < 5 {
        return digits.to_owned();
    }
    let mut text = String::new();
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace([THIN, '\u{a0}'], " ")
    }

    #[test]
    fn digits_follow_the_uncertainty() {
        let show = |value, u, unit| plain(measured(&Estimate::new(value, u), unit));
        assert_eq!(show(12.3456, 0.824, "mm"), "12.3 ± 0.8 mm");
        assert_eq!(show(12.3456, 0.124, "mm"), "12.35 ± 0.12 mm");
        assert_eq!(show(612.3, 43.0, "mm²"), "610 ± 40 mm²");
        assert_eq!(show(12_345.0, 1_240.0, "mm²"), "12 300 ± 1200 mm²");
        assert_eq!(show(-2.04, 0.5, ""), "−2.0 ± 0.5");
        assert_eq!(show(-0.01, 0.5, ""), "0.0 ± 0.5");
        assert_eq!(show(35.2, 2.0, "°"), "35.2 ± 2.0°");
        assert_eq!(show(0.0312, 0.0041, ""), "0.031 ± 0.004");
        assert_eq!(show(50.0, 0.0, "µm"), "50.0 µm");
    }

    #[test]
    fn ranges_do_not_go_below_nothing() {
        assert_eq!(plain(likely_range(&Estimate::new(0.7, 0.5), "m")), "0.0 to 1.7 m");
        assert_eq!(plain(likely_range(&Estimate::new(2.0, 0.0), "m")), "2.00 to 2.00 m");
    }

    #[test]
    fn times_days_and_counts() {
        assert_eq!(plain(duration(130.2)), "2 h 10 min");
        assert_eq!(plain(duration(60.0)), "1 h");
        assert_eq!(plain(duration(7.6)), "8 min");
        assert_eq!(plain(day(Date::constant(2027, 3, 1))), "1 March 2027");
        assert_eq!(plain(whole(1_234_567)), "1 234 567");
        assert_eq!(plain(whole(2410)), "2410");
        assert_eq!(significant(0.123456, 3), "0.123");
        assert_eq!(significant(4821.2, 2), "4821");
    }
}
