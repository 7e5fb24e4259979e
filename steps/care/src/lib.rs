//! What comes after a session: a practitioner's instructions as one person's own days.
//!
//! # Place in the flow
//! Floor 3: `Aftercare` + day of the session + how somebody lives → `CareCalendar`. The instructions come from
//! `sources/care/aftercare.toml` or a clinic's own file.
//!
//! # What it can do
//! - [`calendar`]: the steps that bear upon this person, on days of the calendar.
//!
//! # Simplifications
//! Days are counted from one session alone; how a skin really heals is not measured here.
//!
//! # Out of scope
//! Diagnosis. Files of calendars and pages (`steps/record`). Reminders (the studio).
//!
//! # Invariants
//! No clock: the day of the session is an argument. The warning signs are in every calendar.
//!
//! # Modules in reading order
//! [`mod@calendar`].
//!
//! # Sources
//! Every step names its own.

pub mod calendar;

pub use calendar::calendar;
