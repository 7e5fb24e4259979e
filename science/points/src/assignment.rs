//! Which mark of today belongs to which planned dot.
//!
//! Planned dots and the natural hairs of the before picture, both mapped to today's picture, compete for what was
//! found there: every group that hangs together is assigned at the least cost, so that a hair keeps its own mark and
//! no dot takes a neighbor's. How often a dot that is not there finds a mark all the same is measured with ghosts:
//! dots at shifted places, assigned in the same way.

mod cheapest;

use std::collections::BTreeSet;
use std::f64::consts::TAU;

use crate::index::CellIndex;
use cheapest::cheapest;

/// Ghosts of a dot, and how far from it they stand, gates.
const GHOSTS: usize = 8;
/// See [`GHOSTS`].
const GHOST_AWAY: f64 = 2.2;

/// Of more things that hang together the nearest pairs are taken: work grows with the cube of their number.
const GROUP_MAX: usize = 400;

/// What is expected in today's picture and what was found there; all places in one frame and unit.
#[derive(Clone, Copy, Debug)]
pub struct Today<'a> {
    /// Where planned dots would be.
    pub planned: &'a [(f64, f64)],
    /// Where the natural hairs of the before picture are, as far as they were seen.
    pub hairs: &'a [(f64, f64)],
    /// What was found.
    pub marks: &'a [(f64, f64)],
    /// How far apart something and its mark may be, above zero.
    ///
    /// Three standard deviations of map, placing and finding together lose few; from half the dots' distance on everything
    /// hangs together, and marks go to the nearest.
    pub gate: f64,
}

/// Which mark is whose.
#[derive(Clone, Debug, PartialEq)]
pub struct Assigned {
    /// The mark of each planned dot, if it has one.
    pub mark: Vec<Option<usize>>,
    /// Dots that surely are not there, and the marks that they find all the same.
    pub ghosts: Vec<Ghost>,
}

/// A dot that was never planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ghost {
    /// Where it would be.
    pub at: (f64, f64),
    /// The mark that it finds.
    pub mark: Option<usize>,
}

/// Assigns marks to planned dots, hairs and ghosts.
///
/// # Limits
/// Dots that went at the same time as hairs beside them came cannot be told from those that stayed.
///
/// # Panics
/// If the gate is not above zero, or a place is not finite.
///
/// # Determinism
/// Depends on the arguments alone.
///
/// # Source
/// Assignment by shortest paths [@Jonker1987].
pub fn assigned(today: &Today) -> Assigned {
    assert!(today.gate > 0.0, "what is expected is never found exactly there");
    let marks = CellIndex::new(today.marks);
    let expected: Vec<(f64, f64)> = today.planned.iter().chain(today.hairs).copied().collect();
    let mut mark = cheapest_of_all(&expected, &marks, today.gate);
    mark.truncate(today.planned.len());
    let ghosts = ghosts(today, &expected, &marks);
    Assigned { mark, ghosts }
}

/// Ghosts around every dot, all of one direction assigned together with what is expected.
fn ghosts(today: &Today, expected: &[(f64, f64)], marks: &CellIndex) -> Vec<Ghost> {
    let standing = CellIndex::new(expected);
    let mut all = Vec::new();
    for turn in 0..GHOSTS {
        let (sin, cos) = (TAU * turn as f64 / GHOSTS as f64).sin_cos();
        let away = GHOST_AWAY * today.gate;
        let ghost = |p: &(f64, f64)| (p.0 + away * cos, p.1 + away * sin);
        // A ghost keeps as clear of others as planned dots do of one another.
        let is_clear = |p: &(f64, f64)| standing.nearest(*p, None).is_some_and(|(_, d)| d > today.gate);
        let places: Vec<(f64, f64)> = today.planned.iter().map(ghost).filter(is_clear).collect();
        let with_ghosts: Vec<(f64, f64)> = expected.iter().chain(&places).copied().collect();
        let found = cheapest_of_all(&with_ghosts, marks, today.gate);
        all.extend(
            places.iter().zip(&found[expected.len()..]).map(|(at, mark)| Ghost { at: *at, mark: *mark }),
        );
    }
    all
}

/// The mark of everything that is expected: as many pairs within the gate as there can be at the least sum of squared
/// distances, where a pair is worth a gate squared.
fn cheapest_of_all(expected: &[(f64, f64)], marks: &CellIndex, gate: f64) -> Vec<Option<usize>> {
    let near: Vec<Vec<(usize, f64)>> = expected
        .iter()
        .map(|place| {
            let mut near = Vec::new();
            marks.for_each_within(*place, gate, |k, squared| near.push((k, squared - gate * gate)));
            near.sort_by_key(|pair| pair.0);
            near
        })
        .collect();
    let mut all = vec![None; expected.len()];
    for group in groups(&near, marks.len()) {
        let rows: Vec<&[(usize, f64)]> = group.iter().map(|k| near[*k].as_slice()).collect();
        let found = if rows.len() <= GROUP_MAX { cheapest(&rows) } else { nearest_first(&rows) };
        group.iter().zip(found).for_each(|(k, mark)| all[*k] = mark);
    }
    all
}

/// The nearest pair of all first, then the nearest of those that are left: for crowds where no better is to be had in time.
fn nearest_first(rows: &[&[(usize, f64)]]) -> Vec<Option<usize>> {
    let pairs =
        rows.iter().enumerate().flat_map(|(k, row)| row.iter().map(move |(mark, cost)| (*cost, k, *mark)));
    let mut pairs: Vec<(f64, usize, usize)> = pairs.collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut all, mut taken) = (vec![None; rows.len()], BTreeSet::new());
    for (_, k, mark) in pairs {
        if all[k].is_none() && taken.insert(mark) {
            all[k] = Some(mark);
        }
    }
    all
}

/// Expected things that share marks, each group in order.
fn groups(near: &[Vec<(usize, f64)>], marks: usize) -> Vec<Vec<usize>> {
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); marks];
    for (k, own) in near.iter().enumerate() {
        own.iter().for_each(|(mark, _)| wanted_by[*mark].push(k));
    }
    let mut is_seen = vec![false; near.len()];
    let mut all = Vec::new();
    for first in 0..near.len() {
        if is_seen[first] || near[first].is_empty() {
            continue;
        }
        is_seen[first] = true;
        let (mut group, mut open) = (Vec::new(), vec![first]);
        while let Some(k) = open.pop() {
            group.push(k);
            for other in near[k].iter().flat_map(|(mark, _)| &wanted_by[*mark]) {
                if !is_seen[*other] {
                    is_seen[*other] = true;
                    open.push(*other);
                }
            }
        }
        group.sort_unstable();
        all.push(group);
    }
    all
}

#[cfg(test)]
mod tests;
