//! What becomes of a dot over days and years.

mod course;
mod loss;

use stipple_quantity::Estimate;

use crate::dot::Deposit;
pub use course::{Course, deposit_after_at};
use course::{Deviates, Life};
pub use loss::{PigmentLoss, SeenByShare};

/// Days after which a dot counts as healed: pigment no longer moves upward [@Kim2008].
pub const HEALED_DAYS: f64 = 42.0;
/// Days in a year.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// What decides the course of a dot, as medians with standard deviations; independent of one another.
pub(crate) struct Prior {
    /// Share that leaves while the skin heals; normal.
    pub(crate) healing_share: (f64, f64),
    /// Time constant of healing, days; its logarithm is normal.
    pub(crate) healing_days: (f64, f64),
    /// Time constant of slow fading, years; its logarithm is normal.
    pub(crate) fading_years: (f64, f64),
    /// Growth of the squared diameter a year, as a share of the healed one; normal, not below zero.
    pub(crate) spread_per_year: (f64, f64),
    /// How far pigment rises while the skin heals, mm; normal, not below zero.
    pub(crate) rise_mm: (f64, f64),
}

/// Ordinary skin: 30–50 % lost over 1–2 months, the rest over 3–10 years; 1.1 × in diameter after a year
/// (1.0 to 1.4, an assumption of the field).
const SKIN: Prior = Prior {
    healing_share: (0.40, 0.08),
    healing_days: (HEALING_DAYS, 0.35),
    fading_years: (6.0, 0.40),
    spread_per_year: (0.21, 0.15),
    rise_mm: (HEALING_RISE_MM, 0.05),
};
/// Scar skin: the drop of the visual score in the first half year is 1.6 instead of 0.9 [@Liu2025]; dots spread
/// wider.
const SCAR: Prior = Prior {
    healing_share: (0.50, 0.12),
    healing_days: (HEALING_DAYS, 0.35),
    fading_years: (4.0, 0.50),
    spread_per_year: (0.32, 0.22),
    rise_mm: (HEALING_RISE_MM, 0.05),
};

impl Prior {
    pub(crate) fn of(in_scar: bool) -> Self {
        if in_scar { SCAR } else { SKIN }
    }

    /// The same under the sun that somebody's head gets.
    fn in_sun(self, sun: Sun) -> Self {
        let (factor, unsure) = match sun {
            Sun::Usual => return self,
            Sun::Unprotected => UNPROTECTED,
        };
        let (median, deviation) = self.fading_years;
        Self { fading_years: (median * factor, f64::hypot(deviation, unsure)), ..self }
    }
}

/// How much sun dots get over the years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sun {
    /// As people get on the whole, or not known.
    #[default]
    Usual,
    /// Much of it, mostly without a hat and without sunscreen.
    Unprotected,
}

impl Sun {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Unprotected => "unprotected",
        }
    }
}

/// What strong sun without protection makes of the time constant of slow fading: a factor, and how unsure it is (logarithm).
/// Nobody has measured it: clinics say that sun fades dots, and light breaks down some azo pigments [@HauriHohl2015] but
/// neither carbon nor iron oxides. So three quarters, with 0.5 to 1.1 within the likely range: our choice, grade D.
const UNPROTECTED: (f64, f64) = (0.75, 0.2);

/// Time constant of the loss while healing, days: nine tenths of it are over when the skin counts as healed, in the one
/// to two months that clinics report.
const HEALING_DAYS: f64 = 18.0;

/// Time constant of redness after needling, days: strongest for one or two days, gone within a week.
const REDNESS_DAYS: f64 = 2.5;

/// Share of the pigment still there, 0–1: M/M0 = f exp(−t/τ1) + (1 − f) exp(−t/τ2).
///
/// # Limits
/// A wide prior, not a measurement: touch-ups are reported after 2 to 6 years. Negative days count as none.
/// Light takes nothing by itself: azo pigments fade in it [@HauriHohl2015], carbon and iron oxides do not, and nobody has
/// measured how much it takes of a dot; [`PigmentLoss::usual`] weighs what clinics say of strong sun.
///
/// # Source
/// Our own prior: it keeps dots until the touch-up after 2 to 6 years that clinics report; scar skin
/// [@Liu2025].
pub fn pigment_share_left(days: f64, in_scar: bool) -> Estimate {
    let prior = Prior::of(in_scar);
    let share = |deviates: Deviates| Life::of(&prior, &deviates).share_left(days);
    let best = share([0.0; 5]);
    let change = |k: usize| share(std::array::from_fn(|i| f64::from(u8::from(i == k)))) - best;
    Estimate::new(best, (0..5).map(|k| change(k).powi(2)).sum::<f64>().sqrt())
}

/// Diameter over the healed diameter, 1 and more: r² = r0² + 4 D t.
///
/// # Limits
/// An assumption of the field with a wide range.
pub fn diameter_growth(days: f64, in_scar: bool) -> Estimate {
    let prior = Prior::of(in_scar);
    let growth = |spread| Life::of(&prior, &[0.0, 0.0, 0.0, spread, 0.0]).diameter_growth(days);
    Estimate::new(growth(0.0), (growth(1.0) - growth(-1.0)) / 2.0)
}

/// Redness left of that on the day of treatment, 0–1.
pub fn redness_left(days: f64) -> f64 {
    (-days.max(0.0) / REDNESS_DAYS).exp()
}

/// How far pigment ends up above where the needle put it, mm.
///
/// Histology: pigment lies down to the deep dermis at first and by three weeks only in its upper part, where
/// it stays for a year [@Kim2008]. The amount is our assumption (0.1 to 0.3 mm).
pub const HEALING_RISE_MM: f64 = 0.2;
/// Thickness of the epidermis, mm: it renews itself and keeps no pigment.
pub const EPIDERMIS_MM: f64 = 0.08;

/// What a planned deposit has most likely become after healing and `days` in all: [`deposit_after_at`] for
/// [`Course::Likely`].
pub fn deposit_after(days: f64, in_scar: bool, planned: &Deposit) -> Deposit {
    deposit_after_at(days, in_scar, planned, Course::Likely)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dot::DotInk;

    #[test]
    fn pigment_only_leaves_and_leaves_scars_faster() {
        let days = [0.0, 3.0, 42.0, 365.0, 1100.0, 1830.0];
        let skin = days.map(|d| pigment_share_left(d, false).value);
        let scar = days.map(|d| pigment_share_left(d, true).value);
        assert_eq!(skin[0], 1.0);
        assert!(skin.windows(2).all(|w| w[0] > w[1]) && scar.windows(2).all(|w| w[0] > w[1]));
        assert!(skin.iter().zip(scar).skip(1).all(|(skin, scar)| scar < *skin));
        assert!(pigment_share_left(1830.0, false).relative_uncertainty() > 0.2);
    }

    #[test]
    fn pigment_rises_but_not_into_the_epidermis() {
        let ink = DotInk::through([10.0; 3]);
        let healed = |top_mm, bottom_mm| {
            let planned = Deposit { diameter_um: 120.0, top_mm, bottom_mm, ink };
            deposit_after(HEALED_DAYS, false, &planned)
        };
        let usual = healed(0.4, 0.7);
        assert!((usual.top_mm - 0.2).abs() < 1e-12 && (usual.bottom_mm - 0.5).abs() < 1e-12);
        let shallow = healed(0.05, 0.1);
        assert!(shallow.top_mm == EPIDERMIS_MM && shallow.bottom_mm > shallow.top_mm);
        assert!(usual.ink.absorption_550_per_mm < ink.absorption_550_per_mm);
    }

    #[test]
    fn a_year_widens_a_dot_by_a_tenth() {
        let growth = diameter_growth(HEALED_DAYS + DAYS_PER_YEAR, false);
        assert!((growth.value - 1.1).abs() < 0.01, "{growth:?}");
        assert_eq!(diameter_growth(10.0, false).value, 1.0);
    }
}
