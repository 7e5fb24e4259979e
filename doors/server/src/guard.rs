//! What every request passes before its handler: host, origin, token, who it is, what they may.

use std::time::Duration;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::Studio;
use crate::access::{may, right_of};
use crate::error::Error;
use crate::keys::random;
use crate::store::Who;

/// The cookie of a browser.
const COOKIE: &str = "stipple_session";
/// The header that only our own pages can send.
const TOKEN: &str = "x-stipple-token";

/// A body up to this length is taken in before anything else, bytes.
const SHORT_BYTES: usize = 64 << 10;
/// For so long.
const SHORT_WITHIN: Duration = Duration::from_secs(10);

/// What a browser brings: its cookie, old or new.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// The cookie's value.
    pub(crate) cookie: String,
    /// Whether it came by a name of another machine, so through TLS.
    from_outside: bool,
    /// The name by which it came, with its port if any.
    host: String,
}

impl Browser {
    /// The studio's address as this browser knows it, such as `https://studio.example.org/`.
    pub(crate) fn address(&self) -> String {
        format!("{}://{}/", if self.from_outside { "https" } else { "http" }, self.host)
    }
}

/// Lets a request through to its handler, with [`Browser`] and [`Who`] beside it.
pub(crate) async fn guard(State(studio): State<Studio>, request: Request, next: Next) -> Response {
    let mut response = match checked(&studio, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn checked(studio: &Studio, request: Request) -> Result<Request, Error> {
    let mut request = taken_in(request).await?;
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.ok_or(Error::Missing("address"))?;
    let right = right_of(request.method(), &path).ok_or(Error::NotAllowed("This address is closed."))?;
    own_page(&request)?;
    let cookie = cookie(request.headers()).unwrap_or_else(fresh_cookie);
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let sent = request.headers().get(TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
        if !bool::from(sent.ct_eq(token(&cookie).as_bytes())) {
            return Err(Error::NotAllowed("This page is out of date. Load it again."));
        }
    }
    let who = studio.store.who(&cookie).await?;
    if !may(who.as_ref().map(|who| who.role), right) {
        return Err(match who {
            None => Error::SignIn { code: "signed_out", message: "Nobody is signed in here. Sign in." },
            Some(_) => Error::NotAllowed("Your account may not do this. Ask the owner of the clinic."),
        });
    }
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    let host = host(request.headers()).to_owned();
    let from_outside = studio.outside.contains(&host);
    request.extensions_mut().insert(Browser { cookie, from_outside, host });
    Ok(request)
}

/// The request with a short body taken in: a connection on which something is left unread is closed, and the request after it
/// or the answer can be lost.
async fn taken_in(request: Request) -> Result<Request, Error> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if !length.and_then(|length| length.parse().ok()).is_some_and(|bytes| (1..=SHORT_BYTES).contains(&bytes))
    {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(SHORT_WITHIN, axum::body::to_bytes(body, SHORT_BYTES)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, bytes.into())),
        Ok(Err(_)) | Err(_) => {
            Err(Error::unusable("cut_off", "The request ended before all of it was here. Send it again."))
        }
    }
}

/// Refuses what comes from another site's page.
fn own_page(request: &Request) -> Result<(), Error> {
    const OTHERS: Error = Error::NotAllowed("This request came from another page.");
    let headers = request.headers();
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(OTHERS);
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let of = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    if of == Some(host(headers)) { Ok(()) } else { Err(OTHERS) }
}

/// Refuses other names than the studio's own, so that no name of a stranger can be made to point here.
pub(crate) async fn own_name(State(studio): State<Studio>, request: Request, next: Next) -> Response {
    let host = host(request.headers());
    if studio.own_names.iter().chain(&studio.outside).any(|own| own == host) {
        return next.run(request).await;
    }
    Error::NotAllowed(
        "The studio does not answer to this name. Open the address that it printed at its start.",
    )
    .into_response()
}

/// What only pages of ours know, made of the cookie.
pub(crate) fn token(cookie: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("stipple token {cookie}")))
}

/// The header that sets a browser's cookie.
pub(crate) fn set_cookie(browser: &Browser, cookie: &str) -> (header::HeaderName, String) {
    let secure = if browser.from_outside { "; Secure" } else { "" };
    let attributes = "Path=/; HttpOnly; SameSite=Strict; Max-Age=1209600";
    (header::SET_COOKIE, format!("{COOKIE}={cookie}; {attributes}{secure}"))
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.find(|(name, _)| *name == COOKIE)?.1;
    (value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit())).then(|| value.to_owned())
}

fn fresh_cookie() -> String {
    data_encoding::HEXLOWER.encode(&random::<32>())
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let who = parts.extensions.get::<Self>().cloned();
        who.ok_or(Error::SignIn { code: "signed_out", message: "Nobody is signed in here. Sign in." })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::Ours("a route without its guard".to_owned()))
    }
}
