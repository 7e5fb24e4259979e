//! How dark and how large dots have to be for the scar to take the color of its surroundings.
//!
//! Seen from conversation distance skin, hair and dots run together: what counts is the mean over two to three spacings
//! of units. First every scar is solved as an even area (`even`): of the dilutions that make dots no darker than hair
//! and no fainter than can be seen, and of the sizes a needle makes, those that come nearest in color. Then, with dots
//! placed, each takes the size that makes the mean right where it stands (`field`). Positions never move.

use stipple_model::{Protocol, Reading};

use crate::palette::Palette;
use crate::pigment::Candidate;

mod even;
mod field;
mod said;
pub(crate) mod sizes;

use even::EvenScar;
pub(crate) use field::{Field, Toned};
pub(crate) use said::caveat;
use sizes::{DotSizes, SizeRange, mean_range};

/// Another dilution than the one that matches the hair has to bring the scars nearer by this, CIEDE2000: about a third of
/// what is seen between large areas.
const WORTH: f64 = 0.3;

/// The dots that bring the scars of a reading nearest to their surroundings.
pub(crate) struct Tone {
    /// Pigment and dilution in scars.
    pub(crate) dot: Candidate,
    /// What is seen of it, by size.
    sizes: DotSizes,
    /// Sizes that the mean dot may have.
    mean: SizeRange,
    /// The scars in their order; none where colors or hair could not be measured.
    scars: Vec<Option<EvenScar>>,
}

impl Tone {
    /// Chooses dilution and size for every scar of a reading.
    pub(crate) fn of(reading: &Reading, palette: &Palette, protocol: &Protocol) -> Self {
        let even = |scar| reading.hair.lab.and_then(|hair| EvenScar::of(scar, reading, protocol, hair));
        let scars: Vec<Option<EvenScar>> = reading.scars.iter().map(even).collect();
        let mean = mean_range(protocol);
        let off = |sizes: &DotSizes| {
            mean_by_area(&scars, |scar| {
                scar.difference(sizes.seen_mm2(scar.best_size(sizes, mean)), 1.0, 1.0)
            })
        };
        let off: Vec<f64> = palette.in_scar.iter().map(|(_, sizes)| off(sizes)).collect();
        let (dot, sizes) = palette.in_scar[worthwhile(&off)].clone();
        Self { dot, sizes, mean, scars }
    }

    /// Whether the tone of any scar is known.
    pub(crate) fn is_known(&self) -> bool {
        self.scars.iter().any(Option::is_some)
    }

    /// What is seen of a dot of the size that is best for a scar, mm²; R, G, B.
    pub(crate) fn dot_mm2(&self, scar: &EvenScar) -> [f64; 3] {
        self.sizes.seen_mm2(scar.best_size(&self.sizes, self.mean))
    }

    /// Mean over the scars by area; 0 without any.
    pub(crate) fn mean_by_area(&self, of: impl Fn(&EvenScar) -> f64) -> f64 {
        mean_by_area(&self.scars, of)
    }
}

/// The first of some dilutions, by how far off they leave the scars, that none of the others betters by enough.
fn worthwhile(off: &[f64]) -> usize {
    let least = off.iter().copied().fold(f64::MAX, f64::min);
    // Colors that are no numbers leave every dilution as far off: then the first, which matches the hair.
    off.iter().position(|off| *off <= least + WORTH).unwrap_or(0)
}

fn mean_by_area(scars: &[Option<EvenScar>], of: impl Fn(&EvenScar) -> f64) -> f64 {
    let area: f64 = scars.iter().flatten().map(|scar| scar.area_mm2).sum();
    let sum: f64 = scars.iter().flatten().map(|scar| scar.area_mm2 * of(scar)).sum();
    if area > 0.0 { sum / area } else { 0.0 }
}

#[cfg(test)]
mod tests;
