//! Bytes as a photograph; shared with `fuzz/`.

use stipple_read::photo::{DecodeLimits, SIDE_MIN_PX, decode as decoded};

/// As the product's limits, but small enough to tell within seconds whether they hold: 1 megapixel, 256 MiB.
const LIMITS: DecodeLimits = DecodeLimits { pixels_max: 1_000_000, memory_bytes_max: 256 << 20, threads: 1 };

/// Decodes; whatever the bytes, there is a whole photograph within the limits or a message that helps.
pub(crate) fn decode(bytes: &[u8]) {
    match decoded(bytes, &LIMITS) {
        Ok(photo) => {
            let (width, height) = (photo.value.width_px as u64, photo.value.height_px as u64);
            assert!(width.min(height) >= SIDE_MIN_PX, "{width} × {height} pixels are too few");
            assert!(width * height <= LIMITS.pixels_max, "{width} × {height} pixels are too many");
            assert_eq!(photo.value.codes.len() as u64, 3 * width * height);
        }
        Err(error) => assert!(error.to_string().contains("needed: "), "a message without what is needed"),
    }
}
