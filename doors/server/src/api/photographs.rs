//! Uploads and photographs.

use axum::Json as Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::jobs::{Job, Work};
use crate::store::removing::Moved;
use crate::store::shelf::Photograph;
use crate::store::uploads::{NewUpload, PIECE_BYTES_MAX, Upload};

/// A photograph that is kept, and the job that looks at it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Kept {
    photograph: Photograph,
    job: Job,
}

/// Begins an upload to a visit.
#[utoipa::path(post, path = "/api/visits/{id}/uploads", params(("id" = Uuid, Path)), request_body = NewUpload,
    responses((status = 200, body = Upload)))]
pub(crate) async fn new_upload(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<NewUpload>,
) -> Result<Body<Upload>, Error> {
    Ok(Body(studio.store.new_upload(&who, id, new).await?))
}

/// How far an upload has come.
#[utoipa::path(get, path = "/api/uploads/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Upload)))]
pub(crate) async fn upload(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Upload>, Error> {
    Ok(Body(studio.store.upload(&who, id).await?))
}

/// Takes the next piece, up to 16 MiB.
#[utoipa::path(patch, path = "/api/uploads/{id}",
    params(("id" = Uuid, Path), ("Upload-Offset" = i64, Header, description = "Where the piece starts")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload)))]
pub(crate) async fn take_piece(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Body<Upload>, Error> {
    let starts_at = headers.get("upload-offset").and_then(|value| value.to_str().ok()?.parse().ok());
    let starts_at = starts_at.ok_or_else(|| {
        Error::unusable("no_offset", "The header Upload-Offset is missing: say where the piece starts.")
    })?;
    let bytes = axum::body::to_bytes(request.into_body(), PIECE_BYTES_MAX).await;
    let bytes =
        bytes.map_err(|_| Error::unusable("piece_size", "The piece broke off or is above 16 MiB."))?;
    Ok(Body(studio.store.take_piece(&who, id, starts_at, bytes.to_vec()).await?))
}

/// Makes the whole file a photograph and looks at it.
#[utoipa::path(post, path = "/api/uploads/{id}/finish", params(("id" = Uuid, Path)),
    responses((status = 202, body = Kept)))]
pub(crate) async fn finish(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<(StatusCode, Body<Kept>), Error> {
    let job = studio.store.finish_upload(&who, id).await?;
    studio.queue.wake();
    let photograph = studio.store.photograph(&who, id).await?;
    Ok((StatusCode::ACCEPTED, Body(Kept { photograph, job })))
}

/// A photograph with what was made of it.
#[utoipa::path(operation_id = "photograph", get, path = "/api/photographs/{id}", params(("id" = Uuid, Path)),
    responses((status = 200, body = Photograph)))]
pub(crate) async fn one(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Photograph>, Error> {
    Ok(Body(studio.store.photograph(&who, id).await?))
}

/// Moves a photograph, with what was made of it, to another visit of the same client.
#[utoipa::path(operation_id = "move_photograph", put, path = "/api/photographs/{id}", params(("id" = Uuid, Path)),
    request_body = Moved, responses((status = 200, body = Photograph)))]
pub(crate) async fn move_to(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(to): Json<Moved>,
) -> Result<Body<Photograph>, Error> {
    Ok(Body(studio.store.move_photograph(&who, id, to).await?))
}

/// Removes a photograph for good, with what was made of it.
#[utoipa::path(operation_id = "remove_photograph", delete, path = "/api/photographs/{id}", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub(crate) async fn remove(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    let client = studio.store.client_of(&who, id).await?;
    let removed = studio.store.remove_photograph(&who, id).await;
    studio.lives.close_of(client);
    removed?;
    Ok(StatusCode::NO_CONTENT)
}

/// Looks at a photograph again, where the first look was ended from outside.
#[utoipa::path(post, path = "/api/photographs/{id}/look", params(("id" = Uuid, Path)),
    responses((status = 202, body = Job)))]
pub(crate) async fn look(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<(StatusCode, Body<Job>), Error> {
    let client = studio.store.client_of(&who, id).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Look).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Which picture.
#[derive(serde::Deserialize, utoipa::IntoParams)]
pub(crate) struct Wanted {
    /// Pixels wanted on the longer side: up to 512 give the small picture for lists.
    side: Option<u32>,
}

/// The photograph upright, for screens: its longer side has up to 4096 pixels, or 384.
#[utoipa::path(get, path = "/api/photographs/{id}/picture", params(("id" = Uuid, Path), Wanted),
    responses((status = 200, content_type = "image/jpeg")))]
pub(crate) async fn picture(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Query(wanted): Query<Wanted>,
) -> Result<impl IntoResponse, Error> {
    let small = wanted.side.is_some_and(|side| side <= 512);
    let jpeg = studio.store.screen_picture(&who, id, small).await?;
    // Kept by the browser while it is open, never on its disk.
    Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg))
}
