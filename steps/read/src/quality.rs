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
/// Squared difference of neighboring pixels over that of pixels four apart below which a picture without hair that can be told
/// is called blurred: 0.26 to 0.30 in sharp photographs, synthetic and real, 0.13 blurred over 1 px, 0.08 over 2, 0.07 over 3
/// and more (0.06 is the least, of a smooth slope).
const FINENESS_MIN: f64 = 0.1;
/// Light that a third of the scalp gets, share of full light, below which a photograph is dark, and too dark to be used.
const DARK: (f64, f64) = (0.012, 0.006);
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
    (photo_px_per_mm, is_scale_known): (f64, bool),
    share: f64,
) -> Vec<Caveat> {
    [
        too_coarse(photo_px_per_mm),
        blurred(found).or_else(|| out_of_focus(photo, scalp, found, is_scale_known)),
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

/// Where hair cannot be told from the skin, or its smear not in millimetres, because nothing in the picture is fine.
fn out_of_focus(photo: &Photo, scalp: &Scalp, found: &Found, is_scale_known: bool) -> Option<Caveat> {
    let is_told = is_scale_known && found.smear_mm.is_some() && !found.is_unread();
    let is_soft = !is_told && grain::fineness(photo, scalp)? < FINENESS_MIN;
    is_soft.then(|| {
        Caveat::new(
            Code::PhotoBlurred,
            if found.is_unread() { Weight::Blocks } else { Weight::Doubt },
            "the picture is blurred: neighboring pixels hardly differ; neither the marked hairs nor their density nor a missing \
             scar can be trusted",
            "let the phone focus on the skin (tap on it), hold it still, wipe the lens, and photograph again",
        )
    })
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
    let (weight, message) = if clipped > 0.05 {
        (
            Weight::Doubt,
            format!("the picture is too light: {:.0} % of the scalp is blown out", 100.0 * clipped),
        )
    } else if level < DARK.0 {
        let weight = if level < DARK.1 { Weight::Blocks } else { Weight::Doubt };
        let percent = 100.0 * level.max(0.001);
        (
            weight,
            format!(
                "the picture is too dark: a third of the scalp gets less than {percent:.1} % of full light"
            ),
        )
    } else {
        return None;
    };
    Some(Caveat::new(
        Code::PhotoExposure,
        weight,
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
