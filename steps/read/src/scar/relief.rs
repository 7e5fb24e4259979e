//! A hint of relief: a scar that stands up or lies deep is lighter on one side and darker on the other.

use stipple_quantity::Estimate;

use super::edge::signed_distance;
use crate::hair::Found;
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;

/// Half the width of the rim that is looked at, mm.
const RIM_MM: f64 = 0.5;
/// Area over which skin's own mottling is one, mm².
const MOTTLE_MM2: f64 = 1.0;
/// Fewer skin pixels than this tell nothing.
const PIXELS_MIN: usize = 60;

/// How much the brightness of the rim swings around the scar: half the difference of its brightest and darkest
/// side, natural logarithm of luminance. Zero is flat, or lit from straight above; whether the scar stands up or
/// lies deep is not told, as nobody knows where the light comes from.
pub(crate) fn relief(scalp: &Scalp, shade: &Shade, found: &Found, own: &Part) -> Option<Estimate> {
    let distance = signed_distance(&own.mask);
    let signed = |k: usize| distance.samples[k];
    let (width, height) = (own.mask.width, own.mask.height);
    let rim_px = (RIM_MM * scalp.px_per_mm) as f32;
    let picture = scalp.zone.width;
    let mut rows: Vec<[f64; 3]> = Vec::new();
    for k in 0..width * height {
        let (x, y, at) = (k % width, k / width, own.index(k, picture));
        let off_rim = signed(k).abs() > rim_px || x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        if off_rim || !scalp.zone.samples[at] || found.cover.samples[at] {
            continue;
        }
        let (dx, dy) = (signed(k + 1) - signed(k - 1), signed(k + width) - signed(k - width));
        let length = f64::from(dx.hypot(dy));
        if length > 0.0 && length.is_finite() {
            let light = f64::from(scalp.working.luminance(at).max(1e-3).ln() + shade.log_evening(at));
            rows.push([f64::from(dx) / length, f64::from(dy) / length, light]);
        }
    }
    swing(&rows, MOTTLE_MM2 * scalp.px_per_mm * scalp.px_per_mm)
}

/// Amplitude of the light along the direction in which it swings most, with the error of so many rows, of which
/// `correlated` are one.
fn swing(rows: &[[f64; 3]], correlated: f64) -> Option<Estimate> {
    if rows.len() < PIXELS_MIN {
        return None;
    }
    let n = rows.len() as f64;
    let mean = |of: &dyn Fn(&[f64; 3]) -> f64| rows.iter().map(of).sum::<f64>() / n;
    let (mx, my, ml) = (mean(&|r| r[0]), mean(&|r| r[1]), mean(&|r| r[2]));
    let (xx, yy) = (mean(&|r| (r[0] - mx).powi(2)), mean(&|r| (r[1] - my).powi(2)));
    let xy = mean(&|r| (r[0] - mx) * (r[1] - my));
    let (xl, yl) = (mean(&|r| (r[0] - mx) * (r[2] - ml)), mean(&|r| (r[1] - my) * (r[2] - ml)));
    let determinant = xx * yy - xy * xy;
    if determinant <= 1e-4 {
        return None;
    }
    let (a, b) = ((xl * yy - yl * xy) / determinant, (yl * xx - xl * xy) / determinant);
    let left = mean(&|r| (r[2] - ml - a * (r[0] - mx) - b * (r[1] - my)).powi(2));
    let error = (left * (xx + yy) / determinant / (n / correlated).max(1.0)).sqrt();
    Some(Estimate::new(a.hypot(b), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rim(amplitude: f64) -> Vec<[f64; 3]> {
        let at = |k: usize| {
            let angle = std::f64::consts::TAU * k as f64 / 4000.0;
            let noise = 0.02 * ((k * 37 % 101) as f64 / 50.0 - 1.0);
            [angle.cos(), angle.sin(), amplitude * (angle - 0.7).cos() + noise]
        };
        (0..4000).map(at).collect()
    }

    #[test]
    fn a_swing_is_found_and_none_is_not() {
        let found = swing(&rim(0.1), 100.0).expect("there are rows");
        assert!((found.value - 0.1).abs() < 0.005 && found.standard_uncertainty < 0.01, "{found:?}");
        let flat = swing(&rim(0.0), 100.0).expect("there are rows");
        assert!(flat.value < 2.0 * flat.standard_uncertainty, "{flat:?}");
        assert!(swing(&rim(0.1)[..20], 100.0).is_none());
    }
}
