//! Patches of scalp that a hand works without being moved.

use std::collections::{BTreeMap, BTreeSet};

/// Longest side of a zone, mm: what thumb and finger of the other hand hold stretched; our assumption. A narrow scar with the
/// shipped soft edge of 20 mm to either side fits.
const REACH_MM: f64 = 45.0;
/// Side of the cells by whose touching dots belong to one field, mm: dots nearer than this always do.
const FIELD_CELL_MM: f64 = 10.0;
/// A piece so many times as long as it is wide, by the spread of its dots, has a direction of its own; one that is as good as
/// round has that of what it was cut from.
const LONG: f64 = 1.3;
/// Dots in a scar from which its direction is taken; with fewer it is that of all dots.
const TELLING: usize = 8;

type Place = (f64, f64);

/// A patch of scalp, worked in one go.
#[derive(Debug)]
pub(crate) struct Zone {
    /// The direction of its rows, a unit vector: the scar's own long axis there.
    pub(crate) along: Place,
    /// Its dots, in no order.
    pub(crate) dots: Vec<usize>,
}

/// The zones in working order: scar by scar from the left, each cut across its long axis and, where it is wide, along it.
///
/// Scars whose soft edges meet are worked as one.
///
/// # Cost
/// O(dots · log dots).
pub(crate) fn zones(places: &[Place], in_scar: &[bool]) -> Vec<Zone> {
    let cutter = Cutter { places, in_scar };
    let mut zones = Vec::new();
    for field in fields(places) {
        cutter.cut(field, (1.0, 0.1), (1.0, 0.0), &mut zones);
    }
    zones
}

/// Dots that lie together, from the left.
fn fields(places: &[Place]) -> Vec<Vec<usize>> {
    let cell_of = |(x, y): Place| ((x / FIELD_CELL_MM).floor() as i64, (y / FIELD_CELL_MM).floor() as i64);
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (dot, place) in places.iter().enumerate() {
        cells.entry(cell_of(*place)).or_default().push(dot);
    }
    let mut left: BTreeSet<(i64, i64)> = cells.keys().copied().collect();
    let mut fields = Vec::new();
    while let Some(first) = left.pop_first() {
        let (mut field, mut open) = (Vec::new(), vec![first]);
        while let Some((column, row)) = open.pop() {
            field.extend(&cells[&(column, row)]);
            let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy)));
            open.extend(around.filter(|cell| left.remove(cell)));
        }
        fields.push(field);
    }
    fields
}

struct Cutter<'a> {
    places: &'a [Place],
    in_scar: &'a [bool],
}

impl Cutter<'_> {
    /// Cuts into pieces of equal length until each is within reach; `heading` is where the hand is going, `whole` the
    /// direction of what this was cut from.
    fn cut(&self, dots: Vec<usize>, heading: Place, whole: Place, zones: &mut Vec<Zone>) {
        let along = toward(self.long_axis(&dots).unwrap_or(whole), heading);
        let across = (-along.1, along.0);
        let is_long = self.range(&dots, along).1 >= self.range(&dots, across).1;
        let cut = if is_long { along } else { toward(across, heading) };
        let (low, length) = self.range(&dots, cut);
        let pieces = (length / REACH_MM).ceil().max(1.0) as usize;
        if pieces == 1 {
            zones.push(Zone { along, dots });
            return;
        }
        let mut slabs = vec![Vec::new(); pieces];
        for dot in dots {
            let share = (dot_product(self.places[dot], cut) - low) / length;
            slabs[((share * pieces as f64) as usize).min(pieces - 1)].push(dot);
        }
        let mut side = 0.9;
        for slab in slabs.into_iter().filter(|slab| !slab.is_empty()) {
            // On along the cut, and to one side and then the other in slabs that are cut again: there and back.
            self.cut(slab, (cut.0 - side * cut.1, cut.1 + side * cut.0), along, zones);
            side = -side;
        }
    }

    /// Where dots begin along an axis, and how far they reach, mm.
    fn range(&self, dots: &[usize], axis: Place) -> (f64, f64) {
        let along = dots.iter().map(|dot| dot_product(self.places[*dot], axis));
        let (low, high) = along.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low, high - low)
    }

    /// The axis along which the scar's dots, or else all, are spread farthest; none where they are spread as good as evenly.
    fn long_axis(&self, dots: &[usize]) -> Option<Place> {
        let scar: Vec<usize> = dots.iter().copied().filter(|dot| self.in_scar[*dot]).collect();
        let telling = if scar.len() >= TELLING { &scar } else { dots };
        let count = telling.len() as f64;
        let sum = telling.iter().map(|dot| self.places[*dot]).fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1));
        let middle = (sum.0 / count, sum.1 / count);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for dot in telling {
            let (dx, dy) = (self.places[*dot].0 - middle.0, self.places[*dot].1 - middle.1);
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
        }
        let (mean, half) = ((xx + yy) / 2.0, ((xx - yy) / 2.0).hypot(xy));
        let (sine, cosine) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
        (mean + half > LONG * LONG * (mean - half)).then_some((cosine, sine))
    }
}

/// The axis, turned about if it points away from a heading.
fn toward(axis: Place, heading: Place) -> Place {
    if dot_product(axis, heading) < 0.0 { (-axis.0, -axis.1) } else { axis }
}

fn dot_product(one: Place, two: Place) -> f64 {
    one.0 * two.0 + one.1 * two.1
}
