//! How neighbors stand around a point: what pairs alone do not tell.
//!
//! Around every point, the ways z to its neighbors (complex, in reaches of its own frame) are summed as zᵐ (1 − |z|²)²; the
//! squared length of such a sum is large where neighbors stand m-fold around it, whichever way they are turned.

use crate::ground::Metric;
use crate::index::CellIndex;
use crate::potential::REACH;
use crate::window::Window;

/// Orders m from 0, how crowded it is around a point, to 6, how six-fold.
pub const ORDERS: usize = 7;
/// Parts of all sums of a point: one of order 0, real and imaginary ones of the others.
pub(crate) const SUMS: usize = 2 * ORDERS - 1;

/// Mean squared sums of each order.
#[derive(Clone, Debug, PartialEq)]
pub struct BondOrders {
    /// By order, without unit.
    pub mean: [f64; ORDERS],
    /// How many points they rest on.
    pub points: usize,
}

/// Bond orders of the points around which all of the reach lies in the window; the others count as neighbors only.
///
/// `None` with fewer than ten such points.
///
/// # Panics
/// If there is not a metric for every cell.
///
/// # Cost
/// O(points × neighbors within 1.7 local spacings).
///
/// # Source
/// Bond-orientational order [@Nelson1979], with a weight that fades, so that no neighbor comes or goes suddenly.
pub fn bond_orders(points: &[(f64, f64)], window: &Window, metric: &[Metric]) -> Option<BondOrders> {
    let each = of_each(points, window, metric);
    let mean = std::array::from_fn(|m| each.iter().map(|(_, own)| own[m]).sum::<f64>() / each.len() as f64);
    (each.len() >= 10).then_some(BondOrders { mean, points: each.len() })
}

/// Squared sums of each point that has its whole reach in the window.
pub(crate) fn of_each(
    points: &[(f64, f64)],
    window: &Window,
    metric: &[Metric],
) -> Vec<((f64, f64), [f64; ORDERS])> {
    assert_eq!(metric.len(), window.inside.len(), "every cell needs its metric");
    let index = CellIndex::new(points);
    let inner = points.iter().enumerate().filter_map(|(k, place)| {
        let metric = metric[window.cell_at(*place)?];
        window.contains_disk(*place, REACH * metric.widest()).then_some((k, *place, metric))
    });
    inner.map(|(k, place, metric)| (place, squares(&around(&index, points, k, metric)))).collect()
}

/// The sums of a point.
fn around(index: &CellIndex, points: &[(f64, f64)], k: usize, metric: Metric) -> [f32; SUMS] {
    let frame = metric.frame();
    let mut sums = [0.0; SUMS];
    index.for_each_within(points[k], REACH * metric.widest(), |other, _| {
        if other != k {
            let (dx, dy) = (points[other].0 - points[k].0, points[other].1 - points[k].1);
            let x = (frame[0] * dx + frame[1] * dy) / REACH;
            let added = added([x as f32], [(frame[2] * dy / REACH) as f32]);
            sums.iter_mut().zip(added).for_each(|(sum, [part])| *sum += part);
        }
    });
    sums
}

fn squares(sums: &[f32; SUMS]) -> [f64; ORDERS] {
    std::array::from_fn(|m| {
        let part = |k: usize| f64::from(sums[k]).powi(2);
        if m == 0 { part(0) } else { part(2 * m - 1) + part(2 * m) }
    })
}

/// What neighbors at ways (x, y), in reaches, add to the sums of a point; nothing from beyond one.
#[inline(always)]
pub(crate) fn added<const N: usize>(x: [f32; N], y: [f32; N]) -> [[f32; N]; SUMS] {
    let mut sums = [[0.0; N]; SUMS];
    for lane in 0..N {
        let fade = 1.0 - x[lane].mul_add(x[lane], y[lane] * y[lane]);
        // Because far ways to a high power are more than numbers hold.
        let (x, y, fade) = if fade > 0.0 { (x[lane], y[lane], fade) } else { (0.0, 0.0, 0.0) };
        let (mut real, mut imaginary) = (fade * fade, 0.0f32);
        sums[0][lane] = real;
        for m in 1..ORDERS {
            (real, imaginary) = (real.mul_add(x, -(imaginary * y)), real.mul_add(y, imaginary * x));
            sums[2 * m - 1][lane] = real;
            sums[2 * m][lane] = imaginary;
        }
    }
    sums
}

/// Energy of points by their sums: the squares, each order by its weight.
#[inline(always)]
pub(crate) fn order_energy<const N: usize>(sums: &[[f32; N]; SUMS], weights: &[f32; ORDERS]) -> [f32; N] {
    let mut energy = [0.0; N];
    for lane in 0..N {
        energy[lane] = weights[0] * sums[0][lane] * sums[0][lane];
        for m in 1..ORDERS {
            let (real, imaginary) = (sums[2 * m - 1][lane], sums[2 * m][lane]);
            energy[lane] = weights[m].mul_add(real.mul_add(real, imaginary * imaginary), energy[lane]);
        }
    }
    energy
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lattice of unit density whose neighbors stand six-fold, or four-fold, turned by an angle.
    fn lattice(is_six_fold: bool, turn: f64) -> BondOrders {
        let (across, down) = if is_six_fold { (1.074_57, 0.930_6) } else { (1.0, 1.0) };
        let (sin, cos) = turn.sin_cos();
        let places = (-40..40).flat_map(|row| (-40..40).map(move |column| (column, row)));
        let points: Vec<_> = places
            .map(|(column, row)| {
                let shift = if is_six_fold && row % 2 != 0 { 0.5 } else { 0.0 };
                let (x, y) = ((f64::from(column) + shift) * across, f64::from(row) * down);
                (10.0 + x * cos - y * sin, 10.0 + x * sin + y * cos)
            })
            .collect();
        let window = Window::rectangle(20.0, 20.0, 0.5);
        let even = vec![Metric::even(1.0); window.inside.len()];
        bond_orders(&points, &window, &even).expect("enough points")
    }

    #[test]
    fn lattices_show_their_order_whichever_way_they_are_turned() {
        let (six, four) = (lattice(true, 0.0).mean, lattice(false, 0.0).mean);
        assert!(six[6] > 100.0 * six[4] && four[4] > 100.0 * four[6], "{six:?} {four:?}");
        for (m, turned) in lattice(true, 0.4).mean.into_iter().enumerate() {
            assert!((turned - six[m]).abs() < 1e-3 * six[6], "order {m}: {turned} {}", six[m]);
        }
    }

    #[test]
    fn a_window_too_narrow_has_none() {
        let window = Window::rectangle(3.0, 3.0, 0.5);
        assert_eq!(bond_orders(&[(1.5, 1.5)], &window, &vec![Metric::even(1.0); 36]), None);
    }
}
