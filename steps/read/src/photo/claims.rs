//! What a TIFF-like RAW file claims, held against what it can hold before any decoder believes it.
//!
//! A decoder that allocates what a tag claims ends the whole process when memory runs out; nothing can catch that.
//! Maker notes, whose layout only their decoders know, are not looked into.

use super::DecodeLimits;
use super::container::TiffDirectory;
use super::kind::Kind;
use super::raw::BYTES_PER_PX;
use crate::error::Error;

/// Most directories that are walked; cameras write about ten.
const DIRECTORIES_MAX: usize = 64;
/// Values of this size may be claimed beyond the file's end: cameras err too, and nothing breaks, bytes.
const HARMLESS_BYTES: u64 = 16 << 20;
/// Samples that a pixel may have; cameras write 1 to 4.
const SAMPLES_MAX: u64 = 4;
/// Tags of width, height, samples a pixel, width and height of a tile.
const SIZES: [u16; 5] = [256, 257, 277, 322, 323];
/// Tags that lead to further directories: sub-directories, EXIF, GPS.
const LEADING: [u16; 3] = [0x014a, 0x8769, 0x8825];

/// Refuses claims beyond the file's length and pictures beyond the limits.
///
/// # Errors
/// [`Error::Damaged`], [`Error::TooLarge`].
pub(super) fn require_possible(bytes: &[u8], limits: &DecodeLimits) -> Result<(), Error> {
    let mut waiting: Vec<usize> = TiffDirectory::first_place(bytes).into_iter().collect();
    let mut walked = Vec::new();
    while let Some(at) = waiting.pop() {
        if walked.contains(&at) || walked.len() == DIRECTORIES_MAX {
            continue;
        }
        walked.push(at);
        let Some(directory) = TiffDirectory::at(bytes, at) else { continue };
        require_values(&directory, bytes.len() as u64)?;
        require_picture(&directory, limits)?;
        waiting.extend(directory.next());
        waiting.extend(LEADING.iter().flat_map(|tag| directory.places(*tag, DIRECTORIES_MAX)));
    }
    Ok(())
}

/// No tag may claim more bytes than the file has.
fn require_values(directory: &TiffDirectory<'_>, file_bytes: u64) -> Result<(), Error> {
    let most = file_bytes.max(HARMLESS_BYTES);
    if directory.claims().any(|claimed| claimed > most) {
        return Err(Error::Damaged { found: Kind::Raw.damaged() });
    }
    Ok(())
}

/// No picture, filled up to whole tiles, may be larger than the limits.
fn require_picture(directory: &TiffDirectory<'_>, limits: &DecodeLimits) -> Result<(), Error> {
    let [width, height, samples, tile_width, tile_height] =
        SIZES.map(|tag| directory.value(tag).map(u64::from));
    let (Some(width), Some(height)) = (width, height) else { return Ok(()) };
    if samples.is_some_and(|samples| samples > SAMPLES_MAX) {
        return Err(Error::Damaged { found: Kind::Raw.damaged() });
    }
    let filled = |size: u64, tile: Option<u64>| size.next_multiple_of(tile.unwrap_or(1).max(1));
    limits.admit(filled(width, tile_width), filled(height, tile_height), BYTES_PER_PX)
}
