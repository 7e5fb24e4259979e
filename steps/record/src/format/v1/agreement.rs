//! `agreement.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model::{Qualified, agreement as model};

use super::head::Head;
use super::{Body, written};
use crate::format::number::significant;
use crate::provenance::Provenance;

/// How far people who rated the same pictures agree.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// Pictures that anybody rated.
    pub pictures: usize,
    /// Raters, as the table names them.
    pub raters: Vec<String>,
    /// All raters together, by the first score of each; null where nothing differs or fewer than two raters share three
    /// pictures.
    pub together: Option<Together>,
    /// Two raters at a time (Bland and Altman).
    pub pairs: Vec<Pair>,
    /// The same rater's first and second score.
    pub repeats: Vec<Pair>,
}

/// A value with the range that holds the truth in 95 of 100 such studies.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// Found.
    pub value: f64,
    /// 2.5 of 100 lie below.
    pub low: f64,
    /// 2.5 of 100 lie above.
    pub high: f64,
}

/// Intraclass correlations: of the differences between scores, the share that comes from the pictures.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Together {
    /// Pictures that every rater rated.
    pub pictures: usize,
    /// ICC(A,1): one rater's score, absolute agreement, raters drawn by chance (McGraw and Wong 1996); −1 to 1.
    pub single: Interval,
    /// ICC(A,k): the mean of all raters, 0 to 1.
    pub mean: Interval,
    /// ICC(C,1): one rater's score but for how high each rates on the whole.
    pub consistency: Interval,
    /// Standard error of one rater's score, on the scale.
    pub standard_error: f64,
    /// Two scores of two raters that differ by less may be the same, in 95 of 100 cases; on the scale.
    pub smallest_detectable: f64,
}

/// Two scores of the same pictures, the second taken from the first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    /// Whose; for one rater twice the same.
    pub raters: [String; 2],
    /// Mean and difference, picture by picture.
    pub mean_and_difference: Vec<[f64; 2]>,
    /// Mean of the differences.
    pub bias: Interval,
    /// Standard deviation of the differences.
    pub spread: f64,
    /// Limits of agreement: 95 of 100 differences lie between.
    pub limits: [Interval; 2],
    /// By how much the difference grows with a point of the mean; null where the means are all the same.
    pub slope: Option<Interval>,
    /// ICC(A,1) of the two; null where nothing differs.
    pub single: Option<Interval>,
}

impl Body for Agreement {
    const FORMAT: &'static str = "stipple/agreement/1";
    const WHAT: &'static str = "agreement";
}

/// The text of `agreement.json`.
pub fn agreement_to_json(agreement: &Qualified<model::Agreement>, provenance: &Provenance) -> String {
    let head = Head::new(Agreement::FORMAT, &agreement.caveats, provenance);
    let of = &agreement.value;
    let body = Agreement {
        pictures: of.pictures,
        raters: of.raters.clone(),
        together: of.together.map(Together::from),
        pairs: of.pairs.iter().map(Pair::from).collect(),
        repeats: of.repeats.iter().map(Pair::from).collect(),
    };
    written(head, body)
}

impl From<model::Interval> for Interval {
    fn from(of: model::Interval) -> Self {
        Self { value: significant(of.value), low: significant(of.low), high: significant(of.high) }
    }
}

impl From<model::Together> for Together {
    fn from(of: model::Together) -> Self {
        Self {
            pictures: of.pictures,
            single: of.single.into(),
            mean: of.mean.into(),
            consistency: of.consistency.into(),
            standard_error: significant(of.standard_error),
            smallest_detectable: significant(of.smallest_detectable),
        }
    }
}

impl From<&model::Pair> for Pair {
    fn from(of: &model::Pair) -> Self {
        Self {
            raters: of.raters.clone(),
            mean_and_difference: of.places.iter().map(|place| place.map(significant)).collect(),
            bias: of.bias.into(),
            spread: significant(of.spread),
            limits: of.limits.map(Interval::from),
            slope: of.slope.map(Interval::from),
            single: of.single.map(Interval::from),
        }
    }
}
