//! A surface and its dots drawn as seen from one side, without perspective.

use nalgebra::{Matrix3, Vector3};
use stipple_points::surface::Place;

use crate::head::HeadDots;

/// Color of a dot's middle, sRGB.
pub(super) const PIGMENT: [u8; 3] = [52, 48, 50];
/// Skin that faces the light, sRGB.
const SKIN: [f32; 3] = [226.0, 205.0, 192.0];
const PAPER: [u8; 3] = [255; 3];
/// Side of a view, pixels.
const SIDE_PX: usize = 1200;
/// A view shows so many radii to each side, so that the head around can be recognized.
const SHOWN: f64 = 1.25;
/// Samples a pixel and direction.
const FINE: usize = 2;
/// A dot hides behind skin that is nearer to the eye by more than this, mm.
const BEHIND_MM: f32 = 1.0;
/// Length of the bar, mm.
const BAR_MM: f64 = 50.0;
/// Angle of the two views from the sides, degrees.
const TURN_DEG: f64 = 60.0;

/// The ways from the eye's right, from its top, and toward it, as rows: from the middle of the region and from two sides.
pub(super) fn directions(center: &Place) -> [Matrix3<f64>; 3] {
    let out = Vector3::from(center.normal);
    // Because in most files z points out of the face; where it does not, y does.
    let axis = if out.z.abs() < 0.7 { Vector3::z() } else { Vector3::y() };
    let front = (axis - out * axis.dot(&out)).normalize();
    let side = out.cross(&front);
    let (sin, cos) = TURN_DEG.to_radians().sin_cos();
    let from = |toward: Vector3<f64>, up: Vector3<f64>| {
        let right = up.cross(&toward).normalize();
        Matrix3::from_rows(&[right.transpose(), toward.cross(&right).transpose(), toward.transpose()])
    };
    [from(out, -front), from(cos * out + sin * front, out), from(cos * out + sin * side, out)]
}

/// Views side by side as RGB, with width and height.
pub(super) fn beside(views: &[Canvas]) -> (Vec<u8>, usize, usize) {
    let width = views.len() * SIDE_PX;
    let mut pixels = vec![0; 3 * width * SIDE_PX];
    for (n, view) in views.iter().enumerate() {
        for y in 0..SIDE_PX {
            let start = 3 * (y * width + n * SIDE_PX);
            let row = (0..SIDE_PX).flat_map(|x| view.pixel(x, y));
            pixels[start..start + 3 * SIDE_PX].iter_mut().zip(row).for_each(|(to, from)| *to = from);
        }
    }
    (pixels, width, SIDE_PX)
}

/// One view.
pub(super) struct Canvas {
    from: Matrix3<f64>,
    middle: Vector3<f64>,
    /// Samples a millimetre.
    samples_per_mm: f64,
    side: usize,
    /// How near the eye the skin is at each sample, mm.
    nearness: Vec<f32>,
    color: Vec<[u8; 3]>,
}

impl Canvas {
    pub(super) fn seen(dots: &HeadDots, from: &Matrix3<f64>) -> Self {
        let side = SIDE_PX * FINE;
        let mut canvas = Self {
            from: *from,
            middle: from * Vector3::from(dots.center.place_mm),
            samples_per_mm: side as f64 / (2.0 * SHOWN * dots.radius_mm),
            side,
            nearness: vec![f32::MIN; side * side],
            color: vec![PAPER; side * side],
        };
        // The region's middle stands where its far rim is in the picture too.
        let toward = from.row(2).dot(&Vector3::from(dots.center.normal).transpose());
        // Not below zero: a view from straight above may round to more than one.
        canvas.middle.y -= 0.5 * dots.radius_mm * (1.0 - toward * toward).max(0.0).sqrt();
        dots.mesh.corner_places().for_each(|corners| canvas.draw_skin(&corners));
        let visible: Vec<_> = dots.places.iter().filter_map(|place| canvas.visible(place)).collect();
        visible.iter().for_each(|(at, normal)| canvas.draw_dot(*at, *normal, dots.diameter_mm / 2.0));
        canvas.draw_bar();
        canvas
    }

    /// Samples to the right and down, and millimetres toward the eye.
    fn at(&self, place_mm: [f64; 3]) -> [f64; 3] {
        let way = self.from * Vector3::from(place_mm) - self.middle;
        let half = self.side as f64 / 2.0;
        [half + self.samples_per_mm * way.x, half - self.samples_per_mm * way.y, way.z]
    }

    fn draw_skin(&mut self, corners: &[Place; 3]) {
        let [a, b, c] = corners.map(|corner| self.at(corner.place_mm));
        let light = corners.map(|corner| lit(self.from * Vector3::from(corner.normal)));
        let doubled = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        let within = |k: usize| {
            let low = a[k].min(b[k]).min(c[k]).floor().max(0.0) as usize;
            low..(a[k].max(b[k]).max(c[k]).ceil().max(0.0) as usize).min(self.side)
        };
        // Seen from outside corners run counterclockwise, which is below zero with rows counted down.
        if doubled >= 0.0 {
            return;
        }
        for (y, x) in within(1).flat_map(|y| within(0).map(move |x| (y, x))) {
            let (px, py) = (x as f64 + 0.5, y as f64 + 0.5);
            let part =
                |p: [f64; 3], q: [f64; 3]| ((p[0] - px) * (q[1] - py) - (p[1] - py) * (q[0] - px)) / doubled;
            let weights = [part(b, c), part(c, a), part(a, b)];
            let nearness = (weights[0] * a[2] + weights[1] * b[2] + weights[2] * c[2]) as f32;
            let k = y * self.side + x;
            if weights.iter().all(|w| *w >= 0.0) && nearness > self.nearness[k] {
                self.nearness[k] = nearness;
                let light: f64 = (0..3).map(|k| weights[k] * light[k]).sum();
                self.color[k] = SKIN.map(|part| (part * light as f32).min(255.0) as u8);
            }
        }
    }

    /// Where a dot is seen, and its normal as the eye sees it.
    fn visible(&self, place: &Place) -> Option<([f64; 3], Vector3<f64>)> {
        /// Flatter than this a dot is a line.
        const GRAZING: f64 = 0.1;
        let (at, normal) = (self.at(place.place_mm), self.from * Vector3::from(place.normal));
        let side = self.side as f64;
        let on_canvas = at[0] >= 0.0 && at[1] >= 0.0 && at[0] < side && at[1] < side;
        let k = on_canvas.then(|| at[1] as usize * self.side + at[0] as usize)?;
        (normal.z > GRAZING && at[2] as f32 > self.nearness[k] - BEHIND_MM).then_some((at, normal))
    }

    /// A round dot on skin that is seen aslant; samples at its rim are mixed by how much of them it covers.
    fn draw_dot(&mut self, at: [f64; 3], normal: Vector3<f64>, radius_mm: f64) {
        let (radius, side) = (radius_mm * self.samples_per_mm, self.side);
        let span = |v: f64| (v - radius - 1.0).max(0.0) as usize..((v + radius + 2.0) as usize).min(side);
        for (y, x) in span(at[1]).flat_map(|y| span(at[0]).map(move |x| (y, x))) {
            let (dx, dy) = (x as f64 + 0.5 - at[0], at[1] - y as f64 - 0.5);
            let rise = (dx * normal.x + dy * normal.y) / normal.z;
            let covered = (radius + 0.5 - (dx * dx + dy * dy + rise * rise).sqrt()).clamp(0.0, 1.0);
            self.mix(y * self.side + x, covered);
        }
    }

    fn draw_bar(&mut self) {
        let (length, height) = ((BAR_MM * self.samples_per_mm) as usize, self.side / 200);
        let (left, top) = (self.side / 40, self.side - self.side / 30);
        for y in top..top + height {
            (left..(left + length).min(self.side)).for_each(|x| self.mix(y * self.side + x, 1.0));
        }
    }

    fn mix(&mut self, k: usize, covered: f64) {
        for (part, pigment) in self.color[k].iter_mut().zip(PIGMENT) {
            *part = (f64::from(*part) + covered * (f64::from(pigment) - f64::from(*part))).round() as u8;
        }
    }

    pub(super) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let samples = (0..FINE * FINE)
            .map(|k| self.color[(y * FINE + k / FINE) * self.side + x * FINE + k % FINE].map(u32::from));
        let sum = samples.fold([0; 3], |sum, color| std::array::from_fn(|k| sum[k] + color[k]));
        sum.map(|part| (part / (FINE * FINE) as u32) as u8)
    }
}

/// How bright skin is by its normal as the eye sees it: light from above and left of the eye, and some from all around.
fn lit(normal: Vector3<f64>) -> f64 {
    let toward_light = Vector3::new(-0.35, 0.45, 0.82);
    0.35 + 0.65 * normal.dot(&toward_light).max(0.0)
}
