//! What leaves as JSON and comes back: one format for disk and network.
//!
//! The structs of [`v1`] are promises to whoever scripts these files; the model may be renamed freely behind
//! the conversions written here by hand. Unknown fields are ignored, unknown formats are refused.

use std::collections::{BTreeMap, BTreeSet};

mod layout;
pub(crate) mod number;
pub mod v1;

pub use v1::{
    CASES_MAX, Derivation, PORTFOLIO_BYTES_MAX, agreement_to_json, assessment_from_json, assessment_to_json,
    bundle_from_json, bundle_to_json, derivation_from_json, derivation_to_json, fading_to_json,
    marks_from_json, outcome_from_json, outcome_to_json, plan_from_json, plan_to_json, portfolio_from_json,
    portfolio_to_json, provenance_from_json, reading_from_json, reading_to_json, signature_from_json,
    signature_to_json, truth_from_json, truth_to_json, wish_from_json,
};

/// Largest JSON file that is read, bytes.
pub const JSON_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Words of the outermost object by which two JSON texts differ, save which program wrote them.
pub fn fields_that_differ(one: &str, other: &str) -> Vec<String> {
    type Object = BTreeMap<String, serde_json::Value>;
    let object = |text| serde_json::from_str::<Object>(text).unwrap_or_default();
    let (one, other) = (object(one), object(other));
    let words: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differ = words.into_iter().filter(|word| *word != "software" && one.get(*word) != other.get(*word));
    differ.cloned().collect()
}
