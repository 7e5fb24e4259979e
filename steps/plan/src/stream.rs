//! Which way hair lies, and by how much its units are stretched along it.

use stipple_model::Reading;
use stipple_points::{Metric, Stretch, Window, stretch};
use stipple_quantity::PointInPhoto;

/// Side of the tiles that share a direction, mm: hair turns little within them.
const TILE_MM: f64 = 3.0;
/// Hair so far away has a quarter of the say of hair on the spot, mm; scars take their direction from farther hair.
const NEAR_MM: f64 = 4.0;
/// Hair that is seen longer than this hides what stands along it, mm.
const HIDES_MM: f64 = 0.2;
/// Read so, patterns without any stretch seem to have one: ln stretch for each mm beyond [docs/science/placement.md].
const HIDES_PER_MM: f64 = 0.4;

/// The stream of hair over the ground.
pub(crate) struct Stream {
    /// Along the hair, radians from right toward down, for each cell; empty where none is known.
    directions: Vec<f64>,
    /// Distances along the hair count so many times those across it.
    stretch: f64,
}

impl Stream {
    /// Where nothing is known of it, or it does not matter.
    pub(crate) fn unknown() -> Self {
        Self { directions: Vec::new(), stretch: 1.0 }
    }

    /// From the hairs that show their way, and from how the units in the window stand to it.
    pub(crate) fn of(reading: &Reading, units: &[(f64, f64)], window: &Window, per_mm2: &[f64]) -> Self {
        let hairs = hairs(reading);
        if hairs.is_empty() {
            return Self::unknown();
        }
        let directions = directions(&hairs, window);
        let metric: Vec<Metric> = per_mm2.iter().map(|per_mm2| Metric::even(*per_mm2)).collect();
        match stretch(units, window, &metric, &directions) {
            Some(found) => Self { directions, stretch: corrected(found, reading).believed() },
            None => Self::unknown(),
        }
    }

    /// What distance means in each cell, by the density there.
    pub(crate) fn metric(&self, per_mm2: &[f64]) -> Vec<Metric> {
        if self.directions.is_empty() {
            return per_mm2.iter().map(|per_mm2| Metric::even(*per_mm2)).collect();
        }
        let of_cell =
            |(per_mm2, direction): (&f64, &f64)| Metric::stretched(*per_mm2, *direction, self.stretch);
        per_mm2.iter().zip(&self.directions).map(of_cell).collect()
    }
}

/// Without what reading makes of long hair; how much that is, is known to a half of it.
fn corrected(found: Stretch, reading: &Reading) -> Stretch {
    let mut lengths: Vec<f64> = reading.hair.detections.iter().filter_map(|hair| hair.length_mm).collect();
    lengths.sort_by(f64::total_cmp);
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0.0);
    let hidden = HIDES_PER_MM * (median - HIDES_MM).max(0.0);
    Stretch { ln: found.ln - hidden, uncertainty: found.uncertainty.hypot(hidden / 2.0) }
}

/// A hair's root in mm, and its way as one of twice the angle, so that to and fro are the same.
struct Hair {
    at: (f64, f64),
    twice: (f64, f64),
}

fn hairs(reading: &Reading) -> Vec<Hair> {
    let scalp_from_photo = &reading.photo.scalp_from_photo;
    let of_detection = |detection: &stipple_model::Detection| {
        let (sin, cos) = detection.direction_deg?.to_radians().sin_cos();
        let root = scalp_from_photo.apply(detection.at);
        let PointInPhoto { x_px, y_px } = detection.at;
        let tip = scalp_from_photo.apply(PointInPhoto { x_px: x_px + cos, y_px: y_px + sin });
        let twice = 2.0 * (tip.y_mm - root.y_mm).atan2(tip.x_mm - root.x_mm);
        Some(Hair { at: (root.x_mm, root.y_mm), twice: (twice.cos(), twice.sin()) })
    };
    reading.hair.detections.iter().filter_map(of_detection).collect()
}

/// The direction of hair in every cell: the mean over all, the nearer the more.
fn directions(hairs: &[Hair], window: &Window) -> Vec<f64> {
    let side = (TILE_MM / window.cell).ceil().max(1.0) as usize;
    let across = window.columns.div_ceil(side);
    let of_tile = |tile: usize| {
        let middle = |k: usize, from: f64| from + (k as f64 + 0.5) * side as f64 * window.cell;
        let at = (middle(tile % across, window.origin.0), middle(tile / across, window.origin.1));
        let (x, y) = hairs.iter().fold((0.0, 0.0), |(x, y), hair| {
            let squared = (hair.at.0 - at.0).powi(2) + (hair.at.1 - at.1).powi(2);
            let say = (1.0 + squared / (NEAR_MM * NEAR_MM)).powi(-2);
            (x + say * hair.twice.0, y + say * hair.twice.1)
        });
        0.5 * y.atan2(x)
    };
    let tiles: Vec<f64> = (0..across * window.rows.div_ceil(side)).map(of_tile).collect();
    let tile_of = |k: usize| (k / window.columns / side) * across + k % window.columns / side;
    (0..window.inside.len()).map(|k| tiles[tile_of(k)]).collect()
}
