//! What a person says about single hairs wins over what was found.

use stipple_model::Marks;
use stipple_quantity::PointInPhoto;

use super::{Rooted, on_shafts};
use crate::root_head::Root;
use crate::scalp::Scalp;

use super::shaft::Shaft;

/// A place that was pointed at means the nearest root within this, mm.
const REACH_MM: f64 = 0.5;

/// Takes out what is none and puts in what was missed, as certain.
pub(super) fn correct(rooted: &mut Vec<Rooted>, scalp: &Scalp, shafts: &[Shaft], marks: &Marks) {
    let reach_px = REACH_MM * scalp.px_per_mm;
    let at = |place: &PointInPhoto| scalp.working.at_photo(*place);
    for (x, y) in marks.hairs_removed.iter().map(at) {
        let away = |hair: &Rooted| (hair.root.at.0 - x).hypot(hair.root.at.1 - y);
        let nearest = (0..rooted.len()).min_by(|a, b| away(&rooted[*a]).total_cmp(&away(&rooted[*b])));
        if let Some(k) = nearest.filter(|k| away(&rooted[*k]) <= reach_px) {
            rooted.remove(k);
        }
    }
    let added = marks.hairs_added.iter().map(at).filter(|place| scalp.shows(*place));
    let added = added.map(|at| Root { at, toward: None, confidence: 1.0 }).collect();
    rooted.extend(on_shafts(added, shafts, scalp.px_per_mm));
}
