//! Finding neighbors.

/// Places sorted into square cells, so that neighbors are found in constant time.
pub struct CellIndex {
    cell: f64,
    origin: (f64, f64),
    columns: usize,
    rows: usize,
    /// Where the points of each cell begin in `order`; one more entry than cells.
    first: Vec<u32>,
    order: Vec<u32>,
    points: Vec<(f64, f64)>,
}

impl CellIndex {
    /// Sorts places into cells of about one point each.
    ///
    /// # Panics
    /// If a place is not finite.
    ///
    /// # Cost
    /// O(points), 24 bytes a point.
    pub fn new(points: &[(f64, f64)]) -> Self {
        assert!(points.iter().all(|p| p.0.is_finite() && p.1.is_finite()), "places must be finite");
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for &(x, y) in points {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        if points.is_empty() {
            (low, high) = ((0.0, 0.0), (1.0, 1.0));
        }
        let (width, height) = ((high.0 - low.0).max(1e-9), (high.1 - low.1).max(1e-9));
        let n = points.len().max(1) as f64;
        // Never more than about two cells a point, however thin the pattern is.
        let cell = (width * height / n).sqrt().max(width.max(height) / (2.0 * n)).max(1e-9);
        let columns = (width / cell) as usize + 1;
        let rows = (height / cell) as usize + 1;
        let mut index = Self {
            cell,
            origin: low,
            columns,
            rows,
            first: vec![0; columns * rows + 1],
            order: vec![0; points.len()],
            points: points.to_vec(),
        };
        index.sort();
        index
    }

    fn sort(&mut self) {
        let cells: Vec<usize> = self.points.iter().map(|p| self.cell_of(*p)).collect();
        cells.iter().for_each(|c| self.first[c + 1] += 1);
        for c in 0..self.columns * self.rows {
            self.first[c + 1] += self.first[c];
        }
        let mut next = self.first.clone();
        for (k, c) in cells.into_iter().enumerate() {
            self.order[next[c] as usize] = k as u32;
            next[c] += 1;
        }
    }

    fn column_row(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let clamp = |v: f64, n: usize| ((v / self.cell).max(0.0) as usize).min(n - 1);
        (clamp(x - self.origin.0, self.columns), clamp(y - self.origin.1, self.rows))
    }

    fn cell_of(&self, place: (f64, f64)) -> usize {
        let (column, row) = self.column_row(place);
        row * self.columns + column
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Calls `visit(index, squared distance)` for every place within a radius, in no promised order.
    pub fn for_each_within(&self, place: (f64, f64), radius: f64, mut visit: impl FnMut(usize, f64)) {
        if self.points.is_empty() {
            return;
        }
        let low = self.column_row((place.0 - radius, place.1 - radius));
        let high = self.column_row((place.0 + radius, place.1 + radius));
        for row in low.1..=high.1 {
            let cells = row * self.columns + low.0..row * self.columns + high.0 + 1;
            for &k in &self.order[self.first[cells.start] as usize..self.first[cells.end] as usize] {
                let (x, y) = self.points[k as usize];
                let squared = (x - place.0).powi(2) + (y - place.1).powi(2);
                if squared <= radius * radius {
                    visit(k as usize, squared);
                }
            }
        }
    }

    /// The nearest place other than `except`, with its distance.
    pub fn nearest(&self, place: (f64, f64), except: Option<usize>) -> Option<(usize, f64)> {
        if self.points.is_empty() {
            return None;
        }
        let reach = (self.columns.max(self.rows) + 1) as f64 * self.cell;
        let outside = (self.origin.0 - place.0).abs().max((self.origin.1 - place.1).abs());
        let mut radius = self.cell;
        loop {
            let mut best: Option<(usize, f64)> = None;
            self.for_each_within(place, radius, |k, squared| {
                let closer = best.is_none_or(|(other, d)| (squared, k) < (d, other));
                if Some(k) != except && closer {
                    best = Some((k, squared));
                }
            });
            if let Some((k, squared)) = best {
                return Some((k, squared.sqrt()));
            }
            if radius > 2.0 * (reach + outside) {
                return None;
            }
            radius *= 2.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_quantity::Seed;

    #[test]
    fn agrees_with_brute_force() {
        let mut draw = Seed(1).stream("test", 0);
        let points: Vec<_> = (0..300).map(|_| (draw.between(-3.0, 9.0), draw.between(2.0, 4.0))).collect();
        let index = CellIndex::new(&points);
        for place in [(0.0, 3.0), (100.0, -50.0), (9.0, 4.0), points[17]] {
            let slow = points.iter().map(|p| (p.0 - place.0).hypot(p.1 - place.1)).fold(f64::MAX, f64::min);
            let (_, fast) = index.nearest(place, None).expect("there are points");
            assert!((fast - slow).abs() < 1e-9);
            let mut within = 0;
            index.for_each_within(place, 1.5, |_, _| within += 1);
            let count = points.iter().filter(|p| (p.0 - place.0).hypot(p.1 - place.1) <= 1.5).count();
            assert_eq!(within, count);
        }
        assert!(index.nearest(points[17], Some(17)).expect("others").1 > 0.0);
    }

    #[test]
    fn few_and_none() {
        assert!(CellIndex::new(&[]).nearest((0.0, 0.0), None).is_none());
        assert!(CellIndex::new(&[(1.0, 1.0)]).nearest((0.0, 0.0), Some(0)).is_none());
    }
}
