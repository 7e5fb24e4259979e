//! What an eye at a distance still tells apart.

use rayon::prelude::*;
use stipple_model::{Photo, Watch};
use stipple_raster::Grid;
use stipple_raster::filter::gaussian_blur;

use crate::codes::Codes;
use crate::error::Error;

/// The eye's point spread as Gaussians: weight and standard deviation, minutes of arc.
///
/// Fitted to the mean optics of healthy eyes with a pupil of 4 mm [@Watson2013], to 0.008 of its modulation.
const POINT_SPREAD: [(f32, f64); 4] = [(0.115, 0.25), (0.145, 0.55), (0.425, 1.2), (0.315, 2.8)];
/// Radians in a minute of arc.
const MINUTE: f64 = std::f64::consts::PI / 10_800.0;

/// Blurs a picture as the eye does at a distance: what it cannot tell apart from there runs together.
///
/// Light is averaged, not codes. The cones' own grain and the brain are left out: nothing that is seen is lost.
///
/// # Errors
/// If the watcher stops the work.
pub(crate) fn blur(
    picture: &mut [u16],
    photo: &Photo,
    pixel_pitch_mm: f64,
    distance_m: f64,
    watch: &dyn Watch,
) -> Result<(), Error> {
    let codes = Codes::new(photo.space, photo.bit_depth);
    let minute_px = distance_m * 1000.0 * MINUTE / pixel_pitch_mm;
    // because beyond a third of the picture nothing but its mean is left.
    let widest_px = photo.width_px.min(photo.height_px) as f64 / 3.0;
    let mut blurred = Vec::with_capacity(3);
    for channel in 0..3 {
        let samples = picture.par_chunks_exact(3).map(|pixel| codes.linear(pixel[channel])).collect();
        let sharp = Grid { width: photo.width_px, height: photo.height_px, samples };
        let mut sum = vec![0.0f32; sharp.samples.len()];
        for (weight, minutes) in POINT_SPREAD {
            if watch.stopped() {
                return Err(Error::Stopped);
            }
            let part = gaussian_blur(&sharp, (minutes * minute_px).min(widest_px) as f32);
            sum.par_iter_mut().zip(&part.samples).for_each(|(sum, value)| *sum += weight * value);
        }
        blurred.push(sum);
    }
    picture.par_chunks_exact_mut(3).enumerate().for_each(|(i, pixel)| {
        pixel.copy_from_slice(&codes.codes([blurred[0][i], blurred[1][i], blurred[2][i]]));
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modulation that the eye passes, by cycles a degree: Watson's formula for a pupil of 4 mm and 555 nm.
    fn passed(cycles_per_deg: f64) -> f64 {
        let pupil_mm = 4.0;
        let cutoff = pupil_mm * std::f64::consts::PI * 1e6 / (555.0 * 180.0);
        let share = cycles_per_deg / cutoff;
        let diffraction = std::f64::consts::FRAC_2_PI * (share.acos() - share * (1.0 - share * share).sqrt());
        let corner = 21.95 - 5.512 * pupil_mm + 0.3922 * pupil_mm * pupil_mm;
        (1.0 + (cycles_per_deg / corner).powi(2)).powf(-0.62) * diffraction.sqrt()
    }

    #[test]
    fn the_gaussians_are_the_eye() {
        assert!((POINT_SPREAD.iter().map(|(weight, _)| weight).sum::<f32>() - 1.0).abs() < 1e-6);
        for cycles_per_deg in (0..=60).map(f64::from) {
            let wave = std::f64::consts::TAU * cycles_per_deg / 60.0;
            let got: f64 =
                POINT_SPREAD.iter().map(|(w, s)| f64::from(*w) * (-(wave * s).powi(2) / 2.0).exp()).sum();
            let expected = passed(cycles_per_deg);
            assert!((got - expected).abs() < 0.008, "{cycles_per_deg}: {got} against {expected}");
        }
    }
}
