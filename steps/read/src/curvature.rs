//! How much shorter a curved head looks than it is, where it was measured as if flat.

use stipple_quantity::PointInScalp;
use stipple_raster::Mask;

use crate::scalp::{Part, Scalp};

/// Radius of a head, mm.
pub(crate) const HEAD_RADIUS_MM: f64 = 85.0;
/// How much heads differ in it, mm.
const HEAD_RADIUS_U_MM: f64 = 10.0;
/// Steepest slope (sine) that is still seen as scalp.
const SLOPE_MAX: f64 = 0.95;
/// Scalp this near to the middle faces the camera, mm: a length there looks at most 15 % shorter.
const FACING_MM: f64 = 45.0;
/// More samples than this say nothing more.
const SAMPLES_MAX: usize = 20_000;

/// The middle of the zone: where the head is taken to face the camera.
pub(crate) fn middle_mm(scalp: &Scalp) -> PointInScalp {
    let (mut x_mm, mut y_mm, mut n) = (0.0, 0.0, 0.0);
    for place in places(scalp, &Part::whole(scalp.zone.clone())) {
        (x_mm, y_mm, n) = (x_mm + place.x_mm, y_mm + place.y_mm, n + 1.0);
    }
    PointInScalp::new(x_mm / f64::max(n, 1.0), y_mm / f64::max(n, 1.0))
}

/// Share by which a length at a part of the scalp may be longer than measured: a standard uncertainty.
pub(crate) fn shortening(scalp: &Scalp, part: &Part, middle: PointInScalp) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for place in places(scalp, part) {
        sum += share_at((place.x_mm - middle.x_mm).hypot(place.y_mm - middle.y_mm));
        n += 1.0;
    }
    sum / f64::max(n, 1.0)
}

/// What of a part of the scalp faces the camera, where a curved head hides little; the whole part if none of it does.
pub(crate) fn facing(scalp: &Scalp, part: &Part, middle: PointInScalp) -> Part {
    let width = part.mask.width;
    let faces = |k: usize| {
        let place = ((part.left + k % width) as f64 + 0.5, (part.top + k / width) as f64 + 0.5);
        let p = scalp.in_scalp(place);
        (p.x_mm - middle.x_mm).hypot(p.y_mm - middle.y_mm) < FACING_MM
    };
    let samples = part.mask.samples.iter().enumerate().map(|(k, inside)| *inside && faces(k)).collect();
    let mask = Mask { width, height: part.mask.height, samples };
    let mask = if mask.count() > 0 { mask } else { part.mask.clone() };
    Part { left: part.left, top: part.top, mask }
}

/// The same at one distance from the middle, mm, with what the head's radius adds.
fn share_at(away_mm: f64) -> f64 {
    let on = |radius_mm: f64| {
        let slope = (away_mm / radius_mm).min(SLOPE_MAX);
        1.0 / (1.0 - slope * slope).sqrt() - 1.0
    };
    on(HEAD_RADIUS_MM).hypot(on(HEAD_RADIUS_MM - HEAD_RADIUS_U_MM) - on(HEAD_RADIUS_MM))
}

/// Samples of a part, evenly thinned, mm.
fn places(scalp: &Scalp, part: &Part) -> impl Iterator<Item = PointInScalp> {
    let width = scalp.zone.width;
    let stride = part.mask.count() / SAMPLES_MAX + 1;
    part.pixels(width)
        .step_by(stride)
        .map(move |k| scalp.in_scalp(((k % width) as f64 + 0.5, (k / width) as f64 + 0.5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_far_from_the_middle_are_less_sure() {
        assert!(share_at(0.0) < 1e-12);
        assert!((0.005..0.02).contains(&share_at(10.0)), "{}", share_at(10.0));
        // At 60 mm a head of 85 mm radius turns away by 45°: a length along the slope looks 29 % shorter.
        assert!(share_at(60.0) > 0.4, "{}", share_at(60.0));
        assert!(share_at(1e9).is_finite());
    }
}
