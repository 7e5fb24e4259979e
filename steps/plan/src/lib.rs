//! From a reading and a practitioner's protocol to every dot.
//!
//! # Place in the flow
//! Floor 3: `Reading` and what a person drew → `Plan`, and `Reading` → `Expectation` for the assessment.
//!
//! # What it can do
//! - [`plan`]: pigment and dilution, every dot with place, size, depth and session, time and pigment needed; over scars,
//!   between thinning hair, and behind a hairline that begins soft and irregular; after some of its sessions, the later
//!   ones anew around the dots that healed.
//! - [`expectation`]: what the treated scar should measure once healed.
//! - [`by_rank`]: which session of a protocol makes which dot of an order.
//! - [`hair_stretch`]: by how much units stand nearer along hair than across it.
//!
//! # Simplifications
//! One dot stands for one follicular unit; its size tells of more hairs or fewer, in part. All scars are taken to have
//! the color of the largest.
//! Dots within a session are listed as a hand may follow them: zone after zone within its reach, in rows along the scar,
//! there and back. It is a short way, not the shortest: that one no eye follows.
//! Hair outside what was drawn is taken to be as dense as hair grows on this head.
//!
//! # Out of scope
//! Whether to treat at all (`assess`), what it looks like (`preview`), where a hairline suits a face.
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | T | density to reach, units and dots together | 1/mm² |
//! | d | distance from the scar's edge | mm |
//! | b | distance behind a hairline's front | mm |
//!
//! # Invariants
//! No dot outside the zone that was read, none nearer to another or to a hair that was read than the protocol allows.
//! Where the hair around a scar could not be read, none outside the scar. None in front of a hairline, none outside what was drawn but
//! in scars and their soft edge.
//! The same reading, protocol and seed give the same plan, on any number of threads.
//!
//! # Modules in reading order
//! [`mod@plan`], `site`, `areas`, `front`, `ground`, `lattice`, `goals`, `standing`, `hair_stream`, `surroundings`, `density`, [`memory`], `after`, `doubts`, `skins`, `palette`,
//! `tone`, `pigment`, `lights`, `warnings`, `finish`, `sessions`, `zones`, `rows`, `check`, [`error`], [`mod@expectation`].
//!
//! # Sources
//! [@Yuksel2015] [@Liu2025] [@Kim2008] [@Traquina2001] [@Guo2017] [@Shapiro2004] [@RoseHairline]

mod after;
mod areas;
mod check;
mod density;
mod doubts;
pub mod error;
pub mod expectation;
mod finish;
mod front;
mod goals;
mod ground;
mod hair_stream;
mod lattice;
mod lights;
pub mod memory;
mod palette;
mod pigment;
pub mod plan;
mod rows;
mod sessions;
mod site;
mod skins;
mod standing;
mod surroundings;
mod tone;
mod warnings;
mod zones;

pub use error::Error;
pub use expectation::expectation;
pub use hair_stream::{HairStretch, hair_stretch};
pub use memory::Memory;
pub use plan::{PlanOptions, plan, plan_again};
pub use sessions::by_rank;
