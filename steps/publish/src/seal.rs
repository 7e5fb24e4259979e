//! The seal of a bundle: its list of files, signed.
//!
//! What is signed is [`SIGNED_AS`], then the bytes of the list: a signature of anything else cannot pass for it.

use ed25519_dalek::{Signer as _, VerifyingKey};
use stipple_model::{Bundle, Date, Signature};

use crate::identity::{
    Signer, ends_on, is_valid_on, is_vouched_for, named_by, parsed, require_chain, voucher_of,
};

/// What stands before the list when it is signed.
pub const SIGNED_AS: &[u8] = b"stipple/bundle/1\0";

/// Signs the list of a bundle's files, as it is written.
pub fn seal(list: &[u8], signer: &Signer) -> Signature {
    Signature {
        public_key: signer.public_key(),
        chain: signer.chain.clone(),
        signature: signer.key.sign(&[SIGNED_AS, list].concat()).to_bytes(),
    }
}

/// What does not hold of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenSeal {
    /// The list is not the one that was signed.
    #[error("the list of files is not the one that was signed")]
    List,
    /// The certificates do not say whose the key is.
    #[error("the certificates do not belong to the key that signed")]
    Chain,
    /// The certificate was not valid on the day that the list tells.
    #[error("the signer's certificate was not valid on the day of the bundle")]
    Day,
    /// It is another key than the one that was expected.
    #[error("it was signed with another key than the one you trust")]
    OtherKey,
    /// Files are not as the list has them.
    #[error("{} of its files are other than the list says: {}", .0.len(), named(.0))]
    Changed(Vec<String>),
    /// Files are missing.
    #[error("{} of its files are missing: {}", .0.len(), named(.0))]
    Missing(Vec<String>),
    /// Files are there that the list does not have.
    #[error("{0} files are there that the list does not have")]
    Besides(usize),
}

/// Names of files that are told at most.
const NAMED: usize = 10;

/// The first of some names, without what no name of ours has.
fn named(names: &[String]) -> String {
    let plain = |name: &String| name.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    let more = if names.len() > NAMED { ", …" } else { "" };
    names.iter().take(NAMED).map(plain).collect::<Vec<_>>().join(", ") + more
}

/// Everything that does not hold of a signed list; the seal holds if that is nothing.
///
/// `trusted` are certificates (DER) of which one has to vouch for the key; where there are none, any key will do.
pub fn broken_seal(
    list: &[u8],
    bundle: &Bundle,
    signature: &Signature,
    trusted: &[Vec<u8>],
) -> Vec<BrokenSeal> {
    let key = VerifyingKey::from_bytes(&signature.public_key).ok();
    let seal = ed25519_dalek::Signature::from_bytes(&signature.signature);
    let signed = [SIGNED_AS, list].concat();
    let holds = key.is_some_and(|key| key.verify_strict(&signed, &seal).is_ok());
    let is_chain = key.is_some_and(|key| require_chain(&signature.chain, &key).is_ok());
    let is_trusted = trusted.is_empty() || is_vouched_for(&signature.chain, trusted);
    let found = [
        (!holds).then_some(BrokenSeal::List),
        (!is_chain).then_some(BrokenSeal::Chain),
        (!was_valid(signature, bundle)).then_some(BrokenSeal::Day),
        (!is_trusted).then_some(BrokenSeal::OtherKey),
    ];
    found.into_iter().flatten().collect()
}

/// Who vouches for the key, as the last certificate says.
pub fn voucher_of_signature(signature: &Signature) -> Option<String> {
    voucher_of(&signature.chain)
}

/// Whose the key is, as its certificate says.
pub fn signer_of(signature: &Signature) -> Option<String> {
    named_by(&signature.chain)
}

/// The last day on which all of its certificates are valid.
pub fn end_of_signature(signature: &Signature) -> Option<Date> {
    ends_on(&signature.chain)
}

fn was_valid(signature: &Signature, bundle: &Bundle) -> bool {
    let leaf = signature.chain.first().and_then(|der| parsed(der));
    leaf.is_some_and(|leaf| is_valid_on(&leaf, bundle.made_on))
}

#[cfg(test)]
mod tests;
