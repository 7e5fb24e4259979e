//! `portfolio.json`: what a clinic shows of its work, for strangers and their programs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;

use super::assessment::day_of;
use super::bundle::{LedgerHead, hash};
use super::head::Head;
use super::outcome::Pair;
use super::part::{Measured, maybe};
use super::review::{Removed, Review};
use super::word::{Comparable, Doubt, HairClass, Healing, ItaClass, Language, ScarKind};
use super::{Body, opened, written};
use crate::error::Error;
use crate::format::number::{at_most, each, optional, significant, within};
use crate::provenance::Provenance;

/// Largest `portfolio.json` that is read, bytes.
pub const PORTFOLIO_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Most cases that are shown.
pub const CASES_MAX: usize = 2_000;
/// Most treated cases.
const TREATED_MAX: usize = 100_000;
/// Most cases that are followed and not shown, or consented.
const FOLLOWED_MAX: usize = 10_000;
/// Most credentials, and most reviews.
const CREDENTIALS_MAX: usize = 50;
const REVIEWS_MAX: usize = 5_000;
/// Longest line and longest text of a person, bytes.
pub(super) const LINE_MAX: usize = 200;
pub(super) const TEXT_MAX: usize = 4_000;

/// A clinic's portfolio on a day.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Portfolio {
    /// The clinic's public name.
    pub clinic: String,
    /// Country whose rules it keeps, ISO 3166-1 alpha-2.
    pub country: String,
    /// Language of the pages.
    pub language: Language,
    /// Where the pages stand, or null.
    pub address: Option<String>,
    /// Whether search engines may list the pages.
    pub is_listed: bool,
    /// What the clinic has, and who issued it.
    pub credentials: Vec<Credential>,
    /// The day it was made.
    pub as_of: String,
    /// Where the clinic's chain of entries stood.
    pub ledger: LedgerHead,
    /// How many of all.
    pub denominator: Denominator,
    /// Ids of every case whose client agreed to be published, in order: what the sample is drawn from.
    pub consented: Vec<String>,
    /// Cases that are shown.
    pub cases: Vec<Case>,
    /// What was measured of cases that are followed and not shown.
    pub unpublished: Unpublished,
    /// Who is asked for a review, or null.
    pub reviews_policy: Option<String>,
    /// Reviews that are shown.
    pub reviews: Vec<Review>,
    /// Reviews that are not, counted by reason.
    pub removed_reviews: Vec<Removed>,
}

/// Something that a clinic or a practitioner has.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Credential {
    /// What: a license, a training.
    pub what: String,
    /// Who issued it.
    pub issued_by: String,
    /// Its number, or null.
    pub number: Option<String>,
    /// The last day on which it is valid, or null.
    pub until: Option<String>,
}

/// How many of all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Denominator {
    /// Cases with at least one session.
    pub treated: usize,
    /// Of these, with a measured outcome after healing.
    pub followed: usize,
    /// Of the treated, with a consent to publication that holds.
    pub consented: usize,
    /// Of these, shown.
    pub published: usize,
    /// Taken down because the client took the consent back.
    pub withdrawn: usize,
    /// Of the consented, shown once and taken down by the clinic.
    #[serde(default)]
    pub taken_down: usize,
    /// Of the treated, those of whom everything was erased since.
    #[serde(default)]
    pub erased: usize,
    /// Of the treated, those whose last measurement was taken out of the record or put right since, so that it counts no more, or
    /// of whose last day another measurement has another result; what is told may be an earlier or a better one.
    #[serde(default)]
    pub removed: usize,
    /// Of the treated, those whose clients do not want to be counted: they count as treated, and as nothing else.
    #[serde(default)]
    pub uncounted: usize,
}

/// A case that is shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its name: 8 to 32 letters and digits drawn by lot. Its picture is `pictures/ID.jpg`.
    pub id: String,
    /// The picture.
    pub picture: Picture,
    /// The scar's shape.
    pub scar: ScarKind,
    /// Skin tone.
    pub skin: ItaClass,
    /// Color of the hair, as it was told.
    pub hair: HairClass,
    /// Sessions until the photograph after.
    pub sessions: u32,
    /// Days from the last session to the photograph after.
    pub days_since_last_session: u32,
    /// How healed it is by those days.
    pub healing: Healing,
    /// What was measured.
    #[serde(flatten)]
    pub measures: Measures,
    /// Share of the scar that is surely found in both photographs, 0 to 1, so that the numbers are of that part; null for pictures
    /// of before.
    #[serde(default)]
    pub scar_shown: Option<f64>,
    /// What bears upon all numbers; empty in what was made before that was told.
    #[serde(default)]
    pub doubts: Vec<Doubt>,
    /// Whether light and pose are alike.
    pub likeness: Likeness,
    /// What was measured last, where that is later than what the picture shows, or null.
    #[serde(default)]
    pub later: Option<Later>,
}

/// A measurement that is later than the picture.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Later {
    /// Days from the last session to its photograph.
    pub days_since_last_session: u32,
    /// What was measured.
    #[serde(flatten)]
    pub measures: Measures,
}

/// The signed JPEG of a pair.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Areas painted over in both pictures.
    pub painted_over: u32,
    /// Whether each photograph's own gray was made gray.
    pub is_whitened: bool,
    /// Whether a person drew the outline of the scar: the numbers are of what lies within it.
    #[serde(default)]
    pub outline_drawn: bool,
}

/// What was measured of a case.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Measures {
    /// How far away the scar can be told from its surroundings, m; null where that is farther than was looked from.
    pub visible_distance_m: Pair<Option<Measured>>,
    /// CIEDE2000 between the scar and the ring around it.
    pub color_difference: Pair<Measured>,
    /// Share of the planned dots that are there, or null.
    pub retained_fraction: Option<Measured>,
}

/// Whether light and pose of two photographs are alike.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Likeness {
    /// What it comes to.
    pub verdict: Comparable,
    /// CIEDE2000 between the bare skin around the scar, before and after.
    pub light_delta_e00: f64,
    /// How far the camera is aslant as against the other photograph, degrees.
    pub tilt_deg: f64,
    /// Median length of the hairs, mm, or null.
    pub hair_length_mm: Pair<Option<f64>>,
}

/// Numbers of followed cases that are not shown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Unpublished {
    /// Numbers without names, rounded and sorted, whole groups of five.
    pub told: Vec<Measures>,
    /// Further cases, fewer than five, of which only the count is told.
    pub counted: usize,
}

impl Body for Portfolio {
    const FORMAT: &'static str = "stipple/portfolio/1";
    const WHAT: &'static str = "portfolio";
}

/// The text of a portfolio.
pub fn portfolio_to_json(portfolio: &model::Portfolio) -> String {
    let body = Portfolio::from(portfolio);
    written(Head::new(Portfolio::FORMAT, &[], &Provenance::of_this_program()), body)
}

/// A stranger's portfolio, understood in full or refused.
///
/// # Errors
/// If it is none, too large, or says what cannot be.
pub fn portfolio_from_json(text: impl AsRef<[u8]>) -> Result<model::Portfolio, Error> {
    let text = text.as_ref();
    if text.len() > PORTFOLIO_BYTES_MAX {
        let found_mb = text.len().div_ceil(1024 * 1024) as u64;
        return Err(Error::TooLarge { role: Portfolio::WHAT, found_mb, allowed_mb: 10 });
    }
    opened::<Portfolio>(text)?.1.into_model()
}

impl Portfolio {
    fn into_model(self) -> Result<model::Portfolio, Error> {
        let credentials = at_most("credentials", self.credentials, CREDENTIALS_MAX)?;
        let reviews = at_most("reviews", self.reviews, REVIEWS_MAX)?;
        let removed = at_most("removed_reviews", self.removed_reviews, model::Removal::ALL.len())?;
        let consented = at_most("consented", self.consented, FOLLOWED_MAX)?;
        let portfolio = model::Portfolio {
            clinic: line("clinic", self.clinic)?,
            country: country(self.country)?,
            language: self.language.into(),
            address: self.address.map(address).transpose()?,
            is_listed: self.is_listed,
            credentials: each("credentials", credentials, Credential::into_model)?,
            as_of: day_of("as_of", &self.as_of)?,
            ledger: self.ledger.into_model()?,
            denominator: self.denominator.into_model()?,
            consented: each("consented", consented, |id| case_id(&id))?.into_iter().collect(),
            cases: each("cases", at_most("cases", self.cases, CASES_MAX)?, Case::into_model)?,
            unpublished: self.unpublished.into_model()?,
            reviews_policy: self.reviews_policy.map(|words| text("reviews_policy", words)).transpose()?,
            reviews: each("reviews", reviews, Review::into_model)?,
            removed_reviews: each("removed_reviews", removed, Removed::into_model)?,
        };
        portfolio.unfit().map_or(Ok(portfolio), |unfit| Err(unfit.into()))
    }
}

impl Credential {
    fn into_model(self) -> Result<model::Credential, Error> {
        Ok(model::Credential {
            what: line("what", self.what)?,
            issued_by: line("issued_by", self.issued_by)?,
            number: self.number.map(|number| line("number", number)).transpose()?,
            until: self.until.map(|day| day_of("until", &day)).transpose()?,
        })
    }
}

impl Denominator {
    fn into_model(self) -> Result<model::Denominator, Error> {
        let Self {
            treated,
            followed,
            consented,
            published,
            withdrawn,
            taken_down,
            erased,
            removed,
            uncounted,
        } = self;
        for count in
            [treated, followed, consented, published, withdrawn, taken_down, erased, removed, uncounted]
        {
            within("denominator", count as f64, 0.0..=TREATED_MAX as f64, "cases")?;
        }
        Ok(model::Denominator {
            treated,
            followed,
            consented,
            published,
            withdrawn,
            taken_down,
            erased,
            removed,
            uncounted,
        })
    }
}

impl Case {
    fn into_model(self) -> Result<model::PublishedCase, Error> {
        within("sessions", f64::from(self.sessions), 1.0..=100.0, "sessions")?;
        within("days_since_last_session", f64::from(self.days_since_last_session), 0.0..=36_500.0, "days")?;
        Ok(model::PublishedCase {
            id: case_id(&self.id)?,
            picture: self.picture.into_model()?,
            scar: self.scar.into(),
            skin: self.skin.into(),
            hair: self.hair.into(),
            sessions: self.sessions,
            days_since_last_session: self.days_since_last_session,
            measures: self.measures.into_model()?,
            scar_shown: optional("scar_shown", self.scar_shown, 0.0..=1.0, "")?,
            doubts: at_most("doubts", self.doubts, model::Doubt::ALL.len())?
                .into_iter()
                .map(Into::into)
                .collect(),
            likeness: self.likeness.into_model()?,
            later: self.later.map(Later::into_model).transpose()?,
        })
    }
}

impl Later {
    fn into_model(self) -> Result<model::Later, Error> {
        within("days_since_last_session", f64::from(self.days_since_last_session), 28.0..=36_500.0, "days")?;
        Ok(model::Later {
            days_since_last_session: self.days_since_last_session,
            measures: self.measures.into_model()?,
        })
    }
}

impl Picture {
    fn into_model(self) -> Result<model::PublishedPicture, Error> {
        for (field, side) in [("width_px", self.width_px), ("height_px", self.height_px)] {
            within(field, f64::from(side), 1.0..=65_535.0, "px")?;
        }
        within("painted_over", f64::from(self.painted_over), 0.0..=1000.0, "areas")?;
        Ok(model::PublishedPicture {
            width_px: self.width_px,
            height_px: self.height_px,
            sha256: hash("sha256", self.sha256)?,
            painted_over: self.painted_over,
            is_whitened: self.is_whitened,
            outline_drawn: self.outline_drawn,
        })
    }
}

impl Measures {
    fn into_model(self) -> Result<model::Measures, Error> {
        let seen = |m| maybe("visible_distance_m", m, 0.0..=1000.0, "m");
        let color = |m: Measured| m.into_estimate("color_difference", 0.0..=200.0, "");
        let (distance, difference) = (self.visible_distance_m, self.color_difference);
        Ok(model::Measures {
            visible_distance_m: model::BeforeAfter {
                before: seen(distance.before)?,
                after: seen(distance.after)?,
            },
            color_difference: model::BeforeAfter {
                before: color(difference.before)?,
                after: color(difference.after)?,
            },
            retained_fraction: maybe("retained_fraction", self.retained_fraction, 0.0..=1.0, "")?,
        })
    }
}

impl Likeness {
    fn into_model(self) -> Result<model::Likeness, Error> {
        let hair = |mm| optional("hair_length_mm", mm, 0.0..=1000.0, "mm");
        let lengths = self.hair_length_mm;
        Ok(model::Likeness {
            verdict: self.verdict.into(),
            light_delta_e00: within("light_delta_e00", self.light_delta_e00, 0.0..=200.0, "")?,
            tilt_deg: within("tilt_deg", self.tilt_deg, 0.0..=90.0, "degrees")?,
            hair_length_mm: model::BeforeAfter { before: hair(lengths.before)?, after: hair(lengths.after)? },
        })
    }
}

impl Unpublished {
    fn into_model(self) -> Result<model::Unpublished, Error> {
        let told = at_most("unpublished.told", self.told, FOLLOWED_MAX)?;
        let told = each("unpublished.told", told, Measures::into_model)?;
        Ok(model::Unpublished::from_parts(told, self.counted)?)
    }
}

impl From<&model::Portfolio> for Portfolio {
    fn from(of: &model::Portfolio) -> Self {
        Self {
            clinic: of.clinic.clone(),
            country: of.country.clone(),
            language: of.language.into(),
            address: of.address.clone(),
            is_listed: of.is_listed,
            credentials: of.credentials.iter().map(Credential::from).collect(),
            as_of: of.as_of.to_string(),
            ledger: LedgerHead { place: of.ledger.place, hash: of.ledger.hash.clone() },
            denominator: of.denominator.into(),
            consented: of.consented.iter().map(ToString::to_string).collect(),
            cases: of.cases.iter().map(Case::from).collect(),
            unpublished: Unpublished {
                told: of.unpublished.told().iter().map(Measures::from).collect(),
                counted: of.unpublished.counted(),
            },
            reviews_policy: of.reviews_policy.clone(),
            reviews: of.reviews.iter().map(Review::from).collect(),
            removed_reviews: of.removed_reviews.iter().map(Removed::from).collect(),
        }
    }
}

impl From<&model::Credential> for Credential {
    fn from(of: &model::Credential) -> Self {
        let until = of.until.map(|day| day.to_string());
        Self { what: of.what.clone(), issued_by: of.issued_by.clone(), number: of.number.clone(), until }
    }
}

impl From<model::Denominator> for Denominator {
    fn from(of: model::Denominator) -> Self {
        let model::Denominator {
            treated,
            followed,
            consented,
            published,
            withdrawn,
            taken_down,
            erased,
            removed,
            uncounted,
        } = of;
        Self { treated, followed, consented, published, withdrawn, taken_down, erased, removed, uncounted }
    }
}

impl From<&model::PublishedCase> for Case {
    fn from(of: &model::PublishedCase) -> Self {
        let model::PublishedPicture { width_px, height_px, painted_over, is_whitened, outline_drawn, .. } =
            of.picture;
        let sha256 = of.picture.sha256.clone();
        Self {
            id: of.id.to_string(),
            picture: Picture { width_px, height_px, sha256, painted_over, is_whitened, outline_drawn },
            scar: of.scar.into(),
            skin: of.skin.into(),
            hair: of.hair.into(),
            sessions: of.sessions,
            days_since_last_session: of.days_since_last_session,
            healing: of.healing().into(),
            measures: (&of.measures).into(),
            scar_shown: of.scar_shown.map(significant),
            doubts: of.doubts.iter().map(|doubt| (*doubt).into()).collect(),
            likeness: (&of.likeness).into(),
            later: of.later.as_ref().map(|later| Later {
                days_since_last_session: later.days_since_last_session,
                measures: (&later.measures).into(),
            }),
        }
    }
}

impl From<&model::Measures> for Measures {
    fn from(of: &model::Measures) -> Self {
        let (distance, color) = (of.visible_distance_m, of.color_difference);
        Self {
            visible_distance_m: Pair {
                before: distance.before.map(Measured::from),
                after: distance.after.map(Measured::from),
            },
            color_difference: Pair { before: color.before.into(), after: color.after.into() },
            retained_fraction: of.retained_fraction.map(Measured::from),
        }
    }
}

impl From<&model::Likeness> for Likeness {
    fn from(of: &model::Likeness) -> Self {
        let hair = of.hair_length_mm.of(|mm| mm.map(significant));
        Self {
            verdict: of.verdict.into(),
            light_delta_e00: significant(of.light_delta_e00),
            tilt_deg: significant(of.tilt_deg),
            hair_length_mm: Pair { before: hair.before, after: hair.after },
        }
    }
}

fn case_id(text: &str) -> Result<model::CaseId, Error> {
    let needed = "8 to 32 small letters and digits";
    model::CaseId::new(text).ok_or_else(|| Error::field("id", text, needed))
}

fn country(text: String) -> Result<String, Error> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(text) } else { Err(Error::field("country", &text, "two capital letters, such as GB")) }
}

/// Only what a browser opens as a page; what would end the address or begin another is refused.
fn address(text: String) -> Result<String, Error> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    let is_page = text.starts_with("https://") && text.ends_with('/') && text.len() <= LINE_MAX;
    if is_page && text.chars().all(is_plain) {
        return Ok(text);
    }
    Err(Error::field("address", &text, "https://…/ without a question mark, ending in /"))
}

/// A line that a person wrote.
pub(super) fn line(field: &str, words: String) -> Result<String, Error> {
    words_up_to(field, words, LINE_MAX)
}

/// A text that a person wrote.
pub(super) fn text(field: &str, words: String) -> Result<String, Error> {
    words_up_to(field, words, TEXT_MAX)
}

fn words_up_to(field: &str, words: String, bytes_max: usize) -> Result<String, Error> {
    if words.trim().is_empty() || words.len() > bytes_max {
        let needed = format!("1 to {bytes_max} bytes of text");
        return Err(Error::field(field, format!("{} bytes", words.len()), needed));
    }
    Ok(words)
}
