//! Photographs as they came, and what was seen at the first look.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::clients::{hidden, sealed, stamp};
use super::entity::{photograph, visit};
use super::records::RecordLine;
use super::{Store, Who};
use crate::error::Error;
use crate::keys::Key;
use crate::worker::Look;

/// A photograph of a visit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Photograph {
    id: Uuid,
    client: Uuid,
    case: Uuid,
    visit: Uuid,
    /// SHA-256 of the file as it came.
    sha256: String,
    bytes: i64,
    state: PhotographState,
    /// RFC 3339, UTC.
    uploaded_at: String,
    /// What was seen at the first look; nothing before it.
    look: Option<Look>,
    records: Vec<RecordLine>,
}

/// How far a photograph is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhotographState {
    /// Not yet looked at.
    New,
    /// Looked at and usable.
    Ready,
    /// No usable photograph.
    Unusable,
}

impl Store {
    /// A photograph with what was made of it.
    pub(crate) async fn photograph(&self, who: &Who, id: Uuid) -> Result<Photograph, Error> {
        let (row, key) = self.photograph_row(who, id).await?;
        self.photograph_of(&key, row).await
    }

    /// The file as it came.
    pub(crate) async fn photograph_file(&self, clinic: Uuid, id: Uuid) -> Result<Vec<u8>, Error> {
        let row =
            photograph::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("photograph"))?;
        let key = self.client_key(clinic, row.client).await?;
        self.get(&key, "photograph", row.client, row.blob).await
    }

    /// The photograph upright for screens, or small for lists, JPEG.
    pub(crate) async fn screen_picture(&self, who: &Who, id: Uuid, small: bool) -> Result<Vec<u8>, Error> {
        let (row, key) = self.photograph_row(who, id).await?;
        let blob = if small { row.small_blob } else { row.screen_blob };
        let blob = blob.ok_or(Error::Missing("picture"))?;
        self.get(&key, "picture", row.client, blob).await
    }

    /// Keeps what the first look gave.
    pub(crate) async fn keep_look(
        &self,
        clinic: Uuid,
        id: Uuid,
        look: &Look,
        jpegs: Option<[Vec<u8>; 2]>,
    ) -> Result<(), Error> {
        let row =
            photograph::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("photograph"))?;
        let key = self.client_key(clinic, row.client).await?;
        let state = if jpegs.is_some() { "ready" } else { "unusable" };
        let blobs = match jpegs {
            Some([screen, small]) => [
                Some(self.put(&key, "picture", row.client, screen).await?),
                Some(self.put(&key, "picture", row.client, small).await?),
            ],
            None => [None, None],
        };
        let mut row: photograph::ActiveModel = row.into();
        row.state = Set(state.to_owned());
        row.sealed = Set(Some(sealed(&key, "look", id, look)));
        [row.screen_blob, row.small_blob] = blobs.map(Set);
        row.update(&self.db).await?;
        Ok(())
    }

    /// The photographs of a visit, oldest first.
    pub(super) async fn photographs_of(&self, key: &Key, visit: Uuid) -> Result<Vec<Photograph>, Error> {
        let of = photograph::Entity::find().filter(photograph::Column::Visit.eq(visit));
        let mut photographs = Vec::new();
        for row in of.order_by_asc(photograph::Column::CreatedAt).all(&self.db).await? {
            photographs.push(self.photograph_of(key, row).await?);
        }
        Ok(photographs)
    }

    /// The row of a photograph of this clinic, with its client's key.
    pub(super) async fn photograph_row(
        &self,
        who: &Who,
        id: Uuid,
    ) -> Result<(photograph::Model, Key), Error> {
        let row =
            photograph::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("photograph"))?;
        let key =
            self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "photograph"))?;
        Ok((row, key))
    }

    async fn photograph_of(&self, key: &Key, row: photograph::Model) -> Result<Photograph, Error> {
        let look = row.sealed.as_ref().map(|bytes| self.opened(key, "look", row.id, bytes)).transpose()?;
        let state = match row.state.as_str() {
            "ready" => PhotographState::Ready,
            "unusable" => PhotographState::Unusable,
            _ => PhotographState::New,
        };
        let visit =
            visit::Entity::find_by_id(row.visit).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        Ok(Photograph {
            id: row.id,
            client: row.client,
            case: visit.case,
            visit: row.visit,
            sha256: row.sha256,
            bytes: row.bytes,
            state,
            uploaded_at: stamp(row.created_at),
            look,
            records: self.record_lines(row.id).await?,
        })
    }
}
