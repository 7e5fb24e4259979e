//! RGB spaces that photographs come in.

use crate::lab::Xyz;

/// Scene-linear or display-linear RGB in a stated space; 1 is the white of the space, values may exceed it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearRgb {
    /// Red, green, blue.
    pub rgb: [f32; 3],
}

/// The RGB space of a photograph's pixels. All have a D65 white.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RgbSpace {
    /// IEC 61966-2-1.
    Srgb,
    /// Display P3: DCI primaries, D65, sRGB curve; what an iPhone writes.
    DisplayP3,
    /// Adobe RGB (1998): gamma 563/256.
    AdobeRgb,
    /// Rec. 2020 primaries with the sRGB curve: our own wide home for anything that fits nowhere else.
    Rec2020,
}

impl RgbSpace {
    /// Encoded value in [0, 1] to linear light in [0, 1].
    pub fn linear_from_encoded(self, encoded: f32) -> f32 {
        match self {
            Self::AdobeRgb => encoded.max(0.0).powf(563.0 / 256.0),
            _ if encoded <= 0.040_45 => encoded / 12.92,
            _ => ((encoded + 0.055) / 1.055).powf(2.4),
        }
    }

    /// Linear light in [0, 1] to encoded value in [0, 1].
    pub fn encoded_from_linear(self, linear: f32) -> f32 {
        match self {
            Self::AdobeRgb => linear.max(0.0).powf(256.0 / 563.0),
            _ if linear <= 0.003_130_8 => linear * 12.92,
            _ => 1.055 * linear.powf(1.0 / 2.4) - 0.055,
        }
    }

    /// Table of the linear value of every 16-bit code.
    ///
    /// # Cost
    /// 65,536 powers; make it once a picture.
    pub fn linear_table(self) -> Vec<f32> {
        (0..=u16::MAX).map(|code| self.linear_from_encoded(f32::from(code) / 65_535.0)).collect()
    }

    /// Linear RGB of this space to XYZ under D65, Y = 1 at white.
    pub fn xyz_from_linear(self, color: LinearRgb) -> Xyz {
        let [r, g, b] = color.rgb.map(f64::from);
        let m = self.matrix();
        let [x, y, z] = std::array::from_fn(|i| m[i][0] * r + m[i][1] * g + m[i][2] * b);
        Xyz { x, y, z }
    }

    /// XYZ under D65 to linear RGB of this space; out-of-gamut colors have values below 0 or above 1.
    pub fn linear_from_xyz(self, color: Xyz) -> LinearRgb {
        let m = invert(self.matrix());
        let v = [color.x, color.y, color.z];
        LinearRgb { rgb: std::array::from_fn(|i| (m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2]) as f32) }
    }

    /// Weights of linear R, G, B in luminance Y.
    pub fn luminance_weights(self) -> [f32; 3] {
        self.matrix()[1].map(|w| w as f32)
    }

    /// Chromaticities of red, green and blue (CIE x, y).
    pub fn primaries(self) -> [[f64; 2]; 3] {
        match self {
            Self::Srgb => [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]],
            Self::DisplayP3 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]],
            Self::AdobeRgb => [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]],
            Self::Rec2020 => [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]],
        }
    }

    /// Rows X, Y, Z; columns R, G, B: scaled so that (1, 1, 1) is D65.
    fn matrix(self) -> [[f64; 3]; 3] {
        let columns: [[f64; 3]; 3] = self.primaries().map(|[x, y]| [x / y, 1.0, (1.0 - x - y) / y]);
        let by_row: [[f64; 3]; 3] = std::array::from_fn(|r| std::array::from_fn(|c| columns[c][r]));
        let white = [Xyz::D65.x, Xyz::D65.y, Xyz::D65.z];
        let inverse = invert(by_row);
        let gain: [f64; 3] = std::array::from_fn(|i| (0..3).map(|k| inverse[i][k] * white[k]).sum());
        std::array::from_fn(|r| std::array::from_fn(|c| by_row[r][c] * gain[c]))
    }
}

/// Inverse of a 3 × 3 matrix that is known to have one.
pub(crate) fn invert(m: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let cofactor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * cofactor(0, c)).sum();
    std::array::from_fn(|r| std::array::from_fn(|c| cofactor(c, r) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [RgbSpace; 4] = [RgbSpace::Srgb, RgbSpace::DisplayP3, RgbSpace::AdobeRgb, RgbSpace::Rec2020];

    #[test]
    fn white_is_d65_in_every_space() {
        for space in ALL {
            let xyz = space.xyz_from_linear(LinearRgb { rgb: [1.0; 3] });
            assert!((xyz.x - Xyz::D65.x).abs() < 1e-9 && (xyz.y - 1.0).abs() < 1e-9, "{space:?}");
        }
    }

    #[test]
    fn srgb_matrix_is_the_published_one() {
        let red = RgbSpace::Srgb.xyz_from_linear(LinearRgb { rgb: [1.0, 0.0, 0.0] });
        assert!(
            (red.x - 0.4124).abs() < 2e-4 && (red.y - 0.2126).abs() < 2e-4 && (red.z - 0.0193).abs() < 2e-4
        );
    }

    #[test]
    fn every_sixteen_bit_code_survives_the_round_trip() {
        for space in ALL {
            let table = space.linear_table();
            for code in (0..=u16::MAX).step_by(17) {
                let back = space.encoded_from_linear(table[usize::from(code)]) * 65_535.0;
                assert!((back - f32::from(code)).abs() < 0.5, "{space:?} {code} {back}");
            }
        }
    }
}
