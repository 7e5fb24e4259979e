//! How treated skin goes back to what it was: photographs that clients send, and the redness measured in them.

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use stipple_model::{Outcome, Purpose, Reading, Wording};
use stipple_record::format;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::cases::VisitText;
use super::super::entity::{job, photograph, record, visit};
use super::super::jobs::{Work, insert};
use super::super::photographs::NewPhotograph;
use super::super::texts::opened;
use super::super::{Store, Who};
use super::links::{Guest, LinkKind};
use super::sessions::{Session, standing_days};
use super::{Kind, NewEntry, Place, keep};
use crate::error::Error;
use crate::worker::OutcomeAsked;

/// Largest photograph that a client sends, bytes: phones make 3 to 15 MB.
pub(crate) const SENT_BYTES_MAX: usize = 40 << 20;
/// The clause of the consent to photographs that is about those.
const FROM_HOME: &str = "from_home";
const NO_CONSENT: &str =
    "You have not agreed to send photographs from home. Your practitioner can ask you for that consent.";
/// Most photographs of a case that clients send in a day.
const A_DAY_MAX: usize = 5;

/// How the redness of treated skin went since the last session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Healing {
    /// Day of that session, YYYY-MM-DD.
    session: String,
    photographs: Vec<HealingPhotograph>,
    /// How it goes as a rule.
    #[schema(required)]
    usual: Option<UsualRedness>,
}

/// Redness of a scar against the skin around it: index, above 0 is redder.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Redness {
    value: f64,
    standard_uncertainty: f64,
}

/// A photograph since the session.
#[derive(Debug, Serialize, ToSchema)]
struct HealingPhotograph {
    photograph: Uuid,
    /// Days since the session.
    day: u32,
    /// What was measured in it.
    #[schema(required)]
    redness: Option<Redness>,
    /// And in the one before the first session that it was held against.
    #[schema(required)]
    before: Option<Redness>,
    /// Why nothing was measured, as a word for programs; none while it waits.
    #[schema(required)]
    code: Option<String>,
    /// The same in words.
    #[schema(required)]
    message: Option<String>,
    /// The entry that says that the client sent it.
    #[schema(required)]
    sent: Option<Uuid>,
    /// Whether somebody of the clinic has looked at it.
    seen: bool,
}

/// That a client sent a photograph, as it is kept.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct KeptSent {
    pub(super) photograph: Uuid,
    /// Of the file as it came, hexadecimal: with this entry it is bound to the audit.
    #[serde(default)]
    sha256: String,
    /// Days since the last session.
    pub(super) day: u32,
}

/// How redness goes as a rule: days, and no amounts, because nobody has measured those.
#[derive(Debug, Serialize, ToSchema)]
struct UsualRedness {
    peak_days: [u32; 2],
    settles_days: [u32; 2],
    /// What to expect, and what is otherwise on this skin, by language.
    texts: Vec<Wording>,
}

impl Store {
    /// Keeps a photograph that a client sends while the skin heals, to be looked at and measured once the clinic is open.
    pub(crate) async fn photograph_by_link(&self, guest: &Guest, bytes: Vec<u8>) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::CheckIn).await?;
        let place = guest.place();
        if !self.may_send(place).await? {
            return Err(Error::unusable("no_consent_from_home", NO_CONSENT));
        }
        let day = self.days_since_session(place).await?;
        if bytes.is_empty() {
            return Err(Error::unusable("file_size", "The file is empty. Send the photograph again."));
        }
        stipple_pipeline::require_photograph(&bytes)
            .map_err(|error| Error::unusable(error.code(), error.to_string()))?;
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        let _deciding = self.deciding.lock().await;
        let today = self.visit_by_link(place).await?;
        let sent = photograph::Entity::find().filter(photograph::Column::Visit.eq(today.unwrap_or_default()));
        let sent = sent.all(&self.db).await?;
        if sent.iter().any(|row| row.sha256 == sha256) {
            // Sent again, because its answer was lost.
            return Ok(());
        }
        if sent.len() >= A_DAY_MAX {
            let message =
                "Enough photographs came for one day. If it gets worse, call your practitioner or a doctor.";
            return Err(Error::unusable("sent_enough", message));
        }
        let before = self.reading_before(place).await?;
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let blob = self.put(&place.key, "photograph", place.client, bytes).await?;
        let (visit, id) = (today.unwrap_or_else(Uuid::now_v7), Uuid::now_v7());
        let who = self.in_the_name_of(place.clinic, guest.made_by()).await?;
        let measured = self.measured_by_file(&who, &sha256).await?;
        let writing = self.begin().await?;
        if today.is_none() {
            VisitText::by_link().insert(&writing, &place.key, (place.client, place.case), visit).await?;
        }
        let new =
            NewPhotograph { id, client: place.client, visit, sha256: sha256.clone(), bytes: length, blob };
        new.insert(&writing).await?;
        insert(&writing, &who, &place.key, (place.client, id), &Work::Look).await?;
        if let Some(reading) = before {
            let work = Work::Outcome(OutcomeAsked::while_healing(reading, day));
            insert(&writing, &who, &place.key, (place.client, id), &work).await?;
        }
        let sent = KeptSent { photograph: id, sha256, day };
        let new =
            NewEntry { kind: Kind::Sent, parent: None, text: &sent, action: "photograph.sent_by_client" };
        keep(&writing, place, new).await?;
        writing.commit().await?;
        self.note_kept_twice(&who, measured).await
    }

    /// Refuses more photographs of a client who took back that any are taken. Nobody has to agree before the first.
    pub(in super::super) async fn require_photographs_allowed(
        &self,
        who: &Who,
        visit: Uuid,
    ) -> Result<(), Error> {
        let row = visit::Entity::find_by_id(visit).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        let place = self.place(who, row.case).await?;
        let consents = self.consents_at(&place).await?;
        let of_photographs = || consents.iter().filter(|one| one.is_of(Purpose::Photographs));
        if of_photographs().next().is_some() && of_photographs().all(super::consents::Consent::is_withdrawn) {
            let message =
                "The client took back that photographs are taken. No more of them without a new consent.";
            return Err(Error::unusable("photographs_withdrawn", message));
        }
        Ok(())
    }

    /// Whether the client agreed to send photographs from home.
    pub(super) async fn may_send(&self, place: &Place) -> Result<bool, Error> {
        Ok(self.agreed_at(place, Purpose::Photographs, FROM_HOME).await?.1)
    }

    /// How the redness went since the last session; none without one.
    pub(super) async fn healing_at(&self, place: &Place) -> Result<Option<Healing>, Error> {
        let sessions = self.sessions_at(place).await?;
        let Some(session) = standing_days(&sessions).max() else { return Ok(None) };
        let (sent, seen) = (self.entries::<KeptSent>(place, Kind::Sent).await?, self.seen_at(place).await?);
        let mut photographs = Vec::new();
        for (visit, row) in self.photographs_at(place).await? {
            let Some(day) = visit.day() else { continue };
            let Ok(Ok(since)) = session.until(day).map(|span| u32::try_from(span.get_days())) else {
                continue;
            };
            let measured = self.redness_of(place, row.id).await?;
            let Some(measured) = measured.or_else(|| visit.is_by_link().then(no_reading_before)) else {
                continue;
            };
            let (measures, why) = measured.map_or_else(|why| (None, why), |both| (Some(both), None));
            let (before, redness) = measures.map(|[was, is]| (was, is)).unzip();
            let (code, message) = why.unzip();
            let sent = sent.iter().find(|kept| kept.text.photograph == row.id).map(|kept| kept.id);
            let seen = sent.is_some_and(|id| seen.contains(&id));
            let photograph = row.id;
            photographs.push(HealingPhotograph {
                photograph,
                day: since,
                redness,
                before,
                code,
                message,
                sent,
                seen,
            });
        }
        photographs.sort_by_key(|one| one.day);
        let last = sessions.iter().filter(|one| one.stands()).max_by_key(|one| one.day());
        let skin = self.treated_at(place, last.map_or(0, Session::dots)).await?.skin;
        let usual = self.check_ins_of(place.clinic).await?.redness.map(|course| {
            let (settles_days, texts) = course.on(&skin);
            UsualRedness {
                peak_days: course.peak_days,
                settles_days,
                texts: texts.into_iter().cloned().collect(),
            }
        });
        Ok(Some(Healing { session: session.to_string(), photographs, usual }))
    }

    /// Redness before and in a photograph that was held against the one before, or why there is none; nothing where nobody
    /// held it against another.
    async fn redness_of(&self, place: &Place, id: Uuid) -> Result<Option<Measured>, Error> {
        let of = record::Column::Photograph.eq(id).and(record::Column::Kind.eq("outcome"));
        let made = record::Entity::find().filter(of).order_by_desc(record::Column::CreatedAt);
        if let Some(row) = made.one(&self.db).await? {
            let json = self.file_of(&place.key, &row, "outcome.json").await;
            let outcome = json.ok().and_then(|json| format::outcome_from_json(&json).ok());
            // One that cannot be read any more must not hide the book.
            return Ok(Some(outcome.map(|outcome| redness(&outcome.value)).ok_or_else(unreadable)));
        }
        let of = job::Column::Subject.eq(id).and(job::Column::Kind.eq("outcome"));
        let asked =
            job::Entity::find().filter(of).order_by_desc(job::Column::CreatedAt).one(&self.db).await?;
        Ok(asked.map(|row| Err(row.code.zip(row.message))))
    }

    /// What was read of a photograph.
    pub(super) async fn reading_of(&self, place: &Place, id: Uuid) -> Result<Reading, Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("reading"))?;
        let json = self.file_of(&place.key, &row, "reading.json").await?;
        let read = format::reading_from_json(&json).map_err(|_| Error::Damaged { kind: "result" })?;
        Ok(read.value)
    }

    /// The photographs of a case, each with its visit.
    pub(super) async fn photographs_at(
        &self,
        place: &Place,
    ) -> Result<Vec<(VisitText, photograph::Model)>, Error> {
        let mut found = Vec::new();
        for (id, text) in self.visits_at(place).await? {
            let of = photograph::Entity::find().filter(photograph::Column::Visit.eq(id));
            found.extend(of.all(&self.db).await?.into_iter().map(|row| (text.clone(), row)));
        }
        Ok(found)
    }

    async fn visits_at(&self, place: &Place) -> Result<Vec<(Uuid, VisitText)>, Error> {
        let of = visit::Entity::find().filter(visit::Column::Case.eq(place.case));
        let rows = of.all(&self.db).await?;
        rows.into_iter().map(|row| Ok((row.id, opened(&place.key, "visit", row.id, &row.sealed)?))).collect()
    }

    /// The visit of today's photographs from the client, if there is one.
    async fn visit_by_link(&self, place: &Place) -> Result<Option<Uuid>, Error> {
        let visits = self.visits_at(place).await?;
        Ok(visits.into_iter().find(|(_, text)| text.is_by_link_today()).map(|(id, _)| id))
    }

    /// The reading of the last photograph from before the first session, or of the last without any: the skin as it was. One
    /// of that very day counts where it was taken at a consultation.
    pub(super) async fn reading_before(&self, place: &Place) -> Result<Option<Uuid>, Error> {
        let sessions = self.sessions_at(place).await?;
        let first = standing_days(&sessions).min();
        let mut before = self.photographs_at(place).await?;
        before
            .retain(|(visit, row)| row.reading.is_some() && first.is_none_or(|first| visit.is_before(first)));
        before.sort_by_key(|(visit, row)| (visit.day(), row.created_at));
        Ok(before.pop().and_then(|(_, row)| row.reading))
    }
}

fn no_reading_before() -> Measured {
    let message = "No photograph from before the first session had been read when it came. Read that one, then hold this one \
                   against it.";
    let none = Error::unusable("no_reading_before", message);
    Err(Some((none.code().to_owned(), none.to_string())))
}

fn unreadable() -> Option<(String, String)> {
    let damaged = Error::Damaged { kind: "result" };
    Some((damaged.code().to_owned(), damaged.to_string()))
}

/// Redness before and after, or a code with its words; neither while it waits.
type Measured = Result<[Redness; 2], Option<(String, String)>>;

fn redness(outcome: &Outcome) -> [Redness; 2] {
    [outcome.redness.before, outcome.redness.after].map(|measured| Redness {
        value: measured.value,
        standard_uncertainty: measured.standard_uncertainty,
    })
}
