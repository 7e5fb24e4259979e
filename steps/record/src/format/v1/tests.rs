use super::example::{assessment, files, plan, provenance, reading, truth};
use super::*;

/// Opens a file of a kind and writes it again.
fn rewritten(kind: &str, text: &str) -> Result<String, Error> {
    let provenance = provenance_from_json(text)?;
    Ok(match kind {
        "assessment" => assessment_to_json(&assessment_from_json(text)?, &provenance),
        "outcome" => outcome_to_json(&outcome_from_json(text)?, &provenance),
        "plan" => plan_to_json(&plan_from_json(text)?, &provenance),
        "reading" => reading_to_json(&reading_from_json(text)?, &provenance),
        "truth" => truth_to_json(&truth_from_json(text)?, &provenance),
        _ => unreachable!("there are five kinds"),
    })
}

#[test]
fn opened_and_written_again_is_the_same() {
    for (kind, text) in files() {
        assert_eq!(rewritten(kind, &text).expect("our own file opens"), text);
        assert!(!text.contains("-0.0,") && !text.contains("-0.0]"), "{kind}: {text}");
    }
}

#[test]
fn what_comes_back_is_what_went_in_up_to_rounding() {
    let exact = assessment();
    assert_eq!(
        assessment_from_json(assessment_to_json(&exact, &provenance())).expect("opens").value.reasons,
        exact.value.reasons
    );
    let (before, text) = (plan(), plan_to_json(&plan(), &provenance()));
    let after = plan_from_json(&text).expect("opens");
    assert_eq!(after.caveats, before.caveats);
    assert_eq!(after.value.scalp_from_photo.rows, before.value.scalp_from_photo.rows);
    for (a, b) in after.value.dots().zip(before.value.dots()) {
        assert!(
            a.at_scalp.distance_mm(&b.at_scalp) < 1e-4 && (a.at_photo.y_px - b.at_photo.y_px).abs() < 1e-3
        );
        assert_eq!((a.pigment, a.in_scar, a.needle_depth_mm), (b.pigment, b.in_scar, b.needle_depth_mm));
    }
    assert_eq!(provenance_from_json(&text).expect("opens"), provenance());
    assert_eq!(truth_from_json(truth_to_json(&truth(), &provenance())).expect("opens").seed, u64::MAX);
}

#[test]
fn the_contract_is_kept_to_the_letter() {
    let kept = [
        ("reading", "/photo/pixel_pitch_um/standard_uncertainty"),
        ("reading", "/photo/pixel_pitch_source"),
        ("reading", "/skin/melanin_volume_fraction/value"),
        ("reading", "/hair/median_diameter_um"),
        ("reading", "/hair/detections/0/lab/2"),
        ("reading", "/scars/0/outline_px/0/1"),
        ("reading", "/scars/0/hair_density_inside_per_cm2/value"),
        ("reading", "/inputs/0/sha256"),
        ("reading", "/caveats/0/remedy"),
        ("assessment", "/not_before"),
        ("assessment", "/reasons/0/weight"),
        ("assessment", "/expectation/visible_distance_m/value"),
        ("outcome", "/comparability/light_delta_e00"),
        ("outcome", "/comparability/sharpness_ratio"),
        ("outcome", "/comparability/residual_px"),
        ("outcome", "/comparability/days_since_last_session"),
        ("outcome", "/comparability/verdict"),
        ("outcome", "/visible_distance_m/before"),
        ("outcome", "/visible_distance_m/after/standard_uncertainty"),
        ("outcome", "/color_difference/before/value"),
        ("outcome", "/deposits/found"),
        ("outcome", "/deposits/planned"),
        ("outcome", "/deposits/retained_fraction/value"),
        ("plan", "/scalp_from_photo/2/2"),
        ("plan", "/pigments/0/lab_in_bottle/0"),
        ("plan", "/sessions/1/dots/0/needle_depth_mm/1"),
        ("plan", "/sessions/1/dots/0/in_scar"),
        ("plan", "/totals/chair_minutes"),
    ];
    for (kind, place) in kept {
        let text = &files().into_iter().find(|(name, _)| *name == kind).expect("a kind").1;
        let value: serde_json::Value = serde_json::from_str(text).expect("valid JSON");
        assert!(value.pointer(place).is_some(), "{kind} lacks {place}");
        assert_eq!(value["format"], format!("stipple/{kind}/1"));
    }
}

#[test]
fn a_large_reading_stays_comparable_line_by_line() {
    let text = reading_to_json(&reading(5000), &provenance());
    assert!(text.lines().count() < 5100, "{} lines", text.lines().count());
    assert_eq!(text.lines().filter(|line| line.contains("\"confidence\"")).count(), 5000);
}

/// Each edit of a written file, and what its refusal must say.
#[test]
fn files_that_cannot_be_meant_are_refused_with_their_field() {
    let edits = [
        ("reading", "stipple/reading/1", "stipple/reading/2", "stipple/reading/2"),
        ("reading", "stipple/reading/1", "stipple/plan/1", "needed: stipple/reading/1"),
        ("reading", "\"value\": 83.25", "\"value\": 0.5", "photo.pixel_pitch_um.value is 0.5 µm"),
        ("reading", "\"value\": 83.25", "\"value\": 1e999", "reading cannot be understood at line"),
        ("reading", "\"white\": \"camera\"", "\"white\": \"moon\"", "moon"),
        (
            "reading",
            "[0.0, 0.083, 2.0]",
            "[0.0, 0.0, 0.0]",
            "photo.scalp_from_photo is a map without inverse",
        ),
        ("reading", "[0.0, 0.083, 2.0]", "[0.0, 830.0, 2.0]", "photo.scalp_from_photo is 8"),
        ("reading", "[1e-6, -2e-6, 1.0]", "[1e-6, -2e-3, 1.0]", "horizon"),
        ("reading", "\"width_px\": 4000", "\"width_px\": 0", "photo.width_px"),
        ("reading", "\"width_px\": 4000", "\"width_px\": -4", "line"),
        ("reading", "\"confidence\": 0.935", "\"confidence\": 1.5", "hair.detections[0].confidence"),
        ("reading", "scale.entered", "scale.guessed", "caveats[0].code is scale.guessed"),
        ("reading", ", [140.13, 100.0], [140.0, 130.0]", "", "scars[0].outline_px is 2 corners"),
        (
            "reading",
            "\"standard_uncertainty\": 0.5",
            "\"standard_uncertainty\": -0.5",
            "scars[0].hair_density",
        ),
        ("assessment", "2027-02-28", "2027-02-29", "not_before"),
        ("assessment", "\"grade\": \"C\"", "\"grade\": \"E\"", "reasons[0].grade"),
        ("outcome", "\"verdict\": \"comparable_with_care\"", "\"verdict\": \"fine\"", "fine"),
        ("outcome", "\"probability\": 0.988", "\"probability\": 1.5", "deposits.dots[0].probability"),
        ("plan", "\"pigment\": \"carbon-brown\"", "\"pigment\": \"blue\"", "sessions[0].dots[1].pigment"),
        ("plan", "\"id\": \"carbon-brown\"", "\"id\": \"carbon-black\"", "pigments[1].id"),
        ("plan", "\"dots\": 6", "\"dots\": 7", "totals.dots is 7"),
        ("plan", "[0.3, 0.5]", "[0.5, 0.3]", "sessions[0].dots[0].needle_depth_mm"),
        ("truth", "\"seed\": 18446744073709551615,", "", "seed"),
    ];
    for (kind, written, edited, said) in edits {
        let text = files().into_iter().find(|(name, _)| *name == kind).expect("a kind").1;
        assert!(text.contains(written), "{kind} no longer holds {written}: {text}");
        let trouble = rewritten(kind, &text.replace(written, edited)).expect_err(edited).to_string();
        assert!(trouble.contains(said), "{edited}: {trouble}");
    }
}

#[test]
fn damaged_text_is_refused_and_never_stops_the_program() {
    for (kind, text) in files() {
        for cut in (0..text.len() - 2).step_by(7).filter(|cut| text.is_char_boundary(*cut)) {
            assert!(rewritten(kind, &text[..cut]).is_err());
        }
        let mut bytes = text.clone().into_bytes();
        for at in (0..bytes.len()).step_by(5) {
            let kept = std::mem::replace(&mut bytes[at], b'9');
            let _ = std::str::from_utf8(&bytes).map(|damaged| rewritten(kind, damaged));
            bytes[at] = kept;
        }
    }
    let deep = "[".repeat(100_000);
    for text in ["", "null", "[]", "{}", "\u{feff}{}", "{\"format\": 3}", deep.as_str()] {
        assert!(reading_from_json(text).is_err());
    }
}
