//! What people usually have in their skin.

use std::sync::LazyLock;

use super::inversion::{COORDINATES, Coordinates};
use super::model::{BANDS, Spectrum};

/// What 100 forearms told.
const TABLE: &str = include_str!("../../../../sources/optics/skin_population.csv");
static FOREARMS: LazyLock<Population> = LazyLock::new(parse);
/// Standard deviation of ln(melanosome fraction) added for all the tones that are rare among those measured.
const OTHER_TONES: f64 = 0.8;

/// A normal distribution of skins over their coordinates, and what the model misses on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Mean of the coordinates.
    pub mean: Coordinates,
    /// Their covariance.
    pub covariance: [Coordinates; COORDINATES],
    /// Measured minus modeled reflectance, on average.
    pub correction: Spectrum,
    /// Standard deviation of that from person to person.
    pub correction_standard_deviation: Spectrum,
}

impl Population {
    /// Weak knowledge for fits to whole spectra: wide, uncorrelated; only the level of scattering is held, which
    /// reflectance cannot tell [@Jonasson2018].
    pub fn wide() -> Self {
        let standard_deviations = [2.0, 2.1, 2.0, 1.5, 1.5, 1.0, 0.25, 0.6];
        let entry = |i: usize, j: usize| if i == j { f64::powi(standard_deviations[i], 2) } else { 0.0 };
        Self {
            mean: [-3.9, 0.0, -4.5, 0.0, 0.5, -4.6, 0.0, 1.77],
            covariance: std::array::from_fn(|i| std::array::from_fn(|j| entry(i, j))),
            correction: [0.0; BANDS],
            correction_standard_deviation: [0.0; BANDS],
        }
    }

    /// What 100 measured forearms have [@StippleSkinPopulation] [@NistSkin], with more room for melanin: most of
    /// the 100 are light, five are brown and none is dark.
    pub fn forearms() -> Self {
        FOREARMS.clone()
    }

    /// The distribution of people whose skins and spectra are known.
    ///
    /// `known` holds for each person the coordinates fitted to the whole spectrum, and measured minus modeled
    /// reflectance. At least two people are needed; [`Self::wide`] is given back otherwise.
    pub fn of_people(known: &[(Coordinates, Spectrum)]) -> Self {
        if known.len() < 2 {
            return Self::wide();
        }
        let n = known.len() as f64;
        let mean: Coordinates = std::array::from_fn(|i| known.iter().map(|(x, _)| x[i]).sum::<f64>() / n);
        let product = |i: usize, j: usize| {
            known.iter().map(|(x, _)| (x[i] - mean[i]) * (x[j] - mean[j])).sum::<f64>() / (n - 1.0)
        };
        let correction: Spectrum = std::array::from_fn(|b| known.iter().map(|(_, r)| r[b]).sum::<f64>() / n);
        let spread =
            |b: usize| known.iter().map(|(_, r)| (r[b] - correction[b]).powi(2)).sum::<f64>() / (n - 1.0);
        Self {
            mean,
            covariance: std::array::from_fn(|i| std::array::from_fn(|j| product(i, j))),
            correction,
            correction_standard_deviation: std::array::from_fn(|b| spread(b).sqrt()),
        }
    }
}

fn parse() -> Population {
    let row = |name: &str, skip: usize| -> Vec<f64> {
        let rows = TABLE.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(','));
        let cells = rows.skip(skip).map(|line| line.split(',').map(|cell| cell.parse().expect("a number")));
        cells.map(Iterator::collect).next().expect("the shipped table is complete")
    };
    let coordinates = |values: Vec<f64>| -> Coordinates { values.try_into().expect("eight coordinates") };
    let spectrum = |values: Vec<f64>| -> Spectrum { values.try_into().expect("a value for each band") };
    let mut covariance = std::array::from_fn(|i| coordinates(row("covariance", i)));
    covariance[0][0] += OTHER_TONES * OTHER_TONES;
    Population {
        mean: coordinates(row("mean", 0)),
        covariance,
        correction: spectrum(row("correction", 0)),
        correction_standard_deviation: spectrum(row("correction_standard_deviation", 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_population_is_read() {
        let people = Population::forearms();
        assert!((people.mean[0].exp() - 0.0227).abs() < 1e-3);
        for i in 0..COORDINATES {
            assert!(people.covariance[i][i] > 0.0);
            for j in 0..COORDINATES {
                assert_eq!(people.covariance[i][j], people.covariance[j][i]);
            }
        }
    }
}
