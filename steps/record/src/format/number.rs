//! Numbers on their way out, rounded; numbers on their way in, checked.

use std::fmt::Display;
use std::ops::RangeInclusive;

use stipple_model::Unfit;

use crate::error::Error;

/// Decimals of places in the photograph, px.
pub(crate) const PX: i32 = 3;
/// Decimals of outlines in the photograph, px.
pub(crate) const OUTLINE_PX: i32 = 2;
/// Decimals of places on the scalp, mm.
pub(crate) const MM: i32 = 4;
/// Decimals of sizes of hairs and dots, µm.
pub(crate) const UM: i32 = 2;
/// Decimals of an angle in degrees.
pub(crate) const DEG: i32 = 1;
/// Decimals of L*, a*, b*.
pub(crate) const LAB: i32 = 3;
/// Decimals of probabilities.
pub(crate) const PROBABILITY: i32 = 3;

/// A number with so many decimals; never −0.
///
/// # Panics
/// If it is not finite: that is our own bug.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    assert!(value.is_finite(), "a number that leaves must be finite");
    let unit = 10f64.powi(decimals);
    // Adding zero turns −0 into 0.
    (value * unit).round() / unit + 0.0
}

/// A number with six significant digits; never −0.
///
/// # Panics
/// If it is not finite: that is our own bug.
pub(crate) fn significant(value: f64) -> f64 {
    assert!(value.is_finite(), "a number that leaves must be finite");
    format!("{value:.5e}").parse::<f64>().map_or(value, |short| short + 0.0)
}

/// A number if it lies in a range.
///
/// # Errors
/// [`Error::Field`] if it does not; `unit` may be empty.
pub(crate) fn within(field: &str, value: f64, range: RangeInclusive<f64>, unit: &str) -> Result<f64, Error> {
    Unfit::outside(field, value, range, unit).map_or(Ok(value), |unfit| Err(unfit.into()))
}

/// The same of a number that may be missing.
pub(crate) fn optional(
    field: &str,
    value: Option<f64>,
    range: RangeInclusive<f64>,
    unit: &str,
) -> Result<Option<f64>, Error> {
    value.map(|value| within(field, value, range, unit)).transpose()
}

/// A list if it is not longer than allowed.
pub(crate) fn at_most<T>(field: &str, items: Vec<T>, most: usize) -> Result<Vec<T>, Error> {
    if items.len() <= most {
        return Ok(items);
    }
    Err(Error::field(field, format!("{} entries", items.len()), format!("at most {most} entries")))
}

/// Every item of a list made into something, with its number in the field of any trouble.
pub(crate) fn each<T, U>(
    field: impl Display,
    items: Vec<T>,
    make: impl Fn(T) -> Result<U, Error>,
) -> Result<Vec<U>, Error> {
    items
        .into_iter()
        .enumerate()
        .map(|(k, item)| make(item).map_err(|trouble| trouble.inside(format_args!("{field}[{k}]"))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_idempotent_and_has_no_negative_zero() {
        assert!(rounded(-0.000_04, MM).is_sign_positive() && significant(-0.0).is_sign_positive());
        for value in [1_234.567_891, -0.001_234_567_8, 99_999.95, 2.0 / 3.0, 0.0] {
            assert_eq!(rounded(rounded(value, 3), 3), rounded(value, 3));
            assert_eq!(significant(significant(value)), significant(value));
        }
        assert_eq!(significant(83.123_456_7), 83.1235);
    }
}
