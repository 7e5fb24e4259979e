//! The child's side: reads one request after another from its input, answers on its output.

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use serde::de::DeserializeOwned;
use stipple_model::{Sun, Watch};
use stipple_pipeline::{
    FadingRequest, Live, OutcomeRequest, Pages, PhotoRequest, RootFinder, ScarSaid, Settings,
};
use stipple_quantity::Seed;

use super::publishing;
use super::{
    Answer, Ask, ConsultAsked, FadingAsked, Head, OfBook, OutcomeAsked, ReadAsked, frame, limits, live,
    text_length,
};
use crate::store::publishing::signing::SigningKey;

/// What an answer brings along.
pub(super) type Blobs = Vec<Vec<u8>>;

/// Answers until the input ends.
///
/// # Errors
/// Limits that cannot be set, or a parent that is gone.
pub fn run() -> std::io::Result<()> {
    // Because a panic's own report holds paths.
    std::panic::set_hook(Box::new(|_| {}));
    rayon::ThreadPoolBuilder::new().build_global().map_err(std::io::Error::other)?;
    // So that what the clock of the place needs is read before files are given up.
    let today = jiff::Zoned::now().date();
    limits::give_up()?;
    let mut input = std::io::stdin().lock();
    let output = Mutex::new(std::io::stdout());
    let mut live = None;
    while let Some((ask, blobs)) = next::<Ask>(&mut input)? {
        let watch = Progress { output: &output };
        let worked = catch_unwind(AssertUnwindSafe(|| answer(ask, blobs, &mut live, today, &watch)));
        let (says, blobs) = worked.unwrap_or_else(|_| {
            let message = "This file could not be worked on: it brought the work to a stop. Send the camera's own \
                           photograph, unedited.";
            (Answer::Unusable { code: "broke".to_owned(), message: message.to_owned() }, Vec::new())
        });
        say(&output, &says, &blobs)?;
    }
    Ok(())
}

fn answer(
    ask: Ask,
    mut blobs: Blobs,
    live: &mut Option<Live>,
    today: jiff::civil::Date,
    watch: &dyn Watch,
) -> (Answer, Blobs) {
    let done = match ask {
        Ask::Look => look(&blobs, watch),
        Ask::Read(asked) => read(&asked, blobs, today, watch),
        Ask::Consult { asked, book } => consult(&asked, book, &blobs, today, watch),
        Ask::Outcome { asked, before } => outcome(&asked, &before, blobs, today, watch),
        Ask::Draft { asked, before, standing } => {
            let request =
                pair(&asked, &before, blobs.try_into().expect("the parent sends three"), Vec::new());
            publishing::draft(&request, &standing, watch)
        }
        Ask::Publish { asked, before, standing, shown } => {
            let key = blobs.pop().unwrap_or_default();
            let request = pair(&asked, &before, blobs.try_into().expect("the parent sends four"), Vec::new());
            settings(today).and_then(|settings| {
                let signer = SigningKey::from_json(&key).and_then(|key| key.signer());
                let signer = signer.expect("the studio made the key that it sends");
                publishing::publish(&request, (&shown, &standing), &signer, &settings, watch)
            })
        }
        Ask::Fading { asked, in_sun } => {
            let sun = if in_sun { Sun::Unprotected } else { Sun::Usual };
            fading(&asked, sun, blobs, today, watch)
        }
        Ask::Open { book } => worked_by(&blobs[2], &[], None, book, today)
            .and_then(|settings| live::open(&blobs, &settings, live)),
        Ask::Frame { wish, look } => {
            live.as_mut().map_or_else(unopened, |live| live::frame(&wish, &look, live))
        }
        Ask::Dots { wish } => live.as_mut().map_or_else(unopened, |live| live::dots(&wish, live)),
    };
    done.unwrap_or_else(|error| {
        let code = error.code().to_owned();
        (Answer::Unusable { code, message: error.to_string() }, Vec::new())
    })
}

fn look(blobs: &Blobs, watch: &dyn Watch) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let seen = stipple_pipeline::look(&blobs[0], watch)?;
    let look = super::Look {
        width_px: seen.width_px,
        height_px: seen.height_px,
        message: None,
        code: None,
        caveats: seen.caveats.iter().map(Into::into).collect(),
    };
    Ok((Answer::Look(look), vec![seen.screen_jpeg, seen.small_jpeg]))
}

fn read(
    asked: &ReadAsked,
    mut blobs: Blobs,
    today: jiff::civil::Date,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let mask = blobs.pop().filter(|bytes| !bytes.is_empty());
    let scar = mask.map_or(ScarSaid::Nothing, |mask| asked.scar(mask));
    let request = PhotoRequest {
        bytes: blobs.pop().unwrap_or_default(),
        scar,
        scribbles: asked.scribbles(),
        pixel_pitch_um: asked.pitch_um(),
        neutral: None,
        roots: RootFinder::Learned,
    };
    let made = stipple_pipeline::read(&request, &settings(today)?, watch)?;
    let files = vec![
        ("reading.json".to_owned(), made.reading_json.clone().into_bytes()),
        ("scar.png".to_owned(), made.scar_mask_png()),
    ];
    Ok(named(files))
}

fn consult(
    asked: &ConsultAsked,
    book: OfBook,
    blobs: &Blobs,
    today: jiff::civil::Date,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let answers = asked.answers_toml();
    let mut settings = worked_by(&blobs[3], &blobs[2], answers.as_deref(), book, today)?;
    if let Some(wish) = &asked.wish {
        settings = settings.with_wish(&wish.json())?;
    }
    let made = stipple_pipeline::consult_reading(&blobs[0], &blobs[1], &settings, watch)?;
    Ok(named(made.files))
}

/// Two photographs as they are held against each other [photograph before, its mask, photograph after].
fn pair(asked: &OutcomeAsked, before: &ReadAsked, blobs: [Vec<u8>; 3], plan: Vec<u8>) -> OutcomeRequest {
    let [photo_before, mask, photo_after] = blobs;
    let photo = |bytes, scar, scribbles, pixel_pitch_um| PhotoRequest {
        bytes,
        scar,
        scribbles,
        pixel_pitch_um,
        neutral: None,
        roots: RootFinder::Learned,
    };
    OutcomeRequest {
        before: photo(photo_before, before.scar(mask), before.hairs(), before.pitch_um()),
        after: photo(photo_after, ScarSaid::Nothing, None, asked.pixel_pitch_um),
        plan: Some(plan).filter(|plan| !plan.is_empty()),
        sessions_done: asked.sessions_done,
        healed: false,
        map: None,
        days_since_last_session: asked.days_since_last_session,
        pages: Pages { png: true, pdf: true },
    }
}

fn outcome(
    asked: &OutcomeAsked,
    before: &ReadAsked,
    mut blobs: Blobs,
    today: jiff::civil::Date,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let plan = blobs.pop().unwrap_or_default();
    let request = pair(asked, before, blobs.try_into().expect("the parent sends four"), plan);
    let made = stipple_pipeline::outcome(&request, &settings(today)?, watch)?;
    let files = vec![
        ("outcome.json".to_owned(), made.outcome_json.into_bytes()),
        ("outcome.png".to_owned(), made.figure_png),
        ("outcome.pdf".to_owned(), made.report_pdf),
    ];
    Ok(named(files))
}

fn fading(
    asked: &FadingAsked,
    sun: Sun,
    mut blobs: Blobs,
    today: jiff::civil::Date,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let plan = blobs.remove(0);
    let last_session = asked.last_session.as_deref().and_then(|day| day.parse().ok());
    let request = FadingRequest { outcomes: blobs, plan, last_session, sun, today, picture: true };
    let made = stipple_pipeline::fading(&request, watch)?;
    let files = vec![
        ("fading.json".to_owned(), made.fading_json.into_bytes()),
        ("fading.png".to_owned(), made.figure_png),
    ];
    Ok(named(files))
}

/// A parent asks for wishes only after it opened.
fn unopened() -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    unreachable!("nothing is open")
}

/// Settings of a clinic: its protocol and rules, or nothing where the shipped ones stand, and what the book says.
fn worked_by(
    protocol: &[u8],
    rules: &[u8],
    answers: Option<&[u8]>,
    book: OfBook,
    today: jiff::civil::Date,
) -> Result<Settings, stipple_pipeline::Error> {
    let [protocol, rules] = [protocol, rules].map(|toml| Some(toml).filter(|toml| !toml.is_empty()));
    let settings = Settings::new(protocol, rules, answers, today, Seed(1))?;
    let settings = settings.with_waiting_test(book.waits).with_in_skin(book.in_skin_per_cm2);
    book.used.iter().try_fold(settings, Settings::with_tested)
}

fn settings(today: jiff::civil::Date) -> Result<Settings, stipple_pipeline::Error> {
    Settings::new(None, None, None, today, Seed(1))
}

pub(super) fn named(files: Vec<(String, Vec<u8>)>) -> (Answer, Blobs) {
    let (names, blobs) = files.into_iter().unzip();
    (Answer::Files { names }, blobs)
}

/// Progress of the work, on the output.
struct Progress<'a> {
    output: &'a Mutex<std::io::Stdout>,
}

impl Watch for Progress<'_> {
    fn progress(&self, step: &'static str, share: f64) {
        // A parent that is gone will be noticed at the answer.
        let _ = say(self.output, &Answer::Step { step: step.to_owned(), share }, &[]);
    }
}

fn say(output: &Mutex<std::io::Stdout>, says: &Answer, blobs: &[Vec<u8>]) -> std::io::Result<()> {
    let blobs: Vec<&[u8]> = blobs.iter().map(Vec::as_slice).collect();
    let mut output = output.lock().map_err(|_| std::io::Error::other("the output is gone"))?;
    output.write_all(&frame(says, &blobs))?;
    output.flush()
}

/// The next frame, or nothing at the end.
fn next<T: DeserializeOwned>(input: &mut impl Read) -> std::io::Result<Option<(T, Blobs)>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let text = exactly(input, text_length(length)?)?;
    let head: Head<T> = serde_json::from_slice(&text)?;
    let blobs = head.lengths()?.iter().map(|length| exactly(input, *length));
    let blobs = blobs.collect::<Result<_, _>>()?;
    Ok(Some((head.says, blobs)))
}

fn exactly(input: &mut impl Read, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
