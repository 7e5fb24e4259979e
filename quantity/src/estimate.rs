//! A value and how well it is known.

/// A measured value with its standard uncertainty (k = 1), both in the unit the name around it tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Best value.
    pub value: f64,
    /// Standard uncertainty (one standard deviation), same unit as `value`; never negative.
    pub standard_uncertainty: f64,
}

impl Estimate {
    /// An estimate.
    ///
    /// # Panics
    /// If either number is not finite or the uncertainty is negative: that is our own bug.
    pub fn new(value: f64, standard_uncertainty: f64) -> Self {
        assert!(value.is_finite(), "an estimate needs a finite value");
        assert!(
            standard_uncertainty.is_finite() && standard_uncertainty >= 0.0,
            "an estimate needs a finite uncertainty of at least zero"
        );
        Self { value, standard_uncertainty }
    }

    /// Uncertainty over value, without unit; infinite at zero.
    pub fn relative_uncertainty(&self) -> f64 {
        self.standard_uncertainty / self.value.abs()
    }

    /// The estimate times a factor known without error.
    pub fn times(&self, factor: f64) -> Self {
        Self::new(self.value * factor, self.standard_uncertainty * factor.abs())
    }

    /// The estimate with another independent standard uncertainty added in quadrature.
    pub fn widened_by(&self, standard_uncertainty: f64) -> Self {
        Self::new(self.value, self.standard_uncertainty.hypot(standard_uncertainty))
    }

    /// Interval that holds the truth with about 95 % probability (value ± 2 u).
    pub fn interval95(&self) -> (f64, f64) {
        (self.value - 2.0 * self.standard_uncertainty, self.value + 2.0 * self.standard_uncertainty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_adds_in_quadrature() {
        let e = Estimate::new(10.0, 3.0).widened_by(4.0);
        assert_eq!(e.standard_uncertainty, 5.0);
        assert_eq!(e.interval95(), (0.0, 20.0));
    }
}
