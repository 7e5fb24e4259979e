//! A soft spot fitted to light: tells a dot from none.

use nalgebra::{SMatrix, SVector};
use stipple_raster::Grid;

/// Skin that is looked at around a spot, mm.
const AROUND_MM: f64 = 0.32;
/// How far from its mark a spot is looked for, mm.
pub(super) const NEAR_MM: f64 = 0.1;
/// In what steps, mm.
const STEP_MM: f64 = 0.05;
/// Skin that has to be seen around a place, mm, besides how far it is looked for.
pub(super) const REACH_MM: f64 = AROUND_MM;
/// Softness of spots that is tried, mm (standard deviation): the sharpest picture, and three times as wide.
const SOFTNESS_MM: (f64, f64) = (0.06, 0.2);
/// Softness where too few marks tell it, mm.
const ORDINARY_MM: f64 = 0.11;
/// Marks that tell it.
const MARKS_MIN: usize = 10;
/// Marks that are enough.
const MARKS_MOST: usize = 400;

/// How spots look in this picture.
pub(super) struct Fitting<'a> {
    light: &'a Grid,
    mm_per_px: f64,
    softness_mm: f64,
}

impl<'a> Fitting<'a> {
    /// With the softness that fits the marks best: the picture's own blur is in it.
    pub(super) fn best(light: &'a Grid, mm_per_px: f64, marks: &[(f64, f64)]) -> Self {
        let with = |softness_mm: f64| Self { light, mm_per_px, softness_mm };
        if marks.len() < MARKS_MIN {
            return with(ORDINARY_MM);
        }
        let step = marks.len().div_ceil(MARKS_MOST);
        let unexplained = |softness_mm: f64| -> f64 {
            let fitting = with(softness_mm);
            marks
                .iter()
                .step_by(step)
                .filter_map(|at| fitting.best_at(*at, NEAR_MM))
                .map(|spot| spot.unexplained)
                .sum()
        };
        let tried = (0..15).map(|k| SOFTNESS_MM.0 + f64::from(k) / 14.0 * (SOFTNESS_MM.1 - SOFTNESS_MM.0));
        let best = tried.map(|mm| (mm, unexplained(mm))).min_by(|a, b| a.1.total_cmp(&b.1));
        with(best.map_or(ORDINARY_MM, |best| best.0))
    }

    /// The contrast that would be fitted to a spot whose contrast by distance, mm, is known.
    pub(super) fn fitted(&self, contrast: &dyn Fn(f64) -> f64) -> f64 {
        const RINGS: usize = 64;
        let (mut normal, mut right) = (SMatrix::<f64, 2, 2>::zeros(), SVector::<f64, 2>::zeros());
        for ring in 0..RINGS {
            let r_mm = (ring as f64 + 0.5) / RINGS as f64 * AROUND_MM;
            let basis = SVector::from([(-(r_mm / self.softness_mm).powi(2) / 2.0).exp(), 1.0]);
            normal += r_mm * basis * basis.transpose();
            right += r_mm * (1.0 - contrast(r_mm)) * basis;
        }
        normal.cholesky().map_or(0.0, |normal| {
            let solved = normal.solve(&right);
            -solved[0] / solved[1].max(1e-4)
        })
    }

    /// The spot that fits best within so far of a place, mm.
    pub(super) fn best_at(&self, at: (f64, f64), far_mm: f64) -> Option<Spot> {
        let steps = (far_mm / STEP_MM).round() as i32;
        let offsets = (-steps..=steps).flat_map(|y| (-steps..=steps).map(move |x| (x, y)));
        let near = offsets.filter(|(x, y)| x * x + y * y <= steps * steps);
        near.filter_map(|(x, y)| self.spot((at.0 + f64::from(x) * STEP_MM, at.1 + f64::from(y) * STEP_MM)))
            .min_by(|a, b| a.unexplained.total_cmp(&b.unexplained))
    }

    /// A spot, and a level and slope of the skin, by least squares.
    fn spot(&self, (x_mm, y_mm): (f64, f64)) -> Option<Spot> {
        let (x, y) = (x_mm / self.mm_per_px, y_mm / self.mm_per_px);
        let reach = (AROUND_MM / self.mm_per_px).max(1.5);
        let side = reach.ceil() as i64;
        let (mut normal, mut right) = (SMatrix::<f64, 4, 4>::zeros(), SVector::<f64, 4>::zeros());
        let mut square = 0.0;
        for row in y as i64 - side..=y as i64 + side {
            for column in x as i64 - side..=x as i64 + side {
                let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
                if dx.hypot(dy) > reach {
                    continue;
                }
                if row < 0
                    || column < 0
                    || row >= self.light.height as i64
                    || column >= self.light.width as i64
                {
                    return None;
                }
                let value = f64::from(self.light.at(column as usize, row as usize));
                let away = (dx * dx + dy * dy) * (self.mm_per_px / self.softness_mm).powi(2);
                let basis = SVector::from([(-away / 2.0).exp(), 1.0, dx, dy]);
                normal += basis * basis.transpose();
                right += basis * value;
                square += value * value;
            }
        }
        let solved = normal.cholesky()?.solve(&right);
        let level = solved[1].max(1e-4);
        let unexplained = (square - solved.dot(&right)) / (level * level);
        Some(Spot { middle_mm: (x_mm, y_mm), contrast: -solved[0] / level, unexplained })
    }
}

pub(super) struct Spot {
    pub(super) middle_mm: (f64, f64),
    /// Share of the light that is missing in its middle.
    pub(super) contrast: f64,
    /// Sum of squares that are left, of the skin's light.
    unexplained: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const MM_PER_PX: f64 = 1.0 / 12.0;

    /// Spots on skin with a slope, half a pixel off their places.
    fn scalp(softness_mm: f64, contrast: f64, places: &[(f64, f64)]) -> Grid {
        Grid::computed(120, 120, |k| {
            let (x, y) = ((k % 120) as f64 * MM_PER_PX, (k / 120) as f64 * MM_PER_PX);
            let spot = |at: &(f64, f64)| {
                let away = (x - at.0).powi(2) + (y - at.1).powi(2);
                contrast * (-away / 2.0 / softness_mm.powi(2)).exp()
            };
            ((0.4 + 0.005 * x) * (1.0 - places.iter().map(spot).sum::<f64>())) as f32
        })
    }

    #[test]
    fn softness_and_contrast_of_spots_are_found() {
        let places: Vec<(f64, f64)> =
            (0..36).map(|k| (1.5 + f64::from(k % 6) * 1.2, 1.5 + f64::from(k / 6) * 1.2)).collect();
        for (softness_mm, contrast) in [(0.08, 0.5), (0.12, 0.3), (0.16, 0.2)] {
            let light = scalp(softness_mm, contrast, &places);
            let fitting = Fitting::best(&light, MM_PER_PX, &places);
            assert!((fitting.softness_mm / softness_mm - 1.0).abs() < 0.05, "{}", fitting.softness_mm);
            let found = fitting.best_at(places[7], NEAR_MM).expect("a spot").contrast;
            assert!((found / contrast - 1.0).abs() < 0.05, "{softness_mm}: {found} for {contrast}");
            let foreseen = fitting.fitted(&|r_mm| contrast * (-(r_mm / softness_mm).powi(2) / 2.0).exp());
            assert!((foreseen / found - 1.0).abs() < 0.05, "{softness_mm}: {found}, foreseen {foreseen}");
        }
    }
}
