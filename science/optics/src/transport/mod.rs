//! Light as photons: Monte Carlo in flat layers.
//!
//! Photons travel sixteen side by side in single precision; sums are in double precision. The chance of a
//! photon depends on seed and photon alone, so that the number of threads changes nothing.

mod dots;
mod kernel;
mod lanes;
#[cfg(target_arch = "x86_64")]
mod lanes_avx2;
mod math;
mod medium;
mod problems;
mod random;
mod run;
mod tabulate;
mod tally;
mod totals;

pub use dots::{Body, Contrast, DotStudy, DotsSeen, Form};
pub use medium::{LAYERS_MAX, Phase, Stack};
pub use problems::{Problem, problems};
pub use run::Instructions;
pub use tabulate::{Slab, skin_stack, tabulate};
pub use totals::{Experiment, Launch, ROULETTE_OF_MCML, Radial, Totals};
