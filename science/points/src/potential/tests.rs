use stipple_quantity::Seed;

use super::*;
use crate::fill::{Fill, fill};
use crate::ground::Metric;
use crate::index::CellIndex;
use crate::summary::describe;
use crate::window::Window;

const SIDE: f64 = 50.0;

fn described(points: &[(f64, f64)]) -> Description {
    let window = Window::rectangle(SIDE, SIDE, 0.5);
    let even = vec![Metric::even(1.0); window.inside.len()];
    describe(points, &window, &even).expect("enough points")
}

/// Random points that pushed each other apart: softer than a lattice, in more order than pairs tell.
fn crowd() -> Vec<(f64, f64)> {
    let mut draw = Seed(4).stream("test", 0);
    let side = |draw: &mut stipple_quantity::Stream| draw.between(0.0, SIDE);
    let mut points: Vec<_> =
        (0..(SIDE * SIDE) as usize).map(|_| (side(&mut draw), side(&mut draw))).collect();
    for _ in 0..25 {
        let index = CellIndex::new(&points);
        let pushed = |place: &(f64, f64)| {
            let mut at = *place;
            index.for_each_within(*place, 1.25, |other, squared| {
                let force = 0.12 * (1.25 - squared.sqrt()) / squared.sqrt().max(0.01);
                at = (at.0 + force * (place.0 - points[other].0), at.1 + force * (place.1 - points[other].1));
            });
            (at.0.clamp(0.0, SIDE - 1e-9), at.1.clamp(0.0, SIDE - 1e-9))
        };
        points = points.iter().map(pushed).collect();
    }
    points.into_iter().map(|(x, y)| (x + 0.13 * draw.normal(), y + 0.13 * draw.normal())).collect()
}

fn made_with(potential: &Potential) -> Description {
    let window = Window::rectangle(SIDE, SIDE, 0.5);
    let even = vec![1.0; window.inside.len()];
    let request = Fill {
        window: &window,
        fixed: &[],
        obstacles: &[],
        metric: &vec![Metric::even(1.0); even.len()],
        new_density: &even,
        zone: &vec![0; even.len()],
        count: (SIDE * SIDE) as usize,
        spacing_min: 0.0,
        potential,
    };
    described(&fill(&request, Seed(1)).points)
}

#[test]
fn a_fitted_potential_makes_the_pairs_and_the_orders_of_its_pattern() {
    let own = described(&crowd());
    let made = made_with(&Potential::of_pattern(&own, 0.0));
    let off = made.pairs.off(&own.pairs.g);
    // Two patterns of one kind and 2,500 points differ by 0.08.
    assert!(off < 0.12, "{off}");
    let (made, own) = (made.orders.expect("points"), own.orders.expect("points"));
    let before = made_with(&Potential::population()).orders.expect("points");
    let largest =
        |of: &BondOrders| (1..ORDERS).map(|m| (of.mean[m] / own.mean[m] - 1.0).abs()).fold(0.0, f64::max);
    assert!(largest(&made) < 0.12 && largest(&before) > 0.2, "{made:?} {before:?} {own:?}");
}

#[test]
fn little_evidence_leaves_the_population_and_much_is_believed() {
    let mut own = PairCorrelation { g: POPULATION, points: 100 };
    own.g[20..30].iter_mut().for_each(|g| *g += 0.2);
    let share = |own: &PairCorrelation| (blended(own, 0.0)[25] - POPULATION[25]) / 0.2;
    assert!((share(&own) - 100.0 / 1600.0).abs() < 1e-6, "{}", share(&own));
    own.points = 20_000;
    assert!(share(&own) > 0.95, "{}", share(&own));
    // What misreading explains is not believed.
    assert!((blended(&own, 0.2)[25] - POPULATION[25]) / 0.2 < 0.2);
}
