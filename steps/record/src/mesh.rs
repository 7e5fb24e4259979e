//! Strangers' meshes: OBJ, PLY and GLB.

mod glb;
mod obj;
mod ply;

use std::panic::{AssertUnwindSafe, catch_unwind};

use stipple_points::surface::{Mesh, TRIANGLES_MAX};

use crate::error::Error;

/// Largest file of a mesh, bytes.
pub const BYTES_MAX: u64 = 256 << 20;
/// How far apart the ends of a head, a bust or a whole person are at least and at most, mm.
const ACROSS_MM: (f64, f64) = (60.0, 3000.0);

/// The unit that a mesh's coordinates are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// Millimetres.
    Mm,
    /// Centimetres.
    Cm,
    /// Decimetres, as MakeHuman writes.
    Dm,
    /// Metres, as GLB always is.
    M,
}

impl LengthUnit {
    /// Millimetres in one.
    pub fn mm(self) -> f64 {
        match self {
            Self::Mm => 1.0,
            Self::Cm => 10.0,
            Self::Dm => 100.0,
            Self::M => 1000.0,
        }
    }
}

/// What a file holds before it is looked at: coordinates in its own unit, triangles of their numbers.
#[derive(Default)]
struct Raw {
    vertices: Vec<[f64; 3]>,
    triangles: Vec<[u32; 3]>,
}

impl Raw {
    /// Adds a polygon as a fan of triangles; one with fewer than three corners is none.
    fn add_polygon(&mut self, corners: &[u32]) {
        let fan = corners.windows(2).skip(1).map(|pair| [corners[0], pair[0], pair[1]]);
        self.triangles.extend(fan);
    }
}

/// The surface in a file, and its unit: metres for GLB unless told, else millimetres unless told.
///
/// What the bytes are is seen from their beginning. Materials, pictures and colors are not looked at.
///
/// # Errors
/// [`Error::NotAMesh`] for anything else and for damaged files; [`Error::Surface`] for meshes that are too large or
/// empty; [`Error::Field`] where what is read is no size that a head can have.
///
/// # Cost
/// Time and memory in proportion to the file.
pub fn mesh_from_bytes(bytes: &[u8], unit: Option<LengthUnit>) -> Result<(Mesh, LengthUnit), Error> {
    let kinds: [(&[u8], Reader, LengthUnit); 2] =
        [(b"glTF", glb::raw, LengthUnit::M), (b"ply", ply::raw, LengthUnit::Mm)];
    let known = kinds.into_iter().find(|(begin, ..)| bytes.starts_with(begin));
    let (_, read, usual) = known.unwrap_or((b"", obj::raw, LengthUnit::Mm));
    // Because readers of strangers' files may panic where nothing is wrong here.
    let raw =
        catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| Err(damaged("it is damaged")))?;
    let unit = unit.unwrap_or(usual);
    require_size_of_a_head(&raw.vertices, unit)?;
    let vertices: Vec<[f64; 3]> = raw.vertices.iter().map(|v| v.map(|c| c * unit.mm())).collect();
    Ok((Mesh::new(&vertices, &raw.triangles)?, unit))
}

type Reader = fn(&[u8]) -> Result<Raw, Error>;

fn require_size_of_a_head(vertices: &[[f64; 3]], unit: LengthUnit) -> Result<(), Error> {
    let (mut low, mut high) = ([f64::MAX; 3], [f64::MIN; 3]);
    for vertex in vertices {
        for k in 0..3 {
            (low[k], high[k]) = (low[k].min(vertex[k]), high[k].max(vertex[k]));
        }
    }
    let across_mm = (0..3).map(|k| (high[k] - low[k]) * unit.mm()).fold(0.0, f64::max);
    if (ACROSS_MM.0..=ACROSS_MM.1).contains(&across_mm) || vertices.is_empty() {
        return Ok(());
    }
    let needed = format!("{} to {} mm (a head or a person; else state the unit)", ACROSS_MM.0, ACROSS_MM.1);
    Err(Error::field("the longest side of the mesh", format!("{across_mm:.3} mm"), needed))
}

fn damaged(reason: impl Into<String>) -> Error {
    Error::NotAMesh { reason: reason.into() }
}

/// Refuses more triangles or vertices than are worked on before memory is asked for.
fn require_count(what: &'static str, found: usize) -> Result<(), Error> {
    let most = if what == "triangles" { TRIANGLES_MAX } else { 3 * TRIANGLES_MAX };
    if found > most {
        return Err(stipple_points::surface::Error::TooLarge { what, found, most }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
