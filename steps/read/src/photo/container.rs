//! What must be known of a file before or beside its pixels.

/// What the markers of a JPEG file say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JpegOutline {
    /// Components in the frame header: 1 gray, 3 color, 4 print.
    pub(super) components: u8,
    /// Whether Adobe's marker stands there, which turns print colors upside down.
    pub(super) adobe: bool,
    /// Whether the picture's end is there.
    pub(super) complete: bool,
}

impl JpegOutline {
    /// Walks over the markers up to the end of the first picture.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut at = 2;
        while let Some((marker, after)) = next_marker(bytes, at) {
            at = after;
            match marker {
                0xd9 => {
                    outline.complete = true;
                    break;
                }
                0x01 | 0xd0..=0xd8 => continue,
                _ => {}
            }
            let Some(segment) = segment(bytes, at) else { break };
            match marker {
                0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                    outline.components = segment.get(5).copied().unwrap_or(0);
                }
                0xee => outline.adobe |= segment.starts_with(b"Adobe"),
                _ => {}
            }
            at += 2 + segment.len();
        }
        outline
    }
}

/// The next marker at or after a place, and the place behind it; entropy-coded data is stepped over.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xff => at += 1,
            marker => return Some((marker, at + 2)),
        }
    }
}

/// The contents of a segment whose length stands at a place.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    bytes.get(at + 2..at + length.max(2))
}

/// Whether a PNG file has a chunk before its pixels.
pub(super) fn png_has_chunk(bytes: &[u8], wanted: &[u8; 4]) -> bool {
    let mut at = 8usize;
    while let Some([a, b, c, d, name @ ..]) = bytes.get(at..at + 8) {
        if name == wanted {
            return true;
        }
        if name == b"IDAT" {
            return false;
        }
        at = at.saturating_add(12).saturating_add(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
    }
    false
}

/// Bytes that the chunks of a WebP file claim to take, each its own.
pub(super) fn webp_claims(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let mut at = 12usize;
    std::iter::from_fn(move || {
        let [a, b, c, d] = *bytes.get(at.checked_add(4)?..)?.first_chunk()?;
        let claimed = u32::from_le_bytes([a, b, c, d]);
        at = at.saturating_add(8).saturating_add(claimed as usize).saturating_add(claimed as usize % 2);
        Some(u64::from(claimed))
    })
}

/// Pixels that JPEG data anywhere in a file claims to have, by its frame headers.
pub(super) fn jpeg_frames(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let frame = |header: &[u8]| match *header {
        [0xff, 0xc0..=0xcf, a, b, 8, c, d, e, f, components]
            if u16::from_be_bytes([a, b]) == 8 + 3 * u16::from(components) =>
        {
            Some(u64::from(u16::from_be_bytes([c, d])) * u64::from(u16::from_be_bytes([e, f])))
        }
        _ => None,
    };
    bytes.windows(10).filter_map(frame)
}

/// Whether a PNG or JPEG file says in its metadata that Stipple simulated it.
pub(super) fn says_simulation(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\x89PNG") { png_says_simulation(bytes) } else { jpeg_says_simulation(bytes) }
}

/// Texts of a PNG file may stand before or after its pixels.
fn png_says_simulation(bytes: &[u8]) -> bool {
    let mut at = 8usize;
    while let Some([a, b, c, d, name @ ..]) = bytes.get(at..at.saturating_add(8)) {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let body = bytes.get(at + 8..(at + 8).saturating_add(length)).unwrap_or_default();
        let is_text = [b"tEXt", b"zTXt", b"iTXt"].iter().any(|text| *text == name);
        if is_text && (body.starts_with(b"Simulation\0") || is_simulation_packet(body)) {
            return true;
        }
        at = at.saturating_add(12).saturating_add(length);
    }
    false
}

/// XMP stands in a segment before the pixels of a JPEG file.
fn jpeg_says_simulation(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some((marker, after)) = bytes.starts_with(b"\xff\xd8").then(|| next_marker(bytes, at)).flatten()
    {
        let Some(segment) = segment(bytes, after).filter(|_| marker != 0xda) else { return false };
        if marker == 0xe1 && is_simulation_packet(segment) {
            return true;
        }
        at = after + 2 + segment.len();
    }
    false
}

/// Whether an XMP packet names this program and a composite as its source.
fn is_simulation_packet(packet: &[u8]) -> bool {
    let has = |words: &[u8]| packet.windows(words.len()).any(|window| window == words);
    has(b"DigitalSourceType") && has(b"digitalsourcetype/composite") && has(b"CreatorTool=\"stipple ")
}

/// A tag of a TIFF directory that may be read in more than one way.
#[cfg(feature = "raw")]
pub(super) struct Ambiguous;

/// A directory of a TIFF file.
pub(super) struct TiffDirectory<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    at: usize,
    entries: usize,
}

impl<'a> TiffDirectory<'a> {
    /// The first directory, when there is one; BigTIFF is not looked into.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let header = Self { bytes, big_endian: bytes.starts_with(b"MM"), at: 0, entries: 0 };
        if header.short(2)? != 42 {
            return None;
        }
        Self::at(bytes, header.long(4)? as usize)
    }

    /// The directory at a place.
    pub(super) fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let mut directory = Self { bytes, big_endian: bytes.starts_with(b"MM"), at, entries: 0 };
        directory.entries = usize::from(directory.short(at)?);
        Some(directory)
    }

    /// Where the first directory of a TIFF file, or of a RAW file built like one, stands.
    #[cfg(feature = "raw")]
    pub(super) fn first_place(bytes: &'a [u8]) -> Option<usize> {
        let header = Self { bytes, big_endian: bytes.starts_with(b"MM"), at: 0, entries: 0 };
        if header.big_endian || bytes.starts_with(b"II") {
            header.long(4).map(|at| at as usize)
        } else {
            None
        }
    }

    /// Bytes that each tag's values claim to take.
    #[cfg(feature = "raw")]
    pub(super) fn claims(&self) -> impl Iterator<Item = u64> {
        const BYTES: [u64; 19] = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8];
        self.entry_places().map_while(|at| {
            let bytes = BYTES.get(usize::from(self.short(at + 2)?)).copied().unwrap_or(8);
            Some(bytes * u64::from(self.long(at + 4)?))
        })
    }

    /// Places in the file that a tag leads to, as far as they are there.
    #[cfg(feature = "raw")]
    pub(super) fn places(&self, tag: u16, most: usize) -> Vec<usize> {
        let Some(at) = self.entry_places().find(|at| self.short(*at) == Some(tag)) else { return Vec::new() };
        let count = self.long(at + 4).unwrap_or(0) as usize;
        let from = if count == 1 { Some(at + 8) } else { self.long(at + 8).map(|from| from as usize) };
        let place = |k: usize| self.long(from?.checked_add(4 * k)?).map(|place| place as usize);
        (0..count.min(most)).map_while(place).collect()
    }

    /// The value of a tag that stands once and has one whole number.
    ///
    /// # Errors
    /// If it stands there twice, or otherwise than by itself: then another reader may find another number.
    #[cfg(feature = "raw")]
    pub(super) fn sole(&self, tag: u16) -> Result<Option<u32>, Ambiguous> {
        const BYTE: u16 = 1;
        const SHORT: u16 = 3;
        const LONG: u16 = 4;
        let mut places = self.entry_places().filter(|at| self.short(*at) == Some(tag));
        let (Some(at), None) = (places.next(), places.next()) else {
            return if self.value(tag).is_none() { Ok(None) } else { Err(Ambiguous) };
        };
        match (self.short(at + 2), self.long(at + 4)) {
            (Some(BYTE), Some(1)) => Ok(self.bytes.get(at + 8).map(|byte| u32::from(*byte))),
            (Some(SHORT), Some(1)) => Ok(self.short(at + 8).map(u32::from)),
            (Some(LONG), Some(1)) => Ok(self.long(at + 8)),
            _ => Err(Ambiguous),
        }
    }

    /// The first value of a tag, as far as it stands in the directory itself.
    pub(super) fn value(&self, tag: u16) -> Option<u32> {
        const SHORT: u16 = 3;
        let at = self.entry_places().find(|at| self.short(*at) == Some(tag))?;
        match self.short(at + 2)? {
            SHORT => self.short(at + 8).map(u32::from),
            _ => self.long(at + 8),
        }
    }

    /// Where another directory follows: another page.
    pub(super) fn next(&self) -> Option<usize> {
        let end = self.at.checked_add(2 + 12 * self.entries)?;
        self.long(end).map(|next| next as usize).filter(|next| *next != 0)
    }

    fn entry_places(&self) -> impl Iterator<Item = usize> {
        let first = self.at;
        (0..self.entries).filter_map(move |k| first.checked_add(2 + 12 * k))
    }

    fn short(&self, at: usize) -> Option<u16> {
        let two = [*self.bytes.get(at)?, *self.bytes.get(at.checked_add(1)?)?];
        Some(if self.big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }
}
