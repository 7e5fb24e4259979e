//! Hair and skin that are no longer what a plan was made for: a new plan is wanted then, and no repeat of the old.

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use stipple_model::{Answer, Answers, Reading};
use stipple_pipeline::IN_SKIN;
use stipple_record::{Setting, format};

use super::super::Store;
use super::super::entity::record;
use super::Place;
use crate::error::Error;
use crate::worker::ConsultAsked;

/// How much lighter or darker hair must have become, L*: more than white balance leaves open between two photographs.
const LIGHTNESS: f64 = 8.0;
/// Share of the density that must have gone: more than two readings of one head differ.
const LOST: f64 = 0.25;

/// Dots per cm² that are no change: a number on file has three digits.
const SLIGHTLY: f64 = 0.5;

/// What of hair and skin changed since the last plan of a case was made.
pub(super) type Changes = Vec<&'static str>;

impl Store {
    /// What changed since: `in_skin` where the skin holds more dots that are not of the plan than it was told; `hair_color`,
    /// `hair_length` or `hair_loss` as answered; `lighter_hair`, `darker_hair` or `thinner_hair` as measured in a later photograph.
    /// Empty without a plan; none where plan or readings cannot be opened any more: consents and sessions must not wait for them.
    pub(super) async fn changed_since_plan(&self, place: &Place) -> Result<Option<Changes>, Error> {
        match self.changes_found(place).await {
            Err(Error::Damaged { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    async fn changes_found(&self, place: &Place) -> Result<Changes, Error> {
        let photographs = self.photographs_at(place).await?;
        let ids: Vec<_> = photographs.iter().map(|(_, row)| row.id).collect();
        let of = record::Column::Kind.eq("plan").and(record::Column::Photograph.is_in(ids));
        let newest = record::Entity::find().filter(of).order_by_desc(record::Column::CreatedAt);
        let Some(plan) = newest.one(&self.db).await? else { return Ok(Vec::new()) };
        let asked = self.file_of(&place.key, &plan, "asked.json").await?;
        let asked: ConsultAsked =
            serde_json::from_slice(&asked).map_err(|_| Error::Damaged { kind: "result" })?;
        let then = self.understood_at(place.clinic, &asked.answers).await?;
        let now = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        let mut changes = answered(&then, &now);
        changes.extend(self.is_skin_fuller(place, &plan).await?.then_some("in_skin"));
        let planned_on = photographs.iter().find(|(_, row)| row.id == plan.photograph);
        let later = photographs.iter().filter(|(visit, row)| {
            let after = planned_on.is_some_and(|(on, _)| visit.day() > on.day());
            row.reading.is_some() && after
        });
        let last = later.max_by_key(|(visit, row)| (visit.day(), row.created_at));
        if let (Some(before), Some((_, last))) = (plan.parent, last)
            && let Some(after) = last.reading
        {
            let both = (self.reading_of(place, before).await?, self.reading_of(place, after).await?);
            changes.extend(measured(&both.0, &both.1));
        }
        Ok(changes)
    }

    /// Whether the skin of a case holds more dots that are not of a plan than the plan was told.
    async fn is_skin_fuller(&self, place: &Place, plan: &record::Model) -> Result<bool, Error> {
        let json = self.file_of(&place.key, plan, "plan.json").await?;
        let told = match format::provenance_from_json(&json)?.options.get(IN_SKIN) {
            Some(Setting::Number(per_cm2)) => *per_cm2,
            _ => 0.0,
        };
        let now = self.in_skin(place, Some(plan.id)).await?;
        Ok(now > told + SLIGHTLY)
    }
}

fn answered(then: &Answers, now: &Answers) -> Changes {
    let differs = |question: &str| match (then.get(question), now.get(question)) {
        (Some(then), Some(now)) => then != now,
        _ => false,
    };
    let is = |answers: &Answers, question: &str| answers.get(question) == Some(&Answer::Flag(true));
    let words = [
        ("hair_color", differs("hair_color")),
        ("hair_length", differs("hair_length_worn_mm")),
        ("hair_loss", is(now, "fast_hair_loss") && !is(then, "fast_hair_loss")),
    ];
    words.into_iter().filter_map(|(word, holds)| holds.then_some(word)).collect()
}

/// By how much hair differs from skin, so that another light changes little.
fn measured(before: &Reading, after: &Reading) -> Changes {
    let darker_by = |read: &Reading| Some(read.skin.lab.l - read.hair.lab?.l);
    let density = |read: &Reading| Some(read.hair.unit_density_per_cm2?.value);
    let mut found = Vec::new();
    if let (Some(then), Some(now)) = (darker_by(before), darker_by(after)) {
        found.extend((then - now > LIGHTNESS).then_some("lighter_hair"));
        found.extend((now - then > LIGHTNESS).then_some("darker_hair"));
    }
    if let (Some(then), Some(now)) = (density(before), density(after)) {
        found.extend((now < (1.0 - LOST) * then).then_some("thinner_hair"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_answered_twice_and_otherwise_changed() {
        let of = |all: &[(&str, Answer)]| {
            all.iter().map(|(q, a)| ((*q).to_owned(), a.clone())).collect::<Answers>()
        };
        let word = |word: &str| Answer::Word(word.to_owned());
        let then = of(&[("hair_color", word("brown")), ("hair_length_worn_mm", Answer::Number(1.0))]);
        assert!(answered(&then, &of(&[("fast_hair_loss", Answer::Flag(false))])).is_empty());
        let now = of(&[("hair_color", word("gray")), ("fast_hair_loss", Answer::Flag(true))]);
        assert_eq!(answered(&then, &now), ["hair_color", "hair_loss"]);
    }
}
