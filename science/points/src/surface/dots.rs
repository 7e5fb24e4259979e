//! Points on a surface, by the filler of the plane.

use stipple_quantity::Seed;

use crate::fill::{Fill, Filled, fill};
use crate::ground::Metric;
use crate::index::CellIndex;
use crate::potential::Potential;
use crate::surface::chart::Chart;
use crate::surface::mesh::Place;
use crate::surface::spread::apart_mm;

/// How often points that are too near each other are put elsewhere.
const ROUNDS: u64 = 6;
/// How far from where it was such a point may go, local spacings.
const AWAY: f64 = 1.5;

/// What is wanted on a surface.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Points per mm² of the surface; above zero.
    pub density_per_mm2: f64,
    /// Straight distance in space that no two points on one side undercut, mm.
    pub spacing_min_mm: f64,
    /// How points keep apart.
    pub potential: &'a Potential,
}

/// Points on a surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Dots {
    /// Where they are on the chart's plane.
    pub on_plane: Vec<(f64, f64)>,
    /// Where they are in space.
    pub places: Vec<Place>,
    /// Local spacing at each of them on the plane, which [`crate::rank()`] asks for.
    pub metric: Vec<Metric>,
    /// How many found no place that keeps the least distance.
    pub unplaced: usize,
}

impl Dots {
    /// Fills a chart's region evenly: area times density points, to the nearest whole number.
    ///
    /// [`crate::fill()`] does it with the chart's metric. Its least distance is one on the plane; what came out nearer
    /// in space is taken up and filled again close by, among all others.
    ///
    /// # Panics
    /// If the density is not above zero.
    ///
    /// # Determinism
    /// Depends on the arguments alone, not on the number of threads.
    ///
    /// # Cost
    /// Some runs of [`crate::fill()`], all but the first for few points.
    pub fn on(chart: &Chart, wanted: &Wanted, seed: Seed) -> Self {
        assert!(wanted.density_per_mm2 > 0.0, "a density is above zero");
        let metric = chart.metric(wanted.density_per_mm2);
        let (shortest, longest) = chart.distortion().length;
        let even: Vec<f64> = chart.densities(&metric);
        let count = (even.iter().sum::<f64>() * chart.window().cell.powi(2)).round() as usize;
        let by = Filler { chart, wanted, metric: &metric };
        let mut points = by.filled(&[], &even, count, wanted.spacing_min_mm / longest, seed).points;
        for round in 1..=ROUNDS {
            let [kept, taken] = by.misplaced_taken(&points, wanted.spacing_min_mm / shortest);
            points = kept;
            if points.len() == count {
                break;
            }
            let near = by.near(&even, &taken);
            let missing = count - points.len();
            let own = Seed(seed.stream("points.surface", round).below(usize::MAX) as u64);
            let again = by.filled(&points, &near, missing, wanted.spacing_min_mm / shortest, own);
            points.extend(again.points);
        }
        points.retain(|p| chart.on_surface(*p).is_some());
        let metric = points.iter().map(|p| by.metric_at(*p)).collect();
        let places = points.iter().filter_map(|p| chart.on_surface(*p)).collect();
        Self { unplaced: count - points.len(), on_plane: points, places, metric }
    }
}

/// One chart to fill, again and again.
struct Filler<'a, 'm> {
    chart: &'a Chart<'m>,
    wanted: &'a Wanted<'a>,
    metric: &'a [Metric],
}

impl Filler<'_, '_> {
    fn filled(
        &self,
        fixed: &[(f64, f64)],
        new_density: &[f64],
        count: usize,
        spacing_min: f64,
        seed: Seed,
    ) -> Filled {
        let zone = vec![0; new_density.len()];
        let request = Fill {
            window: self.chart.window(),
            fixed,
            obstacles: &[],
            metric: self.metric,
            new_density,
            zone: &zone,
            count,
            spacing_min,
            potential: self.wanted.potential,
        };
        fill(&request, seed)
    }

    /// Points without those that are too near to one before them or fell through a crack of the surface, and those;
    /// `reach` is far enough on the plane.
    fn misplaced_taken(&self, points: &[(f64, f64)], reach: f64) -> [Vec<(f64, f64)>; 2] {
        let places: Vec<Option<Place>> = points.iter().map(|p| self.chart.on_surface(*p)).collect();
        let index = CellIndex::new(points);
        let mut is_taken = vec![false; points.len()];
        for (k, place) in places.iter().enumerate() {
            let Some(place) = place else {
                is_taken[k] = true;
                continue;
            };
            let mut too_near = false;
            index.for_each_within(points[k], reach, |other, _| {
                let before = places[other].filter(|_| other < k && !is_taken[other]);
                too_near |= before.is_some_and(|other| apart_mm(place, &other) < self.wanted.spacing_min_mm);
            });
            is_taken[k] = too_near;
        }
        let of = |wanted: bool| {
            points.iter().zip(&is_taken).filter(|(_, taken)| **taken == wanted).map(|(p, _)| *p).collect()
        };
        [of(false), of(true)]
    }

    /// The density close to some points, none elsewhere.
    fn near(&self, even: &[f64], points: &[(f64, f64)]) -> Vec<f64> {
        let window = self.chart.window();
        let index = CellIndex::new(points);
        let is_near = |k: usize| {
            let (center, radius) = (window.center_of(k), AWAY * self.metric[k].widest());
            let mut found = false;
            index.for_each_within(center, radius, |other, _| {
                let way = (points[other].0 - center.0, points[other].1 - center.1);
                found |= self.metric[k].squared(way) < AWAY * AWAY;
            });
            found
        };
        (0..even.len()).map(|k| if even[k] > 0.0 && is_near(k) { even[k] } else { 0.0 }).collect()
    }

    fn metric_at(&self, point: (f64, f64)) -> Metric {
        self.metric[self.chart.window().nearest_cell(point)]
    }
}
