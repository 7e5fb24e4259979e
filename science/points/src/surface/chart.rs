//! A piece of surface as a piece of plane, and back.

use std::ops::RangeInclusive;

use nalgebra::Vector3;

use crate::fill::SPACING_RANGE;
use crate::ground::Metric;
use crate::index::CellIndex;
use crate::surface::error::Error;
use crate::surface::flatten::{flattened, pulled_back};
use crate::surface::geodesic::distances;
use crate::surface::look_up::LookUp;
use crate::surface::mesh::{Mesh, NONE, Place, nearest_in};
use crate::surface::patch::Patch;
use crate::window::Window;

/// How far from its center a region may reach, mm.
pub const RADIUS_MM: RangeInclusive<f64> = 3.0..=400.0;
/// The patch is laid flat to so many radii, because the border's roundness is forced.
const MARGIN: f64 = 1.15;
/// Share of the region that may be too uneven, and is left out.
const LOST_MOST: f64 = 0.02;
/// Smallest region, mm².
const AREA_LEAST_MM2: f64 = 10.0;
/// Most cells across a window; they are made larger where there would be more.
const CELLS_ACROSS_MAX: f64 = 4000.0;

/// The region of a surface within a distance of a place, along the surface, laid flat.
pub struct Chart<'m> {
    mesh: &'m Mesh,
    patch: Patch,
    flat: Vec<(f64, f64)>,
    look_up: LookUp,
    window: Window,
    /// Of every cell: squared mm on the surface for a way on the plane.
    metric: Vec<Metric>,
    distortion: Distortion,
    is_cut: bool,
}

/// What laying flat did to a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distortion {
    /// Area on the surface, mm².
    pub area_mm2: f64,
    /// Area left out because it would have been too uneven, such as the inside of an ear, mm².
    pub left_out_mm2: f64,
    /// Length on the surface of 1 mm on the plane, over all places and directions: shortest and longest.
    pub length: (f64, f64),
    /// How many times longer than across a way can be in its worst direction: median and largest.
    pub stretch: (f64, f64),
}

impl<'m> Chart<'m> {
    /// Lays flat what lies within `radius_mm` of a place along the surface, in cells of `cell_mm`, or larger ones if there
    /// would be more than 4000 across.
    ///
    /// # Panics
    /// If the radius is outside of [`RADIUS_MM`] or the cell not above zero.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::TooSmall`], [`Error::NotADisk`], [`Error::Distorted`].
    ///
    /// # Limits
    /// The triangles are the surface: edges of 12 mm on a head of 80 mm cut its roundness by up to 0.3 mm.
    ///
    /// # Cost
    /// O(n^1.5) with n triangles in the region, and O(cells).
    pub fn around(mesh: &'m Mesh, center: &Place, radius_mm: f64, cell_mm: f64) -> Result<Self, Error> {
        assert!(RADIUS_MM.contains(&radius_mm), "a radius has a range");
        assert!(cell_mm > 0.0, "a cell has a side");
        let reach_mm = MARGIN * radius_mm;
        let (start, _) = mesh.nearest_triangle(center.place_mm);
        let distance = distances(mesh, center, start, reach_mm);
        let patch = Patch::around(mesh, start, |k| distance[k as usize] <= reach_mm)?;
        let flat = flattened(&patch);
        let look_up = LookUp::new(&patch, &flat);
        let window = blank_window(&flat, cell_mm);
        let metric = vec![Metric::even(1.0); window.inside.len()];
        let distortion =
            Distortion { area_mm2: 0.0, left_out_mm2: 0.0, length: (1.0, 1.0), stretch: (1.0, 1.0) };
        let is_cut = meets_border(mesh, &patch, |corner| distance[corner as usize] <= radius_mm);
        let mut chart = Self { mesh, patch, flat, look_up, window, metric, distortion, is_cut };
        chart.mark_cells(&distance, radius_mm);
        chart.leave_uneven_out()?;
        Ok(chart)
    }

    /// The cells of the region.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// What laying flat did.
    pub fn distortion(&self) -> &Distortion {
        &self.distortion
    }

    /// Whether the mesh ends within the radius, so that the region is no whole disk.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The metric of every cell for a density on the surface, points per mm²: with it distances are those on the surface.
    pub fn metric(&self, density_per_mm2: f64) -> Vec<Metric> {
        self.metric.iter().map(|metric| metric.times(density_per_mm2)).collect()
    }

    /// Density of every cell by a metric, none outside: what [`crate::Fill`] asks for where nothing stands yet.
    pub fn densities(&self, metric: &[Metric]) -> Vec<f64> {
        let inside = self.window.inside.iter().zip(metric);
        inside.map(|(inside, metric)| if *inside { metric.density() } else { 0.0 }).collect()
    }

    /// A place of the plane on the surface; `None` beside the patch and in its holes.
    pub fn on_surface(&self, place: (f64, f64)) -> Option<Place> {
        let (triangle, weights) = self.look_up.at(&self.patch, &self.flat, place)?;
        let in_mesh = *self.patch.in_mesh.get(triangle)?;
        Some(self.mesh.place(in_mesh as usize, weights))
    }

    /// The places on the plane of places in space, each by the nearest of the patch.
    ///
    /// # Cost
    /// O(places + triangles) where triangles are of like size and the places near them.
    pub fn on_plane(&self, places_mm: &[[f64; 3]]) -> Vec<(f64, f64)> {
        let count = self.patch.in_mesh.len();
        let corners: Vec<_> = (0..count).map(|t| self.patch.corners(t)).collect();
        let middles: Vec<Vector3<f64>> = corners.iter().map(|[a, b, c]| (a + b + c) / 3.0).collect();
        let seen: Vec<(f64, f64)> = middles.iter().map(|m| (m.x, m.z)).collect();
        let index = CellIndex::new(&seen);
        let widest = (0..count)
            .map(|t| corners[t].map(|corner| (corner - middles[t]).norm()).into_iter().fold(0.0, f64::max))
            .fold(0.0, f64::max);
        places_mm.iter().map(|place| self.nearest(&corners, &index, widest, Vector3::from(*place))).collect()
    }

    fn nearest(
        &self,
        corners: &[[Vector3<f64>; 3]],
        index: &CellIndex,
        widest: f64,
        to: Vector3<f64>,
    ) -> (f64, f64) {
        let mut best = (f64::MAX, 0, [1.0, 0.0, 0.0]);
        let mut radius = widest;
        // A triangle nearer than the radius has its middle within the radius and its own size.
        while best.0 > radius * radius {
            radius *= 2.0;
            index.for_each_within((to.x, to.z), radius + widest, |t, _| {
                let (weights, squared) = nearest_in(corners[t], to);
                if (squared, t) < (best.0, best.1) {
                    best = (squared, t, weights);
                }
            });
        }
        let flat = self.patch.triangles[best.1].map(|k| self.flat[k as usize]);
        let mean = |of: fn((f64, f64)) -> f64| (0..3).map(|k| best.2[k] * of(flat[k])).sum();
        (mean(|p| p.0), mean(|p| p.1))
    }

    /// Which cells are in the region, and their metric.
    fn mark_cells(&mut self, distance: &[f64], radius_mm: f64) {
        let metrics: Vec<Option<Metric>> = (0..self.patch.in_mesh.len())
            .map(|t| {
                pulled_back(self.patch.triangles[t].map(|k| self.flat[k as usize]), self.patch.corners(t))
            })
            .collect();
        for cell in 0..self.window.inside.len() {
            let found = self.look_up.at(&self.patch, &self.flat, self.window.center_of(cell));
            let Some((triangle, weights)) = found.filter(|(t, _)| *t < metrics.len()) else { continue };
            let corners = self.mesh.triangles[self.patch.in_mesh[triangle] as usize];
            let away =
                away_from(corners.map(|k| distance[k as usize]), self.patch.corners(triangle), weights);
            if let Some(metric) = metrics[triangle] {
                self.metric[cell] = metric;
                self.window.inside[cell] =
                    away.is_finite() && away <= radius_mm && self.lies_on_surface(cell);
            }
        }
    }

    /// Whether all corners of a cell do, so that few points of it fall into a hole.
    fn lies_on_surface(&self, cell: usize) -> bool {
        let ((x, y), half) = (self.window.center_of(cell), self.window.cell / 2.0);
        let corners = [(-half, -half), (half, -half), (-half, half), (half, half)];
        corners.iter().all(|(dx, dy)| self.on_surface((x + dx, y + dy)).is_some())
    }

    /// Takes cells out whose spacing the filler would not keep to, and measures the others.
    fn leave_uneven_out(&mut self) -> Result<(), Error> {
        let cell_mm2 = self.window.cell * self.window.cell;
        let area = |chart: &Self| {
            let inside = (0..chart.metric.len()).filter(|k| chart.window.inside[*k]);
            inside.map(|k| chart.metric[k].density() * cell_mm2).sum::<f64>()
        };
        let whole_mm2 = area(self);
        if whole_mm2 < AREA_LEAST_MM2 {
            return Err(Error::TooSmall { found_mm2: whole_mm2, least_mm2: AREA_LEAST_MM2 });
        }
        let mean = whole_mm2 / self.window.area();
        for (inside, metric) in self.window.inside.iter_mut().zip(&self.metric) {
            let spacing = (metric.density() / mean).sqrt();
            *inside &= (1.0 / SPACING_RANGE..=SPACING_RANGE).contains(&spacing);
        }
        self.distortion = measured(&self.window, &self.metric);
        self.distortion.left_out_mm2 = whole_mm2 - area(self);
        let lost = self.distortion.left_out_mm2 / whole_mm2;
        if lost > LOST_MOST {
            return Err(Error::Distorted { found_percent: 100.0 * lost, most_percent: 100.0 * LOST_MOST });
        }
        Ok(())
    }
}

/// Whether an edge with nothing beyond it has an end that is near.
fn meets_border(mesh: &Mesh, patch: &Patch, is_near: impl Fn(u32) -> bool) -> bool {
    patch.in_mesh.iter().any(|triangle| {
        let (corners, beyond) = (mesh.triangles[*triangle as usize], mesh.neighbors[*triangle as usize]);
        (0..3).any(|k| beyond[k] == NONE && (is_near(corners[k]) || is_near(corners[(k + 1) % 3])))
    })
}

/// How far a place of a triangle is from one whose distances from the corners are known, as on a plane.
///
/// Not the mean of the distances: inside a large triangle the place may be nearer than all three corners.
fn away_from(distances: [f64; 3], corners: [Vector3<f64>; 3], weights: [f64; 3]) -> f64 {
    let mean: f64 = (0..3).map(|k| weights[k] * distances[k] * distances[k]).sum();
    let spread: f64 = [(0, 1), (1, 2), (2, 0)]
        .map(|(k, n)| weights[k] * weights[n] * (corners[k] - corners[n]).norm_squared())
        .iter()
        .sum();
    (mean - spread).max(0.0).sqrt()
}

/// A window over a whole patch, nothing inside yet.
fn blank_window(flat: &[(f64, f64)], cell_mm: f64) -> Window {
    let reach = flat.iter().map(|p| p.0.abs().max(p.1.abs())).fold(0.0, f64::max);
    let cell = cell_mm.max(2.0 * reach / CELLS_ACROSS_MAX);
    let columns = (2.0 * reach / cell).ceil().max(1.0) as usize;
    Window::from_cells((-reach, -reach), cell, columns, vec![false; columns * columns])
}

fn measured(window: &Window, metric: &[Metric]) -> Distortion {
    let (mut stretches, mut length, mut area) = (Vec::new(), (f64::MAX, 0.0f64), 0.0);
    for (metric, _) in metric.iter().zip(&window.inside).filter(|(_, inside)| **inside) {
        // The product of the longest and the shortest is the area.
        let shortest = 1.0 / metric.widest();
        let longest = metric.density() / shortest;
        length = (length.0.min(shortest), length.1.max(longest));
        area += metric.density() * window.cell * window.cell;
        stretches.push(longest / shortest);
    }
    stretches.sort_by(f64::total_cmp);
    let at = |share: f64| stretches.get((share * stretches.len() as f64) as usize).copied().unwrap_or(1.0);
    let stretch = (at(0.5), stretches.last().copied().unwrap_or(1.0));
    Distortion { area_mm2: area, left_out_mm2: 0.0, length, stretch }
}
