//! Filters that look at a part of the grid only.

use rayon::prelude::*;

use crate::filter::gaussian_blur;
use crate::grid::{Grid, Mask};

/// Gaussian mean over the samples inside the mask (normalized convolution); `fallback` where none is near.
///
/// # Panics
/// If the sizes differ.
pub fn blur_inside(grid: &Grid, mask: &Mask, sigma_px: f32, fallback: f32) -> Grid {
    Inside::new(mask, sigma_px).blur(grid, fallback)
}

/// [`blur_inside`] for several grids with one mask.
pub struct Inside {
    weight: Grid,
    share: Grid,
    sigma_px: f32,
}

impl Inside {
    /// Gaussian means over the samples inside a mask.
    pub fn new(mask: &Mask, sigma_px: f32) -> Self {
        Self::weighted(as_weights(mask), sigma_px)
    }

    /// Gaussian means in which every sample has a weight, zero to one.
    pub fn weighted(weight: Grid, sigma_px: f32) -> Self {
        Self { share: gaussian_blur(&weight, sigma_px), weight, sigma_px }
    }

    /// The means of a grid; `fallback` where the mask is not near.
    ///
    /// # Panics
    /// If the sizes differ.
    pub fn blur(&self, grid: &Grid, fallback: f32) -> Grid {
        let Self { weight, share, sigma_px } = self;
        assert!(
            grid.width == weight.width && grid.height == weight.height,
            "grid and mask of one size are needed"
        );
        let kept = Grid::computed(grid.width, grid.height, |k| grid.samples[k] * weight.samples[k]);
        let mut mean = gaussian_blur(&kept, *sigma_px);
        mean.samples.par_iter_mut().with_min_len(4096).zip(&share.samples).for_each(|(s, w)| {
            *s = if *w > 1e-3 { *s / w } else { fallback };
        });
        mean
    }
}

/// Means over the samples of a mask in blocks of `factor` × `factor`, and the share of each block that is inside.
///
/// `values` gives what is averaged, for a sample inside the mask by its index. Zero where nothing is inside.
///
/// # Panics
/// If `factor` is zero.
pub fn block_means<const N: usize>(
    mask: &Mask,
    factor: usize,
    values: impl Fn(usize) -> [f32; N] + Sync,
) -> (Grid, [Grid; N]) {
    assert!(factor > 0, "a block needs pixels");
    let (width, height) = (mask.width.div_ceil(factor), mask.height.div_ceil(factor));
    let block = |k: usize| {
        let rows = k / width * factor..((k / width + 1) * factor).min(mask.height);
        let columns = k % width * factor..((k % width + 1) * factor).min(mask.width);
        let all = (rows.len() * columns.len()) as f32;
        let (mut sums, mut n) = ([0.0f32; N], 0.0f32);
        for at in rows.flat_map(|y| columns.clone().map(move |x| y * mask.width + x)) {
            if mask.samples[at] {
                sums.iter_mut().zip(values(at)).for_each(|(sum, value)| *sum += value);
                n += 1.0;
            }
        }
        (n / all, sums.map(|sum| sum / n.max(1.0)))
    };
    let blocks: Vec<(f32, [f32; N])> =
        (0..width * height).into_par_iter().with_min_len(256).map(block).collect();
    let share = blocks.iter().map(|(share, _)| *share).collect();
    let plane =
        |c: usize| Grid::from_samples(width, height, blocks.iter().map(|(_, means)| means[c]).collect());
    (Grid::from_samples(width, height, share), std::array::from_fn(plane))
}

/// One inside the mask, zero outside.
pub fn as_weights(mask: &Mask) -> Grid {
    Grid::computed(mask.width, mask.height, |k| f32::from(u8::from(mask.samples[k])))
}

/// Robust spread around zero in square tiles: the lower quartile of magnitudes over 0.3186, inside the mask.
///
/// The lower quartile of a normal spread does not mind that up to half of a tile is something else.
/// The answer has one sample a tile; tiles with less than a tenth of their samples inside get the spread of
/// the whole. Zero where the mask is empty.
///
/// # Panics
/// If `tile_px` is zero or the sizes differ.
pub fn spread_in_tiles(grid: &Grid, mask: &Mask, tile_px: usize) -> Grid {
    assert!(tile_px > 0, "a tile needs pixels");
    assert!(grid.width == mask.width && grid.height == mask.height, "grid and mask of one size are needed");
    let (width, height) = (grid.width.div_ceil(tile_px), grid.height.div_ceil(tile_px));
    // Every second sample of a row and column says as much: neighbors are correlated.
    let in_tile = |k: usize| -> Vec<f32> {
        let (left, top) = (k % width * tile_px, k / width * tile_px);
        let rows = (top..(top + tile_px).min(grid.height)).step_by(2);
        let columns = || (left..(left + tile_px).min(grid.width)).step_by(2);
        rows.flat_map(|y| columns().filter(move |x| mask.at(*x, y)).map(move |x| grid.at(x, y).abs()))
            .collect()
    };
    let tiles: Vec<(Option<f32>, Vec<f32>)> = (0..width * height)
        .into_par_iter()
        .map(|k| {
            let mut inside = in_tile(k);
            let some = inside.iter().copied().step_by(4).collect();
            let enough = inside.len() * 40 >= tile_px * tile_px;
            (enough.then(|| spread(&mut inside)), some)
        })
        .collect();
    let mut all: Vec<f32> = tiles.iter().flat_map(|(_, some)| some).copied().collect();
    let whole = spread(&mut all);
    let samples = tiles.into_iter().map(|(own, _)| own.unwrap_or(whole)).collect();
    Grid::from_samples(width, height, samples)
}

fn spread(magnitudes: &mut [f32]) -> f32 {
    if magnitudes.is_empty() {
        return 0.0;
    }
    let quarter = magnitudes.len() / 4;
    *magnitudes.select_nth_unstable_by(quarter, f32::total_cmp).1 / 0.3186
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_take_the_mean_of_what_is_inside() {
        let mask = Mask { width: 3, height: 2, samples: vec![true, false, true, true, false, false] };
        let (share, [mean]) = block_means(&mask, 2, |k| [k as f32]);
        assert_eq!((share.samples, mean.samples), (vec![0.5, 0.5], vec![1.5, 2.0]));
    }

    #[test]
    fn what_lies_outside_does_not_leak_in() {
        let mut grid = Grid::filled(60, 20, 1.0);
        let mut mask = Mask::filled(60, 20, true);
        for y in 0..20 {
            grid.samples[y * 60 + 30..y * 60 + 60].fill(100.0);
            mask.samples[y * 60 + 30..y * 60 + 60].fill(false);
        }
        let mean = blur_inside(&grid, &mask, 4.0, -1.0);
        assert!((mean.at(29, 10) - 1.0).abs() < 1e-4 && mean.at(59, 10) == -1.0);
    }

    #[test]
    fn spread_of_a_known_pattern() {
        let samples = (0..64 * 64).map(|k| if k % 2 == 0 { 0.3186 } else { -0.3186 }).collect();
        let spread = spread_in_tiles(&Grid::from_samples(64, 64, samples), &Mask::filled(64, 64, true), 32);
        assert!(spread.width == 2 && spread.samples.iter().all(|s| (s - 1.0).abs() < 1e-6));
    }
}
