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
    /// Too little of the scar is seen.
    #[error(
        "the picture would show {percent} % of the scar that was measured; 95 % is needed, because the numbers are of all of it; \
         make the crop larger and paint over less of the scar, or photograph again so that both show all of it"
    )]
    ScarHidden {
        /// Share of the measured scar that is seen in both, whole percent, rounded down.
        percent: u8,
    },
    /// Keys and certificates do not make a signer.
    #[error("the certificates {0}; ask whoever issued them")]
    Certificates(CertificateFault),
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

/// What is wrong with certificates, and what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// They are none.
    #[error("cannot be read; a PEM text is needed in which every block is a certificate")]
    Unreadable,
    /// A private key came along.
    #[error("come with a private key; it belongs nowhere but where it was made: give the certificates alone")]
    PrivateKey,
    /// Too few, too many, or too large.
    #[error(
        "are not two to eight of at most 16 kB each; that of the key is needed, then those of who signed it"
    )]
    Number,
    /// The first is of another key.
    #[error("belong to another key; one made on the studio's own request is needed first")]
    OtherKey,
    /// The first is an authority's, or signed by the key itself.
    #[error("vouch for themselves; one of the key that another key signed is needed first")]
    BySelf,
    /// One does not follow from the next.
    #[error(
        "do not follow from one another; each signed by the next is needed (Ed25519, P-256, P-384 or RSA of 2048 bits and more)"
    )]
    Order,
    /// An authority may not sign what it signed.
    #[error(
        "are signed by one that may not sign certificates, or not these (key usage, path length, name constraints)"
    )]
    Authority,
    /// One is not valid on the day.
    #[error("are not all valid today; look at their days, and at the clock of this computer")]
    Day,
    /// The first is not for signing claims.
    #[error(
        "are not for this use; key usage digitalSignature alone and extended key usage emailProtection or claim signing \
         (1.3.6.1.4.1.62558.2.1) are needed in the first"
    )]
    Purpose,
    /// Content credentials cannot be signed with them.
    #[error(
        "do not sign content credentials; the rules of C2PA for signing certificates are needed, with an organization named"
    )]
    NotAccepted,
    /// A name cannot stand in one.
    #[error("cannot be made of this name; a plain name of a clinic is needed")]
    Name,
}
