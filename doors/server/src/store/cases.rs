//! A client's cases and visits.

use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{case, visit};
use super::shelf::{Case, Visit};
use super::texts::{Changed, Column, NewVersion, conflict, hidden, not_too_long, required, sealed};
use super::{Store, Who, now};
use crate::error::Error;

/// What a case is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct CaseText {
    title: String,
    #[serde(default)]
    note: String,
}

/// What a visit was.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct VisitText {
    /// YYYY-MM-DD.
    day: String,
    kind: VisitKind,
    #[serde(default)]
    note: String,
}

/// Why the client was there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VisitKind {
    Consultation,
    Session,
    FollowUp,
}

impl Store {
    /// A new case of a client.
    pub(crate) async fn new_case(&self, who: &Who, client: Uuid, text: CaseText) -> Result<Case, Error> {
        let key = self.client_key(who.clinic, client).await?;
        let id = Uuid::now_v7();
        let row = case::ActiveModel {
            id: Set(id),
            client: Set(client),
            version: Set(1),
            sealed: Set(sealed(&key, "case", id, &text.checked()?)),
            created_at: Set(now()),
        };
        case::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, "case.made", Some(id)).await?;
        self.case(who, id).await
    }

    /// A case with its visits and photographs.
    pub(crate) async fn case(&self, who: &Who, id: Uuid) -> Result<Case, Error> {
        let client = self.client_of_case(id).await?;
        self.shelf(who, client).await.map_err(|error| hidden(error, "case"))?.case(id)
    }

    /// Changes what a case is about.
    pub(crate) async fn change_case(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<CaseText>,
    ) -> Result<Case, Error> {
        let client = self.client_of_case(id).await?;
        let key = self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        let text = new.text.checked()?;
        let column: Column<case::Entity> =
            Column { id: case::Column::Id, version: case::Column::Version, sealed: case::Column::Sealed };
        let sealed = sealed(&key, "case", id, &text);
        let new = NewVersion { client, subject: id, changes: new.version, sealed, kind: "case" };
        if !self.write_version(who, column, new).await? {
            return Err(conflict(&self.case(who, id).await?, &text));
        }
        self.note(who, "case.changed", Some(id)).await?;
        self.case(who, id).await
    }

    /// A new visit in a case.
    pub(crate) async fn new_visit(&self, who: &Who, case: Uuid, text: VisitText) -> Result<Visit, Error> {
        let client = self.client_of_case(case).await?;
        let key = self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        let id = Uuid::now_v7();
        let row = visit::ActiveModel {
            id: Set(id),
            client: Set(client),
            case: Set(case),
            version: Set(1),
            sealed: Set(sealed(&key, "visit", id, &text.checked()?)),
            created_at: Set(now()),
        };
        visit::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, "visit.made", Some(id)).await?;
        self.visit(who, id).await
    }

    /// A visit with its photographs.
    pub(crate) async fn visit(&self, who: &Who, id: Uuid) -> Result<Visit, Error> {
        let client = self.client_of_visit(who, id).await?;
        self.shelf(who, client).await?.visit(id)
    }

    /// Changes what a visit was.
    pub(crate) async fn change_visit(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<VisitText>,
    ) -> Result<Visit, Error> {
        let client = self.client_of_visit(who, id).await?;
        let key = self.client_key(who.clinic, client).await?;
        let text = new.text.checked()?;
        let column: Column<visit::Entity> =
            Column { id: visit::Column::Id, version: visit::Column::Version, sealed: visit::Column::Sealed };
        let sealed = sealed(&key, "visit", id, &text);
        let new = NewVersion { client, subject: id, changes: new.version, sealed, kind: "visit" };
        if !self.write_version(who, column, new).await? {
            return Err(conflict(&self.visit(who, id).await?, &text));
        }
        self.note(who, "visit.changed", Some(id)).await?;
        self.visit(who, id).await
    }

    /// The client of a visit of this clinic.
    pub(super) async fn client_of_visit(&self, who: &Who, id: Uuid) -> Result<Uuid, Error> {
        let row = visit::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "visit"))?;
        Ok(row.client)
    }

    async fn client_of_case(&self, id: Uuid) -> Result<Uuid, Error> {
        let row = case::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("case"))?;
        Ok(row.client)
    }
}

impl CaseText {
    fn checked(mut self) -> Result<Self, Error> {
        self.title = required(&self.title, "title of the case")?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}

impl VisitText {
    fn checked(self) -> Result<Self, Error> {
        let day: Result<jiff::civil::Date, _> = self.day.parse();
        if self.day.len() != 10 || day.is_err() {
            let message = "The day of the visit must be a date such as 2026-11-27.";
            return Err(Error::unusable("bad_day", message));
        }
        not_too_long(&self.note)?;
        Ok(self)
    }
}
