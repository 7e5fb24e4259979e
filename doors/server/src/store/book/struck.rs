//! What was written down and never was: in the wrong case, of the wrong client, or not at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::texts::not_too_long;
use super::super::{Store, Who};
use super::sessions::{Session, SessionText};
use super::{Kind, NewEntry, Place, keep};
use crate::error::Error;

/// Why a session is struck out.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct StruckText {
    /// What really was, such as that it belongs to another case.
    reason: String,
    /// The case of the same client in which it was: it is written down there as it stands here, but for its plan.
    #[serde(default)]
    #[schema(required)]
    case: Option<Uuid>,
}

/// Why something else is struck out.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct StruckReason {
    /// What really was.
    reason: String,
}

impl From<StruckReason> for StruckText {
    fn from(StruckReason { reason }: StruckReason) -> Self {
        Self { reason, case: None }
    }
}

impl StruckText {
    /// Refuses to strike out without a word.
    pub(super) fn checked(self) -> Result<Self, Error> {
        not_too_long(&self.reason)?;
        if folded(&self.reason).is_empty() {
            let message = "Write down why this is struck out, such as where it belongs.";
            return Err(Error::unusable("no_reason", message));
        }
        Ok(self)
    }
}

impl Store {
    /// Strikes out a session that was not; it stays to be read, with the reason.
    pub(crate) async fn strike_session(
        &self,
        who: &Who,
        id: Uuid,
        text: StruckText,
    ) -> Result<Session, Error> {
        let (place, _) = self.entry::<SessionText>(who, id, Kind::Session).await?;
        let text = text.checked()?;
        let _deciding = self.deciding.lock().await;
        let sessions = self.sessions_at(&place).await?;
        let standing = sessions.iter().find(|session| session.id == id && session.stands());
        let standing = standing.ok_or(Error::Missing("session"))?;
        if let Some(day) = standing.day().filter(|_| standing.is_test()) {
            self.require_words_fit(&place, &sessions, id, (day, false)).await?;
        }
        let there = match text.case {
            Some(case) => Some(self.sibling(&place, case).await?),
            None => None,
        };
        let moved = standing.text().elsewhere();
        let measured = self.measured_cases(who, place.client).await?;
        let writing = self.begin().await?;
        if let Some(there) = &there {
            let new = NewEntry { kind: Kind::Session, parent: None, text: &moved, action: "session.done" };
            keep(&writing, there, new).await?;
        }
        let new = NewEntry { kind: Kind::Struck, parent: Some(id), text: &text, action: "session.struck" };
        keep(&writing, &place, new).await?;
        writing.commit().await?;
        self.note_unmeasured(who, place.client, measured).await?;
        let sessions = self.sessions_at(&place).await?;
        sessions.into_iter().find(|session| session.id == id).ok_or(Error::Missing("session"))
    }

    /// Another case of the same client.
    async fn sibling(&self, place: &Place, case: Uuid) -> Result<Place, Error> {
        let others = self.other_places(place).await?;
        others.into_iter().find(|other| other.case == case).ok_or(Error::Missing("case"))
    }

    /// The entries of a case that were struck out, with why.
    pub(super) async fn struck_at(&self, place: &Place) -> Result<BTreeMap<Uuid, String>, Error> {
        let kept = self.entries::<StruckText>(place, Kind::Struck).await?;
        Ok(kept.into_iter().filter_map(|kept| Some((kept.parent?, kept.text.reason))).collect())
    }
}
