//! Which way hair lies, and by how much its units are stretched along it.

use stipple_model::{Detection, Reading};
use stipple_points::stretch::{Way, directions};
use stipple_points::{Metric, Stretch, Window, stretch};
use stipple_quantity::PointInPhoto;

use crate::standing::units;

/// Hair so far away has a quarter of the say of hair on the spot, mm; scars take their direction from farther hair.
const NEAR_MM: f64 = 4.0;
/// Hair seen longer than this is read with roots too many along it, or with its root off along it, mm.
const READ_WELL_MM: f64 = 0.2;
/// So read, patterns without any stretch seem to have one: ln stretch for each mm beyond [docs/science/placement.md].
const LN_PER_MM: f64 = 0.33;

/// The stream of hair over a window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HairStream {
    /// Along the hair, radians from right toward down, for each cell; empty where none is known.
    directions: Vec<f64>,
    /// Distances along the hair count so many times those across it.
    stretch: f64,
}

impl HairStream {
    /// Where nothing is known of it, or it does not matter.
    pub(crate) fn unknown() -> Self {
        Self { directions: Vec::new(), stretch: 1.0 }
    }

    /// From the hairs that show their way, and from how the units in the window stand to it.
    pub(crate) fn of(reading: &Reading, units: &[(f64, f64)], window: &Window, per_mm2: &[f64]) -> Self {
        let directions = directions(&ways(reading), window, NEAR_MM);
        let found = directions.and_then(|directions| {
            let found = found(reading, units, window, per_mm2, &directions)?;
            Some(Self { directions, stretch: found.corrected.believed() })
        });
        found.unwrap_or_else(Self::unknown)
    }

    /// The same stretch over another window.
    pub(crate) fn over(&self, window: &Window, reading: &Reading) -> Self {
        if self.directions.is_empty() {
            return Self::unknown();
        }
        let directions = directions(&ways(reading), window, NEAR_MM).unwrap_or_default();
        Self { directions, stretch: self.stretch }
    }

    /// What distance means in each cell, by the density there.
    pub(crate) fn metric(&self, per_mm2: &[f64]) -> Vec<Metric> {
        if self.directions.is_empty() {
            return even(per_mm2);
        }
        let of_cell =
            |(per_mm2, direction): (&f64, &f64)| Metric::stretched(*per_mm2, *direction, self.stretch);
        per_mm2.iter().zip(&self.directions).map(of_cell).collect()
    }
}

/// By how much follicular units stand nearer along hair than across it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HairStretch {
    /// Of the units as they were read.
    pub as_read: Stretch,
    /// Without what reading makes of long hair.
    pub corrected: Stretch,
}

/// The stretch of the units that were read in a window in mm, by their density in each of its cells, per mm².
///
/// `None` where no hair shows its way, or fewer than fifty units have all of their neighborhood in the window.
///
/// # Limits
/// Fewer than some 500 units say little (± 0.05). The correction was measured at 12 and 20 px/mm [docs/science/placement.md].
///
/// # Panics
/// If there is not a density for every cell.
pub fn hair_stretch(reading: &Reading, window: &Window, per_mm2: &[f64]) -> Option<HairStretch> {
    let directions = directions(&ways(reading), window, NEAR_MM)?;
    found(reading, &units(reading), window, per_mm2, &directions)
}

fn found(
    reading: &Reading,
    units: &[(f64, f64)],
    window: &Window,
    per_mm2: &[f64],
    directions: &[f64],
) -> Option<HairStretch> {
    let as_read = stretch(units, window, &even(per_mm2), directions)?;
    Some(HairStretch { as_read, corrected: corrected(as_read, reading) })
}

fn even(per_mm2: &[f64]) -> Vec<Metric> {
    per_mm2.iter().map(|per_mm2| Metric::even(*per_mm2)).collect()
}

/// How much reading adds is known to a half of it.
fn corrected(as_read: Stretch, reading: &Reading) -> Stretch {
    let mut lengths: Vec<f64> = reading.hair.detections.iter().filter_map(|hair| hair.length_mm).collect();
    lengths.sort_by(f64::total_cmp);
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0.0);
    let added = LN_PER_MM * (median - READ_WELL_MM).max(0.0);
    Stretch { ln: as_read.ln - added, uncertainty: as_read.uncertainty.hypot(added / 2.0) }
}

/// The ways of hairs on the scalp.
fn ways(reading: &Reading) -> Vec<Way> {
    let scalp_from_photo = &reading.photo.scalp_from_photo;
    let of_detection = |detection: &Detection| {
        let (sin, cos) = detection.direction_deg?.to_radians().sin_cos();
        let root = scalp_from_photo.apply(detection.at);
        let PointInPhoto { x_px, y_px } = detection.at;
        let tip = scalp_from_photo.apply(PointInPhoto { x_px: x_px + cos, y_px: y_px + sin });
        let angle = (tip.y_mm - root.y_mm).atan2(tip.x_mm - root.x_mm);
        Some(Way { at: (root.x_mm, root.y_mm), angle })
    };
    reading.hair.detections.iter().filter_map(of_detection).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{UNITS_PER_CM2, hair_field_lying, strip_reading};

    const STRETCH: f64 = 1.3;

    /// Hair that lies 30° to the right and down, its units stretched along it; and the stream in it.
    fn lying(shows_its_way: bool) -> (Reading, HairStream) {
        let mut reading = strip_reading();
        reading.hair.detections = hair_field_lying(30.0, STRETCH);
        if !shows_its_way {
            reading.hair.detections.iter_mut().for_each(|hair| hair.direction_deg = None);
        }
        let window = Window::rectangle(100.0, 70.0, 0.5);
        let per_mm2 = vec![UNITS_PER_CM2 / 100.0; window.inside.len()];
        let stream = HairStream::of(&reading, &units(&reading), &window, &per_mm2);
        (reading, stream)
    }

    #[test]
    fn dots_are_stretched_as_hair_around_is() {
        let (_, stream) = lying(true);
        assert!((stream.stretch / STRETCH - 1.0).abs() < 0.1, "{}", stream.stretch);
        assert!(stream.directions.iter().all(|angle| (angle.to_degrees() - 30.0).abs() < 0.1));
        assert_eq!(stream.metric(&[2.0]), [Metric::stretched(2.0, stream.directions[0], stream.stretch)]);
    }

    #[test]
    fn hair_that_shows_no_way_changes_nothing() {
        let (_, stream) = lying(false);
        assert_eq!(stream.metric(&[2.0]), [Metric::even(2.0)]);
    }

    #[test]
    fn what_long_hair_adds_is_taken_off_and_doubted() {
        let (mut reading, _) = lying(true);
        let as_read = Stretch { ln: 0.3, uncertainty: 0.04 };
        assert_eq!(corrected(as_read, &reading), as_read);
        reading.hair.detections.iter_mut().for_each(|hair| hair.length_mm = Some(0.7));
        let Stretch { ln, uncertainty } = corrected(as_read, &reading);
        let added = 0.5 * LN_PER_MM;
        assert!((ln - (0.3 - added)).abs() < 1e-9);
        assert!((uncertainty - 0.04f64.hypot(added / 2.0)).abs() < 1e-9);
    }
}
