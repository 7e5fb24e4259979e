//! What a TIFF-like RAW file claims, held against what it can hold before any decoder believes it.
//!
//! A decoder that allocates what a tag claims ends the whole process when memory runs out; nothing can catch that.
//! Maker notes, whose layout only their decoders know, are not looked into.

use super::container::{TiffDirectory, jpeg_frames};
use super::kind::Kind;
use super::raw::BYTES_PER_PX;
use super::{DecodeLimits, jpeg_xl};
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

/// Tags of the compression and of the places of strips and of tiles.
const COMPRESSION: u16 = 259;
/// See [`COMPRESSION`].
const PARTS: [u16; 2] = [273, 324];
/// Compression by JPEG XL.
const JPEG_XL: u32 = 52_546;
/// Strips and tiles that are looked into.
const PARTS_MAX: usize = 65_536;
/// All JPEG XL data of a picture together has at most this many times the pixels that a picture may have.
const TIMES_MAX: u64 = 2;

/// Refuses claims beyond the file's length and pictures beyond the limits.
///
/// # Errors
/// [`Error::Damaged`], [`Error::TooLarge`].
pub(super) fn require_possible(bytes: &[u8], limits: &DecodeLimits) -> Result<(), Error> {
    if jpeg_frames(bytes).any(|pixels| pixels > limits.pixels_max) {
        return Err(Error::Damaged { found: Kind::Raw.damaged() });
    }
    let mut waiting: Vec<usize> = TiffDirectory::first_place(bytes).into_iter().collect();
    let mut walked = Vec::new();
    while let Some(at) = waiting.pop() {
        if walked.contains(&at) {
            continue;
        }
        // because what is not walked is not bounded
        if walked.len() == DIRECTORIES_MAX {
            return Err(Error::Damaged { found: Kind::Raw.damaged() });
        }
        walked.push(at);
        let Some(directory) = TiffDirectory::at(bytes, at) else { continue };
        require_values(&directory, bytes.len() as u64)?;
        require_picture(&directory, limits)?;
        require_parts(bytes, &directory, limits)?;
        waiting.extend(directory.next());
        waiting.extend(LEADING.iter().flat_map(|tag| directory.places(*tag, DIRECTORIES_MAX + 1)));
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
    let mut sizes = [None; 5];
    for (size, tag) in sizes.iter_mut().zip(SIZES) {
        let damaged = |_| Error::Damaged { found: Kind::Raw.damaged() };
        *size = directory.sole(tag).map_err(damaged)?.map(u64::from);
    }
    let [width, height, samples, tile_width, tile_height] = sizes;
    let (Some(width), Some(height)) = (width, height) else { return Ok(()) };
    if samples.is_some_and(|samples| samples > SAMPLES_MAX) {
        return Err(Error::Damaged { found: Kind::Raw.damaged() });
    }
    let filled = |size: u64, tile: Option<u64>| size.next_multiple_of(tile.unwrap_or(1).max(1));
    limits.admit(filled(width, tile_width), filled(height, tile_height), BYTES_PER_PX)
}

/// JPEG XL data has a size of its own; it must tell one, and all of it together be no larger than pictures are.
fn require_parts(bytes: &[u8], directory: &TiffDirectory<'_>, limits: &DecodeLimits) -> Result<(), Error> {
    if directory.value(COMPRESSION) != Some(JPEG_XL) {
        return Ok(());
    }
    let mut pixels = 0u64;
    for at in PARTS.iter().flat_map(|tag| directory.places(*tag, PARTS_MAX)) {
        let size = bytes.get(at..).and_then(jpeg_xl::size);
        pixels = pixels.saturating_add(size.map_or(u64::MAX, |(width, height)| width.saturating_mul(height)));
    }
    if pixels > TIMES_MAX.saturating_mul(limits.pixels_max) {
        return Err(Error::Damaged { found: Kind::Raw.damaged() });
    }
    Ok(())
}
