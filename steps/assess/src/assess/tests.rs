use super::*;
use jiff::civil::date;
use stipple_color::{ItaClass, Lab};
use stipple_model::{Hair, PhotoFacts, PitchSource, Scar, ScarKind, Skin, Wait, WhiteSource};
use stipple_quantity::{Estimate, ScalpFromPhoto};

const TODAY: Date = date(2026, 11, 22);

fn scar(width_mm: f64, redness: Estimate) -> Scar {
    Scar {
        kind: ScarKind::Linear,
        outline: Vec::new(),
        area_mm2: Estimate::new(60.0, 2.0),
        length_mm: None,
        width_mm: Some(Estimate::new(width_mm, 0.1)),
        width_range: None,
        widths: Vec::new(),
        edge_uncertainty_mm: None,
        lab: None,
        lab_around: None,
        color_difference: None,
        redness: Some(redness),
        texture: None,
        relief: None,
        hair_density_inside_per_cm2: None,
        hair_density_around_per_cm2: Some(Estimate::new(70.0, 5.0)),
    }
}

fn reading(scars: Vec<Scar>) -> Reading {
    Reading {
        photo: PhotoFacts {
            width_px: 100,
            height_px: 100,
            pixel_pitch_um: Estimate::new(100.0, 1.0),
            pixel_pitch_source: PitchSource::Card,
            scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(100.0),
            tone_slope: None,
        },
        white: WhiteSource::Card,
        white_gain: [1.0; 3],
        zone_outlines: Vec::new(),
        zone_area_mm2: Estimate::new(100.0, 1.0),
        skin: Skin {
            lab: Lab::new(62.0, 11.0, 16.0),
            lab_uncertainty: Lab::new(1.0, 0.5, 0.5),
            ita_deg: Estimate::new(37.0, 2.0),
            ita_class: ItaClass::Intermediate,
            melanin_volume_fraction: None,
            blood_volume_fraction: None,
            erythema_index: None,
        },
        hair: Hair {
            unit_density_per_cm2: None,
            median_diameter_um: None,
            lab: None,
            detections: Vec::new(),
        },
        scars,
    }
}

fn rule(
    id: &str,
    when: &[(&str, Operator, Answer)],
    verdict: Verdict,
    wait: Option<(u32, Option<&str>)>,
) -> Rule {
    let condition = |(fact, operator, value): &(&str, Operator, Answer)| Condition {
        fact: (*fact).into(),
        operator: *operator,
        value: value.clone(),
    };
    Rule {
        id: id.into(),
        when: when.iter().map(condition).collect(),
        unless: Vec::new(),
        verdict,
        text: format!("because of {id}"),
        alternatives: vec!["wait".into()],
        wait: wait.map(|(months, since)| Wait { months, since: since.map(Into::into) }),
        source: "test".into(),
        grade: 'D',
    }
}

fn rules() -> Vec<Rule> {
    use Answer::{Flag, Number, Word};
    use Operator::{AtLeast, Below, Is};
    use Verdict::{NotSmp, NotYet, Suitable, SuitableWithCare};
    vec![
        rule("young", &[("scar_age_months", Below, Number(6.0))], NotYet, Some((6, Some("scar_date")))),
        rule("changing", &[("scar_changing", Is, Flag(true))], NotYet, Some((6, None))),
        rule(
            "burn",
            &[("scar_cause", Is, Word("burn".into())), ("scar_age_months", Below, Number(18.0))],
            NotYet,
            Some((18, Some("scar_date"))),
        ),
        rule("wide", &[("scar.width_mm", AtLeast, Number(5.0))], SuitableWithCare, None),
        rule("red", &[("scar.redness_low", AtLeast, Number(8.0))], NotYet, None),
        rule("allergy", &[("pigment_allergy", Is, Flag(true))], NotSmp, None),
        rule("nothing", &[], Suitable, None),
    ]
}

fn assessed(scars: Vec<Scar>, answers: &[(&str, Answer)]) -> Qualified<Assessment> {
    let answers = answers.iter().map(|(word, answer)| ((*word).to_owned(), answer.clone())).collect();
    let expectation = Expectation::default();
    assess(Some(&reading(scars)), &answers, &rules(), expectation, TODAY)
}

fn calm() -> Scar {
    scar(2.0, Estimate::new(1.0, 1.0))
}

fn words(assessment: &Assessment) -> Vec<&str> {
    assessment.reasons.iter().map(|reason| reason.rule.as_str()).collect()
}

#[test]
fn nothing_against_is_said_in_so_many_words() {
    let all = [
        ("scar_date", Answer::Day(date(2020, 1, 1))),
        ("scar_changing", Answer::Flag(false)),
        ("scar_cause", Answer::Word("surgery".into())),
        ("pigment_allergy", Answer::Flag(false)),
    ];
    let assessed = assessed(vec![calm()], &all);
    assert_eq!((assessed.value.verdict, words(&assessed.value)), (Verdict::Suitable, vec!["nothing"]));
    assert!(assessed.caveats.is_empty(), "{:?}", assessed.caveats);
}

#[test]
fn open_questions_are_named() {
    let assessed = assessed(vec![calm()], &[("pigment_allergy", Answer::Word("yes".into()))]);
    assert_eq!(assessed.caveats[0].code, Code::AssessUnanswered);
    // An answer of the wrong kind is no answer.
    for question in ["pigment allergy", "scar cause", "scar changing", "scar date"] {
        assert!(assessed.caveats[0].remedy.contains(question), "{}", assessed.caveats[0].remedy);
    }
    assert!(assessed.caveats[0].message.starts_with("4 "));
}

#[test]
fn never_is_an_answer_and_a_misspelled_word_is_said() {
    let answers = [
        ("scar_date", Answer::Word("never".into())),
        ("scar_chnging", Answer::Flag(true)),
        ("scar.width_mm", Answer::Number(50.0)),
    ];
    let assessed = assessed(vec![calm()], &answers);
    assert!(!assessed.caveats[0].remedy.contains("scar date"));
    assert!(assessed.caveats[1].message.contains("scar_chnging"), "{}", assessed.caveats[1].message);
    assert!(!words(&assessed.value).contains(&"wide"), "answers do not replace measurements");
}

#[test]
fn strong_sun_without_cover_is_a_fact_of_its_own_and_asks_for_nothing() {
    let bare = rule(
        "bare",
        &[("sun.unprotected", Operator::Is, Answer::Flag(true))],
        Verdict::SuitableWithCare,
        None,
    );
    let word = |text: &str| Answer::Word(text.into());
    let said = |answers: &[(&str, Answer)]| {
        let answers =
            answers.iter().map(|(question, answer)| ((*question).to_owned(), answer.clone())).collect();
        let rules = [rules(), vec![bare.clone()]].concat();
        let made = assess(Some(&reading(vec![calm()])), &answers, &rules, Expectation::default(), TODAY);
        let caveats: String =
            made.caveats.iter().map(|caveat| caveat.message.clone() + &caveat.remedy).collect();
        (words(&made.value).contains(&"bare"), caveats.contains("sun"))
    };
    let outdoors = ("outdoor_work", Answer::Flag(true));
    assert_eq!(said(&[]), (false, false), "not asked for");
    assert_eq!(said(&[outdoors.clone(), ("sun_hat", word("mostly"))]), (false, false));
    let bare = [outdoors, ("sun_hat", word("rarely")), ("sunscreen", word("sometimes"))];
    assert_eq!(said(&bare), (true, false));
    assert!(!said(&[("sun.unprotected", Answer::Flag(true))]).0, "answers do not replace what follows");
}

#[test]
fn each_rule_speaks_by_itself() {
    let cases = [
        (calm(), vec![("scar_date", Answer::Day(date(2026, 9, 1)))], "young"),
        (calm(), vec![("scar_age_months", Answer::Number(3.0))], "young"),
        (calm(), vec![("scar_changing", Answer::Flag(true))], "changing"),
        (scar(6.0, Estimate::new(1.0, 1.0)), vec![], "wide"),
        (scar(2.0, Estimate::new(12.0, 1.0)), vec![], "red"),
        (calm(), vec![("pigment_allergy", Answer::Flag(true))], "allergy"),
    ];
    for (scar, answers, expected) in cases {
        assert_eq!(words(&assessed(vec![scar], &answers).value), [expected]);
    }
    // Redness that its own uncertainty may explain does not count as sure.
    assert_eq!(words(&assessed(vec![scar(2.0, Estimate::new(12.0, 4.0))], &[]).value), ["nothing"]);
}

#[test]
fn the_strictest_comes_first_and_decides() {
    let answers = [("pigment_allergy", Answer::Flag(true)), ("scar_changing", Answer::Flag(true))];
    let assessment = assessed(vec![scar(9.0, Estimate::new(1.0, 1.0))], &answers).value;
    assert_eq!(words(&assessment), ["allergy", "changing", "wide"]);
    assert_eq!((assessment.verdict, assessment.not_before), (Verdict::NotSmp, None));
    assert_eq!(assessment.alternatives, ["wait"]);
}

#[test]
fn the_latest_wait_counts() {
    let burn = [
        ("scar_date", Answer::Day(date(2026, 8, 31))),
        ("scar_cause", Answer::Word("burn".into())),
        ("scar_changing", Answer::Flag(true)),
    ];
    assert_eq!(assessed(vec![calm()], &burn).value.not_before, Some(date(2028, 2, 29)));
    assert_eq!(assessed(vec![calm()], &burn[..1]).value.not_before, Some(date(2027, 2, 28)));
    assert_eq!(assessed(vec![calm()], &burn[2..]).value.not_before, Some(date(2027, 5, 22)));
    let by_age = [("scar_age_months", Answer::Number(3.5))];
    assert_eq!(assessed(vec![calm()], &by_age).value.not_before, Some(date(2027, 2, 22)));
}

#[test]
fn a_wait_counts_from_the_day_it_was_told() {
    let told = ("answered_on.scar_changing", Answer::Day(date(2026, 7, 1)));
    let changing = [("scar_changing", Answer::Flag(true)), told];
    assert_eq!(assessed(vec![calm()], &changing).value.not_before, Some(date(2027, 1, 1)));
    let long_ago = [changing[0].clone(), ("answered_on", Answer::Day(date(2026, 5, 22)))];
    let ended = assessed(vec![calm()], &long_ago);
    assert_eq!((ended.value.verdict, ended.value.not_before), (Verdict::NotYet, None));
    assert!(ended.value.reasons[1].text.contains("ask again"), "{:?}", ended.value.reasons);
    assert!(ended.caveats.iter().all(|caveat| caveat.weight < Weight::Doubt), "{:?}", ended.caveats);
    // An age grows.
    let of_then =
        [("scar_age_months", Answer::Number(3.5)), ("answered_on", Answer::Day(date(2026, 10, 22)))];
    assert_eq!(assessed(vec![calm()], &of_then).value.not_before, Some(date(2027, 1, 22)));
    let grown = [("scar_age_months", Answer::Number(3.5)), ("answered_on", Answer::Day(date(2026, 8, 1)))];
    assert_eq!(assessed(vec![calm()], &grown).value.verdict, Verdict::Suitable);
}

#[test]
fn every_fact_is_measured_or_asked() {
    let shady = [("sun_hours", Answer::Number(4.0)), ("outdoor_work", Answer::Flag(true))];
    let answers = shady.into_iter().map(|(word, answer)| (word.to_owned(), answer)).collect();
    let facts = crate::facts::facts(Some(&reading(vec![calm()])), &answers, TODAY);
    let odd: Vec<&String> =
        facts.keys().filter(|fact| !crate::is_measured(fact) && crate::question_of(fact).is_none()).collect();
    assert!(odd.is_empty() && facts.len() > 10, "{odd:?}");
    assert!(!crate::is_measured("scar.rednes_low") && !crate::is_measured("skin.ita"));
}

#[test]
fn a_measured_wait_counts_from_the_photograph() {
    let mut rules = rules();
    rules[4].wait = Some(Wait { months: 3, since: None });
    let red = reading(vec![scar(2.0, Estimate::new(12.0, 0.5))]);
    let assessed = |answers: &[(&str, Answer)]| {
        let answers = answers.iter().map(|(word, answer)| ((*word).to_owned(), answer.clone())).collect();
        assess(Some(&red), &answers, &rules, Expectation::default(), TODAY).value.not_before
    };
    assert_eq!(assessed(&[]), Some(date(2027, 2, 22)));
    assert_eq!(assessed(&[("measured_on", Answer::Day(date(2026, 11, 1)))]), Some(date(2027, 2, 1)));
}

#[test]
fn a_blocked_reading_is_suitable_with_care_at_best() {
    let blocked = [Caveat::new(Code::PhotoBlurred, Weight::Blocks, "", "")];
    let mild = assessed(vec![calm()], &[]).value;
    let tempered = temper(mild.clone(), &blocked);
    assert_eq!((tempered.verdict, tempered.reasons.len()), (Verdict::SuitableWithCare, 2));
    assert_eq!(temper(mild.clone(), &[]), mild);
    let hardly = |weight| [Caveat::new(Code::PlanHardlyShows, weight, "", "")];
    let tempered = temper(mild.clone(), &hardly(Weight::Doubt));
    assert_eq!((tempered.verdict, words(&tempered)[0]), (Verdict::SuitableWithCare, "hardly_shows"));
    let tempered = temper(mild.clone(), &hardly(Weight::Note));
    assert_eq!((tempered.verdict, words(&tempered)[0]), (Verdict::SuitableWithCare, "little_nearer"));
    let strict = assessed(vec![calm()], &[("pigment_allergy", Answer::Flag(true))]).value;
    assert_eq!(temper(strict.clone(), &blocked), strict);
}
