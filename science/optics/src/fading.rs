//! What becomes of a dot over days and years.

use stipple_quantity::Estimate;

use crate::dot::Deposit;

/// Days after which a dot counts as healed: pigment no longer moves upward [@Kim2008].
pub const HEALED_DAYS: f64 = 42.0;
const DAYS_PER_YEAR: f64 = 365.25;

/// The two ways pigment leaves, as best values with standard uncertainties.
struct Loss {
    /// Share that leaves while the skin heals.
    healing_share: (f64, f64),
    /// Time constant of healing, days, and its uncertainty as a logarithm.
    healing_days: (f64, f64),
    /// Time constant of slow fading, years, and its uncertainty as a logarithm.
    fading_years: (f64, f64),
}

/// Ordinary skin: 30–50 % lost over 1–2 months, the rest over 3–10 years.
const SKIN: Loss =
    Loss { healing_share: (0.40, 0.08), healing_days: (45.0, 0.35), fading_years: (6.0, 0.40) };
/// Scar skin: the drop of the visual score in the first half year is 1.6 instead of 0.9 [@Liu2025].
const SCAR: Loss =
    Loss { healing_share: (0.50, 0.12), healing_days: (45.0, 0.35), fading_years: (4.0, 0.50) };

/// Growth of the squared diameter a year, as a share of the healed one: 1.1 × in diameter after a year
/// (1.0 to 1.4, an assumption of the field).
const SPREAD_PER_YEAR: (f64, f64) = (0.21, 0.15);
/// The same in scar skin, where dots spread wider.
const SPREAD_PER_YEAR_IN_SCAR: (f64, f64) = (0.32, 0.22);

/// Time constant of redness after needling, days: strongest for one or two days, gone within a week.
const REDNESS_DAYS: f64 = 2.5;

/// Share of the pigment still there, 0–1: M/M0 = f exp(−t/τ1) + (1 − f) exp(−t/τ2).
///
/// # Limits
/// A wide prior, not a measurement: touch-ups are reported after 2 to 6 years. Negative days count as none.
///
/// # Source
/// Our own prior: it keeps dots until the touch-up after 2 to 6 years that clinics report; scar skin
/// [@Liu2025].
pub fn pigment_share_left(days: f64, in_scar: bool) -> Estimate {
    let days = days.max(0.0);
    let loss = if in_scar { SCAR } else { SKIN };
    let share = |f: f64, healing_days: f64, fading_years: f64| {
        f * (-days / healing_days).exp() + (1.0 - f) * (-days / (fading_years * DAYS_PER_YEAR)).exp()
    };
    let (f, healing, fading) = (loss.healing_share, loss.healing_days, loss.fading_years);
    let best = share(f.0, healing.0, fading.0);
    let changes = [
        share(f.0 + f.1, healing.0, fading.0) - best,
        share(f.0, healing.0 * healing.1.exp(), fading.0) - best,
        share(f.0, healing.0, fading.0 * fading.1.exp()) - best,
    ];
    Estimate::new(best, changes.iter().map(|c| c * c).sum::<f64>().sqrt())
}

/// Diameter over the healed diameter, 1 and more: r² = r0² + 4 D t.
///
/// # Limits
/// An assumption of the field with a wide range.
pub fn diameter_growth(days: f64, in_scar: bool) -> Estimate {
    let years = (days - HEALED_DAYS).max(0.0) / DAYS_PER_YEAR;
    let (rate, uncertainty) = if in_scar { SPREAD_PER_YEAR_IN_SCAR } else { SPREAD_PER_YEAR };
    let growth = (1.0 + rate * years).sqrt();
    Estimate::new(growth, uncertainty * years / (2.0 * growth))
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

/// What a planned deposit has become after healing and `days` in all.
///
/// `planned` has the healed diameter, the depths of the needle, and the ink as it was put in. Pigment has
/// risen by [`HEALING_RISE_MM`], though not into the epidermis. What is left of it is spread over the larger
/// disk, so absorption falls by the share lost and by the area gained.
pub fn deposit_after(days: f64, in_scar: bool, planned: &Deposit) -> Deposit {
    let growth = diameter_growth(days, in_scar).value;
    let share = pigment_share_left(days, in_scar).value;
    let top_mm = (planned.top_mm - HEALING_RISE_MM).max(EPIDERMIS_MM);
    Deposit {
        diameter_um: planned.diameter_um * growth,
        top_mm,
        bottom_mm: (planned.bottom_mm - HEALING_RISE_MM).max(top_mm + SHORTEST_MM),
        ink: planned.ink.times(share / (growth * growth)),
    }
}

/// Height of the shortest deposit, mm.
const SHORTEST_MM: f64 = 0.1;

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
        let ink = DotInk { absorption_550_per_mm: 10.0, absorption_exponent: 1.0 };
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
