//! A bent scalp seen from near and from the side.
//!
//! The scalp is a sphere that touches the picture's plane in the middle of the picture; the camera stands above
//! that place. What is painted flat lies on the sphere with all distances from its middle kept.
//! Visits that are compared see one scene through a [`Warp`] each.

use rayon::prelude::*;

use stipple_raster::Mask;

use crate::nuisance::Nuisance;
use crate::options::{SynthOptions, Zone};
use crate::paint::Picture;
use crate::warp::Warp;

/// Radius of the scalp, mm.
const RADIUS_MM: (f64, f64) = (75.0, 160.0);
/// The scalp turned away from the camera, degrees, at most.
const TILT_DEG_MAX: f64 = 24.0;
/// Distance of the camera, mm.
const DISTANCE_MM: (f64, f64) = (130.0, 420.0);

type Vector = [f64; 3];

/// How the painted zone comes onto the photograph.
pub(crate) struct View {
    photo: Zone,
    /// What has to be painted: all that the photograph shows.
    pub(crate) scene: Zone,
    shape: Shape,
}

enum Shape {
    Flat,
    Bent(Bent),
    /// As another visit sees it.
    Warped(Warp),
}

struct Bent {
    radius_mm: f64,
    distance_mm: f64,
    /// Middle of the sphere; the camera looks down the third axis at the origin.
    middle: Vector,
    /// Away from the scalp at the origin, and two directions along it.
    frame: [Vector; 3],
    /// Where the scene begins, mm from the origin along the scalp.
    start: (f64, f64),
}

impl View {
    pub(crate) fn drawn(options: &SynthOptions) -> Self {
        let photo = options.zone();
        if !options.nuisances.has(Nuisance::Bend) {
            return Self { photo, scene: photo, shape: Shape::Flat };
        }
        let mut draw = options.seed.stream("synth.view", 0);
        let reach_mm = 0.5 * photo.width_mm().hypot(photo.height_mm());
        let radius_mm = draw.between(RADIUS_MM.0, RADIUS_MM.1).max(1.6 * reach_mm);
        let distance_mm = draw.between(DISTANCE_MM.0, DISTANCE_MM.1).max(2.2 * reach_mm);
        let tilt = (TILT_DEG_MAX * draw.uniform()).to_radians();
        let toward = std::f64::consts::TAU * draw.uniform();
        let mut bent = Bent::new(radius_mm, distance_mm, tilt, toward);
        let (low, high) = bent.extent(photo);
        bent.start = low;
        let px = |mm: f64| (mm * photo.px_per_mm).ceil() as usize + 1;
        let (width_px, height_px) = (px(high.0 - low.0), px(high.1 - low.1));
        Self { photo, scene: Zone { width_px, height_px, ..photo }, shape: Shape::Bent(bent) }
    }

    /// A scene with a margin around the photograph on all sides, seen through a warp.
    pub(crate) fn warped(photo: Zone, margin_px: usize, warp: Warp) -> Self {
        let (width_px, height_px) = (photo.width_px + 2 * margin_px, photo.height_px + 2 * margin_px);
        Self { photo, scene: Zone { width_px, height_px, ..photo }, shape: Shape::Warped(warp) }
    }

    /// Where a place of the scene, mm, is on the photograph, px.
    pub(crate) fn in_photo(&self, place: (f64, f64)) -> (f64, f64) {
        let from_middle = |zone: Zone| (place.0 - zone.width_mm() / 2.0, place.1 - zone.height_mm() / 2.0);
        let (x, y) = match &self.shape {
            Shape::Bent(bent) => bent.seen_at((place.0 + bent.start.0, place.1 + bent.start.1)),
            Shape::Warped(warp) => warp.seen_at(from_middle(self.scene)),
            Shape::Flat => return (place.0 * self.photo.px_per_mm, place.1 * self.photo.px_per_mm),
        };
        let (x_mm, y_mm) = (x + self.photo.width_mm() / 2.0, y + self.photo.height_mm() / 2.0);
        (x_mm * self.photo.px_per_mm, y_mm * self.photo.px_per_mm)
    }

    /// Place of the scene, mm, that a place of the photograph, px, shows.
    pub(crate) fn in_scene(&self, (x_px, y_px): (f64, f64)) -> (f64, f64) {
        let (x_mm, y_mm) = (x_px / self.photo.px_per_mm, y_px / self.photo.px_per_mm);
        let place = (x_mm - self.photo.width_mm() / 2.0, y_mm - self.photo.height_mm() / 2.0);
        match &self.shape {
            Shape::Bent(bent) => {
                let (u, v) = bent.shown_at(place);
                (u - bent.start.0, v - bent.start.1)
            }
            Shape::Warped(warp) => {
                let (u, v) = warp.shown_at(place);
                (u + self.scene.width_mm() / 2.0, v + self.scene.height_mm() / 2.0)
            }
            Shape::Flat => (x_mm, y_mm),
        }
    }

    /// The scene as the photograph sees it.
    pub(crate) fn picture(&self, scene: Picture) -> Picture {
        if matches!(self.shape, Shape::Flat) {
            return scene;
        }
        let width = self.photo.width_px;
        let mut pixels = vec![[0.0f32; 3]; width * self.photo.height_px];
        pixels.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            for (pixel, place) in row.iter_mut().zip(self.scene_row(y)) {
                *pixel = between(&scene, place);
            }
        });
        Picture { width, pixels }
    }

    /// A mask of the scene as the photograph sees it.
    pub(crate) fn mask(&self, scene: Mask) -> Mask {
        if matches!(self.shape, Shape::Flat) {
            return scene;
        }
        let (width, height) = (self.photo.width_px, self.photo.height_px);
        let mut samples = vec![false; width * height];
        samples.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            for (inside, place) in row.iter_mut().zip(self.scene_row(y)) {
                *inside = scene.contains(place.0, place.1);
            }
        });
        Mask { width, height, samples }
    }

    /// Where the pixels of a row lie in the scene: every eighth exactly, those between on a straight line, which is
    /// right to a hundredth of a pixel.
    fn scene_row(&self, y: usize) -> impl Iterator<Item = (f64, f64)> {
        const STEP: usize = 8;
        let knots: Vec<(f64, f64)> =
            (0..self.photo.width_px.div_ceil(STEP) + 1).map(|k| self.scene_px(k * STEP, y)).collect();
        (0..self.photo.width_px).map(move |x| {
            let (a, b, t) = (knots[x / STEP], knots[x / STEP + 1], (x % STEP) as f64 / STEP as f64);
            (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
        })
    }

    fn scene_px(&self, x: usize, y: usize) -> (f64, f64) {
        let (u, v) = self.in_scene((x as f64 + 0.5, y as f64 + 0.5));
        (u * self.photo.px_per_mm, v * self.photo.px_per_mm)
    }
}

impl Bent {
    fn new(radius_mm: f64, distance_mm: f64, tilt: f64, toward: f64) -> Self {
        let up = [tilt.sin() * toward.cos(), tilt.sin() * toward.sin(), tilt.cos()];
        let across = unit([1.0 - up[0] * up[0], -up[0] * up[1], -up[0] * up[2]]);
        let down = cross(up, across);
        let middle = up.map(|c| -radius_mm * c);
        Self { radius_mm, distance_mm, middle, frame: [up, across, down], start: (0.0, 0.0) }
    }

    /// Place along the scalp that a place of the picture's plane shows, both mm from the middle.
    fn shown_at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let ray = [x, y, -self.distance_mm];
        let from = [-self.middle[0], -self.middle[1], self.distance_mm - self.middle[2]];
        let (a, b) = (dot(ray, ray), dot(ray, from));
        let c = dot(from, from) - self.radius_mm * self.radius_mm;
        // A ray past the scalp shows its rim.
        let t = (-b - (b * b - a * c).max(0.0).sqrt()) / a;
        let out = unit(std::array::from_fn(|k| from[k] + t * ray[k]));
        let [up, across, down] = self.frame;
        let (u, v) = (dot(out, across), dot(out, down));
        let side = u.hypot(v);
        let along_mm = self.radius_mm * side.atan2(dot(out, up));
        if side < 1e-12 { (0.0, 0.0) } else { (along_mm * u / side, along_mm * v / side) }
    }

    /// Place of the picture's plane at which a place along the scalp is seen, both mm from the middle.
    fn seen_at(&self, (u, v): (f64, f64)) -> (f64, f64) {
        let along_mm = u.hypot(v).max(1e-12);
        let (sin, cos) = (along_mm / self.radius_mm).sin_cos();
        let [up, across, down] = self.frame;
        let place: Vector = std::array::from_fn(|k| {
            let side = (u * across[k] + v * down[k]) / along_mm;
            self.middle[k] + self.radius_mm * (cos * up[k] + sin * side)
        });
        let scale = self.distance_mm / (self.distance_mm - place[2]);
        (place[0] * scale, place[1] * scale)
    }

    /// The corners of a box around all that the photograph shows, mm along the scalp.
    fn extent(&self, photo: Zone) -> ((f64, f64), (f64, f64)) {
        const STEPS: usize = 24;
        let (half_width, half_height) = (photo.width_mm() / 2.0, photo.height_mm() / 2.0);
        let (mut low, mut high) = ((0.0f64, 0.0f64), (0.0f64, 0.0f64));
        for k in 0..=STEPS {
            let t = 2.0 * k as f64 / STEPS as f64 - 1.0;
            for edge in [(t, -1.0), (t, 1.0), (-1.0, t), (1.0, t)] {
                let (u, v) = self.shown_at((edge.0 * half_width, edge.1 * half_height));
                low = (low.0.min(u), low.1.min(v));
                high = (high.0.max(u), high.1.max(v));
            }
        }
        (low, high)
    }
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn unit(a: Vector) -> Vector {
    let length = dot(a, a).sqrt();
    a.map(|c| c / length)
}

/// The picture between pixel centers, linear.
fn between(picture: &Picture, (x, y): (f64, f64)) -> [f32; 3] {
    let height = picture.pixels.len() / picture.width;
    let knot = |place: f64, n: usize| {
        let from = (place - 0.5).clamp(0.0, (n - 1) as f64);
        let first = (from as usize).min(n.saturating_sub(2));
        (first, (from - first as f64) as f32)
    };
    let ((column, s), (row, t)) = (knot(x, picture.width), knot(y, height));
    let at = |dx: usize, dy: usize| picture.pixels[(row + dy) * picture.width + column + dx];
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|k| {
        let (above, below) = (a[k] + s * (b[k] - a[k]), c[k] + s * (d[k] - c[k]));
        above + t * (below - above)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_seen_there() {
        let bent = Bent::new(90.0, 200.0, 0.4, 1.1);
        for place in [(0.0, 0.0), (20.0, -7.0), (-25.0, 18.0), (3.0, 30.0)] {
            let back = bent.seen_at(bent.shown_at(place));
            assert!((back.0 - place.0).hypot(back.1 - place.1) < 1e-9, "{place:?} came back as {back:?}");
        }
        let flat = Bent::new(1e6, 1e6, 0.0, 0.0).shown_at((20.0, -7.0));
        assert!((flat.0 - 20.0).hypot(flat.1 + 7.0) < 1e-3);
    }
}
