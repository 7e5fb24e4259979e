//! What the rules say of the treatment on a day: a practitioner decides, is told, and writes down why where they speak against.

use sea_orm::EntityTrait as _;
use serde::Serialize;
use serde_json::{Map, Value};
use stipple_model::{Answer, Answers, Assessment, Date, MEASURED_ON, PERSON_QUESTIONS, Verdict, word_of_day};
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::entity::record;
use super::super::{Store, Who};
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
        let mut answers = self.answers_of_person(place).await?;
        if let Some(row) = reading.as_ref().filter(|_| !is_unreadable) {
            let day = self.day_of_photograph(&place.key, row.photograph).await?;
            answers.extend(day.map(|day| (MEASURED_ON.to_owned(), Answer::Day(day))));
        }
        let rules = self.rules_of(place.clinic).await?;
        let (made, open) = stipple_pipeline::judge(json.as_deref(), &answers, &rules, day)
            .map_err(|_| Error::Damaged { kind: "result" })?;
        let photograph = reading.filter(|_| !is_unreadable).map(|row| row.photograph);
        Ok(Judged { against: against(made, photograph), open_questions: open.len(), is_unreadable })
    }

    /// What is answered in the case of a reading.
    pub(crate) async fn answers_by_reading(
        &self,
        who: &Who,
        reading: Uuid,
    ) -> Result<Map<String, Value>, Error> {
        let place = self.place_of_record(who, reading).await?;
        self.answers_at(&place.key, place.case).await
    }

    /// When what a reading and the answers of its case say was told, as the rules are told it.
    pub(crate) async fn days_told(&self, who: &Who, reading: Uuid) -> Result<Map<String, Value>, Error> {
        let place = self.place_of_record(who, reading).await?;
        let mut days = self.days_of_answers(&place.key, place.case).await?;
        let photograph = self.photograph_of_reading(reading).await?;
        let measured = self.day_of_photograph(&place.key, photograph).await?;
        days.extend(measured.map(|day| (MEASURED_ON.to_owned(), day)));
        Ok(days.into_iter().map(|(word, day)| (word, day.to_string().into())).collect())
    }

    /// The answers of a case, with what the same client said yes to in another one about health and skin.
    async fn answers_of_person(&self, place: &Place) -> Result<Answers, Error> {
        let mut answers = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        for other in self.other_places(place).await? {
            let others = self.answers_that_hold(&other.key, (other.clinic, other.case)).await?;
            for question in PERSON_QUESTIONS {
                if others.get(question) == Some(&Answer::Flag(true)) {
                    // With the day on which it was told there.
                    for word in [question.to_owned(), word_of_day(question)] {
                        answers.remove(&word);
                        answers.extend(
                            others.get_key_value(&word).map(|(word, told)| (word.clone(), told.clone())),
                        );
                    }
                }
            }
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
