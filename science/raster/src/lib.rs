//! Pixel grids: filter, measure distance, label, trace.
//!
//! # Place in the flow
//! Floor 1. `read` finds hair and scars with it, `preview` and `synth` paint with it.
//!
//! # What it can do
//! - [`Grid`]: one plane of f32 samples; [`Mask`]: one plane of yes and no.
//! - [`filter`]: Gaussian blur, area-average shrinking, difference of Gaussians.
//! - [`distance`]: exact Euclidean distance to a mask.
//! - [`geodesic`]: distance along ways of uneven cost.
//! - [`region`]: connected regions, their outlines, filling of polygons.
//! - [`morphology`]: growing and shrinking of masks with a disk.
//! - [`medial`]: the middle of an elongated region and its widths.
//! - [`masked`]: means and spread over a part of the grid.
//! - [`fourier`]: spectra of square grids; [`statistics`]: middle and spread of samples.
//! - [`convolution`]: layers of small networks.
//! - [`peaks`]: local maxima; [`simplify`]: outlines with fewer corners.
//!
//! # Simplifications
//! Borders repeat the edge sample.
//!
//! # Out of scope
//! Color (`color`), file formats (`steps/read`, `steps/record`).
//!
//! # Invariants
//! `samples.len() == width * height`, row-major. Results do not depend on the number of threads.
//!
//! # Modules in reading order
//! [`grid`], [`filter`], [`distance`], [`geodesic`], [`region`], [`morphology`], [`medial`], [`masked`], [`peaks`],
//! [`simplify`], [`convolution`], [`fourier`], [`statistics`].

pub mod convolution;
pub mod distance;
pub mod filter;
pub mod fourier;
pub mod geodesic;
pub mod grid;
pub mod masked;
pub mod medial;
pub mod morphology;
pub mod peaks;
pub mod region;
pub mod simplify;
pub mod statistics;

pub use grid::{Grid, Mask};
