//! What a signature proves, in plain words.

use std::collections::BTreeSet;

use stipple_model::{Bundle, Listed};
use stipple_publish::{BrokenSeal, Standing, Verdict, broken_seal, is_jpeg, signer_of, verified};
use stipple_record::{format, store};

use crate::error::Error;

pub use stipple_publish::certificates_from_pem;

/// The list of a bundle, and who signed it.
pub const LIST: &str = "files.json";
/// See [`LIST`].
pub const SIGNATURE: &str = "signature.json";

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether everything holds.
    pub holds: bool,
    /// What was found, sentence by sentence.
    pub said: Vec<String>,
}

/// A JPEG's content credentials; `trusted` are certificates (DER) whose owners are believed, or none.
///
/// # Errors
/// If it is no JPEG of a size that is looked at.
pub fn verify_picture(bytes: &[u8], trusted: &[Vec<u8>]) -> Result<Verified, Error> {
    let verdict = verified(bytes, trusted)?;
    let faults = faults(&verdict, !trusted.is_empty());
    let mut said = faults.clone();
    if faults.is_empty() {
        said.push("the content credentials hold: nothing was changed after it was signed".to_owned());
        said.extend(about_signer(verdict.signer.as_deref(), verdict.standing == Standing::Trusted));
        said.extend(stated(&verdict));
        said.push(LIMITS.to_owned());
    }
    Ok(Verified { holds: faults.is_empty(), said })
}

/// A bundle's seal and every picture in it; `read` gives a file of these names.
///
/// # Errors
/// If list or signature cannot be read, or a file cannot.
pub fn verify_bundle(
    names: &[String],
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, stipple_record::Error>,
    trusted: &[Vec<u8>],
) -> Result<Verified, Error> {
    let list = read(LIST)?;
    let (bundle, signature) =
        (format::bundle_from_json(&list)?, format::signature_from_json(read(SIGNATURE)?)?);
    let mut broken = broken_seal(&list, &bundle, &signature, trusted);
    let files = files(names, &bundle, read, trusted)?;
    broken.extend(files.broken);
    if !broken.is_empty() || !files.pictures_broken.is_empty() {
        let said = broken.iter().map(|found| format!("the bundle does not hold: {found}"));
        return Ok(Verified { holds: false, said: said.chain(files.pictures_broken).collect() });
    }
    let mut said = vec![format!(
        "the seal holds: {} files are as they were signed on {}, none is missing and none besides",
        bundle.files.len(),
        bundle.made_on
    )];
    said.extend(about_signer(signer_of(&signature).as_deref(), !trusted.is_empty()));
    if let Some(head) = &bundle.ledger {
        said.push(format!("the clinic's chain stood at row {}, hash {}", head.place, head.hash));
    }
    said.push(format!("the content credentials of all {} pictures hold", files.pictures));
    said.push(LIMITS.to_owned());
    Ok(Verified { holds: true, said })
}

/// What no signature can say.
const LIMITS: &str = "a signature proves who signed and that nothing was changed since; it does not prove that a photograph \
                      shows what it seems to, that the numbers are right, or how anybody else would heal";

struct Files {
    broken: Vec<BrokenSeal>,
    pictures: usize,
    pictures_broken: Vec<String>,
}

fn files(
    names: &[String],
    bundle: &Bundle,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, stipple_record::Error>,
    trusted: &[Vec<u8>],
) -> Result<Files, Error> {
    let there: BTreeSet<&str> =
        names.iter().map(String::as_str).filter(|n| ![LIST, SIGNATURE].contains(n)).collect();
    let listed: BTreeSet<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    let (mut changed, mut pictures, mut pictures_broken) = (0, 0, Vec::new());
    for Listed { name, sha256 } in bundle.files.iter().filter(|file| there.contains(file.name.as_str())) {
        let bytes = read(name)?;
        changed += usize::from(store::sha256_hex(&bytes) != *sha256);
        if is_jpeg(&bytes) {
            pictures += 1;
            let faults = faults(&verified(&bytes, trusted)?, !trusted.is_empty());
            pictures_broken
                .extend(faults.iter().map(|fault| format!("picture {pictures} of the list: {fault}")));
        }
    }
    let counted = |count: usize, broken: fn(usize) -> BrokenSeal| (count > 0).then(|| broken(count));
    let broken = [
        counted(changed, BrokenSeal::Changed),
        counted(listed.difference(&there).count(), BrokenSeal::Missing),
        counted(there.difference(&listed).count(), BrokenSeal::Besides),
    ];
    Ok(Files { broken: broken.into_iter().flatten().collect(), pictures, pictures_broken })
}

/// What does not hold of a picture, in words; to somebody who named whom to trust, anybody else is a stranger.
fn faults(verdict: &Verdict, named: bool) -> Vec<String> {
    match &verdict.standing {
        Standing::Broken(faults) => faults.iter().map(ToString::to_string).collect(),
        Standing::UnknownSigner if named => {
            vec!["it was signed by somebody whom the certificate you trust does not vouch for".to_owned()]
        }
        Standing::UnknownSigner | Standing::Trusted => Vec::new(),
    }
}

fn about_signer(name: Option<&str>, trusted: bool) -> [String; 1] {
    let name: String = name.unwrap_or("nobody named").chars().filter(|c| !c.is_control()).take(100).collect();
    let known = if trusted {
        "the certificate you trust vouches for them"
    } else {
        "nobody vouches that it is them; ask them for their certificate and give it with --anchor"
    };
    [format!("signed by \"{name}\": {known}")]
}

/// What the signer states of a picture.
fn stated(verdict: &Verdict) -> Vec<String> {
    let mut said = Vec::new();
    if verdict.simulation {
        said.push("it shows a simulation, not a photograph of a result".to_owned());
    }
    if !verdict.actions.is_empty() {
        let all = if verdict.is_complete { ", and nothing else" } else { "" };
        said.push(format!("the signer states that this was done{all}: {}", verdict.actions.join("; ")));
    }
    let derivation = verdict.derivation_json.as_ref().map(format::derivation_from_json);
    if let Some(Ok((found, made))) = derivation {
        let days =
            found.days_since_last_session.map_or("an unknown number of".to_owned(), |days| days.to_string());
        said.push(format!(
            "the signer states: made on {}, {days} days after the last session",
            found.made_on
        ));
        let originals = made.inputs.iter().filter(|input| ["photo", "after"].contains(&input.name.as_str()));
        said.extend(originals.map(|input| {
            let which = if input.name == "photo" { "before" } else { "after" };
            format!("the original {which} has the SHA-256 {}", input.sha256)
        }));
    }
    said
}
