//! Each refusal by itself, and all of them at once.

use stipple_color::Lab;
use stipple_model::{AlignmentFacts, Caveat, Comparability, ScarColors, UnitsAround, Weight};
use stipple_quantity::Estimate;

use super::*;

fn outcome(days: Option<u32>, verdict: Comparable, codes: &[Code]) -> Qualified<Outcome> {
    let both =
        |value: f64| BeforeAfter { before: Estimate::new(value, 0.1), after: Estimate::new(value, 0.1) };
    let colors = ScarColors { scar: Lab::new(60.0, 8.0, 12.0), around: Lab::new(40.0, 8.0, 12.0) };
    let units =
        UnitsAround { inside_per_cm2: Estimate::new(1.0, 0.1), around_per_cm2: Estimate::new(60.0, 1.0) };
    let outcome = Outcome {
        comparability: Comparability {
            light_delta_e00: 1.0,
            sharpness_ratio: Some(1.0),
            residual_px: 0.3,
            scale_ratio: 1.0,
            rotation_deg: 0.0,
            tilt_deg: 0.0,
            hair_length_mm: BeforeAfter { before: Some(1.0), after: Some(1.0) },
            tone_ratio: None,
            days_since_last_session: days,
            verdict,
        },
        alignment: AlignmentFacts { pairs: 100, scatter_um: 30.0, log10_chance: -20.0 },
        scar_area_mm2: 100.0,
        scale_unsure: 0.01,
        visible_distance_m: both(3.0).of(|e| Some(*e)),
        visibility: Vec::new(),
        color_difference: both(5.0),
        colors: BeforeAfter { before: colors, after: colors },
        redness: both(0.0),
        units: BeforeAfter { before: units, after: units },
        edge_profile: Vec::new(),
        blue_shift: None,
        deposits: None,
    };
    let caveats = codes.iter().map(|code| Caveat::new(*code, Weight::Doubt, "found", "do"));
    Qualified::new(outcome, caveats.collect())
}

fn facts(outcome: &Qualified<Outcome>) -> Facts<'_> {
    Facts {
        outcome,
        scar_shown: Some(1.0),
        consent: ConsentState::Given,
        age_years: BeforeAfter { before: Some(18), after: Some(18) },
        hash_stands: BeforeAfter { before: true, after: true },
        kept: KeptElsewhere::default(),
        country: CountryState::Allowed,
        sessions: SessionsSaid {
            days_since_last: outcome.value.comparability.days_since_last_session,
            any_before: false,
        },
    }
}

fn good() -> Qualified<Outcome> {
    outcome(Some(120), Comparable::WithCare, &[Code::OutcomeLight])
}

fn refused(change: impl Fn(&mut Facts<'_>)) -> Vec<Refusal> {
    let outcome = good();
    let mut facts = facts(&outcome);
    change(&mut facts);
    may(&facts)
}

#[test]
fn a_good_pair_may_be_published() {
    assert_eq!(refused(|_| {}), []);
    assert_eq!(may(&facts(&outcome(Some(28), Comparable::Yes, &[]))), []);
}

#[test]
fn no_consent() {
    assert_eq!(refused(|facts| facts.consent = ConsentState::None), [Refusal::NoConsent]);
}

#[test]
fn consent_taken_back() {
    assert_eq!(refused(|facts| facts.consent = ConsentState::Withdrawn), [Refusal::Withdrawn]);
}

#[test]
fn not_comparable() {
    let found = outcome(Some(120), Comparable::No, &[]);
    assert_eq!(may(&facts(&found)), [Refusal::NotComparable]);
}

#[test]
fn part_of_the_scar_alone() {
    let shown = |share| refused(|facts| facts.scar_shown = share);
    assert_eq!(shown(Some(0.699)), [Refusal::ScarCut { percent: 69 }]);
    assert_eq!([shown(Some(0.7)), shown(None)], [[], []], "none in what was measured before that was told");
    let said = Refusal::ScarCut { percent: 60 }.to_string();
    assert!(said.starts_with("60 % of the scar") && said.contains("70 % is needed"), "{said}");
}

#[test]
fn retouched_after_detected() {
    for code in [Code::OutcomeRetouched, Code::OutcomeSameExposure] {
        let found = outcome(Some(120), Comparable::Yes, &[code]);
        assert_eq!(may(&facts(&found)), [Refusal::Retouched], "{}", code.name());
    }
}

#[test]
fn retouched_after_unproven() {
    assert_eq!(refused(|facts| facts.hash_stands.before = false), [Refusal::OriginalUnproven]);
    assert_eq!(refused(|facts| facts.hash_stands.after = false), [Refusal::OriginalUnproven]);
}

#[test]
fn the_same_file_of_another_client() {
    assert_eq!(refused(|facts| facts.kept.of_other_client = true), [Refusal::OfOtherClient]);
}

#[test]
fn the_same_file_on_another_day() {
    assert_eq!(refused(|facts| facts.kept.on_other_day = true), [Refusal::OnOtherDay]);
    assert_eq!(refused(|facts| facts.kept.copied = true), [Refusal::Copied]);
}

#[test]
fn fresh_shown_as_result() {
    let fresh = outcome(Some(27), Comparable::Yes, &[]);
    assert_eq!(may(&facts(&fresh)), [Refusal::Fresh]);
    let unknown = outcome(None, Comparable::Yes, &[]);
    assert_eq!(may(&facts(&unknown)), [Refusal::HealingUnknown]);
    let said = |days| refused(|facts| facts.sessions.days_since_last = days);
    assert_eq!(said(None), [Refusal::HealingUnknown], "typed, and nowhere on record");
    assert_eq!(said(Some(3)), [Refusal::Fresh], "typed as older than it is");
    assert_eq!(said(Some(119)), [Refusal::HealingDiffers]);
}

#[test]
fn a_photograph_before_that_is_none() {
    assert_eq!(refused(|facts| facts.sessions.any_before = true), [Refusal::TreatedBefore]);
}

#[test]
fn minors() {
    assert_eq!(refused(|facts| facts.age_years.before = Some(17)), [Refusal::Minor]);
    assert_eq!(refused(|facts| facts.age_years.after = Some(3)), [Refusal::Minor]);
    assert_eq!(refused(|facts| facts.age_years.after = None), [Refusal::AgeUnknown]);
}

#[test]
fn country_rule() {
    let of = |state| refused(|facts| facts.country = state);
    assert_eq!(of(CountryState::Missing), [Refusal::CountryMissing]);
    assert_eq!(of(CountryState::Forbidden), [Refusal::CountryForbids]);
    assert_eq!(of(CountryState::NeedsSignOff), [Refusal::CountryNeedsSignOff]);
}

#[test]
fn all_refusals_are_told_at_once() {
    let found = outcome(Some(3), Comparable::No, &[Code::OutcomeRetouched]);
    let facts = Facts {
        outcome: &found,
        scar_shown: Some(0.4),
        consent: ConsentState::Withdrawn,
        age_years: BeforeAfter { before: Some(16), after: None },
        hash_stands: BeforeAfter { before: false, after: true },
        kept: KeptElsewhere { of_other_client: true, on_other_day: true, copied: true },
        country: CountryState::Missing,
        sessions: SessionsSaid { days_since_last: Some(3), any_before: true },
    };
    let expected = [
        Refusal::Withdrawn,
        Refusal::Minor,
        Refusal::CountryMissing,
        Refusal::NotComparable,
        Refusal::ScarCut { percent: 40 },
        Refusal::Retouched,
        Refusal::Fresh,
        Refusal::TreatedBefore,
        Refusal::OriginalUnproven,
        Refusal::OfOtherClient,
        Refusal::OnOtherDay,
        Refusal::Copied,
    ];
    assert_eq!(may(&facts), expected);
    assert!(
        may(&facts).iter().all(|refusal| refusal.to_string().matches("; ").count() == 2),
        "found, needed, to do"
    );
}
