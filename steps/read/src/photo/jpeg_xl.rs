//! How large JPEG XL data in a RAW file says it is: its decoder would believe it.

/// Box names of a file around the data, and how far from its beginning they stand at most, bytes.
const BOXES: [&[u8]; 2] = [b"jxlc", b"jxlp"];
/// See [`BOXES`].
const BOX_WITHIN: usize = 4096;
/// Width over height that a number of three bits stands for; zero is none of these.
const RATIOS: [(u64, u64); 7] = [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];

/// Width and height in the header of JPEG XL data, alone or in a file of its own; none if it is no such data.
pub(super) fn size(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut bits = Bits { bytes: header(bytes)?, at: 0 };
    let is_small = bits.take(1)? == 1;
    let height = bits.side(is_small)?;
    let width = match bits.take(3)? {
        0 => bits.side(is_small)?,
        ratio => {
            let (across, down) = RATIOS[ratio as usize - 1];
            height * across / down
        }
    };
    Some((width, height))
}

/// What follows the signature.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    if let Some(header) = bytes.strip_prefix(b"\xff\x0a") {
        return Some(header);
    }
    let beginning = &bytes[..bytes.len().min(BOX_WITHIN)];
    let named = beginning.windows(4).position(|name| BOXES.contains(&name))? + 4;
    // The second kind of box counts its parts in four bytes.
    [named, named + 4].into_iter().find_map(|at| bytes.get(at..)?.strip_prefix(b"\xff\x0a"))
}

/// Bits from the lowest of the first byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u64> {
        let mut value = 0;
        for k in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            value |= u64::from((byte >> (self.at % 8)) & 1) << k;
            self.at += 1;
        }
        Some(value)
    }

    fn side(&mut self, is_small: bool) -> Option<u64> {
        const LENGTHS: [usize; 4] = [9, 13, 18, 30];
        if is_small {
            return Some(8 * (self.take(5)? + 1));
        }
        let length = LENGTHS[self.take(2)? as usize];
        Some(self.take(length)? + 1)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The beginning of square data of a side.
    pub(crate) fn square(side: u64) -> Vec<u8> {
        [b"\xff\x0a".as_slice(), &((3 << 1) | ((side - 1) << 3) | (1 << 33)).to_le_bytes()].concat()
    }

    #[test]
    fn sizes_are_read_as_they_are_packed() {
        assert_eq!(size(b"\xff\x0a\x4b\0"), Some((48, 48)));
        assert_eq!(size(&square(30_000)), Some((30_000, 30_000)));
        let boxed = [b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\0jxlp\0\0\0\0".as_slice(), &square(700)].concat();
        assert_eq!(size(&boxed), Some((700, 700)));
        assert_eq!((size(b"\xff\x0a"), size(b"\xff\xd8\xff\xe0")), (None, None));
    }
}
