//! A published picture, made again from its originals.

use stipple_model::{Area, BeforeAfter, Date, Language, Recipe, Watch};
use stipple_publish::verified;
use stipple_quantity::{PointInPhoto, Seed};
use stipple_read::RootFinder;
use stipple_record::format::{self, Derivation};
use stipple_record::{Provenance, SOFTWARE, Setting};

use crate::error::Error;
use crate::outcome::{OutcomeRequest, Pages};
use crate::publish::{Unsigned, publishable, unsigned};
use crate::settings::{PhotoRequest, ScarSaid, Settings};
use crate::single::photo;
use crate::verify::Verified;

/// Makes a published picture again by the recipe that it carries, and holds the one against the other, pixel by pixel and
/// number by number; `find` gives the file of a SHA-256. Whether its credentials hold is [`verify_picture`](crate::verify_picture)'s
/// to tell.
///
/// # Errors
/// A picture that carries no recipe, a file that is not found, or originals that cannot be used.
pub fn replay_picture(
    picture: &[u8],
    find: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    watch: &dyn Watch,
) -> Result<Verified, Error> {
    let signed_json = verified(picture, &[])?.derivation_json.ok_or(Error::NoRecipe)?;
    let (derivation, made) = format::derivation_from_json(&signed_json)?;
    let request = request(&derivation, &made, find)?;
    let date = |_| field("made_on", &derivation.made_on, "a day such as 2026-11-30");
    let today: Date = derivation.made_on.parse().map_err(date)?;
    let settings = Settings::new(None, None, None, today, Seed(made.seed.unwrap_or_default()))?;
    let found = publishable(&request, watch)?;
    let Unsigned { jpeg, derivation_json, .. } =
        unsigned(&request, &recipe(&derivation, &made)?, &found, &settings)?;
    let numbers = format::fields_that_differ(&signed_json, &derivation_json);
    let pixels = pixels_that_differ([picture, &jpeg], watch)?;
    Ok(said(&pixels, &numbers, &made.software))
}

/// What was asked when the picture was made.
fn request(
    derivation: &Derivation,
    made: &Provenance,
    find: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Result<OutcomeRequest, Error> {
    let mut file = |role: &'static str| {
        let input = made.inputs.iter().find(|input| input.name == role);
        let missing = |sha256: &str| Error::NoOriginal { role, sha256: sha256.to_owned() };
        input.map(|input| find(&input.sha256).ok_or_else(|| missing(&input.sha256))).transpose()
    };
    let mut required = |role| file(role)?.ok_or(Error::NoRecipe);
    let (before, after) = (required("photo")?, required("after")?);
    let scar = match file("scar_mask")? {
        Some(mask) if derivation.outline_drawn == Some(false) => ScarSaid::Found(mask),
        Some(mask) => ScarSaid::Mask(mask),
        None if made.options.contains_key("no_scar") => ScarSaid::NoScar,
        None => ScarSaid::Nothing,
    };
    let number = |word: &str| match made.options.get(word) {
        Some(Setting::Number(number)) => Some(*number),
        _ => None,
    };
    let pixel_pitch_um = number("pixel_pitch_um");
    let roots = if made.options.contains_key("roots") { RootFinder::Classical } else { RootFinder::Learned };
    let before = PhotoRequest {
        bytes: before,
        scar,
        scribbles: file("scribbles")?,
        pixel_pitch_um,
        neutral: neutral(made)?,
        roots,
    };
    let after = PhotoRequest {
        bytes: after,
        scar: ScarSaid::Nothing,
        scribbles: None,
        pixel_pitch_um: number("after_pixel_pitch_um").or(pixel_pitch_um),
        neutral: None,
        roots,
    };
    Ok(OutcomeRequest {
        before,
        after,
        plan: None,
        sessions_done: None,
        healed: false,
        map: None,
        days_since_last_session: derivation.days_since_last_session,
        pages: Pages::default(),
    })
}

/// The place that was said to be gray, `x,y`.
fn neutral(made: &Provenance) -> Result<Option<PointInPhoto>, Error> {
    let Some(Setting::Text(text)) = made.options.get("neutral_px") else { return Ok(None) };
    let place = text.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    let (x_px, y_px) = place.ok_or_else(|| field("neutral_px", text, "a place such as 10.5,20"))?;
    Ok(Some(PointInPhoto { x_px, y_px }))
}

fn recipe(derivation: &Derivation, made: &Provenance) -> Result<Recipe, Error> {
    let hash = |role| made.inputs.iter().find(|input| input.name == role).map(|input| input.sha256.clone());
    let originals = BeforeAfter {
        before: hash("photo").ok_or(Error::NoRecipe)?,
        after: hash("after").ok_or(Error::NoRecipe)?,
    };
    let area =
        |[left_px, top_px, width_px, height_px]: [usize; 4]| Area { left_px, top_px, width_px, height_px };
    Ok(Recipe {
        originals,
        crop: area(derivation.crop_px),
        hidden: derivation.hidden_px.iter().copied().map(area).collect(),
        language: Language::from(derivation.language),
    })
}

/// How two JPEGs differ.
enum Pixels {
    Same,
    OtherSize,
    Differ { differing: usize, of: usize },
}

fn pixels_that_differ(pictures: [&[u8]; 2], watch: &dyn Watch) -> Result<Pixels, Error> {
    let [one, other] = pictures.map(|bytes| photo(bytes, watch));
    let (one, other) = (one?.value, other?.value);
    if (one.width_px, one.height_px) != (other.width_px, other.height_px) {
        return Ok(Pixels::OtherSize);
    }
    let pairs = one.codes.chunks_exact(3).zip(other.codes.chunks_exact(3));
    let differing = pairs.filter(|(one, other)| one != other).count();
    Ok(if differing == 0 { Pixels::Same } else { Pixels::Differ { differing, of: one.codes.len() / 3 } })
}

fn said(pixels: &Pixels, numbers: &[String], software: &str) -> Verified {
    let mut said = Vec::new();
    match pixels {
        Pixels::Same => {}
        Pixels::OtherSize => said.push("made again from its originals it has another size".to_owned()),
        Pixels::Differ { differing, of } => {
            said.push(format!("made again from its originals {differing} of its {of} pixels are others"));
        }
    }
    if !numbers.is_empty() {
        said.push(format!(
            "measured again on its originals these are other than was signed: {}",
            numbers.join(", ")
        ));
    }
    let holds = said.is_empty();
    if holds {
        said.push(
            "made again from its originals every pixel is the same, and every number that was signed"
                .to_owned(),
        );
    } else if software != SOFTWARE {
        said.push(format!(
            "another version made it, and this is {SOFTWARE}: versions may measure otherwise; look again with that one"
        ));
    }
    Verified { holds, said }
}

fn field(name: &str, found: &str, needed: &str) -> Error {
    let found = found.chars().filter(|c| !c.is_control()).take(40).collect();
    stipple_record::Error::Field { field: name.to_owned(), found, needed: needed.to_owned() }.into()
}
