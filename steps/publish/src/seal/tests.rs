//! A seal holds, and does not.

use stipple_model::Date;

use super::*;
use crate::identity::{Authority, Valid};

fn authority(secret: u8) -> Authority {
    let valid = Valid { from: Date::constant(2026, 1, 1), until: Date::constant(2030, 12, 31) };
    Authority::new(&[secret; 32], "Clinic", valid).expect("made")
}

fn signer(secret: u8) -> Signer {
    let valid = Valid { from: Date::constant(2026, 11, 29), until: Date::constant(2027, 12, 31) };
    authority(secret).signer(&[secret + 1; 32], valid).expect("made")
}

fn bundle(made_on: Date) -> Bundle {
    Bundle { made_on, ledger: None, files: Vec::new() }
}

#[test]
fn a_seal_holds_for_its_list_alone() {
    let (list, today) = (b"the list", bundle(Date::constant(2026, 11, 29)));
    let signature = seal(list, &signer(1));
    assert_eq!(broken_seal(list, &today, &signature, &[]), []);
    assert_eq!(broken_seal(b"the lisT", &today, &signature, &[]), [BrokenSeal::List]);
    assert_eq!(signer_of(&signature).as_deref(), Some("Clinic"));
    assert_eq!(end_of_signature(&signature), Some(Date::constant(2027, 12, 31)), "the first that ends");
}

#[test]
fn another_key_than_the_trusted_one_is_told() {
    let (list, today) = (b"the list", bundle(Date::constant(2026, 11, 29)));
    let signature = seal(list, &signer(1));
    let trusted = |secret| vec![authority(secret).certificate().to_vec()];
    assert_eq!(broken_seal(list, &today, &signature, &trusted(1)), []);
    assert_eq!(broken_seal(list, &today, &signature, &trusted(5)), [BrokenSeal::OtherKey]);
    // Somebody who puts the trusted certificate beside a key of their own.
    let chain = vec![signature.chain[0].clone(), authority(5).certificate().to_vec()];
    let forged = Signature { chain, ..signature };
    assert_eq!(broken_seal(list, &today, &forged, &trusted(5)), [BrokenSeal::Chain]);
}

#[test]
fn a_day_outside_the_certificate_is_told() {
    let signature = seal(b"list", &signer(1));
    let early = bundle(Date::constant(2026, 11, 28));
    assert_eq!(broken_seal(b"list", &early, &signature, &[]), [BrokenSeal::Day]);
    let late = bundle(Date::constant(2028, 1, 3));
    assert_eq!(broken_seal(b"list", &late, &signature, &[]), [BrokenSeal::Day]);
}

#[test]
fn a_signature_of_the_bare_list_is_none() {
    let own = signer(1);
    let bare = own.key.sign(b"list").to_bytes();
    let signature = Signature { signature: bare, ..seal(b"list", &own) };
    let today = bundle(Date::constant(2026, 11, 29));
    assert_eq!(broken_seal(b"list", &today, &signature, &[]), [BrokenSeal::List]);
}
