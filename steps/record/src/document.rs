//! Paper: the reference card, the stencil, the report, the outcome, the days after a session, consents and passports, as PDF; the outcome, a course of fading, the agreement of raters and the pair that is published as pictures; all about a client as a page for browsers.
//!
//! From the ground up: `typeface` shapes text, `page` draws in millimetres and writes the PDF, `flow` pours
//! blocks over pages, `number`, `mixture` and `dots` say how numbers and plans look; the documents stand on these.

mod aftercare;
mod agreement;
mod card;
mod chart;
mod consent;
pub(crate) mod dots;
#[cfg(test)]
pub(crate) mod example;
mod export;
mod fading;
mod flow;
mod mixture;
pub(crate) mod number;
mod outcome;
pub(crate) mod page;
mod passport;
mod published;
mod report;
pub(crate) mod stencil;
mod typeface;

pub use aftercare::aftercare_pdf;
pub use agreement::agreement_png;
pub use card::card_pdf;
pub use consent::{ClauseLine, ConsentInput, consent_pdf};
pub use export::{ExportInput, ExportSection, ExportTable, ExportVisit, export_html};
pub use fading::{fading_png, touch_up};
pub use number::day_in;
pub use outcome::{OutcomeInput, outcome_pdf, outcome_png};
pub use page::Picture;
pub use passport::{
    PassportInput, PassportOthers, PassportPhotograph, PassportPigment, PassportSession, PassportZone,
    passport_json, passport_pdf,
};
pub use published::{PublishedInput, published_jpeg};
pub use report::{Crops, ReportInput, report_pdf};
pub use stencil::{stencil_pdf, warnings};
