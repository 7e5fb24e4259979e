//! A surface as triangles.

use std::collections::BTreeMap;

use nalgebra::Vector3;

use crate::surface::error::Error;

/// Most triangles of a mesh.
pub const TRIANGLES_MAX: usize = 2_000_000;
/// Farthest that a vertex may lie from the origin along an axis, mm: nobody is as tall, whatever the unit.
const FARTHEST_MM: f64 = 100_000.0;
/// What stands for no triangle.
pub(crate) const NONE: u32 = u32::MAX;

/// A surface of triangles, all of one piece.
///
/// Their corners run counterclockwise seen from outside (a surface that is inside out as a whole, hollow toward where its
/// triangles face, is turned); across edges where they do not, or where more than two meet,
/// nothing passes.
#[derive(Clone, Debug)]
pub struct Mesh {
    pub(crate) vertices: Vec<Vector3<f64>>,
    pub(crate) triangles: Vec<[u32; 3]>,
    /// Of each triangle the one across the edge from corner k to the next.
    pub(crate) neighbors: Vec<[u32; 3]>,
    /// Of each vertex, of length 1.
    normals: Vec<Vector3<f64>>,
    /// Triangles given that are no part of the surface.
    pub left_out: usize,
}

/// A place on a surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where it is, mm.
    pub place_mm: [f64; 3],
    /// Where outside is; length 1.
    pub normal: [f64; 3],
}

impl Mesh {
    /// A surface from what a file holds: vertices in millimetres and triangles of their numbers.
    ///
    /// Vertices at the very same place become one; triangles without area or given twice are left out, and everything
    /// that does not hang together with the piece that has most triangles.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Damaged`] for coordinates that are not finite or beyond 100 m and numbers of no
    /// vertex, [`Error::Empty`].
    ///
    /// # Cost
    /// O(n log n) with n triangles.
    pub fn new(vertices_mm: &[[f64; 3]], triangles: &[[u32; 3]]) -> Result<Self, Error> {
        for (what, found, most) in [
            ("triangles", triangles.len(), TRIANGLES_MAX),
            ("vertices", vertices_mm.len(), 3 * TRIANGLES_MAX),
        ] {
            if found > most {
                return Err(Error::TooLarge { what, found, most });
            }
        }
        if !vertices_mm.iter().flatten().all(|v| v.is_finite() && v.abs() <= FARTHEST_MM) {
            return Err(Error::Damaged { found: "a vertex lies nowhere, or beyond 100 m" });
        }
        if triangles.iter().flatten().any(|k| *k as usize >= vertices_mm.len()) {
            return Err(Error::Damaged { found: "a triangle of vertices that do not exist" });
        }
        let (vertices, number) = welded(vertices_mm);
        let triangles = triangles.iter().map(|corners| corners.map(|k| number[k as usize]));
        let (kept, given) = (distinct(triangles.clone(), &vertices), triangles.len());
        let triangles = outside_out(largest_piece(kept, vertices.len()), &vertices);
        if triangles.is_empty() {
            return Err(Error::Empty);
        }
        let (neighbors, normals) = (neighbors(&triangles), normals(&vertices, &triangles));
        Ok(Self { left_out: given - triangles.len(), vertices, triangles, neighbors, normals })
    }

    /// How many triangles the surface has.
    pub fn triangles(&self) -> usize {
        self.triangles.len()
    }

    /// The farthest place of the surface in a direction, such as up.
    pub fn topmost(&self, up: [f64; 3]) -> Place {
        let height = |k: u32| self.vertices[k as usize].dot(&Vector3::from(up));
        let highest = |t: &usize| self.triangles[*t].map(height).into_iter().fold(f64::MIN, f64::max);
        let triangle =
            (0..self.triangles.len()).max_by(|a, b| highest(a).total_cmp(&highest(b))).unwrap_or(0);
        let heights = self.triangles[triangle].map(height);
        let top = (0..3).max_by(|a, b| heights[*a].total_cmp(&heights[*b])).unwrap_or(0);
        self.place(triangle, std::array::from_fn(|k| if k == top { 1.0 } else { 0.0 }))
    }

    /// The place of the surface that is nearest to one in space, mm.
    ///
    /// # Cost
    /// O(triangles).
    pub fn nearest(&self, to_mm: [f64; 3]) -> Place {
        let (triangle, weights) = self.nearest_triangle(to_mm);
        self.place(triangle, weights)
    }

    /// The triangle that is nearest to a place in space, and the weights of its corners there.
    pub(crate) fn nearest_triangle(&self, to_mm: [f64; 3]) -> (usize, [f64; 3]) {
        let mut best = (f64::MAX, 0, [1.0, 0.0, 0.0]);
        for triangle in 0..self.triangles.len() {
            let (weights, squared) = nearest_in(self.corners(triangle), Vector3::from(to_mm));
            if squared < best.0 {
                best = (squared, triangle, weights);
            }
        }
        (best.1, best.2)
    }

    pub(crate) fn place(&self, triangle: usize, weights: [f64; 3]) -> Place {
        let numbers = self.triangles[triangle];
        let mean = |of: &[Vector3<f64>]| -> Vector3<f64> {
            (0..3).map(|k| weights[k] * of[numbers[k] as usize]).sum()
        };
        let own = normal_of(self.corners(triangle));
        let smooth = mean(&self.normals).try_normalize(1e-9).unwrap_or(own);
        Place { place_mm: mean(&self.vertices).into(), normal: smooth.into() }
    }

    /// The corners of each triangle, counterclockwise seen from outside.
    pub fn corner_places(&self) -> impl Iterator<Item = [Place; 3]> {
        let corner = |t, k| self.place(t, std::array::from_fn(|j| if j == k { 1.0 } else { 0.0 }));
        (0..self.triangles.len()).map(move |t| std::array::from_fn(|k| corner(t, k)))
    }

    pub(crate) fn corners(&self, triangle: usize) -> [Vector3<f64>; 3] {
        self.triangles[triangle].map(|k| self.vertices[k as usize])
    }
}

/// Twice the area, along the normal.
pub(crate) fn doubled_area([a, b, c]: [Vector3<f64>; 3]) -> Vector3<f64> {
    (b - a).cross(&(c - a))
}

fn normal_of(corners: [Vector3<f64>; 3]) -> Vector3<f64> {
    doubled_area(corners).try_normalize(0.0).unwrap_or(Vector3::z())
}

/// The place of a triangle nearest to one in space, as weights of its corners, and its squared distance.
pub(crate) fn nearest_in(corners: [Vector3<f64>; 3], to: Vector3<f64>) -> ([f64; 3], f64) {
    let normal = doubled_area(corners);
    let squared = |weights: [f64; 3]| {
        let at: Vector3<f64> = (0..3).map(|k| weights[k] * corners[k]).sum();
        (weights, (at - to).norm_squared())
    };
    let opposite = |k: usize| doubled_area([to, corners[(k + 1) % 3], corners[(k + 2) % 3]]).dot(&normal);
    let weights: [f64; 3] = std::array::from_fn(|k| opposite(k) / normal.norm_squared());
    if weights.iter().all(|w| *w >= 0.0) {
        return squared(weights);
    }
    let edges = (0..3).map(|k| {
        let (from, way) = (corners[k], corners[(k + 1) % 3] - corners[k]);
        let share = ((to - from).dot(&way) / way.norm_squared()).clamp(0.0, 1.0);
        let mut weights = [0.0; 3];
        (weights[k], weights[(k + 1) % 3]) = (1.0 - share, share);
        squared(weights)
    });
    edges.min_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or(([1.0, 0.0, 0.0], f64::MAX))
}

/// Vertices without repetition, and the new number of each.
/// Triangles that face away from the middle of the surface, most of its area.
fn outside_out(triangles: Vec<[u32; 3]>, vertices: &[Vector3<f64>]) -> Vec<[u32; 3]> {
    let corners = |t: &[u32; 3]| t.map(|k| vertices[k as usize]);
    let number = triangles.len() as f64;
    let middle: Vector3<f64> = triangles.iter().flat_map(corners).sum::<Vector3<f64>>() / (3.0 * number);
    let swept: f64 = triangles
        .iter()
        .map(corners)
        .map(|[a, b, c]| (b - a).cross(&(c - a)).dot(&((a + b + c) / 3.0 - middle)))
        .sum();
    if swept >= 0.0 { triangles } else { triangles.into_iter().map(|[a, b, c]| [a, c, b]).collect() }
}

fn welded(vertices_mm: &[[f64; 3]]) -> (Vec<Vector3<f64>>, Vec<u32>) {
    let mut order: Vec<u32> = (0..vertices_mm.len() as u32).collect();
    // Zero has two signs that mean one place.
    let key = |k: u32| vertices_mm[k as usize].map(|v| v + 0.0);
    let compare = |a: [f64; 3], b: [f64; 3]| {
        a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2]))
    };
    order.sort_by(|a, b| compare(key(*a), key(*b)).then(a.cmp(b)));
    let (mut kept, mut number) = (Vec::new(), vec![0; vertices_mm.len()]);
    for (n, k) in order.iter().enumerate() {
        if n == 0 || key(order[n - 1]) != key(*k) {
            kept.push(Vector3::from(key(*k)));
        }
        number[*k as usize] = kept.len() as u32 - 1;
    }
    (kept, number)
}

/// Triangles that have an area, each once.
fn distinct(triangles: impl Iterator<Item = [u32; 3]>, vertices: &[Vector3<f64>]) -> Vec<[u32; 3]> {
    let mut seen = BTreeMap::new();
    let has_area = |corners: &[u32; 3]| {
        let [a, b, c] = corners.map(|k| vertices[k as usize]);
        let longest = (b - a).norm_squared().max((c - a).norm_squared()).max((c - b).norm_squared());
        doubled_area([a, b, c]).norm() > 1e-9 * longest && longest > 0.0
    };
    triangles
        .filter(has_area)
        .filter(|corners| {
            let mut sorted = *corners;
            sorted.sort_unstable();
            seen.insert(sorted, ()).is_none()
        })
        .collect()
}

/// The triangles of the piece that has most of them.
fn largest_piece(triangles: Vec<[u32; 3]>, vertices: usize) -> Vec<[u32; 3]> {
    let mut parent: Vec<u32> = (0..vertices as u32).collect();
    for [a, b, c] in &triangles {
        join(&mut parent, *a, *b);
        join(&mut parent, *a, *c);
    }
    let mut size = vec![0u32; vertices];
    triangles.iter().for_each(|corners| size[root(&mut parent, corners[0]) as usize] += 1);
    let largest = (0..vertices as u32).max_by_key(|k| (size[*k as usize], std::cmp::Reverse(*k)));
    triangles.into_iter().filter(|corners| Some(root(&mut parent, corners[0])) == largest).collect()
}

/// The first of the things that hang together with one.
pub(crate) fn root(parent: &mut [u32], mut k: u32) -> u32 {
    while parent[k as usize] != k {
        parent[k as usize] = parent[parent[k as usize] as usize];
        k = parent[k as usize];
    }
    k
}

pub(crate) fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}

fn neighbors(triangles: &[[u32; 3]]) -> Vec<[u32; 3]> {
    let mut edges: Vec<(u32, u32, u32, u8)> = Vec::with_capacity(3 * triangles.len());
    for (t, corners) in triangles.iter().enumerate() {
        for k in 0..3 {
            let (from, to) = (corners[k], corners[(k + 1) % 3]);
            edges.push((from.min(to), from.max(to), t as u32, k as u8));
        }
    }
    edges.sort_unstable();
    let mut neighbors = vec![[NONE; 3]; triangles.len()];
    for together in edges.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        if let [(low, _, t, k), (_, _, s, j)] = *together {
            let starts_low = |t: u32, k: u8| triangles[t as usize][usize::from(k)] == low;
            if starts_low(t, k) != starts_low(s, j) {
                neighbors[t as usize][usize::from(k)] = s;
                neighbors[s as usize][usize::from(j)] = t;
            }
        }
    }
    neighbors
}

fn normals(vertices: &[Vector3<f64>], triangles: &[[u32; 3]]) -> Vec<Vector3<f64>> {
    let mut sums = vec![Vector3::zeros(); vertices.len()];
    for corners in triangles {
        let area = doubled_area(corners.map(|k| vertices[k as usize]));
        corners.iter().for_each(|k| sums[*k as usize] += area);
    }
    sums.iter().map(|sum: &Vector3<f64>| sum.try_normalize(0.0).unwrap_or(Vector3::zeros())).collect()
}
