//! A picture and its mirror images: what is there does not depend on the side it is looked at from.

use rayon::prelude::*;
use stipple_raster::Grid;

use super::Input;
use super::network::Answer;

/// The network folds eight samples; padded to these, every image folds alike.
const FOLD: usize = 8;

/// Which way a picture is mirrored.
#[derive(Clone, Copy, PartialEq)]
struct Side {
    across: bool,
    down: bool,
}

/// The mean of what is said of four mirror images, laid back onto the picture; padded to multiples of eight.
pub(super) fn answer(input: &Input, of_one: impl Fn(&Input) -> Answer) -> Answer {
    let from = |across: bool, down: bool| {
        let side = Side { across, down };
        let channels = input.channels.each_ref().map(|grid| side.seen(&padded(grid)));
        side.laid_back(of_one(&Input { channels, per_working: input.per_working }))
    };
    let mut mean = from(false, false);
    for (across, down) in [(true, false), (false, true), (true, true)] {
        mean = mean.plus(&from(across, down));
    }
    mean.grids().flat_map(|grid| &mut grid.samples).for_each(|value| *value /= 4.0);
    mean
}

impl Side {
    fn seen(self, grid: &Grid) -> Grid {
        let (width, height) = (grid.width, grid.height);
        let mut samples = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = grid.row(if self.down { height - 1 - y } else { y });
            if self.across {
                samples.extend(row.iter().rev());
            } else {
                samples.extend_from_slice(row);
            }
        }
        Grid::from_samples(width, height, samples)
    }

    /// An answer of a mirror image as one of the picture itself.
    fn laid_back(self, mut answer: Answer) -> Answer {
        answer.grids().for_each(|grid| *grid = self.seen(grid));
        let turned = |grid: &mut Grid| grid.samples.iter_mut().for_each(|value| *value = -*value);
        if self.across {
            turned(&mut answer.toward[0]);
        }
        if self.down {
            turned(&mut answer.toward[1]);
        }
        // An axis at angle t comes to lie at −t, which only its sine tells.
        if self.across != self.down {
            turned(&mut answer.axis[1]);
        }
        answer
    }
}

impl Answer {
    fn grids(&mut self) -> impl Iterator<Item = &mut Grid> {
        std::iter::once(&mut self.root).chain(&mut self.toward).chain(&mut self.hairs).chain(&mut self.axis)
    }

    fn plus(mut self, other: &Self) -> Self {
        let others = std::iter::once(&other.root).chain(&other.toward).chain(&other.hairs).chain(&other.axis);
        for (grid, other) in self.grids().zip(others) {
            let pairs = grid.samples.par_iter_mut().zip(&other.samples);
            pairs.for_each(|(value, more)| *value += more);
        }
        self
    }
}

/// The grid with nothing beyond its right and lower border, up to a multiple of eight.
fn padded(grid: &Grid) -> Grid {
    let (width, height) = (grid.width.next_multiple_of(FOLD), grid.height.next_multiple_of(FOLD));
    let mut samples = vec![0.0; width * height];
    for (y, row) in samples.chunks_exact_mut(width).take(grid.height).enumerate() {
        row[..grid.width].copy_from_slice(grid.row(y));
    }
    Grid::from_samples(width, height, samples)
}

#[cfg(test)]
mod tests {
    use super::super::network::Calibration;
    use super::*;

    /// Says of every place what is in it, and in which direction the picture gets darker.
    fn slopes(input: &Input) -> Answer {
        let root = input.channels[0].clone();
        let half = |of: &dyn Fn(usize, usize) -> f32| {
            let (width, height) = (root.width / 2, root.height / 2);
            Grid::from_samples(width, height, (0..width * height).map(|k| of(k % width, k / width)).collect())
        };
        let four = |x: usize, y: usize| [0, 1, 2, 3].map(|k| root.at(2 * x + k % 2, 2 * y + k / 2));
        let signed = |signs: [f32; 4]| {
            half(&|x, y| four(x, y).iter().zip(signs).map(|(value, sign)| sign * value).sum())
        };
        let (across, down) = (signed([-1.0, 1.0, -1.0, 1.0]), signed([-1.0, -1.0, 1.0, 1.0]));
        let twist = half(&|x, y| across.at(x, y) * down.at(x, y));
        let (none, mean) = (half(&|_, _| 0.0), signed([1.0; 4]));
        Answer {
            toward: [across, down],
            hairs: [none.clone(), none.clone(), none],
            axis: [mean, twist],
            calibration: Calibration::default(),
            root,
        }
    }

    #[test]
    fn what_does_not_depend_on_the_side_stays() {
        let rough = |k: usize| ((k * 37 + k / 21 * 11) % 101) as f32;
        let rough = Grid::from_samples(21, 13, (0..21 * 13).map(rough).collect());
        let input = Input { channels: [rough.clone(), rough.clone(), rough], per_working: 1.0 };
        let whole = Input { channels: input.channels.each_ref().map(padded), per_working: 1.0 };
        let (one, four) = (slopes(&whole), answer(&input, slopes));
        let same = |a: &Grid, b: &Grid| a.samples.iter().zip(&b.samples).all(|(a, b)| (a - b).abs() < 1e-4);
        assert!(same(&one.root, &four.root));
        assert!(same(&one.toward[0], &four.toward[0]) && same(&one.toward[1], &four.toward[1]));
        assert!(same(&one.axis[0], &four.axis[0]) && same(&one.axis[1], &four.axis[1]));
    }

    #[test]
    fn padding_ends_at_multiples_of_eight() {
        let grid = padded(&Grid::filled(13, 8, 1.0));
        assert_eq!((grid.width, grid.height), (16, 8));
        assert_eq!(grid.samples.iter().sum::<f32>(), 104.0);
    }
}
