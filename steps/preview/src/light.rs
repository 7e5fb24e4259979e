//! The same picture under another light, by the spectra of what it shows.

use nalgebra::{Matrix3, Vector3};
use rayon::prelude::*;
use stipple_color::adapt::adapt;
use stipple_color::spectrum::{lab_weights, xyz_weights};
use stipple_color::{Illuminant, Lab, LinearRgb, RgbSpace, Spectrum, Xyz};
use stipple_model::{Light, Photo, Watch};
use stipple_optics::dot::disk_contrast_spectrum;
use stipple_optics::skin::{SCALP, Skin, read_scalp_color};
use stipple_optics::{Deposit, DotInk};

use crate::codes::Codes;
use crate::error::Error;
use crate::soft::Extent;

/// How a picture changes under a light: linear R, G, B to linear R, G, B.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Relight {
    matrix: [[f32; 3]; 3],
}

/// Luminance that eyes are adapted to in a lit room, cd/m²: a fifth of 300 lx, reflected by matt walls.
const ROOM_CD_M2: f64 = 20.0;
/// Uncertainty of a skin color that is turned into a spectrum, CIELAB units.
const SKIN_UNCERTAINTY: f64 = 1.0;
/// How much each of four grays weighs against one of some fifty spectra of skin: grays come out as they are.
const GRAYS: f64 = 1000.0;
/// Gains that differ less than this from balance are balance.
const BALANCED: f64 = 0.01;

impl Relight {
    /// The change to a light; none where the picture stays as it was photographed.
    ///
    /// | | meaning |
    /// |---|---|
    /// | `white_gain` | factors on linear R, G, B that make the photograph's colors those that were read: its own light |
    /// | `skin` | color of the skin, which decides what spectra the picture holds |
    pub(crate) fn to(light: Option<Light>, space: RgbSpace, white_gain: [f64; 3], skin: Lab) -> Option<Self> {
        // because how light a picture is stays as photographed: only the gains' ratios matter.
        let mean = white_gain.iter().sum::<f64>() / 3.0;
        let white_gain = white_gain.map(|gain| gain / mean);
        let balance = Matrix3::from_diagonal(&Vector3::from(white_gain));
        let is_balanced = white_gain.iter().all(|gain| (gain - 1.0).abs() < BALANCED);
        let in_room = |lamp_of| lamp(lamp_of, adaptation(ROOM_CD_M2), space, skin);
        let matrix = match light? {
            Light::Daylight if is_balanced => return None,
            Light::Daylight => Matrix3::identity(),
            Light::Tungsten => in_room(Illuminant::A),
            Light::Led => in_room(Illuminant::LedB3),
            Light::FluorescentCoolWhite => in_room(Illuminant::FluorescentCoolWhite),
            Light::FluorescentThreeBand => in_room(Illuminant::FluorescentThreeBand),
            // because a flash is too short to adapt to: the camera balances it.
            Light::Flash => lamp(Illuminant::D55, 1.0, space, skin),
        };
        let matrix = matrix * balance;
        let matrix = std::array::from_fn(|i| std::array::from_fn(|k| matrix[(i, k)] as f32));
        Some(Self { matrix })
    }

    /// An area of a picture under the light.
    ///
    /// # Errors
    /// If the watcher stops the work.
    pub(crate) fn relight(
        &self,
        picture: &mut [u16],
        photo: &Photo,
        area: Extent,
        watch: &dyn Watch,
    ) -> Result<(), Error> {
        let codes = Codes::new(photo.space, photo.bit_depth);
        let row = 3 * photo.width_px;
        picture[row * area.top..row * area.bottom].par_chunks_mut(row).try_for_each(|row| {
            row[3 * area.left..3 * area.right].chunks_exact_mut(3).for_each(|pixel| {
                let light = self.apply([0, 1, 2].map(|k| codes.linear(pixel[k])));
                pixel.copy_from_slice(&codes.codes(light));
            });
            if watch.stopped() { Err(Error::Stopped) } else { Ok(()) }
        })
    }

    /// A pixel under the light.
    #[inline]
    pub(crate) fn apply(&self, rgb: [f32; 3]) -> [f32; 3] {
        self.matrix.map(|row| row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])
    }
}

/// How far eyes adapt to the color of a light, 0 to 1, in average surroundings [@Ciecam02].
fn adaptation(luminance_cd_m2: f64) -> f64 {
    1.0 - (-(luminance_cd_m2 + 42.0) / 92.0).exp() / 3.6
}

/// The matrix that takes colors in daylight to colors under a lamp, best for the spectra of skin, dots, hair and grays;
/// white does not clip.
fn lamp(light: Illuminant, degree: f64, space: RgbSpace, skin: Lab) -> Matrix3<f64> {
    let (mut squares, mut products) = (Matrix3::zeros(), Matrix3::zeros());
    for values in spectra(skin) {
        let day = in_daylight(&values, space);
        let lit = under(&values, light, degree, space);
        // because the eye sees ratios: dark things weigh as much as light ones, and a few grays as much as the skins.
        let is_gray = values.iter().all(|value| *value == values[0]);
        let weight = if is_gray { GRAYS } else { 1.0 } / (day.sum() / 3.0 + 0.02).powi(2);
        squares += weight * day * day.transpose();
        products += weight * lit * day.transpose();
    }
    let matrix = squares.try_inverse().map_or(Matrix3::identity(), |inverse| products * inverse);
    matrix / (matrix * Vector3::repeat(1.0)).max()
}

fn in_daylight(values: &[f64], space: RgbSpace) -> Vector3<f64> {
    let rgb = spectrum(values).linear_rgb(Illuminant::D65, space).rgb;
    Vector3::from(rgb.map(f64::from))
}

/// What an eye that adapts so far sees of a reflectance, shown in a space whose white is daylight.
fn under(values: &[f64], light: Illuminant, degree: f64, space: RgbSpace) -> Vector3<f64> {
    let seen = adapt(spectrum(values).xyz(light), light.white(), Xyz::D65, degree);
    let LinearRgb { rgb } = space.linear_from_xyz(seen);
    Vector3::from(rgb.map(f64::from))
}

fn spectrum(values: &[f64]) -> Spectrum<'_> {
    Spectrum { first_nm: 400.0, step_nm: 10.0, values }
}

/// What a picture of this skin holds: skins with more and less melanin and blood, bare and with dots, and grays.
/// The darkest of them stand for hair, which is melanin too.
fn spectra(skin: Lab) -> Vec<[f64; 31]> {
    let skin = skin_of(skin);
    let ink = DotInk::through([8.46, 10.0, 12.22]);
    let deposit = Deposit { diameter_um: 120.0, top_mm: 0.2, bottom_mm: 0.5, ink };
    let dot = disk_contrast_spectrum(&deposit, &skin);
    let mut all: Vec<[f64; 31]> = [0.05, 0.2, 0.5, 0.9].map(|gray| [gray; 31]).to_vec();
    for melanin in [0.5, 1.0, 2.0, 10.0] {
        for blood in [0.5, 1.0, 2.0, 4.0] {
            let melanosome_fraction = (melanin * skin.melanosome_fraction).min(0.6);
            let blood_fraction = (blood * skin.blood_fraction).min(0.5);
            let Ok(bare) = SCALP.spectrum(&Skin { melanosome_fraction, blood_fraction, ..skin }) else {
                continue;
            };
            for strength in [0.0, 0.5, 1.0] {
                all.push(std::array::from_fn(|k| bare[k] * (1.0 - strength * dot[k])));
            }
        }
    }
    all
}

/// The most probable skin of a color.
fn skin_of(color: Lab) -> Skin {
    let (weights, values) = lab_weights(color, &xyz_weights(Illuminant::D65, 400.0, 10.0));
    read_scalp_color(&weights, values, [SKIN_UNCERTAINTY; 3]).map_or(Skin::LIGHT, |found| found.skin)
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "measured accuracy is printed for docs/science")]
mod tests {
    use stipple_color::ciede2000;

    use super::*;

    const SKINS: [Lab; 4] = [
        Lab { l: 72.0, a: 10.0, b: 16.0 },
        Lab { l: 62.0, a: 13.0, b: 19.0 },
        Lab { l: 48.0, a: 14.0, b: 20.0 },
        Lab { l: 32.0, a: 11.0, b: 13.0 },
    ];

    fn relight(light: Light, skin: Lab) -> Relight {
        Relight::to(Some(light), RgbSpace::Srgb, [1.0; 3], skin).expect("a lamp changes the picture")
    }

    #[test]
    fn lamps_are_warmer_and_white_does_not_clip() {
        for light in [Light::Tungsten, Light::Led] {
            let [r, g, b] = relight(light, SKINS[1]).apply([1.0; 3]);
            assert!(r > g && g > b && r < 1.0001, "{light:?} {r} {g} {b}");
        }
        let [r, g, b] = relight(Light::Flash, SKINS[1]).apply([0.5; 3]);
        assert!((r - b).abs() < 0.005 && (g - b).abs() < 0.005, "a camera balances its flash: {r} {g} {b}");
    }

    #[test]
    fn the_photographs_own_light_is_taken_out() {
        let to = |light, gain| Relight::to(light, RgbSpace::Srgb, gain, SKINS[1]);
        assert_eq!(to(None, [1.5, 1.0, 0.6]), None);
        assert_eq!(to(Some(Light::Daylight), [1.003, 1.0, 0.998]), None);
        assert_eq!(to(Some(Light::Daylight), [1.8, 1.8, 1.8]), None);
        let balanced = to(Some(Light::Daylight), [0.8, 1.0, 1.4]).expect("a cast is taken out");
        let [r, g, b] = balanced.apply([0.5, 0.4, 0.4 / 1.4]);
        assert!((r - g).abs() < 1e-6 && (g - b).abs() < 1e-6, "{r} {g} {b}");
    }

    /// One matrix against every spectrum by itself: prints the worst cell.
    #[test]
    fn one_matrix_does_what_the_spectra_do() {
        let (mut worst, mut sum, mut count) = (0.0f64, 0.0, 0.0);
        for skin in SKINS {
            for (light, illuminant, degree) in [
                (Light::Tungsten, Illuminant::A, adaptation(ROOM_CD_M2)),
                (Light::Led, Illuminant::LedB3, adaptation(ROOM_CD_M2)),
                (Light::FluorescentCoolWhite, Illuminant::FluorescentCoolWhite, adaptation(ROOM_CD_M2)),
                (Light::FluorescentThreeBand, Illuminant::FluorescentThreeBand, adaptation(ROOM_CD_M2)),
            ] {
                let relight = relight(light, skin);
                let white = under(&[1.0; 31], illuminant, degree, RgbSpace::Srgb).max();
                for values in spectra(skin) {
                    let lab = |rgb: [f32; 3]| Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb });
                    let day = in_daylight(&values, RgbSpace::Srgb);
                    let got = lab(relight.apply([day.x as f32, day.y as f32, day.z as f32]));
                    let lit = under(&values, illuminant, degree, RgbSpace::Srgb) / white;
                    let off = ciede2000(got, lab([lit.x as f32, lit.y as f32, lit.z as f32]));
                    worst = worst.max(off);
                    (sum, count) = (sum + off, count + 1.0);
                }
            }
        }
        println!("relighting by a matrix, CIEDE2000: mean {:.2}, worst {worst:.2}", sum / count);
        assert!(sum / count < 0.7 && worst < 2.5);
    }
}
