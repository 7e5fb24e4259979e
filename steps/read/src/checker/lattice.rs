//! Patches that stand in rows and columns.

use std::collections::{HashMap, HashSet, VecDeque};

use stipple_points::CellIndex;

use super::flat::{Flat, Point};
use crate::card::plane::Plane;

/// A place in a lattice: steps along it and across.
pub(super) type Cell = [i32; 2];

/// Distance of neighbors over the side of the even part of a patch, as blur leaves it.
const STEP_SIDES: std::ops::Range<f64> = 1.02..2.4;
/// Area of neighbors over one another.
const ALIKE: std::ops::Range<f64> = 0.35..2.9;
/// How far a neighbor may be from where it is expected, and a patch from the plane of the others, steps.
const OFF_EXPECTED: f64 = 0.25;
const OFF_PLANE: f64 = 0.12;
/// Fewest patches that show a checker, and farthest from the first, steps.
pub(super) const PATCHES_MIN: usize = 8;
const REACH: i32 = 6;
/// Cosine between rows and columns, and length of a step over that of the other, as a patch's own sides see them.
const SKEW_MAX: f64 = 0.35;
const UNEQUAL: std::ops::Range<f64> = 0.7..1.43;
/// Lattices that are looked at further.
const KEPT: usize = 6;

/// Patches on one plane, in rows and columns.
pub(super) struct Lattice {
    /// Where patches were seen, ascending.
    pub(super) cells: Vec<Cell>,
    /// From cells (middles at whole numbers) to the picture that was searched.
    pub(super) plane: Plane,
}

/// Lattices of at least [`PATCHES_MIN`] patches, the largest first.
pub(super) fn find(flats: &[Flat]) -> Vec<Lattice> {
    let places: Vec<(f64, f64)> = flats.iter().map(|flat| (flat.middle[0], flat.middle[1])).collect();
    if flats.len() < PATCHES_MIN {
        return Vec::new();
    }
    let index = CellIndex::new(&places);
    let mut taken: HashSet<usize> = HashSet::new();
    let mut found = Vec::new();
    for seed in 0..flats.len() {
        if taken.contains(&seed) {
            continue;
        }
        let mut steps = Vec::new();
        index.for_each_within(places[seed], STEP_SIDES.end * 2.0 * flats[seed].side_px, |other, _| {
            let step = minus(flats[other].middle, flats[seed].middle);
            let [x, y] = flats[seed].in_sides(step);
            if alike(&flats[seed], &flats[other]) && STEP_SIDES.contains(&x.hypot(y)) {
                steps.push(step);
            }
        });
        let grown = steps.into_iter().map(|step| grown(flats, &index, seed, step));
        let best = grown.max_by_key(HashMap::len).unwrap_or_default();
        if best.len() >= PATCHES_MIN {
            taken.extend(best.values());
            found.extend(lattice(flats, &best).map(|lattice| (lattice, best)));
        }
    }
    found.retain(|(lattice, members)| is_square_on(lattice, flats, members));
    let mut found: Vec<Lattice> = found.into_iter().map(|(lattice, _)| lattice).collect();
    found.sort_by_key(|lattice| std::cmp::Reverse(lattice.cells.len()));
    found.truncate(KEPT);
    found
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

fn alike(a: &Flat, b: &Flat) -> bool {
    ALIKE.contains(&(b.side_px / a.side_px).powi(2))
}

/// Patches reached from a first one by steps that follow the lattice as it changes.
fn grown(flats: &[Flat], index: &CellIndex, seed: usize, step: Point) -> HashMap<Cell, usize> {
    let mut cells = HashMap::from([([0, 0], seed)]);
    let mut used = HashSet::from([seed]);
    let mut queue = VecDeque::from([([0, 0], seed, [step, flats[seed].quarter_turned(step)])]);
    while let Some((cell, from, basis)) = queue.pop_front() {
        for (axis, sign) in [(0, 1), (0, -1), (1, 1), (1, -1)] {
            let mut next: Cell = cell;
            next[axis] += sign;
            if next[axis].abs() > REACH || cells.contains_key(&next) {
                continue;
            }
            let sign = f64::from(sign);
            let [x, y] = [0, 1].map(|k| flats[from].middle[k] + sign * basis[axis][k]);
            let Some((to, away)) = index.nearest((x, y), None) else { continue };
            let shortest = basis[0][0].hypot(basis[0][1]).min(basis[1][0].hypot(basis[1][1]));
            if away > OFF_EXPECTED * shortest || used.contains(&to) || !alike(&flats[from], &flats[to]) {
                continue;
            }
            let went = minus(flats[to].middle, flats[from].middle);
            let mut basis = basis;
            basis[axis] = [0, 1].map(|k| (basis[axis][k] + sign * went[k]) / 2.0);
            cells.insert(next, to);
            used.insert(to);
            queue.push_back((next, to, basis));
        }
    }
    cells
}

/// Whether rows and columns run along the sides of most patches: steps to diagonal neighbors do not.
fn is_square_on(lattice: &Lattice, flats: &[Flat], members: &HashMap<Cell, usize>) -> bool {
    let along = |cell: &Cell| {
        let at =
            |dx: f64, dy: f64| lattice.plane.photo_at([f64::from(cell[0]) + dx, f64::from(cell[1]) + dy]);
        let step = |dx: f64, dy: f64| {
            let (from, to) = (at(-dx, -dy), at(dx, dy));
            flats[members[cell]].in_sides([to.x_px - from.x_px, to.y_px - from.y_px])
        };
        let (u, v) = (step(0.5, 0.0), step(0.0, 0.5));
        let (long, across) = (u[0].hypot(u[1]), v[0].hypot(v[1]));
        let cosine = (u[0] * v[0] + u[1] * v[1]) / (long * across);
        cosine.abs() < SKEW_MAX && UNEQUAL.contains(&(long / across))
    };
    2 * lattice.cells.iter().filter(|cell| along(cell)).count() > lattice.cells.len()
}

/// The plane through most of the patches; those off it are dropped.
fn lattice(flats: &[Flat], cells: &HashMap<Cell, usize>) -> Option<Lattice> {
    let mut placed: Vec<(Cell, Point)> = cells.iter().map(|(cell, k)| (*cell, flats[*k].middle)).collect();
    placed.sort_unstable_by_key(|(cell, _)| *cell);
    loop {
        let (on, seen): (Vec<Point>, Vec<Point>) =
            placed.iter().map(|(cell, place)| (cell.map(f64::from), *place)).unzip();
        let plane = Plane::of_corners(&on, &seen)?;
        let off = |(cell, place): &(Cell, Point)| {
            let [x, y] = cell.map(f64::from);
            let (here, next) = (plane.photo_at([x, y]), plane.photo_at([x + 1.0, y]));
            let step = (next.x_px - here.x_px).hypot(next.y_px - here.y_px);
            (place[0] - here.x_px).hypot(place[1] - here.y_px) / step
        };
        let worst = (0..placed.len()).max_by(|a, b| off(&placed[*a]).total_cmp(&off(&placed[*b])))?;
        if off(&placed[worst]) < OFF_PLANE {
            return Some(Lattice { cells: placed.iter().map(|(cell, _)| *cell).collect(), plane });
        }
        placed.remove(worst);
        if placed.len() < PATCHES_MIN {
            return None;
        }
    }
}
