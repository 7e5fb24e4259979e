//! How much a HEIC file asks to have decoded, counted before any of it is.
//!
//! A picture may be put together from others, and from one of them many times: a file of a few kilobytes can ask for
//! hours of work, or for more pictures at once than memory holds.

use std::collections::HashMap;

use heifer::heifer_hevc_dec::nal::{NalUnit, NalUnitType, split_annex_b};
use heifer::heifer_hevc_dec::params::Sps;
use heifer::heifer_isobmff::{HeifFile, ItemId};

use super::super::DecodeLimits;
use super::super::kind::Kind;
use crate::error::Error;

/// All pictures that a file is put together from have at most this many times the pixels that one may have: the
/// picture, its tiles, and both once more for what is transparent.
const TIMES_MAX: u64 = 4;
/// Pictures put together from pictures, this often; the decoder follows no further.
const DEPTH_MAX: u32 = 4;
/// Most pictures in a file; tiles of a side of 512 pixels make 400 of the largest photograph.
const PICTURES_MAX: usize = 8_000;

/// Refuses files that ask for more than a photograph does.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn require_possible(file: &HeifFile<'_>, limits: &DecodeLimits) -> Result<(), Error> {
    let mut asked = Asked { file, pixels_max: limits.pixels_max, known: HashMap::new() };
    let pixels = asked.pixels(file.primary_id, 0);
    if pixels > TIMES_MAX.saturating_mul(limits.pixels_max) || asked.known.len() > PICTURES_MAX {
        return Err(Error::Damaged { found: Kind::Heic.damaged() });
    }
    Ok(())
}

struct Asked<'a> {
    file: &'a HeifFile<'a>,
    pixels_max: u64,
    /// Pixels of the pictures that were counted, by how deep they lie.
    known: HashMap<(ItemId, u32), u64>,
}

impl Asked<'_> {
    /// Pixels of a picture and of all that it is put together from.
    fn pixels(&mut self, item: ItemId, depth: u32) -> u64 {
        if depth > DEPTH_MAX || self.known.len() > PICTURES_MAX {
            return 0;
        }
        if let Some(pixels) = self.known.get(&(item, depth)) {
            return *pixels;
        }
        let mut pixels = self.own_pixels(item);
        let file = self.file;
        for part in file.referenced_items(item, b"dimg") {
            pixels = pixels.saturating_add(self.pixels(*part, depth + 1));
        }
        for beside in file.referencing_items(item, b"auxl") {
            pixels = pixels.saturating_add(self.pixels(beside, depth + 1));
        }
        self.known.insert((item, depth), pixels);
        pixels
    }

    /// Pixels of a picture itself; what cannot be read is the decoder's to refuse.
    fn own_pixels(&self, item: ItemId) -> u64 {
        let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        let stated = self.file.image_size(item).ok().flatten().map_or(0, area);
        let made = match self.file.item(item).map(|item| item.item_type.0) {
            Ok(kind) if kind == *b"hvc1" => self.coded_pixels(item),
            Ok(kind) if kind == *b"grid" => {
                self.file.grid(item).map_or(0, |grid| area((grid.output_width, grid.output_height)))
            }
            // Its size stands in its data, and the decoder bounds it so.
            Ok(kind) if kind == *b"iovl" => self.pixels_max,
            _ => 0,
        };
        stated.max(made)
    }

    /// Pixels that the coded picture has, whatever the file says around it; its bytes count as well.
    fn coded_pixels(&self, item: ItemId) -> u64 {
        let Ok(stream) = self.file.hevc_bitstream(item) else { return 0 };
        let size = |nal: &[u8]| {
            let unit = NalUnit::parse(nal).ok().filter(|unit| unit.header.unit_type == NalUnitType::Sps)?;
            let sps = Sps::parse(&unit.rbsp).ok()?;
            Some(u64::from(sps.pic_width_in_luma_samples) * u64::from(sps.pic_height_in_luma_samples))
        };
        split_annex_b(&stream).filter_map(size).max().unwrap_or(0).max(stream.len() as u64)
    }
}
