//! All that is known of one client, read with a query a table and put in order.

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use stipple_model::Date;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cases::{KeptCase, VisitText};
use super::entity::{account, case, photograph, record, set_aside, visit};
use super::texts::{opened, stamp};
use super::{Store, Who};
use crate::error::Error;
use crate::keys::Key;
use crate::worker::Look;

/// One scar, or one wish, of a client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Case {
    id: Uuid,
    client: Uuid,
    version: i64,
    #[serde(flatten)]
    kept: KeptCase,
    created_at: String,
    visits: Vec<Visit>,
    /// Days of the sessions in its book that stand, but not of test dots, YYYY-MM-DD.
    session_days: Vec<String>,
}

/// A day on which the client was there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Visit {
    id: Uuid,
    case: Uuid,
    version: i64,
    #[serde(flatten)]
    text: VisitText,
    photographs: Vec<Photograph>,
}

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
    #[schema(required)]
    look: Option<Look>,
    /// The reading that plans, reports and outcomes start from: the one that was chosen.
    #[schema(required)]
    pub(super) reading: Option<Uuid>,
    records: Vec<RecordLine>,
}

impl Photograph {
    /// Whether people can say of it how a scar looks.
    pub(super) fn can_be_judged(&self) -> bool {
        self.look.as_ref().is_none_or(|look| !look.is_blocked())
    }
}

/// How far a photograph is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhotographState {
    /// Not yet looked at.
    New,
    /// Looked at and usable.
    Ready,
    /// No usable photograph.
    Unusable,
}

/// A result in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecordLine {
    id: Uuid,
    kind: RecordKind,
    /// What it corrects or was made from.
    #[schema(required)]
    parent: Option<Uuid>,
    /// Whether a person corrected what the machine made.
    corrected: bool,
    /// A reading that does not stand because somebody was faster, until a person chooses.
    waiting: bool,
    /// Who asked for it.
    made_by: String,
    /// RFC 3339, UTC.
    made_at: String,
}

/// What a result is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RecordKind {
    Reading,
    Plan,
    Outcome,
    Fading,
    /// An outcome's pair, as it may be shown to strangers.
    Draft,
    /// The same, as it is shown.
    Publication,
}

/// A text of a client, a case or a visit that does not stand: it was changed, or came too late.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EarlierText {
    /// Of what it is a version.
    of: TextOf,
    /// That client, case or visit.
    subject: Uuid,
    /// The version that was changed, or was to be.
    version: i64,
    /// Its fields, as they are sent.
    #[schema(value_type = Object)]
    text: serde_json::Value,
    /// Who changed it then.
    changed_by: String,
    /// RFC 3339, UTC.
    changed_at: String,
}

/// What has a text.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TextOf {
    Client,
    Case,
    Visit,
}

/// The rows of one client, oldest first.
pub(super) struct Shelf {
    key: Key,
    cases: Vec<case::Model>,
    visits: Vec<visit::Model>,
    photographs: Vec<photograph::Model>,
    records: Vec<record::Model>,
    /// Names of the clinic's accounts.
    names: HashMap<Uuid, String>,
    /// Days of each case's treatments.
    session_days: HashMap<Uuid, Vec<Date>>,
}

impl Store {
    /// Everything of a client of this clinic.
    pub(super) async fn shelf(&self, who: &Who, client: Uuid) -> Result<Shelf, Error> {
        let key = self.client_key_to_read(who, client).await?;
        let cases = case::Entity::find().filter(case::Column::Client.eq(client));
        let visits = visit::Entity::find().filter(visit::Column::Client.eq(client));
        let photographs = photograph::Entity::find().filter(photograph::Column::Client.eq(client));
        let records = record::Entity::find().filter(record::Column::Client.eq(client));
        let names = self.names(who).await?;
        let cases = cases.order_by_asc(case::Column::CreatedAt).all(&self.db).await?;
        let mut session_days = HashMap::new();
        for row in &cases {
            session_days.insert(row.id, self.treatments(who, row.id).await?);
        }
        Ok(Shelf {
            key,
            cases,
            session_days,
            visits: visits.order_by_asc(visit::Column::CreatedAt).all(&self.db).await?,
            photographs: photographs.order_by_asc(photograph::Column::CreatedAt).all(&self.db).await?,
            records: records.order_by_asc(record::Column::CreatedAt).all(&self.db).await?,
            names,
        })
    }
}

impl Store {
    /// Names of the clinic's accounts.
    pub(super) async fn names(&self, who: &Who) -> Result<HashMap<Uuid, String>, Error> {
        let accounts = account::Entity::find().filter(account::Column::Clinic.eq(who.clinic));
        Ok(accounts.all(&self.db).await?.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// Texts of a client that do not stand any more or came too late, the last first.
    pub(crate) async fn earlier_texts(&self, who: &Who, client: Uuid) -> Result<Vec<EarlierText>, Error> {
        let shelf = self.shelf(who, client).await?;
        let rows = set_aside::Entity::find().filter(set_aside::Column::Client.eq(client));
        let rows = rows.order_by_desc(set_aside::Column::CreatedAt).all(&self.db).await?;
        rows.iter().map(|row| shelf.earlier(client, row)).collect()
    }
}

impl Shelf {
    fn earlier(&self, client: Uuid, row: &set_aside::Model) -> Result<EarlierText, Error> {
        let is_case = self.cases.iter().any(|case| case.id == row.subject);
        let (of, kind) = match () {
            () if row.subject == client => (TextOf::Client, "client"),
            () if is_case => (TextOf::Case, "case"),
            () => (TextOf::Visit, "visit"),
        };
        Ok(EarlierText {
            of,
            subject: row.subject,
            version: row.version,
            text: opened(&self.key, kind, row.subject, &row.sealed)?,
            changed_by: self.names.get(&row.account).cloned().unwrap_or_default(),
            changed_at: stamp(row.created_at),
        })
    }

    /// The day of every visit.
    pub(super) fn visit_days(&self) -> Result<Vec<Date>, Error> {
        let day =
            |row: &visit::Model| Ok(opened::<VisitText>(&self.key, "visit", row.id, &row.sealed)?.day());
        let days = self.visits.iter().map(day).collect::<Result<Vec<_>, Error>>()?;
        Ok(days.into_iter().flatten().collect())
    }

    /// Every case.
    pub(super) fn cases(&self) -> Result<Vec<Case>, Error> {
        self.cases.iter().map(|row| self.case_of(row)).collect()
    }

    /// One of them.
    pub(super) fn case(&self, id: Uuid) -> Result<Case, Error> {
        let row = self.cases.iter().find(|row| row.id == id);
        self.case_of(row.ok_or(Error::Missing("case"))?)
    }

    /// A visit.
    pub(super) fn visit(&self, id: Uuid) -> Result<Visit, Error> {
        let row = self.visits.iter().find(|row| row.id == id);
        self.visit_of(row.ok_or(Error::Missing("visit"))?)
    }

    /// A photograph.
    pub(super) fn photograph(&self, id: Uuid) -> Result<Photograph, Error> {
        let row = self.photographs.iter().find(|row| row.id == id);
        self.photograph_of(row.ok_or(Error::Missing("photograph"))?)
    }

    /// A result.
    pub(super) fn line(&self, id: Uuid) -> Result<RecordLine, Error> {
        let row = self.records.iter().find(|row| row.id == id);
        Ok(self.line_of(row.ok_or(Error::Missing("result"))?))
    }

    fn case_of(&self, row: &case::Model) -> Result<Case, Error> {
        let visits = self.visits.iter().filter(|visit| visit.case == row.id);
        Ok(Case {
            id: row.id,
            client: row.client,
            version: row.version,
            kept: opened(&self.key, "case", row.id, &row.sealed)?,
            created_at: stamp(row.created_at),
            visits: visits.map(|visit| self.visit_of(visit)).collect::<Result<_, _>>()?,
            session_days: self.session_days[&row.id].iter().map(ToString::to_string).collect(),
        })
    }

    fn visit_of(&self, row: &visit::Model) -> Result<Visit, Error> {
        let photographs = self.photographs.iter().filter(|photograph| photograph.visit == row.id);
        Ok(Visit {
            id: row.id,
            case: row.case,
            version: row.version,
            text: opened(&self.key, "visit", row.id, &row.sealed)?,
            photographs: photographs.map(|row| self.photograph_of(row)).collect::<Result<_, _>>()?,
        })
    }

    fn photograph_of(&self, row: &photograph::Model) -> Result<Photograph, Error> {
        let visit = self.visits.iter().find(|visit| visit.id == row.visit).ok_or(Error::Missing("visit"))?;
        let records = self.records.iter().filter(|record| record.photograph == row.id);
        let look = row.sealed.as_ref().map(|sealed| opened(&self.key, "look", row.id, sealed));
        Ok(Photograph {
            id: row.id,
            client: row.client,
            case: visit.case,
            visit: row.visit,
            sha256: row.sha256.clone(),
            bytes: row.bytes,
            state: match row.state.as_str() {
                "ready" => PhotographState::Ready,
                "unusable" => PhotographState::Unusable,
                _ => PhotographState::New,
            },
            uploaded_at: stamp(row.created_at),
            look: look.transpose()?,
            reading: row.reading,
            records: records.map(|record| self.line_of(record)).collect(),
        })
    }

    fn line_of(&self, row: &record::Model) -> RecordLine {
        RecordLine {
            id: row.id,
            kind: match row.kind.as_str() {
                "plan" => RecordKind::Plan,
                "outcome" => RecordKind::Outcome,
                "fading" => RecordKind::Fading,
                "draft" => RecordKind::Draft,
                "publication" => RecordKind::Publication,
                _ => RecordKind::Reading,
            },
            parent: row.parent,
            corrected: row.corrected,
            waiting: row.waiting,
            made_by: self.names.get(&row.account).cloned().unwrap_or_default(),
            made_at: stamp(row.created_at),
        }
    }
}
