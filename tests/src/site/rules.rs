//! What a page still needs by the rules of a country, a test for each rule.

use std::collections::BTreeSet;

use stipple_model::{Check, Confirmed, Date, Language, Need, Portfolio};
use stipple_record::settings::shipped_countries;

use super::synthetic::{TODAY, portfolio};

fn shown_in(country: &str) -> Portfolio {
    Portfolio { country: country.to_owned(), ..portfolio(20, 6, Language::English) }
}

fn needed(portfolio: &Portfolio, confirmed: &Confirmed) -> BTreeSet<(String, Check)> {
    let rules = shipped_countries();
    let needs = rules.still_needed(portfolio, confirmed).into_iter();
    needs
        .map(|need| match need {
            Need::Check { check, rule } => (rule.id.clone(), check),
            Need::CountryMissing => panic!("the country is there"),
        })
        .collect()
}

/// Everything confirmed but one check.
fn all_but(check: Check) -> Confirmed {
    let checks = Check::ALL.into_iter().filter(|other| *other != check).collect();
    Confirmed { checks, legal_signoff: (check != Check::LegalSignoff).then_some(TODAY) }
}

fn lacks(country: &str, rule: &str, check: Check) {
    let found = needed(&shown_in(country), &all_but(check));
    assert!(found.contains(&(rule.to_owned(), check)), "{country}: {found:?}");
    assert!(found.iter().all(|(_, other)| *other == check), "{country}: {found:?}");
}

#[test]
fn a_country_that_nobody_looked_up_is_refused() {
    let rules = shipped_countries();
    for country in ["FR", "CH", "AT", "XX"] {
        let confirmed = Confirmed { checks: Check::ALL.into(), legal_signoff: Some(TODAY) };
        assert_eq!(rules.still_needed(&shown_in(country), &confirmed), [Need::CountryMissing], "{country}");
    }
}

#[test]
fn with_everything_confirmed_a_page_may_go_public() {
    for country in ["DE", "GB", "US"] {
        let confirmed = Confirmed { checks: Check::ALL.into(), legal_signoff: Some(TODAY) };
        assert!(needed(&shown_in(country), &confirmed).is_empty(), "{country}");
    }
}

#[test]
fn everywhere_consent_and_age() {
    for country in ["DE", "GB", "US"] {
        lacks(country, "floor", Check::ConsentPublication);
        lacks(country, "floor", Check::Adult);
    }
}

#[test]
fn the_united_kingdom_wants_proof_kept_incentives_told_and_no_minors() {
    lacks("GB", "gb_cap_before_after", Check::EvidenceKept);
    lacks("GB", "gb_dmcc_reviews", Check::IncentiveDeclared);
    lacks("GB", "gb_dmcc_reviews", Check::InsiderDeclared);
    lacks("GB", "gb_minors", Check::NotTargetingMinors);
}

#[test]
fn the_united_states_want_insiders_and_incentives_told_and_what_is_typical() {
    lacks("US", "us_ftc_reviews", Check::InsiderDeclared);
    lacks("US", "us_ftc_reviews", Check::IncentiveDeclared);
    lacks("US", "us_ftc_typical", Check::EvidenceKept);
    let mut wrong = shown_in("US");
    wrong.denominator.treated = 1;
    let all = Confirmed { checks: Check::ALL.into(), legal_signoff: Some(TODAY) };
    assert!(needed(&wrong, &all).contains(&("us_ftc_typical".to_owned(), Check::Denominator)));
}

#[test]
fn in_germany_pictures_stay_off_until_a_sign_off_and_simulations_are_marked() {
    lacks("DE", "de_hwg_before_after", Check::LegalSignoff);
    lacks("DE", "eu_ai_act_50", Check::SimulationLabel);
    lacks("DE", "de_reviews", Check::IncentiveDeclared);
    let ticked = Confirmed { checks: Check::ALL.into(), legal_signoff: None };
    let found = needed(&shown_in("DE"), &ticked);
    assert_eq!(found.len(), 1, "a tick is no sign-off: {found:?}");
    let tomorrow = Confirmed { legal_signoff: TODAY.tomorrow().ok(), ..ticked.clone() };
    assert_eq!(needed(&shown_in("DE"), &tomorrow).len(), 1, "a sign-off of a day to come is none");
    let early =
        |day: Option<Date>| needed(&shown_in("DE"), &Confirmed { legal_signoff: day, ..ticked.clone() });
    let read_on = shipped_countries().read_on;
    assert_eq!(early(Some(Date::constant(1900, 1, 1))).len(), 1, "nor is one of long ago");
    assert_eq!(early(read_on.yesterday().ok()).len(), 1, "nor one of before the rules were read");
    assert!(early(Some(read_on)).is_empty(), "{read_on}");
}

#[test]
fn what_a_portfolio_shows_is_looked_at_whatever_was_confirmed() {
    let all = Confirmed { checks: Check::ALL.into(), legal_signoff: Some(TODAY) };
    let mut fresh = shown_in("GB");
    fresh.cases[0].days_since_last_session = 5;
    assert!(needed(&fresh, &all).contains(&("gb_cap_before_after".to_owned(), Check::HealedLabel)));
    let mut silent = shown_in("GB");
    silent.reviews_policy = None;
    assert_eq!(needed(&silent, &all), [("gb_dmcc_reviews".to_owned(), Check::ReviewsPolicy)].into());
    for blank in ["", " \n"] {
        silent.reviews_policy = Some(blank.to_owned());
        assert_eq!(needed(&silent, &all).len(), 1, "blank words say nothing");
    }
    silent.reviews.clear();
    assert!(needed(&silent, &all).is_empty(), "without reviews there is nothing to say of them");
}

#[test]
fn every_rule_says_where_it_is_from_in_both_languages() {
    for rule in shipped_countries().rules {
        for language in Language::ALL {
            assert!(rule.text(language).ends_with('.'), "{}", rule.id);
        }
        assert!(rule.english.source.len() > 20 && rule.quote.len() > 10, "{}", rule.id);
    }
}
