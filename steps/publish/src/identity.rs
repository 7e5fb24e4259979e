//! A clinic's own certificates, and the key that signs.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jiff::ToSpan as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyUsagePurpose, PKCS_ED25519, PublicKeyData, SignatureAlgorithm,
};
use sha2::{Digest as _, Sha256};
use stipple_model::Date;
use x509_parser::prelude::{ExtendedKeyUsage, FromDer as _, X509Certificate};
use zeroize::Zeroizing;

use crate::error::Error;

/// What a certificate must be for so that content credentials accept it: `c2pa-kp-claimSigning`.
const CLAIM_SIGNING: [u64; 9] = [1, 3, 6, 1, 4, 1, 62558, 2, 1];
/// What the key's certificate calls it.
const SIGNS: &str = "Stipple signing key";
/// Most certificates of a chain.
const CHAIN_MAX: usize = 8;
const DAY_S: i64 = 86_400;
const EPOCH: Date = Date::constant(1970, 1, 1);

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
        let mut params = key.params(&self.name, SIGNS, valid);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = purposes();
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

    /// The same key with certificates (DER) by which somebody else vouches for it, valid on a day.
    ///
    /// # Errors
    /// If they are of another key, do not follow from one another, are not valid on that day, or not for this use.
    pub fn vouched_for(&self, chain: Vec<Vec<u8>>, on: Date) -> Result<Self, Error> {
        let vouched = Self::new(&self.key.to_bytes(), chain)?;
        let leaf = vouched.leaf().ok_or(wrong("cannot be read"))?;
        require_for_claims(&leaf, on)?;
        Ok(vouched)
    }

    /// A request for such a certificate, with the clinic's name, for whoever is to vouch (PKCS #10, PEM).
    ///
    /// # Errors
    /// If the name cannot stand in a certificate.
    pub fn request(&self, name: &str) -> Result<String, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = names(name, SIGNS);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = purposes();
        let request = params.serialize_request(&Key::new(&self.key.to_bytes())).map_err(unmade)?;
        Ok(pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", request.der().to_vec())))
    }

    /// Who signed the last certificate, as that names them, and the last day of the key's own.
    pub fn voucher(&self) -> Option<(String, Date)> {
        let last = parsed(self.chain.last()?)?;
        let mut named = last.issuer().iter_organization().chain(last.issuer().iter_common_name());
        let name = named.next()?.as_str().ok()?.to_owned();
        let [_, until] = days(&self.leaf()?);
        Some((name, EPOCH.checked_add(until.days()).ok()?))
    }

    fn leaf(&self) -> Option<X509Certificate<'_>> {
        parsed(self.chain.first()?)
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
    let all: Option<Vec<X509Certificate<'_>>> = chain.iter().map(|der| parsed(der)).collect();
    let all = all.ok_or(wrong("cannot be read"))?;
    let [leaf, authority, ..] = all.as_slice() else { return Err(wrong("are fewer than two")) };
    if all.len() > CHAIN_MAX {
        return Err(wrong("are more than anybody needs"));
    }
    if leaf.public_key().subject_public_key.data.as_ref() != key.as_bytes() {
        return Err(wrong("belong to another key"));
    }
    if leaf.is_ca() || leaf.public_key().raw == authority.public_key().raw {
        return Err(wrong("are signed by the key itself"));
    }
    if !all.windows(2).all(|pair| pair[1].is_ca() && is_signed_by(&pair[0], &pair[1])) {
        return Err(wrong("do not follow from one another"));
    }
    Ok(())
}

/// Whether one of some certificates stands in a chain behind the key's, or signed its last.
pub(crate) fn is_vouched_for(chain: &[Vec<u8>], trusted: &[Vec<u8>]) -> bool {
    let Some(last) = chain.last().and_then(|der| parsed(der)) else { return false };
    let signed_last = |by: &Vec<u8>| parsed(by).is_some_and(|by| is_signed_by(&last, &by));
    chain.iter().skip(1).any(|by| trusted.contains(by)) || trusted.iter().any(signed_last)
}

/// Refuses a certificate that is not valid on a day, or that is not for signing claims.
fn require_for_claims(leaf: &X509Certificate<'_>, on: Date) -> Result<(), Error> {
    if !is_valid_on(leaf, on) {
        return Err(wrong("are not valid today"));
    }
    let usage = leaf.key_usage().ok().flatten();
    if !usage.is_some_and(|usage| usage.value.digital_signature()) {
        return Err(wrong("are not for digital signatures (key usage)"));
    }
    let claims = CLAIM_SIGNING.map(|part| part.to_string()).join(".");
    let purposes = leaf.extended_key_usage().ok().flatten().map(|usage| usage.value);
    let is_for = |usage: &ExtendedKeyUsage<'_>| {
        !usage.any && (usage.email_protection || usage.other.iter().any(|oid| oid.to_id_string() == claims))
    };
    if !purposes.is_some_and(is_for) {
        return Err(wrong("are not for signing claims or e-mail (extended key usage)"));
    }
    Ok(())
}

/// Whether a certificate is valid on a day.
pub(crate) fn is_valid_on(certificate: &X509Certificate<'_>, on: Date) -> bool {
    let [from, until] = days(certificate);
    (from..=until).contains(&day_number(on))
}

/// First and last day of a certificate, counted from 1970.
fn days(certificate: &X509Certificate<'_>) -> [i64; 2] {
    let validity = certificate.validity();
    [validity.not_before, validity.not_after].map(|at| at.timestamp().div_euclid(DAY_S))
}

fn day_number(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

fn wrong(found: &'static str) -> Error {
    let needed = "one of the studio's key (Ed25519) and then those of who signed it, each by the next,";
    Error::Certificates { found, needed }
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
    certificate.issuer() == by.subject() && certificate.verify_signature(Some(by.public_key())).is_ok()
}

fn names(organization: &str, what: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::OrganizationName, organization);
    names.push(DnType::CommonName, what);
    names
}

/// What the key is for.
fn purposes() -> Vec<ExtendedKeyUsagePurpose> {
    // because readers that were told no list of purposes know the older one alone.
    vec![ExtendedKeyUsagePurpose::Other(CLAIM_SIGNING.to_vec()), ExtendedKeyUsagePurpose::EmailProtection]
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
        let mut params = CertificateParams::default();
        let day = |day: Date| rcgen::date_time_ymd(day.year().into(), day.month() as u8, day.day() as u8);
        params.not_before = day(valid.from);
        // because the last day is valid to its end.
        params.not_after = day(valid.until.tomorrow().unwrap_or(valid.until));
        params.distinguished_name = names(organization, what);
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
mod tests;
