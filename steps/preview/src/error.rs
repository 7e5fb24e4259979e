//! Why no preview can be given.

/// Why no preview can be given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The photograph is not the one the plan was made on.
    #[error(
        "the photograph has {found_width_px} × {found_height_px} pixels, but the plan was made on one of \
         {needed_width_px} × {needed_height_px}; give the photograph the plan was made on"
    )]
    OtherPhoto {
        /// Columns of the photograph given.
        found_width_px: usize,
        /// Rows of the photograph given.
        found_height_px: usize,
        /// Columns of the plan's photograph.
        needed_width_px: usize,
        /// Rows of the plan's photograph.
        needed_height_px: usize,
    },
    /// The picture cannot carry the mark that every simulation carries.
    #[error(
        "the photograph has {found_width_px} × {found_height_px} pixels; at least 48 × 32 are needed to mark \
         the simulation as one; give a larger photograph"
    )]
    TooSmall {
        /// Columns of the photograph given.
        found_width_px: usize,
        /// Rows of the photograph given.
        found_height_px: usize,
    },
    /// The plan's map from photograph to scalp cannot be used.
    #[error(
        "the plan's map from photograph to scalp has a pixel pitch of {found_um:.3} µm; 5 to 1000 µm are \
         needed; make the plan anew"
    )]
    Scale {
        /// Pixel pitch at the middle of the photograph, µm; not a number if there is none.
        found_um: f64,
    },
    /// Somebody stopped the work.
    #[error("the preview was stopped before it was done; start it again")]
    Stopped,
}
