//! What each dot looks like at a moment.

use std::collections::BTreeMap;

use rayon::prelude::*;
use stipple_model::{Dot, Moment, Plan, View};
use stipple_optics::dot::WAVELENGTHS_NM;
use stipple_optics::fading::EPIDERMIS_MM;
use stipple_optics::{Deposit, DotInk, Profile, Shape, deposit_after_at, shape_in, surface_stain};
use stipple_quantity::{PointInPhoto, Seed};

/// A dot, ready to be painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PaintedDot {
    /// Middle, px.
    pub(crate) x_px: f64,
    /// Middle, px.
    pub(crate) y_px: f64,
    /// Millimetres on the scalp by pixels in the photograph, `[row][column]`.
    pub(crate) mm_per_px: [[f64; 2]; 2],
    /// Side of a square pixel of the same area, mm.
    pub(crate) pitch_mm: f64,
    /// Which of the looks.
    pub(crate) look: usize,
    /// Factor on the look's contrast.
    pub(crate) strength: f32,
}

/// The dots of a plan at a moment.
pub(crate) struct Looks {
    /// The pigment in the skin, for every look that occurs.
    pub(crate) profiles: Vec<Profile>,
    /// The stain above it, look by look; none once healed.
    pub(crate) stains: Vec<Option<Profile>>,
    /// The dots, in rows from the top: neighbors in memory for those who lay them on a grid.
    pub(crate) dots: Vec<PaintedDot>,
    /// How many dots could not be shown: not numbers, or far outside the photograph.
    pub(crate) skipped: usize,
}

/// Height of the rows that dots are sorted into, px.
const ROW_PX: f64 = 16.0;
/// Most looks that are computed; a plan with more of them is shown in coarser steps.
const LOOKS_MAX: usize = 2000;

/// Width of the steps in which looks are computed.
#[derive(Clone, Copy)]
struct Steps {
    diameter_um: f64,
    depth_mm: f64,
}

impl Steps {
    const FINE: Self = Self { diameter_um: 6.0, depth_mm: 0.02 };

    fn coarser(self) -> Self {
        Self { diameter_um: 2.0 * self.diameter_um, depth_mm: 2.0 * self.depth_mm }
    }
}

/// How much dots of one hand differ: logarithms of diameter and of strength, one standard deviation.
const HAND: (f64, f64) = (0.06, 0.12);
/// How far a hand sets a dot from where it meant to, along each axis, mm, one standard deviation. Eye surgeons who actuate an
/// instrument again and again are off by 0.133 mm RMS [@Riviere1997]; 0.2 mm RMS without their microscope is our assumption.
/// It holds no error of finding the place.
const HAND_MM: f64 = 0.15;
/// Blur of lens and demosaicing, px (one standard deviation): a sharp photograph; few are sharper.
pub(crate) const CAMERA_BLUR_PX: f64 = 0.7;
/// Standard deviation of a pixel's own square, px: 1/√12. After the camera's blur nothing finer is left to see.
pub(crate) const PIXEL_PX: f64 = 0.289;
/// Dots farther from the photograph than this do not reach it, px.
const OUTSIDE_PX: f64 = 2000.0;

/// What two dots share that look the same: steps of diameter and depth, pigment, kind of skin, whether they healed before.
type LookKey = (u32, u32, u32, usize, bool, bool);

/// The looks of all dots of a plan, on a course of healing and fading, in a picture as sharp as `blur_px` tells (one standard
/// deviation).
///
/// # Determinism
/// A dot's own variation depends on its place in the plan alone: it is the same in a part of the photograph.
pub(crate) fn looks_of(plan: &Plan, view: &View, blur_px: f64) -> Looks {
    let shrinkage = plan.shrinkage();
    let is_new = matches!(view.moment, Moment::Fresh | Moment::Day3);
    let sessions = plan.sessions.iter().enumerate().filter(|_| view.treated);
    // Dots of sessions that are done are as healed as ever where those of others are new.
    let planned: Vec<(&Dot, bool)> = sessions
        .flat_map(|(k, session)| session.dots.iter().map(move |dot| (dot, is_new && k < plan.sessions_done)))
        .collect();
    let mut steps = Steps::FINE;
    let (mut dots, numbers) = loop {
        let found: Vec<_> =
            planned.par_iter().filter_map(|dot| painted(plan, *dot, shrinkage, steps)).collect();
        let numbered = numbered(found);
        if numbered.1.len() <= LOOKS_MAX || steps.depth_mm > 1.0 {
            break numbered;
        }
        steps = steps.coarser();
    };
    let skipped = planned.len() - dots.len();
    dots.sort_by_cached_key(row_place);
    let mut keys: Vec<(LookKey, usize)> = numbers.into_iter().collect();
    keys.sort_by_key(|(_, number)| *number);
    let blur_mm = blur_px * median_pitch_mm(&dots);
    let (profiles, stains): (Vec<_>, Vec<_>) = keys
        .par_iter()
        .map(|(key, _)| shapes_of(plan, *key, view, shrinkage, steps))
        .map(|(deposit, stain)| (deposit.profile(blur_mm), stain.map(|s| s.profile(blur_mm))))
        .unzip();
    Looks { profiles, stains, dots, skipped }
}

/// Numbers the looks in the order in which they come.
fn numbered(found: Vec<(LookKey, PaintedDot)>) -> (Vec<PaintedDot>, BTreeMap<LookKey, usize>) {
    let mut numbers: BTreeMap<LookKey, usize> = BTreeMap::new();
    let number = |(key, dot)| {
        let next = numbers.len();
        PaintedDot { look: *numbers.entry(key).or_insert(next), ..dot }
    };
    let dots = found.into_iter().map(number).collect();
    (dots, numbers)
}

/// A dot that can be shown, as a hand sets it, and the key of its look.
fn painted(
    plan: &Plan,
    (dot, is_healed): (&Dot, bool),
    shrinkage: f64,
    steps: Steps,
) -> Option<(LookKey, PaintedDot)> {
    let (mm_per_px, pitch_mm) = mm_per_px(plan, dot.at_photo)?;
    if dot.pigment >= plan.pigments.len() || !dot.diameter_um.is_finite() {
        return None;
    }
    let mut chance = Seed(0).stream("preview", place_of(dot));
    let mut drawn = |spread: f64| spread * chance.normal().clamp(-2.0, 2.0);
    let (size, strength) = (drawn(HAND.0).exp(), drawn(HAND.1).exp());
    let off_mm = [drawn(HAND_MM), drawn(HAND_MM)];
    let diameter_um = (dot.diameter_um * size * shrinkage).clamp(20.0, 1000.0);
    let (key, step_um) = key_of(dot, is_healed, diameter_um, steps);
    // because looks come in steps of diameter: what a step adds in area is taken from the strength.
    let strength = (strength * (diameter_um / step_um).powi(2)) as f32;
    let [dx_px, dy_px] = in_px(off_mm, mm_per_px);
    let (x_px, y_px) = (dot.at_photo.x_px + dx_px, dot.at_photo.y_px + dy_px);
    Some((key, PaintedDot { x_px, y_px, mm_per_px, pitch_mm, look: 0, strength }))
}

/// A dot's place on the scalp as one number: a tenth of a micrometre counts.
fn place_of(dot: &Dot) -> u64 {
    let steps = |mm: f64| (1e4 * mm).round() as i32 as u32;
    (u64::from(steps(dot.at_scalp.x_mm)) << 32) | u64::from(steps(dot.at_scalp.y_mm))
}

/// A step on the scalp as one in the photograph.
fn in_px([x_mm, y_mm]: [f64; 2], [[a, b], [c, d]]: [[f64; 2]; 2]) -> [f64; 2] {
    let area = a * d - b * c;
    [(d * x_mm - b * y_mm) / area, (a * y_mm - c * x_mm) / area]
}

/// Which row a dot lies in, and where in it.
fn row_place(dot: &PaintedDot) -> u64 {
    let row = (dot.y_px / ROW_PX).floor().max(0.0) as u64;
    (row << 32) | (16.0 * dot.x_px.max(0.0)) as u64
}

/// The middle one of the dots' pixel pitches, mm.
pub(crate) fn median_pitch_mm(dots: &[PaintedDot]) -> f64 {
    let mut pitches: Vec<f64> = dots.iter().map(|dot| dot.pitch_mm).collect();
    if pitches.is_empty() {
        return 0.1;
    }
    let middle = pitches.len() / 2;
    *pitches.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The map's slope and pixel pitch at a place, if the place is one and lies near the photograph.
pub(crate) fn mm_per_px(plan: &Plan, at: PointInPhoto) -> Option<([[f64; 2]; 2], f64)> {
    let inside = |v: f64, size: usize| v > -OUTSIDE_PX && v < size as f64 + OUTSIDE_PX;
    if !inside(at.x_px, plan.photo_width_px) || !inside(at.y_px, plan.photo_height_px) {
        return None;
    }
    let map = |dx: f64, dy: f64| plan.scalp_from_photo.apply(PointInPhoto::new(at.x_px + dx, at.y_px + dy));
    let (left, right, up, down) = (map(-0.5, 0.0), map(0.5, 0.0), map(0.0, -0.5), map(0.0, 0.5));
    let slope =
        [[right.x_mm - left.x_mm, down.x_mm - up.x_mm], [right.y_mm - left.y_mm, down.y_mm - up.y_mm]];
    let pitch_mm = (slope[0][0] * slope[1][1] - slope[0][1] * slope[1][0]).abs().sqrt();
    let longest = slope.iter().flatten().fold(0.0, |m: f64, v| m.max(v.abs()));
    // because a place near the horizon of a tilted map has no usable pitch.
    ((0.004..=1.0).contains(&pitch_mm) && longest < 8.0 * pitch_mm).then_some((slope, pitch_mm))
}

/// The look a dot has, and the diameter that look stands for, µm.
fn key_of(dot: &Dot, is_healed: bool, healed_diameter_um: f64, steps: Steps) -> (LookKey, f64) {
    let step = (healed_diameter_um / steps.diameter_um).round().max(1.0);
    let [shallow, deep] =
        dot.needle_depth_mm.map(|mm| if mm.is_finite() { mm.clamp(0.05, 3.0) } else { 0.4 });
    let depth_step = |mm: f64| (mm / steps.depth_mm).round() as u32;
    let key = (
        step as u32,
        depth_step(shallow.min(deep)),
        depth_step(shallow.max(deep)),
        dot.pigment,
        dot.in_scar,
        is_healed,
    );
    (key, step * steps.diameter_um)
}

/// The shapes of a look: the deposit, and in the first days a stain above it.
fn shapes_of(plan: &Plan, key: LookKey, view: &View, shrinkage: f64, steps: Steps) -> (Shape, Option<Shape>) {
    let (step, shallow, deep, pigment, in_scar, is_healed) = key;
    let planned = &plan.pigments[pigment];
    let placed = Deposit {
        diameter_um: f64::from(step) * steps.diameter_um,
        top_mm: f64::from(shallow) * steps.depth_mm,
        bottom_mm: f64::from(deep) * steps.depth_mm,
        ink: planned.ink(),
    };
    let fresh_diameter_um = placed.diameter_um / shrinkage;
    let fresh = Deposit { top_mm: EPIDERMIS_MM.min(placed.top_mm), ..placed };
    let skin = plan.skin_optics.of_dot(in_scar);
    match if is_healed { Moment::Healed } else { view.moment } {
        Moment::Fresh => {
            (shape_in(&fresh, skin), Some(surface_stain(fresh_diameter_um, fresh_stain(&placed.ink))))
        }
        Moment::Day3 => (shape_in(&fresh, skin), Some(surface_stain(fresh_diameter_um * SCAB_GROWTH, SCAB))),
        moment => {
            let left = deposit_after_at(moment.days(), in_scar, &placed, view.course);
            (shape_in(&left, skin), None)
        }
    }
}

/// Contrast in R, G, B of fresh pigment in the epidermis, as wide as the needle left it: a film that light crosses twice,
/// under light that the surface sends back.
fn fresh_stain(ink: &DotInk) -> [f64; 3] {
    WAVELENGTHS_NM.map(|nm| FRESH_MOST * (1.0 - (-2.0 * FRESH_FILM_MM * ink.absorption_per_mm(nm)).exp()))
}

/// The darkest that fresh pigment gets.
const FRESH_MOST: f64 = 0.6;
/// Thickness of pigment that the needle leaves in the epidermis, mm: our assumption.
const FRESH_FILM_MM: f64 = 0.03;
/// Contrast of the scab on the third day: dark brown.
const SCAB: [f64; 3] = [0.56, 0.64, 0.66];
/// A scab is wider than the stain it grew from.
const SCAB_GROWTH: f64 = 1.1;
