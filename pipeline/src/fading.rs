//! Outcomes of one plan at several visits, to how its dots fade.

use stipple_model::{Caveat, Date, Outcome, Plan, Sun, Watch};
use stipple_record::document::{fading_png, touch_up};
use stipple_record::{Provenance, Setting, format, store};

use crate::error::Error;

/// Outcomes of one plan.
#[derive(Clone, Debug)]
pub struct FadingRequest {
    /// Bytes of each `outcome.json`, in any order.
    pub outcomes: Vec<Vec<u8>>,
    /// Bytes of the `plan.json` that all of them were made with.
    pub plan: Vec<u8>,
    /// The day of the last session, for days of the calendar.
    pub last_session: Option<Date>,
    /// How much sun the dots get.
    pub sun: Sun,
    /// The day it is asked: no visit is later.
    pub today: Date,
    /// Whether the picture is wanted.
    pub picture: bool,
}

/// What [`fading`] gives.
pub struct FadingFiles {
    /// `stipple/fading/1`.
    pub fading_json: String,
    /// The curve as a picture, PNG; empty if it was not wanted.
    pub figure_png: Vec<u8>,
    /// What is doubtful.
    pub caveats: Vec<Caveat>,
    /// When the touch-up is due, in one line.
    pub summary: String,
}

/// Outcomes → fading.
///
/// # Errors
/// Files that cannot be used, outcomes of another plan, two of one photograph, or none that counts.
///
/// # Determinism
/// Same bytes in: same files.
pub fn fading(request: &FadingRequest, watch: &dyn Watch) -> Result<FadingFiles, Error> {
    watch.progress("fading", 0.0);
    let FadingRequest { outcomes, plan, last_session, picture, sun, .. } = request;
    require_one_plan(outcomes, plan)?;
    let made_with = format::plan_from_json(plan)?.value;
    require_one_stage(outcomes, &made_with)?;
    let read = outcomes.iter().map(|json| Ok(format::outcome_from_json(json)?.value));
    let read: Vec<_> = read.collect::<Result<_, Error>>()?;
    require_past(request, &read)?;
    let made = stipple_outcome::fading(&read, &made_with, *sun)?;
    let mut provenance = Provenance::of_this_program().with_input("plan", plan);
    for json in outcomes {
        provenance = provenance.with_input("outcome", json);
    }
    if let Some(day) = last_session {
        provenance = provenance.with_option("last_session", Setting::Text(day.to_string()));
    }
    if *sun != Sun::Usual {
        provenance = provenance.with_option("sun", Setting::Text(sun.name().to_owned()));
    }
    let figure_png =
        if *picture { fading_png(&made.value, *last_session, &made.caveats) } else { Vec::new() };
    Ok(FadingFiles {
        fading_json: format::fading_to_json(&made, *last_session, &provenance),
        figure_png,
        summary: touch_up(made.value.touch_up, *last_session),
        caveats: made.caveats,
    })
}

/// Refuses a last session after which the visits would lie in the future.
fn require_past(request: &FadingRequest, outcomes: &[Outcome]) -> Result<(), Error> {
    let Some(last_session) = request.last_session else { return Ok(()) };
    let days = outcomes.iter().filter_map(|outcome| outcome.comparability.days_since_last_session).max();
    let (days, today) = (days.unwrap_or(0), request.today);
    let passed = last_session.until(today).map_or(0, |span| span.get_days());
    if i64::from(passed) >= i64::from(days) {
        return Ok(());
    }
    let needed = format!("a day at least {days} days before {today}: the last photograph is so much later");
    let found = last_session.to_string();
    Err(stipple_record::Error::Field { field: "the day of the last session".to_owned(), found, needed }
        .into())
}

/// Refuses visits after different numbers of sessions: their days count from different ones, and so do their dots. Where an
/// outcome does not say how many were done, all of the plan's were.
fn require_one_stage(outcomes: &[Vec<u8>], plan: &Plan) -> Result<(), Error> {
    let all = plan.sessions.len() as f64;
    let mut first = None;
    for (k, json) in outcomes.iter().enumerate() {
        let done = match format::provenance_from_json(json)?.options.get("sessions_done") {
            Some(Setting::Number(done)) => *done,
            _ => all,
        };
        let first = *first.get_or_insert(done);
        if done != first {
            return Err(stipple_record::Error::Field {
                field: format!("outcome {}", k + 1),
                found: format!("of a visit after session {done}"),
                needed: format!(
                    "one after session {first}, as the first: dots of other sessions are of another age"
                ),
            }
            .into());
        }
    }
    Ok(())
}

/// Refuses outcomes that were not made with the plan, and two of one photograph.
fn require_one_plan(outcomes: &[Vec<u8>], plan: &[u8]) -> Result<(), Error> {
    let plan = store::sha256_hex(plan);
    let mut photographs = Vec::new();
    for (k, json) in outcomes.iter().enumerate() {
        let made = format::provenance_from_json(json)?;
        let of = |role: &str| made.inputs.iter().find(|input| input.name == role).map(|i| i.sha256.clone());
        let wrong = |found: &str, needed: String| stipple_record::Error::Field {
            field: format!("outcome {}", k + 1),
            found: found.to_owned(),
            needed,
        };
        if of("plan").as_ref() != Some(&plan) {
            let needed = format!("one made with the plan that was given (--plan, SHA-256 {}…)", &plan[..12]);
            return Err(wrong("of another plan or of none", needed).into());
        }
        let after = of("after");
        if after.is_none() || photographs.contains(&after) {
            return Err(
                wrong("of a photograph that another one is of", "one outcome a visit".to_owned()).into()
            );
        }
        photographs.push(after);
    }
    Ok(())
}
