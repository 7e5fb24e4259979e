//! Chromatic adaptation between whites.

use crate::lab::Xyz;
use crate::rgb::invert;

/// Bradford cone response [@Lam1985], rows L, M, S.
const BRADFORD: [[f64; 3]; 3] =
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

/// The color that looks under white `to` as `color` did under white `from`.
///
/// `degree` is how far the eye adapts, 0 (not at all) to 1 (fully).
pub fn adapt(color: Xyz, from: Xyz, to: Xyz, degree: f64) -> Xyz {
    let response = |c: Xyz| multiply(BRADFORD, [c.x, c.y, c.z]);
    let (source, target, cones) = (response(from), response(to), response(color));
    let scaled = std::array::from_fn(|i| cones[i] * (degree * target[i] / source[i] + 1.0 - degree));
    let [x, y, z] = multiply(invert(BRADFORD), scaled);
    Xyz { x, y, z }
}

fn multiply(m: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|i| m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_becomes_white_and_back() {
        let tungsten = adapt(Xyz::D65, Xyz::D65, Xyz::A, 1.0);
        assert!((tungsten.x - Xyz::A.x).abs() < 1e-9 && (tungsten.z - Xyz::A.z).abs() < 1e-9);
        let there = adapt(Xyz { x: 0.3, y: 0.25, z: 0.2 }, Xyz::D65, Xyz::D50, 1.0);
        let back = adapt(there, Xyz::D50, Xyz::D65, 1.0);
        assert!((back.x - 0.3).abs() < 1e-9 && (back.z - 0.2).abs() < 1e-9);
    }
}
