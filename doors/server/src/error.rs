//! Why a request was not answered as asked.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What stopped the work. Each message is for the person who asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was sent cannot be used.
    #[error("{message}")]
    Unusable {
        /// A word for programs.
        code: Cow<'static, str>,
        /// What was found, what is needed, what to do.
        message: String,
    },
    /// Nobody is signed in, or not as is needed.
    #[error("{message}")]
    SignIn {
        /// A word for programs.
        code: &'static str,
        /// What to do.
        message: &'static str,
    },
    /// Signed in, but not allowed.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// It is not there, or not this clinic's.
    #[error("This {0} is not here. It may have been erased; go back to the list.")]
    Missing(&'static str),
    /// Somebody else was faster; both versions are kept.
    #[error("Somebody changed this meanwhile. Both versions are kept: choose one.")]
    ChangedMeanwhile {
        /// What stands there now.
        theirs: Box<Value>,
        /// What was sent.
        yours: Box<Value>,
    },
    /// Too much at once; to be tried again.
    #[error("{message}")]
    Later {
        /// The status that says how.
        status: StatusCode,
        /// When to try again, s.
        wait_s: u64,
        /// What to do.
        message: &'static str,
    },
    /// Something sealed does not open.
    #[error("The {kind} in the store is damaged or was sealed with another key. Restore it from a backup.")]
    Damaged {
        /// What it was to be.
        kind: &'static str,
    },
    /// Our own fault or the machine's; told to the log only.
    #[error("The studio could not do this. Nothing that was saved before is lost; try again.")]
    Ours(String),
}

impl Error {
    /// What was sent cannot be used.
    pub(crate) fn unusable(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Unusable { code: code.into(), message: message.into() }
    }

    /// The disk is full.
    pub(crate) const FULL: Self = Self::Later {
        status: StatusCode::INSUFFICIENT_STORAGE,
        wait_s: 60,
        message: "The disk is full: nothing was saved. Free some space and try again; what was saved before can \
                  still be read.",
    };

    /// What the program's log is told of it.
    pub(crate) fn for_log(&self) -> String {
        match self {
            Self::Ours(detail) => detail.clone(),
            other => other.to_string(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unusable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::ChangedMeanwhile { .. } => StatusCode::CONFLICT,
            Self::Later { status, .. } => *status,
            Self::Damaged { .. } | Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A word for programs.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Unusable { code, .. } => code,
            Self::SignIn { code, .. } => code,
            Self::NotAllowed(_) => "not_allowed",
            Self::Missing(_) => "missing",
            Self::ChangedMeanwhile { .. } => "changed_meanwhile",
            Self::Later { status, .. } if *status == StatusCode::INSUFFICIENT_STORAGE => "disk_full",
            Self::Later { status, .. } if *status == StatusCode::CONFLICT => "misplaced_piece",
            Self::Later { status, .. } if *status == StatusCode::SERVICE_UNAVAILABLE => "locked",
            Self::Later { .. } => "slow_down",
            Self::Damaged { .. } => "damaged",
            Self::Ours(_) => "ours",
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Ours(detail) = &self {
            crate::log::fault(detail);
        }
        let mut body = json!({"error": {"code": self.code(), "message": self.to_string()}});
        if let Self::ChangedMeanwhile { theirs, yours } = &self {
            body["theirs"] = theirs.as_ref().clone();
            body["yours"] = yours.as_ref().clone();
        }
        let mut response = (self.status(), axum::Json(body)).into_response();
        if let Self::Later { wait_s, .. } = self {
            response.headers_mut().insert("retry-after", wait_s.into());
        }
        response
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        let text = error.to_string();
        // SQLite's and PostgreSQL's words for it.
        if text.contains("database or disk is full") || text.contains("No space left") {
            Self::FULL
        } else {
            Self::Ours(text)
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::FULL
        } else {
            Self::Ours(error.kind().to_string())
        }
    }
}

impl From<stipple_record::Error> for Error {
    fn from(error: stipple_record::Error) -> Self {
        Self::unusable("file", error.to_string())
    }
}
