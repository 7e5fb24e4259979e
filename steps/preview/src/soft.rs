//! Wide, soft contributions, gathered on a coarse grid.

use rayon::prelude::*;

/// A coarse grid over a part of the photograph, onto which Gaussians are laid and from which pixels are read.
///
/// Reading straight between its nodes is off by 5 % of a contribution's peak at most; sums are kept.
pub(crate) struct SoftField {
    /// Place of the first node, px.
    left_px: f64,
    top_px: f64,
    cell_px: f64,
    width: usize,
    height: usize,
    nodes: Vec<Lanes>,
    /// For every column of the extent: the node before it, and how far beyond that it lies, 0 to 1.
    columns: Vec<(u32, f32)>,
}

/// R, G, B and a lane that is not used, so that four numbers move at once.
pub(crate) type Lanes = [f32; 4];

/// A rectangle of the photograph, px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    /// First column.
    pub(crate) left: usize,
    /// First row.
    pub(crate) top: usize,
    /// One past the last column.
    pub(crate) right: usize,
    /// One past the last row.
    pub(crate) bottom: usize,
}

impl Extent {
    /// What two rectangles share, if anything.
    pub(crate) fn shared_with(self, other: Self) -> Option<Self> {
        let shared = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (shared.left < shared.right && shared.top < shared.bottom).then_some(shared)
    }

    /// The smallest that holds what there is of two rectangles.
    pub(crate) fn around_both(one: Option<Self>, two: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (one, two) else { return one.or(two) };
        Some(Self {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        })
    }
}

/// Cells per standard deviation.
const CELLS_PER_SPREAD: f64 = 1.6;
/// Where a Gaussian counts as zero, in standard deviations.
pub(crate) const GAUSSIAN_END: f64 = 3.3;
/// Narrowest Gaussian that nodes can hold, in cells.
const NARROWEST: f64 = 0.7;
/// Rows of nodes that a thread takes at a time.
const BAND_NODES: usize = 64;
/// Widest Gaussian laid down, in those a field is made for.
pub(crate) const WIDEST: f64 = 3.0;
/// Most nodes that a Gaussian reaches along an axis.
const NODES_MAX: usize = (2.0 * GAUSSIAN_END * WIDEST * CELLS_PER_SPREAD) as usize + 2;

impl SoftField {
    /// An empty field for Gaussians of about `spread_px`.
    pub(crate) fn new(extent: Extent, spread_px: f64) -> Self {
        let cell_px = (spread_px / CELLS_PER_SPREAD).max(1.0);
        let nodes_over = |size: usize| (size as f64 / cell_px).ceil() as usize + 2;
        let (width, height) =
            (nodes_over(extent.right - extent.left), nodes_over(extent.bottom - extent.top));
        let columns = (0..extent.right - extent.left)
            .map(|column| node_before((column as f64 + 0.5) / cell_px, width))
            .map(|(node, beyond)| (node as u32, beyond))
            .collect();
        let (left_px, top_px) = (extent.left as f64, extent.top as f64);
        Self { left_px, top_px, cell_px, width, height, nodes: vec![[0.0; 4]; width * height], columns }
    }

    /// Lays down Gaussians, in their order.
    ///
    /// # Determinism
    /// Threads share the rows of nodes, so every node adds up in the same order.
    pub(crate) fn add_all(&mut self, spots: &[Spot]) {
        let (left_px, top_px, cell_px, width) = (self.left_px, self.top_px, self.cell_px, self.width);
        self.nodes.par_chunks_mut(width * BAND_NODES).enumerate().for_each(|(number, nodes)| {
            let band_px = top_px + (number * BAND_NODES) as f64 * cell_px;
            let end_px = band_px + BAND_NODES as f64 * cell_px;
            for spot in spots {
                let reach = GAUSSIAN_END * spot.spread_px;
                if spot.y_px + reach >= band_px && spot.y_px - reach <= end_px {
                    spot.lay_on(nodes, width, [left_px, band_px], cell_px);
                }
            }
        });
    }

    /// Adds what another field of the same extent holds at every node.
    pub(crate) fn add_field(&mut self, other: &Self) {
        let (top_px, cell_px) = (self.top_px, self.cell_px);
        let places: Vec<(usize, f32)> =
            (0..self.width).map(|x| node_before(x as f64 * cell_px / other.cell_px, other.width)).collect();
        self.nodes.par_chunks_mut(self.width).enumerate().for_each(|(y, nodes)| {
            let line = other.line_at(top_px + y as f64 * cell_px, 0..other.width);
            for (node, (x, t)) in nodes.iter_mut().zip(&places) {
                let value = between(line[*x], line[*x + 1], *t);
                (0..4).for_each(|k| node[k] += value[k]);
            }
        });
    }

    /// Adds a part of a row of pixels of the extent, read between the nodes, to `sums`.
    pub(crate) fn add_row_to(&self, row_px: usize, left: usize, sums: &mut [Lanes]) {
        let columns = &self.columns[left - self.left_px as usize..][..sums.len()];
        let (Some((first, _)), Some((last, _))) = (columns.first(), columns.last()) else { return };
        let line = self.line_at(row_px as f64 + 0.5, *first as usize..*last as usize + 2);
        for ((x, t), sum) in columns.iter().zip(sums) {
            let i = (x - first) as usize;
            let value = between(line[i], line[i + 1], *t);
            (0..4).for_each(|k| sum[k] += value[k]);
        }
    }

    /// The values of some columns of nodes along a line across the extent.
    fn line_at(&self, y_px: f64, columns: std::ops::Range<usize>) -> Vec<Lanes> {
        let (y, t) = node_before((y_px - self.top_px) / self.cell_px, self.height);
        let line = |y: usize| &self.nodes[y * self.width..][columns.clone()];
        line(y).iter().zip(line(y + 1)).map(|(above, below)| between(*above, *below, t)).collect()
    }
}

/// A Gaussian that sums to `amount` over pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// Middle, px.
    pub(crate) x_px: f64,
    /// Middle, px.
    pub(crate) y_px: f64,
    /// Standard deviation, px.
    pub(crate) spread_px: f64,
    /// Sum over pixels, R, G, B.
    pub(crate) amount: [f64; 3],
}

impl Spot {
    /// Lays it on rows of nodes whose first one is at `corner_px`.
    fn lay_on(&self, nodes: &mut [Lanes], width: usize, corner_px: [f64; 2], cell_px: f64) {
        let spread = self.spread_px / cell_px;
        // because a Gaussian narrower than the nodes' distance would be missed or doubled by where it falls.
        let spread = if spread > NARROWEST { spread } else { NARROWEST };
        let (mut across, mut down) = ([0.0; NODES_MAX], [0.0; NODES_MAX]);
        let columns = bell((self.x_px - corner_px[0]) / cell_px, spread, width, &mut across);
        let rows = bell((self.y_px - corner_px[1]) / cell_px, spread, nodes.len() / width, &mut down);
        let peak = 1.0 / (std::f64::consts::TAU * (spread * cell_px).powi(2));
        let [r, g, b] = self.amount.map(|a| (a * peak) as f32);
        for (row, down) in rows.zip(down) {
            let amount = [r * down, g * down, b * down, 0.0];
            let line = &mut nodes[row * width..][columns.clone()];
            for (node, across) in line.iter_mut().zip(&across) {
                (0..4).for_each(|k| node[k] += amount[k] * across);
            }
        }
    }
}

/// Nodes, of `count`, that a Gaussian around `middle` reaches, and its height at each of them; all in cells.
fn bell(middle: f64, spread: f64, count: usize, heights: &mut [f32; NODES_MAX]) -> std::ops::Range<usize> {
    let reach = GAUSSIAN_END * spread;
    let first = (middle - reach).ceil().clamp(0.0, count as f64) as usize;
    let end = ((middle + reach).floor() + 1.0).clamp(first as f64, count as f64) as usize;
    let end = end.min(first + NODES_MAX);
    // because a Gaussian's neighbors have ratios that change by a constant factor, three exponentials are enough.
    let (step, d) = (1.0 / spread, (first as f64 - middle) / spread);
    let mut height = (-d * d / 2.0).exp();
    let mut ratio = (-step * (d + step / 2.0)).exp();
    let change = (-step * step).exp();
    for value in &mut heights[..end - first] {
        *value = height as f32;
        height *= ratio;
        ratio *= change;
    }
    first..end
}

/// The node before a place (in cells), of `count`, and how far beyond it the place is, 0 to 1.
fn node_before(place: f64, count: usize) -> (usize, f32) {
    let node = (place as usize).min(count - 2);
    (node, (place - node as f64) as f32)
}

#[inline]
fn between(before: Lanes, after: Lanes, t: f32) -> Lanes {
    std::array::from_fn(|k| before[k] + t * (after[k] - before[k]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_down_is_read_back() {
        let extent = Extent { left: 10, top: 20, right: 110, bottom: 140 };
        let mut field = SoftField::new(extent, 9.0);
        field.add_all(&[Spot { x_px: 57.3, y_px: 81.9, spread_px: 9.0, amount: [1.0, 2.0, 0.0] }]);
        let mut total = [0.0f64; 3];
        for row in extent.top..extent.bottom {
            let mut sums = vec![[0.0; 4]; extent.right - extent.left];
            field.add_row_to(row, extent.left, &mut sums);
            sums.iter().for_each(|s| (0..3).for_each(|k| total[k] += f64::from(s[k])));
        }
        assert!(
            (total[0] - 1.0).abs() < 0.01 && (total[1] - 2.0).abs() < 0.02 && total[2] == 0.0,
            "{total:?}"
        );
    }
}
