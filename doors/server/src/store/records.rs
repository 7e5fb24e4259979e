//! Results: made once, never changed; a correction is one more.

use std::collections::HashSet;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use stipple_record::{format, store};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::{file, photograph, record};
use super::shelf::{Photograph, RecordLine};
use super::texts::hidden;
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::Key;

/// Most visits that a course of fading is told from: a blob each, and the plan.
const OUTCOMES_MAX: usize = 30;

/// A result.
#[derive(Debug, Serialize, ToSchema)]
// TypeScript has a `Record` of its own.
#[schema(as = FullRecord)]
pub(crate) struct Record {
    line: RecordLine,
    photograph: Uuid,
    /// Names of its files.
    files: Vec<String>,
    /// `reading.json`, `plan.json`, `outcome.json` or `fading.json`, as the command line writes it.
    body: serde_json::Value,
    /// `assessment.json` of a plan.
    #[schema(required)]
    assessment: Option<serde_json::Value>,
}

/// The reading that is chosen.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChosenReading {
    /// One of this photograph.
    reading: Uuid,
    /// The one that stood when it was chosen; the same to leave it so.
    instead_of: Uuid,
}

/// A result that is to be kept.
pub(crate) struct NewRecord {
    pub(crate) client: Uuid,
    pub(crate) photograph: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) parent: Option<Uuid>,
    pub(crate) account: Uuid,
    pub(crate) corrected: bool,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Store {
    /// Keeps a result under an id: its files first, then its rows, together.
    ///
    /// The id is the job's, which is done with the same write; so work that is done twice after a crash is kept once.
    pub(crate) async fn keep_record(&self, clinic: Uuid, id: Uuid, mut new: NewRecord) -> Result<(), Error> {
        let key = self.client_key(clinic, new.client).await?;
        let (mut files, mut blobs) = (Vec::new(), Vec::new());
        for (name, bytes) in std::mem::take(&mut new.files) {
            let blob = self.put(&key, "result", new.client, bytes).await?;
            blobs.push(blob.clone());
            files.push(file::ActiveModel { record: Set(id), name: Set(name), blob: Set(blob) });
        }
        let writing = self.begin().await?;
        // What it rests on may have been removed meanwhile, and what was cancelled or removed leaves nothing.
        let rests = match new.parent {
            Some(parent) => record::Entity::find_by_id(parent).one(&writing).await?.is_some(),
            None => true,
        };
        let is_known = record::Entity::find_by_id(id).one(&writing).await?.is_some();
        let is_kept = rests && !is_known && super::jobs::kept(&writing, id, new.kind).await?;
        if is_kept {
            let waits = new.kind == "reading" && !stands(&writing, id, &new).await?;
            let row = record::ActiveModel {
                id: Set(id),
                client: Set(new.client),
                photograph: Set(new.photograph),
                kind: Set(new.kind.to_owned()),
                parent: Set(new.parent),
                account: Set(new.account),
                corrected: Set(new.corrected),
                waiting: Set(waits),
                created_at: Set(now()),
            };
            record::Entity::insert(row).exec_without_returning(&writing).await?;
            file::Entity::insert_many(files).exec_without_returning(&writing).await?;
            let action = format!("{}.made", new.kind);
            let deed = Deed::new(&action).of(new.client).about(id);
            audit::append(&writing, clinic, Some(new.account), deed).await?;
        }
        writing.commit().await?;
        if !is_kept {
            self.drop_blobs(blobs).await?;
        }
        if rests { Ok(()) } else { Err(Error::Missing("reading")) }
    }

    /// A result with its main file.
    pub(crate) async fn record(&self, who: &Who, id: Uuid) -> Result<Record, Error> {
        let (row, key) = self.record_row(who, id).await?;
        let of = file::Entity::find().filter(file::Column::Record.eq(id));
        let files = of.order_by_asc(file::Column::Name).all(&self.db).await?;
        let files: Vec<String> = files.into_iter().map(|row| row.name).collect();
        let main = format!("{}.json", row.kind);
        let body = json(&self.file_of(&key, &row, &main).await?)?;
        let assessment = match files.iter().any(|name| name == "assessment.json") {
            true => Some(json(&self.file_of(&key, &row, "assessment.json").await?)?),
            false => None,
        };
        let photograph = row.photograph;
        let line = self.shelf(who, row.client).await?.line(id)?;
        Ok(Record { line, photograph, files, body, assessment })
    }

    /// A file of a result.
    pub(crate) async fn record_file(&self, who: &Who, id: Uuid, name: &str) -> Result<Vec<u8>, Error> {
        let (row, key) = self.record_row(who, id).await?;
        self.file_of(&key, &row, name).await
    }

    /// The row of a result of this clinic, with its client's key.
    pub(super) async fn record_row(&self, who: &Who, id: Uuid) -> Result<(record::Model, Key), Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("result"))?;
        let key = self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "result"))?;
        Ok((row, key))
    }

    /// Makes a reading the one that plans, reports and outcomes of its photograph start from.
    pub(crate) async fn choose_reading(
        &self,
        who: &Who,
        id: Uuid,
        chosen: &ChosenReading,
    ) -> Result<Photograph, Error> {
        self.require_reading_of(who, chosen.reading, id).await?;
        let (row, _) = self.record_row(who, chosen.reading).await?;
        let writing = self.begin().await?;
        let choose = photograph::Entity::update_many()
            .col_expr(photograph::Column::Reading, Expr::value(chosen.reading));
        let stood = photograph::Column::Id.eq(id).and(photograph::Column::Reading.eq(chosen.instead_of));
        if choose.filter(stood).exec(&writing).await?.rows_affected == 0 {
            writing.rollback().await?;
            let theirs = self.photograph(who, id).await?.reading;
            let [theirs, yours] =
                [json!({"reading": theirs}), json!({"reading": chosen.reading})].map(Box::new);
            return Err(Error::ChangedMeanwhile { theirs, yours });
        }
        // Whoever chose has seen them all.
        let settle = record::Entity::update_many().col_expr(record::Column::Waiting, Expr::value(false));
        settle.filter(record::Column::Photograph.eq(id)).exec(&writing).await?;
        writing.commit().await?;
        self.note(who, Deed::new("reading.chosen").of(row.client).about(chosen.reading)).await?;
        self.photograph(who, id).await
    }

    /// Refuses to correct what is no reading of this photograph.
    pub(crate) async fn require_reading_of(
        &self,
        who: &Who,
        id: Uuid,
        photograph: Uuid,
    ) -> Result<(), Error> {
        let (row, _) = self.record_row(who, id).await?;
        let is_of = row.kind == "reading" && row.photograph == photograph;
        if is_of { Ok(()) } else { Err(Error::Missing("reading")) }
    }

    /// Refuses to hold a photograph of this client against what is no reading of another photograph of theirs, or by a plan
    /// that was not made on that one.
    pub(crate) async fn require_before(
        &self,
        who: &Who,
        (client, after): (Uuid, Uuid),
        reading: Uuid,
        plan: Option<Uuid>,
    ) -> Result<(), Error> {
        let (read, _) = self.record_row(who, reading).await?;
        if read.kind != "reading" || read.client != client {
            return Err(Error::Missing("reading"));
        }
        if read.photograph == after {
            let message = "This reading is of the same photograph. Choose one of an earlier photograph.";
            return Err(Error::unusable("same_photograph", message));
        }
        let Some(plan) = plan else { return Ok(()) };
        let (plan, _) = self.record_row(who, plan).await?;
        let is_of = plan.kind == "plan" && plan.photograph == read.photograph;
        if is_of { Ok(()) } else { Err(Error::Missing("plan")) }
    }

    /// A file of a result of a clinic, for its work.
    pub(crate) async fn file_of_record(&self, clinic: Uuid, id: Uuid, name: &str) -> Result<Vec<u8>, Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("result"))?;
        let key = self.client_key(clinic, row.client).await?;
        self.file_of(&key, &row, name).await
    }

    /// How many sessions a plan has.
    pub(super) async fn sessions_of_plan(&self, who: &Who, id: Uuid) -> Result<usize, Error> {
        let json = self.file_of_record(who.clinic, id, "plan.json").await?;
        let plan = format::plan_from_json(&json).map_err(|_| Error::Damaged { kind: "result" })?;
        Ok(plan.value.sessions.len())
    }

    /// The client of a reading or a plan of this clinic, to queue work for.
    pub(crate) async fn client_of_record(
        &self,
        who: &Who,
        kind: &'static str,
        id: Uuid,
    ) -> Result<Uuid, Error> {
        let row = self.record_row(who, id).await.map_err(|error| hidden(error, kind))?.0;
        if row.kind == kind { Ok(row.client) } else { Err(Error::Missing(kind)) }
    }

    /// A plan, and the latest outcome that was made with it of every photograph, newest photographs first.
    pub(crate) async fn outcomes_by_plan(
        &self,
        clinic: Uuid,
        plan: Uuid,
    ) -> Result<(Vec<u8>, Vec<Vec<u8>>), Error> {
        let row = record::Entity::find_by_id(plan).one(&self.db).await?.ok_or(Error::Missing("plan"))?;
        let key = self.client_key(clinic, row.client).await?;
        let json = self.file_of(&key, &row, "plan.json").await?;
        let hash = store::sha256_hex(&json);
        let of = record::Column::Client.eq(row.client).and(record::Column::Kind.eq("outcome"));
        let rows = record::Entity::find().filter(of).order_by_desc(record::Column::CreatedAt);
        let (mut photographs, mut outcomes) = (HashSet::new(), Vec::new());
        for row in rows.all(&self.db).await? {
            if outcomes.len() == OUTCOMES_MAX || photographs.contains(&row.photograph) {
                continue;
            }
            let outcome = self.file_of(&key, &row, "outcome.json").await?;
            let made = format::provenance_from_json(&outcome)?;
            if made.inputs.iter().any(|input| input.name == "plan" && input.sha256 == hash) {
                photographs.insert(row.photograph);
                outcomes.push(outcome);
            }
        }
        if outcomes.is_empty() {
            let message = "No later photograph was compared by this plan. Open a photograph taken after its sessions, and \
                           compare it with the one the plan was made on.";
            return Err(Error::unusable("no_outcomes", message));
        }
        Ok((json, outcomes))
    }

    /// The photograph of a reading as it came, and its `reading.json`.
    pub(crate) async fn inputs_of_reading(
        &self,
        clinic: Uuid,
        id: Uuid,
    ) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("reading"))?;
        let key = self.client_key(clinic, row.client).await?;
        let reading = self.file_of(&key, &row, "reading.json").await?;
        Ok((self.photograph_file(clinic, row.photograph).await?, reading))
    }

    /// The photograph that was read.
    pub(crate) async fn photograph_of_reading(&self, id: Uuid) -> Result<Uuid, Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?;
        Ok(row.ok_or(Error::Missing("reading"))?.photograph)
    }

    pub(super) async fn file_of(&self, key: &Key, row: &record::Model, name: &str) -> Result<Vec<u8>, Error> {
        let found = file::Entity::find_by_id((row.id, name.to_owned())).one(&self.db).await?;
        let found = found.ok_or(Error::Missing("file"))?;
        self.get(key, "result", row.client, found.blob).await
    }
}

fn json(bytes: &[u8]) -> Result<serde_json::Value, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Damaged { kind: "result" })
}

/// Whether a new reading stands: it does unless it corrects another than the chosen one, because somebody was faster.
async fn stands(writing: &impl ConnectionTrait, id: Uuid, new: &NewRecord) -> Result<bool, Error> {
    let chosen = photograph::Column::Reading;
    let free = match new.parent {
        Some(parent) => chosen.is_null().or(chosen.eq(parent)),
        None => chosen.is_null(),
    };
    let choose = photograph::Entity::update_many().col_expr(chosen, Expr::value(id));
    let chose = choose.filter(photograph::Column::Id.eq(new.photograph).and(free)).exec(writing).await?;
    Ok(chose.rows_affected == 1)
}
