//! Two visits of one scalp as sets of points, with the truth.

use std::f64::consts::TAU;

use stipple_quantity::{Seed, Stream};

pub(crate) type Place = (f64, f64);

/// The piece of scalp the first picture shows, mm.
pub(crate) const ZONE: Place = (60.0, 45.0);
/// Units per mm².
const UNITS: f64 = 0.75;

/// A smooth map: turned, scaled, seen aslant, bent.
pub(crate) struct Warp {
    linear: [f64; 4],
    shift: Place,
    aslant: Place,
    /// Amplitude along an axis, wave numbers and phase.
    waves: Vec<(Place, Place, f64)>,
}

impl Warp {
    /// Up to ± 15° and ± 13 %, perspective of up to 5 % across the picture, bending of 1.2 mm at most.
    pub(crate) fn drawn(draw: &mut Stream) -> Self {
        Self::with(draw.between(-15.0, 15.0), draw.between(0.87, 1.13), draw)
    }

    pub(crate) fn with(turn_deg: f64, scale: f64, draw: &mut Stream) -> Self {
        let (sin, cos) = turn_deg.to_radians().sin_cos();
        let waves = (0..3).map(|_| {
            let (length, heading) = (draw.between(28.0, 60.0), TAU * draw.uniform());
            let size = 0.4 * draw.between(0.5, 1.0);
            let along = TAU * draw.uniform();
            let number = (TAU / length * heading.cos(), TAU / length * heading.sin());
            ((size * along.cos(), size * along.sin()), number, TAU * draw.uniform())
        });
        let waves = waves.collect();
        Self {
            linear: [scale * cos, -scale * sin, scale * sin, scale * cos],
            shift: (draw.between(-4.0, 4.0), draw.between(-4.0, 4.0)),
            aslant: (draw.between(-0.0008, 0.0008), draw.between(-0.0008, 0.0008)),
            waves,
        }
    }

    pub(crate) fn map(&self, (x, y): Place) -> Place {
        let middle = (ZONE.0 / 2.0, ZONE.1 / 2.0);
        let (dx, dy) = (x - middle.0, y - middle.1);
        let far = 1.0 + self.aslant.0 * dx + self.aslant.1 * dy;
        let [xx, xy, yx, yy] = self.linear;
        let mut at = (
            middle.0 + self.shift.0 + (xx * dx + xy * dy) / far,
            middle.1 + self.shift.1 + (yx * dx + yy * dy) / far,
        );
        for (size, number, phase) in &self.waves {
            let wave = (number.0 * dx + number.1 * dy + phase).sin();
            at = (at.0 + size.0 * wave, at.1 + size.1 * wave);
        }
        at
    }
}

/// Roots of hair, and the unit of each; a margin around the zone is filled, too.
pub(crate) fn head(draw: &mut Stream) -> Vec<(Place, usize)> {
    const MARGIN: f64 = 8.0;
    let side = (ZONE.0 + 2.0 * MARGIN, ZONE.1 + 2.0 * MARGIN);
    let count = (side.0 * side.1 * UNITS) as usize;
    let apart = 0.62 / UNITS.sqrt();
    let mut units: Vec<Place> = Vec::new();
    // Cells as wide as units keep apart, so that only neighbors are asked.
    let columns = (side.0 / apart) as usize + 1;
    let mut cells: Vec<Vec<usize>> = vec![Vec::new(); columns * ((side.1 / apart) as usize + 1)];
    let cell = |p: Place| (p.1 / apart) as usize * columns + (p.0 / apart) as usize;
    while units.len() < count {
        let place = (side.0 * draw.uniform(), side.1 * draw.uniform());
        let (k, rows) = (cell(place) as isize, (cells.len() / columns) as isize);
        let near = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| k + dy * columns as isize + dx));
        let is_free = near.filter(|n| (0..rows * columns as isize).contains(n)).all(|n| {
            cells[n as usize].iter().all(|u| (units[*u].0 - place.0).hypot(units[*u].1 - place.1) > apart)
        });
        if is_free {
            cells[k as usize].push(units.len());
            units.push(place);
        }
    }
    let mut roots = Vec::new();
    for (k, unit) in units.iter().enumerate() {
        let mut at = (unit.0 - MARGIN, unit.1 - MARGIN);
        let luck = draw.uniform();
        let hairs = 1 + [0.345, 0.776, 0.953].iter().filter(|most| luck > **most).count();
        for _ in 0..hairs {
            roots.push((at, k));
            let (gap, heading) = (draw.between(0.08, 0.4), TAU * draw.uniform());
            at = (at.0 + gap * heading.cos(), at.1 + gap * heading.sin());
        }
    }
    roots
}

/// How two visits differ.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) dropped: f64,
    pub(crate) false_ones: f64,
    pub(crate) noise: f64,
    pub(crate) redrawn: f64,
    pub(crate) added_dots: usize,
}

/// The same hair, read well.
pub(crate) const EASY: Change =
    Change { dropped: 0.2, false_ones: 0.1, noise: 0.03, redrawn: 0.0, added_dots: 500 };
/// A fifth of the follicles redrawn, read less well.
pub(crate) const HARSH: Change =
    Change { dropped: 0.2, false_ones: 0.1, noise: 0.06, redrawn: 0.2, added_dots: 900 };

/// What a reader makes of places within the zone.
pub(crate) fn seen(places: &[Place], change: Change, draw: &mut Stream) -> (Vec<Place>, Vec<f64>) {
    let inside = |p: &Place| (0.0..ZONE.0).contains(&p.0) && (0.0..ZONE.1).contains(&p.1);
    let mut all = Vec::new();
    for place in places.iter().filter(|p| inside(p)) {
        let noise = (change.noise * draw.normal(), change.noise * draw.normal());
        if draw.uniform() >= change.dropped {
            all.push(((place.0 + noise.0, place.1 + noise.1), draw.between(0.6, 1.0)));
        }
    }
    for _ in 0..(change.false_ones * all.len() as f64) as usize {
        let place = (ZONE.0 * draw.uniform(), ZONE.1 * draw.uniform());
        all.push((place, draw.between(0.3, 0.9)));
    }
    // In reading order, so that the order tells nothing.
    all.sort_by(|a, b| (a.0.1 as i64, a.0.0).partial_cmp(&(b.0.1 as i64, b.0.0)).expect("finite"));
    all.into_iter().unzip()
}

/// The second visit's roots, mapped: some units redrawn, dots added over a band as over a scar.
pub(crate) fn later(head: &[(Place, usize)], warp: &Warp, change: Change, draw: &mut Stream) -> Vec<Place> {
    let units = head.iter().map(|root| root.1).max().map_or(0, |most| most + 1);
    let moved: Vec<Option<Place>> = (0..units)
        .map(|_| {
            let to = (1.2 * draw.normal(), 1.2 * draw.normal());
            (draw.uniform() < change.redrawn).then_some(to)
        })
        .collect();
    let mut all: Vec<Place> = head
        .iter()
        .map(|(at, unit)| moved[*unit].map_or(*at, |by| (at.0 + by.0, at.1 + by.1)))
        .map(|at| warp.map(at))
        .collect();
    let mut dots = Vec::new();
    while dots.len() < change.added_dots {
        let dot = warp.map((ZONE.0 * draw.uniform(), ZONE.1 * draw.between(0.4, 0.65)));
        if all.iter().all(|p| (p.0 - dot.0).hypot(p.1 - dot.1) > 0.3) {
            dots.push(dot);
        }
    }
    all.extend(dots);
    all
}

/// Two visits of one head.
pub(crate) struct Visits {
    pub(crate) before: (Vec<Place>, Vec<f64>),
    pub(crate) after: (Vec<Place>, Vec<f64>),
    pub(crate) warp: Warp,
}

pub(crate) fn visits(seed: u64, change: Change) -> Visits {
    let mut draw = Seed(seed).stream("visits", 0);
    let warp = Warp::drawn(&mut draw);
    let head = head(&mut draw);
    let first: Vec<Place> = head.iter().map(|root| root.0).collect();
    let before = seen(&first, change, &mut draw);
    let after = seen(&later(&head, &warp, change, &mut draw), change, &mut draw);
    Visits { before, after, warp }
}
