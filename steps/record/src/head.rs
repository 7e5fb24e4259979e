//! Dots on a surface in space: a table, points for viewers of scans, and a picture.

mod view;

use std::fmt::Write as _;

use stipple_points::surface::{Mesh, Place};

use crate::head::view::Canvas;
use crate::mesh::LengthUnit;
use crate::picture::png_of_rgb;

/// What was planned on a mesh.
pub struct HeadDots<'a> {
    /// The surface.
    pub mesh: &'a Mesh,
    /// Where the dots are, in the order in which they are made.
    pub places: &'a [Place],
    /// Hairs that each dot stands for, 1 to 5.
    pub hairs: &'a [u8],
    /// The session that makes each dot, from 0.
    pub sessions: &'a [usize],
    /// Diameter of a dot, mm.
    pub diameter_mm: f64,
    /// The middle of the region.
    pub center: Place,
    /// How far it reaches along the surface, mm.
    pub radius_mm: f64,
}

/// A line a dot: place in millimetres, direction out of the skin, hairs, number of the session.
///
/// The frame is the mesh's own. Any first lines are a pattern as well spread as their number allows.
pub fn dots_csv(dots: &HeadDots) -> String {
    let mut csv = String::from("x_mm,y_mm,z_mm,nx,ny,nz,hairs,session\n");
    for ((place, hairs), session) in dots.places.iter().zip(dots.hairs).zip(dots.sessions) {
        let ([x, y, z], [nx, ny, nz]) = (place.place_mm.map(tidy), place.normal.map(tidy));
        // Writing to a string cannot fail.
        let _ = writeln!(csv, "{x:.4},{y:.4},{z:.4},{nx:.4},{ny:.4},{nz:.4},{hairs},{}", session + 1);
    }
    csv
}

/// The dots as dark points with normals in PLY, in the mesh's own unit, so that they lie on the scan in a viewer.
pub fn dots_ply(dots: &HeadDots, unit: LengthUnit) -> String {
    let mut ply = format!("ply\nformat ascii 1.0\ncomment 1 unit is {} mm\n", unit.mm());
    let _ = writeln!(ply, "element vertex {}", dots.places.len());
    for name in ["x", "y", "z", "nx", "ny", "nz"] {
        let _ = writeln!(ply, "property float {name}");
    }
    ply.push_str(
        "property uchar red\nproperty uchar green\nproperty uchar blue\nproperty uchar hairs\nend_header\n",
    );
    for (place, hairs) in dots.places.iter().zip(dots.hairs) {
        let ([x, y, z], [nx, ny, nz]) = (place.place_mm.map(|c| tidy(c / unit.mm())), place.normal.map(tidy));
        let [r, g, b] = view::PIGMENT;
        let _ = writeln!(ply, "{x:.6} {y:.6} {z:.6} {nx:.4} {ny:.4} {nz:.4} {r} {g} {b} {hairs}");
    }
    ply
}

/// The region from its middle and from two sides, each dot at its true size, PNG; the bar is 50 mm long.
///
/// A drawing on gray skin, no likeness of a person and no preview of a result.
///
/// # Cost
/// O(pixels that triangles cover).
pub fn head_png(dots: &HeadDots) -> Vec<u8> {
    let views: Vec<Canvas> =
        view::directions(&dots.center).iter().map(|from| Canvas::seen(dots, from)).collect();
    let (pixels, width_px, height_px) = view::beside(&views);
    png_of_rgb(&pixels, width_px, height_px)
}

/// Zero without a sign, so that equal places are written equally.
fn tidy(v: f64) -> f64 {
    if v.abs() < 5e-7 { 0.0 } else { v }
}

#[cfg(test)]
mod tests;
