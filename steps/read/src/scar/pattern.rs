//! How believable it is that hair is missing: chance, uneven growth and freedom of shape, all against it.
//!
//! Between hairs that grow sparsely and unevenly there are large gaps that no scar made. So a gap counts for
//! less where few hairs tell how densely they should stand, where they stand more unevenly than chance, and
//! where its shape was picked from many.

use stipple_raster::{Grid, Mask};

/// Side of the squares that units are counted in, in spacings: four units each.
const SQUARE_SPACINGS: f64 = 2.0;
/// Share of a square that has to be seen.
const SQUARE_SEEN_MIN: f64 = 0.95;
/// Squares overlap by half in both directions; this part of them is worth an independent count.
const SQUARES_INDEPENDENT: f64 = 1.0 / 3.0;
/// Least variance over mean of counts in nature; squares that happen to be more even were too few.
const EVENNESS_MIN: f64 = 0.5;
/// Standard errors by which the variance may be larger than the squares show.
const SURE: f64 = 2.0;
/// Natural logarithm of the shapes a region may take, for every cell it is made of: the growth of cell
/// animals on a square lattice, 4.06 a cell.
const SHAPE_COST: f64 = 1.4;

/// Variance over mean of the units in squares of the mask, at its upper limit of confidence; at least one.
///
/// One is chance (Poisson), below it the pattern is more even, above it more uneven. Few squares tell little:
/// without any the answer is 1.9.
pub(crate) fn unevenness(count: &Grid, seen: &Mask, units_per_px: f64) -> f64 {
    let side = (SQUARE_SPACINGS / units_per_px.sqrt()).round().max(2.0) as usize;
    let starts = |size: usize| (0..(size + 1).saturating_sub(side)).step_by(side / 2);
    let counts: Vec<f64> = starts(count.height)
        .flat_map(|top| starts(count.width).map(move |left| (left, top)))
        .filter_map(|corner| units_in_square(count, seen, corner, side))
        .collect();
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n.max(1.0);
    let squares: f64 = counts.iter().map(|c| (c - mean).powi(2)).sum();
    let measured = squares / (n - 1.0).max(1.0) / mean.max(f64::MIN_POSITIVE);
    let error = (2.0 / (SQUARES_INDEPENDENT * n).max(1.0)).sqrt();
    (measured.max(EVENNESS_MIN) * (1.0 + SURE * error)).max(1.0)
}

fn units_in_square(count: &Grid, seen: &Mask, (left, top): (usize, usize), side: usize) -> Option<f64> {
    let pixels = || (top..top + side).flat_map(|y| (left..left + side).map(move |x| y * seen.width + x));
    let inside = pixels().filter(|k| seen.samples[*k]).count() as f64;
    let units: f64 = pixels().filter(|k| seen.samples[*k]).map(|k| f64::from(count.samples[k])).sum();
    (inside >= SQUARE_SEEN_MIN * (side * side) as f64).then_some(units)
}

/// What is known about an empty place and about the hair around it.
pub(crate) struct Gap {
    /// Units that should be there.
    pub(crate) expected: f64,
    /// Units that are there.
    pub(crate) found: f64,
    /// Units that tell how many should be there.
    pub(crate) reference: f64,
    /// See [`unevenness`].
    pub(crate) unevenness: f64,
    /// Places of its size that were looked at.
    pub(crate) places: f64,
    /// Smallest telling places that it is made of.
    pub(crate) cells: f64,
}

impl Gap {
    /// Negative logarithm of the chance of such a gap somewhere in the zone.
    pub(crate) fn evidence(&self) -> f64 {
        let here = improbability(self.expected, self.found, self.reference) / self.unevenness;
        here - self.places.max(1.0).ln() - SHAPE_COST * (self.cells - 1.0).max(0.0)
    }
}

/// Negative logarithm of the chance of so few units where `expected` are, known from `reference` units.
///
/// Poisson counts with a rate known from a Poisson count itself: negative binomial. On the safe side of
/// patterns that are more even than chance, about as safe as missed hairs make it unsafe.
pub(crate) fn improbability(expected: f64, found: f64, reference: f64) -> f64 {
    if found >= expected {
        return 0.0;
    }
    let odds = expected / (reference + expected);
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..=found as usize {
        term *= odds * (reference + k as f64 - 1.0) / k as f64;
        sum += term;
    }
    reference * (expected / reference).ln_1p() - f64::ln(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_places_are_improbable_and_full_ones_are_not() {
        assert!((improbability(12.0, 0.0, 1e9) - 12.0).abs() < 1e-4);
        assert!(improbability(12.0, 2.0, 1e9) < 8.0);
        assert_eq!(improbability(5.0, 6.0, 1e9), 0.0);
    }

    #[test]
    fn few_hairs_around_tell_less() {
        assert!(improbability(12.0, 0.0, 12.0) < 0.75 * improbability(12.0, 0.0, 1e9));
    }

    #[test]
    fn clusters_are_uneven_and_lattices_are_not() {
        let pattern = |at: fn(usize, usize) -> f32| {
            Grid::from_samples(120, 120, (0..120 * 120).map(|k| at(k % 120, k / 120)).collect())
        };
        let seen = Mask::filled(120, 120, true);
        let lattice = pattern(|x, y| f32::from(u8::from(x % 4 == 0 && y % 4 == 0)));
        let clusters = pattern(|x, y| f32::from(u8::from(x % 24 < 6 && y % 24 < 6)));
        assert_eq!(unevenness(&lattice, &seen, 1.0 / 16.0), 1.0);
        assert!(unevenness(&clusters, &seen, 1.0 / 16.0) > 3.0);
        let unknown = unevenness(&lattice, &Mask::filled(120, 120, false), 1.0 / 16.0);
        assert!((unknown - 1.9).abs() < 0.05, "{unknown}");
    }
}
