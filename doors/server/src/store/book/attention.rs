//! What clients told or sent that nobody has looked at yet.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::clients::Person;
use super::super::entity::{client, entry};
use super::super::texts::{opened, stamp};
use super::super::{Store, Who};
use super::healing::KeptSent;
use super::told::{KeptCheckIn, Sign};
use super::{Kind, NewEntry, Place, opened_entry};
use crate::error::Error;
use crate::keys::Key;

/// A check-in with signs, or a photograph that a client sent, that nobody has looked at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Attention {
    /// Of the entry.
    id: Uuid,
    client: Uuid,
    case: Uuid,
    name: String,
    /// The photograph, where one came.
    #[schema(required)]
    photograph: Option<Uuid>,
    /// Days since the last session.
    day: u32,
    /// What a check-in told; nothing of a photograph.
    signs: Vec<Sign>,
    told_at: String,
}

impl Store {
    /// What came to the clinic and nobody has looked at, the last first.
    pub(crate) async fn attention(&self, who: &Who) -> Result<Vec<Attention>, Error> {
        let clients = client::Entity::find().filter(client::Column::Clinic.eq(who.clinic));
        let clients = clients.filter(client::Column::KeptUntil.is_null()).all(&self.db).await?;
        let clients: BTreeMap<Uuid, client::Model> = clients.into_iter().map(|row| (row.id, row)).collect();
        let kind = entry::Column::Kind;
        let seen = entry::Entity::find().filter(kind.eq(Kind::Seen.word())).all(&self.db).await?;
        let seen: BTreeSet<Uuid> = seen.into_iter().filter_map(|row| row.parent).collect();
        let came = entry::Entity::find().filter(kind.is_in([Kind::CheckIn.word(), Kind::Sent.word()]));
        let mut found = Vec::new();
        for row in came.all(&self.db).await?.into_iter().rev().filter(|row| !seen.contains(&row.id)) {
            if let Some(of) = clients.get(&row.client) {
                found.extend(attention(&self.unwrapped(of)?, of, row)?);
            }
        }
        Ok(found)
    }

    /// Writes down that somebody has looked at what a client told or sent. Twice is once.
    pub(crate) async fn see(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = entry::Entity::find_by_id(id).one(&self.db).await?;
        let came = [Kind::CheckIn.word(), Kind::Sent.word()];
        let row = row
            .filter(|row| came.contains(&row.kind.as_str()))
            .ok_or(Error::Missing(Kind::CheckIn.said()))?;
        let action = if row.kind == Kind::Sent.word() { "photograph.seen" } else { "check_in.seen" };
        let place =
            self.place(who, row.case).await.map_err(|error| super::hidden(error, Kind::CheckIn.said()))?;
        let _deciding = self.deciding.lock().await;
        if self.seen_at(&place).await?.contains(&id) {
            return Ok(());
        }
        let new = NewEntry { kind: Kind::Seen, parent: Some(id), text: &(), action };
        self.keep_entry(&place, new).await.map(drop)
    }

    /// What somebody has looked at in a case.
    pub(super) async fn seen_at(&self, place: &Place) -> Result<BTreeSet<Uuid>, Error> {
        let kept = self.entries::<()>(place, Kind::Seen).await?;
        Ok(kept.into_iter().filter_map(|kept| kept.parent).collect())
    }
}

/// A line of what came; none of a check-in without a sign.
fn attention(key: &Key, of: &client::Model, row: entry::Model) -> Result<Option<Attention>, Error> {
    let (id, case, told_at) = (row.id, row.case, stamp(row.created_at));
    let (photograph, day, signs) = if row.kind == Kind::Sent.word() {
        let sent = opened_entry::<KeptSent>(key, row)?.text;
        (Some(sent.photograph), sent.day, Vec::new())
    } else {
        let told = opened_entry::<KeptCheckIn>(key, row)?.text;
        if told.signs.is_empty() {
            return Ok(None);
        }
        (None, told.day, told.signs)
    };
    let person: Person = opened(key, "client", of.id, &of.sealed)?;
    Ok(Some(Attention { id, client: of.id, case, name: person.name, photograph, day, signs, told_at }))
}
