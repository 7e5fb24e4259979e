//! How long work reports and how it is stopped.

/// Somebody watching long work.
pub trait Watch: Sync {
    /// `share` of the phase is done, 0 to 1.
    fn progress(&self, phase: &'static str, share: f64);

    /// Whether the work should stop now; steps ask between batches.
    fn stopped(&self) -> bool {
        false
    }
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&self, _phase: &'static str, _share: f64) {}
}
