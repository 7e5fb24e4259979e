//! Two visits of one head, months apart, and how places of the one photograph lie on the other.

use stipple_model::Watch;
use stipple_quantity::{PointInPhoto, Seed, Stream};

use crate::options::{Error, SynthOptions};
use crate::paint::Shade;
use crate::scar::Scars;
use crate::units::Unit;
use crate::view::View;
use crate::warp::Warp;
use crate::{Synthetic, taken};

/// Skin painted around what the first photograph shows, for the second one to look at, mm.
const MARGIN_MM: f64 = 14.0;
/// How far redrawn follicles move along an axis (standard deviation), mm.
const REDRAWN_MM: f64 = 1.0;
/// Added dots keep this apart, mm, and have this softness (standard deviation).
const DOTS_APART_MM: f64 = 0.55;
/// See [`DOTS_APART_MM`].
const DOT_MM: f64 = 0.065;
/// Darkening of R, G, B in the middle of a dot.
const DOT_DARKENING: [f32; 3] = [0.85, 0.80, 0.68];

/// How the second visit differs from the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Everything that differs is drawn from it.
    pub seed: Seed,
    /// Whether hair has grown anew, in another direction, over skin of another texture; else both are the same.
    pub regrown: bool,
    /// Mean length of the clipped hair, mm, 0.02 to 3; only where it has grown anew.
    pub hair_length_mm: f64,
    /// Share of the follicles that stand elsewhere, 0 to 1.
    pub redrawn: f64,
    /// Dots added per cm², in and at scars, and elsewhere.
    pub dots_per_cm2: (f64, f64),
    /// Quality of the JPEG, 30 to 100.
    pub jpeg_quality: u8,
}

impl Change {
    /// The same hair in another light, dots added.
    pub fn easy(seed: Seed) -> Self {
        let dots_per_cm2 = (70.0, 12.0);
        Self { seed, regrown: false, hair_length_mm: 0.7, redrawn: 0.0, dots_per_cm2, jpeg_quality: 80 }
    }

    /// Months later: hair of another length and direction, other skin texture, a fifth of the follicles redrawn.
    pub fn harsh(seed: Seed) -> Self {
        let hair_length_mm = seed.stream("synth.change", 0).between(0.35, 1.1);
        Self { regrown: true, hair_length_mm, redrawn: 0.2, ..Self::easy(seed) }
    }
}

/// A dot that stands where it was placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedDot {
    /// Where, in the first photograph.
    pub at: PointInPhoto,
    /// Its softness, mm (standard deviation), above 0.
    pub sigma_mm: f64,
    /// How much its middle darkens R, G, B (natural logarithm).
    pub darkening: [f32; 3],
}

/// Two photographs of one head, with the truth that joins them.
pub struct Visits {
    /// The first.
    pub before: Synthetic,
    /// The second.
    pub after: Synthetic,
    /// Dots that were added, in the second photograph.
    pub dots: Vec<PointInPhoto>,
    views: [View; 2],
}

impl Visits {
    /// Where a place of the first photograph is on the second.
    pub fn after_from_before(&self, place: PointInPhoto) -> PointInPhoto {
        let [before, after] = &self.views;
        let (x_px, y_px) = after.in_photo(before.in_scene((place.x_px, place.y_px)));
        PointInPhoto::new(x_px, y_px)
    }
}

/// Makes two photographs of one head: the second turned by up to 15°, 13 % nearer or farther, aslant, bent by up to
/// 1.2 mm, in another light, with other noise.
///
/// # Errors
/// As [`crate::synth`].
///
/// # Determinism
/// Depends on options and change alone.
pub fn synth_visits(options: &SynthOptions, change: &Change, watch: &dyn Watch) -> Result<Visits, Error> {
    synth_visits_with(options, change, &[], watch)
}

/// The same, with dots of which the places are known besides those drawn by chance.
///
/// # Errors
/// As [`crate::synth`].
///
/// # Determinism
/// Depends on options, change and dots alone.
pub fn synth_visits_with(
    options: &SynthOptions,
    change: &Change,
    placed: &[PlacedDot],
    watch: &dyn Watch,
) -> Result<Visits, Error> {
    options.check()?;
    let zone = options.zone();
    let margin_px = (MARGIN_MM * zone.px_per_mm).ceil() as usize;
    let warp = Warp::drawn(&mut change.seed.stream("synth.warp", 0), zone.width_mm());
    let views = [Warp::none(), warp].map(|warp| View::warped(zone, margin_px, warp));
    let (before, _) = taken(&Visit::only(options), &views[0], watch)?;
    let in_scene = |dot: &PlacedDot| Dot {
        at: views[0].in_scene((dot.at.x_px, dot.at.y_px)),
        sigma_mm: dot.sigma_mm,
        darkening: dot.darkening,
    };
    let second = Visit { placed: placed.iter().map(in_scene).collect(), ..Visit::second(options, change)? };
    let (after, dots) = taken(&second, &views[1], watch)?;
    Ok(Visits { before, after, dots, views })
}

/// Whose seed draws what.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// What stays: follicles, scars.
    pub(crate) head: SynthOptions,
    /// What grows: hair, skin's texture, what lies on it.
    pub(crate) grown: SynthOptions,
    /// What the moment makes: light, camera.
    pub(crate) shot: SynthOptions,
    redrawn: f64,
    dots_per_cm2: (f64, f64),
    placed: Vec<Dot>,
}

/// A dot on the scene, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dot {
    pub(crate) at: (f64, f64),
    sigma_mm: f64,
    darkening: [f32; 3],
}

impl Visit {
    /// The first, or the only one.
    pub(crate) fn only(options: &SynthOptions) -> Self {
        Self {
            head: *options,
            grown: *options,
            shot: *options,
            redrawn: 0.0,
            dots_per_cm2: (0.0, 0.0),
            placed: Vec::new(),
        }
    }

    fn second(options: &SynthOptions, change: &Change) -> Result<Self, Error> {
        let jpeg_quality = Some(change.jpeg_quality);
        let shot = SynthOptions { seed: change.seed, jpeg_quality, ..*options };
        let regrown = SynthOptions { seed: change.seed, hair_length_mm: change.hair_length_mm, ..*options };
        let grown = if change.regrown { regrown } else { *options };
        shot.check().and(grown.check())?;
        Ok(Self {
            grown,
            shot,
            redrawn: change.redrawn,
            dots_per_cm2: change.dots_per_cm2,
            ..Self::only(options)
        })
    }

    /// The same, painted at another size.
    pub(crate) fn sized(&self, width_px: usize, height_px: usize) -> Self {
        let sized = |options: SynthOptions| SynthOptions { width_px, height_px, ..options };
        Self { head: sized(self.head), grown: sized(self.grown), shot: sized(self.shot), ..self.clone() }
    }

    /// Moves the follicles that stand elsewhere now.
    pub(crate) fn redraw(&self, units: &mut [Unit]) {
        for (k, unit) in units.iter_mut().enumerate().filter(|_| self.redrawn > 0.0) {
            let mut draw = self.shot.seed.stream("synth.redrawn", k as u64);
            if draw.uniform() < self.redrawn {
                unit.at.0 += REDRAWN_MM * draw.normal();
                unit.at.1 += REDRAWN_MM * draw.normal();
            }
        }
    }

    /// The added dots: those that were placed, then those drawn by chance.
    pub(crate) fn dots(&self, scars: &Scars) -> Vec<Dot> {
        let drawn = self.drawn(scars).into_iter();
        let drawn = drawn.map(|at| Dot { at, sigma_mm: DOT_MM, darkening: DOT_DARKENING });
        self.placed.iter().copied().chain(drawn).collect()
    }

    /// Places of dots drawn by chance, mm.
    fn drawn(&self, scars: &Scars) -> Vec<(f64, f64)> {
        let zone = self.head.zone();
        let (at_scars, elsewhere) = self.dots_per_cm2;
        let most = at_scars.max(elsewhere);
        if most <= 0.0 {
            return Vec::new();
        }
        let mut draw = self.shot.seed.stream("synth.dots", 0);
        let tries = (1.6 * most * zone.width_mm() * zone.height_mm() / 100.0) as usize;
        let mut dots: Vec<(f64, f64)> = Vec::new();
        for _ in 0..tries {
            let at = place(&mut draw, zone.width_mm(), zone.height_mm());
            let wanted = if scars.near(at) { at_scars } else { elsewhere };
            let is_wanted = draw.uniform() < wanted / most;
            let has_room = || dots.iter().all(|d| (d.0 - at.0).hypot(d.1 - at.1) > DOTS_APART_MM);
            if is_wanted && has_room() {
                dots.push(at);
            }
        }
        dots
    }
}

fn place(draw: &mut Stream, width_mm: f64, height_mm: f64) -> (f64, f64) {
    (width_mm * draw.uniform(), height_mm * draw.uniform())
}

/// What a dot of pigment looks like, roughly: a soft dark spot.
pub(crate) fn shade(dot: &Dot) -> Shade {
    Shade { from: dot.at, to: dot.at, sigma_mm: [dot.sigma_mm; 2], darkening: dot.darkening, left: 1.0 }
}
