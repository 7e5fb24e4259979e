//! Rounds of blind rating: pictures in an order of chance, without name, day or case.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::{client, photograph, rating, round, visit};
use super::ratings::{NewRating, RatedBy, Rating, Said};
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::random;

/// Most pictures of a round: what one sitting bears.
const PICTURES_MAX: usize = 40;

/// A round of blind rating.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Round {
    id: Uuid,
    /// How many pictures it has.
    pictures: usize,
    /// The first picture that was not rated yet, counted from 0; as many as there are if all were.
    next: usize,
}

impl Store {
    /// A new round of the clinic's photographs: of cases that have some of several visits, drawn and ordered by chance; those
    /// that the first look called unusable (blurred, dark) are left out.
    pub(crate) async fn new_round(&self, who: &Who) -> Result<Round, Error> {
        let drawn = self.comparable_photographs(who).await?;
        let mut by_chance: Vec<([u8; 16], Uuid)> = drawn.into_iter().map(|id| (random(), id)).collect();
        by_chance.sort_unstable();
        let mut ids = Vec::new();
        for (_, id) in by_chance {
            if ids.len() == PICTURES_MAX {
                break;
            }
            if self.photograph(who, id).await?.can_be_judged() {
                ids.push(id);
            }
        }
        if ids.len() < 2 {
            let message = "Blind rating needs usable photographs of one case from at least two visits.";
            return Err(Error::unusable("no_pairs", message));
        }
        let id = Uuid::now_v7();
        let row = round::ActiveModel {
            id: Set(id),
            account: Set(who.account),
            photographs: Set(serde_json::to_string(&ids).expect("ids become JSON")),
            created_at: Set(now()),
        };
        round::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, Deed::new("round.made").about(id)).await?;
        Ok(Round { id, pictures: ids.len(), next: 0 })
    }

    /// A round of one's own, and how far it is.
    pub(crate) async fn round(&self, who: &Who, id: Uuid) -> Result<Round, Error> {
        let ids = self.pictures_of(who, id).await?;
        let of = rating::Entity::find().filter(rating::Column::Round.eq(id));
        let rated: BTreeSet<Uuid> = of.all(&self.db).await?.into_iter().map(|row| row.photograph).collect();
        let is_next = |id: &Option<Uuid>| id.is_some_and(|id| !rated.contains(&id));
        let next = ids.iter().position(is_next).unwrap_or(ids.len());
        Ok(Round { id, pictures: ids.len(), next })
    }

    /// A picture of a round, JPEG.
    pub(crate) async fn round_picture(&self, who: &Who, id: Uuid, place: usize) -> Result<Vec<u8>, Error> {
        let photograph = self.picture_at(who, id, place).await?;
        self.screen_picture(who, photograph, false).await
    }

    /// Keeps what is said of a picture of a round, once.
    pub(crate) async fn rate_blind(
        &self,
        who: &Who,
        id: Uuid,
        place: usize,
        said: Said,
    ) -> Result<Rating, Error> {
        let photograph = self.picture_at(who, id, place).await?;
        let new = NewRating { photograph, by: RatedBy::Blind, round: Some(id), said };
        self.keep_rating(who, new).await
    }

    async fn picture_at(&self, who: &Who, id: Uuid, place: usize) -> Result<Uuid, Error> {
        self.pictures_of(who, id).await?.get(place).copied().flatten().ok_or(Error::Missing("picture"))
    }

    /// The photographs of a round, each in its place; none where one was removed since, so that no other is rated for it.
    async fn pictures_of(&self, who: &Who, id: Uuid) -> Result<Vec<Option<Uuid>>, Error> {
        let row = round::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.account == who.account).ok_or(Error::Missing("round"))?;
        let ids: Vec<Uuid> =
            serde_json::from_str(&row.photographs).map_err(|_| Error::Damaged { kind: "round" })?;
        let of = photograph::Entity::find().filter(photograph::Column::Id.is_in(ids.iter().copied()));
        let there: BTreeSet<Uuid> = of.all(&self.db).await?.into_iter().map(|row| row.id).collect();
        Ok(ids.into_iter().map(|id| there.contains(&id).then_some(id)).collect())
    }

    /// Photographs that can be seen, of cases that have some of several visits.
    async fn comparable_photographs(&self, who: &Who) -> Result<Vec<Uuid>, Error> {
        let clients =
            client::Entity::find().filter(client::Column::Clinic.eq(who.clinic)).all(&self.db).await?;
        let ids: Vec<Uuid> = clients.into_iter().map(|row| row.id).collect();
        let visits =
            visit::Entity::find().filter(visit::Column::Client.is_in(ids.clone())).all(&self.db).await?;
        let case_of: BTreeMap<Uuid, Uuid> = visits.into_iter().map(|row| (row.id, row.case)).collect();
        let of = photograph::Column::Client.is_in(ids).and(photograph::Column::State.eq("ready"));
        let photographs = photograph::Entity::find().filter(of).all(&self.db).await?;
        let mut visits_of: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for row in &photographs {
            visits_of.entry(case_of[&row.visit]).or_default().insert(row.visit);
        }
        let several = |row: &&photograph::Model| visits_of[&case_of[&row.visit]].len() > 1;
        Ok(photographs.iter().filter(several).map(|row| row.id).collect())
    }
}
