//! Laying a patch flat without a fold.

use std::f64::consts::TAU;

use nalgebra::Vector3;

use crate::ground::Metric;
use crate::surface::patch::{Patch, sides};

/// How often springs are made softer where the surface is squeezed; more rounds gain little.
const ROUNDS: usize = 3;
/// Springs are no softer and no harder than this: all above zero, so nothing folds over.
const STIFFNESS: (f64, f64) = (0.05, 10.0);
/// Most steps of a solution; some thousand suffice for a fine scan.
const STEPS_MAX: usize = 20_000;
/// Forces left over, as a share of those at the start.
const LEFT_OVER: f64 = 1e-9;

/// Places of the patch's vertices on a disk, mm, the patch's area kept.
///
/// Edges are springs, the border is held on a circle. With every spring above zero no triangle is turned over. The
/// first springs keep angles; then those of triangles that came out too small are softened, which evens sizes out.
///
/// # Cost
/// O(n^1.5) with n triangles, on two cores.
///
/// # Source
/// A net held by a convex border [@Tutte1963] with the weights of [@Pinkall1993], kept above zero; softened by stretch
/// [@Yoshizawa2004].
pub(crate) fn flattened(patch: &Patch) -> Vec<(f64, f64)> {
    let net = Net::new(patch);
    let mut flat = on_circle(patch);
    let angles: Vec<[f64; 3]> = (0..patch.triangles.len()).map(|t| stiffness(patch.corners(t))).collect();
    let mut soft = vec![1.0; angles.len()];
    for round in 0..=ROUNDS {
        net.settle(&angles, &soft, &mut flat);
        keep_area(patch, &mut flat);
        if round < ROUNDS {
            (0..soft.len()).for_each(|t| soft[t] *= softer(patch, &flat, t));
        }
    }
    flat
}

/// What the length of a way on the plane is on the surface: the metric of a triangle laid flat, if it has an area.
pub(crate) fn pulled_back(flat: [(f64, f64); 3], corners: [Vector3<f64>; 3]) -> Option<Metric> {
    let [a, b, c] = flat;
    let (u, v) = ((b.0 - a.0, b.1 - a.1), (c.0 - a.0, c.1 - a.1));
    let doubled = u.0 * v.1 - u.1 * v.0;
    let longest = u.0.hypot(u.1).max(v.0.hypot(v.1));
    if doubled <= 1e-9 * longest * longest {
        return None;
    }
    let (p, q) = (corners[1] - corners[0], corners[2] - corners[0]);
    let (x, y) = ((p * v.1 - q * u.1) / doubled, (q * u.0 - p * v.0) / doubled);
    Some(Metric { xx: x.norm_squared(), xy: x.dot(&y), yy: y.norm_squared() })
}

/// Half the cotangent of the angle across from the edge that starts at each corner, within limits.
fn stiffness(corners: [Vector3<f64>; 3]) -> [f64; 3] {
    std::array::from_fn(|k| {
        let tip = corners[(k + 2) % 3];
        let (u, v) = (corners[k] - tip, corners[(k + 1) % 3] - tip);
        let half = 0.5 * u.dot(&v) / u.cross(&v).norm();
        if half.is_finite() { half.clamp(STIFFNESS.0, STIFFNESS.1) } else { STIFFNESS.0 }
    })
}

/// By how much a triangle's springs have to be softer: the inverse of how much longer it is on the surface.
fn softer(patch: &Patch, flat: &[(f64, f64)], t: usize) -> f64 {
    /// More at once lets the net swing.
    const RANGE: f64 = 8.0;
    let metric = pulled_back(patch.triangles[t].map(|k| flat[k as usize]), patch.corners(t));
    metric.map_or(1.0 / RANGE, |m| ((m.xx + m.yy) / 2.0).sqrt().recip().clamp(1.0 / RANGE, RANGE))
}

/// The border on a circle by its lengths, all else in the middle.
fn on_circle(patch: &Patch) -> Vec<(f64, f64)> {
    let mut flat = vec![(0.0, 0.0); patch.vertices.len()];
    let (whole, mut along) = (patch.length(&patch.border), 0.0);
    for (a, b) in sides(&patch.border) {
        let (y, x) = (TAU * along / whole).sin_cos();
        flat[a as usize] = (x, y);
        along += (patch.vertices[b as usize] - patch.vertices[a as usize]).norm();
    }
    flat
}

/// Scales a flat patch to the area that it has on the surface, holes left out.
fn keep_area(patch: &Patch, flat: &mut [(f64, f64)]) {
    let (mut there, mut here) = (0.0, 0.0);
    for (t, corners) in patch.triangles[..patch.in_mesh.len()].iter().enumerate() {
        let [a, b, c] = corners.map(|k| flat[k as usize]);
        here += ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).abs();
        there += crate::surface::mesh::doubled_area(patch.corners(t)).norm();
    }
    let factor = (there / here).sqrt();
    flat.iter_mut().for_each(|(x, y)| (*x, *y) = (factor * *x, factor * *y));
}

/// Which vertices springs go between.
struct Net {
    /// Where each vertex's springs begin in `springs`.
    first: Vec<u32>,
    /// To which vertex, of which triangle, its edge from which corner.
    springs: Vec<(u32, u32, u8)>,
    is_held: Vec<bool>,
}

impl Net {
    fn new(patch: &Patch) -> Self {
        let mut both: Vec<(u32, u32, u32, u8)> = Vec::with_capacity(6 * patch.triangles.len());
        for (t, corners) in patch.triangles.iter().enumerate() {
            for k in 0..3 {
                let (from, to) = (corners[k], corners[(k + 1) % 3]);
                both.extend([(from, to, t as u32, k as u8), (to, from, t as u32, k as u8)]);
            }
        }
        both.sort_unstable();
        let mut first = vec![0u32; patch.vertices.len() + 1];
        both.iter().for_each(|spring| first[spring.0 as usize + 1] += 1);
        (0..patch.vertices.len()).for_each(|k| first[k + 1] += first[k]);
        let mut is_held = vec![false; patch.vertices.len()];
        patch.border.iter().for_each(|k| is_held[*k as usize] = true);
        Self { first, springs: both.into_iter().map(|(_, to, t, k)| (to, t, k)).collect(), is_held }
    }

    /// Moves all vertices that are not held to where no force is left on them.
    fn settle(&self, angles: &[[f64; 3]], soft: &[f64], flat: &mut [(f64, f64)]) {
        let weights: Vec<f64> = self
            .springs
            .iter()
            .map(|(_, t, k)| angles[*t as usize][usize::from(*k)] * soft[*t as usize])
            .collect();
        let (mut x, mut y): (Vec<f64>, Vec<f64>) = flat.iter().copied().unzip();
        rayon::join(|| self.solve(&weights, &mut x), || self.solve(&weights, &mut y));
        flat.iter_mut().zip(x.into_iter().zip(y)).for_each(|(place, settled)| *place = settled);
    }

    /// One coordinate of all vertices, by conjugate gradients.
    fn solve(&self, weights: &[f64], x: &mut [f64]) {
        let stiff: Vec<f64> = (0..x.len()).map(|k| self.of(k).map(|s| weights[s]).sum()).collect();
        let mut left: Vec<f64> = self.pull(weights, &stiff, x).iter().map(|v| -v).collect();
        let mut way: Vec<f64> = left.iter().zip(&stiff).map(|(r, d)| r / d).collect();
        let mut size = left.iter().zip(&way).map(|(r, z)| r * z).sum::<f64>();
        let enough = LEFT_OVER * LEFT_OVER * size;
        for _ in 0..STEPS_MAX {
            if size <= enough || size <= 0.0 {
                return;
            }
            let pulled = self.pull(weights, &stiff, &way);
            let step = size / way.iter().zip(&pulled).map(|(p, q)| p * q).sum::<f64>();
            x.iter_mut().zip(&way).for_each(|(x, p)| *x += step * p);
            left.iter_mut().zip(&pulled).for_each(|(r, q)| *r -= step * q);
            let next = left.iter().zip(&stiff).map(|(r, d)| r * r / d).sum::<f64>();
            way.iter_mut().zip(left.iter().zip(&stiff)).for_each(|(p, (r, d))| *p = r / d + next / size * *p);
            size = next;
        }
    }

    /// The force on every vertex that is not held.
    fn pull(&self, weights: &[f64], stiff: &[f64], x: &[f64]) -> Vec<f64> {
        let force = |k: usize| {
            let around: f64 = self.of(k).map(|s| weights[s] * x[self.springs[s].0 as usize]).sum();
            stiff[k] * x[k] - around
        };
        (0..x.len()).map(|k| if self.is_held[k] { 0.0 } else { force(k) }).collect()
    }

    fn of(&self, vertex: usize) -> std::ops::Range<usize> {
        self.first[vertex] as usize..self.first[vertex + 1] as usize
    }
}
