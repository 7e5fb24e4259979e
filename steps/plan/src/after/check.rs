//! What cannot be said of an earlier plan.

use stipple_model::{After, Reading};

use crate::error::Error;

/// So many times the dots that were made may be seen: a hair or two is taken for a dot.
const SEEN_MOST: f64 = 1.1;
/// The plan may have so many times more or fewer dots than the reading asks for: some found no place.
const OTHER_PLAN: f64 = 0.1;
/// A few dots more or less mean nothing.
const FEW: f64 = 5.0;

const TABLE: &str = "the table of healed dots";

/// Refuses what cannot be true; `expected` is how many dots the reading asks for.
pub(crate) fn all(after: &After, reading: &Reading, expected: f64) -> Result<(), Error> {
    plan(after, reading, expected)?;
    sessions(after)?;
    healed(after)
}

/// The plan has to be one of this reading.
fn plan(after: &After, reading: &Reading, expected: f64) -> Result<(), Error> {
    const WHAT: &str = "the earlier plan";
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
    let dots = plan.dots().count();
    if (dots as f64 - expected).abs() > OTHER_PLAN * expected + FEW {
        return Err(refused(
            WHAT,
            format!("has {dots} dots where this reading, protocol and drawing ask for {expected:.0}"),
            "the reading, protocol and drawing that the plan was made from; give the same files again"
                .to_owned(),
        ));
    }
    Ok(())
}

fn sessions(after: &After) -> Result<(), Error> {
    let all = after.plan.sessions.len();
    if (1..=all).contains(&(after.sessions_done as usize)) {
        return Ok(());
    }
    Err(refused(
        "the number of sessions done",
        format!("is {}", after.sessions_done),
        format!("a session of the plan, 1 to {all}; say how many are done and healed"),
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
            format!("about {made} at most; leave out hairs, moles and dots of other treatments"),
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
        format!("lies {off_mm:.1} mm from the dots that were made, in the median"),
        format!(
            "{most_mm} mm at most; mark the dots on the photograph of the plan, or bring the new photograph onto it first"
        ),
    ))
}

fn refused(what: &'static str, found: String, needed: String) -> Error {
    Error::After { what, found, needed }
}
