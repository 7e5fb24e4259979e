//! What the patches of a ColorChecker are: published colors, and how they reflect.

use std::sync::LazyLock;

use stipple_color::adapt::adapt;
use stipple_color::{Lab, RgbSpace, Xyz};

use super::PATCHES;

const COLORS: &str = include_str!("../../../../sources/color/checker.csv");
const SPECTRA: &str = include_str!("../../../../sources/color/checker_spectra.csv");

/// Which of the two published sets of colors a checker was made to [@XRite2016].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Made before November 2014.
    Before2014,
    /// Made from November 2014 on.
    After2014,
}

impl Edition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Before2014, Self::After2014];

    /// When it was made, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Before2014 => "made before November 2014",
            Self::After2014 => "made from November 2014 on",
        }
    }

    /// Colors of the patches, CIELAB under D65: published under D50, adapted (Bradford).
    pub fn labs(self) -> [Lab; PATCHES] {
        let first = if self == Self::Before2014 { 1 } else { 4 };
        std::array::from_fn(|k| {
            let row = &TABLES.colors[k];
            let xyz = xyz_of_d50(Lab::new(row[first], row[first + 1], row[first + 2]));
            Lab::from(adapt(xyz, Xyz::D50, Xyz::D65, 1.0))
        })
    }

    /// Linear RGB of the patches; saturated ones may lie outside the space.
    pub fn linear(self, space: RgbSpace) -> [[f64; 3]; PATCHES] {
        self.labs().map(|lab| lab.to_linear(space).rgb.map(f64::from))
    }
}

/// Tristimulus values of a color that was measured against D50.
fn xyz_of_d50(lab: Lab) -> Xyz {
    let white = Xyz::D50;
    let under_d65 = Xyz::from(lab);
    let scaled = |v: f64, from: f64, to: f64| v / from * to;
    Xyz {
        x: scaled(under_d65.x, Xyz::D65.x, white.x),
        y: scaled(under_d65.y, Xyz::D65.y, white.y),
        z: scaled(under_d65.z, Xyz::D65.z, white.z),
    }
}

/// Reflectance of a patch at a wavelength, nm; linear between the tabulated ones [@Pascale2016].
pub fn reflectance(patch: usize, wavelength_nm: f64) -> f64 {
    let rows = &TABLES.spectra;
    let above = rows.iter().position(|row| row[0] >= wavelength_nm).unwrap_or(rows.len() - 1).max(1);
    let (low, high) = (&rows[above - 1], &rows[above]);
    let t = ((wavelength_nm - low[0]) / (high[0] - low[0])).clamp(0.0, 1.0);
    low[patch + 1] + t * (high[patch + 1] - low[patch + 1])
}

struct Tables {
    colors: Vec<Vec<f64>>,
    spectra: Vec<Vec<f64>>,
}

static TABLES: LazyLock<Tables> =
    LazyLock::new(|| Tables { colors: rows(COLORS, 7), spectra: rows(SPECTRA, PATCHES + 1) });

fn rows(csv: &str, cells: usize) -> Vec<Vec<f64>> {
    let lines = csv.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let number = |cell: &str| cell.parse().expect("the shipped table holds numbers");
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(number).collect()).collect();
    assert!(rows.iter().all(|row| row.len() == cells), "the shipped table is complete");
    rows
}
