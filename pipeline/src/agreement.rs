//! A table of scores, to how far raters agree.

use stipple_model::{Agreement, Caveat, Watch};
use stipple_record::document::agreement_png;
use stipple_record::scores::scores_from_csv;
use stipple_record::{Provenance, format};

use crate::error::Error;

/// What [`agreement`] gives.
pub struct AgreementFiles {
    /// `stipple/agreement/1`.
    pub agreement_json: String,
    /// Differences over means as a picture, PNG; empty if it was not wanted.
    pub figure_png: Vec<u8>,
    /// What is doubtful.
    pub caveats: Vec<Caveat>,
    /// How far they agree, in one line.
    pub summary: String,
}

/// Bytes of a table of scores → agreement; with a picture if it is wanted.
///
/// # Errors
/// A table that cannot be used, or in which nothing is shared.
///
/// # Determinism
/// Same bytes in: same file.
pub fn agreement(table: &[u8], picture: bool, watch: &dyn Watch) -> Result<AgreementFiles, Error> {
    watch.progress("agreement", 0.0);
    let made = stipple_outcome::agreement(&scores_from_csv(table)?)?;
    let provenance = Provenance::of_this_program().with_input("ratings", table);
    let figure_png = if picture { agreement_png(&made.value, &made.caveats) } else { Vec::new() };
    Ok(AgreementFiles {
        agreement_json: format::agreement_to_json(&made, &provenance),
        figure_png,
        summary: summary(&made.value),
        caveats: made.caveats,
    })
}

fn summary(made: &Agreement) -> String {
    let Some(together) = made.together else {
        let (pairs, repeats) = (made.pairs.len(), made.repeats.len());
        return format!(
            "pairs of raters: {pairs}, repeats: {repeats}; no correlation of all raters together: fewer than three pictures were \
             rated by every one of them, or all scores are the same"
        );
    };
    let icc = together.single;
    format!(
        "{} pictures by {} raters: ICC(A,1) {:.2} ({:.2} to {:.2}); scores that differ by less than {:.1} may be the same",
        together.pictures,
        made.raters.len(),
        icc.value,
        icc.low,
        icc.high,
        together.smallest_detectable
    )
}
