//! Where follicular units stand.

use stipple_quantity::{Seed, Stream};

/// A follicular unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unit {
    /// Its middle, mm from the picture's top left; may lie a little outside the picture.
    pub(crate) at: (f64, f64),
    /// How many hairs grow from it, 1 to 5.
    pub(crate) hairs: usize,
}

/// How far beyond the picture units are placed, mm, so that hairs lean in over the border.
const MARGIN_MM: f64 = 3.0;
/// Mean and spread of the room a unit keeps, in mean spacings s = 1/√(units per area).
const ROOM: (f64, f64) = (0.81, 0.18);
/// Standard deviation of the shift each unit gets at the end, in mean spacings.
const JITTER: f64 = 0.105;
/// Places tried before a unit contents itself with less room, and how much less.
const TRIES: usize = 18;
const LESS_ROOM: f64 = 0.93;
/// Share of units with at most 1, 2, 3, 4 hairs [@Bsrl]; the rest has 5.
const HAIRS_AT_MOST: [f64; 4] = [0.345, 0.776, 0.953, 0.990];

/// Scatters units of a given number per area over the zone and a margin around it.
///
/// Random sequential adsorption with a random room for each unit, then a small shift: the nearest neighbor
/// stands at 0.78 s on average with a coefficient of variation of 0.21, as on real scalps. It is not the
/// family of processes `plan` fits, so that closing the loop proves something.
///
/// # Determinism
/// One stream, in order.
pub(crate) fn scatter(seed: Seed, width_mm: f64, height_mm: f64, units_per_cm2: f64) -> Vec<Unit> {
    let mut draw = seed.stream("synth.units", 0);
    let spacing_mm = 10.0 / units_per_cm2.sqrt();
    let (columns, rows) =
        ((width_mm + 2.0 * MARGIN_MM) / spacing_mm, (height_mm + 2.0 * MARGIN_MM) / spacing_mm);
    let mut placed = Placed::new(columns, rows);
    for _ in 0..(columns * rows).round() as usize {
        placed.add_one(&mut draw);
    }
    let mut order: Vec<usize> = (0..placed.units.len()).collect();
    // Large units keep more room, but only on the whole.
    let rank: Vec<f64> = placed.units.iter().map(|unit| unit.room + ROOM.1 * 1.7 * draw.normal()).collect();
    order.sort_by(|a, b| rank[*a].total_cmp(&rank[*b]));
    let mut hairs = vec![1; order.len()];
    for (place, unit) in order.iter().enumerate() {
        let share = (place as f64 + 0.5) / order.len() as f64;
        hairs[*unit] = 1 + HAIRS_AT_MOST.iter().filter(|limit| share > **limit).count();
    }
    let mut shift = |v: f64| (v + JITTER * draw.normal()) * spacing_mm - MARGIN_MM;
    placed
        .units
        .iter()
        .zip(hairs)
        .map(|(unit, hairs)| Unit { at: (shift(unit.x), shift(unit.y)), hairs })
        .collect()
}

/// A unit in the making; lengths in mean spacings.
struct Sketch {
    x: f64,
    y: f64,
    room: f64,
}

/// The units placed so far, sorted into cells of one mean spacing.
struct Placed {
    columns: f64,
    rows: f64,
    cells_across: usize,
    cells: Vec<Vec<usize>>,
    units: Vec<Sketch>,
}

impl Placed {
    fn new(columns: f64, rows: f64) -> Self {
        let (across, down) = (columns.ceil() as usize, rows.ceil() as usize);
        Self {
            columns,
            rows,
            cells_across: across,
            cells: vec![Vec::new(); across * down],
            units: Vec::new(),
        }
    }

    fn add_one(&mut self, draw: &mut Stream) {
        let mut room = (ROOM.0 + ROOM.1 * draw.normal()).clamp(0.3, 1.15);
        loop {
            for _ in 0..TRIES {
                let (x, y) = (draw.uniform() * self.columns, draw.uniform() * self.rows);
                if self.is_free(x, y, room) {
                    let cell = y as usize * self.cells_across + x as usize;
                    self.cells[cell].push(self.units.len());
                    self.units.push(Sketch { x, y, room });
                    return;
                }
            }
            room *= LESS_ROOM;
        }
    }

    fn is_free(&self, x: f64, y: f64, room: f64) -> bool {
        // Rooms are at most 1.15, and two rooms keep their mean: two cells away is always free.
        let cells_down = self.cells.len() / self.cells_across;
        let around = |v: f64, n: usize| (v as usize).saturating_sub(2)..=(v as usize + 2).min(n - 1);
        around(y, cells_down).all(|row| {
            around(x, self.cells_across).all(|column| {
                self.cells[row * self.cells_across + column].iter().all(|k| {
                    let other = &self.units[*k];
                    let keep = (room + other.room) / 2.0;
                    (other.x - x).powi(2) + (other.y - y).powi(2) >= keep * keep
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_points::CellIndex;

    #[test]
    fn units_are_spread_as_on_real_scalps() {
        let units = scatter(Seed(4), 60.0, 50.0, 80.0);
        let places: Vec<_> = units.iter().map(|unit| unit.at).collect();
        let inside = |p: &(f64, f64)| p.0 >= 0.0 && p.0 < 60.0 && p.1 >= 0.0 && p.1 < 50.0;
        let count = places.iter().filter(|p| inside(p)).count() as f64;
        assert!((count / 30.0 / 80.0 - 1.0).abs() < 0.02, "{count} units in 30 cm²");

        let index = CellIndex::new(&places);
        let nearest: Vec<f64> = (0..places.len())
            .filter(|k| inside(&places[*k]))
            .filter_map(|k| index.nearest(places[k], Some(k)).map(|(_, d)| d * 80f64.sqrt() / 10.0))
            .collect();
        let mean = nearest.iter().sum::<f64>() / count;
        let variance = nearest.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / count;
        let variation = variance.sqrt() / mean;
        assert!((0.74..0.82).contains(&mean), "nearest neighbor at {mean} s");
        assert!((0.17..0.25).contains(&variation), "coefficient of variation {variation}");
        let hairs = units.iter().map(|unit| unit.hairs).sum::<usize>() as f64 / units.len() as f64;
        assert!((hairs - 1.94).abs() < 0.03, "{hairs} hairs a unit");
    }
}
