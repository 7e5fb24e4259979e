//! What is shown to strangers: cases, pages, reviews.

use axum::Json as Body;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::book::links::Guest;
use crate::store::jobs::{Job, Work};
use crate::store::publishing::reviews::{AnswerText, RemovalReason, ReviewText};
use crate::store::publishing::signing::CertificatesText;
use crate::store::publishing::{Publishing, Showcase};
use crate::worker::publishing::PublishAsked;

/// Everything about the clinic's pages.
#[utoipa::path(operation_id = "publishing", get, path = "/api/publishing", responses((status = 200, body = Publishing)))]
pub(crate) async fn one(State(studio): State<Studio>, who: Who) -> Result<Body<Publishing>, Error> {
    Ok(Body(studio.store.publishing(&who).await?))
}

/// Changes what the clinic says of its pages.
#[utoipa::path(operation_id = "change_publishing", put, path = "/api/publishing", request_body = Showcase,
    responses((status = 200, body = Publishing)))]
pub(crate) async fn change(
    State(studio): State<Studio>,
    who: Who,
    Json(new): Json<Showcase>,
) -> Result<Body<Publishing>, Error> {
    Ok(Body(studio.store.change_showcase(&who, new).await?))
}

/// A request for a certificate of the clinic's key, for whoever is to vouch for it.
#[utoipa::path(operation_id = "certificate_request", get, path = "/api/publishing/request.pem",
    responses((status = 200, content_type = "application/x-pem-file")))]
pub(crate) async fn request(State(studio): State<Studio>, who: Who) -> Result<impl IntoResponse, Error> {
    let pem = studio.store.certificate_request(&who).await?;
    let place = "attachment; filename=\"request.pem\"";
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file"), (header::CONTENT_DISPOSITION, place)], pem))
}

/// Lets somebody else vouch for the clinic's key, or the studio itself again.
#[utoipa::path(operation_id = "change_certificates", put, path = "/api/publishing/certificates",
    request_body = CertificatesText, responses((status = 200, body = Publishing)))]
pub(crate) async fn change_certificates(
    State(studio): State<Studio>,
    who: Who,
    Json(text): Json<CertificatesText>,
) -> Result<Body<Publishing>, Error> {
    Ok(Body(studio.store.change_certificates(&who, text).await?))
}

/// Lays an outcome's photographs for showing: what a person chooses on, and what forbids it.
#[utoipa::path(operation_id = "draft_publication", post, path = "/api/outcomes/{id}/draft", params(("id" = Uuid, Path)),
    responses((status = 202, body = Job)))]
pub(crate) async fn draft(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<(StatusCode, Body<Job>), Error> {
    let client = studio.store.client_of_record(&who, "outcome", id).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Draft).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Shows an outcome's photographs to strangers.
#[utoipa::path(operation_id = "publish", post, path = "/api/outcomes/{id}/publication", params(("id" = Uuid, Path)),
    request_body = PublishAsked, responses((status = 202, body = Job)))]
pub(crate) async fn publish(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(asked): Json<PublishAsked>,
) -> Result<(StatusCode, Body<Job>), Error> {
    let client = studio.store.client_of_record(&who, "outcome", id).await?;
    let job = studio.store.new_job(&who, client, id, &Work::Publish(asked)).await?;
    studio.queue.wake();
    Ok((StatusCode::ACCEPTED, Body(job)))
}

/// Takes a case back: strangers are told so from now on, and its files are gone.
#[utoipa::path(operation_id = "unpublish", delete, path = "/api/publications/{id}", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub(crate) async fn unpublish(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<StatusCode, Error> {
    studio.store.unshow(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The pages as a ZIP, for any other host.
#[utoipa::path(operation_id = "portfolio", get, path = "/api/portfolio.zip",
    responses((status = 200, content_type = "application/zip")))]
pub(crate) async fn portfolio(State(studio): State<Studio>, who: Who) -> Result<impl IntoResponse, Error> {
    let zip = studio.store.export_pages(&who).await?;
    let place = "attachment; filename=\"portfolio.zip\"";
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, place)];
    Ok((headers, axum::body::Body::from_stream(zip)))
}

/// Answers a review in public.
#[utoipa::path(operation_id = "answer_review", post, path = "/api/reviews/{id}/answer", params(("id" = Uuid, Path)),
    request_body = AnswerText, responses((status = 204)))]
pub(crate) async fn answer(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(answer): Json<AnswerText>,
) -> Result<StatusCode, Error> {
    studio.store.answer_review(&who, id, answer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a review for a reason that is counted in public.
#[utoipa::path(operation_id = "remove_review", post, path = "/api/reviews/{id}/removal", params(("id" = Uuid, Path)),
    request_body = RemovalReason, responses((status = 204)))]
pub(crate) async fn remove(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(why): Json<RemovalReason>,
) -> Result<StatusCode, Error> {
    studio.store.remove_review(&who, id, why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what a client says by a link, which then is used up.
#[utoipa::path(operation_id = "review_by_link", post, path = "/api/with/review",
    params(("X-Stipple-Link" = String, Header)), request_body = ReviewText, responses((status = 204)))]
pub(crate) async fn review_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    signed_in: Option<Extension<Who>>,
    Json(text): Json<ReviewText>,
) -> Result<StatusCode, Error> {
    if signed_in.is_some() {
        studio.store.refuse_link(&guest).await?;
        return Err(Error::NotAllowed(
            "A review is written by the client alone: open the link on a device where nobody is signed in to the studio.",
        ));
    }
    studio.store.review_by_link(&guest, text).await?;
    Ok(StatusCode::NO_CONTENT)
}
