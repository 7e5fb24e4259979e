//! What people say of scars, knowing what they see or not.

use axum::Json as Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use stipple_model::Unwatched;
use stipple_pipeline::AgreementFiles;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::ratings::{RatedBy, Rating, Said, Scale};
use crate::store::rounds::Round;

/// A rating that is to be kept.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewRating {
    by: RatedBy,
    #[serde(flatten)]
    said: Said,
}

/// Which scores.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Asked {
    scale: Scale,
}

/// Keeps what an observer or the client says of a photograph.
#[utoipa::path(operation_id = "new_rating", post, path = "/api/photographs/{id}/ratings",
    params(("id" = Uuid, Path)), request_body = NewRating, responses((status = 201, body = Rating)))]
pub(crate) async fn new(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<NewRating>,
) -> Result<(StatusCode, Body<Rating>), Error> {
    Ok((StatusCode::CREATED, Body(studio.store.new_rating(&who, id, new.by, new.said).await?)))
}

/// Every rating of a photograph, the last first.
#[utoipa::path(operation_id = "ratings", get, path = "/api/photographs/{id}/ratings",
    params(("id" = Uuid, Path)), responses((status = 200, body = Vec<Rating>)))]
pub(crate) async fn list(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Vec<Rating>>, Error> {
    Ok(Body(studio.store.ratings(&who, id).await?))
}

/// Begins a round of blind rating.
#[utoipa::path(post, path = "/api/rounds", responses((status = 201, body = Round)))]
pub(crate) async fn new_round(
    State(studio): State<Studio>,
    who: Who,
) -> Result<(StatusCode, Body<Round>), Error> {
    Ok((StatusCode::CREATED, Body(studio.store.new_round(&who).await?)))
}

/// A round of one's own, and how far it is.
#[utoipa::path(get, path = "/api/rounds/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Round)))]
pub(crate) async fn round(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Round>, Error> {
    Ok(Body(studio.store.round(&who, id).await?))
}

/// A picture of a round, counted from 0.
#[utoipa::path(get, path = "/api/rounds/{id}/pictures/{place}",
    params(("id" = Uuid, Path), ("place" = usize, Path)),
    responses((status = 200, content_type = "image/jpeg")))]
pub(crate) async fn round_picture(
    State(studio): State<Studio>,
    who: Who,
    Path((id, place)): Path<(Uuid, usize)>,
) -> Result<impl IntoResponse, Error> {
    let jpeg = studio.store.round_picture(&who, id, place).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg))
}

/// Keeps what is said of a picture of a round.
#[utoipa::path(post, path = "/api/rounds/{id}/pictures/{place}",
    params(("id" = Uuid, Path), ("place" = usize, Path)), request_body = Said,
    responses((status = 201)))]
pub(crate) async fn rate_blind(
    State(studio): State<Studio>,
    who: Who,
    Path((id, place)): Path<(Uuid, usize)>,
    Json(said): Json<Said>,
) -> Result<StatusCode, Error> {
    studio.store.rate_blind(&who, id, place, said).await?;
    Ok(StatusCode::CREATED)
}

/// Every score of a scale as a table, pictures and raters by number: for `stipple agreement`.
#[utoipa::path(get, path = "/api/ratings.csv", params(Asked), responses((status = 200, content_type = "text/csv")))]
pub(crate) async fn table(
    State(studio): State<Studio>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Error> {
    let csv = table_of(&studio, &who, asked.scale).await?;
    let place = "attachment; filename=\"ratings.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, place)], csv))
}

/// How far raters agree on a scale: `agreement.json`, as the command line writes it.
#[utoipa::path(get, path = "/api/agreement", params(Asked), responses((status = 200, body = Object)))]
pub(crate) async fn agreement(
    State(studio): State<Studio>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Error> {
    let made = agreed(&studio, &who, asked.scale, false).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], made.agreement_json))
}

/// The same as a picture: differences over means of every two raters.
#[utoipa::path(get, path = "/api/agreement.png", params(Asked),
    responses((status = 200, content_type = "image/png")))]
pub(crate) async fn agreement_figure(
    State(studio): State<Studio>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Error> {
    let made = agreed(&studio, &who, asked.scale, true).await?;
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "no-store")], made.figure_png))
}

async fn agreed(studio: &Studio, who: &Who, scale: Scale, picture: bool) -> Result<AgreementFiles, Error> {
    let csv = table_of(studio, who, scale).await?;
    let agree = move || stipple_pipeline::agreement(csv.as_bytes(), picture, &Unwatched);
    let made =
        tokio::task::spawn_blocking(agree).await.map_err(|_| Error::Ours("agreement broke".to_owned()))?;
    made.map_err(|error| Error::unusable(error.code(), error.to_string()))
}

async fn table_of(studio: &Studio, who: &Who, scale: Scale) -> Result<String, Error> {
    let mut csv = String::from("picture,rater,score,occasion\n");
    for score in studio.store.scores(who, scale).await? {
        csv.push_str(&format!("{},{},{},{}\n", score.picture, score.rater, score.score, score.occasion));
    }
    Ok(csv)
}
