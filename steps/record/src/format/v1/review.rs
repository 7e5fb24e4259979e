//! Reviews in `portfolio.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;

use super::portfolio::{line, text};
use super::word::{Insider, Removal};
use crate::error::Error;
use crate::format::number::within;

/// A client's words, as they wrote them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// One to five.
    pub stars: u8,
    /// The words.
    pub text: String,
    /// Month of the session that the client was invited after, YYYY-MM.
    pub session: String,
    /// Month in which it was written, YYYY-MM.
    pub written: String,
    /// What the clinic says it gave for writing, in words, or null for nothing.
    pub offered: Option<String>,
    /// What the writer says they got for it, in words, or null for nothing.
    pub incentive: Option<String>,
    /// How the writer belongs to the clinic, or null for other clients.
    pub insider: Option<Insider>,
    /// What the clinic says to it, or null.
    pub answer: Option<String>,
}

/// Reviews that were taken down for one reason.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Removed {
    /// The reason.
    pub reason: Removal,
    /// How many.
    pub count: usize,
}

impl Review {
    pub(super) fn into_model(self) -> Result<model::Review, Error> {
        within("stars", f64::from(self.stars), 1.0..=5.0, "stars")?;
        let (session, written) = (month("session", &self.session)?, month("written", &self.written)?);
        if written < session {
            return Err(Error::field("written", written, "not before the session"));
        }
        Ok(model::Review {
            stars: self.stars,
            text: text("text", self.text)?,
            session,
            written,
            offered: self.offered.map(|words| line("offered", words)).transpose()?,
            incentive: self.incentive.map(|words| line("incentive", words)).transpose()?,
            insider: self.insider.map(Into::into),
            answer: self.answer.map(|words| text("answer", words)).transpose()?,
        })
    }
}

impl From<&model::Review> for Review {
    fn from(of: &model::Review) -> Self {
        Self {
            stars: of.stars,
            text: of.text.clone(),
            session: of.session.to_string(),
            written: of.written.to_string(),
            offered: of.offered.clone(),
            incentive: of.incentive.clone(),
            insider: of.insider.map(Into::into),
            answer: of.answer.clone(),
        }
    }
}

impl Removed {
    pub(super) fn into_model(self) -> Result<model::Removed, Error> {
        within("count", self.count as f64, 1.0..=100_000.0, "reviews")?;
        Ok(model::Removed { reason: self.reason.into(), count: self.count })
    }
}

impl From<&model::Removed> for Removed {
    fn from(of: &model::Removed) -> Self {
        Self { reason: of.reason.into(), count: of.count }
    }
}

fn month(field: &str, text: &str) -> Result<model::Month, Error> {
    text.parse().map_err(|()| Error::field(field, text, "a month as YYYY-MM"))
}
