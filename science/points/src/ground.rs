//! What points stand on: how dense they are meant to be, and in which direction.

use crate::fill::Obstacles;
use crate::window::Window;

/// Turns a way on the plane into a squared distance in local spacings: xx·dx² + 2·xy·dx·dy + yy·dy².
///
/// Its determinant is the square of the density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Across, 1/area.
    pub xx: f64,
    /// Mixed, 1/area.
    pub xy: f64,
    /// Down, 1/area.
    pub yy: f64,
}

impl Metric {
    /// The same in every direction, for a density in points per unit of area.
    pub fn even(density: f64) -> Self {
        Self { xx: density, xy: 0.0, yy: density }
    }

    /// Stretched: distances along `direction` (radians from the x axis) count `stretch` times those across it.
    pub fn stretched(density: f64, direction: f64, stretch: f64) -> Self {
        let (sin, cos) = direction.sin_cos();
        let (along, across) = (density * stretch, density / stretch);
        Self {
            xx: along * cos * cos + across * sin * sin,
            xy: (along - across) * sin * cos,
            yy: along * sin * sin + across * cos * cos,
        }
    }

    /// Points per unit of area.
    pub fn density(self) -> f64 {
        (self.xx * self.yy - self.xy * self.xy).max(0.0).sqrt()
    }

    /// The squared length of a way in local spacings.
    pub(crate) fn squared(self, (dx, dy): (f64, f64)) -> f64 {
        self.xx * dx * dx + (2.0 * self.xy * dx + self.yy * dy) * dy
    }

    /// Its root: a way (dx, dy) is (a·dx + b·dy, c·dy) in local spacings.
    pub(crate) fn frame(self) -> [f64; 3] {
        let a = self.xx.sqrt();
        let b = self.xy / a;
        // Not below zero: a metric that is squeezed hard may round to it.
        [a, b, (self.yy - b * b).max(f64::MIN_POSITIVE).sqrt()]
    }

    /// A way one local spacing long; over all angles such ways point evenly everywhere.
    pub(crate) fn unit_way(self, angle: f64) -> (f64, f64) {
        let [a, b, c] = self.frame();
        let dy = angle.sin() / c;
        ((angle.cos() - b * dy) / a, dy)
    }

    /// With so many times the density.
    pub(crate) fn times(self, density: f64) -> Self {
        Self { xx: density * self.xx, xy: density * self.xy, yy: density * self.yy }
    }

    /// With a density between limits; without direction where there was none.
    pub(crate) fn clamped(self, low: f64, high: f64) -> Self {
        let density = self.density();
        if density <= 0.0 {
            return Self::even(low);
        }
        self.times(density.clamp(low, high) / density)
    }

    /// The widest that a local spacing is in any direction.
    pub(crate) fn widest(self) -> f64 {
        let (half, difference) = ((self.xx + self.yy) / 2.0, (self.xx - self.yy) / 2.0);
        1.0 / (half - (difference * difference + self.xy * self.xy).sqrt()).sqrt()
    }
}

/// Where points may move, among which others.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) window: &'a Window,
    /// Of every cell of the window.
    pub(crate) metric: &'a [Metric],
    /// Density of the points that move, for every cell; only its shape counts.
    pub(crate) new_density: &'a [f64],
    /// Points that move do not leave the zone they are in.
    pub(crate) zone: &'a [u32],
    /// Points that stand.
    pub(crate) fixed: &'a [(f64, f64)],
    /// Places to keep off.
    pub(crate) obstacles: &'a Obstacles,
    /// Distance that no two points should undercut.
    pub(crate) spacing_min: f64,
}

impl Ground<'_> {
    /// The metric at a place, that of the nearest cell beside the grid.
    pub(crate) fn metric_at(&self, place: (f64, f64)) -> Metric {
        self.metric[self.window.nearest_cell(place)]
    }

    /// The cell at a place where a new point may stand.
    pub(crate) fn cell_at(&self, place: (f64, f64)) -> Option<usize> {
        self.window.cell_at(place).filter(|k| self.window.inside[*k] && self.new_density[*k] > 0.0)
    }
}
