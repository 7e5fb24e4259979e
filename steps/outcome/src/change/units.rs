//! Hair and dots a square centimetre, inside a scar and around.

use stipple_quantity::Estimate;
use stipple_raster::Mask;

use super::{both, ring};
use crate::error::Error;
use crate::scene::Scene;

/// Units (of hair, or dots, or both) per cm².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitDensity {
    /// In the scar.
    pub inside_per_cm2: Estimate,
    /// In the ring around it.
    pub around_per_cm2: Estimate,
    /// Inside over around; none where there is nothing around.
    pub share: Option<Estimate>,
}

/// Counts units inside the scar and in the ring around it; places in mm from the scene's upper left corner, (x, y).
///
/// The uncertainty is that of a count by chance, √n (of at least one): units keep apart, so it is rather too wide.
///
/// # Errors
/// If sizes, pitch, scar or surroundings cannot be used.
pub fn unit_density(scene: &Scene, places_mm: &[(f64, f64)]) -> Result<UnitDensity, Error> {
    scene.check()?;
    let counted = |mask: &Mask| {
        let px = |mm: f64| mm / scene.mm_per_px;
        let count = places_mm.iter().filter(|(x, y)| mask.contains(px(*x), px(*y))).count() as f64;
        let area_cm2 = mask.count() as f64 * (scene.mm_per_px / 10.0).powi(2);
        Estimate::new(count / area_cm2.max(1e-9), count.max(1.0).sqrt() / area_cm2.max(1e-9))
    };
    let (inside, around) = (counted(&both(scene.scar, scene.zone)), counted(&ring(scene)));
    let share = (around.value > 0.0).then(|| {
        let share = inside.value / around.value;
        let own = inside.standard_uncertainty / around.value;
        Estimate::new(share, own.hypot(share * around.relative_uncertainty()))
    });
    Ok(UnitDensity { inside_per_cm2: inside, around_per_cm2: around, share })
}
