//! What the hair around the scars tells of how units stand.

use stipple_model::Reading;
use stipple_points::{Description, Potential, Window, pair_correlation};

use crate::hair_stream::HairStream;

/// From so many units around scars on it matters how they stand; fewer would change less than a fifth of the prior.
const UNITS_TELLING: usize = 300;
/// How far the pair correlation of units that were read is from that of those that stand [docs/science/placement.md].
const MISREAD: f64 = 0.2;

/// How units stand to each other and to the way hair lies.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// How hair lies, over the window that told it.
    pub(crate) hair_stream: HairStream,
    /// How units keep apart.
    pub(crate) potential: Potential,
}

impl Surroundings {
    /// Where nothing is known, or hair that may be thinning does not tell: as on other heads.
    pub(crate) fn unknown() -> Self {
        Self { hair_stream: HairStream::unknown(), potential: Potential::population() }
    }

    /// From the units in a window, by their density in each of its cells.
    pub(crate) fn of(reading: &Reading, units: &[(f64, f64)], window: &Window, per_mm2: &[f64]) -> Self {
        let hair_stream = HairStream::of(reading, units, window, per_mm2);
        let own = pair_correlation(units, window, &hair_stream.metric(per_mm2));
        let own = own.filter(|own| own.points >= UNITS_TELLING);
        // Because hairs that were missed or made up change how neighbors stand more than people differ, pairs alone tell.
        let potential = own.map_or_else(Potential::population, |pairs| {
            Potential::of_pattern(&Description { pairs, orders: None }, MISREAD)
        });
        Self { hair_stream, potential }
    }
}
