//! Long work as rows: it survives a restart, and what was begun is begun again.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DerivePartialModel, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{client, job};
use super::texts::{hidden, opened, sealed, stamp};
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::Key;

/// How often work is begun before it is given up: what stops the program twice would stop it again.
const BEGUN_MAX: i32 = 3;

/// Long work, as others see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    /// `look`, `read`, `consult`, `outcome` or `fading`.
    pub(crate) kind: String,
    pub(crate) state: JobState,
    /// What is being done.
    pub(crate) step: String,
    /// How much of the step is done, 0 to 1.
    pub(crate) share: f64,
    /// Why it failed.
    #[schema(required)]
    pub(crate) message: Option<String>,
    /// The same as a word for programs.
    #[schema(required)]
    pub(crate) code: Option<String>,
    /// The result's id once it is done.
    #[schema(required)]
    pub(crate) result: Option<Uuid>,
    created_at: String,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// What is to be done, sealed in the row.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Work {
    /// First look at a photograph.
    Look,
    /// Reading of a photograph.
    Read(crate::worker::ReadAsked),
    /// Plan, assessment and report of a reading.
    Consult(crate::worker::ConsultAsked),
    /// A photograph held against one before.
    Outcome(crate::worker::OutcomeAsked),
    /// An outcome's pair, as it may be shown to strangers.
    Draft,
    /// The same, as it is shown.
    Publish(crate::worker::publishing::PublishAsked),
    /// The visits after a plan, held against one another.
    Fading(crate::worker::FadingAsked),
}

/// How a job ends.
pub(crate) enum End<'a> {
    /// With a result.
    Done(Uuid),
    /// Without one.
    Failed(&'a Error),
    /// Somebody stopped it.
    Cancelled,
}

/// A job that may begin.
pub(crate) struct Task {
    pub(crate) id: Uuid,
    pub(crate) clinic: Uuid,
    pub(crate) client: Uuid,
    pub(crate) account: Uuid,
    pub(crate) subject: Uuid,
    pub(crate) work: Work,
}

impl Store {
    /// Puts work on a photograph, a reading or a plan into the queue.
    pub(crate) async fn new_job(
        &self,
        who: &Who,
        client: Uuid,
        subject: Uuid,
        work: &Work,
    ) -> Result<Job, Error> {
        let key = self.client_key(who.clinic, client).await?;
        insert(&self.db, who, &key, (client, subject), work).await
    }

    /// The first look at a photograph of this clinic, if there is one.
    pub(super) async fn look_job(&self, who: &Who, photograph: Uuid) -> Result<Option<Job>, Error> {
        let of = job::Column::Subject.eq(photograph).and(job::Column::Kind.eq("look"));
        let Some(row) = job::Entity::find().filter(of).one(&self.db).await? else { return Ok(None) };
        self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "upload"))?;
        Ok(Some(row.into()))
    }

    /// A job of this clinic.
    pub(crate) async fn job(&self, who: &Who, id: Uuid) -> Result<Job, Error> {
        // Without what was asked, which may be large.
        let row: Option<JobRow> = job::Entity::find_by_id(id).into_partial_model().one(&self.db).await?;
        let row = row.ok_or(Error::Missing("job"))?;
        self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "job"))?;
        Ok(row.into())
    }

    /// Whether a job still is to be done.
    pub(crate) async fn job_runs(&self, id: Uuid) -> Result<bool, Error> {
        let row: Option<JobRow> = job::Entity::find_by_id(id).into_partial_model().one(&self.db).await?;
        Ok(row.is_some_and(|row| row.state == "running"))
    }

    /// Takes the next job of an open clinic, oldest first.
    pub(crate) async fn begin_next_job(&self) -> Result<Option<Task>, Error> {
        let of = job::Entity::find().filter(job::Column::State.eq("waiting"));
        for row in of.order_by_asc(job::Column::CreatedAt).all(&self.db).await? {
            let Some(client) = client::Entity::find_by_id(row.client).one(&self.db).await? else { continue };
            if self.clinic_key(client.clinic).is_err() {
                continue;
            }
            if row.begun >= BEGUN_MAX {
                let message =
                    "This was begun three times and stopped the studio each time. Try another photograph.";
                self.end_job(row.id, End::Failed(&Error::unusable("begun_thrice", message))).await?;
                continue;
            }
            let work = self.unwrapped(&client).and_then(|key| opened(&key, "job", row.id, &row.sealed));
            let work = match work {
                Ok(work) => work,
                // One job that cannot be opened must not hold up the others.
                Err(error) => {
                    self.end_job(row.id, End::Failed(&error)).await?;
                    continue;
                }
            };
            let begin = job::Entity::update_many()
                .col_expr(job::Column::State, Expr::value("running"))
                .col_expr(job::Column::Begun, Expr::value(row.begun + 1))
                .filter(job::Column::Id.eq(row.id).and(job::Column::State.eq("waiting")));
            if begin.exec(&self.db).await?.rows_affected == 1 {
                let job::Model { id, account, subject, .. } = row;
                let (clinic, client) = (client.clinic, client.id);
                return Ok(Some(Task { id, clinic, client, account, subject, work }));
            }
        }
        Ok(None)
    }

    /// Ends a job that waits or runs; whether it still did.
    pub(crate) async fn end_job(&self, id: Uuid, end: End<'_>) -> Result<bool, Error> {
        let (state, why, result) = match end {
            End::Done(result) => ("done", None, Some(result)),
            End::Failed(error) => ("failed", Some((error.code().to_owned(), error.to_string())), None),
            End::Cancelled => ("cancelled", None, None),
        };
        let (code, message) = why.unzip();
        let end = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(state))
            // What was asked is no longer needed, and may be large.
            .col_expr(job::Column::Sealed, Expr::value(Vec::<u8>::new()))
            .col_expr(job::Column::Code, Expr::value(code))
            .col_expr(job::Column::Message, Expr::value(message))
            .col_expr(job::Column::Result, Expr::value(result))
            .filter(job::Column::Id.eq(id).and(job::Column::State.is_in(["waiting", "running"])));
        Ok(end.exec(&self.db).await?.rows_affected == 1)
    }

    /// Puts back what runs while the program is stopped on purpose: it did not stop the program.
    pub(crate) async fn rest_jobs(&self) -> Result<(), Error> {
        let back = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value("waiting"))
            .col_expr(job::Column::Begun, Expr::col(job::Column::Begun).sub(1));
        back.filter(job::Column::State.eq("running")).exec(&self.db).await?;
        Ok(())
    }

    /// Puts back what ran when the program was stopped.
    pub(crate) async fn requeue_jobs(&self) -> Result<(), Error> {
        let back = job::Entity::update_many().col_expr(job::Column::State, Expr::value("waiting"));
        back.filter(job::Column::State.eq("running")).exec(&self.db).await?;
        Ok(())
    }

    /// The client of a photograph or of a reading, to queue work for.
    pub(crate) async fn client_of(&self, who: &Who, photograph: Uuid) -> Result<Uuid, Error> {
        Ok(self.photograph_row(who, photograph).await?.0.client)
    }
}

/// Puts work on a client's photograph or reading into the queue.
pub(super) async fn insert(
    db: &impl ConnectionTrait,
    who: &Who,
    key: &Key,
    (client, subject): (Uuid, Uuid),
    work: &Work,
) -> Result<Job, Error> {
    let id = Uuid::now_v7();
    let row = job::ActiveModel {
        id: Set(id),
        client: Set(client),
        account: Set(who.account),
        kind: Set(work.word().to_owned()),
        subject: Set(subject),
        sealed: Set(sealed(key, "job", id, work)),
        state: Set("waiting".to_owned()),
        begun: Set(0),
        message: Set(None),
        code: Set(None),
        result: Set(None),
        created_at: Set(now()),
    };
    let made = job::Entity::insert(row).exec_with_returning(db).await?;
    Ok(made.into())
}

/// Whether what a job made is to be kept: the job still runs, and is done with it; but for a picture to be shown, which is done
/// once it is shown.
pub(super) async fn kept(db: &impl ConnectionTrait, id: Uuid, kind: &str) -> Result<bool, Error> {
    if kind != "publication" {
        return done(db, id).await;
    }
    let row: Option<JobRow> = job::Entity::find_by_id(id).into_partial_model().one(db).await?;
    Ok(row.is_some_and(|row| row.state == "running"))
}

/// Marks a job that still runs as done, in the transaction that keeps its result; whether it did.
async fn done(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    let done = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value("done"))
        .col_expr(job::Column::Sealed, Expr::value(Vec::<u8>::new()))
        .col_expr(job::Column::Result, Expr::value(Some(id)))
        .filter(job::Column::Id.eq(id).and(job::Column::State.eq("running")));
    Ok(done.exec(db).await?.rows_affected == 1)
}

impl Work {
    fn word(&self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Read(_) => "read",
            Self::Consult(_) => "consult",
            Self::Outcome(_) => "outcome",
            Self::Draft => "draft",
            Self::Publish(_) => "publish",
            Self::Fading(_) => "fading",
        }
    }
}

/// A job's row without what was asked.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "job::Entity")]
struct JobRow {
    id: Uuid,
    client: Uuid,
    kind: String,
    state: String,
    message: Option<String>,
    code: Option<String>,
    result: Option<Uuid>,
    created_at: i64,
}

impl From<job::Model> for Job {
    fn from(row: job::Model) -> Self {
        let job::Model { id, client, kind, state, message, code, result, created_at, .. } = row;
        JobRow { id, client, kind, state, message, code, result, created_at }.into()
    }
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        let state = match row.state.as_str() {
            "waiting" => JobState::Waiting,
            "running" => JobState::Running,
            "done" => JobState::Done,
            "cancelled" => JobState::Cancelled,
            _ => JobState::Failed,
        };
        Self {
            id: row.id,
            kind: row.kind,
            state,
            step: String::new(),
            share: if state == JobState::Done { 1.0 } else { 0.0 },
            message: row.message,
            code: row.code,
            result: row.result,
            created_at: stamp(row.created_at),
        }
    }
}
