//! A portfolio → everything that a web host needs to show it, sealed.

use stipple_model::{Bundle, Listed, Portfolio};
use stipple_publish::{Signer, certificate_to_pem, fingerprint, seal};
use stipple_record::{format, site, store};

use crate::verify::{LIST, SIGNATURE};

/// The certificate that strangers may choose to trust.
const AUTHORITY: &str = "authority.pem";

/// Every file of a portfolio, by name: pages, signed pictures, the list of all files, and its signature.
///
/// # Determinism
/// The same portfolio, pictures and key: the same bytes.
pub fn portfolio_files(
    portfolio: &Portfolio,
    pictures: Vec<(String, Vec<u8>)>,
    signer: &Signer,
) -> Vec<(String, Vec<u8>)> {
    let voucher = signer.other_voucher();
    let mut files = site::site(portfolio, &fingerprint(&signer.public_key()), voucher.as_deref());
    files.extend(pictures);
    if let Some(authority) = signer.chain().last() {
        files.push((AUTHORITY.to_owned(), certificate_to_pem(authority).into_bytes()));
    }
    files.sort();
    let listed =
        |(name, bytes): &(String, Vec<u8>)| Listed { name: name.clone(), sha256: store::sha256_hex(bytes) };
    let bundle = Bundle {
        made_on: portfolio.as_of,
        ledger: Some(portfolio.ledger.clone()),
        files: files.iter().map(listed).collect(),
    };
    let list = format::bundle_to_json(&bundle).into_bytes();
    let signature = format::signature_to_json(&seal(&list, signer)).into_bytes();
    files.push((LIST.to_owned(), list));
    files.push((SIGNATURE.to_owned(), signature));
    files
}
