//! The solids that pigments are made of.

use std::sync::LazyLock;

use nalgebra::Complex;

/// A solid ground to a pigment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Material {
    /// Carbon black, CI 77266.
    CarbonBlack,
    /// Red iron oxide (hematite), CI 77491.
    RedIronOxide,
    /// Black iron oxide (magnetite), CI 77499.
    BlackIronOxide,
    /// White titanium dioxide (rutile), CI 77891.
    TitaniumDioxide,
}

/// All materials.
pub const MATERIALS: [Material; 4] =
    [Material::CarbonBlack, Material::RedIronOxide, Material::BlackIronOxide, Material::TitaniumDioxide];

impl Material {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::CarbonBlack => "carbon_black",
            Self::RedIronOxide => "red_iron_oxide",
            Self::BlackIronOxide => "black_iron_oxide",
            Self::TitaniumDioxide => "titanium_dioxide",
        }
    }

    /// The material of a word, if it is one of ours.
    pub fn from_name(name: &str) -> Option<Self> {
        MATERIALS.into_iter().find(|material| material.name() == name)
    }

    /// Mass of a volume, g/cm³.
    ///
    /// # Source
    /// Carbon black 1.8 [@BondBergstrom2006]; crystals by their cells: hematite 5.26, magnetite 5.20, rutile 4.25.
    pub fn mass_g_per_cm3(self) -> f64 {
        match self {
            Self::CarbonBlack => 1.8,
            Self::RedIronOxide => 5.26,
            Self::BlackIronOxide => 5.20,
            Self::TitaniumDioxide => 4.25,
        }
    }

    /// Refractive index n + ik; wavelengths 400 to 700 nm, clamped.
    ///
    /// # Limits
    /// Carbons differ: k of carbon blacks and soots runs from 0.4 to 0.8 in green light [@BondBergstrom2006].
    /// Of hematite and rutile the ordinary ray is taken; the extraordinary differs by 0.1 to 0.3 in n. Magnetite is
    /// one natural mineral, not a pigment. Yellow iron oxide (goethite) has no table that may be copied.
    ///
    /// # Source
    /// [@ChangCharalampopoulos1990] [@Querry1985] [@Devore1951]
    pub fn refractive_index(self, wavelength_nm: f64) -> Complex<f64> {
        let nm = if wavelength_nm.is_finite() { wavelength_nm.clamp(400.0, 700.0) } else { 550.0 };
        match self {
            Self::CarbonBlack => {
                let l = (nm / 1000.0).ln();
                Complex::new(
                    1.811 + 0.1263 * l + 0.027 * l * l + 0.0417 * l.powi(3),
                    0.5821 + 0.1213 * l + 0.2309 * l * l - 0.01 * l.powi(3),
                )
            }
            Self::RedIronOxide => between(&HEMATITE, nm),
            Self::BlackIronOxide => between(&MAGNETITE, nm),
            Self::TitaniumDioxide => {
                let um2 = (nm / 1000.0).powi(2);
                Complex::new((5.913 + 0.2441 / (um2 - 0.0803)).sqrt(), 0.0)
            }
        }
    }
}

/// Wavelength, nm, and index.
type Table = Vec<(f64, Complex<f64>)>;

static HEMATITE: LazyLock<Table> =
    LazyLock::new(|| table(include_str!("../../../../sources/optics/hematite_index.csv")));
static MAGNETITE: LazyLock<Table> =
    LazyLock::new(|| table(include_str!("../../../../sources/optics/magnetite_index.csv")));

/// A table of `sources/`.
fn table(text: &str) -> Table {
    let rows = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let number = |cell: Option<&str>| cell.and_then(|c| c.parse().ok()).expect("a table of our own");
    rows.map(|row| {
        let mut cells = row.split(',');
        let (nm, n, k) = (number(cells.next()), number(cells.next()), number(cells.next()));
        (nm, Complex::new(n, k))
    })
    .collect()
}

fn between(table: &[(f64, Complex<f64>)], nm: f64) -> Complex<f64> {
    let place = table.partition_point(|row| row.0 <= nm).clamp(1, table.len() - 1);
    let ((from, one), (to, other)) = (table[place - 1], table[place]);
    one + (other - one) * ((nm - from) / (to - from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_those_of_the_sources() {
        let close = |one: Complex<f64>, n: f64, k: f64| (one - Complex::new(n, k)).norm() < 0.01;
        assert!(close(Material::RedIronOxide.refractive_index(450.0), 3.181, 1.020));
        assert!(close(Material::RedIronOxide.refractive_index(555.0), 3.333, 0.4675));
        assert!(close(Material::BlackIronOxide.refractive_index(550.0), 2.343, 0.105));
        // 2.652 at 550 nm follows from the formula of [@Devore1951].
        assert!(close(Material::TitaniumDioxide.refractive_index(550.0), 2.652, 0.0));
        let carbon = Material::CarbonBlack.refractive_index(550.0);
        assert!((1.6..1.9).contains(&carbon.re) && (0.4..0.8).contains(&carbon.im), "{carbon}");
        for material in MATERIALS {
            assert!(material.refractive_index(f64::NAN).re > 1.0);
            assert_eq!(Material::from_name(material.name()), Some(material));
        }
    }
}
