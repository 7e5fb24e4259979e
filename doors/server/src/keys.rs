//! Keys and what is sealed with them.
//!
//! One key a clinic, one key a client. A client's key is kept wrapped by the clinic's; the clinic's is kept
//! wrapped by every account's password and by the recovery key on paper. So a password is right if it opens
//! the clinic's key, and erasing a client is forgetting 72 bytes.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::{TryRng as _, rngs::SysRng};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes of the nonce before every sealed text.
const NONCE: usize = 24;
/// Memory that one guess at a password costs, KiB; its passes (OWASP asks for at least 19 MiB and 2).
const GUESS_KIB: u32 = 64 << 10;
/// See [`GUESS_KIB`].
const GUESS_PASSES: u32 = 3;

/// A secret key; wiped when it is let go.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; KEY]>);

/// What a sealed text belongs to. It opens nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Whose it is.
    pub id: &'a [u8],
}

impl Key {
    /// A new one from the system's entropy.
    pub(crate) fn fresh() -> Self {
        Self(Zeroizing::new(random()))
    }

    /// The key behind a password; takes about a tenth of a second and 64 MB on purpose.
    pub(crate) fn of_password(password: &str, salt: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; KEY]);
        let params = Params::new(GUESS_KIB, GUESS_PASSES, 1, Some(KEY)).expect("these are in range");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), salt, key.as_mut_slice())
            .expect("the salt is ours and long enough");
        Self(key)
    }

    /// The key that many random bits are.
    pub(crate) fn of_secret(bits: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bits))
    }

    /// Encrypts; 40 bytes longer than the text.
    pub(crate) fn seal(&self, place: Place<'_>, text: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        let payload = Payload { msg: text, aad: &place.bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("fits into memory");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`Key::seal`] made at the same place.
    ///
    /// # Errors
    /// Another key, another place, or bytes that were changed.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let damaged = || Error::Damaged { kind: place.kind };
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let payload = Payload { msg: text, aad: &place.bytes() };
        let opened = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| damaged())?;
        Ok(Zeroizing::new(opened))
    }

    /// This key, sealed with another.
    pub(crate) fn wrapped_by(&self, other: &Self, place: Place<'_>) -> Vec<u8> {
        other.seal(place, self.0.as_slice())
    }

    /// The key that [`Key::wrapped_by`] sealed.
    ///
    /// # Errors
    /// As [`Key::open`].
    pub(crate) fn unwrap(&self, place: Place<'_>, wrapped: &[u8]) -> Result<Self, Error> {
        let opened = self.open(place, wrapped)?;
        let bytes = opened.as_slice().try_into().map_err(|_| Error::Damaged { kind: place.kind })?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// A hash that only this key makes of a text: by it the same thing is known again, and nothing of it is told.
    pub(crate) fn mark(&self, text: &str) -> String {
        let told = [b"stipple/mark/1 ", self.0.as_slice(), text.as_bytes()].concat();
        data_encoding::HEXLOWER.encode(&Sha256::digest(Zeroizing::new(told)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        [b"stipple/1 ", self.kind.as_bytes(), b" ", self.id].concat()
    }
}

/// Bytes from the system's entropy.
///
/// # Panics
/// Where the system has none; nothing secret may be made there.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the system gives entropy");
    bytes
}

/// A recovery key for paper: 160 random bits in groups of four that are hard to misread.
pub(crate) fn recovery_words() -> String {
    let letters = data_encoding::BASE32_NOPAD.encode(&random::<20>());
    let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|k| &letters[k..k + 4]).collect();
    groups.join("-")
}

/// What was typed from paper, as [`recovery_words`] wrote it: case, spaces and easily misread digits mended.
pub(crate) fn recovery_as_written(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| match c.to_ascii_uppercase() {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    });
    let letters: String = letters.collect();
    let groups: Vec<String> =
        letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { kind: "test", id: b"1" };

    #[test]
    fn opens_only_with_its_key_at_its_place_unchanged() {
        let key = Key::fresh();
        let mut sealed = key.seal(HERE, b"a name");
        assert_eq!(key.open(HERE, &sealed).expect("opens").as_slice(), b"a name");
        assert!(Key::fresh().open(HERE, &sealed).is_err(), "another key");
        assert!(key.open(Place { id: b"2", ..HERE }, &sealed).is_err(), "another place");
        sealed[30] ^= 1;
        assert!(key.open(HERE, &sealed).is_err(), "changed");
        assert!(key.open(HERE, b"short").is_err(), "too short");
    }

    #[test]
    fn a_password_opens_what_it_wrapped() {
        let (clinic, salt) = (Key::fresh(), random::<16>());
        let wrapped = clinic.wrapped_by(&Key::of_password("long enough", &salt), HERE);
        let again = Key::of_password("long enough", &salt).unwrap(HERE, &wrapped).expect("opens");
        let sealed = clinic.seal(HERE, b"x");
        assert!(again.open(HERE, &sealed).is_ok());
        assert!(Key::of_password("another", &salt).unwrap(HERE, &wrapped).is_err());
    }

    #[test]
    fn a_recovery_key_is_read_back_from_careless_typing() {
        let written = recovery_words();
        assert_eq!(written.len(), 39, "eight groups of four");
        assert_eq!(recovery_as_written(&written.to_lowercase().replace('-', " ")), written);
        assert_eq!(recovery_as_written(&written.replace('O', "0").replace('I', "1")), written);
    }
}
