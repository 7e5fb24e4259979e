//! What cannot be planned with.

use stipple_model::{Protocol, Reading};
use stipple_quantity::PointInPhoto;

use crate::error::Error;
use crate::plan::is_finite;

/// Refuses settings that cannot be followed.
pub(crate) fn protocol(protocol: &Protocol) -> Result<(), Error> {
    protocol.unfit().map_or(Ok(()), |unfit| Err(Error::Protocol(unfit)))
}

/// Refuses readings whose places or colors are not numbers.
pub(crate) fn reading(reading: &Reading) -> Result<(), Error> {
    if !reading.photo.scalp_from_photo.is_usable() {
        return Err(Error::Map);
    }
    let on_scalp = |p: &PointInPhoto| {
        let p = reading.photo.scalp_from_photo.apply(*p);
        p.x_mm.is_finite() && p.y_mm.is_finite()
    };
    if !reading.scars.iter().flat_map(|scar| &scar.outline).all(on_scalp) {
        return Err(Error::Place { what: "a scar's outline" });
    }
    if !reading.zone_outlines.iter().flatten().all(on_scalp) {
        return Err(Error::Place { what: "the outline of the skin" });
    }
    if !reading.hair.detections.iter().all(|detection| on_scalp(&detection.at)) {
        return Err(Error::Place { what: "a hair" });
    }
    if !is_finite(reading.skin.lab) || !reading.hair.lab.is_none_or(is_finite) {
        return Err(Error::Place { what: "a color" });
    }
    Ok(())
}
