//! Cone-opponent space: what the retina sends on, and contrasts in it.

use crate::lab::Xyz;
use crate::rgb::{LinearRgb, RgbSpace, invert};
use crate::sensitivity::Mechanism;

/// A color as sums and differences of cone signals, D65-balanced as [@Ashraf2024] has them; linear in light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConeOpponent {
    /// L + M.
    pub achromatic: f64,
    /// L − 2.3112 M.
    pub red_green: f64,
    /// 50.9875 S − (L + M); above zero is violet.
    pub yellow_violet: f64,
}

/// XYZ (CIE 1931) from cone signals L, M, S (CIE 2006), fitted to the spectra of an LED display [@Ashraf2024].
///
/// The two observers differ, so no such matrix is exact for all spectra; contrasts of similar spectra hardly mind.
const XYZ_FROM_CONES: [[f64; 3]; 3] = [
    [2.629_129_278, -3.780_202_392, 10.294_956_388],
    [0.865_649_062, 1.215_555_812, -0.984_175_688],
    [-0.008_886_561, 0.081_612_629, 51.371_024_831],
];
/// Rows L + M, L − M, S − (L + M) [@Ashraf2024].
const OPPONENT_FROM_CONES: [[f64; 3]; 3] = [[1.0, 1.0, 0.0], [1.0, -2.3112, 0.0], [-1.0, -1.0, 50.9875]];

impl ConeOpponent {
    /// From cone signals of the CIE 2006 2° observer.
    pub fn from_cones([l, m, s]: [f64; 3]) -> Self {
        let [achromatic, red_green, yellow_violet] =
            OPPONENT_FROM_CONES.map(|[a, b, c]| a * l + b * m + c * s);
        Self { achromatic, red_green, yellow_violet }
    }

    /// The contrast that each mechanism sees of this color on a ground: what is added over the ground's L + M.
    ///
    /// In the order of [`Mechanism::ALL`]; signed.
    pub fn contrast_to(self, ground: Self) -> [f64; 3] {
        let (own, ground_values) = (self.values(), ground.values());
        std::array::from_fn(|i| (own[i] - ground_values[i]) / ground.achromatic)
    }

    /// In the order of [`Mechanism::ALL`].
    pub fn values(self) -> [f64; 3] {
        [self.achromatic, self.red_green, self.yellow_violet]
    }

    /// Weights of linear R, G, B of a space in each mechanism, in the order of [`Mechanism::ALL`].
    pub fn weights(space: RgbSpace) -> [[f32; 3]; 3] {
        let unit = |c: usize| {
            let rgb = std::array::from_fn(|k| if k == c { 1.0 } else { 0.0 });
            Self::from(space.xyz_from_linear(LinearRgb { rgb })).values()
        };
        let columns = [unit(0), unit(1), unit(2)];
        std::array::from_fn(|m| std::array::from_fn(|c| columns[c][m] as f32))
    }
}

impl From<Xyz> for ConeOpponent {
    fn from(color: Xyz) -> Self {
        let xyz = [color.x, color.y, color.z];
        let cones = invert(XYZ_FROM_CONES).map(|row| (0..3).map(|i| row[i] * xyz[i]).sum());
        Self::from_cones(cones)
    }
}

const _: () = assert!(Mechanism::ALL.len() == OPPONENT_FROM_CONES.len());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Lab;

    #[test]
    fn white_has_little_color_and_light_has_none_to_itself() {
        let white = ConeOpponent::from(Xyz::D65);
        assert!((white.achromatic - 1.05).abs() < 0.01, "{white:?}");
        assert!(white.red_green.abs() < 0.01 && white.yellow_violet.abs() < 0.02, "{white:?}");
        assert_eq!(white.contrast_to(white), [0.0; 3]);
    }

    #[test]
    fn a_redder_skin_is_redder() {
        let skin = |a: f64| ConeOpponent::from(Xyz::from(Lab::new(60.0, a, 16.0)));
        let [_, red, _] = skin(15.0).contrast_to(skin(11.0));
        assert!(red > 0.01 && red < 0.1, "{red}");
    }

    #[test]
    fn weights_are_the_same_way() {
        let rgb = [0.4f32, 0.25, 0.18];
        let by_weights = ConeOpponent::weights(RgbSpace::Srgb)
            .map(|row| row.iter().zip(rgb).map(|(w, v)| f64::from(w * v)).sum::<f64>());
        let direct = ConeOpponent::from(RgbSpace::Srgb.xyz_from_linear(LinearRgb { rgb })).values();
        assert!(by_weights.iter().zip(direct).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
