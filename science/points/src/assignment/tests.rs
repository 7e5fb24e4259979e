//! Every mark goes to whom it belongs, and ghosts tell how often that is an accident.

use super::*;
use stipple_quantity::{Seed, Stream};

type Place = (f64, f64);

/// How far apart a thing and its mark may be, mm.
const GATE: f64 = 0.2;

/// Places that keep apart from one another and from others.
fn spread(draw: &mut Stream, n: usize, apart: f64, others: &[Place]) -> Vec<Place> {
    let mut all: Vec<Place> = Vec::new();
    while all.len() < n {
        let at = (20.0 * draw.uniform(), 12.0 * draw.uniform());
        if all.iter().chain(others).all(|p| (p.0 - at.0).hypot(p.1 - at.1) > apart) {
            all.push(at);
        }
    }
    all
}

#[test]
fn ghosts_find_marks_as_often_as_dots_that_are_gone() {
    let mut draw = Seed(1).stream("test", 0);
    let hairs = spread(&mut draw, 150, 0.5, &[]);
    let planned = spread(&mut draw, 260, 0.45, &hairs);
    // None of the dots is there: hairs and strangers are.
    let mut marks: Vec<Place> =
        hairs.iter().map(|p| (p.0 + 0.04 * draw.normal(), p.1 + 0.04 * draw.normal())).collect();
    marks.extend(spread(&mut draw, 200, 0.0, &[]));
    let found = assigned(&Today { planned: &planned, hairs: &hairs, marks: &marks, gate: GATE });
    let share = |marks: &[Option<usize>]| marks.iter().flatten().count() as f64 / marks.len() as f64;
    let ghosts: Vec<Option<usize>> = found.ghosts.iter().map(|ghost| ghost.mark).collect();
    assert!(ghosts.len() > 200, "{}", ghosts.len());
    assert!((share(&ghosts) - share(&found.mark)).abs() < 0.04, "{} {}", share(&ghosts), share(&found.mark));
}

#[test]
fn a_hair_keeps_its_mark_and_no_dot_takes_a_neighbors() {
    // One mark, nearer to the dot, but the hair has no other; two marks for two dots, one near to both.
    let marks = |planned, hairs, marks| assigned(&Today { planned, hairs, marks, gate: 0.32 }).mark;
    assert_eq!(marks(&[(0.0, 0.0)], &[(0.3, 0.0)], &[(0.14, 0.0), (-0.2, 0.0)]), [Some(1)]);
    assert_eq!(marks(&[(0.0, 0.0), (0.3, 0.0)], &[], &[(0.1, 0.0), (-0.25, 0.0)]), [Some(1), Some(0)]);
    assert_eq!(marks(&[(0.0, 0.0)], &[], &[(0.5, 0.0)]), [None]);
    assert!(marks(&[], &[], &[(0.5, 0.0)]).is_empty());
}

#[test]
fn a_crowd_is_assigned_in_time_and_to_the_nearest() {
    // A line of two thousand dots, each with its mark nearer than any other's: all hang together.
    let planned: Vec<Place> = (0..2000).map(|k| (0.3 * f64::from(k), 0.0)).collect();
    let marks: Vec<Place> = planned.iter().map(|p| (p.0 + 0.05, 0.0)).collect();
    let found = assigned(&Today { planned: &planned, hairs: &[], marks: &marks, gate: 0.4 });
    assert!(found.mark.iter().enumerate().all(|(k, mark)| *mark == Some(k)));
}
