//! Bytes as the mesh of a head; shared with `fuzz/`.

use stipple_points::Potential;
use stipple_points::surface::{Chart, Dots, Error, Mesh, Wanted};
use stipple_quantity::Seed;
use stipple_record::mesh::mesh_from_bytes;

/// Radius of the region that is filled, mm.
const RADIUS_MM: f64 = 15.0;
/// Points per mm² of the region.
const DENSITY_PER_MM2: f64 = 0.5;
const SPACING_MIN_MM: f64 = 0.8;
/// Side of a cell of the plane, mm.
const CELL_MM: f64 = 0.5;

/// Reads, and fills the top; whatever the bytes, there are dots on the surface or a message that helps.
pub(crate) fn mesh(bytes: &[u8]) {
    match mesh_from_bytes(bytes, None) {
        Ok((mesh, _)) => fill_top(&mesh).unwrap_or_else(|error| require_help(&error)),
        Err(error) => require_help(&error),
    }
}

fn fill_top(mesh: &Mesh) -> Result<(), Error> {
    let chart = Chart::around(mesh, &mesh.topmost([0.0, 1.0, 0.0]), RADIUS_MM, CELL_MM)?;
    let potential = Potential::population();
    let wanted =
        Wanted { density_per_mm2: DENSITY_PER_MM2, spacing_min_mm: SPACING_MIN_MM, potential: &potential };
    let dots = Dots::on(&chart, &wanted, Seed(1));
    let are_places = dots.places.iter().all(|place| place.place_mm.iter().all(|c| c.is_finite()));
    assert!(are_places, "a dot that is nowhere");
    Ok(())
}

fn require_help(error: &dyn std::error::Error) {
    assert!(error.to_string().contains("; "), "a message without what to do: {error}");
}
