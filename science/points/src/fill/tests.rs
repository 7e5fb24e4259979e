use super::*;
use crate::potential::POPULATION;
use crate::rank::{Standing, rank};
use crate::summary::{nearest_neighbor, pair_correlation};

const SIDE: f64 = 100.0;

/// A square where points of a density are wanted and their spacing is that of another.
struct Square {
    window: Window,
    metric: Vec<Metric>,
    new_density: Vec<f64>,
    zone: Vec<u32>,
    potential: Potential,
}

impl Square {
    fn new(side: f64, whole: impl Fn((f64, f64)) -> f64, new: impl Fn((f64, f64)) -> f64) -> Self {
        let window = Window::rectangle(side, side, 0.5);
        let cells = 0..window.inside.len();
        Self {
            metric: cells.clone().map(|k| Metric::even(whole(window.center_of(k)))).collect(),
            zone: vec![0; window.inside.len()],
            new_density: cells.map(|k| new(window.center_of(k))).collect(),
            window,
            potential: Potential::population(),
        }
    }

    fn even(side: f64, density: f64) -> Self {
        Self::new(side, |_| density, |_| density)
    }

    fn asks<'a>(&'a self, fixed: &'a [(f64, f64)], spacing_min: f64) -> Fill<'a> {
        let count =
            (self.new_density.iter().sum::<f64>() * self.window.cell * self.window.cell).round() as usize;
        let Self { window, metric, new_density, zone, potential } = self;
        Fill { window, fixed, obstacles: &[], metric, new_density, zone, count, spacing_min, potential }
    }
}

fn closest(points: &[(f64, f64)]) -> f64 {
    let index = CellIndex::new(points);
    (0..points.len())
        .filter_map(|k| index.nearest(points[k], Some(k)))
        .map(|(_, d)| d)
        .fold(f64::MAX, f64::min)
}

#[test]
fn exact_count_least_distance_and_the_spread_of_nature() {
    let square = Square::even(SIDE, 0.74);
    let request = square.asks(&[], 0.5);
    let filled = fill(&request, Seed(1));
    assert_eq!((filled.points.len(), filled.unplaced), (7400, 0));
    assert!(closest(&filled.points) >= 0.5);
    assert!(filled.points.iter().all(|p| square.window.contains(*p)));
    let near = nearest_neighbor(&filled.points, &square.window).expect("enough points");
    // Nature: mean 0.78 spacings, CV 0.21.
    assert!((near.mean * 0.74f64.sqrt() - 0.76).abs() < 0.04, "{near:?}");
    assert!((0.18..0.24).contains(&near.coefficient_of_variation), "{near:?}");
    assert_eq!(filled, fill(&request, Seed(1)));
    assert_ne!(filled, fill(&request, Seed(2)));
}

#[test]
fn the_pair_correlation_is_that_of_the_population() {
    let square = Square::even(SIDE, 1.0);
    let points = fill(&square.asks(&[], 0.0), Seed(3)).points;
    let found = pair_correlation(&points, &square.window, &square.metric).expect("enough points");
    let off = found.off(&POPULATION);
    // The population's own bins are known to 0.03 to 0.05 each: 0.05 to 0.07.
    assert!(off < 0.09, "{off}: {:.2?}", found.g);
}

#[test]
fn obstacles_are_kept_off_and_leave_everything_else_as_it_is() {
    let square = Square::even(60.0, 0.74);
    let mut draw = Seed(8).stream("test", 0);
    // Pairs of hairs, a fifth of a millimetre apart, on three quarters of the skin by 0.4 mm around each.
    let hairs: Vec<_> = (0..2000).map(|_| (draw.between(0.0, 60.0), draw.between(0.0, 60.0))).collect();
    let hairs: Vec<_> = hairs.into_iter().flat_map(|(x, y)| [(x - 0.1, y), (x + 0.1, y)]).collect();
    let request = Fill { obstacles: &hairs, ..square.asks(&[], 0.4) };
    let filled = fill(&request, Seed(5));
    let index = CellIndex::new(&hairs);
    let nearest = |place: &(f64, f64)| index.nearest(*place, None).expect("some").1;
    let closest_hair = filled.points.iter().map(nearest).fold(f64::MAX, f64::min);
    assert!(closest_hair >= 0.4 && closest(&filled.points) >= 0.4, "{closest_hair}");
    assert_eq!(filled.points.len() + filled.unplaced, request.count);
    assert!(filled.unplaced * 50 < request.count, "{} found no place", filled.unplaced);
    // Far away they change nothing.
    let far = [(500.0, 500.0)];
    let beside = fill(&Fill { obstacles: &far, ..square.asks(&[], 0.4) }, Seed(5));
    assert_eq!(beside, fill(&square.asks(&[], 0.4), Seed(5)));
}

#[test]
fn one_thread_and_several_give_the_same() {
    let square = Square::even(60.0, 1.0);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        pool.install(|| fill(&square.asks(&[(30.0, 30.0)], 0.3), Seed(5)))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn beginnings_of_a_filled_set_are_well_spread() {
    let square = Square::even(60.0, 0.7);
    let points = fill(&square.asks(&[], 0.5), Seed(9)).points;
    let order = rank(&points, &vec![Metric::even(0.7); points.len()], Standing::default());
    for (share, limit) in [(0.3, 0.16), (0.7, 0.24)] {
        let n = (share * points.len() as f64).round() as usize;
        let beginning: Vec<_> = order[..n].iter().map(|k| points[*k]).collect();
        let near = nearest_neighbor(&beginning, &square.window).expect("enough points");
        assert!(near.coefficient_of_variation < limit, "{share}: {near:?}");
    }
}

#[test]
fn fixed_points_are_kept_clear_of_and_the_density_has_no_seam() {
    // A scar 50 mm wide in an even pattern: what stood there is taken out and filled again.
    let in_scar = |x: f64| (25.0..75.0).contains(&x);
    let square = Square::even(SIDE, 0.74);
    let scar = Square::new(SIDE, |_| 0.74, |(x, _)| if in_scar(x) { 0.74 } else { 0.0 });
    // Bands half a spacing wide along both seams together.
    let mut bands = [0.0; 12];
    for seed in 0..10 {
        let before = fill(&square.asks(&[], 0.3), Seed(seed)).points;
        let fixed: Vec<_> = before.iter().copied().filter(|p| !in_scar(p.0)).collect();
        let count = before.len() - fixed.len();
        let added = fill(&Fill { count, ..scar.asks(&fixed, 0.3) }, Seed(100 + seed));
        assert_eq!(added.points.len(), count);
        let together: Vec<_> = fixed.iter().chain(&added.points).copied().collect();
        assert!(closest(&together) >= 0.3);
        for (x, _) in together {
            let band = ((x.min(SIDE - x) - 25.0) / 0.58).floor() + 6.0;
            if (0.0..12.0).contains(&band) {
                bands[band as usize] += 1.0 / (10.0 * 2.0 * 0.74 * SIDE * 0.58);
            }
        }
    }
    // Ten times 86 points a band: by the variance of nature's counts to 2.4 %.
    assert!(bands.iter().all(|share| (share - 1.0).abs() < 0.09), "{bands:.3?}");
}

#[test]
fn a_ramp_of_density_is_followed() {
    let ramp = |(x, _): (f64, f64)| 0.3 + 0.7 * x / SIDE;
    let square = Square::new(SIDE, ramp, ramp);
    let points = fill(&square.asks(&[], 0.3), Seed(6)).points;
    for strip in 0..10 {
        let from = f64::from(strip) * 10.0;
        let n = points.iter().filter(|p| p.0 >= from && p.0 < from + 10.0).count() as f64;
        let wanted = (0.3 + 0.7 * (from + 5.0) / SIDE) * 1000.0;
        assert!((n / wanted - 1.0).abs() < 0.04, "strip {strip}: {n} of {wanted}");
    }
}

#[test]
fn every_zone_gets_its_share_to_the_point() {
    // Stripes of 4 mm with 10 and 30 points a stripe each.
    let mut square = Square::new(
        40.0,
        |_| 0.3,
        |(x, _)| if ((x / 4.0) as usize).is_multiple_of(2) { 10.0 } else { 30.0 } / 160.0,
    );
    square.zone = (0..square.zone.len()).map(|k| (square.window.center_of(k).0 / 4.0) as u32).collect();
    let points = fill(&square.asks(&[], 0.0), Seed(8)).points;
    for stripe in 0..10 {
        let n = points.iter().filter(|p| (p.0 / 4.0) as usize == stripe).count();
        assert!(n.abs_diff(if stripe.is_multiple_of(2) { 10 } else { 30 }) <= 1, "stripe {stripe}: {n}");
    }
}

#[test]
fn a_stretched_metric_stretches_the_pattern() {
    // Distances down count twice those across.
    let mut square = Square::even(60.0, 1.0);
    square.metric.fill(Metric::stretched(1.0, std::f64::consts::FRAC_PI_2, 2.0));
    let points = fill(&square.asks(&[], 0.0), Seed(7)).points;
    let index = CellIndex::new(&points);
    let (mut across, mut down) = (0.0f64, 0.0f64);
    for (k, place) in points.iter().enumerate() {
        let (near, _) = index.nearest(*place, Some(k)).expect("there are others");
        across += (points[near].0 - place.0).abs();
        down += (points[near].1 - place.1).abs();
    }
    assert!(down > 1.2 * across, "{across} across, {down} down");
    let found = pair_correlation(&points, &square.window, &square.metric).expect("enough points");
    let off = found.off(&POPULATION);
    assert!(off < 0.14, "{off}");
}

#[test]
fn what_does_not_fit_is_said() {
    let square = Square::even(10.0, 5.0);
    let filled = fill(&square.asks(&[(5.0, 5.0)], 1.0), Seed(1));
    assert_eq!(filled.points.len() + filled.unplaced, 500);
    assert!(filled.unplaced > 300 && filled.points.len() > 50, "{}", filled.unplaced);
    let nothing = Square::even(10.0, 0.0);
    let none = fill(&Fill { count: 500, ..nothing.asks(&[], 1.0) }, Seed(1));
    assert_eq!((none.points.len(), none.unplaced), (0, 500));
}
