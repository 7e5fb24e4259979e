//! Readings, plans and their files.

use axum::Json as Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use uuid::Uuid;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::jobs::{Job, Work};
use crate::store::records::{ChosenReading, Record};
use crate::store::shelf::Photograph;
use crate::worker::{ConsultAsked, FadingAsked, OutcomeAsked, ReadAsked};

/// Reads a photograph, anew or with corrections.
#[utoipa::path(post, path = "/api/photographs/{id}/readings", params(("id" = Uuid, Path)), request_body = ReadAsked,
    responses((status = 202, body = Job)))]
pub(crate) async fn read(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<ReadAsked>,
) -> Result<(StatusCode, Body<Job>), Error> {
    asked.mask()?;
    asked.require_pitch()?;
    if let Some(parent) = asked.parent {
        studio.store.require_reading_of(&who, parent, id).await?;
    }
    let client = studio.store.client_of(&who, id).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Read(asked)).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Makes a reading the one that plans, reports and outcomes of its photograph start from.
#[utoipa::path(put, path = "/api/photographs/{id}/reading", params(("id" = Uuid, Path)), request_body = ChosenReading,
    responses((status = 200, body = Photograph)))]
pub(crate) async fn choose(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(chosen): Json<ChosenReading>,
) -> Result<Body<Photograph>, Error> {
    Ok(Body(studio.store.choose_reading(&who, id, &chosen).await?))
}

/// A result with its main file.
#[utoipa::path(operation_id = "record", get, path = "/api/records/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Record)))]
pub(crate) async fn one(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Record>, Error> {
    Ok(Body(studio.store.record(&who, id).await?))
}

/// The mask of the scar of a reading.
#[utoipa::path(get, path = "/api/records/{id}/scar.png", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "image/png")))]
pub(crate) async fn scar(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<impl IntoResponse, Error> {
    let png = studio.store.record_file(&who, id, "scar.png").await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png))
}

/// Plans on a reading: plan, assessment, report, stencil and previews.
#[utoipa::path(post, path = "/api/readings/{id}/consultation", params(("id" = Uuid, Path)),
    request_body = ConsultAsked, responses((status = 202, body = Job)))]
pub(crate) async fn consult(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(mut asked): Json<ConsultAsked>,
) -> Result<(StatusCode, Body<Job>), Error> {
    let client = studio.store.client_of_record(&who, "reading", id).await?;
    if asked.answers.is_empty() {
        asked.answers = studio.store.answers_by_reading(&who, id).await?;
    }
    let job = studio.store.new_job(&who, client, id, &Work::Consult(asked)).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Holds a photograph against one before: from how far the scar is seen, its color, and what became of the dots.
#[utoipa::path(post, path = "/api/photographs/{id}/outcomes", params(("id" = Uuid, Path)),
    request_body = OutcomeAsked, responses((status = 202, body = Job)))]
pub(crate) async fn outcome(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<OutcomeAsked>,
) -> Result<(StatusCode, Body<Job>), Error> {
    let client = studio.store.client_of(&who, id).await?;
    studio.store.require_before(&who, (client, id), asked.reading, asked.plan).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Outcome(asked)).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Tells how the dots of a plan fade on this person, from every later photograph that was held against it.
#[utoipa::path(post, path = "/api/plans/{id}/fading", params(("id" = Uuid, Path)), request_body = FadingAsked,
    responses((status = 202, body = Job)))]
pub(crate) async fn fading(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<FadingAsked>,
) -> Result<(StatusCode, Body<Job>), Error> {
    if asked.last_session.as_ref().is_some_and(|day| day.parse::<stipple_model::Date>().is_err()) {
        let message = "The day of the last session must be a date such as 2026-11-27.";
        return Err(Error::unusable("bad_day", message));
    }
    let client = studio.store.client_of_record(&who, "plan", id).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Fading(asked)).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// A file of a plan or an outcome.
#[utoipa::path(get, path = "/api/records/{id}/files/{name}", params(("id" = Uuid, Path), ("name" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
pub(crate) async fn file(
    State(studio): State<Studio>,
    who: Who,
    Path((id, name)): Path<(Uuid, String)>,
) -> Result<impl IntoResponse, Error> {
    let bytes = studio.store.record_file(&who, id, &name).await?;
    let kind = match name.rsplit('.').next() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/json",
    };
    let place = format!("attachment; filename=\"{}\"", own_name(&name, id));
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)], bytes))
}

/// A name that tells the files of two clients apart and names neither: when the result was made, and the end of its id.
fn own_name(name: &str, id: Uuid) -> String {
    let made = id.get_timestamp().map_or(0, |at| at.to_unix().0);
    let day = jiff::Timestamp::from_second(made.cast_signed()).map(|at| at.strftime("%Y-%m-%d").to_string());
    let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
    let id = id.simple().to_string();
    format!("{stem}-{}-{}.{kind}", day.unwrap_or_default(), &id[id.len() - 6..])
}
