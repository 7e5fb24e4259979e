//! What of the solver depends on refractive indices and directions only: made once, used for every spectrum.

use super::quadrature::{Directions, directions, fresnel, parity_basis};

/// One medium with the directions that exist in it.
#[derive(Clone, Debug)]
pub(super) struct Medium {
    pub(super) refractive_index: f64,
    /// Smallest cosine of a direction.
    pub(super) lowest_cosine: f64,
    /// 1 where a direction does not exist in this medium, else 0.
    pub(super) absent: Vec<f64>,
    /// Products ψ_ik ψ_jk of the even basis divided by √cosine, for i, j ≤ i and k.
    pub(super) even: Vec<f64>,
    /// The same of the odd basis times √cosine.
    pub(super) odd: Vec<f64>,
}

/// Everything about a stack but absorption, scattering and thickness.
#[derive(Clone, Debug)]
pub(super) struct Media {
    /// Layers from the top down.
    pub(super) layers: Vec<Medium>,
    /// Between layer i and i + 1: (1 − F) / 2F by direction; none where the index is the same.
    pub(super) inner: Vec<Option<Vec<f64>>>,
    /// (1 − F) / (1 + F) of the surface, by direction.
    pub(super) top: Vec<f64>,
    /// The same of the underside.
    pub(super) bottom: Vec<f64>,
    /// Square root of each direction's share of flux.
    pub(super) amplitude: Vec<f64>,
    /// Incident amplitudes of unit flux: straight down, and equally from everywhere.
    pub(super) incident: [Vec<f64>; 2],
    /// Reflectance of the surface alone for both.
    pub(super) specular: [f64; 2],
}

impl Media {
    pub(super) fn new(refractive_indices: &[f64], streams: usize) -> Self {
        let found = directions(refractive_indices, streams);
        let between = |one: f64, two: f64| -> Vec<f64> {
            found.snell_squared.iter().map(|k| fresnel(one, two, *k)).collect()
        };
        let inner = refractive_indices.windows(2).map(|pair| {
            (pair[0] != pair[1]).then(|| {
                let reflected = between(pair[0], pair[1]);
                // Bounded, so that a perfect mirror and no mirror at all are numbers too.
                reflected.iter().map(|f| ((1.0 - f) / (2.0 * f.max(1e-15))).max(1e-13)).collect()
            })
        });
        let open = |reflected: &[f64]| reflected.iter().map(|f| (1.0 - f) / (1.0 + f)).collect();
        let surface = between(1.0, refractive_indices[0]);
        let underside = between(1.0, refractive_indices[refractive_indices.len() - 1]);
        let amplitude: Vec<f64> = found.flux.iter().map(|f| f.sqrt()).collect();
        let incident = incident(&found, &amplitude);
        let specular = [0, 1].map(|i: usize| {
            let reflected = surface.iter().zip(&incident[i]).zip(&amplitude).map(|((f, e), a)| f * e * a);
            reflected.sum()
        });
        Self {
            layers: refractive_indices.iter().map(|n| Medium::new(*n, &found)).collect(),
            inner: inner.collect(),
            top: open(&surface),
            bottom: open(&underside),
            amplitude,
            incident,
            specular,
        }
    }
}

/// Amplitudes of unit flux in air: straight down, and equally bright from everywhere.
fn incident(found: &Directions, amplitude: &[f64]) -> [Vec<f64>; 2] {
    let mut straight = vec![0.0; amplitude.len()];
    straight[0] = 1.0 / amplitude[0];
    let in_air = |k: &f64| if *k < 1.0 { 1.0 } else { 0.0 };
    let total: f64 = found.snell_squared.iter().zip(&found.flux).map(|(k, f)| in_air(k) * f).sum();
    let even = found.snell_squared.iter().zip(amplitude).map(|(k, a)| in_air(k) * a / total);
    [straight, even.collect()]
}

impl Medium {
    fn new(refractive_index: f64, found: &Directions) -> Self {
        let count = found.flux.len();
        let squared = refractive_index * refractive_index;
        let present: Vec<usize> =
            (0..count).filter(|i| found.snell_squared[*i] < squared * (1.0 - 1e-12)).collect();
        let cosines: Vec<f64> =
            present.iter().map(|i| (1.0 - found.snell_squared[*i] / squared).sqrt()).collect();
        let weights: Vec<f64> =
            present.iter().zip(&cosines).map(|(i, c)| found.flux[*i] / (squared * c)).collect();
        let products = |parity: usize| {
            let basis = parity_basis(&cosines, &weights, parity);
            let scale: Vec<f64> =
                cosines.iter().map(|c| if parity == 0 { 1.0 / c.sqrt() } else { c.sqrt() }).collect();
            let mut out = Vec::with_capacity(count * count * (count + 1) / 2);
            let place = |i: usize| present.iter().position(|p| *p == i);
            for i in 0..count {
                for j in 0..=i {
                    let both = place(i).zip(place(j));
                    out.extend((0..count).map(|k| match both {
                        Some((i, j)) if k < present.len() => {
                            basis[(i, k)] * scale[i] * basis[(j, k)] * scale[j]
                        }
                        _ => 0.0,
                    }));
                }
            }
            out
        };
        Self {
            refractive_index,
            lowest_cosine: cosines.iter().copied().fold(1.0, f64::min),
            absent: (0..count).map(|i| if present.contains(&i) { 0.0 } else { 1.0 }).collect(),
            even: products(0),
            odd: products(1),
        }
    }
}
