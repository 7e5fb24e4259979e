//! Strangers' files are decoded and worked on in a child process with little to break: capped memory and time,
//! no network, no files, no other programs.
//!
//! Both directions speak frames: the length of a JSON text (4 bytes, little-endian), the text, then the blobs whose
//! lengths it lists.

pub(crate) mod child;
mod limits;
pub(crate) mod live;
pub(crate) mod parent;
pub(crate) mod publishing;

use serde::{Deserialize, Serialize};
use stipple_model::{Caveat, PIXEL_PITCH_UM, Weight};
use stipple_pipeline::{ScarSaid, TestWaits, TestedRequest};
use utoipa::ToSchema;

use crate::error::Error;
use crate::words;

/// Longest JSON text of a frame, bytes: a reading of 100,000 hairs fits.
const TEXT_BYTES_MAX: usize = 64 << 20;
/// Longest that the blobs of a frame are together, bytes.
const BLOBS_BYTES_MAX: usize = 512 << 20;
/// Most blobs of a frame.
const BLOBS_MAX: usize = 32;

/// What the parent asks; blobs in brackets come along.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// First look \[photograph\].
    Look,
    /// Reading \[photograph, mask or nothing\].
    Read(ReadAsked),
    /// Plan, assessment and report \[photograph, reading.json, rules.toml or nothing, protocol.toml or nothing\].
    Consult {
        /// What is said about it.
        asked: ConsultAsked,
        /// What the book says.
        book: OfBook,
    },
    /// Before and after \[photograph before, mask of its scar, photograph after, plan.json or nothing\].
    Outcome {
        /// What is said about the pair.
        asked: OutcomeAsked,
        /// What was said about the photograph before.
        before: ReadAsked,
    },
    /// The same pair as it may be shown \[the first three of an outcome\].
    Draft {
        /// What is said about the pair.
        asked: OutcomeAsked,
        /// What was said about the photograph before.
        before: ReadAsked,
        /// What the record says of it.
        standing: publishing::StandingSaid,
    },
    /// The same pair as it is shown, signed \[the first three of an outcome, the clinic's key to sign with\].
    Publish {
        /// What is said about the pair.
        asked: OutcomeAsked,
        /// What was said about the photograph before.
        before: ReadAsked,
        /// What the record says of it.
        standing: publishing::StandingSaid,
        /// What of it is shown.
        shown: publishing::PublishAsked,
    },
    /// How dots fade on one person \[plan.json, outcome.json of each visit\].
    Fading {
        /// What is said about the visits.
        asked: FadingAsked,
        /// Whether the dots get strong sun without protection.
        in_sun: bool,
    },
    /// Opens for sliders \[photograph, reading.json, protocol.toml or nothing\].
    Open {
        /// What the book says.
        book: OfBook,
    },
    /// The picture of a wish.
    Frame {
        /// What is wished.
        wish: live::Wish,
        /// How it is looked at.
        look: live::Look,
    },
    /// The dots of a wish.
    Dots {
        /// What is wished.
        wish: live::Wish,
    },
}

/// What the child answers; blobs in brackets come along.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum Answer {
    /// Work goes on.
    Step {
        /// What is being done.
        step: String,
        /// How much of it, 0 to 1.
        share: f64,
    },
    /// The first look \[JPEG for screens, JPEG for lists\].
    Look(Look),
    /// Named files \[in the same order\].
    Files {
        /// Their names.
        names: Vec<String>,
    },
    /// Opened for sliders.
    Opened(live::Opened),
    /// What a wish comes to \[JPEG or dots\].
    Wished(live::Summary),
    /// The input cannot be used.
    Unusable {
        /// A word for programs.
        code: String,
        /// What was found, what is needed, what to do.
        message: String,
    },
}

/// What is said about how a photograph is to be read.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct ReadAsked {
    /// Known size of a pixel on the scalp, µm.
    pub(crate) pixel_pitch_um: Option<f64>,
    /// Two places whose distance is known.
    pub(crate) ruler: Option<Ruler>,
    /// Strokes that correct the outline, as in `scribbles.json`.
    pub(crate) strokes: Vec<Stroke>,
    /// Roots of hair that were missed.
    pub(crate) hairs_added_px: Vec<Point>,
    /// Places whose nearest root is none.
    pub(crate) hairs_removed_px: Vec<Point>,
    /// A picture that is white where the scar is, PNG, base64; instead of strokes.
    pub(crate) scar_mask_png: Option<String>,
    /// The reading that this one corrects: its scar is where strokes begin, its hairs and its scale hold.
    pub(crate) parent: Option<uuid::Uuid>,
    /// Whether the scar was drawn before; told by the studio, not by pages.
    #[schema(ignore)]
    pub(crate) scar_drawn: bool,
}

/// A place on the photograph: x, y, px.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Point(f64, f64);

/// Two places on the photograph whose distance is known.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Ruler {
    from_px: Point,
    to_px: Point,
    /// Their distance on the scalp, mm.
    length_mm: f64,
}

/// A stroke with the brush (`inside`) or the eraser (`outside`).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Stroke {
    side: Side,
    path_px: Vec<Point>,
    radius_px: f64,
}

/// On which side of the outline a stroke lies.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Side {
    Inside,
    Outside,
}

/// What is said about how a reading is to be planned.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct ConsultAsked {
    /// What the sliders say; left out, as the protocol has it.
    wish: Option<live::Wish>,
    /// What the client answered, by question (`stipple template answers` lists them); left out, what is answered in the case.
    #[schema(schema_with = words::answers)]
    pub(crate) answers: serde_json::Map<String, serde_json::Value>,
}

/// What the book of a case says to a plan.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct OfBook {
    /// What the last test dots that somebody looked at decided.
    pub(crate) used: Option<TestedRequest>,
    /// What is still to be done about them.
    pub(crate) waits: Option<TestWaits>,
    /// Dots per cm² that lie in the skin of the case, where they are densest.
    pub(crate) in_skin_per_cm2: f64,
}

/// What is said about a photograph that is to be held against one before.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct OutcomeAsked {
    /// A reading of the photograph before: its scar is measured in both.
    pub(crate) reading: uuid::Uuid,
    /// The plan that was worked by, made on that photograph; left out, dots are not looked for.
    #[serde(default)]
    pub(crate) plan: Option<uuid::Uuid>,
    /// How many of its sessions are done; left out, all.
    #[serde(default)]
    sessions_done: Option<u32>,
    /// Days from the last session to the photograph after.
    #[serde(default)]
    days_since_last_session: Option<u32>,
    /// Known size of a pixel in the photograph after, µm.
    #[serde(default)]
    pixel_pitch_um: Option<f64>,
}

/// What is said about the visits after a plan.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(crate) struct FadingAsked {
    /// Day of the last session, YYYY-MM-DD; left out, days are counted from it and not told as dates.
    pub(crate) last_session: Option<String>,
}

/// What was seen of a photograph at the first look.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Look {
    /// Upright.
    width_px: usize,
    height_px: usize,
    /// Why it is unusable.
    #[schema(required)]
    message: Option<String>,
    /// The same as a word for programs; looks of before had none.
    #[serde(default)]
    #[schema(required)]
    code: Option<String>,
    caveats: Vec<Doubt>,
}

/// A doubt with what can be done about it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = Caveat)]
pub(crate) struct Doubt {
    code: String,
    #[schema(value_type = words::Weight)]
    weight: String,
    message: String,
    remedy: String,
}

impl Look {
    /// No usable photograph.
    pub(crate) fn unusable(code: String, message: String) -> Self {
        Self { width_px: 0, height_px: 0, message: Some(message), code: Some(code), caveats: Vec::new() }
    }

    /// Whether the picture itself is of no use: blurred, or dark. What only a reading stumbles over is none of that.
    pub(crate) fn is_blocked(&self) -> bool {
        let blocks =
            |doubt: &Doubt| doubt.weight == Weight::Blocks.name() && doubt.code.starts_with("photo.");
        self.caveats.iter().any(blocks)
    }

    /// Why it is unusable, if it is.
    pub(crate) fn trouble(&self) -> Option<Error> {
        let code = self.code.clone().unwrap_or_default();
        self.message.clone().map(|message| Error::unusable(code, message))
    }
}

impl From<&Caveat> for Doubt {
    fn from(caveat: &Caveat) -> Self {
        Self {
            code: caveat.code.name().to_owned(),
            weight: caveat.weight.name().to_owned(),
            message: caveat.message.clone(),
            remedy: caveat.remedy.clone(),
        }
    }
}

impl ReadAsked {
    /// Whether a person corrects what the machine would find.
    pub(crate) fn corrects(&self) -> bool {
        self.marks() || self.draws_scar() || self.ruler.is_some() || self.pixel_pitch_um.is_some()
    }

    fn marks(&self) -> bool {
        !self.strokes.is_empty() || !self.hairs_added_px.is_empty() || !self.hairs_removed_px.is_empty()
    }

    /// Whether the scar was drawn, by strokes or as a mask, here or before.
    pub(crate) fn draws_scar(&self) -> bool {
        self.scar_drawn || !self.strokes.is_empty() || self.scar_mask_png.is_some()
    }

    /// A mask of the scar, with who made it.
    fn scar(&self, mask: Vec<u8>) -> ScarSaid {
        if self.draws_scar() { ScarSaid::Mask(mask) } else { ScarSaid::Found(mask) }
    }

    /// This on top of what was asked before: hairs add up, a scale holds until another is given.
    pub(crate) fn on(mut self, before: Self) -> Self {
        self.scar_drawn = before.draws_scar();
        self.hairs_added_px.splice(0..0, before.hairs_added_px);
        self.hairs_removed_px.splice(0..0, before.hairs_removed_px);
        if self.pixel_pitch_um.is_none() && self.ruler.is_none() {
            (self.pixel_pitch_um, self.ruler) = (before.pixel_pitch_um, before.ruler);
        }
        self
    }

    /// To be kept beside the reading; the mask is there already.
    pub(crate) fn without_mask(&self) -> Vec<u8> {
        let kept = Self { scar_drawn: self.draws_scar(), scar_mask_png: None, ..self.clone() };
        serde_json::to_vec(&kept).expect("plain data becomes JSON")
    }

    /// The mask's bytes; none without one.
    pub(crate) fn mask(&self) -> Result<Vec<u8>, Error> {
        let text = self.scar_mask_png.as_deref().unwrap_or_default();
        let bad =
            |_| Error::unusable("scar_mask", "The mask of the scar is not base64. Send a PNG as base64.");
        data_encoding::BASE64.decode(text.as_bytes()).map_err(bad)
    }

    /// `scribbles.json` of the strokes.
    fn scribbles(&self) -> Option<Vec<u8>> {
        let json = serde_json::json!({
            "format": "stipple/scribbles/1",
            "strokes": self.strokes,
            "hairs_added_px": self.hairs_added_px,
            "hairs_removed_px": self.hairs_removed_px,
        });
        self.marks().then(|| json.to_string().into_bytes())
    }

    /// The same of the hairs alone: the mask tells the scar.
    fn hairs(&self) -> Option<Vec<u8>> {
        Self { strokes: Vec::new(), ..self.clone() }.scribbles()
    }

    /// Refuses a size of a pixel that no photograph of a scalp has: a slip of the ruler must not pass as nothing said.
    pub(crate) fn require_pitch(&self) -> Result<(), Error> {
        let Some(found_um) = self.pitch_um().filter(|um| !PIXEL_PITCH_UM.contains(um)) else { return Ok(()) };
        let (least, most) = (PIXEL_PITCH_UM.start(), PIXEL_PITCH_UM.end());
        let message = format!(
            "By this a pixel would be {found_um:.1} µm on the scalp; photographs have {least} to {most}. Check the length that \
             was typed for the ruler, in mm."
        );
        Err(Error::unusable("ruler_off", message))
    }

    /// Size of a pixel, as known or from the ruler, µm.
    fn pitch_um(&self) -> Option<f64> {
        let of_ruler = self.ruler.as_ref().map(|ruler| {
            let (Point(from_x, from_y), Point(to_x, to_y)) = (ruler.from_px, ruler.to_px);
            ruler.length_mm * 1000.0 / (to_x - from_x).hypot(to_y - from_y)
        });
        of_ruler.or(self.pixel_pitch_um)
    }
}

impl OutcomeAsked {
    /// Of a photograph while the skin heals: no dots are looked for.
    pub(crate) fn while_healing(reading: uuid::Uuid, days: u32) -> Self {
        Self {
            reading,
            plan: None,
            sessions_done: None,
            days_since_last_session: Some(days),
            pixel_pitch_um: None,
        }
    }

    /// To be kept beside the outcome.
    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data becomes JSON")
    }
}

impl ConsultAsked {
    /// The same with the days on which it was told: a wait is counted from there.
    pub(crate) fn told_on(&self, days: serde_json::Map<String, serde_json::Value>) -> Self {
        let mut asked = self.clone();
        if !asked.answers.is_empty() {
            asked.answers.extend(days);
        }
        asked
    }

    /// To be kept beside the plan.
    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain data becomes JSON")
    }

    /// The answers as the file that the command line takes; none without one.
    fn answers_toml(&self) -> Option<Vec<u8>> {
        answers_toml(&self.answers)
    }
}

/// The same of any answers.
pub(crate) fn answers_toml(answers: &serde_json::Map<String, serde_json::Value>) -> Option<Vec<u8>> {
    let text = toml::to_string(answers).unwrap_or_default();
    (!answers.is_empty()).then(|| text.into_bytes())
}

/// The head of every frame.
#[derive(Deserialize, Serialize)]
struct Head<T> {
    #[serde(flatten)]
    says: T,
    /// Lengths of the blobs that follow.
    blobs: Vec<usize>,
}

/// Length of a frame's text, if it is within bounds.
fn text_length(bytes: [u8; 4]) -> std::io::Result<usize> {
    let length = usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX);
    if length <= TEXT_BYTES_MAX { Ok(length) } else { Err(std::io::Error::other("a frame is too long")) }
}

impl<T> Head<T> {
    /// The lengths of the blobs, if they are within bounds.
    fn lengths(&self) -> std::io::Result<&[usize]> {
        let all = self.blobs.iter().try_fold(0usize, |sum, length| sum.checked_add(*length));
        let fits = self.blobs.len() <= BLOBS_MAX && all.is_some_and(|all| all <= BLOBS_BYTES_MAX);
        if fits { Ok(&self.blobs) } else { Err(std::io::Error::other("a frame is too long")) }
    }
}

/// A frame's bytes.
fn frame<T: Serialize>(says: &T, blobs: &[&[u8]]) -> Vec<u8> {
    let head = Head { says, blobs: blobs.iter().map(|blob| blob.len()).collect() };
    let text = serde_json::to_vec(&head).expect("plain data becomes JSON");
    let length = u32::try_from(text.len()).expect("texts are short");
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend_from_slice(&text);
    blobs.iter().for_each(|blob| bytes.extend_from_slice(blob));
    bytes
}
