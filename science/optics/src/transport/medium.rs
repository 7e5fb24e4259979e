//! What photons travel through: a stack of layers, prepared for the lanes.

use crate::layers::Layer;

/// Most layers a stack can have.
pub const LAYERS_MAX: usize = 6;

/// How light scatters at one event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Henyey and Greenstein: one parameter, the mean cosine.
    HenyeyGreenstein,
    /// Reynolds and McCormick: p(µ) ∝ (1 + γ² − 2γµ)^−(α+1); γ follows from the mean cosine. α = ½ is
    /// Henyey–Greenstein, more has less light scattered backward.
    ReynoldsMcCormick {
        /// α; 0.1 to 5.
        alpha: f64,
    },
}

/// Flat layers between two clear half-spaces; z counts downward from the surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// From the surface down; 1 to [`LAYERS_MAX`].
    pub layers: Vec<Layer>,
    /// Refractive index above; 1 or more.
    pub index_above: f64,
    /// Refractive index below; 1 or more; meaningless under a half-space.
    pub index_below: f64,
    /// How light scatters, in all layers.
    pub phase: Phase,
}

impl Stack {
    /// Layers in air, after Henyey and Greenstein.
    ///
    /// # Panics
    /// If there are no layers or more than [`LAYERS_MAX`].
    pub fn in_air(layers: &[Layer]) -> Self {
        assert!((1..=LAYERS_MAX).contains(&layers.len()), "a stack has 1 to {LAYERS_MAX} layers");
        Self { layers: layers.to_vec(), index_above: 1.0, index_below: 1.0, phase: Phase::HenyeyGreenstein }
    }
}

/// A number for each layer; 0 is above, one past the last layer is below.
pub(crate) type ByLayer = [f32; 8];

/// A stack as tables.
#[derive(Clone, Debug)]
pub(crate) struct Medium {
    pub(crate) layers: usize,
    pub(crate) index: ByLayer,
    /// Index here over the index of the layer above.
    pub(crate) ratio_up: ByLayer,
    /// Index here over the index of the layer below.
    pub(crate) ratio_down: ByLayer,
    pub(crate) top_mm: ByLayer,
    pub(crate) bottom_mm: ByLayer,
    /// Mean way between events, mm: scattering and absorption, or scattering alone.
    pub(crate) free_path_mm: ByLayer,
    /// Share of the weight that a scattering leaves.
    pub(crate) albedo: ByLayer,
    pub(crate) absorption_per_mm: ByLayer,
    /// g of Henyey–Greenstein or γ of Reynolds–McCormick.
    pub(crate) anisotropy: ByLayer,
    /// (1 − γ)^(−2α) and (1 + γ)^(−2α).
    pub(crate) phase_ends: [ByLayer; 2],
    pub(crate) alpha: f32,
}

impl Medium {
    /// Tables of a stack; `white` leaves absorption out of the free path.
    pub(crate) fn new(stack: &Stack, white: bool) -> Self {
        let alpha = match stack.phase {
            Phase::HenyeyGreenstein => 0.5,
            Phase::ReynoldsMcCormick { alpha } => alpha,
        };
        let mut medium = Self {
            layers: stack.layers.len(),
            index: [stack.index_below as f32; 8],
            ratio_up: [1.0; 8],
            ratio_down: [1.0; 8],
            top_mm: [0.0; 8],
            bottom_mm: [0.0; 8],
            free_path_mm: [1.0; 8],
            albedo: [1.0; 8],
            absorption_per_mm: [0.0; 8],
            anisotropy: [0.0; 8],
            phase_ends: [[1.0; 8]; 2],
            alpha: alpha as f32,
        };
        medium.index[0] = stack.index_above as f32;
        let mut depth = 0.0;
        for (layer, i) in stack.layers.iter().zip(1..) {
            medium.index[i] = layer.refractive_index as f32;
            medium.top_mm[i] = depth as f32;
            depth += layer.thickness_mm;
            medium.bottom_mm[i] = depth as f32;
            medium.set_optics(i, layer, stack.phase, white);
        }
        for i in 1..=medium.layers {
            medium.ratio_up[i] = medium.index[i] / medium.index[i - 1];
            medium.ratio_down[i] = medium.index[i] / medium.index[i + 1];
        }
        medium
    }

    fn set_optics(&mut self, i: usize, layer: &Layer, phase: Phase, white: bool) {
        let (absorption, scattering) = (layer.absorption_per_mm, layer.scattering_per_mm);
        let extinction = scattering + if white { 0.0 } else { absorption };
        // because a clear layer has no events: its free path is longer than anything.
        self.free_path_mm[i] = if extinction > 0.0 { (1.0 / extinction) as f32 } else { 1e30 };
        self.albedo[i] = if extinction > 0.0 { (scattering / extinction) as f32 } else { 1.0 };
        self.absorption_per_mm[i] = absorption as f32;
        self.anisotropy[i] = layer.anisotropy as f32;
        if let Phase::ReynoldsMcCormick { alpha } = phase {
            let gamma = gamma_of_mean_cosine(layer.anisotropy, alpha);
            self.anisotropy[i] = gamma as f32;
            let ends = [1.0 - gamma, 1.0 + gamma].map(|v| v.powf(-2.0 * alpha) as f32);
            (self.phase_ends[0][i], self.phase_ends[1][i]) = (ends[0], ends[1]);
        }
    }
}

/// γ of the Reynolds–McCormick phase function that has a mean cosine; at least 1e-3 from 0.
fn gamma_of_mean_cosine(mean_cosine: f64, alpha: f64) -> f64 {
    // because the formula has a gap at α = 1 that its neighbors do not have.
    let alpha = if (alpha - 1.0).abs() < 1e-4 { 1.0001 } else { alpha };
    let mean = |gamma: f64| {
        let (a, b) = ((1.0 + gamma).powf(2.0 * alpha), (1.0 - gamma).powf(2.0 * alpha));
        let l = (a + b) / (a - b);
        (2.0 * alpha * gamma * l - (1.0 + gamma * gamma)) / (2.0 * gamma * (alpha - 1.0))
    };
    let (mut low, mut high) = (1e-3, 0.999);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if mean(middle) < mean_cosine.abs() { low = middle } else { high = middle }
    }
    (0.5 * (low + high)).copysign(mean_cosine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_henyey_and_greenstein() {
        for g in [0.1, 0.5, 0.78, 0.9] {
            assert!((gamma_of_mean_cosine(g, 0.5) - g).abs() < 1e-6);
        }
        assert!((gamma_of_mean_cosine(-0.5, 0.5) + 0.5).abs() < 1e-6);
    }
}
