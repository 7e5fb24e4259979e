//! The part of a photograph around the dots, and a plan that fits it.

use stipple_model::{Photo, Plan};
use stipple_quantity::{PointInPhoto, ScalpFromPhoto};

/// Width and height of a close-up on the scalp, mm: about two fingers' length.
pub(crate) const WIDE_MM: [f64; 2] = [48.0, 36.0];
/// The same where single dots are to be seen, three beside each other on paper: a thumb's width.
pub(crate) const NEAR_MM: [f64; 2] = [24.0, 12.0];

/// A rectangle of whole pixels inside a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    left_px: usize,
    top_px: usize,
    width_px: usize,
    height_px: usize,
}

/// A close-up centered on the dot that lies in the middle of all dots; none without dots.
pub(crate) fn window_around_dots(plan: &Plan, size_mm: [f64; 2]) -> Option<Window> {
    let in_scar = plan.dots().any(|dot| dot.in_scar);
    let mut places: Vec<PointInPhoto> =
        plan.dots().filter(|dot| dot.in_scar || !in_scar).map(|dot| dot.at_photo).collect();
    places.sort_by(|a, b| a.x_px.total_cmp(&b.x_px).then(a.y_px.total_cmp(&b.y_px)));
    let middle = *places.get(places.len() / 2)?;
    let px_per_mm = 1000.0 / plan.scalp_from_photo.pixel_pitch_um_at(middle);
    let width = (size_mm[0] * px_per_mm).clamp(1.0, plan.photo_width_px as f64);
    let height = (width * size_mm[1] / size_mm[0]).clamp(1.0, plan.photo_height_px as f64);
    let start = |center: f64, size: f64, whole: usize| (center - size / 2.0).clamp(0.0, whole as f64 - size);
    Some(Window {
        left_px: start(middle.x_px, width, plan.photo_width_px) as usize,
        top_px: start(middle.y_px, height, plan.photo_height_px) as usize,
        width_px: width as usize,
        height_px: height as usize,
    })
}

impl Window {
    /// The part of a photograph inside.
    pub(crate) fn of(&self, photo: &Photo) -> Photo {
        let rows = self.top_px..self.top_px + self.height_px;
        let codes = rows.flat_map(|y| {
            let first = 3 * (y * photo.width_px + self.left_px);
            photo.codes[first..first + 3 * self.width_px].iter().copied()
        });
        Photo::new(self.width_px, self.height_px, photo.space, photo.bit_depth, codes.collect())
    }
}

/// The plan in the pixels of the part; dots outside are left away.
pub(crate) fn plan_on_part(plan: &Plan, window: &Window) -> Plan {
    let (left, top) = (window.left_px as f64, window.top_px as f64);
    let mut part = plan.clone();
    part.photo_width_px = window.width_px;
    part.photo_height_px = window.height_px;
    part.scalp_from_photo = moved(&plan.scalp_from_photo, left, top);
    for dot in part.sessions.iter_mut().flat_map(|session| &mut session.dots) {
        dot.at_photo = PointInPhoto::new(dot.at_photo.x_px - left, dot.at_photo.y_px - top);
    }
    for root in &mut part.hairs {
        root.at_photo = PointInPhoto::new(root.at_photo.x_px - left, root.at_photo.y_px - top);
    }
    let inside = |p: PointInPhoto| {
        (0.0..=window.width_px as f64).contains(&p.x_px) && (0.0..=window.height_px as f64).contains(&p.y_px)
    };
    part.hairs.retain(|root| inside(root.at_photo));
    part.sessions.iter_mut().for_each(|session| session.dots.retain(|dot| inside(dot.at_photo)));
    part
}

/// The same map from pixels counted from (left, top).
fn moved(map: &ScalpFromPhoto, left: f64, top: f64) -> ScalpFromPhoto {
    ScalpFromPhoto { rows: map.rows.map(|[a, b, c]| [a, b, a * left + b * top + c]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_map_leads_to_the_same_place() {
        let map = ScalpFromPhoto { rows: [[0.05, 0.002, 1.0], [-0.003, 0.06, 2.0], [1e-5, -2e-5, 1.0]] };
        let there = map.apply(PointInPhoto::new(812.0, 77.0));
        let again = moved(&map, 800.0, 70.0).apply(PointInPhoto::new(12.0, 7.0));
        assert!(there.distance_mm(&again) < 1e-9);
    }
}
