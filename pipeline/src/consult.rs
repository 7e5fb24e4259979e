//! The whole way, from a photograph to a report.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use stipple_model::{
    Assessment, Caveat, Course, Moment, Photo, Plan, Qualified, Reading, Unwatched, Verdict, View, Watch,
};
use stipple_preview::{Canvas, Part, preview, preview_on};
use stipple_record::document::{Crops, Picture, ReportInput, report_pdf, stencil_pdf};
use stipple_record::{Provenance, SOFTWARE, drawing, format, picture, store};

use crate::closeup::{NEAR_MM, WIDE_MM, part_around_dots};
use crate::error::Error;
use crate::foresight::with_distances;
use crate::settings::{PhotoRequest, Settings};
use crate::single::{assessment, photo, planned, reading, require_same_photo, with_day};

/// The moments that a consultation shows.
const MOMENTS: [Moment; 5] = [Moment::Fresh, Moment::Healed, Moment::Year1, Moment::Year3, Moment::Year5];

/// The picture whose doubts are told; those of the others say the same of other days.
const HEALED: &str = "preview-healed.png";

/// Longer side of the photograph in the report, px; paper shows no more.
const REPORT_SIDE_PX: u16 = 1600;
/// Names of the files that are no previews.
const DOCUMENTS: [&str; 6] =
    ["reading.json", "assessment.json", "plan.json", "dots.svg", "stencil.pdf", "report.pdf"];
/// Quality of pictures in the report.
const REPORT_QUALITY: u8 = 88;

/// Names and bytes of files.
pub type Files = Vec<(String, Vec<u8>)>;

/// Everything that a consultation gives.
pub struct Consultation {
    /// Every file of it.
    pub files: Files,
    /// All doubts, each once.
    pub caveats: Vec<Caveat>,
    /// The verdict and the plan in one line.
    pub summary: String,
}

/// The names of every file that a consultation gives.
pub fn consultation_names() -> Vec<String> {
    let previews = MOMENTS.iter().map(|moment| format!("preview-{}.png", moment.name()));
    DOCUMENTS.iter().map(|name| (*name).to_owned()).chain(previews).collect()
}

/// Photograph → reading → plan and assessment → previews → report.
///
/// # Errors
/// A photograph, mask or setting that cannot be used. Nothing is given then.
///
/// # Determinism
/// Same bytes, settings and seed: same files, with any number of threads.
pub fn consult(
    request: &PhotoRequest,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Consultation, Error> {
    let photo = photo(&request.bytes, watch)?;
    // As its file holds it, so that what is made from the file later is the same.
    let reading_json =
        format::reading_to_json(&reading(request, &photo, watch)?.0, &request.provenance(settings));
    let mut made = on_reading(&photo.value, &request.bytes, reading_json.as_bytes(), settings, watch)?;
    made.files.push(("reading.json".to_owned(), reading_json.into_bytes()));
    Ok(made)
}

/// Reading and its photograph → plan and assessment → previews → report.
///
/// # Errors
/// A reading or photograph that cannot be used, or that do not belong together. Nothing is given then.
///
/// # Determinism
/// As [`consult`], whose files these are, but for the reading's own.
pub fn consult_reading(
    photo_bytes: &[u8],
    reading_json: &[u8],
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Consultation, Error> {
    require_same_photo(&format::provenance_from_json(reading_json)?, photo_bytes)?;
    on_reading(&photo(photo_bytes, watch)?.value, photo_bytes, reading_json, settings, watch)
}

fn on_reading(
    photo: &Photo,
    photo_bytes: &[u8],
    reading_json: &[u8],
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Consultation, Error> {
    let reading = format::reading_from_json(reading_json)?;
    let plan = as_written(&planned(&reading, settings, watch)?)?;
    watch.progress("assess", 0.0);
    let expected = stipple_plan::expectation(&reading.value, &settings.protocol, Some(&plan.value));
    let expected = with_distances(expected, photo, (&reading.value, &plan.value), watch)?;
    let assessment = assessment(&reading, settings, expected);
    let previews = previews(&plan.value, photo, watch)?;
    watch.progress("report", 0.0);
    let caveats = all_caveats(&plan, &assessment, previews.caveats);
    let case = Case { photo, reading: &reading.value, assessment: &assessment.value, plan: &plan.value };
    let report = report(&case, &caveats, photo_bytes, settings)?;

    let verdict = Some(assessment.value.verdict);
    let made = settings.provenance("reading", reading_json);
    let of_photo = made.clone().with_input("photo", photo_bytes);
    let mut files = vec![
        ("assessment.json", format::assessment_to_json(&assessment, &with_day(made, settings)).into_bytes()),
        ("plan.json", format::plan_to_json(&plan, &of_photo).into_bytes()),
        ("dots.svg", drawing::dots_svg(&plan.value, verdict).into_bytes()),
        ("stencil.pdf", stencil_pdf(&plan.value, verdict)),
        ("report.pdf", report),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect::<Files>();
    files.extend(previews.value);
    assert!(
        files.iter().all(|(name, _)| consultation_names().contains(name)),
        "every file's name is known before"
    );
    Ok(Consultation { files, caveats, summary: summary(assessment.value.verdict, &plan.value) })
}

/// The plan as its file holds it, so that a preview made from the file later is the same picture.
fn as_written(plan: &Qualified<Plan>) -> Result<Qualified<Plan>, Error> {
    Ok(format::plan_from_json(format::plan_to_json(plan, &Provenance::of_this_program()))?)
}

/// The nouns of one consultation.
struct Case<'a> {
    photo: &'a Photo,
    reading: &'a Reading,
    assessment: &'a Assessment,
    plan: &'a Plan,
}

/// Every moment as a picture file, two or more at a time.
fn previews(plan: &Plan, photo: &Photo, watch: &dyn Watch) -> Result<Qualified<Files>, Error> {
    let done = AtomicUsize::new(0);
    watch.progress("preview", 0.0);
    let shown = MOMENTS.par_iter().map(|&moment| {
        let simulation = preview(plan, photo, &View::at(moment), &Unwatched)?;
        let png = picture::png_of_simulation(&simulation.value);
        let share = (done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / MOMENTS.len() as f64;
        watch.progress("preview", share);
        Ok((format!("preview-{}.png", moment.name()), png, simulation.caveats))
    });
    let mut caveats = Vec::new();
    let mut files = Vec::new();
    for (name, png, found) in shown.collect::<Result<Vec<_>, Error>>()? {
        caveats.extend(found.into_iter().filter(|_| name == HEALED && plan.totals.dots > 0));
        files.push((name, png));
    }
    Ok(Qualified::new(files, caveats))
}

fn report(
    case: &Case<'_>,
    caveats: &[Caveat],
    photo_bytes: &[u8],
    settings: &Settings,
) -> Result<Vec<u8>, Error> {
    let whole = encoded(picture::jpeg_of_photo(case.photo, REPORT_SIDE_PX, REPORT_QUALITY));
    let closeups = closeups(case)?;
    let hash = store::sha256_hex(photo_bytes);
    Ok(report_pdf(&ReportInput {
        photo: &whole,
        crops: closeups.as_ref().map(Closeups::crops),
        reading: case.reading,
        assessment: case.assessment,
        plan: case.plan,
        caveats,
        made_on: Some(settings.today),
        software: SOFTWARE,
        seed: settings.seed.0,
        photo_sha256_short: &hash[..12],
    }))
}

/// The scar close up.
struct Closeups {
    before: Picture,
    healed: Picture,
    later: [Picture; 3],
}

impl Closeups {
    fn crops(&self) -> Crops<'_> {
        Crops { before: &self.before, healed: &self.healed, later: self.later.each_ref() }
    }
}

/// The scar close up, before, healed, and the likely range later; nothing where there are no dots.
fn closeups(case: &Case<'_>) -> Result<Option<Closeups>, Error> {
    let parts = [WIDE_MM, NEAR_MM].map(|size_mm| part_around_dots(case.plan, size_mm));
    let [Some(wide), Some(near)] = parts else { return Ok(None) };
    let canvas = |part: Part| Canvas::new(case.photo, part, part.width_px);
    let (wide, near) = (canvas(wide)?, canvas(near)?);
    let shown = |canvas: &Canvas, view: View| -> Result<Picture, Error> {
        let simulation = preview_on(canvas, case.plan, &view, &Unwatched)?.value;
        Ok(encoded(picture::jpeg_of_simulation(&simulation, REPORT_SIDE_PX, REPORT_QUALITY)))
    };
    let later = |course| shown(&near, View { course, ..View::at(Moment::Year3) });
    let [faint, likely, strong] = Course::ALL.map(later);
    Ok(Some(Closeups {
        before: encoded(picture::jpeg_of_photo(&wide.photo, REPORT_SIDE_PX, REPORT_QUALITY)),
        healed: shown(&wide, View::at(Moment::Healed))?,
        later: [faint?, likely?, strong?],
    }))
}

/// A picture for the report.
fn encoded(jpeg: Vec<u8>) -> Picture {
    Picture::from_jpeg(jpeg).expect("what we encoded is a JPEG")
}

/// Doubts of plan, assessment and previews, each once; the reading's come first in both.
fn all_caveats(
    plan: &Qualified<Plan>,
    assessment: &Qualified<Assessment>,
    previews: Vec<Caveat>,
) -> Vec<Caveat> {
    let parts = [plan.caveats.clone(), assessment.caveats.clone(), previews];
    Qualified::new((), parts.concat()).caveats
}

fn summary(verdict: Verdict, plan: &Plan) -> String {
    let totals = &plan.totals;
    format!(
        "verdict: {}; {} dots on {:.0} mm² in {} sessions",
        verdict.name(),
        totals.dots,
        totals.area_mm2,
        plan.sessions.len()
    )
}
