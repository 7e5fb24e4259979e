//! Hair: how it grows from its units, and what it puts on the picture.

use std::f64::consts::{FRAC_PI_2, TAU};

use stipple_color::{Lab, RgbSpace};
use stipple_quantity::{Seed, Stream};

use crate::field::Layers;
use crate::options::{HairColor, SynthOptions};
use crate::paint::{Shade, Stroke};
use crate::units::Unit;

/// A clipped hair; lengths in mm from the picture's top left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strand {
    /// Where the shaft leaves the skin.
    pub(crate) root: (f64, f64),
    /// Where it was cut.
    pub(crate) tip: (f64, f64),
    /// How far its middle stands off the straight line.
    bow_mm: f64,
    /// Diameter of the shaft.
    pub(crate) diameter_mm: f64,
    /// Linear color.
    color: [f32; 3],
    /// Share of light it stops.
    opacity: f32,
    /// How much pigment it has, 0 (white) to 1 (black): that is what shows through the skin.
    pub(crate) darkness: f32,
    /// Its unit.
    pub(crate) unit: usize,
}

/// Distances between the hairs of a unit, mm, at the quantiles 0, 5, 25, 50, 75, 95, 100 % [@Bsrl].
const GAP_MM: [(f64, f64); 7] =
    [(0.0, 0.06), (0.05, 0.07), (0.25, 0.12), (0.50, 0.18), (0.75, 0.27), (0.95, 0.40), (1.0, 0.44)];

/// Lets every unit grow its hairs.
///
/// # Determinism
/// One stream a unit.
pub(crate) fn grow(options: &SynthOptions, units: &[Unit]) -> Vec<Strand> {
    let course = Course::new(options);
    let mut strands = Vec::with_capacity(2 * units.len());
    for (k, unit) in units.iter().enumerate() {
        let mut draw = options.seed.stream("synth.hair", k as u64);
        let toward = course.at(unit.at) + 0.10 * draw.normal();
        let lift = (course.lift + 0.13 * draw.normal()).clamp(0.25, 1.2);
        for at in hair_roots(unit, &mut draw) {
            strands.push(one_hair(options, k, at, toward, lift, &mut draw));
        }
    }
    strands
}

/// Which way hair lies over the zone.
struct Course {
    /// Main direction, radians from x toward y.
    toward: f64,
    /// Angle between shaft and skin, radians.
    lift: f64,
    /// Slow variation of the direction, radians.
    sway: Layers,
    px_per_mm: f64,
    last: (usize, usize),
}

impl Course {
    fn new(options: &SynthOptions) -> Self {
        let mut draw = options.seed.stream("synth.course", 0);
        let zone = options.zone();
        Self {
            toward: FRAC_PI_2 + draw.between(-0.6, 0.6),
            lift: draw.between(0.5, 0.85),
            sway: Layers::new(options.seed, "synth.sway", &[(70.0, 0.24), (22.0, 0.08)], zone),
            px_per_mm: zone.px_per_mm,
            last: (zone.width_px - 1, zone.height_px - 1),
        }
    }

    fn at(&self, (x_mm, y_mm): (f64, f64)) -> f64 {
        let pixel = |mm: f64, last: usize| ((mm * self.px_per_mm).max(0.0) as usize).min(last);
        self.toward + f64::from(self.sway.at(pixel(x_mm, self.last.0), pixel(y_mm, self.last.1)))
    }
}

/// Where the hairs of a unit leave the skin: a short chain around its middle.
fn hair_roots(unit: &Unit, draw: &mut Stream) -> Vec<(f64, f64)> {
    let mut chain = vec![(0.0, 0.0)];
    let mut heading = TAU * draw.uniform();
    for _ in 1..unit.hairs {
        let (x, y) = chain[chain.len() - 1];
        let gap = quantile(&GAP_MM, draw.uniform());
        chain.push((x + gap * heading.cos(), y + gap * heading.sin()));
        heading += draw.between(-1.9, 1.9);
    }
    let n = chain.len() as f64;
    let middle = chain.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / n, sum.1 + p.1 / n));
    chain.iter().map(|p| (unit.at.0 + p.0 - middle.0, unit.at.1 + p.1 - middle.1)).collect()
}

fn one_hair(
    options: &SynthOptions,
    unit: usize,
    root: (f64, f64),
    toward: f64,
    lift: f64,
    draw: &mut Stream,
) -> Strand {
    let toward = toward + 0.14 * draw.normal();
    let lift = (lift + 0.10 * draw.normal()).clamp(0.2, 1.35);
    // Most hairs were cut at one length; a few are young and still shorter.
    let young = if draw.uniform() < 0.12 { draw.between(0.25, 0.8) } else { 1.0 };
    let length_mm = options.hair_length_mm * young * (1.0 + 0.14 * draw.normal()).clamp(0.6, 1.5);
    let seen_mm = length_mm * lift.cos();
    let look = Look::drawn(options.hair, draw);
    let fine = if draw.uniform() < 0.10 { 0.65 } else { 1.0 };
    Strand {
        root,
        tip: (root.0 + seen_mm * toward.cos(), root.1 + seen_mm * toward.sin()),
        bow_mm: 0.05 * seen_mm * draw.normal(),
        diameter_mm: fine * (look.diameter_mm + 0.011 * draw.normal()).clamp(0.045, 0.11),
        color: look.color,
        opacity: look.opacity,
        darkness: look.darkness,
        unit,
    }
}

/// How one hair looks.
struct Look {
    color: [f32; 3],
    opacity: f32,
    darkness: f32,
    diameter_mm: f64,
}

impl Look {
    fn drawn(hair: HairColor, draw: &mut Stream) -> Self {
        let white = match hair {
            HairColor::Gray => draw.uniform() < 0.6,
            other => other == HairColor::White,
        };
        let (lab, opacity, darkness, diameter_mm) = match hair {
            _ if white => (Lab::new(78.0, 0.0, 5.0), 0.62, 0.04, 0.070),
            HairColor::Black => (Lab::new(13.0, 1.0, 1.5), 0.97, 1.0, 0.084),
            HairColor::Gray => (Lab::new(22.0, 1.0, 3.0), 0.95, 0.85, 0.075),
            HairColor::DarkBrown => (Lab::new(19.0, 4.0, 6.0), 0.94, 0.85, 0.077),
            HairColor::Brown => (Lab::new(29.0, 8.0, 13.0), 0.88, 0.55, 0.068),
            HairColor::Red => (Lab::new(40.0, 21.0, 28.0), 0.80, 0.30, 0.070),
            HairColor::Blond | HairColor::White => (Lab::new(57.0, 6.0, 24.0), 0.70, 0.18, 0.060),
        };
        let brighter = (0.22 * draw.normal()).exp().clamp(0.6, 1.8) as f32;
        let color = lab.to_linear(RgbSpace::Srgb).rgb.map(|v| (v * brighter).clamp(0.002, 0.95));
        Self { color, opacity, darkness, diameter_mm }
    }
}

/// The color that the truth names for hair: the mean over the hairs.
pub(crate) fn hair_lab(hair: HairColor) -> Lab {
    let draws = 400;
    let mut draw = Seed(0).stream("synth.hair_lab", 0);
    let mut sum = [0.0f32; 3];
    for _ in 0..draws {
        let look = Look::drawn(hair, &mut draw);
        sum.iter_mut().zip(look.color).for_each(|(s, c)| *s += c / draws as f32);
    }
    Lab::from_linear(RgbSpace::Srgb, stipple_color::LinearRgb { rgb: sum })
}

/// What a hair under or above the skin darkens: red most, so that it looks blue-gray through the skin.
const THROUGH_SKIN: [f32; 3] = [1.0, 0.92, 0.74];

impl Strand {
    /// The shaft.
    pub(crate) fn stroke(&self) -> Stroke {
        Stroke {
            from: self.root,
            to: self.tip,
            bow_mm: self.bow_mm,
            thickness_mm: self.diameter_mm,
            color: self.color,
            opacity: self.opacity,
        }
    }

    /// What lies under the skin, seen through it on the side away from the tip, and the shaft's own
    /// shadow on the skin.
    pub(crate) fn shades(&self, light_from: (f64, f64)) -> [Shade; 2] {
        let (dx, dy) = (self.tip.0 - self.root.0, self.tip.1 - self.root.1);
        let seen_mm = dx.hypot(dy).max(1e-6);
        // A shaft that lies flat outside also runs flat inside: more of it shows through.
        let under_mm = 0.32;
        let deep = (self.root.0 - under_mm * dx / seen_mm, self.root.1 - under_mm * dy / seen_mm);
        let strength = self.darkness * (self.diameter_mm / 0.075) as f32;
        let through = |share: f32| THROUGH_SKIN.map(|c| c * share * strength);
        let root_shadow = Shade {
            from: self.root,
            to: deep,
            sigma_mm: [0.065, 0.15],
            darkening: [through(0.46), through(0.10)],
        };
        let height_mm = 0.35 * seen_mm;
        let cast = Shade {
            from: self.root,
            to: (self.tip.0 - light_from.0 * height_mm, self.tip.1 - light_from.1 * height_mm),
            sigma_mm: [0.05, 0.09],
            darkening: [[0.13; 3], [0.06; 3]],
        };
        [root_shadow, cast]
    }
}

/// Value at a share of a distribution given by its quantiles, interpolated.
fn quantile(table: &[(f64, f64)], share: f64) -> f64 {
    let upper = table.iter().position(|(q, _)| share <= *q).unwrap_or(table.len() - 1).max(1);
    let ((q0, v0), (q1, v1)) = (table[upper - 1], table[upper]);
    v0 + (share - q0) / (q1 - q0) * (v1 - v0)
}
