//! Twelve people who ask "is this for me?": what they are told, by the shipped rules and the sources named there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use stipple_assess::assess;
use stipple_model::{Assessment, Date, Expectation, Reading, Unwatched, Verdict};
use stipple_quantity::{Estimate, Seed};
use stipple_read::{ReadOptions, read};
use stipple_record::settings::{RULES_TOML, answers_from_toml, rules_from_toml};
use stipple_synth::{HairColor, Nuisances, ScarShape, ScarTint, SynthOptions, synth};

const TODAY: Date = Date::constant(2026, 11, 28);
const PIXEL_PITCH_UM: f64 = 80.0;

/// A healthy adult with an old scar from surgery, who wears dark hair short and hopes for little.
const ORDINARY: &[(&str, &str)] = &[
    ("age_years", "38"),
    ("scar_date", "2021-05-14"),
    ("scar_cause", "\"surgery\""),
    ("hair_color", "\"black\""),
    ("hair_length_worn_mm", "2"),
    ("transplant_date", "\"never\""),
    ("laser_removal_date", "\"never\""),
];
const NOT_SO: &[&str] = &[
    "scar_changing",
    "scar_raised",
    "keloid_in_area",
    "keloid_history",
    "open_wound",
    "skin_infection",
    "active_skin_disease",
    "changing_mole",
    "sunburn",
    "pregnant_or_breastfeeding",
    "pigment_allergy",
    "blood_thinner",
    "diabetes",
    "immunosuppressed",
    "heart_or_epilepsy",
    "isotretinoin",
    "chemotherapy",
    "vitiligo",
    "sarcoidosis",
    "alopecia_areata",
    "fast_hair_loss",
    "transplant_planned",
    "previous_smp",
    "previous_smp_blue",
    "expects_gone",
];

/// What somebody is told.
struct Told {
    assessment: Assessment,
    caveats: usize,
}

impl Told {
    /// The rules that spoke, the strictest first.
    fn rules(&self) -> Vec<&str> {
        self.assessment.reasons.iter().map(|reason| reason.rule.as_str()).collect()
    }

    #[track_caller]
    fn is(&self, verdict: Verdict, rule: &str, until: Option<Date>, instead: &str) {
        let Assessment { verdict: found, not_before, alternatives, .. } = &self.assessment;
        assert_eq!((*found, *not_before), (verdict, until), "{:?}", self.rules());
        assert!(self.rules().contains(&rule), "{rule} is none of {:?}", self.rules());
        assert!(alternatives.iter().any(|text| text.contains(instead)), "{instead}: {alternatives:?}");
        assert_eq!(self.caveats, 0, "nothing is left open");
        for reason in &self.assessment.reasons {
            assert!(!reason.source.is_empty() && ('A'..='D').contains(&reason.grade), "{}", reason.rule);
        }
    }
}

/// Somebody who differs from the ordinary in these answers.
fn told(reading: &Reading, answers: &[(&str, &str)]) -> Told {
    let mut all: BTreeMap<&str, &str> = NOT_SO.iter().map(|question| (*question, "false")).collect();
    all.extend(ORDINARY.iter().copied().chain(answers.iter().copied()));
    let toml: String = all.iter().map(|(question, answer)| format!("{question} = {answer}\n")).collect();
    let rules = rules_from_toml(RULES_TOML).expect("the shipped rules are right");
    let answers = answers_from_toml(&toml, &rules, TODAY).expect("the answers are right");
    let made = assess(Some(reading), &answers, &rules, Expectation::default(), TODAY);
    Told { caveats: made.caveats.len(), assessment: made.value }
}

fn seen(ita_deg: f64, hair: HairColor, scar: ScarShape, tint: ScarTint) -> Reading {
    let options = SynthOptions {
        width_px: 700,
        height_px: 560,
        pixel_pitch_um: PIXEL_PITCH_UM,
        ita_deg,
        hair,
        scar,
        scar_tint: tint,
        nuisances: Nuisances::NONE,
        ..SynthOptions::ordinary(Seed(31))
    };
    let made = synth(&options, &Unwatched).expect("the options are in range");
    let asked = ReadOptions {
        pixel_pitch_um: Some(PIXEL_PITCH_UM),
        scar_mask: Some(made.scar_mask.clone()),
        ..ReadOptions::default()
    };
    read(&made.photo, &asked, &Unwatched).expect("it can be read").value.0
}

/// A strip of 2 mm on skin of middle tone, paler than it.
static STRIP: LazyLock<Reading> =
    LazyLock::new(|| seen(30.0, HairColor::Black, ScarShape::Strip { width_mm: 2.0 }, ScarTint::Paler));

#[test]
fn a_young_scar_from_surgery_waits_until_it_is_six_months_old() {
    let young = told(&STRIP, &[("scar_date", "2026-08-30")]);
    young.is(Verdict::NotYet, "scar_under_6_months", Some(Date::constant(2027, 2, 28)), "sun");
}

#[test]
fn a_mature_strip_on_dark_skin_is_suitable_with_care_for_its_border() {
    let strip = seen(-40.0, HairColor::Black, ScarShape::Strip { width_mm: 2.0 }, ScarTint::Paler);
    told(&strip, &[]).is(Verdict::SuitableWithCare, "dark_border_risk", None, "dermatologist");
}

#[test]
fn dots_of_punches_on_a_gray_haired_man_are_done_lightly_or_not_at_all_where_hair_is_white() {
    let punches = seen(46.0, HairColor::Gray, ScarShape::Punches { count: 40 }, ScarTint::Paler);
    let gray = told(&punches, &[("hair_color", "\"gray\""), ("age_years", "61")]);
    gray.is(Verdict::SuitableWithCare, "hair_gray", None, "longer cut");
    told(&punches, &[("hair_color", "\"white\"")]).is(Verdict::NotSmp, "hair_white", None, "longer guard");
}

#[test]
fn a_burn_with_relief_needs_eighteen_months_and_the_surgeons_word() {
    let burn = seen(30.0, HairColor::Black, ScarShape::Burn { diameter_mm: 16.0 }, ScarTint::Paler);
    let cause = ("scar_cause", "\"burn\"");
    let young = told(&burn, &[cause, ("scar_date", "2026-02-10"), ("scar_raised", "true")]);
    young.is(Verdict::NotYet, "burn_under_18_months", Some(Date::constant(2027, 8, 10)), "burn team");
    assert!(
        !young.rules().contains(&"scar_6_to_12_months"),
        "no second rule for the same: {:?}",
        young.rules()
    );
    let old = told(&burn, &[cause, ("scar_raised", "true")]);
    old.is(Verdict::SuitableWithCare, "burn_clearance", None, "grafts");
    assert!(old.rules().contains(&"scar_raised"));
    // Where nobody felt it, its shadow in the photograph says so.
    let mut shadowed = burn;
    shadowed.scars[0].relief = Some(Estimate::new(0.2, 0.05));
    assert!(told(&shadowed, &[cause]).rules().contains(&"scar_relief_seen"));
}

#[test]
fn who_formed_keloids_asks_a_doctor_first_and_with_one_there_it_is_not_done() {
    told(&STRIP, &[("keloid_history", "true")]).is(
        Verdict::SuitableWithCare,
        "keloid_history",
        None,
        "concealer",
    );
    let there = told(&STRIP, &[("keloid_history", "true"), ("keloid_in_area", "true")]);
    there.is(Verdict::NotSmp, "keloid_in_area", None, "dermatologist");
}

#[test]
fn hair_loss_that_comes_and_goes_waits_because_regrowth_leaves_a_darker_patch() {
    let active = told(&STRIP, &[("alopecia_areata", "true")]);
    active.is(Verdict::NotYet, "temporary_hair_loss", None, "dermatologist");
    assert!(active.assessment.reasons[0].text.contains("darker patch"));
}

#[test]
fn a_pregnant_woman_waits() {
    let told = told(&STRIP, &[("pregnant_or_breastfeeding", "true")]);
    told.is(Verdict::NotYet, "pregnant_or_breastfeeding", None, "concealer");
}

#[test]
fn who_plans_a_transplant_does_that_first() {
    let told = told(&STRIP, &[("transplant_planned", "true")]);
    told.is(Verdict::NotYet, "transplant_planned", None, "a year after");
}

#[test]
fn old_blue_dots_are_lightened_first() {
    let blue = told(&STRIP, &[("previous_smp", "true"), ("previous_smp_blue", "true")]);
    blue.is(Verdict::NotYet, "old_dots_blue", None, "laser");
    let fine = told(&STRIP, &[("previous_smp", "true")]);
    fine.is(Verdict::SuitableWithCare, "previous_smp", None, "record");
}

#[test]
fn a_pale_scar_on_very_light_skin_begins_with_a_light_dilution() {
    let strip = seen(60.0, HairColor::Brown, ScarShape::Strip { width_mm: 2.0 }, ScarTint::Paler);
    let told = told(&strip, &[("hair_color", "\"brown\"")]);
    told.is(Verdict::SuitableWithCare, "very_light_skin", None, "test area");
}

#[test]
fn a_child_waits_until_the_day_of_eighteen_years() {
    let born = told(&STRIP, &[("age_years", "15"), ("birth_date", "2011-06-02")]);
    born.is(Verdict::NotYet, "under_18", Some(Date::constant(2029, 6, 2)), "parent");
    let about = told(&STRIP, &[("age_years", "17")]);
    about.is(Verdict::NotYet, "under_18", Some(Date::constant(2027, 11, 28)), "parent");
}

#[test]
fn a_scar_that_does_not_need_it_is_left_alone() {
    let covered = told(&STRIP, &[("hair_length_worn_mm", "60")]);
    covered.is(Verdict::NotSmp, "hair_worn_long", None, "Leave it as it is");
    let mut unseen = STRIP.clone();
    for scar in &mut unseen.scars {
        scar.color_difference =
            scar.color_difference.map(|e| stipple_quantity::Estimate::new(0.8, e.standard_uncertainty));
        scar.hair_density_inside_per_cm2 = scar.hair_density_around_per_cm2;
    }
    told(&unseen, &[]).is(Verdict::NotSmp, "scar_hardly_shows", None, "Leave it as it is");
}

#[test]
fn who_hopes_that_it_vanishes_looks_at_the_healed_picture_first() {
    told(&STRIP, &[("expects_gone", "true")]).is(Verdict::NotYet, "expects_gone", None, "test dots");
}

#[test]
fn who_works_in_the_sun_without_a_hat_hears_what_is_known_of_it() {
    let bare = [("outdoor_work", "true"), ("sun_hat", "\"rarely\""), ("sunscreen", "\"rarely\"")];
    told(&STRIP, &bare).is(Verdict::SuitableWithCare, "sun_unprotected", None, "hat in the sun");
    let covered = told(&STRIP, &[("outdoor_work", "true"), ("sun_hat", "\"mostly\"")]);
    assert!(!covered.rules().contains(&"sun_unprotected") && covered.caveats == 0);
}

#[test]
fn nothing_against_it_is_said_only_where_everything_was_asked() {
    let told = told(&STRIP, &[]);
    println!("ordinary: {:?} {:?}", told.assessment.verdict, told.rules());
    assert_eq!(told.caveats, 0);
    assert!(told.assessment.verdict <= Verdict::SuitableWithCare);
}
