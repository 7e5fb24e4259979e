//! Straight maps of a small neighborhood.

use nalgebra::{Matrix3, Matrix3x2};

/// `to + linear · (place − from)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine {
    pub(super) from: (f64, f64),
    pub(super) to: (f64, f64),
    /// xx, xy, yx, yy.
    pub(super) linear: [f64; 4],
}

/// A place, where it belongs, and what that weighs.
pub(super) type Tie = ((f64, f64), (f64, f64), f64);

impl Affine {
    #[inline]
    pub(super) fn map(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (dx, dy) = (x - self.from.0, y - self.from.1);
        let [xx, xy, yx, yy] = self.linear;
        (self.to.0 + xx * dx + xy * dy, self.to.1 + yx * dx + yy * dy)
    }

    /// The same map, told from another place.
    pub(super) fn around(&self, from: (f64, f64)) -> Self {
        Self { from, to: self.map(from), linear: self.linear }
    }

    /// By how much areas grow; below zero where it mirrors.
    pub(super) fn determinant(&self) -> f64 {
        let [xx, xy, yx, yy] = self.linear;
        xx * yy - xy * yx
    }

    /// Whether lengths in all directions stay within a factor of each other, and of one.
    pub(super) fn is_plausible(&self) -> bool {
        const SCALE: (f64, f64) = (0.7, 1.43);
        const STRETCH_MAX: f64 = 1.5;
        let [xx, xy, yx, yy] = self.linear;
        let (sum, determinant) = (xx * xx + xy * xy + yx * yx + yy * yy, self.determinant().abs());
        let root = (sum * sum - 4.0 * determinant * determinant).max(0.0).sqrt();
        let (long, short) = (((sum + root) / 2.0).sqrt(), ((sum - root).max(0.0) / 2.0).sqrt());
        long < SCALE.1 * 1.15 && short > SCALE.0 / 1.15 && long < STRETCH_MAX * short
    }

    /// The map that fits ties best, drawn toward this one's linear part as if by `prior` ties one length away.
    ///
    /// `None` where ties do not span the plane.
    pub(super) fn refitted(&self, ties: &[Tie], length: f64, prior: f64) -> Option<Self> {
        let mut square = Matrix3::<f64>::zeros();
        let mut right = Matrix3x2::<f64>::zeros();
        for (p, q, weight) in ties {
            let expected = self.map(*p);
            let row = [(p.0 - self.from.0) / length, (p.1 - self.from.1) / length, 1.0];
            let off = [q.0 - expected.0, q.1 - expected.1];
            for i in 0..3 {
                for j in 0..3 {
                    square[(i, j)] += weight * row[i] * row[j];
                }
                for (j, off) in off.iter().enumerate() {
                    right[(i, j)] += weight * row[i] * off;
                }
            }
        }
        (square[(0, 0)], square[(1, 1)]) = (square[(0, 0)] + prior, square[(1, 1)] + prior);
        let solved = square.cholesky()?.solve(&right);
        let [xx, xy, yx, yy] = self.linear;
        Some(Self {
            from: self.from,
            to: (self.to.0 + solved[(2, 0)], self.to.1 + solved[(2, 1)]),
            linear: [
                xx + solved[(0, 0)] / length,
                xy + solved[(1, 0)] / length,
                yx + solved[(0, 1)] / length,
                yy + solved[(1, 1)] / length,
            ],
        })
    }
}
