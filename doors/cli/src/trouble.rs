//! Why a command failed, and which exit code says so.

use std::process::ExitCode;

use stipple_pipeline::Error as PipelineError;
use stipple_record::Error as RecordError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The pipeline gave nothing.
    #[error(transparent)]
    Work(#[from] PipelineError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] RecordError),
    /// The file took longer to work through than any honest one does.
    #[error(
        "the file was not worked through after {0} s; needed: an ordinary picture or mesh; save a photograph anew as \
         JPEG, reduce a mesh, and try that"
    )]
    TooSlow(u64),
    /// The studio did not open, or its copy cannot be used.
    #[error("{0}")]
    Studio(String),
    /// What was to be verified does not hold.
    #[error("{0}")]
    Broken(String),
    /// We broke.
    #[error("something broke inside Stipple ({0}); nothing was written; please report it")]
    Ours(String),
}

impl Trouble {
    /// 1 our fault, 2 wrong usage, 3 the input cannot be used, 4 what was verified does not hold.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Ours(_) => 1,
            Self::File(RecordError::NotWritten { .. }) | Self::Work(PipelineError::Synth(_)) => 2,
            Self::Work(_) | Self::File(_) | Self::TooSlow(_) | Self::Studio(_) => 3,
            Self::Broken(_) => 4,
        })
    }
}
