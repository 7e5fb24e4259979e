//! Problems with published answers, for tests and for measuring speed.

use crate::layers::Layer;

/// A stack of layers under air and what adding-doubling finds for a thin beam straight down.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its name in docs/science.
    pub name: &'static str,
    /// The layers, from the top.
    pub layers: Vec<Layer>,
    /// Light that comes back, without what the surface itself reflects; share of the beam.
    pub reflected: f64,
    /// Light that comes out below; share of the beam.
    pub transmitted: f64,
}

/// The slab and the three layers of MCML's manual [@Wang1995], skin at 550 nm, and two half-spaces, the second of
/// them Giovanelli's; what comes back as adding-doubling finds it.
pub fn problems() -> [Problem; 5] {
    const ENDLESS: f64 = f64::INFINITY;
    let problem = |name, layers: &[[f64; 5]], reflected, transmitted| Problem {
        name,
        layers: layers.iter().map(layer).collect(),
        reflected,
        transmitted,
    };
    let three = [[1.37, 0.1, 10.0, 0.9, 1.0], [1.37, 0.1, 1.0, 0.0, 1.0], [1.37, 0.2, 1.0, 0.7, 2.0]];
    let skin = [[1.4, 1.5, 20.0, 0.78, 0.1], [1.4, 0.19, 14.0, 0.78, 1.8], [1.4, 0.1, 9.0, 0.78, 3.0]];
    [
        problem("slab", &[[1.0, 1.0, 9.0, 0.75, 0.2]], 0.097_394_6, 0.660_957_7),
        problem("three layers", &three, 0.237_859, 0.096_048),
        problem("skin 550", &skin, 0.199_129, 0.003_995),
        problem("half-space", &[[1.4, 0.1, 10.0, 0.9, ENDLESS]], 0.252_375, 0.0),
        problem("Giovanelli", &[[1.5, 1.0, 9.0, 0.0, ENDLESS]], 0.219_921, 0.0),
    ]
}

/// Refractive index, absorption and scattering per mm, anisotropy, thickness in mm.
fn layer(numbers: &[f64; 5]) -> Layer {
    let [refractive_index, absorption_per_mm, scattering_per_mm, anisotropy, thickness_mm] = *numbers;
    Layer { absorption_per_mm, scattering_per_mm, anisotropy, refractive_index, thickness_mm }
}
