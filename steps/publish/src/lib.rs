//! A published before and after that proves itself.
//!
//! # Place in the flow
//! Floor 3: an outcome and its two laid photographs in; whether they may be published, the pair that strangers see, and
//! signatures out. `record` draws the words and makes the JPEG in between; the pipeline brings them together.
//!
//! # What it can do
//! - [`may`](fn@may): everything that forbids publishing, told at once.
//! - [`derived`]: the pair by its recipe; [`suggested`]: a recipe to begin with.
//! - [`Authority`], [`Signer`]: a clinic's own certificates and key.
//! - [`signed_pair`], [`signed_simulation`]: content credentials (C2PA) in a JPEG; [`verified`]: what they prove.
//! - [`seal`](fn@seal), [`broken_seal`]: the same for a bundle of files.
//!
//! A simulation is another type all the way and cannot be published as a result:
//!
//! ```compile_fail
//! fn publish(simulation: &stipple_model::Simulation, recipe: &stipple_model::Recipe) {
//!     let _ = stipple_publish::derived(simulation, recipe);
//! }
//! ```
//!
//! while two photographs can:
//!
//! ```
//! fn publish(laid: &stipple_model::Laid, recipe: &stipple_model::Recipe) {
//!     let _ = stipple_publish::derived(laid, recipe);
//! }
//! ```
//!
//! # Simplifications
//! Both pictures are cropped and painted over alike, and their tone is as they were laid: each photograph's own white, no
//! curve. Ed25519 alone.
//!
//! # Out of scope
//! Time-stamps by others, public trust lists, revocation, credentials in anything but a JPEG, credentials beside it. Of
//! credentials in another form than ours it is said that not all of their bytes are signed.
//! Faces are not recognized: what is no scalp is suggested, a person decides.
//!
//! # Invariants
//! No network; keys, names and days are handed in. Same photographs and recipe: same pixels.
//! Signed files differ from one another in what C2PA draws by lot, and C2PA asks the clock whether a certificate is valid.
//!
//! # Modules in reading order
//! [`mod@may`], [`pair`], [`identity`], [`credentials`], [`verdict`], `signed`, [`mod@seal`], [`error`].

pub mod credentials;
pub mod error;
pub mod identity;
pub mod may;
pub mod pair;
pub mod seal;
mod signed;
pub mod verdict;

pub use credentials::{DERIVATION, signed_pair, signed_simulation};
pub use error::{CertificateFault, Error};
pub use identity::{Authority, Signer, Valid, certificate_to_pem, certificates_from_pem, fingerprint};
pub use may::{ConsentState, CountryState, Facts, KeptElsewhere, Refusal, SessionsSaid, may};
pub use pair::{as_chosen_on, derived, paints_unshown, require_originals, suggested};
pub use seal::{BrokenSeal, broken_seal, end_of_signature, seal, signer_of, voucher_of_signature};
pub use verdict::{Fault, JPEG_BYTES_MAX, Standing, Verdict, is_jpeg, verified};
