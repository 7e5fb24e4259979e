//! What was kept by mistake: photographs moved or removed, visits and cases removed once they are empty.

use std::collections::BTreeSet;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::{
    case, entry, file, job, link, photograph, piece, rating, record, set_aside, upload, visit,
};
use super::shelf::Photograph;
use super::texts::hidden;
use super::{Store, Who, now, off_the_loop};
use crate::error::Error;

/// An upload that began within this time may still be under way, ms.
const UNDER_WAY_MS: i64 = 3_600_000;

/// Where a photograph belongs.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Moved {
    /// A visit of the same client.
    visit: Uuid,
}

impl Store {
    /// Moves a photograph, with all that was made of it, to another visit of the same client.
    pub(crate) async fn move_photograph(&self, who: &Who, id: Uuid, to: Moved) -> Result<Photograph, Error> {
        let (row, _) = self.photograph_row(who, id).await?;
        if self.client_of_visit(who, to.visit).await? != row.client {
            let message = "This visit is another client's, whose photographs have another key. Remove the photograph here, and \
                           add the file there.";
            return Err(Error::unusable("other_client", message));
        }
        let client = row.client;
        let measured = self.measured_cases(who, client).await?;
        let mut row: photograph::ActiveModel = row.into();
        row.visit = Set(to.visit);
        row.update(&self.db).await?;
        self.note(who, Deed::new("photograph.moved").of(client).about(id)).await?;
        self.note_unmeasured(who, client, measured).await?;
        self.photograph(who, id).await
    }

    /// Removes a photograph for good with all that was made of it, results of later photographs held against it too.
    pub(crate) async fn remove_photograph(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let (row, _) = self.photograph_row(who, id).await?;
        self.require_unsealed(who, id).await?;
        let measured = self.measured_cases(who, row.client).await?;
        let writing = self.begin().await?;
        // As it is now: pictures may have been added while this waited for its turn.
        let row =
            photograph::Entity::find_by_id(id).one(&writing).await?.ok_or(Error::Missing("photograph"))?;
        let results = results_of(&writing, &row).await?;
        let of_results = file::Column::Record.is_in(results.iter().copied());
        let files = file::Entity::find().filter(of_results.clone()).all(&writing).await?;
        let worked_on = results.iter().copied().chain([id]);
        job::Entity::delete_many().filter(job::Column::Subject.is_in(worked_on)).exec(&writing).await?;
        // A result has its job's id.
        let made = job::Column::Id.is_in(results.iter().copied());
        job::Entity::delete_many().filter(made).exec(&writing).await?;
        rating::Entity::delete_many().filter(rating::Column::Photograph.eq(id)).exec(&writing).await?;
        file::Entity::delete_many().filter(of_results).exec(&writing).await?;
        record::Entity::delete_many().filter(record::Column::Id.is_in(results)).exec(&writing).await?;
        photograph::Entity::delete_by_id(id).exec(&writing).await?;
        writing.commit().await?;
        self.note(who, Deed::new("photograph.removed").of(row.client).about(id)).await?;
        self.note_unmeasured(who, row.client, measured).await?;
        let of_photograph = [Some(row.blob), row.screen_blob, row.small_blob].into_iter().flatten();
        self.drop_blobs(of_photograph.chain(files.into_iter().map(|file| file.blob)).collect()).await?;
        self.forget_old_pages().await
    }

    /// Refuses to remove a photograph that somebody signed for: a consent names it, or a plan on it, as what was shown.
    async fn require_unsealed(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let (case, _) = self.place_of_photograph(who, id).await?;
        let plans = record::Entity::find().filter(record::Column::Photograph.eq(id)).all(&self.db).await?;
        let named: BTreeSet<Uuid> = plans.into_iter().map(|row| row.id).chain([id]).collect();
        if self.shown_before_signing(who, case).await?.is_disjoint(&named) {
            return Ok(());
        }
        let message = "A consent was signed with this photograph, or a plan on it, on the screen. It belongs to what was signed, and \
                       goes only when the client is erased.";
        Err(Error::unusable("sealed", message))
    }

    /// Removes a visit without photographs.
    pub(crate) async fn remove_visit(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let client = self.client_of_visit(who, id).await?;
        let writing = self.begin().await?;
        if photograph::Entity::find().filter(photograph::Column::Visit.eq(id)).count(&writing).await? > 0 {
            let message = "This visit has photographs. Move them to another visit or remove them first.";
            return Err(Error::unusable("holds_something", message));
        }
        let begun = upload::Column::Visit.eq(id).and(upload::Column::CreatedAt.gt(now() - UNDER_WAY_MS));
        if upload::Entity::find().filter(begun).count(&writing).await? > 0 {
            let message =
                "A photograph is on its way into this visit. Wait until it is here, or try again in an hour.";
            return Err(Error::unusable("upload_under_way", message));
        }
        let uploads = upload::Entity::find().filter(upload::Column::Visit.eq(id)).all(&writing).await?;
        let of_uploads = piece::Column::Upload.is_in(uploads.into_iter().map(|row| row.id));
        let pieces = piece::Entity::find().filter(of_uploads.clone()).all(&writing).await?;
        piece::Entity::delete_many().filter(of_uploads).exec(&writing).await?;
        upload::Entity::delete_many().filter(upload::Column::Visit.eq(id)).exec(&writing).await?;
        set_aside::Entity::delete_many().filter(set_aside::Column::Subject.eq(id)).exec(&writing).await?;
        visit::Entity::delete_by_id(id).exec(&writing).await?;
        writing.commit().await?;
        self.note(who, Deed::new("visit.removed").of(client).about(id)).await?;
        self.drop_blobs(pieces.into_iter().map(|piece| piece.blob).collect()).await?;
        self.forget_old_pages().await
    }

    /// Removes a case without visits.
    pub(crate) async fn remove_case(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let client = self.client_of_case(id).await?;
        self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        let writing = self.begin().await?;
        if visit::Entity::find().filter(visit::Column::Case.eq(id)).count(&writing).await? > 0 {
            let message = "This case has visits. Remove them first.";
            return Err(Error::unusable("holds_something", message));
        }
        if entry::Entity::find().filter(entry::Column::Case.eq(id)).count(&writing).await? > 0 {
            let message = "This case has consents, sessions or answers on record, which stay. It can only be erased with its client.";
            return Err(Error::unusable("on_record", message));
        }
        link::Entity::delete_many().filter(link::Column::Case.eq(id)).exec(&writing).await?;
        set_aside::Entity::delete_many().filter(set_aside::Column::Subject.eq(id)).exec(&writing).await?;
        case::Entity::delete_by_id(id).exec(&writing).await?;
        writing.commit().await?;
        self.forget_old_pages().await?;
        self.note(who, Deed::new("case.removed").of(client).about(id)).await
    }

    /// Removes sealed files that no row names any more.
    pub(super) async fn drop_blobs(&self, names: Vec<String>) -> Result<(), Error> {
        let blobs = self.blobs.clone();
        // Every one is tried, whatever became of those before.
        let remove = move || names.iter().map(|name| blobs.remove(name)).fold(Ok(()), Result::and);
        off_the_loop(remove).await
    }
}

/// Every result that was made of a photograph, or of a result of it.
async fn results_of(writing: &DatabaseTransaction, row: &photograph::Model) -> Result<BTreeSet<Uuid>, Error> {
    let all = record::Entity::find().filter(record::Column::Client.eq(row.client)).all(writing).await?;
    let mut found: BTreeSet<Uuid> =
        all.iter().filter(|result| result.photograph == row.id).map(|result| result.id).collect();
    loop {
        // A course of fading rests on outcomes that it does not name, and is soon made again.
        let lost = all.iter().any(|result| result.kind == "outcome" && found.contains(&result.id));
        let rests_on = |result: &&record::Model| {
            result.parent.is_some_and(|parent| found.contains(&parent)) || lost && result.kind == "fading"
        };
        let more: Vec<Uuid> = all.iter().filter(rests_on).map(|result| result.id).collect();
        let before = found.len();
        found.extend(more);
        if found.len() == before {
            return Ok(found);
        }
    }
}
