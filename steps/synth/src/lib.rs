//! Synthetic scalps with their truth: photographs nobody had to sit for, in which every hair is known.
//!
//! # Place in the flow
//! Floor 3. Stands beside the flow: `stipple synth` writes what it makes, tests read it back and compare.
//!
//! # What it can do
//! [`synth`]: a phone close-up of a clipped scalp from [`SynthOptions`]: skin of any typology angle with
//! mottling, relief and shine; follicular units with 1–5 hairs in seven colors, each with its root's shadow
//! under the skin; strip, punch and patch scars; the reference card; uneven light, lens, sensor noise,
//! sharpening and JPEG. With it the [`Truth`] and the mask of its scars.
//!
//! # Simplifications
//! A flat zone seen straight on; one sharpness everywhere. Color by bands R, G, B, not by spectra. No local
//! tone mapping. Statistics of hair are of one population (Shanghai) [@Bsrl].
//!
//! # Out of scope
//! Pigment in skin (`preview`), hair longer than 3 mm, files (`record`).
//!
//! # Symbols
//! | symbol | name | unit |
//! |---|---|---|
//! | s | mean spacing of units, 1/√(units per area) | mm |
//! | ITA | individual typology angle | degree |
//! | darkening | −ln of a factor on linear light | – |
//!
//! # Invariants
//! Same options, same bytes, on any number of threads. No hair of the truth is rooted in a scar or under
//! the card. A scar's area is that of its pixels in the mask.
//!
//! # Modules in reading order
//! [`options`], `field`, `units`, `hair`, `card`, `scar`, `skin`, `paint`, `camera`.
//!
//! # Sources
//! [@Bsrl]

mod camera;
mod card;
mod field;
mod hair;
pub mod options;
mod paint;
mod scar;
mod skin;
mod units;

#[cfg(test)]
mod tests;

pub use options::{Error, HairColor, ScarShape, ScarTint, SynthOptions};

use stipple_color::{RgbSpace, ita_deg, skin_tone::typical_skin};
use stipple_model::{Photo, Truth, TruthHair, Watch};
use stipple_raster::Mask;

use card::CardPose;
use hair::Strand;
use options::Zone;
use paint::Stroke;
use scar::Scars;
use skin::{LightCourse, Skin};
use units::Unit;

/// A synthetic photograph and what is really there.
#[derive(Clone, Debug, PartialEq)]
pub struct Synthetic {
    /// The photograph, 8-bit sRGB.
    pub photo: Photo,
    /// What is really there.
    pub truth: Truth,
    /// What is scar, at the size of the photograph.
    pub scar_mask: Mask,
}

/// Makes a synthetic photograph of a clipped scalp.
///
/// # Errors
/// Options out of range, no room for card or scar, or stopped: see [`Error`].
///
/// # Determinism
/// Depends on the options alone.
///
/// # Cost
/// About half a second of processor time a million pixels, on all cores; 30 bytes a pixel.
pub fn synth(options: &SynthOptions, watch: &dyn Watch) -> Result<Synthetic, Error> {
    options.check()?;
    let zone = options.zone();
    let (card, room) = card::lay(options)?;
    let units = units::scatter(options.seed, zone.width_mm(), zone.height_mm(), options.unit_density_per_cm2);
    let scars = Scars::draw(options, room, &units)?;
    let units = survivors(options, &units, &scars, card.as_ref());
    let strands = hair::grow(options, &units)
        .into_iter()
        .filter(|strand| !scars.contains(strand.root) && !card.is_some_and(|card| card.covers(strand.root)))
        .collect::<Vec<_>>();
    camera::pause(watch, "scalp", 0.2)?;

    let light = LightCourse::drawn(options.seed);
    let skin_lab = typical_skin(options.ita_deg);
    let base = skin_lab.to_linear(RgbSpace::Srgb);
    let skin = Skin::new(options, base, light, &scars, &strands);
    let mut picture = skin.paint();
    camera::pause(watch, "scalp", 0.6)?;

    let mut shades = skin.moles(&scars);
    shades.extend(strands.iter().flat_map(|strand| strand.shades(light.from)));
    drop(skin);
    let mut strokes = flakes(options);
    strokes.extend(strands.iter().map(Strand::stroke));
    paint::paint(&mut picture, zone, &shades, &strokes);
    drop((shades, strokes));
    if let Some(card) = &card {
        card.paint(&mut picture, zone, light.from);
    }
    camera::pause(watch, "scalp", 1.0)?;

    let photo = camera::shoot(picture, options, light.from, watch)?;
    let truth = Truth {
        seed: options.seed.0,
        width_px: zone.width_px,
        height_px: zone.height_px,
        pixel_pitch_um: options.pixel_pitch_um,
        skin_lab,
        ita_deg: ita_deg(skin_lab),
        hair_lab: hair::hair_lab(options.hair),
        unit_density_per_cm2: density_per_cm2(zone, &units, &scars, card.as_ref()),
        hairs: truth_hairs(zone, &strands),
        scars: scars.truth(base),
    };
    watch.progress("camera", 1.0);
    Ok(Synthetic { photo, truth, scar_mask: scars.mask })
}

/// The units that scars and card leave.
fn survivors(options: &SynthOptions, units: &[Unit], scars: &Scars, card: Option<&CardPose>) -> Vec<Unit> {
    let survives = |(k, unit): &(usize, &Unit)| {
        let luck = options.seed.stream("synth.survival", *k as u64).uniform();
        luck < scars.survival(unit.at) && !card.is_some_and(|card| card.covers(unit.at))
    };
    units.iter().enumerate().filter(survives).map(|(_, unit)| *unit).collect()
}

/// Flakes of dry skin: short light strokes.
fn flakes(options: &SynthOptions) -> Vec<Stroke> {
    let zone = options.zone();
    let mut draw = options.seed.stream("synth.flakes", 0);
    let count = (zone.width_mm() * zone.height_mm() / 100.0 * draw.between(3.0, 12.0)) as usize;
    (0..count)
        .map(|_| {
            let from = (draw.uniform() * zone.width_mm(), draw.uniform() * zone.height_mm());
            let (angle, length_mm) = (std::f64::consts::TAU * draw.uniform(), draw.between(0.05, 0.25));
            Stroke {
                from,
                to: (from.0 + length_mm * angle.cos(), from.1 + length_mm * angle.sin()),
                bow_mm: 0.0,
                thickness_mm: draw.between(0.04, 0.11),
                color: [0.62, 0.58, 0.54],
                opacity: draw.between(0.2, 0.65) as f32,
            }
        })
        .collect()
}

/// Units per cm² of skin away from scars and card.
fn density_per_cm2(zone: Zone, units: &[Unit], scars: &Scars, card: Option<&CardPose>) -> f64 {
    let counts = |place: (f64, f64)| {
        zone.shows(place) && !scars.near(place) && !card.is_some_and(|card| card.covers(place))
    };
    // The area by a fine grid of places.
    const STEP_MM: f64 = 0.4;
    let (columns, rows) = ((zone.width_mm() / STEP_MM) as usize, (zone.height_mm() / STEP_MM) as usize);
    let place = |k: usize| {
        let at = |i: usize, n: usize, side_mm: f64| (i as f64 + 0.5) / n as f64 * side_mm;
        (at(k % columns, columns, zone.width_mm()), at(k / columns, rows, zone.height_mm()))
    };
    let free = (0..columns * rows).filter(|k| counts(place(*k))).count();
    let share = free as f64 / (columns * rows) as f64;
    let area_cm2 = zone.width_mm() * zone.height_mm() / 100.0 * share;
    if area_cm2 == 0.0 {
        return 0.0;
    }
    units.iter().filter(|unit| counts(unit.at)).count() as f64 / area_cm2
}

/// The hairs rooted in the picture; units numbered without gaps.
fn truth_hairs(zone: Zone, strands: &[Strand]) -> Vec<TruthHair> {
    let mut number = 0;
    let mut last = None;
    let mut hairs = Vec::new();
    for strand in strands.iter().filter(|strand| zone.shows(strand.root)) {
        if last.is_some_and(|unit| unit != strand.unit) {
            number += 1;
        }
        last = Some(strand.unit);
        hairs.push(TruthHair {
            root: zone.in_photo(strand.root),
            tip: zone.in_photo(strand.tip),
            diameter_um: 1000.0 * strand.diameter_mm,
            unit: number,
        });
    }
    hairs
}
