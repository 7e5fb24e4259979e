//! One step at a time, from file to file.

use std::collections::BTreeSet;

use stipple_model::{
    Answers, Assessment, Caveat, Code, Date, Expectation, Photo, Plan, Qualified, Reading, ReadingMaps, Rule,
    Unwatched, Verdict, View, Watch, Weight,
};
use stipple_plan::{Memory, PlanOptions};
use stipple_raster::Mask;
use stipple_read::photo::{DecodeLimits, decode, decode_mask};
use stipple_read::{ReadOptions, RootFinder};
use stipple_record::{
    Input, Provenance, Setting, document, drawing, format, picture, settings, store, table,
};
use stipple_synth::{Change, SynthOptions, Visits};

use crate::error::Error;
use crate::foresight::untold;
use crate::settings::{PhotoRequest, ScarSaid, Settings};

/// What [`read`] gives.
pub struct ReadFiles {
    /// `stipple/reading/1`.
    pub reading_json: String,
    /// What is doubtful.
    pub caveats: Vec<Caveat>,
    maps: ReadingMaps,
}

impl ReadFiles {
    /// The scar mask, PNG at the photograph's size.
    pub fn scar_mask_png(&self) -> Vec<u8> {
        picture::png_of_mask(&self.maps.scar_mask)
    }

    /// The map of hair density, PNG.
    pub fn hair_map_png(&self) -> Vec<u8> {
        let ReadingMaps { scar_mask, hair_density_per_cm2, hair_density_step_px } = &self.maps;
        let (width_px, height_px) = (scar_mask.width, scar_mask.height);
        picture::png_of_density(hair_density_per_cm2, *hair_density_step_px, width_px, height_px)
    }
}

/// What [`plan`] gives.
pub struct PlanFiles {
    /// `stipple/plan/1`.
    pub plan_json: String,
    /// The dots in millimetres.
    pub dots_svg: String,
    /// The stencil, true to size.
    pub stencil_pdf: Vec<u8>,
    /// The dots as a table.
    pub dots_csv: String,
    /// The dots over the photograph, PNG; empty without one.
    pub overlay_png: Vec<u8>,
    /// What is doubtful.
    pub caveats: Vec<Caveat>,
}

/// What [`synth`] gives.
pub struct SynthFiles {
    /// The photograph, PNG.
    pub photo_png: Vec<u8>,
    /// The photograph as a camera would store it, JPEG.
    pub photo_jpeg: Vec<u8>,
    /// `stipple/truth/1`.
    pub truth_json: String,
    /// The scar mask, PNG.
    pub scar_png: Vec<u8>,
    /// The same scalp at a second visit, PNG; empty without one.
    pub after_png: Vec<u8>,
}

/// What [`look`] gives.
pub struct LookFiles {
    /// Upright.
    pub width_px: usize,
    /// See `width_px`.
    pub height_px: usize,
    /// The photograph upright, for screens: its longer side has up to [`SCREEN_SIDE_PX`] pixels.
    pub screen_jpeg: Vec<u8>,
    /// The same for lists: up to [`LIST_SIDE_PX`].
    pub small_jpeg: Vec<u8>,
    /// What is doubtful about the file, and what another photograph could mend.
    pub caveats: Vec<Caveat>,
}

/// Longer side of a photograph for screens, px: every hair of a scalp 20 cm wide can be told on it.
pub const SCREEN_SIDE_PX: u16 = 4096;
/// See [`SCREEN_SIDE_PX`].
pub const LIST_SIDE_PX: u16 = 384;

/// Photograph → the same for screens, and whether it is worth keeping: it is read once without the learned root head, as far
/// as another photograph could mend what is found.
///
/// # Errors
/// Bytes that are no usable photograph.
///
/// # Cost
/// That of a reading without the root head.
pub fn look(bytes: &[u8], watch: &dyn Watch) -> Result<LookFiles, Error> {
    let Qualified { value: photo, mut caveats } = photo(bytes, watch)?;
    let [screen_jpeg, small_jpeg] =
        [SCREEN_SIDE_PX, LIST_SIDE_PX].map(|side_px| picture::jpeg_of_photo(&photo, side_px, 90));
    let options = ReadOptions { roots: RootFinder::Classical, ..ReadOptions::default() };
    match stipple_read::read(&photo, &options, watch) {
        Ok(seen) => caveats.extend(seen.caveats.into_iter().filter(is_of_the_photograph)),
        Err(error) if watch.stopped() => return Err(error.into()),
        Err(error) => caveats.push(unreadable(&error)),
    }
    Ok(LookFiles { width_px: photo.width_px, height_px: photo.height_px, screen_jpeg, small_jpeg, caveats })
}

/// Whether a caveat is about what the camera saw, not about what is on the head.
fn is_of_the_photograph(caveat: &Caveat) -> bool {
    ["photo.", "light.", "scale.", "hair."].iter().any(|ground| caveat.code.name().starts_with(ground))
}

fn unreadable(error: &stipple_read::Error) -> Caveat {
    Caveat::new(
        Code::PhotoUnreadable,
        Weight::Blocks,
        format!("Nothing can be measured on this photograph: {error}."),
        "Photograph the scalp again: sharp, in even daylight, from about 15 cm, with the card beside the scar.",
    )
}

/// Photograph → reading.
///
/// # Errors
/// A photograph or mask that cannot be used.
pub fn read(request: &PhotoRequest, settings: &Settings, watch: &dyn Watch) -> Result<ReadFiles, Error> {
    let photo = photo(&request.bytes, watch)?;
    let (reading, maps) = reading(request, &photo, watch)?;
    let provenance = request.provenance(settings);
    watch.progress("write", 0.0);
    Ok(ReadFiles {
        reading_json: format::reading_to_json(&reading, &provenance),
        caveats: reading.caveats,
        maps,
    })
}

/// Reading → assessment, with its caveats and verdict.
///
/// # Errors
/// A reading that cannot be understood.
pub fn assess(reading: &[u8], settings: &Settings) -> Result<(String, Vec<Caveat>, Verdict), Error> {
    let known = format::reading_from_json(reading)?;
    // Where nothing can be planned nothing is expected; why, `plan` tells whoever asks for one.
    let plan = planned(&known, settings, &Unwatched).ok();
    let mut expected =
        stipple_plan::expectation(&known.value, &settings.protocol, plan.as_ref().map(|plan| &plan.value));
    expected.caveats.push(untold("it takes the photograph: `consult` tells it"));
    let assessment = assessment(&known, settings, expected);
    let provenance = with_day(settings.provenance("reading", reading), settings);
    let verdict = assessment.value.verdict;
    Ok((format::assessment_to_json(&assessment, &provenance), assessment.caveats, verdict))
}

/// What rules say of answers, with a reading or without one, when nothing is planned and nothing expected; and the questions that
/// they need and nobody answered.
///
/// # Errors
/// A reading that cannot be understood.
pub fn judge(
    reading: Option<&[u8]>,
    answers: &Answers,
    rules: &[Rule],
    today: Date,
) -> Result<(Assessment, BTreeSet<String>), Error> {
    let known = reading.map(format::reading_from_json).transpose()?;
    let reading = known.as_ref().map(|known| &known.value);
    let open = stipple_assess::open_questions(reading, answers, rules, today);
    Ok((stipple_assess::assess(reading, answers, rules, Expectation::default(), today).value, open))
}

/// Reading → plan, drawn over its photograph if that is given.
///
/// # Errors
/// A reading that cannot be understood or planned on, or a photograph that is not the one that was read.
pub fn plan(
    reading: &[u8],
    photo_bytes: Option<&[u8]>,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<PlanFiles, Error> {
    let known = format::reading_from_json(reading)?;
    let made_from = format::provenance_from_json(reading)?;
    if let Some(bytes) = photo_bytes {
        require_same_photo(&made_from, bytes)?;
    }
    require_one_photo(settings.after_made.as_ref(), &made_from)?;
    let plan = planned(&known, settings, watch)?;
    let mut provenance = settings.provenance("reading", reading);
    // Because a preview must be of the same photograph, the plan remembers it.
    provenance.inputs.extend(photo_of(&made_from).cloned());
    let drawn = |bytes| overlay_png(&plan.value, &photo(bytes, watch)?.value, watch);
    let overlay_png = photo_bytes.map(drawn).transpose()?.unwrap_or_default();
    watch.progress("write", 0.0);
    Ok(PlanFiles {
        plan_json: format::plan_to_json(&plan, &provenance),
        dots_svg: drawing::dots_svg(&plan.value, None),
        stencil_pdf: document::stencil_pdf(&plan.value, None),
        dots_csv: table::dots_csv(&plan.value),
        overlay_png,
        caveats: plan.caveats,
    })
}

/// Plan and its photograph → picture, PNG.
///
/// # Errors
/// A plan or photograph that cannot be used, or that do not belong together.
pub fn preview(
    plan: &[u8],
    photo_bytes: &[u8],
    view: &View,
    watch: &dyn Watch,
) -> Result<(Vec<u8>, Vec<Caveat>), Error> {
    require_same_photo(&format::provenance_from_json(plan)?, photo_bytes)?;
    let plan = format::plan_from_json(plan)?;
    let photo = photo(photo_bytes, watch)?.value;
    let shown = stipple_preview::preview(&plan.value, &photo, view, watch)?;
    watch.progress("write", 0.0);
    Ok((picture::png_of_simulation(&shown.value), shown.caveats))
}

/// A synthetic scalp with its truth.
///
/// # Errors
/// Options out of range.
pub fn synth(options: &SynthOptions, again: Option<&Change>, watch: &dyn Watch) -> Result<SynthFiles, Error> {
    let (made, after_png) = match again {
        None => (stipple_synth::synth(options, watch)?, Vec::new()),
        Some(change) => {
            let Visits { before, after, .. } = stipple_synth::synth_visits(options, change, watch)?;
            (before, picture::png_of_photo(&after.photo))
        }
    };
    let provenance = Provenance::of_this_program().with_seed(options.seed.0);
    watch.progress("write", 0.0);
    Ok(SynthFiles {
        photo_png: picture::png_of_photo(&made.photo),
        photo_jpeg: picture::jpeg_of_photo(&made.photo, u16::MAX, 92),
        truth_json: format::truth_to_json(&made.truth, &provenance),
        scar_png: picture::png_of_mask(&made.scar_mask),
        after_png,
    })
}

/// The reference card, PDF.
pub fn card() -> Vec<u8> {
    document::card_pdf()
}

/// The shipped files that a clinic may make its own: protocol, rules, answers.
pub fn template(which: &str) -> Option<&'static str> {
    match which {
        "protocol" => Some(settings::DEFAULT_PROTOCOL_TOML),
        "rules" => Some(settings::RULES_TOML),
        "answers" => Some(settings::ANSWERS_TOML),
        "aftercare" => Some(settings::AFTERCARE_TOML),
        _ => None,
    }
}

/// The plan over its photograph, PNG, with what warns of it.
fn overlay_png(plan: &Plan, photo: &Photo, watch: &dyn Watch) -> Result<Vec<u8>, Error> {
    let drawn = stipple_preview::overlay(plan, photo, &document::warnings(plan, None), watch)?;
    Ok(picture::png_of_overlay(&drawn))
}

/// Refuses bytes that are no photograph, by the first of them; nothing is decoded.
///
/// # Errors
/// What they are instead.
pub fn require_photograph(bytes: &[u8]) -> Result<(), Error> {
    Ok(stipple_read::photo::require_photograph(bytes)?)
}

/// Bytes → upright photograph.
pub(crate) fn photo(bytes: &[u8], watch: &dyn Watch) -> Result<Qualified<Photo>, Error> {
    watch.progress("decode", 0.0);
    Ok(decode(bytes, &DecodeLimits::ordinary())?)
}

/// Photograph → reading and maps; the photograph's caveats come first.
pub(crate) fn reading(
    request: &PhotoRequest,
    photo: &Qualified<Photo>,
    watch: &dyn Watch,
) -> Result<(Qualified<Reading>, ReadingMaps), Error> {
    let (width_px, height_px) = (photo.value.width_px, photo.value.height_px);
    let scar_mask = match &request.scar {
        ScarSaid::Nothing => None,
        ScarSaid::NoScar => Some(Mask::filled(width_px, height_px, false)),
        ScarSaid::Mask(bytes) | ScarSaid::Found(bytes) => Some(decode_mask(bytes, width_px, height_px)?),
    };
    let options = ReadOptions {
        pixel_pitch_um: request.pixel_pitch_um,
        scar_mask,
        scar_found: matches!(request.scar, ScarSaid::Found(_)),
        neutral: request.neutral,
        roots: request.roots,
        marks: request.scribbles.as_ref().map(format::marks_from_json).transpose()?,
    };
    let found = stipple_read::read(&photo.value, &options, watch)?;
    let Qualified { value: (reading, maps), caveats } = found;
    Ok((inherit(&photo.caveats, Qualified::new(reading, caveats)), maps))
}

/// Reading → plan; the reading's caveats come first.
pub(crate) fn planned(
    reading: &Qualified<Reading>,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Qualified<Plan>, Error> {
    planned_again(reading, settings, &mut Memory::default(), watch)
}

/// The same, sooner where the same reading was planned before with this memory.
pub(crate) fn planned_again(
    reading: &Qualified<Reading>,
    settings: &Settings,
    memory: &mut Memory,
    watch: &dyn Watch,
) -> Result<Qualified<Plan>, Error> {
    let options =
        PlanOptions { seed: settings.seed, drawn: settings.drawn.clone(), after: settings.after.clone() };
    let plan = stipple_plan::plan_again(&reading.value, &settings.protocol, &options, memory, watch)?;
    let mut plan = inherit(&reading.caveats, plan);
    plan.caveats.extend(settings.record_caveats());
    Ok(plan)
}

/// Reading → assessment; the reading's caveats come first.
pub(crate) fn assessment(
    reading: &Qualified<Reading>,
    settings: &Settings,
    expectation: Qualified<Expectation>,
) -> Qualified<Assessment> {
    let judged = stipple_assess::assess(
        Some(&reading.value),
        &settings.answers,
        &settings.rules,
        expectation.value,
        settings.today,
    );
    let mut caveats = inherit(&reading.caveats, judged.clone()).caveats;
    caveats.extend(expectation.caveats);
    Qualified { value: stipple_assess::temper(judged.value, &caveats), caveats }
}

/// An assessment depends on the day that it reckons from.
pub(crate) fn with_day(made: Provenance, settings: &Settings) -> Provenance {
    made.with_option("today", Setting::Text(settings.today.to_string()))
}

/// The photograph that a file was made from, if it tells.
fn photo_of(made: &Provenance) -> Option<&Input> {
    made.inputs.iter().find(|input| input.name == "photo")
}

/// Refuses a photograph that a file was not made from, if that tells.
pub(crate) fn require_same_photo(made: &Provenance, photo: &[u8]) -> Result<(), Error> {
    let found = store::sha256_hex(photo);
    match photo_of(made) {
        Some(planned) if planned.sha256 != found => Err(stipple_record::Error::Field {
            field: "the photograph".to_owned(),
            found: format!("another file than the plan was made on (SHA-256 {}…)", &found[..12]),
            needed: format!("the one with SHA-256 {}…", &planned.sha256[..12.min(planned.sha256.len())]),
        }
        .into()),
        _ => Ok(()),
    }
}

/// Refuses an earlier plan of another photograph than the reading's, if both tell.
fn require_one_photo(earlier: Option<&Provenance>, reading: &Provenance) -> Result<(), Error> {
    match (earlier.and_then(photo_of), photo_of(reading)) {
        (Some(earlier), Some(own)) if earlier.sha256 != own.sha256 => {
            let brief = |sha256: &str| sha256.chars().take(12).collect::<String>();
            Err(stipple_record::Error::Field {
                field: "the earlier plan".to_owned(),
                found: format!("of another photograph (SHA-256 {}…)", brief(&earlier.sha256)),
                needed: format!("one of the photograph that was read (SHA-256 {}…)", brief(&own.sha256)),
            }
            .into())
        }
        _ => Ok(()),
    }
}

/// A result with the caveats of what it was made from first.
pub(crate) fn inherit<T>(earlier: &[Caveat], made: Qualified<T>) -> Qualified<T> {
    Qualified::new(made.value, earlier.iter().cloned().chain(made.caveats).collect())
}
