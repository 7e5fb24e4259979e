//! Version 1 of every file: plain structs, and the conversions to and from the model.

pub mod agreement;
pub mod assessment;
pub mod bundle;
pub mod derivation;
pub mod fading;
pub mod head;
mod look;
pub mod outcome;
pub mod part;
pub mod plan;
pub mod portfolio;
pub mod reading;
pub mod review;
pub mod scribbles;
pub mod truth;
pub mod wish;
pub mod word;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use agreement::agreement_to_json;
pub use assessment::{assessment_from_json, assessment_to_json};
pub use bundle::{bundle_from_json, bundle_to_json, signature_from_json, signature_to_json};
pub use derivation::{Derivation, derivation_from_json, derivation_to_json};
pub use fading::fading_to_json;
pub use outcome::{outcome_from_json, outcome_to_json};
pub use plan::{plan_from_json, plan_to_json};
pub use portfolio::{CASES_MAX, PORTFOLIO_BYTES_MAX, portfolio_from_json, portfolio_to_json};
pub use reading::{reading_from_json, reading_to_json};
pub use scribbles::marks_from_json;
pub use truth::{truth_from_json, truth_to_json};
pub use wish::wish_from_json;

use crate::error::{Error, brief};
use crate::format::{JSON_BYTES_MAX, layout};
use crate::provenance::Provenance;
use head::Head;

/// What a file holds besides its head.
pub trait Body: Serialize + DeserializeOwned + JsonSchema {
    /// The format's full word, such as `stipple/reading/1`.
    const FORMAT: &'static str;
    /// What it is called in messages.
    const WHAT: &'static str;
}

/// A file: the head that all kinds share, and its body.
#[derive(Serialize, JsonSchema)]
pub struct File<B> {
    /// What every file begins with.
    #[serde(flatten)]
    pub head: Head,
    /// What only this kind holds.
    #[serde(flatten)]
    pub body: B,
}

/// What a file was made with.
///
/// # Errors
/// If the text is not JSON with the head that every file begins with.
pub fn provenance_from_json(text: impl AsRef<[u8]>) -> Result<Provenance, Error> {
    parse::<Head>(text.as_ref(), "file")?.into_provenance()
}

/// The text of a file.
fn written<B: Body>(head: Head, body: B) -> String {
    let compact = serde_json::to_string(&File { head, body });
    layout::laid_out(&compact.expect("plain words and finite numbers always serialize"))
}

/// Head and body of a file of the kind asked for; its format is looked at first.
fn opened<B: Body>(text: &[u8]) -> Result<(Head, B), Error> {
    require_format(text, B::WHAT, B::FORMAT)?;
    Ok((parse(text, B::WHAT)?, parse(text, B::WHAT)?))
}

/// Refuses a file of another kind or version.
fn require_format(text: &[u8], what: &'static str, needed: &'static str) -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    struct Mark {
        format: String,
    }
    let mark: Mark = parse(text, what)?;
    if mark.format == needed { Ok(()) } else { Err(Error::Format { found: brief(&mark.format), needed }) }
}

fn parse<T: DeserializeOwned>(text: &[u8], what: &'static str) -> Result<T, Error> {
    if text.len() as u64 > JSON_BYTES_MAX {
        let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
        let (found_mb, allowed_mb) = (megabytes(text.len() as u64), megabytes(JSON_BYTES_MAX));
        return Err(Error::TooLarge { role: what, found_mb, allowed_mb });
    }
    serde_json::from_slice(text).map_err(|trouble| {
        let place = format!(" at line {} column {}", trouble.line(), trouble.column());
        let reason = trouble.to_string().replace(&place, "");
        Error::Syntax { what, line: trouble.line(), reason: brief(&reason) }
    })
}

#[cfg(test)]
pub(crate) mod example;
#[cfg(test)]
mod tests;
