//! The scar's texture against that of its surroundings: more or fewer hairs, finer or smoother skin.
//!
//! In bands an octave wide the contrast energy inside and around is taken as what gratings of the same mean square contrast
//! and of the scar's area would be to the eye: u times their threshold. Two such contrasts are told apart by what the
//! visual system makes of them, T(u) = 2 u^2.4 / (1 + u²) [@LeggeFoley1980]: d′ is the difference of T. Noise beyond the eye's
//! is how T spreads over all shifts of the scar's outline in the surroundings.
//!
//! Light against dark alone: hair and dots hardly differ from skin in hue at such frequencies, and the eye hardly sees it.

use stipple_color::{Mechanism, contrast_sensitivity};
use stipple_raster::Grid;
use stipple_raster::filter::{gaussian_blur, shrink};
use stipple_raster::fourier::spectra_of_two;

use super::bins::padded;
use super::field::Field;
use super::{Share, Viewing, deg_per_mm};

/// Smallest working pixel, mm.
pub(crate) const FINEST_MM: f64 = 0.12;
/// Standard deviations between which the bands lie, mm: they let pass most at 1.5, 0.8, 0.4 and 0.2 cycles/mm.
const EDGES_MM: [f64; 5] = [0.1, 0.2, 0.4, 0.8, 1.6];
/// Pixels over which energies are averaged before their spread is taken.
const COARSER: usize = 4;

/// Contrast energies by band.
pub(crate) struct TextureSignal {
    bands: Vec<Band>,
    area_mm2: f64,
}

/// One band.
struct Band {
    /// Standard deviation of its finer edge, mm.
    fine_mm: f64,
    /// Mean square contrast inside and around.
    inside: f64,
    around: f64,
    /// Spread of the mean square contrast over shifts of the outline, relative to its mean.
    spread: f64,
}

impl TextureSignal {
    pub(crate) fn of(field: &Field) -> Self {
        let plain = without_step(field);
        let blurs: Vec<Grid> =
            EDGES_MM.iter().map(|mm| gaussian_blur(&plain, (mm / field.mm_per_px) as f32)).collect();
        let outline = Outline::of(field);
        let bands = blurs.windows(2).zip(EDGES_MM).map(|(pair, fine_mm)| {
            let (width, height) = (plain.width, plain.height);
            let energy = Grid::computed(width, height, |k| (pair[0].samples[k] - pair[1].samples[k]).powi(2));
            let (inside, around) = (mean(&energy, &field.scar), mean(&energy, &field.around));
            Band { fine_mm, inside, around, spread: outline.spread(&energy, around) }
        });
        Self { bands: bands.collect(), area_mm2: field.scar_mm2() }
    }

    /// What is seen of it from a distance.
    pub(crate) fn seen(&self, distance_m: f64, viewing: &Viewing) -> Share {
        let deg = deg_per_mm(distance_m);
        let area_deg2 = self.area_mm2 * deg * deg;
        let seen = self.bands.iter().map(|band| {
            let sensitivity = band.sensitivity(deg, area_deg2, viewing.luminance_cd_m2);
            let thresholds = |energy: f64| (2.0 * energy).sqrt() * sensitivity;
            let (inside, around) = (thresholds(band.inside), thresholds(band.around));
            // A relative change of energy is half of one in contrast.
            let clutter = slope(around) * around * band.spread / 2.0;
            Share::of(response(inside) - response(around), clutter)
        });
        seen.fold(Share::default(), Share::and)
    }
}

impl Band {
    /// Root mean square of the sensitivity over what the band lets pass of an even spectrum.
    fn sensitivity(&self, deg_per_mm: f64, area_deg2: f64, luminance: f64) -> f64 {
        const SAMPLES: i32 = 12;
        let (mut sum, mut all) = (0.0, 0.0);
        for k in 0..SAMPLES {
            // Quarter octaves around the frequency that passes best, 0.15 / σ.
            let cycles_per_mm = 0.05 / self.fine_mm * 2f64.powf(f64::from(k) * 0.25);
            let wave = (std::f64::consts::TAU * cycles_per_mm * self.fine_mm).powi(2);
            let passed = ((-wave / 2.0).exp() - (-2.0 * wave).exp()).powi(2);
            let weight = passed * cycles_per_mm * cycles_per_mm;
            let sensitivity =
                contrast_sensitivity(Mechanism::Achromatic, cycles_per_mm / deg_per_mm, area_deg2, luminance);
            sum += weight * sensitivity * sensitivity;
            all += weight;
        }
        (sum / all).sqrt()
    }
}

/// What the visual system makes of a contrast of so many thresholds [@LeggeFoley1980]; it is 1 at threshold.
fn response(thresholds: f64) -> f64 {
    2.0 * thresholds.powf(2.4) / (1.0 + thresholds * thresholds)
}

/// Slope of [`response`].
fn slope(thresholds: f64) -> f64 {
    let squared = thresholds * thresholds;
    2.0 * thresholds.powf(1.4) * (2.4 + 0.4 * squared) / (1.0 + squared).powi(2)
}

/// Achromatic contrast without the step at the scar's edge, which is no texture.
fn without_step(field: &Field) -> Grid {
    let step = mean(&field.contrast[0], &field.scar) as f32;
    let contrast = &field.contrast[0];
    Grid::computed(contrast.width, contrast.height, |k| contrast.samples[k] - step * field.scar.samples[k])
}

fn mean(grid: &Grid, weight: &Grid) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (value, weight) in grid.samples.iter().zip(&weight.samples) {
        sum += f64::from(value * weight);
        all += f64::from(*weight);
    }
    sum / f64::max(all, 1e-9)
}

/// The scar's outline as it is laid over the surroundings at every shift.
struct Outline {
    side: usize,
    scar: Grid,
    around: Grid,
    scar_px: f64,
    around_px: f64,
}

impl Outline {
    fn of(field: &Field) -> Self {
        let (scar, around) = (shrink(&field.scar, COARSER), shrink(&field.window, COARSER));
        let side = (2 * scar.width.max(scar.height)).next_power_of_two();
        let total = |grid: &Grid, power: i32| {
            grid.samples.iter().map(|s| f64::from(*s).powi(power)).sum::<f64>().max(1e-9)
        };
        let (scar_px, around_px) = (total(&scar, 1), total(&around, 2));
        Self { side, scar: padded(&scar, side), around: padded(&around, side), scar_px, around_px }
    }

    /// Standard deviation of a grid's mean over the outline, over all shifts of it in the surroundings, over `mean`.
    fn spread(&self, grid: &Grid, mean: f64) -> f64 {
        let coarse = padded(&shrink(grid, COARSER), self.side);
        let off = Grid::computed(self.side, self.side, |k| {
            self.around.samples[k] * (coarse.samples[k] / mean.max(1e-30) as f32 - 1.0)
        });
        let [off, scar] = spectra_of_two(&off, &self.scar);
        let all = self.side * self.side;
        let sum: f64 = (0..all).map(|k| off.power(k) * scar.power(k)).sum();
        (sum / all as f64 / self.around_px).sqrt() / self.scar_px
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_is_one_at_threshold_and_its_slope_is_its_slope() {
        assert_eq!(response(1.0), 1.0);
        for u in [0.2, 1.0, 5.0, 40.0] {
            let numeric = (response(u * 1.001) - response(u * 0.999)) / (0.002 * u);
            assert!((numeric / slope(u) - 1.0).abs() < 1e-4);
        }
        // From a high contrast on, what is told apart grows with its power 0.6.
        assert!((slope(1000.0) / slope(100.0) - 10f64.powf(-0.6)).abs() < 0.001);
    }
}
