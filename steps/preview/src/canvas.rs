//! A photograph, or a part of it, at the size at which it is looked at.

use rayon::prelude::*;
use stipple_model::{BitDepth, Photo, Plan};
use stipple_quantity::{PointInPhoto, ScalpFromPhoto};

use crate::codes::Codes;
use crate::error::Error;
use crate::looks::{CAMERA_BLUR_PX, PIXEL_PX};
use crate::soft::Extent;

/// A rectangle of whole pixels of a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// First column.
    pub left_px: usize,
    /// First row.
    pub top_px: usize,
    /// Columns.
    pub width_px: usize,
    /// Rows.
    pub height_px: usize,
}

impl Part {
    /// All of a photograph.
    pub fn whole(photo: &Photo) -> Self {
        Self { left_px: 0, top_px: 0, width_px: photo.width_px, height_px: photo.height_px }
    }

    /// Its codes, of pictures so wide.
    pub(crate) fn cut_from(self, codes: &[u16], width_px: usize) -> Vec<u16> {
        let row = |y: usize| &codes[3 * (y * width_px + self.left_px)..][..3 * self.width_px];
        (self.top_px..self.top_px + self.height_px).flat_map(row).copied().collect()
    }
}

impl From<Extent> for Part {
    fn from(Extent { left, top, right, bottom }: Extent) -> Self {
        Self { left_px: left, top_px: top, width_px: right - left, height_px: bottom - top }
    }
}

/// What is painted on: a part of a photograph, shrunk.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Its pixels.
    pub photo: Photo,
    part: Part,
    /// Columns and rows of the whole photograph.
    pub(crate) whole_px: (usize, usize),
    /// Pixels of the canvas over those of the photograph, across and down.
    share: [f64; 2],
}

impl Canvas {
    /// A part of a photograph, `width_px` wide or as wide as it is, whichever is less; light is averaged, not codes.
    ///
    /// The canvas has 8 bits where it is smaller than the part.
    ///
    /// # Errors
    /// [`Error::Part`] if the part does not lie in the photograph or holds no pixel.
    ///
    /// # Cost
    /// About 10 ns for each pixel of the part and thread.
    pub fn new(photo: &Photo, part: Part, width_px: usize) -> Result<Self, Error> {
        let Part { left_px, top_px, .. } = part;
        let holds = |first: usize, count: usize, all: usize| count > 0 && first < all && count <= all - first;
        if !holds(left_px, part.width_px, photo.width_px) || !holds(top_px, part.height_px, photo.height_px) {
            return Err(Error::Part { left_px, top_px, width_px: part.width_px, height_px: part.height_px });
        }
        let width_px = width_px.clamp(1, part.width_px);
        let height = part.height_px as f64 * width_px as f64 / part.width_px as f64;
        let height_px = (height.round() as usize).clamp(1, part.height_px);
        let share = [width_px as f64 / part.width_px as f64, height_px as f64 / part.height_px as f64];
        let size = (width_px, height_px);
        let whole_px = (photo.width_px, photo.height_px);
        let photo = if share == [1.0, 1.0] { cut_out(photo, part) } else { shrunk(photo, part, size) };
        Ok(Self { photo, part, whole_px, share })
    }

    /// A plan in the canvas's pixels; dots and hairs that lie far outside are left away.
    pub fn plan(&self, plan: &Plan) -> Plan {
        let [across, down] = self.share;
        let (left, top) = (self.part.left_px as f64, self.part.top_px as f64);
        let placed = |p: PointInPhoto| PointInPhoto::new((p.x_px - left) * across, (p.y_px - top) * down);
        let (width, height) = (self.photo.width_px as f64, self.photo.height_px as f64);
        // Because halos reach into the picture from dots beside it.
        let near = |p: PointInPhoto| {
            (-width..=2.0 * width).contains(&p.x_px) && (-height..=2.0 * height).contains(&p.y_px)
        };
        let mut sessions = plan.sessions.clone();
        for session in &mut sessions {
            session.dots.iter_mut().for_each(|dot| dot.at_photo = placed(dot.at_photo));
            session.dots.retain(|dot| near(dot.at_photo));
        }
        let mut hairs = plan.hairs.clone();
        hairs.iter_mut().for_each(|root| root.at_photo = placed(root.at_photo));
        hairs.retain(|root| near(root.at_photo));
        Plan {
            photo_width_px: self.photo.width_px,
            photo_height_px: self.photo.height_px,
            scalp_from_photo: map_from(&plan.scalp_from_photo, self.share, (left, top)),
            sessions,
            hairs,
            ..plan.clone()
        }
    }

    /// How sharp a good camera's picture is once shrunk so, px of the canvas: its own blur and pixel, and the canvas's.
    pub(crate) fn blur_px(&self) -> f64 {
        let share = self.share[0];
        (CAMERA_BLUR_PX.hypot(PIXEL_PX) * share).hypot(PIXEL_PX * (1.0 - share * share).max(0.0).sqrt())
    }
}

/// The same map from pixels counted from (left, top) that are so many for one.
fn map_from(map: &ScalpFromPhoto, [across, down]: [f64; 2], (left, top): (f64, f64)) -> ScalpFromPhoto {
    ScalpFromPhoto { rows: map.rows.map(|[a, b, c]| [a / across, b / down, a * left + b * top + c]) }
}

/// A part as it is.
fn cut_out(photo: &Photo, part: Part) -> Photo {
    let codes = part.cut_from(&photo.codes, photo.width_px);
    Photo::new(part.width_px, part.height_px, photo.space, photo.bit_depth, codes)
}

/// A part whose every new pixel is the mean of the light on the area it covers.
fn shrunk(photo: &Photo, part: Part, (width, height): (usize, usize)) -> Photo {
    let from = Codes::new(photo.space, photo.bit_depth);
    let to = Codes::new(photo.space, BitDepth::Eight);
    let (columns, rows) = (spans(part.width_px, width), spans(part.height_px, height));
    let mut codes = vec![0; 3 * width * height];
    codes.par_chunks_exact_mut(3 * width).zip(&rows).for_each(|(line, row)| {
        let mut sums = vec![[0.0f32; 3]; width];
        for (y, share_down) in row.iter() {
            let source = &photo.codes[3 * ((part.top_px + y) * photo.width_px + part.left_px)..];
            for (sum, column) in sums.iter_mut().zip(&columns) {
                for (x, share_across) in column.iter() {
                    let share = share_down * share_across;
                    (0..3).for_each(|c| sum[c] += share * from.linear(source[3 * x + c]));
                }
            }
        }
        for (pixel, sum) in line.chunks_exact_mut(3).zip(sums) {
            pixel.copy_from_slice(&to.codes(sum));
        }
    });
    Photo::new(width, height, photo.space, BitDepth::Eight, codes)
}

/// The samples that a new one covers.
struct Span {
    first: usize,
    /// Share of the first, of each between, and of the last.
    shares: [f32; 3],
    count: usize,
}

impl Span {
    /// Each of them and its share; the shares sum to 1.
    fn iter(&self) -> impl Iterator<Item = (usize, f32)> {
        let share = |k: usize| match k {
            0 => self.shares[0],
            k if k + 1 == self.count => self.shares[2],
            _ => self.shares[1],
        };
        (0..self.count).map(move |k| (self.first + k, share(k)))
    }
}

/// What each of `to` new samples covers of `from`, `to` not more than `from`.
fn spans(from: usize, to: usize) -> Vec<Span> {
    let step = from as f64 / to as f64;
    let span = |k: usize| {
        let (start, end) = (k as f64 * step, ((k + 1) as f64 * step).min(from as f64));
        let first = (start as usize).min(from - 1);
        let count = ((end - 1e-9).ceil() as usize).clamp(first + 1, from) - first;
        let covers = |x: usize| ((end.min((x + 1) as f64) - start.max(x as f64)) / (end - start)) as f32;
        Span {
            first,
            shares: [covers(first), (1.0 / (end - start)) as f32, covers(first + count - 1)],
            count,
        }
    };
    (0..to).map(span).collect()
}

#[cfg(test)]
mod tests {
    use stipple_color::RgbSpace;

    use super::*;

    #[test]
    fn shares_cover_everything_once() {
        for (from, to) in [(7, 7), (7, 3), (4000, 1632), (10, 9), (5, 1)] {
            let mut covered = vec![0.0; from];
            for span in spans(from, to) {
                let sum: f32 = span.iter().map(|(_, share)| share).sum();
                assert!((sum - 1.0).abs() < 1e-5, "{from} to {to}: {sum}");
                span.iter().for_each(|(x, share)| covered[x] += f64::from(share) * from as f64 / to as f64);
            }
            assert!(covered.iter().all(|share| (share - 1.0).abs() < 1e-4), "{from} to {to}: {covered:?}");
        }
    }

    #[test]
    fn a_moved_map_leads_to_the_same_place() {
        let map = ScalpFromPhoto { rows: [[0.05, 0.002, 1.0], [-0.003, 0.06, 2.0], [1e-5, -2e-5, 1.0]] };
        let there = map.apply(PointInPhoto::new(812.0, 77.0));
        let moved = map_from(&map, [0.5, 0.25], (800.0, 70.0));
        assert!(there.distance_mm(&moved.apply(PointInPhoto::new(6.0, 1.75))) < 1e-9);
    }

    #[test]
    fn an_even_photograph_stays_even_and_a_part_keeps_its_pixels() {
        let codes = (0..3 * 40 * 30).map(|k| (k % 251) as u16 * 257).collect();
        let photo = Photo::new(40, 30, RgbSpace::Srgb, BitDepth::Eight, codes);
        let part = Part { left_px: 5, top_px: 7, width_px: 20, height_px: 10 };
        let canvas = Canvas::new(&photo, part, 500).expect("inside");
        assert_eq!(canvas.photo.pixel(3, 2), photo.pixel(8, 9));
        assert!((canvas.blur_px() - CAMERA_BLUR_PX.hypot(PIXEL_PX)).abs() < 1e-12);
        let even = Photo { codes: vec![140 * 257; 3 * 40 * 30], ..photo };
        let small = Canvas::new(&even, Part::whole(&even), 17).expect("inside");
        let outside = Part { left_px: 30, ..part };
        assert!(matches!(Canvas::new(&even, outside, 17), Err(Error::Part { .. })));
        assert_eq!((small.photo.width_px, small.photo.height_px), (17, 13));
        assert!(small.photo.codes.iter().all(|code| *code == 140 * 257));
    }
}
