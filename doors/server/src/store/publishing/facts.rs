//! What decides whether a case may be shown.

use std::collections::BTreeSet;

use stipple_care::ready::adult;
use stipple_model::{BeforeAfter, Check, Confirmed, Date, Need, Portfolio, Purpose};
use stipple_record::settings;
use uuid::Uuid;

use super::super::{Store, Who};
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

impl Store {
    /// What the record says of a pair besides what is measured in it; `hashes_stand` says whether both photographs are as
    /// they came.
    pub(crate) async fn standing(
        &self,
        who: &Who,
        photographs: BeforeAfter<Uuid>,
        hashes_stand: [bool; 2],
    ) -> Result<StandingSaid, Error> {
        let (case, before) = self.place_of_photograph(who, photographs.before).await?;
        let (_, after) = self.place_of_photograph(who, photographs.after).await?;
        let born = self.born_at(who, case).await?;
        let age = |day: Option<Date>| match day.and_then(|day| adult(born, day)) {
            Some(true) => AgeSaid::Adult,
            Some(false) => AgeSaid::Minor,
            None => AgeSaid::Unknown,
        };
        let country = country_says(&self.needs(who).await?);
        let sessions = self.session_days(who, case).await?;
        let consent = self.consent_to_be_shown(who, case).await?;
        Ok(StandingSaid {
            consent,
            before: age(before),
            after: age(after),
            face_agreed: self.agreed_to(who, case, (Purpose::Publication, FACE)).await?.1,
            hashes_stand,
            country,
            days_since_last: after.and_then(|after| days_since_last(&sessions, after)),
            treated_before: before.is_some_and(|before| sessions.iter().any(|day| *day < before)),
        })
    }

    /// Refuses what has nothing to do with pictures: consent, a session, and what the country asks for.
    pub(super) async fn require_may_show(&self, who: &Who, case: Uuid) -> Result<(), Error> {
        if self.consent_to_be_shown(who, case).await? != ConsentSaid::Given {
            let message = "There is no consent to be shown on the clinic's own pages that stands: signed, and that point ticked. Ask the \
                           client, who is free to say no.";
            return Err(Error::unusable("no_consent_to_show", message));
        }
        if self.sessions_done(who, case).await? == 0 {
            let message =
                "No session is on record. What is shown is what a session did; write it down first.";
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
    pub(super) async fn consent_to_be_shown(&self, who: &Who, case: Uuid) -> Result<ConsentSaid, Error> {
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
