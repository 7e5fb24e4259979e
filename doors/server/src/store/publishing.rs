//! What is shown to strangers: which cases, by whose signature, and what was taken back.
//!
//! A row says whether a case is shown; its picture and the pages lie in `public`, in the clear, because everybody may see
//! them. Whoever asks for a case that was taken back is told so from the row's own moment on, whatever still lies there.

mod anew;
mod facts;
mod measured;
mod pages;
pub(super) mod remembered;
pub(crate) mod reviews;
pub(crate) mod signing;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use stipple_model::{CaseId, Credential, Date, Language, LedgerHead};
use stipple_pipeline::folded;
use stipple_record::{settings, store};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::entity::{audit as audit_row, file, job, photograph, publication, record, showcase, visit};
use super::texts::{hidden, not_too_long, require_seen, required, stamp, today};
use super::{Store, Who, now};
use crate::error::Error;
use crate::worker::publishing::ConsentSaid;
use signing::SigningKey;

/// What it is called that the pages were taken as a ZIP.
const EXPORTED: &str = "pages.exported";
/// Most credentials, and most points that a clinic confirms.
const MOST: usize = 50;

/// What a clinic says of its pages.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Showcase {
    /// `en` or `de`.
    language: String,
    /// Words of what the clinic confirms of what its country asks for: `not_targeting_minors`.
    confirmed: Vec<String>,
    /// The day on which somebody who knows the law signed for it, YYYY-MM-DD.
    #[schema(required)]
    legal_signoff: Option<String>,
    /// Who that was.
    #[serde(default)]
    legal_signoff_by: Option<String>,
    credentials: Vec<CredentialText>,
    /// Who is asked for a review, in the clinic's words.
    #[schema(required)]
    reviews_policy: Option<String>,
    /// Where the pages will stand, `https://…/`.
    #[schema(required)]
    address: Option<String>,
    /// Whether search engines may list them.
    is_listed: bool,
}

/// Something that somebody learned.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct CredentialText {
    what: String,
    issued_by: String,
    #[serde(default)]
    number: Option<String>,
    /// YYYY-MM-DD.
    #[serde(default)]
    until: Option<String>,
}

/// Everything about a clinic's pages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Publishing {
    /// Where the pages are, below the studio's address; null before anything was shown.
    #[schema(required)]
    page: Option<String>,
    showcase: Showcase,
    /// Who vouches for the key that signs; null before there is one.
    #[schema(required)]
    certificates: Option<signing::Certificates>,
    /// What is still needed before anything may be shown.
    needs: Vec<NeedLine>,
    shown: Vec<PublicationLine>,
    reviews: Vec<reviews::ReviewLine>,
}

/// What a country asks for and is not met yet; everything empty where nobody has read its rules.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct NeedLine {
    /// What: `legal_signoff`.
    check: String,
    rule: String,
    english: String,
    german: String,
    /// A few of the rule's own words.
    quote: String,
    source: String,
    grade: String,
}

/// A case that is shown, or was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicationLine {
    id: Uuid,
    client: Uuid,
    case: Uuid,
    /// The result that was published.
    record: Uuid,
    /// By which strangers know it.
    public_id: String,
    /// The client's name; empty where they were erased.
    name: String,
    /// The case's title.
    title: String,
    shown_at: String,
    /// When it was taken back.
    #[schema(required)]
    withdrawn_at: Option<String>,
    /// Why strangers do not see it at present though nobody took it back, each in a sentence; empty where what it rests on is
    /// gone from the record. Null where they see it, or it was taken back.
    #[schema(required)]
    not_shown: Option<Vec<String>>,
    /// When ZIPs of the pages were taken that still hold it: they are to be pulled wherever they stand.
    to_pull: Vec<String>,
}

impl Store {
    /// Everything about a clinic's pages.
    pub(crate) async fn publishing(&self, who: &Who) -> Result<Publishing, Error> {
        let showcase = self.showcase(who.clinic).await?;
        let rows = publication::Entity::find().filter(publication::Column::Clinic.eq(who.clinic));
        let rows = rows.order_by_desc(publication::Column::CreatedAt).all(&self.db).await?;
        let exports = self.exports(who.clinic).await?;
        let mut shown = Vec::new();
        for row in &rows {
            let not_shown = self.not_shown(who, row).await?;
            let until = if not_shown.is_some() { Some(i64::MAX) } else { row.withdrawn_at };
            let line = line(row, self.called(who, row).await?);
            shown.push(PublicationLine {
                not_shown,
                to_pull: to_pull(&exports, row.created_at, until),
                ..line
            });
        }
        Ok(Publishing {
            certificates: self.certificates(who.clinic).await?,
            page: (!rows.is_empty()).then(|| format!("/public/{}/index.html", who.clinic)),
            needs: self.needs(who).await?,
            showcase,
            shown,
            reviews: self.review_lines(who.clinic).await?,
        })
    }

    /// The names of a client and a case; empty where they were erased since.
    async fn called(&self, who: &Who, row: &publication::Model) -> Result<(String, String), Error> {
        let name = match self.name_of_client(who, row.client).await {
            Err(Error::Missing(_)) => return Ok((String::new(), String::new())),
            name => name?,
        };
        let key = self.client_key_to_read(who, row.client).await?;
        Ok((name, self.title_at(&key, row.case).await?))
    }

    /// When pages were taken as a ZIP, ms since 1970.
    async fn exports(&self, clinic: Uuid) -> Result<Vec<i64>, Error> {
        let of = audit_row::Column::Clinic.eq(clinic).and(audit_row::Column::Action.eq(EXPORTED));
        let rows = audit_row::Entity::find().filter(of).order_by_asc(audit_row::Column::At);
        Ok(rows.all(&self.db).await?.into_iter().map(|row| row.at).collect())
    }

    /// Changes what a clinic says of its pages, and makes them anew.
    pub(crate) async fn change_showcase(&self, who: &Who, new: Showcase) -> Result<Publishing, Error> {
        let new = new.checked()?;
        let json = serde_json::to_string(&new).expect("plain data becomes JSON");
        let row = showcase::Model { clinic: who.clinic, json };
        let writing = self.begin().await?;
        showcase::Entity::delete_by_id(who.clinic).exec(&writing).await?;
        showcase::Entity::insert(showcase::ActiveModel::from(row).reset_all())
            .exec_without_returning(&writing)
            .await?;
        audit::append(&writing, who.clinic, Some(who.account), Deed::new("pages.changed")).await?;
        writing.commit().await?;
        self.make_pages(who).await?;
        self.publishing(who).await
    }

    /// Shows a published picture: its row, then the pages.
    pub(crate) async fn show(&self, who: &Who, record: Uuid) -> Result<(), Error> {
        let (of, _) = self.record_row(who, record).await?;
        let (case, _) = self.place_of_photograph(who, of.photograph).await?;
        self.require_may_show(who, case).await?;
        let deciding = self.deciding.lock().await;
        let id = Uuid::now_v7();
        let picture = store::sha256_hex(&self.record_file(who, record, "published.jpg").await?);
        let row = publication::Model {
            id,
            clinic: who.clinic,
            client: of.client,
            case,
            record,
            public_id: public_id(&self.signing_key(who.clinic).await?, case)?.to_string(),
            sha256: Some(picture.clone()),
            withdrawn_at: None,
            withdrawn_by: None,
            created_at: now(),
        };
        let writing = self.begin().await?;
        // A case is shown once: what was shown of it before goes.
        withdraw(&writing, publication::Column::Case.eq(case)).await?;
        publication::Entity::insert(publication::ActiveModel::from(row).reset_all())
            .exec_without_returning(&writing)
            .await?;
        let deed = Deed::new("publication.shown").of(of.client).about(id).bound(&picture);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        writing.commit().await?;
        drop(deciding);
        self.make_pages(who).await
    }

    /// Takes a case back.
    pub(crate) async fn unshow(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = publication::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("publication"))?;
        let writing = self.begin().await?;
        if withdraw(&writing, publication::Column::Id.eq(id)).await? {
            withdrawn_by(&writing, WithdrawnBy::Clinic, publication::Column::Id.eq(id)).await?;
        }
        let blobs = drop_made(&writing, row.case).await?;
        let deed = Deed::new("publication.withdrawn").of(row.client).about(id);
        audit::append(&writing, who.clinic, Some(who.account), deed).await?;
        writing.commit().await?;
        self.drop_blobs(blobs).await?;
        self.make_pages(who).await
    }

    /// Who took back a case that strangers may not see any more; none of one that they may.
    pub(crate) async fn withdrawn(
        &self,
        clinic: Uuid,
        public_id: &str,
    ) -> Result<Option<WithdrawnBy>, Error> {
        let of = publication::Column::Clinic.eq(clinic).and(publication::Column::PublicId.eq(public_id));
        let rows = publication::Entity::find().filter(of).order_by_desc(publication::Column::CreatedAt);
        let rows = rows.all(&self.db).await?;
        let is_gone = rows.iter().all(|row| row.withdrawn_at.is_some());
        Ok(rows.first().filter(|_| is_gone).map(WithdrawnBy::of))
    }

    /// The language of a clinic's pages.
    pub(crate) async fn language_of_pages(&self, clinic: Uuid) -> Result<Language, Error> {
        Ok(self.showcase(clinic).await?.language())
    }

    /// What a clinic says of its pages.
    async fn showcase(&self, clinic: Uuid) -> Result<Showcase, Error> {
        let row = showcase::Entity::find_by_id(clinic).one(&self.db).await?;
        let kept = row.map(|row| serde_json::from_str(&row.json));
        let kept = kept.transpose().map_err(|_| Error::Damaged { kind: "pages" })?;
        Ok(kept.unwrap_or_else(Showcase::new))
    }

    /// Where a clinic's chain stands.
    async fn ledger_head(&self, clinic: Uuid) -> Result<LedgerHead, Error> {
        let (place, hash) = self.end_of_chain(clinic).await?;
        Ok(LedgerHead { place: place.unsigned_abs(), hash })
    }

    /// The case and the visit's day of a photograph.
    pub(super) async fn place_of_photograph(
        &self,
        who: &Who,
        id: Uuid,
    ) -> Result<(Uuid, Option<Date>), Error> {
        let (row, _) = self.photograph_row(who, id).await?;
        let visit = super::entity::visit::Entity::find_by_id(row.visit).one(&self.db).await?;
        let visit = visit.ok_or(Error::Missing("visit"))?;
        let key = self.client_key_to_read(who, row.client).await.map_err(|error| hidden(error, "visit"))?;
        let text: super::cases::VisitText = super::texts::opened(&key, "visit", visit.id, &visit.sealed)?;
        Ok((visit.case, text.day()))
    }
}

impl Showcase {
    fn new() -> Self {
        Self {
            language: "en".to_owned(),
            confirmed: Vec::new(),
            legal_signoff: None,
            legal_signoff_by: None,
            credentials: Vec::new(),
            reviews_policy: None,
            address: None,
            is_listed: false,
        }
    }

    fn checked(mut self) -> Result<Self, Error> {
        let fits = self.confirmed.len() <= MOST && self.credentials.len() <= MOST;
        if !fits || !Language::ALL.iter().any(|language| language.name() == self.language) {
            let message = "The pages have a language (en or de), and up to 50 credentials.";
            return Err(Error::unusable("bad_pages", message));
        }
        let is_day = |day: &Option<String>| day.as_ref().is_none_or(|day| day.parse::<Date>().is_ok());
        if !is_day(&self.legal_signoff) || !self.credentials.iter().all(|one| is_day(&one.until)) {
            return Err(Error::unusable("bad_day", "A day is a date such as 2027-11-27, or is left out."));
        }
        if self.address.as_ref().is_some_and(|address| !is_address(address)) {
            let message =
                "The address of the pages begins with https:// and ends with a slash, or is left out.";
            return Err(Error::unusable("bad_page_address", message));
        }
        for one in &mut self.credentials {
            one.what = required(&one.what, "credential")?;
            one.issued_by = required(&one.issued_by, "name of who issued it")?;
            require_seen(one.number.as_deref().unwrap_or_default(), "number of a credential")?;
        }
        for words in [&mut self.reviews_policy, &mut self.legal_signoff_by] {
            *words = words.take().map(|said| said.trim().to_owned()).filter(|said| !folded(said).is_empty());
            let said = words.as_deref().unwrap_or_default();
            not_too_long(said)?;
            said.lines().try_for_each(|line| require_seen(line, "text"))?;
        }
        self.require_signer()?;
        Ok(self)
    }

    /// Refuses a sign-off of other rules than those that stand here, of a day to come, or by nobody.
    fn require_signer(&self) -> Result<(), Error> {
        let Some(day) = self.legal_signoff.as_ref().and_then(|day| day.parse::<Date>().ok()) else {
            return Ok(());
        };
        let read_on = settings::shipped_countries().read_on;
        if !(read_on..=today()).contains(&day) {
            let message = format!(
                "A legal sign-off is of a day from {read_on} on, when the rules were read last, and not of a day to come."
            );
            return Err(Error::unusable("bad_signoff", message));
        }
        if self.legal_signoff_by.is_none() {
            return Err(Error::unusable(
                "no_signer",
                "Write who signed, beside the day of the legal sign-off.",
            ));
        }
        Ok(())
    }

    fn language(&self) -> Language {
        let named = Language::ALL.into_iter().find(|language| language.name() == self.language);
        named.unwrap_or(Language::English)
    }

    fn credentials(&self) -> Vec<Credential> {
        let credential = |one: &CredentialText| Credential {
            what: one.what.clone(),
            issued_by: one.issued_by.clone(),
            number: one.number.clone(),
            until: one.until.as_ref().and_then(|day| day.parse().ok()),
        };
        self.credentials.iter().map(credential).collect()
    }
}

/// Who took back what was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WithdrawnBy {
    /// Who was shown, by a link of their own.
    Person,
    /// Who was shown, as the clinic wrote it down.
    PersonSaid,
    /// The clinic, whatever the person wants.
    Clinic,
    /// Nobody wrote it down.
    Unknown,
}

impl WithdrawnBy {
    fn of(row: &publication::Model) -> Self {
        let mut known = [Self::Person, Self::PersonSaid, Self::Clinic].into_iter();
        known.find(|by| by.word() == row.withdrawn_by.as_deref()).unwrap_or(Self::Unknown)
    }

    fn word(self) -> Option<&'static str> {
        match self {
            Self::Person => Some("person"),
            Self::PersonSaid => Some("person_said"),
            Self::Clinic => Some("clinic"),
            Self::Unknown => None,
        }
    }
}

/// Writes down who took back what was shown of some, within a write that it belongs to; whether anything was.
pub(super) async fn withdrawn_by(
    writing: &impl ConnectionTrait,
    by: WithdrawnBy,
    of: impl sea_orm::sea_query::IntoCondition,
) -> Result<bool, Error> {
    let told = publication::Entity::update_many()
        .col_expr(publication::Column::WithdrawnBy, Expr::value(by.word()))
        .filter(of)
        .filter(publication::Column::WithdrawnAt.is_not_null());
    Ok(told.exec(writing).await?.rows_affected > 0)
}

/// Takes back what is shown of some, within a write that it belongs to; whether anything was.
pub(super) async fn withdraw(
    writing: &impl ConnectionTrait,
    of: impl sea_orm::sea_query::IntoCondition,
) -> Result<bool, Error> {
    let back =
        publication::Entity::update_many().col_expr(publication::Column::WithdrawnAt, Expr::value(now()));
    let back = back.filter(of).filter(publication::Column::WithdrawnAt.is_null());
    Ok(back.exec(writing).await?.rows_affected > 0)
}

/// Removes what was made of a case for strangers, within a write that it belongs to; the sealed files that it leaves.
pub(super) async fn drop_made(writing: &DatabaseTransaction, case: Uuid) -> Result<Vec<String>, Error> {
    let visits = visit::Entity::find().filter(visit::Column::Case.eq(case)).all(writing).await?;
    let visits = visits.into_iter().map(|row| row.id);
    let photographs = photograph::Entity::find().filter(photograph::Column::Visit.is_in(visits));
    let photographs = photographs.all(writing).await?.into_iter().map(|row| row.id);
    let made = record::Column::Kind.is_in(["draft", "publication"]);
    let made = record::Entity::find().filter(made.and(record::Column::Photograph.is_in(photographs)));
    let made: Vec<Uuid> = made.all(writing).await?.into_iter().map(|row| row.id).collect();
    let files = file::Entity::find().filter(file::Column::Record.is_in(made.iter().copied()));
    let blobs = files.all(writing).await?.into_iter().map(|row| row.blob).collect();
    // A result has its job's id.
    job::Entity::delete_many().filter(job::Column::Id.is_in(made.iter().copied())).exec(writing).await?;
    file::Entity::delete_many()
        .filter(file::Column::Record.is_in(made.iter().copied()))
        .exec(writing)
        .await?;
    record::Entity::delete_many().filter(record::Column::Id.is_in(made)).exec(writing).await?;
    Ok(blobs)
}

/// By what strangers know a case: the same every time, and nobody comes from it to the case.
fn public_id(key: &SigningKey, case: Uuid) -> Result<CaseId, Error> {
    let told = [b"stipple public id", key.secret().as_bytes(), case.as_bytes()].concat();
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(told)[..8]);
    CaseId::new(&name).ok_or_else(|| Error::Ours("a name of a case is none".to_owned()))
}

/// Whether links to it can be made of it.
fn is_address(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    text.len() <= 200 && text.starts_with("https://") && text.ends_with('/') && text.chars().all(fits)
}

/// When ZIPs were taken that hold what was shown from one time until another; none of what is shown still.
fn to_pull(exports: &[i64], from: i64, until: Option<i64>) -> Vec<String> {
    let holds = |at: &&i64| until.is_some_and(|until| (from..=until).contains(*at));
    exports.iter().filter(holds).map(|at| stamp(*at)).collect()
}

fn line(row: &publication::Model, (name, title): (String, String)) -> PublicationLine {
    PublicationLine {
        not_shown: None,
        to_pull: Vec::new(),
        name,
        title,
        id: row.id,
        client: row.client,
        case: row.case,
        record: row.record,
        public_id: row.public_id.clone(),
        shown_at: stamp(row.created_at),
        withdrawn_at: row.withdrawn_at.map(stamp),
    }
}
