//! Consents: read, signed on the screen, sealed, taken back.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use stipple_care::ready::{Agreed, adult};
use stipple_model::{ConsentForm, Consents, Date, Purpose};
use stipple_record::document::{ClauseLine, ConsentInput, consent_pdf};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::Deed;
use super::super::entity::{account, client, clinic, entry, publication};
use super::super::erasures::Withdrawn;
use super::super::publishing::{self, WithdrawnBy};
use super::super::texts::{not_too_long, required, stamp, today};
use super::super::{Store, Who, audit, now, off_the_loop};
use super::links::{Guest, LinkKind};
use super::{Kept, Kind, NewEntry, Place, keep, said};
use crate::error::Error;

/// The word and version of what is sealed.
const FORMAT: &str = "stipple/consent/1";
/// The clause of the consent that data are kept that is about letters.
const MESSAGES: &str = "messages";
/// The one that is about counting.
const COUNTED: &str = "counted";
/// Most points, and most lines, of a signature.
const POINTS_MAX: usize = 20_000;
/// Shortest signature, as a share of the pad's width: a dot is none.
const LENGTH_MIN: f64 = 0.1;

/// A text to read and to sign.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Form {
    /// Version of the clinic's texts.
    version: u32,
    /// `treatment`, `photographs`, `publication` or `data`.
    purpose: &'static str,
    language: String,
    title: String,
    intro: String,
    clauses: Vec<FormClause>,
}

/// Something to agree to.
#[derive(Debug, Serialize, ToSchema)]
struct FormClause {
    id: String,
    text: String,
    /// Whether nothing is agreed without it.
    must: bool,
    source: String,
    grade: char,
}

/// A consent as it is signed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Signed {
    purpose: String,
    language: String,
    /// The version that was read.
    version: u32,
    /// What was agreed to and what was not, by clause.
    agreed: BTreeMap<String, bool>,
    /// What the client asked, and what was answered.
    #[serde(default)]
    questions: String,
    /// The name that the client signs with.
    signer: String,
    /// The signature: lines of points, x and y as shares of the pad's width, and s since it was begun.
    strokes: Vec<Vec<[f64; 3]>>,
    /// For how long the text was open, s.
    read_s: f64,
    /// Photographs that were looked at.
    #[serde(default)]
    photographs: Vec<Uuid>,
    /// The plan that was shown.
    #[serde(default)]
    plan: Option<Uuid>,
}

/// What is sealed when a consent is signed, and never changed.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Sealed {
    format: String,
    purpose: String,
    language: String,
    version: u32,
    title: String,
    intro: String,
    clauses: Vec<SealedClause>,
    questions: String,
    signer: String,
    strokes: Vec<Vec<[f64; 3]>>,
    read_s: f64,
    /// Who was there.
    witness: String,
    clinic: String,
    /// Day at the clinic, YYYY-MM-DD.
    day: String,
    photographs: Vec<Shown>,
    plan: Option<Shown>,
}

impl Sealed {
    /// Whether a clause was left unticked.
    fn has_declined(&self, clause: &str) -> bool {
        self.clauses.iter().any(|one| one.id == clause && !one.agreed)
    }

    /// Whether letters are wanted; none where it does not ask.
    fn says_of_letters(&self) -> Option<bool> {
        let asked = self.clauses.iter().find(|one| one.id == MESSAGES)?;
        (self.purpose == Purpose::Data.name()).then_some(asked.agreed)
    }

    /// Whether two are one, sent twice: nobody signs the same text twice with the same lines at the same times.
    fn is_same_as(&self, other: &Self) -> bool {
        self.purpose == other.purpose && self.language == other.language && self.strokes == other.strokes
    }
}

/// A clause as it was read.
#[derive(Debug, Deserialize, Serialize)]
struct SealedClause {
    id: String,
    text: String,
    agreed: bool,
}

/// Something that was shown, by its content.
#[derive(Debug, Deserialize, Serialize)]
struct Shown {
    id: Uuid,
    sha256: String,
}

/// Why a consent is taken back.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Withdrawal {
    /// In the client's words; nobody has to say why.
    #[serde(default)]
    note: String,
}

/// The same as it is kept, with what was taken back.
#[derive(Deserialize, Serialize)]
pub(super) struct KeptWithdrawal {
    note: String,
    #[serde(default)]
    pub(super) purpose: Option<String>,
}

/// A consent in a book.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Consent {
    id: Uuid,
    purpose: String,
    language: String,
    version: u32,
    title: String,
    signer: String,
    /// Day at the clinic, YYYY-MM-DD.
    day: String,
    signed_at: String,
    witness: String,
    /// Choices of its own that were left unticked.
    declined: Vec<String>,
    /// When it was taken back, RFC 3339, UTC.
    #[schema(required)]
    withdrawn_at: Option<String>,
    /// Why it was taken back, in the client's words; null where nobody said why.
    #[schema(required)]
    withdrawal_note: Option<String>,
}

/// A consent that a client takes back by a link.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TakenBack {
    consent: Uuid,
    #[serde(default)]
    note: String,
}

impl Consent {
    /// Whether it is for a purpose.
    pub(super) fn is_of(&self, purpose: Purpose) -> bool {
        self.purpose == purpose.name()
    }

    /// Whether it was taken back.
    pub(super) fn is_withdrawn(&self) -> bool {
        self.withdrawn_at.is_some()
    }

    /// Leaves it standing if it was taken back on a day: what was done by then was agreed to.
    pub(super) fn stands_until(&mut self, day: Date) {
        if self.ended() == Some(day) {
            (self.withdrawn_at, self.withdrawal_note) = (None, None);
        }
    }

    /// The day it was taken back, as days are at the clinic.
    fn ended(&self) -> Option<Date> {
        withdrawn_on(self).map(|at| crate::clock::here(at).date())
    }

    /// The day it was signed.
    pub(super) fn day(&self) -> Option<Date> {
        self.day.parse().ok()
    }
}

/// Every text of consent.
fn forms(consents: &Consents) -> Vec<Form> {
    let clause = |clause: &stipple_model::Clause| FormClause {
        id: clause.id.clone(),
        text: clause.advice.text.clone(),
        must: clause.must,
        source: clause.advice.source.clone(),
        grade: clause.advice.grade,
    };
    let form = |form: &ConsentForm| Form {
        version: consents.version,
        purpose: form.purpose.name(),
        language: form.language.clone(),
        title: form.title.clone(),
        intro: form.intro.clone(),
        clauses: form.clauses.iter().map(clause).collect(),
    };
    consents.forms.iter().map(form).collect()
}

impl Store {
    /// Every text of consent that stands in the clinic.
    pub(crate) async fn consent_forms(&self, who: &Who) -> Result<Vec<Form>, Error> {
        Ok(forms(&self.consents_of(who.clinic).await?))
    }

    /// Seals a consent: text, answers, signature, and the hashes of what was shown, in one write.
    pub(crate) async fn sign_consent(&self, who: &Who, case: Uuid, signed: Signed) -> Result<Consent, Error> {
        let place = self.place(who, case).await?;
        if adult(self.born(&place).await?, today()) == Some(false) {
            return Err(Error::unusable("minor", said(&stipple_care::ready::Obstacle::Minor).message));
        }
        let sealed = self.sealed_consent(who, &place, signed).await?;
        let _deciding = self.deciding.lock().await;
        // The same sent twice, by a double tap or because its answer was lost, is one consent.
        let earlier = self.entries::<Sealed>(&place, Kind::Consent).await?;
        if let Some(same) = earlier.iter().find(|kept| kept.text.is_same_as(&sealed)) {
            return Ok(consent(same, self.withdrawals_at(&place).await?.get(&same.id)));
        }
        let new = NewEntry { kind: Kind::Consent, parent: None, text: &sealed, action: "consent.signed" };
        let id = self.keep_entry(&place, new).await?;
        if let Some(are_wanted) = sealed.says_of_letters() {
            self.set_letters(&place.key, who.account, (place.client, are_wanted)).await?;
        }
        let kept = Kept { id, parent: None, account: place.account, created_at: now(), text: sealed };
        Ok(consent(&kept, None))
    }

    /// Whether the client left letters unticked in the last consent, of any case, that asked for them.
    pub(in super::super) async fn are_letters_declined(
        &self,
        who: &Who,
        client: Uuid,
    ) -> Result<bool, Error> {
        let mut last: Option<(i64, bool)> = None;
        for case in self.case_ids(client).await? {
            let place = self.place(who, case).await?;
            for kept in self.entries::<Sealed>(&place, Kind::Consent).await? {
                let said = kept.text.says_of_letters().map(|wanted| (kept.created_at, wanted));
                last = last.max(said);
            }
        }
        Ok(last.is_some_and(|(_, are_wanted)| !are_wanted))
    }

    /// Takes a consent back, and with it every other one of this purpose that stands in the case: whoever takes one back
    /// means all of them. Twice is once.
    pub(crate) async fn withdraw_consent(
        &self,
        who: &Who,
        id: Uuid,
        withdrawal: Withdrawal,
    ) -> Result<Consent, Error> {
        let (place, kept) = self.entry::<Sealed>(who, id, Kind::Consent).await?;
        if self.withdraw_at(&place, &kept, &withdrawal).await? {
            self.make_pages(who).await?;
        }
        Ok(consent(&kept, self.withdrawals_at(&place).await?.get(&id)))
    }

    /// The same, as the client does by a link: what was shown is gone at once, whether the studio is open or not.
    pub(crate) async fn withdraw_by_link(&self, guest: &Guest, taken_back: TakenBack) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::Consents).await?;
        let place = guest.place();
        let all = self.entries::<Sealed>(place, Kind::Consent).await?;
        let kept = all.iter().find(|kept| kept.id == taken_back.consent).ok_or(Error::Missing("consent"))?;
        let withdrawal = Withdrawal { note: taken_back.note };
        if self.withdraw_at(place, kept, &withdrawal).await?
            && let Ok(who) = self.in_the_name_of(place.clinic, guest.made_by()).await
        {
            self.make_pages_later(&who);
        }
        Ok(())
    }

    /// Whether anything was ever shown by it.
    async fn withdraw_at(
        &self,
        place: &Place,
        kept: &Kept<Sealed>,
        withdrawal: &Withdrawal,
    ) -> Result<bool, Error> {
        not_too_long(&withdrawal.note)?;
        let _deciding = self.deciding.lock().await;
        let earlier = self.withdrawals_at(place).await?;
        let of_purpose = self.entries::<Sealed>(place, Kind::Consent).await?.into_iter();
        let of_purpose = of_purpose.filter(|other| other.text.purpose == kept.text.purpose);
        let purpose = Some(kept.text.purpose.clone());
        let withdrawal = KeptWithdrawal { note: withdrawal.note.clone(), purpose };
        let is_to_show = kept.text.purpose == Purpose::Publication.name();
        let mut taken_back = Vec::new();
        let writing = self.begin().await?;
        for standing in of_purpose.filter(|other| !earlier.contains_key(&other.id)) {
            let new = NewEntry {
                kind: Kind::Withdrawal,
                parent: Some(standing.id),
                text: &withdrawal,
                action: "consent.withdrawn",
            };
            let id = keep(&writing, place, new).await?;
            let row =
                entry::Entity::find_by_id(id).one(&writing).await?.ok_or(Error::Missing("withdrawal"))?;
            taken_back.push((standing.id, Withdrawn { is_to_show, entry: row }));
        }
        // First, so that whatever happens now an older backup does not let it stand again.
        let erasures = self.erasures.clone();
        off_the_loop(move || taken_back.iter().try_for_each(|(id, one)| erasures.withdraw(*id, one))).await?;
        // What was shown by it is taken back in the same moment.
        let of_case = publication::Column::Case.eq(place.case);
        if is_to_show {
            publishing::withdraw(&writing, of_case.clone()).await?;
        }
        let was_shown =
            is_to_show && publishing::withdrawn_by(&writing, taken_back_by(place.account), of_case).await?;
        let blobs = if is_to_show { publishing::drop_made(&writing, place.case).await? } else { Vec::new() };
        writing.commit().await?;
        self.drop_blobs(blobs).await?;
        Ok(was_shown)
    }

    /// Takes consents of a backup back that were taken back since; what it leaves of what was shown by them is gone.
    pub(in super::super) async fn withdraw_again(
        &self,
        withdrawn: &BTreeMap<Uuid, Withdrawn>,
    ) -> Result<(), Error> {
        let of = entry::Column::Kind.eq(Kind::Withdrawal.word());
        let known = entry::Entity::find().filter(of).all(&self.db).await?;
        let known: BTreeSet<Uuid> = known.into_iter().filter_map(|row| row.parent).collect();
        for (consent, Withdrawn { is_to_show, entry: row }) in withdrawn {
            let is_there = entry::Entity::find_by_id(*consent).one(&self.db).await?.is_some()
                && entry::Entity::find_by_id(row.id).one(&self.db).await?.is_none();
            let of = client::Entity::find_by_id(row.client).one(&self.db).await?;
            let Some(of) = of.filter(|_| is_there && !known.contains(consent)) else { continue };
            let writing = self.begin().await?;
            let digest = audit::digest_of(row);
            let deed = Deed::new("consent.withdrawn").of(row.client).about(row.id).bound(&digest);
            entry::Entity::insert(entry::ActiveModel::from(row.clone()).reset_all())
                .exec_without_returning(&writing)
                .await?;
            audit::append(&writing, of.clinic, row.account, deed).await?;
            let mut blobs = Vec::new();
            if *is_to_show {
                let of_case = publication::Column::Case.eq(row.case);
                publishing::withdraw(&writing, of_case.clone()).await?;
                publishing::withdrawn_by(&writing, taken_back_by(row.account), of_case).await?;
                blobs = publishing::drop_made(&writing, row.case).await?;
            }
            writing.commit().await?;
            self.drop_blobs(blobs).await?;
        }
        Ok(())
    }

    /// A consent as a page for both sides.
    pub(crate) async fn consent_page(&self, who: &Who, id: Uuid) -> Result<Vec<u8>, Error> {
        let (place, kept) = self.entry::<Sealed>(who, id, Kind::Consent).await?;
        let withdrawn =
            self.withdrawals_at(&place).await?.get(&id).map(|withdrawal| stamp(withdrawal.created_at));
        let row = entry::Entity::find_by_id(id).one(&self.db).await?;
        let digest = audit::digest_of(&row.ok_or(Error::Missing("consent"))?);
        let text = &kept.text;
        let shown = text.photographs.iter().map(|shown| format!("Photograph {}", shown.sha256));
        let shown: Vec<String> =
            shown.chain(text.plan.iter().map(|shown| format!("Plan {}", shown.sha256))).collect();
        let clauses = text.clauses.iter();
        let clauses = clauses.map(|clause| ClauseLine { text: &clause.text, agreed: clause.agreed });
        Ok(consent_pdf(&ConsentInput {
            language: &text.language,
            title: &text.title,
            intro: &text.intro,
            clauses: &clauses.collect::<Vec<_>>(),
            questions: &text.questions,
            signer: &text.signer,
            witness: &text.witness,
            clinic: &text.clinic,
            day: text.day.parse().unwrap_or_else(|_| today()),
            signed_at: &stamp(kept.created_at),
            version: text.version,
            strokes: &text.strokes,
            shown: &shown,
            digest: &digest,
            withdrawn_at: withdrawn.as_deref(),
        }))
    }

    pub(super) async fn consents_at(&self, place: &Place) -> Result<Vec<Consent>, Error> {
        let withdrawn = self.withdrawals_at(place).await?;
        let kept = self.entries::<Sealed>(place, Kind::Consent).await?;
        Ok(kept.iter().map(|kept| consent(kept, withdrawn.get(&kept.id))).collect())
    }

    /// Whether a clause of a purpose's consent was ever agreed to, and whether one such consent stands.
    pub(super) async fn agreed_at(
        &self,
        place: &Place,
        purpose: Purpose,
        clause: &str,
    ) -> Result<(bool, bool), Error> {
        let withdrawn = self.withdrawals_at(place).await?;
        let kept = self.entries::<Sealed>(place, Kind::Consent).await?;
        let agreed = |kept: &&Kept<Sealed>| {
            let ticked = kept.text.clauses.iter().any(|one| one.id == clause && one.agreed);
            kept.text.purpose == purpose.name() && ticked
        };
        let mut agreed = kept.iter().filter(agreed).peekable();
        Ok((agreed.peek().is_some(), agreed.any(|kept| !withdrawn.contains_key(&kept.id))))
    }

    /// Whether the client of a case may be counted with others: not who took back that data are kept, or left that unticked when they
    /// signed it last, in whatever case.
    pub(in super::super) async fn may_be_counted(&self, who: &Who, case: Uuid) -> Result<bool, Error> {
        let place = self.place(who, case).await?;
        let mut signed = Vec::new();
        for of in self.every_place(&place).await? {
            signed.append(&mut self.entries::<Sealed>(&of, Kind::Consent).await?);
        }
        signed.retain(|kept| kept.text.purpose == Purpose::Data.name());
        let last = signed.iter().max_by_key(|kept| kept.created_at);
        let has_declined = last.is_some_and(|kept| kept.text.has_declined(COUNTED));
        Ok(!has_declined && !self.is_data_withdrawn(&place).await?)
    }

    /// The photographs and plans that consents of a case name as shown.
    pub(in super::super) async fn shown_before_signing(
        &self,
        who: &Who,
        case: Uuid,
    ) -> Result<BTreeSet<Uuid>, Error> {
        let place = self.place(who, case).await?;
        let kept = self.entries::<Sealed>(&place, Kind::Consent).await?;
        let shown = kept.iter().flat_map(|kept| kept.text.photographs.iter().chain(&kept.text.plan));
        Ok(shown.map(|shown| shown.id).collect())
    }

    /// How consents were taken back, by consent.
    async fn withdrawals_at(&self, place: &Place) -> Result<BTreeMap<Uuid, Kept<KeptWithdrawal>>, Error> {
        let kept = self.entries::<KeptWithdrawal>(place, Kind::Withdrawal).await?;
        // The first counts.
        Ok(kept.into_iter().rev().filter_map(|kept| Some((kept.parent?, kept))).collect())
    }

    async fn sealed_consent(&self, who: &Who, place: &Place, signed: Signed) -> Result<Sealed, Error> {
        let form = form_of(self.consents_of(who.clinic).await?, &signed)?;
        let clauses = answered(&form, &signed.agreed)?;
        require_signature(&signed.strokes)?;
        not_too_long(&signed.questions)?;
        let mut photographs = Vec::new();
        for id in &signed.photographs {
            let (row, _) = self.photograph_row(who, *id).await?;
            if row.client != place.client {
                return Err(Error::Missing("photograph"));
            }
            photographs.push(Shown { id: *id, sha256: row.sha256 });
        }
        let mut plan = None;
        if let Some(id) = signed.plan {
            if self.client_of_record(who, "plan", id).await? != place.client {
                return Err(Error::Missing("plan"));
            }
            let json = self.record_file(who, id, "plan.json").await?;
            plan = Some(Shown { id, sha256: stipple_record::store::sha256_hex(&json) });
        }
        let witness = account::Entity::find_by_id(who.account).one(&self.db).await?;
        let clinic = clinic::Entity::find_by_id(who.clinic).one(&self.db).await?;
        Ok(Sealed {
            format: FORMAT.to_owned(),
            purpose: form.purpose.name().to_owned(),
            language: form.language,
            version: signed.version,
            title: form.title,
            intro: form.intro,
            clauses,
            questions: signed.questions,
            signer: required(&signed.signer, "name under the signature")?,
            strokes: signed.strokes,
            read_s: signed.read_s.clamp(0.0, 86_400.0),
            witness: witness.map(|row| row.name).unwrap_or_default(),
            clinic: clinic.map(|row| row.name).unwrap_or_default(),
            day: today().to_string(),
            photographs,
            plan,
        })
    }
}

/// Who took a consent back: nobody has an account who does it by a link.
fn taken_back_by(account: Option<Uuid>) -> WithdrawnBy {
    if account.is_none() { WithdrawnBy::Person } else { WithdrawnBy::PersonSaid }
}

/// How the consent to be treated stood on a day: the first one that was not taken back until then. One that was taken back
/// that day does not count: nobody knows which came first.
pub(super) fn to_be_treated(consents: &[Consent], day: Date) -> Agreed {
    let all = || consents.iter().filter(|consent| consent.purpose == Purpose::Treatment.name());
    let stood = all().filter(|consent| consent.ended().is_none_or(|end| end > day));
    match stood.filter_map(|consent| consent.day.parse().ok()).min() {
        Some(signed) => Agreed::On(signed),
        None if all().next().is_some() => Agreed::Withdrawn,
        None => Agreed::Never,
    }
}

/// The language in which the client signed last; English before that.
pub(super) fn language(consents: &[Consent]) -> &str {
    consents.last().map_or("en", |consent| &consent.language)
}

/// Whether the client took back that what is known of them is kept, in whatever case, and did not agree to it anew since.
pub(super) fn is_data_withdrawn(consents: &[Consent]) -> bool {
    let of_data = || consents.iter().filter(|consent| consent.is_of(Purpose::Data));
    let taken_back = of_data().filter_map(withdrawn_on).max();
    taken_back
        .is_some_and(|at| of_data().filter_map(|consent| ms(&consent.signed_at)).all(|signed| signed <= at))
}

/// When a consent was taken back, ms since 1970.
fn withdrawn_on(consent: &Consent) -> Option<i64> {
    ms(consent.withdrawn_at.as_ref()?)
}

fn ms(stamp: &str) -> Option<i64> {
    stamp.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// The text that was signed, if it is the one that stands.
fn form_of(consents: Consents, signed: &Signed) -> Result<ConsentForm, Error> {
    if consents.version != signed.version {
        let message =
            "The text of this consent has changed since it was opened. Read it again, and sign then.";
        return Err(Error::unusable("other_text", message));
    }
    let of = |form: &ConsentForm| form.purpose.name() == signed.purpose && form.language == signed.language;
    consents.forms.into_iter().find(of).ok_or(Error::Missing("text of consent"))
}

/// Every clause with what was said to it.
fn answered(form: &ConsentForm, agreed: &BTreeMap<String, bool>) -> Result<Vec<SealedClause>, Error> {
    if let Some(other) = agreed.keys().find(|id| form.clauses.iter().all(|clause| clause.id != **id)) {
        let message = format!("The text has no clause \"{}\".", other.chars().take(40).collect::<String>());
        return Err(Error::unusable("other_text", message));
    }
    let mut clauses = Vec::new();
    for clause in &form.clauses {
        let agreed = agreed.get(&clause.id).copied().unwrap_or(false);
        if clause.must && !agreed {
            let message = "A point that belongs to this consent is not ticked. Nothing is signed; it can be talked about first.";
            return Err(Error::unusable("not_agreed", message));
        }
        clauses.push(SealedClause { id: clause.id.clone(), text: clause.advice.text.clone(), agreed });
    }
    Ok(clauses)
}

/// Refuses what is no signature.
fn require_signature(strokes: &[Vec<[f64; 3]>]) -> Result<(), Error> {
    let points: usize = strokes.iter().map(Vec::len).sum();
    let fits = strokes
        .iter()
        .flatten()
        .all(|[x, y, s]| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y) && (0.0..=3600.0).contains(s));
    let step = |pair: &[[f64; 3]]| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
    let length: f64 = strokes.iter().flat_map(|stroke| stroke.windows(2).map(step)).sum();
    if strokes.len() <= POINTS_MAX && points <= POINTS_MAX && fits && length >= LENGTH_MIN {
        return Ok(());
    }
    Err(Error::unusable("no_signature", "There is no signature. Sign on the line with a finger or a pen."))
}

fn consent(kept: &Kept<Sealed>, withdrawal: Option<&Kept<KeptWithdrawal>>) -> Consent {
    let text = &kept.text;
    let declined = text.clauses.iter().filter(|clause| !clause.agreed);
    let note = withdrawal.map(|withdrawal| withdrawal.text.note.trim()).filter(|note| !note.is_empty());
    Consent {
        id: kept.id,
        purpose: text.purpose.clone(),
        language: text.language.clone(),
        version: text.version,
        title: text.title.clone(),
        signer: text.signer.clone(),
        day: text.day.clone(),
        signed_at: stamp(kept.created_at),
        witness: text.witness.clone(),
        declined: declined.map(|clause| clause.text.clone()).collect(),
        withdrawn_at: withdrawal.map(|withdrawal| stamp(withdrawal.created_at)),
        withdrawal_note: note.map(str::to_owned),
    }
}
