//! The dots as a table (CSV) for other programs and machines: one row a dot, in working order.

use std::fmt::Write as _;

use stipple_model::Plan;
use stipple_quantity::PointInPhoto;

/// Names of the columns; units end them.
const HEAD: &str = "session,number,zone,minute,x_mm,y_mm,x_px,y_px,diameter_um,depth_min_mm,depth_max_mm,pigment,dilution,in_scar,done";

/// The plan's dots as CSV (RFC 4180), UTF-8.
///
/// | column | meaning |
/// |---|---|
/// | session | 1, 2, 3 … |
/// | number | 1, 2, 3 … within the session, in working order |
/// | zone | the patch of scalp that it is made with, the same in every session |
/// | minute | minutes under the needle since the session began when it is made, by the protocol's dots a minute |
/// | x_mm, y_mm | place on the flattened scalp, as on the stencil's rulers |
/// | x_px, y_px | place in the upright photograph; centers of pixels are at +0.5 |
/// | diameter_um | diameter when fresh |
/// | depth_min_mm, depth_max_mm | needle depth from the surface |
/// | pigment, dilution | the pigment's id; parts of diluent to one part of it |
/// | in_scar | 1 in scar skin, else 0 |
/// | done | 1 for dots that healed in sessions that are done, 0 for those to come |
///
/// # Determinism
/// The same plan gives the same text.
///
/// # Panics
/// If a dot points to no pigment: that is our own bug.
pub fn dots_csv(plan: &Plan) -> String {
    let mut csv = format!("{HEAD}\r\n");
    let mixtures: Vec<String> =
        plan.pigments.iter().map(|p| format!("{},{}", field(&p.pigment.id), p.dilution)).collect();
    for (number, session) in plan.sessions.iter().enumerate() {
        let done = u8::from(number < plan.sessions_done);
        for (k, dot) in session.dots.iter().enumerate() {
            let _ = write!(
                csv,
                "{},{},{},{:.1},{:.3},{:.3},{:.2},{:.2},{:.0},{:.2},{:.2},{},{},{done}\r\n",
                session.number,
                k + 1,
                dot.zone,
                plan.minutes(k),
                dot.at_scalp.x_mm,
                dot.at_scalp.y_mm,
                dot.at_photo.x_px,
                dot.at_photo.y_px,
                dot.diameter_um,
                dot.needle_depth_mm[0],
                dot.needle_depth_mm[1],
                mixtures[dot.pigment],
                u8::from(dot.in_scar),
            );
        }
    }
    csv
}

/// Places in pixels of a photograph as CSV: the header `x,y`, then one row a place.
pub fn places_csv(places: &[PointInPhoto]) -> String {
    let mut csv = "x,y\r\n".to_owned();
    for place in places {
        let _ = write!(csv, "{:.3},{:.3}\r\n", place.x_px, place.y_px);
    }
    csv
}

/// A text that stays one field, and that no spreadsheet takes for a formula.
fn field(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let begins_plainly = text.starts_with(char::is_alphanumeric);
    if begins_plainly && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let guard = if begins_plainly { "" } else { "'" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::example;

    #[test]
    fn every_dot_is_a_row_in_working_order() {
        let plan = example::plan();
        let csv = dots_csv(&plan);
        let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        assert_eq!(rows.len(), 1 + plan.dots().count());
        let first = &plan.sessions[0].dots[0];
        assert_eq!(rows[1][..4], ["1", "1", &first.zone.to_string(), "0.0"]);
        assert_eq!(rows[1][4], format!("{:.3}", first.at_scalp.x_mm));
        let last = rows.last().expect("a row");
        let minutes: f64 = last[3].parse().expect("a number");
        let expected = plan.minutes(plan.sessions[2].dots.len());
        assert!(last[0] == "3" && minutes <= expected && minutes > 0.9 * expected);
    }

    #[test]
    fn a_strangers_word_stays_one_harmless_field() {
        assert_eq!(field("carbon-black"), "carbon-black");
        assert_eq!(field("a,\"b\"\r\nc"), "\"a,\"\"b\"\"\r\nc\"");
        assert_eq!(field("=1+1"), "\"'=1+1\"");
        let mut plan = example::plan();
        plan.sessions.clear();
        assert_eq!(dots_csv(&plan), format!("{HEAD}\r\n"));
    }
}
