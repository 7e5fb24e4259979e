//! What is wrong with the picture itself.

mod grain;

use stipple_model::{Caveat, Code, Photo, Weight};

use crate::curvature::HEAD_RADIUS_MM;
use crate::hair::{COARSE_PX_PER_MM, FINE_PX_PER_MM, Found};
use crate::scalp::Scalp;
use crate::skin::badly_exposed;

/// Smear of the sharpest hairs from which a picture is called blurred, mm (standard deviation).
const SMEAR_MAX_MM: f64 = 0.105;
/// Smear above which it cannot be told how much more it is, mm (standard deviation).
const SMEAR_TOLD_MM: f64 = 0.11;
/// Noise of bare skin, optical density, from which a person is told: hair of a few hundredths of a millimetre stands
/// out by twice this.
const NOISE_MAX: f64 = 0.07;
/// Difference at the borders of compressed squares over that within, from which a person is told: what JPEG leaves
/// below a quality of about 40 on smooth skin.
const BLOCKS_MAX: f64 = 1.55;
/// Pixels per millimetre below which single follicles are marginal.
const WANTED_PX_PER_MM: f64 = 8.0;
/// Share of the picture that scalp should fill.
const SKIN_SHARE_WANTED: f64 = 0.6;
/// Extent of a zone from which the head's curve matters, mm.
const FLAT_EXTENT_MM: f64 = 60.0;

/// Everything a retake could mend.
pub(crate) fn caveats(
    photo: &Photo,
    scalp: &Scalp,
    found: &Found,
    photo_px_per_mm: f64,
    share: f64,
) -> Vec<Caveat> {
    [
        too_coarse(photo_px_per_mm),
        blurred(found),
        noisy(grain::noise(scalp, found)),
        compressed(grain::blocks(photo, scalp, found)),
        exposed(scalp),
        partly_skin(share),
        curved(scalp),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn too_coarse(px_per_mm: f64) -> Option<Caveat> {
    let weight = match px_per_mm {
        px if px < COARSE_PX_PER_MM => Weight::Blocks,
        px if px < FINE_PX_PER_MM => Weight::Doubt,
        _ => Weight::Note,
    };
    (px_per_mm < WANTED_PX_PER_MM).then(|| {
        Caveat::new(
            Code::PhotoTooCoarse,
            weight,
            format!("the picture has {px_per_mm:.1} pixels per millimetre; single follicles need 8 or more"),
            "photograph from nearer, or send the original instead of a reduced copy",
        )
    })
}

fn blurred(found: &Found) -> Option<Caveat> {
    let smear_mm = found.smear_mm.filter(|mm| *mm > SMEAR_MAX_MM && found.detections.len() >= 20)?;
    Some(Caveat::new(
        Code::PhotoBlurred,
        Weight::Doubt,
        format!("even the sharpest hairs are smeared over {:.2} mm{}", 2.355 * smear_mm, or_more(smear_mm)),
        "hold the phone still, let it focus on the skin, wipe the lens, and photograph again",
    ))
}

/// Wider smears are not told apart: a shaft is looked at over 0.44 mm.
fn or_more(smear_mm: f64) -> &'static str {
    if smear_mm > SMEAR_TOLD_MM { " or more" } else { "" }
}

fn noisy(noise: Option<f64>) -> Option<Caveat> {
    noise.filter(|noise| *noise > NOISE_MAX).map(|noise| {
        Caveat::new(
            Code::PhotoNoise,
            Weight::Doubt,
            format!(
                "between the hairs that were followed neighboring skin differs by {:.0} %: the camera's noise, or long hair \
                 that was not followed; fine hair drowns in it",
                100.0 * noise
            ),
            "clip long hair to 0.5–1 mm; photograph in more light, without zoom and night mode",
        )
    })
}

fn compressed(blocks: Option<f64>) -> Option<Caveat> {
    blocks.filter(|blocks| *blocks > BLOCKS_MAX).map(|blocks| {
        Caveat::new(
            Code::PhotoCompressed,
            Weight::Note,
            format!("the picture was compressed strongly: at the borders of its squares skin differs {blocks:.1} times as much as within"),
            "send the original, not a copy from a messenger",
        )
    })
}

fn exposed(scalp: &Scalp) -> Option<Caveat> {
    let (clipped, level) = badly_exposed(scalp);
    let message = if clipped > 0.05 {
        format!("{:.0} % of the scalp is blown out", 100.0 * clipped)
    } else if level < 0.012 {
        format!("a third of the scalp gets less than {:.1} % of full light", 100.0 * level.max(0.001))
    } else {
        return None;
    };
    Some(Caveat::new(
        Code::PhotoExposure,
        Weight::Doubt,
        message,
        "tap on the scalp to set exposure, avoid flash, and photograph again in soft daylight",
    ))
}

fn partly_skin(share: f64) -> Option<Caveat> {
    (share < SKIN_SHARE_WANTED).then(|| {
        Caveat::new(
            Code::PhotoPartlySkin,
            Weight::Note,
            format!("{:.0} % of the picture is scalp; the rest was left out", 100.0 * share),
            "fill the picture with the scar and some centimetres of hair around it",
        )
    })
}

fn curved(scalp: &Scalp) -> Option<Caveat> {
    let (width_mm, height_mm) =
        (scalp.working.width() as f64 / scalp.px_per_mm, scalp.working.height() as f64 / scalp.px_per_mm);
    let extent_mm = width_mm.max(height_mm);
    let slope = (extent_mm / 2.0 / HEAD_RADIUS_MM).min(0.95);
    (extent_mm > FLAT_EXTENT_MM).then(|| {
        Caveat::new(
            Code::ScaleCurvature,
            Weight::Note,
            format!(
                "the zone is {extent_mm:.0} mm across and was measured as if flat; toward its rim a curved \
                 head looks up to {:.0} % shorter",
                100.0 * (1.0 - (1.0 - slope * slope).sqrt())
            ),
            "keep the scar in the middle of the picture; photograph long scars in parts",
        )
    })
}
