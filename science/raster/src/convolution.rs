//! Convolutions of many channels at once, as small networks need them.
//!
//! Sums run in one fixed order, each product fused with its sum (in software where a processor cannot), so a
//! network gives the same bits on every processor.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Vectors of columns computed together.
const VECTORS: usize = 2;
/// Rows are filled up to a multiple of this: two vectors of one, four, eight or sixteen lanes.
const COLUMNS: usize = 32;
/// Output channels computed together: with two vectors each they and what they need fill sixteen registers.
const OUTPUTS: usize = 6;
/// Zeros around the picture: the farthest a kernel may reach.
const BORDER: usize = 4;

/// A picture of several channels, zero outside.
#[derive(Clone, Debug)]
pub struct Maps {
    /// Channels.
    pub channels: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    stride: usize,
    samples: Vec<f32>,
}

impl Maps {
    /// All zero.
    pub fn zero(channels: usize, width: usize, height: usize) -> Self {
        let stride = width.next_multiple_of(COLUMNS) + 2 * BORDER;
        let samples = vec![0.0; (height + 2 * BORDER) * channels * stride];
        Self { channels, width, height, stride, samples }
    }

    /// One row of a channel.
    pub fn row(&self, channel: usize, y: usize) -> &[f32] {
        let start = self.start(channel, y + BORDER);
        &self.samples[start..start + self.width]
    }

    /// Fills every row: `fill(y, channel, row)`.
    pub fn fill_rows(&mut self, fill: impl Fn(usize, usize, &mut [f32]) + Sync) {
        let (stride, width) = (self.stride, self.width);
        self.inner_rows().enumerate().for_each(|(y, row)| {
            for (channel, samples) in row.chunks_mut(stride).enumerate() {
                fill(y, channel, &mut samples[BORDER..BORDER + width]);
            }
        });
    }

    /// Rows inside the border, each with all its channels.
    fn inner_rows(&mut self) -> impl IndexedParallelIterator<Item = &mut [f32]> {
        let (height, row) = (self.height, self.channels * self.stride);
        self.samples.par_chunks_mut(row).skip(BORDER).take(height)
    }

    fn start(&self, channel: usize, bordered_row: usize) -> usize {
        (bordered_row * self.channels + channel) * self.stride + BORDER
    }

    /// A row of a channel and what the kernel may reach beside it; `down` and `right` move the kernel.
    fn reach(&self, channel: usize, y: usize, down: isize, right: isize) -> &[f32] {
        let row = (y + BORDER).checked_add_signed(down).expect("kernels reach no farther than the border");
        let start = self.start(channel, row).checked_add_signed(right).expect("the border is wide enough");
        &self.samples[start..start + self.stride - 2 * BORDER]
    }
}

/// What is done to a sum before it is kept.
#[derive(Clone, Copy)]
pub enum Finish<'a> {
    /// Nothing.
    Plain,
    /// Values below zero become zero.
    Rectify,
    /// The same after adding maps of the same size.
    AddAndRectify(&'a Maps),
}

/// A convolution: weights by output, input, row, column.
#[derive(Clone, Debug)]
pub struct Convolution {
    inputs: usize,
    outputs: usize,
    kernel: usize,
    dilation: usize,
    /// By block of outputs, then input, row and column; the last block is filled up with zeros.
    weights: Vec<[f32; OUTPUTS]>,
    biases: Vec<[f32; OUTPUTS]>,
}

impl Convolution {
    /// From weights in the order output, input, row, column.
    ///
    /// # Panics
    /// If the numbers of weights or biases do not fit, or the kernel reaches farther than four samples.
    pub fn new(
        (inputs, outputs): (usize, usize),
        kernel: usize,
        dilation: usize,
        weights: &[f32],
        biases: &[f32],
    ) -> Self {
        let taps = inputs * kernel * kernel;
        assert!(weights.len() == outputs * taps && biases.len() == outputs, "weights fit the layer");
        assert!(kernel % 2 == 1 && kernel / 2 * dilation <= BORDER, "the kernel fits the border");
        let blocks = outputs.div_ceil(OUTPUTS);
        let at = |block: usize, of: &dyn Fn(usize) -> f32| {
            std::array::from_fn(|k| match OUTPUTS * block + k {
                output if output < outputs => of(output),
                _ => 0.0,
            })
        };
        let weight = |k: usize| at(k / taps, &|output| weights[output * taps + k % taps]);
        Self {
            inputs,
            outputs,
            kernel,
            dilation,
            weights: (0..blocks * taps).map(weight).collect(),
            biases: (0..blocks).map(|block| at(block, &|output| biases[output])).collect(),
        }
    }

    /// Every sample of the input becomes one of the output.
    pub fn apply(&self, input: &Maps, finish: Finish) -> Maps {
        let mut output = Maps::zero(self.outputs, input.width, input.height);
        self.fill(&mut output, finish, |y, channel, (down, right)| input.reach(channel, y, down, right));
        output
    }

    /// Every second sample each way becomes one of the output, for three by three kernels.
    ///
    /// # Panics
    /// If the input has odd sides or the kernel another size.
    pub fn apply_halving(&self, input: &Maps, finish: Finish) -> Maps {
        assert!(
            input.width.is_multiple_of(2)
                && input.height.is_multiple_of(2)
                && self.kernel == 3
                && self.dilation == 1
        );
        let (width, height) = (input.width / 2, input.height / 2);
        let [even, odd] = [0, 1].map(|first| {
            let mut half = Maps::zero(input.channels, width, input.height);
            half.fill_rows(|y, channel, row| {
                let all = input.row(channel, y);
                row.iter_mut().enumerate().for_each(|(x, value)| *value = all[2 * x + first]);
            });
            half
        });
        let mut output = Maps::zero(self.outputs, width, height);
        self.fill(&mut output, finish, |y, channel, (down, right)| match right {
            0 => even.reach(channel, 2 * y, down, 0),
            1 => odd.reach(channel, 2 * y, down, 0),
            _ => odd.reach(channel, 2 * y, down, -1),
        });
        output
    }

    /// Computes all rows; `source` gives the input row under one sample of the kernel.
    fn fill<'a>(
        &self,
        output: &mut Maps,
        finish: Finish,
        source: impl Fn(usize, usize, (isize, isize)) -> &'a [f32] + Sync,
    ) {
        let (stride, width) = (output.stride, output.width);
        let half = (self.kernel / 2) as isize;
        let offset = |k: usize| (k as isize - half) * self.dilation as isize;
        let arch = Arch::new();
        output.inner_rows().enumerate().for_each(|(y, row)| {
            let mut rows = Vec::with_capacity(self.inputs * self.kernel * self.kernel);
            for channel in 0..self.inputs {
                for k in 0..self.kernel * self.kernel {
                    rows.push(source(y, channel, (offset(k / self.kernel), offset(k % self.kernel))));
                }
            }
            arch.dispatch(Sums { rows: &rows, layer: self, maps: row, stride });
            finished(row, stride, width, y, finish);
        });
    }
}

/// Weighted sums of many rows for every output, written into its row.
struct Sums<'a> {
    rows: &'a [&'a [f32]],
    layer: &'a Convolution,
    maps: &'a mut [f32],
    stride: usize,
}

impl WithSimd for Sums<'_> {
    type Output = ();

    /// A few columns at a time for all outputs, so that what is read of the rows stays at hand.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { rows, layer, maps, stride } = self;
        let width = VECTORS * S::F32_LANES;
        for left in (0..stride - 2 * BORDER).step_by(width) {
            let blocks = layer.weights.chunks_exact(rows.len()).zip(&layer.biases);
            for ((weights, biases), maps) in blocks.zip(maps.chunks_mut(OUTPUTS * stride)) {
                let sums = sums(simd, rows, weights, biases, left);
                for (samples, [a, b]) in maps.chunks_mut(stride).zip(sums) {
                    let kept = S::as_mut_simd_f32s(&mut samples[BORDER + left..BORDER + left + width]).0;
                    (kept[0], kept[1]) = (a, b);
                }
            }
        }
    }
}

/// Weighted sums of a few columns for one block of outputs; all of them stay in registers.
#[inline(always)]
fn sums<S: Simd>(
    simd: S,
    rows: &[&[f32]],
    weights: &[[f32; OUTPUTS]],
    biases: &[f32; OUTPUTS],
    left: usize,
) -> [[S::f32s; VECTORS]; OUTPUTS] {
    let [mut a, mut b] = [0; VECTORS].map(|_| biases.map(|bias| simd.splat_f32s(bias)));
    for (row, weights) in rows.iter().zip(weights) {
        let values = S::as_simd_f32s(&row[left..left + VECTORS * S::F32_LANES]).0;
        let (one, two) = (values[0], values[1]);
        for k in 0..OUTPUTS {
            let weight = simd.splat_f32s(weights[k]);
            a[k] = simd.mul_add_f32s(weight, one, a[k]);
            b[k] = simd.mul_add_f32s(weight, two, b[k]);
        }
    }
    std::array::from_fn(|k| [a[k], b[k]])
}

fn finished(row: &mut [f32], stride: usize, width: usize, y: usize, finish: Finish) {
    for (channel, samples) in row.chunks_mut(stride).enumerate() {
        // Outside the picture all stays zero.
        samples[BORDER + width..].fill(0.0);
        let samples = &mut samples[BORDER..BORDER + width];
        match finish {
            Finish::Plain => {}
            Finish::Rectify => samples.iter_mut().for_each(|v| *v = v.max(0.0)),
            Finish::AddAndRectify(other) => {
                samples.iter_mut().zip(other.row(channel, y)).for_each(|(v, o)| *v = (*v + o).max(0.0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(channels: usize, width: usize, height: usize) -> Maps {
        let mut maps = Maps::zero(channels, width, height);
        maps.fill_rows(|y, c, row| {
            row.iter_mut().enumerate().for_each(|(x, v)| *v = ((x * 7 + y * 13 + c * 5) % 11) as f32 - 5.0);
        });
        maps
    }

    fn weights(n: usize) -> Vec<f32> {
        (0..n).map(|k| ((k * 29) % 17) as f32 / 8.0 - 1.0).collect()
    }

    /// The definition, sample by sample.
    fn plainly(
        maps: &Maps,
        weights: &[f32],
        bias: f32,
        (output, kernel, dilation): (usize, usize, isize),
        at: (isize, isize),
    ) -> f32 {
        let half = (kernel / 2) as isize;
        let mut sum = bias;
        for c in 0..maps.channels {
            for k in 0..kernel * kernel {
                let x = at.0 + ((k % kernel) as isize - half) * dilation;
                let y = at.1 + ((k / kernel) as isize - half) * dilation;
                if (0..maps.width as isize).contains(&x) && (0..maps.height as isize).contains(&y) {
                    let weight = weights[(output * maps.channels + c) * kernel * kernel + k];
                    sum += weight * maps.row(c, y as usize)[x as usize];
                }
            }
        }
        sum
    }

    #[test]
    fn sums_are_those_of_the_definition() {
        let maps = picture(3, 50, 12);
        for (kernel, dilation) in [(3, 1), (3, 4), (1, 1)] {
            // More outputs than are made together, and a rest.
            let (weights, biases) = (weights(13 * 3 * kernel * kernel), weights(13));
            let layer = Convolution::new((3, 13), kernel, dilation, &weights, &biases);
            let out = layer.apply(&maps, Finish::Plain);
            for (output, x, y) in [(0, 0, 0), (4, 49, 11), (6, 24, 5), (11, 47, 0), (12, 49, 11)] {
                let own =
                    plainly(&maps, &weights, biases[output], (output, kernel, dilation as isize), (x, y));
                let found = out.row(output, y as usize)[x as usize];
                assert!(
                    (own - found).abs() < 1e-3,
                    "{kernel} {dilation} {output} {x} {y}: {found}, not {own}"
                );
            }
        }
    }

    #[test]
    fn halving_takes_every_second_sample() {
        let maps = picture(2, 60, 8);
        let (weights, biases) = (weights(4 * 2 * 9), weights(4));
        let layer = Convolution::new((2, 4), 3, 1, &weights, &biases);
        let (all, half) = (layer.apply(&maps, Finish::Rectify), layer.apply_halving(&maps, Finish::Rectify));
        assert_eq!((half.width, half.height), (30, 4));
        for y in 0..4 {
            for x in 0..30 {
                assert_eq!(half.row(3, y)[x], all.row(3, 2 * y)[2 * x]);
            }
        }
        let [plain, added] = [Finish::Plain, Finish::AddAndRectify(&all)].map(|f| layer.apply(&maps, f));
        for (channel, y, x) in [(0, 0, 0), (1, 3, 7), (3, 7, 59)] {
            let sum = plain.row(channel, y)[x] + all.row(channel, y)[x];
            assert_eq!(added.row(channel, y)[x], sum.max(0.0));
        }
    }
}
