//! The part of a photograph around the dots.

use stipple_model::Plan;
use stipple_preview::Part;
use stipple_quantity::PointInPhoto;

/// Width and height of a close-up on the scalp, mm: about two fingers' length.
pub(crate) const WIDE_MM: [f64; 2] = [48.0, 36.0];
/// The same where single dots are to be seen, three beside each other on paper: a thumb's width.
pub(crate) const NEAR_MM: [f64; 2] = [24.0, 12.0];

/// A close-up centered on the dot that lies in the middle of all dots; none without dots.
pub(crate) fn part_around_dots(plan: &Plan, size_mm: [f64; 2]) -> Option<Part> {
    let in_scar = plan.dots().any(|dot| dot.in_scar);
    let mut places: Vec<PointInPhoto> =
        plan.dots().filter(|dot| dot.in_scar || !in_scar).map(|dot| dot.at_photo).collect();
    places.sort_by(|a, b| a.x_px.total_cmp(&b.x_px).then(a.y_px.total_cmp(&b.y_px)));
    let middle = *places.get(places.len() / 2)?;
    let px_per_mm = 1000.0 / plan.scalp_from_photo.pixel_pitch_um_at(middle);
    let width = (size_mm[0] * px_per_mm).clamp(1.0, plan.photo_width_px as f64);
    let height = (width * size_mm[1] / size_mm[0]).clamp(1.0, plan.photo_height_px as f64);
    let start = |center: f64, size: f64, whole: usize| (center - size / 2.0).clamp(0.0, whole as f64 - size);
    Some(Part {
        left_px: start(middle.x_px, width, plan.photo_width_px) as usize,
        top_px: start(middle.y_px, height, plan.photo_height_px) as usize,
        width_px: width as usize,
        height_px: height as usize,
    })
}
