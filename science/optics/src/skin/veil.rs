//! A wide layer of pigment in the skin: the limit of many dots, and of a tattoo.

use super::model::{BANDS, Build, REFRACTIVE_INDEX, Skin, Spectrum, wavelength_nm};
use crate::adding_doubling::{StackError, StackSolver, Streams};
use crate::dot::DotInk;
use crate::layers::Layer;

/// Pigment spread evenly between two depths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Veil {
    /// Depth of its upper side, mm; 0 or more.
    pub top_mm: f64,
    /// Depth of its underside, mm; more than [`Self::top_mm`].
    pub bottom_mm: f64,
    /// What it absorbs there.
    pub ink: DotInk,
}

/// Reflectance of skin with a veil of pigment, with the reflex of the surface.
///
/// Pigment only absorbs here; the skin around it scatters as before. The blue of deep black is not put in: it comes
/// from short waves that turn back above the pigment and long ones that reach it.
///
/// # Errors
/// A veil or a skin that makes a layer's optics invalid.
pub fn veiled_spectrum(
    skin: &Skin,
    build: Build,
    veil: &Veil,
    streams: Streams,
) -> Result<Spectrum, StackError> {
    let stacks: Vec<Vec<Layer>> = (0..BANDS)
        .map(|band| with_veil(&skin.layers(build, wavelength_nm(band)), veil, wavelength_nm(band)))
        .collect();
    let solver = StackSolver::new(&vec![REFRACTIVE_INDEX; stacks[0].len()], streams)?;
    let light = solver.solve(&stacks.concat())?;
    Ok(std::array::from_fn(|band| light[band].normal.total_reflectance()))
}

/// Layers cut at the sides of the veil, its absorption added between them.
fn with_veil(layers: &[Layer], veil: &Veil, wavelength_nm: f64) -> Vec<Layer> {
    let ink = veil.ink.absorption_per_mm(wavelength_nm);
    let mut out = Vec::new();
    let mut top = 0.0;
    for layer in layers {
        let bottom = top + layer.thickness_mm;
        let mut from = top;
        for side in [veil.top_mm, veil.bottom_mm, bottom] {
            let to = side.min(bottom);
            if to > from {
                let inside = from >= veil.top_mm && to <= veil.bottom_mm;
                let absorption_per_mm = layer.absorption_per_mm + if inside { ink } else { 0.0 };
                out.push(Layer { absorption_per_mm, thickness_mm: to - from, ..*layer });
                from = to;
            }
        }
        top = bottom;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: DotInk =
        DotInk { absorption_550_per_mm: 50.0, absorption_exponent: 1.0, absorption_curvature: 0.0 };

    fn at_depth(top_mm: f64) -> Spectrum {
        let veil = Veil { top_mm, bottom_mm: top_mm + 0.2, ink: BLACK };
        veiled_spectrum(&Skin::LIGHT, Build::SCALP, &veil, Streams::Eight).expect("the veil is valid")
    }

    #[test]
    fn deeper_pigment_is_fainter_and_bluer() {
        let spectra = [0.08, 0.15, 0.3, 0.5, 0.8, 1.2].map(at_depth);
        for pair in spectra.windows(2) {
            assert!(pair[0].iter().zip(&pair[1]).all(|(shallow, deep)| shallow < deep));
        }
        // Light skin is red: 650 over 450 nm is 1.8 and more. Over deep pigment that ratio is gone.
        let redness = |s: &Spectrum| s[25] / s[5];
        let bare = at_depth(30.0);
        assert!(redness(&bare) > 1.7, "{}", redness(&bare));
        assert!(redness(&spectra[2]) < 1.2, "{}", redness(&spectra[2]));
    }

    #[test]
    fn layers_are_cut_where_the_veil_is() {
        let layers = Skin::LIGHT.layers(Build::SCALP, 550.0);
        let veil = Veil { top_mm: 0.2, bottom_mm: 0.5, ink: BLACK };
        let cut = with_veil(&layers, &veil, 550.0);
        let thickness: Vec<f64> = cut.iter().map(|l| (l.thickness_mm * 1e6).round() / 1e6).collect();
        assert_eq!(thickness, [0.08, 0.12, 0.08, 0.22, 1.38, f64::INFINITY]);
        let inked: Vec<bool> = cut.iter().map(|l| l.absorption_per_mm > 40.0).collect();
        assert_eq!(inked, [false, false, true, true, false, false]);
    }
}
