//! Symmetric systems whose entries stand near the diagonal.

/// A symmetric matrix: of every row the entries up to the diagonal, `width` before it.
#[derive(Clone, Debug)]
pub(super) struct Band {
    size: usize,
    width: usize,
    rows: Vec<f64>,
}

impl Band {
    pub(super) fn zero(size: usize, width: usize) -> Self {
        Self { size, width, rows: vec![0.0; size * (width + 1)] }
    }

    /// Adds to an entry at or below the diagonal.
    #[inline]
    pub(super) fn add(&mut self, row: usize, column: usize, value: f64) {
        debug_assert!(column <= row && row - column <= self.width);
        self.rows[row * (self.width + 1) + self.width + column - row] += value;
    }

    /// This plus a multiple of another of the same shape.
    pub(super) fn plus(&self, factor: f64, other: &Self) -> Self {
        let rows = self.rows.iter().zip(&other.rows).map(|(a, b)| a + factor * b).collect();
        Self { rows, ..*self }
    }

    /// Its Cholesky factor, in the same shape.
    ///
    /// # Panics
    /// If the matrix is not positive definite.
    pub(super) fn factored(mut self) -> Factor {
        let (n, w) = (self.size, self.width);
        for i in 0..n {
            let first = i.saturating_sub(w);
            for j in first..=i {
                let from = first.max(j.saturating_sub(w));
                let (own, other) = (i * (w + 1) + w - i, j * (w + 1) + w - j);
                let (own, other) = (&self.rows[own + from..own + j], &self.rows[other + from..other + j]);
                let rest = self.rows[i * (w + 1) + w + j - i] - dot(own, other);
                self.rows[i * (w + 1) + w + j - i] = if i == j {
                    assert!(rest > 0.0, "a system to solve is positive definite");
                    rest.sqrt()
                } else {
                    rest / self.rows[j * (w + 1) + w]
                };
            }
        }
        Factor(self)
    }
}

/// The factor L of L Lᵀ.
#[derive(Clone, Debug)]
pub(super) struct Factor(Band);

impl Factor {
    /// Solves for a right side.
    pub(super) fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        self.forward(&mut right, 0);
        let (n, w) = (self.0.size, self.0.width);
        for i in (0..n).rev() {
            let row = &self.0.rows[i * (w + 1)..(i + 1) * (w + 1)];
            right[i] /= row[w];
            let value = right[i];
            let first = i.saturating_sub(w);
            for (r, l) in right[first..i].iter_mut().zip(&row[w + first - i..w]) {
                *r -= value * l;
            }
        }
        right
    }

    /// vᵀ A⁻¹ v for a v that is zero before `first`.
    pub(super) fn quadratic(&self, mut v: Vec<f64>, first: usize) -> f64 {
        self.forward(&mut v, first);
        v.iter().map(|x| x * x).sum()
    }

    fn forward(&self, right: &mut [f64], from: usize) {
        let w = self.0.width;
        for i in from..self.0.size {
            let first = i.saturating_sub(w).max(from);
            let row = &self.0.rows[i * (w + 1)..(i + 1) * (w + 1)];
            right[i] = (right[i] - dot(&row[w + first - i..w], &right[first..i])) / row[w];
        }
    }
}

/// In four lanes, so that the processor adds side by side; the order is fixed.
#[inline]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (fours_a, fours_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = fours_a.remainder().iter().zip(fours_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in fours_a.zip(fours_b) {
        for lane in 0..4 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_quantity::Seed;

    #[test]
    fn solves_what_it_multiplied() {
        let mut draw = Seed(7).stream("test", 0);
        let (n, w) = (40, 6);
        let mut band = Band::zero(n, w);
        for i in 0..n {
            (i.saturating_sub(w)..i).for_each(|j| band.add(i, j, draw.between(-1.0, 1.0)));
            band.add(i, i, 12.0);
        }
        let entry = |i: usize, j: usize| {
            let (i, j) = (i.max(j), i.min(j));
            if i - j > w { 0.0 } else { band.rows[i * (w + 1) + w + j - i] }
        };
        let x: Vec<f64> = (0..n).map(|_| draw.normal()).collect();
        let right: Vec<f64> = (0..n).map(|i| (0..n).map(|j| entry(i, j) * x[j]).sum()).collect();
        let energy: f64 = x.iter().zip(&right).map(|(a, b)| a * b).sum();
        let factor = band.clone().factored();
        let solved = factor.solve(right.clone());
        assert!(x.iter().zip(&solved).all(|(a, b)| (a - b).abs() < 1e-9));
        assert!((factor.quadratic(right, 0) - energy).abs() < 1e-9);
    }
}
