//! What is written over a plan that is not to be carried out as it stands.

use stipple_model::{Plan, Verdict};

/// Relative standard uncertainty of the pixel pitch above which true size is said to be none.
const SCALE_UNSURE: f64 = 0.05;

/// What is written over every page and drawing to work by, one line each: verdicts against it, and a scale that is a guess.
pub fn warnings(plan: &Plan, verdict: Option<Verdict>) -> Vec<String> {
    let relative = plan.pixel_pitch_um.relative_uncertainty();
    let scale = (relative > SCALE_UNSURE).then(|| {
        format!(
            "SCALE UNCERTAIN: lengths may be off by ± {:.0} % (standard uncertainty). Photograph with the \
             reference card before using this sheet.",
            (100.0 * relative).min(999.0)
        )
    });
    warning(verdict).map(str::to_owned).into_iter().chain(scale).collect()
}

/// What is said of a plan that is not to be carried out.
fn warning(verdict: Option<Verdict>) -> Option<&'static str> {
    match verdict? {
        Verdict::Suitable | Verdict::SuitableWithCare => None,
        Verdict::NotYet => {
            Some("FOR INFORMATION ONLY: the verdict is “not yet”. Do not treat from this sheet.")
        }
        Verdict::NotSmp => Some(
            "FOR INFORMATION ONLY: micropigmentation is not the right way here. Do not treat from this sheet.",
        ),
    }
}
