//! How steeply a camera's tones run: the card's grays as photographed against as drawn.

use stipple_color::{Lab, RgbSpace, Xyz};
use stipple_quantity::Estimate;

use crate::card::Card;

/// Lightness of grays that tell: darker ones are stray light, lighter ones clip.
const TELLING_L: [f64; 2] = [30.0, 97.0];
/// Fewest grays that tell.
const GRAYS_MIN: usize = 3;

/// Slope of the logarithm of luminance over that drawn, by least squares; its uncertainty is what the grays scatter by.
/// What a printer made of the grays is in it, the same in every photograph of one card.
pub(crate) fn slope(card: &Card, space: RgbSpace) -> Option<Estimate> {
    let weights = space.luminance_weights();
    let telling =
        card.grays.iter().flatten().filter(|g| (TELLING_L[0]..=TELLING_L[1]).contains(&g.nominal_l));
    let places: Vec<(f64, f64)> = telling
        .filter_map(|gray| {
            let seen: f32 = weights.iter().zip(gray.linear.rgb).map(|(w, v)| w * v).sum();
            let drawn = Xyz::from(Lab::new(gray.nominal_l, 0.0, 0.0)).y;
            (seen > 0.0).then(|| (drawn.ln(), f64::from(seen).ln()))
        })
        .collect();
    if places.len() < GRAYS_MIN {
        return None;
    }
    let n = places.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let across: f64 = places.iter().map(|p| (p.0 - x).powi(2)).sum();
    let slope = places.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / across;
    let left: f64 = places.iter().map(|p| (p.1 - y - slope * (p.0 - x)).powi(2)).sum();
    Some(Estimate::new(slope, (left / (n - 2.0) / across).sqrt()))
}
