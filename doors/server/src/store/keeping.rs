//! How long the law keeps records, and what becomes of a client who is to be erased before.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use stipple_care::keeping::{KeptUntil, kept_until};
use stipple_model::{Date, Wording};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::{case, client, clinic};
use super::erasures::{Closed, SealedCase};
use super::texts::{required, sealed, today};
use super::{Store, Who, off_the_loop};
use crate::error::Error;

/// What a clinic says of itself.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct ClinicFacts {
    /// Where it is, as in ISO 3166: `DE`, `US-OR`; null until somebody says it.
    #[schema(required)]
    country: Option<String>,
    /// Whether a doctor treats.
    medical: bool,
}

impl ClinicFacts {
    /// The country without its state; nothing where nobody said it.
    pub(super) fn country_alone(&self) -> String {
        let country = self.country.as_deref().unwrap_or_default();
        country.split('-').next().unwrap_or_default().to_owned()
    }
}

/// What the law keeps of a client: consents and sessions. What was told of healing and wellbeing stays with them, by our reading
/// that the course of a treatment belongs to its record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Keeping {
    /// The first day on which everything may go, YYYY-MM-DD; null where nothing is kept.
    #[schema(required)]
    until: Option<String>,
    /// What keeps it, the longest first.
    rules: Vec<KeepLine>,
    /// Whether it is known where the clinic is.
    country_known: bool,
    /// Whether nothing but that is kept already.
    closed: bool,
}

/// A rule that keeps records.
#[derive(Debug, Serialize, ToSchema)]
struct KeepLine {
    until: String,
    text: Wording,
    source: String,
    grade: char,
}

impl Store {
    /// What a clinic says of itself.
    pub(crate) async fn clinic_facts(&self, clinic: Uuid) -> Result<ClinicFacts, Error> {
        let row = clinic::Entity::find_by_id(clinic).one(&self.db).await?.ok_or(Error::Missing("clinic"))?;
        Ok(ClinicFacts { country: row.country, medical: row.medical })
    }

    /// Says where a clinic is.
    pub(crate) async fn change_clinic(&self, who: &Who, facts: ClinicFacts) -> Result<ClinicFacts, Error> {
        let country =
            facts.country.as_deref().filter(|text| !text.trim().is_empty()).map(country).transpose()?;
        let change = clinic::Entity::update_many()
            .col_expr(clinic::Column::Country, Expr::value(country))
            .col_expr(clinic::Column::Medical, Expr::value(facts.medical));
        change.filter(clinic::Column::Id.eq(who.clinic)).exec(&self.db).await?;
        self.note(who, Deed::new("clinic.changed")).await?;
        // Another country asks for other things before anything is shown.
        self.make_pages(who).await?;
        self.clinic_facts(who.clinic).await
    }

    /// What the law keeps of a client.
    pub(crate) async fn keeping(&self, who: &Who, id: Uuid) -> Result<Keeping, Error> {
        self.client_key_to_read(who, id).await?;
        let facts = self.clinic_facts(who.clinic).await?;
        let row = client::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("client"))?;
        let retention = self.retention_of(who.clinic).await?;
        let last = self.last_day(who, id, facts.medical).await?;
        let here = facts.country.as_deref().zip(last);
        let kept = here.map(|(country, last)| kept_until(&retention, country, facts.medical, last));
        let kept: Vec<KeptUntil<'_>> =
            kept.unwrap_or_default().into_iter().filter(|kept| kept.day > today()).collect();
        let line = |kept: &KeptUntil<'_>| KeepLine {
            until: kept.day.to_string(),
            text: kept.rule.text.clone(),
            source: kept.rule.source.clone(),
            grade: kept.rule.grade,
        };
        // A record that was closed stays so until the day that was said then: its visits are gone, and with them what counted.
        let closed = row.kept_until.as_ref().and_then(|day| day.parse::<Date>().ok());
        let until = kept.first().map(|kept| kept.day).max(closed.filter(|day| *day > today()));
        Ok(Keeping {
            until: until.map(|day| day.to_string()),
            rules: kept.iter().map(line).collect(),
            country_known: facts.country.is_some(),
            closed: row.kept_until.is_some(),
        })
    }

    /// Erases a client, or what the law does not keep of them; what it keeps then.
    pub(crate) async fn erase_client(&self, who: &Who, id: Uuid) -> Result<Option<Keeping>, Error> {
        let keeping = self.keeping(who, id).await?;
        match keeping.until.as_deref().map(str::parse::<Date>) {
            None => self.erase_for_good(who, id).await.map(|()| None),
            Some(day) => {
                let day = day.map_err(|_| Error::Damaged { kind: "rule" })?;
                self.close_client(who, id, day).await?;
                Ok(Some(Keeping { closed: true, ..keeping }))
            }
        }
    }

    /// Day of the last session or visit of a client of whom the law keeps anything.
    async fn last_day(&self, who: &Who, id: Uuid, is_medical: bool) -> Result<Option<Date>, Error> {
        let treated = self.treatment_days(who, id).await?;
        let visits = self.shelf(who, id).await?.visit_days()?;
        let counts = !treated.is_empty() || is_medical;
        Ok(if counts { treated.into_iter().chain(visits).max() } else { None })
    }

    /// Removes what the law does not keep: photographs, results, visits, notes, answers, how the client is reached. Consents,
    /// sessions, check-ins and wellbeing stay, and nobody but the owner sees them: how a treatment healed, and what went wrong,
    /// belongs to its record, and an answer to a claim may rest on it.
    async fn close_client(&self, who: &Who, id: Uuid, until: Date) -> Result<(), Error> {
        let key = self.client_key_to_read(who, id).await?;
        let (blobs, titles) = (self.blobs_of(id).await?, self.case_titles(&key, id).await?);
        let person = sealed(&key, "client", id, &self.client(who, id).await?.person_alone());
        // First, so that whatever happens now an older backup does not bring the rest back.
        let closed = Closed {
            until: until.to_string(),
            person: person.clone(),
            cases: titles.iter().map(|(case, sealed)| (*case, SealedCase(sealed.clone()))).collect(),
        };
        let erasures = self.erasures.clone();
        off_the_loop(move || erasures.close(id, &closed)).await?;
        let measured = self.measured_cases(who, id).await?;
        let writing = self.begin().await?;
        super::clients::remove_things(&writing, id).await?;
        for (case, sealed) in titles {
            let write = case::Entity::update_many().col_expr(case::Column::Sealed, Expr::value(sealed));
            write.filter(case::Column::Id.eq(case)).exec(&writing).await?;
        }
        let close = client::Entity::update_many()
            .col_expr(client::Column::Sealed, Expr::value(person))
            .col_expr(client::Column::KeptUntil, Expr::value(Some(until.to_string())));
        close.filter(client::Column::Id.eq(id)).exec(&writing).await?;
        audit::append(&writing, who.clinic, Some(who.account), Deed::new(audit::CLOSED).of(id)).await?;
        writing.commit().await?;
        self.note_unmeasured(who, id, measured).await?;
        self.forget_old_pages().await?;
        self.drop_blobs(blobs).await?;
        self.make_pages(who).await
    }
}

/// Refuses to write into the record of somebody of whom only what the law keeps is kept.
pub(super) async fn require_open(db: &impl ConnectionTrait, client: Uuid) -> Result<(), Error> {
    let row = client::Entity::find_by_id(client).one(db).await?;
    if row.is_some_and(|row| row.kept_until.is_some()) { Err(closed()) } else { Ok(()) }
}

/// Why nothing is written, nor seen by others than the owner.
pub(super) fn closed() -> Error {
    let message = "This record is closed: its client was erased, and only the record of the treatment is kept. The owner can read it.";
    Error::unusable("record_closed", message)
}

/// A country, or a state of one.
fn country(text: &str) -> Result<String, Error> {
    let text = required(text, "country")?.to_uppercase();
    let fits = if text.contains('-') {
        rust_iso3166::iso3166_2::from_code(&text).is_some()
    } else {
        rust_iso3166::from_alpha2(&text).is_some()
    };
    let message = "There is no such country. It is two letters, such as DE or GB; a state follows after a line, such as US-OR.";
    if fits { Ok(text) } else { Err(Error::unusable("bad_country", message)) }
}
