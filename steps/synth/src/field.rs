//! Smooth random fields.

use rayon::prelude::*;
use stipple_quantity::Seed;

use crate::options::Zone;

/// A smooth random field over the picture: mean 0, standard deviation 1, uniform cubic B-spline over a
/// lattice of normal numbers, so that value, slope and curvature are continuous.
pub(crate) struct Field {
    cell_px: f64,
    columns: usize,
    rows: usize,
    lattice: Vec<f32>,
    /// Where in the lattice every pixel of a row lies.
    across: Vec<Knot>,
}

/// A pixel between the lattice's lines: the first of the four around it, and their B-spline weights.
#[derive(Clone, Copy)]
struct Knot {
    first: usize,
    weights: [f32; 4],
}

/// Standard deviation that the B-spline leaves of a lattice of independent unit normals: 151/315 in each
/// direction (mean of the sum of its squared weights), and the root of their product over both.
const SPLINE_SD: f32 = 151.0 / 315.0;

impl Field {
    /// A field whose features are about two cells wide.
    ///
    /// # Determinism
    /// Every row of the lattice has a stream of its own.
    pub(crate) fn new(seed: Seed, name: &str, cell_px: f64, width_px: usize, height_px: usize) -> Self {
        let columns = (width_px as f64 / cell_px).ceil() as usize + 4;
        let rows = (height_px as f64 / cell_px).ceil() as usize + 4;
        let mut lattice = vec![0.0; columns * rows];
        lattice.par_chunks_mut(columns).enumerate().for_each(|(row, out)| {
            let mut draw = seed.stream(name, row as u64);
            out.iter_mut().for_each(|node| *node = draw.normal() as f32 / SPLINE_SD);
        });
        let across = (0..width_px).map(|x| knot(x, cell_px)).collect();
        Self { cell_px, columns, rows, lattice, across }
    }

    /// Writes the field along a row of pixel centers.
    pub(crate) fn row(&self, y: usize, out: &mut [f32]) {
        let Knot { first, weights } = knot(y, self.cell_px);
        debug_assert!(first + 3 < self.rows, "the lattice reaches beyond the picture");
        let line = |k: usize| &self.lattice[(first + k) * self.columns..(first + k + 1) * self.columns];
        let (a, b, c, d) = (line(0), line(1), line(2), line(3));
        let blended: Vec<f32> = (0..self.columns)
            .map(|i| weights[0] * a[i] + weights[1] * b[i] + weights[2] * c[i] + weights[3] * d[i])
            .collect();
        for (value, knot) in out.iter_mut().zip(&self.across) {
            let (nodes, weights) = (&blended[knot.first..knot.first + 4], knot.weights);
            *value =
                weights[0] * nodes[0] + weights[1] * nodes[1] + weights[2] * nodes[2] + weights[3] * nodes[3];
        }
    }

    /// The field at a pixel.
    pub(crate) fn at(&self, x: usize, y: usize) -> f32 {
        let (across, down) = (self.across[x], knot(y, self.cell_px));
        (0..4)
            .map(|j| {
                let nodes = &self.lattice[(down.first + j) * self.columns + across.first..][..4];
                down.weights[j]
                    * nodes.iter().zip(across.weights).map(|(node, weight)| node * weight).sum::<f32>()
            })
            .sum()
    }
}

/// Where a pixel center lies in a lattice.
fn knot(pixel: usize, cell_px: f64) -> Knot {
    let at = (pixel as f64 + 0.5) / cell_px;
    let t = at.fract() as f32;
    let (t2, t3) = (t * t, t * t * t);
    let weights = [
        (1.0 - 3.0 * t + 3.0 * t2 - t3) / 6.0,
        (4.0 - 6.0 * t2 + 3.0 * t3) / 6.0,
        (1.0 + 3.0 * t + 3.0 * t2 - 3.0 * t3) / 6.0,
        t3 / 6.0,
    ];
    Knot { first: at as usize, weights }
}

/// A weighted sum of fields: `(feature size in mm, standard deviation)` for each.
pub(crate) struct Layers {
    layers: Vec<(Field, f32)>,
}

impl Layers {
    /// The fields of a name; those finer than the picture can show are left out.
    pub(crate) fn new(seed: Seed, name: &str, layers: &[(f64, f32)], zone: Zone) -> Self {
        let layers = layers
            .iter()
            .enumerate()
            .filter(|(_, (feature_mm, _))| feature_mm / 2.0 * zone.px_per_mm >= 1.0)
            .map(|(k, (feature_mm, sd))| {
                let cell_px = feature_mm / 2.0 * zone.px_per_mm;
                (Field::new(seed, &format!("{name}-{k}"), cell_px, zone.width_px, zone.height_px), *sd)
            })
            .collect();
        Self { layers }
    }

    /// Writes the sum along a row; `scratch` is as long as `out`.
    pub(crate) fn row(&self, y: usize, scratch: &mut [f32], out: &mut [f32]) {
        out.fill(0.0);
        for (field, sd) in &self.layers {
            field.row(y, scratch);
            for (sum, value) in out.iter_mut().zip(scratch.iter()) {
                *sum += sd * value;
            }
        }
    }

    /// The sum at a pixel.
    pub(crate) fn at(&self, x: usize, y: usize) -> f32 {
        self.layers.iter().map(|(field, sd)| sd * field.at(x, y)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_mean_zero_and_unit_deviation() {
        let field = Field::new(Seed(5), "test", 3.3, 400, 300);
        let mut row = vec![0.0; 400];
        let (mut sum, mut squares) = (0.0f64, 0.0f64);
        for y in 0..300 {
            field.row(y, &mut row);
            assert!((row[37] - field.at(37, y)).abs() < 1e-5);
            sum += row.iter().map(|v| f64::from(*v)).sum::<f64>();
            squares += row.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        }
        let n = 400.0 * 300.0;
        assert!((sum / n).abs() < 0.05 && ((squares / n).sqrt() - 1.0).abs() < 0.05);
    }
}
