//! What the numbers of a picture mean: our own ICC profiles, never a stranger's.

use moxcms::{ColorProfile, LocalizableString, ProfileText};
use stipple_color::RgbSpace;

/// Where a profile's date and time stand, and what they say: year 2026, month 1, day 1, 0:00:00.
const DATE: std::ops::Range<usize> = 24..36;
const FIXED_DATE: [u8; 12] = [0x07, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];

/// The ICC profile of a space; `None` for sRGB, which every format can name itself.
///
/// # Determinism
/// The same bytes on every day: the profile's date is fixed.
pub(super) fn icc_profile(space: RgbSpace) -> Option<Vec<u8>> {
    let mut profile = match space {
        RgbSpace::Srgb => return None,
        RgbSpace::DisplayP3 => ColorProfile::new_display_p3(),
        RgbSpace::AdobeRgb => ColorProfile::new_adobe_rgb(),
        RgbSpace::Rec2020 => rec2020_with_srgb_curve(),
    };
    // Because the tag would name the theater white of DCI-P3, the matrix and curves speak alone.
    profile.cicp = None;
    let mut bytes = profile.encode().expect("a profile of matrix and curves can be written");
    bytes[DATE].copy_from_slice(&FIXED_DATE);
    Some(bytes)
}

/// Rec. 2020 primaries with the sRGB curve.
fn rec2020_with_srgb_curve() -> ColorProfile {
    let srgb = ColorProfile::new_srgb();
    let mut profile = ColorProfile::new_bt2020();
    profile.red_trc = srgb.red_trc;
    profile.green_trc = srgb.green_trc;
    profile.blue_trc = srgb.blue_trc;
    profile.description = Some(ProfileText::Localizable(vec![LocalizableString::new(
        "en".into(),
        "US".into(),
        "Rec. 2020 primaries, sRGB curve".into(),
    )]));
    profile
}

#[cfg(test)]
mod tests {
    use stipple_color::adapt::adapt;
    use stipple_color::{LinearRgb, Xyz};

    use super::*;

    /// Primaries of a space under D50, as a profile holds them.
    fn colorants(space: RgbSpace) -> [Xyz; 3] {
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
            .map(|rgb| adapt(space.xyz_from_linear(LinearRgb { rgb }), Xyz::D65, Xyz::D50, 1.0))
    }

    #[test]
    fn profiles_read_back_as_their_space() {
        for space in [RgbSpace::DisplayP3, RgbSpace::AdobeRgb, RgbSpace::Rec2020] {
            let bytes = icc_profile(space).expect("has a profile");
            let profile = ColorProfile::new_from_slice(&bytes).expect("a readable profile");
            let found = [profile.red_colorant, profile.green_colorant, profile.blue_colorant];
            for (found, expected) in found.iter().zip(colorants(space)) {
                let off = [found.x - expected.x, found.y - expected.y, found.z - expected.z];
                assert!(off.iter().all(|d| d.abs() < 2e-3), "{space:?} {found:?} {expected:?}");
            }
            let curve = profile.red_trc.expect("has a curve");
            let curve = curve.make_linear_evaluator().expect("can be evaluated");
            for encoded in [0.02, 0.2, 0.5, 0.9] {
                let expected = space.linear_from_encoded(encoded);
                assert!((curve.evaluate_value(encoded) - expected).abs() < 5e-4, "{space:?} {encoded}");
            }
        }
    }

    #[test]
    fn profiles_hold_no_clock() {
        let bytes = icc_profile(RgbSpace::DisplayP3).expect("has a profile");
        let date = ColorProfile::new_from_slice(&bytes).expect("a readable profile").creation_date_time;
        assert_eq!((date.year, date.month, date.day_of_the_month, date.hours), (2026, 1, 1, 0));
    }
}
