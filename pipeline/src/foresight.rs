//! From how far away the scar will be seen: simulations of the plan, looked at as photographs of results are.

use rayon::prelude::*;
use stipple_model::{
    Caveat, Code, Course, Expectation, Moment, Photo, Plan, Qualified, Reading, Unwatched, View, Watch,
    Weight,
};
use stipple_outcome::foreseen::{Foreseen, likely_of};
use stipple_preview::{Canvas, Part, repaint};
use stipple_quantity::Estimate;

use crate::error::Error;

/// When the scar is looked at, as the expectation has it.
const THEN: [Moment; 2] = [Moment::Healed, Moment::Year2];

/// What the plan expects, with the distances from which the scar is seen today, healed and later; why not, if not. Nothing where
/// no dot is planned.
///
/// # Errors
/// If the watcher stops the work.
pub(crate) fn with_distances(
    expected: Qualified<Expectation>,
    photo: &Photo,
    (reading, plan): (&Reading, &Plan),
    watch: &dyn Watch,
) -> Result<Qualified<Expectation>, Error> {
    if plan.dots().next().is_none() {
        return Ok(expected);
    }
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
    watch.progress("foresee", 0.0);
    let foreseen = Foreseen::of(reading)?;
    let canvas = Canvas::new(photo, Part::whole(photo), photo.width_px)?;
    let views = THEN.map(|moment| Course::ALL.map(|course| View { course, ..View::at(moment) }));
    let seen = views.as_flattened().par_iter().map(|view| {
        if watch.stopped() {
            return Err(stipple_preview::Error::Stopped.into());
        }
        let painted = repaint(&canvas, plan, view, None, &Unwatched)?.value;
        let mark = painted.footprint.mark();
        let hidden = mark.top_px..mark.top_px + mark.height_px;
        Ok((foreseen.in_simulation(&painted.simulation, &hidden)?, hidden))
    });
    let seen: Vec<_> = seen.collect::<Result<_, Error>>()?;
    watch.progress("foresee", 0.9);
    // What a mark covers is not looked at without it either.
    let today = foreseen.in_photo(photo, &seen[0].1)?;
    let at = |first: usize| likely_of([0, 1, 2].map(|k| seen[first + k].0));
    Ok([today, at(0), at(3)])
}
