//! What clients told, sent or took back that nobody has looked at yet.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::clients::Person;
use super::super::entity::{client, entry};
use super::super::texts::{opened, stamp};
use super::super::{Store, Who};
use super::consents::KeptWithdrawal;
use super::healing::KeptSent;
use super::told::{KeptCheckIn, Sign};
use super::{Kind, NewEntry, Place, opened_entry};
use crate::error::Error;
use crate::keys::Key;

/// What came from a client and nobody has looked at: a check-in with signs or words, a photograph, a consent taken back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Attention {
    /// Of the entry.
    id: Uuid,
    client: Uuid,
    case: Uuid,
    name: String,
    /// The photograph, where one came.
    #[schema(required)]
    photograph: Option<Uuid>,
    /// The purpose of a consent that the client took back.
    #[schema(required)]
    taken_back: Option<String>,
    /// Whether the client wrote anything.
    has_words: bool,
    /// Days since the last session, of a check-in or a photograph.
    day: u32,
    /// What a check-in told; nothing of a photograph.
    signs: Vec<Sign>,
    told_at: String,
    /// Whether it cannot be read any more: nobody knows what was told.
    is_damaged: bool,
    #[serde(skip)]
    by_client: bool,
}

/// Kinds of entries that come from clients.
const CAME: [Kind; 3] = [Kind::CheckIn, Kind::Sent, Kind::Withdrawal];

impl Store {
    /// What came to the clinic and nobody has looked at, the last first.
    pub(crate) async fn attention(&self, who: &Who) -> Result<Vec<Attention>, Error> {
        self.attention_since(who.clinic, 0).await
    }

    /// The same of what came since a time, ms since 1970.
    pub(super) async fn attention_since(&self, clinic: Uuid, since: i64) -> Result<Vec<Attention>, Error> {
        let clients = client::Entity::find().filter(client::Column::Clinic.eq(clinic));
        let clients = clients.filter(client::Column::KeptUntil.is_null()).all(&self.db).await?;
        let clients: BTreeMap<Uuid, client::Model> = clients.into_iter().map(|row| (row.id, row)).collect();
        let kind = entry::Column::Kind;
        let seen = entry::Entity::find().filter(kind.eq(Kind::Seen.word())).all(&self.db).await?;
        let seen: BTreeSet<Uuid> = seen.into_iter().filter_map(|row| row.parent).collect();
        let came = entry::Entity::find().filter(kind.is_in(CAME.map(Kind::word)));
        let came = came.filter(entry::Column::CreatedAt.gte(since));
        let mut found = Vec::new();
        let came = came.order_by_desc(entry::Column::Id).all(&self.db).await?;
        for row in came.into_iter().filter(|row| !seen.contains(&row.id)) {
            if let Some(of) = clients.get(&row.client) {
                let line = Attention::of(of, &row);
                let told = self.unwrapped(of).and_then(|key| told(&key, of, row, line.clone()));
                match told {
                    // One that cannot be read must not hide the others.
                    Err(Error::Damaged { .. }) => found.push(Attention { is_damaged: true, ..line }),
                    told => found.extend(told?),
                }
            }
        }
        Ok(found)
    }

    /// Writes down that somebody has looked at what a client told or sent. Twice is once.
    pub(crate) async fn see(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = entry::Entity::find_by_id(id).one(&self.db).await?;
        let found = row.and_then(|row| Some((CAME.into_iter().find(|kind| kind.word() == row.kind)?, row)));
        let (kind, row) = found.ok_or(Error::Missing(Kind::CheckIn.said()))?;
        let action = match kind {
            Kind::Sent => "photograph.seen",
            Kind::Withdrawal => "withdrawal.seen",
            _ => "check_in.seen",
        };
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

impl Attention {
    /// What is known of it before it is opened.
    fn of(of: &client::Model, row: &entry::Model) -> Self {
        Self {
            id: row.id,
            client: of.id,
            case: row.case,
            name: String::new(),
            photograph: None,
            taken_back: None,
            has_words: false,
            day: 0,
            signs: Vec::new(),
            told_at: stamp(row.created_at),
            is_damaged: false,
            by_client: row.account.is_none(),
        }
    }

    /// Whether the client told a sign that wants a doctor, today or now, or what nobody can read.
    pub(super) fn wants_doctor(&self) -> bool {
        self.by_client && (self.is_damaged || self.signs.iter().any(Sign::wants_doctor))
    }

    /// The entry.
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    /// The case in which it was told, as a place to write, with the client's key.
    pub(super) fn place(&self, clinic: Uuid, key: Key) -> Place {
        Place { clinic, client: self.client, case: self.case, account: None, key }
    }

    /// Whose it is.
    pub(super) fn client(&self) -> Uuid {
        self.client
    }
}

/// A line of what came; none of a check-in without a sign or a word, nor of a withdrawal that the clinic wrote down.
fn told(
    key: &Key,
    of: &client::Model,
    row: entry::Model,
    mut line: Attention,
) -> Result<Option<Attention>, Error> {
    let by_client = line.by_client;
    if row.kind == Kind::Sent.word() {
        let sent = opened_entry::<KeptSent>(key, row)?.text;
        (line.photograph, line.day) = (Some(sent.photograph), sent.day);
    } else if row.kind == Kind::Withdrawal.word() {
        let withdrawal = opened_entry::<KeptWithdrawal>(key, row)?.text;
        line.taken_back = withdrawal.purpose.filter(|_| by_client);
        if line.taken_back.is_none() {
            return Ok(None);
        }
    } else {
        let told = opened_entry::<KeptCheckIn>(key, row)?.text;
        (line.has_words, line.day, line.signs) = (by_client && told.has_words(), told.day, told.signs);
        if line.signs.is_empty() && !line.has_words {
            return Ok(None);
        }
    }
    line.name = opened::<Person>(key, "client", of.id, &of.sealed)?.name;
    Ok(Some(line))
}
