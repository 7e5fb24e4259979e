//! The cells of the ground, and what is painted on them.

use stipple_model::Reading;
use stipple_quantity::{PointInPhoto, PointInScalp};
use stipple_raster::region::fill_polygon;
use stipple_raster::{Grid, Mask};

use crate::areas::{Areas, Kind, on_scalp};
use crate::error::Error;
use crate::ground::AreaOf;

/// Side of a cell, mm, where the ground is not too large for it.
const CELL_MM: f64 = 0.25;
/// The first cell lies at a multiple of so many cells, so that what is measured coarsely does not change with the margins.
const STEP_CELLS: f64 = 20.0;
/// The same where only the middle of hair is told from its borders, mm.
const COARSE_MM: f64 = 1.0;
/// So much skin beyond what a hairline covers tells whether hair stands there, mm: two standard deviations of the mean that
/// tells bare skin.
const BEYOND_MM: f64 = 6.0;
/// Most cells: a head takes half a millimetre, a third of the distance between two dots.
const CELLS_MAX: f64 = 2.5e5;
/// Largest ground, mm²: half a metre squared.
const AREA_MAX_MM2: f64 = 250_000.0;

/// Gives a cell to an area unless it has one; whether a scar has it.
fn claim(cell: &mut u32, number: u32, scars: usize) -> bool {
    if *cell == 0 {
        *cell = number;
    }
    *cell as usize <= scars
}

/// Where the cells are.
pub(crate) struct Lattice {
    pub(crate) origin: (f64, f64),
    pub(crate) cell_mm: f64,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Lattice {
    /// A lattice over all areas and the margins they need.
    pub(crate) fn around(areas: &Areas, margin_mm: f64) -> Result<Self, Error> {
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        let line = areas.front.as_ref().map(|front| front.line());
        let drawn = areas.thinning.as_deref().into_iter().chain(line);
        let outlines = areas.scars.iter().map(Vec::as_slice).chain(drawn);
        for &(x, y) in outlines.flatten() {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        if low.0 > high.0 {
            return Err(Error::Place { what: "a scar's outline" });
        }
        let front_mm =
            areas.front.as_ref().map_or(0.0, |front| areas.depth_mm.max(front.farthest_mm()) + BEYOND_MM);
        let margin = margin_mm.max(front_mm) + 2.0 * CELL_MM;
        let (width_mm, height_mm) = (high.0 - low.0 + 2.0 * margin, high.1 - low.1 + 2.0 * margin);
        let area = width_mm * height_mm;
        // Negated so that a product beyond all numbers is refused too.
        if !(area <= AREA_MAX_MM2 && width_mm.max(height_mm) <= 4.0 * AREA_MAX_MM2.sqrt()) {
            return Err(Error::TooLarge { width_mm, height_mm, most_mm2: AREA_MAX_MM2 });
        }
        let cell_mm = CELL_MM.max((area / CELLS_MAX).sqrt());
        let step_mm = STEP_CELLS * cell_mm;
        let origin = |low: f64| ((low - margin) / step_mm).floor() * step_mm;
        let origin = (origin(low.0), origin(low.1));
        let (width_mm, height_mm) = (high.0 + margin - origin.0, high.1 + margin - origin.1);
        Ok(Self {
            origin,
            cell_mm,
            columns: (width_mm / cell_mm).ceil() as usize,
            rows: (height_mm / cell_mm).ceil() as usize,
        })
    }

    /// A coarse lattice over the whole photograph; none where its corners lie at no place.
    pub(crate) fn over(reading: &Reading) -> Option<Self> {
        let (width, height) = (reading.photo.width_px as f64, reading.photo.height_px as f64);
        let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
        let corners = on_scalp(reading, &corners.map(|(x, y)| PointInPhoto::new(x, y)));
        let low = corners.iter().fold((f64::MAX, f64::MAX), |low, p| (low.0.min(p.0), low.1.min(p.1)));
        let high = corners.iter().fold((f64::MIN, f64::MIN), |high, p| (high.0.max(p.0), high.1.max(p.1)));
        let area = (high.0 - low.0) * (high.1 - low.1);
        let cell_mm = COARSE_MM.max((area / CELLS_MAX).sqrt());
        let cells = |low: f64, high: f64| ((high - low) / cell_mm).ceil();
        let (columns, rows) = (cells(low.0, high.0), cells(low.1, high.1));
        let fits = columns >= 1.0 && rows >= 1.0 && columns * rows <= 4.0 * CELLS_MAX;
        fits.then_some(Self { origin: low, cell_mm, columns: columns as usize, rows: rows as usize })
    }

    /// Which cells are skin that was read.
    pub(crate) fn zone(&self, reading: &Reading) -> Vec<bool> {
        let mut zone = vec![reading.zone_outlines.is_empty(); self.cells()];
        for outline in &reading.zone_outlines {
            // Holes are outlines too: even–odd.
            self.paint(&on_scalp(reading, outline), &mut zone, |cell| *cell = !*cell);
        }
        zone.iter().enumerate().map(|(k, cell)| *cell && self.is_in_photo(k, reading)).collect()
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

    pub(crate) fn cells(&self) -> usize {
        self.columns * self.rows
    }

    fn center(&self, cell: usize) -> (f64, f64) {
        let (column, row) = (cell % self.columns, cell / self.columns);
        let middle = |from: f64, n: usize| from + (n as f64 + 0.5) * self.cell_mm;
        (middle(self.origin.0, column), middle(self.origin.1, row))
    }

    /// The area of every cell, the first where some overlap; and how far behind the hairline's front it lies, mm.
    pub(crate) fn area_of(&self, areas: &Areas) -> (AreaOf, Vec<f32>) {
        let mut number = vec![0u32; self.cells()];
        let scars = areas.scars.len();
        let mut kinds = vec![Kind::Scar; scars];
        for (outline, new) in areas.scars.iter().zip(1..) {
            self.paint(outline, &mut number, |cell| {
                claim(cell, new, scars);
            });
        }
        let (mut drawn, mut on_scars) = (0usize, 0usize);
        let mut draw = |cell: &mut u32, number: usize| {
            drawn += 1;
            on_scars += usize::from(claim(cell, number as u32, scars));
        };
        let mut behind_mm = vec![f32::INFINITY; self.cells()];
        if let Some(front) = &areas.front {
            kinds.push(Kind::Hairline);
            for (k, (cell, behind_mm)) in number.iter_mut().zip(&mut behind_mm).enumerate() {
                let at = front.across(self.center(k));
                *behind_mm = front.behind_mm(at) as f32;
                if front.covers(at, areas.depth_mm) {
                    draw(cell, kinds.len());
                }
            }
        }
        if let Some(outline) = &areas.thinning {
            kinds.push(Kind::Thinning);
            let mut inside = vec![false; self.cells()];
            self.paint(outline, &mut inside, |cell| *cell = true);
            // Because nothing but a scar is treated in front of a hairline.
            let behind = inside.into_iter().zip(&behind_mm).map(|(inside, mm)| inside && *mm > 0.0);
            let cells = number.iter_mut().zip(behind).filter(|(_, thins)| *thins);
            cells.for_each(|(cell, _)| draw(cell, kinds.len()));
        }
        let drawn_on_scars = on_scars as f64 / drawn.max(1) as f64;
        (AreaOf { number, kinds, drawn_on_scars }, behind_mm)
    }

    pub(crate) fn mask(&self, samples: Vec<bool>) -> Mask {
        Mask { width: self.columns, height: self.rows, samples }
    }

    pub(crate) fn in_mm(&self, mut distance_px: Grid) -> Grid {
        distance_px.samples.iter_mut().for_each(|d| *d *= self.cell_mm as f32);
        distance_px
    }

    /// Touches every cell whose center an outline encloses; one cell at least for the tiniest outlines.
    ///
    /// Only the outline's own rectangle is looked at: heads have scars by the thousand.
    pub(crate) fn paint<T>(&self, outline: &[(f64, f64)], cells: &mut [T], mut touch: impl FnMut(&mut T)) {
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
