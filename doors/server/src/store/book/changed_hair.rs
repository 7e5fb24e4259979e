//! Hair and skin that are no longer what a plan was made for: a new plan is wanted then, and no repeat of the old.

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use stipple_model::{Answer, Answers, Reading};

use super::super::Store;
use super::super::entity::record;
use super::Place;
use super::sessions::Session;
use crate::error::Error;
use crate::worker::ConsultAsked;

/// How much lighter or darker hair must have become, L*: more than white balance leaves open between two photographs.
const LIGHTNESS: f64 = 8.0;
/// Share of the density that must have gone: more than two readings of one head differ.
const LOST: f64 = 0.25;

/// What of the hair changed since the last plan of a case was made.
pub(super) type Changes = Vec<&'static str>;

impl Store {
    /// What changed since: `in_skin` where dots came to be on record that are not of the plan; `hair_color` or `hair_length` as answered, `hair_loss` as answered, `lighter_hair`, `darker_hair` or
    /// `thinner_hair` as measured in a later photograph. Empty without a plan; none where plan or
    /// readings cannot be opened any more: consents and sessions must not wait for them.
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
}

impl Store {
    /// Whether dots that are not of a plan were written down since it was made.
    async fn is_skin_fuller(&self, place: &Place, plan: &record::Model) -> Result<bool, Error> {
        let (sessions, others) = (self.sessions_at(place).await?, self.others_dots_at(place).await?);
        let of_other = |one: &&Session| one.stands() && !one.is_test() && one.text().plan() != Some(plan.id);
        // One that was put right since, with no more dots than before, was known.
        let was_known = |one: &Session| {
            let mut earlier = one.corrects();
            while let Some(before) = sessions.iter().find(|before| Some(before.id) == earlier) {
                if !before.is_written_after(plan.created_at) && !before.is_test() {
                    return before.dots() >= one.dots();
                }
                earlier = before.corrects();
            }
            !one.is_written_after(plan.created_at)
        };
        let by_us = sessions.iter().filter(of_other).any(|one| !was_known(one));
        Ok(by_us || others.iter().any(|one| one.stands() && one.is_written_after(plan.created_at)))
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
