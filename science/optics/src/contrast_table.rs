//! Monte Carlo results for one dot, and what lies between them.

use std::sync::LazyLock;

use crate::nonnegative::nonnegative_least_squares;

/// Bands of light the table knows: 650, 550, 450 nm, in the order R, G, B.
pub(crate) const WAVELENGTHS_NM: [f64; 3] = [650.0, 550.0, 450.0];
/// Distances from the middle of the dot, mm.
pub(crate) const RADII_MM: [f64; 14] =
    [0.0, 0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.70, 1.0, 1.5, 2.0, 3.0];
/// Radii of the dots in the tables, mm: small, large.
pub(crate) const DOT_RADII_MM: [f64; 2] = [0.06, 0.2];
/// How tall the dots in the table are, mm.
pub(crate) const DOT_HEIGHT_MM: f64 = 0.3;

/// Middles of the depth bands, mm.
const MIDDLES_MM: [f64; 5] = [0.23, 0.35, 0.55, 0.85, 1.25];
/// Ink absorption of the table's columns, 1/mm.
const INKS_PER_MM: [f64; 5] = [2.0, 5.0, 10.0, 50.0, 200.0];
/// Path lengths in the dot that a contrast is made of, mm.
const PATHS_MM: [f64; 9] = [0.003, 0.01, 0.03, 0.08, 0.16, 0.27, 0.42, 0.65, 1.0];
/// Contrasts below this are noise of the simulation and are floored before a logarithm.
const FLOOR: f64 = 2e-5;

/// The simulated contrasts, by size of the dot as in [`DOT_RADII_MM`].
const CONTRASTS: [&str; 2] = [
    include_str!("../../../sources/optics/dot_contrast_small.csv"),
    include_str!("../../../sources/optics/dot_contrast.csv"),
];

/// Something for every band (R, G, B), depth and distance of a table.
type ByNode<T> = [[[T; 14]; 5]; 3];

/// Share of light by path length in the dot, for each size, band, depth and distance.
///
/// A contrast is the Laplace transform of the paths that light takes inside the dot:
/// C(µ) = Σ p_j (1 − exp(−µ l_j)). Fitted to five inks it is exact in both limits: linear for weak ink,
/// saturated for strong.
static PATHS: LazyLock<[ByNode<[f64; 9]>; 2]> = LazyLock::new(|| {
    CONTRASTS.map(|csv| parse(csv).map(|by_depth| by_depth.map(|by_distance| by_distance.map(fit_paths))))
});

/// Weights of [`PATHS_MM`] that give the contrasts of the five inks.
fn fit_paths(contrasts: [f64; 5]) -> [f64; 9] {
    // because small contrasts matter as much as large ones: relative weights.
    let weight = contrasts.map(|c| 1.0 / c.max(FLOOR));
    let rows: [[f64; 9]; 5] =
        std::array::from_fn(|i| PATHS_MM.map(|path| -(-INKS_PER_MM[i] * path).exp_m1() * weight[i]));
    nonnegative_least_squares(&rows, &contrasts.map(|c| c / c.max(FLOOR)))
}

/// Contrast of a dot of [`DOT_RADII_MM`]`[size]` at the distances [`RADII_MM`], for a band (0 R, 1 G, 2 B).
///
/// | | unit | valid |
/// |---|---|---|
/// | `absorption_per_mm`, of the ink in this band | 1/mm | 0 and more |
/// | `middle_mm`, depth of the middle of the pigment | mm | 0.2 to 2, clamped |
pub(crate) fn contrasts(size: usize, band: usize, middle_mm: f64, absorption_per_mm: f64) -> [f64; 14] {
    let middle = middle_mm.clamp(0.2, 2.0);
    let upper = MIDDLES_MM.iter().skip(1).position(|m| middle < *m).unwrap_or(3);
    let t = (middle - MIDDLES_MM[upper]) / (MIDDLES_MM[upper + 1] - MIDDLES_MM[upper]);
    std::array::from_fn(|r| {
        let above = attenuation(&PATHS[size][band][upper][r], absorption_per_mm);
        let below = attenuation(&PATHS[size][band][upper + 1][r], absorption_per_mm);
        if above <= 0.0 || below <= 0.0 {
            return 0.0;
        }
        // because light falls off exponentially with depth: straight in the logarithm of optical density.
        1.0 - (-(above.ln() * (1.0 - t) + below.ln() * t).exp()).exp()
    })
}

/// Optical density −ln(1 − C) of one node.
fn attenuation(paths: &[f64; 9], absorption_per_mm: f64) -> f64 {
    let contrast: f64 =
        paths.iter().zip(PATHS_MM).map(|(p, path)| p * -(-absorption_per_mm * path).exp_m1()).sum();
    -(1.0 - contrast.min(0.98)).ln()
}

/// Table as `[band][depth][distance][ink]`, bands R, G, B.
fn parse(csv: &str) -> ByNode<[f64; 5]> {
    let mut rows = csv.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).map(|line| {
        let mut cells =
            line.split(',').map(|cell| cell.parse::<f64>().expect("the shipped table holds numbers"));
        let head: [f64; 4] = std::array::from_fn(|_| cells.next().expect("the shipped table is complete"));
        let inks: [f64; 5] = std::array::from_fn(|_| cells.next().expect("the shipped table is complete"));
        (head, inks)
    });
    let mut table = [[[[0.0; 5]; 14]; 5]; 3];
    // because the file runs from blue to red and the bands from red to blue.
    for band in [2, 1, 0] {
        for (depth, middle) in MIDDLES_MM.iter().enumerate() {
            for (distance, radius) in RADII_MM.iter().enumerate() {
                let (head, inks) = rows.next().expect("the shipped table is complete");
                let at = [WAVELENGTHS_NM[band], middle - 0.15, middle + 0.15, *radius];
                let same = head.iter().zip(at).all(|(h, a)| (h - a).abs() < 1e-9);
                assert!(same, "the shipped table has its rows in order");
                table[band][depth][distance] = inks;
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_reproduced() {
        let mut worst: f64 = 0.0;
        for (size, csv) in CONTRASTS.iter().enumerate() {
            for (band, by_depth) in parse(csv).iter().enumerate() {
                for (depth, by_distance) in by_depth.iter().enumerate() {
                    for (i, ink) in INKS_PER_MM.iter().enumerate() {
                        let got = contrasts(size, band, MIDDLES_MM[depth], *ink);
                        let off = got.iter().zip(by_distance).map(|(g, c)| (g - c[i]).abs());
                        // because the file holds four decimals, no less is asked of the smallest.
                        worst = worst.max(off.fold(0.0, f64::max) / by_distance[0][i].max(0.01));
                    }
                }
            }
        }
        assert!(worst < 0.01, "worst node is off by {worst} of its peak");
    }

    #[test]
    fn more_ink_is_darker_and_deeper_is_weaker() {
        for (size, band) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            let inks = [0.05, 0.5, 1.0, 2.0, 3.0, 7.0, 20.0, 100.0, 400.0];
            for r in 0..12 {
                let by_ink = inks.map(|ink| contrasts(size, band, 0.4, ink)[r]);
                assert!(by_ink.windows(2).all(|w| w[0] < w[1]), "{by_ink:?}");
            }
            let by_depth = [0.2, 0.3, 0.4, 0.6, 0.9, 1.3, 1.8].map(|z| contrasts(size, band, z, 10.0)[0]);
            assert!(by_depth.windows(2).all(|w| w[0] > w[1]), "{by_depth:?}");
        }
    }

    #[test]
    fn weak_ink_is_linear() {
        let (one, two) = (contrasts(1, 1, 0.5, 0.001)[0], contrasts(1, 1, 0.5, 0.002)[0]);
        assert!((two / one - 2.0).abs() < 0.01, "{one} {two}");
    }
}
