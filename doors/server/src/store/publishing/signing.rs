//! The clinic's own key to sign what strangers see, sealed by the clinic's key.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use stipple_pipeline::certificates_from_pem;
use stipple_pipeline::publishing::{
    Authority, CertificateFault, Error as PublishError, Signer, Valid, fingerprint,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::audit::{self, Deed};
use super::super::entity::signing;
use super::super::texts::today;
use super::super::{Store, Who, now};
use super::Publishing;
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
    /// The studio's own certificates, while somebody else vouches for the key.
    #[serde(default)]
    own: Option<Vec<String>>,
}

/// Who vouches for the key that signs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Certificates {
    /// As their certificate names them; null where the studio vouches for itself.
    #[schema(required)]
    by: Option<String>,
    /// The last day, YYYY-MM-DD.
    until: String,
    /// Whether that is over.
    is_over: bool,
    /// Whom it names: strangers read that name.
    names: String,
    /// What the key is known by.
    fingerprint: String,
}

/// Certificates that somebody else made for the studio's key.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CertificatesText {
    /// PEM, that of the key first, then of who signed it; null for the studio's own again.
    #[schema(required)]
    pem: Option<String>,
}

impl Store {
    /// The clinic's key to sign with; made the first time.
    pub(crate) async fn signing_key(&self, clinic: Uuid) -> Result<SigningKey, Error> {
        let key = self.clinic_key(clinic)?;
        let place = Place { kind: KIND, id: clinic.as_bytes() };
        if let Some(kept) = self.kept_signing_key(clinic).await? {
            return Ok(kept);
        }
        let made = SigningKey::fresh(&self.name_of_clinic(clinic).await?)?;
        let row = signing::Model { clinic, sealed: key.seal(place, &made.json()), created_at: now() };
        let first = OnConflict::column(signing::Column::Clinic).do_nothing().to_owned();
        signing::Entity::insert(signing::ActiveModel::from(row).reset_all())
            .on_conflict(first)
            .exec_without_returning(&self.db)
            .await?;
        // Because somebody may have been faster: there is one key.
        self.kept_signing_key(clinic).await?.ok_or(Error::Damaged { kind: KIND })
    }

    async fn kept_signing_key(&self, clinic: Uuid) -> Result<Option<SigningKey>, Error> {
        let row = signing::Entity::find_by_id(clinic).one(&self.db).await?;
        let Some(row) = row else { return Ok(None) };
        let place = Place { kind: KIND, id: clinic.as_bytes() };
        SigningKey::from_json(&self.clinic_key(clinic)?.open(place, &row.sealed)?).map(Some)
    }

    /// Who vouches for the clinic's key; none before there is one.
    pub(super) async fn certificates(&self, clinic: Uuid) -> Result<Option<Certificates>, Error> {
        let Some(kept) = self.kept_signing_key(clinic).await? else { return Ok(None) };
        let signer = kept.signer()?;
        let (by, until) = signer.voucher().ok_or(Error::Damaged { kind: KIND })?;
        Ok(Some(Certificates {
            by: kept.own.is_some().then_some(by),
            until: until.to_string(),
            is_over: until < today(),
            names: signer.named().unwrap_or_default(),
            fingerprint: fingerprint(&signer.public_key()),
        }))
    }

    /// What the clinic gives to whoever is to vouch for its key: a request for a certificate, PEM.
    pub(crate) async fn certificate_request(&self, who: &Who) -> Result<String, Error> {
        let name = self.name_of_clinic(who.clinic).await?;
        let request = self.signing_key(who.clinic).await?.signer()?.request(&name);
        request.map_err(|error| Error::Ours(error.to_string()))
    }

    /// Lets somebody else vouch for the clinic's key, or the studio itself again; pages are signed anew.
    pub(crate) async fn change_certificates(
        &self,
        who: &Who,
        text: CertificatesText,
    ) -> Result<Publishing, Error> {
        let deciding = self.deciding.lock().await;
        let kept = self.signing_key(who.clinic).await?;
        let changed = match text.pem {
            Some(pem) => kept.vouched_for(&pem)?,
            None => kept.by_itself(),
        };
        let key = self.clinic_key(who.clinic)?;
        let sealed = key.seal(Place { kind: KIND, id: who.clinic.as_bytes() }, &changed.json());
        let writing = self.begin().await?;
        let change = signing::Entity::update_many().col_expr(signing::Column::Sealed, Expr::value(sealed));
        change.filter(signing::Column::Clinic.eq(who.clinic)).exec(&writing).await?;
        audit::append(&writing, who.clinic, Some(who.account), Deed::new("pages.certified")).await?;
        writing.commit().await?;
        drop(deciding);
        self.make_pages(who).await?;
        self.publishing(who).await
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
        Ok(Self { secret: data_encoding::BASE64.encode(&secret), chain: written(&signer), own: None })
    }

    /// The same key, vouched for by the certificates of a text (PEM).
    fn vouched_for(self, pem: &str) -> Result<Self, Error> {
        let chain = certificates_from_pem(pem.as_bytes()).map_err(unfit)?;
        let signer = self.signer()?.vouched_for(chain, today()).map_err(unfit)?;
        let own = self.own.or(Some(self.chain));
        Ok(Self { secret: self.secret, chain: written(&signer), own })
    }

    /// The same key, vouched for by the studio alone.
    fn by_itself(self) -> Self {
        Self { secret: self.secret, chain: self.own.unwrap_or(self.chain), own: None }
    }

    /// As the child is given it.
    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data becomes JSON")
    }

    /// What [`Self::json`] gave.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(json).map_err(|_| Error::Damaged { kind: KIND })
    }

    /// The key's secret half, base64: it stays the same whoever vouches.
    pub(super) fn secret(&self) -> &str {
        &self.secret
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

/// Certificates, base64.
fn written(signer: &Signer) -> Vec<String> {
    signer.chain().iter().map(|der| data_encoding::BASE64.encode(der)).collect()
}

/// Why certificates are not taken.
fn unfit(error: PublishError) -> Error {
    let PublishError::Certificates(fault) = error else { return Error::Ours(error.to_string()) };
    let message = PublishError::Certificates(fault).to_string();
    match fault {
        CertificateFault::PrivateKey => Error::unusable("certificates_private_key", message),
        CertificateFault::OtherKey | CertificateFault::BySelf => {
            Error::unusable("certificates_other_key", message)
        }
        CertificateFault::Order => Error::unusable("certificates_order", message),
        CertificateFault::Authority => Error::unusable("certificates_authority", message),
        CertificateFault::Day => Error::unusable("certificates_day", message),
        CertificateFault::Purpose | CertificateFault::NotAccepted => {
            Error::unusable("certificates_purpose", message)
        }
        CertificateFault::Unreadable | CertificateFault::Number | CertificateFault::Name => {
            Error::unusable("certificates_unreadable", message)
        }
    }
}
