//! How many units are there for each that is told, and how well that is known.

/// Mean confidence of the roots; natural logarithm of units there over the sum of the probabilities of those told; its
/// standard deviation from picture to picture [dark hair in 144 synthetic pictures of every kind, seeds from 7,000,000:
/// docs/accuracy.md].
const TABLE: [(f64, f64, f64); 9] = [
    (0.40, 1.00, 0.70),
    (0.50, 0.60, 0.40),
    (0.55, 0.40, 0.24),
    (0.62, 0.20, 0.17),
    (0.67, 0.11, 0.10),
    (0.72, 0.06, 0.08),
    (0.77, 0.01, 0.07),
    (0.85, -0.03, 0.06),
    (0.95, -0.025, 0.05),
];

/// Units there for each that is told, and the relative standard uncertainty of that, by the mean confidence of roots.
///
/// Roots less likely than the least that is told are missing from the count; the surer those are that are told, the
/// fewer are missing.
pub(super) fn of_certainty(certainty: f64) -> (f64, f64) {
    let last = TABLE.len() - 1;
    let certainty = certainty.clamp(TABLE[0].0, TABLE[last].0);
    let upper = TABLE.iter().position(|row| certainty <= row.0).unwrap_or(last).max(1);
    let (low, high) = (TABLE[upper - 1], TABLE[upper]);
    let share = (certainty - low.0) / (high.0 - low.0);
    let between = |a: f64, b: f64| a + share * (b - a);
    (between(low.1, high.1).exp(), between(low.2, high.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surer_the_fewer_are_missing() {
        assert_eq!(of_certainty(0.0), of_certainty(0.40));
        assert_eq!(of_certainty(1.0), of_certainty(0.95));
        let (factor, u) = of_certainty(0.62);
        assert!((factor - 0.20f64.exp()).abs() < 1e-12 && (u - 0.17).abs() < 1e-12);
        assert!(of_certainty(0.58).0 > of_certainty(0.64).0);
    }
}
