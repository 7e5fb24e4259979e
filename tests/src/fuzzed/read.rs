//! A photograph drawn from bytes, read; shared with `fuzz/`.

#[path = "scene.rs"]
mod scene;

use stipple_model::Unwatched;
use stipple_read::read as reading_of;

/// Reads; whatever the scene, there is a reading of finite numbers or a message that helps.
pub(crate) fn read(bytes: &[u8]) {
    let (photo, options) = scene::scene(bytes);
    match reading_of(&photo, &options, &Unwatched) {
        Ok(read) => {
            let (reading, maps) = read.value;
            require_finite(&format!("{reading:?} {:?}", read.caveats));
            assert!(maps.hair_density_step_px.is_finite());
            // Not a number where no scalp was read.
            let is_density = |v: &f32| v.is_nan() || (v.is_finite() && *v >= 0.0);
            assert!(maps.hair_density_per_cm2.samples.iter().all(is_density), "the map of hair");
            assert_eq!(maps.scar_mask.samples.len(), photo.width_px * photo.height_px);
        }
        Err(error) => assert!(error.to_string().contains("needed: "), "a message without what is needed"),
    }
}

/// No number in words of what was read is infinite or none at all.
fn require_finite(words: &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for (at, token) in words.match_indices("NaN").chain(words.match_indices("inf")) {
        let alone = !words[..at].ends_with(is_part) && !words[at + token.len()..].starts_with(is_part);
        let before: String = words[..at].chars().rev().take(200).collect();
        assert!(!alone, "{token} behind: {}", before.chars().rev().collect::<String>());
    }
}
