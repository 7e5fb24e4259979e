//! Photographs as they came, and what was seen at the first look.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    QueryFilter as _,
};
use uuid::Uuid;

use super::entity::{photograph, visit};
use super::shelf::Photograph;
use super::texts::{hidden, sealed};
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::Key;
use crate::worker::Look;

/// A photograph that has just come.
pub(super) struct NewPhotograph {
    pub(super) id: Uuid,
    pub(super) client: Uuid,
    pub(super) visit: Uuid,
    pub(super) sha256: String,
    pub(super) bytes: i64,
    pub(super) blob: String,
}

impl NewPhotograph {
    /// Keeps its row, within a write that it belongs to; nobody has looked at it yet.
    pub(super) async fn insert(self, writing: &impl ConnectionTrait) -> Result<(), Error> {
        let row = photograph::ActiveModel {
            id: Set(self.id),
            client: Set(self.client),
            visit: Set(self.visit),
            sha256: Set(self.sha256),
            bytes: Set(self.bytes),
            blob: Set(self.blob),
            state: Set("new".to_owned()),
            sealed: Set(None),
            screen_blob: Set(None),
            small_blob: Set(None),
            reading: Set(None),
            created_at: Set(now()),
        };
        photograph::Entity::insert(row).exec_without_returning(writing).await?;
        Ok(())
    }
}

impl Store {
    /// SHA-256 of a photograph as it came.
    pub(crate) async fn hash_of_photograph(&self, id: Uuid) -> Result<String, Error> {
        let row = photograph::Entity::find_by_id(id).one(&self.db).await?;
        Ok(row.ok_or(Error::Missing("photograph"))?.sha256)
    }

    /// Every photograph of a case.
    pub(super) async fn photographs_of_case(&self, case: Uuid) -> Result<Vec<Uuid>, Error> {
        let visits = visit::Entity::find().filter(visit::Column::Case.eq(case)).all(&self.db).await?;
        let visits: Vec<Uuid> = visits.into_iter().map(|row| row.id).collect();
        let rows = photograph::Entity::find().filter(photograph::Column::Visit.is_in(visits));
        Ok(rows.all(&self.db).await?.into_iter().map(|row| row.id).collect())
    }

    /// A photograph with what was made of it.
    pub(crate) async fn photograph(&self, who: &Who, id: Uuid) -> Result<Photograph, Error> {
        let (row, _) = self.photograph_row(who, id).await?;
        self.shelf(who, row.client).await?.photograph(id)
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
        [row.screen_blob, row.small_blob] = blobs.clone().map(Set);
        match row.update(&self.db).await {
            // It was removed meanwhile.
            Err(sea_orm::DbErr::RecordNotUpdated) => {
                self.drop_blobs(blobs.into_iter().flatten().collect()).await
            }
            updated => updated.map(drop).map_err(Error::from),
        }
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
}
