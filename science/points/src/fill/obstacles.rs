//! Places to keep off.

use crate::index::CellIndex;
use crate::window::Window;

/// Places that nothing new comes too near to, found at once.
pub(crate) struct Obstacles {
    index: CellIndex,
    apart: f64,
    /// How far each cell of the window is clear of them; empty without obstacles.
    room: Vec<Room>,
}

/// Where in a cell new points may stand.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Room {
    Everywhere,
    /// In some places, which have to be looked up.
    Somewhere,
    Nowhere,
}

impl Obstacles {
    /// Nothing comes nearer than `apart` to these.
    pub(crate) fn new(obstacles: &[(f64, f64)], apart: f64, window: &Window) -> Self {
        let mut room = Vec::new();
        if !obstacles.is_empty() {
            room = vec![Room::Everywhere; window.inside.len()];
            obstacles.iter().for_each(|at| take_room(&mut room, *at, apart, window));
        }
        Self { index: CellIndex::new(obstacles), apart, room }
    }

    /// Whether a place in a cell is far enough from all.
    pub(crate) fn clear(&self, cell: usize, place: (f64, f64)) -> bool {
        match self.room.get(cell) {
            None | Some(Room::Everywhere) => true,
            Some(Room::Nowhere) => false,
            Some(Room::Somewhere) => {
                let (mut clear, least) = (true, self.apart * self.apart);
                self.index.for_each_within(place, self.apart, |_, squared| clear &= squared >= least);
                clear
            }
        }
    }
}

/// Marks the cells around an obstacle.
fn take_room(room: &mut [Room], (x, y): (f64, f64), apart: f64, window: &Window) {
    let half = window.cell * std::f64::consts::FRAC_1_SQRT_2;
    let (reach, within) = (apart + half, (apart - half).max(0.0).powi(2));
    let span = |v: f64, most: usize| {
        let cell = |v: f64| ((v / window.cell).max(0.0) as usize).min(most - 1);
        cell(v - reach)..=cell(v + reach)
    };
    for row in span(y - window.origin.1, window.rows) {
        for column in span(x - window.origin.0, window.columns) {
            let k = row * window.columns + column;
            let center = window.center_of(k);
            let away = (center.0 - x).powi(2) + (center.1 - y).powi(2);
            let left = match () {
                () if away < within => Room::Nowhere,
                () if away < reach * reach => Room::Somewhere,
                () => Room::Everywhere,
            };
            room[k] = room[k].max(left);
        }
    }
}
