//! Calendars that programs fetch again and again: a client's own days, and the days of all clients for whoever works here.
//!
//! A client's feed opens as a link does, while the studio is locked too. An account's opens with a secret that holds no key:
//! a password that lies in calendar programs must not open the clinic, so that this feed waits until somebody has signed in.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::ToSpan as _;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use stipple_model::{Date, Wording};
use stipple_record::calendar::{FeedDay, feed_ics};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::{self, Deed};
use super::super::clients::Person;
use super::super::entity::{account, case, client, feed};
use super::super::texts::{opened, stamp, today};
use super::super::{Store, Who, now};
use super::links::{DAY_MS, DAYS_MAX, Guest, LinkKind, fresh_secret, id_of};
use super::sessions::standing_days;
use super::{Place, consents};
use crate::access::Role;
use crate::error::Error;

/// The user's name in a client's calendar program.
pub(crate) const CLIENT: &str = "client";
/// The same for an account.
pub(crate) const STUDIO: &str = "studio";
/// How far back an account's feed goes, days.
const BACK_DAYS: i64 = 30;

/// An account's calendar. Its secret is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeFeed {
    /// What the calendar program asks for as user.
    user: &'static str,
    /// And as password.
    secret: String,
    expires_at: String,
}

/// Whether an account has a calendar.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeedState {
    /// Until when it opens; none if there is none.
    #[schema(required)]
    expires_at: Option<String>,
}

/// For how long a calendar is wanted.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewFeed {
    /// For how many days it opens, 1 to 400.
    days: i64,
}

impl Store {
    /// A client's own days: care after every session, and the days on which we ask.
    pub(crate) async fn feed_of_client(&self, guest: &Guest) -> Result<String, Error> {
        self.require_kind(guest, LinkKind::Calendar).await?;
        let place = &guest.place;
        let consents = self.consents_at(place).await?;
        let language = consents::language(&consents);
        let words = self.letters_of(place.clinic).await?.feed;
        let aftercare = self.aftercare_of(place.clinic).await?;
        let sessions = self.sessions_at(place).await?;
        // Whoever was treated twice on a day has that day's care once.
        let mut treated = BTreeMap::<Date, u32>::new();
        for session in sessions.iter().filter(|session| session.stands()) {
            let Some(day) = session.day() else { continue };
            *treated.entry(day).or_default() += session.dots();
        }
        let mut care = Vec::new();
        for (day, dots) in treated {
            let whom = self.treated_at(place, dots).await?;
            care.push(stipple_care::calendar(&aftercare, day, &whom, language));
        }
        let last = standing_days(&sessions).max();
        let asked = self.check_ins_of(place.clinic).await?.days;
        let days = asked.iter().filter_map(|day| {
            let session = last?;
            let on = session.checked_add(i64::from(*day).days()).ok()?;
            Some(FeedDay {
                known_by: format!("asked {} {session} {day}", place.case),
                day: on,
                title: said(&words.asked, language),
                words: said(&words.asked_words, language),
                remind: false,
            })
        });
        let clinic = self.name_of_clinic(place.clinic).await?;
        Ok(feed_ics(&clinic, &care, &days.collect::<Vec<_>>()))
    }

    /// The days of all clients on which we ask or look again, by their initials.
    pub(crate) async fn feed_of_account(&self, secret: &str) -> Result<String, Error> {
        let clinic = self.clinic_of_feed(secret).await?;
        if self.clinic_key(clinic).is_err() {
            return Err(Error::Later {
                status: StatusCode::SERVICE_UNAVAILABLE,
                wait_s: 3600,
                message: "The studio was restarted and is locked. Sign in with your password to open it.",
            });
        }
        let clients = client::Entity::find().filter(client::Column::Clinic.eq(clinic)).all(&self.db).await?;
        let mut days = Vec::new();
        for row in clients {
            match self.days_of_client(&row).await {
                Ok(mut found) => days.append(&mut found),
                // One that cannot be read must not hide the others.
                Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(feed_ics(&self.name_of_clinic(clinic).await?, &[], &days))
    }

    /// Makes an account's calendar; one that was there before closes.
    pub(crate) async fn new_feed(&self, who: &Who, new: NewFeed) -> Result<MadeFeed, Error> {
        if !(1..=DAYS_MAX).contains(&new.days) {
            return Err(Error::unusable("bad_days", format!("A calendar opens for 1 to {DAYS_MAX} days.")));
        }
        let secret = fresh_secret();
        let expires_at = now() + new.days * DAY_MS;
        let row = feed::ActiveModel {
            id: Set(id_of(&secret)),
            account: Set(who.account),
            expires_at: Set(expires_at),
            created_at: Set(now()),
        };
        let writing = self.begin().await?;
        feed::Entity::delete_many().filter(feed::Column::Account.eq(who.account)).exec(&writing).await?;
        feed::Entity::insert(row).exec_without_returning(&writing).await?;
        audit::append(&writing, who.clinic, Some(who.account), Deed::new("feed.made")).await?;
        writing.commit().await?;
        Ok(MadeFeed { user: STUDIO, secret, expires_at: stamp(expires_at) })
    }

    /// Closes an account's calendar. Twice is once.
    pub(crate) async fn close_feed(&self, who: &Who) -> Result<(), Error> {
        feed::Entity::delete_many().filter(feed::Column::Account.eq(who.account)).exec(&self.db).await?;
        self.note(who, Deed::new("feed.closed")).await
    }

    /// Whether an account has a calendar.
    pub(crate) async fn feed_state(&self, who: &Who) -> Result<FeedState, Error> {
        let row = feed::Entity::find().filter(feed::Column::Account.eq(who.account)).one(&self.db).await?;
        let open = row.filter(|row| now() <= row.expires_at);
        Ok(FeedState { expires_at: open.map(|row| stamp(row.expires_at)) })
    }

    /// Whose days a secret opens. One that does not open is told in the audit where it is known whose it was.
    async fn clinic_of_feed(&self, secret: &str) -> Result<Uuid, Error> {
        const CLOSED: Error = Error::SignIn {
            code: "feed_closed",
            message: "This calendar does not open any more, or its password was not typed whole. Make a new one.",
        };
        let Some(row) = feed::Entity::find_by_id(id_of(secret)).one(&self.db).await? else {
            crate::log::refused("a calendar that does not exist was tried");
            return Err(CLOSED);
        };
        let of = account::Entity::find_by_id(row.account).one(&self.db).await?.ok_or(CLOSED)?;
        if now() <= row.expires_at && of.active {
            return Ok(of.clinic);
        }
        let who = Who { account: of.id, clinic: of.clinic, role: Role::of_word(&of.role) };
        self.note(&who, Deed::new("feed.refused")).await?;
        Err(CLOSED)
    }

    async fn days_of_client(&self, row: &client::Model) -> Result<Vec<FeedDay>, Error> {
        let key = self.unwrapped(row)?;
        let person: Person = opened(&key, "client", row.id, &row.sealed)?;
        let cases = case::Entity::find().filter(case::Column::Client.eq(row.id)).all(&self.db).await?;
        let mut days = Vec::new();
        for case in cases {
            let (clinic, key) = (row.clinic, key.clone());
            let place = Place { clinic, client: row.id, case: case.id, account: None, key };
            days.extend(self.days_of_case(&place, &person.initials()).await?);
        }
        Ok(days)
    }

    async fn days_of_case(&self, place: &Place, initials: &str) -> Result<Vec<FeedDay>, Error> {
        let Some(session) = self.standing_days(place).await?.into_iter().max() else { return Ok(Vec::new()) };
        let told = self.told_since(place, session).await?;
        let from = today().saturating_sub(BACK_DAYS.days());
        let day = |known_by: String, day: Date, title: String| FeedDay {
            known_by,
            day,
            title,
            words: String::new(),
            remind: false,
        };
        let check_ins = self.check_ins_of(place.clinic).await?;
        let open = check_ins.days.iter().filter(|asked| told.iter().all(|told| told < *asked));
        let open = open.filter_map(|asked| {
            let on = session.checked_add(i64::from(*asked).days()).ok()?;
            Some(day(format!("due {} {session} {asked}", place.case), on, format!("{initials}, day {asked}")))
        });
        let again = match self.last_treatment(place).await? {
            Some(treated) => {
                let days = self.touch_up_at(place, treated, &check_ins).await?;
                days.and_then(|days| treated.checked_add(i64::from(days).days()).ok())
            }
            None => None,
        };
        let again =
            again.map(|on| day(format!("again {}", place.case), on, format!("{initials}, look again")));
        Ok(open.chain(again).filter(|day| day.day >= from).collect())
    }

    /// Days of the sessions of a case that stand.
    async fn standing_days(&self, place: &Place) -> Result<Vec<Date>, Error> {
        let sessions = self.sessions_at(place).await?;
        Ok(standing_days(&sessions).collect())
    }
}

fn said(words: &Wording, language: &str) -> String {
    words.get(language).or_else(|| words.get("en")).cloned().unwrap_or_default()
}
