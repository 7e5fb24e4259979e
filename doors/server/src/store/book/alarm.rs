//! Letters to the clinic itself: what a client told wants a doctor, and nobody has looked at it.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::Deed;
use super::super::entity::{clinic, mail};
use super::super::{Store, Who, now};
use super::attention::Attention;
use super::letters::waiting_letter;
use crate::error::Error;
use crate::mail::MailSettings;
use crate::mail::letter::{Places, Words, address};

/// What such a letter is called.
pub(in super::super) const ALARM: &str = "alarm";
/// For how long after a client told something a letter is written about it, ms: later the studio was closed, and whoever opens
/// it sees what waits.
const FRESH_MS: i64 = 3 * 24 * 3_600_000;

/// Where a clinic wants to hear of warning signs.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct AlarmPlace {
    /// An e-mail address; null where it wants no letters.
    #[schema(required)]
    to: Option<String>,
    /// `en` or `de`.
    language: String,
}

impl Store {
    /// Where a clinic wants to hear of warning signs.
    pub(crate) async fn alarm_place(&self, clinic: Uuid) -> Result<AlarmPlace, Error> {
        let row = clinic::Entity::find_by_id(clinic).one(&self.db).await?.ok_or(Error::Missing("clinic"))?;
        Ok(AlarmPlace { to: row.alarm_to, language: row.alarm_language.unwrap_or_else(|| "en".to_owned()) })
    }

    /// Says where a clinic wants to hear of warning signs.
    pub(crate) async fn change_alarm_place(&self, who: &Who, place: AlarmPlace) -> Result<AlarmPlace, Error> {
        let to = place.to.map(|to| to.trim().to_owned()).filter(|to| !to.is_empty());
        if to.as_deref().is_some_and(|to| address(to).is_err()) {
            let message = "This is no e-mail address. It looks like desk@example.org.";
            return Err(Error::unusable("bad_alarm_address", message));
        }
        if !["en", "de"].contains(&place.language.as_str()) {
            return Err(Error::unusable("bad_language", "The studio writes in `en` or `de`."));
        }
        let change = clinic::Entity::update_many()
            .col_expr(clinic::Column::AlarmTo, Expr::value(to))
            .col_expr(clinic::Column::AlarmLanguage, Expr::value(place.language));
        change.filter(clinic::Column::Id.eq(who.clinic)).exec(&self.db).await?;
        self.note(who, Deed::new("clinic.changed")).await?;
        self.alarm_place(who.clinic).await
    }

    /// Where such a letter is to go.
    pub(super) async fn alarm_address(&self, clinic: Uuid) -> Result<Option<String>, Error> {
        Ok(self.alarm_place(clinic).await?.to)
    }

    /// Writes to a clinic of every warning sign that wants a doctor and that nobody has looked at, once each.
    pub(super) async fn write_alarms(&self, clinic: Uuid, settings: &MailSettings) -> Result<(), Error> {
        let AlarmPlace { to: Some(_), language } = self.alarm_place(clinic).await? else { return Ok(()) };
        let mut urgent = self.attention_since(clinic, now() - FRESH_MS).await?;
        urgent.retain(Attention::wants_doctor);
        if urgent.is_empty() {
            return Ok(());
        }
        let (letters, name) = (self.letters_of(clinic).await?, self.name_of_clinic(clinic).await?);
        let link = settings.address("");
        let places = Places { clinic: &name, link: &link, until: "", stop: "" };
        for told in urgent {
            // Without the client's key nothing can be sealed; the list of what waits tells of it.
            let Ok(key) = self.client_key(clinic, told.client()).await else { continue };
            let occasion = key.mark(&format!("alarm {}", told.id()));
            let written = mail::Entity::find().filter(mail::Column::Occasion.eq(&occasion));
            if written.one(&self.db).await?.is_none() {
                let place = told.place(clinic, key);
                let words = Words::without_stop(&letters.alarm, &language, &places);
                let row = waiting_letter(&place, ALARM, occasion, &words);
                mail::Entity::insert(row).exec_without_returning(&self.db).await?;
            }
        }
        Ok(())
    }
}
