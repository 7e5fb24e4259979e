#![allow(clippy::print_stdout, reason = "`--nocapture` shows the errors by target")]

use super::*;

/// Absorption and scattering in 1/cm, anisotropy, thickness in cm: as the literature states them.
fn stack(refractive_index: f64, layers: &[(f64, f64, f64, f64)]) -> Vec<Layer> {
    let layer = |&(absorption, scattering, anisotropy, thickness): &(f64, f64, f64, f64)| Layer {
        absorption_per_mm: absorption / 10.0,
        scattering_per_mm: scattering / 10.0,
        anisotropy,
        refractive_index,
        thickness_mm: thickness * 10.0,
    };
    layers.iter().map(layer).collect()
}

const DEEP: f64 = f64::INFINITY;
const SKIN_550: [(f64, f64, f64, f64); 3] =
    [(15.0, 200.0, 0.78, 0.010), (1.9, 140.0, 0.78, 0.18), (1.0, 90.0, 0.78, 0.30)];
const MCML_TABLE_6_6: [(f64, f64, f64, f64); 3] =
    [(1.0, 100.0, 0.9, 0.1), (1.0, 10.0, 0.0, 0.1), (2.0, 10.0, 0.7, 0.2)];

/// Name, layers, diffuse reflectance and transmittance (none for half-spaces) at normal incidence, as published
/// or as another solver found them (good to 5e-6: its last digits still moved at 64 streams).
fn targets() -> Vec<(&'static str, Vec<Layer>, f64, Option<f64>)> {
    vec![
        ("van de Hulst", stack(1.0, &[(10.0, 90.0, 0.75, 0.02)]), 0.0973946, Some(0.6609577)),
        ("Giovanelli", stack(1.5, &[(10.0, 90.0, 0.0, DEEP)]), 0.219921, None),
        ("MCML 6.6", stack(1.37, &MCML_TABLE_6_6), 0.237859, Some(0.096048)),
        ("isotropic, albedo 0.5", stack(1.0, &[(5.0, 5.0, 0.0, DEEP)]), 0.115226, None),
        ("isotropic, albedo 0.8", stack(1.0, &[(2.0, 8.0, 0.0, DEEP)]), 0.285255, None),
        ("isotropic, albedo 0.9", stack(1.0, &[(1.0, 9.0, 0.0, DEEP)]), 0.414947, None),
        ("isotropic, albedo 0.99", stack(1.0, &[(0.1, 9.9, 0.0, DEEP)]), 0.752721, None),
        ("n 1.4, absorption 0.1", stack(1.4, &[(0.1, 100.0, 0.9, DEEP)]), 0.603966, None),
        ("n 1.4, absorption 1", stack(1.4, &[(1.0, 100.0, 0.9, DEEP)]), 0.252375, None),
        ("n 1.4, absorption 10", stack(1.4, &[(10.0, 100.0, 0.9, DEEP)]), 0.033419, None),
        ("skin at 550 nm", stack(1.4, &SKIN_550), 0.199129, Some(0.003995)),
    ]
}

fn worst_error(streams: Streams) -> f64 {
    let mut worst: f64 = 0.0;
    for (name, layers, reflectance, transmittance) in targets() {
        let got = stack_light(&layers, streams).expect("the stack is valid").normal;
        let error = (got.reflectance - reflectance).abs();
        let error = transmittance.map_or(error, |t| error.max((got.transmittance - t).abs()));
        println!("{streams:?} {name}: {:.7} {:.7}, off by {error:.1e}", got.reflectance, got.transmittance);
        worst = worst.max(error);
    }
    worst
}

#[test]
fn published_targets_are_met() {
    assert!(worst_error(Streams::ThirtyTwo) < 4e-6);
    assert!(worst_error(Streams::Sixteen) < 2e-5);
    assert!(worst_error(Streams::Eight) < 1.1e-4);
}

/// The oracle's rows at 48 and 64 streams fall off with the third power of their number; where they lead is
/// what we find.
#[test]
fn the_slower_solver_converges_to_this_one() {
    let rows: [(Vec<Layer>, f64, f64); 4] = [
        (stack(1.5, &[(10.0, 90.0, 0.0, DEEP)]), 0.2199250, 0.2199213),
        (stack(1.37, &MCML_TABLE_6_6), 0.2378625, 0.2378589),
        (stack(1.4, &[(0.1, 100.0, 0.9, DEEP)]), 0.6039706, 0.6039662),
        (stack(1.4, &[(1.0, 100.0, 0.9, DEEP)]), 0.2523789, 0.2523751),
    ];
    for (layers, at_48, at_64) in rows {
        let limit = at_64 - (at_48 - at_64) / ((64.0f64 / 48.0).powi(3) - 1.0);
        let got = stack_light(&layers, Streams::ThirtyTwo).expect("valid").normal.reflectance;
        assert!((got - limit).abs() < 3e-7, "{got} against {limit}");
    }
}

#[test]
fn nothing_is_lost_without_absorption() {
    for index in [1.0, 1.33, 1.5] {
        for (g, thickness) in [(0.0, 0.01), (0.9, 0.5), (-0.5, 3.0), (0.8, 1e-9)] {
            let layers = stack(index, &[(0.0, 100.0, g, thickness), (0.0, 3.0, 0.5, 0.1)]);
            for streams in [Streams::Eight, Streams::Sixteen, Streams::ThirtyTwo] {
                let got = stack_light(&layers, streams).expect("valid");
                assert!(got.normal.absorbed().abs() < 1e-7, "{index} {g}: {:?}", got.normal);
                assert!(got.diffuse.absorbed().abs() < 1e-7, "{index} {g}: {:?}", got.diffuse);
            }
        }
    }
}

#[test]
fn only_absorption_over_thickness_matters() {
    let at_scale = |s: f64| {
        let layers: Vec<_> = SKIN_550.iter().map(|(a, m, g, d)| (a * s, m * s, *g, d / s)).collect();
        stack_light(&stack(1.4, &layers), Streams::Sixteen).expect("valid").normal.reflectance
    };
    assert!((at_scale(1.0) - at_scale(37.0)).abs() < 1e-10);
}

#[test]
fn a_layer_cut_in_two_is_the_same_layer() {
    let whole = stack_light(&stack(1.4, &SKIN_550), Streams::Eight).expect("valid");
    let mut cut = stack(1.4, &SKIN_550);
    cut.insert(1, cut[1]);
    cut[1].thickness_mm *= 0.3;
    cut[2].thickness_mm *= 0.7;
    let cut = stack_light(&cut, Streams::Eight).expect("valid");
    // The start of doubling is good to 1e-7.
    assert!((whole.normal.reflectance - cut.normal.reflectance).abs() < 1e-7);
    assert!((whole.diffuse.transmittance - cut.diffuse.transmittance).abs() < 1e-7);
}

#[test]
fn a_clear_plate_obeys_fresnel_and_beer() {
    let clear = Layer {
        absorption_per_mm: 0.7,
        scattering_per_mm: 0.0,
        anisotropy: 0.0,
        refractive_index: 1.5,
        thickness_mm: 1.3,
    };
    let got = stack_light(&[clear], Streams::Sixteen).expect("valid").normal;
    let (r, t) = (0.04, (-0.7f64 * 1.3).exp());
    let through = (1.0 - r) * (1.0 - r) * t / (1.0 - r * r * t * t);
    assert!((got.transmittance - through).abs() < 1e-9, "{got:?} against {through}");
    assert!((got.reflectance - r * t * through).abs() < 1e-9, "{got:?}");
}

#[test]
fn refraction_between_layers_converges() {
    let mut layers = stack(1.4, &SKIN_550);
    layers[0].refractive_index = 1.45;
    let by_streams = [Streams::Eight, Streams::Sixteen, Streams::ThirtyTwo]
        .map(|s| stack_light(&layers, s).expect("valid"));
    let diffuse = by_streams.map(|light| light.diffuse.reflectance);
    assert!((diffuse[1] - diffuse[2]).abs() < 2e-4, "{diffuse:?}");
    // Index-matched inside is the limit of small steps.
    layers[0].refractive_index = 1.4000001;
    let nearly = stack_light(&layers, Streams::ThirtyTwo).expect("valid").normal.reflectance;
    let same = stack_light(&stack(1.4, &SKIN_550), Streams::ThirtyTwo).expect("valid").normal.reflectance;
    assert!((nearly - same).abs() < 1e-4, "{nearly} {same}");
}

#[test]
fn many_wavelengths_at_once_are_each_on_their_own() {
    let stacks: Vec<Vec<Layer>> = (1..=13)
        .map(|i| {
            let mut layers = stack(1.4, &SKIN_550);
            layers.iter_mut().for_each(|l| l.absorption_per_mm *= 0.2 * f64::from(i));
            layers
        })
        .collect();
    let solver = StackSolver::new(&[1.4; 3], Streams::Eight).expect("valid");
    let together = solver.solve(&stacks.concat()).expect("valid");
    for (layers, light) in stacks.iter().zip(&together) {
        let alone = stack_light(layers, Streams::Eight).expect("valid");
        // Lanes share the number of doublings, which moves digits below 1e-7.
        assert!((alone.normal.reflectance - light.normal.reflectance).abs() < 1e-7);
    }
    assert!(together.windows(2).all(|w| w[0].normal.reflectance > w[1].normal.reflectance));
}

#[test]
fn wrong_layers_are_named() {
    let mut layers = stack(1.4, &SKIN_550);
    layers[1].anisotropy = 1.0;
    let error = stack_light(&layers, Streams::Eight).expect_err("anisotropy is too large");
    assert_eq!(error.to_string(), "anisotropy of layer 1 is 1, needed: -0.99 to 0.99");
    let solver = StackSolver::new(&[1.4; 2], Streams::Eight).expect("valid");
    assert!(matches!(solver.solve(&stack(1.4, &SKIN_550)), Err(StackError::Count { found: 3, .. })));
}
