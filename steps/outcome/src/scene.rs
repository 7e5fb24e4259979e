//! A flattened picture of a scar and what is around it.

use stipple_color::RgbSpace;
use stipple_raster::morphology::dilate;
use stipple_raster::{Grid, Mask};

use crate::error::Error;

/// A scar's edge is soft: skin nearer to it than this is neither scar nor surroundings, mm.
pub(crate) const EDGE_MM: f64 = 0.5;
/// Smallest scar that can be told of, mm².
const SCAR_MM2: f64 = 0.5;
/// Least surroundings, mm², and as a multiple of the scar's area.
const SURROUND_MM2: f64 = 50.0;
/// See [`SURROUND_MM2`].
const SURROUND_SCARS: f64 = 0.5;

/// A picture of the scalp laid flat, in linear light.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Linear red, green, blue; in any unit of light, the same for all three.
    pub linear: [&'a Grid; 3],
    /// The space they are in.
    pub space: RgbSpace,
    /// Millimetres a pixel, the same in both directions, 0.005 to 1.
    pub mm_per_px: f64,
    /// Where the scar is.
    pub scar: &'a Mask,
    /// Where scalp is seen at all; the scar's surroundings are what of it is not scar.
    pub zone: &'a Mask,
}

impl Scene<'_> {
    /// Whether it can be measured.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let (width, height) = (self.zone.width, self.zone.height);
        let fits = self.linear.iter().all(|plane| plane.width == width && plane.height == height);
        if !fits || self.scar.width != width || self.scar.height != height {
            return Err(Error::SizesDiffer);
        }
        if !(0.005..=1.0).contains(&self.mm_per_px) {
            return Err(Error::PixelPitch { found_mm: self.mm_per_px });
        }
        let (scar_mm2, zone_mm2) = (self.scar_mm2(), self.mm2(self.zone.count()));
        if scar_mm2 < SCAR_MM2 {
            return Err(Error::ScarTooSmall { found_mm2: scar_mm2, needed_mm2: SCAR_MM2 });
        }
        let (found_mm2, needed_mm2) = (zone_mm2 - scar_mm2, SURROUND_MM2.max(SURROUND_SCARS * scar_mm2));
        if found_mm2 < needed_mm2 {
            return Err(Error::SurroundTooSmall { found_mm2, needed_mm2 });
        }
        Ok(())
    }

    /// Area of the scar that is seen, mm².
    pub fn scar_mm2(&self) -> f64 {
        let seen = self.scar.samples.iter().zip(&self.zone.samples).filter(|(scar, zone)| **scar && **zone);
        self.mm2(seen.count())
    }

    fn mm2(&self, pixels: usize) -> f64 {
        pixels as f64 * self.mm_per_px * self.mm_per_px
    }

    /// The scalp that surely is not scar.
    pub(crate) fn surround(&self) -> Mask {
        let mut around = dilate(self.scar, EDGE_MM / self.mm_per_px);
        around.samples.iter_mut().zip(&self.zone.samples).for_each(|(at, zone)| *at = *zone && !*at);
        around
    }

    /// Linear red, green, blue of a pixel.
    #[inline]
    pub(crate) fn rgb(&self, k: usize) -> [f32; 3] {
        self.linear.map(|plane| plane.samples[k])
    }
}
