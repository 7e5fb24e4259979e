//! What absorbs visible light in skin, by wavelength.

use std::sync::LazyLock;

/// The shipped table, 380 to 780 nm in steps of 5 nm.
const TABLE: &str = include_str!("../../../../sources/optics/absorbers.csv");
const FIRST_NM: f64 = 380.0;
const STEP_NM: f64 = 5.0;

static ROWS: LazyLock<Vec<Absorbers>> = LazyLock::new(parse);

/// Absorption of the pure absorbers at one wavelength, 1/mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Absorbers {
    /// Whole blood (hemoglobin 150 g/L), all oxygenated [@Bosschaart2014].
    pub oxyhemoglobin_per_mm: f64,
    /// Whole blood, all deoxygenated.
    pub deoxyhemoglobin_per_mm: f64,
    /// Eumelanin, 1 g/L [@SarnaSwartz1998].
    pub eumelanin_per_mm: f64,
    /// Pheomelanin, 1 g/L.
    pub pheomelanin_per_mm: f64,
    /// Bilirubin, 1 g/L [@LiBilirubin]; stands for the yellow absorbers (carotenoids).
    pub bilirubin_per_mm: f64,
    /// Water [@Segelstein1981].
    pub water_per_mm: f64,
    /// Pure fat [@VanVeen2005].
    pub fat_per_mm: f64,
}

impl Absorbers {
    /// The absorbers at a wavelength, linear between rows 5 nm apart; valid 380 to 780 nm, clamped.
    pub fn at(wavelength_nm: f64) -> Self {
        let place = ((wavelength_nm - FIRST_NM) / STEP_NM).clamp(0.0, (ROWS.len() - 1) as f64);
        let below = (place as usize).min(ROWS.len() - 2);
        let (one, two, t) = (&ROWS[below], &ROWS[below + 1], place - below as f64);
        let mix = |of: fn(&Self) -> f64| of(one) + t * (of(two) - of(one));
        Self {
            oxyhemoglobin_per_mm: mix(|r| r.oxyhemoglobin_per_mm),
            deoxyhemoglobin_per_mm: mix(|r| r.deoxyhemoglobin_per_mm),
            eumelanin_per_mm: mix(|r| r.eumelanin_per_mm),
            pheomelanin_per_mm: mix(|r| r.pheomelanin_per_mm),
            bilirubin_per_mm: mix(|r| r.bilirubin_per_mm),
            water_per_mm: mix(|r| r.water_per_mm),
            fat_per_mm: mix(|r| r.fat_per_mm),
        }
    }

    /// Absorption of blood at a saturation with oxygen, 0 to 1, seen evenly spread, 1/mm.
    pub fn blood_per_mm(&self, oxygen_saturation: f64) -> f64 {
        oxygen_saturation * self.oxyhemoglobin_per_mm
            + (1.0 - oxygen_saturation) * self.deoxyhemoglobin_per_mm
    }
}

/// Share of an absorber's strength that is left when it is packed in vessels or clusters of a radius.
///
/// Light cannot see the middle of a vessel that its rim has darkened: (1 − exp(−2 µa r)) / (2 µa r) for 2 µa r,
/// the optical thickness along a mean path [@VanVeen2002].
pub fn packing(absorption_per_mm: f64, radius_mm: f64) -> f64 {
    let thickness = 2.0 * absorption_per_mm * radius_mm;
    if thickness < 1e-8 { 1.0 } else { -(-thickness).exp_m1() / thickness }
}

fn parse() -> Vec<Absorbers> {
    let rows = TABLE.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let parsed = rows.enumerate().map(|(i, row)| {
        let mut cells =
            row.split(',').map(|cell| cell.parse::<f64>().expect("the shipped table holds numbers"));
        let v: [f64; 8] = std::array::from_fn(|_| cells.next().expect("the shipped table is complete"));
        assert!(
            (v[0] - FIRST_NM - STEP_NM * i as f64).abs() < 1e-9,
            "the shipped table has its rows in order"
        );
        Absorbers {
            oxyhemoglobin_per_mm: v[1],
            deoxyhemoglobin_per_mm: v[2],
            eumelanin_per_mm: v[3],
            pheomelanin_per_mm: v[4],
            bilirubin_per_mm: v[5],
            water_per_mm: v[6],
            fat_per_mm: v[7],
        }
    });
    parsed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_rows_are_read() {
        // Whole blood at 560 nm: 19.12 and 26.56 per mm.
        let at = Absorbers::at(560.0);
        assert!(
            (at.oxyhemoglobin_per_mm - 19.12).abs() < 1e-9
                && (at.deoxyhemoglobin_per_mm - 26.56).abs() < 1e-9
        );
        assert!((Absorbers::at(702.5).water_per_mm - 0.000_65).abs() < 2e-4);
    }

    #[test]
    fn packed_blood_is_paler() {
        assert!((packing(1e-12, 0.01) - 1.0).abs() < 1e-9);
        assert!(packing(50.0, 0.01) < packing(5.0, 0.01) && packing(50.0, 0.01) > 0.5);
    }
}
