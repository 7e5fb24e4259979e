//! What the plan's optics expect of dots today.

use stipple_model::{Dot, ExpectedLook, Plan};
use stipple_optics::dot::contrast_uncertainty;
use stipple_optics::fading::pigment_share_left;
use stipple_optics::{Deposit, Profile, Shape, deposit_after, shape_in};
use stipple_quantity::Estimate;

use super::look::{RINGS, half_radius_mm, spill};
use super::mixture::Known;

/// Width of the steepest edges over the blur that makes them: synthetic hair at 12 and 20 px/mm has 4.1 and 4.5, because the
/// height of an edge is taken over more than its own hair.
const EDGE_OVER_BLUR: f64 = 4.3;
/// How far the blur of a picture may be off, share.
const BLUR_UNSURE: f64 = 0.2;
/// How far the contrast that is fitted may be off what the optics expect, besides their own doubt (logarithm).
const FITTED_UNSURE: f64 = 0.3;
/// Dots that are looked up in the optics at most.
const DOTS_MOST: usize = 24;

/// Some of the dots that are asked about, as they are today.
pub(super) struct Expected {
    shapes: Vec<Shape>,
    /// How far the contrast of each may be off (logarithm); red, green, blue.
    unsure: Vec<[f64; 3]>,
    blur_mm: f64,
}

impl Expected {
    /// Of dots with the days since each was made, in a picture whose steepest edges are so wide; none without dots.
    pub(super) fn of(plan: &Plan, dots: &[(&Dot, f64)], edge_mm: f64) -> Option<Self> {
        let step = dots.len().div_ceil(DOTS_MOST).max(1);
        let (shrinkage, blur_mm) = (plan.shrinkage(), edge_mm / EDGE_OVER_BLUR);
        let (mut shapes, mut unsure) = (Vec::new(), Vec::new());
        for (dot, days) in dots.iter().step_by(step) {
            let skin = plan.skin_optics.of_dot(dot.in_scar);
            let healed = Deposit {
                diameter_um: shrinkage * dot.diameter_um,
                top_mm: dot.needle_depth_mm[0],
                bottom_mm: dot.needle_depth_mm[1],
                ink: plan.pigments.get(dot.pigment)?.ink(),
            };
            let today = deposit_after(*days, dot.in_scar, &healed);
            let left = pigment_share_left(*days, dot.in_scar).relative_uncertainty();
            unsure.push(contrast_uncertainty(&today, skin).map(|factor| factor.ln().hypot(left)));
            shapes.push(shape_in(&today, skin));
        }
        (!shapes.is_empty()).then_some(Self { shapes, unsure, blur_mm })
    }

    /// What they look like on average.
    pub(super) fn look(&self) -> Option<ExpectedLook> {
        let blurs = [1.0 - BLUR_UNSURE, 1.0, 1.0 + BLUR_UNSURE].map(|times| times * self.blur_mm);
        let within = blurs.map(|blur_mm| self.within(blur_mm));
        let radii = [0, 1, 2].map(|k| half_radius_mm(&within[k][1]));
        let [low, middle, high] = [radii[0]?, radii[1]?, radii[2]?].map(|mm| 1000.0 * mm);
        let contrast_mm2 = std::array::from_fn(|c| {
            let light = within[1][c][RINGS - 1];
            Estimate::new(light, light * self.unsure(c))
        });
        Some(ExpectedLook { contrast_mm2, half_radius_um: Estimate::new(middle, (high - low).abs() / 2.0) })
    }

    /// The contrast that is fitted to them on average.
    pub(super) fn fitted(&self, fitted: impl Fn(&dyn Fn(f64) -> f64) -> f64) -> Option<Known> {
        let profiles = self.profiles(self.blur_mm);
        let green = |r_mm: f64| mean_at(&profiles, r_mm)[1];
        let mean = fitted(&green);
        (mean > 0.0).then(|| Known { mean, log_spread: self.unsure(1).hypot(FITTED_UNSURE) })
    }

    /// What they take away on average by the distance from the middle, mm, of all that they take away, 1/mm²; R, G, B.
    pub(super) fn profile(&self) -> impl Fn(f64) -> [f64; 3] + use<> {
        let whole = self.within(self.blur_mm).map(|within| within[RINGS - 1]);
        let profiles = self.profiles(self.blur_mm);
        move |r_mm| {
            let seen = mean_at(&profiles, r_mm);
            std::array::from_fn(|c| if whole[c] > 0.0 { seen[c] / whole[c] } else { 0.0 })
        }
    }

    /// Light that is missing within each ring's outer edge, mm²; R, G, B.
    fn within(&self, blur_mm: f64) -> [[f64; RINGS]; 3] {
        let profiles = self.profiles(blur_mm);
        spill(0.0, &|r_mm| mean_at(&profiles, r_mm))
    }

    fn profiles(&self, blur_mm: f64) -> Vec<Profile> {
        self.shapes.iter().map(|shape| shape.profile(blur_mm)).collect()
    }

    fn unsure(&self, c: usize) -> f64 {
        self.unsure.iter().map(|unsure| unsure[c]).sum::<f64>() / self.unsure.len() as f64
    }
}

fn mean_at(profiles: &[Profile], r_mm: f64) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for profile in profiles {
        sum.iter_mut().zip(profile.contrast_at(r_mm as f32)).for_each(|(sum, seen)| *sum += f64::from(seen));
    }
    sum.map(|sum| sum / profiles.len() as f64)
}
