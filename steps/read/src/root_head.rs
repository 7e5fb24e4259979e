//! The root head: a small network that says where shafts leave the skin, which way they lie and how many hairs
//! come out together.
//!
//! It learned from synthetic scalps alone (`cargo xtask train`). It sees optical density, so exposure does not
//! matter, and it sees it at one scale, so that phone and trichoscope are read alike.

mod input;
mod network;
mod roots;
mod sides;

pub use input::{Input, PX_PER_MM};
pub(crate) use roots::{Root, roots};
