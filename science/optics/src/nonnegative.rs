//! Least squares with weights that cannot be negative.

/// The x ≥ 0 that brings Σ_j rows[i][j] x_j nearest to `target` in the sense of least squares.
///
/// The active-set method of Lawson and Hanson on the normal equations, with a ridge that keeps like columns
/// apart.
///
/// # Panics
/// If `rows` and `target` differ in length.
pub(crate) fn nonnegative_least_squares<const N: usize>(rows: &[[f64; N]], target: &[f64]) -> [f64; N] {
    assert_eq!(rows.len(), target.len(), "every equation needs its right-hand side");
    let (gram, right) = normal_equations(rows, target);
    let tolerance = 1e-12 * right.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let mut x = [0.0; N];
    let mut free = [false; N];
    for _ in 0..4 * N {
        let pull = |j: usize| right[j] - (0..N).map(|k| gram[j][k] * x[k]).sum::<f64>();
        let candidates = (0..N).filter(|j| !free[*j] && pull(*j) > tolerance);
        let Some(best) = candidates.max_by(|a, b| pull(*a).total_cmp(&pull(*b))) else { break };
        free[best] = true;
        settle(&gram, &right, &mut free, &mut x);
    }
    x
}

/// Moves `x` to the best point of the free coordinates; those that would turn negative are fixed at zero.
fn settle<const N: usize>(gram: &[[f64; N]; N], right: &[f64; N], free: &mut [bool; N], x: &mut [f64; N]) {
    while free.contains(&true) {
        let goal = solve(gram, right, free);
        let blocked = (0..N).filter(|j| free[*j] && goal[*j] <= 0.0);
        let step = blocked.map(|j| (x[j] / (x[j] - goal[j]), j)).min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((step, first)) = step else {
            *x = goal;
            return;
        };
        (0..N).for_each(|j| x[j] += step * (goal[j] - x[j]));
        x[first] = 0.0;
        free[first] = false;
    }
}

/// Gram matrix with its ridge, and right-hand side.
fn normal_equations<const N: usize>(rows: &[[f64; N]], target: &[f64]) -> ([[f64; N]; N], [f64; N]) {
    let mut gram = [[0.0; N]; N];
    let mut right = [0.0; N];
    for (row, t) in rows.iter().zip(target) {
        for j in 0..N {
            right[j] += row[j] * t;
            (0..N).for_each(|k| gram[j][k] += row[j] * row[k]);
        }
    }
    (0..N).for_each(|j| gram[j][j] = gram[j][j] * (1.0 + 1e-10) + 1e-300);
    (gram, right)
}

/// Solution over the free coordinates, zero elsewhere: Gaussian elimination of a positive definite matrix.
fn solve<const N: usize>(gram: &[[f64; N]; N], right: &[f64; N], free: &[bool; N]) -> [f64; N] {
    let (mut a, mut b) = (*gram, *right);
    let places: Vec<usize> = (0..N).filter(|j| free[*j]).collect();
    for (i, &p) in places.iter().enumerate() {
        for &q in &places[i + 1..] {
            let factor = a[q][p] / a[p][p];
            places[i..].iter().for_each(|&k| a[q][k] -= factor * a[p][k]);
            b[q] -= factor * b[p];
        }
    }
    let mut x = [0.0; N];
    for (i, &p) in places.iter().enumerate().rev() {
        let known: f64 = places[i + 1..].iter().map(|&k| a[p][k] * x[k]).sum();
        x[p] = (b[p] - known) / a[p][p];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_is_found_again_and_nothing_is_negative() {
        let rows: Vec<[f64; 3]> = (0..20)
            .map(|i| {
                let t = f64::from(i) * 0.2;
                [(-t).exp(), (-3.0 * t).exp(), 1.0]
            })
            .collect();
        let target: Vec<f64> = rows.iter().map(|r| 2.0 * r[0] + 0.5 * r[1]).collect();
        let x = nonnegative_least_squares(&rows, &target);
        assert!((x[0] - 2.0).abs() < 1e-3 && (x[1] - 0.5).abs() < 1e-3 && x[2] < 1e-3, "{x:?}");
        let negative: Vec<f64> = rows.iter().map(|r| -r[0]).collect();
        assert_eq!(nonnegative_least_squares(&rows, &negative), [0.0; 3]);
    }
}
