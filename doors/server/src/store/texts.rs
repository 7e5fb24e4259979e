//! Texts that people change: sealed, with every version kept, and none lost to somebody who was faster.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter as _, QuerySelect as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use stipple_model::Date;
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{client, set_aside};
use super::{Store, now};
use crate::error::Error;
use crate::keys::{Key, Place};

/// Longest note, characters.
const NOTE_CHARS_MAX: usize = 20_000;
/// Longest text of a name or login.
const NAME_CHARS_MAX: usize = 100;

/// A text with the version that it changes.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Changed<T> {
    /// The version that was read.
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) text: T,
}

/// Where the text of a client, a case or a visit stands.
pub(super) struct Column<E: EntityTrait> {
    pub(super) id: E::Column,
    pub(super) version: E::Column,
    pub(super) sealed: E::Column,
}

/// A new version of one.
pub(super) struct NewVersion {
    pub(super) client: Uuid,
    /// The client, case or visit.
    pub(super) subject: Uuid,
    /// The version that it changes.
    pub(super) changes: i64,
    /// What is to stand.
    pub(super) sealed: Vec<u8>,
    /// What it is called where it is missing.
    pub(super) kind: &'static str,
}

impl Store {
    /// Lets a new version stand if the one that it changes still does; whether it does now. The one that does not stand,
    /// old or too late, is set aside.
    pub(super) async fn write_version<E: EntityTrait>(
        &self,
        account: Uuid,
        column: Column<E>,
        new: NewVersion,
    ) -> Result<bool, Error> {
        let writing = self.begin().await?;
        let of = E::find()
            .select_only()
            .column(column.version)
            .column(column.sealed)
            .filter(column.id.eq(new.subject));
        let stands: Option<(i64, Vec<u8>)> = of.into_tuple().one(&writing).await?;
        let (version, old) = stands.ok_or(Error::Missing(new.kind))?;
        let mut stands_now = version == new.changes;
        if stands_now {
            let write = E::update_many()
                .col_expr(column.version, Expr::value(new.changes + 1))
                .col_expr(column.sealed, Expr::value(new.sealed.clone()))
                .filter(column.id.eq(new.subject).and(column.version.eq(new.changes)));
            // PostgreSQL lets somebody else in between.
            stands_now = write.exec(&writing).await?.rows_affected == 1;
        }
        let aside = set_aside::ActiveModel {
            id: Set(Uuid::now_v7()),
            client: Set(new.client),
            subject: Set(new.subject),
            version: Set(new.changes),
            account: Set(account),
            sealed: Set(if stands_now { old } else { new.sealed }),
            created_at: Set(now()),
        };
        set_aside::Entity::insert(aside).exec_without_returning(&writing).await?;
        if stands_now {
            let changed =
                client::Entity::update_many().col_expr(client::Column::ChangedAt, Expr::value(now()));
            changed.filter(client::Column::Id.eq(new.client)).exec(&writing).await?;
        }
        writing.commit().await?;
        Ok(stands_now)
    }
}

/// JSON under a client's key.
pub(super) fn sealed<T: Serialize>(key: &Key, kind: &'static str, id: Uuid, text: &T) -> Vec<u8> {
    let json = serde_json::to_vec(text).expect("plain data becomes JSON");
    key.seal(Place { kind, id: id.as_bytes() }, &json)
}

/// What [`sealed`] sealed.
pub(super) fn opened<T: DeserializeOwned>(
    key: &Key,
    kind: &'static str,
    id: Uuid,
    sealed: &[u8],
) -> Result<T, Error> {
    let text = key.open(Place { kind, id: id.as_bytes() }, sealed)?;
    serde_json::from_slice(&text).map_err(|_| Error::Damaged { kind })
}

/// Somebody else was faster.
pub(super) fn conflict<T: Serialize, U: Serialize>(theirs: &T, yours: &U) -> Error {
    let json = |value: Result<serde_json::Value, _>| Box::new(value.unwrap_or_default());
    Error::ChangedMeanwhile {
        theirs: json(serde_json::to_value(theirs)),
        yours: json(serde_json::to_value(yours)),
    }
}

/// Because what is another clinic's must look like what is not there.
pub(super) fn hidden(error: Error, what: &'static str) -> Error {
    if matches!(error, Error::Missing(_)) { Error::Missing(what) } else { error }
}

/// RFC 3339, UTC, of milliseconds since 1970.
pub(super) fn stamp(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| at.to_string())
}

/// A text as a picture that cameras read.
pub(super) fn qr_svg(text: &str) -> Result<String, Error> {
    let code = qrcode::QrCode::new(text).map_err(|error| Error::Ours(error.to_string()))?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// A text that must be there, without blanks around it.
pub(super) fn required(text: &str, what: &str) -> Result<String, Error> {
    let text = text.trim();
    require_seen(text, what)?;
    // Nothing but signs that cannot be seen names nobody.
    if folded(text).is_empty() || text.chars().count() > NAME_CHARS_MAX {
        let message = format!("The {what} must have between 1 and {NAME_CHARS_MAX} characters.");
        return Err(Error::unusable("bad_text", message));
    }
    Ok(text.to_owned())
}

/// Refuses a line with characters that cannot be seen and make it read as another one.
pub(super) fn require_seen(line: &str, what: &str) -> Result<(), Error> {
    if line.chars().any(|c| c.is_control() || is_direction(c)) {
        let message = format!("The {what} has characters that cannot be seen. Type it anew.");
        return Err(Error::unusable("bad_text", message));
    }
    Ok(())
}

/// Whether a character changes the direction of others, so that a name reads as another one.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The day it is where the studio stands.
pub(super) fn today() -> Date {
    day_of(now())
}

/// The day of a time, ms since 1970, where the studio stands.
pub(super) fn day_of(ms: i64) -> Date {
    crate::clock::here(ms).date()
}

/// A day as it was typed, not later than tomorrow: where the tablet is it may be that day already.
pub(super) fn past_day(text: &str, what: &str) -> Result<Date, Error> {
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    let Some(day) = day else {
        let message = format!("The day of the {what} must be a date such as 2026-11-27.");
        return Err(Error::unusable("bad_day", message));
    };
    if day > today().tomorrow().unwrap_or(Date::MAX) {
        let message = format!("A {what} lies on the day it took place, not later than today.");
        return Err(Error::unusable("date_future", message));
    }
    Ok(day)
}

/// Refuses what no note needs.
pub(super) fn not_too_long(text: &str) -> Result<(), Error> {
    let found = text.chars().count();
    if found <= NOTE_CHARS_MAX {
        return Ok(());
    }
    let message = format!("The text has {found} characters; up to {NOTE_CHARS_MAX} are kept.");
    Err(Error::unusable("long_text", message))
}
