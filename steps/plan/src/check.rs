//! What cannot be planned with.

use stipple_model::{Protocol, Reading};
use stipple_quantity::PointInPhoto;

use crate::error::Error;
use crate::plan::is_finite;

/// Refuses settings that cannot be followed.
pub(crate) fn protocol(protocol: &Protocol) -> Result<(), Error> {
    let settings = [
        ("density_share", protocol.density_share, 0.0, 1.5),
        ("fallback_unit_density_per_cm2", protocol.fallback_unit_density_per_cm2, 5.0, 300.0),
        ("feather_mm", protocol.feather_mm, 0.0, 100.0),
        ("thinning.density_share", protocol.thinning_density_share, 0.0, 1.0),
        ("hairline.soft_mm", protocol.hairline.soft_mm, 0.0, 50.0),
        ("hairline.singles_mm", protocol.hairline.singles_mm, 0.0, 50.0),
        ("hairline.micro_deviation_mm", protocol.hairline.small.deviation_mm, 0.0, 5.0),
        ("hairline.micro_length_mm", protocol.hairline.small.length_mm, 1.0, 200.0),
        ("hairline.macro_deviation_mm", protocol.hairline.large.deviation_mm, 0.0, 5.0),
        ("hairline.macro_length_mm", protocol.hairline.large.length_mm, 1.0, 200.0),
        ("dot_spacing_min_mm", protocol.dot_spacing_min_mm, 0.05, 10.0),
        ("lifetime_dots_per_cm2_max", protocol.lifetime_dots_per_cm2_max, 0.0, 1000.0),
        ("fresh_diameter_um", protocol.fresh_diameter_um.value, 20.0, 1000.0),
        ("healed_diameter_um", protocol.healed_diameter_um.value, 20.0, 1000.0),
        ("dots_per_minute", protocol.dots_per_minute, 0.1, 10_000.0),
        ("pigment_ul_per_dot", protocol.pigment_ul_per_dot, 0.0, 100.0),
    ];
    for (setting, value, low, high) in settings {
        if !(low..=high).contains(&value) {
            return Err(Error::Protocol { setting, needed: "a number within what skin and hands allow" });
        }
    }
    depths("needle_depth_mm", protocol.needle_depth_mm)?;
    depths("needle_depth_in_scar_mm", protocol.needle_depth_in_scar_mm)?;
    sessions(protocol)?;
    pigments(protocol)
}

fn depths(setting: &'static str, [shallow, deep]: [f64; 2]) -> Result<(), Error> {
    if shallow >= 0.0 && shallow < deep && deep <= 5.0 {
        return Ok(());
    }
    Err(Error::Protocol { setting, needed: "a shallower and a deeper depth between 0 and 5 mm" })
}

fn sessions(protocol: &Protocol) -> Result<(), Error> {
    let shares: Vec<f64> = protocol.sessions.iter().map(|s| s.share_after).collect();
    let rising = shares.windows(2).all(|pair| pair[0] < pair[1]);
    let starts = shares.first().is_some_and(|first| *first > 0.0);
    let ends = shares.last().is_some_and(|last| (last - 1.0).abs() < 1e-6);
    if rising && starts && ends {
        return Ok(());
    }
    Err(Error::Protocol {
        setting: "sessions",
        needed: "at least one session, with shares above 0 that rise to 1",
    })
}

fn pigments(protocol: &Protocol) -> Result<(), Error> {
    let usable = |pigment: &stipple_model::Pigment| {
        (0.0..=10_000.0).contains(&pigment.absorption_550_per_mm)
            && (-20.0..=20.0).contains(&pigment.absorption_exponent)
            && (-60.0..=60.0).contains(&pigment.absorption_curvature)
            && (0.0..=2.0).contains(&pigment.absorption_uncertainty)
            && !pigment.dilutions.is_empty()
            && pigment.dilutions.iter().all(|d| (0.0..=100_000.0).contains(d))
            && is_finite(pigment.lab_in_bottle)
    };
    if !protocol.pigments.is_empty() && protocol.pigments.iter().all(usable) {
        return Ok(());
    }
    Err(Error::Protocol {
        setting: "pigments",
        needed: "at least one pigment, each with an absorption of 0 to 10000 per mm, an exponent within 20, a curvature \
                 within 60, an uncertainty of 0 to 2, one or more dilutions and a color in the bottle",
    })
}

/// Refuses readings whose places or colors are not numbers.
pub(crate) fn reading(reading: &Reading) -> Result<(), Error> {
    if !reading.photo.scalp_from_photo.is_usable() {
        return Err(Error::Map);
    }
    let on_scalp = |p: &PointInPhoto| {
        let p = reading.photo.scalp_from_photo.apply(*p);
        p.x_mm.is_finite() && p.y_mm.is_finite()
    };
    if !reading.scars.iter().flat_map(|scar| &scar.outline).all(on_scalp) {
        return Err(Error::Place { what: "a scar's outline" });
    }
    if !reading.zone_outlines.iter().flatten().all(on_scalp) {
        return Err(Error::Place { what: "the outline of the skin" });
    }
    if !reading.hair.detections.iter().all(|detection| on_scalp(&detection.at)) {
        return Err(Error::Place { what: "a hair" });
    }
    if !is_finite(reading.skin.lab) || !reading.hair.lab.is_none_or(is_finite) {
        return Err(Error::Place { what: "a color" });
    }
    Ok(())
}
