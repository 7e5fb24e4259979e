//! Hair: how it grows from its units, and what it puts on the picture.

use std::f64::consts::{FRAC_PI_2, TAU};

use stipple_color::{Lab, RgbSpace};
use stipple_quantity::{Seed, Stream};

use crate::field::Layers;
use crate::nuisance::Nuisance;
use crate::options::{HairColor, SynthOptions};
use crate::paint::Stroke;
use crate::units::Unit;

/// Straight pieces a shaft is painted in.
const PIECES: usize = 4;

/// A clipped hair; lengths in mm from the picture's top left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strand {
    /// Its way from where it leaves the skin to where it was cut.
    pub(crate) path: [(f64, f64); PIECES + 1],
    /// Diameter of the shaft.
    pub(crate) diameter_mm: f64,
    /// Thickness at the tip over that at the root: 1 where it was cut, less where it grew to a point.
    taper: f64,
    /// Angle between the shaft and the skin, radians.
    pub(crate) lift: f64,
    /// Linear color.
    pub(crate) color: [f32; 3],
    /// Share of light it stops.
    opacity: f32,
    /// How much pigment it has, 0 (white) to 1 (black): that is what shows through the skin.
    pub(crate) darkness: f32,
    /// How strongly it mirrors the light, linear.
    glint: f32,
    /// Its unit.
    pub(crate) unit: usize,
}

/// Distances between the hairs of a unit, mm, at the quantiles 0, 5, 25, 50, 75, 95, 100 % [@Bsrl].
const GAP_MM: [(f64, f64); 7] =
    [(0.0, 0.06), (0.05, 0.07), (0.25, 0.12), (0.50, 0.18), (0.75, 0.27), (0.95, 0.40), (1.0, 0.44)];

/// Lets every unit grow its hairs: where they are rooted is the head's, how they grew and were cut is the visit's.
///
/// # Determinism
/// One stream a unit.
pub(crate) fn grow(head: Seed, options: &SynthOptions, units: &[Unit]) -> Vec<Strand> {
    let growth = Growth::drawn(options);
    let mut strands = Vec::with_capacity(2 * units.len());
    for (k, unit) in units.iter().enumerate() {
        let mut draw = head.stream("synth.hair", k as u64);
        let (turn, rise) = (draw.normal(), draw.normal());
        let roots = hair_roots(unit, &mut draw);
        if options.seed != head {
            draw = options.seed.stream("synth.hair", k as u64);
        }
        let toward = growth.course.at(unit.at) + 0.10 * turn;
        let lift = (growth.course.lift_at(unit.at) + 0.13 * rise).clamp(0.25, 1.3);
        for at in roots {
            strands.push(growth.one_hair(options, k, at, (toward, lift), &mut draw));
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
    /// Slow variation of the lift, radians.
    rise: Option<Layers>,
    /// Middle of a whorl, mm, and the angle between hair and the way around it.
    whorl: Option<((f64, f64), f64)>,
    px_per_mm: f64,
    last: (usize, usize),
}

impl Course {
    fn new(options: &SynthOptions) -> Self {
        let mut draw = options.seed.stream("synth.course", 0);
        let zone = options.zone();
        let turned = options.nuisances.has(Nuisance::Whorl);
        let (spread, low, high) = if turned { (3.1, 0.3, 1.15) } else { (0.6, 0.5, 0.85) };
        let toward = FRAC_PI_2 + draw.between(-spread, spread);
        let lift = draw.between(low, high);
        let place = (draw.uniform() * zone.width_mm(), draw.uniform() * zone.height_mm());
        let around = draw.between(0.2, 1.2);
        Self {
            toward,
            lift,
            sway: Layers::new(options.seed, "synth.sway", &[(70.0, 0.24), (22.0, 0.08)], zone),
            rise: turned.then(|| Layers::new(options.seed, "synth.rise", &[(30.0, 0.16)], zone)),
            whorl: (turned && draw.uniform() < 0.2).then_some((place, around)),
            px_per_mm: zone.px_per_mm,
            last: (zone.width_px - 1, zone.height_px - 1),
        }
    }

    fn at(&self, (x_mm, y_mm): (f64, f64)) -> f64 {
        let (x, y) = self.pixel((x_mm, y_mm));
        let sway = f64::from(self.sway.at(x, y));
        match self.whorl {
            Some((middle, around)) => (y_mm - middle.1).atan2(x_mm - middle.0) + around + sway,
            None => self.toward + sway,
        }
    }

    fn lift_at(&self, place: (f64, f64)) -> f64 {
        let (x, y) = self.pixel(place);
        self.lift + self.rise.as_ref().map_or(0.0, |rise| f64::from(rise.at(x, y)))
    }

    fn pixel(&self, (x_mm, y_mm): (f64, f64)) -> (usize, usize) {
        let pixel = |mm: f64, last: usize| ((mm * self.px_per_mm).max(0.0) as usize).min(last);
        (pixel(x_mm, self.last.0), pixel(y_mm, self.last.1))
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

/// How the hair of this scalp grows and was cut.
struct Growth {
    course: Course,
    /// Bend of a shaft, radians a millimetre, standard deviation.
    bend_per_mm: f64,
    /// Share of young hairs, shorter than the cut.
    young: f64,
    /// Relative standard deviation of the length.
    uneven: f64,
    /// Share of young and of other hairs that end in a point, as hair does that no blade has met.
    pointed: [f64; 2],
    /// Mirrored light, linear, where a shaft is turned the right way.
    glint: f32,
}

impl Growth {
    fn drawn(options: &SynthOptions) -> Self {
        let mut draw = options.seed.stream("synth.growth", 0);
        let curled = options.nuisances.has(Nuisance::Curl);
        let curl = draw.uniform();
        let bend_per_mm = match curled {
            true if curl > 0.88 => draw.between(0.4, 1.1),
            true => draw.between(0.05, 0.28),
            false => 0.2,
        };
        let harsh = if options.harsh { draw.uniform() } else { 0.0 };
        let glint = draw.between(0.0, 0.14) as f32;
        let uncut = harsh > 0.0 && draw.uniform() < 0.12;
        let pointed = match (curled, uncut) {
            (true, true) => [0.9; 2],
            (true, false) => [0.6, 0.0],
            (false, _) => [0.0; 2],
        };
        Self {
            course: Course::new(options),
            bend_per_mm,
            young: 0.12 + 0.2 * harsh,
            uneven: 0.14 + 0.25 * harsh,
            pointed,
            glint: if options.nuisances.has(Nuisance::Shine) && options.harsh { glint } else { 0.0 },
        }
    }

    fn one_hair(
        &self,
        options: &SynthOptions,
        unit: usize,
        root: (f64, f64),
        (toward, lift): (f64, f64),
        draw: &mut Stream,
    ) -> Strand {
        let toward = toward + 0.14 * draw.normal();
        let lift = (lift + 0.10 * draw.normal()).clamp(0.2, 1.4);
        // Most hairs were cut at one length; a few are young and still shorter.
        let is_young = draw.uniform() < self.young;
        let young = if is_young { draw.between(0.25, 0.8) } else { 1.0 };
        let length_mm = options.hair_length_mm * young * (1.0 + self.uneven * draw.normal()).clamp(0.4, 1.7);
        let look = Look::drawn(options.hair, draw);
        let fine = if draw.uniform() < 0.10 { 0.65 } else { 1.0 };
        let bend = self.bend_per_mm * length_mm * draw.normal();
        let share = self.pointed[usize::from(!is_young)];
        let pointed = share > 0.0 && draw.uniform() < share;
        Strand {
            path: way(root, toward, bend, length_mm * lift.cos()),
            diameter_mm: fine * (look.diameter_mm + 0.011 * draw.normal()).clamp(0.045, 0.11),
            taper: if pointed { 0.35 } else { 1.0 },
            lift,
            color: look.color,
            opacity: look.opacity,
            darkness: look.darkness,
            glint: self.glint * draw.uniform() as f32,
            unit,
        }
    }
}

/// A way that starts in a direction and turns evenly by `bend`, radians.
fn way(root: (f64, f64), toward: f64, bend: f64, seen_mm: f64) -> [(f64, f64); PIECES + 1] {
    let mut path = [root; PIECES + 1];
    let step_mm = seen_mm / PIECES as f64;
    for k in 1..=PIECES {
        let heading = toward + bend * (k as f64 - 0.5) / PIECES as f64;
        path[k] = (path[k - 1].0 + step_mm * heading.cos(), path[k - 1].1 + step_mm * heading.sin());
    }
    path
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

impl Strand {
    /// Where it leaves the skin.
    pub(crate) fn root(&self) -> (f64, f64) {
        self.path[0]
    }

    /// Where it ends.
    pub(crate) fn tip(&self) -> (f64, f64) {
        self.path[PIECES]
    }

    /// The shaft, piece by piece, and the line of light on it.
    pub(crate) fn strokes(&self, light_from: (f64, f64)) -> impl Iterator<Item = Stroke> {
        let thickness = move |k: usize| {
            self.diameter_mm * (1.0 + (self.taper - 1.0) * (k as f64 / PIECES as f64).powi(2))
        };
        let shaft = (0..PIECES).map(move |k| Stroke {
            from: self.joined(k),
            to: self.path[k + 1],
            thickness_mm: (thickness(k) + thickness(k + 1)) / 2.0,
            color: self.color,
            opacity: self.opacity,
        });
        shaft.chain((self.glint > 0.01).then(|| self.shining(light_from)))
    }

    /// Where a piece begins: within the one before it, so that no seam shows.
    fn joined(&self, k: usize) -> (f64, f64) {
        let (from, to) = (self.path[k], self.path[k + 1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let back = if k == 0 || length < 1e-9 { 0.0 } else { 0.4 * self.diameter_mm / length };
        (from.0 - back * (to.0 - from.0), from.1 - back * (to.1 - from.1))
    }

    /// Light mirrored along the side of the shaft that is turned to it.
    fn shining(&self, light_from: (f64, f64)) -> Stroke {
        let (a, b) = (self.path[1], self.path[PIECES - 1]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx.hypot(dy).max(1e-9);
        let side = (dx * light_from.1 - dy * light_from.0).signum() * 0.22 * self.diameter_mm / length;
        let moved = |p: (f64, f64)| (p.0 - side * dy, p.1 + side * dx);
        Stroke {
            from: moved(a),
            to: moved(b),
            thickness_mm: 0.28 * self.diameter_mm,
            color: self.color.map(|c| c + self.glint),
            opacity: 0.8,
        }
    }
}

/// Value at a share of a distribution given by its quantiles, interpolated.
fn quantile(table: &[(f64, f64)], share: f64) -> f64 {
    let upper = table.iter().position(|(q, _)| share <= *q).unwrap_or(table.len() - 1).max(1);
    let ((q0, v0), (q1, v1)) = (table[upper - 1], table[upper]);
    v0 + (share - q0) / (q1 - q0) * (v1 - v0)
}
