//! The pages that strangers see, as they lie in the studio's folder.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use crate::Studio;

/// What is said of a case that was taken back.
const GONE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Taken back</title>\
    <h1>This was taken back</h1><p>The person who is shown here does not want it any more. Please remove copies, too.</p>";

/// A file of a clinic's pages: 410 where its case was taken back.
pub(crate) async fn file(
    State(studio): State<Studio>,
    Path((clinic, path)): Path<(Uuid, String)>,
) -> Response {
    if let Some(id) = case_of(&path) {
        match studio.store.is_withdrawn(clinic, id).await {
            Ok(false) => {}
            Ok(true) => {
                let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                return (StatusCode::GONE, kind, GONE).into_response();
            }
            Err(error) => return error.into_response(),
        }
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
