//! Short straight strokes.

use rayon::prelude::*;
use stipple_raster::{Grid, filter::gaussian_blur};

use crate::card::picture::Shrunk;
use crate::statistics::median;

/// Blur before curvature is taken, pixels.
const SIGMA_PX: f32 = 1.0;
/// Least curvature across a stroke, gray levels, and over the picture's median.
const CURVATURE_MIN: (f32, f32) = (1.5, 4.0);
/// Largest curvature along a stroke over that across it.
const ALONG_SHARE: f32 = 0.6;
/// Largest angle between neighboring pixels of a stroke, as the cosine of twice it (20°).
const TURN_COS: f32 = 0.77;
/// Lengths of strokes, pixels.
const LENGTH_PX: std::ops::Range<f64> = 5.0..250.0;
/// How far from straight a stroke may be: pixels, and as a share of its length.
const BENT: (f64, f64) = (0.6, 0.02);
/// Strokes beyond this many are the weakest of a picture full of them.
const STROKES_MAX: usize = 4000;

/// x and y, pixels.
pub(super) type Point = [f64; 2];

/// A short straight stroke.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tick {
    pub(super) middle: Point,
    /// Unit vector along it.
    pub(super) along: Point,
    pub(super) length_px: f64,
    contrast: f64,
}

impl Tick {
    /// The end that lies farther in a direction.
    pub(super) fn end(&self, toward: Point) -> Point {
        let sign = if self.along[0] * toward[0] + self.along[1] * toward[1] < 0.0 { -0.5 } else { 0.5 };
        let reach = sign * self.length_px;
        [self.middle[0] + reach * self.along[0], self.middle[1] + reach * self.along[1]]
    }
}

/// A pixel on the crest of a stroke.
#[derive(Clone, Copy)]
struct Crest {
    at: Point,
    /// Cosine and sine of twice the angle across the stroke.
    twice: [f32; 2],
    curvature: f32,
}

/// Strokes darker or lighter than their ground.
pub(super) fn find(picture: &Shrunk, dark: bool) -> Vec<Tick> {
    let (width, height) = (picture.width, picture.height);
    if width < 16 || height < 16 {
        return Vec::new();
    }
    let sign = if dark { 1.0 } else { -1.0 };
    let samples = picture.samples.iter().map(|v| sign * f32::from(*v)).collect();
    let smooth = gaussian_blur(&Grid::from_samples(width, height, samples), SIGMA_PX);
    let rows: Vec<Vec<Crest>> = (0..height).into_par_iter().map(|y| curved(&smooth, y)).collect();
    let typical = median(rows.iter().flatten().step_by(7).map(|c| c.curvature)).unwrap_or(0.0);
    let floor = CURVATURE_MIN.0.max(CURVATURE_MIN.1 * typical);
    let crests: Vec<Crest> = rows.into_iter().flatten().filter(|c| c.curvature > floor).collect();
    let mut ticks: Vec<Tick> =
        strokes(&crests, width, height).iter().filter_map(|stroke| tick(stroke)).collect();
    ticks.sort_by(|a, b| b.contrast.total_cmp(&a.contrast));
    ticks.truncate(STROKES_MAX);
    ticks
}

/// Curvature across the strongest direction at a pixel, and twice that direction.
fn across(grid: &Grid, x: usize, y: usize) -> (f32, f32, [f32; 2]) {
    let at = |dx: isize, dy: isize| grid.at(x.wrapping_add_signed(dx), y.wrapping_add_signed(dy));
    let middle = at(0, 0);
    let xx = at(1, 0) - 2.0 * middle + at(-1, 0);
    let yy = at(0, 1) - 2.0 * middle + at(0, -1);
    let xy = (at(1, 1) - at(-1, 1) - at(1, -1) + at(-1, -1)) / 4.0;
    let (mean, half) = ((xx + yy) / 2.0, (xx - yy) / 2.0);
    let root = half.hypot(xy).max(1e-6);
    (mean + root, mean - root, [half / root, xy / root])
}

/// Crests of a row: curved across more than along, and more than their neighbors across.
fn curved(grid: &Grid, y: usize) -> Vec<Crest> {
    if y < 2 || y + 2 >= grid.height {
        return Vec::new();
    }
    let crest = |x: usize| {
        let (strong, weak, twice) = across(grid, x, y);
        if strong < 0.4 || weak.abs() > ALONG_SHARE * strong {
            return None;
        }
        let angle = 0.5 * twice[1].atan2(twice[0]);
        let (dx, dy) = (angle.cos().round() as isize, angle.sin().round() as isize);
        let beside =
            |sign: isize| across(grid, x.wrapping_add_signed(sign * dx), y.wrapping_add_signed(sign * dy)).0;
        let (before, after) = (beside(-1), beside(1));
        if strong < before || strong <= after {
            return None;
        }
        // The crest between pixels, from a parabola through three.
        let shift = f64::from(0.5 * (before - after) / (before - 2.0 * strong + after).min(-1e-6));
        let at = [x as f64 + 0.5 + shift * dx as f64, y as f64 + 0.5 + shift * dy as f64];
        Some(Crest { at, twice, curvature: strong })
    };
    (2..grid.width - 2).filter_map(crest).collect()
}

/// Crests that touch and run alike.
fn strokes(crests: &[Crest], width: usize, height: usize) -> Vec<Vec<Crest>> {
    let place =
        |c: &Crest| ((c.at[0].max(0.0) as usize).min(width - 1), (c.at[1].max(0.0) as usize).min(height - 1));
    let mut map = vec![u32::MAX; width * height];
    let mut parent: Vec<usize> = (0..crests.len()).collect();
    for (k, crest) in crests.iter().enumerate() {
        let (x, y) = place(crest);
        for j in y.saturating_sub(2)..(y + 3).min(height) {
            for i in x.saturating_sub(2)..(x + 3).min(width) {
                let other = map[j * width + i];
                if other != u32::MAX && runs_alike(crest, &crests[other as usize]) {
                    let (a, b) = (root(&mut parent, other as usize), root(&mut parent, k));
                    parent[a.max(b)] = a.min(b);
                }
            }
        }
        map[y * width + x] = k as u32;
    }
    let mut members: Vec<(usize, usize)> = (0..crests.len()).map(|k| (root(&mut parent, k), k)).collect();
    members.sort_unstable();
    let long_enough = members.chunk_by(|a, b| a.0 == b.0).filter(|m| m.len() >= LENGTH_PX.start as usize);
    long_enough.map(|m| m.iter().map(|(_, k)| crests[*k]).collect()).collect()
}

/// Same direction, and one lies ahead of the other rather than beside it.
fn runs_alike(one: &Crest, two: &Crest) -> bool {
    let turn = one.twice[0] * two.twice[0] + one.twice[1] * two.twice[1];
    let (dx, dy) = (two.at[0] - one.at[0], two.at[1] - one.at[1]);
    let angle = 0.5 * f64::from(one.twice[1]).atan2(f64::from(one.twice[0]));
    let beside = dx * angle.cos() + dy * angle.sin();
    turn > TURN_COS && beside.abs() < 1.3
}

fn root(parent: &mut [usize], mut k: usize) -> usize {
    while parent[k] != k {
        parent[k] = parent[parent[k]];
        k = parent[k];
    }
    k
}

/// The straight line that a stroke follows, if it does.
fn tick(stroke: &[Crest]) -> Option<Tick> {
    let n = stroke.len() as f64;
    let mean = |axis: usize| stroke.iter().map(|c| c.at[axis]).sum::<f64>() / n;
    let middle = [mean(0), mean(1)];
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for c in stroke {
        let (dx, dy) = (c.at[0] - middle[0], c.at[1] - middle[1]);
        (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
    }
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let along = [angle.cos(), angle.sin()];
    let (mut low, mut high, mut off) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
    for c in stroke {
        let (dx, dy) = (c.at[0] - middle[0], c.at[1] - middle[1]);
        let t = dx * along[0] + dy * along[1];
        (low, high) = (low.min(t), high.max(t));
        off += (dy * along[0] - dx * along[1]).powi(2);
    }
    let length_px = high - low + 1.0;
    let straight = (off / n).sqrt() < BENT.0 + BENT.1 * length_px;
    let half = (low + high) / 2.0;
    let contrast = stroke.iter().map(|c| f64::from(c.curvature)).sum::<f64>() / n;
    (straight && LENGTH_PX.contains(&length_px)).then_some(Tick {
        middle: [middle[0] + half * along[0], middle[1] + half * along[1]],
        along,
        length_px,
        contrast,
    })
}
