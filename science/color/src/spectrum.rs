//! From spectra to colors: the standard observer under standard lights.

use std::sync::LazyLock;

use crate::adapt::adapt;
use crate::lab::{Lab, Xyz};
use crate::rgb::{LinearRgb, RgbSpace};

const OBSERVER: &str = include_str!("../../../sources/color/cie1931_observer.csv");
const ILLUMINANTS: &str = include_str!("../../../sources/color/illuminants.csv");
/// Wavelengths of the sums, nm.
const FIRST_NM: f64 = 380.0;
const STEP_NM: f64 = 5.0;
const BANDS: usize = 81;

/// A light with a spectrum laid down by the CIE [@Cie15].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Illuminant {
    /// Tungsten, 2856 K.
    A,
    /// Horizon daylight, 5003 K.
    D50,
    /// Morning daylight, 5503 K.
    D55,
    /// Noon daylight, 6504 K.
    D65,
    /// Cool white fluorescent (FL2), 4230 K.
    FluorescentCoolWhite,
    /// Three-band fluorescent (FL11), 4000 K.
    FluorescentThreeBand,
    /// White LED with a phosphor (LED-B3), 4103 K.
    LedB3,
}

impl Illuminant {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::A,
        Self::D50,
        Self::D55,
        Self::D65,
        Self::FluorescentCoolWhite,
        Self::FluorescentThreeBand,
        Self::LedB3,
    ];

    /// Its white: what a perfect diffuser looks like, Y = 1.
    pub fn white(self) -> Xyz {
        Xyz { x: 0.0, y: 0.0, z: 0.0 }.plus(&self.weights(), |_| 1.0)
    }

    /// Spectral power times matching functions, scaled to Y = 1 at white.
    fn weights(self) -> Vec<[f64; 3]> {
        let column = Self::ALL.iter().position(|one| *one == self).unwrap_or(3);
        let raw = TABLES.iter().map(|(observer, power)| observer.map(|v| v * power[column]));
        let raw: Vec<[f64; 3]> = raw.collect();
        let total: f64 = raw.iter().map(|w| w[1]).sum();
        raw.into_iter().map(|w| w.map(|v| v / total)).collect()
    }
}

impl Xyz {
    fn plus(self, weights: &[[f64; 3]], reflectance: impl Fn(f64) -> f64) -> Self {
        weights.iter().enumerate().fold(self, |sum, (i, [x, y, z])| {
            let r = reflectance(FIRST_NM + STEP_NM * i as f64);
            Self { x: sum.x + r * x, y: sum.y + r * y, z: sum.z + r * z }
        })
    }
}

/// Matching functions and powers of all illuminants by wavelength.
static TABLES: LazyLock<Vec<([f64; 3], [f64; 7])>> = LazyLock::new(|| {
    let observer = rows::<4>(OBSERVER);
    let inside = observer.into_iter().filter(|row| (FIRST_NM..=780.0).contains(&row[0]));
    let joined = inside.zip(rows::<8>(ILLUMINANTS)).map(|(o, i)| {
        assert!(o[0] == i[0], "the shipped tables share their wavelengths");
        ([o[1], o[2], o[3]], std::array::from_fn(|k| i[k + 1]))
    });
    let joined: Vec<_> = joined.collect();
    assert_eq!(joined.len(), BANDS, "the shipped tables are complete");
    joined
});

fn rows<const N: usize>(csv: &str) -> Vec<[f64; N]> {
    let lines = csv.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let row = |line: &str| {
        let mut cells = line.split(',').map(|cell| cell.parse().expect("the shipped table holds numbers"));
        std::array::from_fn(|_| cells.next().expect("the shipped table is complete"))
    };
    lines.map(row).collect()
}

/// Values at evenly spaced wavelengths, such as reflectance, 0 to 1 for ordinary matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spectrum<'a> {
    /// Wavelength of the first value, nm.
    pub first_nm: f64,
    /// From value to value, nm; 1 to 10 is wise.
    pub step_nm: f64,
    /// The values; at least one.
    pub values: &'a [f64],
}

impl Spectrum<'_> {
    /// Value at a wavelength: linear in between, the end value outside [@Cie15].
    pub fn at(&self, wavelength_nm: f64) -> f64 {
        let last = self.values.len() - 1;
        let place = ((wavelength_nm - self.first_nm) / self.step_nm).clamp(0.0, last as f64);
        let below = (place as usize).min(last.saturating_sub(1));
        let above = (below + 1).min(last);
        let t = place - below as f64;
        self.values[below] * (1.0 - t) + self.values[above] * t
    }

    /// Tristimulus values of this reflectance under a light, Y = 1 for a perfect white.
    ///
    /// Summed from 380 to 780 nm in steps of 5 nm with the 2° observer [@Cie15].
    ///
    /// # Panics
    /// If there are no values.
    pub fn xyz(&self, light: Illuminant) -> Xyz {
        Xyz { x: 0.0, y: 0.0, z: 0.0 }.plus(&light.weights(), |w| self.at(w))
    }

    /// CIELAB (D65) of this reflectance under a light to which the eye is adapted (Bradford).
    pub fn lab(&self, light: Illuminant) -> Lab {
        Lab::from(adapt(self.xyz(light), light.white(), Xyz::D65, 1.0))
    }

    /// Linear RGB of this reflectance under a light to which the eye is adapted (Bradford).
    pub fn linear_rgb(&self, light: Illuminant, space: RgbSpace) -> LinearRgb {
        space.linear_from_xyz(adapt(self.xyz(light), light.white(), Xyz::D65, 1.0))
    }
}

/// Weights that turn reflectances into tristimulus values: XYZ_i = Σ_band weights[i][band] · reflectance[band].
///
/// The same sums and the same interpolation as [`Spectrum::xyz`], for those who invert them.
///
/// | | meaning | unit |
/// |---|---|---|
/// | `first_nm`, `step_nm` | wavelengths of the N bands | nm |
pub fn xyz_weights<const N: usize>(light: Illuminant, first_nm: f64, step_nm: f64) -> [[f64; N]; 3] {
    let mut weights = [[0.0; N]; 3];
    let own = light.weights();
    for band in 0..N {
        let mut unit = [0.0; N];
        unit[band] = 1.0;
        let spectrum = Spectrum { first_nm, step_nm, values: &unit };
        let Xyz { x, y, z } = Xyz { x: 0.0, y: 0.0, z: 0.0 }.plus(&own, |w| spectrum.at(w));
        [weights[0][band], weights[1][band], weights[2][band]] = [x, y, z];
    }
    weights
}

/// Weights and values of a color in CIELAB, straightened around that color.
///
/// `weights` turn a spectrum into XYZ as [`xyz_weights`] does. What comes back turns it into numbers that equal
/// the values returned where the color matches, and differ from them by ΔL*, Δa*, Δb* near it: so an uncertainty
/// of L*, a*, b* is one of these numbers.
pub fn lab_weights<const N: usize>(color: Lab, weights: &[[f64; N]; 3]) -> ([[f64; N]; 3], [f64; 3]) {
    const STEP: f64 = 1e-5;
    let here = Xyz::from(color);
    let at = |i: usize, sign: f64| {
        let mut v = [here.x, here.y, here.z];
        v[i] += sign * STEP;
        let Lab { l, a, b } = Lab::from(Xyz { x: v[0], y: v[1], z: v[2] });
        [l, a, b]
    };
    let slope = |k: usize, i: usize| (at(i, 1.0)[k] - at(i, -1.0)[k]) / (2.0 * STEP);
    let slopes: [[f64; 3]; 3] = std::array::from_fn(|k| std::array::from_fn(|i| slope(k, i)));
    let straight = slopes.map(|s| std::array::from_fn(|b| (0..3).map(|i| s[i] * weights[i][b]).sum()));
    (straight, slopes.map(|s| s[0] * here.x + s[1] * here.y + s[2] * here.z))
}

/// Weights that turn reflectances into linear RGB under a D65 light.
pub fn linear_rgb_weights<const N: usize>(space: RgbSpace, first_nm: f64, step_nm: f64) -> [[f64; N]; 3] {
    let xyz = xyz_weights::<N>(Illuminant::D65, first_nm, step_nm);
    let mut out = [[0.0; N]; 3];
    for band in 0..N {
        let color = Xyz { x: xyz[0][band], y: xyz[1][band], z: xyz[2][band] };
        let rgb = space.linear_from_xyz(adapt(color, Illuminant::D65.white(), Xyz::D65, 1.0)).rgb;
        (0..3).for_each(|i| out[i][band] = f64::from(rgb[i]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chromaticities published with the illuminants [@Cie15], to the digits given there.
    #[test]
    fn whites_are_the_published_ones() {
        let published = [
            (Illuminant::A, [0.44758, 0.40745], 5e-5),
            (Illuminant::D50, [0.34567, 0.35851], 5e-5),
            (Illuminant::D55, [0.33243, 0.34744], 5e-5),
            (Illuminant::D65, [0.31272, 0.32903], 5e-5),
            (Illuminant::FluorescentCoolWhite, [0.3721, 0.3751], 1e-4),
            (Illuminant::FluorescentThreeBand, [0.3805, 0.3769], 1e-4),
            (Illuminant::LedB3, [0.3756, 0.3723], 1e-4),
        ];
        for (light, [x, y], tolerance) in published {
            let white = light.white();
            let sum = white.x + white.y + white.z;
            let found = [white.x / sum, white.y / sum];
            let close = (found[0] - x).abs() < tolerance && (found[1] - y).abs() < tolerance;
            assert!(close && (white.y - 1.0).abs() < 1e-12, "{light:?}: {found:?}");
        }
    }

    #[test]
    fn gray_stays_gray_under_every_light() {
        let gray = Spectrum { first_nm: 400.0, step_nm: 10.0, values: &[0.18; 31] };
        for light in Illuminant::ALL {
            let lab = gray.lab(light);
            assert!(lab.chroma() < 1e-3 && (lab.l - 49.496).abs() < 1e-2, "{light:?}: {lab:?}");
            for space in [RgbSpace::Srgb, RgbSpace::DisplayP3] {
                let rgb = gray.linear_rgb(light, space).rgb;
                assert!(rgb.iter().all(|v| (v - 0.18).abs() < 1e-4), "{light:?}: {rgb:?}");
            }
        }
    }

    #[test]
    fn weights_do_the_same() {
        let values: [f64; 31] = std::array::from_fn(|i| 0.1 + 0.015 * i as f64);
        let spectrum = Spectrum { first_nm: 400.0, step_nm: 10.0, values: &values };
        let xyz = spectrum.xyz(Illuminant::D65);
        let weights = xyz_weights::<31>(Illuminant::D65, 400.0, 10.0);
        let sums = weights.map(|w| w.iter().zip(&values).map(|(w, v)| w * v).sum::<f64>());
        assert!((sums[0] - xyz.x).abs() < 1e-12 && (sums[2] - xyz.z).abs() < 1e-12);
    }

    #[test]
    fn color_weights_see_what_the_color_does() {
        let values: [f64; 31] = std::array::from_fn(|i| 0.1 + 0.015 * i as f64);
        let spectrum = Spectrum { first_nm: 400.0, step_nm: 10.0, values: &values };
        let see = |w: &[f64; 31]| w.iter().zip(&values).map(|(w, v)| w * v).sum::<f64>();
        let rgb = spectrum.linear_rgb(Illuminant::D65, RgbSpace::DisplayP3).rgb;
        for (w, v) in linear_rgb_weights(RgbSpace::DisplayP3, 400.0, 10.0).iter().zip(rgb) {
            assert!((see(w) - f64::from(v)).abs() < 1e-6);
        }
        let color = Lab::from(spectrum.xyz(Illuminant::D65));
        let moved = Lab::new(color.l + 0.5, color.a - 0.5, color.b + 1.0);
        let (weights, at) = lab_weights(moved, &xyz_weights(Illuminant::D65, 400.0, 10.0));
        let off: [f64; 3] = std::array::from_fn(|k| see(&weights[k]) - at[k]);
        let expected = [-0.5, 0.5, -1.0];
        assert!(off.iter().zip(expected).all(|(o, e)| (o - e).abs() < 0.03), "{off:?}");
    }
}
