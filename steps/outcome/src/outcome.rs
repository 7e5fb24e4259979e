//! Two photographs in, one outcome out.

use stipple_model::{
    AcrossEdge, BeforeAfter, Caveat, Code, Comparability, Deposits, Laid, Outcome, Photo, Plan, Qualified,
    Reading, ScarColors, SeenFrom, UnitsAround, Watch, Weight,
};
use stipple_quantity::{Estimate, PointInPhoto};
use stipple_raster::Mask;
use stipple_raster::morphology::dilate;

use crate::aligned::Aligned;
use crate::change::{ColorChange, EdgeStep, Spot, blue_shift, color_change, edge_profile, unit_density};
use crate::compare::{compared, edges, verdict};
use crate::deposits::{NONE_LOOKS_LIKE, Planned, deposits};
use crate::error::Error;
use crate::frame::Frame;
use crate::laid::laid;
use crate::scene::Scene;
use crate::visible::{Reach, Viewing, Visibility, visible_distance};

/// A photograph with what was read from it.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    /// The photograph.
    pub photo: &'a Photo,
    /// What was read from it.
    pub reading: &'a Reading,
}

/// What is known besides two photographs.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// The plan that was worked by, made on the photograph before.
    pub plan: Option<&'a Plan>,
    /// How many of its sessions are done; all where nobody says.
    pub sessions_done: Option<u32>,
    /// Days from the last session to the photograph after.
    pub days_since_last_session: Option<u32>,
    /// Whether pictures are wanted beside the numbers.
    pub pictures: bool,
}

/// Measures the scar of the photograph before in both photographs.
///
/// With the numbers come both photographs laid on one piece of scalp, if they are wanted.
/// `scar` is white where the scar is, at the size of the photograph before; the same skin is measured after.
///
/// # Errors
/// [`Error::NoScar`]; scar, surroundings or pitch that cannot be measured.
///
/// # Cost
/// About a second of one core: alignment is not in it.
pub fn outcome(
    visits: BeforeAfter<Visit<'_>>,
    aligned: &Aligned,
    scar: &Mask,
    known: &Known<'_>,
    watch: &dyn Watch,
) -> Result<Qualified<(Outcome, Option<Laid>)>, Error> {
    watch.progress("measure", 0.0);
    let frame = Frame::of(visits, aligned, scar)?;
    let planes = frame.planes(visits);
    watch.progress("measure", 0.3);
    let scenes = BeforeAfter { before: planes.before.scene(&frame), after: planes.after.scene(&frame) };
    let days = known.days_since_last_session;
    let edges_mm = scenes.of(edges::width_mm);
    let (facts, mut caveats) = compared(visits, aligned, &frame, edges_mm, days);
    let seen = both(&scenes, |scene| visible_distance(scene, &Viewing::WELL_LIT))?;
    watch.progress("measure", 0.8);
    let colors = both(&scenes, color_change)?;
    let profiles = both(&scenes, edge_profile)?;
    let units = units(visits, aligned, &frame, &scenes)?;
    let dots = |plan| {
        let planned = Planned { plan, sessions_done: known.sessions_done, days, edge_mm: edges_mm.after };
        deposits(visits, aligned, &frame, &planes.after, &planned)
    };
    let deposits = known.plan.map(dots);
    caveats.extend(frame_caveat(&frame));
    caveats.extend(beyond(&seen));
    if let Some(deposits) = &deposits {
        caveats.extend(dots_caveats(deposits.as_ref(), &facts, &units, scenes.before.scar_mm2()));
    }
    let comparability = Comparability { verdict: verdict(&caveats), ..facts };
    watch.progress("measure", 1.0);
    let outcome = Outcome {
        comparability,
        alignment: aligned.facts(),
        scar_area_mm2: scenes.before.scar_mm2(),
        scale_unsure: visits.before.reading.photo.pixel_pitch_um.relative_uncertainty(),
        visible_distance_m: seen.of(|seen| distance_m(&seen.reach, visits.before.reading)),
        visibility: curve(&seen),
        color_difference: colors.of(|change| change.difference),
        colors: colors
            .of(|ColorChange { lab, lab_around, .. }| ScarColors { scar: *lab, around: *lab_around }),
        redness: colors.of(|change| change.redness),
        units,
        edge_profile: across(&profiles),
        blue_shift: bluer(visits, aligned, &frame),
        deposits: deposits.flatten(),
    };
    let laid = known.pictures.then(|| laid(&frame, &planes));
    Ok(Qualified::new((outcome, laid), caveats))
}

/// How far hair that grew anew and lies another way moves a distance from which a bare scar is seen, share, for each of two
/// photographs: 5 to 7 % between them, 10 to 13 % at most (docs/accuracy.md).
const HAIR_LIES: f64 = 0.055;

/// As far as the size of a pixel is known, for things twice as large are seen from twice as far; and as hair happens to lie.
pub(crate) fn distance_m(reach: &Reach, before: &Reading) -> Option<Estimate> {
    let distance = reach.distance_m()?;
    let relative = before.photo.pixel_pitch_um.relative_uncertainty().hypot(HAIR_LIES);
    Some(distance.widened_by(distance.value * relative))
}

fn both<T>(
    scenes: &BeforeAfter<Scene<'_>>,
    of: impl Fn(&Scene<'_>) -> Result<T, Error> + Sync,
) -> Result<BeforeAfter<T>, Error>
where
    T: Send,
{
    let (before, after) = rayon::join(|| of(&scenes.before), || of(&scenes.after));
    Ok(BeforeAfter { before: before?, after: after? })
}

fn units(
    visits: BeforeAfter<Visit<'_>>,
    aligned: &Aligned,
    frame: &Frame,
    scenes: &BeforeAfter<Scene<'_>>,
) -> Result<BeforeAfter<UnitsAround>, Error> {
    let places = visits.of(|visit| unit_places(visit.reading));
    let before: Vec<(f64, f64)> = places.before.iter().map(|p| frame.mm_of(*p)).collect();
    let after: Vec<(f64, f64)> = places.after.iter().filter_map(|p| frame.mm_of_mark(*p, aligned)).collect();
    // Areas go with the square of a pixel's size.
    let relative = 2.0 * visits.before.reading.photo.pixel_pitch_um.relative_uncertainty();
    let counted = |scene: &Scene<'_>, places: &[(f64, f64)], read: &Reading| -> Result<UnitsAround, Error> {
        let density = unit_density(scene, places)?;
        let relative = relative.hypot(counting_relative(read));
        let scaled = |density: Estimate| density.widened_by(density.value * relative);
        let (inside_per_cm2, around_per_cm2) =
            (scaled(density.inside_per_cm2), scaled(density.around_per_cm2));
        Ok(UnitsAround { inside_per_cm2, around_per_cm2 })
    };
    let readings = visits.of(|visit| visit.reading);
    Ok(BeforeAfter {
        before: counted(&scenes.before, &before, readings.before)?,
        after: counted(&scenes.after, &after, readings.after)?,
    })
}

/// How far a reading may have counted too many hairs or too few, relative: its density's uncertainty less the size of a pixel.
fn counting_relative(reading: &Reading) -> f64 {
    let of_pixel = 2.0 * reading.photo.pixel_pitch_um.relative_uncertainty();
    let all = reading.hair.unit_density_per_cm2.map_or(0.0, |density| density.relative_uncertainty());
    (all.powi(2) - of_pixel.powi(2)).max(0.0).sqrt()
}

/// The middle of each unit.
fn unit_places(reading: &Reading) -> Vec<PointInPhoto> {
    let mut sums: std::collections::BTreeMap<usize, (f64, f64, f64)> = std::collections::BTreeMap::new();
    for hair in &reading.hair.detections {
        let sum = sums.entry(hair.unit).or_default();
        *sum = (sum.0 + hair.at.x_px, sum.1 + hair.at.y_px, sum.2 + 1.0);
    }
    sums.into_values().map(|(x, y, n)| PointInPhoto::new(x / n, y / n)).collect()
}

/// b* of what is new in the scar against that of the hair that was there before.
fn bluer(visits: BeforeAfter<Visit<'_>>, aligned: &Aligned, frame: &Frame) -> Option<Estimate> {
    const EDGE_MM: f64 = 1.0;
    let treated = dilate(&frame.scar, EDGE_MM / frame.mm_per_px);
    let detections = &visits.after.reading.hair.detections;
    let mut is_hair = vec![false; detections.len()];
    aligned.pairs().iter().filter(|pair| pair.weight > 0.3).for_each(|pair| is_hair[pair.after] = true);
    let (mut dots, mut hairs) = (Vec::new(), Vec::new());
    for (mark, is_hair) in detections.iter().zip(is_hair) {
        let Some(at_mm) = frame.mm_of_mark(mark.at, aligned) else { continue };
        let spot = Spot { at_mm, lab: mark.lab };
        if is_hair {
            hairs.push(spot);
        } else if treated.contains(at_mm.0 / frame.mm_per_px, at_mm.1 / frame.mm_per_px) {
            dots.push(spot);
        }
    }
    blue_shift(&dots, &hairs)
}

fn curve(seen: &BeforeAfter<Visibility>) -> Vec<SeenFrom> {
    let pairs = seen.before.curve.iter().zip(&seen.after.curve);
    pairs
        .map(|(before, after)| SeenFrom {
            distance_m: before.distance_m,
            detectability: BeforeAfter { before: before.detectability(), after: after.detectability() },
        })
        .collect()
}

fn across(edges: &BeforeAfter<Vec<EdgeStep>>) -> Vec<AcrossEdge> {
    let pairs = edges.before.iter().zip(&edges.after);
    pairs
        .map(|(before, after)| AcrossEdge {
            from_edge_mm: before.from_edge_mm,
            lightness: BeforeAfter { before: before.lightness, after: after.lightness },
        })
        .collect()
}

/// Scar that one of the photographs does not show, or where nobody knows what is where.
fn frame_caveat(frame: &Frame) -> Option<Caveat> {
    let share = frame.shown_share();
    (share < 0.95).then(|| {
        Caveat::new(
            Code::OutcomeAlignment,
            if share < 0.5 { Weight::Blocks } else { Weight::Doubt },
            format!(
                "{:.0} % of the scar is seen, and surely found again, in both photographs; that was measured",
                100.0 * share
            ),
            "show the whole scar with 2 cm of hair around it in both photographs",
        )
    })
}

fn beyond(seen: &BeforeAfter<Visibility>) -> Option<Caveat> {
    let is_beyond = |seen: &Visibility| matches!(seen.reach, Reach::Beyond { .. });
    let which = match (is_beyond(&seen.before), is_beyond(&seen.after)) {
        (true, true) => "before and after",
        (true, false) => "before",
        (false, true) => "after",
        (false, false) => return None,
    };
    Some(Caveat::new(
        Code::OutcomeBeyond,
        Weight::Note,
        format!(
            "{which} the scar is seen from farther than {:.0} m; so far was looked",
            Viewing::WELL_LIT.farthest_m
        ),
        "",
    ))
}

/// New marks in the scar over planned dots that are there, from which the marks are not those of the plan.
const STRANGERS: f64 = 2.0;
/// And so many more.
const STRANGERS_MIN: f64 = 20.0;

/// A share with a wider interval tells little.
const UNSURE: f64 = 0.5;

fn dots_caveats(
    deposits: Option<&Deposits>,
    facts: &Comparability,
    units: &BeforeAfter<UnitsAround>,
    scar_mm2: f64,
) -> Vec<Caveat> {
    let doubt =
        |message: String, remedy: &str| Caveat::new(Code::OutcomeDeposits, Weight::Doubt, message, remedy);
    let Some(deposits) = deposits else {
        let message = "what became of the dots cannot be told: fewer than twenty of them, or of free places between them, are \
                       seen in both photographs";
        return vec![doubt(
            message.to_owned(),
            "show the whole treated scar with hair around it in both photographs",
        )];
    };
    let new = (units.after.inside_per_cm2.value - units.before.inside_per_cm2.value) * scar_mm2 / 100.0;
    let there: f64 = deposits.dots.iter().map(|dot| dot.probability).sum();
    let strangers = (new > STRANGERS * there + STRANGERS_MIN).then(|| {
        Caveat::new(
            Code::OutcomePlan,
            Weight::Doubt,
            format!(
                "{new:.0} new marks are seen in the scar, but only {there:.0} where this plan has dots: another plan was worked \
                 by, or the dots lie beside their places; do not use the share that is told"
            ),
            "give the plan that was worked by, and the photograph it was made on as the one before",
        )
    });
    let share = deposits.retained_fraction.value;
    let none = (share < NONE_LOOKS_LIKE).then(|| {
        doubt(
            format!(
                "about {:.0} of 100 dots seem to be there; as many seem so on scalps without any: there may be none",
                100.0 * share
            ),
            "look at the scar, and at the photograph after, from near",
        )
    });
    let (low, high) = deposits.interval;
    let unsure = (high - low > UNSURE).then(|| {
        doubt(
            format!(
                "between {:.0} and {:.0} of 100 dots are there: too unsure to plan by or to judge by",
                100.0 * low,
                100.0 * high
            ),
            "photograph the treated scar sharply, from 12 pixels per millimetre on, hair clipped as short as before",
        )
    });
    let blurred = facts.sharpness_ratio.is_some_and(|ratio| ratio < 0.75).then(|| {
        doubt(
            "the photograph after is less sharp: dots that are there may not have been seen".to_owned(),
            "photograph the treated scar sharply, from 10 pixels per millimetre on",
        )
    });
    let unseen = (!deposits.unseen.is_empty()).then(|| {
        doubt(
            format!(
                "{} of the planned dots are not shown by both photographs: nothing is known of them, and for the next plan \
                 they count as there",
                deposits.unseen.len()
            ),
            "show the whole treated scar with hair around it in both photographs",
        )
    });
    [strangers, none, unsure, blurred, unseen].into_iter().flatten().collect()
}
