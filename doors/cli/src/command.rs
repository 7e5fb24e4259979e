//! What each command does: read files, ask the pipeline, write files.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use stipple_model::{Course, Life, Light, Moment, SunHabits, Treated, TreatedSkin, View};
use stipple_pipeline::{
    AfterRequest, AftercareRequest, DrawnRequest, FadingRequest, OutcomeFiles, OutcomeRequest, Pages,
    PhotoRequest, RootFinder, ScarSaid, Settings,
};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_record::format::JSON_BYTES_MAX;
use stipple_record::store;

use crate::arguments::{
    self as typed, Arguments, Command, CourseName, LifeName, LightName, MomentName, Shared, SkinName,
    TemplateName,
};
use crate::show::{self, Show};
use crate::trouble::Trouble;

/// Largest file that is read, bytes: camera RAW of 100 megapixels fits.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// Longest that any command may take before it is given up, seconds; 48 megapixels take about ten.
const PATIENCE_S: u64 = 300;

/// Does what was typed.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Trouble> {
    let shared = &arguments.shared;
    if let Some(threads) = shared.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads));
        pool.build_global().map_err(|error| Trouble::Ours(error.to_string()))?;
    }
    match &arguments.command {
        Command::Consult(command) => consult(command, shared),
        Command::Read(command) => read(command, shared),
        Command::Assess(command) => assess(command, shared),
        Command::Plan(command) => plan(command, shared),
        Command::Preview(command) => preview(command, shared),
        Command::Outcome(command) => outcome(command, shared),
        Command::Fading(command) => fading(command, shared),
        Command::Agreement(command) => agreement(command, shared),
        Command::Head(command) => crate::head::head(command, shared),
        Command::Synth(command) => crate::synth::synth(command, shared),
        Command::Aftercare(command) => aftercare(command, shared),
        Command::Card(command) => card(command, shared),
        Command::Template(command) => template(command, shared),
        Command::Serve(command) => crate::serve::serve(command, shared),
        Command::Backup(command) => crate::serve::back_up(command, shared),
        Command::Restore(command) => crate::serve::restore(command, shared),
        Command::Verify(command) => crate::verify::verify(command, shared),
        Command::Audit(command) => crate::serve::audit(command, shared),
        Command::Worker => stipple_server::work()
            .map_err(|error| Trouble::Ours(format!("the worker stopped: {}", error.kind()))),
    }
}

fn consult(command: &typed::Consult, shared: &Shared) -> Result<(), Trouble> {
    store::require_place_of_folder(&command.out)?;
    let results: Vec<PathBuf> =
        stipple_pipeline::consultation_names().iter().map(|name| command.out.join(name)).collect();
    let results: Vec<&Path> = results.iter().map(PathBuf::as_path).collect();
    let inputs = [Some(&command.photo), shared.scar_mask.as_ref(), shared.scribbles.as_ref()];
    require_places(&results, &[inputs.as_slice(), &command.settings.files()].concat())?;
    let request = photo_request(&command.photo, shared)?;
    let settings = settings(&command.settings, shared)?;
    let made = patiently(shared, move |show| stipple_pipeline::consult(&request, &settings, show))?;
    store::write_folder(&command.out, &made.files)?;
    show::caveats(&made.caveats, shared);
    show::done(&made.summary, shared);
    Ok(())
}

fn read(command: &typed::Read, shared: &Shared) -> Result<(), Trouble> {
    let places = [Some(&command.out), command.scar_mask_out.as_ref(), command.hair_map_out.as_ref()];
    let inputs = [Some(&command.photo), shared.scar_mask.as_ref(), shared.scribbles.as_ref()];
    require_places_of_files(&places, &inputs)?;
    let request = photo_request(&command.photo, shared)?;
    let settings = no_settings(shared)?;
    let made = patiently(shared, move |show| stipple_pipeline::read(&request, &settings, show))?;
    let scar_mask = command.scar_mask_out.as_ref().map(|_| made.scar_mask_png()).unwrap_or_default();
    let hair_map = command.hair_map_out.as_ref().map(|_| made.hair_map_png()).unwrap_or_default();
    write(&places, &[made.reading_json.as_bytes(), &scar_mask, &hair_map])?;
    show::caveats(&made.caveats, shared);
    Ok(())
}

fn assess(command: &typed::Assess, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "a reading");
    let inputs = [[Some(&command.reading)].as_slice(), &command.settings.files()].concat();
    require_places_of_files(&[Some(&command.out)], &inputs)?;
    let reading = store::read_input("reading", &command.reading, FILE_BYTES_MAX)?;
    let settings = settings(&command.settings, shared)?;
    let (json, caveats, verdict) = stipple_pipeline::assess(&reading, &settings)?;
    store::write_file(&command.out, json.as_bytes())?;
    show::caveats(&caveats, shared);
    show::done(&format!("verdict: {}", verdict.name()), shared);
    Ok(())
}

fn plan(command: &typed::Plan, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "a reading");
    let typed::Plan { svg, stencil, csv, overlay, .. } = command;
    let places = [Some(&command.out), svg.as_ref(), stencil.as_ref(), csv.as_ref(), overlay.as_ref()];
    let inputs = [Some(&command.reading), command.protocol.as_ref(), command.photo.as_ref()];
    require_places_of_files(
        &places,
        &[inputs.as_slice(), &command.drawn.files(), &command.after.files()].concat(),
    )?;
    let reading = store::read_input("reading", &command.reading, FILE_BYTES_MAX)?;
    let protocol = optional("protocol", command.protocol.as_deref())?;
    let settings = Settings::new(protocol.as_deref(), None, None, today(), Seed(shared.seed))?
        .with_drawn(&drawn(&command.drawn)?)?;
    let settings = match after(&command.after)? {
        Some(after) => settings.with_after(&after)?,
        None => settings,
    };
    let photo = optional("photo", command.photo.as_deref())?;
    let made =
        patiently(shared, move |show| stipple_pipeline::plan(&reading, photo.as_deref(), &settings, show))?;
    let stipple_pipeline::PlanFiles { plan_json, dots_svg, stencil_pdf, dots_csv, overlay_png, .. } = &made;
    let results: [&[u8]; 5] =
        [plan_json.as_bytes(), dots_svg.as_bytes(), stencil_pdf, dots_csv.as_bytes(), overlay_png];
    write(&places, &results)?;
    show::caveats(&made.caveats, shared);
    Ok(())
}

fn preview(command: &typed::Preview, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "a plan");
    require_places_of_files(&[Some(&command.out)], &[Some(&command.plan), Some(&command.photo)])?;
    let plan = store::read_input("plan", &command.plan, FILE_BYTES_MAX)?;
    let photo = store::read_input("photo", &command.photo, FILE_BYTES_MAX)?;
    let view = view(command);
    let made = patiently(shared, move |show| stipple_pipeline::preview(&plan, &photo, &view, show))?;
    store::write_file(&command.out, &made.0)?;
    show::caveats(&made.1, shared);
    Ok(())
}

fn outcome(command: &typed::Outcome, shared: &Shared) -> Result<(), Trouble> {
    let typed::Outcome { map_out, healed_out, figure, report, .. } = command;
    let places =
        [Some(&command.out), map_out.as_ref(), healed_out.as_ref(), figure.as_ref(), report.as_ref()];
    let inputs = [
        Some(&command.before),
        Some(&command.after),
        command.plan.as_ref(),
        command.map.as_ref(),
        shared.scar_mask.as_ref(),
        shared.scribbles.as_ref(),
    ];
    require_places_of_files(&places, &inputs)?;
    let before = photo_request(&command.before, shared)?;
    let after = PhotoRequest {
        bytes: store::read_input("after", &command.after, FILE_BYTES_MAX)?,
        scar: ScarSaid::Nothing,
        scribbles: None,
        pixel_pitch_um: command.after_pixel_pitch_um.or(shared.pixel_pitch_um),
        neutral: None,
        roots: before.roots,
    };
    let request = OutcomeRequest {
        before,
        after,
        plan: optional("plan", command.plan.as_deref())?,
        sessions_done: command.done,
        healed: healed_out.is_some(),
        map: optional("map", command.map.as_deref())?,
        days_since_last_session: command.days_since_last_session,
        pages: Pages { png: figure.is_some(), pdf: report.is_some() },
    };
    let settings = no_settings(shared)?;
    let made = patiently(shared, move |show| stipple_pipeline::outcome(&request, &settings, show))?;
    let OutcomeFiles { outcome_json, mapped_csv, healed_csv, figure_png, report_pdf, .. } = &made;
    let results: [&[u8]; 5] =
        [outcome_json.as_bytes(), mapped_csv.as_bytes(), healed_csv.as_bytes(), figure_png, report_pdf];
    write(&places, &results)?;
    show::caveats(&made.caveats, shared);
    show::done(&made.summary, shared);
    Ok(())
}

fn fading(command: &typed::Fading, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "outcomes");
    let places = [Some(&command.out), command.figure.as_ref()];
    let files = command.outcomes.iter().chain([&command.plan]).chain(&command.answers);
    require_places_of_files(&places, &files.map(Some).collect::<Vec<_>>())?;
    let read = |path: &PathBuf| store::read_input("outcome", path, JSON_BYTES_MAX);
    let answers = optional("answers", command.answers.as_deref())?;
    let settings = Settings::new(None, None, answers.as_deref(), today(), Seed(shared.seed))?;
    let request = FadingRequest {
        outcomes: command.outcomes.iter().map(read).collect::<Result<_, _>>()?,
        plan: store::read_input("plan", &command.plan, JSON_BYTES_MAX)?,
        last_session: command.last_session,
        sun: SunHabits::of(&settings.answers).on_dots(),
        today: today(),
        picture: command.figure.is_some(),
    };
    let made = patiently(shared, move |show| stipple_pipeline::fading(&request, show))?;
    write(&places, &[made.fading_json.as_bytes(), &made.figure_png])?;
    show::caveats(&made.caveats, shared);
    show::done(&made.summary, shared);
    Ok(())
}

fn agreement(command: &typed::Agreement, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "ratings");
    let places = [Some(&command.out), command.figure.as_ref()];
    require_places_of_files(&places, &[Some(&command.ratings)])?;
    let table = store::read_input("ratings", &command.ratings, JSON_BYTES_MAX)?;
    let picture = command.figure.is_some();
    let made = patiently(shared, move |show| stipple_pipeline::agreement(&table, picture, show))?;
    write(&places, &[made.agreement_json.as_bytes(), &made.figure_png])?;
    show::caveats(&made.caveats, shared);
    show::done(&made.summary, shared);
    Ok(())
}

fn aftercare(command: &typed::Aftercare, shared: &Shared) -> Result<(), Trouble> {
    show::unused(shared, "a day");
    let places = [Some(&command.out), command.page.as_ref()];
    require_places_of_files(&places, &[command.instructions.as_ref()])?;
    let own = optional("aftercare", command.instructions.as_deref())?;
    let request = AftercareRequest {
        instructions: own.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        session: command.session,
        whom: Treated {
            lives: command.life.iter().map(|life| life_of(*life)).collect(),
            skin: command.skin.iter().map(|skin| skin_of(*skin)).collect(),
        },
        language: command.language.clone(),
    };
    let made = stipple_pipeline::aftercare(&request)?;
    write(&places, &[made.calendar_ics.as_bytes(), &made.page_pdf])?;
    let elsewhere = match made.elsewhere {
        0 => String::new(),
        count => {
            format!("; {count} texts are not there in “{}” and stand in another language", command.language)
        }
    };
    show::done(&format!("{} steps after the session of {}{elsewhere}", made.steps, command.session), shared);
    Ok(())
}

fn skin_of(name: SkinName) -> TreatedSkin {
    match name {
        SkinName::Dark => TreatedSkin::Dark,
        SkinName::Burn => TreatedSkin::Burn,
        SkinName::Raised => TreatedSkin::Raised,
        SkinName::Large => TreatedSkin::Large,
    }
}

fn life_of(name: LifeName) -> Life {
    match name {
        LifeName::Sport => Life::Sport,
        LifeName::Sun => Life::Sun,
        LifeName::OutdoorWork => Life::OutdoorWork,
        LifeName::Pool => Life::Pool,
        LifeName::Shave => Life::Shave,
    }
}

fn card(command: &typed::Card, shared: &Shared) -> Result<(), Trouble> {
    store::write_file(&command.out, &stipple_pipeline::card())?;
    show::done("print it at 100 % and check the bar with a ruler", shared);
    Ok(())
}

fn template(command: &typed::Template, shared: &Shared) -> Result<(), Trouble> {
    let which = match command.which {
        TemplateName::Protocol => "protocol",
        TemplateName::Rules => "rules",
        TemplateName::Answers => "answers",
        TemplateName::Aftercare => "aftercare",
    };
    let text = stipple_pipeline::template(which)
        .ok_or_else(|| Trouble::Ours("a template is missing from the program".to_owned()))?;
    store::write_file(&command.out, text.as_bytes())?;
    show::done("edit it and give it back with the flag of the same name", shared);
    Ok(())
}

/// Runs long work in a thread of its own and gives it up after [`PATIENCE_S`].
///
/// Decoders of strangers' files cannot be interrupted; when one never returns, the process ends with
/// exit code 3 and takes it along. A panic in the work is our fault and is said so.
pub(crate) fn patiently<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&Show) -> Result<T, stipple_pipeline::Error> + Send + 'static,
) -> Result<T, Trouble> {
    let show = Show::new(shared);
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let result = work(&show);
        show.finish();
        // Nobody waits any more after the patience has run out.
        let _ = sender.send(result);
    });
    match receiver.recv_timeout(Duration::from_secs(PATIENCE_S)) {
        Ok(result) => Ok(result?),
        Err(RecvTimeoutError::Timeout) => Err(Trouble::TooSlow(PATIENCE_S)),
        Err(RecvTimeoutError::Disconnected) => Err(Trouble::Ours("the work ended unfinished".to_owned())),
    }
}

/// Asks before any work whether every result can be written, beside the inputs and beside one another.
pub(crate) fn require_places_of_files(
    results: &[Option<&PathBuf>],
    inputs: &[Option<&PathBuf>],
) -> Result<(), Trouble> {
    let results: Vec<&Path> = results.iter().flatten().map(|path| path.as_path()).collect();
    require_places(&results, inputs)?;
    Ok(results.into_iter().try_for_each(store::require_place_of_file)?)
}

fn require_places(results: &[&Path], inputs: &[Option<&PathBuf>]) -> Result<(), Trouble> {
    let inputs: Vec<&Path> = inputs.iter().flatten().map(|path| path.as_path()).collect();
    Ok(store::require_places_of_their_own(results, &inputs)?)
}

/// Writes the results that were asked for, all or none.
pub(crate) fn write(places: &[Option<&PathBuf>], results: &[&[u8]]) -> Result<(), Trouble> {
    let asked =
        places.iter().zip(results).filter_map(|(place, bytes)| Some((place.as_ref()?.as_path(), *bytes)));
    Ok(store::write_files(&asked.collect::<Vec<_>>())?)
}

fn photo_request(photo: &Path, shared: &Shared) -> Result<PhotoRequest, Trouble> {
    let scar = match optional("scar_mask", shared.scar_mask.as_deref())? {
        Some(mask) => ScarSaid::Mask(mask),
        None if shared.no_scar => ScarSaid::NoScar,
        None => ScarSaid::Nothing,
    };
    Ok(PhotoRequest {
        bytes: store::read_input("photo", photo, FILE_BYTES_MAX)?,
        scar,
        scribbles: optional("scribbles", shared.scribbles.as_deref())?,
        pixel_pitch_um: shared.pixel_pitch_um,
        neutral: shared.neutral.map(|(x, y)| PointInPhoto::new(x, y)),
        roots: if shared.classical_roots { RootFinder::Classical } else { RootFinder::Learned },
    })
}

fn settings(files: &typed::Settings, shared: &Shared) -> Result<Settings, Trouble> {
    let protocol = optional("protocol", files.protocol.as_deref())?;
    let rules = optional("rules", files.rules.as_deref())?;
    let answers = optional("answers", files.answers.as_deref())?;
    let today = files.today.unwrap_or_else(today);
    let seed = Seed(shared.seed);
    Ok(Settings::new(protocol.as_deref(), rules.as_deref(), answers.as_deref(), today, seed)?)
}

fn drawn(files: &typed::Drawn) -> Result<DrawnRequest, Trouble> {
    Ok(DrawnRequest {
        thinning: optional("thinning", files.thinning.as_deref())?,
        hairline: optional("hairline", files.hairline.as_deref())?,
        hairline_depth_mm: files.hairline_depth_mm,
        hairline_hair: files.hairline_hair.map(|(x, y)| PointInPhoto::new(x, y)),
    })
}

fn after(files: &typed::After) -> Result<Option<AfterRequest>, Trouble> {
    let [plan, healed] = [("after", &files.after), ("healed", &files.healed)]
        .map(|(role, path)| optional(role, path.as_deref()));
    let request = |((plan, healed), sessions_done)| AfterRequest { plan, healed, sessions_done };
    Ok(plan?.zip(healed?).zip(files.done).map(request))
}

fn no_settings(shared: &Shared) -> Result<Settings, Trouble> {
    Ok(Settings::new(None, None, None, today(), Seed(shared.seed))?)
}

pub(crate) fn optional(role: &'static str, path: Option<&Path>) -> Result<Option<Vec<u8>>, Trouble> {
    Ok(path.map(|path| store::read_input(role, path, FILE_BYTES_MAX)).transpose()?)
}

pub(crate) fn today() -> stipple_model::Date {
    jiff::Zoned::now().date()
}

fn moment(name: MomentName) -> Moment {
    match name {
        MomentName::Fresh => Moment::Fresh,
        MomentName::Day3 => Moment::Day3,
        MomentName::Healed => Moment::Healed,
        MomentName::Year1 => Moment::Year1,
        MomentName::Year2 => Moment::Year2,
        MomentName::Year3 => Moment::Year3,
        MomentName::Year5 => Moment::Year5,
    }
}

fn view(command: &typed::Preview) -> View {
    let course = match command.course {
        CourseName::Faint => Course::Faint,
        CourseName::Likely => Course::Likely,
        CourseName::Strong => Course::Strong,
    };
    View {
        treated: true,
        moment: moment(command.moment),
        course,
        light: command.light.map(light),
        distance_m: command.distance_m,
        hair_growth_mm: command.hair_growth_mm,
    }
}

fn light(name: LightName) -> Light {
    match name {
        LightName::Daylight => Light::Daylight,
        LightName::Tungsten => Light::Tungsten,
        LightName::Led => Light::Led,
        LightName::FluorescentCoolWhite => Light::FluorescentCoolWhite,
        LightName::FluorescentThreeBand => Light::FluorescentThreeBand,
        LightName::Flash => Light::Flash,
    }
}
