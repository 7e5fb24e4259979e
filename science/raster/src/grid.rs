//! Planes of samples.

use rayon::prelude::*;

/// One plane of f32 samples, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` samples, row by row.
    pub samples: Vec<f32>,
}

impl Grid {
    /// A grid of one value.
    pub fn filled(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, samples: vec![value; width * height] }
    }

    /// A grid from its samples.
    ///
    /// # Panics
    /// If the number of samples is not `width * height`.
    pub fn from_samples(width: usize, height: usize, samples: Vec<f32>) -> Self {
        assert_eq!(samples.len(), width * height, "a grid needs width times height samples");
        Self { width, height, samples }
    }

    /// A grid whose every sample is computed from its index `y * width + x`, on all threads.
    pub fn computed(width: usize, height: usize, value: impl Fn(usize) -> f32 + Send + Sync) -> Self {
        let samples = (0..width * height).into_par_iter().with_min_len(4096).map(value).collect();
        Self { width, height, samples }
    }

    /// The sample at a column and a row.
    #[inline]
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.samples[y * self.width + x]
    }

    /// Bilinear value at a place in pixels (centers at +0.5), the border repeated.
    #[inline]
    pub fn sample(&self, x_px: f64, y_px: f64) -> f32 {
        let (x, y) = (x_px - 0.5, y_px - 0.5);
        let (x0, y0) = (floor(x), floor(y));
        let (fx, fy) = ((x - x0) as f32, (y - y0) as f32);
        let column = |i: f64| (i.max(0.0) as usize).min(self.width - 1);
        let row = |j: f64| (j.max(0.0) as usize).min(self.height - 1);
        let (xa, xb, ya, yb) = (column(x0), column(x0 + 1.0), row(y0), row(y0 + 1.0));
        let top = self.at(xa, ya) * (1.0 - fx) + self.at(xb, ya) * fx;
        let bottom = self.at(xa, yb) * (1.0 - fx) + self.at(xb, yb) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.samples[y * self.width..(y + 1) * self.width]
    }
}

/// Like `f64::floor`, which is a call into the mathematics library on processors without SSE 4.1.
#[inline]
fn floor(value: f64) -> f64 {
    let whole = value as i64 as f64;
    if whole > value { whole - 1.0 } else { whole }
}

/// One plane of yes and no, row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` samples, row by row.
    pub samples: Vec<bool>,
}

impl Mask {
    /// A mask of one value.
    pub fn filled(width: usize, height: usize, value: bool) -> Self {
        Self { width, height, samples: vec![value; width * height] }
    }

    /// The sample at a column and a row.
    #[inline]
    pub fn at(&self, x: usize, y: usize) -> bool {
        self.samples[y * self.width + x]
    }

    /// Whether a place in pixels lies inside; places off the grid do not.
    #[inline]
    pub fn contains(&self, x_px: f64, y_px: f64) -> bool {
        x_px >= 0.0
            && y_px >= 0.0
            && (x_px as usize) < self.width
            && (y_px as usize) < self.height
            && self.at(x_px as usize, y_px as usize)
    }

    /// How many samples are inside.
    pub fn count(&self) -> usize {
        self.samples.iter().filter(|inside| **inside).count()
    }
}
