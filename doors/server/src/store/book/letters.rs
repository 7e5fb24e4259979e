//! Letters that are due: looked up by day, written once each, sealed, and left in the outbox.

use std::collections::BTreeSet;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use stipple_care::letter::{due, is_calendar_due};
use stipple_model::{CheckIns, Date, Letter, Letters};
use uuid::Uuid;

use super::super::clients::Person;
use super::super::entity::{case, client, entry, mail, photograph, record, visit};
use super::super::outbox::LetterState;
use super::super::texts::{opened, sealed};
use super::super::{Store, now};
use super::alarm::ALARM;
use super::links::{AskedLink, LinkKind, add_link, page_of};
use super::told::days_since;
use super::{Place, consents};
use crate::clock::here;
use crate::error::Error;
use crate::keys::Key;
use crate::mail::MailSettings;
use crate::mail::letter::{Places, Words};

/// The hour from which letters are written; the calendar comes at once.
const MORNING: i8 = 8;
/// For how long the link of a letter works, days.
const CHECK_IN_DAYS: i64 = 14;
/// See [`CHECK_IN_DAYS`].
const CALENDAR_DAYS: i64 = 400;
/// See [`CHECK_IN_DAYS`].
const STOP_DAYS: i64 = 400;

/// What letters are written with.
struct Desk<'a> {
    settings: &'a MailSettings,
    letters: Letters,
    check_ins: CheckIns,
    clinic: String,
}

/// A letter that is due.
struct Due {
    letter: Letter,
    /// The day after the session that it is for.
    day: u32,
    /// The first entry of the session, before anything of it was put right.
    session: entry::Model,
    language: String,
}

impl Store {
    /// Writes the letters of a clinic that are due: of every warning sign to the clinic; to a client one at most a day, each once.
    pub(crate) async fn write_letters(&self, clinic: Uuid, settings: &MailSettings) -> Result<(), Error> {
        if let Err(error) = self.write_alarms(clinic, settings).await {
            crate::log::fault(&format!("an alarm was not written: {}", error.for_log()));
        }
        let desk = Desk {
            settings,
            letters: self.letters_of(clinic).await?,
            check_ins: self.check_ins_of(clinic).await?,
            clinic: self.name_of_clinic(clinic).await?,
        };
        let clients = client::Entity::find().filter(client::Column::Clinic.eq(clinic)).all(&self.db).await?;
        for row in clients {
            // Because one whose record is damaged must not hold up the others.
            if let Err(error) = self.write_to(&desk, &row).await {
                crate::log::fault(&format!("a letter was not written: {}", error.for_log()));
            }
        }
        Ok(())
    }

    /// Where a letter that waits is to go: nowhere if its client, or the clinic, does not want it any more.
    pub(in super::super) async fn wanted_at(&self, row: &mail::Model) -> Result<Option<String>, Error> {
        if row.kind == ALARM {
            return self.alarm_address(row.clinic).await;
        }
        let of = client::Entity::find_by_id(row.client).one(&self.db).await?;
        let Some(of) = of else { return Ok(None) };
        let key = self.unwrapped(&of)?;
        let person: Person = opened(&key, "client", of.id, &of.sealed)?;
        let place = place(&of, row.case, &key);
        let withdrawn = self.is_data_withdrawn(&place).await?;
        Ok(person.address().filter(|_| !withdrawn).map(str::to_owned))
    }

    /// Whether a letter to a client, other than a calendar, was written today, or went out today.
    async fn was_written_today(&self, client: Uuid) -> Result<bool, Error> {
        let counted = mail::Column::Kind.is_not_in([ALARM, Letter::Calendar.name()]);
        let of = mail::Entity::find().filter(mail::Column::Client.eq(client).and(counted));
        let last = of.order_by_desc(mail::Column::CreatedAt).one(&self.db).await?;
        let today = here(now()).date();
        let is_today = last.is_some_and(|last| here(last.created_at).date() == today);
        Ok(is_today || self.went_out_today(client).await?)
    }

    /// Writes what is due to a client who wants letters: the calendar of every session, and one other letter a day.
    async fn write_to(&self, desk: &Desk<'_>, client: &client::Model) -> Result<(), Error> {
        let key = self.unwrapped(client)?;
        let person: Person = opened(&key, "client", client.id, &client.sealed)?;
        if person.address().is_none() {
            return Ok(());
        }
        let mut is_written_to = self.was_written_today(client.id).await?;
        let cases = case::Entity::find().filter(case::Column::Client.eq(client.id));
        for case in cases.order_by_asc(case::Column::CreatedAt).all(&self.db).await? {
            let place = place(client, case.id, &key);
            for due in self.due_at(desk, &place).await? {
                // One invitation for each session, whatever day it is reckoned for next.
                let day = if due.letter == Letter::TouchUp { 0 } else { due.day };
                let occasion = key.mark(&format!("letter {} {} {day}", due.session.id, due.letter.name()));
                let written = mail::Entity::find().filter(mail::Column::Occasion.eq(&occasion));
                let may_be = due.letter == Letter::Calendar || !is_written_to;
                if may_be && written.one(&self.db).await?.is_none() {
                    is_written_to |= due.letter != Letter::Calendar;
                    self.overtake_waiting(case.id, due.letter).await?;
                    self.write(desk, &place, &due, occasion).await?;
                }
            }
        }
        Ok(())
    }

    async fn due_at(&self, desk: &Desk<'_>, place: &Place) -> Result<Vec<Due>, Error> {
        let sessions = self.sessions_at(place).await?;
        let standing = sessions.iter().filter(|session| session.stands());
        let last = standing.filter_map(|session| Some((session.day()?, session))).max_by_key(|(day, _)| *day);
        let Some((on, session)) = last else { return Ok(Vec::new()) };
        let consents = self.consents_at(place).await?;
        let told = self.told_since(place, on).await?;
        let day = days_since(on);
        let calendar = is_calendar_due(day).then_some((Letter::Calendar, 0));
        // A few test dots want no touch-up.
        let touch_up = match session.is_test() {
            true => None,
            false => self.touch_up_at(place, on, &desk.check_ins).await?,
        };
        let other = due(&desk.check_ins, day, &told, touch_up);
        let other = other.filter(|_| here(now()).hour() >= MORNING);
        if (calendar.is_none() && other.is_none()) || self.is_data_withdrawn(place).await? {
            return Ok(Vec::new());
        }
        let session = self.first_entry(session.id).await?;
        let language = consents::language(&consents);
        let due =
            |(letter, day)| Due { letter, day, session: session.clone(), language: language.to_owned() };
        Ok(calendar.into_iter().chain(other).map(due).collect())
    }

    /// The entry that others put right, one after another.
    async fn first_entry(&self, mut id: Uuid) -> Result<entry::Model, Error> {
        loop {
            let row = entry::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("session"))?;
            match row.parent {
                Some(earlier) => id = earlier,
                None => return Ok(row),
            }
        }
    }

    /// Days after the last treatment from which the client is asked to come and look again: by the latest course of fading since,
    /// or as the check-ins say where none is on record; none where the scar is not foreseen to be seen again.
    pub(super) async fn touch_up_at(
        &self,
        place: &Place,
        session: Date,
        check_ins: &CheckIns,
    ) -> Result<Option<u32>, Error> {
        let of = record::Column::Client.eq(place.client).and(record::Column::Kind.eq("fading"));
        let courses = record::Entity::find().filter(of).order_by_desc(record::Column::CreatedAt);
        let mut courses = courses.all(&self.db).await?;
        courses.retain(|row| here(row.created_at).date() >= session);
        if courses.is_empty() {
            return Ok(Some(check_ins.touch_up_day));
        }
        let visits = visit::Entity::find().filter(visit::Column::Case.eq(place.case)).all(&self.db).await?;
        let visits: BTreeSet<Uuid> = visits.into_iter().map(|row| row.id).collect();
        let photographs = photograph::Entity::find().filter(photograph::Column::Client.eq(place.client));
        let photographs = photographs.all(&self.db).await?.into_iter();
        let photographs: BTreeSet<Uuid> =
            photographs.filter(|row| visits.contains(&row.visit)).map(|row| row.id).collect();
        let Some(course) = courses.iter().find(|row| photographs.contains(&row.photograph)) else {
            return Ok(Some(check_ins.touch_up_day));
        };
        let json = self.file_of(&place.key, course, "fading.json").await?;
        let told: serde_json::Value =
            serde_json::from_slice(&json).map_err(|_| Error::Damaged { kind: "result" })?;
        let touch_up = &told["touch_up"];
        Ok(match (touch_up["seen"].as_str(), touch_up["days"]["likely"].as_f64()) {
            // From the day on which that was found.
            (Some("today"), _) => days_between(session, here(course.created_at).date()),
            (Some("later"), Some(days)) => Some(days.round() as u32),
            _ => None,
        })
    }

    /// Makes the links of a letter, and leaves it in the outbox, in one write.
    async fn write(&self, desk: &Desk<'_>, place: &Place, due: &Due, occasion: String) -> Result<(), Error> {
        // A session is written down by an account, which answers for the links.
        let account = due.session.account.ok_or(Error::Missing("session"))?;
        let writing = self.begin().await?;
        let stop =
            add_link(&writing, place, account, AskedLink::plain(LinkKind::StopMail, STOP_DAYS)).await?;
        let opens = match due.letter {
            Letter::Calendar => Some((LinkKind::Calendar, CALENDAR_DAYS)),
            Letter::CheckIn => Some((LinkKind::CheckIn, CHECK_IN_DAYS)),
            Letter::TouchUp => None,
        };
        let (mut link, mut until) = (String::new(), String::new());
        if let Some((kind, days)) = opens {
            let made = add_link(&writing, place, account, AskedLink::plain(kind, days)).await?;
            link = desk.settings.address(&page_of(&made.secret));
            until = day_in(&due.language, here(made.expires_at).date());
        }
        let stop = desk.settings.address(&page_of(&stop.secret));
        let places = Places { clinic: &desk.clinic, link: &link, until: &until, stop: &stop };
        let words = Words::of(&desk.letters, desk.letters.of(due.letter), &due.language, &places);
        let row = waiting_letter(place, due.letter.name(), occasion, &words);
        mail::Entity::insert(row).exec_without_returning(&writing).await?;
        Ok(writing.commit().await?)
    }
}

/// A letter that waits to go out.
pub(super) fn waiting_letter(
    place: &Place,
    kind: &str,
    occasion: String,
    words: &Words,
) -> mail::ActiveModel {
    let id = Uuid::now_v7();
    let row = mail::Model {
        id,
        clinic: place.clinic,
        client: place.client,
        case: place.case,
        kind: kind.to_owned(),
        occasion,
        sealed: sealed(&place.key, "letter", id, words),
        state: LetterState::Waiting.word().to_owned(),
        reason: None,
        tries: 0,
        next_at: now(),
        changed_at: now(),
        created_at: now(),
    };
    mail::ActiveModel::from(row).reset_all()
}

fn place(client: &client::Model, case: Uuid, key: &Key) -> Place {
    Place { clinic: client.clinic, client: client.id, case, account: None, key: key.clone() }
}

fn days_between(from: Date, to: Date) -> Option<u32> {
    u32::try_from(from.until(to).ok()?.get_days()).ok()
}

/// A day as people of a language write it.
fn day_in(language: &str, day: Date) -> String {
    let form = if language == "de" { "%-d.%-m.%Y" } else { "%-d %B %Y" };
    day.strftime(form).to_string()
}
