//! Light at a small sphere: Lorenz–Mie theory.

use nalgebra::Complex;

/// How a sphere takes light out of a beam: cross sections over its own shadow π d²/4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SphereEfficiency {
    /// Scattering and absorption together, no unit.
    pub extinction: f64,
    /// Scattering, no unit.
    pub scattering: f64,
    /// Mean cosine of the scattering angle, −1 to 1.
    pub anisotropy: f64,
}

impl SphereEfficiency {
    /// Absorption, no unit.
    pub fn absorption(&self) -> f64 {
        (self.extinction - self.scattering).max(0.0)
    }
}

/// Below this size parameter the two terms that matter are taken from their series.
const SMALL: f64 = 0.02;
/// Largest size parameter, so that time stays bounded: a sphere of 1.7 mm in green light.
const LARGE: f64 = 20_000.0;

/// Efficiencies of a homogeneous sphere.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | `size_parameter`, π · diameter · index of the medium / wavelength | – | 0 to 20,000, clamped |
/// | in | `relative_index`, of the sphere over that of the medium, n + ik | – | n above 0, k 0 or more |
/// | out | efficiencies | – | 0 and more |
///
/// The series of [@BohrenHuffman1983]: Q = 2/x² Σ (2n+1) (|a_n|² + |b_n|²), with the logarithmic derivative
/// of ψ_n(mx) from above and ψ_n(x), χ_n(x) from below.
///
/// # Limits
/// Single spheres: carbon black is really clusters of spheres, which absorb up to a third more than their
/// spheres one by one [@BondBergstrom2006].
///
/// # Cost
/// Linear in the size parameter: 2 µs at 1.
///
/// # Source
/// [@BohrenHuffman1983] [@Wiscombe1979]
pub fn sphere(size_parameter: f64, relative_index: Complex<f64>) -> SphereEfficiency {
    let x = if size_parameter.is_finite() { size_parameter.clamp(0.0, LARGE) } else { 0.0 };
    if x < SMALL { dipole(x, relative_index) } else { series(x, relative_index) }
}

/// A sphere much smaller than the wavelength: an electric dipole with its first correction.
fn dipole(x: f64, m: Complex<f64>) -> SphereEfficiency {
    let m2 = m * m;
    let k = (m2 - 1.0) / (m2 + 2.0);
    let correction =
        Complex::new(1.0, 0.0) + k * (m2 * m2 + m2 * 27.0 + 38.0) / (m2 * 2.0 + 3.0) * (x * x / 15.0);
    let absorption = 4.0 * x * (k * correction).im;
    let scattering = 8.0 / 3.0 * x.powi(4) * k.norm_sqr();
    SphereEfficiency { extinction: absorption + scattering, scattering, anisotropy: 0.0 }
}

fn series(x: f64, m: Complex<f64>) -> SphereEfficiency {
    let terms = (x + 4.05 * x.cbrt() + 2.0).round() as usize;
    let derivatives = logarithmic_derivatives(m * x, terms);
    let (mut psi_before, mut psi) = (x.cos(), x.sin());
    let (mut chi_before, mut chi) = (-x.sin(), x.cos());
    let (mut a_before, mut b_before) = (Complex::new(0.0, 0.0), Complex::new(0.0, 0.0));
    let (mut extinction, mut scattering, mut along) = (0.0, 0.0, 0.0);
    for (k, derivative) in derivatives.iter().enumerate() {
        let n = (k + 1) as f64;
        // ψ_n+1 = (2n+1) ψ_n / x − ψ_n−1, and so does χ.
        (psi_before, psi) = (psi, (2.0 * n - 1.0) * psi / x - psi_before);
        (chi_before, chi) = (chi, (2.0 * n - 1.0) * chi / x - chi_before);
        let (xi, xi_before) = (Complex::new(psi, -chi), Complex::new(psi_before, -chi_before));
        let coefficient = |d: Complex<f64>| {
            let d = d + n / x;
            (d * psi - psi_before) / (d * xi - xi_before)
        };
        let (a, b) = (coefficient(derivative / m), coefficient(derivative * m));
        extinction += (2.0 * n + 1.0) * (a.re + b.re);
        scattering += (2.0 * n + 1.0) * (a.norm_sqr() + b.norm_sqr());
        along += (2.0 * n + 1.0) / (n * (n + 1.0)) * (a * b.conj()).re;
        if k > 0 {
            let before = n - 1.0;
            along += before * (before + 2.0) / n * (a_before * a.conj() + b_before * b.conj()).re;
        }
        (a_before, b_before) = (a, b);
    }
    let scale = 2.0 / (x * x);
    SphereEfficiency {
        extinction: scale * extinction,
        scattering: scale * scattering,
        anisotropy: if scattering > 0.0 { 2.0 * along / scattering } else { 0.0 },
    }
}

/// D_n = ψ_n′/ψ_n at a complex place, n from 1 to `terms`, by recurrence from far above.
fn logarithmic_derivatives(z: Complex<f64>, terms: usize) -> Vec<Complex<f64>> {
    // Because the recurrence forgets its start only beyond the turning point at |z|, whose width grows as ∛|z|.
    let start = terms.max((z.norm() + 6.0 * z.norm().cbrt()) as usize) + 16;
    let mut d = Complex::new(0.0, 0.0);
    let mut kept = vec![d; terms];
    for n in (1..=start).rev() {
        let ratio = Complex::new((n + 1) as f64, 0.0) / z;
        d = ratio - (d + ratio).inv();
        if n <= terms {
            kept[n - 1] = d;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Size parameter, n, k, extinction, scattering, anisotropy times scattering: cases 5, 8, 12 to 19 of
    /// [@Wiscombe1979], and the sphere of the appendix of [@BohrenHuffman1983].
    const PUBLISHED: [(f64, f64, f64, f64, f64, f64); 9] = [
        (100.0, 1.33, 1e-5, 2.101_321, 2.096_594, f64::NAN),
        (0.055, 1.5, 1.0, 0.101_491_04, 1.131_687e-5, f64::NAN),
        (0.056, 1.5, 1.0, 0.103_346_7, 1.216_311e-5, 6.193_255e-9),
        (1.0, 1.5, 1.0, 2.336_321, 0.663_453_8, 0.127_473_6),
        (100.0, 1.5, 1.0, 2.097_502, 1.283_697, 1.091_466),
        (10_000.0, 1.5, 1.0, 2.004_368, 1.236_574, 1.046_525),
        (1.0, 10.0, 10.0, 2.532_993, 2.049_405, -0.226_796_1),
        (100.0, 10.0, 10.0, 2.071_124, 1.836_785, 1.021_648),
        (5.212_818_1, 1.55, 0.0, 3.105_43, 3.105_43, f64::NAN),
    ];

    #[test]
    fn published_spheres_are_met() {
        for (x, n, k, extinction, scattering, along) in PUBLISHED {
            let found = sphere(x, Complex::new(n, k));
            let near = |one: f64, other: f64| (one - other).abs() <= 2e-6 * other.abs().max(1e-3);
            assert!(near(found.extinction, extinction), "x {x} m {n}+{k}i: {found:?}");
            assert!((found.scattering / scattering - 1.0).abs() < 2e-6, "x {x} m {n}+{k}i: {found:?}");
            if along.is_finite() {
                let off = found.anisotropy * found.scattering - along;
                assert!(off.abs() < 1e-6 * found.scattering.max(along.abs()), "x {x}: {found:?}");
            }
        }
    }

    #[test]
    fn small_spheres_join_the_series_and_clear_ones_absorb_nothing() {
        for k in [0.0, 0.3, 1.0] {
            let index = Complex::new(1.4, k);
            let (below, above) = (dipole(SMALL, index), series(SMALL, index));
            assert!((below.extinction / above.extinction - 1.0).abs() < 1e-3, "k {k}");
        }
        for x in [0.1, 1.0, 10.0, 300.0] {
            let clear = sphere(x, Complex::new(1.2, 0.0));
            assert!((clear.extinction - clear.scattering).abs() < 1e-11 * clear.extinction.max(1.0), "x {x}");
        }
        assert_eq!(sphere(f64::NAN, Complex::new(1.5, 0.0)).scattering, 0.0);
    }
}
