//! From light back to what is in the skin: the most probable skin for a spectrum or a color.
//!
//! Eight numbers stand behind a spectrum. A spectrum of 31 bands fixes most of them; a color has three numbers and
//! fixes about two, so what people usually have in their skin ([`Population`]) decides the rest. [`SkinReading`]
//! says which is which and names two other skins that look the same.

use nalgebra::{DMatrix, DVector, SMatrix, SVector, SymmetricEigen};
use stipple_quantity::Estimate;

use super::model::{BANDS, Skin, SkinSolver, Spectrum};
use super::population::Population;
use crate::adding_doubling::StackError;

/// How many numbers describe a skin.
pub const COORDINATES: usize = 8;
/// A skin as unbounded numbers: logarithms of amounts, logits of shares.
pub type Coordinates = [f64; COORDINATES];

type Square = SMatrix<f64, COORDINATES, COORDINATES>;
type Column = SVector<f64, COORDINATES>;

impl Skin {
    /// The skin as unbounded numbers, in the order of the fields.
    pub fn coordinates(&self) -> Coordinates {
        let logit = |share: f64| (share / (1.0 - share)).ln();
        [
            self.melanosome_fraction.ln(),
            logit(self.pheomelanin_share),
            self.blood_fraction.ln(),
            self.papillary_blood_ratio.ln(),
            logit(self.oxygen_saturation),
            self.vessel_radius_mm.ln(),
            self.scattering_level.ln(),
            self.scattering_exponent,
        ]
    }

    /// The skin of such numbers.
    pub fn from_coordinates(x: &Coordinates) -> Self {
        let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        Self {
            // because every amount above these has long made the layer black or empty.
            melanosome_fraction: x[0].clamp(-12.0, 1.0).exp(),
            pheomelanin_share: share(x[1]),
            blood_fraction: x[2].clamp(-15.0, 0.0).exp(),
            papillary_blood_ratio: x[3].clamp(-8.0, 8.0).exp(),
            oxygen_saturation: share(x[4]),
            vessel_radius_mm: x[5].clamp(-12.0, 0.0).exp(),
            scattering_level: x[6].clamp(-4.0, 4.0).exp(),
            scattering_exponent: x[7].clamp(-4.0, 8.0),
        }
    }
}

/// Light that was measured: each value is the sum of reflectance times weights over the bands.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Weights by value and band: unit vectors for a spectrum, tristimulus weights for a color.
    pub weights: Vec<Spectrum>,
    /// What was measured.
    pub values: Vec<f64>,
    /// Its standard uncertainty, above 0.
    pub standard_uncertainties: Vec<f64>,
}

impl Observation {
    /// A measured spectrum with the same uncertainty in every band.
    pub fn of_spectrum(reflectance: &Spectrum, standard_uncertainty: f64) -> Self {
        let unit = |band: usize| std::array::from_fn(|i| if i == band { 1.0 } else { 0.0 });
        Self {
            weights: (0..BANDS).map(unit).collect(),
            values: reflectance.to_vec(),
            standard_uncertainties: vec![standard_uncertainty; BANDS],
        }
    }

    /// A measured color: weights that turn a spectrum into its three numbers, and these.
    pub fn of_color(weights: &[Spectrum; 3], values: [f64; 3], standard_uncertainties: [f64; 3]) -> Self {
        Self {
            weights: weights.to_vec(),
            values: values.to_vec(),
            standard_uncertainties: standard_uncertainties.to_vec(),
        }
    }

    fn checked(&self) -> Result<(), InversionError> {
        let (found, needed) = ([self.values.len(), self.standard_uncertainties.len()], self.weights.len());
        if found != [needed; 2] || needed == 0 {
            return Err(InversionError::Count { found: found[0], needed: needed.max(1) });
        }
        let bad = self.values.iter().find(|v| !v.is_finite());
        let bad = bad.or(self.standard_uncertainties.iter().find(|u| !(u.is_finite() && **u > 0.0)));
        match bad {
            Some(found) => {
                Err(InversionError::Value { found: *found, needed: "finite, uncertainty above 0" })
            }
            None => Ok(()),
        }
    }
}

/// Why light cannot be turned into skin.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InversionError {
    /// Weights, values and uncertainties are not as many.
    #[error(
        "{found} measured values, needed: {needed} with as many uncertainties, one for each row of weights"
    )]
    Count {
        /// How many values there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A value cannot be used.
    #[error("a measured value or uncertainty is {found}, needed: {needed}")]
    Value {
        /// What was given.
        found: f64,
        /// What is valid.
        needed: &'static str,
    },
    /// The model does not go there.
    #[error(transparent)]
    Model(#[from] StackError),
}

/// The most probable skin for what was measured, and how far it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct SkinReading {
    /// The most probable skin.
    pub skin: Skin,
    /// Volume share of melanosomes in an epidermis of the solver's thickness.
    pub melanosome_fraction: Estimate,
    /// Volume share of blood.
    pub blood_fraction: Estimate,
    /// Saturation with oxygen.
    pub oxygen_saturation: Estimate,
    /// The spectrum of that skin, with what the model usually misses put right.
    pub spectrum: Spectrum,
    /// Its standard uncertainty.
    pub spectrum_standard_uncertainty: Spectrum,
    /// By coordinate, how much of what was open before the measurement decided, 0 (nothing) to 1 (all).
    pub decided: Coordinates,
    /// Two skins, one standard deviation away where the measurement says least, that look the same.
    pub alternatives: [Skin; 2],
    /// Root mean square of (measured − model) in standard uncertainties; far above 1: this is not skin.
    pub misfit: f64,
}

/// The most probable skin behind a measurement, given what people have.
///
/// # Limits
/// A color fixes about two of eight numbers: melanin well, blood fairly, oxygen and scattering hardly
/// (`docs/science/skin.md`). Uncertainties are those of a normal distribution around the best skin.
///
/// # Errors
/// Values that are not finite, or counts that do not fit.
///
/// # Cost
/// 100 to 400 spectra of the model.
pub fn read_skin(
    solver: &SkinSolver,
    observation: &Observation,
    population: &Population,
) -> Result<SkinReading, InversionError> {
    observation.checked()?;
    let problem = Problem::new(solver, observation, population);
    let mut x = problem.mean;
    let mut now = problem.at(&x)?;
    let mut damping = 1e-2;
    for _ in 0..60 {
        let (hessian, slope) = problem.equations(&x, &now)?;
        let before = now.cost;
        for _ in 0..10 {
            let mut damped = hessian;
            (0..COORDINATES).for_each(|i| damped[(i, i)] *= 1.0 + damping);
            let Some(factor) = damped.cholesky() else { break };
            let next = x - factor.solve(&slope).map(|step| step.clamp(-1.0, 1.0));
            let trial = problem.at(&next)?;
            if trial.cost < now.cost {
                (x, now, damping) = (next, trial, damping * 0.2);
                break;
            }
            damping *= 5.0;
        }
        if before - now.cost < 1e-5 * (1.0 + before) {
            break;
        }
    }
    problem.reading(&x, &now)
}

/// A point of the search.
struct Place {
    spectrum: Spectrum,
    /// (Model − measured) / uncertainty.
    residuals: DVector<f64>,
    cost: f64,
}

struct Problem<'a> {
    solver: &'a SkinSolver,
    observation: &'a Observation,
    population: &'a Population,
    mean: Column,
    precision: Square,
}

impl<'a> Problem<'a> {
    fn new(solver: &'a SkinSolver, observation: &'a Observation, population: &'a Population) -> Self {
        let covariance = Square::from_fn(|i, j| population.covariance[i][j]);
        // because a covariance with a flat direction is still a prior: a small ridge.
        let ridge = covariance + Square::identity() * 1e-6;
        let precision = ridge.try_inverse().unwrap_or_else(Square::identity);
        Self { solver, observation, population, mean: Column::from(population.mean), precision }
    }

    fn at(&self, x: &Column) -> Result<Place, InversionError> {
        let skin = Skin::from_coordinates(&(*x).into());
        let model = self.solver.spectrum(&skin)?;
        let spectrum: Spectrum = std::array::from_fn(|i| model[i] + self.population.correction[i]);
        let o = self.observation;
        let values = o.weights.iter().zip(o.values.iter().zip(&o.standard_uncertainties));
        let residuals = values.map(|(weights, (value, uncertainty))| {
            let seen: f64 = weights.iter().zip(&spectrum).map(|(w, r)| w * r).sum();
            (seen - value) / uncertainty
        });
        let residuals = DVector::from_vec(residuals.collect());
        let off = x - self.mean;
        let cost = residuals.norm_squared() + (off.transpose() * self.precision * off)[0];
        Ok(Place { spectrum, residuals, cost })
    }

    /// Slopes of the spectrum with the coordinates, bands by coordinates.
    fn slopes(&self, x: &Column, now: &Place) -> Result<DMatrix<f64>, InversionError> {
        const STEP: f64 = 1e-4;
        let mut slopes = DMatrix::zeros(BANDS, COORDINATES);
        for i in 0..COORDINATES {
            let mut moved = *x;
            moved[i] += STEP;
            let there = self.at(&moved)?.spectrum;
            (0..BANDS).for_each(|b| slopes[(b, i)] = (there[b] - now.spectrum[b]) / STEP);
        }
        Ok(slopes)
    }

    /// Half of the second derivative of the cost, and of the first.
    fn equations(&self, x: &Column, now: &Place) -> Result<(Square, Column), InversionError> {
        let seen = self.weighted(&self.slopes(x, now)?);
        let square = seen.transpose() * &seen;
        let slope = seen.transpose() * &now.residuals;
        let hessian = Square::from_fn(|i, j| square[(i, j)]) + self.precision;
        Ok((hessian, Column::from_fn(|i, _| slope[i]) + self.precision * (x - self.mean)))
    }

    fn weighted(&self, slopes: &DMatrix<f64>) -> DMatrix<f64> {
        let o = self.observation;
        let weights =
            DMatrix::from_fn(o.weights.len(), BANDS, |v, b| o.weights[v][b] / o.standard_uncertainties[v]);
        weights * slopes
    }

    fn reading(&self, x: &Column, now: &Place) -> Result<SkinReading, InversionError> {
        let slopes = self.slopes(x, now)?;
        let (hessian, _) = self.equations(x, now)?;
        let covariance = hessian.try_inverse().unwrap_or_else(Square::identity);
        let spread = |i: usize| covariance[(i, i)].max(0.0).sqrt();
        let skin = Skin::from_coordinates(&(*x).into());
        let s = skin.oxygen_saturation;
        let of_spectrum = &slopes * DMatrix::from_fn(COORDINATES, COORDINATES, |i, j| covariance[(i, j)]);
        let variance = |b: usize| of_spectrum.row(b).dot(&slopes.row(b)).max(0.0);
        let missed = self.population.correction_standard_deviation;
        let eigen = SymmetricEigen::new(covariance);
        let widest = eigen.eigenvalues.imax();
        let along = eigen.eigenvectors.column(widest) * eigen.eigenvalues[widest].max(0.0).sqrt();
        let prior = |i: usize| self.population.covariance[i][i].max(1e-12);
        Ok(SkinReading {
            skin,
            melanosome_fraction: Estimate::new(
                skin.melanosome_fraction,
                skin.melanosome_fraction * spread(0),
            ),
            blood_fraction: Estimate::new(skin.blood_fraction, skin.blood_fraction * spread(2)),
            oxygen_saturation: Estimate::new(s, s * (1.0 - s) * spread(4)),
            spectrum: now.spectrum,
            spectrum_standard_uncertainty: std::array::from_fn(|b| {
                (variance(b) + missed[b] * missed[b]).sqrt()
            }),
            decided: std::array::from_fn(|i| (1.0 - covariance[(i, i)] / prior(i)).clamp(0.0, 1.0)),
            alternatives: [1.0, -1.0].map(|sign| Skin::from_coordinates(&(x + along * sign).into())),
            misfit: (now.residuals.norm_squared() / now.residuals.len() as f64).sqrt(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adding_doubling::Streams;
    use crate::skin::model::Build;

    fn solver() -> SkinSolver {
        SkinSolver::new(Build::SCALP, Streams::Eight).expect("valid")
    }

    #[test]
    fn a_modeled_spectrum_gives_its_skin_back() {
        let solver = solver();
        let skin = Skin { melanosome_fraction: 0.05, blood_fraction: 0.008, ..Skin::LIGHT };
        let observation = Observation::of_spectrum(&solver.spectrum(&skin).expect("valid"), 1e-4);
        let found = read_skin(&solver, &observation, &Population::wide()).expect("valid");
        let off = |estimate: Estimate, truth: f64| (estimate.value - truth).abs() / truth;
        assert!(off(found.melanosome_fraction, 0.05) < 0.1, "{found:?}");
        assert!(off(found.blood_fraction, 0.008) < 0.15, "{found:?}");
        assert!(found.misfit < 1.0);
    }

    #[test]
    fn a_color_leaves_skins_that_look_the_same() {
        let solver = solver();
        // Three broad sensors: blue, green, red.
        let sensor =
            |from: usize| std::array::from_fn(|b| if (from..from + 10).contains(&b) { 0.1 } else { 0.0 });
        let weights: [Spectrum; 3] = [sensor(0), sensor(10), sensor(20)];
        let people = Population::forearms();
        let see =
            |spectrum: &Spectrum| weights.map(|w| w.iter().zip(spectrum).map(|(w, r)| w * r).sum::<f64>());
        let corrected = |skin: &Skin| -> Spectrum {
            let model = solver.spectrum(skin).expect("valid");
            std::array::from_fn(|b| model[b] + people.correction[b])
        };
        for melanosome_fraction in [0.02, 0.06, 0.25] {
            let seen = see(&corrected(&Skin { melanosome_fraction, ..Skin::LIGHT }));
            let observation = Observation::of_color(&weights, seen, [0.002; 3]);
            let found = read_skin(&solver, &observation, &people).expect("valid");
            let estimate = found.melanosome_fraction;
            let off = (estimate.value - melanosome_fraction).abs() / estimate.standard_uncertainty;
            assert!(
                off < 2.0 && estimate.relative_uncertainty() < 0.5,
                "{melanosome_fraction}: {estimate:?}"
            );
            // Melanin is decided, scattering is not, and the alternatives cannot be told apart.
            assert!(found.decided[0] > 0.9 && found.decided[6] < 0.7, "{:?}", found.decided);
            for other in found.alternatives {
                let there = see(&corrected(&other));
                assert!(there.iter().zip(seen).all(|(a, b)| (a - b).abs() < 0.012), "{there:?} {seen:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let solver = solver();
        let mut observation = Observation::of_spectrum(&[0.3; BANDS], 0.0);
        let error = read_skin(&solver, &observation, &Population::wide()).expect_err("no uncertainty");
        assert!(matches!(error, InversionError::Value { .. }), "{error}");
        observation.values.pop();
        let error = read_skin(&solver, &observation, &Population::wide()).expect_err("a value is missing");
        assert_eq!(error, InversionError::Count { found: 30, needed: 31 });
    }
}
