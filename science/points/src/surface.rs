//! Surfaces in space, flattened so that a pattern can be made on them with distances along the surface.
//!
//! A [`Mesh`] of triangles; round a [`Place`] on it a [`Chart`], which is a piece of plane with a metric, so that
//! [`crate::fill()`] works on it as on paper; on that the [`Dots`]; and the [`Spread`] of the points in space, which knows no chart.

mod chart;
mod dots;
mod error;
mod flatten;
mod geodesic;
mod look_up;
mod mesh;
mod patch;
mod spread;

pub use chart::{Chart, Distortion, RADIUS_MM};
pub use dots::{Dots, Wanted};
pub use error::Error;
pub use mesh::{Mesh, Place, TRIANGLES_MAX};
pub use spread::{Spread, largest_gap};

#[cfg(test)]
mod tests;
