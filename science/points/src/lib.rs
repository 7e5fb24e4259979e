//! Point patterns: where follicles and dots are, how they are spread, and how to add to them.
//!
//! # Place in the flow
//! Floor 1. `read` measures hair density with it, `plan` places dots, `synth` grows follicles.
//!
//! # What it can do
//! - [`CellIndex`]: neighbors of a place in constant time.
//! - [`Window`]: the piece of plane that a pattern lives in.
//! - [`nearest_neighbor`], [`pair_correlation`]: how a pattern is spread, free of edge bias.
//! - [`fill`]: an exact number of new points with a given density, around points that stand already.
//! - [`rank`]: an order in which every beginning is well spread.
//!
//! # Simplifications
//! Flat: distances are straight lines in millimetres. A scalp's radius (75 mm) makes that wrong by
//! less than 1e-4 over the few millimetres that matter.
//! [`fill`] is blue noise loosened by chance: it has nature's spread of nearest distances on average,
//! but not its pair correlation [@Yuksel2015].
//!
//! # Out of scope
//! Hair, pigment and skin: a point is a place and nothing else.
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | s | local spacing, 1/√density | mm |
//! | g(r) | pair correlation | – |
//!
//! # Invariants
//! Places are finite. Results do not depend on the number of threads.
//!
//! # Modules in reading order
//! [`index`], [`window`], [`summary`], `curve`, `eliminate`, [`mod@fill`], [`mod@rank`].
//!
//! # Sources
//! [@Yuksel2015] [@Illian2008]

mod curve;
mod eliminate;
pub mod fill;
pub mod index;
pub mod rank;
pub mod summary;
pub mod window;

pub use fill::{Fill, Filled, fill};
pub use index::CellIndex;
pub use rank::rank;
pub use summary::{NearestNeighbor, nearest_neighbor, pair_correlation};
pub use window::Window;
