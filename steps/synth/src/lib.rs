//! Synthetic scalps with their truth: photographs nobody had to sit for, in which every hair is known.
//!
//! # Place in the flow
//! Floor 3. Stands beside the flow: `stipple synth` writes what it makes, tests read it back and compare.
//!
//! # What it can do
//! [`synth`]: a phone close-up of a clipped scalp from [`SynthOptions`]: skin of any typology angle with
//! mottling, relief and shine; follicular units with 1–5 hairs in seven colors, each with what is seen of it
//! under the skin; strip, punch, patch and burn scars; the reference card; a bent scalp seen from the side; lens,
//! sensor, a phone's processing and JPEG. With it the [`Truth`] and the mask of its scars. Each of the
//! [`Nuisances`] can be left out. [`synth_visits`]: the same head months later, with the map between both photographs.
//!
//! # Simplifications
//! Scalps are spheres. Color by bands R, G, B, not by spectra. No local tone mapping. Statistics of hair are of
//! one population (Shanghai) [@Bsrl].
//!
//! # Out of scope
//! How pigment looks in skin (`preview`; a visit's added dots are plain spots), hair longer than 3 mm, files (`record`).
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
//! [`options`], [`nuisance`], `field`, `units`, `hair`, `root`, `litter`, `card`, `scar`, `skin`, `paint`, `warp`,
//! `view`, `camera`, [`visit`].
//!
//! # Sources
//! [@Bsrl]

mod camera;
mod card;
mod field;
mod hair;
mod litter;
pub mod nuisance;
pub mod options;
mod paint;
mod root;
mod scar;
mod skin;
mod units;
mod view;
pub mod visit;
mod warp;

#[cfg(test)]
mod tests;

pub use nuisance::{Nuisance, Nuisances};
pub use options::{Error, HairColor, ScarShape, ScarTint, SynthOptions};
pub use visit::{Change, PlacedDot, Visits, synth_visits, synth_visits_with};

use stipple_color::{LinearRgb, RgbSpace, ita_deg, skin_tone::typical_skin};
use stipple_model::{Photo, Truth, TruthHair, Watch};
use stipple_quantity::PointInPhoto;
use stipple_raster::Mask;

use card::CardPose;
use hair::Strand;
use options::Zone;
use paint::Picture;
use root::RootLook;
use scar::Scars;
use skin::{LightCourse, Skin};
use units::Unit;
use view::View;
use visit::Visit;

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
    Ok(taken(&Visit::only(options), &View::drawn(options), watch)?.0)
}

/// The photograph of a visit, and where dots were added on it.
fn taken(visit: &Visit, view: &View, watch: &dyn Watch) -> Result<(Synthetic, Vec<PointInPhoto>), Error> {
    let painted = visit.sized(view.scene.width_px, view.scene.height_px);
    let scene = Scene::grown(&painted)?;
    camera::pause(watch, "scalp", 0.2)?;
    let options = &visit.shot;
    let skin_lab = typical_skin(options.ita_deg);
    let base = skin_lab.to_linear(RgbSpace::Srgb);
    let light = LightCourse::drawn(options.seed);
    let picture = scene.painted(&painted, base, light, watch)?;
    let photo = camera::shoot(view.picture(picture), options, light.from, watch)?;
    let zone = options.zone();
    let mut scars = scene.scars.truth(base);
    for corner in scars.iter_mut().flat_map(|scar| &mut scar.outline) {
        *corner = in_photo(view, (corner.x_px / zone.px_per_mm, corner.y_px / zone.px_per_mm));
    }
    let truth = Truth {
        seed: visit.head.seed.0,
        width_px: zone.width_px,
        height_px: zone.height_px,
        pixel_pitch_um: options.pixel_pitch_um,
        skin_lab,
        ita_deg: ita_deg(skin_lab),
        hair_lab: hair::hair_lab(options.hair),
        unit_density_per_cm2: density_per_cm2(view.scene, &scene.units, &scene.scars, scene.card.as_ref()),
        hairs: truth_hairs(zone, view, &scene.strands),
        scars,
    };
    let dots = scene.dots.iter().map(|dot| in_photo(view, dot.at)).collect();
    watch.progress("camera", 1.0);
    Ok((Synthetic { photo, truth, scar_mask: view.mask(scene.scars.mask) }, dots))
}

/// What there is, before it is seen.
struct Scene {
    card: Option<CardPose>,
    units: Vec<Unit>,
    scars: Scars,
    strands: Vec<Strand>,
    /// Dots added since the first visit.
    dots: Vec<visit::Dot>,
}

impl Scene {
    fn grown(visit: &Visit) -> Result<Self, Error> {
        let options = &visit.head;
        let zone = options.zone();
        let (card, room) = card::lay(options)?;
        let density = options.unit_density_per_cm2;
        let units = units::scatter(options.seed, zone.width_mm(), zone.height_mm(), density);
        let scars = Scars::draw(options, room, &units)?;
        let mut units = survivors(options, &units, &scars, card.as_ref());
        visit.redraw(&mut units);
        let hidden = |place| scars.contains(place) || card.is_some_and(|card| card.covers(place));
        let grown = hair::grow(options.seed, &visit.grown, &units);
        let strands = grown.into_iter().filter(|strand| !hidden(strand.root())).collect();
        let dots = visit.dots(&scars);
        Ok(Self { card, units, scars, strands, dots })
    }

    fn painted(
        &self,
        visit: &Visit,
        base: LinearRgb,
        light: LightCourse,
        watch: &dyn Watch,
    ) -> Result<Picture, Error> {
        let options = &visit.grown;
        let mut picture = Skin::new(options, base, light, &self.scars, &self.strands).paint();
        camera::pause(watch, "scalp", 0.6)?;
        let cut = self.strands.first().map_or([0.03; 3], |strand| strand.color);
        let litter = litter::litter(options, &self.scars, light, cut);
        let roots = RootLook::drawn(options);
        let mut shades = litter.shades;
        shades.extend(self.dots.iter().map(visit::shade));
        for (k, strand) in self.strands.iter().enumerate() {
            let mut draw = options.seed.stream("synth.shades", k as u64);
            shades.extend(roots.shades(strand, light.from, &mut draw));
        }
        let mut strokes = litter.under;
        strokes.extend(self.strands.iter().flat_map(|strand| strand.strokes(light.from)));
        strokes.extend(litter.over);
        paint::paint(&mut picture, options.zone(), &shades, &strokes);
        if let Some(card) = &self.card {
            card.paint(&mut picture, options.zone(), light.from);
        }
        camera::pause(watch, "scalp", 1.0)?;
        Ok(picture)
    }
}

fn in_photo(view: &View, place_mm: (f64, f64)) -> PointInPhoto {
    let (x_px, y_px) = view.in_photo(place_mm);
    PointInPhoto::new(x_px, y_px)
}

/// The units that scars and card leave.
fn survivors(options: &SynthOptions, units: &[Unit], scars: &Scars, card: Option<&CardPose>) -> Vec<Unit> {
    let survives = |(k, unit): &(usize, &Unit)| {
        let luck = options.seed.stream("synth.survival", *k as u64).uniform();
        luck < scars.survival(unit.at) && !card.is_some_and(|card| card.covers(unit.at))
    };
    units.iter().enumerate().filter(survives).map(|(_, unit)| *unit).collect()
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
fn truth_hairs(zone: Zone, view: &View, strands: &[Strand]) -> Vec<TruthHair> {
    let mut number = 0;
    let mut last = None;
    let mut hairs = Vec::new();
    for strand in strands {
        let (root, tip) = (in_photo(view, strand.root()), in_photo(view, strand.tip()));
        if !zone.shows((root.x_px / zone.px_per_mm, root.y_px / zone.px_per_mm)) {
            continue;
        }
        if last.is_some_and(|unit| unit != strand.unit) {
            number += 1;
        }
        last = Some(strand.unit);
        hairs.push(TruthHair { root, tip, diameter_um: 1000.0 * strand.diameter_mm, unit: number });
    }
    hairs
}
