//! Evenly colored parallelograms: what the patches of a checker are before anything else is known of them.

use stipple_raster::Mask;
use stipple_raster::region::regions;

use crate::card::picture::ShrunkColors;

/// x and y, pixels.
pub(super) type Point = [f64; 2];

/// Smallest patch, pixels.
const AREA_MIN_PX: f64 = 12.0;
/// Largest patch as a share of the picture: 24 of them and their gaps fill it.
const AREA_MAX_SHARE: f64 = 0.04;
/// Area over the area of the parallelogram with the same second moments: 1 for every parallelogram, 1.05 for an
/// ellipse, 0.87 for a triangle, less for anything ragged.
const FULLNESS: std::ops::Range<f64> = 0.92..1.09;
/// Longest over shortest axis: a square seen 60° from the side.
const STRETCH_MAX: f64 = 2.6;

/// An even parallelogram.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    /// Its middle.
    pub(super) middle: Point,
    /// Square root of its area, pixels.
    pub(super) side_px: f64,
    /// Square root of twelve times its second moments, symmetric: it takes a unit square to the patch, but for a turn.
    shape: [f64; 3],
}

impl Flat {
    /// A step in the picture as steps along the sides, but for a turn.
    pub(super) fn in_sides(&self, step: Point) -> Point {
        let [xx, xy, yy] = self.shape;
        let determinant = xx * yy - xy * xy;
        [(yy * step[0] - xy * step[1]) / determinant, (xx * step[1] - xy * step[0]) / determinant]
    }

    /// The step that is a quarter turn ahead of a step, seen square-on.
    pub(super) fn quarter_turned(&self, step: Point) -> Point {
        let [xx, xy, yy] = self.shape;
        let [x, y] = self.in_sides(step);
        [xy * x - xx * y, yy * x - xy * y]
    }
}

/// Even parallelograms of a picture in which color changes by less than `steepest` codes over two pixels.
pub(super) fn find(picture: &ShrunkColors, steepest: u8) -> Vec<Flat> {
    let mask = even(picture, steepest);
    let largest = AREA_MAX_SHARE * mask.samples.len() as f64;
    let found = regions(&mask);
    let sized = found.iter().filter(|region| (AREA_MIN_PX..largest).contains(&(region.pixels.len() as f64)));
    sized.filter_map(|region| parallelogram(&region.pixels, mask.width)).collect()
}

/// Where color hardly changes.
fn even(picture: &ShrunkColors, steepest: u8) -> Mask {
    let (width, height) = (picture.width, picture.height);
    let mut mask = Mask::filled(width, height, false);
    let at = |x: usize, y: usize| picture.samples[y * width + x];
    let apart = |a: [u8; 3], b: [u8; 3]| (0..3).map(|c| a[c].abs_diff(b[c])).max().unwrap_or(0);
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let across = apart(at(x - 1, y), at(x + 1, y));
            let down = apart(at(x, y - 1), at(x, y + 1));
            mask.samples[y * width + x] = across < steepest && down < steepest;
        }
    }
    mask
}

/// The parallelogram that a region is, if it is one.
fn parallelogram(pixels: &[usize], width: usize) -> Option<Flat> {
    let n = pixels.len() as f64;
    let place = |k: &usize| [(k % width) as f64 + 0.5, (k / width) as f64 + 0.5];
    let middle = pixels.iter().map(place).fold([0.0; 2], |sum, p| [sum[0] + p[0] / n, sum[1] + p[1] / n]);
    let moment = |i: usize, j: usize| {
        let product = |p: Point| (p[i] - middle[i]) * (p[j] - middle[j]);
        12.0 * pixels.iter().map(|k| product(place(k))).sum::<f64>() / n
    };
    // Each pixel is a square of its own: a twelfth more.
    let (xx, xy, yy) = (moment(0, 0) + 1.0, moment(0, 1), moment(1, 1) + 1.0);
    let area = (xx * yy - xy * xy).max(1e-9).sqrt();
    let spread = ((xx - yy).powi(2) / 4.0 + xy * xy).sqrt();
    let (longest, shortest) = ((xx + yy) / 2.0 + spread, (xx + yy) / 2.0 - spread);
    let is_one = FULLNESS.contains(&(n / area)) && longest < STRETCH_MAX * STRETCH_MAX * shortest;
    // The square root of a symmetric 2 × 2 matrix, in closed form.
    let t = (xx + yy + 2.0 * area).sqrt();
    let shape = [(xx + area) / t, xy / t, (yy + area) / t];
    is_one.then_some(Flat { middle, side_px: n.sqrt(), shape })
}
