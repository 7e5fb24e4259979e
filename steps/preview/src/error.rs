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
    /// The part to look at is none of the photograph.
    #[error(
        "a part of {width_px} × {height_px} pixels from column {left_px}, row {top_px} does not lie in the photograph; \
         choose one inside it"
    )]
    Part {
        /// First column.
        left_px: usize,
        /// First row.
        top_px: usize,
        /// Columns.
        width_px: usize,
        /// Rows.
        height_px: usize,
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
    /// The distance to look from is none that people look from.
    #[error("a viewing distance of {found_m} m; 0.2 to 20 m are needed; choose one in between")]
    Distance {
        /// Distance asked for, m.
        found_m: f64,
    },
    /// Hair does not grow so.
    #[error("hair grown by {found_mm} mm; 0 to 3 mm can be shown; choose a length in between")]
    HairGrowth {
        /// Growth asked for, mm.
        found_mm: f64,
    },
    /// Somebody stopped the work.
    #[error("the preview was stopped before it was done; start it again")]
    Stopped,
}
