//! The plan.

use stipple_color::Lab;
use stipple_model::{After, Drawn, Plan, Protocol, Qualified, Reading, Watch};
use stipple_quantity::Seed;

use crate::after::{self, Earlier};
use crate::check;
use crate::error::Error;
use crate::finish::nothing;
use crate::memory::Memory;
use crate::site::Site;

/// How to plan, apart from the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOptions {
    /// The same seed gives the same dots.
    pub seed: Seed,
    /// What to treat besides the scars.
    pub drawn: Drawn,
    /// An earlier plan of the same reading, protocol and drawing of which some sessions are done: the rest is planned around
    /// the dots that healed.
    pub after: Option<After>,
}

/// Plans every dot over every scar of a reading, and in what was drawn.
///
/// | | meaning |
/// |---|---|
/// | in | reading in photograph pixels with its map to millimetres, protocol, drawn areas, seed |
/// | out | dots in working order, session by session, with the caveats of planning (not the reading's) |
///
/// After some sessions of an earlier plan, dots that healed stay where they were seen, and the later sessions complete the
/// pattern around them: as many dots in every area as it was to have, what was lost made again.
///
/// Without a scar and a drawing the plan is empty and says so in a caveat that blocks.
///
/// # Errors
/// If places are not finite, larger than a head, a drawing cannot be followed, a setting of the protocol makes no
/// sense, or what is said of an earlier plan does not fit it.
///
/// # Determinism
/// Reading, protocol, drawing and seed decide everything.
///
/// # Cost
/// About 0.1 s for a strip scar with 1,000 dots.
pub fn plan(
    reading: &Reading,
    protocol: &Protocol,
    options: &PlanOptions,
    watch: &dyn Watch,
) -> Result<Qualified<Plan>, Error> {
    plan_again(reading, protocol, options, &mut Memory::default(), watch)
}

/// The same plan, sooner where a plan of the same reading was made before with this memory.
///
/// # Errors
/// As [`plan()`].
///
/// # Cost
/// About a tenth of [`plan()`] where the soft edge and the drawing are those of the plan before.
pub fn plan_again(
    reading: &Reading,
    protocol: &Protocol,
    options: &PlanOptions,
    memory: &mut Memory,
    watch: &dyn Watch,
) -> Result<Qualified<Plan>, Error> {
    check::protocol(protocol)?;
    check::reading(reading)?;
    if reading.scars.is_empty() && options.drawn.is_empty() {
        // Because dots that healed are not to be forgotten where only a drawing is.
        if let Some(after) = &options.after {
            after::check::all(after, reading, &options.drawn, 0.0)?;
        }
        return Ok(nothing(reading, protocol));
    }
    watch.progress("plan", 0.0);
    let site = Site::new(reading, protocol, &options.drawn, options.seed, memory)?;
    pause(watch, 0.3)?;
    let earlier = match &options.after {
        Some(after) => Earlier::of(after, &site)?,
        None => Earlier::nothing(&site.density, protocol),
    };
    // Neither needs the other.
    let (field, placed) = rayon::join(|| site.field(), || site.placed(&earlier));
    let placed = placed?;
    pause(watch, 0.7)?;
    let plan = site.filled(&field, placed, &earlier);
    pause(watch, 1.0)?;
    Ok(plan)
}

fn pause(watch: &dyn Watch, share: f64) -> Result<(), Error> {
    watch.progress("plan", share);
    if watch.stopped() { Err(Error::Stopped) } else { Ok(()) }
}

/// Whether a color's numbers are all finite.
pub(crate) fn is_finite(lab: Lab) -> bool {
    lab.l.is_finite() && lab.a.is_finite() && lab.b.is_finite()
}

#[cfg(test)]
pub(crate) mod tests;
