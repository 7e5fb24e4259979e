//! HEIC, as phones write it.

mod asked;

use heifer::heifer_isobmff::boxes::{ColorInfo, Property};
use heifer::heifer_isobmff::{HeifFile, ItemId};
use image::metadata::Orientation;
use stipple_color::RgbSpace;

use super::kind::Kind;
use super::{Behind, DecodeLimits, Decoded, Samples, Tagged};
use crate::error::Error;

/// Code points of ITU-T H.273.
const PRIMARIES_REC709: u16 = 1;
const PRIMARIES_DISPLAY_P3: u16 = 12;
const TRANSFERS_SDR: [u16; 4] = [1, 2, 6, 13];
const TRANSFERS_HDR: [u16; 2] = [16, 18];

/// The main picture of a HEIC file.
///
/// The decoder applies crop, rotation and mirror of the file; EXIF orientation must not be applied again.
pub(super) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded, Error> {
    let damaged = |_| Error::Damaged { found: Kind::Heic.damaged() };
    let file = HeifFile::parse(bytes).map_err(damaged)?;
    let main = file.primary_id;
    if let Some((width, height)) = file.image_size(main).map_err(damaged)? {
        // Four 16-bit samples, once more while turning, and the finished photograph.
        limits.admit(u64::from(width), u64::from(height), 22)?;
    }
    asked::require_possible(&file, limits)?;
    let color = tagged(&file, main)?;
    let options = heifer::Options { max_threads: limits.threads, max_pixels: limits.pixels_max };
    let (width, height, samples) = if is_eight_bit(&file, main) {
        let picture = heifer::decode_rgba8(bytes, &options).map_err(|e| failed(&e))?;
        (picture.width, picture.height, Samples::Eight(picture.data))
    } else {
        let picture = heifer::decode_with_options(bytes, &options).map_err(|e| failed(&e))?;
        let full = picture.max_value();
        (picture.width, picture.height, Samples::Wide { codes: picture.data, full })
    };
    Ok(Decoded {
        width: width as usize,
        height: height as usize,
        channels: 4,
        samples,
        orientation: Orientation::NoTransforms,
        behind: Behind::White,
        color,
        caveats: Vec::new(),
    })
}

fn failed(error: &heifer::Error) -> Error {
    match error {
        heifer::Error::Unsupported(_) => Error::NotAPhotograph { found: Kind::Heic.unusual() },
        _ => Error::Damaged { found: Kind::Heic.damaged() },
    }
}

/// An item and, where it is put together from tiles, its first tile.
fn item_and_tile(file: &HeifFile<'_>, main: ItemId) -> impl Iterator<Item = ItemId> {
    std::iter::once(main).chain(file.referenced_items(main, b"dimg").first().copied())
}

fn is_eight_bit(file: &HeifFile<'_>, main: ItemId) -> bool {
    item_and_tile(file, main)
        .filter_map(|item| file.hevc_config(item).ok().flatten())
        .all(|config| config.bit_depth_luma.max(config.bit_depth_chroma) <= 8)
}

fn tagged(file: &HeifFile<'_>, main: ItemId) -> Result<Tagged, Error> {
    if let Ok(Some(icc)) = file.icc_profile(main) {
        return Ok(Tagged::Icc(icc.to_vec()));
    }
    let stated = item_and_tile(file, main).find_map(|item| {
        file.item_properties(item).ok()?.find_map(|property| match property {
            Property::Color(ColorInfo::Nclx { primaries, transfer, .. }) => Some((*primaries, *transfer)),
            _ => None,
        })
    });
    match stated {
        Some((_, transfer)) if TRANSFERS_HDR.contains(&transfer) => {
            Err(Error::NotAPhotograph { found: Kind::Heic.unusual() })
        }
        Some((PRIMARIES_REC709, transfer)) if TRANSFERS_SDR.contains(&transfer) => {
            Ok(Tagged::Space(RgbSpace::Srgb))
        }
        Some((PRIMARIES_DISPLAY_P3, transfer)) if TRANSFERS_SDR.contains(&transfer) => {
            Ok(Tagged::Space(RgbSpace::DisplayP3))
        }
        _ => Ok(Tagged::Unstated),
    }
}
