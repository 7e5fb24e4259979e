//! How wide the sharpest edges of a picture are.

use stipple_raster::Grid;
use stipple_raster::statistics::quantile;

use crate::scene::Scene;

/// Share of the edges that count: the steepest.
const STEEPEST: f64 = 0.05;
/// Half the side of the square in which an edge's height is looked for, mm: a blurred hair fits in.
const REACH_MM: f64 = 0.35;
/// The same at most, pixels.
const REACH_MOST: f64 = 8.0;
/// Fewest edges that tell.
const EDGES_MIN: usize = 200;

/// Median width of the steepest edges in the scalp, mm: height over slope of the logarithm of light.
///
/// Hair is what makes them: its flanks are as wide as the picture's blur, whatever its contrast. `None` where too
/// little of the picture is scalp.
pub(crate) fn width_mm(scene: &Scene) -> Option<f64> {
    let (width, height) = (scene.zone.width, scene.zone.height);
    let weights = scene.space.luminance_weights();
    let light = Grid::computed(width, height, |k| {
        let light: f32 = scene.rgb(k).iter().zip(weights).map(|(light, weight)| light * weight).sum();
        light.max(1e-5).ln()
    });
    let reach = (REACH_MM / scene.mm_per_px).clamp(2.0, REACH_MOST).round() as usize;
    let inner = |k: usize| {
        let (x, y) = (k % width, k / width);
        x >= reach && y >= reach && x + reach < width && y + reach < height
    };
    let whole = |k: usize| scene.zone.samples[k - reach * width] && scene.zone.samples[k + reach * width];
    let places: Vec<usize> =
        (0..width * height).filter(|k| inner(*k) && scene.zone.samples[*k] && whole(*k)).collect();
    let slope = |k: usize| {
        let across = light.samples[k + 1] - light.samples[k - 1];
        let down = light.samples[k + width] - light.samples[k - width];
        across.hypot(down) / 2.0
    };
    let least = quantile(places.iter().map(|k| slope(*k)), 1.0 - STEEPEST)?;
    let edges: Vec<f32> = places
        .iter()
        .filter(|k| slope(**k) >= least.max(1e-6))
        .map(|k| height_of(&light, *k, reach) / slope(*k))
        .collect();
    let enough = edges.len() >= EDGES_MIN;
    let median = quantile(edges.into_iter(), 0.5).filter(|_| enough)?;
    Some(f64::from(median) * scene.mm_per_px)
}

/// From the darkest to the lightest of the square around.
fn height_of(light: &Grid, k: usize, reach: usize) -> f32 {
    let rows = (0..=2 * reach).map(|dy| k - reach + dy * light.width - reach * light.width);
    let all = rows.flat_map(|start| &light.samples[start..=start + 2 * reach]);
    let (low, high) =
        all.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    high - low
}

#[cfg(test)]
mod tests {
    use stipple_color::RgbSpace;
    use stipple_raster::Mask;

    use super::*;

    /// Width of the edges of dark lines that are so soft and so dark.
    fn width(softness_px: f32, darkness: f32) -> f64 {
        let light = Grid::computed(120, 120, |k| {
            let off = (k % 120 % 12) as f32 - 5.7;
            (-darkness * (-off * off / (2.0 * softness_px * softness_px)).exp()).exp()
        });
        let scene = Scene {
            linear: [&light; 3],
            space: RgbSpace::Srgb,
            mm_per_px: 0.1,
            scar: &Mask::filled(120, 120, false),
            zone: &Mask::filled(120, 120, true),
        };
        width_mm(&scene).expect("there are edges")
    }

    #[test]
    fn blur_makes_edges_wider_and_contrast_does_not() {
        assert!((width(1.2, 0.8) / width(1.2, 0.2) - 1.0).abs() < 0.1);
        let widths = [0.8, 1.2, 1.8].map(|softness| width(softness, 0.5));
        assert!(widths[1] > 1.15 * widths[0] && widths[2] > 1.15 * widths[1], "{widths:?}");
    }
}
