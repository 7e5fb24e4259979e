//! Colorimetry: from a pixel to a color that two people would agree on.
//!
//! # Place in the flow
//! Floor 1. `read` turns pixels into [`Lab`] with it, `plan` matches pigment, `preview` paints.
//!
//! # What it can do
//! - [`RgbSpace`]: sRGB, Display P3, Adobe RGB (1998), Rec. 2020; encoded ↔ linear ↔ [`Xyz`].
//! - [`Lab`] (CIE 1976, D65, 2° observer), [`ciede2000`], and of whole pictures [`ciede2000_map`].
//! - [`adapt`]: chromatic adaptation between whites (Bradford).
//! - [`spectrum`]: reflectance under standard lights → [`Xyz`], [`Lab`], linear RGB.
//! - [`ConeOpponent`]: contrasts as the retina sends them on; [`contrast_sensitivity`]: the least that is seen.
//! - [`redness`]: blood and melanin told apart in three channels.
//! - [`skin_tone`]: individual typology angle and its classes.
//!
//! # Simplifications
//! All spaces are D65; a photograph is display-referred until a neutral has been found in it.
//!
//! # Out of scope
//! Where spectra come from (`optics`), ICC profiles (read by `steps/read`).
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | L*, a*, b* | CIELAB coordinates | – |
//! | ΔE00 | CIEDE2000 color difference | – |
//! | ITA | individual typology angle | degree |
//!
//! # Invariants
//! The color space is in the type. No unlabelled triple leaves a function.
//!
//! # Modules in reading order
//! [`rgb`], [`lab`], [`difference`], [`difference_map`], [`adapt`], [`spectrum`], [`skin_tone`],
//! [`cone_opponent`], [`sensitivity`], [`redness`].
//!
//! # Sources
//! [@Iec61966] [@SmpteEg432] [@Cie15] [@Sharma2005] [@Chardon1991] [@Lam1985] [@Ashraf2024]

pub mod adapt;
pub mod cone_opponent;
pub mod difference;
pub mod difference_map;
pub mod lab;
pub mod redness;
pub mod rgb;
pub mod sensitivity;
pub mod skin_tone;
pub mod spectrum;

pub use cone_opponent::ConeOpponent;
pub use difference::ciede2000;
pub use difference_map::{LabPlanes, ciede2000_map};
pub use lab::{Lab, Xyz};
pub use rgb::{LinearRgb, RgbSpace};
pub use sensitivity::{Mechanism, contrast_sensitivity, energy_weight};
pub use skin_tone::{ItaClass, ita_deg};
pub use spectrum::{Illuminant, Spectrum, lab_weights, linear_rgb_weights, xyz_weights};
