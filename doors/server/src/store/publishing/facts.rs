//! What decides whether a case may be shown.

use std::collections::BTreeSet;

use rayon::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use stipple_care::ready::adult;
use stipple_model::{BeforeAfter, Check, Confirmed, Date, Need, Portfolio, Purpose};
use stipple_pipeline::publishing::Refusal;
use stipple_record::{format, settings};
use uuid::Uuid;

use super::super::audit::KEPT;
use super::super::entity::{audit, client, photograph, publication, record};
use super::super::texts::day_of;
use super::super::{Store, Who, off_the_loop};
use super::{NeedLine, Showcase};
use crate::error::Error;
use crate::worker::publishing::{AgeSaid, ConsentSaid, CountrySaid, StandingSaid};

/// The clause of the consent to publication that is about the clinic's own pages.
const PAGES: &str = "website";

/// The one that is about the face.
const FACE: &str = "face";

/// What the studio itself sees to, whatever a clinic confirms.
const SEEN_TO: [Check; 6] = [
    Check::ConsentPublication,
    Check::Adult,
    Check::IncentiveDeclared,
    Check::InsiderDeclared,
    Check::SimulationLabel,
    Check::EvidenceKept,
];

/// What a picture that is shown rests on.
pub(super) struct RestsOn {
    pub(super) outcome: Uuid,
    pub(super) reading: Uuid,
    pub(super) photographs: BeforeAfter<Uuid>,
}

impl Store {
    /// What the record and the country say of a pair besides what is measured in it; `hashes_stand` says whether both
    /// photographs are as they came.
    pub(crate) async fn standing(
        &self,
        who: &Who,
        photographs: BeforeAfter<Uuid>,
        hashes_stand: [bool; 2],
    ) -> Result<StandingSaid, Error> {
        let country = country_says(&self.needs(who).await?);
        Ok(StandingSaid { country, ..self.record_says(who, photographs, hashes_stand).await? })
    }

    /// The same of the record alone, where the country has nothing against it.
    pub(super) async fn record_says(
        &self,
        who: &Who,
        photographs: BeforeAfter<Uuid>,
        hashes_stand: [bool; 2],
    ) -> Result<StandingSaid, Error> {
        let (case, before) = self.place_of_photograph(who, photographs.before).await?;
        let (_, after) = self.place_of_photograph(who, photographs.after).await?;
        let mut elsewhere = [false; 2];
        for (id, day) in [(photographs.before, before), (photographs.after, after)] {
            let of_one = self.kept_elsewhere(who, id, (case, day)).await?;
            elsewhere = [elsewhere[0] || of_one[0], elsewhere[1] || of_one[1]];
        }
        let born = self.born_at(who, case).await?;
        let age = |day: Option<Date>| match day.and_then(|day| adult(born, day)) {
            Some(true) => AgeSaid::Adult,
            Some(false) => AgeSaid::Minor,
            None => AgeSaid::Unknown,
        };
        let treatments = self.treatments(who, case).await?;
        let consent = self.consent_to_be_shown(who, case).await?;
        Ok(StandingSaid {
            consent,
            before: age(before),
            after: age(after),
            face_agreed: self.agreed_to(who, case, (Purpose::Publication, FACE)).await?.1,
            hashes_stand,
            of_other_client: elsewhere[0],
            on_other_day: elsewhere[1],
            // A look at every photograph takes a while.
            copied: false,
            country: CountrySaid::Allowed,
            days_since_last: after.and_then(|after| days_since_last(&treatments, after)),
            treated_before: before.is_some_and(|before| treatments.iter().any(|day| *day < before)),
        })
    }

    /// Whether the same file, byte for byte, is kept in a case of another client too, and whether at a visit of another day, or was
    /// there before the day of its own. One photograph may show two scars of one person.
    async fn kept_elsewhere(
        &self,
        who: &Who,
        id: Uuid,
        (case, day): (Uuid, Option<Date>),
    ) -> Result<[bool; 2], Error> {
        let sha256 = self.hash_of_photograph(id).await?;
        let of_clinic = client::Entity::find().select_only().column(client::Column::Id);
        let of_clinic = of_clinic.filter(client::Column::Clinic.eq(who.clinic)).into_query();
        let same =
            photograph::Column::Sha256.eq(&sha256).and(photograph::Column::Client.in_subquery(of_clinic));
        let same = photograph::Entity::find().filter(same).all(&self.db).await?;
        let client = self.client_of_case(case).await?;
        let of_other_client = same.iter().any(|row| row.client != client);
        let mut on_other_day = false;
        for row in &same {
            let (_, other_day) = self.place_of_photograph(who, row.id).await?;
            on_other_day |= other_day != day;
        }
        // The chain still tells of files that were removed since.
        let told = audit::Column::Clinic.eq(who.clinic).and(audit::Column::Action.eq(KEPT));
        let told = audit::Entity::find().filter(told.and(audit::Column::Bound.eq(&sha256)));
        let told = told.order_by_asc(audit::Column::Place).one(&self.db).await?;
        let came = same.iter().map(|row| row.created_at).chain(told.map(|row| row.at)).min();
        // One day is left because of zones of time.
        let is_older = |(came, day): (i64, Date)| day_of(came).tomorrow().is_ok_and(|next| next < day);
        Ok([of_other_client, on_other_day || came.zip(day).is_some_and(is_older)])
    }

    /// Whether one of two photographs is of the same exposure as another file of the client at a visit of another day. By small
    /// pictures: one that was cut or turned is not known again.
    pub(crate) async fn copied(&self, who: &Who, pair: BeforeAfter<Uuid>) -> Result<bool, Error> {
        let (case, _) = self.place_of_photograph(who, pair.after).await?;
        let of = photograph::Column::Client.eq(self.client_of_case(case).await?);
        let of = of.and(photograph::Column::SmallBlob.is_not_null());
        let mut kept = Vec::new();
        for row in photograph::Entity::find().filter(of).all(&self.db).await? {
            let (_, day) = self.place_of_photograph(who, row.id).await?;
            let small = self.screen_picture(who, row.id, true).await?;
            kept.push((row.id, row.sha256, day, small));
        }
        off_the_loop(move || {
            let glances = kept.into_par_iter();
            let seen: Vec<_> = glances
                .filter_map(|(id, sha256, day, small)| {
                    Some((id, sha256, day, stipple_pipeline::glance(&small)?))
                })
                .collect();
            let mut of_pair = seen.iter().filter(|(id, ..)| [pair.before, pair.after].contains(id));
            Ok(of_pair.any(|(_, sha256, day, glance)| {
                let mut others = seen.iter().filter(|(_, other, on, _)| other != sha256 && on != day);
                others.any(|(.., other)| glance.is_of_same_exposure(other))
            }))
        })
        .await
    }

    /// What a picture that is shown rests on; none where it is gone from the record of its case.
    pub(super) async fn rests_on(
        &self,
        who: &Who,
        row: &publication::Model,
    ) -> Result<Option<RestsOn>, Error> {
        let Some((outcome, _)) = self.parent_of(row.record).await? else { return Ok(None) };
        let Some(rests) = self.photographs_of(outcome).await? else { return Ok(None) };
        let (case, _) = self.place_of_photograph(who, rests.photographs.before).await?;
        Ok(Some(rests).filter(|_| case == row.case))
    }

    /// What an outcome rests on; none where it is gone.
    pub(super) async fn photographs_of(&self, outcome: Uuid) -> Result<Option<RestsOn>, Error> {
        let Some((reading, after)) = self.parent_of(outcome).await? else { return Ok(None) };
        let of_reading = record::Entity::find_by_id(reading).one(&self.db).await?;
        Ok(of_reading.map(|of_reading| {
            let photographs = BeforeAfter { before: of_reading.photograph, after };
            RestsOn { outcome, reading, photographs }
        }))
    }

    /// What a result was made from, and its own photograph.
    async fn parent_of(&self, id: Uuid) -> Result<Option<(Uuid, Uuid)>, Error> {
        let row = record::Entity::find_by_id(id).one(&self.db).await?;
        Ok(row.and_then(|row| Some((row.parent?, row.photograph))))
    }

    /// What would forbid to publish today what is shown: a record can be put right after that.
    pub(super) async fn refusals_now(
        &self,
        who: &Who,
        row: &publication::Model,
        rests: &RestsOn,
    ) -> Result<Vec<Refusal>, Error> {
        let made = self.record_file(who, row.record, "publication.json").await?;
        let (derivation, made) = format::derivation_from_json(&made)?;
        let mut stand = [false; 2];
        let BeforeAfter { before, after } = rests.photographs;
        for (stand, (role, id)) in stand.iter_mut().zip([("photo", before), ("after", after)]) {
            let kept = self.hash_of_photograph(id).await?;
            *stand = made.inputs.iter().any(|input| input.name == role && input.sha256 == kept);
        }
        let outcome = self.record_file(who, rests.outcome, "outcome.json").await?;
        let said = self.record_says(who, rests.photographs, stand).await?;
        Ok(said.refusals(&format::outcome_from_json(&outcome)?, derivation.scar_shown))
    }

    /// Why strangers do not see what nobody took back, in no words where what it rests on is gone; nothing where they do.
    pub(super) async fn not_shown(
        &self,
        who: &Who,
        row: &publication::Model,
    ) -> Result<Option<Vec<String>>, Error> {
        if row.withdrawn_at.is_some() {
            return Ok(None);
        }
        let Some(rests) = self.rests_on(who, row).await? else { return Ok(Some(Vec::new())) };
        let refusals = match self.refusals_now(who, row, &rests).await {
            Err(Error::Missing(_) | Error::Damaged { .. }) => return Ok(Some(Vec::new())),
            refusals => refusals?,
        };
        let said: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        Ok(Some(said).filter(|said| !said.is_empty()))
    }

    /// Refuses what has nothing to do with pictures: consent, a session, and what the country asks for.
    pub(super) async fn require_may_show(&self, who: &Who, case: Uuid) -> Result<(), Error> {
        if self.consent_to_be_shown(who, case).await? != ConsentSaid::Given {
            let message = "There is no consent to be shown on the clinic's own pages that stands: signed, and that point ticked. Ask the \
                           client, who is free to say no.";
            return Err(Error::unusable("no_consent_to_show", message));
        }
        if self.treatments(who, case).await?.is_empty() {
            let message = "No session is on record; test dots are none. What is shown is what a session did; write it down first.";
            return Err(Error::unusable("no_sessions", message));
        }
        self.require_nothing_missing(who).await
    }

    /// Refuses as long as the clinic's country asks for something that is missing.
    pub(in super::super) async fn require_nothing_missing(&self, who: &Who) -> Result<(), Error> {
        if country_says(&self.needs(who).await?) == CountrySaid::Allowed {
            return Ok(());
        }
        let message = "The clinic's country asks for more before anything is shown. What is missing stands on the page about \
                       what is shown.";
        Err(Error::unusable("country_needs", message))
    }

    /// What a clinic's pages, as they would be now, still need.
    pub(super) async fn needs(&self, who: &Who) -> Result<Vec<NeedLine>, Error> {
        let showcase = self.showcase(who.clinic).await?;
        let (portfolio, _) = self.portfolio(who, &showcase).await?;
        Ok(needs_of(&portfolio, &showcase))
    }

    /// How the consent to be shown on the clinic's own pages stands in a case: to be shown in its rooms is none.
    pub(in super::super) async fn consent_to_be_shown(
        &self,
        who: &Who,
        case: Uuid,
    ) -> Result<ConsentSaid, Error> {
        Ok(match self.agreed_to(who, case, (Purpose::Publication, PAGES)).await? {
            (_, true) => ConsentSaid::Given,
            (true, false) => ConsentSaid::Withdrawn,
            (false, false) => ConsentSaid::Never,
        })
    }
}

/// Days from the last of some sessions up to a day; none where none lies before it.
pub(super) fn days_since_last(sessions: &[Date], day: Date) -> Option<u32> {
    let last = sessions.iter().filter(|session| **session <= day).max()?;
    u32::try_from(last.until(day).ok()?.get_days()).ok()
}

pub(super) fn needs_of(portfolio: &Portfolio, showcase: &Showcase) -> Vec<NeedLine> {
    let said = |check: &Check| showcase.confirmed.iter().any(|word| word == check.name());
    let checks: BTreeSet<Check> = Check::ALL.into_iter().filter(said).chain(SEEN_TO).collect();
    let legal_signoff = showcase.legal_signoff.as_ref().and_then(|day| day.parse().ok());
    let rules = settings::shipped_countries();
    let needs = rules.still_needed(portfolio, &Confirmed { checks, legal_signoff });
    let line = |need: &Need<'_>| match need {
        Need::CountryMissing => NeedLine::default(),
        Need::Check { check, rule } => NeedLine {
            check: check.name().to_owned(),
            rule: rule.id.clone(),
            english: rule.english.text.clone(),
            german: rule.german.clone(),
            quote: rule.quote.clone(),
            source: rule.english.source.clone(),
            grade: rule.english.grade.to_string(),
        },
    };
    needs.iter().map(line).collect()
}

/// A need without a check is that of a country whose rules nobody read.
fn country_says(needs: &[NeedLine]) -> CountrySaid {
    match needs.first() {
        None => CountrySaid::Allowed,
        Some(first) if first.check.is_empty() => CountrySaid::Missing,
        Some(_) if needs.iter().any(|need| need.check == Check::LegalSignoff.name()) => {
            CountrySaid::NeedsSignOff
        }
        Some(_) => CountrySaid::Forbidden,
    }
}
