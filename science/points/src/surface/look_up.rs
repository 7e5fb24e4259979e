//! Which triangle of a flat patch a place lies in.

use crate::surface::patch::Patch;

/// Triangles of a plane sorted into square cells.
pub(crate) struct LookUp {
    origin: (f64, f64),
    cell: f64,
    columns: usize,
    rows: usize,
    first: Vec<u32>,
    triangles: Vec<u32>,
}

impl LookUp {
    /// Sorts the triangles, those of holes too: about two to a cell, or larger cells where many are long and thin.
    pub(crate) fn new(patch: &Patch, flat: &[(f64, f64)]) -> Self {
        /// Cells that a triangle may be in, on average.
        const CELLS_A_TRIANGLE: usize = 32;
        let mut columns = ((patch.triangles.len() as f64 / 2.0).sqrt().ceil() as usize).max(1);
        let corners = |t: usize| patch.triangles[t].map(|k| flat[k as usize]);
        let all = 0..patch.triangles.len();
        let mut made = Self::empty(flat, columns);
        while columns > 1
            && all.clone().map(|t| made.cells_of(corners(t)).count()).sum::<usize>()
                > CELLS_A_TRIANGLE * all.len()
        {
            columns /= 2;
            made = Self::empty(flat, columns);
        }
        let cells = |t: usize| made.cells_of(corners(t)).map(move |cell| (cell as u32, t as u32));
        let mut sorted: Vec<(u32, u32)> = all.flat_map(cells).collect();
        sorted.sort_unstable();
        sorted.iter().for_each(|(cell, _)| made.first[*cell as usize + 1] += 1);
        (0..columns * columns).for_each(|cell| made.first[cell + 1] += made.first[cell]);
        made.triangles = sorted.into_iter().map(|(_, t)| t).collect();
        made
    }

    fn empty(flat: &[(f64, f64)], columns: usize) -> Self {
        let reach = flat.iter().map(|p| p.0.abs().max(p.1.abs())).fold(0.0, f64::max);
        Self {
            origin: (-reach, -reach),
            cell: 2.0 * reach / columns as f64,
            columns,
            rows: columns,
            first: vec![0; columns * columns + 1],
            triangles: Vec::new(),
        }
    }

    /// The triangle at a place, and the weights of its corners.
    pub(crate) fn at(
        &self,
        patch: &Patch,
        flat: &[(f64, f64)],
        place: (f64, f64),
    ) -> Option<(usize, [f64; 3])> {
        /// Because a place on an edge may round to beside both triangles.
        const OUTSIDE: f64 = -1e-9;
        let (column, row) = self.column_row(place);
        let cell = row * self.columns + column;
        let near = &self.triangles[self.first[cell] as usize..self.first[cell + 1] as usize];
        near.iter().find_map(|t| {
            let weights = weights(patch.triangles[*t as usize].map(|k| flat[k as usize]), place)?;
            weights.iter().all(|w| *w >= OUTSIDE).then_some((*t as usize, weights))
        })
    }

    fn cells_of(&self, [a, b, c]: [(f64, f64); 3]) -> impl Iterator<Item = usize> {
        let low = self.column_row((a.0.min(b.0).min(c.0), a.1.min(b.1).min(c.1)));
        let high = self.column_row((a.0.max(b.0).max(c.0), a.1.max(b.1).max(c.1)));
        let columns = self.columns;
        (low.1..=high.1).flat_map(move |row| (low.0..=high.0).map(move |column| row * columns + column))
    }

    fn column_row(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let clamp = |v: f64, n: usize| ((v / self.cell).max(0.0) as usize).min(n - 1);
        (clamp(x - self.origin.0, self.columns), clamp(y - self.origin.1, self.rows))
    }
}

/// A place as a mean of three corners, if they stand counterclockwise.
fn weights([a, b, c]: [(f64, f64); 3], (x, y): (f64, f64)) -> Option<[f64; 3]> {
    let doubled = |p: (f64, f64), q: (f64, f64)| (p.0 - x) * (q.1 - y) - (p.1 - y) * (q.0 - x);
    let parts = [doubled(b, c), doubled(c, a), doubled(a, b)];
    let whole: f64 = parts.iter().sum();
    (whole > 0.0).then(|| parts.map(|part| part / whole))
}
