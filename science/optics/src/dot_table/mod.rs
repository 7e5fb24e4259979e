//! Contrast of a dot of pigment against the skin around it, by interpolation between simulated nodes.

pub mod grid;

use std::sync::LazyLock;

use grid::{
    DERMIS_PER_MM, EPIDERMIS_PER_MM, HEIGHTS_MM, INKS_PER_MM, POSITIONS, RADII_MM, SCATTERINGS_PER_MM,
    TOPS_MM, VALUES, VALUES_PER_SCATTERING,
};

/// The table: a header of lines with `#`, an empty line, 16-bit numbers with the low byte first.
const FILE: &[u8] = include_bytes!("../../../../sources/optics/dot_table.bin");

/// The skin around a dot at one wavelength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkinOptics {
    /// Reduced scattering µs′, 1/mm; 0.8 to 6, clamped.
    pub reduced_scattering_per_mm: f64,
    /// Absorption of the epidermis (80 µm), 1/mm; 0.2 to 20, clamped.
    pub epidermis_absorption_per_mm: f64,
    /// Absorption of the dermis, 1/mm; 0.01 to 1.5, clamped.
    pub dermis_absorption_per_mm: f64,
}

/// A dot at one wavelength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotOptics {
    /// Radius, mm; 0.01 to 0.5. Below 0.05 and above 0.3 the table is continued.
    pub radius_mm: f64,
    /// Depth of the upper end, mm; 0.1 to 1.5, clamped.
    pub top_mm: f64,
    /// Height, mm; 0.03 to 3, clamped. Beyond 0.1 to 0.3 the table is continued as light fades with depth.
    pub height_mm: f64,
    /// Absorption, 1/mm; 0 to 600, clamped; below 1 contrast is proportional to it.
    pub ink_per_mm: f64,
}

/// Contrast at distances from the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContrastByDistance {
    /// Radius of the dot, mm.
    pub radius_mm: f64,
    /// Distances, mm, ascending.
    pub distances_mm: [f64; POSITIONS],
    /// Contrast 1 − R/R0 at each, 0 to 1.
    pub contrasts: [f64; POSITIONS],
}

impl ContrastByDistance {
    /// Contrast at any distance, mm; 0 beyond the last by more than its distance.
    pub fn at(&self, r_mm: f64) -> f64 {
        let last = self.distances_mm[POSITIONS - 1];
        if r_mm >= 2.0 * last {
            return 0.0;
        }
        // because contrast jumps at the edge: no polynomial across it.
        let (from, to) = if r_mm <= self.radius_mm {
            (0, grid::POSITIONS_WITHIN)
        } else {
            (grid::POSITIONS_WITHIN, POSITIONS)
        };
        let axis = Axis::new(&self.distances_mm[from..to], r_mm.clamp(0.0, last));
        let log = |i: usize| (-(1.0 - self.contrasts[from + i]).ln()).max(1e-9).ln();
        let density: f64 = axis.pairs().map(|(i, w)| w * log(i)).sum();
        // because the table ends far out, where hardly anything is left: let it run out.
        let rest = ((2.0 * last - r_mm) / last).min(1.0);
        rest * -(-density.exp()).exp_m1()
    }
}

/// Contrast of a dot by distance from its middle, for light of one wavelength.
///
/// # Cost
/// About 0.1 ms.
///
/// # Errors of the table
/// See docs/science/dot.md: about 1 % of the peak in ordinary skin where the peak is above 0.1.
///
/// # Source
/// [@StippleDotTable]
pub fn contrast_by_distance(dot: &DotOptics, skin: &SkinOptics) -> ContrastByDistance {
    let radius = finite(dot.radius_mm, 0.01, 0.5);
    let top = finite(dot.top_mm, 0.0, 3.0);
    let height = finite(dot.height_mm, 0.03, 3.0);
    let density = densities(radius, top, height, dot.ink_per_mm, skin);
    ContrastByDistance {
        radius_mm: radius,
        distances_mm: std::array::from_fn(|i| grid::distance_mm(i, radius)),
        contrasts: density.map(|d| -(-d).exp_m1()),
    }
}

/// Optical density at each position.
fn densities(radius: f64, top: f64, height: f64, ink: f64, skin: &SkinOptics) -> [f64; POSITIONS] {
    let ink = finite(ink, 0.0, INKS_PER_MM[INKS_PER_MM.len() - 1]);
    let weakest = INKS_PER_MM[0];
    let scattering = Axis::mapped(&SCATTERINGS_PER_MM, skin.reduced_scattering_per_mm, f64::ln);
    // because light crosses a thin layer and fades, but diffuses with the root of absorption in a thick one.
    let crossing = |absorption: f64| -(-0.05 * absorption).exp_m1();
    let epidermis = Axis::mapped(&EPIDERMIS_PER_MM, skin.epidermis_absorption_per_mm, crossing);
    let dermis = Axis::mapped(&DERMIS_PER_MM, skin.dermis_absorption_per_mm, f64::sqrt);
    let tops = Axis::new(&TOPS_MM, finite(top, TOPS_MM[0], TOPS_MM[TOPS_MM.len() - 1]));
    let radii = Axis::continued(&RADII_MM, radius);
    let inks = Axis::mapped(&INKS_PER_MM, ink.max(weakest), f64::ln);
    let mut sums = [[0.0; POSITIONS]; HEIGHTS_MM.len()];
    for (s, ws) in scattering.pairs() {
        let numbers = &TABLE[s * VALUES_PER_SCATTERING..][..VALUES_PER_SCATTERING];
        for (e, we) in epidermis.pairs() {
            for (d, wd) in dermis.pairs() {
                for (t, wt) in tops.pairs() {
                    let weight = ws * we * wd * wt;
                    for (h, sum) in sums.iter_mut().enumerate() {
                        let from = ((e * DERMIS_PER_MM.len() + d) * HEIGHTS_MM.len() + h) * TOPS_MM.len() + t;
                        add_shapes(sum, numbers, from, weight, &radii, &inks);
                    }
                }
            }
        }
    }
    let share = (ink / weakest).min(1.0);
    std::array::from_fn(|i| share * density_at_height(sums[0][i].exp(), sums[1][i].exp(), height))
}

/// Optical density at a height from those at the table's two: A (1 − q^h), because light fades with depth.
fn density_at_height(short: f64, tall: f64, height_mm: f64) -> f64 {
    // With heights as one to three, tall / short is 1 + q + q².
    let ratio = (tall / short).clamp(1.000_1, 2.98);
    let q = ((4.0 * ratio - 3.0).sqrt() - 1.0) / 2.0;
    short * (1.0 - q.powf(height_mm / HEIGHTS_MM[0])) / (1.0 - q)
}

/// Adds the logarithms of all radii and inks at a node of the other axes.
fn add_shapes(
    sum: &mut [f64; POSITIONS],
    numbers: &[f32],
    from: usize,
    weight: f64,
    radii: &Axis,
    inks: &Axis,
) {
    for (r, wr) in radii.pairs() {
        for (i, wi) in inks.pairs() {
            let at = ((from * RADII_MM.len() + r) * INKS_PER_MM.len() + i) * POSITIONS;
            let factor = weight * wr * wi;
            sum.iter_mut().zip(&numbers[at..at + POSITIONS]).for_each(|(s, n)| *s += factor * f64::from(*n));
        }
    }
}

/// Up to four neighbors on an axis and their weights: the polynomial through them.
struct Axis {
    first: usize,
    count: usize,
    weights: [f64; 4],
}

impl Axis {
    /// Through the nodes around `x`, which lies within them.
    fn new(nodes: &[f64], x: f64) -> Self {
        let count = nodes.len().min(4);
        let below = nodes.iter().rposition(|n| *n <= x).unwrap_or(0);
        let first = below.saturating_sub(1).min(nodes.len() - count);
        let mut weights = [0.0; 4];
        for (i, weight) in weights.iter_mut().enumerate().take(count) {
            let others = (0..count).filter(|j| *j != i);
            let near = nodes[first + i];
            *weight = others.map(|j| (x - nodes[first + j]) / (near - nodes[first + j])).product();
        }
        Self { first, count, weights }
    }

    /// On an axis that a function bends; values beyond its ends count as its ends.
    fn mapped<const N: usize>(nodes: &[f64; N], value: f64, bend: impl Fn(f64) -> f64) -> Self {
        Self::new(&nodes.map(&bend), bend(finite(value, nodes[0], nodes[N - 1])))
    }

    /// On a logarithmic axis that runs on straight beyond its ends.
    fn continued<const N: usize>(nodes: &[f64; N], value: f64) -> Self {
        let logs = nodes.map(f64::ln);
        let x = value.ln();
        let [low, high] = [logs[0], logs[N - 1]];
        if (low..=high).contains(&x) {
            return Self::new(&logs, x);
        }
        let first = if x < low { 0 } else { N - 2 };
        let t = (x - logs[first]) / (logs[first + 1] - logs[first]);
        Self { first, count: 2, weights: [1.0 - t, t, 0.0, 0.0] }
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        (0..self.count).map(|i| (self.first + i, self.weights[i])).filter(|(_, weight)| *weight != 0.0)
    }
}

/// The number within its range; the range's lower end for what is not a number.
fn finite(value: f64, low: f64, high: f64) -> f64 {
    if value.is_nan() { low } else { value.clamp(low, high) }
}

/// Logarithms of optical density, all of them.
static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let end = FILE.windows(2).position(|pair| pair == b"\n\n").expect("the shipped table has a header");
    let numbers = FILE[end + 2..].chunks_exact(2);
    let table: Vec<f32> =
        numbers.map(|pair| grid::decode(u16::from_le_bytes([pair[0], pair[1]])) as f32).collect();
    assert_eq!(table.len(), VALUES, "the shipped table is complete");
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    const SKIN: SkinOptics = SkinOptics {
        reduced_scattering_per_mm: 2.44,
        epidermis_absorption_per_mm: 0.469,
        dermis_absorption_per_mm: 0.099,
    };
    const DOT: DotOptics = DotOptics { radius_mm: 0.1, top_mm: 0.3, height_mm: 0.3, ink_per_mm: 10.0 };

    fn peak(dot: DotOptics, skin: SkinOptics) -> f64 {
        contrast_by_distance(&dot, &skin).contrasts[0]
    }

    #[test]
    fn more_pigment_is_darker_and_deeper_is_paler() {
        let inks = [0.0, 0.1, 1.0, 2.0, 5.0, 12.0, 50.0, 150.0, 500.0];
        let by_ink = inks.map(|ink_per_mm| peak(DotOptics { ink_per_mm, ..DOT }, SKIN));
        assert!(by_ink[0] == 0.0 && by_ink.windows(2).all(|w| w[0] < w[1]), "{by_ink:?}");
        let by_top = [0.1, 0.2, 0.35, 0.5, 0.7, 1.0].map(|top_mm| peak(DotOptics { top_mm, ..DOT }, SKIN));
        assert!(by_top.windows(2).all(|w| w[0] > w[1]), "{by_top:?}");
        let by_radius = [0.02, 0.05, 0.08, 0.12, 0.2, 0.3, 0.4]
            .map(|radius_mm| peak(DotOptics { radius_mm, ..DOT }, SKIN));
        assert!(by_radius.windows(2).all(|w| w[0] < w[1]), "{by_radius:?}");
    }

    #[test]
    fn scars_that_scatter_less_show_more() {
        let by_scattering =
            [1.2, 1.8, 2.5, 3.5, 5.0].map(|s| peak(DOT, SkinOptics { reduced_scattering_per_mm: s, ..SKIN }));
        assert!(by_scattering.windows(2).all(|w| w[0] > w[1]), "{by_scattering:?}");
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300] {
            let dot = DotOptics { radius_mm: odd, top_mm: odd, height_mm: odd, ink_per_mm: odd };
            let skin = SkinOptics {
                reduced_scattering_per_mm: odd,
                epidermis_absorption_per_mm: odd,
                dermis_absorption_per_mm: odd,
            };
            for seen in [contrast_by_distance(&dot, &SKIN), contrast_by_distance(&DOT, &skin)] {
                assert!(seen.contrasts.iter().all(|c| (0.0..=1.0).contains(c)), "{odd}: {seen:?}");
                assert!((0.0..=1.0).contains(&seen.at(0.123)));
            }
        }
    }
}
