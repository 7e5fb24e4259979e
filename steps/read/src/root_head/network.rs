//! The network: fifteen layers, 224,000 weights, learned by sources/root_head/train.py.

use std::sync::LazyLock;

use rayon::prelude::*;
use stipple_raster::Grid;
use stipple_raster::convolution::{Convolution, Finish, Maps};

use super::{Input, sides};

/// What the network says of a picture.
pub(super) struct Answer {
    /// How sure it is that a root is here (logit), one a sample of the input.
    pub(super) root: Grid,
    /// Way from root to tip, across and down, one for two by two samples of the input.
    pub(super) toward: [Grid; 2],
    /// How likely one, two, or more hairs come out together (logits); the same.
    pub(super) hairs: [Grid; 3],
    /// Half the way between the outer of them, r cos 2t and r sin 2t with the axis at angle t; samples of the input.
    pub(super) axis: [Grid; 2],
    /// How sure that may be.
    pub(super) calibration: Calibration,
}

/// Inputs, outputs, size of the kernel, dilation of a layer, in the order of the file of weights.
const LAYERS: [(usize, usize, usize, usize); 15] = [
    (12, 24, 3, 1),
    (24, 24, 3, 1),
    (24, 48, 3, 1),
    (48, 48, 3, 1),
    (48, 48, 3, 2),
    (48, 64, 3, 1),
    (64, 64, 3, 1),
    (64, 64, 3, 2),
    (64, 48, 1, 1),
    (48, 48, 3, 4),
    (48, 48, 3, 2),
    (48, 24, 1, 1),
    (24, 32, 3, 1),
    (32, 32, 3, 1),
    (32, 11, 1, 1),
];
/// Larger pictures than this are looked at from one side only, samples of the input: 75 mm square.
const FOUR_SIDES_MAX: usize = 810_000;
/// Side of what is computed at a time, and how far around it the network looks, samples of the input.
const TILE: usize = 960;
/// See [`TILE`].
const REACH: usize = 88;

/// Little-endian f32: of every layer the weights (output, input, row, column), then the biases; last
/// slope and offset of the calibrations, for one look and for four.
static WEIGHTS: &[u8] = include_bytes!("../../../../sources/root_head/weights.bin");
static NETWORK: LazyLock<Network> = LazyLock::new(|| Network::from_bytes(WEIGHTS));
struct Network {
    layers: Vec<Convolution>,
    /// After one look, and after four.
    calibrations: [Calibration; 2],
}

/// From what the network says to how often that is right, measured on scenes that were held back.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Calibration {
    slope: f64,
    offset: f64,
}

impl Calibration {
    /// Probability that there is a root within 0.15 mm of a peak.
    pub(super) fn confidence(self, logit: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * logit + self.offset)).exp())
    }

    /// What the network says of a peak of a given confidence.
    pub(super) fn logit_of(self, confidence: f64) -> f64 {
        ((confidence / (1.0 - confidence)).ln() - self.offset) / self.slope
    }
}

impl Network {
    /// # Panics
    /// If the weights are not those of the layers; they are part of the program.
    fn from_bytes(bytes: &[u8]) -> Self {
        let mut numbers = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let mut take = |n: usize| numbers.by_ref().take(n).collect::<Vec<f32>>();
        let mut layers = Vec::with_capacity(LAYERS.len());
        for (inputs, outputs, kernel, dilation) in LAYERS {
            let weights = take(outputs * inputs * kernel * kernel);
            layers.push(Convolution::new((inputs, outputs), kernel, dilation, &weights, &take(outputs)));
        }
        let last: Vec<f64> = take(4).into_iter().map(f64::from).collect();
        assert!(last.len() == 4 && numbers.next().is_none(), "all weights belong to a layer");
        let calibrations = [0, 2].map(|k| Calibration { slope: last[k], offset: last[k + 1] });
        Self { layers, calibrations }
    }

    /// Eleven maps at half the size of the twelve that come in.
    fn answer(&self, folded: &Maps) -> Maps {
        let layer = |k: usize| &self.layers[k];
        let residual = |k: usize, maps: &Maps| layer(k).apply(maps, Finish::AddAndRectify(maps));
        let fine = layer(1).apply(&layer(0).apply(folded, Finish::Rectify), Finish::Rectify);
        let wide = residual(4, &residual(3, &layer(2).apply_halving(&fine, Finish::Rectify)));
        let far = residual(7, &residual(6, &layer(5).apply_halving(&wide, Finish::Rectify)));
        let wide = sum(wide, &doubled(&layer(8).apply(&far, Finish::Plain)));
        let wide = residual(10, &residual(9, &wide));
        let joined = sum(fine, &doubled(&layer(11).apply(&wide, Finish::Plain)));
        let joined = layer(12).apply(&joined, Finish::Rectify);
        layer(14).apply(&layer(13).apply(&joined, Finish::Rectify), Finish::Plain)
    }
}

/// What the network says of a picture: of a small one the mean over its four mirror images, which is a little surer.
///
/// # Cost
/// About 15,000 multiplications a sample and image; memory for one tile of 960 samples a side.
pub(super) fn answer(input: &Input) -> Answer {
    let [gray, ..] = &input.channels;
    let [once, four_times] = NETWORK.calibrations;
    if gray.width * gray.height > FOUR_SIDES_MAX {
        Answer { calibration: once, ..answer_once(input) }
    } else {
        Answer { calibration: four_times, ..sides::answer(input, answer_once) }
    }
}

/// What the network says of a picture, tile by tile.
fn answer_once(input: &Input) -> Answer {
    let [gray, ..] = &input.channels;
    let (width, height) = (gray.width, gray.height);
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let half = || Grid::filled(half_width, half_height, 0.0);
    let mut answer = Answer {
        root: Grid::filled(width, height, 0.0),
        toward: [half(), half()],
        hairs: [half(), half(), half()],
        axis: [half(), half()],
        calibration: Calibration::default(),
    };
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            let tile = Tile::around((left, top), (width, height));
            tile.keep(&NETWORK.answer(&tile.folded(input)), &mut answer);
        }
    }
    answer
}

/// A tile with what is around it; all in samples of the input, starts and sizes multiples of eight.
struct Tile {
    start: (usize, usize),
    size: (usize, usize),
    kept: (std::ops::Range<usize>, std::ops::Range<usize>),
}

impl Tile {
    fn around((left, top): (usize, usize), (width, height): (usize, usize)) -> Self {
        let side = |from: usize, end: usize| {
            let start = from.saturating_sub(REACH);
            let stop = (from + TILE + REACH).min(end);
            (start, (stop - start).next_multiple_of(8), from..(from + TILE).min(end))
        };
        let ((x, columns, across), (y, rows, down)) = (side(left, width), side(top, height));
        Self { start: (x, y), size: (columns, rows), kept: (across, down) }
    }

    /// Two by two samples of three channels become twelve channels of one.
    fn folded(&self, input: &Input) -> Maps {
        let mut maps = Maps::zero(12, self.size.0 / 2, self.size.1 / 2);
        maps.fill_rows(|y, channel, row| {
            let grid = &input.channels[channel / 4];
            let line = self.start.1 + 2 * y + channel % 4 / 2;
            if line < grid.height {
                let samples = &grid.row(line)[self.start.0..];
                for (x, value) in row.iter_mut().enumerate() {
                    *value = samples.get(2 * x + channel % 2).copied().unwrap_or(0.0);
                }
            }
        });
        maps
    }

    /// Unfolds the tile's own part into the answer.
    fn keep(&self, maps: &Maps, answer: &mut Answer) {
        let (across, down) = (self.kept.0.clone(), self.kept.1.clone());
        let width = answer.root.width;
        let rows = answer.root.samples[down.start * width..down.end * width].par_chunks_mut(width);
        rows.zip(down.clone()).for_each(|(row, y)| {
            let own = y - self.start.1;
            for x in across.clone() {
                let column = x - self.start.0;
                row[x] = maps.row(2 * (own % 2) + column % 2, own / 2)[column / 2];
            }
        });
        let halves = answer.toward.iter_mut().chain(&mut answer.hairs).chain(&mut answer.axis);
        for (grid, channel) in halves.zip(4..) {
            for y in down.start / 2..down.end.div_ceil(2) {
                let from = &maps.row(channel, y - self.start.1 / 2)[(across.start - self.start.0) / 2..];
                let columns = across.start / 2..across.end.div_ceil(2);
                let n = columns.len();
                grid.samples[y * grid.width + columns.start..][..n].copy_from_slice(&from[..n]);
            }
        }
    }
}

/// Every sample twice each way.
fn doubled(small: &Maps) -> Maps {
    let mut large = Maps::zero(small.channels, 2 * small.width, 2 * small.height);
    large.fill_rows(|y, channel, row| {
        let samples = small.row(channel, y / 2);
        row.iter_mut().enumerate().for_each(|(x, value)| *value = samples[x / 2]);
    });
    large
}

/// Sample by sample, rectified.
fn sum(one: Maps, two: &Maps) -> Maps {
    let mut sum = Maps::zero(one.channels, one.width, one.height);
    sum.fill_rows(|y, channel, row| {
        let both = one.row(channel, y).iter().zip(two.row(channel, y));
        row.iter_mut().zip(both).for_each(|(value, (a, b))| *value = (a + b).max(0.0));
    });
    sum
}
