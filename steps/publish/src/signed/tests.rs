//! Nobody writes into credentials unnoticed.

use stipple_model::Date;

use super::*;
use crate::credentials::signed_nothing;
use crate::identity::{Authority, Signer, Valid};
use crate::verdict::{Fault, Standing, verified};

const VALID: Valid = Valid { from: Date::constant(2026, 1, 1), until: Date::constant(2126, 1, 1) };

fn signer() -> Signer {
    let authority = Authority::new(&[1; 32], "Clinic", VALID).expect("made");
    authority.signer(&[2; 32], VALID).expect("made")
}

/// One that keeps more room than its signature needs, as the first ones did.
struct Roomy(Signer);

impl c2pa::Signer for Roomy {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        c2pa::Signer::sign(&self.0, data)
    }

    fn alg(&self) -> c2pa::SigningAlg {
        c2pa::SigningAlg::Ed25519
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        c2pa::Signer::certs(&self.0)
    }

    fn reserve_size(&self) -> usize {
        c2pa::Signer::reserve_size(&self.0) + 2048
    }
}

fn standing(jpeg: &[u8]) -> Standing {
    verified(jpeg, &[]).expect("a JPEG").standing
}

/// Where zeros fill a signature up.
fn filling(jpeg: &[u8]) -> Range<usize> {
    let begins = jpeg.windows(5).rposition(|found| found == b"\x63pad\x59").expect("it is filled up") + 7;
    begins..begins + usize::from(u16::from_be_bytes([jpeg[begins - 2], jpeg[begins - 1]]))
}

#[test]
fn no_byte_of_the_credentials_changes_unnoticed() {
    let jpeg = signed_nothing(&signer()).expect("signed");
    assert_eq!(standing(&jpeg), Standing::UnknownSigner);
    let (place, _) = store(&jpeg).expect("credentials");
    for at in place {
        let mut changed = jpeg.clone();
        changed[at] ^= [0x01, 0x10, 0x80][at % 3];
        assert!(matches!(standing(&changed), Standing::Broken(_)), "byte {at} of {}", jpeg.len());
    }
}

#[test]
fn room_that_was_kept_stays_empty() {
    let jpeg = signed_nothing(&Roomy(signer())).expect("signed");
    assert_eq!(standing(&jpeg), Standing::UnknownSigner, "what was signed with more room still holds");
    let exact = signed_nothing(&signer()).expect("signed");
    assert!(exact.len() + 2000 < jpeg.len(), "we keep no room: {} and {}", exact.len(), jpeg.len());
    let filling = filling(&jpeg);
    for at in filling.clone() {
        let mut changed = jpeg.clone();
        changed[at] = b'x';
        assert!(!is_all_signed(&changed), "byte {at}");
    }
    let mut changed = jpeg.clone();
    changed[filling.start..filling.start + 5].copy_from_slice(b"words");
    assert_eq!(standing(&changed), Standing::Broken(vec![Fault::Unsigned]));
}

#[test]
fn room_that_is_given_up_is_no_place_for_words() {
    let mut jpeg = signed_nothing(&Roomy(signer())).expect("signed");
    let ((place, _), filling) = (store(&jpeg).expect("credentials"), filling(&jpeg));
    let comment = b"\xff\xfe\x00\x10Fourteen words";
    // Everything around the zeros, made shorter by as much as the comment is long.
    let less = comment.len() as u32;
    for at in place.start..filling.start {
        let size = u32::from_be_bytes(jpeg[at..at + 4].try_into().expect("four bytes"));
        let ends = at + size as usize;
        if [JUMB, CBOR].contains(&&jpeg[at + 4..at + 8]) && (filling.end..=place.end).contains(&ends) {
            jpeg[at..at + 4].copy_from_slice(&(size - less).to_be_bytes());
        }
    }
    for at in [place.start + 2, filling.start - 2] {
        let size = u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
        jpeg[at..at + 2].copy_from_slice(&(size - less as u16).to_be_bytes());
    }
    jpeg.drain(filling.end - comment.len()..filling.end);
    let end = place.end - comment.len();
    jpeg.splice(end..end, comment.iter().copied());
    let (shorter, store) = store(&jpeg).expect("whole");
    assert!(shorter.end == end && boxes(&store).is_some(), "all of it fits");
    assert!(!is_all_signed(&jpeg), "but it is not what the signer left out");
    assert!(matches!(standing(&jpeg), Standing::Broken(_)));
}
