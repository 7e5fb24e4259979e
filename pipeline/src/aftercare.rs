//! A session's day, to the days of care after it.

use stipple_model::{Date, Treated};
use stipple_record::calendar::care_ics;
use stipple_record::{document, settings};

use crate::error::Error;

/// What is asked.
#[derive(Clone, Debug)]
pub struct AftercareRequest {
    /// A practitioner's own instructions, TOML; the shipped ones without.
    pub instructions: Option<String>,
    /// Day of the session.
    pub session: Date,
    /// What this person's days hold, and what skin was treated.
    pub whom: Treated,
    /// This person's language, as in BCP 47: `en`, `de`.
    pub language: String,
}

/// What [`aftercare`] gives.
pub struct AftercareFiles {
    /// Days as an iCalendar file.
    pub calendar_ics: String,
    /// The same as a page to print.
    pub page_pdf: Vec<u8>,
    /// How many steps there are.
    pub steps: usize,
    /// How many of them, and of the warning, are there in another language only.
    pub elsewhere: usize,
}

/// Instructions and a day → calendar and page.
///
/// # Errors
/// Instructions that cannot be understood.
///
/// # Determinism
/// Same request: same bytes.
pub fn aftercare(request: &AftercareRequest) -> Result<AftercareFiles, Error> {
    let text = request.instructions.as_deref().unwrap_or(settings::AFTERCARE_TOML);
    let instructions = settings::aftercare_from_toml(text)?;
    let made = stipple_care::calendar(&instructions, request.session, &request.whom, &request.language);
    Ok(AftercareFiles {
        calendar_ics: care_ics(&made),
        page_pdf: document::aftercare_pdf(&made),
        steps: made.entries.len(),
        elsewhere: made.elsewhere,
    })
}
