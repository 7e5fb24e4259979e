//! The likely range of what becomes of a dot.

use crate::dot::{Deposit, SkinAround, integrated_contrast};
use crate::fading::loss::{PigmentLoss, normal};
use crate::fading::{DAYS_PER_YEAR, EPIDERMIS_MM, HEALED_DAYS, Prior};

/// One of the courses that healing and fading may take on a person, all dots alike, ranked by how much of a dot is left to see: its contrast
/// integrated over the skin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Course {
    /// On nine of ten people dots show more: the 10th percentile.
    Faint,
    /// On as many people they show more as less: the median.
    Likely,
    /// On one of ten people they show more: the 90th percentile.
    Strong,
}

impl Course {
    /// From faint to strong.
    pub const ALL: [Self; 3] = [Self::Faint, Self::Likely, Self::Strong];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faint => "faint",
            Self::Likely => "likely",
            Self::Strong => "strong",
        }
    }

    /// Quantile of the standard normal distribution.
    fn deviate(self) -> f64 {
        const NINE_OF_TEN: f64 = 1.281_551_565_544_600_4;
        match self {
            Self::Faint => -NINE_OF_TEN,
            Self::Likely => 0.0,
            Self::Strong => NINE_OF_TEN,
        }
    }
}

/// What a planned deposit has become after healing and `days` in all, on one of its courses.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | days since the pigment was set | d | 0 and more; less counts as 0 |
/// | in | planned: the healed diameter, the depths of the needle, the ink as it was put in | – | see [`Deposit`] |
/// | out | diameter, depths and ink after that time | – | – |
///
/// Pigment has risen by [`HEALING_RISE_MM`](super::HEALING_RISE_MM), though not into the epidermis. What is left
/// of it is spread over the larger disk, so absorption falls by the share lost and by the area gained.
///
/// What is uncertain (the share lost while healing, how fast, how fast later, how far it spreads, how far it
/// rises) varies jointly: of all joint deviations that give a quantile of the contrast integrated over the skin
/// (550 nm, ordinary light skin) the most probable one is taken, to first order.
///
/// # Limits
/// A prior of the field, not a measurement. How the skin itself scatters is a further doubt
/// ([`contrast_uncertainty`](crate::dot::contrast_uncertainty)). Of 1,000 joint draws 8 to 16 % lie below the faint
/// course, 48 to 62 % below the likely and 90 to 97 % below the strong one. Each moment stands for itself: a dot that is
/// faint once healed need not be so after five years.
///
/// # Cost
/// Nothing for [`Course::Likely`], else about 0.6 ms.
pub fn deposit_after_at(days: f64, in_scar: bool, planned: &Deposit, course: Course) -> Deposit {
    let prior = Prior::of(in_scar);
    let after = |deviates: &Deviates| Life::of(&prior, deviates).deposit_after(days, planned);
    if course == Course::Likely {
        return after(&[0.0; 5]);
    }
    let green = &SkinAround::ORDINARY.bands[1];
    let seen = |deviates: &Deviates| integrated_contrast(&after(deviates), green).max(1e-12).ln();
    let (middle, step) = (seen(&[0.0; 5]), course.deviate());
    let toward = |k: usize| {
        let gain =
            |z: f64| step.signum() * (seen(&std::array::from_fn(|i| if i == k { z } else { 0.0 })) - middle);
        // Each to the side that leads there, because what has risen to the epidermis can rise no farther.
        let (more, less) = (gain(step.abs()), gain(-step.abs()));
        if more >= less { more.max(0.0) } else { -less.max(0.0) }
    };
    let direction: Deviates = std::array::from_fn(toward);
    let length = direction.iter().map(|d| d * d).sum::<f64>().sqrt();
    if length > 0.0 { after(&direction.map(|d| step.abs() * d / length)) } else { after(&[0.0; 5]) }
}

/// How far each quantity of a [`Prior`] is from its median, in standard deviations, in its order.
pub(super) type Deviates = [f64; 5];

/// One course: the quantities of a [`Prior`], fixed.
pub(super) struct Life {
    loss: PigmentLoss,
    spread_per_year: f64,
    rise_mm: f64,
}

impl Life {
    pub(super) fn of(prior: &Prior, deviates: &Deviates) -> Self {
        let [healing, days, years, spread, rise] = *deviates;
        Self {
            loss: PigmentLoss::of(prior, [healing, days, years]),
            spread_per_year: normal(prior.spread_per_year, spread),
            rise_mm: normal(prior.rise_mm, rise),
        }
    }

    /// Share of the pigment still there, 0–1.
    pub(super) fn share_left(&self, days: f64) -> f64 {
        self.loss.share_left(days)
    }

    /// Diameter over the healed diameter.
    pub(super) fn diameter_growth(&self, days: f64) -> f64 {
        let years = (days - HEALED_DAYS).max(0.0) / DAYS_PER_YEAR;
        (1.0 + self.spread_per_year * years).sqrt()
    }

    fn deposit_after(&self, days: f64, planned: &Deposit) -> Deposit {
        /// Height of the shortest deposit, mm.
        const SHORTEST_MM: f64 = 0.1;
        let growth = self.diameter_growth(days);
        let top_mm = (planned.top_mm - self.rise_mm).max(EPIDERMIS_MM);
        Deposit {
            diameter_um: planned.diameter_um * growth,
            top_mm,
            bottom_mm: (planned.bottom_mm - self.rise_mm).max(top_mm + SHORTEST_MM),
            ink: planned.ink.times(self.share_left(days) / (growth * growth)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "measured percentiles are printed for docs/science")]
mod tests {
    use super::*;
    use crate::dot::DotInk;
    use stipple_quantity::Seed;

    const DAYS: [f64; 4] = [HEALED_DAYS, 365.0, 1095.0, 1826.0];

    fn planned(absorption_550_per_mm: f64, [top_mm, bottom_mm]: [f64; 2]) -> Deposit {
        let ink = DotInk { absorption_550_per_mm, absorption_exponent: 1.0, absorption_curvature: 0.0 };
        Deposit { diameter_um: 120.0, top_mm, bottom_mm, ink }
    }

    fn seen(deposit: &Deposit) -> f64 {
        integrated_contrast(deposit, &SkinAround::ORDINARY.bands[1])
    }

    #[test]
    fn courses_are_the_percentiles_of_joint_draws() {
        const DRAWS: usize = 1000;
        /// Percentile and how far it may be off: what has risen to the epidermis rises no farther, so the middle
        /// of all deviations shows a little more than the middle dot.
        const EXPECTED: [(f64, f64); 3] = [(0.10, 0.08), (0.50, 0.14), (0.90, 0.08)];
        for (absorption, depths) in [(10.0, [0.25, 0.5]), (60.0, [0.2, 0.4]), (3.0, [0.45, 0.8])] {
            for (in_scar, days) in [false, true].into_iter().flat_map(|s| DAYS.map(|d| (s, d))) {
                let planned = planned(absorption, depths);
                let mut draw = Seed(7).stream("fading", days as u64);
                let mut all = Vec::new();
                for _ in 0..DRAWS {
                    let life = Life::of(&Prior::of(in_scar), &std::array::from_fn(|_| draw.normal()));
                    all.push(seen(&life.deposit_after(days, &planned)));
                }
                for (course, (expected, allowed)) in Course::ALL.into_iter().zip(EXPECTED) {
                    let limit = seen(&deposit_after_at(days, in_scar, &planned, course));
                    let below = all.iter().filter(|v| **v < limit).count() as f64 / DRAWS as f64;
                    println!(
                        "{absorption} {depths:?} scar {in_scar} {days:.0} d {}: {below:.3}",
                        course.name()
                    );
                    assert!((below - expected).abs() < allowed, "{course:?} {days} {in_scar}: {below}");
                }
            }
        }
    }

    #[test]
    fn courses_are_in_order_and_part_with_the_years() {
        let width = |days: f64, in_scar: bool| {
            let [faint, likely, strong] =
                Course::ALL.map(|c| seen(&deposit_after_at(days, in_scar, &planned(15.0, [0.25, 0.5]), c)));
            assert!(faint < likely && likely < strong, "{faint} {likely} {strong}");
            strong / faint
        };
        assert!(width(DAYS[3], false) > width(DAYS[0], false));
        assert!(width(DAYS[3], true) > width(DAYS[3], false), "scars are less sure");
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        for odd in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            for course in Course::ALL {
                let deposit = deposit_after_at(odd, true, &planned(odd, [odd, odd]), course);
                assert!(seen(&deposit) >= 0.0);
            }
        }
    }
}
