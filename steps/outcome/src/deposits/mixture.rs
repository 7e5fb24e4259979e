//! What share of a sample is of one kind, when the other kind is known.
//!
//! Those that are there spread as Student's t does: some lie half under a hair and look fainter than all others.

use stipple_raster::statistics::quantile;

/// Rounds of expectation and maximization.
const ROUNDS: usize = 100;
/// How narrow and how wide those that are there are taken to spread: as the ghosts do, and besides by so much of their mean.
const SPREADS: (f64, f64) = (0.7, 0.4);
/// Means that are tried.
const MEANS: usize = 24;
/// Least mean that is tried, ghosts' spreads: where nothing is known of it, and where something is.
const LEAST: (f64, f64) = (2.0, 0.5);
/// What closed loops leave of the share, beyond chance, where those that are there differ from ghosts by one spread of them
/// (docs/accuracy.md).
const UNLIKE: f64 = 0.8;
/// Ghosts that are enough for their density.
const GHOSTS_MOST: usize = 2_000;

/// Degrees of freedom of how those that are there spread.
const FREEDOM: f64 = 4.0;

/// What is known of the mean of those that are there before anybody looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Likeliest.
    pub(super) mean: f64,
    /// Standard deviation of its natural logarithm.
    pub(super) log_spread: f64,
}

/// The kinds of a sample told apart.
pub(super) struct Told {
    /// Share of those that are there.
    pub(super) share: f64,
    /// Its standard uncertainty: how far single ones cannot be told, nor what they are on average.
    pub(super) uncertainty: f64,
    /// Probability of each that it is there.
    pub(super) probability: Vec<f64>,
    /// Share and standard uncertainty in the scar and around it; none where they were not told apart, or there are none.
    pub(super) parts: [Option<(f64, f64)>; 2],
}

/// Tells what share of values is not as the ghosts are; those that are not are larger.
///
/// Every mean that those that are there may have is tried, and counts as far as it explains the values and fits to what is
/// known of it: where both kinds lie over one another, many do. What is known of it then is told too.
///
/// # Panics
/// If there are no values, or fewer than two ghosts.
pub(super) fn mixture(values: &[f64], ghosts: &[f64], known: Option<Known>) -> (Told, Known) {
    let null = Smooth::of(ghosts);
    let under_null: Vec<f64> = values.iter().map(|value| null.density(*value)).collect();
    let least = null.middle + if known.is_some() { LEAST.1 } else { LEAST.0 } * null.spread;
    let most = at_share(values, 0.98).max(known.map_or(0.0, |known| 2.0 * known.mean)).max(2.0 * least);
    let tried: Vec<Split> = (0..MEANS)
        .map(|k| least.max(1e-6) * (most / least.max(1e-6)).powf(k as f64 / (MEANS - 1) as f64))
        .map(|mean| Split::of(values, &under_null, mean, null.spread))
        .collect();
    let evidence = |split: &Split| {
        split.evidence
            - known.map_or(0.0, |known| ((split.mean / known.mean).ln() / known.log_spread).powi(2) / 2.0)
    };
    let best = tried.iter().map(evidence).fold(f64::MIN, f64::max);
    let weights: Vec<f64> = tried.iter().map(|split| (evidence(split) - best).exp()).collect();
    let whole: f64 = weights.iter().sum();
    let over = |of: &dyn Fn(&Split) -> f64| {
        tried.iter().zip(&weights).map(|(split, weight)| weight * of(split)).sum::<f64>() / whole
    };
    let share = over(&|split| split.share);
    let (n, others) = (values.len() as f64, (ghosts.len() as f64).sqrt());
    // Single ones that cannot be told, that the ghosts are a sample themselves, and that the mean is not known.
    let variance = |split: &Split| {
        split.unsure / (n * n) + (split.unsure / n / others).powi(2) + (split.share - share).powi(2)
    };
    let log_mean = over(&|split| split.mean.ln());
    let log_spread = over(&|split| (split.mean.ln() - log_mean).powi(2)).sqrt();
    let probability = (0..values.len()).map(|k| over(&|split| split.probability[k])).collect();
    // Neither kind is quite as it is taken to be, which matters the more they lie over one another.
    let unlike = share * UNLIKE * (null.spread / log_mean.exp()).powi(2);
    let told =
        Told { share, uncertainty: over(&variance).sqrt().hypot(unlike), probability, parts: [None; 2] };
    (told, Known { mean: log_mean.exp(), log_spread })
}

/// The kinds told apart where the mean of those that are there is given.
struct Split {
    mean: f64,
    share: f64,
    probability: Vec<f64>,
    /// Logarithm of how likely the values are.
    evidence: f64,
    /// How many more or fewer there may be, squared.
    unsure: f64,
}

impl Split {
    fn of(values: &[f64], under_null: &[f64], mean: f64, null_spread: f64) -> Self {
        let spreads = (SPREADS.0 * null_spread, null_spread.hypot(SPREADS.1 * mean));
        let (mut share, mut spread) = (0.5, spreads.0.midpoint(spreads.1));
        let mut probability = vec![0.0; values.len()];
        let mut evidence = 0.0;
        for _ in 0..ROUNDS {
            evidence = 0.0;
            for ((value, gone), p) in values.iter().zip(under_null).zip(&mut probability) {
                let there = share * student(*value, mean, spread);
                let gone = (1.0 - share) * gone;
                // Beyond all ghosts on the dark side is there, on the light side gone.
                let is_told = there + gone > 1e-12;
                *p = if is_told { there / (there + gone) } else { f64::from(*value > mean) };
                evidence += (there + gone).max(1e-12).ln();
            }
            let total: f64 = probability.iter().sum();
            let next = total / values.len() as f64;
            if total > 1.0 {
                // Those far out count less, as the spread has it.
                let square = |value: f64| {
                    let far = (value - mean).powi(2);
                    far * (FREEDOM + 1.0) / (FREEDOM + far / (spread * spread))
                };
                let sum: f64 = values.iter().zip(&probability).map(|(value, p)| p * square(*value)).sum();
                spread = (sum / total).sqrt().clamp(spreads.0, spreads.1);
            }
            let has_settled = (next - share).abs() < 1e-6;
            share = next;
            if has_settled {
                break;
            }
        }
        let unsure = probability.iter().map(|p| p * (1.0 - p)).sum();
        Self { mean, share, probability, evidence, unsure }
    }
}

/// Density of [`FREEDOM`] degrees of freedom, on the scale of [`normal`].
fn student(value: f64, mean: f64, spread: f64) -> f64 {
    let far = 1.0 + ((value - mean) / spread).powi(2) / FREEDOM;
    // 0.94 is √(2π) Γ(5/2) / (√(4π) Γ(2)).
    0.94 / (far * far * far.sqrt() * spread)
}

fn normal(value: f64, mean: f64, spread: f64) -> f64 {
    (-((value - mean) / spread).powi(2) / 2.0).exp() / spread
}

/// The ghosts' values as a smooth density: each as a normal of the width that Silverman's rule gives.
struct Smooth {
    values: Vec<f64>,
    width: f64,
    middle: f64,
    /// Robust standard deviation: a few ghosts stand on hairs.
    spread: f64,
}

impl Smooth {
    fn of(ghosts: &[f64]) -> Self {
        let values: Vec<f64> = ghosts.iter().step_by(ghosts.len().div_ceil(GHOSTS_MOST)).copied().collect();
        let spread = ((at_share(&values, 0.75) - at_share(&values, 0.25)) / 1.349).max(1e-6);
        let width = 0.9 * spread * (values.len() as f64).powf(-0.2);
        Self { middle: at_share(&values, 0.5), values, width, spread }
    }

    fn density(&self, at: f64) -> f64 {
        self.values.iter().map(|value| normal(at, *value, self.width)).sum::<f64>() / self.values.len() as f64
    }
}

fn at_share(values: &[f64], share: f64) -> f64 {
    quantile(values.iter().map(|value| *value as f32), share).map_or(0.0, f64::from)
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
                let (told, _) = mixture(&values, &ghosts, None);
                off += (told.share - truth) / 40.0;
                held += usize::from((told.share - truth).abs() <= 2.0 * told.uncertainty.hypot(0.01));
            }
            assert!(f64::abs(off) < 0.02 && held >= 36, "{share} {apart}: {off:.3} off, {held} of 40 held");
        }
    }

    #[test]
    fn where_both_kinds_lie_over_one_another_what_is_known_helps_and_the_interval_is_wide() {
        let (mut off, mut held, mut wide) = (0.0, 0, 0.0);
        for seed in 0..40 {
            let mut draw = Seed(seed).stream("test.over", 0);
            let ghosts: Vec<f64> = (0..300).map(|_| draw.normal()).collect();
            let values: Vec<f64> =
                (0..100).map(|k| if k < 60 { 1.4 + 1.1 * draw.normal() } else { draw.normal() }).collect();
            let (told, _) = mixture(&values, &ghosts, Some(Known { mean: 1.4, log_spread: 0.25 }));
            off += (told.share - 0.6) / 40.0;
            held += usize::from((told.share - 0.6).abs() <= 2.0 * told.uncertainty);
            wide += told.uncertainty / 40.0;
        }
        assert!(f64::abs(off) < 0.06 && held >= 36 && wide > 0.05, "{off:.3} off, {held} of 40, {wide:.3}");
    }
}
