//! Light in layered skin and the pigment in it.
//!
//! # Place in the flow
//! Floor 1. `plan` finds the skin behind a color and chooses pigment and dilution with it, `preview` paints dots,
//! `read` turns skin tone into melanin.
//!
//! # What it can do
//! - [`adding_doubling`]: light reflected and transmitted by a stack of layers, deterministic and fast.
//! - [`transport`]: photons through layered skin, with buried dots; [`dot_table`]: what it found, interpolated.
//! - [`dot`]: how a deposit of pigment looks from above: contrast by distance, in three bands of light.
//! - [`fading`]: what becomes of a deposit over days and years, with its likely range.
//! - [`layers`]: absorption and scattering of flat layers of tissue.
//! - [`mie`] and [`pigment`]: from particles in a bottle to absorption and scattering; from a photographed film of
//!   pigment to its absorption.
//! - [`skin`]: melanin, blood and scattering → spectrum, and back from a spectrum or a color, with uncertainty.
//!
//! # Simplifications
//! Three bands stand for the spectrum, 650, 550, 450 nm; R, G, B take shares of them. Skin around a dot is 80 µm of
//! epidermis over dermis without end. [`dot::profile_in`] shows a dot in a skin of its own: scars scatter
//! less and show dots more. Ink only absorbs. Dots combine in optical density.
//!
//! # Out of scope
//! Color spaces (`color`), where dots are (`points`), painting pixels (`steps/preview`).
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | µa | absorption | 1/mm |
//! | µs′ | reduced scattering | 1/mm |
//! | C | contrast 1 − R/R0 | – |
//! | λ | wavelength | nm |
//!
//! # Invariants
//! Contrast is at least 0 and below 1 and grows with ink; peak contrast falls with depth. Deeper dots are
//! bluer.
//!
//! # Modules in reading order
//! [`layers`], [`adding_doubling`], [`skin`], [`transport`], [`dot_table`], [`mie`], [`pigment`], [`dot`], [`fading`];
//! inside: `nonnegative`.
//!
//! # Sources
//! [@Prahl1993] [@Bosschaart2014] [@SarnaSwartz1998] [@Jacques2013] [@NistSkin] [@StippleSkinPopulation]
//! [@Wiscombe1977] [@BohrenHuffman1983] [@BondBergstrom2006] [@StippleDotTable] [@Jonasson2018] [@Kim2008]
//! [@Liu2025] [@HauriHohl2015] [@Issa]

pub mod adding_doubling;
pub mod dot;
pub mod dot_table;
pub mod fading;
pub mod layers;
pub mod mie;
mod nonnegative;
pub mod pigment;
pub mod skin;
pub mod transport;

pub use adding_doubling::{Fluxes, StackError, StackLight, StackSolver, Streams, stack_light};
pub use dot::{
    Deposit, DotInk, Profile, Shape, SkinAround, disk_contrast, profile_in, shape_in, surface_stain,
};
pub use fading::{
    Course, deposit_after, deposit_after_at, diameter_growth, pigment_share_left, redness_left,
};
pub use layers::Layer;
pub use skin::melanin_volume_fraction;
