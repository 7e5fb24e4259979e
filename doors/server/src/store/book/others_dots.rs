//! Dots that somebody else set: they lie in the same skin, and count for how much it may hold.

use serde::{Deserialize, Serialize};
use stipple_pipeline::folded;
use stipple_record::document::PassportOthers;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::texts::{not_too_long, required, stamp};
use super::super::{Store, Who};
use super::ledger::{Held, held, require_other_skin};
use super::struck::{StruckReason, StruckText};
use super::{Kept, Kind, NewEntry, Place};
use crate::error::Error;

/// Most dots per cm² that skin can hold and somebody could count.
const PER_CM2_MAX: f64 = 1000.0;

/// What is known of dots that somebody else set in a zone.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct OthersDotsText {
    /// Name of the zone, as sessions name it.
    zone: String,
    /// Dots per cm² that lie there, 1 to 1,000.
    per_cm2: f64,
    /// How that is known: counted in a photograph, from a passport, told by the client.
    known_from: String,
    /// Who set them, when and with what, as far as it is known.
    #[serde(default)]
    set_by: String,
    /// Why a zone of another name is other skin than what is on record.
    #[serde(default)]
    other_skin: String,
}

/// Dots of somebody else in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OthersDots {
    id: Uuid,
    #[serde(flatten)]
    text: OthersDotsText,
    written_at: String,
    /// Why they were struck out.
    #[schema(required)]
    struck: Option<String>,
}

impl OthersDots {
    /// What lies in the zone.
    pub(super) fn held(&self) -> Held<'_> {
        self.text.held(Some(self.id), self.stands())
    }

    /// Whether nobody struck them out.
    pub(super) fn stands(&self) -> bool {
        self.struck.is_none()
    }

    /// A line of the passport; none where they were struck out.
    pub(super) fn line(&self) -> Option<PassportOthers> {
        self.stands().then(|| PassportOthers {
            zone: self.text.zone.clone(),
            per_cm2: self.text.per_cm2,
            known_from: self.text.known_from.clone(),
            set_by: self.text.set_by.clone(),
        })
    }
}

impl Store {
    /// Writes down dots that somebody else set. However many they are: what lies in the skin lies there.
    pub(crate) async fn new_others_dots(
        &self,
        who: &Who,
        case: Uuid,
        text: OthersDotsText,
    ) -> Result<OthersDots, Error> {
        let place = self.place(who, case).await?;
        let text = text.checked()?;
        self.require_data_agreed(&place).await?;
        let _deciding = self.deciding.lock().await;
        // The same sent twice, because its answer was lost, is one.
        let found = self.others_dots_at(&place).await?;
        if let Some(same) = found.into_iter().find(|one| one.stands() && one.text == text) {
            return Ok(same);
        }
        let most = self.protocol_of(place.clinic).await?.lifetime_dots_per_cm2_max;
        let (others, mut sessions) =
            (self.others_dots_of_client(&place).await?, self.sessions_elsewhere(&place).await?);
        sessions.extend(self.sessions_at(&place).await?);
        require_other_skin(&held(sessions.iter(), &others), (&[text.held(None, true)], &[]), most)?;
        let new = NewEntry { kind: Kind::OthersDots, parent: None, text: &text, action: "others_dots.told" };
        let id = self.keep_entry(&place, new).await?;
        self.one_of_others(&place, id).await
    }

    /// Strikes out what was not so; it stays to be read, with the reason.
    pub(crate) async fn strike_others_dots(
        &self,
        who: &Who,
        id: Uuid,
        reason: StruckReason,
    ) -> Result<OthersDots, Error> {
        let (place, _) = self.entry::<OthersDotsText>(who, id, Kind::OthersDots).await?;
        let text = StruckText::checked(reason.into())?;
        let _deciding = self.deciding.lock().await;
        if self.one_of_others(&place, id).await?.struck.is_some() {
            return Err(Error::Missing(Kind::OthersDots.said()));
        }
        let new =
            NewEntry { kind: Kind::Struck, parent: Some(id), text: &text, action: "others_dots.struck" };
        self.keep_entry(&place, new).await?;
        self.one_of_others(&place, id).await
    }

    async fn one_of_others(&self, place: &Place, id: Uuid) -> Result<OthersDots, Error> {
        let found = self.others_dots_at(place).await?;
        found.into_iter().find(|one| one.id == id).ok_or(Error::Missing(Kind::OthersDots.said()))
    }

    /// What a case's book says of dots that somebody else set, oldest first.
    pub(super) async fn others_dots_at(&self, place: &Place) -> Result<Vec<OthersDots>, Error> {
        let mut struck = self.struck_at(place).await?;
        let kept = self.entries::<OthersDotsText>(place, Kind::OthersDots).await?.into_iter();
        Ok(kept
            .map(|Kept { id, text, created_at, .. }| OthersDots {
                id,
                text,
                written_at: stamp(created_at),
                struck: struck.remove(&id),
            })
            .collect())
    }

    /// The same from every case of the client.
    pub(super) async fn others_dots_of_client(&self, place: &Place) -> Result<Vec<OthersDots>, Error> {
        let mut found = Vec::new();
        for of in self.every_place(place).await? {
            found.append(&mut self.others_dots_at(&of).await?);
        }
        Ok(found)
    }
}

impl OthersDotsText {
    fn held(&self, entry: Option<Uuid>, stands: bool) -> Held<'_> {
        let says_other_skin = !folded(&self.other_skin).is_empty();
        Held { entry, stands, zone: &self.zone, per_cm2: self.per_cm2, says_other_skin }
    }

    fn checked(mut self) -> Result<Self, Error> {
        self.zone = required(&self.zone, "name of the zone")?;
        self.known_from = required(&self.known_from, "word of how it is known")?;
        not_too_long(&self.set_by)?;
        not_too_long(&self.other_skin)?;
        if (1.0..=PER_CM2_MAX).contains(&self.per_cm2) {
            return Ok(self);
        }
        Err(Error::unusable(
            "bad_others_dots",
            "Skin holds between 1 and 1,000 dots per cm². Count them in a photograph.",
        ))
    }
}
