//! How much bluer dots are than the hair beside them.

use stipple_color::Lab;
use stipple_points::index::CellIndex;
use stipple_quantity::Estimate;

/// A dot or a hair, seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where, mm.
    pub at_mm: (f64, f64),
    /// Color of its darkest part.
    pub lab: Lab,
}

/// How far hair speaks for a dot, mm.
const BESIDE_MM: f64 = 5.0;
/// Dots with hair beside them that are needed.
const DOTS_MIN: usize = 5;

/// Mean of the dots' b* less the median b* of the hair within 5 mm; below zero is bluer.
///
/// None with fewer than five dots that have hair beside them. Dots without hair near do not count.
///
/// # Limits
/// Both are read from the same picture, so that its white hardly matters; the lens's color fringes, alike on both, do
/// not either. A hair that is lighter than a dot shows more of the skin's yellow.
///
/// # Cost
/// Dots times the hairs within reach of one.
pub fn blue_shift(dots: &[Spot], hairs: &[Spot]) -> Option<Estimate> {
    let places: Vec<(f64, f64)> = hairs.iter().map(|hair| hair.at_mm).collect();
    let index = CellIndex::new(&places);
    let shifts: Vec<f64> =
        dots.iter().filter_map(|dot| Some(dot.lab.b - hair_b(dot, hairs, &index)?)).collect();
    if shifts.len() < DOTS_MIN {
        return None;
    }
    let n = shifts.len() as f64;
    let mean = shifts.iter().sum::<f64>() / n;
    let variance = shifts.iter().map(|shift| (shift - mean).powi(2)).sum::<f64>() / (n - 1.0);
    // Neighboring dots share the hairs they are held against: their spread counts once more, over the hairs.
    let hair_mean = hairs.iter().map(|hair| hair.lab.b).sum::<f64>() / hairs.len() as f64;
    let of_hair = hairs.iter().map(|hair| (hair.lab.b - hair_mean).powi(2)).sum::<f64>();
    let hairs_n = hairs.len() as f64;
    Some(Estimate::new(mean, (variance / n + of_hair / (hairs_n * hairs_n)).sqrt()))
}

/// Median b* of the hair beside a dot.
fn hair_b(dot: &Spot, hairs: &[Spot], index: &CellIndex) -> Option<f64> {
    let mut values: Vec<f64> = Vec::new();
    index.for_each_within(dot.at_mm, BESIDE_MM, |k, _| values.push(hairs[k].lab.b));
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    Some(if values.len().is_multiple_of(2) { (upper + values[middle - 1]) / 2.0 } else { *upper })
}
