//! The pages that strangers see, as they lie in the studio's folder.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use stipple_model::Language;
use uuid::Uuid;

use crate::Studio;
use crate::error::Error;
use crate::store::publishing::WithdrawnBy;

/// What is said instead of a page in both languages: language, heading, words.
type Said = [[&'static str; 3]; 2];

/// What is said of a case that the person took back.
const BY_PERSON: Said = [
    [
        "en",
        "This was taken back",
        "The person who was shown here does not want it any more. Please remove copies, too.",
    ],
    [
        "de",
        "Das wurde zurückgezogen",
        "Die Person, die hier zu sehen war, möchte das nicht mehr. Bitte löschen Sie auch Kopien.",
    ],
];

/// The same where the clinic wrote it down for the person.
const BY_PERSON_SAID: Said = [
    [
        "en",
        "This was taken back",
        "The clinic wrote down that the person who was shown here does not want it any more. Please remove copies, too.",
    ],
    [
        "de",
        "Das wurde zurückgezogen",
        "Die Praxis hat notiert, dass die Person, die hier zu sehen war, das nicht mehr möchte. Bitte löschen Sie auch Kopien.",
    ],
];

/// What is said of one that the clinic took down.
const BY_CLINIC: Said = [
    ["en", "This was taken down", "The clinic took this case down. Please remove copies, too."],
    ["de", "Das wurde entfernt", "Die Praxis hat diesen Fall entfernt. Bitte löschen Sie auch Kopien."],
];

/// What is said where nobody wrote down who it was.
const BY_SOMEBODY: Said = [
    ["en", "This is not shown any more", "This case is not shown any more. Please remove copies, too."],
    [
        "de",
        "Das wird nicht mehr gezeigt",
        "Dieser Fall wird nicht mehr gezeigt. Bitte löschen Sie auch Kopien.",
    ],
];

/// What is said while the pages in place still tell of somebody who was taken back.
const MADE_ANEW: Said = [
    ["en", "These pages are being made anew", "Please come back in a moment."],
    ["de", "Diese Seiten werden gerade neu gemacht", "Bitte kommen Sie gleich wieder."],
];

/// The first page of a clinic.
pub(crate) async fn index(studio: State<Studio>, Path(clinic): Path<Uuid>) -> Response {
    file(studio, Path((clinic, "index.html".to_owned()))).await
}

/// A file of a clinic's pages: 410 where its case was taken back.
pub(crate) async fn file(
    State(studio): State<Studio>,
    Path((clinic, path)): Path<(Uuid, String)>,
) -> Response {
    match barred(&studio, clinic, &path).await {
        Ok(None) => {}
        Ok(Some(instead)) => return instead,
        Err(error) => return error.into_response(),
    }
    if !is_plain(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(bytes) = tokio::fs::read(studio.store.public_folder(clinic).join(&path)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Because what is taken back must be gone within a minute from every cache.
    let headers = [(header::CONTENT_TYPE, kind_of(&path)), (header::CACHE_CONTROL, "no-cache")];
    (headers, bytes).into_response()
}

/// What is answered instead of a file that nobody may see: its case was taken back, or the pages still tell of one that was.
async fn barred(studio: &Studio, clinic: Uuid, path: &str) -> Result<Option<Response>, Error> {
    let store = &studio.store;
    let gone = match case_of(path) {
        Some(id) => store.withdrawn(clinic, id).await?,
        None => None,
    };
    let (status, said) = match gone {
        Some(WithdrawnBy::Person) => (StatusCode::GONE, BY_PERSON),
        Some(WithdrawnBy::PersonSaid) => (StatusCode::GONE, BY_PERSON_SAID),
        Some(WithdrawnBy::Clinic) => (StatusCode::GONE, BY_CLINIC),
        Some(WithdrawnBy::Unknown) => (StatusCode::GONE, BY_SOMEBODY),
        None if store.are_pages_stale(clinic).await? => (StatusCode::SERVICE_UNAVAILABLE, MADE_ANEW),
        None => return Ok(None),
    };
    let language = store.language_of_pages(clinic).await?;
    Ok(Some(page(status, &said[usize::from(language == Language::German)])))
}

fn page(status: StatusCode, [language, heading, words]: &[&str; 3]) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{heading}</title><h1>{heading}</h1><p>{words}</p>"
    );
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, html).into_response()
}

/// The case that a file is about.
fn case_of(path: &str) -> Option<&str> {
    let page = path.strip_prefix("case-").and_then(|rest| rest.strip_suffix(".html"));
    page.or_else(|| path.strip_prefix("pictures/")?.strip_suffix(".jpg"))
}

/// Whether a path leads nowhere else.
fn is_plain(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.starts_with('.')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    path.split('/').all(is_name)
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("jpg") => "image/jpeg",
        Some("svg") => "image/svg+xml",
        Some("pem") => "application/x-pem-file",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_folder() {
        for path in ["index.html", "pictures/0a.jpg", "case-0a.html"] {
            assert!(is_plain(path), "{path}");
        }
        for path in ["../stipple.db", "pictures/../../lock", ".hidden", "a//b", "", "a\\b", "a/%2e%2e/b"] {
            assert!(!is_plain(path), "{path}");
        }
        assert_eq!(case_of("pictures/0a.jpg"), Some("0a"));
        assert_eq!(case_of("case-0a.html"), Some("0a"));
        assert_eq!(case_of("index.html"), None);
    }
}
