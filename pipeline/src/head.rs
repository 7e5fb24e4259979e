//! Dots on the surface of a head, from a mesh.

use stipple_model::{Protocol, Watch};
use stipple_plan::by_rank;
use stipple_points::surface::{Chart, Dots, Mesh, Place, Spread, Wanted};
use stipple_points::{Potential, Standing, hairs, rank};
use stipple_record::head::{HeadDots, dots_csv, dots_ply, head_png};
use stipple_record::mesh::{LengthUnit, mesh_from_bytes};

use crate::error::Error;
use crate::settings::Settings;

/// Cells in a local spacing.
const CELLS_A_SPACING: f64 = 3.0;

/// What to do on which surface.
pub struct HeadRequest {
    /// The mesh: OBJ, PLY or GLB.
    pub mesh: Vec<u8>,
    /// Unit of the mesh's coordinates; `None` for metres in GLB and millimetres else.
    pub unit: Option<LengthUnit>,
    /// Where the region's middle is, in the mesh's own coordinates; `None` for the topmost place.
    pub center: Option<[f64; 3]>,
    /// Which way is up in the mesh.
    pub up: [f64; 3],
    /// How far the region reaches along the surface, mm.
    pub radius_mm: f64,
    /// Dots per cm²; `None` for the protocol's.
    pub density_per_cm2: Option<f64>,
}

/// What [`head`] gives.
pub struct HeadFiles {
    /// A line a dot.
    pub dots_csv: String,
    /// What was done, in words.
    pub summary: String,
    mesh: Mesh,
    unit: LengthUnit,
    center: Place,
    radius_mm: f64,
    diameter_mm: f64,
    places: Vec<Place>,
    hairs: Vec<u8>,
    sessions: Vec<usize>,
}

impl HeadFiles {
    /// The dots as points in the mesh's own unit, PLY.
    pub fn dots_ply(&self) -> String {
        dots_ply(&self.drawn(), self.unit)
    }

    /// The dots on the surface from three sides, PNG.
    pub fn picture_png(&self) -> Vec<u8> {
        head_png(&self.drawn())
    }

    fn drawn(&self) -> HeadDots<'_> {
        HeadDots {
            mesh: &self.mesh,
            places: &self.places,
            hairs: &self.hairs,
            sessions: &self.sessions,
            diameter_mm: self.diameter_mm,
            center: self.center,
            radius_mm: self.radius_mm,
        }
    }
}

/// A center farther from the surface than this is told, and farther than that refused, mm.
const OFF_MM: f64 = 5.0;
/// See [`OFF_MM`].
const ASTRAY_MM: f64 = 50.0;

/// Mesh → dots on its surface, in the order of the sessions; density, least distance and size by the protocol.
///
/// # Errors
/// A mesh that cannot be read, or a region on it that cannot be laid flat.
pub fn head(request: &HeadRequest, settings: &Settings, watch: &dyn Watch) -> Result<HeadFiles, Error> {
    watch.progress("decode", 0.0);
    let (mesh, unit) = mesh_from_bytes(&request.mesh, request.unit)?;
    let center = match request.center {
        Some(center) => nearest(&mesh, center.map(|c| c * unit.mm()))?,
        None => mesh.topmost(request.up),
    };
    let protocol = &settings.protocol;
    let asked_per_cm2 = asked_per_cm2(request, protocol)?;
    let density_per_mm2 = asked_per_cm2.min(protocol.lifetime_dots_per_cm2_max) / 100.0;
    watch.progress("flatten", 0.0);
    let cell_mm = density_per_mm2.sqrt().recip() / CELLS_A_SPACING;
    let chart =
        Chart::around(&mesh, &center, request.radius_mm, cell_mm).map_err(stipple_record::Error::from)?;
    watch.progress("place", 0.0);
    let potential = Potential::population();
    let wanted =
        Wanted { density_per_mm2, spacing_min_mm: protocol.dot_spacing_min_mm, potential: &potential };
    let dots = Dots::on(&chart, &wanted, settings.seed);
    let spacing: Vec<f64> = dots.metric.iter().map(|metric| metric.density().sqrt().recip()).collect();
    let hairs = hairs(&dots.on_plane, &spacing, &[], settings.seed);
    let order = rank(&dots.on_plane, &dots.metric, Standing::default());
    let mut summary = summary(&chart, &dots, density_per_mm2, mesh.left_out);
    let off_mm = request.center.map_or(0.0, |asked| apart_mm(asked.map(|c| c * unit.mm()), center.place_mm));
    if asked_per_cm2 > protocol.lifetime_dots_per_cm2_max {
        summary += &format!(
            "; {asked_per_cm2:.0} dots per cm² were asked for, the protocol allows {:.0} over a life, and so many are planned",
            protocol.lifetime_dots_per_cm2_max
        );
    }
    if off_mm > OFF_MM {
        summary += &format!(
            "; the center that was told lies {off_mm:.0} mm off the surface, its nearest place was taken"
        );
    }
    watch.progress("write", 0.0);
    let mut made = HeadFiles {
        dots_csv: String::new(),
        summary,
        unit,
        center,
        radius_mm: request.radius_mm,
        diameter_mm: protocol.fresh_diameter_um.value / 1000.0,
        places: order.iter().map(|k| dots.places[*k]).collect(),
        hairs: order.iter().map(|k| hairs[*k]).collect(),
        sessions: by_rank(&(0..order.len()).collect::<Vec<_>>(), &protocol.sessions),
        mesh,
    };
    made.dots_csv = dots_csv(&made.drawn());
    Ok(made)
}

/// Dots per cm² that are asked for: those said, or the protocol's share of its follicular units.
fn asked_per_cm2(request: &HeadRequest, protocol: &Protocol) -> Result<f64, Error> {
    /// As few as can be said.
    const LEAST_PER_CM2: f64 = 5.0;
    let by_protocol = protocol.density_share * protocol.fallback_unit_density_per_cm2;
    let asked = request.density_per_cm2.unwrap_or(by_protocol);
    if asked >= LEAST_PER_CM2 {
        return Ok(asked);
    }
    Err(refused("the density", format!("{asked:.1} dots per cm²"), format!("at least {LEAST_PER_CM2}")))
}

/// The surface's place nearest to one that was told.
fn nearest(mesh: &Mesh, center_mm: [f64; 3]) -> Result<Place, Error> {
    let place = mesh.nearest(center_mm);
    let off_mm = apart_mm(center_mm, place.place_mm);
    if off_mm <= ASTRAY_MM {
        return Ok(place);
    }
    let needed = format!("a place within {ASTRAY_MM} mm of it, in the scan's own coordinates and unit");
    Err(refused("the center", format!("{off_mm:.0} mm off the surface"), needed))
}

fn refused(field: &str, found: String, needed: String) -> Error {
    stipple_record::Error::Field { field: field.to_owned(), found, needed }.into()
}

fn apart_mm(one: [f64; 3], two: [f64; 3]) -> f64 {
    one.iter().zip(two).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn summary(chart: &Chart, dots: &Dots, density_per_mm2: f64, left_out: usize) -> String {
    let found = chart.distortion();
    let mut text = format!(
        "{} dots on {:.1} cm²; 1 mm of the flat picture is {:.2} to {:.2} mm of skin",
        dots.places.len(),
        found.area_mm2 / 100.0,
        found.length.0,
        found.length.1
    );
    let border = 2.0 / density_per_mm2.sqrt() / found.length.0;
    let inner: Vec<bool> = dots.on_plane.iter().map(|p| chart.window().contains_disk(*p, border)).collect();
    if let Some(spread) = Spread::of(&dots.places, &inner, density_per_mm2) {
        let (mean, cv) = spread.nearest_mean_and_cv();
        text += &format!("; nearest neighbors {mean:.2} spacings apart, CV {cv:.2} (nature: 0.78, 0.21)");
    }
    if dots.unplaced > 0 {
        text += &format!("; {} found no place that keeps the least distance", dots.unplaced);
    }
    if chart.is_cut() {
        text += "; the scan ends within the radius, so the dots end there too";
    }
    if found.left_out_mm2 > 0.0 {
        text += &format!("; {:.1} cm² too folded to be laid flat were left out", found.left_out_mm2 / 100.0);
    }
    if left_out > 0 {
        text += &format!(
            "; {left_out} triangles without area, given twice or beside the largest piece were left out"
        );
    }
    text
}
