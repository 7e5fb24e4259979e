//! Clients, cases, visits.

use axum::Json as Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Id, Json};
use crate::Studio;
use crate::access::Role;
use crate::error::Error;
use crate::store::Who;
use crate::store::cases::{Answered, CaseText, VisitText};
use crate::store::clients::{Client, ClientList, Person};
use crate::store::keeping::Keeping;
use crate::store::shelf::{Case, EarlierText, Visit};
use crate::store::texts::Changed;

/// Most clients of one answer.
const LIMIT_MAX: usize = 200;

/// Which clients.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Asked {
    /// Words that name or contact holds.
    #[serde(default)]
    query: String,
    /// How many, up to 200.
    limit: Option<usize>,
    /// From which on.
    #[serde(default)]
    offset: usize,
    /// Those that were erased and are kept for a time because the law says so; only the owner is told.
    #[serde(default)]
    closed: bool,
}

/// Clients of the clinic, the last changed first.
#[utoipa::path(operation_id = "list_clients", get, path = "/api/clients", params(Asked), responses((status = 200, body = ClientList)))]
pub(crate) async fn list(
    State(studio): State<Studio>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<Body<ClientList>, Error> {
    let limit = asked.limit.unwrap_or(50).min(LIMIT_MAX);
    let closed = asked.closed && who.role == Role::Owner;
    Ok(Body(studio.store.clients(&who, &asked.query, closed, (asked.offset, limit)).await?))
}

/// Texts of a client, of their cases and visits that do not stand any more, or came too late; the last first.
#[utoipa::path(get, path = "/api/clients/{id}/earlier", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<EarlierText>)))]
pub(crate) async fn earlier(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Vec<EarlierText>>, Error> {
    Ok(Body(studio.store.earlier_texts(&who, id).await?))
}

/// A new client.
#[utoipa::path(operation_id = "new_client", post, path = "/api/clients", request_body = Person, responses((status = 200, body = Client)))]
pub(crate) async fn new(
    State(studio): State<Studio>,
    who: Who,
    Json(person): Json<Person>,
) -> Result<Body<Client>, Error> {
    Ok(Body(studio.store.new_client(&who, person).await?))
}

/// A client with cases, visits and photographs.
#[utoipa::path(operation_id = "client", get, path = "/api/clients/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Client)))]
pub(crate) async fn one(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Client>, Error> {
    Ok(Body(studio.store.client(&who, id).await?))
}

/// Changes what is known of a client.
#[utoipa::path(operation_id = "change_client", put, path = "/api/clients/{id}", params(("id" = Uuid, Path)), request_body = Changed<Person>,
    responses((status = 200, body = Client), (status = 409, description = "changed meanwhile: `theirs`, `yours`")))]
pub(crate) async fn change(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<Changed<Person>>,
) -> Result<Body<Client>, Error> {
    Ok(Body(studio.store.change_client(&who, id, new).await?))
}

/// Erases a client for good: the key is destroyed. Where the law keeps consents and sessions, they are closed until then, and
/// with them check-ins and wellbeing: the course of a treatment belongs to its record. All else is removed.
#[utoipa::path(delete, path = "/api/clients/{id}", params(("id" = Uuid, Path)),
    responses((status = 204, description = "erased"), (status = 200, description = "what is kept, and by which rules", body = Keeping)))]
pub(crate) async fn erase(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Response, Error> {
    let kept = studio.store.erase_client(&who, id).await?;
    studio.lives.close_of(id);
    Ok(kept.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |kept| Body(kept).into_response()))
}

/// What the law keeps of a client, and until when.
#[utoipa::path(get, path = "/api/clients/{id}/keeping", params(("id" = Uuid, Path)),
    responses((status = 200, body = Keeping)))]
pub(crate) async fn keeping(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Keeping>, Error> {
    Ok(Body(studio.store.keeping(&who, id).await?))
}

/// Everything about a client to take along: a ZIP with a page to read, and JSON of the same for programs.
#[utoipa::path(get, path = "/api/clients/{id}/export.zip", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/zip")))]
pub(crate) async fn export(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<impl IntoResponse, Error> {
    let zip = studio.store.export(&who, id).await?;
    let place = "attachment; filename=\"record.zip\"";
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, place)];
    Ok((headers, axum::body::Body::from_stream(zip)))
}

/// A new case of a client.
#[utoipa::path(post, path = "/api/clients/{id}/cases", params(("id" = Uuid, Path)), request_body = CaseText,
    responses((status = 200, body = Case)))]
pub(crate) async fn new_case(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<CaseText>,
) -> Result<Body<Case>, Error> {
    Ok(Body(studio.store.new_case(&who, id, text).await?))
}

/// A case with its visits and photographs.
#[utoipa::path(get, path = "/api/cases/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Case)))]
pub(crate) async fn case(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Case>, Error> {
    Ok(Body(studio.store.case(&who, id).await?))
}

/// Changes what a case is about.
#[utoipa::path(put, path = "/api/cases/{id}", params(("id" = Uuid, Path)), request_body = Changed<CaseText>,
    responses((status = 200, body = Case), (status = 409, description = "changed meanwhile: `theirs`, `yours`")))]
pub(crate) async fn change_case(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<Changed<CaseText>>,
) -> Result<Body<Case>, Error> {
    Ok(Body(studio.store.change_case(&who, id, new).await?))
}

/// Removes a case without visits.
#[utoipa::path(delete, path = "/api/cases/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub(crate) async fn remove_case(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<StatusCode, Error> {
    studio.store.remove_case(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds what the client answers to what was answered before.
#[utoipa::path(put, path = "/api/cases/{id}/answers", params(("id" = Uuid, Path)), request_body = Answered,
    responses((status = 200, body = Case)))]
pub(crate) async fn answer(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<Answered>,
) -> Result<Body<Case>, Error> {
    Ok(Body(studio.store.answer(&who, id, new).await?))
}

/// A new visit in a case.
#[utoipa::path(post, path = "/api/cases/{id}/visits", params(("id" = Uuid, Path)), request_body = VisitText,
    responses((status = 200, body = Visit)))]
pub(crate) async fn new_visit(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<VisitText>,
) -> Result<Body<Visit>, Error> {
    Ok(Body(studio.store.new_visit(&who, id, text).await?))
}

/// Changes what a visit was.
#[utoipa::path(put, path = "/api/visits/{id}", params(("id" = Uuid, Path)), request_body = Changed<VisitText>,
    responses((status = 200, body = Visit), (status = 409, description = "changed meanwhile: `theirs`, `yours`")))]
pub(crate) async fn change_visit(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<Changed<VisitText>>,
) -> Result<Body<Visit>, Error> {
    Ok(Body(studio.store.change_visit(&who, id, new).await?))
}

/// Removes a visit without photographs.
#[utoipa::path(delete, path = "/api/visits/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub(crate) async fn remove_visit(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<StatusCode, Error> {
    studio.store.remove_visit(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
