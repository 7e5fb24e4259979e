//! Reads a photograph: skin, hair and scars, each number with its uncertainty and its caveats.
//!
//! # Place in the flow
//! Floor 3, the first step: a file becomes a [`Photo`], the photograph a [`Reading`].
//! `assess`, `plan` and `preview` work from the reading; the pipeline hands it to them.
//!
//! # What it can do
//! - [`photo::decode`]: bytes of a file to an upright photograph in a stated color space.
//! - [`card::find`]: the reference card, its homography and its grays.
//! - [`checker::find`]: a ColorChecker Classic and its 24 patches; [`white`] sets every color by them.
//! - [`ruler::find`]: a ruler with millimetre ticks, its scale and its place.
//! - [`read()`]: scale, white balance, zone of scalp, slow light, skin tone, hair, scars.
//! - [`refine`]: the scars' outlines anew from a person's strokes, at once.
//!
//! # Simplifications
//! One flat zone; tilt is undone only where the card shows it. Hair is found by a difference of Gaussians at
//! shaft widths and followed along its ridge; roots are found by a small network, or are the ends that the
//! neighborhood's shadows point to.
//! Scars are proposed where hair is missing, or where the color of the skin has an edge and hair does not object;
//! their edge runs on the change of color where there is one, else where missing hair puts it.
//!
//! # Out of scope
//! Diagnosis. Proposing punch scars smaller than the gaps between hairs, scars in bald or sparsely haired skin, and scars cut by the picture's rim:
//! those are drawn by a person.
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | s | spacing of follicular units, 1/√(units per area) | mm |
//! | ITA | individual typology angle | degree |
//! | EI | erythema index, 100 · log10(linear red / green); of a scar blood's share of its difference | – |
//!
//! # Invariants
//! The same photograph and options give the same reading, with any number of threads.
//! Every number that could not be measured is absent, with a caveat that says why.
//!
//! # Modules in reading order
//! [`photo`], [`card`], [`checker`], [`ruler`], [`white`], `scalp`, `zone`, `scale`, `curvature`, `shade`, `hair`,
//! [`root_head`], `scar`, `skin`, `tone`, `chromophores`, `gloss`, `quality`,
//! [`error`].
//!
//! # Sources
//! [@Chardon1991] [@XRite2016] [@Pascale2016] [@Iec61966] [@Issa] [@Zhao2005]

pub mod card;
pub mod checker;
mod chromophores;
mod curvature;
pub mod error;
mod gloss;
pub mod photo;
pub mod root_head;
pub mod ruler;
pub mod white;

mod hair;
mod quality;
mod scale;
mod scalp;
mod scar;
mod shade;
mod skin;
mod tone;
mod zone;

#[cfg(test)]
mod tests;

use rayon::prelude::*;
use stipple_model::{
    Caveat, Code, Hair, Marks, PIXEL_PITCH_UM, Photo, PhotoFacts, Qualified, Reading, ReadingMaps, Scar,
    Watch, Weight, WhiteSource,
};
use stipple_quantity::{Estimate, PointInPhoto};
use stipple_raster::Mask;
use stipple_raster::morphology::{or, without};
use stipple_raster::statistics;

pub use error::Error;
pub use scar::{Band, Canvas, Refined, refine};

use card::Card;
use checker::Checker;
use gloss::Gloss;
use hair::Found;
use ruler::Ruler;
use scale::Scale;
use scalp::{Part, Scalp, Working};
use scar::{Measuring, Scars};
use white::White;
use zone::Zone;

/// What a person says about the photograph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// Size of a pixel on the scalp, µm, within [`PIXEL_PITCH_UM`]; others are ignored. It wins over the card.
    pub pixel_pitch_um: Option<f64>,
    /// Where scars are, at the size of the upright photograph; it replaces the automatic proposal.
    pub scar_mask: Option<Mask>,
    /// Whether an earlier reading of the photograph found what the mask shows, and no person drew it.
    pub scar_found: bool,
    /// A place that is gray or white in reality.
    pub neutral: Option<PointInPhoto>,
    /// Strokes that say where scars are and where not; they correct the proposal, or the mask if there is one.
    /// Places of hairs that were missed or are none.
    pub marks: Option<Marks>,
    /// How roots are found.
    pub roots: RootFinder,
}

/// How roots are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RootFinder {
    /// By the root head, where the picture is fine enough for it.
    #[default]
    Learned,
    /// By what the neighborhood's shadows say about the ends of shafts: faster, less exact.
    Classical,
}

/// Reads a photograph.
///
/// # Errors
/// [`Error::Unlit`], [`Error::Dark`], [`Error::NoSkin`], [`Error::Mask`], [`Error::Stopped`].
///
/// # Determinism
/// Depends on photograph and options alone.
///
/// # Cost
/// About one CPU second a megapixel of scalp at 12 samples a millimetre, and as much again to estimate an unknown pitch;
/// larger photographs are shrunk to that row by row, coarser ones enlarged to it: six a megapixel at 6 samples.
pub fn read(
    photo: &Photo,
    options: &ReadOptions,
    watch: &dyn Watch,
) -> Result<Qualified<(Reading, ReadingMaps)>, Error> {
    let Qualified { value: (reading, maps, _), caveats } = read_for_refining(photo, options, watch)?;
    Ok(Qualified::new((reading, maps), caveats))
}

/// Reads a photograph and keeps what [`refine`] needs to follow strokes at once.
///
/// # Errors
/// As [`read()`].
pub fn read_for_refining(
    photo: &Photo,
    options: &ReadOptions,
    watch: &dyn Watch,
) -> Result<Qualified<(Reading, ReadingMaps, Canvas)>, Error> {
    require_mask_size(photo, options.scar_mask.as_ref())?;
    require_scale_or_size(photo, options)?;
    options.scar_mask.as_ref().map_or(Ok(()), scar::require_few)?;
    let reached = |share: f64| {
        watch.progress("read", share);
        if watch.stopped() { Err(Error::Stopped) } else { Ok(()) }
    };
    let mut caveats = Vec::new();

    let laid = keep(Laid::find(photo), &mut caveats);
    let (card, checker) = (laid.card.as_ref(), laid.checker.as_ref());
    let white = keep(White::best(photo, options.neutral, checker, card), &mut caveats);
    reached(0.1)?;
    let zone = zone::find(photo, &white, &laid.outlines())?;
    let scale = scale::measure(photo, &white, &zone, (card, laid.ruler.as_ref()), entered_um(options));
    caveats.extend(scale.caveats.iter().cloned());
    reached(0.3)?;

    let mut scalp = scalp(photo, &white, &zone, &scale);
    let gloss = Gloss::find(&scalp);
    scalp.zone = without(&scalp.zone, &gloss.blind);
    let found = hair::find(&scalp, options.roots, options.marks.as_ref());
    caveats.extend(scale.caveat_of_unread(found.is_unread()));
    reached(0.7)?;
    let light = shade::estimate(&scalp, &found.cover);
    let (scars, canvas) = scars(photo, options, &scalp, &found, &light)?;
    reached(0.8)?;

    // Again without the scars: what is pale or dark because it is a scar is no light.
    let left_out = or(&found.cover, &scars.mask);
    let light = shade::estimate(&scalp, &left_out);
    // What set the exposure was lit as the skin beside it.
    let light = match laid.outline_of(white.source) {
        Some(outline) => light.beside(&scalp, &left_out, &outline),
        None => light,
    };
    let around = scar::zone_without(&scalp, &scars.mask);
    let bare = skin::samples(&scalp, &light, &around, &found.cover);
    let (skin, skin_caveats) = skin::measure(&bare, &white);
    let measured = measured(&scalp, &found, &light, &scars, &scale);
    reached(0.95)?;

    // First what explains the rest.
    caveats.splice(0..0, of_picture(photo, &scalp, &found, &scale, zone.share));
    caveats.extend(gloss.caveat(bare.shine));
    caveats.extend(light.caveat());
    caveats.extend(skin_caveats);
    caveats.extend(scars.caveats.iter().cloned());
    caveats.extend(scar::caveats(&measured));
    let reading = Reading {
        photo: facts(photo, &scale, card),
        white: white.source,
        white_gain: white.gain.map(|gain| f64::from(gain * white.exposure.unwrap_or(1.0))),
        zone_area_mm2: zone_area(&scalp, &scale),
        zone_outlines: zone.outlines,
        skin,
        hair: hair_around(&scalp, &found, &around, &scale),
        scars: measured,
    };
    let maps = maps(photo, options, &scalp, &found, || canvas.on_photo(&scars.mask));
    watch.progress("read", 1.0);
    Ok(Qualified::new((reading, maps, canvas), caveats))
}

/// What is wrong with the picture, and with its hair unless that is why.
fn of_picture(photo: &Photo, scalp: &Scalp, found: &Found, scale: &Scale, share: f64) -> Vec<Caveat> {
    let is_known = scale.caveats.iter().all(|caveat| caveat.code != Code::ScaleEstimated);
    let mut caveats = quality::caveats(photo, scalp, found, (1000.0 / scale.pitch_um.value, is_known), share);
    let is_blurred = caveats.iter().any(|c| c.code == Code::PhotoBlurred && c.weight == Weight::Blocks);
    if !is_blurred {
        caveats.extend(found.caveats(scalp.px_per_mm));
    }
    caveats
}

/// What lies in the picture to measure by.
struct Laid {
    card: Option<Card>,
    checker: Option<Checker>,
    ruler: Option<Ruler>,
}

impl Laid {
    fn find(photo: &Photo) -> Qualified<Self> {
        let Qualified { value: card, caveats } = card::find(photo);
        // Beside a card a ruler tells nothing more.
        let (checker, ruler) =
            rayon::join(|| checker::find(photo), || card.is_none().then(|| ruler::find(photo)).flatten());
        Qualified::new(Self { card, checker, ruler }, caveats)
    }

    /// Where that lies which a white came from, if it is something that lies in the picture.
    fn outline_of(&self, white: WhiteSource) -> Option<[PointInPhoto; 4]> {
        match white {
            WhiteSource::Card => self.card.as_ref().map(|card| card.outline),
            WhiteSource::Checker => self.checker.as_ref().map(|checker| checker.outline),
            WhiteSource::Declared | WhiteSource::Camera => None,
        }
    }

    /// Where it is: there is no scalp.
    fn outlines(&self) -> Vec<[PointInPhoto; 4]> {
        let card = self.card.as_ref().map(|card| card.outline);
        let checker = self.checker.as_ref().map(|checker| checker.outline);
        card.into_iter().chain(checker).chain(self.ruler.as_ref().map(|ruler| ruler.outline)).collect()
    }
}

/// The scars as drawn or proposed, corrected by the marks.
fn scars(
    photo: &Photo,
    options: &ReadOptions,
    scalp: &Scalp,
    found: &Found,
    light: &shade::Shade,
) -> Result<(Scars, Canvas), Error> {
    let photo_px = (photo.width_px, photo.height_px);
    let (scars, canvas) = match &options.scar_mask {
        Some(mask) => {
            let given = (mask, options.scar_found);
            scar::drawn(scalp, given, scar::Coarse::of(scalp, found, light), photo_px)?
        }
        None => scar::propose(scalp, found, light, photo_px),
    };
    let marks = options.marks.as_ref().filter(|marks| marks.outline());
    let Some(marks) = marks else { return Ok((scars, canvas)) };
    Ok((scar::marked(scalp, &canvas, marks), canvas))
}

fn keep<T>(found: Qualified<T>, caveats: &mut Vec<Caveat>) -> T {
    caveats.extend(found.caveats);
    found.value
}

/// The pixel pitch that a person entered, if it is one that can be worked with.
fn entered_um(options: &ReadOptions) -> Option<f64> {
    options.pixel_pitch_um.filter(|um| PIXEL_PITCH_UM.contains(um))
}

/// A small picture is a cut or a frame whose scale is known, or a thumbnail.
fn require_scale_or_size(photo: &Photo, options: &ReadOptions) -> Result<(), Error> {
    const SIDE_MIN_PX: u64 = 200;
    let (width_px, height_px) = (photo.width_px as u64, photo.height_px as u64);
    if entered_um(options).is_none() && width_px.min(height_px) < SIDE_MIN_PX {
        return Err(Error::TooSmall { width_px, height_px, side_min_px: SIDE_MIN_PX });
    }
    Ok(())
}

fn require_mask_size(photo: &Photo, mask: Option<&Mask>) -> Result<(), Error> {
    match mask {
        Some(mask) if (mask.width, mask.height) != (photo.width_px, photo.height_px) => {
            Err(Error::mask_size((mask.width, mask.height), (photo.width_px, photo.height_px)))
        }
        _ => Ok(()),
    }
}

/// Samples a millimetre that are worth working on: more shows pores, not hair.
const WORKING_PX_PER_MM: f64 = 12.0;
/// Samples of a working picture above which it is shrunk further, as long as enough a millimetre remain.
const WORKING_SAMPLES: f64 = 4e6;
/// See [`WORKING_SAMPLES`].
const WORKING_PX_PER_MM_MIN: f64 = 10.0;

/// The zone at working size.
fn scalp(photo: &Photo, white: &White, zone: &Zone, scale: &Scale) -> Scalp {
    let photo_px_per_mm = 1000.0 / scale.pitch_um.value;
    let window = zone.window(photo);
    let for_detail = photo_px_per_mm / WORKING_PX_PER_MM;
    let for_room = ((window.width_px * window.height_px) as f64 / WORKING_SAMPLES).sqrt();
    let step_px = for_detail.max(for_room.min(photo_px_per_mm / WORKING_PX_PER_MM_MIN)).max(1.0);
    let working = Working::of(photo, white, window, step_px);
    Scalp {
        zone: zone.on(&working),
        px_per_mm: photo_px_per_mm / working.step_px,
        scalp_from_photo: scale.scalp_from_photo,
        working,
    }
}

fn measured(scalp: &Scalp, found: &Found, light: &shade::Shade, scars: &Scars, scale: &Scale) -> Vec<Scar> {
    let pitch_relative = scale.pitch_um.relative_uncertainty();
    let middle_mm = curvature::middle_mm(scalp);
    let measuring = Measuring { scalp, found, shade: light, scars: &scars.mask, pitch_relative, middle_mm };
    scars.regions.par_iter().map(|region| measuring.measure(region)).collect()
}

fn facts(photo: &Photo, scale: &Scale, card: Option<&Card>) -> PhotoFacts {
    PhotoFacts {
        width_px: photo.width_px,
        height_px: photo.height_px,
        pixel_pitch_um: scale.pitch_um,
        pixel_pitch_source: scale.source,
        scalp_from_photo: scale.scalp_from_photo,
        tone_slope: card.and_then(|card| tone::slope(card, photo.space)),
    }
}

fn zone_area(scalp: &Scalp, scale: &Scale) -> Estimate {
    let whole = Part::whole(scalp.zone.clone());
    let area_mm2 = scalp.area_mm2(&whole);
    let curved = curvature::shortening(scalp, &whole, curvature::middle_mm(scalp));
    // The rim of a zone found by color is good to a few per cent of its area.
    // A head cannot be more than half as large again: what turns away is no longer seen.
    let relative = (2.0 * scale.pitch_um.relative_uncertainty()).hypot(0.03).hypot(curved.min(0.5));
    Estimate::new(area_mm2, area_mm2 * relative)
}

fn hair_around(scalp: &Scalp, found: &Found, around: &Part, scale: &Scale) -> Hair {
    let pitch_relative = scale.pitch_um.relative_uncertainty();
    let middle = curvature::middle_mm(scalp);
    let facing = curvature::facing(scalp, around, middle);
    let curved = curvature::shortening(scalp, &facing, middle);
    let density = |relative: f64| {
        let relative = relative.hypot(2.0 * pitch_relative).hypot(curved);
        hair::density_per_cm2(scalp, &found.units, &facing, relative)
    };
    Hair {
        unit_density_per_cm2: found.counting_relative(scalp.px_per_mm).and_then(density),
        median_diameter_um: found.median_diameter_um(),
        lab: found.lab(),
        detections: found.detections.clone(),
    }
}

/// `proposed` gives the scars at the size of the photograph; a mask that was drawn stays as it is.
fn maps(
    photo: &Photo,
    options: &ReadOptions,
    scalp: &Scalp,
    found: &Found,
    proposed: impl FnOnce() -> Mask,
) -> ReadingMaps {
    let map = hair::density_map(scalp, &found.units, (photo.width_px, photo.height_px));
    let drawn = options.scar_mask.as_ref().filter(|_| !options.marks.as_ref().is_some_and(Marks::outline));
    ReadingMaps {
        scar_mask: drawn.cloned().unwrap_or_else(proposed),
        hair_density_per_cm2: map.per_cm2,
        hair_density_step_px: map.step_px,
    }
}
