//! Scars in virtual scalps, filled by us and by others: `bench_points FOLDER [HEADS]`.
//!
//! Lengths are in mean spacings of follicular units. Three kinds of nature, none of them the filler's own: units that come
//! one by one and keep a room of random size; units that push each other apart on a crowded plane; and a lattice that has
//! been shaken until nothing of it is left to see. A curved scar of 46 by 8 spacings with a fading rim is taken out and filled.
//! Writes FOLDER/dots.csv (head, kind of nature, filler or `nature`, x, y, distance to the scar's edge, whether added, hairs),
//! which sources/bench/points_told_apart.py judges.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

#[path = "bench_points/grown.rs"]
mod grown;

use std::io::Write as _;
use std::time::Instant;

use fast_poisson::Poisson2D;
use rayon::prelude::*;
use stipple_points::{CellIndex, Description, Fill, Metric, Potential, Window, describe, fill, hairs};
use stipple_quantity::{Seed, Stream};
use voronoice::{BoundingBox, Point, VoronoiBuilder};

type Place = (f64, f64);
/// A place and its hairs.
type Unit = (Place, u8);

/// Side of a scalp.
const SIDE: f64 = 62.0;
/// Later heads are filled by us alone.
const WITH_PEERS: u64 = 48;
/// How far beyond the scar hair is lost in part.
const RIM: f64 = 2.0;
/// How far plans take the pair correlation of hair that was read to be off.
const MISREAD: f64 = 0.2;
/// Half the scar's width.
const HALF: f64 = 4.0;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: bench_points FOLDER [HEADS]");
        return;
    };
    let heads = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(200);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let rows: Vec<String> = (0..heads).into_par_iter().flat_map_iter(head).collect();
    let mut file = std::fs::File::create(format!("{folder}/dots.csv")).expect("the file can be made");
    writeln!(file, "head,nature,filler,x,y,edge,added,hairs").expect("the disk has room");
    rows.iter().for_each(|rows| file.write_all(rows.as_bytes()).expect("the disk has room"));
}

/// Even heads are left as they grew; of odd ones the scar is filled in every way.
fn head(number: u64) -> Vec<String> {
    let nature = (number / 2) as usize % NATURES.len();
    let (name, grow) = NATURES[nature];
    let grown = grow(&mut Seed(number).stream("bench.nature", 0));
    let marks = grown::hairs(&grown, &mut Seed(number).stream("bench.hairs", 0));
    let mut chance = Seed(number).stream("bench.scar", 0);
    let units = grown.into_iter().zip(marks);
    let (added, units): (Vec<Unit>, Vec<Unit>) = units.partition(|(p, _)| chance.uniform() < missing(*p));
    let rows = |filler: &str, added: &[Unit]| -> String {
        let row = |(place, hairs): &Unit, added: u8| {
            let edge = edge(*place);
            format!("{number},{name},{filler},{:.4},{:.4},{edge:.4},{added},{hairs}\n", place.0, place.1)
        };
        units.iter().map(|unit| row(unit, 0)).chain(added.iter().map(|unit| row(unit, 1))).collect()
    };
    if number.is_multiple_of(2) {
        return vec![rows("nature", &added)];
    }
    let standing: Vec<Place> = units.iter().map(|unit| unit.0).collect();
    let fillers = if number < WITH_PEERS { &FILLERS[..] } else { &FILLERS[..1] };
    fillers
        .iter()
        .map(|(name, fill)| {
            let start = Instant::now();
            let places = fill(&standing, added.len(), Seed(number));
            if number == 1 {
                println!(
                    "{name}: {} of {} dots in {:.3} s",
                    places.len(),
                    added.len(),
                    start.elapsed().as_secs_f64()
                );
            }
            let marks = hairs(&places, &vec![1.0; places.len()], &standing, Seed(number));
            rows(name, &places.into_iter().zip(marks).collect::<Vec<_>>())
        })
        .collect()
}

/// Distance to the scar's edge, below zero inside.
fn edge((x, y): Place) -> f64 {
    let middle = SIDE / 2.0 + 6.0 * (std::f64::consts::PI * (x - SIDE / 2.0) / 46.0).cos();
    let along = ((x - SIDE / 2.0).abs() - (23.0 - HALF)).max(0.0);
    along.hypot(y - middle) - HALF
}

/// Share of units that are missing.
fn missing(place: Place) -> f64 {
    (1.0 - edge(place) / RIM).clamp(0.0, 1.0)
}

type Nature = fn(&mut Stream) -> Vec<Place>;
const NATURES: [(&str, Nature); 3] =
    [("adsorption", adsorption), ("crowd", crowd), ("shaken lattice", shaken_lattice)];

/// One by one, each with a room of its own, then a small shift.
fn adsorption(draw: &mut Stream) -> Vec<Place> {
    let mut placed: Vec<(Place, f64)> = Vec::new();
    while placed.len() < (SIDE * SIDE) as usize {
        let mut room = (0.81 + 0.18 * draw.normal()).clamp(0.3, 1.15);
        'again: loop {
            for _ in 0..18 {
                let place = (SIDE * draw.uniform(), SIDE * draw.uniform());
                let free = |(other, its): &(Place, f64)| distance(*other, place) >= (its + room) / 2.0;
                if placed.iter().all(free) {
                    placed.push((place, room));
                    break 'again;
                }
            }
            room *= 0.93;
        }
    }
    placed.iter().map(|((x, y), _)| (x + 0.105 * draw.normal(), y + 0.105 * draw.normal())).collect()
}

/// Random points that push each other apart for a while.
fn crowd(draw: &mut Stream) -> Vec<Place> {
    let mut points: Vec<Place> =
        (0..(SIDE * SIDE) as usize).map(|_| (SIDE * draw.uniform(), SIDE * draw.uniform())).collect();
    for _ in 0..40 {
        let index = CellIndex::new(&points);
        points = points
            .iter()
            .map(|place| {
                let mut push = (0.0, 0.0);
                index.for_each_within(*place, 1.25, |other, squared| {
                    let (away, distance) = (points[other], squared.sqrt());
                    if distance > 1e-9 {
                        let force = 0.12 * (1.25 - distance) / distance;
                        push = (push.0 + force * (place.0 - away.0), push.1 + force * (place.1 - away.1));
                    }
                });
                let inside = |v: f64| v.clamp(0.0, SIDE - 1e-9);
                (inside(place.0 + push.0), inside(place.1 + push.1))
            })
            .collect();
    }
    points.iter().map(|(x, y)| (x + 0.13 * draw.normal(), y + 0.13 * draw.normal())).collect()
}

/// A triangular lattice, every point shifted.
fn shaken_lattice(draw: &mut Stream) -> Vec<Place> {
    let (across, down) = ((2.0 / 3f64.sqrt()).sqrt(), (3f64.sqrt() / 2.0).sqrt());
    let turn = draw.between(0.0, std::f64::consts::TAU).sin_cos();
    let reach = (SIDE / down) as i32;
    let lattice = (-reach..=reach).flat_map(|row| (-reach..=reach).map(move |column| (column, row)));
    let places: Vec<Place> = lattice
        .map(|(column, row)| {
            let (x, y) =
                ((f64::from(column) + 0.5 * f64::from(row.rem_euclid(2))) * across, f64::from(row) * down);
            let (x, y) = (x + 0.19 * draw.normal(), y + 0.19 * draw.normal());
            (SIDE / 2.0 + x * turn.1 - y * turn.0, SIDE / 2.0 + x * turn.0 + y * turn.1)
        })
        .collect();
    places.into_iter().filter(|p| p.0.min(p.1) >= 0.0 && p.0.max(p.1) < SIDE).collect()
}

type Filler = fn(&[Place], usize, Seed) -> Vec<Place>;
const FILLERS: [(&str, Filler); 6] = [
    ("stipple", stipple),
    ("stipple as plans do from places that were read", as_plans_do),
    ("stipple with the population's potential", stipple_of_population),
    ("random", random),
    ("fast_poisson", poisson_disk),
    ("voronoice (Lloyd 20 times)", lloyd),
];

/// The potential comes from the hair around, whose places are true.
fn stipple(standing: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    filled(standing, count, &Potential::of_pattern(&around(standing), 0.0), seed)
}

/// As `plan` does: places may be misread, so pairs alone tell, and only what misreading does not explain.
fn as_plans_do(standing: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    let own = Description { orders: None, ..around(standing) };
    filled(standing, count, &Potential::of_pattern(&own, MISREAD), seed)
}

/// The hair around the scar.
fn around(standing: &[Place]) -> Description {
    let mut around = Window::rectangle(SIDE, SIDE, 0.25);
    around.inside = (0..around.inside.len()).map(|k| edge(around.center_of(k)) > RIM).collect();
    let even = vec![Metric::even(1.0); around.inside.len()];
    describe(standing, &around, &even).expect("there is hair around")
}

fn stipple_of_population(standing: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    filled(standing, count, &Potential::population(), seed)
}

fn filled(standing: &[Place], count: usize, potential: &Potential, seed: Seed) -> Vec<Place> {
    let window = Window::rectangle(SIDE, SIDE, 0.25);
    let metric = vec![Metric::even(1.0); window.inside.len()];
    let new_density: Vec<f64> = (0..window.inside.len()).map(|k| missing(window.center_of(k))).collect();
    let zone = vec![0; window.inside.len()];
    let request = Fill {
        window: &window,
        fixed: standing,
        obstacles: &[],
        metric: &metric,
        new_density: &new_density,
        zone: &zone,
        count,
        spacing_min: 0.0,
        potential,
    };
    fill(&request, seed).points
}

/// Anywhere that unit is missing.
fn random(_: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    let mut draw = seed.stream("bench.random", 0);
    let mut places = Vec::new();
    while places.len() < count {
        let place = (SIDE * draw.uniform(), SIDE * draw.uniform());
        if draw.uniform() < missing(place) {
            places.push(place);
        }
    }
    places
}

/// Poisson disks that keep off what stands, their radius such that the count is right.
fn poisson_disk(standing: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    let index = CellIndex::new(standing);
    let with = |radius: f64| -> Vec<Place> {
        let all = Poisson2D::new().with_dimensions([SIDE, SIDE], radius).with_seed(seed.0).generate();
        let free = |p: &Place| {
            edge(*p) < RIM && index.nearest(*p, None).is_none_or(|(_, distance)| distance >= radius)
        };
        all.into_iter().map(|p| (p[0], p[1])).filter(free).collect()
    };
    let (mut low, mut high) = (0.3, 1.5);
    for _ in 0..12 {
        let middle = 0.5 * (low + high);
        if with(middle).len() > count { low = middle } else { high = middle }
    }
    with(low)
}

/// Random dots, moved to the middle of their cells twenty times; what stands stays.
fn lloyd(standing: &[Place], count: usize, seed: Seed) -> Vec<Place> {
    let mut places = random(standing, count, seed);
    for _ in 0..20 {
        let sites = places.iter().chain(standing).map(|p| Point { x: p.0, y: p.1 }).collect();
        let bounds = BoundingBox::new(Point { x: SIDE / 2.0, y: SIDE / 2.0 }, SIDE + 2.0, SIDE + 2.0);
        let Some(cells) = VoronoiBuilder::default().set_sites(sites).set_bounding_box(bounds).build() else {
            break;
        };
        for (k, place) in places.iter_mut().enumerate() {
            let corners: Vec<Place> = cells.cell(k).iter_vertices().map(|p| (p.x, p.y)).collect();
            *place = middle(&corners);
        }
    }
    places
}

fn middle(corners: &[Place]) -> Place {
    let (mut area, mut sum) = (0.0, (0.0, 0.0));
    for (k, one) in corners.iter().enumerate() {
        let two = corners[(k + 1) % corners.len()];
        let cross = one.0 * two.1 - two.0 * one.1;
        area += cross / 2.0;
        sum = (sum.0 + (one.0 + two.0) * cross, sum.1 + (one.1 + two.1) * cross);
    }
    (sum.0 / (6.0 * area), sum.1 / (6.0 * area))
}

fn distance(one: Place, two: Place) -> f64 {
    (one.0 - two.0).hypot(one.1 - two.1)
}
