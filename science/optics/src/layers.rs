//! What light meets in a stack of flat layers, at one wavelength.

/// One flat, wide layer of tissue at one wavelength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    /// Absorption µa, 1/mm; 0 or more.
    pub absorption_per_mm: f64,
    /// Scattering µs (not reduced), 1/mm; 0 or more.
    pub scattering_per_mm: f64,
    /// Mean cosine of the scattering angle g; −0.99 to 0.99.
    pub anisotropy: f64,
    /// Refractive index n; 1 or more.
    pub refractive_index: f64,
    /// Thickness, mm; above 0, infinite for a half-space that must then be the last layer.
    pub thickness_mm: f64,
}

impl Layer {
    /// Reduced scattering µs′ = µs (1 − g), 1/mm.
    pub fn reduced_scattering_per_mm(&self) -> f64 {
        self.scattering_per_mm * (1.0 - self.anisotropy)
    }
}
