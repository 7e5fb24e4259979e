//! `files.json` and `signature.json`: what a bundle holds, and who says so.

use data_encoding::BASE64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;

use super::head::Head;
use super::{Body, opened, parse, require_format, written};
use crate::error::Error;
use crate::format::number::{at_most, each};
use crate::provenance::Provenance;

/// Most files of a bundle.
const FILES_MAX: usize = 20_000;
/// Longest name of a file, bytes.
const NAME_MAX: usize = 200;
/// The algorithm.
const ALGORITHM: &str = "Ed25519";

/// Every file of a bundle but this list and its signature.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Bundle {
    /// The day it was made.
    pub made_on: String,
    /// Where the clinic's chain of entries stood, or null.
    pub ledger: Option<LedgerHead>,
    /// The files, by name.
    pub files: Vec<Listed>,
}

/// Where a chain of entries stood.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LedgerHead {
    /// Number of the last row.
    pub place: u64,
    /// Hash of that row, 64 lower-case hexadecimal digits.
    pub hash: String,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Its name, relative to the bundle, with forward slashes.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl Body for Bundle {
    const FORMAT: &'static str = "stipple/bundle/1";
    const WHAT: &'static str = "files";
}

/// Who signed a bundle's list: Ed25519 over `stipple/bundle/1`, a byte 0, and the bytes of `files.json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Kind and version.
    pub format: String,
    /// `Ed25519`.
    pub algorithm: String,
    /// The key, base64.
    pub public_key: String,
    /// Certificates (DER, base64): of the key, then of who signed it.
    pub chain: Vec<String>,
    /// The signature, base64.
    pub signature: String,
}

impl Signature {
    pub(crate) const FORMAT: &'static str = "stipple/signature/1";
}

/// The text of a bundle's list, files in the order of their names.
pub fn bundle_to_json(bundle: &model::Bundle) -> String {
    let listed = |file: &model::Listed| Listed { name: file.name.clone(), sha256: file.sha256.clone() };
    let mut files: Vec<Listed> = bundle.files.iter().map(listed).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let ledger = bundle.ledger.as_ref().map(|head| LedgerHead { place: head.place, hash: head.hash.clone() });
    let body = Bundle { made_on: bundle.made_on.to_string(), ledger, files };
    written(Head::new(Bundle::FORMAT, &[], &Provenance::of_this_program()), body)
}

/// A bundle's list: names that stay inside it, each once.
///
/// # Errors
/// If it is none, or names what it must not.
pub fn bundle_from_json(text: impl AsRef<[u8]>) -> Result<model::Bundle, Error> {
    let (_, body) = opened::<Bundle>(text.as_ref())?;
    let made_on = body.made_on.parse();
    let made_on = made_on.map_err(|_| Error::field("made_on", &body.made_on, "a day, such as 2026-11-29"))?;
    let ledger = body.ledger.map(LedgerHead::into_model).transpose()?;
    let files = each("files", at_most("files", body.files, FILES_MAX)?, Listed::into_model)?;
    if !files.is_sorted_by(|a, b| a.name < b.name) {
        return Err(Error::field("files", "out of order, or twice", "every name once, in order"));
    }
    Ok(model::Bundle { made_on, ledger, files })
}

/// The text of a signature.
pub fn signature_to_json(signature: &model::Signature) -> String {
    let signature = Signature {
        format: Signature::FORMAT.to_owned(),
        algorithm: ALGORITHM.to_owned(),
        public_key: BASE64.encode(&signature.public_key),
        chain: signature.chain.iter().map(|der| BASE64.encode(der)).collect(),
        signature: BASE64.encode(&signature.signature),
    };
    serde_json::to_string_pretty(&signature).expect("plain words always serialize") + "\n"
}

/// A signature.
///
/// # Errors
/// If it is none that this program knows.
pub fn signature_from_json(text: impl AsRef<[u8]>) -> Result<model::Signature, Error> {
    require_format(text.as_ref(), "signature", Signature::FORMAT)?;
    let found: Signature = parse(text.as_ref(), "signature")?;
    if found.algorithm != ALGORITHM {
        return Err(Error::field("algorithm", &found.algorithm, ALGORITHM));
    }
    let chain = at_most("chain", found.chain, model::CHAIN_MAX)?;
    Ok(model::Signature {
        public_key: decoded("public_key", &found.public_key)?,
        chain: each("chain", chain, |text| bytes("certificate", &text))?,
        signature: decoded("signature", &found.signature)?,
    })
}

impl Listed {
    fn into_model(self) -> Result<model::Listed, Error> {
        if !stays_inside(&self.name) {
            let needed = "a name inside the bundle: plain, with forward slashes, without `..`";
            return Err(Error::field("name", "one that leads elsewhere", needed));
        }
        Ok(model::Listed { name: self.name, sha256: hash("sha256", self.sha256)? })
    }
}

impl LedgerHead {
    pub(super) fn into_model(self) -> Result<model::LedgerHead, Error> {
        Ok(model::LedgerHead { place: self.place, hash: hash("hash", self.hash)? })
    }
}

/// Whether a name is plain and leads nowhere else.
fn stays_inside(name: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let is_odd = |c: char| c.is_control() || matches!(c, '\\' | ':');
    name.len() <= NAME_MAX && !name.contains(is_odd) && name.split('/').all(is_plain)
}

/// A SHA-256 as it is written.
pub(super) fn hash(field: &'static str, text: String) -> Result<String, Error> {
    let is_hash = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    if is_hash { Ok(text) } else { Err(Error::field(field, &text, "64 lower-case hexadecimal digits")) }
}

fn bytes(field: &'static str, text: &str) -> Result<Vec<u8>, Error> {
    BASE64.decode(text.as_bytes()).map_err(|_| Error::field(field, "something else", "base64"))
}

fn decoded<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], Error> {
    let needed = || format!("{N} bytes as base64");
    bytes(field, text)?.try_into().map_err(|_| Error::field(field, "another length", needed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for name in ["index.html", "pictures/a-1.jpg", "de/übersicht.html"] {
            assert!(stays_inside(name), "{name}");
        }
        for name in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a\\b", "C:a", "./a", "a\n", "a/"] {
            assert!(!stays_inside(name), "{name:?}");
        }
    }

    #[test]
    fn a_list_and_a_signature_come_back() {
        let listed =
            |name: &str| model::Listed { name: name.to_owned(), sha256: crate::store::sha256_hex(b"a") };
        let bundle = model::Bundle {
            made_on: model::Date::constant(2026, 11, 29),
            ledger: Some(model::LedgerHead { place: 7, hash: crate::store::sha256_hex(b"b") }),
            files: vec![listed("a.html"), listed("b.jpg")],
        };
        assert_eq!(bundle_from_json(bundle_to_json(&bundle)).expect("ours"), bundle);
        let twice = model::Bundle { files: vec![listed("a.html"), listed("a.html")], ..bundle };
        assert!(bundle_from_json(bundle_to_json(&twice)).is_err());
        let signature =
            model::Signature { public_key: [1; 32], chain: vec![vec![2; 300]], signature: [3; 64] };
        assert_eq!(signature_from_json(signature_to_json(&signature)).expect("ours"), signature);
    }
}
