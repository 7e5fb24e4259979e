//! XYZ and CIELAB.

use crate::rgb::{LinearRgb, RgbSpace};

/// CIE 1931 tristimulus values, Y = 1 at white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Xyz {
    /// X.
    pub x: f64,
    /// Y, luminance relative to white.
    pub y: f64,
    /// Z.
    pub z: f64,
}

impl Xyz {
    /// D65 white of the 2° observer, from chromaticity (0.3127, 0.3290) [@Iec61966].
    pub const D65: Self = Self { x: 0.3127 / 0.3290, y: 1.0, z: (1.0 - 0.3127 - 0.3290) / 0.3290 };
    /// D50 white of the 2° observer (the ICC profile connection space).
    pub const D50: Self = Self { x: 0.9642, y: 1.0, z: 0.8249 };
    /// CIE illuminant A (tungsten), 2° observer [@Cie15].
    pub const A: Self = Self { x: 1.0985, y: 1.0, z: 0.3558 };
}

/// CIE L*a*b* under D65, 2° observer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lab {
    /// Lightness, 0 to 100.
    pub l: f64,
    /// Green (−) to red (+).
    pub a: f64,
    /// Blue (−) to yellow (+).
    pub b: f64,
}

impl Lab {
    /// A color by its coordinates.
    pub fn new(l: f64, a: f64, b: f64) -> Self {
        Self { l, a, b }
    }

    /// Chroma C*ab.
    pub fn chroma(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// Linear RGB of a space to CIELAB.
    pub fn from_linear(space: RgbSpace, color: LinearRgb) -> Self {
        Self::from(space.xyz_from_linear(color))
    }

    /// CIELAB to linear RGB of a space; may lie outside its gamut.
    pub fn to_linear(self, space: RgbSpace) -> LinearRgb {
        space.linear_from_xyz(Xyz::from(self))
    }
}

/// Slope constants of CIELAB's two pieces: δ = 6/29 [@Cie15].
const DELTA: f64 = 6.0 / 29.0;

impl From<Xyz> for Lab {
    fn from(color: Xyz) -> Self {
        let f = |t: f64| {
            if t > DELTA.powi(3) { t.cbrt() } else { t / (3.0 * DELTA * DELTA) + 4.0 / 29.0 }
        };
        let (x, y, z) = (f(color.x / Xyz::D65.x), f(color.y / Xyz::D65.y), f(color.z / Xyz::D65.z));
        Self { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
    }
}

impl From<Lab> for Xyz {
    fn from(color: Lab) -> Self {
        let inverse = |t: f64| if t > DELTA { t.powi(3) } else { 3.0 * DELTA * DELTA * (t - 4.0 / 29.0) };
        let y = (color.l + 16.0) / 116.0;
        Self {
            x: Xyz::D65.x * inverse(y + color.a / 500.0),
            y: Xyz::D65.y * inverse(y),
            z: Xyz::D65.z * inverse(y - color.b / 200.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_round_trip() {
        let white = Lab::from(Xyz::D65);
        assert!((white.l - 100.0).abs() < 1e-9 && white.chroma() < 1e-9);
        let skin = Lab::new(61.0, 11.3, 16.4);
        let back = Lab::from_linear(RgbSpace::DisplayP3, skin.to_linear(RgbSpace::DisplayP3));
        assert!(
            (back.l - skin.l).abs() < 1e-4
                && (back.a - skin.a).abs() < 1e-3
                && (back.b - skin.b).abs() < 1e-3
        );
    }
}
