//! Small symmetric matrices, many at once: one wavelength in each lane.
//!
//! Loops run over indices and never through closures: code inside a closure that the compiler does not inline
//! loses the machine's wide instructions.
#![expect(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "indices keep the loops unrolled and in registers"
)]

use pulp::{NullaryFnOnce, Simd};

/// N × N matrices, one in each lane; N is a multiple of 8.
pub(super) type Matrix<S, const N: usize> = [[<S as Simd>::f64s; N]; N];
/// Vectors of N numbers, one in each lane.
pub(super) type Vector<S, const N: usize> = [<S as Simd>::f64s; N];

/// One step of the solver: a ← scale · a − X M⁻¹ X for symmetric X and positive definite M.
///
/// M, given by its lower triangle, becomes its factors M = L D Lᵀ with D inverted on the diagonal.
pub(super) struct Reduce<'a, S: Simd, const N: usize> {
    pub(super) simd: S,
    pub(super) a: &'a mut Matrix<S, N>,
    pub(super) scale: f64,
    pub(super) x: &'a Matrix<S, N>,
    pub(super) m: &'a mut Matrix<S, N>,
    /// Room for L⁻¹ X.
    pub(super) z: &'a mut Matrix<S, N>,
}

impl<S: Simd, const N: usize> Reduce<'_, S, N> {
    #[inline(always)]
    pub(super) fn run(self) {
        // because one copy of the unrolled code stays in the instruction cache.
        self.simd.vectorize(self);
    }
}

impl<S: Simd, const N: usize> NullaryFnOnce for Reduce<'_, S, N> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, a, scale, x, m, z } = self;
        for i in 0..N {
            // because row i of L is done: its use and the next pivot run side by side.
            eliminate(simd, m, i);
            for b in (0..N).step_by(8) {
                let mut row = [simd.splat_f64s(0.0); 8];
                for k in 0..8 {
                    row[k] = x[i][b + k];
                }
                for j in 0..i {
                    let l = m[i][j];
                    for k in 0..8 {
                        row[k] = simd.negate_mul_add_e_f64s(l, z[j][b + k], row[k]);
                    }
                }
                for k in 0..8 {
                    z[i][b + k] = row[k];
                }
            }
        }
        subtract_gram(simd, a, scale, m, z);
    }
}

/// Takes column j out of the columns to its right, and leaves it as a column of L, with D⁻¹ on the diagonal.
#[inline(always)]
fn eliminate<S: Simd, const N: usize>(simd: S, m: &mut Matrix<S, N>, j: usize) {
    let inverse = simd.div_f64s(simd.splat_f64s(1.0), m[j][j]);
    let mut column = [inverse; N];
    for i in j + 1..N {
        column[i] = m[i][j];
        let l = simd.mul_f64s(m[i][j], inverse);
        for k in j + 1..=i {
            m[i][k] = simd.negate_mul_add_e_f64s(l, column[k], m[i][k]);
        }
        m[i][j] = l;
    }
    m[j][j] = inverse;
}

/// a ← scale · a − Zᵀ D⁻¹ Z, whole and symmetric, from the lower triangle of a.
#[inline(always)]
fn subtract_gram<S: Simd, const N: usize>(
    simd: S,
    a: &mut Matrix<S, N>,
    scale: f64,
    m: &Matrix<S, N>,
    z: &Matrix<S, N>,
) {
    let scale = simd.splat_f64s(scale);
    for i in (0..N).step_by(2) {
        for j in (0..=i).step_by(4) {
            let mut tile = [[simd.splat_f64s(0.0); 4]; 2];
            for k in 0..N {
                let one = simd.mul_f64s(z[k][i], m[k][k]);
                let two = simd.mul_f64s(z[k][i + 1], m[k][k]);
                for t in 0..4 {
                    tile[0][t] = simd.negate_mul_add_e_f64s(one, z[k][j + t], tile[0][t]);
                    tile[1][t] = simd.negate_mul_add_e_f64s(two, z[k][j + t], tile[1][t]);
                }
            }
            for r in 0..2 {
                for t in 0..4 {
                    let v = simd.mul_add_e_f64s(scale, a[i + r][j + t], tile[r][t]);
                    a[i + r][j + t] = v;
                }
            }
        }
    }
    // The lower triangle holds; what stands above it belongs to tiles that reach over the diagonal.
    for i in 0..N {
        for j in 0..i {
            a[j][i] = a[i][j];
        }
    }
}

/// Factors of M in place, from its lower triangle, as [`Reduce`] leaves them.
#[inline(always)]
pub(super) fn factor<S: Simd, const N: usize>(simd: S, m: &mut Matrix<S, N>) {
    for i in 0..N {
        eliminate(simd, m, i);
    }
}

/// M⁻¹ v from the factors of M.
#[inline(always)]
pub(super) fn solve<S: Simd, const N: usize>(simd: S, l: &Matrix<S, N>, v: &mut Vector<S, N>) {
    for i in 0..N {
        for j in 0..i {
            v[i] = simd.negate_mul_add_e_f64s(l[i][j], v[j], v[i]);
        }
    }
    for i in (0..N).rev() {
        v[i] = simd.mul_f64s(v[i], l[i][i]);
        for j in i + 1..N {
            v[i] = simd.negate_mul_add_e_f64s(l[j][i], v[j], v[i]);
        }
    }
}

/// −A v for symmetric A.
#[inline(always)]
pub(super) fn minus_times<S: Simd, const N: usize>(
    simd: S,
    a: &Matrix<S, N>,
    v: &Vector<S, N>,
) -> Vector<S, N> {
    let mut out = [simd.splat_f64s(0.0); N];
    for j in 0..N {
        for i in 0..N {
            out[i] = simd.negate_mul_add_e_f64s(a[j][i], v[j], out[i]);
        }
    }
    out
}

/// out ← s A + t B.
#[inline(always)]
pub(super) fn blend<S: Simd, const N: usize>(
    simd: S,
    out: &mut Matrix<S, N>,
    (s, a): (f64, &Matrix<S, N>),
    (t, b): (f64, &Matrix<S, N>),
) {
    let (s, t) = (simd.splat_f64s(s), simd.splat_f64s(t));
    for i in 0..N {
        for j in 0..N {
            out[i][j] = simd.mul_add_e_f64s(s, a[i][j], simd.mul_f64s(t, b[i][j]));
        }
    }
}

/// a ← (a + b) / 2.
#[inline(always)]
pub(super) fn average<S: Simd, const N: usize>(simd: S, a: &mut Matrix<S, N>, b: &Matrix<S, N>) {
    let half = simd.splat_f64s(0.5);
    for i in 0..N {
        for j in 0..N {
            a[i][j] = simd.mul_f64s(half, simd.add_f64s(a[i][j], b[i][j]));
        }
    }
}
