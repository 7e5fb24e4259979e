//! The piece of scalp to plan on, as a grid in millimetres.

use stipple_model::Reading;
use stipple_points::Window;
use stipple_quantity::{PointInPhoto, PointInScalp};
use stipple_raster::distance::distance_to;
use stipple_raster::region::fill_polygon;
use stipple_raster::{Grid, Mask};

use crate::plan::Error;

/// Side of a cell, mm, where the ground is not too large for it.
const CELL_MM: f64 = 0.25;
/// Most cells.
const CELLS_MAX: f64 = 1e6;
/// Largest ground, mm²: half a metre squared.
const AREA_MAX_MM2: f64 = 250_000.0;

/// All scars with their soft edge, on a grid.
pub(crate) struct Ground {
    /// Cells that may take dots: in the zone, in a scar or its soft edge.
    pub(crate) window: Window,
    /// Skin that was read.
    pub(crate) zone: Mask,
    /// Number of the scar plus one, or 0 outside scars.
    pub(crate) scar_of: Vec<u32>,
    /// Distance to the nearest scar, mm; 0 inside.
    pub(crate) outside_mm: Grid,
    /// Distance to the scar's edge from inside, mm; 0 outside.
    pub(crate) inside_mm: Grid,
    /// Share of the soft edge's area that lies outside the zone, 0–1.
    pub(crate) feather_cut: f64,
    /// Share of the scars' area that lies outside the zone, 0–1.
    pub(crate) scar_cut: f64,
}

impl Ground {
    /// Where hair could not be read, the ground ends at the scars' edges: what stands around is not known.
    pub(crate) fn new(reading: &Reading, feather_mm: f64) -> Result<Self, Error> {
        let feather_mm = if is_hair_read(reading) { feather_mm } else { 0.0 };
        let on_scalp = |outline: &[PointInPhoto]| -> Vec<(f64, f64)> {
            let map = &reading.photo.scalp_from_photo;
            outline.iter().map(|p| map.apply(*p)).map(|p| (p.x_mm, p.y_mm)).collect()
        };
        let scars: Vec<_> = reading.scars.iter().map(|scar| on_scalp(&scar.outline)).collect();
        let lattice = Lattice::around(&scars, feather_mm)?;
        let mut scar_of = vec![0u32; lattice.cells()];
        for (k, outline) in scars.iter().enumerate() {
            let paint = |cell: &mut u32| *cell = if *cell == 0 { k as u32 + 1 } else { *cell };
            lattice.paint(outline, &mut scar_of, paint);
        }
        let mut zone = vec![reading.zone_outlines.is_empty(); lattice.cells()];
        for outline in &reading.zone_outlines {
            // Holes are outlines too: even–odd.
            lattice.paint(&on_scalp(outline), &mut zone, |cell| *cell = !*cell);
        }
        for (k, cell) in zone.iter_mut().enumerate() {
            *cell = *cell && lattice.is_in_photo(k, reading);
        }
        Ok(Self::measured(&lattice, scar_of, lattice.mask(zone), feather_mm))
    }

    fn measured(lattice: &Lattice, scar_of: Vec<u32>, zone: Mask, feather_mm: f64) -> Self {
        let scar = lattice.mask(scar_of.iter().map(|scar| *scar > 0).collect());
        let rest = lattice.mask(scar_of.iter().map(|scar| *scar == 0).collect());
        let outside_mm = lattice.in_mm(distance_to(&scar));
        let inside_mm = lattice.in_mm(distance_to(&rest));
        let near = |k: usize| scar.samples[k] || f64::from(outside_mm.samples[k]) < feather_mm;
        let cells = 0..lattice.cells();
        let cut = |of: &dyn Fn(usize) -> bool| {
            let (all, cut) = cells
                .clone()
                .filter(|k| of(*k))
                .fold((0usize, 0usize), |(all, cut), k| (all + 1, cut + usize::from(!zone.samples[k])));
            cut as f64 / all.max(1) as f64
        };
        let feather_cut = cut(&|k| near(k) && !scar.samples[k]);
        let scar_cut = cut(&|k| scar.samples[k]);
        let inside = cells.clone().map(|k| zone.samples[k] && near(k)).collect();
        let window = Window::from_cells(lattice.origin, lattice.cell_mm, lattice.columns, inside);
        Self { window, zone, scar_of, outside_mm, inside_mm, feather_cut, scar_cut }
    }

    /// Whether a place lies in a scar.
    pub(crate) fn is_scar(&self, place: PointInScalp) -> bool {
        self.window.cell_at((place.x_mm, place.y_mm)).is_some_and(|k| self.scar_of[k] > 0)
    }

    /// Area that may take dots, mm².
    pub(crate) fn treated_area_mm2(&self) -> f64 {
        self.window.area()
    }

    /// Area of a cell, mm².
    pub(crate) fn cell_area_mm2(&self) -> f64 {
        self.window.cell * self.window.cell
    }

    /// A grid of the ground's size.
    pub(crate) fn grid(&self, sample: impl FnMut(usize) -> f32) -> Grid {
        let Window { columns, rows, .. } = self.window;
        Grid::from_samples(columns, rows, (0..columns * rows).map(sample).collect())
    }
}

/// Whether a density of hair, be it small, was measured around every scar or over the whole zone.
pub(crate) fn is_hair_read(reading: &Reading) -> bool {
    let whole = reading.hair.unit_density_per_cm2;
    reading.scars.iter().all(|scar| scar.hair_density_around_per_cm2.or(whole).is_some())
}

/// Where the cells are.
struct Lattice {
    origin: (f64, f64),
    cell_mm: f64,
    columns: usize,
    rows: usize,
}

impl Lattice {
    /// A lattice over all outlines and a margin.
    fn around(outlines: &[Vec<(f64, f64)>], margin_mm: f64) -> Result<Self, Error> {
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &(x, y) in outlines.iter().flatten() {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        if low.0 > high.0 {
            return Err(Error::Place { what: "a scar's outline" });
        }
        let margin = margin_mm + 2.0 * CELL_MM;
        let (width_mm, height_mm) = (high.0 - low.0 + 2.0 * margin, high.1 - low.1 + 2.0 * margin);
        let area = width_mm * height_mm;
        // Negated so that a product beyond all numbers is refused too.
        if !(area <= AREA_MAX_MM2 && width_mm.max(height_mm) <= 4.0 * AREA_MAX_MM2.sqrt()) {
            return Err(Error::TooLarge { width_mm, height_mm, most_mm2: AREA_MAX_MM2 });
        }
        let cell_mm = CELL_MM.max((area / CELLS_MAX).sqrt());
        Ok(Self {
            origin: (low.0 - margin, low.1 - margin),
            cell_mm,
            columns: (width_mm / cell_mm).ceil() as usize,
            rows: (height_mm / cell_mm).ceil() as usize,
        })
    }

    /// Whether a whole cell lies in the photograph.
    fn is_in_photo(&self, cell: usize, reading: &Reading) -> bool {
        let facts = &reading.photo;
        let (column, row) = ((cell % self.columns) as f64, (cell / self.columns) as f64);
        [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].into_iter().all(|(dx, dy)| {
            let x_mm = self.origin.0 + (column + dx) * self.cell_mm;
            let y_mm = self.origin.1 + (row + dy) * self.cell_mm;
            let seen = facts.scalp_from_photo.photo_from_scalp(PointInScalp::new(x_mm, y_mm));
            (0.0..=facts.width_px as f64).contains(&seen.x_px)
                && (0.0..=facts.height_px as f64).contains(&seen.y_px)
        })
    }

    fn cells(&self) -> usize {
        self.columns * self.rows
    }

    fn mask(&self, samples: Vec<bool>) -> Mask {
        Mask { width: self.columns, height: self.rows, samples }
    }

    fn in_mm(&self, mut distance_px: Grid) -> Grid {
        distance_px.samples.iter_mut().for_each(|d| *d *= self.cell_mm as f32);
        distance_px
    }

    /// Touches every cell whose center an outline encloses; one cell at least for the tiniest outlines.
    ///
    /// Only the outline's own rectangle is looked at: heads have scars by the thousand.
    fn paint<T>(&self, outline: &[(f64, f64)], cells: &mut [T], mut touch: impl FnMut(&mut T)) {
        let in_cells =
            |p: &(f64, f64)| ((p.0 - self.origin.0) / self.cell_mm, (p.1 - self.origin.1) / self.cell_mm);
        let corners: Vec<_> = outline.iter().map(in_cells).collect();
        let range = |values: &dyn Fn(&(f64, f64)) -> f64, n: usize| {
            let low = corners.iter().map(values).fold(f64::MAX, f64::min).floor();
            let high = corners.iter().map(values).fold(f64::MIN, f64::max).ceil();
            ((low.max(0.0) as usize).min(n), (high.max(0.0) as usize).min(n))
        };
        let ((left, right), (top, bottom)) = (range(&|p| p.0, self.columns), range(&|p| p.1, self.rows));
        if left >= right || top >= bottom {
            return;
        }
        let moved: Vec<_> = corners.iter().map(|p| (p.0 - left as f64, p.1 - top as f64)).collect();
        let mask = fill_polygon(&moved, right - left, bottom - top);
        let mut touched = false;
        for (k, _) in mask.samples.iter().enumerate().filter(|(_, inside)| **inside) {
            let (column, row) = (left + k % mask.width, top + k / mask.width);
            touch(&mut cells[row * self.columns + column]);
            touched = true;
        }
        if !touched && mask.samples.len() <= 4 {
            touch(&mut cells[(top + bottom - 1) / 2 * self.columns + (left + right - 1) / 2]);
        }
    }
}
