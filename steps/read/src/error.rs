//! Why nothing could be read: what was found, what is needed, what to do.

use thiserror::Error;

/// What makes reading impossible.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Error {
    /// The bytes are no photograph of a kind that is read here.
    #[error(
        "the file is {found}; needed: a photograph as JPEG, PNG, WebP, TIFF, HEIC or camera RAW; \
         choose the photograph itself, as the camera or phone wrote it"
    )]
    NotAPhotograph {
        /// What the bytes are, with its article.
        found: &'static str,
    },
    /// The kind is right, but the picture in it cannot be decoded.
    #[error(
        "the file is {found}; needed: the whole, undamaged file; copy it from the camera or phone once more"
    )]
    Damaged {
        /// What is wrong with it.
        found: &'static str,
    },
    /// More pixels than the limits allow.
    #[error(
        "the picture has {width_px} × {height_px} pixels; needed: at most {pixels_max} pixels in all; \
         export it smaller, or cut out the part with the scar"
    )]
    TooLarge {
        /// Columns.
        width_px: u64,
        /// Rows.
        height_px: u64,
        /// Pixels that the limits allow.
        pixels_max: u64,
    },
    /// Too few pixels to measure anything in.
    #[error(
        "the picture has {width_px} × {height_px} pixels; needed: at least {side_min_px} pixels on the \
         shorter side; choose the original photograph, not a thumbnail; of a small frame tell the pixel pitch"
    )]
    TooSmall {
        /// Columns.
        width_px: u64,
        /// Rows.
        height_px: u64,
        /// Pixels that the shorter side needs.
        side_min_px: u64,
    },
    /// Black or blown out nearly everywhere.
    #[error(
        "{black_percent:.0} % of the picture is black and {blown_percent:.0} % is blown out; needed: at \
         least {needed_percent:.0} % in between; photograph again in even, soft light"
    )]
    Unlit {
        /// Share of pixels without light, percent.
        black_percent: f64,
        /// Share of pixels at the upper end, percent.
        blown_percent: f64,
        /// Share of pixels that must lie in between, percent.
        needed_percent: f64,
    },
    /// No skin is found, and hardly any light.
    #[error(
        "the picture is too dark to tell scalp: its bright parts have {bright_percent:.1} % of full light; needed: at least \
         {needed_percent:.0} %; photograph again in bright, even, soft light"
    )]
    Dark {
        /// Light that only a twentieth of the picture exceeds, percent of full light.
        bright_percent: f64,
        /// Light that is needed, percent.
        needed_percent: f64,
    },
    /// Too little skin in view.
    #[error(
        "{found_percent:.1} % of the picture looks like scalp; needed: at least {needed_percent:.0} %; \
         photograph the scar from nearer, in color, with the scalp filling the picture"
    )]
    NoSkin {
        /// Share of pixels that look like scalp, percent.
        found_percent: f64,
        /// Share that is needed, percent.
        needed_percent: f64,
    },
    /// The scar mask cannot be used on this photograph.
    #[error(
        "the scar mask {found}; needed: {needed}; paint the scar white on black over a copy of the upright \
         photograph and save it as PNG at the same size"
    )]
    Mask {
        /// What is wrong with it.
        found: String,
        /// What it should be.
        needed: String,
    },
    /// The watcher asked to stop.
    #[error("reading was stopped before it was done; needed: time to finish; start it again")]
    Stopped,
}

impl Error {
    /// A mask of another size than the photograph's, both in pixels.
    pub(crate) fn mask_size(found: (usize, usize), needed: (usize, usize)) -> Self {
        Self::Mask {
            found: format!("has {} × {} pixels", found.0, found.1),
            needed: format!("the upright photograph's {} × {} pixels", needed.0, needed.1),
        }
    }

    /// A mask that is gray where it should be black or white.
    pub(crate) fn mask_gray(share: f64) -> Self {
        Self::Mask {
            found: format!("is neither black nor white on {:.0} % of its pixels", 100.0 * share),
            needed: "a picture of black and white alone, soft edges excepted".to_owned(),
        }
    }

    /// A mask of more scars than anybody has.
    pub(crate) fn mask_of_many(found: usize, most: usize) -> Self {
        Self::Mask {
            found: format!("marks {found} separate places"),
            needed: format!("at most {most}, each of them a scar"),
        }
    }

    /// What went wrong with a photograph, said of a mask.
    pub(crate) fn of_mask(self) -> Self {
        let found = match self {
            Self::NotAPhotograph { found } | Self::Damaged { found } => format!("is {found}"),
            Self::TooLarge { width_px, height_px, .. } | Self::TooSmall { width_px, height_px, .. } => {
                format!("has {width_px} × {height_px} pixels")
            }
            other => return other,
        };
        Self::Mask { found, needed: "a whole picture as large as the upright photograph".to_owned() }
    }
}
