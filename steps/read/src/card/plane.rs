//! The card's plane: homography from millimetres to the photograph, and how well it is known.

use nalgebra::{Matrix3, SMatrix, SVector, Vector3};
use stipple_model::Photo;
use stipple_quantity::{PointInPhoto, ScalpFromPhoto};

use super::CORNER_PX;
use super::fiducial::{Found, corners_mm};

/// x and y.
pub(crate) type Point = [f64; 2];
type Parameters = SVector<f64, 8>;

/// Homography from the card to the photograph, fitted to corners.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    /// Takes both frames to coordinates around 0 of size 1, where the eight parameters live.
    card: Frame,
    photo: Frame,
    parameters: Parameters,
    covariance: SMatrix<f64, 8, 8>,
}

/// Shift and stretch to coordinates around 0 of size 1.
#[derive(Clone, Debug)]
struct Frame {
    middle: Point,
    size: f64,
}

impl Frame {
    fn of(points: &[Point]) -> Self {
        let n = points.len() as f64;
        let middle = points.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0] / n, sum[1] + p[1] / n]);
        let away = |p: &Point| (p[0] - middle[0]).hypot(p[1] - middle[1]);
        Self { middle, size: (points.iter().map(away).sum::<f64>() / n).max(1e-9) }
    }

    fn enter(&self, p: Point) -> Point {
        [(p[0] - self.middle[0]) / self.size, (p[1] - self.middle[1]) / self.size]
    }

    fn leave(&self, p: Point) -> Point {
        [p[0] * self.size + self.middle[0], p[1] * self.size + self.middle[1]]
    }

    fn matrix(&self) -> Matrix3<f64> {
        let (s, [x, y]) = (self.size, self.middle);
        Matrix3::new(1.0 / s, 0.0, -x / s, 0.0, 1.0 / s, -y / s, 0.0, 0.0, 1.0)
    }
}

impl Plane {
    /// The plane on which fiducials lie; `None` for corners that make none or show the card mirrored.
    pub(super) fn through(found: &[Found]) -> Option<Self> {
        let on_card: Vec<Point> = found.iter().flat_map(|f| corners_mm(f.index)).collect();
        let in_photo: Vec<Point> = found.iter().flat_map(|f| f.corners).collect();
        Self::of_corners(&on_card, &in_photo)
    }

    /// The homography that takes corners to corners with least squared distances in the photograph.
    pub(crate) fn of_corners(on_card: &[Point], in_photo: &[Point]) -> Option<Self> {
        let (card, photo) = (Frame::of(on_card), Frame::of(in_photo));
        let pairs: Vec<(Point, Point)> =
            on_card.iter().zip(in_photo).map(|(c, p)| (card.enter(*c), photo.enter(*p))).collect();
        let mut parameters = direct(&pairs)?;
        let mut normal = SMatrix::<f64, 8, 8>::zeros();
        // Gauss–Newton: the direct solution is close, three steps settle it.
        for _ in 0..3 {
            let mut right = Parameters::zeros();
            normal.fill(0.0);
            for (from, to) in &pairs {
                let (seen, slopes) = projected(&parameters, *from);
                for axis in 0..2 {
                    normal += slopes[axis] * slopes[axis].transpose();
                    right += slopes[axis] * (to[axis] - seen[axis]);
                }
            }
            parameters += normal.cholesky()?.solve(&right);
        }
        let error = |(from, to): &(Point, Point)| {
            let (seen, _) = projected(&parameters, *from);
            (to[0] - seen[0]).powi(2) + (to[1] - seen[1]).powi(2)
        };
        let freedom = 2.0 * pairs.len() as f64 - 8.0;
        let assumed = (CORNER_PX / photo.size).powi(2);
        // With few corners the residuals tell little: what corners are usually good to is the floor.
        let variance = if freedom > 0.0 {
            (pairs.iter().map(error).sum::<f64>() / freedom).max(assumed * 4.0 / freedom.max(4.0))
        } else {
            assumed
        };
        let covariance = normal.try_inverse()? * variance;
        let plane = Self { card, photo, parameters, covariance };
        (plane.matrix(&plane.parameters).determinant() > 0.0).then_some(plane)
    }

    /// Photo-from-card matrix, pixels from millimetres.
    pub(super) fn photo_from_card(&self) -> Matrix3<f64> {
        self.matrix(&self.parameters)
    }

    /// Photo-from-card matrix of some parameters.
    fn matrix(&self, p: &Parameters) -> Matrix3<f64> {
        let inner = Matrix3::new(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], 1.0);
        let [x, y] = self.photo.middle;
        let s = self.photo.size;
        Matrix3::new(s, 0.0, x, 0.0, s, y, 0.0, 0.0, 1.0) * inner * self.card.matrix()
    }

    /// Where a place on the card, mm, is seen.
    pub(crate) fn photo_at(&self, on_card: Point) -> PointInPhoto {
        let (seen, _) = projected(&self.parameters, self.card.enter(on_card));
        let [x_px, y_px] = self.photo.leave(seen);
        PointInPhoto::new(x_px, y_px)
    }

    /// Where the corners of a fiducial are seen.
    pub(super) fn fiducial_corners(&self, index: usize) -> [Point; 4] {
        corners_mm(index).map(|corner| {
            let place = self.photo_at(corner);
            [place.x_px, place.y_px]
        })
    }

    fn card_from_photo(&self, parameters: &Parameters) -> Option<ScalpFromPhoto> {
        let inverse = self.matrix(parameters).try_inverse()?;
        let inverse = inverse / inverse[(2, 2)];
        let map = ScalpFromPhoto { rows: std::array::from_fn(|r| std::array::from_fn(|c| inverse[(r, c)])) };
        map.is_usable().then_some(map)
    }

    /// The map to millimetres on the card's plane, turned so that x is the picture's right at `upright_at`,
    /// where the pitch times the place in pixels is the place in millimetres.
    ///
    /// `None` if the card's plane runs through the camera there.
    pub(super) fn scalp_from_photo(
        &self,
        center: PointInPhoto,
        middle: PointInPhoto,
    ) -> Option<ScalpFromPhoto> {
        let map = self.card_from_photo(&self.parameters)?;
        let upright_at = if horizon(&map, center) * horizon(&map, middle) > 0.0 { center } else { middle };
        let [[a, b], [c, d]] = slope(&map, upright_at);
        let turn = (c - b).atan2(a + d);
        let (sin, cos) = turn.sin_cos();
        let there = map.apply(upright_at);
        let pitch_mm = map.pixel_pitch_um_at(upright_at) / 1000.0;
        let shift_x = upright_at.x_px * pitch_mm - (cos * there.x_mm + sin * there.y_mm);
        let shift_y = upright_at.y_px * pitch_mm - (cos * there.y_mm - sin * there.x_mm);
        let turned = Matrix3::new(cos, sin, shift_x, -sin, cos, shift_y, 0.0, 0.0, 1.0)
            * Matrix3::from_fn(|r, c| map.rows[r][c]);
        let rows = std::array::from_fn(|r| std::array::from_fn(|c| turned[(r, c)]));
        let scalp_from_photo = ScalpFromPhoto { rows };
        scalp_from_photo.is_usable().then_some(scalp_from_photo)
    }

    /// How near the picture's corners come to the plane's horizon: 1 at a place, 0 on it.
    pub(super) fn horizon_distance(&self, photo: &Photo, place: PointInPhoto) -> f64 {
        let Some(map) = self.card_from_photo(&self.parameters) else { return 0.0 };
        let (width, height) = (photo.width_px as f64, photo.height_px as f64);
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        let relative = |(x, y)| horizon(&map, PointInPhoto::new(x, y)) / horizon(&map, place);
        corners.map(relative).into_iter().fold(f64::INFINITY, f64::min)
    }

    /// Angle between the card and the plane of the picture, degrees, from how much shorter things look one
    /// way than the other; exact in the middle of the picture.
    pub(super) fn tilt_deg_at(&self, place: PointInPhoto) -> f64 {
        let Some(map) = self.card_from_photo(&self.parameters) else { return 90.0 };
        let [[a, b], [c, d]] = slope(&map, place);
        let singular = nalgebra::Matrix2::new(a, b, c, d).singular_values();
        (singular[1] / singular[0]).clamp(0.0, 1.0).acos().to_degrees()
    }

    /// Standard uncertainty of the pixel pitch at a place over the pitch, from the corners alone.
    pub(super) fn pitch_relative_at(&self, place: PointInPhoto) -> f64 {
        let log_pitch =
            |p: &Parameters| Some(self.card_from_photo(p)?.pixel_pitch_um_at(place).max(1e-12).ln());
        let step = 1e-5;
        let slopes: Option<Parameters> = (0..8)
            .map(|k| {
                let mut moved = self.parameters;
                moved[k] += step;
                Some((log_pitch(&moved)? - log_pitch(&self.parameters)?) / step)
            })
            .collect::<Option<Vec<f64>>>()
            .map(|slopes| Parameters::from_row_slice(&slopes));
        let variance = slopes.map_or(1.0, |s| (s.transpose() * self.covariance * s)[0]);
        variance.max(0.0).sqrt().min(1.0)
    }
}

/// Third coordinate of a place: its sign changes at the horizon.
fn horizon(map: &ScalpFromPhoto, place: PointInPhoto) -> f64 {
    map.rows[2][0] * place.x_px + map.rows[2][1] * place.y_px + map.rows[2][2]
}

/// How millimetres change with pixels at a place: rows x and y.
fn slope(map: &ScalpFromPhoto, place: PointInPhoto) -> [[f64; 2]; 2] {
    let at = |dx: f64, dy: f64| map.apply(PointInPhoto::new(place.x_px + dx, place.y_px + dy));
    let (left, right, up, down) = (at(-0.5, 0.0), at(0.5, 0.0), at(0.0, -0.5), at(0.0, 0.5));
    [[right.x_mm - left.x_mm, down.x_mm - up.x_mm], [right.y_mm - left.y_mm, down.y_mm - up.y_mm]]
}

/// The direct linear solution, up to scale the smallest eigenvector.
fn direct(pairs: &[(Point, Point)]) -> Option<Parameters> {
    let mut normal = SMatrix::<f64, 9, 9>::zeros();
    for ([x, y], [u, v]) in pairs {
        let rows = [
            [*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, -u],
            [0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y, -v],
        ];
        for row in rows {
            let row = SVector::<f64, 9>::from(row);
            normal += row * row.transpose();
        }
    }
    let eigen = normal.symmetric_eigen();
    let smallest = eigen.eigenvalues.imin();
    let solution = eigen.eigenvectors.column(smallest);
    (solution[8].abs() > 1e-9).then(|| Parameters::from_fn(|k, _| solution[k] / solution[8]))
}

/// Where a point is seen, and how that changes with the parameters.
fn projected(p: &Parameters, [x, y]: Point) -> (Point, [Parameters; 2]) {
    let inner = Matrix3::new(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], 1.0) * Vector3::new(x, y, 1.0);
    let (u, v, w) = (inner.x / inner.z, inner.y / inner.z, inner.z);
    let across = Parameters::from([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y]) / w;
    let down = Parameters::from([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y]) / w;
    ([u, v], [across, down])
}
