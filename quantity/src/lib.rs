//! What a number is: estimates, frames and seeds.
//!
//! # Place in the flow
//! Floor 0. Everything else stands on it; it stands on nothing of ours.
//!
//! # What it can do
//! - [`Estimate`]: a measured value that never travels without its standard uncertainty.
//! - [`PointInPhoto`], [`PointInScalp`], [`ScalpFromPhoto`]: where something is, and how the frames meet.
//! - [`Seed`]: chance as a value; counter-based, so results do not depend on threads.
//!
//! # Simplifications
//! Estimates are uncorrelated; propagation is first order.
//!
//! # Out of scope
//! Unit arithmetic: units stand at the end of names (`_mm`, `_um`, `_per_cm2`).
//!
//! # Invariants
//! A standard uncertainty is finite and not negative. No files, clock, entropy, logging or serde.
//!
//! # Modules in reading order
//! [`estimate`], [`frame`], [`seed`].

pub mod estimate;
pub mod frame;
pub mod seed;

pub use estimate::Estimate;
pub use frame::{PointInPhoto, PointInScalp, ScalpFromPhoto};
pub use seed::{Seed, Stream};
