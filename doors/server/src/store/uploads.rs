//! Files on their way in: every piece that was acknowledged is there after a loss of power.

use axum::http::StatusCode;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::{piece, upload};
use super::jobs::{Job, Work};
use super::photographs::NewPhotograph;
use super::texts::hidden;
use super::{Store, Who, now, off_the_loop};
use crate::error::Error;
use crate::keys::{Key, Place};

/// Largest photograph, bytes: camera RAW of 100 megapixels fits.
pub(crate) const FILE_BYTES_MAX: i64 = 256 << 20;
/// An upload that is not finished after so long is forgotten, ms: a week.
const OLD_MS: i64 = 7 * 24 * 3600 * 1000;
/// Largest piece of one, bytes.
pub(crate) const PIECE_BYTES_MAX: usize = 16 << 20;

/// A file that is to come.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewUpload {
    /// Its length.
    bytes: i64,
    /// SHA-256 of all of it, 64 hexadecimal digits.
    sha256: String,
}

/// How far a file has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    id: Uuid,
    /// What is here already; the next piece starts there.
    received: i64,
    bytes: i64,
}

impl Store {
    /// Begins an upload.
    pub(crate) async fn new_upload(&self, who: &Who, visit: Uuid, new: NewUpload) -> Result<Upload, Error> {
        let client = self.client_of_visit(who, visit).await?;
        self.require_photographs_allowed(who, visit).await?;
        if !(1..=FILE_BYTES_MAX).contains(&new.bytes) {
            let message = format!(
                "The file has {} bytes; between 1 and {FILE_BYTES_MAX} are taken. Send the camera's own photograph.",
                new.bytes
            );
            return Err(Error::unusable("file_size", message));
        }
        let sha256 = new.sha256.to_lowercase();
        if sha256.len() != 64 || !sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(Error::unusable(
                "sha256",
                "The SHA-256 of the file must have 64 hexadecimal digits.",
            ));
        }
        self.forget_old_uploads().await?;
        let id = Uuid::now_v7();
        let made = upload::ActiveModel {
            id: Set(id),
            client: Set(client),
            visit: Set(visit),
            bytes: Set(new.bytes),
            sha256: Set(sha256),
            received: Set(0),
            created_at: Set(now()),
        };
        upload::Entity::insert(made).exec_without_returning(&self.db).await?;
        Ok(Upload { id, received: 0, bytes: new.bytes })
    }

    /// How far it has come.
    pub(crate) async fn upload(&self, who: &Who, id: Uuid) -> Result<Upload, Error> {
        let (row, _) = self.upload_row(who, id).await?;
        Ok(row.into())
    }

    /// Takes the next piece; what is acknowledged is kept.
    pub(crate) async fn take_piece(
        &self,
        who: &Who,
        id: Uuid,
        starts_at: i64,
        bytes: Vec<u8>,
    ) -> Result<Upload, Error> {
        let (row, key) = self.upload_row(who, id).await?;
        let ends_at = starts_at.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        if starts_at != row.received || ends_at > row.bytes || bytes.is_empty() {
            return Err(MISPLACED);
        }
        let blob = self.put(&key, "piece", row.client, bytes).await?;
        let writing = self.begin().await?;
        let update = upload::Entity::update_many().col_expr(upload::Column::Received, Expr::value(ends_at));
        let next = upload::Column::Id.eq(id).and(upload::Column::Received.eq(starts_at));
        if update.filter(next).exec(&writing).await?.rows_affected != 1 {
            writing.rollback().await?;
            return Err(MISPLACED);
        }
        let piece = piece::ActiveModel { upload: Set(id), starts_at: Set(starts_at), blob: Set(blob) };
        piece::Entity::insert(piece).exec_without_returning(&writing).await?;
        writing.commit().await?;
        Ok(Upload { id, received: ends_at, bytes: row.bytes })
    }

    /// Makes the whole file a photograph under the upload's id, and the job that looks at it, together. Asked again, it
    /// gives the same.
    pub(crate) async fn finish_upload(&self, who: &Who, id: Uuid) -> Result<Job, Error> {
        if let Some(job) = self.look_job(who, id).await? {
            return Ok(job);
        }
        let (row, key) = self.upload_row(who, id).await?;
        if row.received != row.bytes {
            return Err(MISPLACED);
        }
        let of = piece::Entity::find().filter(piece::Column::Upload.eq(id));
        let pieces = of.order_by_asc(piece::Column::StartsAt).all(&self.db).await?;
        let names: Vec<String> = pieces.into_iter().map(|piece| piece.blob).collect();
        let blob = match self.joined(&key, &row, names.clone()).await {
            Err(error @ Error::Unusable { .. }) => {
                self.drop_upload(id).await?;
                return Err(error);
            }
            // Its pieces may be gone because the same was asked twice at once.
            Err(error) => return self.look_job(who, id).await?.ok_or(error),
            Ok(blob) => blob,
        };
        let measured = self.measured_by_file(who, &row.sha256).await?;
        let Some(job) = self.finished(who, &key, row, blob.clone()).await? else {
            self.drop_blobs(vec![blob]).await?;
            return self.look_job(who, id).await?.ok_or(Error::Missing("upload"));
        };
        self.note_kept_twice(who, measured).await?;
        let blobs = self.blobs.clone();
        // What stays is left over and harms nothing.
        let _ = off_the_loop(move || names.iter().try_for_each(|name| blobs.remove(name))).await;
        Ok(job)
    }

    /// The photograph in the place of its upload, with its first look; nothing if somebody else was faster.
    async fn finished(
        &self,
        who: &Who,
        key: &Key,
        row: upload::Model,
        blob: String,
    ) -> Result<Option<Job>, Error> {
        let id = row.id;
        let writing = self.begin().await?;
        piece::Entity::delete_many().filter(piece::Column::Upload.eq(id)).exec(&writing).await?;
        if upload::Entity::delete_by_id(id).exec(&writing).await?.rows_affected == 0 {
            writing.rollback().await?;
            return Ok(None);
        }
        // Under the upload's own id, so that finishing twice makes one photograph.
        let deed = Deed::new("photograph.kept").of(row.client).about(id).bound(&row.sha256);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        let new = NewPhotograph {
            id,
            client: row.client,
            visit: row.visit,
            sha256: row.sha256,
            bytes: row.bytes,
            blob,
        };
        new.insert(&writing).await?;
        let job = super::jobs::insert(&writing, who, key, (row.client, id), &Work::Look).await?;
        writing.commit().await?;
        Ok(Some(job))
    }

    async fn forget_old_uploads(&self) -> Result<(), Error> {
        let old = upload::Entity::find().filter(upload::Column::CreatedAt.lt(now() - OLD_MS));
        for row in old.all(&self.db).await? {
            self.drop_upload(row.id).await?;
        }
        Ok(())
    }

    /// Removes an upload with all of its pieces.
    async fn drop_upload(&self, id: Uuid) -> Result<(), Error> {
        let of = piece::Column::Upload.eq(id);
        let pieces = piece::Entity::find().filter(of.clone()).all(&self.db).await?;
        let writing = self.begin().await?;
        piece::Entity::delete_many().filter(of).exec(&writing).await?;
        upload::Entity::delete_by_id(id).exec(&writing).await?;
        writing.commit().await?;
        self.drop_blobs(pieces.into_iter().map(|piece| piece.blob).collect()).await
    }

    /// One sealed file of all pieces, if they are what was announced.
    async fn joined(&self, key: &Key, row: &upload::Model, names: Vec<String>) -> Result<String, Error> {
        let (blobs, key, client, sha256) = (self.blobs.clone(), key.clone(), row.client, row.sha256.clone());
        off_the_loop(move || {
            let place = |kind| Place { kind, id: client.as_bytes() };
            let mut whole = Vec::new();
            for name in &names {
                whole.extend_from_slice(&key.open(place("piece"), &blobs.get(name)?)?);
            }
            if data_encoding::HEXLOWER.encode(&Sha256::digest(&whole)) != sha256 {
                let message = "The file that arrived is not the one that was announced. Send it again.";
                return Err(Error::unusable("sha256", message));
            }
            blobs.put(&key.seal(place("photograph"), &whole))
        })
        .await
    }

    async fn upload_row(&self, who: &Who, id: Uuid) -> Result<(upload::Model, Key), Error> {
        let row = upload::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("upload"))?;
        let key = self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "upload"))?;
        Ok((row, key))
    }
}

impl From<upload::Model> for Upload {
    fn from(row: upload::Model) -> Self {
        Self { id: row.id, received: row.received, bytes: row.bytes }
    }
}

/// Another piece is expected: the sender asks how far the upload has come and goes on from there.
const MISPLACED: Error = Error::Later {
    status: StatusCode::CONFLICT,
    wait_s: 0,
    message: "This is not the piece that comes next. Ask how far the upload has come, and go on from there.",
};
