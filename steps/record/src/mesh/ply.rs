//! Stanford PLY, as text and binary.

use ply_rs_bw::parser::{Parser, Reader};
use ply_rs_bw::ply::{ElementDef, Header, Property, PropertyAccess, PropertyAccessResult};

use super::{Raw, damaged, require_count};
use crate::error::Error;

/// Places of `vertex` and polygons of `face`; all else is passed over.
pub(super) fn raw(bytes: &[u8]) -> Result<Raw, Error> {
    let mut reader = Reader::new(bytes);
    let header = Parser::<Other>::new().read_header(&mut reader).map_err(|_| wrong("its header"))?;
    let mut raw = Raw::default();
    for (_, element) in &header.elements {
        require_plausible(element, bytes.len())?;
        match element.name.as_str() {
            "vertex" => {
                require_count("vertices", element.count)?;
                let vertices: Vec<Vertex> = elements(&mut reader, element, &header)?;
                raw.vertices = vertices.into_iter().map(|vertex| vertex.0).collect();
            }
            "face" => {
                require_count("triangles", element.count)?;
                let faces: Vec<Face> = elements(&mut reader, element, &header)?;
                let triangles = faces.iter().map(|face| face.0.len().saturating_sub(2)).sum();
                require_count("triangles", triangles)?;
                faces.iter().for_each(|face| raw.add_polygon(&face.0));
            }
            _ => drop::<Vec<Other>>(elements(&mut reader, element, &header)?),
        }
    }
    Ok(raw)
}

fn elements<E: PropertyAccess>(
    reader: &mut Reader<&[u8]>,
    element: &ElementDef,
    header: &Header,
) -> Result<Vec<E>, Error> {
    let read = Parser::<E>::new().read_payload_for_element(reader, element, header);
    read.map_err(|_| wrong(if element.name == "vertex" { "its vertices" } else { "its faces" }))
}

/// Because every element takes at least a byte, one that claims more is not read.
fn require_plausible(element: &ElementDef, bytes: usize) -> Result<(), Error> {
    if element.count > bytes || element.properties.is_empty() {
        return Err(damaged("as a PLY it claims more than it holds"));
    }
    Ok(())
}

fn wrong(part: &str) -> Error {
    damaged(format!("as a PLY it is wrong in {part}"))
}

/// A place.
struct Vertex([f64; 3]);

impl PropertyAccess for Vertex {
    fn new() -> Self {
        Self([f64::NAN; 3])
    }

    fn set_property(&mut self, name: &str, value: Property) -> PropertyAccessResult {
        let axis = ["x", "y", "z"].iter().position(|axis| *axis == name);
        let Some(axis) = axis else { return PropertyAccessResult::Ignored };
        self.0[axis] = match value {
            Property::Double(v) => v,
            Property::Float(v) => f64::from(v),
            Property::Int(v) => f64::from(v),
            Property::UInt(v) => f64::from(v),
            Property::Short(v) => f64::from(v),
            Property::UShort(v) => f64::from(v),
            _ => return PropertyAccessResult::UnsupportedType,
        };
        PropertyAccessResult::Set
    }
}

/// Numbers of a polygon's corners.
struct Face(Vec<u32>);

impl PropertyAccess for Face {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn set_property(&mut self, name: &str, value: Property) -> PropertyAccessResult {
        if name != "vertex_indices" && name != "vertex_index" {
            return PropertyAccessResult::Ignored;
        }
        match value.to_u32_list() {
            Some(corners) => self.0 = corners,
            None => return PropertyAccessResult::UnsupportedType,
        }
        PropertyAccessResult::Set
    }
}

/// What nobody asks for.
struct Other;

impl PropertyAccess for Other {
    fn new() -> Self {
        Self
    }
}
