//! What comes around a session: whether it may be, a practitioner's instructions as one person's own days, and what the
//! person tells while the skin heals.
//!
//! # Place in the flow
//! Floor 3: `Aftercare` + day of the session + how somebody lives → `CareCalendar`. The instructions come from
//! `sources/care/aftercare.toml` or a clinic's own file.
//!
//! # What it can do
//! - [`ready`]: what stands between a person and a session.
//! - [`calendar`]: the steps that bear upon this person, on days of the calendar.
//! - [`check_in`]: which answers want a doctor, and what is usual on that day.
//! - [`keeping`]: until when records must be kept.
//! - [`letter`]: what a client is written on a day.
//!
//! # Simplifications
//! Days are counted from one session alone; how a skin really heals is not measured here.
//!
//! # Out of scope
//! Diagnosis. Files of calendars and pages (`steps/record`). Sending (the studio).
//!
//! # Invariants
//! No clock: the day of the session is an argument. The warning signs are in every calendar.
//!
//! # Modules in reading order
//! [`ready`], [`mod@calendar`], [`check_in`], [`letter`], [`keeping`].
//!
//! # Sources
//! Every step names its own.

pub mod calendar;
pub mod check_in;
pub mod keeping;
pub mod letter;
pub mod ready;

pub use calendar::calendar;
