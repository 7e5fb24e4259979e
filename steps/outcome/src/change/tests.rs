//! Scenes with known answers.

use stipple_quantity::Seed;
use stipple_raster::Grid;

use super::*;

const SIDE: usize = 300;
const MM_PER_PX: f64 = 0.1;

/// A square of skin with a scar, a strip 6 mm wide.
struct Skin {
    planes: [Grid; 3],
    scar: Mask,
    zone: Mask,
}

impl Skin {
    /// Colors of scar and skin, with patchy light: `patchy` is its relative standard deviation from block to block.
    fn of(scar_lab: Lab, skin_lab: Lab, patchy: f64, seed: u64) -> Self {
        let strip = |k: usize| (120..180).contains(&(k / SIDE)) && (30..270).contains(&(k % SIDE));
        let scar = Mask { width: SIDE, height: SIDE, samples: (0..SIDE * SIDE).map(strip).collect() };
        let mut chance = Seed(seed).stream("patches", 0);
        let patches: Vec<f64> = (0..900).map(|_| 1.0 + patchy * chance.normal()).collect();
        let [own, around] = [scar_lab, skin_lab].map(|lab| lab.to_linear(RgbSpace::Srgb).rgb);
        let plane = |c: usize| {
            Grid::computed(SIDE, SIDE, |k| {
                let light = if strip(k) { own[c] } else { around[c] };
                light * patches[k / SIDE / 10 * 30 + k % SIDE / 10] as f32
            })
        };
        Self { planes: [plane(0), plane(1), plane(2)], scar, zone: Mask::filled(SIDE, SIDE, true) }
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            linear: [&self.planes[0], &self.planes[1], &self.planes[2]],
            space: RgbSpace::Srgb,
            mm_per_px: MM_PER_PX,
            scar: &self.scar,
            zone: &self.zone,
        }
    }
}

const SKIN: Lab = Lab { l: 60.0, a: 11.0, b: 16.0 };
const RED: Lab = Lab { l: 57.0, a: 17.0, b: 15.0 };

#[test]
fn color_is_that_of_the_two_skins() {
    let change = color_change(&Skin::of(RED, SKIN, 0.0, 1).scene()).expect("it can be measured");
    assert!((change.difference.value - ciede2000(RED, SKIN)).abs() < 0.01, "{change:?}");
    assert!(change.difference.standard_uncertainty < 0.01);
    assert!(change.redness.value > 2.0 * change.redness.standard_uncertainty, "{change:?}");
    let darker =
        Lab { l: 55.0, ..SKIN }.to_linear(RgbSpace::Srgb).rgb[1] / SKIN.to_linear(RgbSpace::Srgb).rgb[1];
    let mut shade = Skin::of(SKIN, SKIN, 0.0, 1);
    for plane in &mut shade.planes {
        let scar = plane.samples.iter_mut().zip(&shade.scar.samples).filter(|(_, inside)| **inside);
        scar.for_each(|(light, _)| *light *= darker);
    }
    let shaded = color_change(&shade.scene()).expect("it can be measured");
    assert!(shaded.redness.value.abs() < 0.05 && shaded.difference.value > 3.0, "{shaded:?}");
}

#[test]
fn uncertainty_is_that_of_patches_drawn_again() {
    let found: Vec<Estimate> = (0..40)
        .map(|seed| color_change(&Skin::of(RED, SKIN, 0.1, seed).scene()).expect("measured").difference)
        .collect();
    let mean = found.iter().map(|e| e.value).sum::<f64>() / 40.0;
    let sd = (found.iter().map(|e| (e.value - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
    let told = found.iter().map(|e| e.standard_uncertainty).sum::<f64>() / 40.0;
    assert!(told / sd > 0.6 && told / sd < 1.7);
}

#[test]
fn the_edge_is_where_it_is() {
    let profile = edge_profile(&Skin::of(RED, SKIN, 0.0, 1).scene()).expect("it can be measured");
    let (inside, outside): (Vec<&EdgeStep>, Vec<&EdgeStep>) =
        profile.iter().partition(|step| step.from_edge_mm < 0.0);
    assert_eq!((inside.len(), outside.len()), (6, 20));
    assert!(inside.iter().all(|step| (step.lightness.value - RED.l).abs() < 0.05));
    assert!(outside.iter().all(|step| (step.lightness.value - SKIN.l).abs() < 0.05));
    assert!(profile.is_sorted_by(|a, b| a.from_edge_mm < b.from_edge_mm));
}

#[test]
fn units_are_counted_on_their_side() {
    let skin = Skin::of(RED, SKIN, 0.0, 1);
    let lattice: Vec<(f64, f64)> =
        (0..900).map(|k| (f64::from(k % 30) + 0.5, f64::from(k / 30) + 0.5)).collect();
    let in_scar = |(x, y): &(f64, f64)| (12.0..18.0).contains(y) && (3.0..27.0).contains(x);
    let thinned: Vec<_> = lattice.iter().filter(|at| !in_scar(at) || at.0 as i32 % 2 == 0).copied().collect();
    let density = unit_density(&skin.scene(), &thinned).expect("it can be measured");
    assert!((density.inside_per_cm2.value - 50.0).abs() < 1e-6, "{density:?}");
    assert!((density.around_per_cm2.value - 100.0).abs() < 5.0, "{density:?}");
    assert!((density.share.expect("a share").value - 0.5).abs() < 0.03);
    let none = unit_density(&skin.scene(), &[]).expect("it can be measured");
    assert!(none.share.is_none() && none.inside_per_cm2.standard_uncertainty > 0.0);
}

#[test]
fn blue_is_told_against_hair_beside() {
    let spot = |k: i32, b: f64| Spot { at_mm: (f64::from(k), 0.0), lab: Lab::new(30.0, 2.0, b) };
    // Hair turns yellower along the way; dots are bluer than their neighbors by 4.
    let hairs: Vec<Spot> = (0..30).map(|k| spot(k, 2.0 + 0.2 * f64::from(k))).collect();
    let dots: Vec<Spot> = (5..25).map(|k| spot(k, -2.0 + 0.2 * f64::from(k))).collect();
    let shift = blue_shift(&dots, &hairs).expect("there are dots");
    assert!((shift.value + 4.0).abs() < 1e-9 && shift.standard_uncertainty < 0.5, "{shift:?}");
    assert_eq!(blue_shift(&dots[..4], &hairs), None);
    assert_eq!(blue_shift(&dots, &[]), None);
}
