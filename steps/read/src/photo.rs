//! Decoding strangers' files into an upright [`Photo`].
//!
//! Only the bytes decide what a file is, never its name. Sizes are checked against the limits before anything
//! is allocated, and nothing of the file's metadata is kept.

#[cfg(feature = "raw")]
mod claims;
mod container;
mod heic;
#[cfg(feature = "raw")]
mod jpeg_xl;
mod kind;
mod mark;
mod profile;
#[cfg(feature = "raw")]
mod raw;
mod still;
#[cfg(test)]
mod tests;
mod upright;

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::metadata::Orientation;
use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Caveat, Code, Photo, Qualified, Weight};
use stipple_raster::Mask;

use crate::error::Error;
use kind::Kind;

/// Pixels that the shorter side of a photograph needs; a frame of a trichoscope may have no more.
pub const SIDE_MIN_PX: u64 = 48;

/// What to say of a picture that this program painted: planning on it would plan on a plan.
const SIMULATION: &str =
    "a simulation or a drawing of this program, not a photograph (give the photograph it was made from)";
/// Codes between these are neither black nor white: a sixth and five sixths of the range.
const GRAY: std::ops::Range<u32> = 3 * 65_535 / 6..3 * 5 * 65_535 / 6;
/// Share of a mask that may be gray: soft edges are, photographs are nearly everywhere.
const GRAY_SHARE_MAX: f64 = 0.15;

/// How much a file may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Most pixels in the picture.
    pub pixels_max: u64,
    /// Most memory that decoding may take for pixels, bytes.
    pub memory_bytes_max: u64,
    /// Most threads for decoding HEIC tiles; 0 is one for every core.
    pub threads: usize,
}

impl DecodeLimits {
    /// Limits for photographs from today's phones and cameras: 100 megapixels, 3 GiB, every core.
    pub const fn ordinary() -> Self {
        Self { pixels_max: 100_000_000, memory_bytes_max: 3 << 30, threads: 0 }
    }

    /// Refuses a size beyond the limits; `bytes_per_px` is what decoding takes for each pixel at its peak.
    fn admit(&self, width_px: u64, height_px: u64, bytes_per_px: u64) -> Result<(), Error> {
        let pixels_max = self.pixels_max.min(self.memory_bytes_max / bytes_per_px);
        if width_px.saturating_mul(height_px) > pixels_max {
            return Err(Error::TooLarge { width_px, height_px, pixels_max });
        }
        Ok(())
    }
}

/// Refuses what is no photograph by its first bytes, or says itself that it is a simulation; nothing is decoded.
///
/// # Errors
/// [`Error::NotAPhotograph`].
pub fn require_photograph(bytes: &[u8]) -> Result<(), Error> {
    Kind::of(bytes)?;
    if container::says_simulation(bytes) {
        return Err(Error::NotAPhotograph { found: SIMULATION });
    }
    Ok(())
}

/// The photograph in a file, upright, in a known RGB space.
///
/// # Errors
/// [`Error::NotAPhotograph`], [`Error::Damaged`], [`Error::TooLarge`], [`Error::TooSmall`].
///
/// # Determinism
/// The same bytes give the same photograph with any number of threads.
///
/// # Cost
/// 12 megapixels of JPEG: about 0.2 s and 9 bytes of memory a pixel.
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Qualified<Photo>, Error> {
    require_photograph(bytes)?;
    let kind = Kind::of(bytes)?;
    let mut decoded = guarded(kind, || decode_kind(kind, bytes, limits))?;
    let (width_px, height_px) = (decoded.width as u64, decoded.height as u64);
    if width_px.min(height_px) < SIDE_MIN_PX {
        return Err(Error::TooSmall { width_px, height_px, side_min_px: SIDE_MIN_PX });
    }
    let mut caveats = std::mem::take(&mut decoded.caveats);
    let bit_depth = decoded.samples.bit_depth();
    let (width, height, mut codes) = upright::codes(&decoded);
    if mark::is_marked(width, height, &codes) {
        return Err(Error::NotAPhotograph { found: SIMULATION });
    }
    let space = match decoded.color {
        Tagged::Space(space) => space,
        Tagged::Icc(icc) => {
            drop(decoded.samples);
            guarded(kind, || Ok(profile::place(&icc, &mut codes, &mut caveats)))?
        }
        Tagged::Unstated => {
            caveats.push(profile::assumed("the file does not say what its colors mean"));
            RgbSpace::Srgb
        }
    };
    Ok(Qualified::new(Photo::new(width, height, space, bit_depth, codes), caveats))
}

/// A scar mask drawn by a person: white, at least half way, is inside.
///
/// Transparent counts as outside; color profiles are of no matter.
///
/// # Errors
/// [`Error::Mask`] when it is no picture, or not as large as the upright photograph.
pub fn decode_mask(bytes: &[u8], width_px: usize, height_px: usize) -> Result<Mask, Error> {
    let limits = DecodeLimits { threads: 1, ..DecodeLimits::ordinary() };
    let decoded = Kind::of(bytes).and_then(|kind| guarded(kind, || decode_kind(kind, bytes, &limits)));
    let mut decoded = decoded.map_err(Error::of_mask)?;
    decoded.behind = Behind::Black;
    let (width, height, codes) = upright::codes(&decoded);
    if (width, height) != (width_px, height_px) {
        return Err(Error::mask_size((width, height), (width_px, height_px)));
    }
    let sum = |pixel: &[u16; 3]| pixel.iter().map(|c| u32::from(*c)).sum::<u32>();
    let pixels = codes.as_chunks::<3>().0;
    let gray = pixels.iter().filter(|pixel| GRAY.contains(&sum(pixel))).count() as f64 / pixels.len() as f64;
    if gray > GRAY_SHARE_MAX {
        return Err(Error::mask_gray(gray));
    }
    let white = |pixel: &[u16; 3]| sum(pixel) >= 3 * 32_768;
    Ok(Mask { width, height, samples: pixels.iter().map(white).collect() })
}

/// Runs foreign code over foreign bytes.
///
/// Decoders of other people can panic on hostile bytes. They work on values of their own only, so nothing
/// half-done outlives the unwinding, and the person gets the message that fits: the file is damaged.
fn guarded<T>(kind: Kind, decode: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(Error::Damaged { found: kind.damaged() }))
}

fn decode_kind(kind: Kind, bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    match kind {
        Kind::Jpeg => still::jpeg(bytes, limits),
        Kind::Png => still::png(bytes, limits),
        Kind::WebP => still::webp(bytes, limits),
        Kind::Tiff => still::tiff(bytes, limits),
        Kind::Heic => heic::decode(bytes, limits),
        #[cfg(feature = "raw")]
        Kind::Raw => raw::decode(bytes, limits),
        #[cfg(not(feature = "raw"))]
        Kind::Raw => Err(Error::NotAPhotograph {
            found: "a camera RAW picture, which this build of Stipple leaves out",
        }),
    }
}

/// Pixels as a decoder gave them: not yet upright, in whatever space.
struct Decoded {
    /// Columns as stored.
    width: usize,
    /// Rows as stored.
    height: usize,
    /// Samples a pixel: gray, gray and alpha, RGB, RGB and alpha.
    channels: usize,
    samples: Samples,
    /// How to turn it upright.
    orientation: Orientation,
    /// What shows through where it is transparent.
    behind: Behind,
    color: Tagged,
    caveats: Vec<Caveat>,
}

/// Interleaved samples.
enum Samples {
    Eight(Vec<u8>),
    /// Codes from 0 to `full`.
    Wide {
        codes: Vec<u16>,
        full: u16,
    },
}

impl Samples {
    fn bit_depth(&self) -> BitDepth {
        match self {
            Self::Eight(_) => BitDepth::Eight,
            Self::Wide { .. } => BitDepth::Sixteen,
        }
    }
}

/// What lies behind transparent pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    White,
    Black,
}

/// What the file says about its colors.
enum Tagged {
    Icc(Vec<u8>),
    Space(RgbSpace),
    Unstated,
}

/// The caveat of a file with more than one picture.
fn several_frames(what: &str) -> Caveat {
    Caveat::new(
        Code::PhotoSeveralFrames,
        Weight::Note,
        format!("the file holds {what}; the first was read"),
        "if another one was meant, save that one as a picture of its own",
    )
}
