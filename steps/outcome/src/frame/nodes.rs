//! Where the frame lies in the photograph after.

use rayon::prelude::*;
use stipple_quantity::PointInPhoto;

use super::Frame;
use crate::aligned::Aligned;

/// Distance of the nodes between which the way to the photograph after is taken as straight, mm: what it bends between
/// them is under a hundredth of a millimetre.
const NODE_MM: f64 = 2.0;
/// Scar skin has no follicles of its own: its place is taken from its edges while it is known to this, mm.
const UNCERTAINTY_MAX_MM: f64 = 0.5;

/// Places of the photograph after, on a lattice over the frame.
#[derive(Default)]
pub(super) struct Nodes {
    columns: usize,
    places: Vec<Option<PointInPhoto>>,
}

impl Nodes {
    pub(super) fn of(frame: &Frame, aligned: &Aligned) -> Self {
        let nodes = |px: usize| (px as f64 * frame.mm_per_px / NODE_MM) as usize + 2;
        let (columns, rows) = (nodes(frame.width), nodes(frame.height));
        let near_px = 1.5 * NODE_MM / frame.mm_per_px;
        let near_scar = stipple_raster::distance::distance_to(&frame.scar);
        let place = |k: usize| {
            let at = |node: usize| node as f64 * NODE_MM / frame.mm_per_px;
            let (x, y) = (at(k % columns), at(k / columns));
            let before = frame.in_before(x, y);
            let (likely, uncertainty_mm) = match aligned.known(before) {
                Some(known) => (known, 0.0),
                None if f64::from(near_scar.sample(x, y)) <= near_px => aligned.likely(before),
                None => return None,
            };
            (uncertainty_mm <= UNCERTAINTY_MAX_MM).then_some(likely)
        };
        let places = (0..columns * rows).into_par_iter().map(place).collect();
        Self { columns, places }
    }

    pub(super) fn after(&self, x_mm: f64, y_mm: f64) -> Option<PointInPhoto> {
        let (x, y) = (x_mm / NODE_MM, y_mm / NODE_MM);
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f64, y - row as f64);
        let node =
            |dx: usize, dy: usize| self.places.get((row + dy) * self.columns + column + dx).copied()?;
        let (a, b, c, d) = (node(0, 0)?, node(1, 0)?, node(0, 1)?, node(1, 1)?);
        let mix = |a: f64, b: f64, c: f64, d: f64| {
            (1.0 - fy) * ((1.0 - fx) * a + fx * b) + fy * ((1.0 - fx) * c + fx * d)
        };
        Some(PointInPhoto::new(mix(a.x_px, b.x_px, c.x_px, d.x_px), mix(a.y_px, b.y_px, c.y_px, d.y_px)))
    }
}
