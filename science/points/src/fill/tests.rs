use super::*;
use crate::rank::rank;
use crate::summary::nearest_neighbor;

const SIDE: f64 = 100.0;

fn even(window: &Window, density: f64) -> Vec<f64> {
    vec![density; window.inside.len()]
}

fn closest(points: &[(f64, f64)]) -> f64 {
    let index = CellIndex::new(points);
    (0..points.len())
        .filter_map(|k| index.nearest(points[k], Some(k)))
        .map(|(_, d)| d)
        .fold(f64::MAX, f64::min)
}

#[test]
fn exact_count_least_distance_and_natural_spread() {
    let window = Window::rectangle(SIDE, SIDE, 0.5);
    let density = even(&window, 0.5);
    let request = Fill {
        window: &window,
        fixed: &[],
        whole_density: &density,
        new_density: &density,
        count: 5000,
        spacing_min: 0.5,
    };
    let filled = fill(&request, Seed(1));
    assert_eq!((filled.points.len(), filled.unplaced), (5000, 0));
    assert!(closest(&filled.points) >= 0.5);
    assert!(filled.points.iter().all(|p| window.contains(*p)));
    let near = nearest_neighbor(&filled.points, &window).expect("enough points");
    // Nature: mean 0.78 spacings, CV 0.21.
    assert!((near.mean * 0.5f64.sqrt() - 0.76).abs() < 0.06, "{near:?}");
    assert!((0.13..0.24).contains(&near.coefficient_of_variation), "{near:?}");
    assert_eq!(filled, fill(&request, Seed(1)));
    assert_ne!(filled, fill(&request, Seed(2)));
}

#[test]
fn beginnings_of_a_filled_set_are_well_spread() {
    let window = Window::rectangle(60.0, 60.0, 0.5);
    let density = even(&window, 0.7);
    let request = Fill {
        window: &window,
        fixed: &[],
        whole_density: &density,
        new_density: &density,
        count: 2520,
        spacing_min: 0.5,
    };
    let points = fill(&request, Seed(9)).points;
    let order = rank(&points, &vec![1.0 / 0.7f64.sqrt(); points.len()], &[]);
    for (share, limit) in [(0.3, 0.16), (0.7, 0.24)] {
        let n = (share * points.len() as f64).round() as usize;
        let beginning: Vec<_> = order[..n].iter().map(|k| points[*k]).collect();
        let near = nearest_neighbor(&beginning, &window).expect("enough points");
        assert!(near.coefficient_of_variation < limit, "{share}: {near:?}");
    }
}

#[test]
fn fixed_points_are_kept_clear_of_and_the_density_has_no_seam() {
    // A scar 50 mm wide in an even pattern: what stood there is taken out and filled again.
    let window = Window::rectangle(SIDE, SIDE, 0.5);
    let in_scar = |x: f64| (25.0..75.0).contains(&x);
    let whole = even(&window, 0.74);
    let missing: Vec<f64> =
        (0..whole.len()).map(|k| if in_scar(window.center_of(k).0) { 0.74 } else { 0.0 }).collect();
    let all = Fill {
        window: &window,
        fixed: &[],
        whole_density: &whole,
        new_density: &whole,
        count: 7400,
        spacing_min: 0.5,
    };
    let before = fill(&all, Seed(3)).points;
    let fixed: Vec<_> = before.iter().copied().filter(|p| !in_scar(p.0)).collect();
    let count = before.len() - fixed.len();
    let added = fill(&Fill { fixed: &fixed, new_density: &missing, count, ..all }, Seed(4));
    assert_eq!(added.points.len(), count);
    let together: Vec<_> = fixed.iter().chain(&added.points).copied().collect();
    assert!(closest(&together) >= 0.5);
    // Bands half a spacing wide along both seams together hold 86 points on average.
    for band in -4..4 {
        let from = 25.0 + f64::from(band) * 0.58;
        let n = together
            .iter()
            .map(|p| if p.0 < SIDE / 2.0 { p.0 } else { SIDE - p.0 })
            .filter(|x| (from..from + 0.58).contains(x))
            .count() as f64;
        assert!((n / (2.0 * 0.74 * SIDE * 0.58) - 1.0).abs() < 0.2, "band {band}: {n}");
    }
}

#[test]
fn a_ramp_of_density_is_followed() {
    let window = Window::rectangle(SIDE, SIDE, 0.5);
    let ramp: Vec<f64> = (0..window.inside.len()).map(|k| 0.3 + 0.7 * window.center_of(k).0 / SIDE).collect();
    let request = Fill {
        window: &window,
        fixed: &[],
        whole_density: &ramp,
        new_density: &ramp,
        count: 6500,
        spacing_min: 0.3,
    };
    let points = fill(&request, Seed(6)).points;
    for strip in 0..10 {
        let from = f64::from(strip) * 10.0;
        let n = points.iter().filter(|p| p.0 >= from && p.0 < from + 10.0).count() as f64;
        let wanted = (0.3 + 0.7 * (from + 5.0) / SIDE) * 1000.0;
        assert!((n / wanted - 1.0).abs() < 0.04, "strip {strip}: {n} of {wanted}");
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let window = Window::rectangle(10.0, 10.0, 0.5);
    let density = even(&window, 5.0);
    let request = Fill {
        window: &window,
        fixed: &[(5.0, 5.0)],
        whole_density: &density,
        new_density: &density,
        count: 500,
        spacing_min: 1.0,
    };
    let filled = fill(&request, Seed(1));
    assert_eq!(filled.points.len() + filled.unplaced, 500);
    assert!(filled.unplaced > 300 && filled.points.len() > 50, "{}", filled.unplaced);
    let nothing = even(&window, 0.0);
    let none = fill(&Fill { new_density: &nothing, whole_density: &nothing, ..request }, Seed(1));
    assert_eq!((none.points.len(), none.unplaced), (0, 500));
}
