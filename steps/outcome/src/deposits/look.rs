//! How dots that are there look: the light they take away, in red, green and blue, and how wide they are.
//!
//! All light that is missing in a disk around a dot is summed up. Blur only moves it about within the disk, so that the sum
//! holds in a soft picture too, whatever a dot's profile is. What hair and other dots take away around is told from it by the
//! places where no dot was planned, ghosts.

use std::f64::consts::TAU;

use stipple_model::DotLook;
use stipple_points::index::CellIndex;
use stipple_quantity::Estimate;
use stipple_raster::statistics::quantile;

use crate::frame::{Frame, Planes};

/// Light is summed up within so far of a dot's middle, mm.
const WITHIN_MM: f64 = 0.5;
/// Skin to hold it against lies between these, mm.
const SKIN_MM: (f64, f64) = (0.55, 0.8);
/// Skin that is darker than this share of full light in one of the colors tells nothing in it.
const LEVEL_MIN: f64 = 0.002;
/// Rings of the disk.
pub(super) const RINGS: usize = 10;
/// Fewest dots that are there for their look to be told.
const DOTS_MIN: f64 = 5.0;
/// What closed loops leave of light and radius beyond chance, share (docs/accuracy.md).
const SYSTEMATIC: f64 = 0.1;
/// Radius of half of a Gaussian's light over its softness.
const GAUSSIAN_HALF: f64 = 1.177;
/// Rounds until what dots put into their neighbors' disks has settled.
const ROUNDS: usize = 4;
/// Neighbors left out together, to tell how uncertain all are.
const LOTS: usize = 16;
/// Dots farther away put nothing into a disk that could be told, mm.
const REACH_MM: f64 = 1.7;
/// Steps of that distance, mm.
const STEP_MM: f64 = 0.02;

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
///
/// `profile` is what the optics expect a dot to take away so far from its middle, mm, of all that it takes away, 1/mm²; without
/// it dots are taken for Gaussians as wide as they are found.
pub(super) fn look(
    places: &[Place],
    in_scar_alone: bool,
    profile: Option<&ByDistance<'_>>,
) -> Option<DotLook> {
    let counts = |k: usize| places[k].in_scar || !in_scar_alone;
    let there: f64 = (0..places.len()).filter(|k| counts(*k)).map(|k| places[k].probability).sum();
    if there < DOTS_MIN || places.len() < 2 * LOTS {
        return None;
    }
    let lots = lots(places);
    let by_optics = profile.map(|profile| others_of(places, profile));
    let mut others = by_optics.unwrap_or_else(|| vec![Spill::default(); places.len()]);
    let mut reach = reach_of(places, &others, counts)?;
    for _ in 0..if profile.is_some() { 0 } else { ROUNDS } {
        let softness_mm = reach.radius_mm / GAUSSIAN_HALF;
        others = others_of(places, &|r_mm| [gaussian(r_mm, softness_mm); 3]);
        reach = reach_of(places, &others, counts)?;
    }
    let without_lot = |lot: usize| reach_of(places, &others, |k: usize| counts(k) && lots[k] != lot);
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
    let half_radius_um = half_radius_um.widened_by(SYSTEMATIC * radius_um);
    Some(DotLook { contrast_mm2, half_radius_um, expected: None })
}

/// What a dot takes away, and how far around.
struct Reach {
    light_mm2: [f64; 3],
    radius_mm: f64,
}

/// Red, green and blue by the distance from a dot's middle, mm.
pub(super) type ByDistance<'a> = dyn Fn(f64) -> [f64; 3] + 'a;

/// How much of the light that a dot takes away other dots take away as well within each ring's outer edge of a place's disk,
/// each as far as it is probable; red, green, blue.
type Spill = [[f64; RINGS]; 3];

fn reach_of(places: &[Place], others: &[Spill], holds: impl Fn(usize) -> bool + Copy) -> Option<Reach> {
    let own = |c: usize, ring: usize, of: &dyn Fn(&Missing) -> f64| {
        slope(places, holds, &|k| others[k][c][ring], &|k| of(&places[k].missing))
    };
    let mut within_mm2 = [0.0; RINGS];
    for (ring, within) in within_mm2.iter_mut().enumerate() {
        *within = own(1, ring, &|missing| missing.within_mm2[ring])?;
    }
    let mut light_mm2 = [0.0; 3];
    for (c, light) in light_mm2.iter_mut().enumerate() {
        *light = own(c, RINGS - 1, &|missing| missing.rgb_mm2[c])?;
    }
    Some(Reach { light_mm2, radius_mm: half_radius_mm(&within_mm2)? })
}

/// How much a value grows from no dot to a dot where what others spill is the same, each part with a level of its own.
fn slope(
    places: &[Place],
    holds: impl Fn(usize) -> bool + Copy,
    spilled: &dyn Fn(usize) -> f64,
    of: &dyn Fn(usize) -> f64,
) -> Option<f64> {
    // Sums of squares and products: dot with dot, dot with spill, spill with spill; either with the value.
    let (mut pp, mut ps, mut ss, mut pv, mut sv) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for in_scar in [true, false] {
        let part = || (0..places.len()).filter(|k| holds(*k) && places[*k].in_scar == in_scar);
        let n = part().count() as f64;
        let mean = |of: &dyn Fn(usize) -> f64| part().map(of).sum::<f64>() / n;
        let (probability, spill, level) = (mean(&|k| places[k].probability), mean(spilled), mean(of));
        for k in part() {
            let (p, s, v) = (places[k].probability - probability, spilled(k) - spill, of(k) - level);
            pp += p * p;
            ps += p * s;
            ss += s * s;
            pv += p * v;
            sv += s * v;
        }
    }
    let apart = pp * ss - ps * ps;
    if apart > 1e-9 * pp * ss { Some((pv * ss - sv * ps) / apart) } else { (pp > 0.0).then(|| pv / pp) }
}

/// What other dots put into each place's disk.
fn others_of(places: &[Place], profile: &ByDistance<'_>) -> Vec<Spill> {
    let steps = (REACH_MM / STEP_MM).ceil() as usize + 1;
    let table: Vec<Spill> = (0..=steps).map(|k| spill(k as f64 * STEP_MM, profile)).collect();
    let centers: Vec<(f64, f64)> = places.iter().map(|place| place.missing.middle_mm).collect();
    let index = CellIndex::new(&centers);
    let of = |(k, center): (usize, &(f64, f64))| {
        let mut sum = Spill::default();
        index.for_each_within(*center, REACH_MM, |j, squared| {
            if j != k && places[j].probability > 0.0 {
                let row = table[(squared.sqrt() / STEP_MM).round() as usize].as_flattened();
                let parts = sum.as_flattened_mut().iter_mut().zip(row);
                parts.for_each(|(sum, part)| *sum += places[j].probability * part);
            }
        });
        sum
    };
    centers.iter().enumerate().map(of).collect()
}

/// What a dot so far off a disk's middle puts within each of its rings' outer edges, held against the skin beside the disk.
pub(super) fn spill(away_mm: f64, profile: &ByDistance<'_>) -> Spill {
    const TURNS: usize = 24;
    const PARTS: usize = 3;
    let at = |r_mm: f64| -> [f64; 3] {
        let seen = (0..TURNS).map(|turn| {
            let angle = TAU * turn as f64 / TURNS as f64;
            profile((r_mm * r_mm + away_mm * away_mm - 2.0 * r_mm * away_mm * angle.cos()).max(0.0).sqrt())
        });
        let sum = seen.fold([0.0; 3], |sum: [f64; 3], seen| std::array::from_fn(|c| sum[c] + seen[c]));
        sum.map(|sum| sum / TURNS as f64)
    };
    let beside = at((SKIN_MM.0 + SKIN_MM.1) / 2.0);
    let part_mm = WITHIN_MM / (RINGS * PARTS) as f64;
    let (mut sum, mut spill) = ([0.0; 3], Spill::default());
    for part in 0..RINGS * PARTS {
        let r_mm = (part as f64 + 0.5) * part_mm;
        let seen = at(r_mm);
        for c in 0..3 {
            sum[c] += TAU * r_mm * part_mm * (seen[c] - beside[c]);
            spill[c][part / PARTS] = sum[c];
        }
    }
    spill
}

fn gaussian(r_mm: f64, softness_mm: f64) -> f64 {
    (-(r_mm / softness_mm).powi(2) / 2.0).exp() / (TAU * softness_mm * softness_mm)
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

/// Where half of all is reached, mm; none where nothing is missing.
pub(super) fn half_radius_mm(within: &[f64; RINGS]) -> Option<f64> {
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
            let sums = spill(0.0, &|r_mm| [gaussian(r_mm, sigma_mm); 3])[1];
            let whole = sums[RINGS - 1];
            assert!((whole - 1.0).abs() < 0.02, "{sigma_mm}: {whole} of one");
            let radius = half_radius_mm(&sums).expect("there is light missing") / sigma_mm;
            assert!((radius - 1.177).abs() < 0.04, "{sigma_mm}: {radius}");
        }
    }

    #[test]
    fn what_others_spill_is_not_taken_for_the_dots_own() {
        let missing = Missing { middle_mm: (0.0, 0.0), rgb_mm2: [0.0; 3], within_mm2: [0.0; RINGS] };
        let place = |k: usize| Place {
            missing,
            is_dot: !k.is_multiple_of(3),
            probability: (k % 3) as f64 / 2.0,
            in_scar: k.is_multiple_of(2),
        };
        let places: Vec<Place> = (0..60).map(place).collect();
        let spilled = |k: usize| ((k % 7) as f64).sqrt() + places[k].probability;
        let level = |k: usize| if places[k].in_scar { 2.0 } else { 5.0 };
        let value = |k: usize| level(k) + 3.0 * places[k].probability + 4.0 * spilled(k);
        let own = slope(&places, |_| true, &spilled, &value).expect("dots and ghosts");
        assert!((own - 3.0).abs() < 1e-9, "{own}");
    }
}
