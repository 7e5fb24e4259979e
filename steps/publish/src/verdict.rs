//! What a picture's credentials prove.

use std::io::Cursor;

use c2pa::assertions::{Action, Actions, DigitalSourceType};
use c2pa::{Context, Manifest, ManifestAssertion, Reader, ValidationState};

use crate::credentials::{DERIVATION, context};
use crate::error::{CertificateFault, Error};
use crate::identity::{certificate_to_pem, certificates_from_pem, fingerprint_of, named_by};
use crate::signed::is_all_signed;

/// Largest picture that is looked at, bytes.
pub const JPEG_BYTES_MAX: usize = 64 << 20;

/// What was found in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether it holds, and how far the signer is known.
    pub standing: Standing,
    /// Whose certificate signed it, as that certificate says.
    pub signer: Option<String>,
    /// [`fingerprint`](crate::fingerprint) of the key that signed it.
    pub fingerprint: Option<String>,
    /// What the signer states was done, in order.
    pub actions: Vec<String>,
    /// Whether the signer states that nothing else was done.
    pub is_complete: bool,
    /// Whether the signer states that it shows a simulation.
    pub simulation: bool,
    /// The assertion of how a published pair was made, JSON, unchecked.
    pub derivation_json: Option<String>,
}

/// Whether credentials hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They hold, and the signer follows from a certificate that was given as trusted.
    Trusted,
    /// They hold; that the signer is who the certificate says, nobody vouches for.
    UnknownSigner,
    /// They do not hold, and why.
    Broken(Vec<Fault>),
}

impl Standing {
    /// The same, broken where not all is signed and nothing worse is known.
    fn held_to(self, is_all_signed: bool) -> Self {
        match self {
            held if is_all_signed => held,
            Self::Broken(faults) if faults.iter().any(|fault| *fault != Fault::Expired) => {
                Self::Broken(faults)
            }
            Self::Broken(faults) => Self::Broken(faults.into_iter().chain([Fault::Unsigned]).collect()),
            Self::Trusted | Self::UnknownSigner => Self::Broken(vec![Fault::Unsigned]),
        }
    }
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Fault {
    /// There are no credentials.
    #[error(
        "it carries no content credentials: nothing about it can be checked; saving or sending a picture takes them away"
    )]
    None,
    /// Its bytes are not those that were signed.
    #[error("the picture was changed after it was signed: its bytes are others")]
    Picture,
    /// What is stated about it is not what was signed.
    #[error("what is stated about the picture was changed after it was signed")]
    Claim,
    /// The signature does not fit.
    #[error("the signature does not fit what it signs")]
    Signature,
    /// The certificate is not valid today.
    #[error(
        "the signer's certificate is not valid on this day, and no trusted time-stamp says when it was signed"
    )]
    Expired,
    /// The certificate may not sign pictures.
    #[error("the signer's certificate may not sign pictures")]
    Certificate,
    /// Something stands in the credentials that no signature covers.
    #[error(
        "its content credentials hold bytes that nobody signed: words may have been written into them since, or others made them"
    )]
    Unsigned,
    /// The credentials cannot be read.
    #[error("its content credentials are damaged and cannot be read")]
    Damaged,
    /// Anything else, by the word of the norm.
    #[error("its content credentials do not follow the norm ({0})")]
    Other(String),
}

/// Whether bytes begin as a JPEG does.
pub fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff])
}

/// What a JPEG's credentials prove; `trusted` are certificates (DER) whose owners are believed, or none.
///
/// # Errors
/// [`Error::NoJpeg`]; [`Error::Certificates`] if those to trust cannot be used.
pub fn verified(bytes: &[u8], trusted: &[Vec<u8>]) -> Result<Verdict, Error> {
    require_jpeg(bytes)?;
    let context = context_trusting(trusted)?;
    Ok(match Reader::from_context(context).with_stream("image/jpeg", Cursor::new(bytes)) {
        Ok(reader) => verdict(&reader, is_all_signed(bytes)),
        Err(c2pa::Error::JumbfNotFound) => nothing(vec![Fault::None]),
        Err(_) => nothing(vec![Fault::Damaged]),
    })
}

fn context_trusting(trusted: &[Vec<u8>]) -> Result<Context, Error> {
    let mut context = context();
    if trusted.is_empty() {
        return Ok(context);
    }
    let anchors: String = trusted.iter().map(|der| certificate_to_pem(der)).collect();
    let unfit = |_| Error::Certificates(CertificateFault::Unreadable);
    let settings = context.settings().with_value("trust.user_anchors", anchors).map_err(unfit)?;
    context.set_settings(settings).map_err(unfit)?;
    Ok(context)
}

pub(crate) fn require_jpeg(bytes: &[u8]) -> Result<(), Error> {
    if !is_jpeg(bytes) {
        return Err(Error::NoJpeg { found: "the file does not begin as a JPEG does" });
    }
    if bytes.len() > JPEG_BYTES_MAX {
        return Err(Error::NoJpeg { found: "the file is larger than 64 MB" });
    }
    Ok(())
}

fn nothing(faults: Vec<Fault>) -> Verdict {
    Verdict {
        standing: Standing::Broken(faults),
        signer: None,
        fingerprint: None,
        actions: Vec::new(),
        is_complete: false,
        simulation: false,
        derivation_json: None,
    }
}

fn verdict(reader: &Reader, is_all_signed: bool) -> Verdict {
    // because credentials beside a picture have been made to vouch for another one.
    let Some(manifest) = reader.active_manifest().filter(|_| reader.is_embedded()) else {
        return nothing(vec![Fault::None]);
    };
    let lists = actions(manifest);
    let actions: Vec<&Action> = lists.iter().flat_map(|list| list.actions()).collect();
    let chain = chain(manifest).unwrap_or_default();
    Verdict {
        standing: standing(reader).held_to(is_all_signed),
        signer: named_by(&chain),
        fingerprint: chain.first().and_then(|der| fingerprint_of(der)),
        simulation: actions.iter().any(|action| is_simulation(action)),
        actions: actions
            .iter()
            .map(|action| action.description().unwrap_or(action.action()).to_owned())
            .collect(),
        is_complete: !lists.is_empty() && lists.iter().all(|list| list.all_actions_included == Some(true)),
        derivation_json: derivation(manifest),
    }
}

/// The certificates (DER) that came with the signature, that of the key first.
fn chain(manifest: &Manifest) -> Option<Vec<Vec<u8>>> {
    certificates_from_pem(manifest.signature_info()?.cert_chain().as_bytes()).ok()
}

/// What the signer states was done, in both forms that the norm knows: what is only gathered, nobody signs for.
fn actions(manifest: &Manifest) -> Vec<Actions> {
    let labels = [Actions::LABEL, Actions::LABEL_VERSIONED];
    let is_created = |found: &&ManifestAssertion| labels.contains(&found.label()) && found.created();
    manifest.assertions().iter().filter(is_created).filter_map(|found| found.to_assertion().ok()).collect()
}

fn is_simulation(action: &Action) -> bool {
    use DigitalSourceType as Source;
    matches!(
        action.source_type(),
        Some(
            Source::Composite
                | Source::CompositeSynthetic
                | Source::AlgorithmicMedia
                | Source::TrainedAlgorithmicMedia
                | Source::CompositeWithTrainedAlgorithmicMedia
        )
    )
}

fn derivation(manifest: &Manifest) -> Option<String> {
    let found = manifest.assertions().iter().find(|assertion| assertion.label() == DERIVATION)?;
    found.value().ok().map(ToString::to_string)
}

fn standing(reader: &Reader) -> Standing {
    match reader.validation_state() {
        ValidationState::Trusted => Standing::Trusted,
        ValidationState::Valid => Standing::UnknownSigner,
        _ => {
            let told = reader.validation_status().unwrap_or_default().iter();
            let mut faults: Vec<Fault> = told.filter_map(|status| fault(status.code())).collect();
            faults.sort();
            faults.dedup();
            Standing::Broken(if faults.is_empty() { vec![Fault::Damaged] } else { faults })
        }
    }
}

/// A word of the norm as ours; that nobody vouches for the signer is none.
fn fault(code: &str) -> Option<Fault> {
    Some(match code {
        "signingCredential.untrusted" => return None,
        "assertion.dataHash.mismatch" | "assertion.dataHash.malformed" => Fault::Picture,
        "assertion.hashedURI.mismatch" | "assertion.missing" | "assertion.undeclared" => Fault::Claim,
        "claimSignature.mismatch" | "claimSignature.missing" => Fault::Signature,
        "signingCredential.expired" | "claimSignature.outsideValidity" => Fault::Expired,
        "signingCredential.invalid" | "signingCredential.ocsp.revoked" => Fault::Certificate,
        other => Fault::Other(other.to_owned()),
    })
}
