//! Scenes with known answers.

use std::f64::consts::PI;

use stipple_color::{Mechanism, RgbSpace, energy_weight};
use stipple_quantity::Seed;
use stipple_raster::filter::gaussian_blur;
use stipple_raster::{Grid, Mask};

use super::*;

/// A square of gray skin with a round scar in its middle.
struct Skin {
    side: usize,
    mm_per_px: f64,
    radius_mm: f64,
    light: Grid,
    scar: Mask,
    zone: Mask,
}

impl Skin {
    fn plain(side: usize, mm_per_px: f64, radius_mm: f64) -> Self {
        let middle = side as f64 / 2.0;
        let inside = |k: usize| {
            let (x, y) = ((k % side) as f64 + 0.5 - middle, (k / side) as f64 + 0.5 - middle);
            x.hypot(y) * mm_per_px < radius_mm
        };
        let scar = Mask { width: side, height: side, samples: (0..side * side).map(inside).collect() };
        let (light, zone) = (Grid::filled(side, side, 0.4), Mask::filled(side, side, true));
        Self { side, mm_per_px, radius_mm, light, scar, zone }
    }

    /// The scar lighter by a contrast.
    fn lighter(mut self, contrast: f64) -> Self {
        for (light, inside) in self.light.samples.iter_mut().zip(&self.scar.samples) {
            *light *= 1.0 + if *inside { contrast as f32 } else { 0.0 };
        }
        self
    }

    /// Grain of the camera, relative to the light.
    fn grainy(mut self, sd: f64, seed: u64) -> Self {
        let mut chance = Seed(seed).stream("grain", 0);
        self.light.samples.iter_mut().for_each(|light| *light *= 1.0 + (sd * chance.normal()) as f32);
        self
    }

    /// Dark dots as hair, units/mm² inside and around, on a jittered lattice, each taking `dot_mm2` of light.
    fn hairy(mut self, inside: f64, around: f64, dot_mm2: f64, seed: u64) -> Self {
        let mut chance = Seed(seed).stream("hair", 0);
        let mut density = Grid::filled(self.side, self.side, 0.0);
        let pitch = 1.0 / inside.max(around).sqrt();
        let cells = (self.side as f64 * self.mm_per_px / pitch).ceil() as usize;
        for cell in 0..cells * cells {
            let jitter = |chance: &mut stipple_quantity::seed::Stream| chance.between(0.1, 0.9);
            let (x, y) =
                ((cell % cells) as f64 + jitter(&mut chance), (cell / cells) as f64 + jitter(&mut chance));
            let (x, y) = (x * pitch / self.mm_per_px, y * pitch / self.mm_per_px);
            if x.max(y) as usize >= self.side {
                continue;
            }
            let k = y as usize * self.side + x as usize;
            let wanted = if self.scar.samples[k] { inside } else { around };
            if chance.uniform() < wanted / inside.max(around) {
                density.samples[k] += (dot_mm2 / (self.mm_per_px * self.mm_per_px)) as f32;
            }
        }
        let soft = gaussian_blur(&density, (0.08 / self.mm_per_px) as f32);
        self.light.samples.iter_mut().zip(&soft.samples).for_each(|(light, d)| *light *= (-d).exp());
        self
    }

    fn seen(&self) -> Visibility {
        let scene = Scene {
            linear: [&self.light; 3],
            space: RgbSpace::Srgb,
            mm_per_px: self.mm_per_px,
            scar: &self.scar,
            zone: &self.zone,
        };
        visible_distance(&scene, &Viewing::WELL_LIT).expect("the scene can be measured")
    }

    fn reach_m(&self) -> f64 {
        self.seen().reach.distance_m().expect("within reach").value
    }
}

/// J₁(x) / x by its integral.
fn bessel_over(x: f64) -> f64 {
    const N: i32 = 400;
    let at = |k: i32| {
        let t = PI * (f64::from(k) + 0.5) / f64::from(N);
        (t - x * t.sin()).cos()
    };
    (0..N).map(at).sum::<f64>() / f64::from(N) / x
}

/// d′ of a disk of a contrast, by the sensitivity alone: c² ∫ |disk|² W.
fn predicted(contrast: f64, radius_deg: f64) -> f64 {
    let area = PI * radius_deg * radius_deg;
    let step = 0.01f64;
    let energy: f64 = (0..1000)
        .map(|k| {
            let f = 0.01 * (step * f64::from(k)).exp();
            let disk = area * 2.0 * bessel_over(2.0 * PI * radius_deg * f);
            disk * disk * energy_weight(Mechanism::Achromatic, f, area, 100.0) * 2.0 * PI * f * f * step
        })
        .sum();
    contrast * energy.sqrt()
}

fn predicted_m(contrast: f64, radius_mm: f64) -> f64 {
    let d_prime = |m: f64| predicted(contrast, radius_mm * deg_per_mm(m));
    let (mut near, mut far) = (0.25f64, 100.0f64);
    for _ in 0..40 {
        let middle = (near * far).sqrt();
        if d_prime(middle) > 1.0 { near = middle } else { far = middle }
    }
    near
}

#[test]
fn a_disk_on_plain_skin_is_seen_from_as_far_as_the_sensitivity_tells() {
    for (contrast, radius_mm) in [(0.02, 5.0), (0.1, 2.0), (0.1, 10.0), (0.4, 3.0)] {
        let expected = predicted_m(contrast, radius_mm);
        let found = Skin::plain(500, 0.15, radius_mm).lighter(contrast).reach_m();
        assert!((found / expected - 1.0).abs() < 0.05, "{contrast} {radius_mm}: {found} for {expected}");
    }
}

#[test]
fn grain_of_the_camera_hardly_matters() {
    let plain = Skin::plain(500, 0.1, 4.0).lighter(0.1).reach_m();
    let grainy = Skin::plain(500, 0.1, 4.0).lighter(0.1).grainy(0.02, 1).reach_m();
    assert!((grainy / plain - 1.0).abs() < 0.03, "{grainy} for {plain}");
}

#[test]
fn more_contrast_and_a_larger_scar_are_seen_from_farther() {
    let reach = |radius: f64, contrast: f64| {
        Skin::plain(500, 0.12, radius).lighter(contrast).hairy(0.5, 0.5, 0.03, 5).reach_m()
    };
    let by_contrast = [0.04, 0.06, 0.1, 0.2, 0.4].map(|contrast| reach(5.0, contrast));
    let by_size = [2.0, 3.0, 4.5, 7.0, 10.0].map(|radius| reach(radius, 0.1));
    assert!(by_contrast.is_sorted_by(|a, b| a < b) && by_size.is_sorted_by(|a, b| a < b));
}

#[test]
fn less_hair_is_seen_from_farther_the_less_there_is() {
    let reach = |share: f64| Skin::plain(600, 0.1, 6.0).hairy(0.75 * share, 0.75, 0.05, 5).reach_m();
    let reaches = [0.8, 0.6, 0.4, 0.2, 0.0].map(reach);
    assert!(reaches.is_sorted() && reaches[2] > 0.0 && reaches[2] < reaches[3] && reaches[3] < reaches[4]);
}

#[test]
fn hair_that_is_missing_is_seen_even_where_the_mean_is_made_up_for() {
    let (dot_mm2, around) = (0.06, 0.75);
    let missing = Skin::plain(600, 0.1, 6.0).hairy(0.0, around, dot_mm2, 5);
    let mean = |skin: &Skin, scar: bool| {
        let of = skin.light.samples.iter().zip(&skin.scar.samples).filter(|(_, inside)| **inside == scar);
        let (sum, n) = of.fold((0.0, 0.0), |(sum, n), (light, _)| (sum + f64::from(*light), n + 1.0));
        sum / n
    };
    let made_up = mean(&missing, false) / mean(&missing, true) - 1.0;
    let seen = missing.lighter(made_up).seen();
    assert!(seen.contrast[0].abs() < 0.002);
    let reach = seen.reach.distance_m().expect("within reach").value;
    assert!((0.4..6.0).contains(&reach), "{reach}");
    let at = seen.curve.iter().find(|seen| seen.distance_m > 0.6 * reach).expect("on the curve");
    assert!(at.texture_squared > at.color_squared);
}

#[test]
fn skin_that_is_no_scar_is_hardly_ever_seen() {
    let mut seen_far = 0;
    for seed in 0..20 {
        let visibility = Skin::plain(400, 0.15, 5.0).hairy(0.75, 0.75, 0.05, seed).seen();
        let reach = visibility.reach.distance_m().expect("within reach");
        // Beyond three of its own standard uncertainties.
        seen_far += usize::from(reach.value > 3.0 * reach.standard_uncertainty);
    }
    assert!(seen_far <= 2, "{seen_far} of 20");
}

#[test]
fn hair_and_grain_drawn_again_change_little() {
    let reaches: Vec<f64> = (0..10)
        .map(|seed| {
            let skin = Skin::plain(600, 0.1, 6.0).lighter(0.15).hairy(0.0, 0.75, 0.05, seed);
            skin.grainy(0.01 + 0.002 * seed as f64, seed).reach_m()
        })
        .collect();
    let mean = reaches.iter().sum::<f64>() / 10.0;
    let sd = (reaches.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 9.0).sqrt();
    assert!(sd / mean < 0.1);
}

#[test]
fn the_uncertainty_is_that_of_hair_drawn_again() {
    let found: Vec<Estimate> = (0..30)
        .map(|seed| {
            let skin = Skin::plain(400, 0.15, 5.0).lighter(-0.08).hairy(0.75, 0.75, 0.05, seed);
            skin.seen().reach.distance_m().expect("within reach")
        })
        .collect();
    let mean = found.iter().map(|e| e.value).sum::<f64>() / 30.0;
    let sd = (found.iter().map(|e| (e.value - mean).powi(2)).sum::<f64>() / 29.0).sqrt();
    let told = found.iter().map(|e| e.standard_uncertainty).sum::<f64>() / 30.0;
    assert!(told / sd > 0.5 && told / sd < 2.0);
}

#[test]
fn plain_skin_is_seen_from_nowhere_and_a_large_black_patch_from_everywhere() {
    let plain = Skin::plain(300, 0.2, 5.0).seen();
    assert!(matches!(plain.reach, Reach::Nowhere { .. }), "{:?}", plain.reach);
    assert_eq!(plain.reach.distance_m().expect("a distance").value, 0.0);
    let black = Skin::plain(300, 0.5, 50.0).lighter(-0.95).seen();
    assert_eq!(black.reach, Reach::Beyond { farthest_m: 100.0 });
}

#[test]
fn shade_across_the_head_is_no_scar() {
    let mut skin = Skin::plain(400, 0.15, 5.0).lighter(0.08);
    let plain = skin.reach_m();
    for k in 0..skin.light.samples.len() {
        let (x, y) = ((k % skin.side) as f32 / 400.0 - 0.5, (k / skin.side) as f32 / 400.0 - 0.5);
        skin.light.samples[k] *= 1.0 - 0.5 * x - 0.6 * y * y;
    }
    let shaded = skin.reach_m();
    assert!((shaded / plain - 1.0).abs() < 0.05, "{shaded} for {plain}");
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let skin = Skin::plain(100, 0.2, 5.0);
    let scene = |scar: &Mask, mm_per_px: f64| {
        let scene =
            Scene { linear: [&skin.light; 3], space: RgbSpace::Srgb, mm_per_px, scar, zone: &skin.zone };
        visible_distance(&scene, &Viewing::WELL_LIT)
    };
    let [none, all] = [false, true].map(|value| Mask::filled(100, 100, value));
    assert!(matches!(scene(&none, 0.2), Err(Error::ScarTooSmall { .. })));
    assert!(matches!(scene(&all, 0.2), Err(Error::SurroundTooSmall { .. })));
    assert!(matches!(scene(&skin.scar, f64::NAN), Err(Error::PixelPitch { .. })));
    assert!(matches!(scene(&Mask::filled(9, 9, true), 0.2), Err(Error::SizesDiffer)));
    assert!(skin.radius_mm > 0.0);
}
