//! CIEDE2000, the color difference that the field quotes.

use crate::lab::Lab;

/// CIEDE2000 color difference ΔE00 with unit weights (kL = kC = kH = 1).
///
/// # Limits
/// Made for differences up to about 5; larger ones rank right but are not calibrated.
///
/// # Source
/// [@Sharma2005], equations 2 to 22; its 34 test pairs are reproduced to 1e-4.
pub fn ciede2000(one: Lab, two: Lab) -> f64 {
    // Stretch a* so that grays come out right (eq. 2–7).
    let mean_chroma7 = ((one.chroma() + two.chroma()) / 2.0).powi(7);
    let g = 0.5 * (1.0 - (mean_chroma7 / (mean_chroma7 + 25f64.powi(7))).sqrt());
    let (a1, a2) = ((1.0 + g) * one.a, (1.0 + g) * two.a);
    let (c1, c2) = (a1.hypot(one.b), a2.hypot(two.b));
    let (h1, h2) = (hue_deg(a1, one.b), hue_deg(a2, two.b));

    // Differences of lightness, chroma and hue (eq. 8–11).
    let delta_l = two.l - one.l;
    let delta_c = c2 - c1;
    let gray = c1 * c2 == 0.0;
    let turn = if gray { 0.0 } else { wrap_half_turn(h2 - h1) };
    let delta_h = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();

    // Weights at the mean of the pair (eq. 12–21).
    let (l, c) = ((one.l + two.l) / 2.0, (c1 + c2) / 2.0);
    let h = mean_hue_deg(h1, h2, gray);
    let t = 1.0 - 0.17 * (h - 30.0).to_radians().cos()
        + 0.24 * (2.0 * h).to_radians().cos()
        + 0.32 * (3.0 * h + 6.0).to_radians().cos()
        - 0.20 * (4.0 * h - 63.0).to_radians().cos();
    let rotation = (30.0 * (-((h - 275.0) / 25.0).powi(2)).exp() * 2.0).to_radians().sin();
    let c7 = c.powi(7);
    let r_t = -2.0 * (c7 / (c7 + 25f64.powi(7))).sqrt() * rotation;
    let s_l = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (s_c, s_h) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);

    // Combine (eq. 22).
    let (x, y, z) = (delta_l / s_l, delta_c / s_c, delta_h / s_h);
    (x * x + y * y + z * z + r_t * y * z).max(0.0).sqrt()
}

fn hue_deg(a: f64, b: f64) -> f64 {
    if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) }
}

fn wrap_half_turn(turn: f64) -> f64 {
    if turn > 180.0 {
        turn - 360.0
    } else if turn < -180.0 {
        turn + 360.0
    } else {
        turn
    }
}

fn mean_hue_deg(h1: f64, h2: f64, gray: bool) -> f64 {
    let sum = h1 + h2;
    if gray {
        sum
    } else if (h1 - h2).abs() <= 180.0 {
        sum / 2.0
    } else if sum < 360.0 {
        (sum + 360.0) / 2.0
    } else {
        (sum - 360.0) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published pairs: L1 a1 b1 L2 a2 b2 ΔE00 [@Sharma2005] Table 1.
    const PAIRS: &str = include_str!("../../../sources/color/ciede2000_pairs.csv");

    #[test]
    fn all_published_pairs() {
        let rows = PAIRS.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let mut checked = 0;
        for row in rows {
            let v: Vec<f64> = row.split(',').map(|cell| cell.trim().parse().expect("a number")).collect();
            let (one, two) = (Lab::new(v[1], v[2], v[3]), Lab::new(v[4], v[5], v[6]));
            assert!((ciede2000(one, two) - v[7]).abs() < 1e-4, "pair {}", v[0]);
            assert!((ciede2000(two, one) - v[7]).abs() < 1e-4, "pair {} swapped", v[0]);
            checked += 1;
        }
        assert_eq!(checked, 34);
    }
}
