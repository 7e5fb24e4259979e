//! Two photographs, before and after, to what the treatment did.

use stipple_model::{
    BeforeAfter, Caveat, Code, Comparable, Laid, Outcome, Photo, Qualified, Reading, ReadingMaps, Watch,
    Weight,
};
use stipple_outcome::{Aligned, Known, Visit};
use stipple_quantity::PointInPhoto;
use stipple_record::document::{OutcomeInput, outcome_pdf, outcome_png};
use stipple_record::{Provenance, SOFTWARE, Setting, format, places, store, table};

use crate::error::Error;
use crate::settings::{PhotoRequest, Settings};
use crate::single::{photo, reading, require_same_photo};

/// Two photographs with what is known about them.
#[derive(Clone, Debug)]
pub struct OutcomeRequest {
    /// Before; its scar mask and scribbles say where the scar is.
    pub before: PhotoRequest,
    /// After.
    pub after: PhotoRequest,
    /// Bytes of the `plan.json` that was worked by, made on the photograph before.
    pub plan: Option<Vec<u8>>,
    /// How many of its sessions are done; all where nobody says.
    pub sessions_done: Option<u32>,
    /// Whether the dots for the next plan are wanted.
    pub healed: bool,
    /// Bytes of a table of places to be found again (CSV, header `x,y`, pixels of the photograph before).
    pub map: Option<Vec<u8>>,
    /// Days from the last session to the photograph after.
    pub days_since_last_session: Option<u32>,
    /// Whether the page is wanted as a picture, and as PDF.
    pub pages: Pages,
}

/// In which forms the page is wanted: each takes time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pages {
    /// As PNG.
    pub png: bool,
    /// As PDF.
    pub pdf: bool,
}

/// What [`outcome`] gives.
pub struct OutcomeFiles {
    /// `stipple/outcome/1`.
    pub outcome_json: String,
    /// The places of the map in pixels of the photograph after, row by row; empty without a map.
    pub mapped_csv: String,
    /// The dots for the next plan, a table of places; empty if it was not wanted.
    pub healed_csv: String,
    /// The page as a picture, PNG; empty if it was not wanted.
    pub figure_png: Vec<u8>,
    /// The page, and all doubts, as PDF; empty if it was not wanted.
    pub report_pdf: Vec<u8>,
    /// What is doubtful.
    pub caveats: Vec<Caveat>,
    /// What came out, in one line.
    pub summary: String,
}

/// Photographs before and after → outcome.
///
/// # Errors
/// Photographs, a plan or a table that cannot be used, or photographs that do not show the same scalp.
///
/// # Determinism
/// Same bytes in: same files, with any number of threads.
pub fn outcome(
    request: &OutcomeRequest,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<OutcomeFiles, Error> {
    let OutcomeRequest { before, plan, map, pages, .. } = request;
    let plan = plan.as_ref().map(|json| plan_of(json, &before.bytes)).transpose()?;
    require_sessions(plan.as_ref(), request.sessions_done)?;
    let map = map.as_ref().map(|csv| places::places_from_csv("map", csv, places::DOTS_MAX)).transpose()?;
    let (taken, aligned, made) = compared(request, plan.as_ref(), pages.png || pages.pdf, watch)?;
    require_inside(map.as_deref().unwrap_or_default(), &taken.before.photo)?;
    let mapped = map.as_ref().map(|places| mapped(places, &aligned));
    let caveats =
        [read_caveats(&taken), mapped.iter().flat_map(|m| m.caveats.clone()).collect(), made.caveats];
    let (outcome, laid) = made.value;
    let made = Qualified::new(outcome, caveats.concat());
    watch.progress("write", 0.0);
    let healed_csv = if request.healed { healed_csv(&made)? } else { String::new() };
    let (figure_png, report_pdf) =
        laid.map(|laid| pages_of(&made, &laid, request, settings)).unwrap_or_default();
    Ok(OutcomeFiles {
        outcome_json: format::outcome_to_json(&made, &request.provenance(settings)),
        mapped_csv: mapped.map(|mapped| table::places_csv(&mapped.value)).unwrap_or_default(),
        healed_csv,
        figure_png,
        report_pdf,
        summary: summary(&made),
        caveats: made.caveats,
    })
}

/// A photograph with its gray made gray is what is laid: by what its light was multiplied.
pub(crate) type WhiteGain = BeforeAfter<[f64; 3]>;

/// Both photographs laid on one piece of scalp, with what was measured; no plan is looked at.
pub(crate) fn laid(
    request: &OutcomeRequest,
    watch: &dyn Watch,
) -> Result<(Qualified<Outcome>, Laid, WhiteGain), Error> {
    let (taken, _, made) = compared(request, None, true, watch)?;
    let caveats = [read_caveats(&taken), made.caveats].concat();
    let (outcome, laid) = made.value;
    let white_gain = taken.of(|taken| taken.reading.value.white_gain);
    Ok((Qualified::new(outcome, caveats), laid.expect("pictures were wanted"), white_gain))
}

/// Both photographs, how the one lies in the other, and what was measured.
type Compared = (BeforeAfter<Taken>, Aligned, Qualified<(Outcome, Option<Laid>)>);

fn compared(
    request: &OutcomeRequest,
    plan: Option<&stipple_model::Plan>,
    pictures: bool,
    watch: &dyn Watch,
) -> Result<Compared, Error> {
    let OutcomeRequest { before, after, sessions_done, days_since_last_session, .. } = request;
    let (before, after) = rayon::join(|| taken(before, watch), || taken(after, &Stopping(watch)));
    let taken = BeforeAfter { before: before?, after: after? };
    watch.progress("align", 0.0);
    let aligned =
        Aligned::of(BeforeAfter { before: &taken.before.reading.value, after: &taken.after.reading.value })?;
    let visits = BeforeAfter { before: taken.before.visit(), after: taken.after.visit() };
    let (sessions_done, days_since_last_session) = (*sessions_done, *days_since_last_session);
    let known = Known { plan, sessions_done, days_since_last_session, pictures };
    let made = stipple_outcome::outcome(visits, &aligned, &taken.before.maps.scar_mask, &known, watch)?;
    Ok((taken, aligned, made))
}

/// The page as PNG and as PDF, each if it is wanted.
fn pages_of(
    made: &Qualified<Outcome>,
    laid: &Laid,
    request: &OutcomeRequest,
    settings: &Settings,
) -> (Vec<u8>, Vec<u8>) {
    let photos = BeforeAfter { before: &request.before, after: &request.after };
    let hashes = photos.of(|photo| store::sha256_hex(&photo.bytes));
    let page = OutcomeInput {
        outcome: &made.value,
        laid,
        caveats: &made.caveats,
        made_on: Some(settings.today),
        software: SOFTWARE,
        sha256_short: BeforeAfter { before: &hashes.before[..12], after: &hashes.after[..12] },
    };
    let Pages { png, pdf } = request.pages;
    (if png { outcome_png(&page) } else { Vec::new() }, if pdf { outcome_pdf(&page) } else { Vec::new() })
}

/// A photograph with what was read from it.
struct Taken {
    photo: Photo,
    reading: Qualified<Reading>,
    maps: ReadingMaps,
}

impl Taken {
    fn visit(&self) -> Visit<'_> {
        Visit { photo: &self.photo, reading: &self.reading.value }
    }
}

fn taken(request: &PhotoRequest, watch: &dyn Watch) -> Result<Taken, Error> {
    let photo = photo(&request.bytes, watch)?;
    let (reading, maps) = reading(request, &photo, watch)?;
    Ok(Taken { photo: photo.value, reading, maps })
}

/// One of two that work side by side: it stops with the other, which alone tells how far they are.
struct Stopping<'a>(&'a dyn Watch);

impl Watch for Stopping<'_> {
    fn progress(&self, _phase: &'static str, _share: f64) {}

    fn stopped(&self) -> bool {
        self.0.stopped()
    }
}

fn plan_of(json: &[u8], photo_before: &[u8]) -> Result<stipple_model::Plan, Error> {
    require_same_photo(&format::provenance_from_json(json)?, photo_before)?;
    Ok(format::plan_from_json(json)?.value)
}

/// Refuses more sessions done than the plan has.
fn require_sessions(plan: Option<&stipple_model::Plan>, done: Option<u32>) -> Result<(), Error> {
    let (Some(plan), Some(done)) = (plan, done) else { return Ok(()) };
    let planned = plan.sessions.len();
    if (1..=planned).contains(&(done as usize)) {
        return Ok(());
    }
    let needed = format!("1 to {planned}: the plan has so many sessions");
    Err(stipple_record::Error::Field { field: "sessions done".to_owned(), found: done.to_string(), needed }
        .into())
}

/// Refuses places that are not in the photograph.
fn require_inside(places: &[PointInPhoto], photo: &Photo) -> Result<(), Error> {
    let (width, height) = (photo.width_px as f64, photo.height_px as f64);
    let is_outside =
        |p: &&PointInPhoto| !(0.0..=width).contains(&p.x_px) || !(0.0..=height).contains(&p.y_px);
    let Some(outside) = places.iter().find(is_outside) else { return Ok(()) };
    Err(stipple_record::Error::Field {
        field: "map".to_owned(),
        found: format!("the place {}, {}", outside.x_px, outside.y_px),
        needed: format!("places in the photograph before, which has {width} × {height} pixels"),
    }
    .into())
}

/// Where places are after; where too few follicles are around to know, the likeliest place stands, and it is told.
fn mapped(places: &[PointInPhoto], aligned: &Aligned) -> Qualified<Vec<PointInPhoto>> {
    let (mut after, mut guessed) = (Vec::with_capacity(places.len()), 0);
    for place in places {
        after.push(aligned.known(*place).unwrap_or_else(|| {
            guessed += 1;
            aligned.likely(*place).0
        }));
    }
    let caveat = (guessed > 0).then(|| {
        Caveat::new(
            Code::OutcomeMap,
            Weight::Doubt,
            format!(
                "{guessed} of {} places of the map lie where too few follicles are in both photographs: where they are after \
                 is a continuation of what is around",
                places.len()
            ),
            "keep to places with hair around that both photographs show",
        )
    });
    Qualified::new(after, caveat.into_iter().collect())
}

/// Dots that are more probably there than not, and those that nobody looked at: they are not to be made again.
fn healed_csv(made: &Qualified<Outcome>) -> Result<String, Error> {
    let outcome = &made.value;
    let untold = |why: &str, needed: &str| Error::DotsUntold {
        why: why.to_owned(),
        needed: needed.trim_end_matches('.').to_owned(),
    };
    let said = |speaks: &dyn Fn(&&Caveat) -> bool| made.caveats.iter().find(speaks);
    if outcome.comparability.verdict == Comparable::No {
        let why =
            said(&|caveat| caveat.weight == Weight::Blocks && caveat.code.name().starts_with("outcome."));
        let (why, needed) = why.map_or(("the photographs cannot be compared", "others"), |caveat| {
            (caveat.message.as_str(), caveat.remedy.as_str())
        });
        return Err(untold(why, needed));
    }
    if let Some(other) = said(&|caveat| caveat.code == Code::OutcomePlan) {
        return Err(untold(&other.message, &other.remedy));
    }
    let needed = "photographs that show the dots of the plan (--plan) sharply";
    let deposits = outcome.deposits.as_ref().ok_or_else(|| untold("dots cannot be told", needed))?;
    let there = deposits.dots.iter().filter(|dot| dot.probability > 0.5).map(|dot| dot.at);
    Ok(table::places_csv(&there.chain(deposits.unseen.iter().copied()).collect::<Vec<_>>()))
}

/// What was doubtful about each photograph, once if it is the same of both; where the scar is after is not read but taken
/// from before.
fn read_caveats(taken: &BeforeAfter<Taken>) -> Vec<Caveat> {
    let said = |which: &str, caveat: &Caveat| {
        let message = format!("{which}: {}", caveat.message);
        Caveat::new(caveat.code, caveat.weight, message, caveat.remedy.clone())
    };
    let (before, after) = (&taken.before.reading.caveats, &taken.after.reading.caveats);
    let first = before.iter().map(|caveat| {
        let which = if after.contains(caveat) { "before and after" } else { "before" };
        said(which, caveat)
    });
    let is_own = |caveat: &&Caveat| !before.contains(caveat) && !caveat.code.name().starts_with("scar.");
    let second = after.iter().filter(is_own).map(|caveat| said("after", caveat));
    first.chain(second).collect()
}

fn summary(made: &Qualified<Outcome>) -> String {
    let outcome = &made.value;
    let verdict = match outcome.comparability.verdict {
        Comparable::Yes => "comparable",
        Comparable::WithCare => "comparable with care",
        Comparable::No => {
            return "not comparable: what was measured says nothing about the treatment".to_owned();
        }
    };
    let metres = |distance: &Option<stipple_quantity::Estimate>| match distance {
        Some(distance) if distance.value > 0.0 => {
            format!("{:.1} ± {:.1} m", distance.value, distance.standard_uncertainty)
        }
        Some(_) => "nowhere".to_owned(),
        None => "beyond reach".to_owned(),
    };
    let seen = outcome.visible_distance_m.of(metres);
    let is_other_plan = made.caveats.iter().any(|caveat| caveat.code == Code::OutcomePlan);
    let kept = outcome.deposits.as_ref().map_or(String::new(), |deposits| {
        if is_other_plan {
            return "; which dots are kept is not told, as the marks are not those of the plan".to_owned();
        }
        let share = deposits.retained_fraction;
        format!(
            "; {:.0} ± {:.0} % of the dots still seen",
            100.0 * share.value,
            100.0 * share.standard_uncertainty
        )
    });
    format!("{verdict}; the scar is seen from {} before, {} after{kept}", seen.before, seen.after)
}

impl OutcomeRequest {
    pub(crate) fn provenance(&self, settings: &Settings) -> Provenance {
        let mut made = self.before.provenance(settings).with_input("after", &self.after.bytes);
        for (role, bytes) in [("plan", &self.plan), ("map", &self.map)] {
            if let Some(bytes) = bytes {
                made = made.with_input(role, bytes);
            }
        }
        if let Some(pitch) =
            self.after.pixel_pitch_um.filter(|pitch| Some(*pitch) != self.before.pixel_pitch_um)
        {
            made = made.with_option("after_pixel_pitch_um", Setting::Number(pitch));
        }
        if let Some(done) = self.sessions_done {
            made = made.with_option("sessions_done", Setting::Number(f64::from(done)));
        }
        if let Some(days) = self.days_since_last_session {
            made = made.with_option("days_since_last_session", Setting::Number(f64::from(days)));
        }
        made
    }
}
