use super::*;

const TODAY: Date = Date::constant(2026, 11, 22);

fn understood(text: &str) -> Result<Answers, Error> {
    answers_from_toml(text, &shipped_rules(), TODAY)
}

#[test]
fn the_shipped_protocol_opens() {
    let protocol = default_protocol();
    assert!(!protocol.pigments.is_empty() && protocol.sessions.len() > 1);
    assert!(protocol.healed_diameter_um.value < protocol.fresh_diameter_um.value);
}

#[test]
fn a_protocol_from_before_hairlines_gets_the_shipped_ones() {
    let is_older = |line: &&str| !line.starts_with("hairline = ") && !line.starts_with("thinning = ");
    let older: Vec<&str> = DEFAULT_PROTOCOL_TOML.lines().filter(is_older).collect();
    assert!(older.len() + 2 == DEFAULT_PROTOCOL_TOML.lines().count());
    assert_eq!(protocol_from_toml(&older.join("\n")).expect("right"), default_protocol());
    let wide = DEFAULT_PROTOCOL_TOML.replace("{ soft_mm = 10.0", "{ soft_mm = 90.0");
    let trouble = protocol_from_toml(&wide).expect_err("refused").to_string();
    assert!(trouble.contains("hairline.soft_mm is 90 mm"), "{trouble}");
}

#[test]
fn every_shipped_rule_has_a_source_and_a_grade() {
    let rules = shipped_rules();
    assert!(rules.len() >= 20, "only {} rules", rules.len());
    for rule in &rules {
        assert!(rule.source.len() >= 10 && ('A'..='D').contains(&rule.grade), "{}", rule.id);
        assert!(rule.text.ends_with(['.', '!', '?']), "{}: the text is not a sentence", rule.id);
    }
}

#[test]
fn answers_that_cannot_be_true_are_refused() {
    let refused = |text: &str| understood(text).expect_err("refused").to_string();
    assert!(refused("age_years = 400").contains("120"));
    assert!(refused("scar_age_months = -3").contains("months"));
    assert!(refused("scar_date = 2026-11-23").contains("not after 2026-11-22"));
    assert!(refused("transplant_date = 1850-01-01").contains("120 years"));
    assert!(understood("scar_date = 2026-11-22").is_ok());
}

#[test]
fn an_answer_of_another_kind_does_not_pass_as_no() {
    let refused = [
        ("scar_cause = \"dragon\"", "\"burn\""),
        ("pigment_allergy = \"never\"", "\"no\""),
        ("pigment_allergy = 1", "true, false"),
        ("scar_date = \"never\"", "YYYY-MM-DD"),
        ("scar_date = true", "YYYY-MM-DD"),
        ("transplant_date = \"no\"", "\"never\""),
        ("age_years = \"34\"", "number"),
        ("scar_date = 2024-11-22\nscar_age_months = 5", "2024-11-22, 24 months ago, and 5 months"),
        ("transplant_date = \"never\"\ntransplant_age_months = 5", "\"never\""),
    ];
    for (text, said) in refused {
        let trouble = understood(text).expect_err(text).to_string();
        let question = text.split(' ').next().expect("a question");
        assert!(trouble.contains(said) && trouble.starts_with(question), "{text}: {trouble}");
    }
    let answer = |text: &str| understood(text).expect(text).into_values().next().expect("one answer");
    assert_eq!(answer("scar_cause = \"Burn\""), Answer::Word("burn".into()));
    assert_eq!(answer("pigment_allergy = \"Yes\""), Answer::Flag(true));
    assert_eq!(answer("diabetes = \"no\""), Answer::Flag(false));
    assert!(understood("scar_date = 2024-11-22\nscar_age_months = 25").is_ok());
}

#[test]
fn a_clinic_s_own_questions_take_what_its_rules_compare_them_with() {
    let mut rules = shipped_rules();
    rules[0].when[0] = stipple_model::Condition {
        fact: "tans_easily".into(),
        operator: stipple_model::Operator::Is,
        value: Answer::Flag(true),
    };
    let answers = answers_from_toml("tans_easily = \"yes\"", &rules, TODAY).expect("understood");
    assert_eq!(answers["tans_easily"], Answer::Flag(true));
    assert!(answers_from_toml("tans_easily = \"often\"", &rules, TODAY).is_err());
}

#[test]
fn questions_template_and_rules_are_in_step() {
    use super::answers::{Kind, questions};
    let questions = questions();
    let asked = ANSWERS_TOML.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(" = "));
    let mut offered = 0;
    for (question, rest) in asked {
        let kind = questions.get(question).unwrap_or_else(|| panic!("{question} has no kind"));
        let value = rest.split(" #").next().expect("a value");
        let answer = understood(&format!("{question} = {value}")).expect("the template's value is allowed");
        let is_flag = matches!(answer.get(question), Some(Answer::Flag(_)));
        assert_eq!((*kind == Kind::Flag, *kind == Kind::Text), (is_flag, answer.is_empty()), "{question}");
        if let Kind::OneOf(words) = kind {
            assert!(words.iter().all(|word| rest.matches(&format!("\"{word}\"")).count() > 0), "{question}");
        }
        offered += 1;
    }
    assert_eq!(offered, questions.len(), "every question stands in the template");
    for condition in shipped_rules().iter().flat_map(|rule| &rule.when) {
        let fact = condition.fact.as_str();
        let day = fact.strip_suffix("_age_months").map(|stem| format!("{stem}_date"));
        let fits = match (questions.get(fact), &condition.value) {
            (Some(Kind::Flag), Answer::Flag(_)) | (Some(Kind::Number), Answer::Number(_)) => true,
            (Some(Kind::OneOf(words)), Answer::Word(word)) => words.contains(word),
            (Some(_), _) => false,
            (None, _) => fact.contains('.') || day.is_some_and(|day| questions.contains_key(&day)),
        };
        assert!(fits, "{fact} is not asked as a rule compares it");
    }
}

#[test]
fn what_is_told_in_own_words_is_bounded_and_no_rule_reads_it() {
    let hopes = |text: &str| understood(&format!("diabetes = false\nhopes = '''{text}'''"));
    let kept = hopes("Wieder kurzes Haar.\nUnd Ruhe.").expect("understood");
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["diabetes"], "people read it, not rules");
    assert!(hopes(&"ü".repeat(2000)).is_ok());
    let said = hopes(&"ü".repeat(2001)).expect_err("too long").to_string();
    assert!(said.contains("2001 characters") && said.contains("at most 2000"), "{said}");
    assert!(understood("anything_else = 3").expect_err("no text").to_string().contains("2000 characters"));
    let rule = RULES_TOML.replacen("fact = \"expects_gone\"", "fact = \"hopes\"", 1);
    let said = rules_from_toml(&rule).expect_err("a rule on free text").to_string();
    assert!(said.contains("free text"), "{said}");
}

#[test]
fn answers_of_every_kind_are_understood() {
    let text = "keloid_history = true\nage_years = 34\nscar_cause = \"surgery\"\nscar_date = 2025-03-01\n\
                transplant_date = \"2024-02-29\"\nlaser_removal_date = \"never\"\n";
    let answers = understood(text).expect("the answers are right");
    assert_eq!(answers["keloid_history"], Answer::Flag(true));
    assert_eq!(answers["age_years"], Answer::Number(34.0));
    assert_eq!(answers["scar_cause"], Answer::Word("surgery".into()));
    let day = |text: &str| Answer::Day(text.parse().expect("a day"));
    assert_eq!(answers["scar_date"], day("2025-03-01"));
    assert_eq!(answers["transplant_date"], day("2024-02-29"));
    assert_eq!(answers["laser_removal_date"], Answer::Word("never".into()));
    assert_eq!(understood(ANSWERS_TOML).expect("the template opens").len(), 0);
}

/// A protocol that is right.
const PROTOCOL: &str = r#"
format = "stipple/protocol/1"
name = "clinic"
version = 3
density_share = 1.0
fallback_unit_density_per_cm2 = 74
feather_mm = 20.0
dot_spacing_min_mm = 0.5
lifetime_dots_per_cm2_max = 200.0
fresh_diameter_um = { value = 200.0, standard_uncertainty = 30.0 }
healed_diameter_um = { value = 120.0, standard_uncertainty = 20.0 }
needle_depth_mm = [0.3, 0.6]
needle_depth_in_scar_mm = [0.3, 0.5]
dots_per_minute = 30.0
pigment_ul_per_dot = 0.2
sessions = [{ share_after = 0.7, interval_days = 0 }, { share_after = 1.0, interval_days = 28 }]
[[pigments]]
id = "black"
name = "Carbon black"
recipe = "CI 77266"
lab_in_bottle = [17.0, 0.2, -0.4]
absorption_550_per_mm = 200.0
absorption_exponent = 1.0
dilutions = [0.0, 1.0, 3.0]
source = "a table"
"#;

/// Each edit of a right protocol, and what its refusal must say.
#[test]
fn settings_that_cannot_be_meant_are_refused_with_their_field() {
    assert_eq!(protocol_from_toml(PROTOCOL).expect("the protocol is right").version, 3);
    let pigment = &PROTOCOL[PROTOCOL.find("[[pigments]]").expect("has a pigment")..];
    assert!(
        protocol_from_toml(&format!("{PROTOCOL}{pigment}"))
            .expect_err("twice")
            .to_string()
            .contains("pigments[1].id")
    );
    let edits = [
        ("density_share = 1.0", "density_share = 1.6", "density_share"),
        ("density_share = 1.0", "density_share = nan", "density_share"),
        ("density_share = 1.0", "", "density_share"),
        ("density_share = 1.0", "density_share = 1.0\ntint = 3", "tint"),
        ("feather_mm = 20.0", "feather_mm = \"wide\"", "line"),
        ("share_after = 0.7", "share_after = 1.2", "sessions.share_after"),
        ("share_after = 1.0", "share_after = 0.9", "sessions.share_after"),
        ("needle_depth_mm = [0.3, 0.6]", "needle_depth_mm = [0.6, 0.3]", "needle_depth_mm"),
        ("[0.0, 1.0, 3.0]", "[1.0, 0.0]", "pigments[0].dilutions"),
        ("stipple/protocol/1", "stipple/protocol/2", "stipple/protocol/2"),
        ("value = 200.0", "value = 2.0", "fresh_diameter_um.value"),
    ];
    for (right, edited, said) in edits {
        assert!(PROTOCOL.contains(right), "the protocol does not say {right}");
        let trouble = protocol_from_toml(&PROTOCOL.replace(right, edited)).expect_err(edited).to_string();
        assert!(trouble.contains(said), "{edited}: {trouble}");
    }
}

/// The pigment of [`PROTOCOL`] with another way of saying what it absorbs.
fn with_absorption(text: &str) -> Result<stipple_model::Pigment, String> {
    let planned = "absorption_550_per_mm = 200.0\nabsorption_exponent = 1.0\n";
    assert!(PROTOCOL.contains(planned));
    let toml = format!("{}{text}", PROTOCOL.replace(planned, ""));
    let mut protocol = protocol_from_toml(&toml).map_err(|trouble| trouble.to_string())?;
    Ok(protocol.pigments.remove(0))
}

const PARTICLES: &str = "[[pigments.particles]]\nmaterial = \"carbon_black\"\nvolume_fraction = 0.017\n\
                         median_diameter_nm = 100.0\ngeometric_deviation = 1.5\n";
const SWATCH: &str = "[pigments.swatch]\nlab = [62.0, 0.5, 2.0]\nlab_paper = [93.0, 0.0, 1.0]\n\
                      lab_uncertainty = 1.0\nwet_film_um = 24.0\nwet_film_uncertainty = 0.1\n\
                      dilution = 63.0\nshare_in_skin = 0.1\n";

#[test]
fn pigments_are_understood_as_planned_as_particles_and_as_a_swatch() {
    let planned = protocol_from_toml(PROTOCOL).expect("right").pigments.remove(0);
    assert_eq!(planned.absorption_550_per_mm, 200.0);
    // Each default holds the share that skin takes up, 0.5, beside what else is not known.
    assert!((planned.absorption_uncertainty - 0.707).abs() < 1e-3, "{planned:?}");
    let particles = with_absorption(PARTICLES).expect("right");
    assert!((190.0..205.0).contains(&particles.absorption_550_per_mm), "{particles:?}");
    assert!((particles.absorption_exponent - 1.0).abs() < 0.05, "{particles:?}");
    assert!((particles.absorption_uncertainty - 0.640).abs() < 1e-3, "{particles:?}");
    // 0.017 by volume is 0.0302 by mass: 0.0306 g of carbon to 0.983 g of water.
    let by_mass = with_absorption(&PARTICLES.replace("volume_fraction = 0.017", "mass_fraction = 0.030186"));
    let off = by_mass.expect("right").absorption_550_per_mm / particles.absorption_550_per_mm - 1.0;
    assert!(off.abs() < 1e-3, "{off}");
    // A film that leaves a share T of the paper's light absorbs −ln T / (2 · 1.25 · 0.024 mm).
    let swatch = with_absorption(SWATCH).expect("right");
    let y = |l: f64| ((l + 16.0) / 116.0).powi(3);
    let expected = 0.1 * 64.0 * -(y(62.0) / y(93.0) - 0.004).ln() / (2.0 * 1.25 * 0.024);
    assert!((swatch.absorption_550_per_mm / expected - 1.0).abs() < 0.05, "{expected} {swatch:?}");
    assert!((0.52..0.6).contains(&swatch.absorption_uncertainty), "{swatch:?}");
    let known = with_absorption(&format!("{SWATCH}share_in_skin_uncertainty = 0.0\n")).expect("right");
    assert!((0.15..0.3).contains(&known.absorption_uncertainty), "{known:?}");
    let both = known.absorption_uncertainty.hypot(0.5);
    assert!((swatch.absorption_uncertainty - both).abs() < 1e-9, "{swatch:?}");
    let stated = with_absorption(&format!("absorption_uncertainty = 0.7\n{SWATCH}")).expect("right");
    assert_eq!(stated.absorption_uncertainty, 0.7);
    let pale =
        with_absorption(&SWATCH.replace("lab_uncertainty = 1.0", "lab_uncertainty = 6.0")).expect("right");
    assert!(pale.absorption_uncertainty > swatch.absorption_uncertainty, "a worse photograph says less");
}

#[test]
fn the_examples_in_the_shipped_protocol_open_where_they_would_be_typed() {
    for (first, last) in [("#      particles = [", "#      ]"), ("#      swatch = {", "#      }")] {
        let lines = DEFAULT_PROTOCOL_TOML.lines().skip_while(|line| *line != first);
        let end = lines.clone().position(|line| line == last).expect("the example ends");
        let example: Vec<&str> = lines.take(end + 1).map(|line| line.trim_start_matches("# ")).collect();
        // Settings of the pigment follow it.
        let text = format!("{}\nabsorption_uncertainty = 0.3\n", example.join("\n"));
        assert_eq!(with_absorption(&text).expect(&text).absorption_uncertainty, 0.3);
    }
}

#[test]
fn pigments_that_cannot_be_meant_are_refused() {
    let both = format!("{PARTICLES}{SWATCH}");
    let edits = [
        (String::new(), "pigments[0].absorption is not given; needed: one of"),
        (both, "particles and swatch"),
        (format!("absorption_exponent = 1.0\n{PARTICLES}"), "pigments[0].absorption_exponent"),
        ("absorption_550_per_mm = 200.0\n".into(), "absorption_exponent is missing"),
        (PARTICLES.replace("carbon_black", "soot"), "pigments[0].particles[0].material is soot"),
        (PARTICLES.replace("volume_fraction = 0.017\n", ""), "volume_fraction or mass_fraction is none"),
        (PARTICLES.replace("0.017", "0.4"), "particles.volume_fraction"),
        (PARTICLES.replace("0.017", "-1.0"), "volume_fraction"),
        (PARTICLES.replace("100.0", "nan"), "median_diameter_nm"),
        (
            PARTICLES.replace("carbon_black", "titanium_dioxide"),
            "pigments[0].particles is what absorbs 1.00e-12 per mm",
        ),
        (SWATCH.replace("[62.0", "[8.0"), "pigments[0].swatch.lab is a film that leaves 1, 1, 1 %"),
        (SWATCH.replace("[62.0", "[92.9"), "swatch.lab"),
        // A magenta film: it leaves 7 % of green and 90 % of red and blue.
        (SWATCH.replace("[62.0, 0.5, 2.0]", "[57.2, 76.5, -48.2]"), "swatch.lab is so strongly colored that"),
        (
            SWATCH.replace("24.0", "2.0").replace("63.0", "999.0").replace("0.1\n", "1.0\n"),
            "swatch.lab is what absorbs",
        ),
        (format!("{SWATCH}share_in_skin_uncertainty = 3.0\n"), "swatch.share_in_skin_uncertainty"),
        (SWATCH.replace("[93.0", "[50.0"), "swatch.lab_paper is L* 50; needed: white paper"),
        (SWATCH.replace("24.0", "0.1"), "swatch.wet_film_um"),
        (SWATCH.replace("share_in_skin = 0.1\n", ""), "share_in_skin"),
    ];
    for (text, said) in edits {
        let trouble = with_absorption(&text).expect_err(&text);
        assert!(trouble.contains(said), "{text}: {trouble}");
    }
}

#[test]
fn rules_and_answers_that_cannot_be_meant_are_refused() {
    let rule = |when: &str| {
        format!(
            "format = \"stipple/rules/1\"\nversion = 1\n[[rules]]\nid = \"a\"\nwhen = [{when}]\n\
             verdict = \"not_yet\"\ntext = \"Wait.\"\nsource = \"a book\"\ngrade = \"A\"\n"
        )
    };
    let right = rule("{ fact = \"scar.redness\", operator = \"at_least\", value = 8 }");
    assert_eq!(rules_from_toml(&right).expect("the rule is right").len(), 1);
    assert!(rules_from_toml(&rule("{ fact = \"x\", operator = \"above\", value = 8 }")).is_err());
    assert!(rules_from_toml(&rule("{ fact = \"x\", operator = \"is\", value = [8] }")).is_err());
    assert!(rules_from_toml(&right.replace("grade = \"A\"", "grade = \"E\"")).is_err());
    for text in
        ["a b = 1", "x = [1]", "x = 2025-13-01", "x = \"2025-02-30\"", "x = inf", "[x]\ny = 1", "\u{0}"]
    {
        assert!(understood(text).is_err(), "{text}");
    }
}
