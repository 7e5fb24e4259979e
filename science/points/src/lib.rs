//! Point patterns: where follicles and dots are, how they are spread, and how to add to them.
//!
//! # Place in the flow
//! Floor 1. `read` measures hair density with it, `plan` places dots, `synth` grows follicles.
//!
//! # What it can do
//! - [`CellIndex`]: neighbors of a place in constant time.
//! - [`Window`], [`Metric`]: the piece of plane that a pattern lives in, and what distance means at each place of it.
//! - [`nearest_neighbor`], [`pair_correlation()`], [`bond_orders`], [`describe`]: how a pattern is spread, free of edge bias.
//! - [`stretch()`]: by how much it is stretched along hair.
//! - [`Potential`]: how points keep apart, fitted to a pattern's description.
//! - [`fill`]: an exact number of new points among points that stand, spread as a potential wants.
//! - [`hairs`]: how many hairs the unit at each point has.
//! - [`rank`]: an order in which every beginning is well spread.
//! - [`constellation`]: where places of one picture of a scalp lie in another.
//! - [`assignment`]: which mark of today belongs to which planned dot.
//! - [`surface`]: the same on a mesh of triangles in space.
//!
//! # Example
//! A bare square in a pattern is filled again, and put in an order:
//! ```
//! use stipple_points::{Fill, Metric, Potential, Standing, Window, fill, nearest_neighbor, rank};
//! use stipple_quantity::Seed;
//!
//! // 0.74 points per mm² on 40 × 40 mm; what stands, here on a grid, leaves the middle bare.
//! let window = Window::rectangle(40.0, 40.0, 0.5);
//! let bare = |(x, y): (f64, f64)| (10.0..30.0).contains(&x) && (10.0..30.0).contains(&y);
//! let grid = (0..34).flat_map(|row| (0..34).map(move |column| (0.6 + 1.162 * f64::from(column), 0.6 + 1.162 * f64::from(row))));
//! let standing: Vec<(f64, f64)> = grid.filter(|place| !bare(*place)).collect();
//! let metric = vec![Metric::even(0.74); window.inside.len()];
//! let new_density: Vec<f64> =
//!     (0..metric.len()).map(|cell| if bare(window.center_of(cell)) { 0.74 } else { 0.0 }).collect();
//! let added = fill(
//!     &Fill {
//!         window: &window,
//!         fixed: &standing,
//!         obstacles: &[],
//!         metric: &metric,
//!         new_density: &new_density,
//!         zone: &vec![0; metric.len()],
//!         count: 296,
//!         spacing_min: 0.5,
//!         potential: &Potential::population(),
//!     },
//!     Seed(1),
//! );
//! assert_eq!(added.points.len() + added.unplaced, 296);
//!
//! // The first third of them alone is well spread too.
//! let order = rank(&added.points, &vec![Metric::even(0.74); added.points.len()], Standing::default());
//! let first: Vec<(f64, f64)> = order.iter().take(99).map(|k| added.points[*k]).collect();
//! let square = Window { inside: new_density.iter().map(|density| *density > 0.0).collect(), ..window };
//! let near = nearest_neighbor(&first, &square).expect("enough points");
//! assert!(near.coefficient_of_variation < 0.2, "by chance it would be 0.52");
//! ```
//!
//! # Simplifications
//! In a flat window distances are straight lines in millimetres. A scalp's radius (75 mm) makes that wrong by
//! less than 1e-4 over the few millimetres that matter; what bends more is laid flat with its metric ([`surface`]).
//! Two points' distance in local spacings is measured by the mean of the metrics at both.
//!
//! # Out of scope
//! Pigment and skin: a point is a place and nothing else.
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | s | local spacing, 1/√density | mm |
//! | r | distance in local spacings | – |
//! | g(r) | pair correlation | – |
//! | u(r) | energy of a pair | – |
//! | Ψₘ | bond order: squared sum of neighbors, m-fold | – |
//!
//! # Invariants
//! Places are finite. Results do not depend on the number of threads.
//!
//! # Modules in reading order
//! [`index`], [`window`], [`ground`], [`orders`], [`summary`], [`mod@stretch`], [`potential`], `gibbs`, `curve`, [`mod@fill`], [`marks`], `eliminate`,
//! [`mod@rank`], [`surface`], [`constellation`], [`assignment`].
//!
//! # Sources
//! [@Illian2008] [@Baddeley2000] [@Reith2003] [@Nelson1979] [@Jaynes1957] [@Efron1973] [@Huber1967] [@Bsrl] [@Yuksel2015] [@Kimmel1998] [@Tutte1963]
//! [@Pinkall1993] [@Yoshizawa2004] [@Matas2005] [@Myronenko2010] [@Wahba1990] [@Bernstein1927] [@Roberts2018] [@Jonker1987]

pub mod assignment;
pub mod constellation;
mod curve;
mod eliminate;
pub mod fill;
mod gibbs;
pub mod ground;
pub mod index;
pub mod marks;
pub mod orders;
pub mod potential;
pub mod rank;
pub mod stretch;
pub mod summary;
pub mod surface;
pub mod window;

pub use fill::{Fill, Filled, fill};
pub use ground::Metric;
pub use index::CellIndex;
pub use marks::hairs;
pub use orders::{BondOrders, bond_orders};
pub use potential::Potential;
pub use rank::{Standing, rank};
pub use stretch::{Stretch, stretch};
pub use summary::{
    Description, NearestNeighbor, PairCorrelation, describe, nearest_neighbor, pair_correlation,
};
pub use window::Window;
