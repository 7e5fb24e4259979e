//! What a treatment did, measured: two photographs of one scar, taken months apart.
//!
//! # Place in the flow
//! Floor 3. The pipeline reads a photograph of before and one of after; here they are aligned by their follicles and laid
//! on one flat piece of scalp, so that the same skin is measured in both.
//!
//! # What it can do
//! - [`Aligned`]: where a place of the one is in the other, and whether that is known.
//! - [`outcome()`]: all of the below, with what speaks against comparing.
//! - [`visible_distance`]: detectability d′ of the scar at every distance, and the distance where it falls to 1, with
//!   its uncertainty.
//! - [`Foreseen`]: the same distance in simulations of a photograph, before anything is done.
//! - [`change`]: color difference (CIEDE2000), redness, lightness from across the scar's edge, units per cm² inside and
//!   around, blue shift of dots.
//!
//! # Simplifications
//! The scar is held against its own surroundings in each picture, so that most of what light does cancels. The eye is a
//! mean healthy one that knows where to look. Where a scar has no follicles, its skin is taken to move as its edges do.
//!
//! # Out of scope
//! Reading photographs and finding the scar (`steps/read`), files and figures (`steps/record`).
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | d′ | detectability; 1 is the threshold of detection | – |
//! | W | worth of contrast energy to the eye | 1/degree² |
//! | D | distance from eye to scalp | m |
//!
//! # Invariants
//! Two pictures that are the same give the same numbers. More contrast is never seen from less far.
//!
//! # Modules in reading order
//! [`mod@outcome`], [`aligned`], `frame`, `compare`, `plane`, [`scene`], [`visible`], [`change`], `deposits`, `laid`, [`foreseen`], [`mod@agreement`], [`glance`], [`error`].
//!
//! # Sources
//! [@Ashraf2024] [@Rovamo1993] [@Bochud2000] [@LeggeFoley1980] [@Sharma2005]

pub mod agreement;
pub mod aligned;
pub mod change;
mod compare;
mod deposits;
pub mod error;
pub mod fading;
pub mod foreseen;
mod frame;
pub mod glance;
mod laid;
pub mod outcome;
mod plane;
pub mod scene;
pub mod visible;

pub use agreement::agreement;
pub use aligned::Aligned;
pub use error::Error;
pub use fading::fading;
pub use foreseen::Foreseen;
pub use glance::Glance;
pub use outcome::{Known, Visit, outcome};
pub use scene::Scene;
pub use visible::{Reach, Seen, Viewing, Visibility, visible_distance};
