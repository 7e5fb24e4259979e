//! Dark quadrilaterals.

use super::picture::Shrunk;

/// Half of the window that a pixel is compared with.
const WINDOW_RADIUS: usize = 20;
/// A pixel is dark below this share of its window's mean.
const DARK_SHARE: f64 = 0.87;
/// Smallest width and height of a dark patch that is looked at, pixels.
const SIDE_MIN: usize = 11;
/// How far from its edges an outline may lie, as a share of its mean side, and at least pixels.
const OFF_EDGE: (f64, f64) = (0.06, 1.0);
/// Share of the outline that must lie on the edges.
const ON_EDGE_SHARE: f64 = 0.75;

type Point = [f64; 2];

/// Dark quadrilaterals in a picture, corners clockwise on the screen.
pub(super) fn find(picture: &Shrunk) -> Vec<[Point; 4]> {
    if picture.width < SIDE_MIN || picture.height < SIDE_MIN {
        return Vec::new();
    }
    let patches = Patches::of(picture.width, &dark(picture));
    patches.outlines().iter().filter_map(|outline| quadrilateral(outline)).collect()
}

/// Where the picture is darker than its surroundings.
fn dark(picture: &Shrunk) -> Vec<bool> {
    let (width, height, r) = (picture.width, picture.height, WINDOW_RADIUS);
    let row = |y: usize| &picture.samples[y * width..(y + 1) * width];
    let mut columns = vec![0u32; width];
    (0..r.min(height))
        .for_each(|y| columns.iter_mut().zip(row(y)).for_each(|(sum, v)| *sum += u32::from(*v)));
    let mut result = vec![false; width * height];
    for (y, out) in result.chunks_exact_mut(width).enumerate() {
        if y + r < height {
            columns.iter_mut().zip(row(y + r)).for_each(|(sum, v)| *sum += u32::from(*v));
        }
        if y > r {
            columns.iter_mut().zip(row(y - r - 1)).for_each(|(sum, v)| *sum -= u32::from(*v));
        }
        let rows = (y + r + 1).min(height) - y.saturating_sub(r);
        let mut sum: u32 = columns[..r.min(width)].iter().sum();
        for (x, is_dark) in out.iter_mut().enumerate() {
            sum += columns.get(x + r).copied().unwrap_or(0);
            sum -= if x > r { columns[x - r - 1] } else { 0 };
            let count = rows * ((x + r + 1).min(width) - x.saturating_sub(r));
            let value = f64::from(row(y)[x]);
            *is_dark = value * (count as f64) < DARK_SHARE * f64::from(sum);
        }
    }
    result
}

/// A run of dark pixels in a row: columns `from..to`.
#[derive(Clone, Copy)]
struct Run {
    y: usize,
    from: usize,
    to: usize,
}

/// Runs of dark pixels and which of them touch, corners counting.
struct Patches {
    runs: Vec<Run>,
    parent: Vec<usize>,
}

impl Patches {
    fn of(width: usize, dark: &[bool]) -> Self {
        let mut patches = Self { runs: Vec::new(), parent: Vec::new() };
        let mut above = 0..0;
        for (y, row) in dark.chunks_exact(width).enumerate() {
            let start = patches.runs.len();
            let mut x = 0;
            while let Some(from) = row[x..].iter().position(|d| *d).map(|k| x + k) {
                let to = row[from..].iter().position(|d| !*d).map_or(width, |k| from + k);
                patches.parent.push(patches.runs.len());
                patches.runs.push(Run { y, from, to });
                x = to;
            }
            patches.join(above, start);
            above = start..patches.runs.len();
        }
        patches
    }

    /// Joins the runs of a row, from `start` on, with those above that they touch.
    fn join(&mut self, above: std::ops::Range<usize>, start: usize) {
        let mut first = above.start;
        for k in start..self.runs.len() {
            let run = self.runs[k];
            while first < above.end && self.runs[first].to < run.from {
                first += 1;
            }
            for touching in first..above.end {
                if self.runs[touching].from > run.to {
                    break;
                }
                let (a, b) = (self.root(touching), self.root(k));
                self.parent[a.max(b)] = a.min(b);
            }
        }
    }

    fn root(&mut self, mut k: usize) -> usize {
        while self.parent[k] != k {
            self.parent[k] = self.parent[self.parent[k]];
            k = self.parent[k];
        }
        k
    }

    /// Outer points of every patch that is large enough.
    fn outlines(mut self) -> Vec<Vec<Point>> {
        let roots: Vec<usize> = (0..self.runs.len()).map(|k| self.root(k)).collect();
        // Left, top, right and bottom of each patch, kept at its root.
        let mut boxes = vec![[usize::MAX, usize::MAX, 0, 0]; self.runs.len()];
        for (run, root) in self.runs.iter().zip(&roots) {
            let [left, top, right, bottom] = boxes[*root];
            boxes[*root] = [left.min(run.from), top.min(run.y), right.max(run.to), bottom.max(run.y + 1)];
        }
        let wanted = |root: usize| {
            let [left, top, right, bottom] = boxes[root];
            let (w, h) = (right.saturating_sub(left), bottom.saturating_sub(top));
            w.min(h) >= SIDE_MIN && w.max(h) < 5 * w.min(h)
        };
        let mut members: Vec<(usize, Run)> = roots
            .iter()
            .zip(&self.runs)
            .filter(|(root, _)| wanted(**root))
            .map(|(r, run)| (*r, *run))
            .collect();
        members.sort_by_key(|(root, run)| (*root, run.y, run.from));
        members.chunk_by(|a, b| a.0 == b.0).map(|patch| outer_points(patch, boxes[patch[0].0])).collect()
    }
}

/// First and last point of a patch in every row and every column, on the pixels' outer edges.
fn outer_points(patch: &[(usize, Run)], [left, top, right, bottom]: [usize; 4]) -> Vec<Point> {
    let mut rows = vec![[usize::MAX, 0]; bottom - top];
    let mut columns = vec![[usize::MAX, 0]; right - left];
    for (_, run) in patch {
        let ends = &mut rows[run.y - top];
        *ends = [ends[0].min(run.from), ends[1].max(run.to)];
        for ends in &mut columns[run.from - left..run.to - left] {
            *ends = [ends[0].min(run.y), ends[1].max(run.y + 1)];
        }
    }
    let in_rows =
        rows.iter().enumerate().flat_map(|(k, ends)| ends.map(|x| [x as f64, (top + k) as f64 + 0.5]));
    let in_columns =
        columns.iter().enumerate().flat_map(|(k, ends)| ends.map(|y| [(left + k) as f64 + 0.5, y as f64]));
    in_rows.chain(in_columns).collect()
}

/// The quadrilateral that an outline follows, if it does.
fn quadrilateral(outline: &[Point]) -> Option<[Point; 4]> {
    let n = outline.len() as f64;
    let middle = outline.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0] / n, sum[1] + p[1] / n]);
    let farthest =
        |from: Point| outline.iter().copied().max_by(|a, b| away(*a, from).total_cmp(&away(*b, from)));
    let a = farthest(middle)?;
    let c = farthest(a)?;
    let side = |p: &Point| cross(a, c, *p);
    let b = *outline.iter().min_by(|p, q| side(p).total_cmp(&side(q)))?;
    let d = *outline.iter().max_by(|p, q| side(p).total_cmp(&side(q)))?;
    let rough = [a, b, c, d];
    let mean_side = (0..4).map(|k| away(rough[k], rough[(k + 1) % 4])).sum::<f64>() / 4.0;
    let off_edge = (OFF_EDGE.0 * mean_side).max(OFF_EDGE.1);

    // Every edge is a line through the outline's points near it.
    let mut edges: [Vec<Point>; 4] = Default::default();
    for p in outline {
        let distance =
            |k: usize| cross(rough[k], rough[(k + 1) % 4], *p).abs() / away(rough[k], rough[(k + 1) % 4]);
        let k = (0..4).min_by(|i, j| distance(*i).total_cmp(&distance(*j)))?;
        if distance(k) < 2.0 * off_edge {
            edges[k].push(*p);
        }
    }
    let lines = edges.each_ref().map(|points| Line::through(points));
    let line = |k: usize| lines[k % 4].as_ref();
    let mut corners = [[0.0; 2]; 4];
    for (k, corner) in corners.iter_mut().enumerate() {
        *corner = line(k + 3)?.crossing(line(k)?)?;
    }
    let on_edge = |p: &&Point| lines.iter().flatten().any(|l| l.distance(**p).abs() < off_edge);
    let followed = outline.iter().filter(on_edge).count() as f64 > ON_EDGE_SHARE * n;
    (followed && is_plausible(&corners)).then_some(corners)
}

/// Whether corners go clockwise around a convex shape whose sides do not differ too much.
fn is_plausible(corners: &[Point; 4]) -> bool {
    let sides: Vec<f64> = (0..4).map(|k| away(corners[k], corners[(k + 1) % 4])).collect();
    let shortest = sides.iter().copied().fold(f64::INFINITY, f64::min);
    let longest = sides.iter().copied().fold(0.0, f64::max);
    let convex = (0..4)
        .all(|k| cross(corners[k], corners[(k + 1) % 4], corners[(k + 2) % 4]) > 0.2 * shortest * shortest);
    convex && shortest > 0.6 * SIDE_MIN as f64 && longest < 4.0 * shortest
}

fn away(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Twice the area of the triangle a, b, p; positive when it goes clockwise on the screen.
fn cross(a: Point, b: Point, p: Point) -> f64 {
    (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
}

/// A straight line: unit normal and offset.
pub(super) struct Line {
    normal: Point,
    offset: f64,
}

impl Line {
    /// The line with the least squared distances to some points.
    pub(super) fn through(points: &[Point]) -> Option<Self> {
        if points.len() < 4 {
            return None;
        }
        let n = points.len() as f64;
        let middle = points.iter().fold([0.0; 2], |sum, p| [sum[0] + p[0] / n, sum[1] + p[1] / n]);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for p in points {
            let (dx, dy) = (p[0] - middle[0], p[1] - middle[1]);
            (xx, xy, yy) = (xx + dx * dx, xy + dx * dy, yy + dy * dy);
        }
        let along = 0.5 * (2.0 * xy).atan2(xx - yy);
        let normal = [-along.sin(), along.cos()];
        Some(Self { normal, offset: normal[0] * middle[0] + normal[1] * middle[1] })
    }

    /// Signed distance of a point.
    pub(super) fn distance(&self, p: Point) -> f64 {
        self.normal[0] * p[0] + self.normal[1] * p[1] - self.offset
    }

    /// Where two lines meet; `None` when they are almost parallel.
    pub(super) fn crossing(&self, other: &Self) -> Option<Point> {
        let determinant = self.normal[0] * other.normal[1] - self.normal[1] * other.normal[0];
        (determinant.abs() > 0.1).then(|| {
            [
                (self.offset * other.normal[1] - other.offset * self.normal[1]) / determinant,
                (self.normal[0] * other.offset - other.normal[0] * self.offset) / determinant,
            ]
        })
    }
}
