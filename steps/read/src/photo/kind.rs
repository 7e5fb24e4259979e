//! What a file is, by its first bytes.

use super::container::TiffDirectory;
use crate::error::Error;

/// A kind of picture that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    WebP,
    Tiff,
    Heic,
    Raw,
}

/// First bytes of RAW files that are neither TIFF nor an ISO media file. Those of Minolta (0MRM) are not among them: their
/// decoder believes what they claim.
const RAW_BEGINNINGS: [&[u8]; 8] =
    [b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"II\x1a\0\0\0HEAPCCDR", b"ARRI"];

/// First bytes of things people choose by mistake, and what to call them.
const MISTAKES: [(&[u8], &str); 12] = [
    (b"GIF8", "a GIF drawing"),
    (b"BM", "a BMP drawing"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"8BPS", "a Photoshop document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
    (b"\x7fELF", "a program"),
];

impl Kind {
    /// The kind of a file's bytes.
    ///
    /// # Errors
    /// [`Error::NotAPhotograph`] says what they are instead.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, Error> {
        let not = |found| Err(Error::NotAPhotograph { found });
        match bytes {
            [] => not("empty"),
            [0xff, 0xd8, 0xff, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Self::of_media(bytes),
            _ if RAW_BEGINNINGS.iter().any(|first| bytes.starts_with(first)) => Ok(Self::Raw),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => {
                Ok(if is_raw_tiff(bytes) { Self::Raw } else { Self::Tiff })
            }
            _ => match MISTAKES.iter().find(|(first, _)| bytes.starts_with(first)) {
                Some((_, found)) => not(found),
                None if is_text(bytes) => not("text, not a picture"),
                None => not("of an unknown kind"),
            },
        }
    }

    /// ISO media files share a beginning; their brands tell a still picture from a video.
    fn of_media(bytes: &[u8]) -> Result<Self, Error> {
        let size = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        let end = size.clamp(8, 512).min(bytes.len());
        let (brands, _) = bytes[8..end].as_chunks::<4>();
        let any = |wanted: &[&[u8; 4]]| brands.iter().any(|brand| wanted.contains(&brand));
        if any(&[b"crx "]) {
            Ok(Self::Raw)
        } else if any(&[b"heic", b"heix", b"heim", b"heis"]) {
            Ok(Self::Heic)
        } else if any(&[b"avif", b"avis"]) {
            Err(Error::NotAPhotograph { found: "an AVIF picture" })
        } else if any(&[b"mif1", b"mif2"]) {
            Ok(Self::Heic)
        } else {
            Err(Error::NotAPhotograph { found: "a video" })
        }
    }

    /// What to say when it cannot be decoded.
    pub(super) fn damaged(self) -> &'static str {
        match self {
            Self::Jpeg => "a JPEG picture that is damaged or ends early",
            Self::Png => "a PNG picture that is damaged or ends early",
            Self::WebP => "a WebP picture that is damaged or ends early",
            Self::Tiff => "a TIFF picture that is damaged or ends early",
            Self::Heic => "a HEIC picture that is damaged or ends early",
            Self::Raw => "a camera RAW picture that is damaged or comes from an unknown camera",
        }
    }

    /// What to say when it is whole, but of a variety that is not read.
    pub(super) fn unusual(self) -> &'static str {
        match self {
            Self::Jpeg => "a JPEG picture of an unusual variety (not 8 bits a sample, or lossless)",
            Self::Png => "a PNG picture of an unusual variety",
            Self::WebP => "a WebP picture of an unusual variety",
            Self::Tiff => "a TIFF picture of an unusual variety (neither 8 nor 16 bits of gray or RGB)",
            Self::Heic => "a HEIC picture of an unusual variety (HDR, layers or not HEVC)",
            Self::Raw => "a camera RAW picture of an unusual variety",
        }
    }
}

/// Cameras put RAW data into TIFF files and say so by certain tags.
fn is_raw_tiff(bytes: &[u8]) -> bool {
    const DNG_VERSION: u16 = 0xc612;
    const SUB_DIRECTORIES: u16 = 0x014a;
    const PICTURE_USE: u16 = 0x00fe;
    const IS_THUMBNAIL: u32 = 1;
    const MAKE: u16 = 0x010f;
    const COMPRESSION: u16 = 0x0103;
    const PENTAX_RAW: u32 = 65_535;
    let canon = bytes.get(8..10) == Some(b"CR");
    canon
        || TiffDirectory::first(bytes).is_some_and(|directory| {
            directory.value(DNG_VERSION).is_some()
                || directory.value(COMPRESSION) == Some(PENTAX_RAW)
                || directory.value(SUB_DIRECTORIES).is_some()
                    && directory.value(MAKE).is_some()
                    && directory.value(PICTURE_USE) == Some(IS_THUMBNAIL)
        })
}

/// Whether the beginning reads as text.
fn is_text(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(512)];
    let odd = beginning.iter().filter(|b| b.is_ascii_control() && !b.is_ascii_whitespace()).count();
    let utf8 = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    odd == 0 && utf8
}
