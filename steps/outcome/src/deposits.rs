//! What became of the planned dots.
//!
//! 1. Marks of today's reading are assigned to dots, and to the hairs that stood there before.
//! 2. At each dot (at its mark, or where it should be) a soft spot as wide as this picture shows them is fitted to light,
//!    beside a slope of the skin: `fit`.
//! 3. The same is done at ghosts: dots at places where none was planned. What they find is what a dot that is gone would.
//! 4. Both kinds make up what was found at the planned places: `mixture` tells the share of those that are there, and how
//!    probable it is of each.
//! 5. The light that is missing around both tells what a dot that is there looks like: `look`.

mod expected;
mod fit;
mod look;
mod mixture;
mod sessions;

use stipple_model::{BeforeAfter, Deposits, Dot, DotLook, DotToday, Healing, Plan, Session};
use stipple_points::assignment::{Today, assigned};
use stipple_quantity::{Estimate, PointInPhoto};
use stipple_raster::Grid;

use crate::Visit;
use crate::aligned::Aligned;
use crate::frame::{Frame, Planes};
use expected::Expected;
use fit::Fitting;
use look::{ByDistance, Missing, Place, look};
use mixture::{Known, Told, mixture};

/// How far dots in the scar and around it may differ from one another other than the optics have it (logarithm).
const PARTS_DIFFER: f64 = 0.2;
/// How far a dot lies from where it was planned, along an axis, mm (standard deviation): what previews take for a hand.
const HAND_MM: f64 = 0.15;
/// A mark farther from where it is expected is another's, standard deviations.
const GATE: f64 = 3.2;
/// And farther than this share of the dots' own distance: else everything would hang together.
const GATE_MOST: f64 = 0.45;
/// Fewest dots, and fewest ghosts, that tell.
const DOTS_MIN: usize = 20;
/// How far ghosts stand for dots that are gone, and Student's t for those that are there, share of the dots: what closed loops
/// leave beyond chance (docs/science/outcome.md).
const SYSTEMATIC: f64 = 0.02;
/// So large a share was told of scalps that hold none of the dots: hairs that the first reading missed stand where some were
/// planned (docs/accuracy.md).
pub(crate) const NONE_LOOKS_LIKE: f64 = 0.12;

/// What was planned, and what is known of the photograph after.
pub(crate) struct Planned<'a> {
    pub(crate) plan: &'a Plan,
    /// Sessions that are done; all where it is not said.
    pub(crate) sessions_done: Option<u32>,
    /// Days since the last of them.
    pub(crate) days: Option<u32>,
    /// Width of the steepest edges of the photograph after, mm.
    pub(crate) edge_mm: Option<f64>,
}

/// A dot of a session that is done.
#[derive(Clone, Copy)]
struct Done<'a> {
    dot: &'a Dot,
    /// Number of its session.
    session: u32,
    /// Days since, if they are known.
    days: Option<f64>,
}

impl<'a> Planned<'a> {
    /// The dots of the sessions that are done, with the days since each was made, as far as that is known.
    fn done(&self) -> Vec<Done<'a>> {
        let is_done = |session: &&Session| self.sessions_done.is_none_or(|done| session.number <= done);
        let mut days = self.days.map(f64::from);
        let mut dots: Vec<Done<'a>> = Vec::new();
        // The last session is so many days ago; each tells how long before it the one before was.
        for session in self.plan.sessions.iter().filter(is_done).rev() {
            let number = session.number;
            dots.extend(session.dots.iter().rev().map(|dot| Done { dot, session: number, days }));
            days = days.map(|days| days + f64::from(session.interval_days));
        }
        dots.reverse();
        dots
    }

    /// What the optics expect of those of the dots.
    fn expected(
        &self,
        shown: &[Done<'_>],
        dots: &[Measured],
        counts: impl Fn(&Measured) -> bool,
    ) -> Option<Expected> {
        let counting = shown.iter().zip(dots).filter(|(_, dot)| counts(dot)).map(|(done, _)| *done);
        Expected::of(self.plan, &self.healed(counting)?, self.edge_mm?)
    }

    /// Each dot with the days since; none while any is fresh: those have scabs and redness, which the optics do not know.
    fn healed<'b>(&self, dots: impl Iterator<Item = Done<'b>>) -> Option<Vec<(&'b Dot, f64)>> {
        let is_healed = Healing::after_days(self.days?) != Healing::Fresh;
        let dots: Option<Vec<_>> = dots.map(|done| Some((done.dot, done.days?))).collect();
        dots.filter(|_| is_healed)
    }
}

/// Tells the dots of a plan that are there.
///
/// `None` where fewer than twenty of its dots, or of places without any, are seen in both photographs.
///
/// # Cost
/// About 0.4 ms of CPU a dot (2,208 dots: 0.8 s more than without a plan), most of it for its eight ghosts.
pub(crate) fn deposits(
    visits: BeforeAfter<Visit<'_>>,
    aligned: &Aligned,
    frame: &Frame,
    after: &Planes,
    asked: &Planned<'_>,
) -> Option<Deposits> {
    let in_frame = |p: PointInPhoto| Some(frame.mm_of(p)).filter(|mm| frame.shows(*mm));
    let is_shown =
        |done: &Done<'_>| frame.shows_around(frame.mm_of(done.dot.at_photo), fit::REACH_MM + HAND_MM);
    let (shown, unseen): (Vec<_>, Vec<_>) = asked.done().into_iter().partition(is_shown);
    if shown.len() < DOTS_MIN {
        return None;
    }
    let places: Vec<(f64, f64)> = shown.iter().map(|done| frame.mm_of(done.dot.at_photo)).collect();
    let hairs: Vec<(f64, f64)> =
        visits.before.reading.hair.detections.iter().filter_map(|hair| in_frame(hair.at)).collect();
    let detections = visits.after.reading.hair.detections.iter();
    let marks: Vec<(f64, f64)> = detections.filter_map(|mark| frame.mm_of_mark(mark.at, aligned)).collect();
    let scatter_mm = aligned.scatter_mm().hypot(HAND_MM);
    let gate = (GATE * scatter_mm).min(GATE_MOST * typical_distance(&places));
    let found = assigned(&Today { planned: &places, hairs: &hairs, marks: &marks, gate });
    let center = |at: (f64, f64), mark: Option<usize>| mark.map_or(at, |k| marks[k]);
    let light = Grid::computed(frame.width, frame.height, |k| after.rgb(k)[1]);
    let marked: Vec<(f64, f64)> = found.mark.iter().flatten().map(|k| marks[*k]).collect();
    let fitting = Fitting::best(&light, frame.mm_per_px, &marked);
    // A dot without a mark is looked for as far as hands stray.
    let far_mm = |mark: Option<usize>| if mark.is_some() { fit::NEAR_MM } else { HAND_MM };
    let measured = |at: (f64, f64), mark: Option<usize>| {
        let spot = fitting.best_at(center(at, mark), far_mm(mark));
        Measured {
            contrast: spot.as_ref().map_or(0.0, |spot| spot.contrast),
            missing: spot.and_then(|spot| Missing::around(spot.middle_mm, frame, after)),
            in_scar: frame.is_treated(at),
        }
    };
    let dots: Vec<Measured> = places.iter().zip(&found.mark).map(|(at, mark)| measured(*at, *mark)).collect();
    let ghosts = found.ghosts.iter().filter(|ghost| frame.shows_around(ghost.at, fit::REACH_MM + HAND_MM));
    let ghosts: Vec<Measured> = ghosts.map(|ghost| measured(ghost.at, ghost.mark)).collect();
    if ghosts.len() < DOTS_MIN {
        return None;
    }
    let known = [true, false].map(|in_scar| {
        let expected = asked.expected(&shown, &dots, |dot| dot.in_scar == in_scar)?;
        expected.fitted(|profile| fitting.fitted(profile))
    });
    let told = told(&dots, &ghosts, known);
    let retained_fraction = estimate((told.share, told.uncertainty));
    let limit = |k: f64| (told.share + 1.96 * k * retained_fraction.standard_uncertainty).clamp(0.0, 1.0);
    let look = look_of(asked, &shown, (&dots, &told), &ghosts);
    let mm2 = look.as_ref().and_then(|look| per_contrast_mm2(&dots, &told, look));
    let today = |(k, probability): (usize, &f64)| DotToday {
        at: shown[k].dot.at_photo,
        probability: *probability,
        contrast_mm2: mm2.map(|mm2| mm2 * dots[k].contrast),
    };
    let dots_today: Vec<DotToday> = told.probability.iter().enumerate().map(today).collect();
    Some(Deposits {
        planned: shown.len(),
        unseen: unseen.iter().map(|done| done.dot.at_photo).collect(),
        found: dots_today.iter().filter(|dot| dot.probability > 0.5).count(),
        retained_fraction,
        interval: (limit(-1.0), limit(1.0)),
        in_scar: told.parts[0].map(estimate),
        around: told.parts[1].map(estimate),
        by_session: sessions::by_session(&shown, &dots, &told),
        look,
        dots: dots_today,
    })
}

/// A share with its standard uncertainty and what stays; what may be none is no surer than that.
fn estimate((share, uncertainty): (f64, f64)) -> Estimate {
    let none = if share < NONE_LOOKS_LIKE { share / 1.96 } else { 0.0 };
    Estimate::new(share, uncertainty.hypot(SYSTEMATIC).max(none))
}

/// How dots look, beside what is expected of the same ones.
fn look_of(
    asked: &Planned<'_>,
    shown: &[Done<'_>],
    (dots, told): (&[Measured], &Told),
    ghosts: &[Measured],
) -> Option<DotLook> {
    let there = dots.iter().zip(&told.probability).filter(|(dot, _)| dot.in_scar);
    let in_scar_alone = there.map(|(_, p)| p).sum::<f64>() >= DOTS_MIN as f64;
    let expected = asked.expected(shown, dots, |dot| dot.in_scar || !in_scar_alone);
    let profile = expected.as_ref().map(Expected::profile);
    let ghosts = ghosts.iter().map(|ghost| (ghost, None));
    let places = dots.iter().zip(&told.probability).map(|(dot, p)| (dot, Some(*p))).chain(ghosts);
    let places: Vec<Place> = places.filter_map(|(one, p)| one.place(p)).collect();
    let look = look(&places, in_scar_alone, profile.as_ref().map(|profile| profile as &ByDistance))?;
    Some(DotLook { expected: expected.and_then(|expected| expected.look()), ..look })
}

/// What is seen of a dot over all of its area for every unit of the contrast that was fitted, mm²: one factor a picture,
/// because the spot that was fitted is not quite as dots are. None where no contrast was.
fn per_contrast_mm2(dots: &[Measured], told: &Told, look: &DotLook) -> Option<f64> {
    let weighted = |of: fn(&Measured) -> f64| -> f64 {
        dots.iter().zip(&told.probability).map(|(dot, p)| p * of(dot)).sum()
    };
    let fitted = weighted(|dot| dot.contrast);
    (fitted > 0.0).then(|| look.contrast_mm2[1].value * weighted(|_| 1.0) / fitted)
}

/// What was fitted at a place.
#[derive(Clone, Copy)]
struct Measured {
    /// Of the spot that was fitted.
    contrast: f64,
    missing: Option<Missing>,
    in_scar: bool,
}

impl Measured {
    /// What was looked at of a dot that is there with a probability, or of a ghost.
    fn place(&self, probability: Option<f64>) -> Option<Place> {
        let (is_dot, probability) = (probability.is_some(), probability.unwrap_or(0.0));
        self.missing.map(|missing| Place { missing, is_dot, probability, in_scar: self.in_scar })
    }
}

/// Tells dots in the scar and around it apart where there are enough of both: among hair other things are found where
/// a dot is gone.
fn told(dots: &[Measured], ghosts: &[Measured], known: [Option<Known>; 2]) -> Told {
    let densities = |all: &[Measured], holds: &dyn Fn(&Measured) -> bool| -> Vec<f64> {
        all.iter().filter(|one| holds(one)).map(|one| one.contrast).collect()
    };
    let parts = [true, false].map(|in_scar| {
        let here = |one: &Measured| one.in_scar == in_scar;
        (densities(dots, &here), densities(ghosts, &here))
    });
    let enough = |(dots, ghosts): &(Vec<f64>, Vec<f64>)| {
        dots.is_empty() || (dots.len() >= DOTS_MIN && ghosts.len() >= DOTS_MIN)
    };
    if !parts.iter().all(enough) {
        return mixture(&densities(dots, &|_| true), &densities(ghosts, &|_| true), known[0].or(known[1])).0;
    }
    let [(scar_dots, scar_ghosts), (other_dots, other_ghosts)] = parts;
    let (mut inside, mean) =
        (!scar_dots.is_empty()).then(|| mixture(&scar_dots, &scar_ghosts, known[0])).unzip();
    // In the bare scar dots are told best: those around differ from them as the optics have it.
    let is_sure =
        inside.as_ref().is_some_and(|told| told.share * scar_dots.len() as f64 > DOTS_MIN as f64 / 2.0);
    let from_scar = mean.filter(|_| is_sure).zip(known[0]).zip(known[1]).map(|((mean, scar), around)| {
        Known { mean: mean.mean * around.mean / scar.mean, log_spread: mean.log_spread.hypot(PARTS_DIFFER) }
    });
    let mut around =
        (!other_dots.is_empty()).then(|| mixture(&other_dots, &other_ghosts, from_scar.or(known[1])).0);
    let shares = [&inside, &around].map(|part| part.as_ref().map(|part| (part.share, part.uncertainty)));
    let weight = |part: &Option<Told>| part.as_ref().map_or(0.0, |part| part.probability.len() as f64);
    let (own, other) = (weight(&inside) / dots.len() as f64, weight(&around) / dots.len() as f64);
    let of = |pick: fn(&Told) -> f64| [&inside, &around].map(|part| part.as_ref().map_or(0.0, pick));
    let ([a, b], [u, v]) = (of(|part| part.share), of(|part| part.uncertainty));
    let (share, uncertainty) = (own * a + other * b, (own * u).hypot(other * v));
    let mut probabilities = [&mut inside, &mut around].map(|part| {
        part.as_mut().map(|part| std::mem::take(&mut part.probability)).unwrap_or_default().into_iter()
    });
    let next = |dot: &Measured| probabilities[usize::from(!dot.in_scar)].next().expect("one for every dot");
    Told { share, uncertainty, probability: dots.iter().map(next).collect(), parts: shares }
}

/// Median distance of dots to their nearest neighbor, mm.
fn typical_distance(places: &[(f64, f64)]) -> f64 {
    let index = stipple_points::index::CellIndex::new(places);
    let nearest = places.iter().enumerate().filter_map(|(k, at)| Some(index.nearest(*at, Some(k))?.1));
    let mut all: Vec<f64> = nearest.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(1.0).max(0.1)
}
