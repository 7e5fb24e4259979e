//! Weighted sample elimination: take the most crowded point away, again and again [@Yuksel2015].

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::ground::Metric;
use crate::index::CellIndex;

/// Twice the largest radius of disks in the densest packing, in local spacings: 2 / √(2√3).
pub(crate) const REACH: f64 = 1.074_569_931_823_542;

/// Points that may be taken away, among points that stay.
pub(crate) struct Crowd {
    /// How crowded each point is; falls as neighbors leave.
    weight: Vec<f64>,
    /// Where each point's neighbors begin in `neighbors`; one more entry than points.
    first: Vec<u32>,
    neighbors: Vec<(u32, f32)>,
}

impl Crowd {
    /// A crowd: `metric` holds the local spacing wanted at each place, `burden` what weighs on it
    /// besides the crowd and never leaves. Between two places the smaller spacing counts.
    ///
    /// # Cost
    /// O(points × neighbors within the spacing).
    pub(crate) fn new(places: &[(f64, f64)], metric: &[Metric], burden: Vec<f64>) -> Self {
        let index = CellIndex::new(places);
        let mut crowd = Self { weight: burden, first: vec![0], neighbors: Vec::new() };
        for (k, place) in places.iter().enumerate() {
            index.for_each_within(*place, REACH * metric[k].widest(), |other, _| {
                let way = (places[other].0 - place.0, places[other].1 - place.1);
                let squared = metric[k].squared(way).max(metric[other].squared(way));
                let w = closeness(squared.sqrt()) as f32;
                if other != k && w > 0.0 {
                    crowd.neighbors.push((other as u32, w));
                    crowd.weight[k] += f64::from(w);
                }
            });
            crowd.first.push(crowd.neighbors.len() as u32);
        }
        crowd
    }

    /// Offers every point once, in runs of neighbors in the list and the most crowded of a run first; `goes(k)` says
    /// whether point `k` goes or stays for good.
    pub(crate) fn eliminate(mut self, run: usize, mut goes: impl FnMut(usize) -> bool) {
        let mut heap = BinaryHeap::new();
        for first in (0..self.weight.len()).step_by(run) {
            let points = first..self.weight.len().min(first + run);
            heap.extend(points.map(|point| Entry { weight: self.weight[point], point }));
            while let Some(entry) = heap.pop() {
                let now = self.weight[entry.point];
                // Because weights only fall, an entry that is still right is the largest of all.
                if now < entry.weight {
                    heap.push(Entry { weight: now, ..entry });
                } else if goes(entry.point) {
                    self.leave(entry.point);
                }
            }
        }
    }

    fn leave(&mut self, point: usize) {
        let range = self.first[point] as usize..self.first[point + 1] as usize;
        for &(other, weight) in &self.neighbors[range] {
            self.weight[other as usize] -= f64::from(weight);
        }
    }
}

/// (1 − d / d_max)⁸, the weight between two points by their distance in local spacings.
pub(crate) fn closeness(distance: f64) -> f64 {
    (1.0 - distance / REACH).max(0.0).powi(8)
}

#[derive(PartialEq)]
struct Entry {
    weight: f64,
    point: usize,
}

impl Eq for Entry {}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.weight.total_cmp(&other.weight).then(other.point.cmp(&self.point))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
