//! Middle and spread of small samples.

/// The median; of an even number the upper one.
pub fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    quantile(values, 0.5)
}

/// The value below which a share of the values lies.
pub fn quantile(values: impl Iterator<Item = f32>, share: f64) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    if values.is_empty() {
        return None;
    }
    let k = ((values.len() as f64 * share) as usize).min(values.len() - 1);
    Some(*values.select_nth_unstable_by(k, f32::total_cmp).1)
}

/// Robust standard deviation: half the distance between the 16th and the 84th percentile.
pub fn spread(values: &[f32]) -> f32 {
    let at = |share| quantile(values.iter().copied(), share).unwrap_or(0.0);
    (at(0.8413) - at(0.1587)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_ramp() {
        let ramp: Vec<f32> = (0..1001).map(|k| k as f32).collect();
        assert_eq!(median(ramp.iter().copied()), Some(500.0));
        assert!((spread(&ramp) - 341.0).abs() < 1.5);
        assert_eq!(median(std::iter::empty()), None);
    }
}
