//! Ways in for a client: a secret that opens one thing of one case, for a time.
//!
//! The secret stands after the `#` of an address, which browsers send to nobody, and comes in a header. Only its hash is
//! kept. It wraps the client's key, so that a link works while the studio is locked, and opens nobody else's.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::{self, Deed};
use super::super::cases::Answered;
use super::super::entity::{clinic, link};
use super::super::keeping;
use super::super::texts::{qr_svg, required, stamp};
use super::super::{Store, Who, now};
use super::Place;
use super::consents::Consent;
use super::told::{Advised, Asked, CheckInText};
use super::wellbeing::AskedWhen;
use crate::error::Error;
use crate::keys::{Key, Place as KeyPlace, random};
use crate::words;

/// What the key of a link is called where it is sealed.
const KEY: &str = "link key";
/// A day, ms.
pub(super) const DAY_MS: i64 = 24 * 3_600_000;
/// Longest that a link works, days.
pub(super) const DAYS_MAX: i64 = 400;

/// What a link opens.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkKind {
    /// The health questions.
    Intake,
    /// What is asked while the skin heals.
    CheckIn,
    /// The days after a session, as a calendar that programs fetch.
    Calendar,
    /// To stop letters by e-mail.
    StopMail,
    /// To say in public how it was, once.
    Review,
    /// To see what was agreed to, and take it back.
    Consents,
    /// To say how they are, once.
    Wellbeing,
}

/// A link that is wanted.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewLink {
    kind: LinkKind,
    /// What is offered for a review, of a link to one; empty for nothing. Strangers read it.
    #[serde(default)]
    offered: Option<String>,
    /// For how many days it works, 1 to 400.
    days: i64,
}

/// A link that was made. Its secret is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeLink {
    /// To be put after `#/with/` of the studio's address.
    secret: String,
    /// What the client opens.
    address: String,
    /// The same as a picture, for a phone's camera.
    qr_svg: String,
    expires_at: String,
}

/// A secret that was made.
pub(super) struct MadeSecret {
    pub(super) secret: String,
    /// ms since 1970.
    pub(super) expires_at: i64,
}

/// The page that a link opens: its secret stands where browsers send it to nobody.
pub(super) fn page_of(secret: &str) -> String {
    format!("#/with/{secret}")
}

/// A link in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkLine {
    /// Names it, and opens nothing.
    id: String,
    kind: LinkKind,
    made_at: String,
    expires_at: String,
    /// Whether it still works.
    open: bool,
}

/// What a link shows.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedLink {
    kind: LinkKind,
    clinic: String,
    expires_at: String,
    /// What was answered so far, of an intake; nothing of a check-in.
    #[schema(schema_with = words::answers, required)]
    answers: serde_json::Map<String, serde_json::Value>,
    /// What is asked, of a check-in.
    #[schema(required)]
    check_in: Option<Asked>,
    /// Days since the last session, of a check-in.
    #[schema(required)]
    day: Option<u32>,
    /// Whether the client agreed to send photographs from home, of a check-in.
    photographs: bool,
    /// When somebody says how they are, of a link to that; none while the skin heals.
    #[schema(required)]
    moment: Option<AskedWhen>,
    /// What was agreed to, of a link to see that.
    consents: Vec<Consent>,
}

/// Somebody who came by a link.
pub(crate) struct Guest {
    pub(super) place: Place,
    kind: LinkKind,
    /// Who made the link, and answers for what comes by it.
    made_by: Uuid,
    expires_at: i64,
    /// What is offered for a review.
    offered: Option<String>,
    /// Names the link, and opens nothing.
    link: String,
}

impl Guest {
    /// Where they may write.
    pub(in super::super) fn place(&self) -> &Place {
        &self.place
    }

    /// Who made the link.
    pub(in super::super) fn made_by(&self) -> Uuid {
        self.made_by
    }

    /// What the clinic offers for a review, if it offers anything.
    pub(in super::super) fn offered(&self) -> Option<&str> {
        self.offered.as_deref().filter(|offered| !offered.is_empty())
    }
}

impl Store {
    /// Makes a link to the studio at an address such as `https://studio.example.org/`.
    pub(crate) async fn new_link(
        &self,
        who: &Who,
        case: Uuid,
        new: NewLink,
        home: &str,
    ) -> Result<MadeLink, Error> {
        if !(1..=DAYS_MAX).contains(&new.days) {
            return Err(Error::unusable("bad_days", format!("A link works for 1 to {DAYS_MAX} days.")));
        }
        let place = self.place(who, case).await?;
        keeping::require_open(&self.db, place.client).await?;
        if matches!(new.kind, LinkKind::Intake | LinkKind::Wellbeing) {
            self.require_data_agreed(&place).await?;
        }
        if matches!(new.kind, LinkKind::CheckIn | LinkKind::Calendar) {
            self.days_since_session(&place).await?;
        }
        let offered = self.offer(&place, &new).await?;
        let writing = self.begin().await?;
        let asked = AskedLink { kind: new.kind, days: new.days, offered };
        let MadeSecret { secret, expires_at } = add_link(&writing, &place, who.account, asked).await?;
        let deed = Deed::new("link.made").of(place.client).about(case);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        writing.commit().await?;
        let address = format!("{home}{}", page_of(&secret));
        Ok(MadeLink { qr_svg: qr_svg(&address)?, secret, address, expires_at: stamp(expires_at) })
    }

    /// What is offered for a review, which has to be said, if it is only that it is nothing; nothing of other links.
    async fn offer(&self, place: &Place, new: &NewLink) -> Result<Option<String>, Error> {
        if new.kind != LinkKind::Review {
            return Ok(None);
        }
        self.session_to_review(place).await?;
        self.require_no_review(place.client()).await?;
        let Some(offered) = &new.offered else {
            let message = "Say what the client gets for a review, and leave it empty where that is nothing. Everybody reads it.";
            return Err(Error::unusable("no_offer", message));
        };
        let offered = offered.trim();
        if offered.is_empty() { Ok(Some(String::new())) } else { required(offered, "gift").map(Some) }
    }

    /// Takes a link back.
    pub(crate) async fn close_link(&self, who: &Who, id: &str) -> Result<(), Error> {
        let row = link::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("link"))?;
        if row.kind == LinkKind::Review.word() {
            let message = "A link for a review is not taken back, so that nobody can be kept from one. It ends by itself, or once a \
                           review is written.";
            return Err(Error::unusable("review_link_stays", message));
        }
        self.close(id).await?;
        self.note(who, Deed::new("link.closed").of(row.client).about(row.case)).await
    }

    /// Who comes by a secret. One that does not open is refused, and told in the audit where it is known whose it was.
    pub(crate) async fn guest(&self, secret: &str) -> Result<Guest, Error> {
        let closed = || {
            let message = "This link does not work any more, or was not copied whole. Ask your practitioner for a new one.";
            Error::unusable("link_closed", message)
        };
        let Some(row) = link::Entity::find_by_id(id_of(secret)).one(&self.db).await? else {
            crate::log::refused("a link that does not exist was tried");
            return Err(closed());
        };
        if !works(&row, now()) {
            self.refused(&row.id, [row.clinic, row.client, row.case]).await?;
            return Err(closed());
        }
        let kind = LinkKind::of_word(&row.kind).ok_or_else(closed)?;
        let Ok(key) = key_of(secret).unwrap(KeyPlace { kind: KEY, id: &bound(&row) }, &row.key_wrapped)
        else {
            // Its row says something else than when it was made.
            self.refused(&row.id, [row.clinic, row.client, row.case]).await?;
            return Err(closed());
        };
        self.links.use_of_link(&row.id)?;
        let place = Place { clinic: row.clinic, client: row.client, case: row.case, account: None, key };
        let (made_by, expires_at, offered) = (row.account, row.expires_at, row.offered);
        Ok(Guest { place, kind, made_by, expires_at, offered, link: row.id })
    }

    /// What a link shows.
    pub(crate) async fn opened_link(&self, guest: &Guest) -> Result<OpenedLink, Error> {
        let clinic = clinic::Entity::find_by_id(guest.place.clinic).one(&self.db).await?;
        let is_check_in = guest.kind == LinkKind::CheckIn;
        let answers = match guest.kind {
            LinkKind::Intake => self.answers_at(&guest.place.key, guest.place.case).await?,
            _ => serde_json::Map::new(),
        };
        Ok(OpenedLink {
            kind: guest.kind,
            clinic: clinic.map(|row| row.name).unwrap_or_default(),
            expires_at: stamp(guest.expires_at),
            answers,
            check_in: if is_check_in { Some(self.asked(guest.place.clinic).await?) } else { None },
            moment: match guest.kind {
                LinkKind::Wellbeing => self.moment_at(&guest.place).await?,
                _ => None,
            },
            consents: match guest.kind {
                LinkKind::Consents => self.consents_at(&guest.place).await?,
                _ => Vec::new(),
            },
            photographs: is_check_in && self.may_send(&guest.place).await?,
            day: if is_check_in { Some(self.days_since_session(&guest.place).await?) } else { None },
        })
    }

    /// Adds what a client answers by a link to what was answered before.
    pub(crate) async fn answer_by_link(&self, guest: &Guest, new: Answered) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::Intake).await?;
        let place = &guest.place;
        keeping::require_open(&self.db, place.client).await?;
        self.require_data_agreed(place).await?;
        self.require_understood(place.clinic, &new.answers).await?;
        self.answer_at(&place.key, guest.made_by, (place.client, place.case), &new).await?;
        let writing = self.begin().await?;
        let deed = Deed::new("case.answered_by_client").of(place.client).about(place.case);
        audit::append(&writing, place.clinic, None, deed).await?;
        Ok(writing.commit().await?)
    }

    /// Keeps what a client tells of the skin by a link.
    pub(crate) async fn check_in_by_link(&self, guest: &Guest, text: CheckInText) -> Result<Advised, Error> {
        self.require_kind(guest, LinkKind::CheckIn).await?;
        self.check_in_at(&guest.place, text).await
    }

    /// Stops letters by e-mail, as a client asks by a link.
    pub(crate) async fn stop_mail_by_link(&self, guest: &Guest) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::StopMail).await?;
        let place = &guest.place;
        self.set_letters(&place.key, guest.made_by, (place.client, false)).await?;
        let writing = self.begin().await?;
        audit::append(&writing, place.clinic, None, Deed::new("mail.stopped_by_client").of(place.client))
            .await?;
        Ok(writing.commit().await?)
    }

    /// Links of a case; those that stand below letters are as many as the letters, and left out.
    pub(super) async fn links_at(&self, place: &Place) -> Result<Vec<LinkLine>, Error> {
        let of = link::Entity::find().filter(link::Column::Case.eq(place.case));
        let rows = of.order_by_asc(link::Column::CreatedAt).all(&self.db).await?;
        let line = |row: link::Model| {
            Some(LinkLine {
                kind: LinkKind::of_word(&row.kind).filter(|kind| *kind != LinkKind::StopMail)?,
                open: works(&row, now()),
                id: row.id,
                made_at: stamp(row.created_at),
                expires_at: stamp(row.expires_at),
            })
        };
        Ok(rows.into_iter().filter_map(line).collect())
    }

    /// Closes the link of somebody who came by it, within a write that it belongs to; whether it was open still.
    pub(in super::super) async fn use_up(
        &self,
        writing: &impl ConnectionTrait,
        guest: &Guest,
    ) -> Result<bool, Error> {
        Ok(closed(&guest.link).exec(writing).await?.rows_affected == 1)
    }

    async fn close(&self, id: &str) -> Result<(), Error> {
        closed(id).exec(&self.db).await?;
        Ok(())
    }

    /// Refuses to do with a link what it is not for.
    pub(in super::super) async fn require_kind(&self, guest: &Guest, kind: LinkKind) -> Result<(), Error> {
        if guest.kind == kind {
            return Ok(());
        }
        self.refuse_link(guest).await?;
        Err(Error::NotAllowed("This link is for something else."))
    }

    /// Tells in the chain of its clinic that a link was used as it may not be.
    pub(crate) async fn refuse_link(&self, guest: &Guest) -> Result<(), Error> {
        let place = &guest.place;
        self.refused(&guest.link, [place.clinic, place.client, place.case]).await
    }

    /// Tells the audit that a link was refused; not without end, so that nobody buries what else is in it.
    async fn refused(&self, link: &str, [clinic, client, case]: [Uuid; 3]) -> Result<(), Error> {
        self.links.refused_link(link)?;
        let writing = self.begin().await?;
        let deed = Deed::new("link.refused").of(client).about(case);
        audit::append(&writing, clinic, None, deed).await?;
        Ok(writing.commit().await?)
    }
}

impl LinkKind {
    const ALL: [Self; 7] = [
        Self::Intake,
        Self::CheckIn,
        Self::Calendar,
        Self::StopMail,
        Self::Review,
        Self::Consents,
        Self::Wellbeing,
    ];

    /// The word that is stored.
    fn word(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::CheckIn => "check_in",
            Self::Calendar => "calendar",
            Self::StopMail => "stop_mail",
            Self::Review => "review",
            Self::Consents => "consents",
            Self::Wellbeing => "wellbeing",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A link that is to be.
pub(super) struct AskedLink {
    pub(super) kind: LinkKind,
    pub(super) days: i64,
    /// What is offered for a review.
    pub(super) offered: Option<String>,
}

impl AskedLink {
    /// One without an offer.
    pub(super) fn plain(kind: LinkKind, days: i64) -> Self {
        Self { kind, days, offered: None }
    }
}

/// Adds a link in the name of an account, within a write that it belongs to.
pub(super) async fn add_link(
    writing: &impl ConnectionTrait,
    place: &Place,
    account: Uuid,
    AskedLink { kind, days, offered }: AskedLink,
) -> Result<MadeSecret, Error> {
    let secret = fresh_secret();
    let mut row = link::Model {
        id: id_of(&secret),
        clinic: place.clinic,
        client: place.client,
        case: place.case,
        kind: kind.word().to_owned(),
        account,
        key_wrapped: Vec::new(),
        expires_at: now() + days * DAY_MS,
        closed_at: None,
        offered,
        created_at: now(),
    };
    row.key_wrapped = place.key.wrapped_by(&key_of(&secret), KeyPlace { kind: KEY, id: &bound(&row) });
    let expires_at = row.expires_at;
    link::Entity::insert(link::ActiveModel::from(row).reset_all()).exec_without_returning(writing).await?;
    Ok(MadeSecret { secret, expires_at })
}

/// Closes a link that is open: without the key nothing opens it again, whatever becomes of its row.
fn closed(id: &str) -> sea_orm::UpdateMany<link::Entity> {
    let close = link::Entity::update_many()
        .col_expr(link::Column::ClosedAt, Expr::value(now()))
        .col_expr(link::Column::KeyWrapped, Expr::value(Vec::<u8>::new()));
    close.filter(link::Column::Id.eq(id).and(link::Column::ClosedAt.is_null()))
}

/// 256 random bits, hexadecimal.
pub(super) fn fresh_secret() -> String {
    data_encoding::HEXLOWER.encode(&random::<32>())
}

/// Whether a link opens at some time, ms since 1970.
fn works(row: &link::Model, at: i64) -> bool {
    row.closed_at.is_none() && at <= row.expires_at
}

/// All that a link is for, and until when: its key opens nowhere else.
fn bound(row: &link::Model) -> Vec<u8> {
    let link::Model { clinic, client, case, kind, account, expires_at, offered, .. } = row;
    let offered = offered.as_ref().map_or_else(String::new, |offered| format!(" {offered}"));
    format!("{clinic} {client} {case} {kind} {account} {expires_at}{offered}").into_bytes()
}

/// What is kept of a secret: nobody comes from it to the secret.
pub(super) fn id_of(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("stipple link {secret}")))
}

/// The key that a secret is; it has 256 random bits, so that nothing slow is needed.
fn key_of(secret: &str) -> Key {
    Key::of_secret(Sha256::digest(format!("stipple link key {secret}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(closed_at: Option<i64>) -> link::Model {
        link::Model {
            id: String::new(),
            clinic: Uuid::nil(),
            client: Uuid::nil(),
            case: Uuid::nil(),
            kind: "intake".to_owned(),
            account: Uuid::nil(),
            key_wrapped: Vec::new(),
            expires_at: 1000,
            closed_at,
            offered: None,
            created_at: 0,
        }
    }

    #[test]
    fn a_link_ends_on_its_day_or_when_it_is_taken_back() {
        assert!(works(&row(None), 1000));
        assert!(!works(&row(None), 1001) && !works(&row(Some(1)), 500));
    }

    #[test]
    fn a_links_key_opens_with_its_secret_for_what_it_was_made() {
        let secret = "ab".repeat(32);
        let place = |row: &link::Model| bound(row);
        let made = place(&row(None));
        let wrapped = Key::fresh().wrapped_by(&key_of(&secret), KeyPlace { kind: KEY, id: &made });
        let opens =
            |secret: &str, id: &[u8]| key_of(secret).unwrap(KeyPlace { kind: KEY, id }, &wrapped).is_ok();
        assert!(opens(&secret, &made));
        assert!(!opens(&id_of(&secret), &made), "what is kept of a secret is not the secret");
        let wider = link::Model { kind: "check_in".to_owned(), ..row(None) };
        let longer = link::Model { expires_at: 2000, ..row(None) };
        assert!(!opens(&secret, &place(&wider)) && !opens(&secret, &place(&longer)));
    }
}
