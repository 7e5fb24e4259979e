//! How large a pixel is on the scalp: entered, from the card, from a ruler, or estimated from how hair stands.

use stipple_model::{Caveat, Code, Photo, PitchSource, Weight};
use stipple_points::CellIndex;
use stipple_quantity::{Estimate, ScalpFromPhoto};

use crate::RootFinder;
use crate::card::Card;
use crate::hair;
use crate::ruler::Ruler;
use crate::scalp::{Scalp, Window, Working};
use crate::white::White;
use crate::zone::Zone;

/// A pitch entered by hand is good to this.
const ENTERED_RELATIVE: f64 = 0.02;
/// An entered pitch that differs by more than this from the card's contradicts it.
const CONTRADICTION_RELATIVE: f64 = 0.05;
/// Spacing of follicular units of a scalp, mm: 1 / √(74 per cm²), and how much people differ.
const SPACING_MM: f64 = 1.16;
/// See [`SPACING_MM`].
const SPACING_RELATIVE: f64 = 0.20;
/// Mean distance to the nearest unit over the spacing.
const NEAREST_SPACINGS: f64 = 0.78;
/// What finding hair without a scale adds to that.
const FINDING_RELATIVE: f64 = 0.20;
/// Without hair: a picture of a scar shows about this much on its shorter side, mm, give or take half.
const SHORT_SIDE_MM: f64 = 80.0;
/// See [`SHORT_SIDE_MM`].
const SHORT_SIDE_RELATIVE: f64 = 0.5;
/// Shorter sides that are tried, mm, from a close-up to a whole head.
const SHORT_SIDE_TRIED_MM: [f64; 2] = [12.0, 260.0];
/// Pixels of the side of the square that is searched.
const SEARCH_PX: f64 = 800.0;
/// Samples a millimetre that are searched.
const SEARCH_PX_PER_MM: f64 = 10.0;
/// Units that a spacing needs.
const UNITS_MIN: usize = 30;

/// How the photograph lies on the scalp.
pub(crate) struct Scale {
    pub(crate) scalp_from_photo: ScalpFromPhoto,
    /// Pitch at the middle of the zone, µm.
    pub(crate) pitch_um: Estimate,
    pub(crate) source: PitchSource,
    pub(crate) caveats: Vec<Caveat>,
}

impl Scale {
    /// A scale that was estimated from hair which then could not be read is none.
    pub(crate) fn caveat_of_unread(&self, is_unread: bool) -> Option<Caveat> {
        (is_unread && self.source == PitchSource::Estimated).then(|| {
            Caveat::new(
                Code::ScaleEstimated,
                Weight::Blocks,
                "the scale was estimated from marks that could not be told from the skin; no length, area or density here \
                 may be relied on",
                "photograph with the reference card on the scalp, or enter how large a pixel is",
            )
        })
    }
}

/// The best scale there is: entered, else the card's, else a ruler's, else estimated.
pub(crate) fn measure(
    photo: &Photo,
    white: &White,
    zone: &Zone,
    (card, ruler): (Option<&Card>, Option<&Ruler>),
    entered_um: Option<f64>,
) -> Scale {
    match (entered_um, card) {
        (Some(pitch_um), card) => {
            let mut scale = entered(pitch_um);
            scale.caveats.extend(card.and_then(|card| contradiction(pitch_um, &from_card(card, zone))));
            scale
        }
        (None, Some(card)) => from_card(card, zone),
        (None, None) => ruler.map_or_else(|| estimated(photo, white, zone), |ruler| from_ruler(ruler, zone)),
    }
}

fn entered(pitch_um: f64) -> Scale {
    Scale {
        scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(pitch_um),
        pitch_um: Estimate::new(pitch_um, ENTERED_RELATIVE * pitch_um),
        source: PitchSource::Entered,
        caveats: vec![Caveat::new(
            Code::ScaleEntered,
            Weight::Note,
            format!(
                "the pixel pitch of {pitch_um:.1} µm was entered by hand; it holds for skin seen square-on: skin \
                 turned away by 20° looks 6 % smaller, and hair on it 6 % denser"
            ),
            "lay the reference card on the scalp to have it measured",
        )],
    }
}

/// Doubts an entered pitch when the card in the picture says another.
fn contradiction(entered_um: f64, card: &Scale) -> Option<Caveat> {
    let card_um = card.pitch_um.value;
    ((entered_um / card_um - 1.0).abs() > CONTRADICTION_RELATIVE).then(|| {
        Caveat::new(
            Code::ScaleEntered,
            Weight::Doubt,
            format!(
                "the entered pixel pitch of {entered_um:.1} µm contradicts the card in the picture, which says \
                 {card_um:.1} µm; the entered one was used"
            ),
            "leave the pixel pitch out to have the card's used, or check both: was the card printed at 100 %?",
        )
    })
}

fn from_card(card: &Card, zone: &Zone) -> Scale {
    let pitch_um = card.scalp_from_photo.pixel_pitch_um_at(zone.middle());
    Scale {
        scalp_from_photo: card.scalp_from_photo,
        pitch_um: Estimate::new(pitch_um, card.pitch_relative_uncertainty * pitch_um),
        source: PitchSource::Card,
        caveats: Vec::new(),
    }
}

fn from_ruler(ruler: &Ruler, zone: &Zone) -> Scale {
    let pitch_um = ruler.pixel_pitch_um_at(zone.middle());
    Scale {
        scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(pitch_um.value),
        pitch_um,
        source: PitchSource::Ruler,
        caveats: vec![Caveat::new(
            Code::ScaleRuler,
            Weight::Note,
            format!(
                "the scale was read from {} ticks of a ruler, taken to be {} mm apart; a ruler shows neither tilt \
                 nor curvature, so lengths are good to {:.1} % only where the camera looked straight down",
                ruler.ticks,
                ruler.step_mm,
                200.0 * pitch_um.relative_uncertainty()
            ),
            "lay the reference card on the scalp to have tilt undone, or compare with something of known length",
        )],
    }
}

/// From the spacing of units, as alike on all scalps as anything is; without hair, a guess that says so.
fn estimated(photo: &Photo, white: &White, zone: &Zone) -> Scale {
    let found = pitch_from_hair(photo, white, zone);
    let short_side_px = photo.width_px.min(photo.height_px) as f64;
    let (pitch_um, relative, caveat) = match found {
        Some((pitch_um, disagreement)) => {
            let relative = SPACING_RELATIVE.hypot(FINDING_RELATIVE).hypot(disagreement);
            (pitch_um, relative, estimated_from_hair(pitch_um, relative))
        }
        None => (1000.0 * SHORT_SIDE_MM / short_side_px, SHORT_SIDE_RELATIVE, guessed()),
    };
    Scale {
        scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(pitch_um),
        pitch_um: Estimate::new(pitch_um, relative * pitch_um),
        source: PitchSource::Estimated,
        caveats: vec![caveat],
    }
}

fn estimated_from_hair(pitch_um: f64, relative: f64) -> Caveat {
    Caveat::new(
        Code::ScaleEstimated,
        Weight::Doubt,
        format!(
            "nothing in the picture tells its scale: {pitch_um:.0} µm a pixel was estimated from how densely \
             hair usually stands; every length is uncertain by {:.0} %, every area and density by twice that",
            100.0 * relative
        ),
        "photograph with the reference card on the scalp, or enter how large a pixel is",
    )
}

fn guessed() -> Caveat {
    Caveat::new(
        Code::ScaleEstimated,
        Weight::Blocks,
        "nothing in the picture tells its scale, and there is too little hair to estimate it from: a short \
         side of 80 mm was assumed; no length, area or density here may be relied on",
        "photograph with the reference card on the scalp, or enter how large a pixel is",
    )
}

/// A scale tried: how far apart units stand under it, and how clearly hair is seen.
#[derive(Clone, Copy, Debug)]
struct Trial {
    pitch_um: f64,
    spacing_mm: f64,
    clarity: f64,
}

/// The pitch under which hair is thick and far apart as hair is.
///
/// Hair is looked for at several scales; under the right one the clearest hairs stand a natural spacing apart.
/// With it comes how far the best trial and the one it asks for disagree (natural logarithm).
fn pitch_from_hair(photo: &Photo, white: &White, zone: &Zone) -> Option<(f64, f64)> {
    let short_side_px = photo.width_px.min(photo.height_px) as f64;
    let [least, most] = SHORT_SIDE_TRIED_MM.map(|mm| 1000.0 * mm / short_side_px);
    let steps = ((most / least).log2() * 2.0).ceil() as usize;
    let pitches = (0..=steps).map(|k| least * 2f64.powf(k as f64 / 2.0));
    let trials: Vec<Trial> = pitches.filter_map(|pitch_um| tried(photo, white, zone, pitch_um)).collect();
    let merit = |t: &Trial| t.clarity / (1.0 + (2.0 * (t.spacing_mm / SPACING_MM).ln()).powi(2));
    let best = trials.iter().max_by(|a, b| merit(a).total_cmp(&merit(b)))?;
    // Once more under the scale that the best trial itself asks for.
    let asked = |t: &Trial| t.pitch_um * (SPACING_MM / t.spacing_mm).clamp(0.5, 2.0);
    let first = asked(best);
    let again = asked(&tried(photo, white, zone, first)?);
    Some(((first * again).sqrt(), (again / first).ln().abs()))
}

fn tried(photo: &Photo, white: &White, zone: &Zone, pitch_um: f64) -> Option<Trial> {
    let step_px = (1000.0 / pitch_um / SEARCH_PX_PER_MM).max(1.0);
    let working = Working::of(photo, white, middle_window(photo, zone, SEARCH_PX * step_px), step_px);
    let scalp = Scalp {
        zone: zone.on(&working),
        px_per_mm: 1000.0 / (pitch_um * working.step_px),
        scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(pitch_um),
        working,
    };
    let found = hair::find(&scalp, RootFinder::Classical, None);
    // Texture of the skin stands as far apart as it likes.
    if found.units.len() < UNITS_MIN || found.is_unread() {
        return None;
    }
    let units: Vec<(f64, f64)> = found.units.iter().map(|unit| unit.at).collect();
    let index = CellIndex::new(&units);
    let nearest: f64 =
        (0..units.len()).filter_map(|k| index.nearest(units[k], Some(k))).map(|(_, distance)| distance).sum();
    let nearest_mm = nearest / found.units.len() as f64 / scalp.px_per_mm;
    Some(Trial { pitch_um, spacing_mm: nearest_mm / NEAREST_SPACINGS, clarity: found.clarity })
}

/// A square of a given side around the middle of the zone, cut at the picture's border.
fn middle_window(photo: &Photo, zone: &Zone, side_px: f64) -> Window {
    let middle = zone.middle();
    let span = |center: f64, size: usize| {
        let from = (center - side_px / 2.0).max(0.0) as usize;
        let to = ((center + side_px / 2.0) as usize).clamp(from + 1, size);
        (from, to - from)
    };
    let (left_px, width_px) = span(middle.x_px, photo.width_px);
    let (top_px, height_px) = span(middle.y_px, photo.height_px);
    Window { left_px, top_px, width_px, height_px }
}
