//! Until when a person's records must be kept.

use stipple_model::{Date, KeepRule, Keeps, Retention};

/// A rule that keeps records, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptUntil<'a> {
    /// The first day on which the rule lets them go.
    pub day: Date,
    /// The rule.
    pub rule: &'a KeepRule,
}

/// What keeps records of a country: those of whoever tattoos, and a doctor's if a doctor treats; the longest first.
/// `last` is the day of the last session or visit.
///
/// A state's rules stand beside those of its country: `US-OR` is kept by `US` too.
pub fn kept_until<'a>(
    retention: &'a Retention,
    country: &str,
    is_medical: bool,
    last: Date,
) -> Vec<KeptUntil<'a>> {
    let of_state = country.split('-').next().unwrap_or(country);
    let is_here = |rule: &&KeepRule| rule.country == country || rule.country == of_state;
    let is_ours = |rule: &&KeepRule| is_medical || rule.keeps == Keeps::Treatment;
    let until = |rule: &'a KeepRule| {
        let years = i16::try_from(rule.years).unwrap_or(i16::MAX);
        let year = last.year().saturating_add(years).min(9999);
        // Because a leap day has none of its own in most years.
        let day = Date::new(year, last.month(), last.day()).or_else(|_| Date::new(year, 3, 1));
        KeptUntil { day: day.unwrap_or(Date::MAX), rule }
    };
    let mut kept: Vec<KeptUntil<'a>> =
        retention.rules.iter().filter(is_here).filter(is_ours).map(until).collect();
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.day));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(country: &str, keeps: Keeps, years: u32) -> KeepRule {
        let text = [("en".to_owned(), "…".to_owned())].into();
        KeepRule { country: country.to_owned(), keeps, years, text, source: "…".to_owned(), grade: 'B' }
    }

    #[test]
    fn the_longest_rule_of_country_and_state_stands_first() {
        let rules = vec![
            rule("AT", Keeps::Treatment, 10),
            rule("DE", Keeps::Medical, 10),
            rule("US", Keeps::Medical, 6),
            rule("US-OR", Keeps::Treatment, 3),
        ];
        let retention = Retention { version: 1, rules };
        let days = |country: &str, is_medical: bool, last: &str| -> Vec<String> {
            let kept = kept_until(&retention, country, is_medical, last.parse().expect("a day"));
            kept.iter().map(|kept| kept.day.to_string()).collect()
        };
        assert_eq!(days("AT", false, "2026-03-01"), ["2036-03-01"]);
        assert!(days("DE", false, "2026-03-01").is_empty(), "no rule for a studio was found");
        assert_eq!(days("DE", true, "2024-02-29"), ["2034-03-01"]);
        assert_eq!(days("US-OR", true, "2026-03-01"), ["2032-03-01", "2029-03-01"]);
        assert!(days("FR", true, "2026-03-01").is_empty());
    }
}
