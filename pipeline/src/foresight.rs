//! From how far away the scar will be seen: simulations of the plan, looked at as photographs of results are.

use std::ops::Range;

use stipple_model::{
    Caveat, Code, Course, Expectation, Moment, Photo, Plan, Qualified, Reading, Unwatched, View, Watch,
    Weight,
};
use stipple_outcome::foreseen::{Foreseen, likely_of};
use stipple_preview::{Canvas, Part, repaint};
use stipple_quantity::Estimate;

use crate::error::Error;

/// What the plan expects, with the distances from which the scar is seen today, healed and later; why not, if not.
///
/// # Errors
/// If the watcher stops the work.
pub(crate) fn with_distances(
    expected: Qualified<Expectation>,
    photo: &Photo,
    (reading, plan): (&Reading, &Plan),
    watch: &dyn Watch,
) -> Result<Qualified<Expectation>, Error> {
    let Qualified { mut value, mut caveats } = expected;
    match distances(photo, reading, plan, watch) {
        Ok([today, healed, later]) => {
            (value.visible_distance_today_m, value.visible_distance_m) = (today, healed);
            let moments = value.over_time.iter_mut().zip([healed, later]);
            moments.for_each(|(then, metres)| then.visible_distance_m = metres);
            caveats.extend(
                healed
                    .is_none()
                    .then(|| untold("the scar is seen from more than 100 m, and no farther was looked")),
            );
        }
        Err(error @ Error::Preview(stipple_preview::Error::Stopped)) => return Err(error),
        Err(error) => caveats.push(untold(&error.to_string())),
    }
    Ok(Qualified::new(value, caveats))
}

/// Said where no distance is told.
pub(crate) fn untold(why: &str) -> Caveat {
    let message =
        format!("Not predicted for the healed result: the distance from which the scar can be seen ({why}).");
    Caveat::new(Code::AssessDistance, Weight::Note, message, "Judge by healed test dots on this skin.")
}

/// Today, healed, and after two years.
fn distances(
    photo: &Photo,
    reading: &Reading,
    plan: &Plan,
    watch: &dyn Watch,
) -> Result<[Option<Estimate>; 3], Error> {
    let foreseen = Foreseen::of(reading)?;
    let canvas = Canvas::new(photo, Part::whole(photo), photo.width_px)?;
    let mut hidden = 0..0;
    let mut then = |moment: Moment, from: f64| -> Result<Option<Estimate>, Error> {
        let mut seen = [None; 3];
        // One after the other: each holds a picture.
        for (k, course) in Course::ALL.into_iter().enumerate() {
            watch.progress("foresee", from + 0.15 * k as f64);
            if watch.stopped() {
                return Err(stipple_preview::Error::Stopped.into());
            }
            let painted =
                repaint(&canvas, plan, &View { course, ..View::at(moment) }, None, &Unwatched)?.value;
            let mark = painted.footprint.mark();
            hidden = mark.top_px..mark.top_px + mark.height_px;
            seen[k] = foreseen.in_simulation(&painted.simulation, &hidden)?;
        }
        Ok(likely_of(seen))
    };
    let (healed, later) = (then(Moment::Healed, 0.0)?, then(Moment::Year2, 0.45)?);
    let hidden: Range<usize> = hidden;
    Ok([foreseen.in_photo(photo, &hidden)?, healed, later])
}
