//! Letters to clients, as whoever works in the studio sees them, and calendars that programs fetch.

use std::net::SocketAddr;

use axum::Json as Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{Id, Json};
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::book::alarm::AlarmPlace;
use crate::store::book::feed::{CLIENT, FeedState, MadeFeed, NewFeed, STUDIO};
use crate::store::book::links::Guest;
use crate::store::outbox::LetterLine;

/// How letters go out, and where each is.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailState {
    /// The server, `host:port`; none where the studio sends nothing.
    #[schema(required)]
    server: Option<String>,
    /// Who letters come from.
    #[schema(required)]
    from: Option<String>,
    /// Where the clinic hears of warning signs.
    alarm: AlarmPlace,
    /// The last first.
    letters: Vec<LetterLine>,
}

/// Where a test is to go.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MailTest {
    to: String,
    /// `en` or `de`.
    language: String,
}

/// How letters go out, and where each is.
#[utoipa::path(operation_id = "mail", get, path = "/api/mail", responses((status = 200, body = MailState)))]
pub(crate) async fn state(State(studio): State<Studio>, who: Who) -> Result<Body<MailState>, Error> {
    let said = studio.postman.settings().map(crate::MailSettings::said);
    let (server, from) = said.unzip();
    let alarm = studio.store.alarm_place(who.clinic).await?;
    Ok(Body(MailState { server, from, alarm, letters: studio.store.letters(&who).await? }))
}

/// Says where the clinic wants to hear by e-mail of a warning sign that a client told.
#[utoipa::path(operation_id = "change_alarm", put, path = "/api/mail/alarm", request_body = AlarmPlace,
    responses((status = 200, body = AlarmPlace)))]
pub(crate) async fn change_alarm(
    State(studio): State<Studio>,
    who: Who,
    Json(place): Json<AlarmPlace>,
) -> Result<Body<AlarmPlace>, Error> {
    Ok(Body(studio.store.change_alarm_place(&who, place).await?))
}

/// Sends a test, now.
#[utoipa::path(operation_id = "test_mail", post, path = "/api/mail/test", request_body = MailTest,
    responses((status = 204)))]
pub(crate) async fn test(
    State(studio): State<Studio>,
    who: Who,
    Json(test): Json<MailTest>,
) -> Result<StatusCode, Error> {
    studio.postman.test(&who, &test.to, &test.language).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a round now: writes what is due, and sends what waits and is due.
#[utoipa::path(operation_id = "mail_round", post, path = "/api/mail/round", responses((status = 204)))]
pub(crate) async fn round(State(studio): State<Studio>, _: Who) -> Result<StatusCode, Error> {
    studio.postman.round().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a letter that was given up, or may have gone out, go out once more.
#[utoipa::path(operation_id = "mail_again", post, path = "/api/mail/{id}/again", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub(crate) async fn again(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    studio.store.send_letter_again(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a letter back that has not gone out.
#[utoipa::path(operation_id = "drop_mail", delete, path = "/api/mail/{id}", params(("id" = Uuid, Path)),
    responses((status = 204)))]
pub(crate) async fn remove(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    studio.store.drop_letter(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops letters by e-mail, by a link.
#[utoipa::path(post, path = "/api/with/stop-mail", params(("X-Stipple-Link" = String, Header)),
    responses((status = 204)))]
pub(crate) async fn stop_by_link(State(studio): State<Studio>, guest: Guest) -> Result<StatusCode, Error> {
    studio.store.stop_mail_by_link(&guest).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A calendar that programs fetch: with HTTP Basic, user `client` or `studio`, and the secret as password.
#[utoipa::path(get, path = "/api/feed.ics", params(("Authorization" = String, Header)),
    responses((status = 200, content_type = "text/calendar"), (status = 304), (status = 401)))]
pub(crate) async fn feed(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let (user, secret) = basic(&headers).unwrap_or_default();
    let found = match user.as_str() {
        CLIENT => match studio.store.guest(&secret).await {
            Ok(guest) => studio.store.feed_of_client(&guest).await,
            Err(error) => Err(error),
        },
        STUDIO => studio.store.feed_of_account(&secret).await,
        _ => return unasked(),
    };
    match found {
        Ok(text) => calendar(&headers, text),
        Err(error @ (Error::Later { .. } | Error::Ours(_))) => error.into_response(),
        Err(error) => match studio.attempts.wrong_link(from.ip()) {
            Ok(()) => (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, CHALLENGE)], error.to_string())
                .into_response(),
            Err(slow_down) => slow_down.into_response(),
        },
    }
}

/// Makes one's own calendar; one that was there before closes.
#[utoipa::path(post, path = "/api/me/feed", request_body = NewFeed, responses((status = 200, body = MadeFeed)))]
pub(crate) async fn new_feed(
    State(studio): State<Studio>,
    who: Who,
    Json(new): Json<NewFeed>,
) -> Result<Body<MadeFeed>, Error> {
    Ok(Body(studio.store.new_feed(&who, new).await?))
}

/// Closes one's own calendar.
#[utoipa::path(delete, path = "/api/me/feed", responses((status = 204)))]
pub(crate) async fn close_feed(State(studio): State<Studio>, who: Who) -> Result<StatusCode, Error> {
    studio.store.close_feed(&who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether one has a calendar.
#[utoipa::path(get, path = "/api/me/feed", responses((status = 200, body = FeedState)))]
pub(crate) async fn feed_state(State(studio): State<Studio>, who: Who) -> Result<Body<FeedState>, Error> {
    Ok(Body(studio.store.feed_state(&who).await?))
}

/// What a calendar program is asked for.
const CHALLENGE: &str = "Basic realm=\"calendar\", charset=\"UTF-8\"";

/// User and password of HTTP Basic [RFC 7617].
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, sent) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(data_encoding::BASE64.decode(sent.trim().as_bytes()).ok()?).ok()?;
    let (user, secret) = text.split_once(':')?;
    Some((user.to_owned(), secret.to_owned()))
}

/// Nobody tried anything yet: programs ask without a password first.
fn unasked() -> Response {
    let message = "This calendar has a password. The page that made it says which.";
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, CHALLENGE)], message).into_response()
}

/// A calendar, or that it is as it was.
fn calendar(asked: &HeaderMap, text: String) -> Response {
    // Weak, because it may be compressed on its way.
    let tag = format!("W/\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&text)));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|known| known.trim() == tag);
    let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, max-age=0".to_owned())];
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
}
