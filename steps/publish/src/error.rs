//! Why there is nothing to publish, or nothing to verify.

use crate::may::Refusal;

/// Why there is nothing to publish, or nothing to verify.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pair may not be published.
    #[error("this may not be published: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// The recipe is of other photographs.
    #[error(
        "the recipe belongs to other photographs than were given ({which}); the originals it was made for are needed, byte for \
         byte; give those, or make a new recipe"
    )]
    OtherOriginal {
        /// The photograph before, after, or both.
        which: &'static str,
    },
    /// The recipe cannot be followed.
    #[error("the recipe has {found}; {needed} is needed; make a new recipe from these photographs")]
    Recipe {
        /// What it has.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// Keys and certificates do not make a signer.
    #[error(
        "the certificates {found}; {needed} is needed; make a new chain in the studio, or ask who issued them"
    )]
    Certificates {
        /// What is wrong with them.
        found: &'static str,
        /// What is needed.
        needed: &'static str,
    },
    /// The picture could not be signed.
    #[error(
        "the picture could not be signed ({0}); a JPEG and certificates that are valid today are needed; look at the clock of \
         this computer and at the days of the certificates"
    )]
    NotSigned(String),
    /// It is no JPEG that can be looked at.
    #[error("{found}; a JPEG picture of at most 64 MB is needed; give the file as it was downloaded")]
    NoJpeg {
        /// What was found.
        found: &'static str,
    },
}
