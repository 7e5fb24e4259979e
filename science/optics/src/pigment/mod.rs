//! What is in the bottle, and what that absorbs and scatters in skin.

mod drawdown;
mod material;
mod suspension;

pub use drawdown::{Drawdown, absorption_of_drawdown};
pub use material::{MATERIALS, Material};
pub use suspension::{Particles, Suspension, ink_of};
