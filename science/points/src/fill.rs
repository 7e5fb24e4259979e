//! New points around points that stand already.

mod obstacles;

use rayon::prelude::*;
use stipple_quantity::{Seed, Stream};

use crate::curve::hilbert;
pub(crate) use crate::fill::obstacles::Obstacles;
use crate::gibbs::{Relaxation, relax};
use crate::ground::{Ground, Metric};
use crate::index::CellIndex;
use crate::potential::Potential;
use crate::window::Window;

/// Draws before a point is given up.
const TRIES: usize = 32;
/// Local spacings stay within this factor of the mean, so that neighborhoods stay small.
pub(crate) const SPACING_RANGE: f64 = 4.0;
/// Rounds of moves: thirty moves are tried for every point.
const ROUNDS: usize = 10;

/// What to add, where.
#[derive(Clone, Copy, Debug)]
pub struct Fill<'a> {
    /// Where new points may stand.
    pub window: &'a Window,
    /// Points that stand already: they keep others away and never move; they may lie outside the window.
    pub fixed: &'a [(f64, f64)],
    /// Places that no new point comes nearer to than the least distance, such as single hairs of a unit; they have no other
    /// say.
    pub obstacles: &'a [(f64, f64)],
    /// Local spacing of the whole pattern, fixed and new, for each cell of the window.
    pub metric: &'a [Metric],
    /// Density of the new points for each cell of the window; only its shape counts.
    pub new_density: &'a [f64],
    /// The zone of each cell: every zone gets its share of the points to within one, and none leaves it but those that
    /// find no place there that keeps the least distance.
    pub zone: &'a [u32],
    /// How many new points.
    pub count: usize,
    /// Distance that no new point undercuts, to others, to fixed ones and to obstacles.
    pub spacing_min: f64,
    /// How points keep apart.
    pub potential: &'a Potential,
}

/// What was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The new points, neighbors near each other in the list.
    pub points: Vec<(f64, f64)>,
    /// How many found no place that keeps the least distance.
    pub unplaced: usize,
}

/// Adds points to a pattern, standing to each other and to the fixed ones as the potential wants.
///
/// They start with the stated density along a curve that visits every place, and then move by chance; where fixed points
/// stand, the density of the new ones has to be what is missing, else a ring or a seam forms.
/// `points.len() + unplaced == count`.
///
/// # Panics
/// If metric, density and zones do not fit the window, or densities are negative or not finite.
///
/// # Determinism
/// Depends on the request and the seed alone, not on the number of threads.
///
/// # Cost
/// O(points), about 6 µs a point on two cores (docs/performance.md).
///
/// # Source
/// A Gibbs process in local spacings, its number of points kept [@Illian2008].
pub fn fill(request: &Fill, seed: Seed) -> Filled {
    let cells = request.window.inside.len();
    assert_eq!(request.metric.len(), cells, "every cell needs its metric");
    assert_eq!(request.new_density.len(), cells, "every cell needs its density");
    assert_eq!(request.zone.len(), cells, "every cell needs its zone");
    assert!(
        request.new_density.iter().all(|d| d.is_finite() && *d >= 0.0),
        "densities are finite, not negative"
    );
    let places = Mass::new(request);
    if request.count == 0 || places.total == 0.0 {
        return Filled { points: Vec::new(), unplaced: request.count };
    }
    let metric = within_range(request.metric, &places.order);
    let mut draw = seed.stream("points.start", 0);
    let Fill { window, new_density, zone, fixed, spacing_min, potential, count, .. } = *request;
    let obstacles = Obstacles::new(request.obstacles, spacing_min, window);
    // Because one distance apart along the curve gives every zone and every tile its share.
    let mut points: Vec<_> = (0..count).map(|k| places.start(k, count, &obstacles, &mut draw)).collect();
    let ground =
        Ground { window, metric: &metric, new_density, zone, fixed, obstacles: &obstacles, spacing_min };
    relax(&mut points, &ground, &potential.energy(), Relaxation { rounds: ROUNDS, seed });
    kept_apart(points, request, &obstacles, &places, &mut draw)
}

/// Points that undercut the least distance are put elsewhere, or left out.
fn kept_apart(
    points: Vec<(f64, f64)>,
    request: &Fill,
    obstacles: &Obstacles,
    places: &Mass,
    draw: &mut Stream,
) -> Filled {
    let fixed = CellIndex::new(request.fixed);
    let mut pattern = Pattern::new(request, &fixed, obstacles);
    points.into_iter().for_each(|place| pattern.add_if_free(place));
    let missing = request.count - pattern.points.len();
    for _ in 0..missing * TRIES {
        if pattern.points.len() < request.count {
            let at = draw.uniform();
            pattern.add_if_free(places.place_at(at, draw));
        }
    }
    Filled { unplaced: request.count - pattern.points.len(), points: pattern.points }
}

/// Metrics with densities within a range of their mean over some cells.
fn within_range(metric: &[Metric], cells: &[u32]) -> Vec<Metric> {
    let sum: f64 = cells.iter().map(|k| metric[*k as usize].density()).sum();
    let mean = if sum > 0.0 { sum / cells.len() as f64 } else { 1.0 };
    let limits = SPACING_RANGE * SPACING_RANGE;
    metric.iter().map(|metric| metric.clamped(mean / limits, mean * limits)).collect()
}

fn is_free(index: &CellIndex, place: (f64, f64), radius: f64) -> bool {
    let mut free = true;
    index.for_each_within(place, radius, |_, squared| free &= squared >= radius * radius);
    free
}

/// The density of new points as a mass along a curve that visits neighboring cells one after the other.
struct Mass<'a> {
    window: &'a Window,
    /// Cells with mass, along the curve.
    order: Vec<u32>,
    /// Mass up to and including each of them.
    cumulated: Vec<f64>,
    total: f64,
}

impl<'a> Mass<'a> {
    fn new(request: &Fill<'a>) -> Self {
        let window = request.window;
        let side = window.columns.max(window.rows).next_power_of_two();
        let holds = |k: &usize| window.inside[*k] && request.new_density[*k] > 0.0;
        let place =
            |k: usize| (request.zone[k], hilbert(side, k % window.columns, k / window.columns), k as u32);
        let mut along: Vec<_> = (0..window.inside.len()).into_par_iter().filter(holds).map(place).collect();
        along.par_sort_unstable();
        let order: Vec<u32> = along.into_iter().map(|(.., k)| k).collect();
        let mut total = 0.0;
        let cumulated = order
            .iter()
            .map(|k| {
                total += request.new_density[*k as usize];
                total
            })
            .collect();
        Self { window, order, cumulated, total }
    }

    /// Where one of so many points starts: in the middle of its share, or elsewhere in that share if an obstacle is there.
    fn start(&self, k: usize, count: usize, obstacles: &Obstacles, draw: &mut Stream) -> (f64, f64) {
        let mut place = self.place_at((k as f64 + 0.5) / count as f64, draw);
        for _ in 0..TRIES {
            if self.window.cell_at(place).is_some_and(|cell| obstacles.clear(cell, place)) {
                break;
            }
            place = self.place_at((k as f64 + draw.uniform()) / count as f64, draw);
        }
        place
    }

    /// A random place in the cell at a share of the mass, 0 to 1.
    fn place_at(&self, share: f64, draw: &mut Stream) -> (f64, f64) {
        let k = self.cumulated.partition_point(|mass| *mass <= share * self.total);
        let (x, y) = self.window.center_of(self.order[k.min(self.order.len() - 1)] as usize);
        let half = self.window.cell / 2.0;
        (x + draw.between(-half, half), y + draw.between(-half, half))
    }
}

/// New points in the window's cells, so that they can move.
struct Pattern<'a> {
    window: &'a Window,
    fixed: &'a CellIndex,
    obstacles: &'a Obstacles,
    spacing_min: f64,
    points: Vec<(f64, f64)>,
    /// The points of each cell.
    cells: Vec<Vec<u32>>,
}

impl<'a> Pattern<'a> {
    fn new(request: &Fill<'a>, fixed: &'a CellIndex, obstacles: &'a Obstacles) -> Self {
        Self {
            window: request.window,
            fixed,
            obstacles,
            spacing_min: request.spacing_min,
            points: Vec::with_capacity(request.count),
            cells: vec![Vec::new(); request.window.inside.len()],
        }
    }

    fn add_if_free(&mut self, place: (f64, f64)) {
        let cell = self.window.cell_at(place).filter(|k| self.window.inside[*k]);
        if let Some(cell) = cell
            && self.obstacles.clear(cell, place)
            && self.is_free(place, self.spacing_min)
        {
            self.cells[cell].push(self.points.len() as u32);
            self.points.push(place);
        }
    }

    /// Whether no point is nearer than `radius`.
    fn is_free(&self, place: (f64, f64), radius: f64) -> bool {
        let Window { origin, cell, columns, rows, .. } = *self.window;
        let clamp = |v: f64, n: usize| ((v / cell).max(0.0) as usize).min(n - 1);
        let (x, y) = (place.0 - origin.0, place.1 - origin.1);
        let (left, right) = (clamp(x - radius, columns), clamp(x + radius, columns));
        let (top, bottom) = (clamp(y - radius, rows), clamp(y + radius, rows));
        let near = (top..=bottom).flat_map(|row| &self.cells[row * columns + left..=row * columns + right]);
        let clear = |k: &u32| {
            let (px, py) = self.points[*k as usize];
            (px - place.0).powi(2) + (py - place.1).powi(2) >= radius * radius
        };
        near.flatten().all(clear) && is_free(self.fixed, place, radius)
    }
}

#[cfg(test)]
mod tests;
