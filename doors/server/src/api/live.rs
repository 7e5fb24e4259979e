//! Sliders: a photograph that is open, a wish, its picture.

use axum::Json as Body;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::own_texts::OwnText;
use crate::worker::live::{Look, Opened, Summary, Wish};

/// The header that tells what a wish comes to, as JSON in ASCII.
const SUMMARY: HeaderName = HeaderName::from_static("stipple-summary");

/// A photograph that is open.
#[derive(Serialize, ToSchema)]
pub(crate) struct Live {
    /// To be named in wishes.
    live: uuid::Uuid,
    #[serde(flatten)]
    opened: Opened,
}

/// A wish and how it is looked at.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FrameAsked {
    wish: Wish,
    view: Look,
}

/// A wish.
#[derive(Deserialize, ToSchema)]
pub(crate) struct DotsAsked {
    wish: Wish,
}

/// Opens the photograph of a reading for sliders; takes a few seconds.
#[utoipa::path(post, path = "/api/readings/{id}/live", params(("id" = Uuid, Path)), responses((status = 200, body = Live)))]
pub(crate) async fn open(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Live>, Error> {
    let client = studio.store.client_of_record(&who, "reading", id).await?;
    let (photo, reading) = studio.store.inputs_of_reading(who.clinic, id).await?;
    let protocol = studio.store.toml_of(who.clinic, OwnText::Protocol).await?.unwrap_or_default();
    let book = studio.store.said_to_plan(&who, id).await?;
    let files = [photo.as_slice(), &reading, protocol.as_bytes()];
    let (live, opened) = studio.lives.open(&who, client, files, book).await?;
    if let Err(removed) = studio.store.client_of_record(&who, "reading", id).await {
        // It was removed while this was opened.
        studio.lives.close(&who, live)?;
        return Err(removed);
    }
    Ok(Body(Live { live, opened }))
}

/// The picture of a wish, or what changed in the one at hand, JPEG; header `Stipple-Summary` tells what it comes to.
#[utoipa::path(post, path = "/api/live/{id}/frame", params(("id" = Uuid, Path)), request_body = FrameAsked,
    responses((status = 200, content_type = "image/jpeg"), (status = 203, body = Summary, description = "the header's form")))]
pub(crate) async fn frame(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<FrameAsked>,
) -> Result<impl IntoResponse, Error> {
    let (summary, jpeg) = studio.lives.frame(&who, id, asked.wish, asked.view).await?;
    Ok(told(&summary, "image/jpeg", jpeg))
}

/// The dots of a wish: x, y, diameter in photograph pixels and session, each an f32, little-endian.
#[utoipa::path(post, path = "/api/live/{id}/dots", params(("id" = Uuid, Path)), request_body = DotsAsked,
    responses((status = 200, content_type = "application/octet-stream")))]
pub(crate) async fn dots(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<DotsAsked>,
) -> Result<impl IntoResponse, Error> {
    let (summary, bytes) = studio.lives.dots(&who, id, asked.wish).await?;
    Ok(told(&summary, "application/octet-stream", bytes))
}

/// Closes a photograph.
#[utoipa::path(delete, path = "/api/live/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub(crate) async fn close(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    studio.lives.close(&who, id)?;
    Ok(StatusCode::NO_CONTENT)
}

fn told(summary: &Summary, kind: &'static str, bytes: Vec<u8>) -> impl IntoResponse + use<> {
    let json = serde_json::to_string(summary).unwrap_or_default();
    // Headers hold ASCII only.
    let ascii: String = json.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii() {
            text.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        }
        text
    });
    (AppendHeaders([(header::CONTENT_TYPE, kind.to_owned()), (SUMMARY, ascii)]), bytes)
}
