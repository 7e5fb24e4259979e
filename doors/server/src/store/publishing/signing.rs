//! The clinic's own key to sign what strangers see, sealed by the clinic's key.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _};
use serde::{Deserialize, Serialize};
use stipple_pipeline::publishing::{Authority, Signer, Valid};
use uuid::Uuid;

use super::super::entity::signing;
use super::super::texts::today;
use super::super::{Store, now};
use crate::error::Error;
use crate::keys::{Place, random};

/// What is sealed.
const KIND: &str = "signing key";
/// For how long certificates are valid, years.
const YEARS: i16 = 10;

/// A key with its certificates, base64.
#[derive(Deserialize, Serialize)]
pub(crate) struct SigningKey {
    secret: String,
    chain: Vec<String>,
}

impl Store {
    /// The clinic's key to sign with; made the first time.
    pub(crate) async fn signing_key(&self, clinic: Uuid) -> Result<SigningKey, Error> {
        let key = self.clinic_key(clinic)?;
        let place = Place { kind: KIND, id: clinic.as_bytes() };
        if let Some(row) = signing::Entity::find_by_id(clinic).one(&self.db).await? {
            return SigningKey::from_json(&key.open(place, &row.sealed)?);
        }
        let made = SigningKey::fresh(&self.name_of_clinic(clinic).await?)?;
        let row = signing::Model { clinic, sealed: key.seal(place, &made.json()), created_at: now() };
        let first = OnConflict::column(signing::Column::Clinic).do_nothing().to_owned();
        signing::Entity::insert(signing::ActiveModel::from(row).reset_all())
            .on_conflict(first)
            .exec_without_returning(&self.db)
            .await?;
        // Because somebody may have been faster: there is one key.
        let row = signing::Entity::find_by_id(clinic).one(&self.db).await?;
        let row = row.ok_or(Error::Damaged { kind: KIND })?;
        SigningKey::from_json(&key.open(Place { kind: KIND, id: clinic.as_bytes() }, &row.sealed)?)
    }
}

impl SigningKey {
    /// A new key, whose own authority signs it once and is forgotten: nothing else can be signed in its name.
    fn fresh(clinic: &str) -> Result<Self, Error> {
        let from = today();
        let until = stipple_model::Date::new(from.year() + YEARS, from.month(), 1);
        let valid = Valid { from, until: until.map_err(|error| Error::Ours(error.to_string()))? };
        let secret = random::<32>();
        let signer = Authority::new(&random::<32>(), clinic, valid).and_then(|by| by.signer(&secret, valid));
        let signer = signer.map_err(|error| Error::Ours(error.to_string()))?;
        let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
        Ok(Self { secret: base64(&secret), chain: signer.chain().iter().map(|der| base64(der)).collect() })
    }

    /// As the child is given it.
    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data becomes JSON")
    }

    /// What [`Self::json`] gave.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(json).map_err(|_| Error::Damaged { kind: KIND })
    }

    /// The key as it signs.
    pub(crate) fn signer(&self) -> Result<Signer, Error> {
        let damaged = || Error::Damaged { kind: KIND };
        let bytes = |text: &String| data_encoding::BASE64.decode(text.as_bytes()).map_err(|_| damaged());
        let secret: [u8; 32] = bytes(&self.secret)?.try_into().map_err(|_| damaged())?;
        let chain = self.chain.iter().map(bytes).collect::<Result<_, _>>()?;
        Signer::new(&secret, chain).map_err(|_| damaged())
    }
}
