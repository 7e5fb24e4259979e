//! One fiducial: its edges to a fraction of a pixel, and its code.

use nalgebra::{Matrix3, Vector3};
use stipple_model::card::{FIDUCIAL_MODULES, FIDUCIAL_SIDE_MM, FIDUCIALS};
use stipple_quantity::PointInPhoto;

use super::picture::Picture;
use super::plane::{Plane, Point};
use super::quad::Line;

/// Modules along a side.
const MODULES: f64 = FIDUCIAL_MODULES as f64;
/// How far inside and outside of an edge light is looked at, modules.
const REACH_MODULES: f64 = 0.6;
/// Samples across an edge.
const ACROSS: usize = 17;
/// Shortest side, pixels.
const SIDE_MIN_PX: f64 = 14.0;
/// Least ratio of white to black paper in linear light.
const CONTRAST_MIN: f32 = 1.5;
/// Wrong bits allowed without and with knowledge of where it must be; the family's codes differ in 11.
const WRONG_BITS_MAX: (u32, u32) = (2, 3);
/// Modules of the black frame that may look white.
const WRONG_FRAME_MAX: usize = 2;
/// How far a fiducial may lie from where the others say it is, as a share of its side.
const AWAY_SHARE: f64 = 0.35;

/// A fiducial found in a photograph.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Which of the card's it is.
    pub(super) index: usize,
    /// Corners of its black square in the photograph, clockwise from the card's top left.
    pub(super) corners: [Point; 4],
    /// Bits of its code that were read wrong.
    pub(super) wrong_bits: u32,
}

impl Found {
    /// Mean side, pixels.
    pub(super) fn side_px(&self) -> f64 {
        mean_side(&self.corners)
    }

    /// Largest distance of its corners from others, pixels.
    pub(super) fn distance_px(&self, others: &[Point; 4]) -> f64 {
        self.corners.iter().zip(others).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).fold(0.0, f64::max)
    }
}

/// Corners of a fiducial's black square on the card, mm, clockwise from top left.
pub(super) fn corners_mm(index: usize) -> [Point; 4] {
    let (left, top) = (FIDUCIALS[index].left_mm, FIDUCIALS[index].top_mm);
    let (right, bottom) = (left + FIDUCIAL_SIDE_MM, top + FIDUCIAL_SIDE_MM);
    [[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// Any of the card's fiducials in a dark quadrilateral.
pub(super) fn any(picture: &Picture, rough: &[Point; 4]) -> Option<Found> {
    let corners = refined(picture, rough)?;
    let code = Code::read(picture, &corners)?;
    (0..FIDUCIALS.len())
        .flat_map(|index| (0..4).map(move |turn| (index, turn)))
        .map(|(index, turn)| {
            let mut turned = corners;
            turned.rotate_left(turn);
            Found { index, corners: turned, wrong_bits: code.turned(turn).wrong_bits(index) }
        })
        .filter(|found| found.wrong_bits <= WRONG_BITS_MAX.0)
        .min_by_key(|found| found.wrong_bits)
}

/// A certain fiducial where the others say it must be.
pub(super) fn at(picture: &Picture, index: usize, expected: &[Point; 4]) -> Option<Found> {
    let corners = refined(picture, expected)?;
    let wrong_bits = Code::read(picture, &corners)?.wrong_bits(index);
    let found = Found { index, corners, wrong_bits };
    let there = found.distance_px(expected) < AWAY_SHARE * found.side_px();
    (wrong_bits <= WRONG_BITS_MAX.1 && there).then_some(found)
}

fn mean_side(corners: &[Point; 4]) -> f64 {
    (0..4).map(|k| length(minus(corners[(k + 1) % 4], corners[k]))).sum::<f64>() / 4.0
}

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

fn length(v: Point) -> f64 {
    v[0].hypot(v[1])
}

/// Corners moved to where the black square really ends.
fn refined(picture: &Picture, rough: &[Point; 4]) -> Option<[Point; 4]> {
    let mut corners = *rough;
    for _ in 0..3 {
        if !(SIDE_MIN_PX..1e5).contains(&mean_side(&corners)) {
            return None;
        }
        let mut lines = Vec::with_capacity(4);
        for k in 0..4 {
            lines.push(edge(picture, &corners, k)?);
        }
        for k in 0..4 {
            corners[k] = lines[(k + 3) % 4].crossing(&lines[k])?;
        }
    }
    Some(corners)
}

/// The line along which white turns black between two corners.
///
/// The width of the dark part of a profile across the edge does not change with blur, only its slope does.
fn edge(picture: &Picture, corners: &[Point; 4], k: usize) -> Option<Line> {
    let (from, to) = (corners[k], corners[(k + 1) % 4]);
    let side = minus(to, from);
    let side_px = length(side);
    let outward = [side[1] / side_px, -side[0] / side_px];
    // Depth of a module across this edge: the neighboring sides tell, seen from the edge's normal.
    let depth = |a: Point, b: Point| (minus(a, b)[0] * outward[0] + minus(a, b)[1] * outward[1]).abs();
    let across_px = (depth(corners[(k + 2) % 4], to) + depth(corners[(k + 3) % 4], from)) / 2.0;
    let reach_px = REACH_MODULES * across_px / MODULES;
    let count = (side_px / 2.0).clamp(8.0, 40.0) as usize;
    let places: Vec<Point> = (0..count)
        .map(|i| 0.08 + 0.84 * (i as f64 + 0.5) / count as f64)
        .map(|t| [from[0] + t * side[0], from[1] + t * side[1]])
        .collect();
    let profiles: Vec<[f32; ACROSS]> = places
        .iter()
        .map(|p| {
            std::array::from_fn(|j| {
                let out = reach_px * (2.0 * (j as f64 + 0.5) / ACROSS as f64 - 1.0);
                picture.luminance([p[0] + out * outward[0], p[1] + out * outward[1]])
            })
        })
        .collect();
    let level =
        |j: usize| profiles.iter().map(|p| p[j] + p[j + 1] + p[j + 2]).sum::<f32>() / (3 * count) as f32;
    let (black, white) = (level(0), level(ACROSS - 3));
    if white < CONTRAST_MIN * black || white - black < 0.01 {
        return None;
    }
    let points: Vec<Point> = places
        .iter()
        .zip(&profiles)
        .map(|(p, profile)| {
            let dark: f32 = profile.iter().map(|v| (white - v) / (white - black)).sum();
            let out = reach_px * (2.0 * f64::from(dark) / ACROSS as f64 - 1.0).clamp(-1.0, 1.0);
            [p[0] + out * outward[0], p[1] + out * outward[1]]
        })
        .collect();
    without_outliers(points)
}

/// A line through most of the points: those far off, where something covers the edge, are dropped.
fn without_outliers(points: Vec<Point>) -> Option<Line> {
    let line = Line::through(&points)?;
    let mut distances: Vec<f64> = points.iter().map(|p| line.distance(*p).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let limit = (3.0 * distances[distances.len() / 2]).max(0.1);
    Line::through(&points.into_iter().filter(|p| line.distance(*p).abs() <= limit).collect::<Vec<_>>())
}

/// The 6 × 6 modules of a code, row by row; set is white.
#[derive(Clone, Copy)]
struct Code([bool; 36]);

impl Code {
    /// Reads the modules between four corners; `None` if the frame is not black within white.
    fn read(picture: &Picture, corners: &[Point; 4]) -> Option<Self> {
        let square = [[0.0, 0.0], [MODULES, 0.0], [MODULES, MODULES], [0.0, MODULES]];
        let plane = Plane::of_corners(&square, corners)?;
        let light = |column: f64, row: f64| {
            let spread = [(0.0, 0.0), (-0.2, -0.2), (0.2, -0.2), (-0.2, 0.2), (0.2, 0.2)];
            let at = |(dx, dy): (f64, f64)| {
                let PointInPhoto { x_px, y_px } = plane.photo_at([column + dx, row + dy]);
                picture.luminance([x_px, y_px])
            };
            spread.map(at).iter().sum::<f32>() / 5.0
        };
        let last = FIDUCIAL_MODULES - 1;
        let along = (0..FIDUCIAL_MODULES).map(|k| k as f64 + 0.5);
        let ring = |low: f64, high: f64| {
            let places = along.clone().flat_map(move |t| [(t, low), (t, high), (low, t), (high, t)]);
            places.map(|(x, y)| (x, y, light(x, y))).collect::<Vec<_>>()
        };
        let (frame, paper) = (ring(0.5, MODULES - 0.5), ring(-0.7, MODULES + 0.7));
        let (black, white) = (Slope::through(&frame)?, Slope::through(&paper)?);
        let threshold = |x: f64, y: f64| (black.at(x, y) + white.at(x, y)) / 2.0;
        let middle = MODULES / 2.0;
        let contrast = white.at(middle, middle) / black.at(middle, middle).max(1e-4);
        let wrong = frame.iter().filter(|(x, y, v)| *v > threshold(*x, *y)).count();
        if contrast < CONTRAST_MIN || wrong > WRONG_FRAME_MAX {
            return None;
        }
        Some(Self(std::array::from_fn(|k| {
            let (x, y) = ((k % (last - 1)) as f64 + 1.5, (k / (last - 1)) as f64 + 1.5);
            light(x, y) > threshold(x, y)
        })))
    }

    /// The code as it reads when the `turn`-th corner is taken for the first.
    fn turned(self, turn: usize) -> Self {
        let once = |code: Self| Self(std::array::from_fn(|k| code.0[6 * (k % 6) + 5 - k / 6]));
        (0..turn).fold(self, |code, _| once(code))
    }

    /// Modules that differ from those of a fiducial.
    fn wrong_bits(self, index: usize) -> u32 {
        let expected = |k: usize| FIDUCIALS[index].rows[k / 6] >> (5 - k % 6) & 1 == 1;
        (0..36).filter(|k| self.0[*k] != expected(*k)).count() as u32
    }
}

/// Light that changes evenly over a fiducial: a + b x + c y.
struct Slope(Vector3<f32>);

impl Slope {
    fn through(samples: &[(f64, f64, f32)]) -> Option<Self> {
        let (mut normal, mut right) = (Matrix3::<f32>::zeros(), Vector3::zeros());
        for (x, y, v) in samples {
            let row = Vector3::new(1.0, *x as f32, *y as f32);
            normal += row * row.transpose();
            right += row * *v;
        }
        normal.cholesky().map(|solver| Self(solver.solve(&right)))
    }

    fn at(&self, x: f64, y: f64) -> f32 {
        self.0.dot(&Vector3::new(1.0, x as f32, y as f32))
    }
}
