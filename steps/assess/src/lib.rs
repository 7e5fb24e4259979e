//! Whether to treat: rules kept as data, applied to what was measured and what was answered.
//!
//! # Place in the flow
//! Floor 3: `Reading` + `Answers` → `Assessment`. The rules come from `sources/rules/rules.toml`.
//!
//! # What it can do
//! - [`assess`]: the strictest verdict, its reasons, the day to wait for, the alternatives.
//! - [`open_questions`]: what rules need and nobody answered.
//! - [`temper`]: what a reading in doubt does to a mild verdict.
//! - [`facts`]: what rules may ask about.
//!
//! # Simplifications
//! A rule knows only single facts; it compares best values, or values minus two standard uncertainties where
//! the fact's word ends in `_low`.
//!
//! # Out of scope
//! Diagnosis. Parsing rules and answers (`steps/record`). Predicting results (`steps/plan`).
//!
//! # Invariants
//! A condition on something unknown does not hold. What was not asked is said in a caveat.
//!
//! # Modules in reading order
//! [`mod@assess`], [`facts`], [`days`].
//!
//! # Sources
//! Every rule names its own.

pub mod assess;
pub mod days;
pub mod facts;

pub use assess::{assess, open_questions, temper};
pub use facts::{is_measured, question_of};
