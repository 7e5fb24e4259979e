//! What became of a plan.

use stipple_quantity::PointInPhoto;

use crate::plan::Plan;

/// A plan of which some sessions are done, and what is seen of their dots.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// The plan.
    pub plan: Plan,
    /// How many of its sessions are done, from 1.
    pub sessions_done: u32,
    /// Dots that are seen healed, in pixels of the plan's photograph; in no order.
    pub healed: Vec<PointInPhoto>,
}
