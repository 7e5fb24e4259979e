//! What share of a sample is of one kind, when the other kind is known.
//!
//! Those that are there spread as Student's t does: some lie half under a hair and look fainter than all others.

/// Rounds of expectation and maximization.
const ROUNDS: usize = 200;
/// Narrowest that either kind is taken to spread, share of the ghosts' spread.
const NARROWEST: f64 = 0.3;

/// Degrees of freedom of how those that are there spread.
const FREEDOM: f64 = 4.0;

/// The kinds of a sample told apart.
pub(super) struct Told {
    /// Share of those that are there.
    pub(super) share: f64,
    /// Its standard uncertainty: how far single ones cannot be told.
    pub(super) uncertainty: f64,
    /// Probability of each that it is there.
    pub(super) probability: Vec<f64>,
}

/// Tells what share of values is not as the ghosts are; those that are not are larger.
///
/// # Panics
/// If there are no values, or fewer than two ghosts.
pub(super) fn mixture(values: &[f64], ghosts: &[f64]) -> Told {
    let null = Smooth::of(ghosts);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    let least = null.middle + 2.0 * null.spread;
    let (mut mean, mut spread) = (at(0.9).max(least), null.spread.max(1e-6));
    let mut share = 0.5;
    let under_null: Vec<f64> = values.iter().map(|value| null.density(*value)).collect();
    let mut probability = vec![0.0; values.len()];
    for _ in 0..ROUNDS {
        for (k, value) in values.iter().enumerate() {
            let there = share * student(*value, mean, spread);
            let gone = (1.0 - share) * under_null[k];
            // Beyond all ghosts on the dark side is there, on the light side gone.
            probability[k] =
                if there + gone > 1e-300 { there / (there + gone) } else { f64::from(*value > mean) };
            if *value > mean && there + gone < 1e-12 {
                probability[k] = 1.0;
            }
        }
        let total: f64 = probability.iter().sum();
        let next = total / values.len() as f64;
        if total > 1.0 {
            // Those far out count less, as the spread has it.
            let weight = |value: f64| (FREEDOM + 1.0) / (FREEDOM + ((value - mean) / spread).powi(2));
            let weights: Vec<f64> =
                values.iter().zip(&probability).map(|(value, p)| p * weight(*value)).collect();
            let sum = |of: &dyn Fn(f64) -> f64| {
                values.iter().zip(&weights).map(|(value, w)| w * of(*value)).sum::<f64>()
            };
            mean = (sum(&|value| value) / sum(&|_| 1.0)).max(least);
            spread =
                (sum(&|value| (value - mean).powi(2)) / total).sqrt().max(NARROWEST * null.spread).max(1e-6);
        }
        let has_settled = (next - share).abs() < 1e-9;
        share = next;
        if has_settled {
            break;
        }
    }
    let unsure: f64 = probability.iter().map(|p| p * (1.0 - p)).sum();
    // Single ones that cannot be told, and that the ghosts are a sample themselves.
    let uncertainty = unsure.sqrt() / values.len() as f64;
    let of_ghosts = unsure / values.len() as f64 / (ghosts.len() as f64).sqrt();
    Told { share, uncertainty: uncertainty.hypot(of_ghosts), probability }
}

/// Density of [`FREEDOM`] degrees of freedom, on the scale of [`normal`].
fn student(value: f64, mean: f64, spread: f64) -> f64 {
    // 0.94 is √(2π) Γ(5/2) / (√(4π) Γ(2)).
    0.94 * (1.0 + ((value - mean) / spread).powi(2) / FREEDOM).powf(-(FREEDOM + 1.0) / 2.0) / spread
}

fn normal(value: f64, mean: f64, spread: f64) -> f64 {
    (-((value - mean) / spread).powi(2) / 2.0).exp() / spread
}

/// The ghosts' values as a smooth density: each as a normal of the width that Silverman's rule gives.
struct Smooth<'a> {
    values: &'a [f64],
    width: f64,
    middle: f64,
    /// Robust standard deviation: a few ghosts stand on hairs.
    spread: f64,
}

impl<'a> Smooth<'a> {
    fn of(values: &'a [f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
        let spread = ((at(0.75) - at(0.25)) / 1.349).max(1e-6);
        let width = 0.9 * spread * (values.len() as f64).powf(-0.2);
        Self { values, width, middle: at(0.5), spread }
    }

    fn density(&self, at: f64) -> f64 {
        self.values.iter().map(|value| normal(at, *value, self.width)).sum::<f64>() / self.values.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use stipple_quantity::Seed;

    use super::*;

    #[test]
    fn shares_are_right_and_no_surer_than_they_are() {
        for (share, apart) in [(0.0, 6.0), (0.3, 6.0), (0.6, 4.0), (0.9, 5.0), (1.0, 6.0)] {
            let (mut off, mut held) = (0.0, 0);
            for seed in 0..40 {
                let mut draw = Seed(seed).stream("test", (10.0 * apart) as u64);
                let ghosts: Vec<f64> = (0..300).map(|_| draw.normal()).collect();
                let there: Vec<bool> = (0..300).map(|_| draw.uniform() < share).collect();
                let value = |there: &bool| if *there { apart + 1.3 * draw.normal() } else { draw.normal() };
                let values: Vec<f64> = there.iter().map(value).collect();
                let truth = there.iter().filter(|there| **there).count() as f64 / 300.0;
                let told = mixture(&values, &ghosts);
                off += (told.share - truth) / 40.0;
                held += usize::from((told.share - truth).abs() <= 2.0 * told.uncertainty.hypot(0.01));
            }
            assert!(f64::abs(off) < 0.02 && held >= 36, "{share} {apart}: {off:.3} off, {held} of 40 held");
        }
    }
}
