//! Directions in which light is followed through a stack.

use nalgebra::{DMatrix, SymmetricEigen};

/// Directions of light, told by what Snell's law keeps: κ = n sin θ. Direction 0 is straight down.
#[derive(Clone, Debug)]
pub(super) struct Directions {
    /// κ² of each direction.
    pub(super) snell_squared: Vec<f64>,
    /// Share of flux κ dκ that each direction stands for; the same in every medium.
    pub(super) flux: Vec<f64>,
}

/// Quadrature over the directions that exist in media of these refractive indices and in air.
///
/// Half of the `count` directions lie in the cone that reaches air, the others are split evenly over the
/// ranges between the indices. In the cone they are Gauss–Radau nodes in the cosine *outside*, for the
/// measure of the cosine *inside*: Fresnel's formulas have a root at the critical angle in the inner cosine
/// and none in the outer one, so few directions give many digits.
pub(super) fn directions(refractive_indices: &[f64], count: usize) -> Directions {
    let mut borders = vec![1.0];
    let mut denser: Vec<f64> = refractive_indices.iter().copied().filter(|n| *n > 1.0).collect();
    denser.sort_by(f64::total_cmp);
    borders.extend(denser);
    borders.dedup();
    let inside = if borders.len() > 1 { count / 2 } else { count };
    let mut found = cone(borders.get(1).copied().unwrap_or(1.0), inside);
    let mut left = count - inside;
    for (i, pair) in borders.windows(2).enumerate() {
        let share = left / (borders.len() - 1 - i);
        left -= share;
        let widest = (1.0 - (pair[0] / pair[1]).powi(2)).sqrt();
        for (t, w) in legendre(share) {
            let (cosine, weight) = (t * widest, w * widest);
            found.snell_squared.push(pair[1] * pair[1] * (1.0 - cosine * cosine));
            found.flux.push(pair[1] * pair[1] * cosine * weight);
        }
    }
    found
}

/// Directions that reach air from a medium of index `n`.
fn cone(n: f64, count: usize) -> Directions {
    let inner = |outer: f64| (1.0 - (1.0 - outer * outer) / (n * n)).sqrt();
    // because κ dκ = n² cos dcos in every medium: dcos = cos′ dcos′ / (n² cos).
    let fine: Vec<(f64, f64)> = legendre(64)
        .into_iter()
        .map(|(t, w)| (t, if n > 1.0 { w * t / (n * n * inner(t)) } else { w }))
        .collect();
    let mut nodes = radau(&fine, count);
    nodes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let snell_squared = nodes.iter().enumerate().map(|(i, (t, _))| if i == 0 { 0.0 } else { 1.0 - t * t });
    let flux = nodes.iter().map(|(t, w)| w * n * n * inner(*t));
    Directions { snell_squared: snell_squared.collect(), flux: flux.collect() }
}

/// Gauss–Radau nodes and weights with a node at 1 for a measure on [0, 1] given as a fine sum.
fn radau(measure: &[(f64, f64)], count: usize) -> Vec<(f64, f64)> {
    let total: f64 = measure.iter().map(|(_, w)| w).sum();
    let (mut a, mut b) = (vec![0.0; count], vec![0.0; count]);
    let (mut before, mut now) = (vec![0.0; measure.len()], vec![1.0; measure.len()]);
    let mut norm_before = 1.0;
    for k in 0..count {
        let norm: f64 = measure.iter().zip(&now).map(|((_, w), p)| w * p * p).sum();
        a[k] = measure.iter().zip(&now).map(|((t, w), p)| w * t * p * p).sum::<f64>() / norm;
        b[k] = if k == 0 { 0.0 } else { norm / norm_before };
        let next =
            measure.iter().zip(now.iter().zip(&before)).map(|((t, _), (p, q))| (t - a[k]) * p - b[k] * q);
        (before, now, norm_before) = (now.clone(), next.collect(), norm);
    }
    // Golub: the last coefficient is chosen so that 1 is a node.
    let (mut p_before, mut p) = (0.0, 1.0);
    for k in 0..count - 1 {
        (p_before, p) = (p, (1.0 - a[k]) * p - b[k] * p_before);
    }
    a[count - 1] = 1.0 - b[count - 1] * p_before / p;
    let jacobi = DMatrix::from_fn(count, count, |i, j| match i.abs_diff(j) {
        0 => a[i],
        1 => b[i.max(j)].sqrt(),
        _ => 0.0,
    });
    let eigen = SymmetricEigen::new(jacobi);
    (0..count).map(|i| (eigen.eigenvalues[i], total * eigen.eigenvectors[(0, i)].powi(2))).collect()
}

/// Gauss–Legendre nodes and weights on [0, 1].
fn legendre(count: usize) -> Vec<(f64, f64)> {
    let n = count as f64;
    let node = |i: usize| {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..30 {
            let (mut before, mut p) = (0.0, 1.0);
            for k in 0..count {
                let k = k as f64;
                (before, p) = (p, ((2.0 * k + 1.0) * x * p - k * before) / (k + 1.0));
            }
            slope = n * (before - x * p) / (1.0 - x * x);
            x -= p / slope;
        }
        ((x + 1.0) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..count).map(node).collect()
}

/// Fresnel reflectance for unpolarized light between media of indices `one` and `two`; 1 beyond the critical
/// angle.
pub(super) fn fresnel(one: f64, two: f64, snell_squared: f64) -> f64 {
    if one == two {
        return 0.0;
    }
    let cosine = |n: f64| (1.0 - snell_squared / (n * n)).max(0.0).sqrt();
    let (c1, c2) = (cosine(one), cosine(two));
    if c1 == 0.0 || c2 == 0.0 {
        return 1.0;
    }
    let across = (one * c1 - two * c2) / (one * c1 + two * c2);
    let along = (one * c2 - two * c1) / (one * c2 + two * c1);
    0.5 * (across * across + along * along)
}

/// Legendre polynomials of one parity, sampled at cosines with weights and made orthonormal in that sum.
///
/// Column k stands for order 2k (`parity` 0) or 2k + 1 (`parity` 1). Because they are orthonormal in the
/// quadrature itself, energy and mean cosine are kept exactly whatever the nodes.
pub(super) fn parity_basis(cosines: &[f64], weights: &[f64], parity: usize) -> DMatrix<f64> {
    let count = cosines.len();
    let mut basis =
        DMatrix::from_fn(count, count, |i, k| weights[i].sqrt() * polynomial(2 * k + parity, cosines[i]));
    for k in 0..count {
        let mut column = basis.column(k).into_owned();
        // because rounding spoils one pass of Gram–Schmidt when columns are nearly dependent.
        for _ in 0..3 {
            for j in 0..k {
                let overlap = basis.column(j).dot(&column);
                column -= basis.column(j) * overlap;
            }
        }
        let norm = column.norm();
        basis.set_column(k, &(column / norm));
    }
    basis
}

fn polynomial(order: usize, x: f64) -> f64 {
    let (mut before, mut p) = (0.0, 1.0);
    for k in 0..order {
        let k = k as f64;
        (before, p) = (p, ((2.0 * k + 1.0) * x * p - k * before) / (k + 1.0));
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flux_is_complete_in_every_medium() {
        for indices in [vec![1.0], vec![1.4], vec![1.45, 1.40], vec![1.37, 1.5, 1.37]] {
            let largest = indices.iter().copied().fold(1.0, f64::max);
            let found = directions(&indices, 16);
            let sum: f64 = found.flux.iter().sum();
            assert_eq!(found.flux.len(), 16);
            assert!((sum - largest * largest / 2.0).abs() < 1e-6, "{indices:?}: {sum}");
            assert!(found.flux.iter().all(|f| *f > 0.0) && found.snell_squared[0] == 0.0);
        }
    }

    #[test]
    fn fresnel_at_known_angles() {
        assert!((fresnel(1.0, 1.5, 0.0) - 0.04).abs() < 1e-12);
        assert!((fresnel(1.4, 1.0, 0.0) - 1.0 / 36.0).abs() < 1e-12);
        assert_eq!(fresnel(1.4, 1.0, 1.2), 1.0);
        // Light polarized along the plane is not reflected at Brewster's angle, tan θ = 1.5.
        let sine_squared = 2.25 / 3.25;
        assert!((fresnel(1.0, 1.5, sine_squared) - 0.5 * (5.0f64 / 13.0).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn basis_is_orthonormal() {
        let nodes = legendre(16);
        let (x, w): (Vec<f64>, Vec<f64>) = nodes.into_iter().unzip();
        for parity in [0, 1] {
            let basis = parity_basis(&x, &w, parity);
            let gram = basis.transpose() * &basis;
            assert!((gram - DMatrix::identity(16, 16)).abs().max() < 1e-12);
        }
    }
}
