//! How the photograph before lies in the one after.

use stipple_model::{AlignmentFacts, BeforeAfter, Detection, Reading};
use stipple_points::constellation::{Alignment, Constellation, Pair, align};
use stipple_quantity::PointInPhoto;
use stipple_raster::statistics::median;

use crate::error::Error;

/// Standard deviations a median of sizes is.
const MEDIAN_TO_SIGMA: f64 = 1.4826;

/// Two photographs of one scalp, aligned by their follicles.
pub struct Aligned {
    alignment: Alignment,
    /// Where the follicles of the photograph before are.
    before: Vec<PointInPhoto>,
    /// The same in the one after.
    after: Vec<PointInPhoto>,
    /// Millimetres a pixel, as each reading has it.
    mm_per_px: BeforeAfter<f64>,
}

impl Aligned {
    /// # Errors
    /// [`Error::NotAligned`].
    ///
    /// # Cost
    /// See [`align`].
    pub fn of(readings: BeforeAfter<&Reading>) -> Result<Self, Error> {
        let mm_per_px = readings.of(|reading| reading.photo.pixel_pitch_um.value / 1000.0);
        let points = readings.of(|reading| follicles(&reading.hair.detections, reading));
        let alignment = align(&points.before, &points.after)?;
        let places = readings.of(|reading| reading.hair.detections.iter().map(|hair| hair.at).collect());
        Ok(Self { alignment, before: places.before, after: places.after, mm_per_px })
    }

    /// Where a place of the photograph before is in the one after; none where too few follicles are around to know.
    pub fn known(&self, before: PointInPhoto) -> Option<PointInPhoto> {
        self.alignment.map(self.in_mm(before)).map(|after| self.in_px(after))
    }

    /// Where it most likely is, and the standard uncertainty of that along an axis, mm.
    pub fn likely(&self, before: PointInPhoto) -> (PointInPhoto, f64) {
        let (after, uncertainty_mm) = self.alignment.likely(self.in_mm(before));
        (self.in_px(after), uncertainty_mm)
    }

    /// Where a place of the photograph after most likely was in the one before; none where the map does not lead there.
    pub fn likely_inverse(&self, after: PointInPhoto) -> Option<PointInPhoto> {
        let mm = self.mm_per_px.after;
        let (x, y) = self.alignment.likely_inverse((after.x_px * mm, after.y_px * mm))?;
        Some(PointInPhoto::new(x / self.mm_per_px.before, y / self.mm_per_px.before))
    }

    /// How a neighborhood is turned, scaled and sheared, pixels after by pixels before: xx, xy, yx, yy.
    pub fn slope(&self, before: PointInPhoto) -> Option<[f64; 4]> {
        let scale = self.mm_per_px.before / self.mm_per_px.after;
        Some(self.alignment.slope(self.in_mm(before))?.map(|v| v * scale))
    }

    /// Follicles that are in both: index among the detections of each reading.
    pub fn pairs(&self) -> &[Pair] {
        self.alignment.pairs()
    }

    /// Where those are in the photograph before.
    pub(crate) fn pairs_before(&self) -> impl Iterator<Item = PointInPhoto> {
        self.pairs().iter().map(|pair| self.before[pair.before])
    }

    /// How far apart two readings of one follicle are left, along an axis, mm (standard deviation).
    pub fn scatter_mm(&self) -> f64 {
        self.alignment.scatter()
    }

    /// How far the follicles of both lie from a plain turn, zoom and shift of one another, along an axis, mm (standard
    /// deviation by the median). Skin
    /// that was photographed twice is bent and stretched; a copy is not.
    pub(crate) fn off_a_copy_mm(&self) -> f64 {
        let (mm, after) = (self.mm_per_px, &self.after);
        let pairs: Vec<[f64; 4]> = self
            .pairs()
            .iter()
            .filter(|pair| pair.weight > 0.3)
            .map(|pair| {
                let (p, q) = (self.before[pair.before], after[pair.after]);
                [p.x_px * mm.before, p.y_px * mm.before, q.x_px * mm.after, q.y_px * mm.after]
            })
            .collect();
        off_similar(&pairs)
    }

    /// What it rests on.
    pub(crate) fn facts(&self) -> AlignmentFacts {
        AlignmentFacts {
            pairs: self.pairs().len(),
            scatter_um: 1000.0 * self.scatter_mm(),
            log10_chance: self.alignment.log10_chance(),
        }
    }

    /// Millimetres a pixel of each photograph, as it was read.
    pub(crate) fn mm_per_px(&self) -> BeforeAfter<f64> {
        self.mm_per_px
    }

    fn in_mm(&self, p: PointInPhoto) -> (f64, f64) {
        (p.x_px * self.mm_per_px.before, p.y_px * self.mm_per_px.before)
    }

    fn in_px(&self, (x, y): (f64, f64)) -> PointInPhoto {
        PointInPhoto::new(x / self.mm_per_px.after, y / self.mm_per_px.after)
    }
}

/// Standard deviation (by the median) along an axis of the last two of each row from the best turn, zoom and shift of the
/// first two.
fn off_similar(pairs: &[[f64; 4]]) -> f64 {
    let n = pairs.len().max(1) as f64;
    let middle: [f64; 4] = std::array::from_fn(|k| pairs.iter().map(|pair| pair[k]).sum::<f64>() / n);
    let from_middle = |pair: &[f64; 4]| -> [f64; 4] { std::array::from_fn(|k| pair[k] - middle[k]) };
    let (mut along, mut across, mut size) = (0.0, 0.0, 0.0);
    for [x, y, u, v] in pairs.iter().map(from_middle) {
        along += x * u + y * v;
        across += x * v - y * u;
        size += x * x + y * y;
    }
    let (along, across) = (along / size.max(1e-12), across / size.max(1e-12));
    let off = pairs.iter().map(from_middle).flat_map(|[x, y, u, v]| {
        [(u - along * x + across * y).abs() as f32, (v - across * x - along * y).abs() as f32]
    });
    f64::from(median(off).unwrap_or(f32::MAX)) * MEDIAN_TO_SIGMA
}

fn follicles(detections: &[Detection], reading: &Reading) -> Constellation {
    let places: Vec<(f64, f64)> = detections.iter().map(|hair| (hair.at.x_px, hair.at.y_px)).collect();
    let confidence = detections.iter().map(|hair| hair.confidence).collect();
    Constellation::in_px(&places, reading.photo.pixel_pitch_um.value, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_turned_and_zoomed_and_skin_is_bent() {
        let places = (0..400).map(|k| (f64::from(k % 20) * 2.0, f64::from(k / 20) * 2.0));
        let turned = |(x, y): (f64, f64)| [x, y, 7.0 + 0.8 * x - 0.3 * y, 2.0 + 0.3 * x + 0.8 * y];
        let copy: Vec<[f64; 4]> = places.map(turned).collect();
        assert!(off_similar(&copy) < 1e-6);
        let bent: Vec<[f64; 4]> = copy.iter().map(|[x, y, u, v]| [*x, *y, u + 0.001 * x * y, *v]).collect();
        assert!(off_similar(&bent) > 0.03, "{}", off_similar(&bent));
    }
}
