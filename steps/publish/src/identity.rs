//! A clinic's own certificates, and the key that signs.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jiff::ToSpan as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyUsagePurpose, PKCS_ED25519, PublicKeyData, SignatureAlgorithm,
};
use sha2::{Digest as _, Sha256};
use stipple_model::{CHAIN_MAX, Date};
use x509_parser::prelude::{ExtendedKeyUsage, FromDer as _, X509Certificate, X509Extension, X509Name};
use zeroize::Zeroizing;

use crate::credentials::is_accepted;
use crate::error::{CertificateFault, Error};

/// What a certificate must be for so that content credentials accept it: `c2pa-kp-claimSigning`.
const CLAIM_SIGNING: [u64; 9] = [1, 3, 6, 1, 4, 1, 62558, 2, 1];
/// What the key's certificate calls it.
const SIGNS: &str = "Stipple signing key";
/// Largest certificate of a chain, bytes.
const CERTIFICATE_BYTES_MAX: usize = 16 << 10;
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
        let is_valid = |der: &Vec<u8>| parsed(der).is_some_and(|one| is_valid_on(&one, on));
        require(vouched.chain.iter().all(is_valid), CertificateFault::Day)?;
        require(is_accepted(&vouched), CertificateFault::NotAccepted)?;
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

    /// Whom the key's certificate names.
    pub fn named(&self) -> Option<String> {
        named_by(&self.chain)
    }

    /// Who signed the last certificate, as that names them, and the last day of the key's own.
    pub fn voucher(&self) -> Option<(String, Date)> {
        Some((voucher_of(&self.chain)?, last_day(&parsed(self.chain.first()?)?)?))
    }

    /// Who signed the last certificate, where it is somebody else than whom the key's own names.
    pub fn other_voucher(&self) -> Option<String> {
        voucher_of(&self.chain).filter(|by| Some(by) != self.named().as_ref())
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

/// Refuses certificates that do not say, one after the other, whose a key is, or that may not say it.
pub(crate) fn require_chain(chain: &[Vec<u8>], key: &VerifyingKey) -> Result<(), Error> {
    require(chain.iter().all(|der| der.len() <= CERTIFICATE_BYTES_MAX), CertificateFault::Number)?;
    let all: Option<Vec<X509Certificate<'_>>> = chain.iter().map(|der| parsed(der)).collect();
    let all = all.ok_or(Error::Certificates(CertificateFault::Unreadable))?;
    require((2..=CHAIN_MAX).contains(&all.len()), CertificateFault::Number)?;
    let (leaf, authorities) = (&all[0], &all[1..]);
    let is_of_key = leaf.public_key().subject_public_key.data.as_ref() == key.as_bytes();
    require(is_of_key, CertificateFault::OtherKey)?;
    let by_self = leaf.is_ca() || leaf.public_key().raw == authorities[0].public_key().raw;
    require(!by_self, CertificateFault::BySelf)?;
    require(all.windows(2).all(|pair| is_signed_by(&pair[0], &pair[1])), CertificateFault::Order)?;
    let may_sign = authorities.iter().enumerate().all(|(below, by)| may_sign(by, below));
    require(may_sign, CertificateFault::Authority)?;
    require(is_for_claims(leaf), CertificateFault::Purpose)
}

fn require(holds: bool, fault: CertificateFault) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Certificates(fault)) }
}

/// Whether an authority may sign certificates, with so many other authorities between it and the key's. What it says about
/// names is not understood, and so refused.
fn may_sign(by: &X509Certificate<'_>, below: usize) -> bool {
    let signs = by.key_usage().ok().flatten().is_none_or(|usage| usage.value.key_cert_sign());
    let constraints = by.basic_constraints().ok().flatten().map(|found| found.value);
    let is_near = constraints
        .is_some_and(|found| found.ca && found.path_len_constraint.is_none_or(|most| below <= most as usize));
    let is_free = by.name_constraints().is_ok_and(|found| found.is_none());
    signs && is_near && is_free && knows_what_is_critical(by)
}

/// Whether a certificate is for signing claims, and for nothing that forbids it.
fn is_for_claims(leaf: &X509Certificate<'_>) -> bool {
    let usage = leaf.key_usage().ok().flatten();
    let signs = usage.is_some_and(|usage| usage.value.digital_signature() && !usage.value.key_cert_sign());
    let claims = CLAIM_SIGNING.map(|part| part.to_string()).join(".");
    let purposes = leaf.extended_key_usage().ok().flatten().map(|usage| usage.value);
    let is_for = |usage: &ExtendedKeyUsage<'_>| {
        let named = usage.email_protection || usage.other.iter().any(|oid| oid.to_id_string() == claims);
        named && !usage.any && !usage.time_stamping && !usage.ocsp_signing
    };
    signs && purposes.is_some_and(is_for) && knows_what_is_critical(leaf)
}

/// Whether everything that a certificate calls critical is understood.
fn knows_what_is_critical(certificate: &X509Certificate<'_>) -> bool {
    let unknown = |found: &&X509Extension<'_>| found.critical && found.parsed_extension().unsupported();
    certificate.extensions().iter().find(unknown).is_none()
}

/// Whether one of some certificates stands in a chain behind the key's, or signed its last.
pub(crate) fn is_vouched_for(chain: &[Vec<u8>], trusted: &[Vec<u8>]) -> bool {
    let Some(last) = chain.last().and_then(|der| parsed(der)) else { return false };
    let below = chain.len() - 1;
    let signed_last =
        |by: &Vec<u8>| parsed(by).is_some_and(|by| may_sign(&by, below) && is_signed_by(&last, &by));
    chain.iter().skip(1).any(|by| trusted.contains(by)) || trusted.iter().any(signed_last)
}

/// Whether a certificate is valid on a day.
pub(crate) fn is_valid_on(certificate: &X509Certificate<'_>, on: Date) -> bool {
    let [from, until] = days(certificate);
    (from..=until).contains(&day_number(on))
}

/// Whom the first certificate of a chain names.
pub(crate) fn named_by(chain: &[Vec<u8>]) -> Option<String> {
    organization(parsed(chain.first()?)?.subject())
}

/// The day after which not all certificates of a chain are valid any more.
pub(crate) fn ends_on(chain: &[Vec<u8>]) -> Option<Date> {
    chain.iter().filter_map(|der| last_day(&parsed(der)?)).min()
}

/// Who signed the last certificate of a chain, as that names them.
pub(crate) fn voucher_of(chain: &[Vec<u8>]) -> Option<String> {
    organization(parsed(chain.last()?)?.issuer())
}

/// Organization of a name, or else what it is called at all.
fn organization(name: &X509Name<'_>) -> Option<String> {
    let mut named = name.iter_organization().chain(name.iter_common_name());
    named.next()?.as_str().ok().map(str::to_owned)
}

fn last_day(certificate: &X509Certificate<'_>) -> Option<Date> {
    let [_, until] = days(certificate);
    EPOCH.checked_add(until.days()).ok()
}

/// First and last day of a certificate, counted from 1970; one that ends at midnight ends with the day before.
fn days(certificate: &X509Certificate<'_>) -> [i64; 2] {
    let validity = certificate.validity();
    [validity.not_before.timestamp(), validity.not_after.timestamp() - 1].map(|at| at.div_euclid(DAY_S))
}

fn day_number(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

/// Certificates of a text that may hold several (PEM), as DER; words beside them, as programs write them, count for nothing.
///
/// # Errors
/// If it holds none, or what is no certificate.
pub fn certificates_from_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let unreadable = Error::Certificates(CertificateFault::Unreadable);
    let Ok(found) = pem::parse_many(text) else { return Err(unreadable) };
    require(!found.iter().any(|one| one.tag().ends_with("PRIVATE KEY")), CertificateFault::PrivateKey)?;
    let are_right = found.iter().all(|one| one.tag() == "CERTIFICATE" && parsed(one.contents()).is_some());
    if found.is_empty() || !are_right {
        return Err(unreadable);
    }
    Ok(found.into_iter().map(pem::Pem::into_contents).collect())
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
    Error::Certificates(CertificateFault::Name)
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
