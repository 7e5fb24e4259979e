//! What else is on a scalp: flakes, cut hair, droplets, moles, pimples, a razor's marks, fine pale hairs.

use std::f64::consts::TAU;

use stipple_color::{Lab, RgbSpace};
use stipple_quantity::Stream;

use crate::nuisance::Nuisance;
use crate::options::{SynthOptions, Zone};
use crate::paint::{Shade, Stroke};
use crate::scar::Scars;
use crate::skin::{BLOOD, LightCourse, MELANIN};

/// Soft things, which lie in the skin, and sharp ones, which lie on it.
#[derive(Default)]
pub(crate) struct Litter {
    pub(crate) shades: Vec<Shade>,
    /// Under the hair.
    pub(crate) under: Vec<Stroke>,
    /// Over the hair.
    pub(crate) over: Vec<Stroke>,
}

/// Adds the things of one kind.
type Add<'a> = dyn Fn(&mut Litter, &mut Stream) + 'a;

/// Everything of the kinds that were asked for.
///
/// # Determinism
/// One stream a kind.
pub(crate) fn litter(options: &SynthOptions, scars: &Scars, light: LightCourse, hair: [f32; 3]) -> Litter {
    let mut all = Litter::default();
    let kinds: [(Nuisance, &Add); 8] = [
        (Nuisance::Ostium, &|all, draw| empty_mouths(all, draw, options, scars)),
        (Nuisance::Moles, &|all, draw| moles(all, draw, options.zone(), scars)),
        (Nuisance::Pimples, &|all, draw| pimples(all, draw, options.zone())),
        (Nuisance::RazorMarks, &|all, draw| razor_marks(all, draw, options.zone())),
        (Nuisance::Vellus, &|all, draw| vellus(all, draw, options, hair)),
        (Nuisance::Flakes, &|all, draw| flakes(all, draw, options)),
        (Nuisance::Debris, &|all, draw| debris(all, draw, options, hair)),
        (Nuisance::Sweat, &|all, draw| sweat(all, draw, options.zone(), light)),
    ];
    for (nuisance, add) in kinds.iter().filter(|(nuisance, _)| options.nuisances.has(*nuisance)) {
        add(&mut all, &mut options.seed.stream("synth.litter", *nuisance as u64));
    }
    all
}

/// How many things there are at a rate per cm², chance deciding over the last one.
fn count(zone: Zone, per_cm2: f64, draw: &mut Stream) -> usize {
    (zone.width_mm() * zone.height_mm() / 100.0 * per_cm2 + draw.uniform()) as usize
}

fn place(zone: Zone, draw: &mut Stream) -> (f64, f64) {
    (draw.uniform() * zone.width_mm(), draw.uniform() * zone.height_mm())
}

fn moved((x, y): (f64, f64), angle: f64, mm: f64) -> (f64, f64) {
    (x + mm * angle.cos(), y + mm * angle.sin())
}

fn spot(at: (f64, f64), sigma_mm: f64, darkening: [f32; 3]) -> Shade {
    Shade { from: at, to: at, sigma_mm: [sigma_mm; 2], darkening, left: 1.0 }
}

/// Mouths of follicles that grow no hair now, brown or pale: no roots.
fn empty_mouths(all: &mut Litter, draw: &mut Stream, options: &SynthOptions, scars: &Scars) {
    let zone = options.zone();
    let share = if options.harsh { draw.between(0.0f64, 0.7).powi(2) } else { 0.0 };
    let (sigma_mm, strength) = (draw.between(0.04, 0.10), draw.between(-0.10, 0.25));
    for _ in 0..count(zone, share * options.unit_density_per_cm2, draw) {
        let at = place(zone, draw);
        let own = (strength + 0.08 * draw.normal()) as f32;
        let darkening = MELANIN.map(|c| c * own);
        if !scars.near(at) {
            all.shades.push(spot(at, sigma_mm * draw.between(0.7, 1.4), darkening));
        }
    }
}

/// Few, brown, soft.
fn moles(all: &mut Litter, draw: &mut Stream, zone: Zone, scars: &Scars) {
    for _ in 0..count(zone, 0.03, draw) {
        let at = place(zone, draw);
        let (sigma_mm, strength) = (draw.between(0.25, 0.75), draw.between(0.15, 0.6) as f32);
        if !scars.near(at) {
            all.shades.push(spot(at, sigma_mm, MELANIN.map(|c| c * strength)));
        }
    }
}

/// Red, soft, some with a pale middle, some with a crust.
fn pimples(all: &mut Litter, draw: &mut Stream, zone: Zone) {
    let per_cm2 = if draw.uniform() < 0.5 { draw.between(0.02, 0.3) } else { 0.0 };
    for _ in 0..count(zone, per_cm2, draw) {
        let (at, sigma_mm) = (place(zone, draw), draw.between(0.3, 1.3));
        let strength = draw.between(0.08, 0.40) as f32;
        all.shades.push(spot(at, sigma_mm, BLOOD.map(|c| c * strength)));
        let middle = draw.uniform();
        if middle < 0.3 {
            all.shades.push(spot(at, 0.3 * sigma_mm, [-0.10, -0.20, -0.05]));
        } else if middle < 0.6 {
            let crust = draw.between(0.2, 0.9) as f32;
            all.shades.push(spot(at, draw.between(0.06, 0.2), [0.6, 1.2, 1.3].map(|c| c * crust)));
        }
    }
}

/// Thin red scratches, some of them dotted with crusts.
fn razor_marks(all: &mut Litter, draw: &mut Stream, zone: Zone) {
    let per_cm2 = if draw.uniform() < 0.25 { draw.between(0.05, 0.5) } else { 0.0 };
    for _ in 0..count(zone, per_cm2, draw) {
        let (from, angle, mm) = (place(zone, draw), TAU * draw.uniform(), draw.between(1.5, 9.0));
        let strength = draw.between(0.06, 0.35) as f32;
        let sigma_mm = [draw.between(0.04, 0.09); 2];
        let darkening = BLOOD.map(|c| c * strength);
        all.shades.push(Shade { from, to: moved(from, angle, mm), sigma_mm, darkening, left: 0.4 });
        if draw.uniform() < 0.3 {
            let at = moved(from, angle, mm * draw.uniform());
            all.shades.push(spot(at, draw.between(0.05, 0.12), [0.4, 0.9, 1.0]));
        }
    }
}

/// Fine hairs with little pigment, longer than the stubble: the razor misses them.
fn vellus(all: &mut Litter, draw: &mut Stream, options: &SynthOptions, hair: [f32; 3]) {
    let zone = options.zone();
    let per_cm2 = options.unit_density_per_cm2 * draw.between(0.0f64, 0.7).powi(2) * 2.0;
    let main = TAU * draw.uniform();
    let pale = Lab::new(45.0, 7.0, 14.0).to_linear(RgbSpace::Srgb).rgb;
    let color = std::array::from_fn(|c| 0.5 * (pale[c] + hair[c]));
    let opacity = draw.between(0.2, 0.6) as f32;
    for _ in 0..count(zone, per_cm2, draw) {
        let (mut from, mut angle) = (place(zone, draw), main + 0.35 * draw.normal());
        let bend = 0.4 * draw.normal();
        let (step_mm, thickness_mm) = (draw.between(0.05, 0.45), draw.between(0.012, 0.035));
        for _ in 0..3 {
            let to = moved(from, angle, step_mm);
            all.under.push(Stroke { from, to, thickness_mm, color, opacity });
            (from, angle) = (to, angle + bend);
        }
    }
}

/// Dry skin: short light strokes.
fn flakes(all: &mut Litter, draw: &mut Stream, options: &SynthOptions) {
    let zone = options.zone();
    let scaly = options.harsh && draw.uniform() < 0.3;
    let (most_per_cm2, longest_mm) = if scaly { (40.0, 0.7) } else { (12.0, 0.25) };
    let per_cm2 = draw.between(3.0, most_per_cm2);
    for _ in 0..count(zone, per_cm2, draw) {
        let from = place(zone, draw);
        let to = moved(from, TAU * draw.uniform(), draw.between(0.05, longest_mm));
        all.over.push(Stroke {
            from,
            to,
            thickness_mm: draw.between(0.04, 0.11 + 0.2 * (longest_mm - 0.25)),
            color: [0.62, 0.58, 0.54],
            opacity: draw.between(0.2, 0.65) as f32,
        });
    }
}

/// Cut hair: like stubble, but lying any way, in heaps, and with no root.
fn debris(all: &mut Litter, draw: &mut Stream, options: &SynthOptions, hair: [f32; 3]) {
    let zone = options.zone();
    let per_cm2 = if draw.uniform() < 0.4 { draw.between(0.3f64, 4.0).powi(2) } else { 0.0 };
    let longest_mm = draw.between(0.3, 2.0);
    let mut heap = place(zone, draw);
    for _ in 0..count(zone, per_cm2, draw) {
        if draw.uniform() < 0.25 {
            heap = place(zone, draw);
        }
        let from = (heap.0 + 1.8 * draw.normal(), heap.1 + 1.8 * draw.normal());
        let to = moved(from, TAU * draw.uniform(), draw.between(0.1, longest_mm));
        all.shades.push(Shade {
            from,
            to,
            sigma_mm: [0.06; 2],
            darkening: [draw.between(0.05, 0.2) as f32; 3],
            left: 1.0,
        });
        let thickness_mm = draw.between(0.04, 0.09);
        let opacity = draw.between(0.75, 0.97) as f32;
        all.over.push(Stroke { from, to, thickness_mm, color: hair, opacity });
    }
}

/// Droplets: a bright point toward the light, a darker rim away from it.
fn sweat(all: &mut Litter, draw: &mut Stream, zone: Zone, light: LightCourse) {
    let per_cm2 = if draw.uniform() < 0.25 { draw.between(2.0, 40.0) } else { 0.0 };
    for _ in 0..count(zone, per_cm2, draw) {
        let (at, radius_mm) = (place(zone, draw), draw.between(0.05, 0.25));
        let shift = |t: f64| (at.0 + t * radius_mm * light.from.0, at.1 + t * radius_mm * light.from.1);
        all.shades.push(spot(shift(-0.7), 0.45 * radius_mm, [draw.between(0.03, 0.15) as f32; 3]));
        let (from, half_mm) = (shift(0.5), 0.25 * radius_mm);
        let bright = draw.between(0.6, 1.6) as f32;
        all.over.push(Stroke {
            from: (from.0 - half_mm, from.1),
            to: (from.0 + half_mm, from.1),
            thickness_mm: 2.0 * half_mm,
            color: [bright; 3],
            opacity: draw.between(0.5, 1.0) as f32,
        });
    }
}
