//! Why there is no result.

use stipple_points::constellation::Refusal;

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
    /// It may not be published, or what is published cannot be verified.
    #[error(transparent)]
    Publish(#[from] stipple_publish::Error),
    /// The dots for the next plan were asked for and cannot be told.
    #[error(
        "nothing was written, as the dots for the next plan cannot be told: {why}. Needed: {needed}. Or ask without them (--healed-out)"
    )]
    DotsUntold {
        /// What was found.
        why: String,
        /// What is needed.
        needed: String,
    },
    /// A picture cannot be made again because it does not say how it was made.
    #[error(
        "the picture carries no recipe by which it was made from two originals; a published pair as the clinic signed it is needed"
    )]
    NoRecipe,
    /// A picture cannot be made again because a file is not there.
    #[error(
        "no file of the folder has the SHA-256 {sha256}, which the picture says its input \"{role}\" has; needed are the files that it \
         was made from as they came: the photograph before (photo), the one after (after), the outline of the scar (scar_mask) and \
         strokes (scribbles). Give the folder of the client's whole record, unpacked"
    )]
    NoOriginal {
        /// What it is for.
        role: &'static str,
        /// What it has to be.
        sha256: String,
    },
    /// A synthetic scalp cannot be made as asked.
    #[error(transparent)]
    Synth(#[from] stipple_synth::Error),
}

impl Error {
    /// A word for programs; the same word is the same trouble in every version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(error) => of_reading(error),
            Self::Plan(error) => of_planning(error),
            Self::Preview(error) => of_preview(error),
            Self::Outcome(error) => of_outcome(error),
            Self::Publish(error) => of_publishing(error),
            Self::Record(stipple_record::Error::Field { .. }) => "field",
            Self::Record(_) => "file",
            Self::DotsUntold { .. } => "dots_untold",
            Self::NoRecipe => "no_recipe",
            Self::NoOriginal { .. } => "no_original",
            Self::Synth(_) => "unusable",
        }
    }
}

fn of_reading(error: &stipple_read::Error) -> &'static str {
    use stipple_read::Error;
    match error {
        Error::NotAPhotograph { .. } => "photo_kind",
        Error::Damaged { .. } => "photo_damaged",
        Error::TooLarge { .. } => "photo_too_large",
        Error::TooSmall { .. } => "photo_too_small",
        Error::Unlit { .. } => "photo_unlit",
        Error::Dark { .. } => "photo_dark",
        Error::NoSkin { .. } => "photo_no_skin",
        Error::Mask { .. } => "scar_mask",
        Error::Stopped => "interrupted",
    }
}

fn of_planning(error: &stipple_plan::Error) -> &'static str {
    use stipple_plan::Error;
    match error {
        Error::Map | Error::Place { .. } => "reading_unusable",
        Error::TooLarge { .. } => "plan_too_large",
        Error::TooMany { .. } => "plan_too_many",
        Error::Protocol(_) => "protocol",
        Error::Drawn { .. } => "drawing",
        Error::After { .. } => "earlier_plan",
        Error::Stopped => "interrupted",
    }
}

fn of_preview(error: &stipple_preview::Error) -> &'static str {
    use stipple_preview::Error;
    match error {
        Error::OtherPhoto { .. } => "other_photograph",
        Error::TooSmall { .. } => "photo_too_small",
        Error::Scale { .. } => "reading_unusable",
        Error::Part { .. } | Error::Distance { .. } | Error::HairGrowth { .. } => "field",
        Error::Stopped => "interrupted",
    }
}

fn of_outcome(error: &stipple_outcome::Error) -> &'static str {
    use stipple_outcome::Error;
    match error {
        Error::NotAligned(Refusal::TooFew { .. }) => "few_follicles",
        Error::NotAligned(Refusal::Mirrored) => "mirrored",
        Error::NotAligned(Refusal::Unlike { .. }) => "other_place",
        Error::NotAligned(_) => "uncertain_alignment",
        Error::ScarTooSmall { .. } => "scar_too_small",
        Error::SurroundTooSmall { .. } => "surround_too_small",
        Error::NoScar => "no_scar",
        Error::Nothing(_) => "nothing_told",
        Error::SizesDiffer | Error::PixelPitch { .. } | Error::Viewing { .. } => "unusable",
    }
}

fn of_publishing(error: &stipple_publish::Error) -> &'static str {
    use stipple_publish::Error;
    match error {
        Error::Refused(_) => "publishing_refused",
        Error::OtherOriginal { .. } => "other_photograph",
        Error::Recipe { .. } => "field",
        Error::ScarHidden { .. } => "scar_hidden",
        Error::Certificates(_) => "certificates",
        Error::NotSigned(_) => "not_signed",
        Error::NoJpeg { .. } => "photo_kind",
    }
}
