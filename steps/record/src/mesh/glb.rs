//! glTF 2.0 in its binary form, GLB.

use gltf::buffer::Source;
use gltf::mesh::Mode;
use gltf::{Gltf, Node, Primitive};
use nalgebra::{Matrix4, Point3};

use super::{Raw, damaged, require_count};
use crate::error::Error;

/// Most nodes that are visited: a damaged file may lead in circles.
const NODES_MAX: usize = 65_536;

/// All triangles of the scene, where its nodes put them.
pub(super) fn raw(bytes: &[u8]) -> Result<Raw, Error> {
    let file =
        Gltf::from_slice(bytes).map_err(|_| damaged("as a GLB it is wrong, or asks for an extension"))?;
    let blob = file.blob.as_deref().ok_or_else(|| damaged("as a GLB it holds no data of its own"))?;
    let scene = file.default_scene().or_else(|| file.scenes().next());
    let scene = scene.ok_or_else(|| damaged("as a GLB it has no scene"))?;
    let mut open: Vec<(Node, Matrix4<f64>)> = scene.nodes().map(|node| (node, Matrix4::identity())).collect();
    let (mut raw, mut visited) = (Raw::default(), 0);
    while let Some((node, above)) = open.pop() {
        visited += 1;
        if visited > NODES_MAX {
            return Err(too_many_nodes());
        }
        let own = Matrix4::from(node.transform().matrix()).map(f64::from);
        let placed = above * own;
        for primitive in node.mesh().iter().flat_map(|mesh| mesh.primitives()) {
            add(&mut raw, &primitive, blob, &placed)?;
        }
        // Before they are listed: a node may name the same child a million times.
        if visited + open.len() + node.children().len() > NODES_MAX {
            return Err(too_many_nodes());
        }
        open.extend(node.children().map(|child| (child, placed)));
    }
    Ok(raw)
}

fn too_many_nodes() -> Error {
    damaged(format!("as a GLB it has more than {NODES_MAX} nodes, or they lead in circles"))
}

fn add(raw: &mut Raw, primitive: &Primitive, blob: &[u8], placed: &Matrix4<f64>) -> Result<(), Error> {
    if primitive.mode() != Mode::Triangles {
        return Err(damaged("as a GLB it has lines, points or strips; needed: triangles"));
    }
    let reader = primitive.reader(|buffer| matches!(buffer.source(), Source::Bin).then_some(blob));
    let places = reader.read_positions().ok_or_else(|| damaged("as a GLB it has places beyond its end"))?;
    let first = raw.vertices.len();
    require_count("vertices", first + places.len())?;
    let moved = |v: [f32; 3]| -> [f64; 3] { placed.transform_point(&Point3::from(v).map(f64::from)).into() };
    raw.vertices.extend(places.map(moved));
    let count = raw.vertices.len() - first;
    let corners: Vec<u32> = match reader.read_indices().map(|indices| indices.into_u32()) {
        Some(indices) => {
            require_count("triangles", raw.triangles.len() + indices.len() / 3)?;
            indices.map(|k| k.saturating_add(first as u32)).collect()
        }
        None if primitive.indices().is_some() => {
            return Err(damaged("as a GLB it has triangles beyond its end"));
        }
        None => (first as u32..(first + count) as u32).collect(),
    };
    // Because a mirror turns triangles inside out.
    let is_mirrored = placed.determinant() < 0.0;
    let turned =
        |corners: &[u32; 3]| if is_mirrored { [corners[0], corners[2], corners[1]] } else { *corners };
    raw.triangles.extend(corners.as_chunks::<3>().0.iter().map(turned));
    require_count("triangles", raw.triangles.len())
}
