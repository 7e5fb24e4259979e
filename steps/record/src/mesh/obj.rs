//! Wavefront OBJ.

use tobj::{LoadError, LoadOptions};

use super::{Raw, damaged, require_count};
use crate::error::Error;

/// Most parts of a file: each costs memory of its own.
const PARTS_MAX: usize = 65_536;

/// All parts of an OBJ file together; polygons become fans of triangles.
pub(super) fn raw(bytes: &[u8]) -> Result<Raw, Error> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| damaged("it is neither GLB nor PLY, and no text as an OBJ is"))?;
    require_measure(text)?;
    let options =
        LoadOptions { triangulate: true, ignore_points: true, ignore_lines: true, ..Default::default() };
    let mut reader = bytes;
    // Materials are files of their own, and never opened.
    let read = tobj::load_obj_buf(&mut reader, &options, |_| Err(LoadError::OpenFileFailed));
    let (parts, _) = read.map_err(|trouble| damaged(format!("as an OBJ it is wrong ({trouble})")))?;
    let mut raw = Raw::default();
    for part in parts {
        let first = raw.vertices.len() as u32;
        let places = part.mesh.positions.chunks_exact(3);
        raw.vertices.extend(places.map(|v| [v[0], v[1], v[2]].map(f64::from)));
        let triangles = part.mesh.indices.chunks_exact(3);
        raw.triangles.extend(triangles.map(|t| [first + t[0], first + t[1], first + t[2]]));
    }
    if raw.vertices.is_empty() {
        return Err(damaged("it is neither GLB nor PLY, and as an OBJ it has no faces"));
    }
    Ok(raw)
}

/// Counts before memory is asked for: a few bytes of text can become many of memory.
fn require_measure(text: &str) -> Result<(), Error> {
    let (mut triangles, mut vertices, mut parts) = (0, 0, 0);
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("f") => triangles += words.count().saturating_sub(2).max(1),
            Some("v") => vertices += 1,
            Some("o" | "g" | "usemtl") => parts += 1,
            _ => {}
        }
    }
    require_count("triangles", triangles)?;
    require_count("vertices", vertices)?;
    if parts > PARTS_MAX {
        return Err(damaged(format!("it has {parts} parts, at most {PARTS_MAX} are read")));
    }
    Ok(())
}
