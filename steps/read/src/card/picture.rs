//! The photograph as the finder looks at it.

use rayon::prelude::*;
use stipple_model::Photo;
use stipple_quantity::PointInPhoto;

/// A photograph with the table that makes its codes linear.
pub(crate) struct Picture<'a> {
    photo: &'a Photo,
    table: Vec<f32>,
    weights: [f32; 3],
}

/// A shrunk picture: lightness as the eye sees it, 0 to 255.
pub(crate) struct Shrunk {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) samples: Vec<u8>,
}

/// A shrunk picture in the colors of its codes, 0 to 255.
pub(crate) struct ShrunkColors {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) samples: Vec<[u8; 3]>,
}

impl ShrunkColors {
    /// Means over 3 × 3 samples; the rim stays as it is.
    pub(crate) fn smoothed(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let mut samples = self.samples.clone();
        samples.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, out)| {
            if y == 0 || y + 1 >= height {
                return;
            }
            let rows = [y - 1, y, y + 1].map(|y| &self.samples[y * width..(y + 1) * width]);
            for x in 1..width.saturating_sub(1) {
                let sum = |c: usize| {
                    rows.iter().flat_map(|row| &row[x - 1..x + 2]).map(|p| u16::from(p[c])).sum::<u16>()
                };
                out[x] = [0, 1, 2].map(|c| (sum(c) / 9) as u8);
            }
        });
        Self { width, height, samples }
    }
}

impl<'a> Picture<'a> {
    pub(crate) fn of(photo: &'a Photo) -> Self {
        Self { photo, table: photo.space.linear_table(), weights: photo.space.luminance_weights() }
    }

    /// Linear luminance at a place, bilinear; the border is repeated. Linear because blur happens in light.
    pub(crate) fn luminance(&self, [x_px, y_px]: [f64; 2]) -> f32 {
        let (x, y) = (x_px - 0.5, y_px - 0.5);
        let (fx, fy) = ((x - x.floor()) as f32, (y - y.floor()) as f32);
        let column = |i: f64| (i.max(0.0) as usize).min(self.photo.width_px - 1);
        let row = |j: f64| (j.max(0.0) as usize).min(self.photo.height_px - 1);
        let (left, right) = (column(x.floor()), column(x.floor() + 1.0));
        let (top, bottom) = (row(y.floor()), row(y.floor() + 1.0));
        let between = |a: f32, b: f32, t: f32| a + t * (b - a);
        between(
            between(self.light(left, top), self.light(right, top), fx),
            between(self.light(left, bottom), self.light(right, bottom), fx),
            fy,
        )
    }

    fn light(&self, x: usize, y: usize) -> f32 {
        let pixel = self.photo.pixel(x, y);
        (0..3).map(|c| self.weights[c] * self.table[usize::from(pixel[c])]).sum()
    }

    /// Linear red, green and blue of the pixel at a place; `None` outside.
    pub(crate) fn linear_at(&self, place: PointInPhoto) -> Option<[f32; 3]> {
        let (width, height) = (self.photo.width_px as f64, self.photo.height_px as f64);
        let inside = (0.0..width).contains(&place.x_px) && (0.0..height).contains(&place.y_px);
        inside.then(|| {
            self.photo
                .pixel(place.x_px as usize, place.y_px as usize)
                .map(|code| self.table[usize::from(code)])
        })
    }

    /// Means over blocks of `factor` × `factor` pixels; what does not fill a block is left out.
    pub(crate) fn shrunk(&self, factor: usize) -> Shrunk {
        let (width, height) = (self.photo.width_px / factor, self.photo.height_px / factor);
        let full_row = 3 * self.photo.width_px;
        let mut samples = vec![0u8; width * height];
        samples.par_chunks_mut(width.max(1)).enumerate().for_each_init(
            || vec![0u32; width],
            |sums, (y, out)| {
                sums.fill(0);
                for row in self.photo.codes[y * factor * full_row..].chunks_exact(full_row).take(factor) {
                    let blocks = row.chunks_exact(3 * factor);
                    sums.iter_mut().zip(blocks).for_each(|(sum, block)| {
                        let (pixels, _) = block.as_chunks::<3>();
                        // Red 2/8, green 5/8, blue 1/8, of the upper 8 bits.
                        *sum += pixels
                            .iter()
                            .map(|p| (2 * u32::from(p[0]) + 5 * u32::from(p[1]) + u32::from(p[2])) >> 11)
                            .sum::<u32>();
                    });
                }
                let block = (factor * factor) as u32;
                out.iter_mut().zip(sums.iter()).for_each(|(v, sum)| *v = (sum / block) as u8);
            },
        );
        Shrunk { width, height, samples }
    }

    /// Means of every color over blocks of `factor` × `factor` pixels; what does not fill a block is left out.
    pub(crate) fn shrunk_colors(&self, factor: usize) -> ShrunkColors {
        let (width, height) = (self.photo.width_px / factor, self.photo.height_px / factor);
        let full_row = 3 * self.photo.width_px;
        let mut samples = vec![[0u8; 3]; width * height];
        samples.par_chunks_mut(width.max(1)).enumerate().for_each(|(y, out)| {
            let mut sums = vec![[0u32; 3]; width];
            for row in self.photo.codes[y * factor * full_row..].chunks_exact(full_row).take(factor) {
                let blocks = row.chunks_exact(3 * factor);
                sums.iter_mut().zip(blocks).for_each(|(sum, block)| {
                    for pixel in block.as_chunks::<3>().0 {
                        sum.iter_mut().zip(pixel).for_each(|(s, code)| *s += u32::from(*code) >> 8);
                    }
                });
            }
            let block = (factor * factor) as u32;
            out.iter_mut().zip(&sums).for_each(|(v, sum)| *v = sum.map(|s| (s / block) as u8));
        });
        ShrunkColors { width, height, samples }
    }
}
