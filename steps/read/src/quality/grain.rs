//! Noise of the camera and blocks of strong compression, on the scalp alone.

use rayon::prelude::*;
use stipple_model::Photo;
use stipple_raster::Mask;

use crate::hair::Found;
use crate::scalp::Scalp;
use crate::statistics::median;

/// Side of the squares that JPEG compresses, pixels.
const BLOCK_PX: usize = 8;
/// Fewer pairs of skin pixels than this tell nothing.
const PAIRS_MIN: usize = 2_000;

/// Standard deviation of neighboring bare skin, optical density (natural logarithm); none where too little is bare.
pub(super) fn noise(scalp: &Scalp, found: &Found) -> Option<f64> {
    let width = scalp.zone.width;
    let bare = |k: usize| scalp.zone.samples[k] && !found.cover.samples[k];
    let pairs =
        (0..found.density.samples.len() - 1).filter(|k| k % width + 1 < width && bare(*k) && bare(k + 1));
    let apart: Vec<f32> =
        pairs.step_by(3).map(|k| (found.density.samples[k + 1] - found.density.samples[k]).abs()).collect();
    let enough = apart.len() >= PAIRS_MIN;
    // The median of the magnitude of a difference of two normal values is 0.954 of their standard deviation.
    median(apart.into_iter()).filter(|_| enough).map(|middle| f64::from(middle) / 0.954)
}

/// How much more neighbors differ across the borders of compressed squares than within them, on bare skin: one
/// where nothing shows.
pub(super) fn blocks(photo: &Photo, scalp: &Scalp, found: &Found) -> Option<f64> {
    let window = scalp.working.window();
    let bare = |x: usize, y: usize| shows_bare(scalp, &found.cover, x, y);
    let rows = (window.top_px..window.top_px + window.height_px).into_par_iter().step_by(3);
    let sums: Vec<[(f64, f64); BLOCK_PX]> = rows
        .map(|y| {
            let mut own = [(0.0, 0.0); BLOCK_PX];
            for x in (window.left_px..window.left_px + window.width_px - 1).filter(|x| bare(*x, y)) {
                let green = |x: usize| f64::from(photo.codes[3 * (y * photo.width_px + x) + 1]);
                let sum = &mut own[x % BLOCK_PX];
                *sum = (sum.0 + (green(x + 1) - green(x)).abs(), sum.1 + 1.0);
            }
            own
        })
        .collect();
    let phase = |c: usize| sums.iter().fold((0.0, 0.0), |all, own| (all.0 + own[c].0, all.1 + own[c].1));
    let phases: [(f64, f64); BLOCK_PX] = std::array::from_fn(phase);
    let seen = phases.iter().map(|p| p.1).sum::<f64>();
    let means = phases.map(|(sum, n)| (sum / n.max(1.0)) as f32);
    let typical = f64::from(median(means.into_iter())?);
    let most = f64::from(means.into_iter().fold(0.0, f32::max));
    (seen >= PAIRS_MIN as f64 && typical > 0.0).then(|| most / typical)
}

/// Squared difference of neighboring pixels over that of pixels four apart, on the scalp; none where it is even.
///
/// In pixels, not in millimetres: the scale is a guess in a picture in which nothing is sharp.
pub(super) fn fineness(photo: &Photo, scalp: &Scalp) -> Option<f64> {
    const FAR_PX: usize = 4;
    let (width, window) = (photo.width_px, scalp.working.window());
    let green = |x: usize, y: usize| f64::from(photo.codes[3 * (y * width + x) + 1]);
    let until = |end: usize, most: usize| end.min(most.saturating_sub(FAR_PX));
    let right = until(window.left_px + window.width_px, width);
    let bottom = until(window.top_px + window.height_px, photo.height_px);
    let rows = (window.top_px..bottom).into_par_iter().step_by(3);
    let sums = rows.map(|y| {
        let mut sums = (0.0, 0.0);
        for x in (window.left_px..right).filter(|x| shows(scalp, *x, y).is_some()) {
            let here = green(x, y);
            let apart = |px: usize| (green(x + px, y) - here).powi(2) + (green(x, y + px) - here).powi(2);
            sums = (sums.0 + apart(1), sums.1 + apart(FAR_PX));
        }
        sums
    });
    // Collected in order, so that the sum is the same on any number of threads.
    let sums: Vec<(f64, f64)> = sums.collect();
    let (near, far) = sums.iter().fold((0.0, 0.0), |all, own| (all.0 + own.0, all.1 + own.1));
    (far > 0.0).then(|| near / far)
}

fn shows_bare(scalp: &Scalp, cover: &Mask, x: usize, y: usize) -> bool {
    shows(scalp, x, y).is_some_and(|(x, y)| !cover.contains(x, y))
}

/// Where a pixel of the photograph lies in the working picture, if it shows scalp.
fn shows(scalp: &Scalp, x: usize, y: usize) -> Option<(f64, f64)> {
    let at = |place: usize, start: f64| (place as f64 + 0.5 - start) / scalp.working.step_px;
    let at = (at(x, scalp.working.left_px), at(y, scalp.working.top_px));
    Some(at).filter(|(x, y)| scalp.zone.contains(*x, *y))
}
