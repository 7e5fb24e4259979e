//! The piece of plane that a pattern lives in.

/// A set of square cells of a grid; any shape, with holes if need be.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Corner of the first cell with the smallest coordinates.
    pub origin: (f64, f64),
    /// Side of a cell.
    pub cell: f64,
    /// Cells in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Whether each cell belongs to the window, row by row.
    pub inside: Vec<bool>,
}

impl Window {
    /// A window from its cells, row by row.
    ///
    /// # Panics
    /// If the number of cells is not a multiple of `columns`, or origin or cell are not finite and positive.
    pub fn from_cells(origin: (f64, f64), cell: f64, columns: usize, inside: Vec<bool>) -> Self {
        assert!(origin.0.is_finite() && origin.1.is_finite(), "a window starts at a finite place");
        assert!(cell.is_finite() && cell > 0.0, "a cell has a finite side above zero");
        assert!(columns > 0 && inside.len().is_multiple_of(columns), "a window needs full rows");
        let rows = inside.len() / columns;
        Self { origin, cell, columns, rows, inside }
    }

    /// A rectangle from the origin, rounded up to whole cells.
    pub fn rectangle(width: f64, height: f64, cell: f64) -> Self {
        let (columns, rows) = ((width / cell).ceil() as usize, (height / cell).ceil() as usize);
        Self::from_cells((0.0, 0.0), cell, columns, vec![true; columns * rows])
    }

    /// Its area.
    pub fn area(&self) -> f64 {
        self.inside.iter().filter(|inside| **inside).count() as f64 * self.cell * self.cell
    }

    /// The cell that holds a place, if the place is on the grid.
    pub fn cell_at(&self, (x, y): (f64, f64)) -> Option<usize> {
        let (column, row) = ((x - self.origin.0) / self.cell, (y - self.origin.1) / self.cell);
        let on_grid = column >= 0.0 && row >= 0.0 && column < self.columns as f64 && row < self.rows as f64;
        on_grid.then(|| row as usize * self.columns + column as usize)
    }

    /// The cell that is nearest to a place.
    pub fn nearest_cell(&self, (x, y): (f64, f64)) -> usize {
        let clamp = |v: f64, n: usize| ((v / self.cell).max(0.0) as usize).min(n - 1);
        clamp(y - self.origin.1, self.rows) * self.columns + clamp(x - self.origin.0, self.columns)
    }

    /// Whether a place lies in the window.
    pub fn contains(&self, place: (f64, f64)) -> bool {
        self.cell_at(place).is_some_and(|k| self.inside[k])
    }

    /// The middle of a cell.
    pub fn center_of(&self, k: usize) -> (f64, f64) {
        let (column, row) = (k % self.columns, k / self.columns);
        (self.origin.0 + (column as f64 + 0.5) * self.cell, self.origin.1 + (row as f64 + 0.5) * self.cell)
    }

    /// Whether the whole disk around a place lies in the window, as far as the cells can tell.
    pub fn contains_disk(&self, place: (f64, f64), radius: f64) -> bool {
        let steps = (radius / self.cell).ceil().max(1.0);
        let step = radius / steps;
        let n = steps as i64;
        (-n..=n).all(|j| {
            (-n..=n).all(|i| {
                let (dx, dy) = (i as f64 * step, j as f64 * step);
                dx * dx + dy * dy > radius * radius * (1.0 + 1e-9)
                    || self.contains((place.0 + dx, place.1 + dy))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_places_and_area_agree() {
        let window = Window::from_cells((-1.0, 2.0), 0.5, 3, vec![true, false, true, true, true, false]);
        assert_eq!((window.rows, window.area()), (2, 1.0));
        for k in 0..6 {
            assert_eq!(window.cell_at(window.center_of(k)), Some(k));
        }
        assert!(window.contains((-0.9, 2.1)) && !window.contains((-0.4, 2.1)));
        assert!(!window.contains((f64::NAN, 2.1)) && !window.contains((0.6, 2.1)));
    }

    #[test]
    fn disks_at_the_border_are_not_inside() {
        let square = Window::rectangle(10.0, 10.0, 0.5);
        assert!(square.contains_disk((5.0, 5.0), 4.9));
        assert!(!square.contains_disk((5.0, 1.0), 1.2));
    }
}
