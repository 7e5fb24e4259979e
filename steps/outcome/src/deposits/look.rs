//! How dots that are there look: the light they take away, in red, green and blue, and how wide they are.
//!
//! All light that is missing in a disk around a dot is summed up. Blur only moves it about within the disk, so that the sum
//! holds in a soft picture too, whatever a dot's profile is. What hair and other dots take away around is told from it by the
//! places where no dot was planned, ghosts.

use stipple_model::{Dot, DotLook, ExpectedLook, Plan};
use stipple_optics::dot::contrast_uncertainty;
use stipple_optics::fading::pigment_share_left;
use stipple_optics::{Deposit, SkinAround, deposit_after, shape_in};
use stipple_points::index::CellIndex;
use stipple_quantity::Estimate;
use stipple_raster::statistics::quantile;

use super::mixture::Known;
use crate::frame::{Frame, Planes};

/// All of a dot lies within so far of its middle, mm.
const WITHIN_MM: f64 = 0.5;
/// Skin to hold it against lies between these, mm.
const SKIN_MM: (f64, f64) = (0.55, 0.8);
/// Skin that is darker than this share of full light in one of the colors tells nothing in it.
const LEVEL_MIN: f64 = 0.002;
/// Rings of the disk.
const RINGS: usize = 10;
/// Fewest dots that are there for their look to be told.
const DOTS_MIN: f64 = 5.0;
/// What closed loops leave of the light beyond chance, share (docs/accuracy.md).
const SYSTEMATIC: f64 = 0.1;
/// The same of the radius: neighbors' halos reach farther than Gaussians.
const RADIUS_SYSTEMATIC: f64 = 0.18;
/// Width of the steepest edges over the blur that makes them: synthetic hair at 12 and 20 px/mm has 4.1 and 4.5, because the
/// height of an edge is taken over more than its own hair.
const EDGE_OVER_BLUR: f64 = 4.3;
/// How far the blur of a picture may be off, share.
const BLUR_UNSURE: f64 = 0.2;
/// Radius of half of a Gaussian's light over its softness.
const GAUSSIAN_HALF: f64 = 1.177;
/// Rounds until what dots put into their neighbors' disks has settled.
const ROUNDS: usize = 4;
/// Neighbors left out together, to tell how uncertain all are.
const LOTS: usize = 16;
/// Steps of distance in which shares are told, mm.
const STEP_MM: f64 = 0.01;
/// How far the contrast that is fitted may be off what the optics expect, besides their own doubt (logarithm).
const FITTED_UNSURE: f64 = 0.3;
/// Dots that are looked up in the optics at most.
const EXPECTED_OF: usize = 24;

/// Light that is missing around a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing {
    middle_mm: (f64, f64),
    /// In the whole disk, mm²; R, G, B.
    rgb_mm2: [f64; 3],
    /// Within each ring's outer edge, green, mm².
    within_mm2: [f64; RINGS],
}

impl Missing {
    /// Contrast to the median of the skin around, summed over the disk; none where not all of it is seen.
    pub(super) fn around(at: (f64, f64), frame: &Frame, planes: &Planes) -> Option<Self> {
        if !frame.shows_around(at, SKIN_MM.1) {
            return None;
        }
        let mut skin: [Vec<f32>; 3] = Default::default();
        let (mut light, mut pixels) = ([[0.0_f64; RINGS]; 3], [0.0_f64; RINGS]);
        frame.each_within(at, SKIN_MM.1, |k, away_mm| {
            let rgb = planes.rgb(k);
            if away_mm < WITHIN_MM {
                let ring = (away_mm / WITHIN_MM * RINGS as f64) as usize;
                pixels[ring] += 1.0;
                (0..3).for_each(|c| light[c][ring] += f64::from(rgb[c]));
            } else if away_mm > SKIN_MM.0 {
                skin.iter_mut().zip(rgb).for_each(|(skin, value)| skin.push(value));
            }
        });
        let levels = skin.map(|values| quantile(values.into_iter(), 0.5).map(f64::from));
        let pixel_mm2 = frame.mm_per_px * frame.mm_per_px;
        let mut sums = [[0.0; RINGS]; 3];
        for c in 0..3 {
            let level = levels[c].filter(|level| *level > LEVEL_MIN)?;
            let mut sum = 0.0;
            for ring in 0..RINGS {
                sum += pixel_mm2 * (pixels[ring] - light[c][ring] / level);
                sums[c][ring] = sum;
            }
        }
        Some(Self { middle_mm: at, rgb_mm2: sums.map(|sum| sum[RINGS - 1]), within_mm2: sums[1] })
    }
}

/// A place that was looked at: a dot, there with a probability, or a ghost, which is none.
pub(super) struct Place {
    pub(super) missing: Missing,
    pub(super) is_dot: bool,
    /// That a dot is there; 0 of a ghost.
    pub(super) probability: f64,
    pub(super) in_scar: bool,
}

/// The look of the dots that are there: of those in the scar where there are enough, else of all. Hair makes what is seen
/// around many times as unsure.
///
/// What is missing at a place is what hair takes away around (told in the scar and around it apart), what other dots take away
/// that reach into its disk, and, as far as it is probable, what a dot takes away itself: a straight line through dots and
/// ghosts, whose slope is the dot's. How uncertain that is tell neighbors left out together, in sixteen lots.
pub(super) fn look(places: &[Place], in_scar_alone: bool) -> Option<DotLook> {
    let counts = |k: usize| places[k].in_scar || !in_scar_alone;
    let there: f64 = (0..places.len()).filter(|k| counts(*k)).map(|k| places[k].probability).sum();
    if there < DOTS_MIN || places.len() < 2 * LOTS {
        return None;
    }
    let lots = lots(places);
    let mut reach = Reach { light_mm2: [0.0; 3], radius_mm: 0.0, within_mm2: [0.0; RINGS] };
    let mut others = vec![Share::default(); places.len()];
    for _ in 0..ROUNDS {
        reach = reach_of(places, &others, &reach, counts)?;
        others = others_of(places, reach.radius_mm / GAUSSIAN_HALF);
    }
    let without_lot = |lot: usize| reach_of(places, &others, &reach, |k: usize| counts(k) && lots[k] != lot);
    let without: Vec<Reach> = (0..LOTS).filter_map(without_lot).collect();
    let unsure = |of: &dyn Fn(&Reach) -> f64| -> f64 {
        let n = without.len() as f64;
        let mean = without.iter().map(of).sum::<f64>() / n;
        ((n - 1.0) / n * without.iter().map(|one| (of(one) - mean).powi(2)).sum::<f64>()).sqrt()
    };
    let contrast_mm2 = std::array::from_fn(|c| {
        let value = reach.light_mm2[c];
        Estimate::new(value, unsure(&|one| one.light_mm2[c])).widened_by(SYSTEMATIC * value)
    });
    let radius_um = 1000.0 * reach.radius_mm;
    let half_radius_um = Estimate::new(radius_um, 1000.0 * unsure(&|one| one.radius_mm));
    let half_radius_um = half_radius_um.widened_by(RADIUS_SYSTEMATIC * radius_um);
    Some(DotLook { contrast_mm2, half_radius_um, expected: None })
}

/// What a dot takes away, and how far around.
struct Reach {
    light_mm2: [f64; 3],
    radius_mm: f64,
    within_mm2: [f64; RINGS],
}

/// The share of other dots' light that falls into each ring of a place's disk, each as far as it is probable.
#[derive(Clone, Copy, Default)]
struct Share([f64; RINGS]);

fn reach_of(
    places: &[Place],
    others: &[Share],
    before: &Reach,
    holds: impl Fn(usize) -> bool + Copy,
) -> Option<Reach> {
    let own = |light_mm2: f64, ring: usize, of: &dyn Fn(&Missing) -> f64| {
        slope(places, holds, &|k| of(&places[k].missing) - light_mm2 * others[k].0[ring])
    };
    let mut within_mm2 = [0.0; RINGS];
    for (ring, within) in within_mm2.iter_mut().enumerate() {
        *within = own(before.within_mm2[RINGS - 1], ring, &|missing| missing.within_mm2[ring])?;
    }
    let mut light_mm2 = [0.0; 3];
    for (c, light) in light_mm2.iter_mut().enumerate() {
        *light = own(before.light_mm2[c], RINGS - 1, &|missing| missing.rgb_mm2[c])?;
    }
    Some(Reach { light_mm2, radius_mm: half_radius_mm(&within_mm2)?, within_mm2 })
}

/// How much a value grows from no dot to a dot, each part with a level of its own.
fn slope(places: &[Place], holds: impl Fn(usize) -> bool + Copy, of: &dyn Fn(usize) -> f64) -> Option<f64> {
    let (mut both, mut square) = (0.0, 0.0);
    for in_scar in [true, false] {
        let part = || (0..places.len()).filter(|k| holds(*k) && places[*k].in_scar == in_scar);
        let n = part().count() as f64;
        let probability = part().map(|k| places[k].probability).sum::<f64>() / n;
        let level = part().map(of).sum::<f64>() / n;
        for k in part() {
            let more = places[k].probability - probability;
            both += more * (of(k) - level);
            square += more * more;
        }
    }
    (square > 0.0).then(|| both / square)
}

/// What other dots put into each place's disk, if they are Gaussians of such a softness.
fn others_of(places: &[Place], softness_mm: f64) -> Vec<Share> {
    let reach_mm = WITHIN_MM + 4.0 * softness_mm;
    let steps = (reach_mm / STEP_MM).ceil() as usize + 1;
    let table: Vec<[f64; RINGS]> =
        (0..=steps).map(|k| share_within(k as f64 * STEP_MM, softness_mm)).collect();
    let centers: Vec<(f64, f64)> = places.iter().map(|place| place.missing.middle_mm).collect();
    let index = CellIndex::new(&centers);
    let of = |(k, center): (usize, &(f64, f64))| {
        let mut share = Share::default();
        index.for_each_within(*center, reach_mm, |j, squared| {
            if j != k && places[j].probability > 0.0 {
                let row = &table[(squared.sqrt() / STEP_MM).round() as usize];
                share.0.iter_mut().zip(row).for_each(|(sum, part)| *sum += places[j].probability * part);
            }
        });
        share
    };
    centers.iter().enumerate().map(of).collect()
}

/// The share of a Gaussian so far off a disk's middle that lies within each of its rings' outer edges.
fn share_within(away_mm: f64, softness_mm: f64) -> [f64; RINGS] {
    const TURNS: usize = 24;
    const PARTS: usize = 5;
    let part_mm = WITHIN_MM / (RINGS * PARTS) as f64;
    let mut sum = 0.0;
    std::array::from_fn(|ring| {
        for part in 0..PARTS {
            let r = ((ring * PARTS + part) as f64 + 0.5) * part_mm;
            let at = |turn: usize| {
                let angle = std::f64::consts::TAU * turn as f64 / TURNS as f64;
                let squared = r * r + away_mm * away_mm - 2.0 * r * away_mm * angle.cos();
                (-squared / (2.0 * softness_mm * softness_mm)).exp()
            };
            let mean = (0..TURNS).map(at).sum::<f64>() / TURNS as f64;
            sum += mean * r * part_mm / (softness_mm * softness_mm);
        }
        sum
    })
}

/// The lot of each place: dots as they are worked, one after the other, and ghosts with their nearest dot.
fn lots(places: &[Place]) -> Vec<usize> {
    let dots: Vec<(f64, f64)> =
        places.iter().filter(|place| place.is_dot).map(|place| place.missing.middle_mm).collect();
    let index = CellIndex::new(&dots);
    let lot = |place: &Place| {
        let nearest = index.nearest(place.missing.middle_mm, None).map_or(0, |(k, _)| k);
        nearest * LOTS / dots.len()
    };
    places.iter().map(lot).collect()
}

/// What the plan's optics expect of dots so many days after each was made, in a picture whose steepest edges are so wide.
pub(super) fn expected(plan: &Plan, dots: &[(&Dot, f64)], edge_mm: f64) -> Option<ExpectedLook> {
    let step = dots.len().div_ceil(EXPECTED_OF).max(1);
    let (mut rgb, mut unsure, mut n) = ([0.0; 3], [0.0; 3], 0.0);
    let blurs = [1.0 - BLUR_UNSURE, 1.0, 1.0 + BLUR_UNSURE].map(|times| times * edge_mm / EDGE_OVER_BLUR);
    let mut within = [[0.0; RINGS]; 3];
    for (dot, days) in dots.iter().step_by(step) {
        let (today, skin) = deposit_today(plan, dot, *days)?;
        let left = pigment_share_left(*days, dot.in_scar).relative_uncertainty();
        let factors = contrast_uncertainty(&today, skin);
        let shape = shape_in(&today, skin);
        for (sums, blur_mm) in within.iter_mut().zip(blurs) {
            let profile = shape.profile(blur_mm);
            let contrast = |r_mm: f64| profile.contrast_at(r_mm as f32).map(f64::from);
            let whole = add_rings(sums, &|r_mm| contrast(r_mm)[1]);
            if blur_mm == blurs[1] {
                for c in 0..3 {
                    let sum = if c == 1 { whole } else { add_rings(&mut [0.0; RINGS], &|r| contrast(r)[c]) };
                    rgb[c] += sum;
                    unsure[c] += sum * factors[c].ln().hypot(left);
                }
            }
        }
        n += 1.0;
    }
    let radii = [0, 1, 2].map(|k| half_radius_mm(&within[k]));
    let [low, middle, high] = [radii[0]?, radii[1]?, radii[2]?].map(|mm| 1000.0 * mm);
    Some(ExpectedLook {
        contrast_mm2: std::array::from_fn(|c| Estimate::new(rgb[c] / n, unsure[c] / n)),
        half_radius_um: Estimate::new(middle, (high - low).abs() / 2.0),
    })
}

/// The contrast that is fitted to such dots, as the plan's optics expect it.
pub(super) fn expected_contrast(
    plan: &Plan,
    dots: &[(&Dot, f64)],
    edge_mm: f64,
    fitted: impl Fn(&dyn Fn(f64) -> f64) -> f64,
) -> Option<Known> {
    let step = dots.len().div_ceil(EXPECTED_OF).max(1);
    let (mut sum, mut unsure, mut n) = (0.0, 0.0, 0.0);
    for (dot, days) in dots.iter().step_by(step) {
        let (today, skin) = deposit_today(plan, dot, *days)?;
        let profile = shape_in(&today, skin).profile(edge_mm / EDGE_OVER_BLUR);
        sum += fitted(&|r_mm| f64::from(profile.contrast_at(r_mm as f32)[1]));
        let left = pigment_share_left(*days, dot.in_scar).relative_uncertainty();
        unsure += contrast_uncertainty(&today, skin)[1].ln().hypot(left);
        n += 1.0;
    }
    (sum > 0.0).then(|| Known { mean: sum / n, log_spread: f64::hypot(unsure / n, FITTED_UNSURE) })
}

/// What is left of a dot, and the skin that it lies in.
fn deposit_today<'a>(plan: &'a Plan, dot: &Dot, days: f64) -> Option<(Deposit, &'a SkinAround)> {
    let planned = Deposit {
        diameter_um: plan.shrinkage() * dot.diameter_um,
        top_mm: dot.needle_depth_mm[0],
        bottom_mm: dot.needle_depth_mm[1],
        ink: plan.pigments.get(dot.pigment)?.ink(),
    };
    Some((deposit_after(days, dot.in_scar, &planned), plan.skin_optics.of_dot(dot.in_scar)))
}

/// Adds a contrast by distance, summed over the disk within each ring's outer edge, less the skin beside it; gives the whole.
fn add_rings(sums: &mut [f64; RINGS], contrast: &dyn Fn(f64) -> f64) -> f64 {
    const PARTS: usize = 4;
    let beside = contrast((SKIN_MM.0 + SKIN_MM.1) / 2.0);
    let part_mm = WITHIN_MM / (RINGS * PARTS) as f64;
    let mut sum = 0.0;
    for (ring, total) in sums.iter_mut().enumerate() {
        for part in 0..PARTS {
            let r = (ring * PARTS + part) as f64 * part_mm + part_mm / 2.0;
            sum += std::f64::consts::TAU * r * part_mm * (contrast(r) - beside);
        }
        *total += sum;
    }
    sum
}

/// Where half of all is reached, mm; none where nothing is missing.
fn half_radius_mm(within: &[f64; RINGS]) -> Option<f64> {
    let half = within[RINGS - 1] / 2.0;
    if half <= 0.0 {
        return None;
    }
    let ring = within.iter().position(|sum| *sum >= half)?;
    let (below, ring_mm) = (if ring == 0 { 0.0 } else { within[ring - 1] }, WITHIN_MM / RINGS as f64);
    // Within a ring light grows with the area.
    let (inner, outer) = (ring as f64 * ring_mm, (ring + 1) as f64 * ring_mm);
    let share = (half - below) / (within[ring] - below).max(1e-12);
    Some((inner * inner + share * (outer * outer - inner * inner)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_gaussian_lies_within_its_known_radius() {
        // exp(−r²/2σ²) holds half within σ √(2 ln 2).
        for sigma_mm in [0.08, 0.12, 0.15] {
            let mut sums = [0.0; RINGS];
            let whole = add_rings(&mut sums, &|r| 0.3 * (-r * r / (2.0 * sigma_mm * sigma_mm)).exp());
            let truth = 0.3 * std::f64::consts::TAU * sigma_mm * sigma_mm;
            assert!((whole / truth - 1.0).abs() < 0.02, "{sigma_mm}: {whole} for {truth}");
            let radius = half_radius_mm(&sums).expect("there is light missing") / sigma_mm;
            assert!((radius - 1.177).abs() < 0.04, "{sigma_mm}: {radius}");
        }
    }
}
