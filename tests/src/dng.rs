//! A camera RAW file, written by hand.

use image::{DynamicImage, Rgb};

/// A camera RAW file as a simple camera would write it: one mosaic of 16 bits, light as it fell, in sRGB's
/// primaries.
pub(crate) fn dng(picture: &DynamicImage) -> Vec<u8> {
    let rgb = picture.to_rgb8();
    let (width, height) = rgb.dimensions();
    let mosaic: Vec<u8> = rgb
        .enumerate_pixels()
        .flat_map(|(x, y, Rgb(color))| {
            // Red and green in even rows, green and blue in odd ones.
            let linear = linear(color[((x % 2) + (y % 2)) as usize]);
            ((linear * 65_535.0).round() as u16).to_le_bytes()
        })
        .collect();
    let mut file = Tiff::default();
    file.long(254, &[0]);
    file.long(256, &[width]);
    file.long(257, &[height]);
    file.short(258, &[16]);
    file.short(259, &[1]);
    file.short(262, &[32_803]);
    file.text(271, "Stipple");
    file.text(272, "Test camera");
    file.short(274, &[1]);
    file.short(277, &[1]);
    file.long(278, &[height]);
    file.long(279, &[mosaic.len() as u32]);
    file.short(33_421, &[2, 2]);
    file.bytes(33_422, &[0, 1, 1, 2]);
    file.bytes(50_706, &[1, 4, 0, 0]);
    file.text(50_708, "Stipple test camera");
    file.short(50_714, &[0]);
    file.long(50_717, &[65_535]);
    // XYZ (D65) to linear sRGB, IEC 61966-2-1, in ten thousandths.
    file.rational(50_721, 10, &[32_406, -15_372, -4_986, -9_689, 18_758, 415, 557, -2_040, 10_570]);
    file.rational(50_728, 5, &[10_000; 3]);
    file.short(50_778, &[21]);
    file.finish(&mosaic)
}

fn linear(code: u8) -> f64 {
    let encoded = f64::from(code) / 255.0;
    if encoded <= 0.04045 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// A TIFF directory being filled, tags in rising order; the picture comes right after the header.
#[derive(Default)]
struct Tiff {
    /// Tag, type, count, bytes of the value.
    entries: Vec<(u16, u16, u32, Vec<u8>)>,
}

impl Tiff {
    fn bytes(&mut self, tag: u16, values: &[u8]) {
        self.entries.push((tag, 1, values.len() as u32, values.to_vec()));
    }

    fn text(&mut self, tag: u16, words: &str) {
        let bytes: Vec<u8> = words.bytes().chain([0]).collect();
        self.entries.push((tag, 2, bytes.len() as u32, bytes));
    }

    fn short(&mut self, tag: u16, values: &[u16]) {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.entries.push((tag, 3, values.len() as u32, bytes));
    }

    fn long(&mut self, tag: u16, values: &[u32]) {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.entries.push((tag, 4, values.len() as u32, bytes));
    }

    /// Fractions with the denominator 10,000; type 10 is signed, 5 is not.
    fn rational(&mut self, tag: u16, kind: u16, values: &[i32]) {
        let bytes = values.iter().flat_map(|v| [v.to_le_bytes(), 10_000i32.to_le_bytes()].concat()).collect();
        self.entries.push((tag, kind, values.len() as u32, bytes));
    }

    fn finish(mut self, picture: &[u8]) -> Vec<u8> {
        const HEADER: u32 = 8;
        self.long(273, &[HEADER]);
        self.entries.sort_by_key(|entry| entry.0);
        let directory = HEADER + picture.len() as u32;
        let mut file = [b"II*\0".as_slice(), &directory.to_le_bytes(), picture].concat();
        let mut beyond = directory + 2 + 12 * self.entries.len() as u32 + 4;
        let mut values = Vec::new();
        file.extend((self.entries.len() as u16).to_le_bytes());
        for (tag, kind, count, mut bytes) in self.entries {
            file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            file.extend(count.to_le_bytes());
            if bytes.len() <= 4 {
                bytes.resize(4, 0);
                file.extend(bytes);
            } else {
                bytes.resize(bytes.len().next_multiple_of(2), 0);
                file.extend(beyond.to_le_bytes());
                beyond += bytes.len() as u32;
                values.extend(bytes);
            }
        }
        file.extend([0; 4]);
        file.extend(values);
        file
    }
}
