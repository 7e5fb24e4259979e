//! Why there is no result.

/// What stopped the work; the message is for the person who asked for it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The photograph cannot be used.
    #[error(transparent)]
    Read(#[from] stipple_read::Error),
    /// The reading cannot be planned on.
    #[error(transparent)]
    Plan(#[from] stipple_plan::Error),
    /// The plan cannot be shown on this photograph.
    #[error(transparent)]
    Preview(#[from] stipple_preview::Error),
    /// Before and after cannot be held against each other.
    #[error(transparent)]
    Outcome(#[from] stipple_outcome::Error),
    /// A file of ours or a setting cannot be understood.
    #[error(transparent)]
    Record(#[from] stipple_record::Error),
    /// A synthetic scalp cannot be made as asked.
    #[error(transparent)]
    Synth(#[from] stipple_synth::Error),
}
