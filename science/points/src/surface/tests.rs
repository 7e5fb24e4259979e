#![allow(clippy::print_stdout, reason = "measures are printed for docs/science/surfaces.md")]

use std::f64::consts::{PI, TAU};

use super::*;
use crate::fill::{Fill, fill};
use crate::ground::Metric;
use crate::potential::{POPULATION, Potential};
use crate::window::Window;
use stipple_quantity::Seed;

/// Radius of a head, mm.
const HEAD_MM: f64 = 75.0;
/// Follicular units, per mm².
const DENSITY: f64 = 0.74;
/// What a needle can hold, mm.
const SPACING_MIN_MM: f64 = 0.5;
/// Side of a cell, mm.
const CELL_MM: f64 = 0.4;

/// A square sheet with vertices every `step` mm, bent into space.
fn sheet(half: f64, step: f64, bend: impl Fn(f64, f64) -> [f64; 3]) -> Mesh {
    let n = (2.0 * half / step).round() as usize;
    let at = |k: usize| k as f64 * step - half;
    let vertices: Vec<_> = (0..(n + 1) * (n + 1)).map(|k| bend(at(k % (n + 1)), at(k / (n + 1)))).collect();
    let squares = (0..n * n).map(|k| (k / n * (n + 1) + k % n) as u32);
    let beside = n as u32 + 1;
    let triangles: Vec<_> =
        squares.flat_map(|k| [[k, k + 1, k + beside + 1], [k, k + beside + 1, k + beside]]).collect();
    Mesh::new(&vertices, &triangles).expect("a sheet is a surface")
}

fn on_sphere(x: f64, y: f64) -> [f64; 3] {
    let far = x.hypot(y).max(1e-12);
    let (sin, cos) = (far / HEAD_MM).sin_cos();
    [HEAD_MM * sin * x / far, HEAD_MM * sin * y / far, HEAD_MM * cos]
}

fn on_cylinder(x: f64, y: f64) -> [f64; 3] {
    [HEAD_MM * (x / HEAD_MM).sin(), y, HEAD_MM * (x / HEAD_MM).cos()]
}

/// Dots on the surface within a radius of its topmost place, and which lie two spacings from the border.
fn dotted(mesh: &Mesh, radius_mm: f64, seed: u64) -> (Vec<Place>, Vec<bool>, Distortion) {
    let chart = Chart::around(mesh, &mesh.nearest([0.0, 0.0, HEAD_MM]), radius_mm, CELL_MM).expect("a disk");
    let potential = Potential::population();
    let wanted = Wanted { density_per_mm2: DENSITY, spacing_min_mm: SPACING_MIN_MM, potential: &potential };
    let dots = Dots::on(&chart, &wanted, Seed(seed));
    assert_eq!(dots.unplaced, 0);
    let border = 2.0 / DENSITY.sqrt() / chart.distortion().length.0;
    let inner = dots.on_plane.iter().map(|p| chart.window().contains_disk(*p, border)).collect();
    (dots.places, inner, *chart.distortion())
}

/// A pattern on paper with as many points, seen the same way.
fn on_paper(count: usize, seed: u64) -> Spread {
    let side = (count as f64 / DENSITY).sqrt();
    let window = Window::rectangle(side, side, CELL_MM);
    let cells = window.inside.len();
    let request = Fill {
        window: &window,
        fixed: &[],
        obstacles: &[],
        metric: &vec![Metric::even(DENSITY); cells],
        new_density: &vec![DENSITY; cells],
        zone: &vec![0; cells],
        count,
        spacing_min: SPACING_MIN_MM,
        potential: &Potential::population(),
    };
    let points = fill(&request, Seed(seed)).points;
    let places: Vec<_> =
        points.iter().map(|p| Place { place_mm: [p.0, 0.0, p.1], normal: [0.0, 1.0, 0.0] }).collect();
    let inner: Vec<_> = points.iter().map(|p| window.contains_disk(*p, 2.0 / DENSITY.sqrt())).collect();
    Spread::of(&places, &inner, DENSITY).expect("enough points")
}

fn assert_spread_as_on_paper(places: &[Place], inner: &[bool]) {
    let (found, paper) = (Spread::of(places, inner, DENSITY).expect("enough"), on_paper(places.len(), 11));
    let (mean, cv) = found.nearest_mean_and_cv();
    let (off, gap) = (found.off(&POPULATION), largest_gap(&found.nearest, &paper.nearest));
    println!(
        "{} dots: L2 of g {off:.3} (paper {:.3}); nearest {mean:.3}, {cv:.3} (paper {:.3?}); KS {gap:.3}",
        places.len(),
        paper.off(&POPULATION),
        paper.nearest_mean_and_cv()
    );
    let closest = found.nearest[0] / DENSITY.sqrt();
    assert!(closest >= SPACING_MIN_MM, "{closest} mm");
    assert!(gap <= 0.05, "KS {gap}");
    assert!(off < 0.09, "L2 of g {off}");
}

#[test]
fn on_a_spherical_cap_dots_are_spread_as_on_paper() {
    let mesh = sheet(110.0, 3.0, on_sphere);
    let (places, inner, distortion) = dotted(&mesh, 90.0, 1);
    let area_mm2 = TAU * HEAD_MM * HEAD_MM * (1.0 - (90.0 / HEAD_MM).cos());
    println!("{distortion:?}");
    assert!((distortion.area_mm2 / area_mm2 - 1.0).abs() < 0.01, "{distortion:?}, {area_mm2}");
    assert!((places.len() as f64 - DENSITY * distortion.area_mm2).abs() <= 1.0);
    assert!(
        places.iter().all(|p| (p.place_mm.iter().map(|v| v * v).sum::<f64>().sqrt() - HEAD_MM).abs() < 0.1)
    );
    assert!(places.iter().all(|p| (0..3).all(|k| (p.normal[k] - p.place_mm[k] / HEAD_MM).abs() < 0.05)));
    assert_spread_as_on_paper(&places, &inner);
}

#[test]
fn on_a_cylinder_dots_are_spread_as_on_paper() {
    let (places, inner, distortion) = dotted(&sheet(110.0, 4.0, on_cylinder), 80.0, 2);
    println!("{distortion:?}");
    assert!((distortion.area_mm2 / (PI * 80.0 * 80.0) - 1.0).abs() < 0.01, "{distortion:?}");
    assert_spread_as_on_paper(&places, &inner);
}

#[test]
fn every_part_of_the_surface_gets_its_share() {
    // Bands of equal area from the pole of a cap.
    let mut bands = [0.0; 8];
    let mesh = sheet(110.0, 3.0, on_sphere);
    for seed in 0..4 {
        let (places, _, _) = dotted(&mesh, 90.0, seed);
        for place in &places {
            let depth = (1.0 - place.place_mm[2] / HEAD_MM) / (1.0 - (90.0 / HEAD_MM).cos());
            bands[((depth * 8.0) as usize).min(7)] += 1.0;
        }
    }
    let mean = bands.iter().sum::<f64>() / 8.0;
    assert!(bands.iter().all(|band: &f64| (band / mean - 1.0).abs() < 0.015), "{bands:?}");
}

#[test]
fn from_the_plane_to_the_surface_and_back() {
    let mesh = sheet(60.0, 5.0, on_sphere);
    let chart = Chart::around(&mesh, &mesh.topmost([0.0, 0.0, 1.0]), 45.0, 1.0).expect("a disk");
    let cells = (0..chart.window().inside.len()).filter(|k| chart.window().inside[*k]).step_by(7);
    let there: Vec<(f64, f64)> = cells.map(|k| chart.window().center_of(k)).collect();
    let places: Vec<[f64; 3]> =
        there.iter().map(|p| chart.on_surface(*p).expect("inside").place_mm).collect();
    let back = chart.on_plane(&places);
    assert!(there.iter().zip(&back).all(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1) < 1e-6));
    assert_eq!(chart.on_surface((1000.0, 0.0)), None);
}

#[test]
fn distances_run_along_the_surface() {
    let mesh = sheet(100.0, 5.0, on_sphere);
    let top = mesh.topmost([0.0, 0.0, 1.0]);
    let (start, _) = mesh.nearest_triangle(top.place_mm);
    let found = geodesic::distances(&mesh, &top, start, 90.0);
    for (vertex, found) in mesh.vertices.iter().zip(found).filter(|(_, found)| (1.0..90.0).contains(found)) {
        let right = HEAD_MM * (vertex.z / HEAD_MM).clamp(-1.0, 1.0).acos();
        assert!((found / right - 1.0).abs() < 0.015, "{found} {right}");
    }
}

#[test]
fn a_hole_in_a_scan_stays_empty_and_what_cannot_lie_flat_is_refused() {
    let whole = sheet(60.0, 4.0, on_sphere);
    let all: Vec<[f64; 3]> = whole.vertices.iter().map(|v| (*v).into()).collect();
    let in_hole = |t: &[u32; 3]| {
        t.iter().any(|k| (whole.vertices[*k as usize].x - 20.0).hypot(whole.vertices[*k as usize].y) < 9.0)
    };
    let torn: Vec<[u32; 3]> = whole.triangles.iter().copied().filter(|t| !in_hole(t)).collect();
    let mesh = Mesh::new(&all, &torn).expect("a surface");
    let (places, _, _) = dotted(&mesh, 45.0, 3);
    assert!(places.iter().all(|p| (p.place_mm[0] - 20.0).hypot(p.place_mm[1]) > 7.0));

    let tube = sheet(120.0, 4.0, |x, y| {
        let (sin, cos) = (PI * x / 120.0).sin_cos();
        [20.0 * sin, y, 20.0 * cos]
    });
    // Because the seam's two sides are the same places but for rounding, they are made one here.
    let rounded: Vec<[f64; 3]> =
        tube.vertices.iter().map(|v| [v.x, v.y, v.z].map(|c| (c * 1e6).round() / 1e6)).collect();
    let tube = Mesh::new(&rounded, &tube.triangles).expect("a surface");
    // A ring of it is a disk with a hole; a long one has no even picture.
    let from = tube.nearest([0.0, 0.0, 20.0]);
    assert!(matches!(Chart::around(&tube, &from, 100.0, 0.5), Err(Error::Distorted { .. })));
}

#[test]
fn damaged_meshes_are_refused() {
    let corner = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    assert!(matches!(Mesh::new(&corner, &[[0, 1, 3]]), Err(Error::Damaged { .. })));
    assert!(matches!(Mesh::new(&[[f64::NAN; 3]; 3], &[[0, 1, 2]]), Err(Error::Damaged { .. })));
    assert_eq!(Mesh::new(&corner, &[[0, 1, 1]]).err(), Some(Error::Empty));
    assert_eq!(Mesh::new(&[], &[]).err(), Some(Error::Empty));
    let lone = Mesh::new(&corner, &[[0, 1, 2], [2, 0, 1]]).expect("a triangle");
    assert_eq!((lone.triangles(), lone.left_out), (1, 1));
    assert!(matches!(Chart::around(&lone, &lone.nearest([0.0; 3]), 3.0, 0.1), Err(Error::TooSmall { .. })));
    // A closed surface has no border to lay down.
    let tetrahedron = [[0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 9.0]];
    let closed = Mesh::new(&tetrahedron, &[[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]).expect("a surface");
    let whole = Chart::around(&closed, &closed.nearest([0.0; 3]), 100.0, 0.5);
    assert!(matches!(whole, Err(Error::NotADisk { .. })));
}

#[test]
fn inside_a_large_triangle_the_region_is_round() {
    let square = sheet(50.0, 100.0, |x, y| [x, y, 0.0]);
    let chart = Chart::around(&square, &square.nearest([20.0, -15.0, 0.0]), 20.0, CELL_MM).expect("a disk");
    let area_mm2 = chart.distortion().area_mm2;
    assert!((area_mm2 / (PI * 400.0) - 1.0).abs() < 0.03, "{area_mm2} mm²");
}

#[test]
fn a_surface_that_is_inside_out_is_turned() {
    let cap = sheet(60.0, 6.0, on_sphere);
    let inward: Vec<[u32; 3]> = cap.triangles.iter().map(|[a, b, c]| [*a, *c, *b]).collect();
    let vertices: Vec<[f64; 3]> = cap.vertices.iter().map(|v| (*v).into()).collect();
    let turned = Mesh::new(&vertices, &inward).expect("a surface");
    assert!(turned.nearest([0.0, 0.0, HEAD_MM]).normal[2] > 0.9);
}
