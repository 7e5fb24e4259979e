//! From a reading and a practitioner's protocol to every dot.
//!
//! # Place in the flow
//! Floor 3: `Reading` → `Plan`, and `Reading` → `Expectation` for the assessment.
//!
//! # What it can do
//! - [`plan`]: pigment and dilution, every dot with place, size, depth and session, time and pigment needed.
//! - [`expectation`]: what the treated scar should measure once healed.
//!
//! # Simplifications
//! One dot stands for one follicular unit; its size tells of more hairs or fewer, in part. All scars are taken to have
//! the color of the largest.
//! Dots within a session are listed row by row; the hand decides the path.
//!
//! # Out of scope
//! Whether to treat at all (`assess`), what it looks like (`preview`).
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | T | density to reach, units and dots together | 1/mm² |
//! | d | distance from the scar's edge | mm |
//!
//! # Invariants
//! No dot outside the zone that was read, none nearer to another or to the middle of a follicular unit than the
//! protocol allows; single hairs of a unit may stand nearer by half the unit's spread (0.2 mm for two hairs, more for a
//! row of them). Where the hair
//! around a scar could not be read, none outside the scar.
//! The same reading, protocol and seed give the same plan, on any number of threads.
//!
//! # Modules in reading order
//! [`mod@plan`], `ground`, `density`, `skins`, `pigment`, `lights`, `warnings`, `sessions`, `check`, [`mod@expectation`].
//!
//! # Sources
//! [@Yuksel2015] [@Liu2025] [@Kim2008] [@Traquina2001] [@Guo2017]

mod check;
mod density;
pub mod expectation;
mod ground;
mod lights;
mod pigment;
pub mod plan;
mod sessions;
mod skins;
mod warnings;

pub use expectation::expectation;
pub use plan::{Error, PlanOptions, plan};
