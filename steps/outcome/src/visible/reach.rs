//! From d′ by distance to the distance where it falls to the threshold.

use stipple_quantity::Estimate;

use super::{Reach, Seen, Viewing};

/// Steps in a factor of ten of distance.
const STEPS_A_DECADE: f64 = 40.0;

/// The distances that are looked from.
pub(crate) fn distances_m(viewing: &Viewing) -> impl Iterator<Item = f64> {
    let (nearest, ratio) = (viewing.nearest_m, viewing.farthest_m / viewing.nearest_m);
    let steps = (ratio.log10() * STEPS_A_DECADE).ceil() as usize;
    (0..=steps).map(move |k| nearest * ratio.powf(k as f64 / steps as f64))
}

/// The farthest distance from which d′ is at least 1.
pub(crate) fn reach(curve: &[Seen]) -> Reach {
    let farthest_m = curve.last().map_or(0.0, |seen| seen.distance_m);
    match crossing(curve, |seen| seen.squared.value) {
        Crossing::Nowhere { most } => Reach::Nowhere { most: most.max(0.0).sqrt() },
        Crossing::Beyond => Reach::Beyond { farthest_m },
        Crossing::At(distance_m) => Reach::To(Estimate::new(distance_m, uncertainty(curve, distance_m))),
    }
}

/// Half the way between where d′² with one standard uncertainty more and less would fall to 1; where one of the two
/// is not on the curve, the other alone.
fn uncertainty(curve: &[Seen], distance_m: f64) -> f64 {
    let at =
        |sign: f64| crossing(curve, |seen| seen.squared.value + sign * seen.squared.standard_uncertainty);
    match (at(-1.0), at(1.0)) {
        (Crossing::At(less), Crossing::At(more)) => (more - less) / 2.0,
        (Crossing::At(less), _) => distance_m - less,
        (_, Crossing::At(more)) => more - distance_m,
        _ => distance_m,
    }
    .abs()
}

enum Crossing {
    At(f64),
    Nowhere { most: f64 },
    Beyond,
}

/// The last crossing of 1, between the distances by the logarithms of both where they have one.
fn crossing(curve: &[Seen], squared: impl Fn(&Seen) -> f64) -> Crossing {
    let Some(last) = curve.iter().rposition(|seen| squared(seen) >= 1.0) else {
        return Crossing::Nowhere { most: curve.iter().map(squared).fold(f64::MIN, f64::max) };
    };
    let Some(next) = curve.get(last + 1) else { return Crossing::Beyond };
    let (here, there) = (squared(&curve[last]), squared(next));
    let share = if there > 0.0 { here.ln() / (here / there).ln() } else { (here - 1.0) / (here - there) };
    let (near, far) = (curve[last].distance_m, next.distance_m);
    Crossing::At(near * (far / near).powf(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(squared: impl Fn(f64) -> f64, uncertainty: f64) -> Vec<Seen> {
        let seen = |distance_m: f64| Seen {
            distance_m,
            squared: Estimate::new(squared(distance_m), uncertainty),
            color_squared: 0.0,
            texture_squared: 0.0,
        };
        distances_m(&Viewing::WELL_LIT).map(seen).collect()
    }

    #[test]
    fn a_power_law_is_crossed_where_it_is_one() {
        let Reach::To(distance) = reach(&curve(|d| (7.3 / d).powi(4), 0.2)) else { panic!("it is crossed") };
        assert!((distance.value - 7.3).abs() < 1e-9);
        let expected = 7.3 * (0.8f64.powf(-0.25) - 1.2f64.powf(-0.25)) / 2.0;
        assert!((distance.standard_uncertainty / expected - 1.0).abs() < 0.02);
    }

    #[test]
    fn never_and_always() {
        assert_eq!(reach(&curve(|_| 0.25, 0.0)), Reach::Nowhere { most: 0.5 });
        assert_eq!(reach(&curve(|_| 4.0, 0.0)), Reach::Beyond { farthest_m: 100.0 });
        assert_eq!(reach(&curve(|_| 4.0, 0.0)).distance_m(), None);
    }
}
