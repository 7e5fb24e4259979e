//! What was set or wished and cannot be followed.

use std::ops::RangeInclusive;

/// A number or a word that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which, as its file or form names it, such as `hairline.soft_mm`.
    pub field: String,
    /// What it says.
    pub found: String,
    /// What it has to say.
    pub needed: String,
}

impl Unfit {
    /// What is wrong with a number outside of its range; `unit` may be empty.
    pub fn outside(field: &str, value: f64, range: RangeInclusive<f64>, unit: &str) -> Option<Self> {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let needed = || format!("a number from {} to {}{unit}", range.start(), range.end());
        let unfit = || Self { field: field.to_owned(), found: format!("{value}{unit}"), needed: needed() };
        (!range.contains(&value)).then(unfit)
    }
}
