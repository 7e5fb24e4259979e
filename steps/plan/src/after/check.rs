//! What cannot be said of an earlier plan.

use stipple_model::{After, Drawn, Reading};
use stipple_quantity::PointInPhoto;

use crate::error::Error;

/// So many times the dots that were made may be seen: a hair or two is taken for a dot.
const SEEN_MOST: f64 = 1.1;
/// The plan may have so many times more or fewer dots than the reading asks for: some found no place.
const OTHER_PLAN: f64 = 0.1;
/// So far apart two maps of one photograph may put a place, mm: files round.
const OTHER_MAP_MM: f64 = 0.05;
/// So far apart the places of one drawing may be, px: files round.
const OTHER_DRAWING_PX: f64 = 1.0;
/// A few dots more or less mean nothing.
const FEW: f64 = 5.0;

const TABLE: &str = "the table of healed dots";

/// Refuses what cannot be true; `expected` is how many dots reading, protocol and drawing ask for.
pub(crate) fn all(after: &After, reading: &Reading, drawn: &Drawn, expected: f64) -> Result<(), Error> {
    plan(after, reading, drawn, expected)?;
    sessions(after)?;
    healed(after)
}

/// The plan has to be one of this reading.
fn plan(after: &After, reading: &Reading, drawn: &Drawn, expected: f64) -> Result<(), Error> {
    const WHAT: &str = "the earlier plan";
    const SAME: &str =
        "the reading, protocol and drawing that the plan was made from; give the same files again";
    let plan = &after.plan;
    let size = (plan.photo_width_px, plan.photo_height_px);
    if size != (reading.photo.width_px, reading.photo.height_px) {
        return Err(refused(
            WHAT,
            format!("was made on a photograph of {} × {} px", size.0, size.1),
            format!(
                "one of {} × {} px, as the reading's; give the reading that the plan was made from",
                reading.photo.width_px, reading.photo.height_px
            ),
        ));
    }
    let (one, two) = (&plan.scalp_from_photo, &reading.photo.scalp_from_photo);
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
    let corners = corners.map(|(x, y)| PointInPhoto::new(x * size.0 as f64, y * size.1 as f64));
    let off_mm = corners.iter().map(|p| one.apply(*p).distance_mm(&two.apply(*p))).fold(0.0, f64::max);
    if off_mm > OTHER_MAP_MM {
        let found =
            format!("puts the photograph's corners up to {off_mm:.1} mm from where this reading does");
        return Err(refused(WHAT, found, SAME.to_owned()));
    }
    if !is_same_drawing(&plan.drawn_lines, &drawn.lines()) {
        return Err(refused(
            WHAT,
            "was made with another drawing, or one with none".to_owned(),
            SAME.to_owned(),
        ));
    }
    let dots = plan.dots().count();
    // One that was itself made after sessions holds what healed and what there was room for.
    let is_first = plan.sessions_done == 0;
    if is_first && (dots as f64 - expected).abs() > OTHER_PLAN * expected + FEW {
        let found = format!("has {dots} dots where this reading, protocol and drawing ask for {expected:.0}");
        return Err(refused(WHAT, found, SAME.to_owned()));
    }
    Ok(())
}

fn is_same_drawing(one: &[Vec<PointInPhoto>], two: &[Vec<PointInPhoto>]) -> bool {
    let near = |(p, q): (&PointInPhoto, &PointInPhoto)| {
        (p.x_px - q.x_px).abs().max((p.y_px - q.y_px).abs()) <= OTHER_DRAWING_PX
    };
    let is_same_line =
        |(a, b): (&Vec<PointInPhoto>, &Vec<PointInPhoto>)| a.len() == b.len() && a.iter().zip(b).all(near);
    one.len() == two.len() && one.iter().zip(two).all(is_same_line)
}

fn sessions(after: &After) -> Result<(), Error> {
    let (least, all) = (after.plan.sessions_done.max(1), after.plan.sessions.len());
    if (least..=all).contains(&(after.sessions_done as usize)) {
        return Ok(());
    }
    let known =
        if after.plan.sessions_done > 0 { " (the plan holds healed dots of those before)" } else { "" };
    Err(refused(
        "the number of sessions done",
        format!("is {}", after.sessions_done),
        format!("a session of the plan, {least} to {all}{known}; say how many are done and healed"),
    ))
}

fn healed(after: &After) -> Result<(), Error> {
    let (width, height) = (after.plan.photo_width_px as f64, after.plan.photo_height_px as f64);
    let all = after.healed.len();
    let is_in = |x: f64, y: f64| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
    let outside = after.healed.iter().filter(|p| !is_in(p.x_px, p.y_px)).count();
    if outside > 0 {
        return Err(refused(
            TABLE,
            format!("lies outside the photograph of {width} × {height} px with {outside} of its {all} places"),
            "places inside it, in pixels from its upper left corner; mark the dots on the photograph of the plan"
                .to_owned(),
        ));
    }
    let made: usize =
        after.plan.sessions.iter().take(after.sessions_done as usize).map(|s| s.dots.len()).sum();
    if all as f64 > SEEN_MOST * made as f64 + FEW {
        return Err(refused(
            TABLE,
            format!("holds {all} dots where {made} were made"),
            format!(
                "about {made} at most; leave out hairs, moles and dots of other treatments, and say how many sessions are done \
                 (--done), here and to the outcome that told the dots"
            ),
        ));
    }
    Ok(())
}

/// Refuses dots that do not lie where dots were made: `off_mm` is how far off the middle one is.
pub(crate) fn places(off_mm: f64, most_mm: f64) -> Result<(), Error> {
    if off_mm <= most_mm {
        return Ok(());
    }
    Err(refused(
        TABLE,
        format!("lies {off_mm:.2} mm from the dots that were made, in the median"),
        format!(
            "{most_mm} mm at most; mark the dots on the photograph of the plan, or bring the new photograph onto it first"
        ),
    ))
}

fn refused(what: &'static str, found: String, needed: String) -> Error {
    Error::After { what, found, needed }
}
