//! Linear filters.

use rayon::prelude::*;

use crate::grid::Grid;

/// Gaussian blur with a standard deviation in pixels; zero returns the grid unchanged.
///
/// # Cost
/// Separable, O(pixels × sigma) up to 8 px; above that the grid is shrunk first, which keeps it
/// linear in the pixels (error below 1 % of the step response).
pub fn gaussian_blur(grid: &Grid, sigma_px: f32) -> Grid {
    if sigma_px <= 0.0 {
        return grid.clone();
    }
    let factor = (sigma_px / 4.0).floor() as usize;
    if factor >= 2 && grid.width >= 4 * factor && grid.height >= 4 * factor {
        // Averaging over `factor` pixels and linear enlarging each widen the kernel a little: take that off.
        let own = (factor * factor) as f32 / 4.0;
        let small = shrink(grid, factor);
        let sigma = (sigma_px * sigma_px - own).sqrt() / factor as f32;
        return enlarge(&blur_separable(&small, sigma), factor, grid.width, grid.height);
    }
    blur_separable(grid, sigma_px)
}

/// Mean over blocks of `factor` × `factor` pixels; ragged blocks at the far edges use what is there.
///
/// # Panics
/// If `factor` is zero.
pub fn shrink(grid: &Grid, factor: usize) -> Grid {
    assert!(factor > 0, "shrinking needs a factor of at least one");
    let (width, height) = (grid.width.div_ceil(factor), grid.height.div_ceil(factor));
    let mut samples = vec![0.0; width * height];
    samples.par_chunks_mut(width).enumerate().for_each(|(y, out)| {
        let rows = y * factor..((y + 1) * factor).min(grid.height);
        for (x, value) in out.iter_mut().enumerate() {
            let columns = x * factor..((x + 1) * factor).min(grid.width);
            let n = (rows.len() * columns.len()) as f32;
            *value = rows.clone().map(|r| grid.row(r)[columns.clone()].iter().sum::<f32>()).sum::<f32>() / n;
        }
    });
    Grid { width, height, samples }
}

/// Bilinear enlargement of a grid made by [`shrink`] back to a given size.
pub fn enlarge(small: &Grid, factor: usize, width: usize, height: usize) -> Grid {
    let rows = Enlarged::new(small, factor, width);
    let mut samples = vec![0.0; width * height];
    samples.par_chunks_mut(width).enumerate().for_each_init(Vec::new, |between, (y, out)| {
        rows.row(y, between, out);
    });
    Grid { width, height, samples }
}

/// A small grid enlarged row by row.
pub struct Enlarged<'a> {
    small: &'a Grid,
    factor: usize,
    /// For every column the two small ones that it lies between, and the share of the second.
    columns: Vec<(u32, u32, f32)>,
}

impl<'a> Enlarged<'a> {
    /// A grid made by [`shrink`], to be enlarged to a width.
    pub fn new(small: &'a Grid, factor: usize, width: usize) -> Self {
        let column = |x: usize| {
            let (left, right, share) = neighbors(x, factor, small.width);
            (left as u32, right as u32, share)
        };
        Self { small, factor, columns: (0..width).map(column).collect() }
    }

    /// One row of [`enlarge`]; `between` is room for a row of the small grid.
    pub fn row(&self, y: usize, between: &mut Vec<f32>, out: &mut [f32]) {
        let (above, below, share) = neighbors(y, self.factor, self.small.height);
        let rows = self.small.row(above).iter().zip(self.small.row(below));
        between.clear();
        between.extend(rows.map(|(a, b)| a * (1.0 - share) + b * share));
        for (value, (left, right, share)) in out.iter_mut().zip(&self.columns) {
            *value = between[*left as usize] * (1.0 - share) + between[*right as usize] * share;
        }
    }
}

/// The two small samples that a large one lies between, and the share of the second.
#[inline]
fn neighbors(at: usize, factor: usize, end: usize) -> (usize, usize, f32) {
    let place = (at as f32 + 0.5) / factor as f32 - 0.5;
    let first = place.max(0.0) as usize;
    (first.min(end - 1), (first + 1).min(end - 1), place.max(0.0) - first as f32)
}

fn blur_separable(grid: &Grid, sigma: f32) -> Grid {
    let kernel = gaussian_kernel(sigma);
    let along = blur_rows(grid, &kernel);
    blur_columns(&along, &kernel)
}

/// Half kernel, center first, whose mirrored sum is 1; cut at 3.5 standard deviations.
fn gaussian_kernel(sigma: f32) -> Vec<f32> {
    let radius = (3.5 * sigma).ceil() as usize;
    let half: Vec<f32> = (0..=radius).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f32>();
    half.into_iter().map(|v| v / sum).collect()
}

fn blur_rows(grid: &Grid, kernel: &[f32]) -> Grid {
    let (width, radius) = (grid.width, kernel.len() - 1);
    let mut samples = vec![0.0; grid.samples.len()];
    samples.par_chunks_mut(width).enumerate().for_each_init(
        || vec![0.0f32; width + 2 * radius],
        |padded, (y, out)| {
            let row = grid.row(y);
            padded[..radius].fill(row[0]);
            padded[radius..radius + width].copy_from_slice(row);
            padded[radius + width..].fill(row[width - 1]);
            mirrored_sum(out, kernel, |i| (&padded[radius - i..], &padded[radius + i..]));
        },
    );
    Grid { width, height: grid.height, samples }
}

fn blur_columns(grid: &Grid, kernel: &[f32]) -> Grid {
    let (width, height) = (grid.width, grid.height);
    let mut samples = vec![0.0; grid.samples.len()];
    samples.par_chunks_mut(width).enumerate().for_each(|(y, out)| {
        mirrored_sum(out, kernel, |i| (grid.row(y.saturating_sub(i)), grid.row((y + i).min(height - 1))));
    });
    Grid { width, height, samples }
}

/// Weighted sum of pairs of lines, `lines(i)` with the weight `kernel[i]`; of the pair 0 the first alone counts.
fn mirrored_sum<'a>(out: &mut [f32], kernel: &[f32], lines: impl Fn(usize) -> (&'a [f32], &'a [f32])) {
    // The same steps with as many lanes as the processor has.
    pulp::Arch::new().dispatch(|| {
        for (value, center) in out.iter_mut().zip(lines(0).0) {
            *value = kernel[0] * center;
        }
        for (i, weight) in kernel.iter().enumerate().skip(1) {
            let (one, two) = lines(i);
            for ((value, a), b) in out.iter_mut().zip(one).zip(two) {
                *value += weight * (a + b);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn impulse(n: usize) -> Grid {
        let mut grid = Grid::filled(n, n, 0.0);
        grid.samples[(n / 2) * n + n / 2] = 1.0;
        grid
    }

    /// Sum and per-axis variance of a blurred impulse.
    fn moments(grid: &Grid) -> (f64, f64) {
        let (mut sum, mut second) = (0.0, 0.0);
        for y in 0..grid.height {
            for x in 0..grid.width {
                let value = f64::from(grid.at(x, y));
                sum += value;
                second += value * (x as f64 - (grid.width / 2) as f64).powi(2);
            }
        }
        (sum, second / sum)
    }

    #[test]
    fn blur_keeps_the_sum_and_has_the_variance_asked_for() {
        for sigma in [0.8f32, 2.0, 5.0, 14.0, 30.0] {
            let (sum, variance) = moments(&gaussian_blur(&impulse(301), sigma));
            assert!((sum - 1.0).abs() < 1e-2, "sigma {sigma}: sum {sum}");
            let expected = f64::from(sigma * sigma);
            assert!((variance / expected - 1.0).abs() < 0.05, "sigma {sigma}: variance {variance}");
        }
    }

    #[test]
    fn a_flat_grid_stays_flat() {
        let flat = gaussian_blur(&Grid::filled(100, 37, 0.25), 9.0);
        assert!(flat.samples.iter().all(|v| (v - 0.25).abs() < 1e-5));
    }

    #[test]
    fn shrinking_takes_means_and_keeps_ragged_edges() {
        let grid = Grid::from_samples(3, 2, vec![1.0, 3.0, 5.0, 1.0, 3.0, 7.0]);
        assert_eq!(shrink(&grid, 2).samples, vec![2.0, 6.0]);
    }
}
