//! Why there is no plan.

use stipple_model::Unfit;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The photograph cannot be mapped to millimetres.
    #[error(
        "the reading's map from the photograph to the scalp cannot be used: its numbers are not finite or \
         it cannot be inverted; read the photograph again"
    )]
    Map,
    /// An outline or the hair lies at no finite place.
    #[error("{what} of the reading lies at a place that is not a number; read the photograph again")]
    Place {
        /// What lies there.
        what: &'static str,
    },
    /// Larger than a head.
    #[error(
        "what is to be treated spans {width_mm:.0} × {height_mm:.0} mm with its soft edge, more than a head; at most \
         {most_mm2:.0} mm² can be planned: check the pixel pitch and read the photograph again"
    )]
    TooLarge {
        /// Width, mm.
        width_mm: f64,
        /// Height, mm.
        height_mm: f64,
        /// Largest area, mm².
        most_mm2: f64,
    },
    /// More dots than can be made.
    #[error(
        "the plan would need {dots:.0} dots, at most {most} can be planned; lower the protocol's density"
    )]
    TooMany {
        /// Dots needed.
        dots: f64,
        /// Dots possible.
        most: usize,
    },
    /// A setting that cannot be followed.
    #[error("the protocol's {} is {}; needed: {}; correct it", .0.field, .0.found, .0.needed)]
    Protocol(Unfit),
    /// A drawing that cannot be followed.
    #[error("{what} {found}; needed: {needed}; draw it anew")]
    Drawn {
        /// What was drawn.
        what: &'static str,
        /// What is wrong with it.
        found: String,
        /// What it needs.
        needed: &'static str,
    },
    /// What is said of an earlier plan does not fit it.
    #[error("{what} {found}; needed: {needed}")]
    After {
        /// What was said.
        what: &'static str,
        /// What is wrong with it.
        found: String,
        /// What it needs, and what to do.
        needed: String,
    },
    /// Somebody stopped it.
    #[error("planning was stopped")]
    Stopped,
}
