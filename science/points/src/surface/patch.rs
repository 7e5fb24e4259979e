//! The piece of a surface around a place, as a disk.

use nalgebra::Vector3;

use crate::surface::error::Error;
use crate::surface::mesh::{Mesh, NONE, join, root};

/// Most triangles of a patch.
const TRIANGLES_MAX: usize = 600_000;

/// Triangles that form a disk: one border, no hole, no tunnel.
pub(crate) struct Patch {
    pub(crate) vertices: Vec<Vector3<f64>>,
    /// Those of the surface, then those that close its holes.
    pub(crate) triangles: Vec<[u32; 3]>,
    /// Of the triangles of the surface, their number in the mesh.
    pub(crate) in_mesh: Vec<u32>,
    /// The border's vertices, one after the other.
    pub(crate) border: Vec<u32>,
}

impl Patch {
    /// The triangles that hang together with one and have a corner with `is_near`.
    ///
    /// Where the surface only touches itself in a point, it is taken apart; holes are closed by triangles to their
    /// middle, so that the rest can be laid flat round them.
    pub(crate) fn around(mesh: &Mesh, start: usize, is_near: impl Fn(u32) -> bool) -> Result<Self, Error> {
        let in_mesh = connected(mesh, start, is_near);
        if in_mesh.len() > TRIANGLES_MAX {
            return Err(Error::TooLarge {
                what: "triangles in the region",
                found: in_mesh.len(),
                most: TRIANGLES_MAX,
            });
        }
        let mut patch = taken_apart(mesh, in_mesh);
        let mut loops = patch.loops(mesh);
        let characteristic = patch.vertices.len() as i64 - patch.edges(&loops) + patch.triangles.len() as i64;
        if loops.is_empty() {
            return Err(Error::NotADisk { found: "it covers all of a closed surface" });
        }
        if characteristic != 2 - loops.len() as i64 {
            return Err(Error::NotADisk { found: "it has a tunnel" });
        }
        let longest =
            (0..loops.len()).max_by(|a, b| patch.length(&loops[*a]).total_cmp(&patch.length(&loops[*b])));
        patch.border = loops.swap_remove(longest.unwrap_or(0));
        loops.iter().for_each(|hole| patch.close(hole));
        Ok(patch)
    }

    /// The borders, each vertex followed by the next.
    fn loops(&self, mesh: &Mesh) -> Vec<Vec<u32>> {
        let mut within = vec![false; mesh.triangles.len()];
        self.in_mesh.iter().for_each(|t| within[*t as usize] = true);
        let mut next = vec![NONE; self.vertices.len()];
        for (corners, t) in self.triangles.iter().zip(&self.in_mesh) {
            for k in 0..3 {
                let across = mesh.neighbors[*t as usize][k];
                if across == NONE || !within[across as usize] {
                    next[corners[k] as usize] = corners[(k + 1) % 3];
                }
            }
        }
        let mut loops = Vec::new();
        for start in 0..next.len() {
            let mut border = Vec::new();
            let mut at = start;
            while next[at] != NONE {
                border.push(at as u32);
                at = std::mem::replace(&mut next[at], NONE) as usize;
            }
            if !border.is_empty() {
                loops.push(border);
            }
        }
        loops
    }

    /// Every edge inside belongs to two triangles, every one of a border to one.
    fn edges(&self, loops: &[Vec<u32>]) -> i64 {
        let on_borders: usize = loops.iter().map(Vec::len).sum();
        (3 * self.triangles.len() + on_borders) as i64 / 2
    }

    pub(crate) fn length(&self, border: &[u32]) -> f64 {
        sides(border).map(|(a, b)| (self.vertices[b as usize] - self.vertices[a as usize]).norm()).sum()
    }

    fn close(&mut self, hole: &[u32]) {
        let sum: Vector3<f64> = hole.iter().map(|k| self.vertices[*k as usize]).sum();
        let middle = self.vertices.len() as u32;
        self.vertices.push(sum / hole.len() as f64);
        self.triangles.extend(sides(hole).map(|(a, b)| [b, a, middle]));
    }

    pub(crate) fn corners(&self, triangle: usize) -> [Vector3<f64>; 3] {
        self.triangles[triangle].map(|k| self.vertices[k as usize])
    }
}

/// Every vertex of a loop with the next.
pub(crate) fn sides(border: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    border.iter().copied().zip(border.iter().copied().cycle().skip(1))
}

/// Triangles with a near corner that are reached over edges, in the order of the mesh.
fn connected(mesh: &Mesh, start: usize, is_near: impl Fn(u32) -> bool) -> Vec<u32> {
    let mut seen = vec![false; mesh.triangles.len()];
    seen[start] = true;
    let mut open = vec![start as u32];
    while let Some(t) = open.pop() {
        for next in mesh.neighbors[t as usize].into_iter().filter(|next| *next != NONE) {
            let wanted = mesh.triangles[next as usize].iter().any(|k| is_near(*k));
            if wanted && !seen[next as usize] {
                seen[next as usize] = true;
                open.push(next);
            }
        }
    }
    (0..mesh.triangles.len() as u32).filter(|t| seen[*t as usize]).collect()
}

/// The triangles with vertices of their own: corners are one vertex only if they hang together over edges.
fn taken_apart(mesh: &Mesh, in_mesh: Vec<u32>) -> Patch {
    let mut number = vec![NONE; mesh.triangles.len()];
    in_mesh.iter().enumerate().for_each(|(n, t)| number[*t as usize] = n as u32);
    let mut parent: Vec<u32> = (0..3 * in_mesh.len() as u32).collect();
    for (n, t) in in_mesh.iter().enumerate() {
        for k in 0..3 {
            let across = mesh.neighbors[*t as usize][k];
            if across == NONE || number[across as usize] == NONE {
                continue;
            }
            for corner in [k, (k + 1) % 3] {
                let vertex = mesh.triangles[*t as usize][corner];
                let there = mesh.triangles[across as usize].iter().position(|v| *v == vertex).unwrap_or(0);
                join(&mut parent, 3 * n as u32 + corner as u32, 3 * number[across as usize] + there as u32);
            }
        }
    }
    let (mut vertices, mut of_root) = (Vec::new(), vec![NONE; 3 * in_mesh.len()]);
    let mut triangles = vec![[0; 3]; in_mesh.len()];
    for corner in 0..3 * in_mesh.len() {
        let first = root(&mut parent, corner as u32) as usize;
        if of_root[first] == NONE {
            of_root[first] = vertices.len() as u32;
            vertices.push(mesh.vertices[mesh.triangles[in_mesh[corner / 3] as usize][corner % 3] as usize]);
        }
        triangles[corner / 3][corner % 3] = of_root[first];
    }
    Patch { vertices, triangles, in_mesh, border: Vec::new() }
}
