//! What a published picture says of how it was made; it travels inside the picture.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_model::Qualified;

use super::head::Head;
use super::outcome::Pair;
use super::part::Measured;
use super::word::{Comparable, Doubt, Healing, Language};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{at_most, optional, significant};
use crate::provenance::Provenance;

/// How a published pair was made from its originals, and what was measured on them. The originals are the inputs `photo`
/// (before) and `after`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Derivation {
    /// The day it was made.
    pub made_on: String,
    /// What is kept of both pictures laid on one piece of scalp: [left, top, width, height], pixels.
    pub crop_px: [usize; 4],
    /// What is painted over in both, in the same pixels.
    pub hidden_px: Vec<[usize; 4]>,
    /// Language of the words in the picture.
    pub language: Language,
    /// By what the light of each photograph was multiplied, R, G, B, so that its gray became gray; no other change of color.
    pub white_gain: Pair<[f64; 3]>,
    /// Whether a person drew the outline of the scar, so that the numbers are of what lies within it; null in what was made before
    /// that was told.
    #[serde(default)]
    pub outline_drawn: Option<bool>,
    /// Share of the scar that is surely found in both photographs, 0 to 1, so that the numbers are of that part; null in what was
    /// made before that was told.
    #[serde(default)]
    pub scar_shown: Option<f64>,
    /// What bears upon all numbers; empty in what was made before that was told.
    #[serde(default)]
    pub doubts: Vec<Doubt>,
    /// Whether what differs may be put down to the treatment.
    pub verdict: Comparable,
    /// Days from the last session to the photograph after, as a person said, or null.
    pub days_since_last_session: Option<u32>,
    /// How healed it is by those days, or null.
    pub healing: Option<Healing>,
    /// Median length of the hairs that were followed, mm, or null.
    pub hair_length_mm: Pair<Option<f64>>,
    /// How far away the scar can still be told from its surroundings, m; null where that is farther than was looked from.
    pub visible_distance_m: Pair<Option<Measured>>,
    /// CIEDE2000 between the scar's mean color and that of the ring around it, hair and dots included.
    pub color_difference: Pair<Measured>,
}

impl Body for Derivation {
    const FORMAT: &'static str = "stipple/derivation/1";
    const WHAT: &'static str = "derivation";
}

/// The text of a derivation.
pub fn derivation_to_json(derivation: &Qualified<model::Derivation<'_>>, provenance: &Provenance) -> String {
    let model::Derivation { recipe, outcome, outline_drawn, scar_shown, doubts, white_gain, made_on } =
        &derivation.value;
    let comparability = &outcome.comparability;
    let days = comparability.days_since_last_session;
    let pair = |of: model::BeforeAfter<Option<f64>>| Pair {
        before: of.before.map(significant),
        after: of.after.map(significant),
    };
    let body = Derivation {
        made_on: made_on.to_string(),
        crop_px: area(&recipe.crop),
        hidden_px: recipe.hidden.iter().map(area).collect(),
        language: recipe.language.into(),
        white_gain: Pair {
            before: white_gain.before.map(significant),
            after: white_gain.after.map(significant),
        },
        outline_drawn: Some(*outline_drawn),
        scar_shown: Some(significant(*scar_shown)),
        doubts: doubts.iter().map(|doubt| (*doubt).into()).collect(),
        verdict: comparability.verdict.into(),
        days_since_last_session: days,
        healing: days.map(|days| model::Healing::after_days(days).into()),
        hair_length_mm: pair(comparability.hair_length_mm),
        visible_distance_m: Pair {
            before: outcome.visible_distance_m.before.map(Measured::from),
            after: outcome.visible_distance_m.after.map(Measured::from),
        },
        color_difference: Pair {
            before: outcome.color_difference.before.into(),
            after: outcome.color_difference.after.into(),
        },
    };
    written(Head::new(Derivation::FORMAT, &derivation.caveats, provenance), body)
}

/// A derivation that a stranger's picture holds.
///
/// # Errors
/// If it is none.
pub fn derivation_from_json(text: impl AsRef<[u8]>) -> Result<(Derivation, Provenance), Error> {
    let (head, mut body) = opened::<Derivation>(text.as_ref())?;
    body.hidden_px = at_most("hidden_px", body.hidden_px, 1000)?;
    body.scar_shown = optional("scar_shown", body.scar_shown, 0.0..=1.0, "")?;
    Ok((body, head.into_provenance()?))
}

fn area(area: &model::Area) -> [usize; 4] {
    [area.left_px, area.top_px, area.width_px, area.height_px]
}
