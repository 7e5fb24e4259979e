//! From how far away a scar will be told once treated, as far as simulations of its photograph tell.

use std::ops::Range;

use stipple_model::{Photo, Reading, Simulation};
use stipple_quantity::{Estimate, PointInPhoto};
use stipple_raster::Mask;
use stipple_raster::region::fill_polygon;

use crate::error::Error;
use crate::frame::{Frame, Pixels};
use crate::outcome::distance_m;
use crate::scene::Scene;
use crate::visible::{Viewing, visible_distance};

/// Standard deviations from the likely course to the faint and to the strong one.
const TENTH: f64 = 1.281_6;

/// The scars of one photograph, to be looked for in it and in simulations of it.
pub struct Foreseen<'a> {
    reading: &'a Reading,
    frame: Frame,
}

impl<'a> Foreseen<'a> {
    /// # Errors
    /// [`Error::NoScar`] if the reading has none.
    pub fn of(reading: &'a Reading) -> Result<Self, Error> {
        Ok(Self { reading, frame: Frame::of_one(reading, &scars(reading))? })
    }

    /// From how far away the scars are seen in the photograph that was read, m: none farther than was looked, 0 from nowhere.
    /// Rows of the picture that are `hidden` are left out.
    ///
    /// # Errors
    /// Scars or surroundings too small to be measured.
    pub fn in_photo(&self, photo: &Photo, hidden: &Range<usize>) -> Result<Option<Estimate>, Error> {
        self.seen(photo.into(), hidden)
    }

    /// The same in a simulation of that photograph, whose mark stands in the hidden rows.
    ///
    /// # Errors
    /// As [`Self::in_photo`].
    pub fn in_simulation(
        &self,
        simulation: &Simulation,
        hidden: &Range<usize>,
    ) -> Result<Option<Estimate>, Error> {
        self.seen(simulation.into(), hidden)
    }

    fn seen(&self, pixels: Pixels<'_>, hidden: &Range<usize>) -> Result<Option<Estimate>, Error> {
        let frame = &self.frame;
        let hidden = hidden.start as f64..hidden.end as f64;
        let zone = frame.mask(|frame, x, y| {
            let row = frame.in_before(x, y).y_px;
            frame.zone.contains(x, y) && !hidden.contains(&row)
        });
        let planes = frame.planes_before(pixels, self.reading);
        let scene = Scene { zone: &zone, ..planes.scene(frame) };
        let seen = visible_distance(&scene, &Viewing::WELL_LIT)?;
        Ok(distance_m(&seen.reach, self.reading))
    }
}

/// What is likely at one moment, of what is seen on the faint, the likely and the strong course, m: that of the likely one, as
/// unsure as the others lie from it besides. It holds how people heal and fade, and no error of the model.
pub fn likely_of([faint, likely, strong]: [Option<Estimate>; 3]) -> Option<Estimate> {
    let (faint, likely, strong) = (faint?, likely?, strong?);
    // Because fainter dots may hide a scar better where many are too dark, no side is nearer by itself.
    let apart = (faint.value - likely.value).hypot(strong.value - likely.value) / std::f64::consts::SQRT_2;
    Some(likely.widened_by(apart / TENTH))
}

/// Where the scars of a reading are, at the size of its photograph.
fn scars(reading: &Reading) -> Mask {
    let (width, height) = (reading.photo.width_px, reading.photo.height_px);
    let mut all = Mask::filled(width, height, false);
    for scar in &reading.scars {
        let Some((left, top, right, bottom)) = bounds(&scar.outline, (width, height)) else { continue };
        let corners: Vec<(f64, f64)> =
            scar.outline.iter().map(|p| (p.x_px - left as f64, p.y_px - top as f64)).collect();
        let inside = fill_polygon(&corners, right - left, bottom - top);
        for (y, row) in inside.samples.chunks_exact(right - left).enumerate() {
            let first = (top + y) * width + left;
            all.samples[first..][..row.len()].iter_mut().zip(row).for_each(|(all, inside)| *all |= inside);
        }
    }
    all
}

/// The whole pixels in which an outline lies, left, top, right, bottom; none off the photograph.
fn bounds(outline: &[PointInPhoto], (width, height): (usize, usize)) -> Option<(usize, usize, usize, usize)> {
    let least = |of: fn(&PointInPhoto) -> f64| outline.iter().map(of).fold(f64::INFINITY, f64::min).max(0.0);
    let most = |of: fn(&PointInPhoto) -> f64| outline.iter().map(of).fold(0.0, f64::max).ceil() as usize;
    let (left, top) = (least(|p| p.x_px) as usize, least(|p| p.y_px) as usize);
    let (right, bottom) = (most(|p| p.x_px).min(width), most(|p| p.y_px).min(height));
    (left < right && top < bottom).then_some((left, top, right, bottom))
}
