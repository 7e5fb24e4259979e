//! What stops a record from being read or written.

/// Nothing could be given. No message holds a path, a person's name or the content of a picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input is missing, is a folder or may not be read.
    #[error("{role} cannot be read: {reason}; give a file that exists and that you may read")]
    Unreadable {
        /// What the input is for, such as "photo".
        role: &'static str,
        /// What was found.
        reason: String,
    },
    /// An input is larger than anything of its kind should be.
    #[error("{role} holds {found_mb} MB, at most {allowed_mb} MB are read; give a smaller file")]
    TooLarge {
        /// What the input is for.
        role: &'static str,
        /// What was found, megabytes rounded up.
        found_mb: u64,
        /// What is allowed, megabytes.
        allowed_mb: u64,
    },
    /// An output could not be written; what stood there before still stands.
    #[error(
        "the result cannot be written: {reason}; make room or choose another place or name, then run it again"
    )]
    NotWritten {
        /// What was found.
        reason: String,
    },
    /// Not JSON or TOML, or a field is missing, unknown or of the wrong type.
    #[error("{what} cannot be understood at line {line}: {reason}; correct it or make the file again")]
    Syntax {
        /// What was being read, such as "reading".
        what: &'static str,
        /// Line of the text, from 1.
        line: usize,
        /// What the parser met.
        reason: String,
    },
    /// A file of another kind or of a version that this program does not know.
    #[error("the file says it is {found}; needed: {needed}; give the right file or update the program")]
    Format {
        /// The format found, cut to 60 characters.
        found: String,
        /// The format needed.
        needed: &'static str,
    },
    /// A field holds what it cannot mean.
    #[error("{field} is {found}; needed: {needed}; correct it")]
    Field {
        /// Where, such as `scars[2].outline_px`.
        field: String,
        /// What was found.
        found: String,
        /// What is needed, with the unit.
        needed: String,
    },
    /// Not a mesh, or a damaged one.
    #[error("the mesh cannot be read: {reason}; needed: a surface as OBJ, PLY or GLB; export it anew")]
    NotAMesh {
        /// What was found.
        reason: String,
    },
    /// A mesh that no surface can be made of.
    #[error(transparent)]
    Surface(#[from] stipple_points::surface::Error),
}

impl Error {
    /// The same trouble seen from one level further out: `field` becomes `place.field`.
    pub(crate) fn inside(self, place: impl std::fmt::Display) -> Self {
        match self {
            Self::Field { field, found, needed } => {
                Self::Field { field: format!("{place}.{field}"), found, needed }
            }
            other => other,
        }
    }

    /// A field that holds what it cannot mean.
    pub(crate) fn field(
        field: impl Into<String>,
        found: impl std::fmt::Display,
        needed: impl Into<String>,
    ) -> Self {
        Self::Field { field: field.into(), found: brief(&found.to_string()), needed: needed.into() }
    }
}

impl From<stipple_model::Unfit> for Error {
    fn from(unfit: stipple_model::Unfit) -> Self {
        Self::field(unfit.field, unfit.found, unfit.needed)
    }
}

/// At most 60 characters of what a stranger wrote, without control characters.
pub(crate) fn brief(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut kept: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        kept.push('…');
    }
    kept
}
