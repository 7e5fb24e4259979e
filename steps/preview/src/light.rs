//! The same picture under another light.

use stipple_color::adapt::adapt;
use stipple_color::{LinearRgb, RgbSpace, Xyz};
use stipple_model::Light;

/// How a picture changes under a light: linear R, G, B to linear R, G, B.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Relight {
    matrix: [[f32; 3]; 3],
    /// Light added to every pixel: the shine of a lamp beside the lens.
    veil: f32,
}

/// How far the eye adapts to a lamp; the rest is seen as a cast.
const ADAPTATION: f64 = 0.7;
/// CIE LED-B3, a blue-pumped white of 4103 K, 2° observer [@Cie15].
const LED_B3: Xyz = Xyz { x: 1.0089, y: 1.0, z: 0.6772 };
/// A flash is a little cooler than the daylight the picture was balanced for: 6500 K seen from 5500 K.
const FLASH_GAIN: f32 = 1.06;
/// Share of a flash that shines back from the skin's surface, square on: about the Fresnel 2.8 %.
const FLASH_VEIL: f32 = 0.02;

impl Relight {
    /// The change to a light; none for daylight, in which the photograph is taken to be.
    pub(crate) fn to(light: Light, space: RgbSpace) -> Option<Self> {
        match light {
            Light::Daylight => None,
            Light::Tungsten => Some(Self { matrix: cast(Xyz::A, space), veil: 0.0 }),
            Light::Led => Some(Self { matrix: cast(LED_B3, space), veil: 0.0 }),
            Light::Flash => {
                let gain = |i: usize, k: usize| if i == k { FLASH_GAIN } else { 0.0 };
                let matrix = std::array::from_fn(|i| std::array::from_fn(|k| gain(i, k)));
                Some(Self { matrix, veil: FLASH_VEIL })
            }
        }
    }

    /// A pixel under the light.
    #[inline]
    pub(crate) fn apply(&self, rgb: [f32; 3]) -> [f32; 3] {
        self.matrix.map(|row| row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2] + self.veil)
    }
}

/// The cast that is left of a white after incomplete adaptation, exposed so that white does not clip.
fn cast(white: Xyz, space: RgbSpace) -> [[f32; 3]; 3] {
    let seen = |rgb: [f32; 3]| {
        let color = space.xyz_from_linear(LinearRgb { rgb });
        space.linear_from_xyz(adapt(color, Xyz::D65, white, 1.0 - ADAPTATION)).rgb
    };
    let columns = [seen([1.0, 0.0, 0.0]), seen([0.0, 1.0, 0.0]), seen([0.0, 0.0, 1.0])];
    let brightest = seen([1.0; 3]).into_iter().fold(0.0, f32::max);
    std::array::from_fn(|i| std::array::from_fn(|k| columns[k][i] / brightest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lamps_are_warmer_and_white_does_not_clip() {
        for light in [Light::Tungsten, Light::Led] {
            let relight = Relight::to(light, RgbSpace::Srgb).expect("a lamp changes the picture");
            let [r, g, b] = relight.apply([1.0; 3]);
            assert!(r > g && g > b && r < 1.0001, "{light:?} {r} {g} {b}");
        }
        assert_eq!(Relight::to(Light::Daylight, RgbSpace::Srgb), None);
    }
}
