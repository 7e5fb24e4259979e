//! Two originals and a recipe, to the pair that strangers see, signed.

use stipple_model::{
    BeforeAfter, Derivation, Doubt, Laid, Language, Outcome, Qualified, Recipe, Simulation, Unwatched, Watch,
};
use stipple_outcome::Glance;
use stipple_publish::{ConsentState, CountryState, Facts, KeptElsewhere, Refusal, SessionsSaid, Signer, may};
use stipple_record::document::{PublishedInput, published_jpeg};
use stipple_record::picture::{jpeg_of_photo, jpeg_of_simulation};
use stipple_record::{SOFTWARE, format, store};

use crate::error::Error;
use crate::outcome::{OutcomeRequest, WhiteGain, laid};
use crate::settings::Settings;
use crate::single::photo;

/// Longer side of a simulation that is signed, px, and its quality as JPEG.
const SIMULATION: (u16, u8) = (1600, 90);

/// What the record says of a pair besides what was measured.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The client's consent to publication.
    pub consent: ConsentState,
    /// Whole years of age at each photograph; none where it is not known.
    pub age_years: BeforeAfter<Option<u32>>,
    /// Whether each photograph's hash, taken when it came in, still holds.
    pub hash_stands: BeforeAfter<bool>,
    /// Where else the same files are kept.
    pub kept: KeptElsewhere,
    /// What the rules of the country say.
    pub country: CountryState,
    /// What the record says of the sessions.
    pub sessions: SessionsSaid,
}

/// Two photographs, measured and laid on one piece of scalp: what a person chooses a crop on.
pub struct Publishable {
    /// What was measured.
    pub outcome: Qualified<Outcome>,
    /// The pictures.
    pub laid: Laid,
    /// SHA-256 of the originals.
    originals: BeforeAfter<String>,
    white_gain: WhiteGain,
    doubts: Vec<Doubt>,
}

/// A published picture.
#[derive(Clone, Debug)]
pub struct Published {
    /// The JPEG with its credentials inside.
    pub jpeg: Vec<u8>,
    /// The same JPEG before it was signed: the same bytes every time.
    pub unsigned_jpeg: Vec<u8>,
    /// How it was made and what was measured: `stipple/derivation/1`.
    pub derivation_json: String,
}

/// Photographs before and after → what can be published of them.
///
/// # Errors
/// Photographs that cannot be used, or that do not show the same scalp.
pub fn publishable(request: &OutcomeRequest, watch: &dyn Watch) -> Result<Publishable, Error> {
    let (outcome, laid, white_gain) = laid(request, watch)?;
    let doubts = Doubt::of(&outcome.caveats);
    Ok(Publishable { outcome, laid, originals: originals(request), white_gain, doubts })
}

impl Standing {
    /// Everything that forbids publishing what was measured, with no photographs at hand but the share of the scar that both
    /// showed, where it was told.
    pub fn refusals(&self, outcome: &Qualified<Outcome>, scar_shown: Option<f64>) -> Vec<Refusal> {
        may(&self.facts(outcome, scar_shown))
    }

    fn facts<'a>(&self, outcome: &'a Qualified<Outcome>, scar_shown: Option<f64>) -> Facts<'a> {
        let Self { consent, age_years, hash_stands, kept, country, sessions } = *self;
        Facts { outcome, scar_shown, consent, age_years, hash_stands, kept, country, sessions }
    }
}

impl Publishable {
    /// A recipe to begin with; a person decides.
    pub fn suggested(&self, language: Language) -> Recipe {
        stipple_publish::suggested(&self.laid, self.originals.clone(), language)
    }

    /// Before and after as they are laid, to choose on: gray where they will be, JPEG at their own size.
    pub fn pictures(&self) -> [Vec<u8>; 2] {
        let photos = stipple_publish::as_chosen_on(&self.laid);
        let BeforeAfter { before, after } = photos.of(|photo| jpeg_of_photo(photo, u16::MAX, 88));
        [before, after]
    }

    /// Everything that forbids publishing it.
    pub fn refusals(&self, standing: &Standing) -> Vec<Refusal> {
        may(&standing.facts(&self.outcome, Some(self.laid.scar_shown)))
    }
}

/// Two originals and a recipe → the signed picture.
///
/// # Errors
/// A recipe of other originals, whatever forbids publishing, or certificates that are not valid.
///
/// # Determinism
/// Same originals, recipe and day: same picture and derivation; what C2PA signs holds numbers drawn by lot.
pub fn publish(
    request: &OutcomeRequest,
    recipe: &Recipe,
    standing: &Standing,
    signer: &Signer,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<Published, Error> {
    stipple_publish::require_originals(recipe, &originals(request))?;
    let found = publishable(request, watch)?;
    let refusals = found.refusals(standing);
    if !refusals.is_empty() {
        return Err(stipple_publish::Error::Refused(refusals).into());
    }
    let Unsigned { jpeg: unsigned_jpeg, derivation, derivation_json } =
        unsigned(request, recipe, &found, settings)?;
    let unshown = stipple_publish::paints_unshown(&found.laid, recipe);
    let told = (&derivation, derivation_json.as_str());
    let jpeg = stipple_publish::signed_pair(&unsigned_jpeg, told, unshown, SOFTWARE, signer)?;
    Ok(Published { jpeg, unsigned_jpeg, derivation_json })
}

/// A published picture before it is signed.
pub(crate) struct Unsigned<'a> {
    pub(crate) jpeg: Vec<u8>,
    derivation: Derivation<'a>,
    pub(crate) derivation_json: String,
}

/// Makes the picture by its recipe: the same bytes every time.
pub(crate) fn unsigned<'a>(
    request: &OutcomeRequest,
    recipe: &'a Recipe,
    found: &'a Publishable,
    settings: &Settings,
) -> Result<Unsigned<'a>, Error> {
    let photos = stipple_publish::derived(&found.laid, recipe)?;
    let (outcome, outline_drawn) = (&found.outcome.value, request.before.draws_scar());
    let (scar_shown, doubts) = (found.laid.scar_shown, found.doubts.as_slice());
    let language = recipe.language;
    let input = PublishedInput { photos: &photos, outcome, outline_drawn, scar_shown, doubts, language };
    let jpeg = published_jpeg(&input);
    let (white_gain, made_on) = (found.white_gain, settings.today);
    let derivation = Derivation { recipe, outcome, outline_drawn, scar_shown, doubts, white_gain, made_on };
    let told = Qualified::new(derivation, found.outcome.caveats.clone());
    let derivation_json = format::derivation_to_json(&told, &request.provenance(settings));
    Ok(Unsigned { jpeg, derivation, derivation_json })
}

/// A simulation → a signed picture that says that it is one.
///
/// # Errors
/// Certificates that are not valid.
pub fn publish_simulation(simulation: &Simulation, signer: &Signer) -> Result<Vec<u8>, Error> {
    let (side_px, quality) = SIMULATION;
    let jpeg = jpeg_of_simulation(simulation, side_px, quality);
    Ok(stipple_publish::signed_simulation(&jpeg, simulation, SOFTWARE, signer)?)
}

/// What a glance at a small picture shows, to be held against others: a copy that was stored anew, made flatter, or a simulation
/// is of the same exposure. None of what is no picture.
pub fn glance(small_jpeg: &[u8]) -> Option<Glance> {
    Glance::of(&photo(small_jpeg, &Unwatched).ok()?.value)
}

/// SHA-256 of both photographs, as a recipe names them.
pub fn originals(request: &OutcomeRequest) -> BeforeAfter<String> {
    BeforeAfter { before: &request.before, after: &request.after }.of(|photo| store::sha256_hex(&photo.bytes))
}
