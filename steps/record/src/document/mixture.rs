//! What the needle holds where, and how deep it goes, in words.

use stipple_model::{Dot, Plan, PlannedPigment};

use super::number::significant;

/// Every mixture of the sessions to come with its depth and where it goes, on one line; empty without dots.
pub(super) fn mixtures(plan: &Plan) -> String {
    let one = |(k, planned): (usize, &PlannedPigment)| {
        let dots: Vec<&Dot> = plan.dots_to_come().filter(|dot| dot.pigment == k).collect();
        let depth_mm = needle_depth(dots.iter().copied());
        let text = format!(
            "{} {}, {depth_mm} mm deep{}",
            planned.pigment.name,
            dilution(planned),
            place_of(plan, k)
        );
        (!dots.is_empty()).then_some(text)
    };
    plan.pigments.iter().enumerate().filter_map(one).collect::<Vec<_>>().join(" · ")
}

/// Pigment to diluent.
pub(super) fn dilution(planned: &PlannedPigment) -> String {
    match planned.dilution {
        0.0 => "undiluted".to_owned(),
        parts => format!("1 : {}", significant(parts, 2).trim_end_matches(".0")),
    }
}

/// Shallowest and deepest of some dots, mm.
pub(super) fn needle_depth<'a>(dots: impl Iterator<Item = &'a Dot>) -> String {
    let range = dots.map(|dot| dot.needle_depth_mm).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]);
    match range {
        Some([low, high]) => format!("{low:.2} to {high:.2}"),
        None => "–".to_owned(),
    }
}

/// Where the dots of a pigment go, if there are two mixtures.
pub(super) fn place_of(plan: &Plan, pigment: usize) -> &'static str {
    let goes =
        |in_scar: bool| plan.dots_to_come().any(|dot| dot.pigment == pigment && dot.in_scar == in_scar);
    match (plan.pigments.len(), goes(true), goes(false)) {
        (2.., true, false) => ", for the scar",
        (2.., false, true) => ", for the skin around",
        _ => "",
    }
}
