//! Content credentials (C2PA) in a JPEG: who states that it was made so, and that it was not changed since.
//!
//! Actions are *created* assertions, attributed to the signer, and complete. No thumbnail, no place, no person, and of the
//! originals nothing but their SHA-256.

use std::io::Cursor;

use c2pa::assertions::{Action, Actions, DigitalSourceType, c2pa_action};
use c2pa::{Builder, ClaimGeneratorInfo, Context, Ingredient, Relationship, Settings, SigningAlg};
use ed25519_dalek::Signer as _;
use stipple_model::{BeforeAfter, Derivation, Simulation};

use crate::error::Error;
use crate::identity::Signer;
use crate::verdict::{Standing, require_jpeg, verified};

/// The assertion that holds recipe, hashes and measured numbers: a `stipple/derivation/1`.
pub const DERIVATION: &str = "org.stipple.derivation";

/// Nothing is fetched, nothing is unpacked without bound, no operating system is told.
const SETTINGS: &str = r#"{
    "core": {
        "allowed_network_hosts": [],
        "decode_identity_assertions": false,
        "max_decompressed_manifest_size_in_mb": 4
    },
    "verify": {"remote_manifest_fetch": false, "ocsp_fetch": false, "verify_after_sign": true},
    "builder": {"thumbnail": {"enabled": false}}
}"#;

/// A published pair's JPEG with its credentials inside.
///
/// `derivation` comes with its JSON, which [`DERIVATION`] holds; `unshown` says whether what one photograph does not show
/// was painted gray, `software` the program and its version.
///
/// # Errors
/// If the bytes are no JPEG, or the certificates are not valid today.
pub fn signed_pair(
    jpeg: &[u8],
    (derivation, derivation_json): (&Derivation<'_>, &str),
    unshown: bool,
    software: &str,
    signer: &Signer,
) -> Result<Vec<u8>, Error> {
    let definition = format!(
        r#"{{"assertions": [{{"label": "{DERIVATION}", "kind": "Json", "created": true, "data": {derivation_json}}}]}}"#
    );
    let mut builder = builder(&definition, software)?;
    builder.add_ingredient(original("Photograph before", "before", Relationship::ParentOf));
    builder.add_ingredient(original("Photograph after", "after", Relationship::ComponentOf));
    signed(jpeg, builder, actions_of_pair(derivation, unshown).map_err(unsigned)?, signer)
}

/// A simulated picture's JPEG with credentials that say that it is one.
///
/// `picture` says which simulation the bytes show; a published pair cannot be given here, nor a simulation above.
///
/// # Errors
/// If the bytes are no JPEG, or the certificates are not valid today.
pub fn signed_simulation(
    jpeg: &[u8],
    picture: &Simulation,
    software: &str,
    signer: &Signer,
) -> Result<Vec<u8>, Error> {
    let what = format!(
        "A simulation of pigment dots drawn over a photograph ({}); not a photograph of a result",
        picture.view.moment.name()
    );
    // Composite: a photograph and computed elements; no trained model makes the picture.
    let made =
        Action::new(c2pa_action::CREATED).set_source_type(DigitalSourceType::Composite).set_description(what);
    signed(jpeg, builder("{}", software)?, vec![made], signer)
}

/// Whether content credentials can be signed with a key and its certificates: some are, of a picture of nothing.
pub(crate) fn is_accepted(signer: &Signer) -> bool {
    signed_nothing(signer).is_ok_and(|jpeg| {
        verified(&jpeg, &[]).is_ok_and(|found| !matches!(found.standing, Standing::Broken(_)))
    })
}

/// A picture of nothing with credentials.
pub(crate) fn signed_nothing(signer: &dyn c2pa::Signer) -> Result<Vec<u8>, Error> {
    let made = Action::new(c2pa_action::CREATED).set_source_type(DigitalSourceType::Composite);
    signed(&NOTHING, builder("{}", "Stipple")?, vec![made], signer)
}

/// A gray JPEG of 8 × 8 pixels.
const NOTHING: [u8; 159] = [
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00,
    0x01, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x10, 0x0b, 0x0c, 0x0e, 0x0c, 0x0a, 0x10, 0x0e, 0x0d,
    0x0e, 0x12, 0x11, 0x10, 0x13, 0x18, 0x28, 0x1a, 0x18, 0x16, 0x16, 0x18, 0x31, 0x23, 0x25, 0x1d, 0x28,
    0x3a, 0x33, 0x3d, 0x3c, 0x39, 0x33, 0x38, 0x37, 0x40, 0x48, 0x5c, 0x4e, 0x40, 0x44, 0x57, 0x45, 0x37,
    0x38, 0x50, 0x6d, 0x51, 0x57, 0x5f, 0x62, 0x67, 0x68, 0x67, 0x3e, 0x4d, 0x71, 0x79, 0x70, 0x64, 0x78,
    0x5c, 0x65, 0x67, 0x63, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x00, 0x08, 0x00, 0x08, 0x01, 0x01, 0x11, 0x00,
    0xff, 0xc4, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xc4, 0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00,
    0x00, 0x3f, 0x00, 0x3f, 0xff, 0xd9,
];

/// Everything that was done, in order.
fn actions_of_pair(derivation: &Derivation<'_>, unshown: bool) -> c2pa::Result<Vec<Action>> {
    let Derivation { white_gain, .. } = derivation;
    let told = |action: &str, what: &str| Action::new(action).set_description(what.to_owned());
    let mut actions = vec![
        told(c2pa_action::OPENED, "The photograph before, opened").add_ingredient_id("before")?,
        told(c2pa_action::PLACED, "The photograph after, placed beside it").add_ingredient_id("after")?,
        told("c2pa.orientation", "Turned upright where the camera said so"),
        told(
            c2pa_action::RESIZED,
            "Both laid flat on the same piece of scalp, at one scale; each pixel is a mean of the photograph's",
        ),
        told(c2pa_action::CROPPED, "Both cropped alike"),
    ];
    let is_whitened = |gain: &[f64; 3]| gain.iter().any(|gain| (gain - 1.0).abs() > 1e-9);
    let BeforeAfter { before, after } = white_gain.of(is_whitened);
    if before || after {
        let what = "Color changed: each photograph's own gray made gray, one factor for red, green and blue; no curve";
        actions.push(told(c2pa_action::COLOR_ADJUSTMENTS, what));
    }
    let painted = [
        (unshown, "Painted gray in both: what one photograph does not show"),
        (!derivation.recipe.hidden.is_empty(), "Painted gray in both: areas that hide what is no scalp"),
    ];
    for (_, what) in painted.into_iter().filter(|(is_done, _)| *is_done) {
        actions.push(told(c2pa_action::DRAWING, what));
    }
    actions.push(told(c2pa_action::DRAWING, "A label with words and numbers drawn below each picture"));
    actions.push(told(
        c2pa_action::TRANSCODED,
        "Made smaller where a photograph was wider than 1000 pixels, and stored as JPEG in sRGB",
    ));
    Ok(actions)
}

/// An original by its role: neither its bytes nor its name.
fn original(title: &str, role: &str, relationship: Relationship) -> Ingredient {
    let mut ingredient = Ingredient::new_v2(title, "image/jpeg");
    ingredient.set_instance_id(role).set_relationship(relationship);
    ingredient
}

fn builder(definition: &str, software: &str) -> Result<Builder, Error> {
    let (name, version) = software.split_once(' ').unwrap_or((software, ""));
    let mut builder = Builder::from_context(context()).with_definition(definition).map_err(unsigned)?;
    let mut info = ClaimGeneratorInfo::new(name);
    info.set_version(version);
    builder.set_claim_generator_info(info);
    Ok(builder)
}

/// What both signing and verifying keep to.
pub(crate) fn context() -> Context {
    let settings = Settings::new().with_json(SETTINGS).expect("our own settings are understood");
    Context::new().with_settings(settings).expect("our own settings are understood")
}

fn signed(
    jpeg: &[u8],
    mut builder: Builder,
    actions: Vec<Action>,
    signer: &dyn c2pa::Signer,
) -> Result<Vec<u8>, Error> {
    require_jpeg(jpeg)?;
    let mut all = Actions::new();
    all.actions = actions;
    all.all_actions_included = Some(true);
    builder.add_assertion(Actions::LABEL_VERSIONED, &all).map_err(unsigned)?;
    // because only what is created is attributed to the signer.
    builder.definition.assertions.iter_mut().for_each(|assertion| assertion.created = true);
    let mut out = Cursor::new(Vec::new());
    builder.sign(signer, "image/jpeg", &mut Cursor::new(jpeg), &mut out).map_err(unsigned)?;
    Ok(out.into_inner())
}

fn unsigned(error: c2pa::Error) -> Error {
    Error::NotSigned(error.to_string())
}

impl c2pa::Signer for Signer {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        Ok(self.key.sign(data).to_bytes().to_vec())
    }

    fn alg(&self) -> SigningAlg {
        SigningAlg::Ed25519
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.chain.clone())
    }

    /// What the signature needs and not a byte more: what would be left, nobody would sign.
    fn reserve_size(&self) -> usize {
        let text = |bytes: usize| bytes + cbor_head(bytes);
        let chain: usize = self.chain.iter().map(|certificate| text(certificate.len())).sum();
        // A map of two: which algorithm (one byte after its key), and the chain (an array, after a key of two bytes).
        let protected = 1 + 2 + 2 + cbor_head(self.chain.len()) + chain;
        // A tag, an array of four: that, an empty map, nothing, and the signature.
        1 + 1 + text(protected) + 1 + 1 + text(ed25519_dalek::SIGNATURE_LENGTH)
    }
}

/// Bytes that CBOR begins a text or a list of some length with.
fn cbor_head(length: usize) -> usize {
    match length {
        0..24 => 1,
        24..0x100 => 2,
        0x100..0x1_0000 => 3,
        _ => 5,
    }
}
