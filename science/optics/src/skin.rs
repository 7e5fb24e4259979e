//! Skin: what is in it, what light makes of it, and back.
//!
//! - [`model`]: melanin, blood, scattering → layers → spectrum from 400 to 700 nm.
//! - [`inversion`]: spectrum or color → the most probable melanin and blood, with uncertainty.
//! - [`population`]: what people usually have.
//! - [`scalp`]: a scalp's color → its most probable skin.
//! - [`veil`]: skin with a wide layer of pigment in it.
//! - [`absorbers`]: the shipped tables.

pub mod absorbers;
pub mod inversion;
pub mod model;
pub mod population;
pub mod scalp;
mod tone;
pub mod veil;

pub use inversion::{Observation, SkinReading, read_skin};
pub use model::{Build, ScarChange, Skin, SkinSolver, Spectrum, wavelength_nm};
pub use population::Population;
pub use scalp::{SCALP, read_scalp_color};
pub use tone::melanin_volume_fraction;
pub use veil::{Veil, veiled_spectrum};
