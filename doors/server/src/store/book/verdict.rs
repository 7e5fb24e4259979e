//! What the rules say of the treatment on a day: a practitioner decides, is told, and writes down why where they speak against.

use sea_orm::EntityTrait as _;
use serde::Serialize;
use stipple_model::{Answer, Answers, Assessment, Date, PERSON_QUESTIONS, Verdict};
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::Store;
use super::super::entity::record;
use super::Place;
use crate::error::Error;

/// What speaks against a treatment: the answers as they are now, and the last reading from before the first session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Against {
    /// `not_yet` or `not_smp`.
    verdict: &'static str,
    /// The day until which to wait, where the rules know it, YYYY-MM-DD.
    #[schema(required)]
    not_before: Option<String>,
    /// Why, the strictest first.
    reasons: Vec<String>,
    /// The photograph whose reading was judged; none where there is none, and answers alone were.
    #[schema(required)]
    photograph: Option<Uuid>,
}

/// What the rules say.
pub(super) struct Judged {
    /// Against a treatment; none where they do not.
    pub(super) against: Option<Against>,
    /// Questions that they need and nobody answered.
    pub(super) open_questions: usize,
    /// Whether the reading cannot be opened any more, so that they rest on answers alone.
    pub(super) is_unreadable: bool,
}

impl Store {
    /// What the rules say of a treatment on a day.
    pub(super) async fn judged(&self, place: &Place, day: Date) -> Result<Judged, Error> {
        let reading = match self.reading_before(place).await? {
            Some(id) => record::Entity::find_by_id(id).one(&self.db).await?,
            None => None,
        };
        let (json, is_unreadable) = match &reading {
            None => (None, false),
            // A withdrawal or a warning sign must not wait for a reading that cannot be opened any more.
            Some(row) => match self.file_of(&place.key, row, "reading.json").await {
                Err(Error::Damaged { .. }) => (None, true),
                found => (Some(found?), false),
            },
        };
        let answers = self.answers_of_person(place).await?;
        let rules = self.rules_of(place.clinic).await?;
        let (made, open) = stipple_pipeline::judge(json.as_deref(), &answers, &rules, day)
            .map_err(|_| Error::Damaged { kind: "result" })?;
        let photograph = reading.filter(|_| !is_unreadable).map(|row| row.photograph);
        Ok(Judged { against: against(made, photograph), open_questions: open.len(), is_unreadable })
    }

    /// The answers of a case, with what the same client said yes to in another one about health and skin.
    async fn answers_of_person(&self, place: &Place) -> Result<Answers, Error> {
        let mut answers = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        for other in self.other_places(place).await? {
            let others = self.answers_that_hold(&other.key, (other.clinic, other.case)).await?;
            let is_of_person = |(question, answer): &(String, Answer)| {
                *answer == Answer::Flag(true) && PERSON_QUESTIONS.contains(&question.as_str())
            };
            answers.extend(others.into_iter().filter(is_of_person));
        }
        Ok(answers)
    }

    /// Refuses a session against which the rules speak, as long as nobody wrote down why it was done nevertheless.
    pub(super) async fn require_none_against(
        &self,
        place: &Place,
        day: Date,
        despite: &str,
    ) -> Result<(), Error> {
        match self.judged(place, day).await?.against {
            Some(against) if folded(despite).is_empty() => {
                let reason = against.reasons.first().map_or("", String::as_str);
                let message = format!(
                    "The rules speak against a session on that day: \"{reason}\" If it was done nevertheless, write down why."
                );
                Err(Error::unusable("rules_against", message))
            }
            _ => Ok(()),
        }
    }
}

fn against(made: Assessment, photograph: Option<Uuid>) -> Option<Against> {
    let is_against = |verdict: Verdict| verdict > Verdict::SuitableWithCare;
    let reasons = made.reasons.into_iter().filter(|reason| is_against(reason.verdict));
    is_against(made.verdict).then(|| Against {
        verdict: made.verdict.name(),
        not_before: made.not_before.map(|day| day.to_string()),
        reasons: reasons.map(|reason| reason.text).collect(),
        photograph,
    })
}
