//! What was agreed to, done and told in a case; ways in for clients.

use std::net::SocketAddr;

use axum::Json as Body;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query, State};
use axum::http::{StatusCode, header, request::Parts};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::guard::Browser;
use crate::store::Who;
use crate::store::audit::TrailLine;
use crate::store::book::Book;
use crate::store::book::attention::Attention;
use crate::store::book::consents::{Consent, Form, Signed, TakenBack, Withdrawal};
use crate::store::book::healing::SENT_BYTES_MAX;
use crate::store::book::links::{Guest, MadeLink, NewLink, OpenedLink};
use crate::store::book::others_dots::{OthersDots, OthersDotsText};
use crate::store::book::recall::Recalled;
use crate::store::book::sessions::{Session, SessionText};
use crate::store::book::struck::{StruckReason, StruckText};
use crate::store::book::test_dots::{TestResult, TestResultText};
use crate::store::book::told::{Advised, Asked, CheckInText};
use crate::store::book::wellbeing::{Scores, Wellbeing, WellbeingText};
use crate::store::cases::Answered;
use crate::store::ratings::ScarObserved;

/// The header that holds the secret of a link.
const LINK: &str = "x-stipple-link";

/// What was agreed to, done and told in a case.
#[utoipa::path(get, path = "/api/cases/{id}/book", params(("id" = Uuid, Path)), responses((status = 200, body = Book)))]
pub(crate) async fn book(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Book>, Error> {
    Ok(Body(studio.store.book(&who, id).await?))
}

/// Every text of consent, in every language.
#[utoipa::path(get, path = "/api/consent-forms", responses((status = 200, body = Vec<Form>)))]
pub(crate) async fn consent_forms(State(studio): State<Studio>, who: Who) -> Result<Body<Vec<Form>>, Error> {
    Ok(Body(studio.store.consent_forms(&who).await?))
}

/// Signs a consent: it is sealed with its text, its answers, its signature and what was shown.
#[utoipa::path(post, path = "/api/cases/{id}/consents", params(("id" = Uuid, Path)), request_body = Signed,
    responses((status = 200, body = Consent)))]
pub(crate) async fn sign(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(signed): Json<Signed>,
) -> Result<Body<Consent>, Error> {
    Ok(Body(studio.store.sign_consent(&who, id, signed).await?))
}

/// Takes a consent back.
#[utoipa::path(post, path = "/api/consents/{id}/withdrawal", params(("id" = Uuid, Path)), request_body = Withdrawal,
    responses((status = 200, body = Consent)))]
pub(crate) async fn withdraw(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(withdrawal): Json<Withdrawal>,
) -> Result<Body<Consent>, Error> {
    Ok(Body(studio.store.withdraw_consent(&who, id, withdrawal).await?))
}

/// A consent as a page for both sides.
#[utoipa::path(get, path = "/api/consents/{id}/page.pdf", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pdf")))]
pub(crate) async fn consent_page(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<impl IntoResponse, Error> {
    Ok(pdf("consent.pdf", studio.store.consent_page(&who, id).await?))
}

/// Writes down a session.
#[utoipa::path(operation_id = "new_session", post, path = "/api/cases/{id}/sessions", params(("id" = Uuid, Path)),
    request_body = SessionText, responses((status = 200, body = Session)))]
pub(crate) async fn new_session(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<SessionText>,
) -> Result<Body<Session>, Error> {
    Ok(Body(studio.store.new_session(&who, id, text).await?))
}

/// Writes down what test dots showed, and what that decides.
#[utoipa::path(operation_id = "new_test_result", post, path = "/api/sessions/{id}/test-result", params(("id" = Uuid, Path)),
    request_body = TestResultText, responses((status = 200, body = TestResult)))]
pub(crate) async fn new_test_result(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<TestResultText>,
) -> Result<Body<TestResult>, Error> {
    Ok(Body(studio.store.new_test_result(&who, id, text).await?))
}

/// Strikes out a session that was not, or not in this case; it stays to be read, with the reason.
#[utoipa::path(operation_id = "strike_session", post, path = "/api/sessions/{id}/struck", params(("id" = Uuid, Path)),
    request_body = StruckText, responses((status = 200, body = Session)))]
pub(crate) async fn strike_session(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<StruckText>,
) -> Result<Body<Session>, Error> {
    Ok(Body(studio.store.strike_session(&who, id, text).await?))
}

/// Writes down dots that somebody else set: they count for how much the skin may hold.
#[utoipa::path(operation_id = "new_others_dots", post, path = "/api/cases/{id}/others-dots", params(("id" = Uuid, Path)),
    request_body = OthersDotsText, responses((status = 200, body = OthersDots)))]
pub(crate) async fn new_others_dots(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<OthersDotsText>,
) -> Result<Body<OthersDots>, Error> {
    Ok(Body(studio.store.new_others_dots(&who, id, text).await?))
}

/// Strikes out dots of somebody else that are not there, or not so; they stay to be read, with the reason.
#[utoipa::path(operation_id = "strike_others_dots", post, path = "/api/others-dots/{id}/struck", params(("id" = Uuid, Path)),
    request_body = StruckReason, responses((status = 200, body = OthersDots)))]
pub(crate) async fn strike_others_dots(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(reason): Json<StruckReason>,
) -> Result<Body<OthersDots>, Error> {
    Ok(Body(studio.store.strike_others_dots(&who, id, reason).await?))
}

/// What somebody's days hold.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Days {
    /// Words with commas between: `sport`, `sun`, `outdoor_work`, `pool`, `shave`; left out, what the client answered.
    life: Option<String>,
}

/// The days of care after a session, in the client's language: `calendar.ics` or `page.pdf`.
#[utoipa::path(get, path = "/api/sessions/{id}/aftercare/{name}",
    params(("id" = Uuid, Path), ("name" = String, Path), Days),
    responses((status = 200, content_type = "application/octet-stream")))]
pub(crate) async fn aftercare(
    State(studio): State<Studio>,
    who: Who,
    Path((id, name)): Path<(uuid::Uuid, String)>,
    Query(days): Query<Days>,
) -> Result<axum::response::Response, Error> {
    let files = studio.store.aftercare(&who, id, days.life.as_deref()).await?;
    match name.as_str() {
        "page.pdf" => Ok(pdf("aftercare.pdf", files.page_pdf).into_response()),
        "calendar.ics" => {
            let place = "attachment; filename=\"aftercare.ics\"";
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CONTENT_DISPOSITION, place),
            ];
            Ok((headers, files.calendar_ics).into_response())
        }
        _ => Err(Error::Missing("file")),
    }
}

/// What a passport shows.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Shown {
    /// Whether photographs of before and now stand in it, if the client wants that.
    #[serde(default)]
    photographs: bool,
}

/// What a client takes along to whoever works on this skin next.
#[utoipa::path(get, path = "/api/cases/{id}/passport.pdf", params(("id" = Uuid, Path), Shown),
    responses((status = 200, content_type = "application/pdf")))]
pub(crate) async fn passport(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Query(shown): Query<Shown>,
) -> Result<impl IntoResponse, Error> {
    Ok(pdf("passport.pdf", studio.store.passport(&who, id, shown.photographs).await?.page_pdf))
}

/// The same for programs.
#[utoipa::path(operation_id = "passport_file", get, path = "/api/cases/{id}/passport.json", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/json")))]
pub(crate) async fn passport_file(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<impl IntoResponse, Error> {
    let place = "attachment; filename=\"passport.json\"";
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, place)];
    Ok((headers, studio.store.passport(&who, id, false).await?.file_json))
}

/// Which lot.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Lot {
    /// As it stands on the bottle.
    lot: String,
}

/// Every session in which a lot was used.
#[utoipa::path(get, path = "/api/recall", params(Lot), responses((status = 200, body = Vec<Recalled>)))]
pub(crate) async fn recall(
    State(studio): State<Studio>,
    who: Who,
    Query(asked): Query<Lot>,
) -> Result<Body<Vec<Recalled>>, Error> {
    Ok(Body(studio.store.recall(&who, &asked.lot).await?))
}

/// What is asked while the skin heals.
#[utoipa::path(get, path = "/api/check-in", responses((status = 200, body = Asked)))]
pub(crate) async fn asked_at_check_in(State(studio): State<Studio>, who: Who) -> Result<Body<Asked>, Error> {
    Ok(Body(studio.store.asked(who.clinic).await?))
}

/// Keeps what a client tells of the skin at the clinic.
#[utoipa::path(operation_id = "check_in", post, path = "/api/cases/{id}/check-ins", params(("id" = Uuid, Path)),
    request_body = CheckInText, responses((status = 200, body = Advised)))]
pub(crate) async fn check_in(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<CheckInText>,
) -> Result<Body<Advised>, Error> {
    Ok(Body(studio.store.check_in(&who, id, text).await?))
}

/// Writes down that somebody has looked at what a client told or sent.
#[utoipa::path(post, path = "/api/told/{id}/seen", params(("id" = Uuid, Path)), responses((status = 204)))]
pub(crate) async fn see(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    studio.store.see(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came from clients and nobody has looked at: signs, words, photographs, consents taken back.
#[utoipa::path(get, path = "/api/attention", responses((status = 200, body = Vec<Attention>)))]
pub(crate) async fn attention(State(studio): State<Studio>, who: Who) -> Result<Body<Vec<Attention>>, Error> {
    Ok(Body(studio.store.attention(&who).await?))
}

/// Keeps how a client is.
#[utoipa::path(post, path = "/api/cases/{id}/wellbeing", params(("id" = Uuid, Path)), request_body = WellbeingText,
    responses((status = 200, body = Wellbeing)))]
pub(crate) async fn tell_wellbeing(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(text): Json<WellbeingText>,
) -> Result<Body<Wellbeing>, Error> {
    Ok(Body(studio.store.new_wellbeing(&who, id, text).await?))
}

/// Keeps what an observer scored of the SCAR scale beside what a client told.
#[utoipa::path(post, path = "/api/wellbeing/{id}/observed", params(("id" = Uuid, Path)), request_body = ScarObserved,
    responses((status = 200, body = Wellbeing)))]
pub(crate) async fn observe_wellbeing(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(scar): Json<ScarObserved>,
) -> Result<Body<Wellbeing>, Error> {
    Ok(Body(studio.store.observe_wellbeing(&who, id, scar).await?))
}

/// What was done with a client's record, the last first.
#[utoipa::path(get, path = "/api/clients/{id}/trail", params(("id" = Uuid, Path)),
    responses((status = 200, body = Vec<TrailLine>)))]
pub(crate) async fn trail(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Body<Vec<TrailLine>>, Error> {
    Ok(Body(studio.store.trail(&who, id).await?))
}

/// Makes a way in for the client.
#[utoipa::path(post, path = "/api/cases/{id}/links", params(("id" = Uuid, Path)), request_body = NewLink,
    responses((status = 200, body = MadeLink)))]
pub(crate) async fn new_link(
    State(studio): State<Studio>,
    who: Who,
    browser: Browser,
    Id(id): Id,
    Json(new): Json<NewLink>,
) -> Result<Body<MadeLink>, Error> {
    // Where clients reach the studio, if that is written down; else as this browser does.
    let public = studio.postman.settings().map(|settings| settings.address(""));
    let home = public.unwrap_or_else(|| browser.address());
    Ok(Body(studio.store.new_link(&who, id, new, &home).await?))
}

/// Takes a link back.
#[utoipa::path(delete, path = "/api/links/{id}", params(("id" = String, Path)), responses((status = 204)))]
pub(crate) async fn close_link(
    State(studio): State<Studio>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    studio.store.close_link(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a link shows. Its secret comes in the header `X-Stipple-Link`.
#[utoipa::path(get, path = "/api/with", params(("X-Stipple-Link" = String, Header)),
    responses((status = 200, body = OpenedLink)))]
pub(crate) async fn open_link(State(studio): State<Studio>, guest: Guest) -> Result<Body<OpenedLink>, Error> {
    Ok(Body(studio.store.opened_link(&guest).await?))
}

/// Adds what a client answers by a link.
#[utoipa::path(put, path = "/api/with/answers", params(("X-Stipple-Link" = String, Header)), request_body = Answered,
    responses((status = 204)))]
pub(crate) async fn answer_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    Json(new): Json<Answered>,
) -> Result<StatusCode, Error> {
    studio.store.answer_by_link(&guest, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what a client tells of the skin by a link.
#[utoipa::path(post, path = "/api/with/check-in", params(("X-Stipple-Link" = String, Header)),
    request_body = CheckInText, responses((status = 200, body = Advised)))]
pub(crate) async fn check_in_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    Json(text): Json<CheckInText>,
) -> Result<Body<Advised>, Error> {
    Ok(Body(studio.store.check_in_by_link(&guest, text).await?))
}

/// Keeps how a client is, as they tell it by a link.
#[utoipa::path(operation_id = "wellbeing_by_link", post, path = "/api/with/wellbeing",
    params(("X-Stipple-Link" = String, Header)), request_body = Scores, responses((status = 204)))]
pub(crate) async fn wellbeing_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    Json(scores): Json<Scores>,
) -> Result<StatusCode, Error> {
    studio.store.wellbeing_by_link(&guest, scores).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a consent back, as the client does by a link.
#[utoipa::path(operation_id = "withdraw_by_link", post, path = "/api/with/withdrawal",
    params(("X-Stipple-Link" = String, Header)), request_body = TakenBack, responses((status = 204)))]
pub(crate) async fn withdraw_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    Json(taken_back): Json<TakenBack>,
) -> Result<StatusCode, Error> {
    studio.store.withdraw_by_link(&guest, taken_back).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps a photograph that a client sends by a link while the skin heals, up to 40 MiB.
#[utoipa::path(post, path = "/api/with/photograph", params(("X-Stipple-Link" = String, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 204)))]
pub(crate) async fn photograph_by_link(
    State(studio): State<Studio>,
    guest: Guest,
    request: axum::extract::Request,
) -> Result<StatusCode, Error> {
    let bytes = axum::body::to_bytes(request.into_body(), SENT_BYTES_MAX).await.map_err(|_| {
        let message = "The photograph broke off or is above 40 MB. Send it again, or a smaller one.";
        Error::unusable("file_size", message)
    })?;
    studio.store.photograph_by_link(&guest, bytes.to_vec()).await?;
    studio.queue.wake();
    Ok(StatusCode::NO_CONTENT)
}

fn pdf(name: &str, bytes: Vec<u8>) -> impl IntoResponse + use<> {
    let place = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, place)], bytes)
}

impl FromRequestParts<Studio> for Guest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, studio: &Studio) -> Result<Self, Error> {
        let secret =
            parts.headers.get(LINK).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
        let from = from.ok_or_else(|| Error::Ours("a request from nowhere".to_owned()))?;
        let guest = studio.store.guest(&secret).await;
        if guest.is_err() {
            studio.attempts.wrong_link(from)?;
        }
        guest
    }
}
