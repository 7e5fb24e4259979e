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

/// The first directory of a TIFF file.
pub(super) struct TiffDirectory<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    at: usize,
    entries: usize,
}

impl<'a> TiffDirectory<'a> {
    /// The first directory, when there is one; BigTIFF is not looked into.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = bytes.starts_with(b"MM");
        let mut directory = Self { bytes, big_endian, at: 0, entries: 0 };
        if directory.short(2)? != 42 {
            return None;
        }
        directory.at = directory.long(4)? as usize;
        directory.entries = usize::from(directory.short(directory.at)?);
        Some(directory)
    }

    /// The first value of a tag, as far as it stands in the directory itself.
    pub(super) fn value(&self, tag: u16) -> Option<u32> {
        const SHORT: u16 = 3;
        let place = |k: usize| self.at.checked_add(2 + 12 * k);
        let at = (0..self.entries).filter_map(place).find(|at| self.short(*at) == Some(tag))?;
        match self.short(at + 2)? {
            SHORT => self.short(at + 8).map(u32::from),
            _ => self.long(at + 8),
        }
    }

    /// Whether another directory follows: another page.
    pub(super) fn has_next(&self) -> bool {
        self.at.checked_add(2 + 12 * self.entries).and_then(|at| self.long(at)).is_some_and(|next| next != 0)
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
