//! Where light is mirrored: wide gloss has no skin to look at, and hair is counted over the rest.

use stipple_model::{Caveat, Code, Weight};
use stipple_raster::Mask;
use stipple_raster::region::{Region, regions};

use crate::scalp::Scalp;

/// Share of a sample's pixels at their upper end from which it may show light only, and least blue over red that it
/// then has: bright skin is at its upper end in red alone.
const CLIPPED: f32 = 0.3;
/// See [`CLIPPED`].
const PALE: f32 = 0.8;
/// Gloss from this area on is a place where hair cannot be seen, mm².
const WIDE_MM2: f64 = 0.5;
/// Shining share of the skin from which a person is told, and from which hair is in doubt and not to be counted.
const SHINE_TOLD: f64 = 0.04;
/// See [`SHINE_TOLD`].
const SHINE_DOUBT: f64 = 0.12;
/// See [`SHINE_TOLD`].
const SHINE_BLOCKS: f64 = 0.30;

/// Mirrored light on a scalp.
pub(crate) struct Gloss {
    /// Where nothing but light is seen, on the working picture.
    pub(crate) blind: Mask,
    /// Its share of the scalp.
    blind_share: f64,
}

impl Gloss {
    /// # Cost
    /// One pass over the working picture.
    pub(crate) fn find(scalp: &Scalp) -> Self {
        let clipped = &scalp.working.clipped;
        let (width, height) = (clipped.width, clipped.height);
        let [red, _, blue] = &scalp.working.rgb;
        let shines = |k: usize| {
            scalp.zone.samples[k] && clipped.samples[k] > CLIPPED && blue.samples[k] > PALE * red.samples[k]
        };
        let bright = Mask { width, height, samples: (0..width * height).map(shines).collect() };
        let mut blind = Mask::filled(width, height, false);
        let wide = |region: &Region| region.pixels.len() as f64 / scalp.px_per_mm.powi(2) >= WIDE_MM2;
        for k in regions(&bright).into_iter().filter(wide).flat_map(|region| region.pixels) {
            blind.samples[k] = true;
        }
        let blind_share = blind.count() as f64 / scalp.zone.count().max(1) as f64;
        Self { blind, blind_share }
    }

    /// What a person should know; `shine`: share of the bare skin besides that shines.
    pub(crate) fn caveat(&self, shine: f64) -> Option<Caveat> {
        let shine = self.blind_share + (1.0 - self.blind_share) * shine;
        let weight = match shine {
            s if s > SHINE_BLOCKS => Weight::Blocks,
            s if s > SHINE_DOUBT => Weight::Doubt,
            _ => Weight::Note,
        };
        let blind = if weight == Weight::Note { "" } else { "; hair under it is missed or misread" };
        (shine > SHINE_TOLD).then(|| {
            Caveat::new(
                Code::PhotoShine,
                weight,
                format!("{:.0} % of the skin shines and was left out of colors{blind}", 100.0 * shine),
                "dab the skin dry and use soft light from the side",
            )
        })
    }
}
