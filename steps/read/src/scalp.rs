//! The scalp at working size: linear light, balanced, shrunk by area, cut to a window.

use rayon::prelude::*;
use stipple_color::{Lab, LinearRgb, RgbSpace};
use stipple_model::Photo;
use stipple_quantity::{PointInPhoto, PointInScalp, ScalpFromPhoto};
use stipple_raster::region::Region;
use stipple_raster::{Grid, Mask};

use crate::white::White;

/// A part of a photograph in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) left_px: usize,
    pub(crate) top_px: usize,
    pub(crate) width_px: usize,
    pub(crate) height_px: usize,
}

impl Window {
    /// The whole photograph.
    pub(crate) fn whole(photo: &Photo) -> Self {
        Self { left_px: 0, top_px: 0, width_px: photo.width_px, height_px: photo.height_px }
    }
}

/// A window of a photograph in linear sRGB under D65, each sample the mean of `step_px` squared pixels.
#[derive(Clone, Debug)]
pub(crate) struct Working {
    window: Window,
    /// Window's left edge in the photograph.
    pub(crate) left_px: f64,
    /// Window's top edge in the photograph.
    pub(crate) top_px: f64,
    /// Photograph pixels per sample, at least 1.
    pub(crate) step_px: f64,
    /// Linear red, green, blue.
    pub(crate) rgb: [Grid; 3],
    /// Share of each sample's pixels with a channel at its upper end.
    pub(crate) clipped: Grid,
}

impl Working {
    /// Shrinks a window; fractions of pixels count by their area.
    ///
    /// # Cost
    /// One pass over the window's pixels, row by row; nothing is held at full size.
    pub(crate) fn of(photo: &Photo, white: &White, window: Window, step_px: f64) -> Self {
        let step_px = step_px.max(1.0);
        let width = ((window.width_px as f64 / step_px) as usize).max(1);
        let height = ((window.height_px as f64 / step_px) as usize).max(1);
        let linear = photo.space.linear_table();
        let tables: [Vec<f32>; 3] =
            std::array::from_fn(|c| linear.iter().map(|value| white.light(c, *value)).collect());
        let matrix = white.srgb_from_light(photo.space);
        let columns: Vec<Span> = (0..width).map(|x| Span::of(x, step_px, window.width_px)).collect();
        let mut interleaved = vec![[0.0f32; 4]; width * height];
        interleaved.par_chunks_mut(width).enumerate().for_each(|(y, out)| {
            let rows = Span::of(y, step_px, window.height_px);
            for (row, row_weight) in rows.weights() {
                let start = 3 * ((window.top_px + row) * photo.width_px + window.left_px);
                let codes = &photo.codes[start..start + 3 * window.width_px];
                add_row(codes, &tables, &columns, row_weight, out);
            }
            out.iter_mut().for_each(|sample| *sample = balanced(&matrix, *sample));
        });
        let plane = |c: usize| Grid::computed(width, height, |k| interleaved[k][c]);
        Self {
            window,
            left_px: window.left_px as f64,
            top_px: window.top_px as f64,
            step_px,
            rgb: [plane(0), plane(1), plane(2)],
            clipped: plane(3),
        }
    }

    /// What of the photograph it covers.
    pub(crate) fn window(&self) -> Window {
        self.window
    }

    /// Samples in a row.
    pub(crate) fn width(&self) -> usize {
        self.clipped.width
    }

    /// Rows.
    pub(crate) fn height(&self) -> usize {
        self.clipped.height
    }

    /// Where a place of this grid lies in the photograph.
    pub(crate) fn in_photo(&self, (x, y): (f64, f64)) -> PointInPhoto {
        PointInPhoto::new(self.left_px + x * self.step_px, self.top_px + y * self.step_px)
    }

    /// Where a place of the photograph lies in this grid.
    pub(crate) fn at_photo(&self, p: PointInPhoto) -> (f64, f64) {
        ((p.x_px - self.left_px) / self.step_px, (p.y_px - self.top_px) / self.step_px)
    }

    /// Linear light of a sample.
    pub(crate) fn linear(&self, k: usize) -> LinearRgb {
        LinearRgb { rgb: [self.rgb[0].samples[k], self.rgb[1].samples[k], self.rgb[2].samples[k]] }
    }

    /// Color of a sample.
    pub(crate) fn lab(&self, k: usize) -> Lab {
        Lab::from_linear(RgbSpace::Srgb, self.linear(k))
    }

    /// Linear luminance of a sample.
    pub(crate) fn luminance(&self, k: usize) -> f32 {
        let [r, g, b] = self.linear(k).rgb;
        let [wr, wg, wb] = LUMINANCE_WEIGHTS;
        wr * r + wg * g + wb * b
    }

    /// A polygon of the photograph as a mask of this grid.
    pub(crate) fn filled(&self, outline: &[PointInPhoto]) -> Mask {
        let corners: Vec<(f64, f64)> = outline.iter().map(|p| self.at_photo(*p)).collect();
        stipple_raster::region::fill_polygon(&corners, self.width(), self.height())
    }
}

/// Weights of linear sRGB in luminance [@Iec61966].
const LUMINANCE_WEIGHTS: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Codes from here on are taken for the sensor's upper end.
const CLIPPED_CODE: u16 = 64_500;

/// The pixels one sample covers: whole ones between two that may count in part.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
    first_weight: f32,
    last_weight: f32,
}

impl Span {
    fn of(sample: usize, step: f64, size: usize) -> Self {
        let (from, to) = (sample as f64 * step, ((sample + 1) as f64 * step).min(size as f64));
        let first = from as usize;
        let last = ((to.ceil() as usize).max(first + 1) - 1).min(size - 1);
        let share = |weight: f64| (weight / (to - from)) as f32;
        if first == last {
            return Self { first, last, first_weight: 1.0, last_weight: 1.0 };
        }
        Self {
            first,
            last,
            first_weight: share((first + 1) as f64 - from),
            last_weight: share(to - last as f64),
        }
    }

    fn weights(self) -> impl Iterator<Item = (usize, f32)> {
        let between = (1.0 - self.first_weight - self.last_weight)
            / (self.last - self.first).saturating_sub(1).max(1) as f32;
        (self.first..=self.last).map(move |k| {
            let weight = match k {
                k if k == self.first => self.first_weight,
                k if k == self.last => self.last_weight,
                _ => between,
            };
            (k, weight)
        })
    }
}

fn add_row(codes: &[u16], tables: &[Vec<f32>; 3], columns: &[Span], row_weight: f32, out: &mut [[f32; 4]]) {
    for (sample, span) in out.iter_mut().zip(columns) {
        for (column, weight) in span.weights() {
            let weight = weight * row_weight;
            let pixel = &codes[3 * column..3 * column + 3];
            for channel in 0..3 {
                sample[channel] += weight * tables[channel][usize::from(pixel[channel])];
            }
            if pixel.iter().any(|code| *code >= CLIPPED_CODE) {
                sample[3] += weight;
            }
        }
    }
}

fn balanced(matrix: &[[f32; 3]; 3], sample: [f32; 4]) -> [f32; 4] {
    let channel = |m: &[f32; 3]| (m[0] * sample[0] + m[1] * sample[1] + m[2] * sample[2]).max(0.0);
    [channel(&matrix[0]), channel(&matrix[1]), channel(&matrix[2]), sample[3]]
}

/// The scalp to be read: a working picture, where it shows scalp, and its scale.
#[derive(Clone, Debug)]
pub(crate) struct Scalp {
    /// The picture.
    pub(crate) working: Working,
    /// Where it shows scalp.
    pub(crate) zone: Mask,
    /// Samples of the working picture per millimetre at the middle of the zone.
    pub(crate) px_per_mm: f64,
    /// From the photograph to the flattened scalp.
    pub(crate) scalp_from_photo: ScalpFromPhoto,
}

impl Scalp {
    /// Where a place of the working picture lies on the scalp.
    pub(crate) fn in_scalp(&self, place: (f64, f64)) -> PointInScalp {
        self.scalp_from_photo.apply(self.working.in_photo(place))
    }

    /// Area of a part on the scalp, mm²; tilt is taken per block of eight samples.
    pub(crate) fn area_mm2(&self, part: &Part) -> f64 {
        const BLOCK: usize = 8;
        let mask = &part.mask;
        let mut area_mm2 = 0.0;
        for top in (0..mask.height).step_by(BLOCK) {
            for left in (0..mask.width).step_by(BLOCK) {
                let rows = top..(top + BLOCK).min(mask.height);
                let right = (left + BLOCK).min(mask.width);
                let inside: usize = rows
                    .map(|y| mask.samples[y * mask.width + left..y * mask.width + right].iter())
                    .map(|row| row.filter(|s| **s).count())
                    .sum();
                if inside > 0 {
                    let middle = (part.left + left + BLOCK / 2, part.top + top + BLOCK / 2);
                    area_mm2 += inside as f64 * self.sample_area_mm2((middle.0 as f64, middle.1 as f64));
                }
            }
        }
        area_mm2
    }

    fn sample_area_mm2(&self, place: (f64, f64)) -> f64 {
        let place = self.working.in_photo(place);
        self.sample_area_mm2_at_photo(place.x_px, place.y_px)
    }

    /// Area of a working sample at a place of the photograph, mm².
    pub(crate) fn sample_area_mm2_at_photo(&self, x_px: f64, y_px: f64) -> f64 {
        let step = self.working.step_px;
        self.scalp_from_photo.pixel_area_mm2_at(PointInPhoto::new(x_px, y_px)) * step * step
    }

    /// Whether a place of the working picture shows scalp.
    pub(crate) fn shows(&self, (x, y): (f64, f64)) -> bool {
        self.zone.contains(x, y)
    }
}

/// A part of the working picture: a mask in a rectangle of it.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Left edge of the rectangle.
    pub(crate) left: usize,
    /// Top edge of the rectangle.
    pub(crate) top: usize,
    /// What belongs to it, in the rectangle.
    pub(crate) mask: Mask,
}

impl Part {
    /// A mask of the whole working picture.
    pub(crate) fn whole(mask: Mask) -> Self {
        Self { left: 0, top: 0, mask }
    }

    /// A region of a picture of a given size, with a margin that is cut at the picture's border.
    pub(crate) fn of(region: &Region, (width, height): (usize, usize), margin_px: f64) -> Self {
        let margin = margin_px.ceil() as usize;
        let columns = || region.pixels.iter().map(|k| k % width);
        let rows = || region.pixels.iter().map(|k| k / width);
        let left = columns().min().unwrap_or(0).saturating_sub(margin);
        let right = (columns().max().unwrap_or(0) + 1 + margin).min(width);
        let top = rows().min().unwrap_or(0).saturating_sub(margin);
        let bottom = (rows().max().unwrap_or(0) + 1 + margin).min(height);
        let mut mask = Mask::filled(right - left, bottom - top, false);
        for k in &region.pixels {
            mask.samples[(k / width - top) * mask.width + k % width - left] = true;
        }
        Self { left, top, mask }
    }

    /// Another mask in the same rectangle.
    pub(crate) fn with(&self, mask: Mask) -> Self {
        Self { left: self.left, top: self.top, mask }
    }

    /// What a mask of the whole picture is in this rectangle.
    pub(crate) fn cut(&self, whole: &Mask) -> Mask {
        let (width, height) = (self.mask.width, self.mask.height);
        let samples = (0..width * height).map(|k| whole.samples[self.index(k, whole.width)]).collect();
        Mask { width, height, samples }
    }

    /// What a grid of the whole picture is in this rectangle.
    pub(crate) fn cut_grid(&self, whole: &Grid) -> Grid {
        let (width, height) = (self.mask.width, self.mask.height);
        let samples = (0..width * height).map(|k| whole.samples[self.index(k, whole.width)]).collect();
        Grid::from_samples(width, height, samples)
    }

    /// Indices of its pixels in the whole picture, ascending.
    pub(crate) fn pixels(&self, picture_width: usize) -> impl Iterator<Item = usize> {
        (0..self.mask.samples.len())
            .filter(|k| self.mask.samples[*k])
            .map(move |k| self.index(k, picture_width))
    }

    /// Whether a place of the working picture belongs to it.
    pub(crate) fn contains(&self, (x, y): (f64, f64)) -> bool {
        self.mask.contains(x - self.left as f64, y - self.top as f64)
    }

    /// Whether a sample of the whole picture belongs to it.
    pub(crate) fn holds(&self, k: usize, picture_width: usize) -> bool {
        let (x, y) = (k % picture_width, k / picture_width);
        let inside = x >= self.left && y >= self.top;
        inside
            && x - self.left < self.mask.width
            && y - self.top < self.mask.height
            && self.mask.at(x - self.left, y - self.top)
    }

    /// Index in the whole picture of a sample of the rectangle.
    pub(crate) fn index(&self, k: usize, picture_width: usize) -> usize {
        (self.top + k / self.mask.width) * picture_width + self.left + k % self.mask.width
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use stipple_model::BitDepth;

    pub(crate) fn unbalanced() -> White {
        White::camera()
    }

    #[test]
    fn shrinking_by_a_fraction_keeps_the_mean() {
        let codes = (0..3 * 30 * 20).map(|k| (k * 97 % 65_536) as u16).collect();
        let photo = Photo::new(30, 20, RgbSpace::Srgb, BitDepth::Sixteen, codes);
        let mean = |w: &Working| w.rgb[1].samples.iter().sum::<f32>() / w.rgb[1].samples.len() as f32;
        let whole = Working::of(&photo, &unbalanced(), Window::whole(&photo), 1.0);
        let small = Working::of(&photo, &unbalanced(), Window::whole(&photo), 2.5);
        assert_eq!((small.width(), small.height()), (12, 8));
        assert!((mean(&whole) - mean(&small)).abs() < 1e-4);
    }

    #[test]
    fn places_go_to_the_photograph_and_back() {
        let photo = Photo::new(40, 40, RgbSpace::Srgb, BitDepth::Eight, vec![9; 4800]);
        let window = Window { left_px: 10, top_px: 4, width_px: 20, height_px: 30 };
        let working = Working::of(&photo, &unbalanced(), window, 1.7);
        let back = working.at_photo(working.in_photo((3.2, 5.1)));
        assert!((back.0 - 3.2).abs() < 1e-9 && (back.1 - 5.1).abs() < 1e-9);
    }
}
