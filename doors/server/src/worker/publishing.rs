//! What is said about a pair that is to be shown to strangers, and how the child makes it.

use serde::{Deserialize, Serialize};
use stipple_model::{Area, BeforeAfter, Language, Outcome, Qualified, Recipe, Watch};
use stipple_pipeline::publishing::{
    ConsentState, CountryState, KeptElsewhere, Refusal, SessionsSaid, Signer,
};
use stipple_pipeline::{OutcomeRequest, Settings, Standing};
use utoipa::ToSchema;

use super::Answer;
use super::child::Blobs;

/// A rectangle of whole pixels: columns and rows from the left and the top, then how many.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Rectangle(usize, usize, usize, usize);

/// What of the laid photographs is shown.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct PublishAsked {
    /// What is kept of both, in pixels of the laid photographs.
    crop: Rectangle,
    /// What is painted over in both.
    hidden: Vec<Rectangle>,
    /// `en` or `de`.
    language: String,
}

/// A client's consent to be shown, as it stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum ConsentSaid {
    Never,
    Given,
    Withdrawn,
}

/// What is known of somebody's age.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum AgeSaid {
    Adult,
    Minor,
    Unknown,
}

/// What the rules of the clinic's country say.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum CountrySaid {
    Missing,
    Allowed,
    Forbidden,
    NeedsSignOff,
}

/// What the record says of a pair.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct StandingSaid {
    pub(crate) consent: ConsentSaid,
    /// At the photograph before.
    pub(crate) before: AgeSaid,
    /// At the one after.
    pub(crate) after: AgeSaid,
    /// Whether the client agreed that the face is seen.
    pub(crate) face_agreed: bool,
    /// Whether each photograph is still as it came, by its hash.
    pub(crate) hashes_stand: [bool; 2],
    /// Whether the file of one is kept for another client too, and whether at a visit of another day.
    pub(crate) of_other_client: bool,
    pub(crate) on_other_day: bool,
    /// Whether the same exposure is kept at a visit of another day too, in another file; looked for before something is shown.
    pub(crate) copied: bool,
    pub(crate) country: CountrySaid,
    /// Days from the last session on record up to the photograph after.
    pub(crate) days_since_last: Option<u32>,
    /// Whether a session on record lies before the photograph before.
    pub(crate) treated_before: bool,
}

/// What a person chooses on.
#[derive(Serialize)]
struct Draft {
    width_px: usize,
    height_px: usize,
    crop: Rectangle,
    hidden: Vec<Rectangle>,
    /// What forbids showing it, each in a sentence.
    refusals: Vec<String>,
    /// Whether the client agreed that the face is seen.
    face_agreed: bool,
}

/// The laid photographs, a recipe to begin with, and what forbids showing them.
pub(super) fn draft(
    request: &OutcomeRequest,
    standing: &StandingSaid,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let found = stipple_pipeline::publishable(request, watch)?;
    let suggested = found.suggested(Language::English);
    let photo = &found.laid.photos.before;
    let draft = Draft {
        width_px: photo.width_px,
        height_px: photo.height_px,
        crop: suggested.crop.into(),
        hidden: suggested.hidden.into_iter().map(Into::into).collect(),
        face_agreed: standing.face_agreed,
        refusals: found.refusals(&standing.meant()).iter().map(ToString::to_string).collect(),
    };
    let [before, after] = found.pictures();
    let json = serde_json::to_vec(&draft).expect("plain data becomes JSON");
    let files =
        [("draft.json", json), ("before.jpg", before), ("after.jpg", after)].map(|(n, b)| (n.to_owned(), b));
    Ok(super::child::named(files.into()))
}

/// The signed picture with how it was made.
pub(super) fn publish(
    request: &OutcomeRequest,
    (asked, standing): (&PublishAsked, &StandingSaid),
    signer: &Signer,
    settings: &Settings,
    watch: &dyn Watch,
) -> Result<(Answer, Blobs), stipple_pipeline::Error> {
    let recipe = Recipe {
        originals: stipple_pipeline::originals(request),
        crop: asked.crop.into(),
        hidden: asked.hidden.iter().copied().map(Into::into).collect(),
        language: asked.language(),
    };
    let made = stipple_pipeline::publish(request, &recipe, &standing.meant(), signer, settings, watch)?;
    let mut files = vec![
        ("publication.json".to_owned(), made.derivation_json.into_bytes()),
        ("published.jpg".to_owned(), made.jpeg),
    ];
    // With the photographs and the outline of the reading, all that it was made from.
    files.extend(request.before.scribbles.clone().map(|json| ("scribbles.json".to_owned(), json)));
    Ok(super::child::named(files))
}

impl PublishAsked {
    fn language(&self) -> Language {
        let named = Language::ALL.into_iter().find(|language| language.name() == self.language);
        named.unwrap_or(Language::English)
    }
}

impl StandingSaid {
    /// Everything that forbids showing what was measured, and the share of the scar that both photographs showed.
    pub(crate) fn refusals(&self, outcome: &Qualified<Outcome>, scar_shown: Option<f64>) -> Vec<Refusal> {
        self.meant().refusals(outcome, scar_shown)
    }

    fn meant(&self) -> Standing {
        let years = |age: AgeSaid| match age {
            AgeSaid::Adult => Some(18),
            AgeSaid::Minor => Some(17),
            AgeSaid::Unknown => None,
        };
        Standing {
            consent: match self.consent {
                ConsentSaid::Never => ConsentState::None,
                ConsentSaid::Given => ConsentState::Given,
                ConsentSaid::Withdrawn => ConsentState::Withdrawn,
            },
            age_years: BeforeAfter { before: years(self.before), after: years(self.after) },
            hash_stands: BeforeAfter { before: self.hashes_stand[0], after: self.hashes_stand[1] },
            kept: KeptElsewhere {
                of_other_client: self.of_other_client,
                on_other_day: self.on_other_day,
                copied: self.copied,
            },
            country: match self.country {
                CountrySaid::Missing => CountryState::Missing,
                CountrySaid::Allowed => CountryState::Allowed,
                CountrySaid::Forbidden => CountryState::Forbidden,
                CountrySaid::NeedsSignOff => CountryState::NeedsSignOff,
            },
            sessions: SessionsSaid { days_since_last: self.days_since_last, any_before: self.treated_before },
        }
    }
}

impl From<Area> for Rectangle {
    fn from(area: Area) -> Self {
        Self(area.left_px, area.top_px, area.width_px, area.height_px)
    }
}

impl From<Rectangle> for Area {
    fn from(Rectangle(left_px, top_px, width_px, height_px): Rectangle) -> Self {
        Self { left_px, top_px, width_px, height_px }
    }
}
