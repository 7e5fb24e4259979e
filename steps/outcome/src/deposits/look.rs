//! How dots that are there look: the light they take away, in red, green and blue, and how wide they are.
//!
//! All light that is missing in a disk around a dot is summed up. Blur only moves it about within the disk, so that the sum
//! holds in a soft picture too, whatever a dot's profile is. What hair takes away around is measured at ghosts and taken off.

use stipple_model::{DotLook, ExpectedLook, Plan};
use stipple_optics::dot::contrast_uncertainty;
use stipple_optics::fading::pigment_share_left;
use stipple_optics::{Deposit, deposit_after, shape_in};
use stipple_quantity::Estimate;
use stipple_raster::statistics::quantile;

use super::mixture::Told;
use crate::frame::{Frame, Planes};

/// All of a dot lies within so far of its middle, mm.
const WITHIN_MM: f64 = 0.5;
/// Skin to hold it against lies between these, mm.
const SKIN_MM: (f64, f64) = (0.55, 0.8);
/// Rings of the disk.
const RINGS: usize = 10;
/// Fewest dots that are there for their look to be told.
const DOTS_MIN: f64 = 5.0;
/// What closed loops leave of the light beyond chance, share (docs/accuracy.md).
const SYSTEMATIC: f64 = 0.05;
/// The same of the radius.
const RADIUS_SYSTEMATIC: f64 = 0.05;
/// Width of the steepest edges over the blur that makes them: synthetic hair at 12 and 20 px/mm has 4.1 and 4.5, because the
/// height of an edge is taken over more than its own hair.
const EDGE_OVER_BLUR: f64 = 4.3;
/// How far the blur of a picture may be off, share.
const BLUR_UNSURE: f64 = 0.2;
/// Dots that are looked up in the optics at most.
const EXPECTED_OF: usize = 24;

/// Light that is missing around a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing {
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
            let level = levels[c]?.max(1e-4);
            let mut sum = 0.0;
            for ring in 0..RINGS {
                sum += pixel_mm2 * (pixels[ring] - light[c][ring] / level);
                sums[c][ring] = sum;
            }
        }
        Some(Self { rgb_mm2: sums.map(|sum| sum[RINGS - 1]), within_mm2: sums[1] })
    }
}

/// The look of the dots that are there: mean over all, each as far as it is probable, less that of the ghosts.
pub(super) fn look(dots: &[Option<Missing>], told: &Told, ghosts: &[Option<Missing>]) -> Option<DotLook> {
    let seen: Vec<(&Missing, f64)> =
        dots.iter().zip(&told.probability).filter_map(|(dot, p)| Some((dot.as_ref()?, *p))).collect();
    let none: Vec<(&Missing, f64)> = ghosts.iter().flatten().map(|ghost| (ghost, 1.0)).collect();
    let total = |all: &[(&Missing, f64)]| all.iter().map(|(_, weight)| weight).sum::<f64>();
    if total(&seen) < DOTS_MIN || total(&none) < DOTS_MIN {
        return None;
    }
    // Some of the weight lies on dots that are gone.
    let pure = seen.iter().map(|(_, p)| p * p).sum::<f64>() / total(&seen);
    let excess = |of: &dyn Fn(&Missing) -> f64| {
        let (seen, none) = (weighted(&seen, of), weighted(&none, of));
        let unsure = seen.standard_uncertainty.hypot(none.standard_uncertainty);
        Estimate::new((seen.value - none.value) / pure, unsure / pure)
    };
    let contrast_mm2 = std::array::from_fn(|c| {
        let all = excess(&|missing| missing.rgb_mm2[c]);
        all.widened_by(SYSTEMATIC * all.value)
    });
    let within: [f64; RINGS] = std::array::from_fn(|ring| excess(&|missing| missing.within_mm2[ring]).value);
    let radius_um = 1000.0 * half_radius_mm(&within)?;
    // At the half the light grows about as the radius does.
    let chance = contrast_mm2[1].relative_uncertainty().hypot(RADIUS_SYSTEMATIC);
    Some(DotLook {
        contrast_mm2,
        half_radius_um: Estimate::new(radius_um, radius_um * chance),
        expected: None,
    })
}

/// What the plan's optics expect of its dots so many days after the last session, in a picture whose steepest edges are so wide.
pub(super) fn expected(plan: &Plan, days: u32, edge_mm: f64) -> Option<ExpectedLook> {
    let dots: Vec<_> = plan.dots().collect();
    let step = dots.len().div_ceil(EXPECTED_OF).max(1);
    let (mut rgb, mut unsure, mut n) = ([0.0; 3], [0.0; 3], 0.0);
    let blurs = [1.0 - BLUR_UNSURE, 1.0, 1.0 + BLUR_UNSURE].map(|times| times * edge_mm / EDGE_OVER_BLUR);
    let mut within = [[0.0; RINGS]; 3];
    for dot in dots.into_iter().step_by(step) {
        let skin = plan.skin_optics.of_dot(dot.in_scar);
        let planned = Deposit {
            diameter_um: dot.diameter_um,
            top_mm: dot.needle_depth_mm[0],
            bottom_mm: dot.needle_depth_mm[1],
            ink: plan.pigments.get(dot.pigment)?.ink(),
        };
        let today = deposit_after(f64::from(days), dot.in_scar, &planned);
        let left = pigment_share_left(f64::from(days), dot.in_scar).relative_uncertainty();
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

/// A mean with weights of at most 1.
fn weighted(values: &[(&Missing, f64)], of: &dyn Fn(&Missing) -> f64) -> Estimate {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mean = values.iter().map(|(one, weight)| weight * of(one)).sum::<f64>() / total;
    let variance = values.iter().map(|(one, weight)| weight * (of(one) - mean).powi(2)).sum::<f64>() / total;
    Estimate::new(mean, (variance / total).sqrt())
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
