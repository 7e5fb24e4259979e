use super::*;

const TODAY: Date = Date::constant(2026, 11, 22);

#[test]
fn the_shipped_protocol_opens() {
    let protocol = default_protocol();
    assert!(!protocol.pigments.is_empty() && protocol.sessions.len() > 1);
    assert!(protocol.healed_diameter_um.value < protocol.fresh_diameter_um.value);
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
    let refused = |text: &str| answers_from_toml(text, TODAY).expect_err("refused").to_string();
    assert!(refused("age_years = 400").contains("120"));
    assert!(refused("scar_age_months = -3").contains("months"));
    assert!(refused("scar_date = 2026-11-23").contains("not after 2026-11-22"));
    assert!(refused("transplant_date = 1850-01-01").contains("120 years"));
    assert!(answers_from_toml("scar_date = 2026-11-22", TODAY).is_ok());
}

#[test]
fn answers_of_every_kind_are_understood() {
    let text = "keloid_history = true\nage_years = 34\nscar_cause = \"surgery\"\nscar_date = 2025-03-01\n\
                transplant_date = \"2024-02-29\"\nlaser_removal_date = \"never\"\n";
    let answers = answers_from_toml(text, TODAY).expect("the answers are right");
    assert_eq!(answers["keloid_history"], Answer::Flag(true));
    assert_eq!(answers["age_years"], Answer::Number(34.0));
    assert_eq!(answers["scar_cause"], Answer::Word("surgery".into()));
    let day = |text: &str| Answer::Day(text.parse().expect("a day"));
    assert_eq!(answers["scar_date"], day("2025-03-01"));
    assert_eq!(answers["transplant_date"], day("2024-02-29"));
    assert_eq!(answers["laser_removal_date"], Answer::Word("never".into()));
    assert_eq!(answers_from_toml(ANSWERS_TOML, TODAY).expect("the template opens").len(), 0);
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
        assert!(answers_from_toml(text, TODAY).is_err(), "{text}");
    }
}
