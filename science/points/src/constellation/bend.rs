//! A smooth map fitted to ties: a straight one plus what bends.
//!
//! What bends is a uniform cubic B-spline; how much it bends costs the energy of a thin plate. It is the smoothing
//! thin-plate spline on a lattice, with a band matrix in place of a full one.

use super::affine::{Affine, Tie};
use super::band::{Band, Factor};

/// Nodes of the lattice at most: finer than any bending wants.
const NODES_MAX: f64 = 1400.0;

/// A lattice over a box.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    origin: (f64, f64),
    step: f64,
    columns: usize,
    rows: usize,
}

impl Lattice {
    pub(super) fn new((low, high): ((f64, f64), (f64, f64)), step: f64) -> Self {
        let (width, height) = (high.0 - low.0, high.1 - low.1);
        let step = step.max((width * height / NODES_MAX).sqrt()).max(width.max(height) / NODES_MAX);
        let nodes = |side: f64| (side / step) as usize + 4;
        Self { origin: low, step, columns: nodes(width), rows: nodes(height) }
    }

    /// Number of a node; along the shorter side first, so that the band is narrow.
    fn node(&self, column: usize, row: usize) -> usize {
        if self.columns < self.rows { row * self.columns + column } else { column * self.rows + row }
    }

    fn size(&self) -> usize {
        self.columns * self.rows
    }

    fn band(&self) -> Band {
        Band::zero(self.size(), 3 * self.columns.min(self.rows) + 3)
    }

    /// The sixteen nodes that a place feels, in rising order of their numbers for a fixed place, with their weights,
    /// and slopes of those along x and y. Beside the lattice, the place nearest to it.
    fn weights(&self, (x, y): (f64, f64)) -> [(usize, f64, f64, f64); 16] {
        let knot = |v: f64, n: usize| {
            let t = (v / self.step).clamp(0.0, (n - 3) as f64 - 1e-9);
            (t as usize, cubic(t.fract()), slope(t.fract()).map(|s| s / self.step))
        };
        let (column, across, dx) = knot(x - self.origin.0, self.columns);
        let (row, down, dy) = knot(y - self.origin.1, self.rows);
        std::array::from_fn(|k| {
            let (i, j) = (k % 4, k / 4);
            (self.node(column + i, row + j), across[i] * down[j], dx[i] * down[j], across[i] * dy[j])
        })
    }

    /// Energy of a thin plate: the integral of uₓₓ² + 2 uₓᵧ² + uᵧᵧ² over the box.
    pub(super) fn plate(&self) -> Band {
        let (x, y) = (integrals(self.columns), integrals(self.rows));
        let mut band = self.band();
        let per_area = 1.0 / (self.step * self.step);
        for (c, r) in (0..self.columns).flat_map(|c| (0..self.rows).map(move |r| (c, r))) {
            for (i, j) in (0..7).flat_map(|i| (0..7).map(move |j| (i, j))) {
                let (Some(c2), Some(r2)) = ((c + i).checked_sub(3), (r + j).checked_sub(3)) else { continue };
                let (a, b) = (
                    self.node(c, r),
                    if c2 < self.columns && r2 < self.rows { self.node(c2, r2) } else { continue },
                );
                if b <= a {
                    let energy =
                        x[2][c][i] * y[0][r][j] + 2.0 * x[1][c][i] * y[1][r][j] + x[0][c][i] * y[2][r][j];
                    band.add(a, b, energy * per_area);
                }
            }
        }
        // Because a plate that lies flat costs nothing, the tiniest cost keeps what no tie tells at zero.
        (0..self.size()).for_each(|k| band.add(k, k, 1e-9 * per_area));
        band
    }
}

/// Integrals over the lattice's cells of products of B-splines (0), their slopes (1) and their curvatures (2), in
/// steps: by node and by the other node's distance plus three.
fn integrals(nodes: usize) -> [Vec<[f64; 7]>; 3] {
    // Gauss–Legendre with four places is exact to degree seven.
    const PLACES: [(f64, f64); 4] = [
        (0.069_431_844_202_973_71, 0.173_927_422_568_726_93),
        (0.330_009_478_207_571_87, 0.326_072_577_431_273_07),
        (0.669_990_521_792_428_1, 0.326_072_577_431_273_07),
        (0.930_568_155_797_026_3, 0.173_927_422_568_726_93),
    ];
    let mut all = [0, 1, 2].map(|_| vec![[0.0; 7]; nodes]);
    for cell in 0..nodes - 3 {
        for (t, weight) in PLACES {
            for (values, sums) in [cubic(t), slope(t), curvature(t)].iter().zip(&mut all) {
                for (i, j) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))) {
                    sums[cell + i][j + 3 - i] += weight * values[i] * values[j];
                }
            }
        }
    }
    all
}

fn cubic(t: f64) -> [f64; 4] {
    let (s, t2, t3) = (1.0 - t, t * t, t * t * t);
    [
        s * s * s / 6.0,
        (4.0 - 6.0 * t2 + 3.0 * t3) / 6.0,
        (1.0 + 3.0 * t + 3.0 * t2 - 3.0 * t3) / 6.0,
        t3 / 6.0,
    ]
}

fn slope(t: f64) -> [f64; 4] {
    let s = 1.0 - t;
    [-s * s / 2.0, (3.0 * t * t - 4.0 * t) / 2.0, (1.0 + 2.0 * t - 3.0 * t * t) / 2.0, t * t / 2.0]
}

fn curvature(t: f64) -> [f64; 4] {
    [1.0 - t, 3.0 * t - 2.0, 1.0 - 3.0 * t, t]
}

/// A smooth map.
#[derive(Clone, Debug)]
pub(super) struct Bend {
    straight: Affine,
    lattice: Lattice,
    nodes: [Vec<f64>; 2],
    factor: Factor,
}

/// Ties summed up, ready to be fitted with any stiffness.
pub(super) struct Tied {
    straight: Affine,
    lattice: Lattice,
    square: Band,
    right: [Vec<f64>; 2],
}

impl Tied {
    pub(super) fn new(lattice: &Lattice, straight: Affine, ties: &[Tie]) -> Self {
        let mut square = lattice.band();
        let mut right = [vec![0.0; lattice.size()], vec![0.0; lattice.size()]];
        for (p, q, weight) in ties {
            let expected = straight.map(*p);
            let felt = lattice.weights(*p);
            for (a, own, ..) in felt {
                for (b, other, ..) in felt {
                    if b <= a {
                        square.add(a, b, weight * own * other);
                    }
                }
                right[0][a] += weight * own * (q.0 - expected.0);
                right[1][a] += weight * own * (q.1 - expected.1);
            }
        }
        Self { straight, lattice: lattice.clone(), square, right }
    }

    /// The smooth map whose squared misses plus `stiffness` times its bending are least.
    pub(super) fn fitted(&self, plate: &Band, stiffness: f64) -> Bend {
        let factor = self.square.plus(stiffness, plate).factored();
        let nodes = [factor.solve(self.right[0].clone()), factor.solve(self.right[1].clone())];
        Bend { straight: self.straight, lattice: self.lattice.clone(), nodes, factor }
    }
}

impl Bend {
    pub(super) fn map(&self, place: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.straight.map(place);
        self.lattice.weights(place).iter().fold((x, y), |(x, y), (k, weight, ..)| {
            (x + weight * self.nodes[0][*k], y + weight * self.nodes[1][*k])
        })
    }

    /// xx, xy, yx, yy of the map's slope.
    fn slope(&self, place: (f64, f64)) -> [f64; 4] {
        self.lattice.weights(place).iter().fold(self.straight.linear, |[xx, xy, yx, yy], (k, _, dx, dy)| {
            let (u, v) = (self.nodes[0][*k], self.nodes[1][*k]);
            [xx + u * dx, xy + u * dy, yx + v * dx, yy + v * dy]
        })
    }

    /// The straight map that touches this one at a place.
    pub(super) fn touching(&self, from: (f64, f64)) -> Affine {
        Affine { from, to: self.map(from), linear: self.slope(from) }
    }

    /// The place that goes to `wanted`, looked for from `start` (Newton).
    pub(super) fn inverse(&self, wanted: (f64, f64), start: (f64, f64)) -> (f64, f64) {
        let mut place = start;
        for _ in 0..12 {
            let at = self.map(place);
            let (dx, dy) = (wanted.0 - at.0, wanted.1 - at.1);
            let [xx, xy, yx, yy] = self.slope(place);
            let determinant = xx * yy - xy * yx;
            if determinant.abs() < 1e-6 || dx.hypot(dy) < 1e-10 * self.lattice.step {
                break;
            }
            place.0 += (yy * dx - xy * dy) / determinant;
            place.1 += (xx * dy - yx * dx) / determinant;
        }
        place
    }

    /// Standard uncertainty of the map along an axis, for ties of weight one and deviation one.
    pub(super) fn uncertainty(&self, place: (f64, f64)) -> f64 {
        let mut v = vec![0.0; self.lattice.size()];
        let felt = self.lattice.weights(place);
        felt.iter().for_each(|(k, weight, ..)| v[*k] += weight);
        let first = felt.iter().map(|(k, ..)| *k).min().unwrap_or(0);
        self.factor.quadratic(v, first).sqrt()
    }
}
