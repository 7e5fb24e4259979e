//! Light reflected and transmitted by a stack of flat layers, without noise.
//!
//! Radiance in N directions down (u⁺) and N up (u⁻), scaled by the square root of each direction's flux,
//! obeys s′ = −P d and d′ = −Q s for s = u⁺ + u⁻ and d = u⁺ − u⁻ (net flux), with symmetric positive P and Q:
//!
//! - Q = C^(−1/2) Ψₑ diag(µt − µs gˡ) Ψₑᵀ C^(−1/2) over even l, P the same over odd l,
//! - C the cosines, Ψ the Legendre polynomials made orthonormal in the quadrature. Henyey–Greenstein moments
//!   gˡ run to l = 2N − 1; what lies beyond goes straight on, which is the delta-M method.
//!
//! A stack is then a net of conductors. What lies below a level is its admittance Y in d = Y s, and
//! - **doubling** a layer replaces its admittances for equal (W) and opposite (B) light from both sides by
//!   their harmonic and arithmetic means; they start from the continued fraction of tanh, so that six or seven
//!   doublings suffice where twenty-two are usual,
//! - **adding** a layer is Y ← Y₁₁ − Y₁₂ (Y₁₁ + Y)⁻¹ Y₁₂ with Y₁₁ = (W + B)/2, Y₁₂ = (W − B)/2,
//! - a **refracting interface** of Fresnel reflectance F is the resistor 2F/(1 − F) in each direction.
//!
//! All matrices stay symmetric and positive, so one Cholesky step does everything, one wavelength a lane.
//!
//! # Limits
//! Layers are flat, wide and homogeneous, scattering is Henyey–Greenstein, air lies above and below.
//! Layers optically thinner than 1e-7 count as that thick.
//!
//! # Source
//! Adding-doubling [@Prahl1993], delta-M [@Wiscombe1977]; the form in admittances and the quadrature are our own.

mod lanes;
mod media;
mod quadrature;
mod stack;

use crate::layers::Layer;
use media::Media;
use stack::Job;

/// How many directions up and as many down light is followed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// Fast: reflectance of skin within 1e-4.
    Eight,
    /// Within 2e-5.
    Sixteen,
    /// Within 2e-6, where several refractive indices meet within 1e-4.
    ThirtyTwo,
}

impl Streams {
    fn count(self) -> usize {
        match self {
            Self::Eight => 8,
            Self::Sixteen => 16,
            Self::ThirtyTwo => 32,
        }
    }
}

/// Where light that fell on a stack went, as shares of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fluxes {
    /// Reflected by the surface itself.
    pub specular: f64,
    /// Came back out of the stack, without [`Self::specular`].
    pub reflectance: f64,
    /// Left at the underside, scattered or not.
    pub transmittance: f64,
}

impl Fluxes {
    /// All light that returns: with the reflex of the surface.
    pub fn total_reflectance(&self) -> f64 {
        self.specular + self.reflectance
    }

    /// Light that stayed in the stack.
    pub fn absorbed(&self) -> f64 {
        1.0 - self.specular - self.reflectance - self.transmittance
    }
}

/// What a stack does with light from straight above and with light from everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StackLight {
    /// A beam at right angles to the surface.
    pub normal: Fluxes,
    /// Equally bright light from the whole half-space above.
    pub diffuse: Fluxes,
}

/// Why a stack cannot be solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StackError {
    /// A property of a layer is outside its range.
    #[error("{what} of layer {layer} is {found}, needed: {needed}")]
    Value {
        /// Which property, with its unit.
        what: &'static str,
        /// Which layer, from 0 at the top.
        layer: usize,
        /// What was given.
        found: f64,
        /// What is valid.
        needed: &'static str,
    },
    /// The number of layers does not fit.
    #[error("{found} layers were given, needed: {needed}")]
    Count {
        /// How many were given.
        found: usize,
        /// How many are needed.
        needed: String,
    },
}

/// Solver for stacks with given refractive indices; making it takes under a millisecond, so keep it.
#[derive(Clone, Debug)]
pub struct StackSolver {
    media: Media,
    streams: Streams,
}

impl StackSolver {
    /// A solver for layers of these refractive indices, from the top down.
    ///
    /// # Errors
    /// No layer, or an index outside 1 to 3.
    pub fn new(refractive_indices: &[f64], streams: Streams) -> Result<Self, StackError> {
        if refractive_indices.is_empty() {
            return Err(StackError::Count { found: 0, needed: "1 or more".to_owned() });
        }
        for (layer, n) in refractive_indices.iter().enumerate() {
            within("refractive index", layer, *n, (1.0..=3.0).contains(n), "1 to 3")?;
        }
        Ok(Self { media: Media::new(refractive_indices, streams.count()), streams })
    }

    /// Light of every stack.
    ///
    /// `layers` holds the stacks one after the other (a spectrum: band after band), each from the top down, with
    /// as many layers as the solver has indices.
    ///
    /// # Errors
    /// Layers that are out of range, do not fill whole stacks, or have another refractive index than the solver.
    ///
    /// # Cost
    /// 31 bands of 3 layers take 0.1 ms and less with 8 streams (`docs/science/skin.md`).
    pub fn solve(&self, layers: &[Layer]) -> Result<Vec<StackLight>, StackError> {
        let depth = self.media.layers.len();
        if !layers.len().is_multiple_of(depth) {
            return Err(StackError::Count { found: layers.len(), needed: format!("a multiple of {depth}") });
        }
        for (i, layer) in layers.iter().enumerate() {
            check(i % depth, layer, self.media.layers[i % depth].refractive_index, i % depth + 1 == depth)?;
        }
        let mut out = vec![StackLight::default(); layers.len() / depth];
        let arch = pulp::Arch::new();
        let (media, to) = (&self.media, &mut out[..]);
        match self.streams {
            Streams::Eight => arch.dispatch(Job::<8> { media, layers, out: to }),
            Streams::Sixteen => arch.dispatch(Job::<16> { media, layers, out: to }),
            Streams::ThirtyTwo => arch.dispatch(Job::<32> { media, layers, out: to }),
        }
        Ok(out)
    }
}

/// Light of one stack, from the top layer down. Use [`StackSolver`] for more than one.
///
/// # Errors
/// As [`StackSolver::solve`].
pub fn stack_light(layers: &[Layer], streams: Streams) -> Result<StackLight, StackError> {
    let indices: Vec<f64> = layers.iter().map(|layer| layer.refractive_index).collect();
    Ok(StackSolver::new(&indices, streams)?.solve(layers)?[0])
}

fn within(
    what: &'static str,
    layer: usize,
    found: f64,
    valid: bool,
    needed: &'static str,
) -> Result<(), StackError> {
    if valid { Ok(()) } else { Err(StackError::Value { what, layer, found, needed }) }
}

fn check(place: usize, layer: &Layer, index: f64, last: bool) -> Result<(), StackError> {
    let (absorption, scattering) = (layer.absorption_per_mm, layer.scattering_per_mm);
    let (g, thickness) = (layer.anisotropy, layer.thickness_mm);
    let not_negative = |v: f64| v.is_finite() && v >= 0.0;
    within("absorption (1/mm)", place, absorption, not_negative(absorption), "0 or more")?;
    within("scattering (1/mm)", place, scattering, not_negative(scattering), "0 or more")?;
    within("anisotropy", place, g, g.abs() <= 0.99, "-0.99 to 0.99")?;
    let finite = thickness > 0.0 && (thickness.is_finite() || last);
    within("thickness (mm)", place, thickness, finite, "above 0, infinite in the last layer only")?;
    let same = layer.refractive_index == index;
    within("refractive index", place, layer.refractive_index, same, "the index that the solver was made for")
}

#[cfg(test)]
mod tests;
