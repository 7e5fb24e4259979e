//! How a client is: asked before the first session, when the skin is healed, and after a year.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stipple_model::Date;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::ratings::ScarObserved;
use super::super::texts::{day_of, stamp};
use super::super::{Store, Who, keeping};
use super::links::{Guest, LinkKind};
use super::sessions::treatments;
use super::told::days_since;
use super::{Kept, Kind, NewEntry, Place, keep};
use crate::error::Error;

/// Days from a session from which the skin is healed, and from which a year has passed, nearly.
const HEALED_DAYS: u32 = 28;
const YEAR_DAYS: u32 = 300;
/// Days after which the scar is no longer the one of which the client told.
const OBSERVED_DAYS: u32 = 14;

/// How somebody is.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Scores {
    /// How much others would notice the scar, 0 (not at all) to 10.
    noticeable: u8,
    /// How satisfied with how it looks, 0 (not at all) to 3 (very).
    satisfied: u8,
    /// How sure of oneself with hair this short, 0 to 10.
    confident: u8,
    /// Whether the scar itches.
    itches: bool,
    /// Whether it hurts.
    hurts: bool,
}

/// The same, asked at the clinic.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct WellbeingText {
    #[serde(flatten)]
    scores: Scores,
    /// Sum of a DLQI that was filled in on paper, 0 to 30.
    #[serde(default)]
    dlqi: Option<u8>,
    /// What an observer scored of the SCAR scale; itch and pain are among the answers.
    #[serde(default)]
    scar: Option<ScarObserved>,
}

/// The same as it is kept.
#[derive(Debug, Deserialize, Serialize)]
struct KeptWellbeing {
    moment: AskedWhen,
    #[serde(flatten)]
    text: WellbeingText,
}

/// When somebody is asked.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AskedWhen {
    Before,
    Healed,
    OneYear,
}

/// How somebody was, in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Wellbeing {
    id: Uuid,
    moment: AskedWhen,
    #[serde(flatten)]
    text: WellbeingText,
    /// Sum of the SCAR scale, 0 to 15, where an observer scored it too.
    #[schema(required)]
    scar_sum: Option<u8>,
    told_at: String,
    /// Whether the client told it by a link.
    by_client: bool,
    /// Whether an observer can still score the scar beside it: nobody did, and it was told within two weeks, after the last session.
    to_observe: bool,
}

impl Store {
    /// Keeps how somebody is.
    pub(crate) async fn new_wellbeing(
        &self,
        who: &Who,
        case: Uuid,
        text: WellbeingText,
    ) -> Result<Wellbeing, Error> {
        text.require_scores()?;
        let place = self.place(who, case).await?;
        keeping::require_open(&self.db, place.client).await?;
        self.require_data_agreed(&place).await?;
        let kept = KeptWellbeing { moment: self.moment_now(&place).await?, text };
        let new = NewEntry { kind: Kind::Wellbeing, parent: None, text: &kept, action: "wellbeing.told" };
        let id = self.keep_entry(&place, new).await?;
        self.wellbeing_of(&place, id).await
    }

    /// Keeps how a client is, as they tell it by a link, which then is used up.
    pub(crate) async fn wellbeing_by_link(&self, guest: &Guest, scores: Scores) -> Result<(), Error> {
        self.require_kind(guest, LinkKind::Wellbeing).await?;
        let text = WellbeingText { scores, dlqi: None, scar: None };
        text.require_scores()?;
        self.require_data_agreed(guest.place()).await?;
        let kept = KeptWellbeing { moment: self.moment_now(guest.place()).await?, text };
        let writing = self.begin().await?;
        if !self.use_up(&writing, guest).await? {
            return Err(Error::NotAllowed("This link was used already."));
        }
        let new = NewEntry { kind: Kind::Wellbeing, parent: None, text: &kept, action: "wellbeing.told" };
        keep(&writing, guest.place(), new).await?;
        Ok(writing.commit().await?)
    }

    /// Keeps what an observer scored of the SCAR scale beside what a client told, as long as the same time lasts.
    pub(crate) async fn observe_wellbeing(
        &self,
        who: &Who,
        id: Uuid,
        scar: ScarObserved,
    ) -> Result<Wellbeing, Error> {
        if !scar.fits() {
            return Err(bad_score());
        }
        let (place, _) = self.entry::<KeptWellbeing>(who, id, Kind::Wellbeing).await?;
        let _deciding = self.deciding.lock().await;
        if !self.wellbeing_of(&place, id).await?.to_observe {
            let message = "The scar was scored already, or the client told this before the last session or more than two weeks ago. Ask \
                           how they are now.";
            return Err(Error::unusable("not_to_observe", message));
        }
        let new =
            NewEntry { kind: Kind::Observed, parent: Some(id), text: &scar, action: "wellbeing.observed" };
        self.keep_entry(&place, new).await?;
        self.wellbeing_of(&place, id).await
    }

    /// When somebody is asked now: before the first session, healed, or after a year; not while the skin heals.
    pub(super) async fn moment_at(&self, place: &Place) -> Result<Option<AskedWhen>, Error> {
        Ok(match self.last_treatment(place).await?.map(days_since) {
            None => Some(AskedWhen::Before),
            Some(..HEALED_DAYS) => None,
            Some(HEALED_DAYS..YEAR_DAYS) => Some(AskedWhen::Healed),
            Some(YEAR_DAYS..) => Some(AskedWhen::OneYear),
        })
    }

    /// Day of the last treatment.
    pub(in super::super) async fn last_treatment(&self, place: &Place) -> Result<Option<Date>, Error> {
        Ok(treatments(&self.sessions_at(place).await?).max())
    }

    /// The same in the case of a plan.
    pub(crate) async fn last_treatment_by(&self, who: &Who, plan: Uuid) -> Result<Option<Date>, Error> {
        let place = self.place_of_record(who, plan).await?;
        self.last_treatment(&place).await
    }

    async fn moment_now(&self, place: &Place) -> Result<AskedWhen, Error> {
        self.moment_at(place).await?.ok_or_else(|| {
            let message = "The skin is not healed yet. Come back four weeks after the session.";
            Error::unusable("not_healed", message)
        })
    }

    async fn wellbeing_of(&self, place: &Place, id: Uuid) -> Result<Wellbeing, Error> {
        let told = self.wellbeing_at(place).await?;
        told.into_iter().find(|one| one.id == id).ok_or(Error::Missing(Kind::Wellbeing.said()))
    }

    pub(super) async fn wellbeing_at(&self, place: &Place) -> Result<Vec<Wellbeing>, Error> {
        let observed = self.entries::<ScarObserved>(place, Kind::Observed).await?;
        let observed: BTreeMap<Uuid, ScarObserved> =
            observed.into_iter().filter_map(|kept| Some((kept.parent?, kept.text))).collect();
        let last = self.last_treatment(place).await?;
        let kept = self.entries::<KeptWellbeing>(place, Kind::Wellbeing).await?;
        Ok(kept.into_iter().map(|kept| wellbeing(kept, &observed, last)).collect())
    }
}

impl WellbeingText {
    fn require_scores(&self) -> Result<(), Error> {
        let Scores { noticeable, satisfied, confident, .. } = self.scores;
        let fits = noticeable <= 10 && satisfied <= 3 && confident <= 10;
        let known = self.dlqi.is_none_or(|sum| sum <= 30) && self.scar.is_none_or(|scar| scar.fits());
        if fits && known { Ok(()) } else { Err(bad_score()) }
    }
}

fn bad_score() -> Error {
    let message = "Noticeable and confident are numbers from 0 to 10, satisfied from 0 to 3, a DLQI from 0 to 30, items of the SCAR \
                   scale as it has them.";
    Error::unusable("bad_score", message)
}

fn wellbeing(
    kept: Kept<KeptWellbeing>,
    observed: &BTreeMap<Uuid, ScarObserved>,
    last_session: Option<Date>,
) -> Wellbeing {
    let KeptWellbeing { moment, mut text } = kept.text;
    text.scar = text.scar.or(observed.get(&kept.id).copied());
    let told = day_of(kept.created_at);
    let is_late = days_since(told) > OBSERVED_DAYS || last_session.is_some_and(|session| session >= told);
    let Scores { itches, hurts, .. } = text.scores;
    Wellbeing {
        id: kept.id,
        moment,
        scar_sum: text.scar.map(|scar| scar.sum_with(itches, hurts)),
        to_observe: text.scar.is_none() && !is_late,
        text,
        told_at: stamp(kept.created_at),
        by_client: kept.account.is_none(),
    }
}
