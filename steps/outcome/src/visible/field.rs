//! Contrasts of a scene in three mechanisms, slow shade taken out.

use stipple_color::ConeOpponent;
use stipple_raster::distance::distance_to;
use stipple_raster::masked::block_means;
use stipple_raster::{Grid, Mask};

use crate::plane::Plane;
use crate::scene::Scene;

/// A scene as contrasts, on working pixels.
pub(crate) struct Field {
    /// Millimetres a working pixel.
    pub(crate) mm_per_px: f64,
    /// Achromatic, red-green, yellow-violet contrast to the surroundings; zero off the scalp.
    pub(crate) contrast: [Grid; 3],
    /// Share of scar in each pixel.
    pub(crate) scar: Grid,
    /// Share of surroundings in each pixel.
    pub(crate) around: Grid,
    /// Weight of the surroundings where clutter is looked for: it fades toward their edges.
    pub(crate) window: Grid,
}

/// Way over which the weight of the surroundings fades, mm: a few spacings of hair.
///
/// Because a sharp edge cuts hairs: their fine pattern would count as slow clutter that is not there.
const FADE_MM: f64 = 4.0;

impl Field {
    /// With the largest side at most so many pixels.
    pub(crate) fn coarse_enough(scene: &Scene, side_most: usize) -> Self {
        let factor = scene.zone.width.max(scene.zone.height).div_ceil(side_most).max(1);
        let finest = (super::texture::FINEST_MM / scene.mm_per_px - 1e-9).ceil().max(1.0) as usize;
        Self::of(scene, factor.max(finest))
    }

    /// With pixels of at least a size.
    pub(crate) fn fine_enough(scene: &Scene, finest_mm: f64) -> Self {
        Self::of(scene, (finest_mm / scene.mm_per_px - 1e-9).ceil().max(1.0) as usize)
    }

    fn of(scene: &Scene, factor: usize) -> Self {
        let weights = ConeOpponent::weights(scene.space);
        let (zone, mut opponent) = block_means(scene.zone, factor, |k| {
            let [r, g, b] = scene.rgb(k);
            weights.map(|[wr, wg, wb]| wr * r + wg * g + wb * b)
        });
        let share = |mask: &Mask| {
            let inside = |k: usize| [f32::from(u8::from(mask.samples[k]))];
            let (seen, [share]) = block_means(scene.zone, factor, inside);
            Grid::computed(share.width, share.height, |k| share.samples[k] * seen.samples[k])
        };
        let (scar, around) = (share(scene.scar), share(&scene.surround()));
        let planes: [Plane; 3] = std::array::from_fn(|m| Plane::through(&opponent[m], &around));
        let (width, height) = (zone.width, zone.height);
        for (m, grid) in opponent.iter_mut().enumerate() {
            *grid = Grid::computed(width, height, |k| {
                let light = planes[0].at(k, width, height).max(1e-9);
                let off = f64::from(grid.samples[k]) - planes[m].at(k, width, height);
                f32::from(u8::from(zone.samples[k] > 0.0)) * zone.samples[k] * (off / light) as f32
            });
        }
        let mm_per_px = scene.mm_per_px * factor as f64;
        let window = faded(&around, FADE_MM / mm_per_px);
        Self { mm_per_px, contrast: opponent, scar, around, window }
    }

    /// Area of the scar, mm².
    pub(crate) fn scar_mm2(&self) -> f64 {
        self.scar.samples.iter().map(|s| f64::from(*s)).sum::<f64>() * self.mm_per_px * self.mm_per_px
    }
}

/// Weights that rise from the edges of a share, the grid's own border among them, over a way in pixels.
fn faded(share: &Grid, way_px: f64) -> Grid {
    let (width, height) = (share.width, share.height);
    let off = Mask { width, height, samples: share.samples.iter().map(|share| *share < 0.99).collect() };
    let away = distance_to(&off);
    Grid::computed(width, height, |k| {
        let (x, y) = (k % width, k / width);
        let border = (x.min(width - 1 - x).min(y).min(height - 1 - y) + 1) as f64;
        let rise = (border.min(f64::from(away.samples[k])) / way_px).min(1.0);
        (0.5 - 0.5 * (std::f64::consts::PI * rise).cos()) as f32
    })
}
