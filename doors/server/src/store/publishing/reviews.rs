//! What clients say: by a link that works once, after a finished session; answered or removed for a reason, never in silence.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use stipple_model::{Date, Insider, Month, Removal, Removed, Review};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::{self, Deed};
use super::super::book::Place;
use super::super::book::links::{Guest, LinkKind};
use super::super::entity::review;
use super::super::texts::{require_seen, required, stamp};
use super::super::{Store, Who, now};
use crate::error::Error;

/// Longest review, and longest answer, characters.
const CHARS_MAX: usize = 4000;

/// What a client says.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ReviewText {
    /// 1 to 5.
    stars: u8,
    text: String,
    /// What the client got, or will get, for writing it; empty for nothing.
    #[serde(default)]
    incentive: String,
    /// `staff` or `relative` of somebody who works for the clinic.
    #[serde(default)]
    insider: Option<String>,
}

/// What the clinic says to it.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AnswerText {
    text: String,
}

/// Why it is not shown any more.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RemovalReason {
    /// `by_writer`, `ordered`, `personal_data` or `unlawful`.
    reason: String,
}

/// A review in the clinic's list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewLine {
    id: Uuid,
    stars: u8,
    text: String,
    /// What the clinic says it gave for it.
    #[schema(required)]
    offered: Option<String>,
    /// What the writer says they got for it; empty for nothing.
    incentive: String,
    #[schema(required)]
    insider: Option<String>,
    session_month: String,
    written_at: String,
    #[schema(required)]
    answer: Option<String>,
    /// Why it is not shown any more.
    #[schema(required)]
    removed: Option<String>,
}

impl Store {
    /// Keeps what a client says, and closes the link that it came by, in one write.
    pub(crate) async fn review_by_link(&self, guest: &Guest, text: ReviewText) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::Review).await?;
        let said = text.checked()?;
        let session = Month::of(self.session_to_review(guest.place()).await?).to_string();
        let _deciding = self.deciding.lock().await;
        self.require_no_review(guest.place().client()).await?;
        let row = review::Model {
            id: Uuid::now_v7(),
            clinic: guest.place().clinic(),
            client: guest.place().client(),
            case: guest.place().case(),
            stars: i32::from(said.stars),
            text: said.text,
            // Neither word takes the place of the other: strangers see both.
            offered: guest.offered().map(str::to_owned),
            incentive: said.incentive,
            insider: said.insider,
            session_month: session,
            answer: None,
            removed: None,
            created_at: now(),
        };
        let (id, clinic, client) = (row.id, row.clinic, row.client);
        let writing = self.begin().await?;
        if !self.use_up(&writing, guest).await? {
            return Err(Error::NotAllowed("This link was used already. Each review has one of its own."));
        }
        review::Entity::insert(review::ActiveModel::from(row).reset_all())
            .exec_without_returning(&writing)
            .await?;
        audit::append(&writing, clinic, None, Deed::new("review.written").of(client).about(id)).await?;
        Ok(writing.commit().await?)
    }

    /// Refuses a second review of a client, whatever the case: every client has one say.
    pub(in super::super) async fn require_no_review(&self, client: Uuid) -> Result<(), Error> {
        match review::Entity::find().filter(review::Column::Client.eq(client)).one(&self.db).await? {
            None => Ok(()),
            Some(_) => {
                let message = "This client wrote a review already. Every client has one say.";
                Err(Error::unusable("one_review", message))
            }
        }
    }

    /// Answers a review in public.
    pub(crate) async fn answer_review(&self, who: &Who, id: Uuid, answer: AnswerText) -> Result<(), Error> {
        let text = words(&answer.text)?;
        let change = Expr::value(Some(text));
        self.change_review(who, id, (review::Column::Answer, change), Deed::new("review.answered")).await
    }

    /// Removes a review for one of few reasons, which is counted in public.
    pub(crate) async fn remove_review(&self, who: &Who, id: Uuid, why: RemovalReason) -> Result<(), Error> {
        // That somebody was erased is no reason to choose.
        let reasons = || Removal::ALL.into_iter().filter(|reason| *reason != Removal::Erased);
        let reason = reasons().find(|reason| reason.name() == why.reason);
        let reason = reason.ok_or_else(|| {
            let known = reasons().map(Removal::name).collect::<Vec<_>>().join(", ");
            Error::unusable(
                "bad_reason",
                format!("A review is removed for one of: {known}. Not because it is bad."),
            )
        })?;
        let row = review::Entity::find_by_id(id).one(&self.db).await?;
        if row.is_some_and(|row| row.clinic == who.clinic && row.removed.is_some()) {
            let message = "This review was taken down already. The reason that was given stays.";
            return Err(Error::unusable("removed_already", message));
        }
        let change = Expr::value(Some(reason.name()));
        self.change_review(who, id, (review::Column::Removed, change), Deed::new("review.removed")).await
    }

    async fn change_review(
        &self,
        who: &Who,
        id: Uuid,
        (column, to): (review::Column, Expr),
        deed: Deed<'_>,
    ) -> Result<(), Error> {
        let row = review::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("review"))?;
        let writing = self.begin().await?;
        let write = review::Entity::update_many().col_expr(column, to).filter(review::Column::Id.eq(id));
        write.exec(&writing).await?;
        let deed = deed.of(row.client).about(id);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        writing.commit().await?;
        self.make_pages(who).await
    }

    pub(super) async fn review_lines(&self, clinic: Uuid) -> Result<Vec<ReviewLine>, Error> {
        Ok(self.review_rows(clinic).await?.into_iter().map(line).collect())
    }

    /// What a client said in public: nothing, or one review, as each has one say.
    pub(in super::super) async fn reviews_of(&self, client: Uuid) -> Result<Vec<ReviewLine>, Error> {
        let rows = review::Entity::find().filter(review::Column::Client.eq(client)).all(&self.db).await?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// As strangers see them, and why others are not shown; `erased` were erased with their writers.
    pub(super) async fn reviews(
        &self,
        clinic: Uuid,
        erased: usize,
    ) -> Result<(Vec<Review>, Vec<Removed>), Error> {
        let rows = self.review_rows(clinic).await?;
        let removed = Removal::ALL.map(|reason| {
            let of = |row: &&review::Model| row.removed.as_deref() == Some(reason.name());
            let erased = if reason == Removal::Erased { erased } else { 0 };
            Removed { reason, count: rows.iter().filter(of).count() + erased }
        });
        let shown = rows.into_iter().filter(|row| row.removed.is_none()).filter_map(as_shown);
        Ok((shown.collect(), removed.into_iter().filter(|removed| removed.count > 0).collect()))
    }

    async fn review_rows(&self, clinic: Uuid) -> Result<Vec<review::Model>, Error> {
        let of = review::Entity::find().filter(review::Column::Clinic.eq(clinic));
        Ok(of.order_by_desc(review::Column::CreatedAt).all(&self.db).await?)
    }

    /// Day of the last treatment, which a review is of.
    pub(in super::super) async fn session_to_review(&self, place: &Place) -> Result<Date, Error> {
        self.last_treatment(place).await?.ok_or_else(|| {
            let message =
                "No session is on record; test dots are none. A review is of a session; write it down first.";
            Error::unusable("no_sessions", message)
        })
    }
}

fn line(row: review::Model) -> ReviewLine {
    ReviewLine {
        id: row.id,
        stars: u8::try_from(row.stars).unwrap_or(1),
        text: row.text,
        offered: row.offered,
        incentive: row.incentive,
        insider: row.insider,
        session_month: row.session_month,
        written_at: stamp(row.created_at),
        answer: row.answer,
        removed: row.removed,
    }
}

fn as_shown(row: review::Model) -> Option<Review> {
    let insider = row.insider.and_then(|word| Insider::ALL.into_iter().find(|one| one.name() == word));
    Some(Review {
        stars: u8::try_from(row.stars).ok()?,
        text: row.text,
        session: row.session_month.parse().ok()?,
        written: stamp(row.created_at).get(..7)?.parse::<Month>().ok()?,
        offered: row.offered,
        incentive: Some(row.incentive).filter(|incentive| !incentive.is_empty()),
        insider,
        answer: row.answer,
    })
}

impl ReviewText {
    fn checked(self) -> Result<Self, Error> {
        if !(1..=5).contains(&self.stars) {
            return Err(Error::unusable("bad_stars", "A review has 1 to 5 stars."));
        }
        let known = |word: &String| Insider::ALL.iter().any(|one| one.name() == word);
        if !self.insider.as_ref().is_none_or(known) {
            return Err(Error::unusable(
                "bad_insider",
                "Whoever belongs to the clinic is staff or a relative.",
            ));
        }
        let incentive = self.incentive.trim();
        let incentive = if incentive.is_empty() { String::new() } else { required(incentive, "incentive")? };
        Ok(Self { text: words(&self.text)?, incentive, ..self })
    }
}

/// Words that strangers read, line by line.
fn words(text: &str) -> Result<String, Error> {
    // A browser or a paste may end lines and indent them otherwise, which is no reason to refuse a text.
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    let text = text.trim();
    text.lines().try_for_each(|line| require_seen(line, "text"))?;
    let found = text.chars().count();
    if (1..=CHARS_MAX).contains(&found) {
        return Ok(text.to_owned());
    }
    Err(Error::unusable("bad_words", format!("The text has {found} characters; 1 to {CHARS_MAX} are kept.")))
}
