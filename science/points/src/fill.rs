//! New points around points that stand already.

use stipple_quantity::{Seed, Stream};

use crate::curve::hilbert;
use crate::eliminate::{Crowd, REACH, closeness};
use crate::index::CellIndex;
use crate::window::Window;

/// Candidates drawn for every point wanted.
const OVERSAMPLING: usize = 6;
/// Points wanted per tile: counts are right to the point in every tile.
const POINTS_PER_TILE: usize = 8;
/// Draws before a candidate or a point is given up.
const TRIES: usize = 32;
/// Local spacings stay within this factor of the mean, so that neighborhoods stay small.
const SPACING_RANGE: f64 = 4.0;
/// Loosening: standard deviation of a step, its floor of distance, both in local spacings, and how often.
const LOOSEN_STEP: f64 = 0.12;
const LOOSEN_FLOOR: f64 = 0.42;
const LOOSEN_SWEEPS: usize = 1;

/// What to add, where.
#[derive(Clone, Copy, Debug)]
pub struct Fill<'a> {
    /// Where new points may stand.
    pub window: &'a Window,
    /// Points that stand already: they keep others away and never move; they may lie outside the window.
    pub fixed: &'a [(f64, f64)],
    /// Density of the whole pattern, fixed and new, for each cell of the window, per unit of area.
    pub whole_density: &'a [f64],
    /// Density of the new points for each cell of the window; only its shape counts.
    pub new_density: &'a [f64],
    /// How many new points.
    pub count: usize,
    /// Distance that no new point undercuts, to others and to fixed ones.
    pub spacing_min: f64,
}

/// What was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The new points, neighbors near each other in the list.
    pub points: Vec<(f64, f64)>,
    /// How many found no place that keeps the least distance.
    pub unplaced: usize,
}

/// Adds points to a pattern with a stated density, each in the largest gap that its surroundings offer.
///
/// The density is met tile by tile (about eight points each), so no ring or seam forms where old and new
/// points meet. `points.len() + unplaced == count`.
///
/// # Limits
/// Nearest distances vary about as nature's do (coefficient of variation near 0.2), but the pair
/// correlation is that of loosened blue noise, not that of follicles.
///
/// # Panics
/// If the densities do not fit the window, or are negative or not finite.
///
/// # Determinism
/// Depends on request and seed alone; runs on one thread.
///
/// # Cost
/// O(N log N), about 20 µs a point.
///
/// # Source
/// Weighted sample elimination [@Yuksel2015], with fixed points in the weights and quotas by tile.
pub fn fill(request: &Fill, seed: Seed) -> Filled {
    let cells = request.window.inside.len();
    assert_eq!(request.whole_density.len(), cells, "every cell needs its density");
    assert_eq!(request.new_density.len(), cells, "every cell needs its density");
    let all = request.whole_density.iter().chain(request.new_density);
    assert!(all.into_iter().all(|d| d.is_finite() && *d >= 0.0), "densities are finite and not negative");
    let places = Mass::new(request);
    if request.count == 0 || places.total == 0.0 {
        return Filled { points: Vec::new(), unplaced: request.count };
    }
    let fixed = CellIndex::new(request.fixed);
    let chosen = choose(request, &places, &fixed, seed);
    let mut pattern = Pattern::new(request, &fixed);
    for place in chosen {
        pattern.add_if_free(place);
    }
    let mut draw = seed.stream("fill.rest", 0);
    let missing = request.count - pattern.points.len();
    for _ in 0..missing * TRIES {
        if pattern.points.len() < request.count {
            let at = draw.uniform();
            pattern.add_if_free(places.place_at(at, &mut draw));
        }
    }
    pattern.loosen(request, &places, seed);
    Filled { unplaced: request.count - pattern.points.len(), points: pattern.points }
}

/// Draws candidates tile by tile and eliminates them down to each tile's quota.
fn choose(request: &Fill, places: &Mass, fixed: &CellIndex, seed: Seed) -> Vec<(f64, f64)> {
    let tiles = request.count.div_ceil(POINTS_PER_TILE);
    let mut candidates = Vec::with_capacity(request.count * OVERSAMPLING);
    let mut tile_of = Vec::with_capacity(request.count * OVERSAMPLING);
    let mut left: Vec<usize> = Vec::with_capacity(tiles);
    let mut quota = Vec::with_capacity(tiles);
    for tile in 0..tiles {
        let mut draw = seed.stream("fill.candidates", tile as u64);
        quota.push((tile + 1) * request.count / tiles - tile * request.count / tiles);
        let wanted = quota[tile] * OVERSAMPLING;
        let before = candidates.len();
        for k in 0..wanted * TRIES {
            if candidates.len() - before == wanted {
                break;
            }
            // The first round is stratified along the curve, later ones fill up.
            let within =
                if k < wanted { (k as f64 + draw.uniform()) / wanted as f64 } else { draw.uniform() };
            let place = places.place_at((tile as f64 + within) / tiles as f64, &mut draw);
            if is_free(fixed, place, request.spacing_min) {
                candidates.push(place);
                tile_of.push(tile);
            }
        }
        left.push(candidates.len() - before);
    }
    let spacing: Vec<f64> = candidates.iter().map(|place| places.spacing_at(*place)).collect();
    let mut stands = vec![true; candidates.len()];
    let burden = candidates.iter().zip(&spacing).map(|(place, spacing)| burden(fixed, *place, *spacing));
    Crowd::new(&candidates, &spacing, burden.collect()).eliminate(|k| {
        let goes = left[tile_of[k]] > quota[tile_of[k]];
        left[tile_of[k]] -= usize::from(goes);
        stands[k] = !goes;
        goes
    });
    candidates.into_iter().zip(stands).filter(|(_, stands)| *stands).map(|(place, _)| place).collect()
}

/// What fixed points weigh on a place.
fn burden(fixed: &CellIndex, place: (f64, f64), spacing: f64) -> f64 {
    let mut sum = 0.0;
    fixed.for_each_within(place, REACH * spacing, |_, squared| sum += closeness(squared.sqrt(), spacing));
    sum
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
    /// Local spacing of the whole pattern for each cell of the window.
    spacing: Vec<f64>,
}

impl<'a> Mass<'a> {
    fn new(request: &Fill<'a>) -> Self {
        let window = request.window;
        let mut order: Vec<u32> = (0..window.inside.len())
            .filter(|k| window.inside[*k] && request.new_density[*k] > 0.0)
            .map(|k| k as u32)
            .collect();
        let side = window.columns.max(window.rows).next_power_of_two();
        order.sort_by_cached_key(|k| {
            hilbert(side, *k as usize % window.columns, *k as usize / window.columns)
        });
        let mut total = 0.0;
        let cumulated = order
            .iter()
            .map(|k| {
                total += request.new_density[*k as usize];
                total
            })
            .collect();
        let whole: f64 = order.iter().map(|k| request.whole_density[*k as usize]).sum();
        let mean = (order.len() as f64 / whole.max(f64::MIN_POSITIVE)).sqrt();
        let mean = if mean.is_finite() { mean } else { window.area().sqrt() };
        let spacing = request
            .whole_density
            .iter()
            .map(|d| (1.0 / d.sqrt()).clamp(mean / SPACING_RANGE, mean * SPACING_RANGE))
            .collect();
        Self { window, order, cumulated, total, spacing }
    }

    /// A random place in the cell at a share of the mass, 0 to 1.
    fn place_at(&self, share: f64, draw: &mut Stream) -> (f64, f64) {
        let k = self.cumulated.partition_point(|mass| *mass <= share * self.total);
        let (x, y) = self.window.center_of(self.order[k.min(self.order.len() - 1)] as usize);
        let half = self.window.cell / 2.0;
        (x + draw.between(-half, half), y + draw.between(-half, half))
    }

    fn spacing_at(&self, place: (f64, f64)) -> f64 {
        self.window.cell_at(place).map_or(1.0, |k| self.spacing[k])
    }
}

/// New points in the window's cells, so that they can move.
struct Pattern<'a> {
    window: &'a Window,
    fixed: &'a CellIndex,
    spacing_min: f64,
    points: Vec<(f64, f64)>,
    /// The points of each cell.
    cells: Vec<Vec<u32>>,
}

impl<'a> Pattern<'a> {
    fn new(request: &Fill<'a>, fixed: &'a CellIndex) -> Self {
        Self {
            window: request.window,
            fixed,
            spacing_min: request.spacing_min,
            points: Vec::with_capacity(request.count),
            cells: vec![Vec::new(); request.window.inside.len()],
        }
    }

    fn add_if_free(&mut self, place: (f64, f64)) {
        let cell = self.window.cell_at(place).filter(|k| self.window.inside[*k]);
        if let Some(cell) = cell
            && self.is_free(place, self.spacing_min, None)
        {
            self.cells[cell].push(self.points.len() as u32);
            self.points.push(place);
        }
    }

    /// Whether no point but `except` is nearer than `radius`.
    fn is_free(&self, place: (f64, f64), radius: f64, except: Option<u32>) -> bool {
        let Window { origin, cell, columns, rows, .. } = *self.window;
        let clamp = |v: f64, n: usize| ((v / cell).max(0.0) as usize).min(n - 1);
        let (x, y) = (place.0 - origin.0, place.1 - origin.1);
        let (left, right) = (clamp(x - radius, columns), clamp(x + radius, columns));
        let (top, bottom) = (clamp(y - radius, rows), clamp(y + radius, rows));
        let near = (top..=bottom).flat_map(|row| &self.cells[row * columns + left..=row * columns + right]);
        let clear = |k: &u32| {
            let (px, py) = self.points[*k as usize];
            Some(*k) == except || (px - place.0).powi(2) + (py - place.1).powi(2) >= radius * radius
        };
        near.flatten().all(clear) && is_free(self.fixed, place, radius)
    }

    /// Small steps at random that follow the density and keep points apart.
    fn loosen(&mut self, request: &Fill, places: &Mass, seed: Seed) {
        for sweep in 0..LOOSEN_SWEEPS {
            let mut draw = seed.stream("fill.loosen", sweep as u64);
            for k in 0..self.points.len() {
                let from = self.points[k];
                let spacing = places.spacing_at(from);
                let step = LOOSEN_STEP * spacing;
                let to = (from.0 + step * draw.normal(), from.1 + step * draw.normal());
                let chance = draw.uniform();
                let (Some(old), Some(new)) = (self.window.cell_at(from), self.window.cell_at(to)) else {
                    continue;
                };
                let follows = chance * request.new_density[old] < request.new_density[new];
                let floor = self.spacing_min.max(LOOSEN_FLOOR * spacing);
                if self.window.inside[new] && follows && self.is_free(to, floor, Some(k as u32)) {
                    self.cells[old].retain(|other| *other != k as u32);
                    self.cells[new].push(k as u32);
                    self.points[k] = to;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
