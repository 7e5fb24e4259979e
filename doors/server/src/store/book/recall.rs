//! Whom to warn of a lot.

use std::collections::BTreeSet;

use rayon::prelude::*;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::clients::Person;
use super::super::entity::{client, entry};
use super::super::texts::{day_of, opened};
use super::super::{Store, Who};
use super::sessions::SessionText;
use super::{Kind, opened_entry};
use crate::error::Error;
use crate::keys::Key;

/// A session in which a lot was used.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Recalled {
    client: Uuid,
    case: Uuid,
    name: String,
    /// Contact and e-mail, as far as they are known.
    contact: String,
    day: String,
    product: String,
    lot: String,
    /// Whether a later entry took the place of this one: the lot may have been written down by mistake.
    corrected: bool,
    /// Whether it cannot be read any more, so that nobody knows whether it was of this lot; `day` is that of its writing.
    unreadable: bool,
}

impl Store {
    /// Every session of the clinic in which a lot was used, the last first.
    pub(crate) async fn recall(&self, who: &Who, lot: &str) -> Result<Vec<Recalled>, Error> {
        let asked = folded(lot);
        if asked.is_empty() {
            return Err(Error::unusable("no_lot", "Type the lot that stands on the bottle."));
        }
        let clients =
            client::Entity::find().filter(client::Column::Clinic.eq(who.clinic)).all(&self.db).await?;
        let kinds = [Kind::Session, Kind::Struck].map(Kind::word);
        let of = entry::Entity::find().filter(entry::Column::Kind.is_in(kinds)).all(&self.db).await?;
        let corrected: BTreeSet<Uuid> = of.iter().filter_map(|row| row.parent).collect();
        let of: Vec<_> = of.into_iter().filter(|row| row.kind == Kind::Session.word()).collect();
        let found = |row: &client::Model| -> Result<Vec<Recalled>, Error> {
            let key = match self.unwrapped(row) {
                Ok(key) => Some(key),
                Err(Error::Damaged { .. }) => None,
                Err(error) => return Err(error),
            };
            let person = key.as_ref().and_then(|key| opened(key, "client", row.id, &row.sealed).ok());
            let mut found = Vec::new();
            for entry in of.iter().filter(|entry| entry.client == row.id) {
                let line = Recalled::of(row, entry, corrected.contains(&entry.id)).named(person.as_ref());
                match key.as_ref().map(|key| line.told(key, entry.clone(), &asked)) {
                    Some(Ok(mut told)) => found.append(&mut told),
                    // One that cannot be read must not hide the others, and may be of this lot.
                    None | Some(Err(Error::Damaged { .. })) => found.push(line),
                    Some(Err(error)) => return Err(error),
                }
            }
            Ok(found)
        };
        // Lots are sealed, so that every session has to be opened.
        let found: Vec<Vec<Recalled>> = clients.par_iter().map(found).collect::<Result<_, _>>()?;
        let mut found: Vec<Recalled> = found.into_iter().flatten().collect();
        found.sort_by(|a, b| (&b.day, b.client).cmp(&(&a.day, a.client)));
        Ok(found)
    }
}

impl Recalled {
    /// What is known of a session before it is opened.
    fn of(row: &client::Model, entry: &entry::Model, corrected: bool) -> Self {
        Self {
            client: row.id,
            case: entry.case,
            name: String::new(),
            contact: String::new(),
            day: day_of(entry.created_at).to_string(),
            product: String::new(),
            lot: String::new(),
            corrected,
            unreadable: true,
        }
    }

    /// With whose it is, as far as that can be read.
    fn named(mut self, person: Option<&Person>) -> Self {
        if let Some(person) = person {
            (self.name, self.contact) = (person.name.clone(), person.reached());
        }
        self
    }

    /// A line for every bottle of a session that is of a lot.
    fn told(&self, key: &Key, entry: entry::Model, asked: &str) -> Result<Vec<Self>, Error> {
        let text = opened_entry::<SessionText>(key, entry)?.text;
        let line = |(product, lot): (&str, &str)| Self {
            day: text.day().map_or_else(|| self.day.clone(), |day| day.to_string()),
            product: product.to_owned(),
            lot: lot.to_owned(),
            unreadable: false,
            ..self.clone()
        };
        Ok(text.of_lot(asked).map(line).collect())
    }
}
