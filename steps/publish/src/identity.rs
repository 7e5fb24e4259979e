//! A clinic's own certificates, and the key that signs.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyUsagePurpose, PKCS_ED25519, PublicKeyData, SignatureAlgorithm,
};
use sha2::{Digest as _, Sha256};
use stipple_model::Date;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroizing;

use crate::error::Error;

/// What a certificate must be for so that content credentials accept it: `c2pa-kp-claimSigning`.
const CLAIM_SIGNING: [u64; 9] = [1, 3, 6, 1, 4, 1, 62558, 2, 1];
/// Days on which a certificate is valid, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valid {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// Who vouches for a clinic's signing key: its certificate is what others choose to trust.
///
/// The same secret, name and days give the same certificate, so nothing else has to be kept.
pub struct Authority {
    key: Key,
    name: String,
    certificate: Vec<u8>,
    params: CertificateParams,
}

impl Authority {
    /// An authority from 32 random bytes that nobody else may know, with the clinic's public name.
    ///
    /// # Errors
    /// If the name cannot stand in a certificate.
    pub fn new(secret: &[u8; 32], name: &str, valid: Valid) -> Result<Self, Error> {
        let key = Key::new(secret);
        let mut params = key.params(name, "Stipple clinic authority", valid);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).map_err(unmade)?.der().to_vec();
        Ok(Self { key, name: name.to_owned(), certificate, params })
    }

    /// The certificate that others trust, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// A key to sign with, from 32 other random bytes.
    ///
    /// # Errors
    /// If no certificate can be made of it.
    pub fn signer(&self, secret: &[u8; 32], valid: Valid) -> Result<Signer, Error> {
        let key = Key::new(secret);
        let mut params = key.params(&self.name, "Stipple signing key", valid);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        // because readers that were told no list of purposes know the older one alone.
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::Other(CLAIM_SIGNING.to_vec()),
            ExtendedKeyUsagePurpose::EmailProtection,
        ];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_params(&self.params, &self.key);
        let leaf = params.signed_by(&key, &issuer).map_err(unmade)?.der().to_vec();
        Signer::new(secret, vec![leaf, self.certificate.clone()])
    }
}

/// A key with the certificates that say whose it is.
pub struct Signer {
    pub(crate) key: SigningKey,
    /// DER: of the key, then of who signed that.
    pub(crate) chain: Vec<Vec<u8>>,
}

impl Signer {
    /// A signer from its secret and certificates (DER), that of the key first.
    ///
    /// # Errors
    /// If they do not fit one another, or the key's certificate is signed by that key itself.
    pub fn new(secret: &[u8; 32], chain: Vec<Vec<u8>>) -> Result<Self, Error> {
        let key = SigningKey::from_bytes(secret);
        require_chain(&chain, &key.verifying_key())?;
        Ok(Self { key, chain })
    }

    /// The certificates (DER), that of the key first.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The key that others verify with.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

/// Refuses certificates that do not say, one after the other, whose a key is.
pub(crate) fn require_chain(chain: &[Vec<u8>], key: &VerifyingKey) -> Result<(), Error> {
    const NEEDED: &str = "one of the key (Ed25519), signed by an authority whose certificate follows,";
    let wrong = |found| Error::Certificates { found, needed: NEEDED };
    let [leaf, authority] = chain else { return Err(wrong("are not two")) };
    let (leaf, authority) = parsed(leaf).zip(parsed(authority)).ok_or(wrong("cannot be read"))?;
    if leaf.public_key().subject_public_key.data.as_ref() != key.as_bytes() {
        return Err(wrong("belong to another key"));
    }
    if leaf.is_ca() || leaf.public_key().raw == authority.public_key().raw {
        return Err(wrong("are signed by the key itself"));
    }
    if !is_signed_by(&leaf, &authority) || !authority.is_ca() {
        return Err(wrong("do not follow from one another"));
    }
    Ok(())
}

/// Certificates of a text that may hold several (PEM), as DER.
///
/// # Errors
/// If it holds none, or what is no certificate.
pub fn certificates_from_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let wrong = || Error::Certificates { found: "to trust cannot be read", needed: "a PEM file of them" };
    let found = pem::parse_many(text).map_err(|_| wrong())?;
    let all: Vec<Vec<u8>> = found.into_iter().map(pem::Pem::into_contents).collect();
    let is_right = !all.is_empty() && all.iter().all(|der| parsed(der).is_some());
    if is_right { Ok(all) } else { Err(wrong()) }
}

/// What a key is known by: the first 32 hexadecimal digits of its SHA-256, in groups of four. People read it to one another.
pub fn fingerprint(public_key: &[u8]) -> String {
    let digits: String =
        Sha256::digest(public_key).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let groups: Vec<&str> = (0..8).map(|k| &digits[4 * k..4 * k + 4]).collect();
    groups.join(" ")
}

/// Of the key of a certificate (DER).
pub(crate) fn fingerprint_of(der: &[u8]) -> Option<String> {
    Some(fingerprint(&parsed(der)?.public_key().subject_public_key.data))
}

/// A certificate as others pass it on, PEM.
pub fn certificate_to_pem(der: &[u8]) -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", der))
}

pub(crate) fn parsed(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der)
        .ok()
        .filter(|(rest, _)| rest.is_empty())
        .map(|(_, certificate)| certificate)
}

fn is_signed_by(certificate: &X509Certificate<'_>, by: &X509Certificate<'_>) -> bool {
    let key = by.public_key().subject_public_key.data.as_ref().try_into();
    let key = key.ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok());
    let signature = ed25519_dalek::Signature::from_slice(&certificate.signature_value.data).ok();
    let signed = certificate.tbs_certificate.as_ref();
    key.zip(signature).is_some_and(|(key, signature)| key.verify_strict(signed, &signature).is_ok())
}

fn unmade(_: rcgen::Error) -> Error {
    Error::Certificates { found: "cannot be made of this name", needed: "a plain name of a clinic" }
}

/// An Ed25519 key as the certificate maker knows it.
struct Key {
    secret: SigningKey,
    public: [u8; 32],
}

impl Key {
    fn new(secret: &[u8; 32]) -> Self {
        let secret = SigningKey::from_bytes(&Zeroizing::new(*secret));
        let public = secret.verifying_key().to_bytes();
        Self { secret, public }
    }

    fn params(&self, organization: &str, what: &str, valid: Valid) -> CertificateParams {
        let digest = Sha256::digest(self.public);
        let mut names = DistinguishedName::new();
        names.push(DnType::OrganizationName, organization);
        names.push(DnType::CommonName, what);
        let mut params = CertificateParams::default();
        let day = |day: Date| rcgen::date_time_ymd(day.year().into(), day.month() as u8, day.day() as u8);
        params.not_before = day(valid.from);
        // because the last day is valid to its end.
        params.not_after = day(valid.until.tomorrow().unwrap_or(valid.until));
        params.distinguished_name = names;
        // because a serial number of at most 20 bytes has to be positive: its first byte is below 128.
        let serial: Vec<u8> = [&[digest[0] & 0x7f | 0x40], &digest[1..16]].concat();
        params.serial_number = Some(serial.into());
        params.key_identifier_method = KeyIdMethod::PreSpecified(digest[..20].to_vec());
        params
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.secret.sign(bytes).to_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> Valid {
        Valid { from: Date::constant(2026, 1, 1), until: Date::constant(2030, 12, 31) }
    }

    #[test]
    fn a_chain_is_made_again_from_what_is_kept() {
        let made = || Authority::new(&[7; 32], "Clinic at the Gate", valid()).expect("made");
        assert_eq!(made().certificate(), made().certificate());
        let signer = made().signer(&[8; 32], valid()).expect("made");
        assert!(Signer::new(&[8; 32], signer.chain().to_vec()).is_ok());
    }

    #[test]
    fn a_key_that_vouches_for_itself_is_refused() {
        let authority = Authority::new(&[7; 32], "Clinic", valid()).expect("made");
        let own = vec![authority.certificate().to_vec(), authority.certificate().to_vec()];
        assert!(matches!(Signer::new(&[7; 32], own), Err(Error::Certificates { .. })));
        assert!(authority.signer(&[7; 32], valid()).is_err(), "one key for both");
        let alone = vec![authority.certificate().to_vec()];
        assert!(Signer::new(&[7; 32], alone).is_err());
        let other = Authority::new(&[9; 32], "Clinic", valid()).expect("made");
        let leaf = authority.signer(&[8; 32], valid()).expect("made").chain()[0].clone();
        assert!(Signer::new(&[8; 32], vec![leaf, other.certificate().to_vec()]).is_err(), "of another");
    }
}
