//! Wide, soft contributions, gathered on a coarse grid.

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

/// Cells per standard deviation.
const CELLS_PER_SPREAD: f64 = 1.6;
/// Where a Gaussian counts as zero, in standard deviations.
pub(crate) const GAUSSIAN_END: f64 = 3.3;

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

    /// Lays down a Gaussian that sums to `amount` over pixels.
    pub(crate) fn add(&mut self, x_px: f64, y_px: f64, spread_px: f64, amount: [f64; 3]) {
        let spread = spread_px / self.cell_px;
        let (x, y) = ((x_px - self.left_px) / self.cell_px, (y_px - self.top_px) / self.cell_px);
        let reach = GAUSSIAN_END * spread;
        let nodes = |middle: f64, count: usize| {
            let first = (middle - reach).ceil().clamp(0.0, count as f64) as usize;
            let end = ((middle + reach).floor() + 1.0).clamp(0.0, count as f64) as usize;
            first..end
        };
        let weight = |node: usize, middle: f64| {
            let d = (node as f64 - middle) / spread;
            (-d * d / 2.0).exp() as f32
        };
        let peak = 1.0 / (std::f64::consts::TAU * spread_px * spread_px);
        let [r, g, b] = amount.map(|a| (a * peak) as f32);
        let amount = [r, g, b, 0.0];
        let columns = nodes(x, self.width);
        let across: Vec<f32> = columns.clone().map(|column| weight(column, x)).collect();
        for row in nodes(y, self.height) {
            let down = weight(row, y);
            let line = &mut self.nodes[row * self.width..][columns.clone()];
            for (node, across) in line.iter_mut().zip(&across) {
                (0..4).for_each(|k| node[k] += amount[k] * across * down);
            }
        }
    }

    /// Adds a row of pixels of the extent, read between the nodes, to `sums`.
    pub(crate) fn add_row_to(&self, row_px: usize, sums: &mut [Lanes]) {
        let (y, t) = node_before((row_px as f64 + 0.5 - self.top_px) / self.cell_px, self.height);
        let line: Vec<Lanes> = (0..self.width)
            .map(|x| between(self.nodes[y * self.width + x], self.nodes[(y + 1) * self.width + x], t))
            .collect();
        for ((x, t), sum) in self.columns.iter().zip(sums) {
            let value = between(line[*x as usize], line[*x as usize + 1], *t);
            (0..4).for_each(|k| sum[k] += value[k]);
        }
    }
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
        field.add(57.3, 81.9, 9.0, [1.0, 2.0, 0.0]);
        let mut total = [0.0f64; 3];
        for row in extent.top..extent.bottom {
            let mut sums = vec![[0.0; 4]; extent.right - extent.left];
            field.add_row_to(row, &mut sums);
            sums.iter().for_each(|s| (0..3).for_each(|k| total[k] += f64::from(s[k])));
        }
        assert!(
            (total[0] - 1.0).abs() < 0.01 && (total[1] - 2.0).abs() < 0.02 && total[2] == 0.0,
            "{total:?}"
        );
    }
}
