//! Why nothing can be told.

use stipple_points::constellation::Refusal;

/// Why nothing can be told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Planes and masks are of different sizes.
    #[error(
        "the picture's planes and masks have different sizes; all of them need the size of the flattened picture"
    )]
    SizesDiffer,
    /// The pixel pitch cannot be used.
    #[error(
        "the flattened picture has {found_mm} mm a pixel; 0.005 to 1 mm are needed; give the right pixel pitch"
    )]
    PixelPitch {
        /// Given, mm.
        found_mm: f64,
    },
    /// Too little of the scar lies in the picture.
    #[error(
        "{found_mm2:.1} mm² of the scar lie in the picture; {needed_mm2:.1} mm² are needed; outline the scar, or take \
         the photograph so that it shows"
    )]
    ScarTooSmall {
        /// In the picture, mm².
        found_mm2: f64,
        /// Needed, mm².
        needed_mm2: f64,
    },
    /// Too little skin lies around the scar.
    #[error(
        "{found_mm2:.0} mm² of scalp lie around the scar; {needed_mm2:.0} mm² are needed to tell it from what is \
         around; outline the scar alone, or take the photograph from farther away"
    )]
    SurroundTooSmall {
        /// Around the scar, mm².
        found_mm2: f64,
        /// Needed, mm².
        needed_mm2: f64,
    },
    /// The way of looking cannot be used.
    #[error(
        "a luminance of {luminance_cd_m2} cd/m² and distances from {nearest_m} to {farthest_m} m were asked for; 5 to \
         10 000 cd/m² and distances that grow from 0.1 to at most 1000 m are needed"
    )]
    Viewing {
        /// Asked for, cd/m².
        luminance_cd_m2: f64,
        /// Asked for, m.
        nearest_m: f64,
        /// Asked for, m.
        farthest_m: f64,
    },
    /// The photographs do not show the same scalp, or not enough of it.
    #[error("the photographs cannot be aligned: {0} (--after-pixel-pitch-um, where it is another one after)")]
    NotAligned(#[from] Refusal),
    /// What was given says nothing of what was asked: no visit of fading, no shared picture of agreement.
    #[error("{0}")]
    Nothing(&'static str),
    /// There is no scar to measure.
    #[error(
        "no scar was found in the first photograph, which is the one before; if they were given the other way round, turn them; \
         else outline it: give --scar-mask (white where the scar is) or --scribbles"
    )]
    NoScar,
}
