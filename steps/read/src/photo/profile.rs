//! Color profiles: known spaces are kept as they are, everything else goes to the wide one.

use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, ToneReprCurve, TransformOptions, Xyzd};
use rayon::prelude::*;
use stipple_color::RgbSpace;
use stipple_model::{Caveat, Code, Weight};

/// Largest difference of a colorant's X, Y or Z (D50, Y = 1 at white) for "the same".
const COLORANT_TOLERANCE: f64 = 0.003;
/// Largest difference of linear light on a curve for "the same"; a 2.2 power and sRGB differ by 0.005.
const CURVE_TOLERANCE: f32 = 0.001_5;
/// Share of clipped pixels worth a note and worth a doubt.
const CLIPPED_NOTE: f64 = 0.001;
const CLIPPED_DOUBT: f64 = 0.02;
/// Pixels that are converted together.
const BATCH_PX: usize = 4096;
/// Four numbers of the sRGB curve as ICC writes it: gamma, a, b, c, d [@Iec61966].
const SRGB_CURVE: [f32; 5] = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];

/// Puts codes with an ICC profile into one of our spaces and says which.
///
/// Profiles equal to sRGB, Display P3 or Adobe RGB leave every code as it is; any other is converted to
/// [`RgbSpace::Rec2020`] relative to white. A profile that cannot be used counts as none.
pub(super) fn place(icc: &[u8], codes: &mut [u16], caveats: &mut Vec<Caveat>) -> RgbSpace {
    let Ok(profile) = ColorProfile::new_from_slice(icc) else {
        caveats.push(assumed("the file's color profile is damaged"));
        return RgbSpace::Srgb;
    };
    if let Some(space) = known_space(&profile) {
        return space;
    }
    let Some(clipped) = convert(&profile, codes) else {
        caveats.push(assumed("the file's color profile does not fit a picture of red, green and blue"));
        return RgbSpace::Srgb;
    };
    caveats.push(Caveat::new(
        Code::ColorProfileConverted,
        Weight::Note,
        "the file's color profile is an uncommon one; the colors were converted to Rec. 2020",
        "nothing needs to be done",
    ));
    if clipped > CLIPPED_NOTE {
        caveats.push(Caveat::new(
            Code::ColorClipped,
            if clipped > CLIPPED_DOUBT { Weight::Doubt } else { Weight::Note },
            format!("{:.1} % of the pixels have colors that no common space holds", 100.0 * clipped),
            "if they lie on skin or hair, photograph again in softer light",
        ));
    }
    RgbSpace::Rec2020
}

/// The caveat that sRGB was assumed, and why.
pub(super) fn assumed(why: &str) -> Caveat {
    Caveat::new(
        Code::ColorProfileAssumed,
        Weight::Note,
        format!("{why}; sRGB was assumed"),
        "send the original from the camera or phone: messengers remove color profiles",
    )
}

/// The space of ours that a profile describes, by its numbers and not by its name.
fn known_space(profile: &ColorProfile) -> Option<RgbSpace> {
    let has_table = profile.lut_a_to_b_perceptual.is_some() || profile.lut_a_to_b_colorimetric.is_some();
    if has_table || profile.color_space != DataColorSpace::Rgb || !profile.is_matrix_shaper() {
        return None;
    }
    let candidates = [
        (RgbSpace::Srgb, ColorProfile::new_srgb()),
        (RgbSpace::DisplayP3, ColorProfile::new_display_p3()),
        (RgbSpace::AdobeRgb, ColorProfile::new_adobe_rgb()),
        (RgbSpace::Rec2020, rec2020()),
    ];
    let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
    candidates.into_iter().find_map(|(space, candidate)| {
        let same_primaries = colorants(profile)
            .iter()
            .zip(colorants(&candidate))
            .all(|(one, other)| same_colorant(one, &other));
        let same_curves = || curves.iter().all(|curve| curve.as_ref().is_some_and(|c| same_curve(c, space)));
        (same_primaries && same_curves()).then_some(space)
    })
}

fn colorants(profile: &ColorProfile) -> [Xyzd; 3] {
    [profile.red_colorant, profile.green_colorant, profile.blue_colorant]
}

fn same_colorant(one: &Xyzd, other: &Xyzd) -> bool {
    [one.x - other.x, one.y - other.y, one.z - other.z].iter().all(|d| d.abs() < COLORANT_TOLERANCE)
}

fn same_curve(curve: &ToneReprCurve, space: RgbSpace) -> bool {
    const PLACES: usize = 64;
    let Ok(evaluator) = curve.make_linear_evaluator() else { return false };
    (0..=PLACES).map(|k| k as f32 / PLACES as f32).all(|encoded| {
        (evaluator.evaluate_value(encoded) - space.linear_from_encoded(encoded)).abs() < CURVE_TOLERANCE
    })
}

/// Rec. 2020 primaries with the sRGB curve: the profile of [`RgbSpace::Rec2020`].
fn rec2020() -> ColorProfile {
    let curve = Some(ToneReprCurve::Parametric(SRGB_CURVE.to_vec()));
    let mut profile = ColorProfile::new_bt2020();
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve.clone(), curve.clone(), curve);
    profile.cicp = None;
    profile
}

/// Converts in place and gives the share of pixels that were clipped on the way; `None` if there is no way.
fn convert(profile: &ColorProfile, codes: &mut [u16]) -> Option<f64> {
    let gray = match profile.color_space {
        DataColorSpace::Rgb => false,
        DataColorSpace::Gray => true,
        _ => return None,
    };
    let options = TransformOptions {
        rendering_intent: RenderingIntent::RelativeColorimetric,
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    let layout = if gray { Layout::Gray } else { Layout::Rgb };
    let transform = profile.create_transform_16bit(layout, &rec2020(), Layout::Rgb, options).ok()?;
    let clipped: usize = codes
        .par_chunks_mut(3 * BATCH_PX)
        .map(|batch| {
            let source: Vec<u16> =
                if gray { batch.iter().step_by(3).copied().collect() } else { batch.to_vec() };
            transform.transform(&source, batch).ok()?;
            Some(if gray { 0 } else { count_clipped(&source, batch) })
        })
        .sum::<Option<usize>>()?;
    Some(clipped as f64 / (codes.len() / 3).max(1) as f64)
}

/// Pixels that reached an end of the range only through the conversion.
fn count_clipped(before: &[u16], after: &[u16]) -> usize {
    let at_end = |pixel: &[u16; 3]| pixel.iter().any(|c| [0, u16::MAX].contains(c));
    let pixels = before.as_chunks::<3>().0.iter().zip(after.as_chunks::<3>().0);
    pixels.filter(|(old, new)| !at_end(old) && at_end(new)).count()
}
