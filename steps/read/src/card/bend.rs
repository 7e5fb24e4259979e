//! A card that is bent evenly around one axis, as paper on a head: pose, focal length, axis and curvature.

use nalgebra::{Matrix3, Rotation3, SMatrix, SVector, Vector3};
use stipple_model::Photo;
use stipple_model::card::{HEIGHT_MM, WIDTH_MM};

use super::fiducial::{Found, corners_mm};
use super::plane::{Plane, Point};

/// Three turns, three shifts (mm), logarithm of the focal length (pixels), curvature (1/mm), axis (radians).
const PARAMETERS: usize = 9;
type Parameters = SVector<f64, PARAMETERS>;

/// Focal length over the picture's longer side that is expected of phones, and how much its logarithm varies.
const FOCAL_SHARE: (f64, f64) = (0.8, 0.5);
/// Standard deviation of curvatures that are expected, 1/mm.
const CURVATURE_PER_MM: f64 = 1.0 / 60.0;
/// Steepest curvature, 1/mm.
const CURVATURE_MAX_PER_MM: f64 = 1.0 / 30.0;
/// Directions in which the axis is first looked for.
const STARTS: usize = 4;
/// Steps of the fit.
const STEPS: usize = 150;

/// A bent card as it lies before the camera.
#[derive(Clone, Debug)]
pub(super) struct Bend {
    parameters: Parameters,
    /// Where the fit began: turns are counted from here.
    start: Rotation3<f64>,
    middle_px: Point,
    /// Root mean square distance of corners from where the bent card shows them, pixels.
    pub(super) residual_px: f64,
}

impl Bend {
    /// The bent card on which fiducials lie; `None` for fewer than three.
    pub(super) fn through(photo: &Photo, found: &[Found]) -> Option<Self> {
        if found.len() < 3 {
            return None;
        }
        let plane = Plane::through(found)?;
        let expected_px = FOCAL_SHARE.0 * photo.width_px.max(photo.height_px) as f64;
        let center = photo.center();
        let middle_px = [center.x_px, center.y_px];
        // A picture cut from a larger one has a longer focal length, and a tilt looks much like its opposite.
        let poses = [1.0, 2.5].into_iter().flat_map(|cut| {
            let focal_px = cut * expected_px;
            let tilted = pose(&plane.photo_from_card(), focal_px, middle_px);
            let facing = square_on(&plane, focal_px, middle_px);
            let all = [tilted, tilted.map(opposite), facing];
            all.into_iter().flatten().map(move |(start, shift)| (focal_px, start, shift))
        });
        let starts = poses.flat_map(|pose| (0..STARTS).map(move |k| (pose, k)));
        let fits = starts.filter_map(|((focal_px, start, shift), k)| {
            let axis = k as f64 * std::f64::consts::PI / STARTS as f64;
            let shape = [focal_px.ln(), 0.01, axis];
            let first = [0.0; 3].into_iter().chain(shift.iter().copied()).chain(shape);
            let parameters = Parameters::from_iterator(first);
            let bend = Self { parameters, start, middle_px, residual_px: f64::INFINITY };
            bend.fitted(found, expected_px)
        });
        fits.filter(|bend| bend.parameters[7].abs() < CURVATURE_MAX_PER_MM)
            .min_by(|a, b| a.residual_px.total_cmp(&b.residual_px))
    }

    /// Radius of the bend, mm.
    pub(super) fn radius_mm(&self) -> f64 {
        1.0 / self.parameters[7].abs().max(1e-9)
    }

    /// Where a place on the bent card, mm from its top left, is seen.
    pub(super) fn photo_at(&self, place: Point) -> Point {
        self.seen(&self.parameters, place).unwrap_or(self.middle_px)
    }

    /// The plane that touches the card at its middle.
    pub(super) fn plane(&self, found: &[Found]) -> Option<Plane> {
        let mut flat = self.parameters;
        flat[7] = 0.0;
        let on_card: Vec<Point> = found.iter().flat_map(|f| corners_mm(f.index)).collect();
        let in_photo: Option<Vec<Point>> = on_card.iter().map(|p| self.seen(&flat, *p)).collect();
        Plane::of_corners(&on_card, &in_photo?)
    }

    /// Levenberg–Marquardt on corners and what is expected of phones and heads.
    fn fitted(mut self, found: &[Found], focal_px: f64) -> Option<Self> {
        let corners: Vec<(Point, Point)> =
            found.iter().flat_map(|f| corners_mm(f.index).into_iter().zip(f.corners)).collect();
        let mut damping = 1e-3;
        let (mut errors, mut cost) = self.errors(&self.parameters, &corners, focal_px)?;
        for _ in 0..STEPS {
            let mut normal = SMatrix::<f64, PARAMETERS, PARAMETERS>::zeros();
            let mut right = Parameters::zeros();
            let slopes = self.slopes(&corners, focal_px, &errors)?;
            for (k, error) in errors.iter().enumerate() {
                let row = slopes[k];
                normal += row * row.transpose();
                right -= row * *error;
            }
            let mut damped = normal;
            (0..PARAMETERS).for_each(|k| damped[(k, k)] += damping * normal[(k, k)].max(1e-9));
            let next = self.parameters + damped.cholesky()?.solve(&right);
            match self.errors(&next, &corners, focal_px) {
                Some((new_errors, new_cost)) if new_cost < cost => {
                    let settled = cost - new_cost < 1e-7 * cost;
                    (self.parameters, errors, cost) = (next, new_errors, new_cost);
                    damping = (damping / 5.0f64).max(1e-9);
                    if settled {
                        break;
                    }
                }
                _ => damping *= 4.0,
            }
        }
        let squared: f64 = errors.iter().take(2 * corners.len()).map(|e| e * e).sum();
        self.residual_px = (squared / corners.len() as f64).sqrt();
        Some(self)
    }

    /// Distances of corners, pixels, then of focal length and curvature from what is expected, standard deviations.
    fn errors(&self, p: &Parameters, corners: &[(Point, Point)], focal_px: f64) -> Option<(Vec<f64>, f64)> {
        let mut errors = Vec::with_capacity(2 * corners.len() + 2);
        for (on_card, in_photo) in corners {
            let seen = self.seen(p, *on_card)?;
            errors.extend([seen[0] - in_photo[0], seen[1] - in_photo[1]]);
        }
        // Corners are good to about half a pixel.
        errors.push(0.5 * (p[6] - focal_px.ln()) / FOCAL_SHARE.1);
        errors.push(0.5 * p[7] / CURVATURE_PER_MM);
        let cost = errors.iter().map(|e| e * e).sum();
        Some((errors, cost))
    }

    /// How every error changes with the parameters.
    fn slopes(&self, corners: &[(Point, Point)], focal_px: f64, errors: &[f64]) -> Option<Vec<Parameters>> {
        const STEP: [f64; PARAMETERS] = [1e-6, 1e-6, 1e-6, 1e-4, 1e-4, 1e-3, 1e-6, 1e-7, 1e-5];
        let mut slopes = vec![Parameters::zeros(); errors.len()];
        for k in 0..PARAMETERS {
            let mut moved = self.parameters;
            moved[k] += STEP[k];
            let (there, _) = self.errors(&moved, corners, focal_px)?;
            for (slope, (to, from)) in slopes.iter_mut().zip(there.iter().zip(errors)) {
                slope[k] = (to - from) / STEP[k];
            }
        }
        Some(slopes)
    }

    /// Where a place on the card is seen under some parameters; `None` behind the camera.
    fn seen(&self, p: &Parameters, [x_mm, y_mm]: Point) -> Option<Point> {
        let (x, y) = (x_mm - WIDTH_MM / 2.0, y_mm - HEIGHT_MM / 2.0);
        let (sin, cos) = p[8].sin_cos();
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        let bent = p[7] * across;
        let (b, z) = if bent.abs() < 1e-6 {
            (across, across * bent / 2.0)
        } else {
            (bent.sin() / p[7], (1.0 - bent.cos()) / p[7])
        };
        let at = Vector3::new(along * cos - b * sin, along * sin + b * cos, z);
        let turn = Rotation3::new(Vector3::new(p[0], p[1], p[2])) * self.start;
        let seen = turn * at + Vector3::new(p[3], p[4], p[5]);
        let focal_px = p[6].exp();
        (seen.z > 1.0).then(|| {
            [focal_px * seen.x / seen.z + self.middle_px[0], focal_px * seen.y / seen.z + self.middle_px[1]]
        })
    }
}

/// The pose that looks the same from afar: tilted the other way.
fn opposite((turn, shift): (Rotation3<f64>, Vector3<f64>)) -> (Rotation3<f64>, Vector3<f64>) {
    let m = turn.matrix();
    let flipped = |k: usize| Vector3::new(m[(0, k)], m[(1, k)], -m[(2, k)]);
    let (r1, r2) = (flipped(0), flipped(1));
    (Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[r1, r2, r1.cross(&r2)])), shift)
}

/// Turn and shift, mm, of a card that faces the camera where a homography has the card's middle.
fn square_on(plane: &Plane, focal_px: f64, middle_px: Point) -> Option<(Rotation3<f64>, Vector3<f64>)> {
    let at = |x_mm: f64| plane.photo_at([x_mm, HEIGHT_MM / 2.0]);
    let (left, middle, right) = (at(WIDTH_MM / 2.0 - 10.0), at(WIDTH_MM / 2.0), at(WIDTH_MM / 2.0 + 10.0));
    let (dx, dy) = (right.x_px - left.x_px, right.y_px - left.y_px);
    let away_mm = focal_px * 20.0 / dx.hypot(dy);
    let x_mm = (middle.x_px - middle_px[0]) * away_mm / focal_px;
    let y_mm = (middle.y_px - middle_px[1]) * away_mm / focal_px;
    let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), dy.atan2(dx));
    (away_mm > 1.0 && away_mm.is_finite()).then_some((turn, Vector3::new(x_mm, y_mm, away_mm)))
}

/// Turn and shift, mm, of the card's middle behind a homography, for a focal length.
fn pose(
    photo_from_card: &Matrix3<f64>,
    focal_px: f64,
    middle_px: Point,
) -> Option<(Rotation3<f64>, Vector3<f64>)> {
    let camera = Matrix3::new(focal_px, 0.0, middle_px[0], 0.0, focal_px, middle_px[1], 0.0, 0.0, 1.0);
    let columns = camera.try_inverse()? * photo_from_card;
    let (h1, h2, h3): (Vector3<f64>, Vector3<f64>, Vector3<f64>) =
        (columns.column(0).into(), columns.column(1).into(), columns.column(2).into());
    let size = 2.0 / (h1.norm() + h2.norm());
    let size = if h3.z < 0.0 { -size } else { size };
    let r1 = (h1 * size).normalize();
    let r2 = (h2 * size - r1 * r1.dot(&(h2 * size))).normalize();
    let shift = size * (h3 + h1 * (WIDTH_MM / 2.0) + h2 * (HEIGHT_MM / 2.0));
    let turn = Rotation3::from_matrix_unchecked(Matrix3::from_columns(&[r1, r2, r1.cross(&r2)]));
    (shift.z > 1.0 && shift.iter().all(|v| v.is_finite())).then_some((turn, shift))
}
